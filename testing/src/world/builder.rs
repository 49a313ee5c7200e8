//! From instructions to signed items.

use super::bodies::{self, BUDGETS, Enrolling};
use super::step::{Content, EnrolFlaw, Evidence, NoticeFlaw, Speaker, Step, WriteFlaw};
use super::{KEYS, WorldItem, branch_of, day, key};
use intent_contracts::kinds::Roles;
use intent_contracts::{
    Authored, Charter, Digest, EntryId, ForkProof, Header, Lane, LedgerId, LogKey, Millis, Notice,
    NoticeHeader, Record, RecordId, Scope, SignedEntry, SignedNotice, Signer as _, Tai,
};

/// The authentic items that these steps write, in their order.
pub(super) fn build(charter: &Charter, steps: &[Step]) -> Vec<WorldItem> {
    let mut builder = Builder {
        charter,
        ledger: charter.ledger_id(),
        items: Vec::new(),
        enrolments: Vec::new(),
        logs: Vec::new(),
        nonce: 0,
    };
    builder.found();
    steps.iter().for_each(|step| builder.take(*step));
    builder.items
}

struct Builder<'a> {
    charter: &'a Charter,
    ledger: LedgerId,
    items: Vec<WorldItem>,
    enrolments: Vec<Enrolled>,
    logs: Vec<Log>,
    /// Rises with all that is written; it is clock, incarnation and salt of bodies.
    nonce: u64,
}

/// An enrolment that was written, be it sound or not.
struct Enrolled {
    id: RecordId,
    key: usize,
    next: Option<usize>,
    roles: Roles,
    scope: Scope,
    until: Tai,
    depth: usize,
    /// The log and the place in it at which it was written; none for a root.
    parent: Option<(usize, usize)>,
    flawed: bool,
}

/// A log as one of its writers knows it.
struct Log {
    key: LogKey,
    signer: usize,
    enrolment: usize,
    entries: Vec<SignedEntry>,
    /// How many of the entries can be in a trunk, as far as the builder knows.
    reach: usize,
}

/// Where an entry goes.
struct Place {
    log: LogKey,
    signer: usize,
    seq: u64,
    prev: EntryId,
    at: Tai,
}

