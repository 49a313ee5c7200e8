//! The rules over everything admitted so far.
//!
//! - Total: whatever was admitted has a reading. No clock, no I/O, no randomness `[RULE-1]`.
//! - Taking in an entry costs what it touches: its own indexes and the order of the rights that it draws
//!   on. Verdicts are read off afterwards, by [`crate::View`].
//! - A copy is a snapshot and costs a few reference counts.

use crate::facts::{
    About, End, Enrolled, Entered, Head, Known, Log, LogNo, Noticed, PartPlace, Place, Revoked, Tripped,
    What, length_class,
};
use crate::flaws::{self, Bounds};
use crate::map::Map;
use crate::order::{Event, Orders, Pos};
use crate::restrictions::Restricted;
use crate::understanding::Understanding;
use crate::votes::{AssignableWindow, Voted};
use intent_contracts::kinds::Resource as ResourceBody;
use intent_contracts::kinds::{Body, Enrol, Meaning, Receiver, Roles, notice};
use intent_contracts::planted;
use intent_contracts::{
    AuthorKey, Charter, CharterGive, CharterParameters, Citation, Effect, EntryId, Evidence, FirstRight,
    Footprint, Header, Lane, LedgerId, LogId, LogKey, NoticeId, Record, RecordId, ResourceId, ResourcePath,
    Scope, SignedEntry, SignedNotice, Tai, Window,
};
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

/// What the charter says, as the rules need it.
#[derive(Debug)]
pub(crate) struct Founded {
    pub(crate) ledger: LedgerId,
    pub(crate) parameters: CharterParameters,
    pub(crate) threshold: usize,
    pub(crate) seed: [u8; 32],
    pub(crate) until: Tai,
    pub(crate) first_rights: BTreeMap<RecordId, FirstRight>,
    /// The first gives, by their places, of which votes assign windows `[VOTE-2]`.
    pub(crate) assignable: BTreeMap<usize, CharterGive>,
    /// First rights by their resource; a resource that is here is given `[RIGHT-1]`.
    pub(crate) given: BTreeMap<ResourceId, Vec<RecordId>>,
}

impl Founded {
    /// The right of a window of a first give `[RIGHT-1]`.
    pub(crate) fn window_right(&self, give: u64, number: u64) -> RecordId {
        RecordId { entry: EntryId::first_give(&self.ledger, give, number), index: 0 }
    }
}

