//! Opening: reads what memory holds of a store, and mends what damage it meets `[STORE-5]`.
//!
//! - Rows of entries are not read but at heads and enrolments, so time and memory follow the number of
//!   logs, enrolments and notices, not of entries.
//! - Nothing that stands in a row is believed because its checksum fits: what hangs together is compared.
//! - A row that cannot be read never makes opening fail; a device, or a broken structure of the file, does.
//! - What damage leaves doubtful is read so that the replica forgets later, never sooner, and writes
//!   to no old log.

use crate::admit::{Gate, split_charge};
use crate::bounds::INTERESTS_MAX;
use crate::continuity::Marks;
use crate::error::LedgerError;
use crate::horizon::{DigestKey, digest_key_of};
use crate::ledger::{Census, Host, Ledger, LostLog};
use crate::marked::Marked;
use crate::scrub::Damage;
use crate::state::{Enrolment, LogState, State, Terminal};
use crate::store::rows::{self, Draft, Table, meta_key};
use crate::store::{Store, StoreError, View};
use crate::witness::Withheld;
use intent_contracts::{
    Charter, Digest, LedgerId, LogId, RecordId, Scope, SignedEntry, SignedNotice, Tai, UncheckedFork,
};
use std::collections::{BTreeMap, BTreeSet};

/// Numbers of logs from here on are no ledger's: it counts up from one.
pub(crate) const NUMBERS_MAX: u64 = u64::MAX / 2;

/// What the rows about the replica itself say; `None` where one is damaged or missing.
struct Told {
    horizon: Tai,
    clock_floor: Tai,
    birth: Option<Option<Tai>>,
    marks: Option<Marks>,
    own: Option<Option<RecordId>>,
    writing: Option<Vec<LogId>>,
    written: Option<Vec<(LogId, Tai)>>,
    unopened: Option<Vec<LogId>>,
    acknowledged: Vec<(LogId, u64)>,
    lost: Vec<LostLog>,
    census: Option<Census>,
}

/// The logs whose rows could be read, whatever else is damaged.
pub(crate) type Claimed = BTreeMap<LogId, LogState>;

impl<S: Store> Ledger<S> {
    /// Opens the replica in a store, and mends what is damaged in it.
    ///
    /// Time and memory follow the number of logs, enrolments and notices, not of entries, as long as the
    /// rows of these are sound. Else the whole store is read, and all that is authentic in it is admitted
    /// anew `[STORE-6]`. [`Ledger::opening`] tells what was found; entries within a log are looked at by
    /// [`Ledger::scrub`] alone.
    ///
    /// # Errors
    /// [`LedgerError::NotFounded`], [`LedgerError::WrongCharter`], [`LedgerError::WrongKey`],
    /// [`LedgerError::FoundationLost`], or a fault of the store. A continuity record that does not answer is told in
    /// [`Ledger::opening`] `[INC-8]`.
    pub fn open(store: S, charter: &Charter, host: Host) -> Result<Self, LedgerError> {
        let view = store.view()?;
        let mut damage = Vec::new();
        let interests = foundation(&view, charter, &mut damage)?;
        let digests = load_digests(&view, &mut damage)?;
        let told = Told::read(&view, charter, &digests, &mut damage)?;
        let salvage = load_salvage(&view, &mut damage)?;
        let mut state = State::founded(charter, interests, told.horizon);
        let mut marked = Marked::read(&view, &mut damage)?;
        let before = damage.len();
        let claimed = load_state(&view, &mut state, &mut damage)?;
        let mut ledger = Self::with_state(store, state, host)?;
        ledger.digests = digests;
        ledger.opening.salvage = salvage;
        let digests_lost = ledger.compare_census(told.census, &mut marked, &mut damage);
        // Without the census a missing row would go unnoticed, so its loss is reason enough to read all.
        let rebuilds = damage.len() > before || told.census.is_none();
        ledger.clock_floor = told.clock_floor;
        ledger.acknowledged = told.acknowledged.iter().copied().collect();
        ledger.lost = told.lost.iter().map(|log| (log.log, *log)).collect();
        (ledger.marks, ledger.marks_lost) = (told.marks.unwrap_or_default(), told.marks.is_none());
        ledger.stored_marks = told.marks;
        let mut draft = Draft::over(ledger.store.view()?);
        ledger.opening.damage = damage;
        if rebuilds {
            ledger.rebuild(&claimed, &marked, &mut draft)?;
        }
        ledger.take_marks(&marked);
        ledger.settle_doubts(&told, digests_lost);
        if ledger.opening.rebuilt {
            ledger.remember_lost(&claimed, &marked, told.writing.as_deref().unwrap_or_default());
        }
        ledger.assert_own_key()?;
        let writing = ledger.trusted(&told, &claimed);
        ledger.resume(writing, &told, draft)?;
        ledger.opening.logs_left = ledger.logs_left();
        Ok(ledger)
    }

