//! Forgetting: the horizon, what it drops, and the digests that betray a difference `[HOR-1]`.
//!
//! - The horizon moves by an explicit call with the replica's own clock alone.
//! - Own entries that nobody is known to have are handed out before anything is forgotten.
//! - A digest is made in the commit that forgets, over just what it forgets.

use crate::admit::{Admission, split_charge};
use crate::bounds::{DIGESTS_KEPT_MAX, DIGESTS_TOLD_MAX, DIGESTS_TOLD_TOTAL_MAX};
use crate::bundle::{BundleBuilder, ItemBytes};
use crate::clocks::Approval;
use crate::error::HorizonError;
use crate::frontier::{DigestLine, Frontier, Tagger};
use crate::ledger::{Ledger, damaged, log_line};
use crate::report::{AbsorbReport, Alarm, HorizonReport};
use crate::store::rows::{self, Draft, Table, meta_key};
use crate::store::{Store, StoreError};
use intent_contracts::{Clock, Digest, Lane, LedgerId, LogId, Millis, NoticeId, Scope, Tai, cbor, planted};
use std::collections::BTreeMap;

/// Stands for the notices of an epoch where lanes have their numbers.
pub(crate) const NOTICES: u8 = 2;

/// Scope, lane number or [`NOTICES`], and start of the epoch.
pub(crate) type DigestKey = (Scope, u8, Tai);

impl<S: Store> Ledger<S> {
    /// Moves the horizon to where the clock allows and forgets what ended below it: whoever that has not
    /// reached within P never hears of it `[ASM-2]`.
    ///
    /// `export` gets bundles of own entries that no peer is known to have admitted, before they are
    /// forgotten; when it fails, nothing is forgotten.
    ///
    /// Work is capped `[BOUND-2]`: what lapsed is unlinked at once, which is linear in its logs, enrolments
    /// and notices (and in the entries that are exported); the entry rows of the forgotten logs are deleted
    /// by this and later calls, at most [`SWEPT_ROWS_MAX`](crate::bounds::SWEPT_ROWS_MAX) in each, or by
    /// [`sweep`](Self::sweep).
    ///
    /// # Errors
    /// [`HorizonError::FirstStep`] and [`HorizonError::Leap`] when the step needs an `approval` `[HOR-3]`;
    /// [`HorizonError::Clock`] for a reading that is behind the own writing or too wide, or an approval of another
    /// moment; [`HorizonError::Behind`] for one behind the horizon's `[HOR-7]`.
    pub fn advance_horizon(
        &mut self,
        now: Clock,
        approval: Option<Approval>,
        export: &mut dyn FnMut(&[u8]) -> Result<(), String>,
    ) -> Result<HorizonReport, HorizonError> {
        self.sound()?;
        let (floor, to) = self.next_horizon(now, approval)?;
        let from = self.state.horizon;
        let mut draft = Draft::over(self.store.view()?);
        let mut report = HorizonReport { horizon: to, ..HorizonReport::default() };
        if to > from {
            let (logs, notices) = self.lapsing(to);
            report.exported = self.export_unacknowledged(&logs, &notices, export)?;
            self.digest_lapsing(&logs, &notices, &mut draft);
            self.forget_digests(to, &mut draft);
            self.forget(&logs, &notices, to, &mut draft, &mut report);
        }
        self.born(now, approval, &mut draft);
        self.clock_floor = floor;
        self.state.horizon = report.horizon;
        if let Some(rules) = &mut self.state.rules {
            rules.forget_below(report.horizon);
        }
        draft.put_row(meta_key("clock-floor"), &floor);
        draft.put_row(meta_key("horizon"), &report.horizon);
        self.settle(Ok(()), draft)?;
        Ok(report)
    }

    fn lapsing(&self, to: Tai) -> (Vec<LogId>, Vec<NoticeId>) {
        let logs = self.state.logs.iter().filter(|(_, log)| log.key.end < to).map(|(id, _)| *id);
        let early = planted::on("forget a revocation too early");
        let early = if early { self.state.charter.parameters().settlement } else { Millis(0) };
        let notices = self.state.notices.iter();
        let notices = notices.filter(|(_, notice)| notice.until < to.plus(early)).map(|(id, _)| *id);
        (logs.collect(), notices.collect())
    }