/// The state as the rules have read it.
///
/// ```
/// use intent_merge_rules::Rules;
/// use intent_contracts::*;
/// let root = SecretKey::from_seed([1; 32]);
/// let roots = vec![CharterRoot::new(root.author(), 1 << 30, 16)];
/// let charter = Charter::new("forge", roots, 1, Tai(u64::MAX), CharterParameters::default(), [9; 32])?;
/// let rules = Rules::founded(&charter);
/// let view = rules.view(vec![Scope::root()]);
/// assert!(view.exceptions().is_empty());
/// # Ok::<(), CharterError>(())
/// ```
#[derive(Debug, Clone)]
pub struct Rules {
    pub(crate) founded: Arc<Founded>,
    pub(crate) horizon: Tai,
    pub(crate) numbers: Map<LogId, LogNo>,
    next_log: u32,
    pub(crate) logs: Map<LogNo, Arc<Log>>,
    pub(crate) heads: Map<LogNo, Head>,
    pub(crate) ends: Map<LogNo, End>,
    /// Of each log, the first opaque record that takes or frees `[ORDER-5]`.
    pub(crate) opaque: Map<LogNo, Place>,
    /// Of each log, the first opaque record that frees `[ORDER-5]`.
    pub(crate) unread: Map<LogNo, Place>,
    /// What may free and cannot be read `[BACK-3]`.
    pub(crate) may_free: Map<Place, ()>,
    pub(crate) entries: Map<(LogNo, u64), Arc<Entered>>,
    pub(crate) places: Map<EntryId, (LogNo, u64)>,
    pub(crate) enrolments: Map<RecordId, Arc<Enrolled>>,
    /// The logs of each enrolment, by their ends.
    pub(crate) logs_under: Map<(RecordId, Tai, LogId), ()>,
    pub(crate) log_counts: Map<RecordId, u64>,
    /// Forked safety logs by enrolment `[FORK-5]`.
    pub(crate) forked_safety: Map<(RecordId, Tai, LogId), ()>,
    /// Forked logs by the scope of their enrolment `[OPEN-5]`.
    pub(crate) forked: Map<(Scope, Tai, LogId), ()>,
    /// Enrolments with more logs than they may have, by scope `[OPEN-5]`.
    pub(crate) overfull: Map<(Scope, RecordId), ()>,
    pub(crate) declared: Map<(ResourceId, Tai, Place), Arc<ResourceBody>>,
    pub(crate) paths: Map<(Scope, ResourcePath, ResourceId, Place), ()>,
    /// Footprints of leases by resource and window.
    pub(crate) touching: Map<(ResourceId, u8, Tai, PartPlace), Window>,
    /// Claims, for those who ask for all.
    pub(crate) claims: Map<Place, RecordId>,
    /// Gives to logs, by the log.
    pub(crate) held: Map<(LogId, RecordId), ()>,
    /// Gives to claims.
    pub(crate) answers: Map<(RecordId, Place), ()>,
    /// Releases and posts by what they cite.
    pub(crate) endings: Map<(RecordId, Place), ()>,
    /// Reclaims by the give.
    pub(crate) reclaims: Map<(RecordId, Place), ()>,
    /// Reclaims by the give, their log, and the earliest moment at which they can have been written `[RECLAIM-2]`.
    pub(crate) taken_back: Map<(RecordId, LogNo, Tai, Place), ()>,
    pub(crate) orders: Orders,
    pub(crate) notices: Map<NoticeId, Noticed>,
    pub(crate) notices_under: Map<(RecordId, Tai, NoticeId), ()>,
    pub(crate) notice_counts: Map<RecordId, u64>,
    /// Authors of more notices than they may have, by the anchor that they name.
    pub(crate) noisy: Map<(RecordId, RecordId), ()>,
    /// By the key that they name and their author's enrolment.
    pub(crate) revocations: Map<(AuthorKey, RecordId, NoticeId), Arc<Revoked>>,
    /// Trips by the tripped scope `[BREAK-2]`.
    pub(crate) trips: Map<(Scope, NoticeId), Arc<Tripped>>,
    /// Closings by the trip that they end `[BREAK-1]`.
    pub(crate) closings: Map<(NoticeId, Place), ()>,
    /// Co-signatures by the enrolment that they cite and the one under which they stand `[COSIGN-2]`.
    pub(crate) cosignatures: Map<(RecordId, RecordId, Place), ()>,
    /// Roots with more notices than they may have `[SUSP-4]`.
    pub(crate) noisy_roots: Map<u8, ()>,
    /// Notices that restrict and that this version cannot read, by their scope `[RESTRICT-2]`.
    pub(crate) restrictions: Map<(Scope, NoticeId), Arc<Restricted>>,
    /// Votes by the window, the log that they name and the root, and until when each lasts `[VOTE-2]`.
    pub(crate) votes: Map<(RecordId, LogId, u8, NoticeId), Tai>,
    /// The windows on which there are votes, by their rights.
    pub(crate) voted: Map<RecordId, AssignableWindow>,
    /// The windows for which a vote names a log.
    pub(crate) voted_to: Map<(LogId, RecordId), ()>,
    /// Votes for a successor `[VOTE-3]`.
    pub(crate) successors: Map<(LedgerId, u8, NoticeId), ()>,
    /// Until when an endorsement lasts, and what it cites.
    pub(crate) endorsements: Map<(RecordId, u8, NoticeId), (Tai, Citation)>,
}