impl Builder<'_> {
    /// Opens a safety log for every root.
    fn found(&mut self) {
        for (index, _) in (0u8..).zip(self.charter.roots()) {
            self.enrolments.push(Enrolled {
                id: RecordId::root(&self.ledger, index),
                key: index.into(),
                next: None,
                roles: Roles::ALL,
                scope: Scope::root(),
                until: self.charter.until(),
                depth: 0,
                parent: None,
                flawed: false,
            });
            self.open(self.enrolments.len() - 1, Lane::Safety, self.charter.until(), index.into());
        }
    }

    fn take(&mut self, step: Step) {
        match step {
            Step::Write { log, content, flaw } => {
                if let Some(log) = self.pick_log(log, |_| true) {
                    self.write_content(log, content, flaw);
                }
            }
            Step::Enrol { log, choice, roles, flaw } => self.enrol(log, choice, roles, flaw),
            Step::Open { enrolment, safety, days, speaker } => {
                let lane = if safety { Lane::Safety } else { Lane::Productivity };
                self.open_for(enrolment, lane, days, speaker);
            }
            Step::Fork { log, depth, others, evidence, puppet } => {
                self.fork(log, depth, others, evidence, puppet);
            }
            Step::Notice { enrolment, count, choice, flaw } => self.notice(enrolment, count, choice, flaw),
            Step::Incarnations { enrolment, count, days } => self.incarnations(enrolment, count, days),
            Step::Lose { item } => {
                if let Some(item) = pick(self.items.len(), item) {
                    let item = self.items.remove(item);
                    self.lose(&item);
                }
            }
        }
    }

    /// Whether an enrolment can be present, as far as the builder knows.
    fn lives(&self, enrolment: usize) -> bool {
        let enrolled = &self.enrolments[enrolment];
        let stands = |(log, place): (usize, usize)| self.logs[log].reach > place && self.admits(log);
        !enrolled.flawed && enrolled.parent.is_none_or(stands)
    }

    /// Whether a log can be admissible.
    fn admits(&self, log: usize) -> bool {
        let log = &self.logs[log];
        let enrolled = &self.enrolments[log.enrolment];
        log.key.end <= enrolled.until && log.signer != KEYS - 1 && self.lives(log.enrolment)
    }

    /// Whether an entry that is written now can be admitted.
    fn grows(&self, log: usize) -> bool {
        self.logs[log].reach == usize::MAX && self.admits(log)
    }

    /// A log that fits; in three of four choices one that can still grow, if there is one.
    fn pick_log(&self, byte: u8, fits: impl Fn(usize) -> bool) -> Option<usize> {
        let grows = |log: usize| fits(log) && self.grows(log);
        let living = (byte % 8 < 6).then(|| pick_where(self.logs.len(), byte / 8, grows)).flatten();
        living.or_else(|| pick_where(self.logs.len(), byte / 8, fits))
    }

    /// An enrolment that fits; in three of four choices one that can be present, if there is one.
    fn pick_enrolment(&self, byte: u8, fits: impl Fn(&Enrolled) -> bool) -> Option<usize> {
        let fits = |place: usize| fits(&self.enrolments[place]);
        let lives = |place: usize| fits(place) && self.lives(place);
        let living = (byte % 8 < 6).then(|| pick_where(self.enrolments.len(), byte / 8, lives)).flatten();
        living.or_else(|| pick_where(self.enrolments.len(), byte / 8, fits))
    }

    /// Notes that an entry will be missing from its logs.
    fn lose(&mut self, item: &WorldItem) {
        let WorldItem::Entry(lost) = item else { return };
        for log in &mut self.logs {
            if let Some(place) = log.entries.iter().position(|entry| entry.id() == lost.id()) {
                log.reach = log.reach.min(place);
            }
        }
    }

    fn open(&mut self, enrolment: usize, lane: Lane, end: Tai, signer: usize) -> usize {
        self.nonce += 1;
        let author = key(signer).author();
        let key =
            LogKey { author, lane, incarnation: self.nonce, end, enrolment: self.enrolments[enrolment].id };
        self.logs.push(Log { key, signer, enrolment, entries: Vec::new(), reach: usize::MAX });
        self.logs.len() - 1
    }

    fn open_for(&mut self, choice: u8, lane: Lane, days: u8, speaker: Speaker) {
        let fits = |enrolled: &Enrolled| speaker != Speaker::Next || enrolled.next.is_some();
        let Some(enrolment) = self.pick_enrolment(choice, fits) else { return };
        let enrolled = &self.enrolments[enrolment];
        let end = if days == 7 { later(enrolled.until, 1) } else { earlier(enrolled.until, days) };
        let signer = match speaker {
            Speaker::Enrolled => enrolled.key,
            Speaker::Next => enrolled.next.unwrap_or(enrolled.key),
            Speaker::Stranger => KEYS - 1,
        };
        self.open(enrolment, lane, end, signer);
    }

    fn incarnations(&mut self, choice: u8, count: u8, days: u8) {
        let Some(enrolment) = self.pick_enrolment(choice, |_| true) else { return };
        let (until, signer) = (self.enrolments[enrolment].until, self.enrolments[enrolment].key);
        for number in 0..count {
            let end = earlier(until, number.wrapping_mul(days) % 4);
            let log = self.open(enrolment, Lane::Productivity, end, signer);
            self.write_content(log, Content::Known(number), WriteFlaw::None);
        }
    }

    fn write_content(&mut self, log: usize, content: Content, flaw: WriteFlaw) {
        self.nonce += 1;
        let key = self.logs[log].key;
        let records = bodies::records(content, key.end, self.nonce, key.id(&self.ledger));
        if flaw == WriteFlaw::Gap {
            // An entry that is written and never received.
            self.write(log, &records, content == Content::Future, WriteFlaw::None);
            let lost = self.items.pop();
            lost.iter().for_each(|lost| self.lose(lost));
            self.nonce += 1;
        }
        self.write(log, &records, content == Content::Future, flaw);
    }

    /// Writes an entry above the head of a log and gives its id.
    fn write(&mut self, log: usize, records: &[Record], future: bool, flaw: WriteFlaw) -> EntryId {
        let mut place = self.place_above(&self.logs[log], self.logs[log].entries.len());
        if let Some(head) = self.logs[log].entries.last() {
            let moment = head.header().authored.at;
            match flaw {
                WriteFlaw::SameMoment => place.at = moment,
                WriteFlaw::Back => place.at = moment.minus(Millis(1)),
                WriteFlaw::Prev => place.prev = EntryId::from_bytes([9; 32]),
                WriteFlaw::None | WriteFlaw::Gap => {}
            }
        }
        let entry = self.sign(&place, records, future);
        let id = entry.id();
        self.items.push(WorldItem::Entry(entry.clone()));
        let known = &mut self.logs[log];
        known.entries.push(entry);
        if matches!(flaw, WriteFlaw::Back | WriteFlaw::Prev) && place.seq > 1 {
            known.reach = known.reach.min(known.entries.len() - 1);
        }
        id
    }

    /// The place above the first `below` entries that a writer of this log knows.
    fn place_above(&self, log: &Log, below: usize) -> Place {
        let (seq, prev) = match below.checked_sub(1).map(|head| &log.entries[head]) {
            None => (1, log.key.enrolment.entry),
            Some(head) => (head.header().seq + 1, head.id()),
        };
        Place { log: log.key, signer: log.signer, seq, prev, at: Tai(1_000 + 10 * self.nonce) }
    }

    fn sign(&self, place: &Place, records: &[Record], future: bool) -> SignedEntry {
        let records = Record::encode_all(records).expect("generated records are within their bounds");
        let authored = Authored { at: place.at, error: Millis(self.nonce) };
        let header = Header::new(place.log, place.seq, place.prev, authored, Digest::of(&records));
        let header = if future { header.with_future(2, vec![0x01]) } else { header };
        SignedEntry::sign(&self.ledger, &header, &records, key(place.signer))
            .expect("a key in memory signs what is within its bounds")
    }

    fn enrol(&mut self, log: u8, choice: u8, roles: u8, flaw: EnrolFlaw) {
        if flaw == EnrolFlaw::Until {
            self.open_for(choice, Lane::Safety, 7, Speaker::Enrolled);
        }
        let fits = |log: usize| {
            let log = &self.logs[log];
            let parent = &self.enrolments[log.enrolment];
            let lane = if flaw == EnrolFlaw::Lane { Lane::Productivity } else { Lane::Safety };
            let role = parent.roles.has(Roles::ENROL) != (flaw == EnrolFlaw::Role);
            let inside = flaw != EnrolFlaw::Scope || parent.scope != Scope::root();
            let long = (log.key.end > parent.until) == (flaw == EnrolFlaw::Until);
            log.key.lane == lane && role && inside && long
        };
        let Some(log) = self.pick_log(log, fits) else { return };
        self.nonce += 1;
        let (record, enrolled) = self.enrolling(log, choice, roles, flaw);
        let entry = self.write(log, &[record], false, WriteFlaw::None);
        let flawed = !matches!(flaw, EnrolFlaw::None | EnrolFlaw::Future | EnrolFlaw::Effect);
        self.welcome(Enrolled { id: RecordId { entry, index: 0 }, flawed, ..enrolled });
        if flaw == EnrolFlaw::Hoard {
            let known = &mut self.logs[log];
            known.reach = known.reach.min(known.entries.len() - 1);
        }
    }

    /// Notes an enrolment and opens a safety log for it.
    fn welcome(&mut self, enrolled: Enrolled) -> usize {
        let (until, signer) = (enrolled.until, enrolled.key);
        self.enrolments.push(enrolled);
        self.open(self.enrolments.len() - 1, Lane::Safety, until, signer)
    }

    /// An enrolment that a log can write, still without its id.
    fn enrolling(&self, log: usize, choice: u8, roles: u8, flaw: EnrolFlaw) -> (Record, Enrolled) {
        let parent = &self.enrolments[self.logs[log].enrolment];
        let depth = parent.depth + 1;
        let leaf = matches!(roles % 8, 3 | 6 | 7);
        let roles = match roles % 8 {
            _ if matches!(flaw, EnrolFlaw::NoNotices) => Roles::ALL,
            _ if matches!(flaw, EnrolFlaw::LargeSafety) => Roles::ACT.with(Roles::GIVE),
            0 | 1 | 4 | 5 => Roles::ALL,
            2 => Roles::ACT.with(Roles::DENY),
            6 => Roles::ACT.with(Roles::VERIFY),
            _ => Roles::ACT.with(Roles::GIVE),
        };
        let scope = match flaw {
            EnrolFlaw::Scope => Scope::parse("elsewhere").unwrap_or_default(),
            _ => below(&parent.scope, choice),
        };
        let byte_budget = match flaw {
            EnrolFlaw::Hoard => u64::MAX,
            _ if leaf => BUDGETS[4],
            _ => BUDGETS[depth.min(BUDGETS.len() - 1)],
        };
        // One lane has less than the other, now this one and now that one.
        let (byte_budget, safety_budget) = match choice / 8 % 4 {
            _ if flaw == EnrolFlaw::LargeSafety => (byte_budget, 65_537),
            _ if flaw == EnrolFlaw::Hoard => (byte_budget, 1_500),
            0 => (byte_budget.min(1_500), byte_budget),
            1 if leaf => (byte_budget, byte_budget.min(1_500)),
            _ => (byte_budget, byte_budget),
        };
        let safety_budget = match flaw {
            EnrolFlaw::LargeSafety => safety_budget,
            _ if roles.speaks_for_others() => safety_budget,
            _ => safety_budget.min(65_536),
        };
        let max_notices = match flaw {
            EnrolFlaw::NoNotices => 0,
            EnrolFlaw::ManyNotices => 4,
            _ => 1 + u64::from(choice) % 3,
        };
        let max_logs = match flaw {
            EnrolFlaw::NoLogs => 0,
            EnrolFlaw::ManyLogs => 4,
            _ => 1 + u64::from(choice % 3 == 1),
        };
        let next = (choice & 0x20 != 0).then_some(18 + usize::from(choice % 4));
        let until = earlier(self.logs[log].key.end, choice / 64);
        let who = 2 + usize::from(choice % 16);
        let enrolling = Enrolling {
            key: key(who).author(),
            next_key: next.map(|next| key(next).author().commitment()),
            roles,
            scope: scope.clone(),
            until,
            byte_budget,
            safety_budget,
            max_logs,
            max_notices,
            ordinal: self.nonce,
        };
        let record = bodies::enrol_record(&enrolling, flaw);
        let id = RecordId { entry: EntryId::from_bytes([0; 32]), index: 0 };
        let parent = Some((log, self.logs[log].entries.len()));
        (record, Enrolled { id, key: who, next, roles, scope, until, depth, parent, flawed: false })
    }

    fn fork(&mut self, choice: u8, depth: u8, others: u8, evidence: Evidence, puppet: bool) {
        // A forked root takes nearly everything with it, so it is rare.
        let rooted = choice >= 240;
        let fits = |log: usize| {
            let log = &self.logs[log];
            !log.entries.is_empty() && (rooted || self.enrolments[log.enrolment].depth > 0)
        };
        let Some(log) = self.pick_log(choice, fits) else { return };
        let count = self.logs[log].entries.len();
        let below = count - 1 - usize::from(depth) % count;
        let puppet = puppet && self.logs[log].key.lane == Lane::Safety;
        let mut branches = Vec::new();
        let mut puppets = Vec::new();
        for number in 0..others.max(1) {
            self.nonce += 1;
            let place = self.place_above(&self.logs[log], below);
            // The same slot as the entry that stands there, even above a gap.
            let place = Place { seq: self.logs[log].entries[below].header().seq, ..place };
            let records = if puppet && number == 0 {
                let (record, enrolled) = self.enrolling(log, depth, 0, EnrolFlaw::None);
                puppets.push(enrolled);
                vec![record]
            } else {
                bodies::records(Content::Known(number), place.log.end, self.nonce, place.log.id(&self.ledger))
            };
            branches.push(self.sign(&place, &records, false));
        }
        for enrolled in puppets {
            let id = RecordId { entry: branches[0].id(), index: 0 };
            let puppet = self.welcome(Enrolled { id, flawed: true, ..enrolled });
            self.write_content(puppet, Content::Known(0), WriteFlaw::None);
        }
        self.publish(log, below, branches, evidence);
    }

    /// Makes a fork known whose other entries stand above the first `below` entries of a log.
    fn publish(&mut self, log: usize, below: usize, branches: Vec<SignedEntry>, evidence: Evidence) {
        let old = self.logs[log].entries[below].clone();
        for known in self.logs.iter_mut().filter(|known| known.entries.get(below) == Some(&old)) {
            known.reach = known.reach.min(below);
        }
        match evidence {
            Evidence::Entries => self.items.extend(branches.into_iter().map(WorldItem::Entry)),
            Evidence::Headers => {
                for branch in &branches {
                    let (a, b) = (branch_of(&self.ledger, &old), branch_of(&self.ledger, branch));
                    self.items.extend(ForkProof::between(a, b).map(WorldItem::of_fork));
                }
            }
            Evidence::Chains => {
                let mut chain = branches;
                chain.truncate(1);
                let head = chain[0].clone();
                let branch = Log { entries: vec![head], ..self.logs[log].shell() };
                self.nonce += 1;
                let place = self.place_above(&branch, 1);
                let records =
                    bodies::records(Content::Known(0), place.log.end, self.nonce, place.log.id(&self.ledger));
                chain.push(self.sign(&place, &records, false));
                let known = &self.logs[log].entries[below..];
                // Only headers that cite each other make a branch.
                let linked = known.windows(2).take_while(|pair| {
                    let [a, b] = pair else { return false };
                    b.header().prev == a.id() && b.header().seq == a.header().seq + 1
                });
                let length = 1 + linked.count().min(3);
                self.items.extend(super::chain_proof(&self.ledger, &known[..length], &chain));
            }
            Evidence::Thief => {
                let mut entries = self.logs[log].entries[..below].to_vec();
                entries.push(branches[0].clone());
                self.items.extend(branches.into_iter().map(WorldItem::Entry));
                let thief = Log { entries, reach: below, ..self.logs[log].shell() };
                self.logs.push(thief);
            }
        }
    }

    fn notice(&mut self, choice: u8, count: u8, detail: u8, flaw: NoticeFlaw) {
        let fits = |enrolled: &Enrolled| {
            let role = enrolled.roles.may_notify() != (flaw == NoticeFlaw::Role);
            let inside = flaw != NoticeFlaw::Scope || enrolled.scope != Scope::root();
            let next = flaw != NoticeFlaw::Next || enrolled.next.is_some();
            role && inside && next
        };
        let Some(enrolment) = self.pick_enrolment(choice, fits) else { return };
        for number in 0..count {
            self.nonce += 1;
            let detail = detail.wrapping_add(number);
            let enrolled = &self.enrolments[enrolment];
            let signer = match flaw {
                NoticeFlaw::Stranger => KEYS - 1,
                NoticeFlaw::Next => enrolled.next.unwrap_or(enrolled.key),
                _ => enrolled.key,
            };
            let until = match flaw {
                NoticeFlaw::Until => later(enrolled.until, 1),
                _ => earlier(enrolled.until, detail % 4),
            };
            let scope = match flaw {
                NoticeFlaw::Scope => Scope::parse("elsewhere").unwrap_or_default(),
                _ if detail % 8 < 4 => enrolled.scope.clone(),
                _ => below(&enrolled.scope, detail),
            };
            let header = NoticeHeader {
                author: key(signer).author(),
                enrolment: enrolled.id,
                scope,
                until,
                authored: Authored { at: Tai(1_000 + 10 * self.nonce), error: Millis(1) },
            };
            let log = self.logs[0].key.id(&self.ledger);
            let (kind, body) = bodies::notice_body(detail, self.nonce, log);
            let notice = Notice::new(header, kind, body);
            let future = flaw == NoticeFlaw::Future;
            let notice = if future { notice.with_future(2, vec![0x01]) } else { notice };
            let signed = SignedNotice::sign(&self.ledger, &notice, key(signer))
                .expect("a key in memory signs what is within its bounds");
            self.items.push(WorldItem::Notice(signed));
        }
    }
}

