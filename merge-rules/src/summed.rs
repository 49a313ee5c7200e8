//! A persistent ordered map that knows a sum over every part of itself.
//!
//! - As [`crate::map`] a B+ tree that is shared between copies; here each node knows the summary of what lies
//!   below it. So a question about a whole range looks at two paths.
//! - A summary is a function of the pairs in their order, and joining is associative.

use std::ops::ControlFlow;
use std::sync::Arc;

/// Most items of a node.
const MOST: usize = 16;

/// What a node knows of the pairs below it.
pub(crate) trait Summary<K, V>: Clone {
    /// That of one pair.
    fn of(key: &K, value: &V) -> Self;
    /// That of two neighbouring ranges, the lesser keys first.
    fn join(&self, behind: &Self) -> Self;
}

/// A persistent ordered map with summaries. Changing it is logarithmic in how many keys it ever had.
#[derive(Clone)]
pub(crate) struct Summed<K, V, S> {
    root: Arc<Node<K, V, S>>,
}

/// A child: its least key, which is not read of the first one, what lies below it in sum, and itself.
type Child<K, V, S> = (K, S, Arc<Node<K, V, S>>);

/// All leaves are equally deep, and none but the root is empty.
#[derive(Clone)]
enum Node<K, V, S> {
    Leaf(Vec<(K, V)>),
    Inner(Vec<Child<K, V, S>>),
}

/// What it holds, however its tree is shaped.
impl<K, V, S> std::fmt::Debug for Summed<K, V, S>
where
    K: Ord + Clone + std::fmt::Debug,
    V: Clone + std::fmt::Debug,
    S: Summary<K, V>,
{
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let mut pairs = f.debug_map();
        each(&self.root, &mut |key, value| {
            pairs.entry(key, value);
        });
        pairs.finish()
    }
}

fn each<K, V, S>(node: &Node<K, V, S>, hand: &mut impl FnMut(&K, &V)) {
    match node {
        Node::Leaf(pairs) => pairs.iter().for_each(|(key, value)| hand(key, value)),
        Node::Inner(children) => children.iter().for_each(|(.., child)| each(child, hand)),
    }
}

impl<K: Ord + Clone, V: Clone, S: Summary<K, V>> Summed<K, V, S> {
    pub(crate) fn new() -> Self {
        Self { root: Arc::new(Node::Leaf(Vec::new())) }
    }

    pub(crate) fn get(&self, key: &K) -> Option<&V> {
        let mut node = &*self.root;
        loop {
            match node {
                Node::Leaf(pairs) => {
                    let at = pairs.binary_search_by(|(found, _)| found.cmp(key)).ok()?;
                    return pairs.get(at).map(|(_, value)| value);
                }
                Node::Inner(children) => node = &children.get(child_of(children, key))?.2,
            }
        }
    }

    pub(crate) fn insert(&mut self, key: K, value: V) {
        let Some(right) = insert(&mut self.root, key, value) else { return };
        let (Some(least), Some(sum)) = (least_of(&self.root), sum_of(&self.root)) else { return };
        let left = (least, sum, Arc::clone(&self.root));
        self.root = Arc::new(Node::Inner(vec![left, right]));
    }

    /// Removes a key, if it is there. What is not there copies no node.
    pub(crate) fn remove(&mut self, key: &K) {
        if self.get(key).is_none() {
            return;
        }
        remove(&mut self.root, key);
        while let Node::Inner(children) = &*self.root
            && children.len() <= 1
        {
            let only = children.first().map(|(.., child)| Arc::clone(child));
            self.root = only.unwrap_or_else(|| Arc::new(Node::Leaf(Vec::new())));
        }
    }

    /// Hands over the summaries that make up the keys from `from` on and below `to`, in their order. Logarithmic.
    pub(crate) fn sums(&self, from: &K, to: &K, hand: &mut impl FnMut(&S)) {
        sums(&self.root, Some(from), Some(to), hand);
    }

    /// Hands over the pairs below `to`, in their order, until told to stop. What lies in a node whose summary is
    /// not `wanted` is passed over.
    pub(crate) fn search(
        &self,
        to: &K,
        wanted: &impl Fn(&S) -> bool,
        hand: &mut impl FnMut(&K, &V) -> ControlFlow<()>,
    ) -> ControlFlow<()> {
        search(&self.root, to, wanted, hand)
    }
}