impl Rules {
    /// The rules of a ledger of which nothing but the charter is known.
    #[must_use]
    pub fn founded(charter: &Charter) -> Self {
        let mut given: BTreeMap<ResourceId, Vec<RecordId>> = BTreeMap::new();
        let mut first_rights = BTreeMap::new();
        for right in charter.first_rights() {
            given.entry(right.footprint.resource).or_default().push(right.citation.record);
            first_rights.insert(right.citation.record, right);
        }
        // A first give whose windows all lie beyond the scale of time still makes its resource a given one.
        for give in charter.gives() {
            given.entry(give.footprint.resource).or_default();
        }
        let assignable = charter.gives().iter().cloned().enumerate();
        let assignable = assignable.filter(|(_, give)| give.last_assignable.is_some());
        let founded = Founded {
            ledger: charter.ledger_id(),
            parameters: charter.parameters().clone(),
            threshold: usize::try_from(charter.threshold()).unwrap_or(usize::MAX),
            seed: *charter.rotation_seed(),
            until: charter.until(),
            first_rights,
            assignable: assignable.collect(),
            given,
        };
        let mut rules = Self::empty(Arc::new(founded));
        for (place, root) in charter.roots().iter().enumerate() {
            // A charter has at most 32 roots.
            let place = u8::try_from(place).unwrap_or(u8::MAX);
            let enrolled = Enrolled {
                parent: None,
                place: None,
                root: Some(place),
                depth: 0,
                key: root.key,
                next_key: None,
                roles: Roles::ROOT,
                scope: Scope::root(),
                max_logs: root.max_logs,
                max_notices: root.max_notices,
                needs: None,
                until: charter.until(),
                anchor: None,
                ordinal: place.into(),
                answers: Vec::new(),
                readable: true,
                flaw: None,
            };
            let record = RecordId::root(&rules.founded.ledger, place);
            rules.enrolments.insert(record, Arc::new(enrolled));
        }
        rules
    }

    fn empty(founded: Arc<Founded>) -> Self {
        Self {
            founded,
            horizon: Tai(0),
            numbers: Map::new(),
            next_log: 0,
            logs: Map::new(),
            heads: Map::new(),
            ends: Map::new(),
            opaque: Map::new(),
            unread: Map::new(),
            may_free: Map::new(),
            entries: Map::new(),
            places: Map::new(),
            enrolments: Map::new(),
            logs_under: Map::new(),
            log_counts: Map::new(),
            forked_safety: Map::new(),
            forked: Map::new(),
            overfull: Map::new(),
            declared: Map::new(),
            paths: Map::new(),
            touching: Map::new(),
            claims: Map::new(),
            held: Map::new(),
            answers: Map::new(),
            endings: Map::new(),
            reclaims: Map::new(),
            taken_back: Map::new(),
            orders: Orders::empty(),
            notices: Map::new(),
            notices_under: Map::new(),
            notice_counts: Map::new(),
            noisy: Map::new(),
            revocations: Map::new(),
            trips: Map::new(),
            closings: Map::new(),
            cosignatures: Map::new(),
            noisy_roots: Map::new(),
            restrictions: Map::new(),
            votes: Map::new(),
            voted: Map::new(),
            voted_to: Map::new(),
            successors: Map::new(),
            endorsements: Map::new(),
        }
    }

    /// Takes in the next entry of a log's trunk. An entry that is not the next one is passed over.
    ///
    /// Cost: that of its records' indexes, logarithmic in the state; and for each part drawn on a right,
    /// what of that right meets its window.
    ///
    /// Evidence that it carries is checked here, piece by piece; [`admit_checked`](Self::admit_checked) takes
    /// what was checked before.
    pub fn admit(&mut self, entry: &SignedEntry) {
        let ledger = self.founded.ledger;
        let shown = flaws::evidence_of(entry).iter().map(|carried| carried.check(&ledger)).collect();
        self.admit_checked(entry, shown);
    }

