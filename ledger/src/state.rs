//! The state in memory: what is admitted, without the entries' bytes `[ADM-1]`.
//!
//! - Memory follows the number of logs, enrolments and notices, never the number of entries, so a store
//!   of a million entries opens without reading them.
//! - Every change goes into a draft of one commit as well; memory and store never part, and a commit
//!   that fails poisons the handle that holds this.

use crate::pool::Pool;
use crate::store::rows::{self, Draft};
use crate::store::{StoreError, View};
use crate::told::Told;
use intent_contracts::kinds::notice::{Failure, Revocation};
use intent_contracts::kinds::{Body, Enrol, Roles};
use intent_contracts::planted;
use intent_contracts::{
    AuthorKey, Charter, Digest, EntryId, Lane, LedgerId, LogId, LogKey, Notice, NoticeId, Record, RecordId,
    Scope, Tai,
};
use intent_merge_rules::Rules;
use serde_tuple::{Deserialize_tuple, Serialize_tuple};
use std::collections::{BTreeMap, BTreeSet};

/// What ended a log `[ADM-8]`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Terminal {
    /// One entry that breaks a chain rule, in the slot above the head.
    Stump {
        /// Its slot.
        slot: u64,
        /// Its id.
        id: EntryId,
    },
    /// Two entries in one slot.
    Fork {
        /// The slot.
        slot: u64,
        /// The two least ids, the lesser first.
        pair: [EntryId; 2],
    },
}

impl Terminal {
    /// The slot at which the log ended.
    #[must_use]
    pub const fn slot(&self) -> u64 {
        match self {
            Self::Stump { slot, .. } | Self::Fork { slot, .. } => *slot,
        }
    }

    /// The one or two ids kept there.
    #[must_use]
    pub fn ids(&self) -> &[EntryId] {
        match self {
            Self::Stump { id, .. } => std::slice::from_ref(id),
            Self::Fork { pair, .. } => pair,
        }
    }
}

/// An admitted log.
#[derive(Debug, Clone)]
pub(crate) struct LogState {
    pub(crate) key: LogKey,
    /// The number under which its entries lie in the store.
    pub(crate) number: u64,
    pub(crate) head: u64,
    /// The id at the head; at head 0 the entry of the enrolment.
    pub(crate) head_id: EntryId,
    pub(crate) head_authored: Tai,
    pub(crate) charge: u64,
    pub(crate) terminal: Option<Terminal>,
    /// The present enrolments in its trunk.
    pub(crate) enrolments: BTreeSet<(u64, RecordId)>,
}

/// A log's row in the store.
#[derive(Serialize_tuple, Deserialize_tuple)]
struct LogRow {
    key: LogKey,
    number: u64,
    head: u64,
    head_id: EntryId,
    head_authored: Tai,
    charge: u64,
    terminal_slot: u64,
    terminal_ids: Vec<EntryId>,
}

impl LogState {
    pub(crate) fn fresh(key: LogKey, number: u64) -> Self {
        Self {
            key,
            number,
            head: 0,
            head_id: key.enrolment.entry,
            head_authored: Tai(0),
            charge: 0,
            terminal: None,
            enrolments: BTreeSet::new(),
        }
    }

    /// Whether the trunk, its charge and its end are the same; numbers may differ.
    pub(crate) fn agrees(&self, other: &Self) -> bool {
        (self.key, self.head, self.head_id, self.head_authored, self.charge, self.terminal)
            == (other.key, other.head, other.head_id, other.head_authored, other.charge, other.terminal)
    }

    pub(crate) fn save<V: View>(&self, id: LogId, draft: &mut Draft<V>) {
        let terminal_slot = self.terminal.map_or(0, |terminal| terminal.slot());
        let kept = self.terminal.filter(|_| !planted::on("do not persist a terminal"));
        let terminal_ids = kept.map_or(Vec::new(), |terminal| terminal.ids().to_vec());
        draft.put_row(
            rows::log_key(&id),
            &LogRow {
                key: self.key,
                number: self.number,
                head: self.head,
                head_id: self.head_id,
                head_authored: self.head_authored,
                charge: self.charge,
                terminal_slot,
                terminal_ids,
            },
        );
    }