    /// Tells what the census misses, and whether digests are among it.
    fn compare_census(&self, told: Option<Census>, marked: &mut Marked, damage: &mut Vec<Damage>) -> bool {
        let Some(told) = told else {
            marked.doubtful = true;
            return false;
        };
        let marks = (marked.logs.len() as u64, marked.notices.len() as u64);
        marked.doubtful = marks != (told.own, told.unheard);
        let found = self.counted();
        let pairs = [
            ("logs", told.logs, found.logs),
            ("enrolments", told.enrolments, found.enrolments),
            ("notices", told.notices, found.notices),
            ("digests", told.digests, found.digests),
            ("salvage", told.salvage, found.salvage),
            ("dropped logs", told.dead, found.dead),
            ("own logs", told.own, marks.0),
            ("unheard notices", told.unheard, marks.1),
        ];
        for (table, told, found) in pairs.into_iter().filter(|(_, told, found)| told != found) {
            let what = format!("of {table} it counts {told}, there are {found}");
            damage.push(Damage::Meta { name: "census".to_owned(), what });
        }
        told.digests != found.digests || damage.iter().any(|place| matches!(place, Damage::Digest { .. }))
    }

    /// Reads what damage left open in the way that forgets later and writes to nothing old `[STORE-7]`.
    fn settle_doubts(&mut self, told: &Told, digests_lost: bool) {
        let own = self.state.logs.iter().filter(|(id, log)| self.is_own(id, log)).map(|(_, log)| log);
        let last_own = own.max_by_key(|log| (log.head_authored, log.key));
        self.own = told.own.unwrap_or_else(|| last_own.map(|log| log.key.enrolment));
        // The next reading that is to be believed sets one that is lost.
        self.birth = told.birth.flatten();
        // A digest that is gone would read as a difference: the epochs closed so far are no longer compared.
        if digests_lost && self.state.horizon > Tai(0) {
            self.birth = self.birth.map(|birth| birth.max(self.state.horizon));
        }
    }

    /// The own logs whose rows are beyond doubt.
    fn trusted(&self, told: &Told, claimed: &Claimed) -> BTreeSet<LogId> {
        let (Some(writing), Some(_), Some(_)) = (&told.writing, told.marks, told.own) else {
            return BTreeSet::new();
        };
        let touched: BTreeSet<LogId> = self
            .opening
            .damage
            .iter()
            .filter_map(|place| match place {
                Damage::Entry { log, .. } | Damage::Log { log, .. } | Damage::Terminal { log, .. } => {
                    Some(*log)
                }
                _ => None,
            })
            .collect();
        let agrees = |log: &&LogId| {
            let pair = claimed.get(*log).zip(self.state.logs.get(*log));
            !touched.contains(*log) && pair.is_some_and(|(row, found)| row.agrees(found))
        };
        writing.iter().filter(agrees).copied().collect()
    }