    /// The same, with what each piece of [its evidence](crate::evidence_of) shows. What is missing shows nothing.
    pub fn admit_checked(&mut self, entry: &SignedEntry, shown: Vec<Option<Evidence>>) {
        let header = entry.header();
        let Some(no) = self.ensure_log(&header.log) else { return };
        let head = self.heads.get(&no).map_or(0, |head| head.slot);
        if header.seq != head + 1 {
            return;
        }
        let Some(log) = self.logs.get(&no).cloned() else { return };
        let bounds = self.bounds_of(&log);
        let understood = Understanding::of(entry.records());
        let mut shown = shown.into_iter();
        let read = |(index, record): (usize, &Record)| {
            let meaning = match &understood {
                Understanding::Read(meanings) => meanings.get(index).cloned(),
                Understanding::Unknown => None,
            };
            let mut known = flaws::read(record, meaning.unwrap_or(Meaning::Unknown), &mut shown, &bounds);
            // What is critical and not understood may do anything to what its log holds.
            known.may_free |= understood == Understanding::Unknown;
            known
        };
        let records: Vec<Known> = entry.records().iter().enumerate().map(read).collect();
        let entered = Arc::new(Entered { id: entry.id(), authored: header.authored, records });
        self.heads.insert(no, Head { slot: header.seq, earliest: header.authored.clock().lo() });
        self.entries.insert((no, header.seq), Arc::clone(&entered));
        self.places.insert(entry.id(), (no, header.seq));
        for (index, record) in (0..=u8::MAX).zip(entry.records()) {
            let place = Place { log: no, slot: header.seq, index };
            self.enrol(&log, place, entry.id(), record);
        }
        self.index(&log, header.seq, &entered, true);
        self.draw(&log, header.seq, &entered);
    }

