//! The parties of one week: every one a real ledger, every contact an exchange of bundles.
//!
//! - A party decides by its own ledger alone; what others wrote it knows from bundles.
//! - The charter gives the antennas to a log of the network's office, or to nobody: then they are open.
//! - Everything lasts until the same moment, so that no dependency ends before its dependents `[LAW-7]`.

use crate::week::{Week, common};
use intent_ledger::contracts::kinds::{
    Advert, Body, Claim, Enrol, Give, Lineage, Meaning, Mode, Receiver, Resource, Roles,
};
use intent_ledger::contracts::{
    Charter, CharterGive, CharterParameters, CharterRoot, Citation, Clock, Footprint, Label, Lane, LogId,
    Measure, Millis, Record, RecordId, ResourceId, ResourcePath, Scope, SecretKey, Signer, Tai, Window,
};
use intent_ledger::merge_rules::View;
use intent_ledger::{Host, Ledger, MemoryStore, NoContinuity, Viewpoint};
use rand_chacha::ChaCha12Rng;
use rand_chacha::rand_core::SeedableRng;
use std::collections::BTreeMap;
use std::ops::Range;

pub(crate) type Fallible<T> = Result<T, Box<dyn std::error::Error>>;

/// The party that the charter names as root.
pub(crate) const OFFICE: usize = 0;
/// The party that takes antennas out of use.
pub(crate) const MAINTENANCE: usize = 1;
const FIRST_CUSTODIAN: usize = 2;
/// The declared error of every host's clock; they err by as much, to either side.
pub(crate) const CLOCK_ERROR: Millis = Millis(1_000);
/// How long before the week everything is arranged.
const AHEAD: Millis = Millis::days(3);
/// Parts of one give.
const PARTS_MAX: usize = 8;
/// Enrolments in one entry.
const ENROLLED_AT_ONCE: usize = 32;

/// Someone with a ledger.
pub(crate) struct Party {
    pub(crate) name: String,
    pub(crate) ledger: Ledger<MemoryStore>,
    /// The log that it writes, once it has written.
    pub(crate) log: Option<LogId>,
}

impl Party {
    pub(crate) fn view(&mut self) -> Fallible<View> {
        Ok(self.ledger.view(Viewpoint::Own)?)
    }
}

/// All of them.
pub(crate) struct Fleet {
    pub(crate) parties: Vec<Party>,
    /// The antennas in the order of the week.
    pub(crate) antennas: Vec<ResourceId>,
    /// The custodian of each antenna, as a party.
    pub(crate) custodian_of: BTreeMap<ResourceId, usize>,
    /// The claims that were written for each request, in order.
    pub(crate) claims: Vec<Vec<RecordId>>,
    pub(crate) contacts: u64,
    pub(crate) bytes: u64,
    charter: Charter,
    span: Window,
    until: Tai,
    now: Clock,
    first_mission: usize,
}

/// A record that a ledger holds.
pub(crate) struct Told {
    pub(crate) citation: Citation,
    pub(crate) footprints: Vec<Footprint>,
    pub(crate) meaning: Meaning,
}

impl Fleet {
    /// Founds a ledger for the week in which the antennas are given or open, and enrols everybody.
    pub(crate) fn found(week: &Week, given: bool) -> Fallible<Self> {
        let parameters = CharterParameters::default();
        let until = week.span.end().plus(parameters.longest_lease).plus(Millis::DAY);
        let now = Clock::new(week.span.start().minus(AHEAD), CLOCK_ERROR);
        let complexes = complexes(week);
        let resources = week.antennas.iter().map(|name| declaration(name)).collect::<Fallible<Vec<_>>>()?;
        let antennas: Vec<ResourceId> = resources.iter().map(Resource::id).collect();
        let declared = resources.iter().map(|body| body.record(until, Vec::new()));
        let declared = declared.collect::<Result<Vec<_>, _>>()?;
        let open = charter(until)?;
        let charter = if given { endowed(&open, &antennas, week.span, &declared, now)? } else { open };
        let names = names(week, &complexes);
        let mut parties = Vec::new();
        for (number, name) in names.into_iter().enumerate() {
            let ledger =
                Ledger::create(MemoryStore::new(), &charter, vec![Scope::root()], host(number as u64))?;
            parties.push(Party { name, ledger, log: None });
        }
        let place = |name: &String| complexes.iter().position(|(complex, _)| *complex == complex_of(name));
        let custodian_of = antennas
            .iter()
            .zip(&week.antennas)
            .filter_map(|(id, name)| Some((*id, FIRST_CUSTODIAN + place(name)?)))
            .collect();
        let mut fleet = Self {
            parties,
            antennas,
            custodian_of,
            claims: vec![Vec::new(); week.requests.len()],
            contacts: 0,
            bytes: 0,
            charter,
            span: week.span,
            until,
            now,
            first_mission: FIRST_CUSTODIAN + complexes.len(),
        };
        // The first entry: the charter names the log in which it stands.
        for some in declared.chunks(ENROLLED_AT_ONCE) {
            fleet.say(OFFICE, some)?;
        }
        fleet.enrol_all()?;
        fleet.meet_office(MAINTENANCE..fleet.parties.len())?;
        Ok(fleet)
    }