impl Log {
    /// The same log without entries.
    const fn shell(&self) -> Self {
        let (key, signer, enrolment) = (self.key, self.signer, self.enrolment);
        Self { key, signer, enrolment, entries: Vec::new(), reach: usize::MAX }
    }
}

/// One of the newest four mostly, one of all sometimes.
fn pick(count: usize, byte: u8) -> Option<usize> {
    let reach = if byte % 32 < 24 { count.min(4) } else { count };
    (reach > 0).then(|| count - 1 - usize::from(byte) % reach)
}

fn pick_where(count: usize, byte: u8, fits: impl Fn(usize) -> bool) -> Option<usize> {
    let fitting: Vec<usize> = (0..count).filter(|place| fits(*place)).collect();
    pick(fitting.len(), byte).map(|place| fitting[place])
}

/// The scope itself or one of two below it.
fn below(scope: &Scope, choice: u8) -> Scope {
    let label = match choice % 3 {
        0 => "a",
        1 => "b",
        _ => return scope.clone(),
    };
    let text = if *scope == Scope::root() { label.to_owned() } else { format!("{scope}/{label}") };
    Scope::parse(&text).unwrap_or_else(|_| scope.clone())
}

fn earlier(moment: Tai, days: u8) -> Tai {
    moment.minus(Millis::days(days.into())).max(day(1))
}

fn later(moment: Tai, days: u8) -> Tai {
    moment.plus(Millis::days(days.into()))
}