    fn bounds_of(&self, log: &Log) -> Bounds<'_> {
        Bounds { founded: &self.founded, roles: log.roles, lane: log.key.lane }
    }

    /// Cuts a trunk down to `head`, because the log was forked there or its rows were lost `[RULE-4]`.
    ///
    /// Cost: linear in the records that go.
    pub fn cut_back(&mut self, log: &LogId, head: u64) {
        let Some(no) = self.numbers.get(log).copied() else { return };
        let Some(facts) = self.logs.get(&no).cloned() else { return };
        let Some(old) = self.heads.get(&no).map(|head| head.slot) else { return };
        if head >= old {
            return;
        }
        let mut drawn: BTreeSet<RecordId> = BTreeSet::new();
        for slot in (head + 1..=old).rev() {
            let Some(entered) = self.entries.get(&(no, slot)).cloned() else { continue };
            // What it cites of its own log is below and still here.
            for (index, known) in (0..=u8::MAX).zip(&entered.records) {
                let events = self.events_of(Place { log: no, slot, index }, &entered, known);
                drawn.extend(events.into_iter().map(|(right, ..)| right));
            }
            self.index(&facts, slot, &entered, false);
            self.entries.remove(&(no, slot));
            self.places.remove(&entered.id);
            for index in (0..=u8::MAX).take(entered.records.len()) {
                self.enrolments.remove(&RecordId { entry: entered.id, index });
            }
            let gone: Vec<RecordId> = (0..=u8::MAX)
                .take(entered.records.len())
                .map(|index| RecordId { entry: entered.id, index })
                .collect();
            gone.iter().for_each(|record| self.right_changed(record, &entered));
        }
        match self.entries.get(&(no, head)) {
            Some(entered) => {
                let earliest = entered.authored.clock().lo();
                self.heads.insert(no, Head { slot: head, earliest });
            }
            None => {
                self.heads.remove(&no);
            }
        }
        if self.opaque.get(&no).is_some_and(|place| place.slot > head) {
            self.opaque.remove(&no);
        }
        if self.unread.get(&no).is_some_and(|place| place.slot > head) {
            self.unread.remove(&no);
        }
        for right in drawn {
            self.orders.cut(no, right, head);
        }
        self.drop_if_empty(no);
    }

    /// Notes that a log has ended in `slot`: with a fork, or with an entry that broke a chain rule.
    pub fn end(&mut self, key: &LogKey, slot: u64, forked: bool) {
        let Some(no) = self.ensure_log(key) else { return };
        self.mark_end(no, Some(End { slot, forked }));
    }

    /// Takes back that a log has ended, because the evidence was lost.
    pub fn reopen(&mut self, log: &LogId) {
        if let Some(no) = self.numbers.get(log).copied() {
            self.mark_end(no, None);
            self.drop_if_empty(no);
        }
    }

    fn mark_end(&mut self, no: LogNo, end: Option<End>) {
        let Some(log) = self.logs.get(&no).cloned() else { return };
        let by_scope = (log.scope.clone(), log.key.end, log.id);
        let by_enrolment = (log.key.enrolment, log.key.end, log.id);
        let forked = end.is_some_and(|end| end.forked);
        let safety = log.key.lane == Lane::Safety;
        match end {
            Some(end) => {
                self.ends.insert(no, end);
            }
            None => {
                self.ends.remove(&no);
            }
        }
        put(&mut self.forked, by_scope, (), forked);
        put(&mut self.forked_safety, by_enrolment, (), forked && safety);
    }

    /// Forgets a log whole `[FORGET-1]`.
    pub fn forget_log(&mut self, log: &LogId) {
        self.cut_back(log, 0);
        self.reopen(log);
    }

    /// Takes in an admitted notice.
    pub fn admit_notice(&mut self, signed: &SignedNotice) {
        let (id, frame) = (signed.id(), signed.notice());
        if self.notices.contains_key(&id) {
            return;
        }
        let root = self.enrolments.get(&frame.enrolment).map(|found| found.root);
        let about = match root {
            Some(root) => self.about(signed, root),
            None => About::Nothing,
        };
        self.index_notice(id, frame.enrolment, frame.until, &about, true);
        let enrolment = frame.enrolment;
        let anchor = self.enrolments.get(&enrolment).and_then(|found| found.anchor).unwrap_or(enrolment);
        let noticed = Noticed { enrolment, anchor, until: frame.until, about };
        self.count_notice(id, &noticed, true);
        self.notices.insert(id, noticed);
    }

    /// Forgets a notice.
    pub fn forget_notice(&mut self, id: &NoticeId) {
        let Some(noticed) = self.notices.get(id).cloned() else { return };
        self.notices.remove(id);
        self.index_notice(*id, noticed.enrolment, noticed.until, &noticed.about, false);
        self.count_notice(*id, &noticed, false);
    }

    /// What a notice is about, as this version reads it; `root` is the place of its author among the roots.
    fn about(&self, signed: &SignedNotice, root: Option<u8>) -> About {
        let frame = signed.notice();
        let (enrolment, until) = (frame.enrolment, frame.until);
        if let Some(restricted) = Restricted::of(frame) {
            return About::Restricted(Arc::new(restricted));
        }
        let about = match frame.kind {
            notice::Revocation::KIND => notice::Revocation::read(&frame.body).ok().map(|reading| {
                let notice::Revocation { key, cuts } = reading.body;
                About::Key(key, Arc::new(Revoked { until, cuts }))
            }),
            notice::Trip::KIND => notice::Trip::read(&frame.body).ok().map(|reading| {
                let (scope, other) = (frame.scope.clone(), reading.body.other);
                About::Tripped(Arc::new(Tripped { enrolment, scope, other, until }))
            }),
            notice::Endorsement::KIND if frame.version <= Header::VERSION => root.and_then(|root| {
                let reading = notice::Endorsement::read(&frame.body).ok()?;
                Some(About::Endorsed(reading.body.record, root))
            }),
            notice::Vote::KIND if frame.version <= Header::VERSION => root.and_then(|root| {
                let vote = notice::Vote::read(&frame.body).ok()?.body;
                Some(About::Voted(Arc::new(Voted { root, until, vote })))
            }),
            _ => None,
        };
        about.unwrap_or(About::Nothing)
    }

    /// Adds or removes the indexes of a notice.
    fn index_notice(&mut self, id: NoticeId, author: RecordId, until: Tai, about: &About, add: bool) {
        match about {
            About::Key(key, revoked) => {
                put(&mut self.revocations, (*key, author, id), Arc::clone(revoked), add);
            }
            About::Tripped(tripped) => {
                put(&mut self.trips, (tripped.scope.clone(), id), Arc::clone(tripped), add);
            }
            About::Endorsed(record, root) => {
                put(&mut self.endorsements, (record.record, *root, id), (until, *record), add);
            }
            About::Restricted(told) => {
                put(&mut self.restrictions, (told.scope.clone(), id), Arc::clone(told), add);
            }
            About::Voted(voted) => self.vote(id, voted, add),
            About::Nothing => {}
        }
    }

    fn count_notice(&mut self, id: NoticeId, noticed: &Noticed, add: bool) {
        let Noticed { enrolment, anchor, until, .. } = *noticed;
        put(&mut self.notices_under, (enrolment, until, id), (), add);
        let count = counted(&mut self.notice_counts, enrolment, add);
        // What a verifier's flood drives out is no denial, and it suspends nothing.
        let denies = |found: &&Arc<Enrolled>| found.roles.has(Roles::DENY);
        let bound = self.enrolments.get(&enrolment).filter(denies).map(|found| found.max_notices);
        let noisy = bound.is_some_and(|most| count > most);
        match self.enrolments.get(&enrolment).and_then(|found| found.root) {
            Some(root) => put(&mut self.noisy_roots, root, (), noisy),
            None => put(&mut self.noisy, (anchor, enrolment), (), noisy),
        }
    }

    /// Notes how far the replica has forgotten.
    pub fn forget_below(&mut self, horizon: Tai) {
        self.horizon = horizon;
    }

    fn ensure_log(&mut self, key: &LogKey) -> Option<LogNo> {
        let id = key.id(&self.founded.ledger);
        if let Some(no) = self.numbers.get(&id) {
            return Some(*no);
        }
        let enrolment = self.enrolments.get(&key.enrolment)?;
        let no = LogNo(self.next_log);
        let log = Log {
            id,
            key: *key,
            scope: enrolment.scope.clone(),
            roles: enrolment.roles,
            root: enrolment.root,
        };
        // Four thousand million logs outlast every store.
        self.next_log = self.next_log.saturating_add(1);
        self.numbers.insert(id, no);
        self.count_log(&log, true);
        self.logs.insert(no, Arc::new(log));
        Some(no)
    }

    fn count_log(&mut self, log: &Log, add: bool) {
        put(&mut self.logs_under, (log.key.enrolment, log.key.end, log.id), (), add);
        let count = counted(&mut self.log_counts, log.key.enrolment, add);
        let most = self.enrolments.get(&log.key.enrolment).map_or(u64::MAX, |found| found.max_logs);
        put(&mut self.overfull, (log.scope.clone(), log.key.enrolment), (), count > most);
    }

    fn drop_if_empty(&mut self, no: LogNo) {
        if self.heads.contains_key(&no) || self.ends.contains_key(&no) {
            return;
        }
        if let Some(log) = self.logs.get(&no).cloned() {
            self.count_log(&log, false);
            self.logs.remove(&no);
            self.numbers.remove(&log.id);
        }
    }

    /// Notes an enrolment that is present in this entry `[ADM-2]`.
    fn enrol(&mut self, log: &Log, place: Place, entry: EntryId, record: &Record) {
        let Some(parent) = self.enrolments.get(&log.key.enrolment).cloned() else { return };
        if record.kind != Enrol::KIND || log.key.lane != Lane::Safety || !parent.roles.has(Roles::ENROL) {
            return;
        }
        let Ok(reading) = Enrol::read(&record.body) else { return };
        let body = reading.body;
        if !(parent.scope.contains(&body.scope) && body.in_range(&self.founded.parameters)) {
            return;
        }
        let known = self.entries.get(&(place.log, place.slot));
        let known = known.and_then(|entered| entered.records.get(usize::from(place.index)));
        let readable = known.is_some_and(|known| matches!(known.what, What::Enrol));
        let depth = parent.depth.saturating_add(1);
        let flaw = flaws::of_enrolment(known, parent.roles, &body, depth);
        let enrolled = Enrolled {
            parent: Some(log.key.enrolment),
            place: Some(place),
            root: None,
            depth,
            key: body.key,
            next_key: body.next_key,
            roles: body.roles,
            scope: body.scope,
            max_logs: body.max_logs,
            max_notices: body.max_notices,
            needs: body.needs,
            until: record.until,
            anchor: body.anchor,
            ordinal: body.ordinal,
            answers: body.answers,
            readable,
            flaw,
        };
        self.enrolments.insert(RecordId { entry, index: place.index }, Arc::new(enrolled));
    }

    /// Adds or removes the indexes of an entry's records.
    fn index(&mut self, log: &Log, slot: u64, entered: &Entered, add: bool) {
        let Some(no) = self.numbers.get(&log.id).copied() else { return };
        for (index, known) in (0..=u8::MAX).zip(&entered.records) {
            let place = Place { log: no, slot, index };
            let id = RecordId { entry: entered.id, index };
            self.index_record(place, id, entered, known, add);
        }
    }

    fn index_record(&mut self, place: Place, id: RecordId, entered: &Entered, known: &Known, add: bool) {
        if add && known.is_opaque() && known.effect != Effect::None && !self.opaque.contains_key(&place.log) {
            self.opaque.insert(place.log, place);
        }
        if add && known.is_opaque() && known.effect == Effect::Frees && !self.unread.contains_key(&place.log)
        {
            self.unread.insert(place.log, place);
        }
        if known.may_free {
            put(&mut self.may_free, place, (), add);
        }
        if known.is_leaf() {
            for (part, footprint) in (0..=u8::MAX).zip(&known.footprints) {
                let window = footprint.window;
                let part = PartPlace { place, part };
                let key = (footprint.resource, length_class(&window), window.start(), part);
                put(&mut self.touching, key, window, add);
            }
        }
        match &known.what {
            What::Resource(resource, body) => {
                let path = (body.scope.clone(), body.path.clone(), *resource, place);
                put(&mut self.paths, path, (), add);
                put(&mut self.declared, (*resource, known.until, place), Arc::clone(body), add);
            }
            What::Give(give) => match &give.to {
                Receiver::Claim { claim, .. } => put(&mut self.answers, (claim.record, place), (), add),
                Receiver::Log(log) => put(&mut self.held, (*log, id), (), add),
            },
            What::Claim(_) => put(&mut self.claims, place, id, add),
            What::Ending(back) => {
                for give in &back.gives {
                    put(&mut self.endings, (give.record, place), (), add);
                }
            }
            // A partial closing ends nothing yet.
            What::Closing(closing) if !closing.is_partial() => {
                for trip in &closing.notices {
                    put(&mut self.closings, (*trip, place), (), add);
                }
            }
            What::Reclaim(reclaim, _) => {
                let give = reclaim.give.record;
                put(&mut self.reclaims, (give, place), (), add);
                let earliest = entered.authored.clock().lo();
                put(&mut self.taken_back, (give, place.log, earliest, place), (), add);
            }
            What::CoSignature(body) => {
                if let Some(by) = self.logs.get(&place.log).map(|log| log.key.enrolment) {
                    put(&mut self.cosignatures, (body.enrolment.record, by, place), (), add);
                }
            }
            _ => {}
        }
    }

    /// Reads an entry into the orders of the rights that it draws on or frees.
    fn draw(&mut self, log: &Log, slot: u64, entered: &Entered) {
        let Some(no) = self.numbers.get(&log.id).copied() else { return };
        let mut touched: Vec<(RecordId, Pos, Event)> = Vec::new();
        for (index, known) in (0..=u8::MAX).zip(&entered.records) {
            let place = Place { log: no, slot, index };
            touched.extend(self.events_of(place, entered, known));
        }
        let unread = self.unread.get(&no).copied();
        let mut sources: BTreeMap<RecordId, Option<Source>> = BTreeMap::new();
        for (right, pos, event) in touched {
            let held = || self.source_at(&right, log);
            let source = sources.entry(right).or_insert_with(held);
            self.orders.push(no, right, pos, event, source.as_ref(), unread);
        }
        let new_rights: Vec<RecordId> = (0..=u8::MAX)
            .take(entered.records.len())
            .map(|index| RecordId { entry: entered.id, index })
            .collect();
        new_rights.iter().for_each(|record| self.right_changed(record, entered));
    }

    /// Reads anew the order of a right whose record has come or gone.
    fn right_changed(&mut self, record: &RecordId, entered: &Entered) {
        let Some(known) = entered.records.get(usize::from(record.index)) else { return };
        if let What::Give(give) = &known.what
            && let Receiver::Log(holder) = &give.to
            && let Some(no) = self.numbers.get(holder).copied()
        {
            self.replay(no, *record);
        }
    }

    pub(crate) fn replay(&mut self, no: LogNo, right: RecordId) {
        let source = self.logs.get(&no).and_then(|log| self.source_at(&right, log));
        let unread = self.unread.get(&no).copied();
        self.orders.replay(no, right, source.as_ref(), unread);
    }
}