    pub(crate) fn custodians(&self) -> Range<usize> {
        FIRST_CUSTODIAN..self.first_mission
    }

    pub(crate) fn missions(&self) -> Range<usize> {
        self.first_mission..self.parties.len()
    }

    /// The party of a mission of the week.
    pub(crate) fn mission(&self, number: usize) -> usize {
        self.first_mission + number
    }

    /// The clock of a party when it truly is `moment`: every other one is fast, the others are slow.
    pub(crate) fn clock_at(&self, party: usize, moment: Tai) -> Clock {
        let reads =
            if party.is_multiple_of(2) { moment.plus(CLOCK_ERROR) } else { moment.minus(CLOCK_ERROR) };
        Clock::new(reads, CLOCK_ERROR)
    }

    /// Two parties exchange what the other lacks.
    pub(crate) fn meet(&mut self, one: usize, other: usize) -> Fallible<()> {
        let [a, b] = self.parties.get_disjoint_mut([one, other])?;
        let (a, b) = (&mut a.ledger, &mut b.ledger);
        let (of_a, of_b) = (a.frontier(), b.frontier());
        a.hear(&of_b)?;
        b.hear(&of_a)?;
        let (to_a, to_b) = (b.bundle(&of_a, usize::MAX)?, a.bundle(&of_b, usize::MAX)?);
        a.absorb(&to_a.bytes, self.now)?;
        b.absorb(&to_b.bytes, self.now)?;
        self.contacts += 1;
        self.bytes += (to_a.bytes.len() + to_b.bytes.len()) as u64;
        Ok(())
    }

    /// The office meets each of them once.
    pub(crate) fn meet_office(&mut self, parties: Range<usize>) -> Fallible<()> {
        parties.into_iter().try_for_each(|party| self.meet(OFFICE, party))
    }

    /// Everybody learns everything.
    pub(crate) fn settle(&mut self) -> Fallible<()> {
        let all = MAINTENANCE..self.parties.len();
        self.meet_office(all.clone())?;
        self.meet_office(all)
    }

    /// Whether all ledgers hold the same state.
    pub(crate) fn agrees(&self) -> bool {
        let mut digests = self.parties.iter().map(|party| party.ledger.state_digest());
        let first = digests.next();
        digests.all(|digest| Some(digest) == first)
    }

    /// Writes one entry of a party and tells how its records are cited.
    pub(crate) fn say(&mut self, party: usize, records: &[Record]) -> Fallible<Vec<Citation>> {
        let now = self.now;
        let speaker = &mut self.parties[party];
        let written = speaker.ledger.append(Lane::Productivity, records, now)?;
        speaker.log = Some(written.log);
        let cite = |(index, record): (u8, &Record)| {
            let id = RecordId { entry: written.id, index };
            Citation { log: written.log, seq: written.seq, record: id, until: record.until }
        };
        Ok((0..=u8::MAX).zip(records).map(cite).collect())
    }

    /// A party writes its first entry, so that its log can be given to.
    pub(crate) fn introduce(&mut self, party: usize) -> Fallible<()> {
        let body = Advert::offer(ResourcePath::parse("antenna/track")?, 1);
        self.say(party, &[body.record(self.until, Vec::new())?])?;
        Ok(())
    }