    /// Hands out own notices that no peer has told of, and own entries above what peers have acknowledged
    /// `[HOR-4]`.
    fn export_unacknowledged(
        &self,
        logs: &[LogId],
        notices: &[NoticeId],
        export: &mut dyn FnMut(&[u8]) -> Result<(), String>,
    ) -> Result<u64, HorizonError> {
        let (view, withheld) = (self.store.view()?, self.withheld());
        let mut count = 0;
        let ledger = self.state.ledger;
        let mut parcel = Parcel { ledger, builder: BundleBuilder::new(ledger, usize::MAX), export };
        for id in notices.iter().filter(|id| self.state.unheard.contains(*id)) {
            let key = rows::notice_key(id);
            let bytes = rows::content(&view, &key)?.ok_or_else(|| damaged(&key, "it is missing"))?;
            parcel.add(ItemBytes::Notice(&bytes))?;
            count += 1;
        }
        for id in logs {
            let Some(log) = self.state.logs.get(id).filter(|log| self.is_own(id, log)) else {
                continue;
            };
            let acknowledged = self.acknowledged.get(id).copied().unwrap_or(0);
            let first = acknowledged.saturating_add(1 + u64::from(planted::on("export one entry too few")));
            for slot in first..=withheld.head(id, log.head) {
                let key = rows::entry_key(log.number, slot);
                let content = rows::content(&view, &key)?.ok_or_else(|| damaged(&key, "it is missing"))?;
                let (_, bytes) = split_charge(&key, &content)?;
                parcel.add(ItemBytes::Entry(bytes))?;
                count += 1;
            }
        }
        parcel.hand_out()?;
        Ok(count)
    }

    /// Makes one digest for each scope, lane and epoch that loses something `[HOR-5]`.
    fn digest_lapsing(&mut self, logs: &[LogId], notices: &[NoticeId], draft: &mut Draft<S::View>) {
        let epoch = self.state.charter.parameters().epoch;
        let mut lines: BTreeMap<DigestKey, Vec<Vec<u8>>> = BTreeMap::new();
        let withheld = self.withheld();
        for id in logs {
            if let Some(log) = self.state.logs.get(id).and_then(|log| withheld.told(id, log))
                && let Some(enrolment) = self.state.enrolments.get(&log.key.enrolment)
            {
                let key = (enrolment.scope.clone(), log.key.lane.number(), log.key.end.epoch_floor(epoch));
                lines.entry(key).or_default().push(log_line(id, log));
            }
        }
        for id in notices {
            if let Some(notice) = self.state.notices.get(id) {
                let Some(enrolment) = self.state.enrolments.get(&notice.enrolment) else { continue };
                let key = (enrolment.scope.clone(), NOTICES, notice.until.epoch_floor(epoch));
                lines.entry(key).or_default().push(id.as_bytes().to_vec());
            }
        }
        for (key, mut lines) in lines {
            lines.sort();
            let digest = Digest::of(&lines.concat());
            draft.put(digest_row_key(&key), digest.as_bytes().to_vec());
            let (scope, lane, _) = key.clone();
            self.digests.insert(key, digest);
            let range = (scope.clone(), lane, Tai(0))..=(scope, lane, Tai::MAX);
            let kept: Vec<DigestKey> = self.digests.range(range).map(|(key, _)| key.clone()).collect();
            for old in kept.iter().take(kept.len().saturating_sub(DIGESTS_KEPT_MAX)) {
                self.digests.remove(old);
                draft.delete(digest_row_key(old));
            }
        }
    }

    /// Digests, too, are a lease: who has not met a peer for so long is told by other signs.
    fn forget_digests(&mut self, to: Tai, draft: &mut Draft<S::View>) {
        let oldest = to.minus(self.state.charter.parameters().memory());
        let old: Vec<DigestKey> =
            self.digests.keys().filter(|(.., epoch)| *epoch < oldest).cloned().collect();
        for key in old {
            self.digests.remove(&key);
            draft.delete(digest_row_key(&key));
        }
    }

    fn forget(
        &mut self,
        logs: &[LogId],
        notices: &[NoticeId],
        to: Tai,
        draft: &mut Draft<S::View>,
        report: &mut HorizonReport,
    ) {
        report.logs = logs.len() as u64;
        report.notices = notices.len() as u64;
        report.entries = logs.iter().filter_map(|id| self.state.logs.get(id)).map(|log| log.head).sum();
        let mut ignored = AbsorbReport::default();
        let mut admission = Admission::new(&mut self.state, &mut self.ring, draft, &mut ignored);
        notices.iter().for_each(|id| admission.forget_notice(id));
        logs.iter().for_each(|id| admission.forget_log(*id));
        self.state.pool.retain(|item| item.ends() >= to);
        self.acknowledged.retain(|log, _| self.state.logs.contains_key(log));
        draft.put(meta_key("acknowledged"), crate::ledger::encode_pairs(&self.acknowledged));
    }

    pub(crate) fn save_digests(&self, draft: &mut Draft<S::View>) {
        for (key, digest) in &self.digests {
            draft.put(digest_row_key(key), digest.as_bytes().to_vec());
        }
    }

    /// The lines of the newest epochs for a frontier.
    pub(crate) fn digest_lines(&self, tagger: &Tagger) -> Vec<DigestLine> {
        let mut told: BTreeMap<(&Scope, u8), usize> = BTreeMap::new();
        let mut lines: Vec<DigestLine> = Vec::new();
        for ((scope, lane, epoch), digest) in self.digests.iter().rev() {
            if lines.len() >= DIGESTS_TOLD_TOTAL_MAX {
                break;
            }
            let count = told.entry((scope, *lane)).or_default();
            *count += 1;
            if *count <= DIGESTS_TOLD_MAX {
                let tag = tagger.tag(digest.as_bytes());
                lines.push(DigestLine { scope: scope.clone(), lane: *lane, epoch: *epoch, tag });
            }
        }
        lines.reverse();
        lines
    }