/// The place of the child below which a key is, if it is anywhere.
fn child_of<K: Ord, V, S>(children: &[Child<K, V, S>], key: &K) -> usize {
    children.get(1..).map_or(0, |others| others.partition_point(|(least, ..)| least <= key))
}

fn least_of<K: Clone, V, S>(node: &Node<K, V, S>) -> Option<K> {
    match node {
        Node::Leaf(pairs) => pairs.first().map(|(key, _)| key.clone()),
        Node::Inner(children) => children.first().map(|(key, ..)| key.clone()),
    }
}

/// The summary of a node that is not empty.
fn sum_of<K, V, S: Summary<K, V>>(node: &Node<K, V, S>) -> Option<S> {
    match node {
        Node::Leaf(pairs) => {
            let mut sums = pairs.iter().map(|(key, value)| S::of(key, value));
            let first = sums.next()?;
            Some(sums.fold(first, |sum, behind| sum.join(&behind)))
        }
        Node::Inner(children) => {
            let (first, others) = children.split_first()?;
            Some(others.iter().fold(first.1.clone(), |sum, (_, behind, _)| sum.join(behind)))
        }
    }
}

/// Inserts below a node, and returns what was split off behind it.
fn insert<K: Ord + Clone, V: Clone, S: Summary<K, V>>(
    node: &mut Arc<Node<K, V, S>>,
    key: K,
    value: V,
) -> Option<Child<K, V, S>> {
    let behind = match Arc::make_mut(node) {
        Node::Leaf(pairs) => {
            match pairs.binary_search_by(|(found, _)| found.cmp(&key)) {
                Ok(at) => pairs[at].1 = value,
                Err(at) => pairs.insert(at, (key, value)),
            }
            split(pairs).map(Node::Leaf)?
        }
        Node::Inner(children) => {
            let at = child_of(children, &key);
            let right = insert(&mut children[at].2, key, value);
            if let Some(sum) = sum_of(&children[at].2) {
                children[at].1 = sum;
            }
            children.insert(at + 1, right?);
            split(children).map(Node::Inner)?
        }
    };
    Some((least_of(&behind)?, sum_of(&behind)?, Arc::new(behind)))
}

/// The upper half of what is too much for one node.
fn split<T>(items: &mut Vec<T>) -> Option<Vec<T>> {
    (items.len() > MOST).then(|| items.split_off(items.len() / 2))
}

fn remove<K: Ord + Clone, V: Clone, S: Summary<K, V>>(node: &mut Arc<Node<K, V, S>>, key: &K) {
    match Arc::make_mut(node) {
        Node::Leaf(pairs) => {
            if let Ok(at) = pairs.binary_search_by(|(found, _)| found.cmp(key)) {
                pairs.remove(at);
            }
        }
        Node::Inner(children) => {
            let at = child_of(children, key);
            if let Some((_, sum, child)) = children.get_mut(at) {
                remove(child, key);
                match sum_of(child) {
                    Some(left) => *sum = left,
                    None => {
                        children.remove(at);
                    }
                }
            }
        }
    }
}

fn sums<K: Ord, V, S: Summary<K, V>>(
    node: &Node<K, V, S>,
    from: Option<&K>,
    to: Option<&K>,
    hand: &mut impl FnMut(&S),
) {
    match node {
        Node::Leaf(pairs) => {
            let first = from.map_or(0, |from| pairs.partition_point(|(key, _)| key < from));
            let below = |(key, _): &&(K, V)| to.is_none_or(|to| key < to);
            pairs.iter().skip(first).take_while(below).for_each(|(key, value)| hand(&S::of(key, value)));
        }
        Node::Inner(children) => {
            let first = from.map_or(0, |from| child_of(children, from));
            for (at, (least, sum, child)) in children.iter().enumerate().skip(first) {
                if at > first && to.is_some_and(|to| least >= to) {
                    return;
                }
                // A bound that lies outside what the child may hold binds it no more.
                let from = from.filter(|_| at == first);
                let to = to.filter(|to| children.get(at + 1).is_none_or(|(next, ..)| next > to));
                match (from, to) {
                    (None, None) => hand(sum),
                    _ => sums(child, from, to, hand),
                }
            }
        }
    }
}