    /// Takes up own logs when continuity is proven, and lets go of them when not `[INC-1]`. What was mended is
    /// written back in the same commit.
    fn resume(
        &mut self,
        writing: BTreeSet<LogId>,
        told: &Told,
        mut draft: Draft<S::View>,
    ) -> Result<(), LedgerError> {
        self.writing = writing;
        self.prune_writing();
        self.recall_written(told.written.as_deref());
        // A list that is lost opens nothing `[INC-5]`.
        self.unopened = told.unopened.iter().flatten().copied().collect();
        self.census = told.census;
        let changed = told.writing.as_ref().is_none_or(|rows| !self.writing.iter().eq(rows))
            || told.unopened.as_ref().is_none_or(|rows| !self.unopened.iter().eq(rows));
        if changed || self.opening.rebuilt || !self.opening.damage.is_empty() {
            self.mend_rows(&mut draft)?;
            draft.drop_unchanged(&[])?;
        }
        self.take_up(draft)
    }

    /// Refuses a signer whose key the enrolment under which this store wrote does not admit: what it signed would
    /// be refused by everybody `[INC-10]`.
    fn assert_own_key(&self) -> Result<(), LedgerError> {
        let of_own = self.state.own_logs.iter().filter_map(|log| self.state.logs.get(log));
        let wrote = self.own.into_iter().chain(of_own.map(|log| log.key.enrolment));
        let mut found =
            wrote.filter_map(|record| Some((record, self.state.enrolments.get(&record)?))).peekable();
        let Some((enrolment, _)) = found.peek().copied() else { return Ok(()) };
        let admitted = found.any(|(_, enrolment)| enrolment.admits(&self.author));
        if admitted { Ok(()) } else { Err(LedgerError::WrongKey { given: self.author, enrolment }) }
    }
}

/// Refuses a store in which anything stands.
pub(crate) fn assert_unfounded<V: View>(view: &V) -> Result<(), LedgerError> {
    if view.rows_from(&[], &[])?.next().transpose()?.is_none() {
        return Ok(());
    }
    match charter_rows(view)?.into_iter().flatten().next() {
        Some(bytes) => Err(LedgerError::Founded { found: LedgerId::of(&bytes) }),
        None => Err(LedgerError::FoundationLost { row: "charter" }),
    }
}

/// The ledger of a store that nobody writes, and what is withheld of it: nobody asks the record there, so the last own
/// entry may be unsure `[INC-6]`.
pub(crate) fn at_rest<V: View>(view: &V) -> Result<(LedgerId, Withheld), LedgerError> {
    let Some(bytes) = charter_rows(view)?.into_iter().flatten().next() else {
        let empty = view.rows_from(&[], &[])?.next().transpose()?.is_none();
        return Err(if empty {
            LedgerError::NotFounded
        } else {
            LedgerError::FoundationLost { row: "charter" }
        });
    };
    let charter = Charter::decode(&bytes).map_err(|_| LedgerError::FoundationLost { row: "charter" })?;
    let mut damage = Vec::new();
    let interests = foundation(view, &charter, &mut damage)?;
    let marks = twin(view, ["generation", "generation-copy"], |_: &Marks| true, &mut damage)?;
    let marks = marks.ok_or(LedgerError::FoundationLost { row: "generation" })?;
    let Some(tail) = marks.tail else { return Ok((charter.ledger_id(), Withheld::default())) };
    let mut state = State::founded(&charter, interests, Tai(0));
    load_state(view, &mut state, &mut damage)?;
    Ok((charter.ledger_id(), state.withheld(&tail)))
}

/// Both rows of the charter, each when it can be read.
fn charter_rows<V: View>(view: &V) -> Result<[Option<Vec<u8>>; 2], StoreError> {
    let read = |name: &str| told_by(rows::content(view, &meta_key(name))).map(|read| read.ok().flatten());
    Ok([read("charter")?, read("charter-copy")?])
}

