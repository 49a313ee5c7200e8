//! What a viewpoint shows of the facts: present enrolments, logs and their records, notices.

use super::{Facts, OracleLog, votes};
use intent_contracts::kinds::{Body as _, Embedded, Enrol, Meaning, Needs, Reclaim, Roles};
use intent_contracts::{
    AuthorKey, Authored, Citation, Digest, FirstRight, Lane, LedgerId, LogId, LogKey, NoticeId, Record,
    RecordId, ResourceId, Scope, SignedNotice, Tai,
};
use intent_merge_rules::Understanding;
use std::collections::BTreeMap;

/// The facts as one viewpoint shows them `[RULE-1]`.
pub(super) struct Scene<'a> {
    pub(super) facts: &'a Facts,
    pub(super) ledger: LedgerId,
    pub(super) enrolments: BTreeMap<RecordId, Enrolled>,
    pub(super) logs: Vec<(LogId, &'a OracleLog)>,
    /// By log, and in each log in its order.
    pub(super) records: Vec<Spoken<'a>>,
    pub(super) notices: Vec<&'a SignedNotice>,
    pub(super) first_rights: Vec<FirstRight>,
}

/// A present enrolment `[ADM-2]`.
#[derive(Debug, Clone)]
pub(super) struct Enrolled {
    /// None for a root.
    pub(super) parent: Option<RecordId>,
    pub(super) key: AuthorKey,
    pub(super) next_key: Option<Digest>,
    pub(super) roles: Roles,
    pub(super) scope: Scope,
    pub(super) until: Tai,
    pub(super) max_logs: u64,
    pub(super) max_notices: u64,
    /// Its co-signers.
    pub(super) needs: Option<Needs>,
    pub(super) anchor: Option<RecordId>,
    /// Of a root its number.
    pub(super) ordinal: u64,
    pub(super) answers: Vec<NoticeId>,
    /// Steps from the charter; zero for a root.
    pub(super) depth: usize,
}

impl Enrolled {
    /// Whether it admits a key `[KEY-6]`.
    pub(super) fn admits(&self, key: &AuthorKey) -> bool {
        self.key == *key || self.next_key == Some(key.commitment())
    }
}

/// A record of a trunk.
pub(super) struct Spoken<'a> {
    pub(super) id: RecordId,
    pub(super) log: LogId,
    pub(super) key: LogKey,
    pub(super) seq: u64,
    pub(super) authored: Authored,
    pub(super) record: &'a Record,
    /// `Unknown` when its entry is not understood `[REC-3]`.
    pub(super) meaning: Meaning,
    /// What a reclaim carries along, when it is authentic.
    pub(super) carried: Option<Carried>,
    /// Whether its entry is understood `[REC-3]`.
    pub(super) understood: bool,
}

impl Spoken<'_> {
    /// Its place in its log.
    pub(super) const fn place(&self) -> (u64, u8) {
        (self.seq, self.id.index)
    }

    /// `[RULE-2]`
    pub(super) const fn is_opaque(&self) -> bool {
        matches!(self.meaning, Meaning::Unknown | Meaning::Void(_))
    }
}

/// A record that its author has surely signed `[PROOF-1]`.
pub(super) struct Carried {
    pub(super) log: LogId,
    pub(super) end: Tai,
    pub(super) id: RecordId,
    pub(super) meaning: Meaning,
}

impl Carried {
    /// Reads evidence by its own bytes.
    pub(super) fn of(ledger: &LedgerId, embedded: &Embedded) -> Option<Self> {
        let evidence = embedded.check(ledger)?;
        let records = Record::decode_all(&embedded.records).ok()?;
        let meaning = match Understanding::of(&records) {
            Understanding::Read(meanings) => meanings.into_iter().nth(usize::from(embedded.index))?,
            Understanding::Unknown => return None,
        };
        Some(Self { log: evidence.log.id(ledger), end: evidence.log.end, id: evidence.id, meaning })
    }
}

/// What a citation leads to.
pub(super) enum Found<'s, 'a> {
    /// Nothing in view.
    Absent,
    /// A record of a trunk.
    Record(&'s Spoken<'a>),
    /// A window of a first give.
    First(&'s FirstRight),
}

impl<'a> Scene<'a> {
    pub(super) fn of(facts: &'a Facts) -> Self {
        let ledger = facts.charter.ledger_id();
        let enrolments = present(facts);
        let in_view = |id: &RecordId| enrolments.get(id).is_some_and(|enrolled| sees(facts, &enrolled.scope));
        let mut logs: Vec<_> = facts.logs.iter().map(|(id, log)| (*id, log)).collect();
        logs.retain(|(_, log)| in_view(&log.key.enrolment));
        let mut notices: Vec<_> = facts.notices.iter().collect();
        notices.retain(|notice| in_view(&notice.notice().enrolment));
        let records = logs.iter().flat_map(|(id, log)| spoken(&ledger, *id, log)).collect();
        let mut first_rights: Vec<FirstRight> = facts.charter.first_rights().collect();
        first_rights.extend(votes::assigned(&facts.charter, &notices));
        Self { facts, ledger, enrolments, logs, records, notices, first_rights }
    }

