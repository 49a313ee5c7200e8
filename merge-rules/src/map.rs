//! A persistent ordered map: a copy is a snapshot, costs one reference count, and blocks nothing.
//!
//! - A B+ tree (Bayer and McCreight 1972; Comer 1979) whose nodes are shared between copies and copied on the path
//!   to what changes (Driscoll, Sarnak, Sleator, Tarjan 1989). Broad nodes, because merging is bound by the misses
//!   of the processor's caches: each level of a binary tree is one.
//! - A node that becomes empty is freed; nodes are not joined before that, which costs little room and spares
//!   most of the work (Johnson and Shasha 1993, free-at-empty).
//! - Why it is our own: see ARCHITECTURE.md.

use std::ops::{Bound, RangeBounds};
use std::sync::Arc;

/// Most items of a node.
const MOST: usize = 32;

/// A persistent ordered map. Every operation is logarithmic in how many keys it ever had.
#[derive(Clone)]
pub(crate) struct Map<K, V> {
    root: Arc<Node<K, V>>,
}

/// All leaves are equally deep, and none but the root is empty.
#[derive(Clone)]
enum Node<K, V> {
    Leaf(Vec<(K, V)>),
    /// What lies below a child is less than the key of the next one, and not less than its own; but the first
    /// child takes whatever is less than the second's key, and its own is not read.
    Inner(Vec<(K, Arc<Self>)>),
}

impl<K, V> Map<K, V> {
    pub(crate) fn new() -> Self {
        Self { root: Arc::new(Node::Leaf(Vec::new())) }
    }
}

impl<K: Ord, V> Map<K, V> {
    pub(crate) fn get(&self, key: &K) -> Option<&V> {
        let mut node = &*self.root;
        loop {
            match node {
                Node::Leaf(pairs) => {
                    let at = pairs.binary_search_by(|(found, _)| found.cmp(key)).ok()?;
                    return pairs.get(at).map(|(_, value)| value);
                }
                Node::Inner(children) => node = &children.get(child_of(children, key))?.1,
            }
        }
    }

    pub(crate) fn contains_key(&self, key: &K) -> bool {
        self.get(key).is_some()
    }

    /// The pairs whose keys lie in `range`, in their order.
    pub(crate) fn range<R: RangeBounds<K>>(&self, range: R) -> Range<'_, K, V, R> {
        let pairs = seek(&self.root, range.start_bound());
        Range { root: &self.root, pairs, last: None, range }
    }

    /// The pair with the greatest key in `range`.
    pub(crate) fn last_in(&self, range: impl RangeBounds<K>) -> Option<(&K, &V)> {
        let within = |key: &K| match range.end_bound() {
            Bound::Included(end) => key <= end,
            Bound::Excluded(end) => key < end,
            Bound::Unbounded => true,
        };
        // The subtree right before the node, where the last one is if the node begins beyond the range.
        let (mut node, mut before) = (&*self.root, None);
        loop {
            match node {
                Node::Leaf(pairs) => match pairs[..pairs.partition_point(|(key, _)| within(key))].last() {
                    Some((key, value)) => return range.contains(key).then_some((key, value)),
                    None => node = before.take()?,
                },
                Node::Inner(children) => {
                    let at = children.iter().skip(1).take_while(|(least, _)| within(least)).count();
                    before = at.checked_sub(1).and_then(|at| Some(&*children.get(at)?.1)).or(before);
                    node = &children.get(at)?.1;
                }
            }
        }
    }

    pub(crate) fn iter(&self) -> impl Iterator<Item = (&K, &V)> {
        self.range(..)
    }

    pub(crate) fn keys(&self) -> impl Iterator<Item = &K> {
        self.iter().map(|(key, _)| key)
    }
}

impl<K: Ord + Clone, V: Clone> Map<K, V> {
    pub(crate) fn insert(&mut self, key: K, value: V) {
        if let Some(right) = insert(&mut self.root, key, value) {
            let left = (right.0.clone(), Arc::clone(&self.root));
            self.root = Arc::new(Node::Inner(vec![left, right]));
        }
    }

    /// Removes a key, if it is there. What is not there copies no node.
    pub(crate) fn remove(&mut self, key: &K) {
        if !self.contains_key(key) {
            return;
        }
        remove(&mut self.root, key);
        while let Node::Inner(children) = &*self.root
            && children.len() <= 1
        {
            let only = children.first().map(|(_, child)| Arc::clone(child));
            self.root = only.unwrap_or_else(|| Arc::new(Node::Leaf(Vec::new())));
        }
    }
}

/// What it holds, however its tree is shaped.
impl<K: Ord + std::fmt::Debug, V: std::fmt::Debug> std::fmt::Debug for Map<K, V> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_map().entries(self.iter()).finish()
    }
}

impl<K, V> Node<K, V> {
    fn is_empty(&self) -> bool {
        match self {
            Self::Leaf(pairs) => pairs.is_empty(),
            Self::Inner(children) => children.is_empty(),
        }
    }
}

