//! Exchange with a peer: tell a frontier, hear one, make a bundle `[SYNC-1]`.

use crate::admit::split_charge;
use crate::bounds::FRONTIER_BYTES_MAX;
use crate::bundle::{BundleBuilder, ItemBytes, ledger_tag, part_ends};
use crate::error::LedgerError;
use crate::frontier::{Frontier, LogLine, Tag, Tagger};
use crate::ledger::{Ledger, damaged, encode_pairs, terminal_line};
use crate::report::Heard;
use crate::state::{LogState, Terminal};
use crate::store::rows::{self, Draft, meta_key};
use crate::store::{Store, StoreError, View};
use crate::witness::Withheld;
use intent_contracts::{EntryId, Lane, LogId, NoticeId, RecordId, SignedEntry, Tai, planted};
use std::collections::BTreeMap;

/// Bytes for a peer, and what is known of it once they have arrived.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Bundle {
    /// The parts, in the order of `[SYNC-4]`; useful when cut off at any part's end.
    pub bytes: Vec<u8>,
    /// Items in it.
    pub items: u64,
    /// Whether it holds all that the peer lacks, of what [the frontier speaks of](Frontier::is_whole).
    pub complete: bool,
    /// The least budget that would have brought one item more of those that no bundle of this budget holds; none
    /// when there is no such item. What is not complete and needs none goes on with the next bundle `[SYNC-5]`.
    pub least_budget: Option<usize>,
    /// The peer's frontier when everything arrives and is admitted: what a one-way sender goes on from
    /// `[SYNC-7]`.
    pub assumed: Frontier,
}

impl Bundle {
    /// Where the bundle may be cut off: the ends of its parts, as counts of bytes from its beginning `[SYNC-3]`.
    ///
    /// Each piece between two ends is a bundle of its own.
    #[must_use]
    pub fn part_ends(&self) -> Vec<usize> {
        part_ends(&self.bytes)
    }
}

/// Of each log of which the peer lacks something: the slots to send, and whether the peer disagrees.
type Coming = BTreeMap<LogId, (std::ops::Range<u64>, bool)>;

/// A log of which the peer lacks something.
#[derive(Clone)]
struct Lacking<'a> {
    id: LogId,
    log: &'a LogState,
    tag: Tag,
    /// Slots to send.
    slots: std::ops::Range<u64>,
    /// The terminal, when the peer has another one or none.
    terminal: Option<Terminal>,
    /// The slot from which downwards the peer disagrees.
    disputed: Option<u64>,
}

impl<S: Store> Ledger<S> {
    /// What this replica has admitted, freshly salted.
    ///
    /// Costs one short hash for each log, notice and told digest. Where all would be more than a message
    /// holds, it speaks of another part of it each time `[SYNC-2]`.
    pub fn frontier(&mut self) -> Frontier {
        let mut frontier = Frontier::unknown(&self.state.ledger, self.state.interests.clone());
        self.host.entropy.fill_bytes(&mut frontier.salt);
        let tagger = frontier.tagger();
        frontier.horizon = self.state.horizon;
        frontier.birth = self.birth;
        let withheld = self.withheld();
        frontier.logs = self
            .state
            .logs
            .iter()
            .filter_map(|(id, log)| Some(log_line(&tagger, id, withheld.told(id, log)?)))
            .map(|line| (line.log, line))
            .collect();
        let waiting =
            self.state.pool.waiting_notices().filter(|_| planted::on("acknowledge the waiting pool"));
        let waiting: Vec<_> = waiting.map(|id| tagger.tag(id.as_bytes())).collect();
        let told = self.state.notices.keys().filter(|id| !withheld.notices.contains(*id));
        frontier.notices = told.map(|id| tagger.tag(id.as_bytes())).collect();
        frontier.notices.extend(waiting);
        frontier.digests = self.digest_lines(&tagger);
        frontier.within(FRONTIER_BYTES_MAX)
    }