    /// A party gives parts of what it holds to another one's log.
    pub(crate) fn give_hours(
        &mut self,
        giver: usize,
        to: usize,
        hours: &[(ResourceId, Window)],
    ) -> Fallible<()> {
        let log = self.parties[to].log.ok_or("a party that is given hours has written before")?;
        let held = self.held_by(giver)?;
        let mut parts = Vec::new();
        for (antenna, window) in hours {
            let within = |(_, right): &&(Citation, Footprint)| {
                right.resource == *antenna && right.window.contains(window)
            };
            let (right, _) = held.iter().find(within).ok_or("a giver holds what it gives")?;
            parts.push(footprint(*antenna, *window).from_right(*right));
        }
        for some in parts.chunks(PARTS_MAX) {
            let body = Give { to: Receiver::Log(log), parts: Vec::new() };
            self.say(giver, &[body.record(self.until, some.to_vec())?])?;
        }
        Ok(())
    }

    /// The rights of a party's log with their citations, as its own ledger tells them.
    pub(crate) fn held_by(&mut self, party: usize) -> Fallible<Vec<(Citation, Footprint)>> {
        let holder = &mut self.parties[party];
        let Some(log) = holder.log else { return Ok(Vec::new()) };
        let rights = holder.view()?.rights_of(&log);
        let first = self.charter.first_rights().map(|right| (right.citation.record, right.citation));
        let mut citations: BTreeMap<RecordId, Citation> = first.collect();
        let told = self.told_to(party)?;
        citations.extend(told.into_iter().map(|told| (told.citation.record, told.citation)));
        let cited = |record: &RecordId| citations.get(record).copied();
        Ok(rights.into_iter().filter_map(|right| Some((cited(&right.record)?, right.footprint))).collect())
    }

    /// A claim for any one of these alternatives.
    pub(crate) fn claim(
        &self,
        alternatives: &[Vec<Footprint>],
        class: u8,
        least: Millis,
        ideal: Millis,
    ) -> Fallible<Record> {
        let mut places = 0..u8::MAX;
        let numbered = alternatives.iter().map(|parts| places.by_ref().take(parts.len()).collect()).collect();
        let (rule_set, attestations, over) = (1, Vec::new(), Vec::new());
        let body = Claim { class, least, ideal, rule_set, attestations, over, ..Claim::new(numbered) };
        Ok(body.record(self.until, alternatives.concat())?)
    }

    /// Until when everything of this week matters.
    pub(crate) const fn until(&self) -> Tai {
        self.until
    }

    /// All readable records that a party's ledger holds, log by log.
    pub(crate) fn told_to(&self, party: usize) -> Fallible<Vec<Told>> {
        let reader = self.parties[party].ledger.reader()?;
        let mut out = Vec::new();
        for log in reader.logs()? {
            for (seq, entry) in (1..).zip(reader.entries(log.id, 1)?) {
                let entry = entry?;
                for (index, record) in (0..=u8::MAX).zip(entry.records()) {
                    let id = RecordId { entry: entry.id(), index };
                    let citation = Citation { log: log.id, seq, record: id, until: record.until };
                    let (footprints, meaning) = (record.footprints().to_vec(), Meaning::of(record));
                    out.push(Told { citation, footprints, meaning });
                }
            }
        }
        Ok(out)
    }

    /// When an antenna is taken in the week, as a view tells it.
    pub(crate) fn busy(&self, view: &View, antenna: usize) -> Vec<Window> {
        let found = view.occupancies(self.antennas[antenna], self.span);
        found.iter().filter_map(|found| common(&found.window, &self.span)).collect()
    }

    fn enrol_all(&mut self) -> Fallible<()> {
        let mut records = Vec::new();
        for number in MAINTENANCE..self.parties.len() {
            let (roles, scope) = if number == MAINTENANCE {
                (Roles::ACT.with_class(1), NETWORK.to_owned())
            } else if self.custodians().contains(&number) {
                (Roles::GIVE, format!("{NETWORK}/{}", self.parties[number].name))
            } else {
                // A mission's claims must be for what lies in its scope: all antennas.
                (Roles::ACT, NETWORK.to_owned())
            };
            let body = Enrol {
                ordinal: number as u64,
                ..Enrol::new(
                    secret(number as u64).author(),
                    roles,
                    Scope::parse(&scope)?,
                    4 << 20,
                    4,
                    Lineage { build: label("planner-1")?, hardware: label("rack-1")? },
                )
            };
            records.push(body.record(self.until, Vec::new())?);
        }
        for some in records.chunks(ENROLLED_AT_ONCE) {
            self.parties[OFFICE].ledger.append(Lane::Safety, some, self.now)?;
        }
        Ok(())
    }
}