/// The place of the child below which a key is, if it is anywhere.
fn child_of<K: Ord, C>(children: &[(K, C)], key: &K) -> usize {
    children.get(1..).map_or(0, |others| others.partition_point(|(least, _)| least <= key))
}

/// Inserts below a node, and returns what was split off behind it.
fn insert<K: Ord + Clone, V: Clone>(
    node: &mut Arc<Node<K, V>>,
    key: K,
    value: V,
) -> Option<(K, Arc<Node<K, V>>)> {
    match Arc::make_mut(node) {
        Node::Leaf(pairs) => {
            match pairs.binary_search_by(|(found, _)| found.cmp(&key)) {
                Ok(at) => pairs[at].1 = value,
                Err(at) => pairs.insert(at, (key, value)),
            }
            split(pairs).map(|(least, pairs)| (least, Arc::new(Node::Leaf(pairs))))
        }
        Node::Inner(children) => {
            let at = child_of(children, &key);
            let right = insert(&mut children[at].1, key, value)?;
            children.insert(at + 1, right);
            split(children).map(|(least, children)| (least, Arc::new(Node::Inner(children))))
        }
    }
}

/// The upper half of what is too much for one node, and its least key.
fn split<K: Clone, T>(items: &mut Vec<(K, T)>) -> Option<(K, Vec<(K, T)>)> {
    if items.len() <= MOST {
        return None;
    }
    let upper = items.split_off(items.len() / 2);
    // Whoever appends comes back to the lower half no more.
    items.shrink_to_fit();
    let least = upper.first()?.0.clone();
    Some((least, upper))
}

fn remove<K: Ord + Clone, V: Clone>(node: &mut Arc<Node<K, V>>, key: &K) {
    match Arc::make_mut(node) {
        Node::Leaf(pairs) => {
            if let Ok(at) = pairs.binary_search_by(|(found, _)| found.cmp(key)) {
                pairs.remove(at);
            }
        }
        Node::Inner(children) => {
            let at = child_of(children, key);
            if let Some((_, child)) = children.get_mut(at) {
                remove(child, key);
                if child.is_empty() {
                    children.remove(at);
                }
            }
        }
    }
}

/// The pairs from `from` on in their leaf; those of the next leaf when there are none in it.
fn seek<'a, K: Ord, V>(root: &'a Node<K, V>, from: Bound<&K>) -> &'a [(K, V)] {
    // The subtree right behind the node: all its keys lie behind `from`.
    let (mut node, mut behind) = (root, None);
    loop {
        match node {
            Node::Leaf(pairs) => {
                let pairs = &pairs[pairs.partition_point(|(key, _)| comes_before(key, from))..];
                match behind.take() {
                    Some(next) if pairs.is_empty() => node = next,
                    _ => return pairs,
                }
            }
            Node::Inner(children) => {
                let at = match from {
                    Bound::Included(key) | Bound::Excluded(key) => child_of(children, key),
                    Bound::Unbounded => 0,
                };
                behind = children.get(at + 1).map(|(_, child)| &**child).or(behind);
                match children.get(at) {
                    Some((_, child)) => node = child,
                    None => return &[],
                }
            }
        }
    }
}

fn comes_before<K: Ord>(key: &K, from: Bound<&K>) -> bool {
    match from {
        Bound::Included(from) => key < from,
        Bound::Excluded(from) => key <= from,
        Bound::Unbounded => false,
    }
}

/// The pairs of a range. Whoever goes from leaf to leaf seeks anew: what is kept is as small as can be, and most
/// ranges end in their first leaf.
pub(crate) struct Range<'a, K, V, R> {
    root: &'a Node<K, V>,
    /// What is left of the leaf.
    pairs: &'a [(K, V)],
    last: Option<&'a K>,
    range: R,
}

impl<'a, K: Ord, V, R: RangeBounds<K>> Iterator for Range<'a, K, V, R> {
    type Item = (&'a K, &'a V);