    /// Learns from a peer's frontier: which own entries it has admitted, and whether it has forgotten
    /// something else than this replica.
    ///
    /// # Errors
    /// [`LedgerError::ForeignFrontier`], or a fault of the store.
    pub fn hear(&mut self, peer: &Frontier) -> Result<Heard, LedgerError> {
        self.sound()?;
        self.matches(peer)?;
        if planted::on("follow the horizon of a peer") {
            self.state.horizon = self.state.horizon.max(peer.horizon);
        }
        let tagger = peer.tagger();
        let view = self.store.view()?;
        let mut heard = Heard { acknowledged: 0, notices: 0, alarms: self.alarms(peer) };
        let (mut told, withheld) = (Vec::new(), self.withheld());
        for (id, log) in self.state.logs.iter().filter(|(id, log)| self.is_own(id, log)) {
            let Some(log) = withheld.told(id, log) else { continue };
            let Some(line) = peer.logs.get(&tagger.tag(id.as_bytes())) else { continue };
            let before = self.acknowledged.get(id).copied().unwrap_or(0);
            if line.head <= before || line.head > log.head {
                continue;
            }
            let same = tagger.tag(entry_id_at(&view, self, log, line.head)?.as_bytes()) == line.head_tag;
            if same || planted::on("believe any acknowledgement") {
                told.push((*id, line.head));
                heard.acknowledged += line.head - before;
            }
        }
        self.acknowledged.extend(told);
        let known = |id: &&NoticeId| peer.notices.contains(&tagger.tag(id.as_bytes()));
        let notices: Vec<NoticeId> = self.state.unheard.iter().filter(known).copied().collect();
        heard.notices = notices.len() as u64;
        if heard.acknowledged + heard.notices > 0 {
            let mut draft = Draft::over(view);
            draft.put(meta_key("acknowledged"), encode_pairs(&self.acknowledged));
            notices.iter().for_each(|id| self.state.heard(id, &mut draft));
            self.commit(draft)?;
        }
        Ok(heard)
    }

    /// What the peer lacks, in at most `budget` bytes, and never more than one [`absorb`](Self::absorb) takes
    /// `[SYNC-9]`.
    ///
    /// What hangs on an enrolment that the peer lacks is sent only when this bundle brings the enrolment too.
    /// When nothing is packed and something is lacking, [`Bundle::least_budget`] tells what would help.
    ///
    /// Costs a short hash for each log and notice, and a read for each item sent.
    ///
    /// # Errors
    /// [`LedgerError::ForeignFrontier`], or a fault of the store.
    pub fn bundle(&self, peer: &Frontier, budget: usize) -> Result<Bundle, LedgerError> {
        self.sound()?;
        self.matches(peer)?;
        let (view, withheld) = (self.store.view()?, self.withheld());
        let mut packing = Packing {
            ledger: self,
            withheld: &withheld,
            view,
            tagger: peer.tagger(),
            builder: BundleBuilder::new(self.state.ledger, budget),
            assumed: peer.clone(),
            items: 0,
            least_budget: None,
            sent_to: BTreeMap::new(),
        };
        let complete = packing.fill(peer)?;
        let Packing { builder, assumed, items, least_budget, .. } = packing;
        Ok(Bundle { bytes: builder.finish(), items, complete, least_budget, assumed })
    }

    fn matches(&self, peer: &Frontier) -> Result<(), LedgerError> {
        let same = peer.ledger == ledger_tag(&self.state.ledger);
        if same { Ok(()) } else { Err(LedgerError::ForeignFrontier) }
    }
}

/// What became of an item that was to be packed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Fit {
    /// It is in the bundle.
    Packed,
    /// The bundle has no room left for it.
    Full,
    /// No bundle of this budget holds it; it is passed over `[SYNC-5]`.
    TooLong,
}