/// What a right holds, wherever it comes from.
#[derive(Debug, Clone)]
pub(crate) struct Source {
    pub(crate) holder: LogId,
    pub(crate) footprints: Vec<Footprint>,
    /// Where the give stands; none for a right of the charter.
    pub(crate) place: Option<Place>,
}

impl Rules {
    /// A record by its place.
    pub(crate) fn known(&self, place: Place) -> Option<(&Arc<Entered>, &Known)> {
        let entered = self.entries.get(&(place.log, place.slot))?;
        Some((entered, entered.records.get(usize::from(place.index))?))
    }

    /// Where a record stands.
    pub(crate) fn place_of(&self, record: &RecordId) -> Option<Place> {
        let (log, slot) = *self.places.get(&record.entry)?;
        Some(Place { log, slot, index: record.index })
    }

    /// What a right holds: a first right of the charter, or a give to a log.
    pub(crate) fn source(&self, right: &RecordId) -> Option<Source> {
        if let Some(first) = self.founded.first_rights.get(right) {
            return Some(Source {
                holder: first.holder,
                footprints: vec![first.footprint.clone()],
                place: None,
            });
        }
        let place = self.place_of(right)?;
        let (_, known) = self.known(place)?;
        let What::Give(give) = &known.what else { return None };
        let Receiver::Log(holder) = give.to else { return None };
        Some(Source { holder, footprints: known.footprints.clone(), place: Some(place) })
    }

