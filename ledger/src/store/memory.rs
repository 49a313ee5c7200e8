//! The store in memory, for simulations, tests and nodes that keep nothing.

use super::{Rows, Store, StoreError, View, Write};
use rpds::RedBlackTreeMapSync;
use std::ops::Bound;
use std::sync::Arc;

type Map = RedBlackTreeMapSync<Vec<u8>, Arc<[u8]>>;

/// A store that lives as long as its process. A view costs one reference count.
#[derive(Debug, Clone, Default)]
pub struct MemoryStore {
    map: Map,
}

impl MemoryStore {
    /// An empty store.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }
}

impl Store for MemoryStore {
    type View = MemoryView;

    fn commit(&mut self, writes: Vec<Write>) -> Result<(), StoreError> {
        for write in writes {
            match write {
                Write::Put(key, value) => self.map.insert_mut(key, value.into()),
                Write::Delete(key) => {
                    self.map.remove_mut(&key);
                }
            }
        }
        Ok(())
    }

    fn view(&self) -> Result<MemoryView, StoreError> {
        Ok(MemoryView { map: self.map.clone() })
    }
}

/// A snapshot of a [`MemoryStore`].
#[derive(Debug, Clone)]
pub struct MemoryView {
    map: Map,
}

impl View for MemoryView {
    fn get(&self, key: &[u8]) -> Result<Option<Vec<u8>>, StoreError> {
        Ok(self.map.get(key).map(|value| value.to_vec()))
    }

    fn rows_from(&self, prefix: &[u8], from: &[u8]) -> Result<Rows<'_>, StoreError> {
        let start = prefix.max(from);
        let prefix = prefix.to_vec();
        let range = (Bound::Included(start.to_vec()), Bound::Unbounded);
        let rows = self.map.range(range).take_while(move |(key, _)| key.starts_with(&prefix));
        Ok(Box::new(rows.map(|(key, value)| Ok((key.clone(), value.to_vec())))))
    }
}