/// One bundle in the making.
struct Packing<'a, S: Store> {
    ledger: &'a Ledger<S>,
    withheld: &'a Withheld,
    view: S::View,
    tagger: Tagger,
    builder: BundleBuilder,
    assumed: Frontier,
    items: u64,
    /// The least budget that holds one of the items that were too long for this one.
    least_budget: Option<usize>,
    /// Of each log of which something was to be sent, the last slot that is packed.
    sent_to: BTreeMap<LogId, u64>,
}

impl<'a, S: Store> Packing<'a, S> {
    /// Packs in the order of `[SYNC-4]`; tells whether everything fitted.
    fn fill(&mut self, peer: &Frontier) -> Result<bool, LedgerError> {
        let mut lacking = self.lacking(peer)?;
        lacking.sort_by_key(|lack| lack.id);
        let coming: Coming =
            lacking.iter().map(|lack| (lack.id, (lack.slots.clone(), lack.disputed.is_some()))).collect();
        // What hangs on an enrolment that the peer lacks would only wait there, unacknowledged, and take
        // the place of the enrolment in every bundle.
        let here = |packing: &Self, enrolment: &RecordId| packing.brings(&coming, enrolment);
        let forked = lacking.iter().filter(|lack| matches!(lack.terminal, Some(Terminal::Fork { .. })));
        let (forks, late_forks): (Vec<_>, Vec<_>) =
            forked.cloned().partition(|lack| here(self, &lack.log.key.enrolment));
        let (notices, late_notices): (Vec<_>, Vec<_>) =
            self.lacking_notices(peer).into_iter().partition(|(_, enrolment)| here(self, enrolment));
        if !self.push_forks(&forks)? || !self.push_notices(&notices)? {
            return Ok(false);
        }
        let (mut safety, rest): (Vec<_>, Vec<_>) =
            lacking.into_iter().partition(|lack| lack.log.key.lane == Lane::Safety);
        // Whoever enrols comes before what is enrolled.
        safety.sort_by_key(|lack| (self.depth(lack), lack.id));
        let mut held_back = false;
        let mut wait = |packing: &Self, enrolment: &RecordId| {
            let waits = !here(packing, enrolment);
            held_back |= waits;
            waits
        };
        for lack in &safety {
            if !wait(self, &lack.log.key.enrolment) && !self.push_log(lack)? {
                return Ok(false);
            }
        }
        let mut late_forks = late_forks;
        late_forks.retain(|lack| !wait(self, &lack.log.key.enrolment));
        let mut late_notices = late_notices;
        late_notices.retain(|(_, enrolment)| !wait(self, enrolment));
        if !self.push_forks(&late_forks)? || !self.push_notices(&late_notices)? {
            return Ok(false);
        }
        let mut productivity = Vec::with_capacity(rest.len());
        for lack in rest {
            if !wait(self, &lack.log.key.enrolment) {
                productivity.push(((lack.log.key.end, self.age(&lack)?, lack.id), lack));
            }
        }
        productivity.sort_by_key(|(rank, _)| *rank);
        for (_, lack) in &productivity {
            if !self.push_log(lack)? {
                return Ok(false);
            }
        }
        for lack in safety.iter().chain(productivity.iter().map(|(_, lack)| lack)) {
            if !self.push_disputed(lack)? {
                return Ok(false);
            }
        }
        Ok(self.least_budget.is_none() && !held_back)
    }

    /// Whether the peer will have an enrolment: it has it, or the bundle brings it.
    fn brings(&self, coming: &Coming, enrolment: &RecordId) -> bool {
        let place = self.ledger.state.enrolments.get(enrolment).and_then(|found| found.place);
        let Some((log, slot)) = place else { return true };
        match coming.get(&log) {
            Some((slots, false)) if slots.contains(&slot) => {
                self.sent_to.get(&log).is_some_and(|sent| *sent >= slot)
            }
            // Which of its slots the peer has is told once the dispute is settled.
            Some((_, true)) => false,
            _ => true,
        }
    }