/// Compares the charter and reads the interests, each from the row that is sound `[STORE-5]`.
fn foundation<V: View>(
    view: &V,
    charter: &Charter,
    damage: &mut Vec<Damage>,
) -> Result<Vec<Scope>, LedgerError> {
    if view.rows_from(&[], &[])?.next().transpose()?.is_none() {
        return Err(LedgerError::NotFounded);
    }
    let read = charter_rows(view)?;
    let expected = charter.ledger_id();
    for (name, bytes) in ["charter", "charter-copy"].into_iter().zip(&read) {
        if bytes.as_deref() != Some(charter.bytes()) {
            damage.push(Damage::Meta { name: name.to_owned(), what: "it is not the charter".to_owned() });
        }
    }
    let found: Vec<LedgerId> = read.into_iter().flatten().map(|bytes| LedgerId::of(&bytes)).collect();
    match found.first() {
        None => return Err(LedgerError::FoundationLost { row: "charter" }),
        Some(found_first) if !found.contains(&expected) => {
            return Err(LedgerError::WrongCharter { found: *found_first, expected });
        }
        Some(_) => {}
    }
    let sound = |scopes: &Vec<Scope>| (1..=INTERESTS_MAX).contains(&scopes.len());
    twin(view, ["interests", "interests-copy"], sound, damage)?
        .ok_or(LedgerError::FoundationLost { row: "interests" })
}