    pub(crate) fn load(key: &[u8], content: &[u8]) -> Result<Self, StoreError> {
        let row: LogRow = rows::parse(key, content)?;
        let terminal = match row.terminal_ids.as_slice() {
            [] => None,
            [id] => Some(Terminal::Stump { slot: row.terminal_slot, id: *id }),
            [a, b] => Some(Terminal::Fork { slot: row.terminal_slot, pair: [*a, *b] }),
            _ => {
                let what = format!("row {} has more than two terminal ids", rows::shown(key));
                return Err(StoreError::Damaged { what });
            }
        };
        Ok(Self {
            key: row.key,
            number: row.number,
            head: row.head,
            head_id: row.head_id,
            head_authored: row.head_authored,
            charge: row.charge,
            terminal,
            enrolments: BTreeSet::new(),
        })
    }
}

/// A present enrolment: a record of a trunk, or a root of the charter.
#[derive(Debug, Clone)]
pub(crate) struct Enrolment {
    /// The log and slot that hold the record; none for a root.
    pub(crate) place: Option<(LogId, u64)>,
    /// Steps from the charter.
    pub(crate) depth: u64,
    pub(crate) key: AuthorKey,
    pub(crate) next_key: Option<Digest>,
    pub(crate) roles: Roles,
    pub(crate) scope: Scope,
    pub(crate) byte_budget: u64,
    pub(crate) safety_budget: u64,
    pub(crate) max_logs: u64,
    pub(crate) max_notices: u64,
    pub(crate) until: Tai,
    pub(crate) logs: BTreeSet<(Tai, LogId)>,
    pub(crate) notices: BTreeSet<(Tai, NoticeId)>,
}

/// An enrolment's row in the store.
#[derive(Serialize_tuple, Deserialize_tuple)]
struct EnrolmentRow {
    log: LogId,
    slot: u64,
    depth: u64,
    until: Tai,
    body: Enrol,
}

impl Enrolment {
    pub(crate) fn admits(&self, author: &AuthorKey) -> bool {
        planted::on("admit any author")
            || self.key == *author
            || self.next_key.is_some_and(|commitment| commitment == author.commitment())
    }

    /// Bytes of one log of it in a lane `[ADM-5]`.
    pub(crate) fn budget(&self, lane: Lane) -> u64 {
        match lane {
            Lane::Safety if planted::on("budget both lanes as one") => self.byte_budget,
            Lane::Safety => self.safety_budget,
            Lane::Productivity => self.byte_budget,
        }
    }

    /// Whether it may write a notice of this kind `[ADM-12]`.
    pub(crate) fn may_write_notice(&self, kind: u64) -> bool {
        let of_verifiers = kind == Failure::KIND || planted::on("let verifiers deny");
        self.roles.has(Roles::DENY) || (of_verifiers && self.roles.has(Roles::VERIFY))
    }

    /// The commitments to the keys that it admits.
    fn commitments(&self) -> impl Iterator<Item = Digest> + use<> {
        [Some(self.key.commitment()), self.next_key].into_iter().flatten()
    }

    fn of_row(row: EnrolmentRow) -> Self {
        let EnrolmentRow { log, slot, depth, until, body } = row;
        Self {
            place: Some((log, slot)),
            depth,
            key: body.key,
            next_key: body.next_key,
            roles: body.roles,
            scope: body.scope,
            byte_budget: body.byte_budget,
            safety_budget: body.safety_budget,
            max_logs: body.max_logs,
            max_notices: body.max_notices,
            until,
            logs: BTreeSet::new(),
            notices: BTreeSet::new(),
        }
    }

    pub(crate) fn load(key: &[u8], content: &[u8]) -> Result<Self, StoreError> {
        Ok(Self::of_row(rows::parse(key, content)?))
    }
}

/// The present enrolments, found by record and by the key that may write under them.
#[derive(Debug, Default)]
pub(crate) struct Enrolments {
    by_record: BTreeMap<RecordId, Enrolment>,
    /// By the commitments to the enrolled key and to the next one `[KEY-6]`.
    by_key: BTreeSet<(Digest, RecordId)>,
}

impl Enrolments {
    /// Those under which `author` may write.
    pub(crate) fn of_key(&self, author: &AuthorKey) -> impl Iterator<Item = (&RecordId, &Enrolment)> {
        let least = |byte| RecordId { entry: EntryId::from_bytes([byte; 32]), index: byte };
        let commitment = author.commitment();
        let found = self.by_key.range((commitment, least(0))..=(commitment, least(u8::MAX)));
        found.filter_map(|(_, record)| self.by_record.get_key_value(record))
    }