    /// What a log holds of a right: of a window that votes assign, what it would hold if they named it.
    fn source_at(&self, right: &RecordId, log: &Log) -> Option<Source> {
        let held = || self.source(right).filter(|source| self.holds_right(source, log));
        self.voted_source(right, &log.id).or_else(held)
    }

    /// Whether a right is this log's: of one log, not of the key that writes it `[RIGHT-1]`.
    pub(crate) fn holds_right(&self, source: &Source, log: &Log) -> bool {
        let of_key = || {
            let holder = self.numbers.get(&source.holder).and_then(|no| self.logs.get(no));
            holder.is_some_and(|holder| holder.key.author == log.key.author)
        };
        source.holder == log.id || (planted::on("bind a right to the key") && of_key())
    }
}

/// Adds or removes one key.
pub(crate) fn put<K: Ord + Clone, V: Clone>(map: &mut Map<K, V>, key: K, value: V, add: bool) {
    if add {
        map.insert(key, value);
    } else {
        map.remove(&key);
    }
}

fn counted(map: &mut Map<RecordId, u64>, key: RecordId, add: bool) -> u64 {
    let old = map.get(&key).copied().unwrap_or(0);
    let new = if add { old.saturating_add(1) } else { old.saturating_sub(1) };
    put(map, key, new, new > 0);
    new
}
