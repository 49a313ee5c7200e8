//! The durable default: one `redb` file.
//!
//! - One table whose keys are ordered so that a log is written in order.
//! - A commit is durable when it returns; readers see snapshots and block nobody.
//! - The file is locked for one process.

use super::{Rows, Store, StoreError, View, Write};
use redb::{Database, DatabaseError, ReadOnlyTable, ReadableDatabase, StorageError, TableDefinition};
use std::path::{Path, PathBuf};

const TABLE: TableDefinition<'_, &[u8], &[u8]> = TableDefinition::new("intent-ledger");

/// A crash-safe store in one file.
#[derive(Debug)]
pub struct RedbStore {
    database: Database,
}

impl RedbStore {
    /// Creates a store at `path`, where no file may stand yet.
    ///
    /// # Errors
    /// [`StoreError`] that names the path.
    pub fn create(path: &Path) -> Result<Self, StoreError> {
        if path.exists() {
            let what = "a file stands there already".to_owned();
            return Err(StoreError::Unreachable { path: path.display().to_string(), what });
        }
        let database = Database::create(path).map_err(|error| opening(path, error))?;
        Self::with_database(database)
    }

    /// Opens the store at `path`.
    ///
    /// # Errors
    /// [`StoreError`] that names the path.
    pub fn open(path: &Path) -> Result<Self, StoreError> {
        let database = Database::open(path).map_err(|error| opening(path, error))?;
        Self::with_database(database)
    }

    /// A store over any database, so that a host can bring its own backend.
    ///
    /// # Errors
    /// [`StoreError`] when the table cannot be opened.
    pub fn with_database(database: Database) -> Result<Self, StoreError> {
        let transaction = database.begin_write().map_err(|error| fault(error.into()))?;
        transaction.open_table(TABLE).map_err(|error| fault(error.into()))?;
        transaction.commit().map_err(|error| fault(error.into()))?;
        Ok(Self { database })
    }
}

impl Store for RedbStore {
    type View = RedbView;

    fn commit(&mut self, writes: Vec<Write>) -> Result<(), StoreError> {
        let transaction = self.database.begin_write().map_err(|error| fault(error.into()))?;
        {
            let mut table = transaction.open_table(TABLE).map_err(|error| fault(error.into()))?;
            for write in writes {
                match write {
                    Write::Put(key, value) => table.insert(key.as_slice(), value.as_slice()),
                    Write::Delete(key) => table.remove(key.as_slice()),
                }
                .map_err(|error| fault(error.into()))?;
            }
        }
        transaction.commit().map_err(|error| fault(error.into()))
    }

    fn view(&self) -> Result<RedbView, StoreError> {
        let transaction = self.database.begin_read().map_err(|error| fault(error.into()))?;
        let table = transaction.open_table(TABLE).map_err(|error| fault(error.into()))?;
        Ok(RedbView { table })
    }
}

/// A snapshot of a [`RedbStore`].
#[derive(Debug)]
pub struct RedbView {
    table: ReadOnlyTable<&'static [u8], &'static [u8]>,
}

impl View for RedbView {
    fn get(&self, key: &[u8]) -> Result<Option<Vec<u8>>, StoreError> {
        let value = self.table.get(key).map_err(|error| fault(error.into()))?;
        Ok(value.map(|value| value.value().to_vec()))
    }

    fn rows_from(&self, prefix: &[u8], from: &[u8]) -> Result<Rows<'_>, StoreError> {
        let start = prefix.max(from);
        let prefix = prefix.to_vec();
        let rows = self.table.range(start..).map_err(|error| fault(error.into()))?;
        let rows = rows.map(|row| {
            let (key, value) = row.map_err(|error| fault(error.into()))?;
            Ok((key.value().to_vec(), value.value().to_vec()))
        });
        let inside = move |row: &Result<(Vec<u8>, Vec<u8>), StoreError>| {
            row.as_ref().map_or(true, |(key, _)| key.starts_with(&prefix))
        };
        Ok(Box::new(rows.take_while(inside)))
    }
}

fn opening(path: &Path, error: DatabaseError) -> StoreError {
    let path: PathBuf = path.to_owned();
    let shown = path.display().to_string();
    match error {
        DatabaseError::DatabaseAlreadyOpen => StoreError::Locked { path: shown },
        DatabaseError::Storage(StorageError::Io(error)) => match error.kind() {
            std::io::ErrorKind::StorageFull => StoreError::Full,
            std::io::ErrorKind::InvalidData => {
                StoreError::Damaged { what: format!("{shown} is not a store: {error}") }
            }
            _ => StoreError::Unreachable { path: shown, what: error.to_string() },
        },
        other => StoreError::Damaged { what: format!("{shown}: {other}") },
    }
}

fn fault(error: redb::Error) -> StoreError {
    match error {
        redb::Error::Io(error) if error.kind() == std::io::ErrorKind::StorageFull => StoreError::Full,
        redb::Error::Io(error) => StoreError::Device { what: error.to_string() },
        redb::Error::Corrupted(what) => StoreError::Damaged { what },
        other => StoreError::Device { what: other.to_string() },
    }
}