    /// The keys of an enrolment never change, so that the index needs no care here.
    pub(crate) fn get_mut(&mut self, record: &RecordId) -> Option<&mut Enrolment> {
        self.by_record.get_mut(record)
    }

    pub(crate) fn insert(&mut self, record: RecordId, enrolment: Enrolment) {
        self.remove(&record);
        self.by_key.extend(enrolment.commitments().map(|commitment| (commitment, record)));
        self.by_record.insert(record, enrolment);
    }

    pub(crate) fn remove(&mut self, record: &RecordId) -> Option<Enrolment> {
        let enrolment = self.by_record.remove(record)?;
        for commitment in enrolment.commitments() {
            self.by_key.remove(&(commitment, *record));
        }
        Some(enrolment)
    }
}

impl std::ops::Deref for Enrolments {
    type Target = BTreeMap<RecordId, Enrolment>;

    fn deref(&self) -> &Self::Target {
        &self.by_record
    }
}

impl<'a> IntoIterator for &'a Enrolments {
    type Item = (&'a RecordId, &'a Enrolment);
    type IntoIter = std::collections::btree_map::Iter<'a, RecordId, Enrolment>;

    fn into_iter(self) -> Self::IntoIter {
        self.by_record.iter()
    }
}

impl FromIterator<(RecordId, Enrolment)> for Enrolments {
    fn from_iter<I: IntoIterator<Item = (RecordId, Enrolment)>>(found: I) -> Self {
        let mut enrolments = Self::default();
        found.into_iter().for_each(|(record, enrolment)| enrolments.insert(record, enrolment));
        enrolments
    }
}

/// An admitted notice; its bytes lie in the store.
#[derive(Debug, Clone)]
pub(crate) struct NoticeState {
    pub(crate) enrolment: RecordId,
    pub(crate) until: Tai,
    /// The key that it revokes, if it is a revocation.
    pub(crate) revokes: Option<AuthorKey>,
}

impl NoticeState {
    pub(crate) fn of(notice: &Notice) -> Self {
        let revocation =
            (notice.kind == Revocation::KIND).then(|| Revocation::read(&notice.body).ok()).flatten();
        let revokes = revocation.map(|read| read.body.key);
        Self { enrolment: notice.enrolment, until: notice.until, revokes }
    }
}

/// All that is admitted, and the pool beside it.
#[derive(Debug)]
pub(crate) struct State {
    pub(crate) charter: Charter,
    pub(crate) ledger: LedgerId,
    pub(crate) interests: Vec<Scope>,
    pub(crate) horizon: Tai,
    pub(crate) logs: BTreeMap<LogId, LogState>,
    pub(crate) enrolments: Enrolments,
    pub(crate) notices: BTreeMap<NoticeId, NoticeState>,
    /// The keys that some admitted notice revokes, whatever its author's authority.
    against: BTreeSet<(AuthorKey, NoticeId)>,
    /// Admitted logs that this replica wrote, under whatever key.
    pub(crate) own_logs: BTreeSet<LogId>,
    /// Admitted notices that this replica wrote and no peer is known to have.
    pub(crate) unheard: BTreeSet<NoticeId>,
    pub(crate) pool: Pool,
    /// What the records mean; read when a view is first asked for.
    pub(crate) rules: Option<Rules>,
    /// What the rules are to read before the call ends.
    pub(crate) told: Vec<Told>,
    pub(crate) next_number: u64,
    /// Numbers of dropped logs under which entry rows still lie, each with the last slot of them `[BOUND-2]`.
    pub(crate) dead: BTreeMap<u64, u64>,
}

impl State {
    /// The state in which only the charter's roots are present.
    pub(crate) fn founded(charter: &Charter, interests: Vec<Scope>, horizon: Tai) -> Self {
        let ledger = charter.ledger_id();
        let root = |(index, root): (usize, &intent_contracts::CharterRoot)| {
            // A charter has at most 32 roots.
            let index = u8::try_from(index).unwrap_or(u8::MAX);
            let enrolment = Enrolment {
                place: None,
                depth: 0,
                key: root.key,
                next_key: None,
                roles: Roles::ROOT,
                scope: Scope::root(),
                byte_budget: root.byte_budget,
                safety_budget: root.safety_budget,
                max_logs: root.max_logs,
                max_notices: root.max_notices,
                until: charter.until(),
                logs: BTreeSet::new(),
                notices: BTreeSet::new(),
            };
            (RecordId::root(&ledger, index), enrolment)
        };
        Self {
            ledger,
            interests,
            horizon,
            logs: BTreeMap::new(),
            enrolments: charter.roots().iter().enumerate().map(root).collect(),
            notices: BTreeMap::new(),
            against: BTreeSet::new(),
            own_logs: BTreeSet::new(),
            unheard: BTreeSet::new(),
            pool: Pool::default(),
            rules: None,
            told: Vec::new(),
            next_number: 1,
            dead: BTreeMap::new(),
            charter: charter.clone(),
        }
    }