/// Reads a row that is kept twice.
fn twin<T, V: View>(
    view: &V,
    names: [&'static str; 2],
    sound: impl Fn(&T) -> bool,
    damage: &mut Vec<Damage>,
) -> Result<Option<T>, StoreError>
where
    T: serde::de::DeserializeOwned + serde::Serialize + PartialEq,
{
    let [name, copy] = names;
    let (first, second) = (meta::<T, V>(view, name, damage)?, meta::<T, V>(view, copy, damage)?);
    let (first, second) = (first.filter(&sound), second.filter(&sound));
    if first.is_some() && second.is_some() && first != second {
        let what = "it differs from the row that it copies".to_owned();
        damage.push(Damage::Meta { name: copy.to_owned(), what });
    }
    Ok(first.or(second))
}

/// Reads a row about the replica; a missing one is damage like any other.
fn meta<T, V: View>(view: &V, name: &str, damage: &mut Vec<Damage>) -> Result<Option<T>, StoreError>
where
    T: serde::de::DeserializeOwned + serde::Serialize,
{
    let key = meta_key(name);
    let content = told_by(rows::content(view, &key))?;
    let read = content.and_then(|content| {
        let content = content.ok_or_else(|| "it is missing".to_owned())?;
        rows::parse(&key, &content).map_err(told)
    });
    match read {
        Ok(value) => Ok(Some(value)),
        Err(what) => {
            damage.push(Damage::Meta { name: name.to_owned(), what });
            Ok(None)
        }
    }
}

impl Told {
    fn read<V: View>(
        view: &V,
        charter: &Charter,
        digests: &BTreeMap<DigestKey, Digest>,
        damage: &mut Vec<Damage>,
    ) -> Result<Self, StoreError> {
        let (horizon, clock_floor) = moments(view, charter, digests, damage)?;
        let any = |_: &Vec<LostLog>| true;
        Ok(Self {
            horizon,
            clock_floor,
            birth: meta(view, "birth", damage)?,
            marks: twin(view, ["generation", "generation-copy"], |_: &Marks| true, damage)?,
            own: meta(view, "own-enrolment", damage)?,
            writing: meta(view, "writing", damage)?,
            written: meta(view, "written", damage)?,
            unopened: meta(view, "unopened", damage)?,
            // Nothing is known to be elsewhere: more is exported, nothing less.
            acknowledged: meta(view, "acknowledged", damage)?.unwrap_or_default(),
            lost: twin(view, ["lost", "lost-copy"], any, damage)?.unwrap_or_default(),
            census: meta(view, "census", damage)?,
        })
    }
}

/// The horizon and the clock floor, each from the other where it is damaged `[STORE-7]`.
fn moments<V: View>(
    view: &V,
    charter: &Charter,
    digests: &BTreeMap<DigestKey, Digest>,
    damage: &mut Vec<Damage>,
) -> Result<(Tai, Tai), StoreError> {
    let (memory, epoch) = (charter.parameters().memory(), charter.parameters().epoch);
    let follows = |floor: Tai| floor.minus(memory).epoch_floor(epoch);
    let least_floor = |horizon: Tai| if horizon == Tai(0) { horizon } else { horizon.plus(memory) };
    let horizon: Option<Tai> = meta(view, "horizon", damage)?;
    let floor: Option<Tai> = meta(view, "clock-floor", damage)?;
    Ok(match (horizon, floor) {
        (Some(horizon), Some(floor)) if follows(floor) == horizon => (horizon, floor),
        (Some(horizon), Some(floor)) => {
            let what = "it does not follow from the clock floor".to_owned();
            damage.push(Damage::Meta { name: "horizon".to_owned(), what });
            let lesser = horizon.min(follows(floor)).epoch_floor(epoch);
            (lesser, least_floor(lesser))
        }
        (None, Some(floor)) => (follows(floor), floor),
        (Some(horizon), None) => (horizon, least_floor(horizon)),
        (None, None) => {
            // Closed epochs lie below the horizon.
            let closed = digests.keys().map(|(.., start)| start.epoch_floor(epoch).plus(epoch)).max();
            let horizon = closed.unwrap_or_default();
            (horizon, least_floor(horizon))
        }
    })
}

fn load_digests<V: View>(
    view: &V,
    damage: &mut Vec<Damage>,
) -> Result<BTreeMap<DigestKey, Digest>, StoreError> {
    let mut digests = BTreeMap::new();
    each_row(view, Table::Digest, damage, |key, content| {
        let digest: [u8; 32] = content.try_into().map_err(|_| "it is no digest".to_owned())?;
        digests.insert(digest_key_of(key).map_err(told)?, Digest::from_bytes(digest));
        Ok(())
    })?;
    Ok(digests)
}

/// The bundles that earlier openings saved. A damaged one is handed out as it is: its items prove
/// themselves, one by one.
fn load_salvage<V: View>(view: &V, damage: &mut Vec<Damage>) -> Result<Vec<Vec<u8>>, StoreError> {
    let mut salvage = Vec::new();
    for row in view.rows_from(&Table::Salvage.prefix(), &[])? {
        let (key, value) = row?;
        let content = rows::unsealed(&value).to_vec();
        if rows::unseal(&key, &value).is_err() || rows::salvage_key(&content) != key {
            damage.push(Damage::at(&key, "the checksum does not fit".to_owned()));
        }
        if !content.is_empty() {
            salvage.push(content);
        }
    }
    Ok(salvage)
}

/// Fills the state from the rows of logs, enrolments, terminals and notices; what does not hang together is
/// damage and left out.
fn load_state<V: View>(view: &V, state: &mut State, damage: &mut Vec<Damage>) -> Result<Claimed, StoreError> {
    let mut claimed = Claimed::new();
    let ledger = state.ledger;
    each_row(view, Table::Log, damage, |key, content| {
        let log = LogState::load(key, content).map_err(told)?;
        let id = log.key.id(&ledger);
        if rows::log_key(&id) != key {
            return Err("it tells of another log".to_owned());
        }
        claimed.insert(id, log);
        Ok(())
    })?;
    load_dead(view, state, &claimed, damage)?;
    load_enrolments(view, state, &claimed, damage)?;
    for (id, log) in &claimed {
        if let Some(enrolment) = state.enrolments.get_mut(&log.key.enrolment) {
            enrolment.logs.insert((log.key.end, *id));
            state.next_number = state.next_number.max(log.number.saturating_add(1));
            let mut log = log.clone();
            log.enrolments = enrolments_in(state, *id);
            state.logs.insert(*id, log);
        } else {
            damage.push(Damage::at(&rows::log_key(id), "what it hangs on is missing".to_owned()));
        }
    }
    check_logs(view, state, damage)?;
    check_layout(view, state, damage)?;
    check_terminals(view, state, damage)?;
    load_notices(view, state, damage)?;
    Ok(claimed)
}

fn enrolments_in(state: &State, log: LogId) -> BTreeSet<(u64, RecordId)> {
    let place = |(record, found): (&RecordId, &Enrolment)| {
        found.place.filter(|(holder, _)| *holder == log).map(|(_, slot)| (slot, *record))
    };
    state.enrolments.iter().filter_map(place).collect()
}

/// Takes in the list of dropped logs whose entries are still to be deleted `[BOUND-2]`.
///
/// What is believed here is deleted unread: a number that a log has, or under which no entry lies in the
/// last slot, is not believed.
fn load_dead<V: View>(
    view: &V,
    state: &mut State,
    claimed: &Claimed,
    damage: &mut Vec<Damage>,
) -> Result<(), StoreError> {
    let taken: BTreeSet<u64> = claimed.values().map(|log| log.number).collect();
    let mut listed = Vec::new();
    each_row(view, Table::Dead, damage, |key, content| {
        let number = rows::dead_number(key).filter(|number| *number < NUMBERS_MAX);
        let number = number.ok_or_else(|| "the key is no log number".to_owned())?;
        let head: u64 = rows::parse(key, content).map_err(told)?;
        if taken.contains(&number) {
            return Err("a log has this number".to_owned());
        }
        listed.push((number, head));
        Ok(())
    })?;
    for (number, head) in listed {
        if head == 0 || view.get(&rows::entry_key(number, head))?.is_none() {
            damage.push(Damage::at(&rows::dead_key(number), "its last entry is missing".to_owned()));
            continue;
        }
        state.dead.insert(number, head);
        state.next_number = state.next_number.max(number + 1);
    }
    Ok(())
}

/// Takes in the enrolments from the charter downwards, each compared with the entry that holds it.
fn load_enrolments<V: View>(
    view: &V,
    state: &mut State,
    claimed: &Claimed,
    damage: &mut Vec<Damage>,
) -> Result<(), StoreError> {
    let mut found = Vec::new();
    each_row(view, Table::Enrolment, damage, |key, content| {
        let record = rows::record_of(key).ok_or_else(|| "the key is no record id".to_owned())?;
        let enrolment = Enrolment::load(key, content).map_err(told)?;
        found.push((enrolment.depth, record, enrolment.place, content.to_vec()));
        Ok(())
    })?;
    found.sort_by_key(|(depth, record, ..)| (*depth, *record));
    for (_, record, place, content) in found {
        let key = rows::enrolment_key(&record);
        let holder = place.and_then(|(id, slot)| Some((id, slot, claimed.get(&id)?)));
        let Some((id, slot, log)) = holder.filter(|(_, slot, log)| (1..=log.head).contains(slot)) else {
            damage.push(Damage::at(&key, "the log that holds it is missing".to_owned()));
            continue;
        };
        let entry = match entry_at(view, state, log.number, slot)? {
            Ok((entry, _)) if entry.id() == record.entry && entry.header().log == log.key => entry,
            Ok(_) => {
                damage.push(Damage::at(&key, "its entry is another one".to_owned()));
                continue;
            }
            Err(what) => {
                damage.push(Damage::at(&key, what));
                continue;
            }
        };
        let parent = state.enrolments.get(&log.key.enrolment);
        let made = parent
            .zip(entry.records().get(usize::from(record.index)))
            .and_then(|(parent, found)| state.enrolment_in(parent, id, &log.key, slot, found));
        match made {
            Some((enrolment, row)) if row == content => {
                state.enrolments.insert(record, enrolment);
            }
            _ => damage.push(Damage::at(&key, "it is not what its entry says".to_owned())),
        }
    }
    Ok(())
}

/// Compares each log with its enrolment, its bound, and the entry at its head.
fn check_logs<V: View>(view: &V, state: &State, damage: &mut Vec<Damage>) -> Result<(), StoreError> {
    for (id, log) in &state.logs {
        let key = rows::log_key(id);
        if !matches!(state.gate_log(&log.key, *id), Gate::Changes) {
            damage.push(Damage::at(&key, "it is not admissible".to_owned()));
        }
        let ends_below = log.terminal.is_some_and(|terminal| terminal.slot() <= log.head);
        let fits = if log.head == 0 {
            log.terminal.is_some()
                && (log.head_id, log.head_authored, log.charge) == (log.key.enrolment.entry, Tai(0), 0)
        } else {
            entry_at(view, state, log.number, log.head)?.is_ok_and(|(entry, charge)| {
                let header = entry.header();
                (entry.id(), header.log, header.seq) == (log.head_id, log.key, log.head)
                    && (header.authored.at, charge) == (log.head_authored, log.charge)
            })
        };
        if !fits || ends_below {
            damage.push(Damage::at(&key, "it does not fit the entry at its head".to_owned()));
        }
    }
    for (record, enrolment) in &state.enrolments {
        if enrolment.logs.len() as u64 > enrolment.max_logs.saturating_add(1) {
            let what = format!("{} logs hang on it", enrolment.logs.len());
            damage.push(Damage::Enrolment { record: *record, what });
        }
    }
    Ok(())
}

/// Compares where entries lie with the logs' numbers and heads, without reading what lies between. What
/// lies under a dead number is not looked at, be it there or not.
fn check_layout<V: View>(view: &V, state: &State, damage: &mut Vec<Damage>) -> Result<(), StoreError> {
    let mut heads: BTreeMap<u64, (u64, bool)> =
        state.dead.iter().map(|(number, head)| (*number, (*head, true))).collect();
    for log in state.logs.values().filter(|log| log.head > 0) {
        if heads.insert(log.number, (log.head, false)).is_some() {
            let what = format!("two logs have the number {}", log.number);
            damage.push(Damage::Row { row: rows::shown(&rows::entry_prefix(log.number)), what });
        }
    }
    let first = view.rows_from(&Table::Entry.prefix(), &[])?.next().transpose()?;
    let mut seen = first.map(|(key, _)| key);
    for (number, (head, dead)) in &heads {
        let start = rows::entry_key(*number, 1);
        let early = seen.as_ref().is_some_and(|seen| *seen < start);
        if early || (!*dead && seen.as_ref() != Some(&start)) {
            stray(seen.as_deref().unwrap_or(&start), damage);
        }
        let last = rows::entry_key(*number, *head);
        let mut rows = view.rows_from(&Table::Entry.prefix(), &last)?;
        // The head itself was compared already; the row after it starts the next log.
        seen = rows.next().transpose()?.map(|(key, _)| key);
        if seen.as_ref() == Some(&last) {
            seen = rows.next().transpose()?.map(|(key, _)| key);
        }
    }
    if let Some(seen) = seen {
        stray(&seen, damage);
    }
    Ok(())
}

fn stray(key: &[u8], damage: &mut Vec<Damage>) {
    let what = "it is missing, or belongs to nothing admitted".to_owned();
    damage.push(Damage::Row { row: rows::shown(key), what });
}

/// Compares the kept ends with the logs that they ended.
fn check_terminals<V: View>(view: &V, state: &State, damage: &mut Vec<Damage>) -> Result<(), StoreError> {
    let mut ended: BTreeMap<Vec<u8>, (LogId, Terminal)> = BTreeMap::new();
    for (id, log) in &state.logs {
        if let Some(terminal) = log.terminal {
            ended.insert(rows::terminal_key(id), (*id, terminal));
        }
    }
    each_row(view, Table::Terminal, damage, |key, content| {
        let (log, terminal) = ended.remove(key).ok_or_else(|| "it belongs to nothing admitted".to_owned())?;
        let (found, held) = match terminal {
            Terminal::Stump { .. } => {
                let entry =
                    SignedEntry::decode(&state.ledger, content).map_err(|refusal| refusal.to_string())?;
                let (slot, id) = (entry.header().seq, entry.id());
                (Terminal::Stump { slot, id }, entry.header().log)
            }
            Terminal::Fork { .. } => {
                let fork =
                    UncheckedFork::decode(&state.ledger, content).map_err(|refusal| refusal.to_string())?;
                (Terminal::Fork { slot: fork.slot(), pair: fork.pair() }, *fork.log())
            }
        };
        let fits = found == terminal && held.id(&state.ledger) == log;
        if fits { Ok(()) } else { Err("it is other evidence than the log's".to_owned()) }
    })?;
    let missing = ended.into_values().filter(|(id, _)| {
        !damage.iter().any(|place| matches!(place, Damage::Terminal { log, .. } if log == id))
    });
    let missing: Vec<Damage> =
        missing.map(|(log, _)| Damage::Terminal { log, what: "it is missing".to_owned() }).collect();
    damage.extend(missing);
    Ok(())
}

fn load_notices<V: View>(view: &V, state: &mut State, damage: &mut Vec<Damage>) -> Result<(), StoreError> {
    each_row(view, Table::Notice, damage, |key, content| {
        let notice = SignedNotice::decode(&state.ledger, content).map_err(|refusal| refusal.to_string())?;
        let id = notice.id();
        if rows::notice_key(&id) != key {
            return Err("it is another notice".to_owned());
        }
        if !matches!(state.gate_notice(&notice), Gate::Changes) {
            return Err("it is not admissible".to_owned());
        }
        let (enrolment, until) = (notice.notice().enrolment, notice.notice().until);
        if let Some(found) = state.enrolments.get_mut(&enrolment) {
            found.notices.insert((until, id));
        }
        state.take_notice(id, notice.notice());
        Ok(())
    })?;
    for (record, enrolment) in &state.enrolments {
        if enrolment.notices.len() as u64 > enrolment.max_notices.saturating_add(1) {
            let what = format!("{} notices hang on it", enrolment.notices.len());
            damage.push(Damage::Enrolment { record: *record, what });
        }
    }
    Ok(())
}

/// The entry in a row and the charge beside it, or in words why there is none.
pub(crate) fn entry_at<V: View>(
    view: &V,
    state: &State,
    number: u64,
    slot: u64,
) -> Result<Result<(SignedEntry, u64), String>, StoreError> {
    let key = rows::entry_key(number, slot);
    let content = told_by(rows::content(view, &key))?;
    Ok(content.and_then(|content| {
        let content = content.ok_or_else(|| "its entry is missing".to_owned())?;
        let (charge, bytes) = split_charge(&key, &content).map_err(told)?;
        let entry = SignedEntry::decode(&state.ledger, bytes).map_err(|refusal| refusal.to_string())?;
        Ok((entry, charge))
    }))
}

/// Reads all rows of a table in key order; what cannot be read is damage.
fn each_row<V: View>(
    view: &V,
    table: Table,
    damage: &mut Vec<Damage>,
    mut each: impl FnMut(&[u8], &[u8]) -> Result<(), String>,
) -> Result<(), StoreError> {
    for row in view.rows_from(&table.prefix(), &[])? {
        let (key, value) = row?;
        let read = rows::unseal(&key, &value).map_err(told).and_then(|content| each(&key, &content));
        if let Err(what) = read {
            damage.push(Damage::at(&key, what));
        }
    }
    Ok(())
}

/// Keeps a device's fault an error, and makes words of damage.
pub(crate) fn told_by<T>(read: Result<T, StoreError>) -> Result<Result<T, String>, StoreError> {
    match read {
        Ok(value) => Ok(Ok(value)),
        Err(StoreError::Damaged { what }) => Ok(Err(what)),
        Err(other) => Err(other),
    }
}

fn told(error: StoreError) -> String {
    match error {
        StoreError::Damaged { what } => what,
        other => other.to_string(),
    }
}