    fn lacking(&self, peer: &Frontier) -> Result<Vec<Lacking<'a>>, StoreError> {
        let mut out = Vec::new();
        let (ledger, withheld): (&'a Ledger<S>, &'a Withheld) = (self.ledger, self.withheld);
        for (id, log) in &ledger.state.logs {
            let Some(log) = withheld.told(id, log) else { continue };
            let scope = ledger.state.enrolments.get(&log.key.enrolment).map(|found| &found.scope);
            if log.key.end < peer.horizon || !scope.is_some_and(|scope| peer.holds(scope)) {
                continue;
            }
            let tag = self.tagger.tag(id.as_bytes());
            if !peer.speaks_of(&tag) {
                continue;
            }
            let line = peer.logs.get(&tag);
            let lack = self.lacking_of(*id, log, tag, line)?;
            if !lack.slots.is_empty() || lack.terminal.is_some() || lack.disputed.is_some() {
                out.push(lack);
            }
        }
        Ok(out)
    }

    fn lacking_of<'b>(
        &self,
        id: LogId,
        log: &'b LogState,
        tag: Tag,
        line: Option<&LogLine>,
    ) -> Result<Lacking<'b>, StoreError> {
        let Some(line) = line else {
            return Ok(Lacking {
                id,
                log,
                tag,
                slots: 1..log.head + 1,
                terminal: log.terminal,
                disputed: None,
            });
        };
        let shared = line.head.min(log.head);
        let disputed = if shared == line.head && shared > 0 {
            let own = entry_id_at(&self.view, self.ledger, log, shared)?;
            (self.tagger.tag(own.as_bytes()) != line.head_tag).then_some(shared)
        } else {
            None
        };
        // Above the peer's terminal nothing is of use to it; in its slot a lesser id may be.
        let last = if line.terminal == 0 { log.head } else { log.head.min(line.terminal) };
        // Above a disputed head entries would only wait; the dispute is settled first.
        let slots = if disputed.is_some() { 0..0 } else { line.head.saturating_add(1)..last + 1 };
        let differs = log.terminal.is_some_and(|own| {
            let same = line.terminal_tag == self.tagger.tag(&terminal_line(Some(own)));
            !same && (line.terminal == 0 || own.slot() <= line.terminal)
        });
        let terminal = log.terminal.filter(|_| differs);
        Ok(Lacking { id, log, tag, slots, terminal, disputed })
    }

    /// The notices that the peer lacks, each with its enrolment.
    fn lacking_notices(&self, peer: &Frontier) -> Vec<(NoticeId, RecordId)> {
        let notices = self.ledger.state.notices.iter().filter(|(id, notice)| {
            let scope = self.ledger.state.enrolments.get(&notice.enrolment).map(|found| &found.scope);
            let tag = self.tagger.tag(id.as_bytes());
            notice.until >= peer.horizon
                && !self.withheld.notices.contains(*id)
                && scope.is_some_and(|scope| peer.holds(scope))
                && peer.speaks_of(&tag)
                && !peer.notices.contains(&tag)
        });
        let mut ranked: Vec<(Tai, NoticeId, RecordId)> =
            notices.map(|(id, notice)| (notice.until, *id, notice.enrolment)).collect();
        ranked.sort_unstable();
        ranked.into_iter().map(|(_, id, enrolment)| (id, enrolment)).collect()
    }

    /// Packs the fork proofs of these logs; tells whether all fitted.
    fn push_forks(&mut self, forked: &[Lacking<'_>]) -> Result<bool, StoreError> {
        for lack in forked {
            let bytes = self.stored(&rows::terminal_key(&lack.id))?;
            match self.push(ItemBytes::Fork(&bytes)) {
                Fit::Packed => self.assume_terminal(lack)?,
                Fit::TooLong => {}
                Fit::Full => return Ok(false),
            }
        }
        Ok(true)
    }

    /// Packs notices; tells whether all fitted.
    fn push_notices(&mut self, notices: &[(NoticeId, RecordId)]) -> Result<bool, StoreError> {
        for (id, _) in notices {
            let bytes = self.stored(&rows::notice_key(id))?;
            match self.push(ItemBytes::Notice(&bytes)) {
                Fit::Packed => {
                    self.assumed.notices.insert(self.tagger.tag(id.as_bytes()));
                }
                Fit::TooLong => {}
                Fit::Full => return Ok(false),
            }
        }
        Ok(true)
    }

    /// Packs the slots and the stump of one log; tells whether all of it fitted.
    fn push_log(&mut self, lack: &Lacking<'_>) -> Result<bool, StoreError> {
        for slot in lack.slots.clone() {
            let (bytes, id) = self.entry(lack.log, slot)?;
            match self.push(ItemBytes::Entry(&bytes)) {
                Fit::Packed => {
                    self.assume_head(lack, slot, id);
                    self.sent_to.insert(lack.id, slot);
                }
                Fit::TooLong => return Ok(true),
                Fit::Full => return Ok(false),
            }
        }
        if let Some(Terminal::Stump { .. }) = lack.terminal
            && !planted::on("send no stump")
        {
            let bytes = self.stored(&rows::terminal_key(&lack.id))?;
            match self.push(ItemBytes::Entry(&bytes)) {
                Fit::Packed => self.assume_terminal(lack)?,
                Fit::TooLong => {}
                Fit::Full => return Ok(false),
            }
        }
        Ok(true)
    }

    /// Packs a disputed log from the disputed slot downwards; tells whether all of it fitted.
    fn push_disputed(&mut self, lack: &Lacking<'_>) -> Result<bool, StoreError> {
        let disputed = lack.disputed.filter(|_| !planted::on("settle no dispute")).unwrap_or(0);
        for slot in (1..=disputed).rev() {
            let (bytes, _) = self.entry(lack.log, slot)?;
            match self.push(ItemBytes::Entry(&bytes)) {
                Fit::Packed => self.assume_disputed(lack, slot)?,
                Fit::TooLong => {}
                Fit::Full => return Ok(false),
            }
        }
        Ok(true)
    }

    fn push(&mut self, item: ItemBytes<'_>) -> Fit {
        if self.builder.push(item) {
            self.items += 1;
            return Fit::Packed;
        }
        let alone = BundleBuilder::alone(item.bytes().len());
        if alone <= self.builder.budget() {
            return Fit::Full;
        }
        self.least_budget = Some(self.least_budget.map_or(alone, |least| least.min(alone)));
        Fit::TooLong
    }

    fn assume_head(&mut self, lack: &Lacking<'_>, head: u64, id: EntryId) {
        let head_tag = self.tagger.tag(id.as_bytes());
        let none = self.tagger.tag(&terminal_line(None));
        let fresh = LogLine { log: lack.tag, head, head_tag, terminal: 0, terminal_tag: none };
        let line = self.assumed.logs.entry(lack.tag).or_insert(fresh);
        (line.head, line.head_tag) = (head, head_tag);
    }

    /// The peer has its rival of every slot from `sent` to the disputed one: somewhere it finds the fork.
    ///
    /// The dispute goes on below `sent`. When nothing is left of it, the log is assumed to have ended at the
    /// disputed slot at the latest, so that nothing of it is sent again but lesser evidence.
    fn assume_disputed(&mut self, lack: &Lacking<'_>, sent: u64) -> Result<(), StoreError> {
        let none = self.tagger.tag(&[]);
        let Some(mut line) = self.assumed.logs.get(&lack.tag).copied() else { return Ok(()) };
        // Unless an earlier bundle has begun with this dispute.
        if line.terminal == 0 || line.terminal_tag != none {
            (line.terminal, line.terminal_tag) = (lack.disputed.unwrap_or(sent), none);
        }
        // No entry has the tag of nothing: the dispute is open still.
        (line.head, line.head_tag) = (sent - 1, none);
        if sent == 1 {
            line.head = line.terminal.min(lack.log.head);
            let id = entry_id_at(&self.view, self.ledger, lack.log, line.head)?;
            line.head_tag = self.tagger.tag(id.as_bytes());
        }
        self.assumed.logs.insert(lack.tag, line);
        Ok(())
    }

    /// The peer will cut its trunk below the terminal.
    fn assume_terminal(&mut self, lack: &Lacking<'_>) -> Result<(), StoreError> {
        let terminal_tag = self.tagger.tag(&terminal_line(lack.terminal));
        let head_tag = self.tagger.tag(lack.log.key.enrolment.entry.as_bytes());
        let fresh = LogLine { log: lack.tag, head: 0, head_tag, terminal: 0, terminal_tag };
        let mut line = self.assumed.logs.get(&lack.tag).copied().unwrap_or(fresh);
        line.terminal = lack.terminal.map_or(0, |terminal| terminal.slot());
        line.terminal_tag = terminal_tag;
        if line.head >= line.terminal {
            // Of a trunk that this replica has only in part the peer's head is not known; then nothing is
            // compared with its tag.
            line.head = line.terminal.saturating_sub(1);
            line.head_tag = head_tag;
            if (1..=lack.log.head).contains(&line.head) {
                let id = entry_id_at(&self.view, self.ledger, lack.log, line.head)?;
                line.head_tag = self.tagger.tag(id.as_bytes());
            }
        }
        self.assumed.logs.insert(lack.tag, line);
        Ok(())
    }

    fn depth(&self, lack: &Lacking<'_>) -> u64 {
        self.ledger.state.enrolments.get(&lack.log.key.enrolment).map_or(0, |found| found.depth)
    }

    /// When the first entry to send was authored.
    fn age(&self, lack: &Lacking<'_>) -> Result<Tai, StoreError> {
        if lack.slots.is_empty() {
            return Ok(Tai::MAX);
        }
        let (bytes, _) = self.entry(lack.log, lack.slots.start)?;
        Ok(decoded(self.ledger, &bytes)?.header().authored.at)
    }

    fn entry(&self, log: &LogState, slot: u64) -> Result<(Vec<u8>, EntryId), StoreError> {
        let key = rows::entry_key(log.number, slot);
        let content = self.stored(&key)?;
        let (_, bytes) = split_charge(&key, &content)?;
        let id = decoded(self.ledger, bytes)?.id();
        Ok((bytes.to_vec(), id))
    }

    fn stored(&self, key: &[u8]) -> Result<Vec<u8>, StoreError> {
        rows::content(&self.view, key)?.ok_or_else(|| damaged(key, "it is missing"))
    }
}