    /// Whether the replica holds the scope `[INT-1]`.
    pub(crate) fn holds(&self, scope: &Scope) -> bool {
        self.interests.iter().any(|interest| interest.on_one_line(scope))
    }

    /// Takes in an admitted notice.
    pub(crate) fn take_notice(&mut self, id: NoticeId, notice: &Notice) {
        let state = NoticeState::of(notice);
        self.against.extend(state.revokes.map(|key| (key, id)));
        self.notices.insert(id, state);
    }

    /// Forgets a notice; tells whether it was there.
    pub(crate) fn leave_notice(&mut self, id: &NoticeId) -> bool {
        let Some(state) = self.notices.remove(id) else { return false };
        if let Some(key) = state.revokes {
            self.against.remove(&(key, *id));
        }
        true
    }

    /// Whether some notice or rotation may deny what a log says, as far as keys alone show it: then the rules are
    /// asked, which read the whole store.
    pub(crate) fn may_be_denied(&self, key: &LogKey) -> bool {
        let mut at = Some(*key);
        // The charter is at most as many steps away as an enrolment is deep.
        while let Some(key) = at {
            let Some(enrolment) = self.enrolments.get(&key.enrolment) else { return false };
            let all = NoticeId::from_bytes([0; 32])..=NoticeId::from_bytes([u8::MAX; 32]);
            let named = self.against.range((key.author, *all.start())..=(key.author, *all.end()));
            let rotated =
                |(_, log): &(Tai, LogId)| self.logs.get(log).is_some_and(|log| log.key.author != key.author);
            if named.count() > 0 || enrolment.logs.iter().any(rotated) {
                return true;
            }
            at = enrolment.place.and_then(|(log, _)| self.logs.get(&log)).map(|log| log.key);
        }
        false
    }

    /// Remembers that this replica wrote an admitted log.
    pub(crate) fn own<V: View>(&mut self, log: LogId, draft: &mut Draft<V>) {
        if self.logs.contains_key(&log) && self.own_logs.insert(log) {
            draft.put(rows::own_log_key(&log), Vec::new());
        }
    }

    /// Remembers that this replica wrote an admitted notice which nobody has yet.
    pub(crate) fn await_hearing<V: View>(&mut self, notice: NoticeId, draft: &mut Draft<V>) {
        if self.notices.contains_key(&notice) && self.unheard.insert(notice) {
            draft.put(rows::unheard_key(&notice), Vec::new());
        }
    }

    /// Some peer has the notice, or it is gone.
    pub(crate) fn heard<V: View>(&mut self, notice: &NoticeId, draft: &mut Draft<V>) {
        if self.unheard.remove(notice) {
            draft.delete(rows::unheard_key(notice));
        }
    }

    /// The enrolment that `record` would be in the trunk of a log under `parent`, if any `[ADM-2]`.
    pub(crate) fn enrolment_in(
        &self,
        parent: &Enrolment,
        log: LogId,
        key: &LogKey,
        slot: u64,
        record: &Record,
    ) -> Option<(Enrolment, Vec<u8>)> {
        let safety = key.lane == Lane::Safety;
        if record.kind != Enrol::KIND || !safety || !parent.roles.has(Roles::ENROL) {
            return None;
        }
        let body = Enrol::read(&record.body).ok()?.body;
        let fits = (parent.scope.contains(&body.scope) || planted::on("enrol beyond the own scope"))
            && record.until <= parent.until
            && (body.in_range(self.charter.parameters()) || planted::on("enrol with any numbers"));
        if !fits {
            return None;
        }
        let depth = parent.depth.saturating_add(1);
        let row = EnrolmentRow { log, slot, depth, until: record.until, body };
        let content = intent_contracts::cbor::encode(&row);
        Some((Enrolment::of_row(row), content))
    }
}