    /// The record with this id.
    pub(super) fn record(&self, id: &RecordId) -> Option<&Spoken<'a>> {
        self.records.iter().find(|spoken| spoken.id == *id)
    }

    /// What a citation names, wherever it says that this stands.
    pub(super) fn find(&self, citation: &Citation) -> Found<'_, 'a> {
        if let Some(first) = self.first_rights.iter().find(|first| first.citation.record == citation.record) {
            return Found::First(first);
        }
        self.record(&citation.record).map_or(Found::Absent, Found::Record)
    }

    /// The enrolment under which a log is written. Every log in view has one.
    pub(super) fn warrant(&self, log: &LogKey) -> &Enrolled {
        &self.enrolments[&log.enrolment]
    }

    /// Whether a resource is one that a first give names `[RIGHT-1]`.
    pub(super) fn is_given(&self, resource: &ResourceId) -> bool {
        self.facts.charter.gives().iter().any(|give| give.footprint.resource == *resource)
    }

    /// The declarations of a resource in view and their untils `[LEASE-7]`.
    pub(super) fn declarations(
        &self,
        resource: &ResourceId,
    ) -> Vec<(&intent_contracts::kinds::Resource, Tai)> {
        let mut found = Vec::new();
        for spoken in &self.records {
            if let Meaning::Resource(body) = &spoken.meaning
                && ResourceId::of(&spoken.record.body) == *resource
            {
                found.push((body, spoken.record.until));
            }
        }
        found
    }
}

fn sees(facts: &Facts, scope: &Scope) -> bool {
    facts.viewpoint.iter().any(|view| view.contains(scope) || scope.contains(view))
}

/// Present enrolments, from the charter down `[ADM-2]`.
fn present(facts: &Facts) -> BTreeMap<RecordId, Enrolled> {
    let charter = &facts.charter;
    let mut present = BTreeMap::new();
    for (number, root) in (0u8..).zip(charter.roots()) {
        let enrolled = Enrolled {
            parent: None,
            key: root.key,
            next_key: None,
            roles: Roles::ROOT,
            scope: Scope::root(),
            until: charter.until(),
            max_logs: root.max_logs,
            max_notices: root.max_notices,
            needs: None,
            anchor: None,
            ordinal: number.into(),
            answers: Vec::new(),
            depth: 0,
        };
        present.insert(RecordId::root(&charter.ledger_id(), number), enrolled);
    }
    loop {
        let before = present.len();
        for log in facts.logs.values() {
            let Some(parent) = present.get(&log.key.enrolment).cloned() else { continue };
            let speaks = log.key.lane == Lane::Safety && parent.roles.has(Roles::ENROL);
            if !speaks || !sees(facts, &parent.scope) {
                continue;
            }
            for entry in &log.entries {
                for (index, record) in (0u8..).zip(entry.records()) {
                    if let Some(child) = enrolled_by(facts, log, &parent, record) {
                        present.insert(RecordId { entry: entry.id(), index }, child);
                    }
                }
            }
        }
        if present.len() == before {
            return present;
        }
    }
}

fn enrolled_by(facts: &Facts, log: &OracleLog, parent: &Enrolled, record: &Record) -> Option<Enrolled> {
    if record.kind != Enrol::KIND {
        return None;
    }
    let body = Enrol::read(&record.body).ok()?.body;
    let fleet = facts.charter.parameters();
    if !parent.scope.contains(&body.scope) || body.max_logs == 0 || body.max_logs > fleet.logs_per_enrolment {
        return None;
    }
    // Bits: 4 enrol, 8 deny, 16 verify.
    let (notifies, speaks) = (body.roles.0 & 24 != 0, body.roles.0 & 28 != 0);
    let silent = notifies && body.max_notices == 0;
    if silent || body.max_notices > fleet.notices_per_enrolment || (body.safety_budget > 65_536 && !speaks) {
        return None;
    }
    Some(Enrolled {
        parent: Some(log.key.enrolment),
        key: body.key,
        next_key: body.next_key,
        roles: body.roles,
        scope: body.scope,
        until: record.until,
        max_logs: body.max_logs,
        max_notices: body.max_notices,
        needs: body.needs,
        anchor: body.anchor,
        ordinal: body.ordinal,
        answers: body.answers,
        depth: parent.depth + 1,
    })
}

fn spoken<'a>(ledger: &LedgerId, id: LogId, log: &'a OracleLog) -> Vec<Spoken<'a>> {
    let mut out = Vec::new();
    for entry in &log.entries {
        let (understood, meanings) = match Understanding::of(entry.records()) {
            Understanding::Read(meanings) => (true, meanings),
            Understanding::Unknown => (false, vec![Meaning::Unknown; entry.records().len()]),
        };
        for ((index, record), meaning) in (0u8..).zip(entry.records()).zip(meanings) {
            let carried = match &meaning {
                Meaning::Reclaim(Reclaim { proof: Some(proof), .. }) => Carried::of(ledger, proof),
                _ => None,
            };
            let (seq, authored) = (entry.header().seq, entry.header().authored);
            let id_of_record = RecordId { entry: entry.id(), index };
            out.push(Spoken {
                id: id_of_record,
                log: id,
                key: log.key,
                seq,
                authored,
                record,
                meaning,
                carried,
                understood,
            });
        }
    }
    out
}