fn decoded<S: Store>(ledger: &Ledger<S>, bytes: &[u8]) -> Result<SignedEntry, StoreError> {
    SignedEntry::decode(&ledger.state.ledger, bytes)
        .map_err(|refusal| StoreError::Damaged { what: format!("a stored entry is refused: {refusal}") })
}

fn entry_id_at<S: Store, V: View>(
    view: &V,
    ledger: &Ledger<S>,
    log: &LogState,
    slot: u64,
) -> Result<EntryId, StoreError> {
    if slot == log.head {
        return Ok(log.head_id);
    }
    let key = rows::entry_key(log.number, slot);
    let content = rows::content(view, &key)?.ok_or_else(|| damaged(&key, "it is missing"))?;
    Ok(decoded(ledger, split_charge(&key, &content)?.1)?.id())
}

fn log_line(tagger: &Tagger, id: &LogId, log: &LogState) -> LogLine {
    let told = log.terminal.filter(|_| !planted::on("leave a terminal out of the frontier"));
    LogLine {
        log: tagger.tag(id.as_bytes()),
        head: log.head,
        head_tag: tagger.tag(log.head_id.as_bytes()),
        terminal: told.map_or(0, |terminal| terminal.slot()),
        terminal_tag: tagger.tag(&terminal_line(told)),
    }
}
