//! Forgetting against a clock that the simulator keeps by itself, and alarms against what was forgotten.

use super::frontier::Told;
use super::state::Known;
use super::{Broken, hold};
use crate::model::ModelLog;
use intent_contracts::{CharterParameters, LogId, Scope, Tai};
use intent_ledger::Alarm;
use std::collections::{BTreeMap, BTreeSet};

/// Epoch digests that a frontier tells of each scope and lane, by the text.
const TOLD: usize = 8;

/// Scope, lane or 2 for notices, epoch.
type Key = (Scope, u8, Tai);

/// What one replica forgot, epoch by epoch.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(in crate::fleet) struct Forgotten(BTreeMap<Key, BTreeSet<Vec<u8>>>);

impl Forgotten {
    /// Notes what falls below `to`.
    pub(in crate::fleet) fn note(
        &mut self,
        known: &Known,
        notices: &[(Tai, Scope, Vec<u8>)],
        to: Tai,
        epoch: u64,
    ) {
        let floor = |moment: Tai| Tai(moment.0 / epoch * epoch);
        for (id, log) in known.state.logs.iter().filter(|(_, log)| log.key.end < to) {
            let Some(scope) = known.scopes.get(&log.key.enrolment) else { continue };
            let key = (scope.clone(), log.key.lane.number(), floor(log.key.end));
            self.0.entry(key).or_default().insert(line(id, log));
        }
        for (until, scope, id) in notices.iter().filter(|(until, ..)| *until < to) {
            self.0.entry((scope.clone(), 2, floor(*until))).or_default().insert(id.clone());
        }
    }
}

fn line(id: &LogId, log: &ModelLog) -> Vec<u8> {
    let mut line = id.as_bytes().to_vec();
    log.trunk.iter().for_each(|id| line.extend_from_slice(id.as_bytes()));
    line.push(0);
    log.terminal.iter().flat_map(|(_, ids)| ids).for_each(|id| line.extend_from_slice(id.as_bytes()));
    line
}

/// One side of a comparison.
pub(in crate::fleet) struct Side<'a> {
    pub(in crate::fleet) forgotten: &'a Forgotten,
    pub(in crate::fleet) interests: &'a [Scope],
    pub(in crate::fleet) told: &'a Told,
}

impl Side<'_> {
    fn holds(&self, scope: &Scope) -> bool {
        self.interests.iter().any(|interest| interest.contains(scope) || scope.contains(interest))
    }
}

/// An alarm sounds for an epoch iff the two forgot different things in it: always where the peer tells of
/// it among its newest, never where they agree `[HOR-6]`.
pub(in crate::fleet) fn alarms(
    hearer: &Side<'_>,
    peer: &Side<'_>,
    parameters: &CharterParameters,
    alarms: &[Alarm],
) -> Result<usize, Broken> {
    let sounded: BTreeSet<Key> = alarms
        .iter()
        .map(|alarm| (alarm.scope.clone(), alarm.lane.map_or(2, |lane| lane.number()), alarm.epoch))
        .collect();
    let keys: BTreeSet<&Key> = hearer.forgotten.0.keys().chain(peer.forgotten.0.keys()).collect();
    let lived = |epoch: Tai| {
        let (Some(a), Some(b)) = (hearer.told.birth, peer.told.birth) else { return false };
        let memory = parameters.memory().0;
        let oldest = hearer.told.horizon.max(peer.told.horizon).0.saturating_sub(memory);
        a.max(b) <= epoch
            && oldest <= epoch.0
            && epoch.0 + parameters.epoch.0 <= hearer.told.horizon.min(peer.told.horizon).0
    };
    let differs = |key: &Key| {
        lived(key.2)
            && hearer.holds(&key.0)
            && peer.holds(&key.0)
            && hearer.forgotten.0.get(key) != peer.forgotten.0.get(key)
    };
    for key in &sounded {
        hold(differs(key), "alarm", || format!("a false alarm for {key:?}"))?;
    }
    let mut newest: BTreeMap<(&Scope, u8), usize> = BTreeMap::new();
    for key in peer.forgotten.0.keys().rev() {
        let count = newest.entry((&key.0, key.1)).or_default();
        *count += 1;
        if *count <= TOLD && differs(key) {
            hold(sounded.contains(key), "alarm", || format!("no alarm for {key:?}"))?;
        }
    }
    Ok(keys.into_iter().filter(|key| differs(key)).count())
}