/// An antenna for a while.
pub(crate) const fn footprint(antenna: ResourceId, window: Window) -> Footprint {
    Footprint::open(antenna, Measure::Exclusive, window, 1)
}

/// The scope of all antennas.
const NETWORK: &str = "network";

/// The complex of an antenna, by the tens of its number: 1 and 2 stand at Goldstone, 3 and 4 at Canberra,
/// 5 and 6 at Madrid.
pub(crate) fn complex_of(antenna: &str) -> &'static str {
    let tens = antenna.strip_prefix("DSS-").and_then(|number| number.chars().next());
    match tens {
        Some('1' | '2') => "goldstone",
        Some('3' | '4') => "canberra",
        Some('5' | '6') => "madrid",
        _ => "elsewhere",
    }
}

/// The complexes of a week with their antennas.
fn complexes(week: &Week) -> Vec<(&'static str, Vec<String>)> {
    ["goldstone", "canberra", "madrid", "elsewhere"]
        .into_iter()
        .map(|complex| {
            let here = week.antennas.iter().filter(|name| complex_of(name) == complex);
            (complex, here.cloned().collect::<Vec<_>>())
        })
        .filter(|(_, antennas)| !antennas.is_empty())
        .collect()
}

fn names(week: &Week, complexes: &[(&'static str, Vec<String>)]) -> Vec<String> {
    let custodians = complexes.iter().map(|(complex, _)| (*complex).to_owned());
    ["office".to_owned(), "maintenance".to_owned()]
        .into_iter()
        .chain(custodians)
        .chain(week.missions.iter().cloned())
        .collect()
}

fn declaration(antenna: &str) -> Fallible<Resource> {
    Ok(Resource {
        scope: Scope::parse(&format!("{NETWORK}/{}", complex_of(antenna)))?,
        path: ResourcePath::parse(antenna)?,
        measure: Measure::Exclusive,
        unit: label("1")?,
        scale: (1, 1),
        frame: label("none")?,
        stopping_time: Millis(10_000),
        strictest_mode: Mode::Degraded,
    })
}

/// A charter that gives nothing.
fn charter(until: Tai) -> Fallible<Charter> {
    let roots = vec![CharterRoot::new(secret(OFFICE as u64).author(), 1 << 40, 8)];
    Ok(Charter::new("antenna week", roots, 1, until, CharterParameters::default(), [7; 32])?)
}

/// The same charter, giving every antenna to the log that the office will open first.
///
/// A charter names that log by its incarnation, which a ledger draws when it opens one. So the office opens
/// its first log twice with the same entropy: once here, to learn the incarnation, and once in earnest.
fn endowed(
    open: &Charter,
    antennas: &[ResourceId],
    span: Window,
    first: &[Record],
    now: Clock,
) -> Fallible<Charter> {
    let mut rehearsal = Ledger::create(MemoryStore::new(), open, vec![Scope::root()], host(OFFICE as u64))?;
    let some = first.chunks(ENROLLED_AT_ONCE).next().unwrap_or_default();
    rehearsal.append(Lane::Productivity, some, now)?;
    let key = rehearsal.logs().next().ok_or("an append opens a log")?.key;
    let give = |antenna: &ResourceId| CharterGive {
        footprint: footprint(*antenna, span),
        root: 0,
        lane: key.lane,
        incarnation: key.incarnation,
        end: key.end,
        every: Millis(0),
        repeats: 0,
        last_assignable: None,
    };
    Ok(open.with_gives(antennas.iter().map(give).collect())?)
}

fn label(text: &str) -> Fallible<Label> {
    Ok(Label::try_from(text.to_owned())?)
}

fn seed(of: &str, number: u64) -> [u8; 32] {
    let mut seed = [0; 32];
    seed[..of.len()].copy_from_slice(of.as_bytes());
    seed[24..].copy_from_slice(&number.to_be_bytes());
    seed
}

/// Keys and entropy follow from numbers, so that a run can be repeated. In earnest both come from a true
/// random source.
fn secret(number: u64) -> SecretKey {
    SecretKey::from_seed(seed("antenna week key", number))
}

fn host(number: u64) -> Host {
    let entropy = Box::new(ChaCha12Rng::from_seed(seed("antenna week entropy", number)));
    Host { signer: Box::new(secret(number)), continuity: Box::new(NoContinuity), entropy }
}
