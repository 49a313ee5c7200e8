//! What a view has found out once and is asked again.
//!
//! - A view never changes, so what it remembers is a function of it: whoever asks first, the answer is the same.
//! - Without it, returns that rest on returns would be followed along every path, and there are as many paths as
//!   an author likes `[BOUND-3]`.

use crate::denials::LogCut;
use crate::facts::{LogNo, PartPlace, Place};
use crate::open::Contender;
use crate::rights::PartFinding;
use intent_contracts::{RecordId, ResourceId, Tai};
use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

/// A return: its record, the right that it takes, the part, and how many returns it may rest on.
pub(crate) type ReturnKey = (RecordId, RecordId, u8, usize);

/// So many questions about one resource are each answered for themselves.
const ASKED_OFTEN: u32 = 16;

/// How often it was asked what contends for a resource, and everything that does once that was often.
#[derive(Debug, Default, Clone)]
struct Asked {
    times: u32,
    all: Option<Arc<Vec<Contender>>>,
}

/// A log on a resource in a period.
pub(crate) type RankKey = (ResourceId, LogNo, u64);

/// Gives to one claim, by their ids.
type Gives = Vec<(Place, RecordId)>;

/// The findings that a view remembers.
#[derive(Debug, Default)]
pub(crate) struct Memo {
    returns: Mutex<BTreeMap<ReturnKey, Option<Tai>>>,
    rights: Mutex<BTreeMap<PartPlace, PartFinding>>,
    contenders: Mutex<BTreeMap<ResourceId, Asked>>,
    ranks: Mutex<BTreeMap<RankKey, [u8; 32]>>,
    gives: Mutex<BTreeMap<RecordId, Arc<Gives>>>,
    ended: Mutex<BTreeMap<(RecordId, u8), Option<RecordId>>>,
    cuts: Mutex<BTreeMap<LogNo, LogCut>>,
}

impl Memo {
    /// How long what rests on a return may last; none when it does not hold.
    pub(crate) fn returned(&self, key: ReturnKey, find: impl FnOnce() -> Option<Tai>) -> Option<Tai> {
        remembered(&self.returns, key, find)
    }

    /// The gives to a claim.
    pub(crate) fn gives(&self, claim: RecordId, find: impl FnOnce() -> Gives) -> Arc<Gives> {
        remembered(&self.gives, claim, || Arc::new(find()))
    }

    /// What ended an alternative of a claim.
    pub(crate) fn ended(
        &self,
        key: (RecordId, u8),
        find: impl FnOnce() -> Option<RecordId>,
    ) -> Option<RecordId> {
        remembered(&self.ended, key, find)
    }

    /// Where a log is cut.
    pub(crate) fn cut(&self, log: LogNo, find: impl FnOnce() -> LogCut) -> LogCut {
        remembered(&self.cuts, log, find)
    }

    /// The standing of a part on which others are drawn, if it is known.
    pub(crate) fn right(&self, at: PartPlace) -> Option<PartFinding> {
        locked(&self.rights).get(&at).cloned()
    }

    pub(crate) fn remember_right(&self, at: PartPlace, found: PartFinding) {
        locked(&self.rights).insert(at, found);
    }
}

impl Memo {
    /// What contends for a resource. `find` is told whether many have asked before: then what it finds is
    /// remembered for all.
    pub(crate) fn contenders(
        &self,
        resource: ResourceId,
        find: impl FnOnce(bool) -> Vec<Contender>,
    ) -> Arc<Vec<Contender>> {
        let asked = locked(&self.contenders).get(&resource).cloned().unwrap_or_default();
        if let Some(all) = asked.all {
            return all;
        }
        let many = asked.times >= ASKED_OFTEN;
        let found = Arc::new(find(many));
        let all = many.then(|| Arc::clone(&found));
        locked(&self.contenders).insert(resource, Asked { times: asked.times + 1, all });
        found
    }

    /// The rank of a log on a resource in a period.
    pub(crate) fn rank(&self, key: RankKey, find: impl FnOnce() -> [u8; 32]) -> [u8; 32] {
        remembered(&self.ranks, key, find)
    }
}

/// What is remembered, or else found now. Finding may ask for more of the same.
fn remembered<K: Ord, V: Clone>(map: &Mutex<BTreeMap<K, V>>, key: K, find: impl FnOnce() -> V) -> V {
    if let Some(found) = locked(map).get(&key) {
        return found.clone();
    }
    let found = find();
    locked(map).insert(key, found.clone());
    found
}

/// Nothing panics while it holds the lock, and what is remembered is whole at any time.
fn locked<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
