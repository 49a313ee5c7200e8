//! A region that has no authority over any other, and people there who try all the same.

use super::*;
use intent_ledger::contracts::kinds::Closing;
use intent_ledger::contracts::kinds::notice::Trip;

/// Another region under the same root: what lets it in, and what it then does.
pub(crate) struct Abroad {
    pub(crate) admission: Vec<WorldItem>,
    pub(crate) deeds: Vec<WorldItem>,
}

const FOREIGN_KEY: usize = 23;

fn foreign_enrolment(scope: &str, anchor: Option<RecordId>) -> Record {
    let label = |text: &str| Label::try_from(text.to_owned()).unwrap();
    let body = Enrol {
        anchor,
        ordinal: 7,
        ..Enrol::new(
            key(FOREIGN_KEY).author(),
            Roles::ALL.with_class(200),
            Scope::parse(scope).unwrap(),
            1 << 28,
            3,
            Lineage { build: label("b0"), hardware: label("arm") },
        )
    };
    body.record(day(LAST_DAY), Vec::new()).unwrap()
}

/// A region whose people do all the harm that they can think of, by a seed.
pub(crate) fn abroad(history: &History) -> Abroad {
    let mut draw = Draw::new(history.seed ^ 0x6162_726f_6164);
    let mut pen = Pen::new(history.charter.clone(), hour(1));
    let end = day(LAST_DAY);
    let root = pen.open(0, pen.root(0), Lane::Safety, end, 7_777);
    let region = pen.write(root, &[foreign_enrolment("z", None)])[0];
    for other in 1..u8::try_from(history.charter.roots().len()).unwrap() {
        pen.endorse(other, region);
    }
    let admission = std::mem::take(&mut pen.items);
    let ours: Vec<(RecordId, Citation, Meaning)> = records(&history.items)
        .map(|(id, entry, record)| {
            let log = entry.header().log.id(&history.charter.ledger_id());
            let cited = Citation { log, seq: entry.header().seq, record: id, until: record.until };
            (id, cited, Meaning::of(record))
        })
        .collect();
    let safety = pen.open(FOREIGN_KEY, region.record, Lane::Safety, end, 1);
    let log = pen.open(FOREIGN_KEY, region.record, Lane::Productivity, end, 2);
    let field = Resource { scope: Scope::parse("z").unwrap(), ..resources()[3].clone() };
    pen.write(log, &[field.record(end, Vec::new()).unwrap()]);
    let first: Vec<Footprint> =
        history.charter.first_rights().map(|it| it.footprint.from_right(it.citation)).collect();
    for step in 0..14 {
        let right = first[draw.below(first.len())].clone();
        let ours = &ours[draw.below(ours.len())];
        let field = Footprint::open(resource_id(&field), field.measure, hours(0, 6), 1);
        let act = if step < 11 { step } else { draw.below(9) };
        match act {
            0 => drop(pen.write(log, &[claim_record(&[open_track()], 200)])),
            1 => drop(pen.write(log, &[claim_record(&[field, open_track()], 200)])),
            2 => drop(pen.write(log, &[give(Receiver::Log(pen.logs[log].id), Vec::new(), right)])),
            3 => {
                for (_, claim, meaning) in records_of(history) {
                    if let Meaning::Claim(_) = meaning {
                        let to = Receiver::Claim { claim, alternative: 0 };
                        pen.write(log, &[give(to, vec![0], right.clone())]);
                    }
                }
            }
            4 => {
                let victim = Revocation { key: key(draw.below(FOREIGN_KEY)).author(), cuts: Vec::new() };
                pen.notify(FOREIGN_KEY, region.record, &Scope::parse("z").unwrap(), end, &victim);
            }
            5 => {
                for part in [open_track(), right] {
                    let opaque = Record::new(28, end, vec![0x80]);
                    pen.write(log, &[opaque.with_footprints(Effect::Takes, vec![part]).unwrap()]);
                }
                let frees = Record::new(16, end, vec![0x80]).with_footprints(Effect::Frees, Vec::new());
                pen.write(log, &[frees.unwrap()]);
            }
            6 => {
                let back = GivingBack { gives: vec![ours.1], alternatives: Vec::new(), unused: vec![1] };
                pen.write(log, &[back.record_of(RELEASE, ours.1.until.min(end), Vec::new()).unwrap()]);
            }
            7 => {
                let reclaim = Reclaim { give: ours.1, proof: None };
                pen.write(log, &[reclaim.record(ours.1.until.min(end), Vec::new()).unwrap()]);
            }
            8 => {
                // An anchor that is not below this region reaches nothing.
                let deputy = pen.write(safety, &[foreign_enrolment("z/d", Some(ours.0))])[0];
                for victim in 0..FOREIGN_KEY {
                    let victim = Revocation { key: key(victim).author(), cuts: Vec::new() };
                    pen.notify(FOREIGN_KEY, deputy.record, &Scope::parse("z/d").unwrap(), end, &victim);
                }
            }
            9 if draw.below(3) == 0 => {
                pen.write_beside(log, 1, &[foreign_enrolment("z", None)]);
            }
            10 if draw.below(3) == 0 => {
                for incarnation in 50..54 {
                    let log = pen.open(FOREIGN_KEY, region.record, Lane::Safety, end, incarnation);
                    pen.write(log, &[foreign_enrolment("z", None)]);
                }
            }
            _ => {}
        }
    }
    // Breakers over every scope that it may name, and closings of all that others tripped [BREAK-1].
    for other in ["", "a", "a/b", "z"] {
        let trip = Trip { other: Scope::parse(other).unwrap() };
        pen.notify(FOREIGN_KEY, region.record, &Scope::parse("z").unwrap(), end, &trip);
    }
    let trips: Vec<_> = history.items.iter().filter_map(trip_of).take(16).collect();
    if !trips.is_empty() {
        pen.write(safety, &[Closing::of(trips).record(end, Vec::new()).unwrap()]);
    }
    Abroad { admission, deeds: pen.items }
}

fn trip_of(item: &WorldItem) -> Option<NoticeId> {
    match item {
        WorldItem::Notice(notice) if notice.notice().kind == Trip::KIND => Some(notice.id()),
        _ => None,
    }
}

fn records_of(history: &History) -> Vec<(RecordId, Citation, Meaning)> {
    let cite = |(id, entry, record): (RecordId, &SignedEntry, &Record)| {
        let log = entry.header().log.id(&history.charter.ledger_id());
        let cited = Citation { log, seq: entry.header().seq, record: id, until: record.until };
        (id, cited, Meaning::of(record))
    };
    records(&history.items).map(cite).collect()
}

fn give(to: Receiver, parts: Vec<u8>, part: Footprint) -> Record {
    let until = match &to {
        Receiver::Claim { claim, .. } => claim.until.min(day(LAST_DAY)),
        Receiver::Log(_) => day(LAST_DAY),
    };
    Give { to, parts }.record(until, vec![part]).unwrap()
}