fn search<K: Ord, V, S: Summary<K, V>>(
    node: &Node<K, V, S>,
    to: &K,
    wanted: &impl Fn(&S) -> bool,
    hand: &mut impl FnMut(&K, &V) -> ControlFlow<()>,
) -> ControlFlow<()> {
    match node {
        Node::Leaf(pairs) => {
            pairs.iter().take_while(|(key, _)| key < to).try_for_each(|(key, value)| hand(key, value))
        }
        Node::Inner(children) => {
            let reached = children.iter().enumerate().take_while(|(at, (least, ..))| *at == 0 || least < to);
            for (_, (_, sum, child)) in reached {
                if wanted(sum) {
                    search(child, to, wanted, hand)?;
                }
            }
            ControlFlow::Continue(())
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use rand_chacha::ChaCha8Rng;
    use rand_chacha::rand_core::{Rng, SeedableRng};
    use std::collections::BTreeMap;

    /// The keys in their order, the sum, and the greatest value.
    #[derive(Debug, Clone, PartialEq, Eq)]
    struct Told {
        keys: Vec<u64>,
        sum: u64,
        most: u64,
    }

    impl Summary<u64, u64> for Told {
        fn of(key: &u64, value: &u64) -> Self {
            Self { keys: vec![*key], sum: *value, most: *value }
        }

        fn join(&self, behind: &Self) -> Self {
            let keys = [&self.keys[..], &behind.keys].concat();
            Self { keys, sum: self.sum + behind.sum, most: self.most.max(behind.most) }
        }
    }

    type Map = Summed<u64, u64, Told>;

    fn check(map: &Map, twin: &BTreeMap<u64, u64>, from: u64, to: u64) {
        let mut told = Vec::new();
        map.sums(&from, &to, &mut |sum: &Told| told.push(sum.clone()));
        let keys: Vec<u64> = told.iter().flat_map(|told| told.keys.clone()).collect();
        let range = || twin.range(from..to.max(from));
        assert!(keys.iter().eq(range().map(|(key, _)| key)), "{from}..{to}");
        assert_eq!(told.iter().map(|told| told.sum).sum::<u64>(), range().map(|(_, value)| value).sum());
        assert!(told.len() <= 2 * MOST * 5, "a range is made of {} summaries", told.len());
        let mut found = Vec::new();
        let flow = map.search(&to, &|sum| sum.most >= 90, &mut |key, value| {
            if *value >= 90 {
                found.push(*key);
            }
            ControlFlow::Continue(())
        });
        assert!(flow.is_continue());
        let wanted = twin.range(..to).filter(|(_, value)| **value >= 90).map(|(key, _)| *key);
        assert!(found.into_iter().eq(wanted));
        assert_eq!(map.get(&from), twin.get(&from));
    }

    #[test]
    fn sums_and_searches_are_what_the_pairs_say_and_copies_stay_as_they_were() {
        for (seed, keys) in (0..30_u64).zip([3, 40, 400, 5_000].into_iter().cycle()) {
            let mut rng = ChaCha8Rng::seed_from_u64(seed);
            let (mut map, mut twin) = (Map::new(), BTreeMap::new());
            let mut copies = Vec::new();
            for step in 0..2_000_u64 {
                let grows = rng.next_u64() % 100 < if step < 1_300 { 80 } else { 15 };
                let key = match (seed / 4 % 3, step % 2) {
                    (1, _) if grows => step,
                    (_, 0) if !grows => twin.keys().next().copied().unwrap_or(0),
                    _ => rng.next_u64() % keys,
                };
                if grows {
                    let value = rng.next_u64() % 100;
                    map.insert(key, value);
                    twin.insert(key, value);
                } else {
                    map.remove(&key);
                    twin.remove(&key);
                }
                if step % 100 == 0 {
                    let [one, other] = [0; 2].map(|_| rng.next_u64() % (keys + 2));
                    check(&map, &twin, one.min(other), one.max(other));
                    check(&map, &twin, 0, u64::MAX);
                    copies.push((map.clone(), twin.clone()));
                }
            }
            for (map, twin) in &copies {
                check(map, twin, 0, u64::MAX);
            }
        }
    }

    #[test]
    fn a_search_ends_when_it_is_told_to() {
        let mut map = Map::new();
        (0..500).for_each(|key| map.insert(key, 99));
        let mut seen = 0;
        let flow = map.search(&400, &|_| true, &mut |_, _| {
            seen += 1;
            if seen == 70 { ControlFlow::Break(()) } else { ControlFlow::Continue(()) }
        });
        assert!(flow.is_break());
        assert_eq!(seen, 70);
    }
}