    /// Compares a peer's epoch digests with the own ones `[HOR-6]`.
    pub(crate) fn alarms(&self, peer: &Frontier) -> Vec<Alarm> {
        let epoch = self.state.charter.parameters().epoch;
        let (Some(own_birth), Some(peer_birth)) = (self.birth, peer.birth) else { return Vec::new() };
        if planted::on("sound no alarm") {
            return Vec::new();
        }
        // Both had lived before the epoch began, both have closed it, and neither has forgotten its digest.
        let memory = self.state.charter.parameters().memory();
        let remembered = self.state.horizon.max(peer.horizon).minus(memory);
        let lived = |start: Tai| {
            let closed = start.plus(epoch) <= self.state.horizon.min(peer.horizon);
            (own_birth.max(peer_birth) <= start || planted::on("alarm about what was not lived"))
                && remembered <= start
                && closed
        };
        let tagger = peer.tagger();
        let told: BTreeMap<DigestKey, _> = peer
            .digests
            .iter()
            .filter(|line| lived(line.epoch) && line.lane <= NOTICES && self.shared(peer, &line.scope))
            .map(|line| ((line.scope.clone(), line.lane, line.epoch), line.tag))
            .collect();
        let differs = |(key, tag): &(&DigestKey, &_)| {
            self.digests.get(*key).is_none_or(|digest| tagger.tag(digest.as_bytes()) != **tag)
        };
        let mut keys: Vec<DigestKey> = told.iter().filter(differs).map(|(key, _)| key.clone()).collect();
        // A full list may leave out anything.
        if peer.digests.len() < DIGESTS_TOLD_TOTAL_MAX {
            keys.extend(self.untold(peer, &told, lived));
        }
        keys.into_iter().map(alarm_of).collect()
    }

    /// Whether both replicas hold the scope.
    fn shared(&self, peer: &Frontier, scope: &Scope) -> bool {
        self.state.holds(scope) && peer.holds(scope)
    }

    /// Own epochs among those that the peer tells of, which it has no digest for.
    fn untold<T>(
        &self,
        peer: &Frontier,
        told: &BTreeMap<DigestKey, T>,
        lived: impl Fn(Tai) -> bool,
    ) -> Vec<DigestKey> {
        // Of each scope and lane: how many epochs the peer tells, and the oldest of them.
        let mut spans: BTreeMap<(&Scope, u8), (usize, Tai)> = BTreeMap::new();
        for line in &peer.digests {
            let (count, oldest) = spans.entry((&line.scope, line.lane)).or_insert((0, line.epoch));
            *count += 1;
            *oldest = line.epoch.min(*oldest);
        }
        let mut newest: BTreeMap<(&Scope, u8), usize> = BTreeMap::new();
        let mut out = Vec::new();
        for key in self.digests.keys().rev() {
            let (scope, lane, epoch) = key;
            let count = newest.entry((scope, *lane)).or_default();
            *count += 1;
            // The peer tells its newest only; an older one of ours may simply be untold.
            let span = spans.get(&(scope, *lane));
            let beyond = span.is_some_and(|(told, oldest)| *told >= DIGESTS_TOLD_MAX && epoch < oldest);
            let comparable =
                *count <= DIGESTS_TOLD_MAX && !beyond && lived(*epoch) && self.shared(peer, scope);
            if comparable && !told.contains_key(key) {
                out.push(key.clone());
            }
        }
        out
    }
}

/// What is exported: bundles that go out when they are full.
struct Parcel<'a> {
    ledger: LedgerId,
    builder: BundleBuilder,
    export: &'a mut dyn FnMut(&[u8]) -> Result<(), String>,
}

impl Parcel<'_> {
    fn add(&mut self, item: ItemBytes<'_>) -> Result<(), HorizonError> {
        if !self.builder.push(item) {
            self.hand_out()?;
            // An empty bundle holds every item.
            self.builder.push(item);
        }
        Ok(())
    }

    fn hand_out(&mut self) -> Result<(), HorizonError> {
        let empty = BundleBuilder::new(self.ledger, usize::MAX);
        let bytes = std::mem::replace(&mut self.builder, empty).finish();
        if bytes.is_empty() { Ok(()) } else { (self.export)(&bytes) }
            .map_err(|what| HorizonError::Export { what })
    }
}

fn alarm_of((scope, lane, epoch): DigestKey) -> Alarm {
    Alarm { scope, lane: Lane::try_from(lane).ok(), epoch }
}

pub(crate) fn digest_row_key(key: &DigestKey) -> Vec<u8> {
    Table::Digest.key(&cbor::encode(key))
}

pub(crate) fn digest_key_of(key: &[u8]) -> Result<DigestKey, StoreError> {
    let rest = key.get(1..).unwrap_or(&[]);
    cbor::read(rest).map_err(|refusal| damaged(key, &format!("the key is refused: {refusal}")))
}