    fn next(&mut self) -> Option<Self::Item> {
        if self.pairs.is_empty() {
            self.pairs = seek(self.root, Bound::Excluded(self.last.take()?));
        }
        let ((key, value), rest) = self.pairs.split_first()?;
        let within = match self.range.end_bound() {
            Bound::Included(end) => key <= end,
            Bound::Excluded(end) => key < end,
            Bound::Unbounded => true,
        };
        self.pairs = if within { rest } else { &[] };
        self.last = within.then_some(key);
        within.then_some((key, value))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use rand_chacha::ChaCha8Rng;
    use rand_chacha::rand_core::{Rng, SeedableRng};
    use std::collections::BTreeMap;

    /// What a map must be like at any time.
    fn check(map: &Map<u64, u64>, twin: &BTreeMap<u64, u64>, rng: &mut ChaCha8Rng, keys: u64) {
        assert!(map.iter().eq(twin.iter()));
        assert!(map.keys().eq(twin.keys()));
        let mut least = None;
        shape(&map.root, &mut least, true);
        for _ in 0..20 {
            let [one, other] = [0; 2].map(|_| rng.next_u64() % (keys + 2));
            let (from, to) = (one.min(other), one.max(other));
            assert_eq!(map.get(&one), twin.get(&one));
            assert_eq!(map.contains_key(&other), twin.contains_key(&other));
            for bounds in [
                (Bound::Included(from), Bound::Excluded(to)),
                (Bound::Included(from), Bound::Included(to)),
                (Bound::Excluded(from), Bound::Included(to)),
                (Bound::Included(from), Bound::Unbounded),
                (Bound::Unbounded, Bound::Excluded(to)),
            ] {
                assert!(map.range(bounds).eq(twin.range(bounds)), "{bounds:?}");
                assert_eq!(map.last_in(bounds), twin.range(bounds).next_back(), "{bounds:?}");
            }
        }
    }

    /// Tells the depth, and that no node is too full or empty.
    fn shape<'a>(node: &'a Node<u64, u64>, last: &mut Option<&'a u64>, root: bool) -> usize {
        match node {
            Node::Leaf(pairs) => {
                assert!(pairs.len() <= MOST && (root || !pairs.is_empty()));
                for (key, _) in pairs {
                    assert!(*last < Some(key));
                    *last = Some(key);
                }
                0
            }
            Node::Inner(children) => {
                assert!(children.len() <= MOST && children.len() > usize::from(root));
                let mut depths = children.iter().enumerate().map(|(at, (least, child))| {
                    assert!(
                        at == 0 || (*last < Some(least) && keys_of(child).iter().all(|key| *key >= least))
                    );
                    shape(child, last, false)
                });
                let depth = depths.next().expect("a child");
                assert!(depths.all(|other| other == depth));
                depth + 1
            }
        }
    }

    fn keys_of(node: &Node<u64, u64>) -> Vec<&u64> {
        match node {
            Node::Leaf(pairs) => pairs.iter().map(|(key, _)| key).collect(),
            Node::Inner(children) => children.iter().flat_map(|(_, child)| keys_of(child)).collect(),
        }
    }

    /// What the standard library answers by a panic is empty here.
    #[test]
    fn a_range_that_ends_before_it_starts_is_empty() {
        let mut map = Map::new();
        (0..100_u64).for_each(|key| map.insert(key, key));
        for (from, to) in [(50, 50), (50, 49), (99, 0), (200, 100)] {
            for bounds in [
                (Bound::Included(from), Bound::Excluded(to)),
                (Bound::Excluded(from), Bound::Excluded(to)),
                (Bound::Excluded(from), Bound::Included(to)),
            ] {
                assert_eq!((map.range(bounds).count(), map.last_in(bounds)), (0, None), "{bounds:?}");
            }
        }
        let open = (Bound::Excluded(3), Bound::Excluded(6));
        assert!(map.range(open).map(|(key, _)| *key).eq([4, 5]));
        assert_eq!(map.last_in(open), Some((&5, &5)));
    }

    /// Ascending keys fill three levels above the leaves, and what goes from below takes the levels along.
    #[test]
    fn deep_trees_are_read_like_shallow_ones() {
        let (mut map, mut twin) = (Map::new(), BTreeMap::new());
        let mut rng = ChaCha8Rng::seed_from_u64(1);
        for key in 0..20_000_u64 {
            map.insert(key, key);
            twin.insert(key, key);
        }
        assert_eq!(shape(&map.root, &mut None, true), 3);
        check(&map, &twin, &mut rng, 20_000);
        for key in (0..19_990).chain(19_995..20_000) {
            map.remove(&key);
            twin.remove(&key);
        }
        check(&map, &twin, &mut rng, 20_000);
        assert_eq!(shape(&map.root, &mut None, true), 0);
    }

    #[test]
    fn it_is_what_the_standard_librarys_map_is_and_copies_stay_as_they_were() {
        for (seed, keys) in (0..40_u64).zip([3, 40, 400, 6_000].into_iter().cycle()) {
            let mut rng = ChaCha8Rng::seed_from_u64(seed);
            let (mut map, mut twin) = (Map::new(), BTreeMap::new());
            let mut copies = Vec::new();
            for step in 0..4_000_u64 {
                // It grows at first, and then is taken away from its ends and its middle.
                let grows = rng.next_u64() % 100 < if step < 2_500 { 80 } else { 15 };
                let key = match (seed / 4 % 3, step % 2) {
                    (1, _) if grows => step,
                    (2, _) if grows => keys - step.min(keys),
                    (_, 0) if !grows => twin.keys().next().copied().unwrap_or(0),
                    _ => rng.next_u64() % keys,
                };
                if grows {
                    map.insert(key, step);
                    twin.insert(key, step);
                } else {
                    map.remove(&key);
                    twin.remove(&key);
                }
                if step % 250 == 0 {
                    check(&map, &twin, &mut rng, keys);
                    copies.push((map.clone(), twin.clone()));
                }
            }
            for key in twin.keys() {
                map.remove(key);
            }
            check(&map, &BTreeMap::new(), &mut rng, keys);
            for (map, twin) in &copies {
                check(map, twin, &mut rng, keys);
            }
        }
    }
}
