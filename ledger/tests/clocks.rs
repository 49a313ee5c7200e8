//! What a clock reading is used for: each comparison of a reading on both sides of its edge, approvals that count and
//! that do not, and how a replica goes on after a wrong one `[CLOCK-1]` to `[CLOCK-5]`, `[HOR-3]`, `[HOR-7]`, `[HOR-8]`.

#![allow(clippy::unwrap_used, reason = "a fixture that fails is a failed test")]

mod common;

use common::*;
use intent_ledger::contracts::kinds::{Body as _, Mode, Resource, Roles};
use intent_ledger::contracts::*;
use intent_ledger::merge_rules::{Hold, MayAct};
use intent_ledger::{
    AppendError, Approval, ClockFault, FirstLogs, HorizonError, Ledger, Manner, Wish, WriteError,
};

/// The charter's clock error.
const ERROR: Millis = Millis(1_000);
const GUARD: Millis = Millis(60_000);
const STEP: Millis = Millis::days(7);

fn nothing(_: &[u8]) -> Result<(), String> {
    Ok(())
}

fn minute(count: u64) -> Tai {
    NOW.plus(Millis(60_000 * count))
}

/// The reading from `lo` to `hi`.
fn from_to(lo: Tai, hi: Tai) -> Clock {
    Clock::between(lo, hi).unwrap()
}

/// The reading whose upper bound this is.
fn until(hi: Tai) -> Clock {
    from_to(hi.minus(Millis(100)), hi)
}

/// The reading whose lower bound this is.
fn since(lo: Tai) -> Clock {
    from_to(lo, lo.plus(Millis(100)))
}

/// The widest reading that is not wide, and one that is by a millisecond.
fn narrow_and_wide(lo: Tai) -> [Clock; 2] {
    let hi = lo.plus(ERROR).plus(ERROR);
    [from_to(lo, hi), from_to(lo, hi.plus(Millis(1)))]
}

fn pad() -> Resource {
    let label = |text: &str| Label::try_from(text.to_owned()).unwrap();
    Resource {
        scope: Scope::root(),
        path: ResourcePath::parse("pad").unwrap(),
        measure: Measure::Exclusive,
        unit: label("1"),
        scale: (1, 1),
        frame: label("cell"),
        stopping_time: Millis(500),
        strictest_mode: Mode::Degraded,
    }
}

fn wants(start: u64, end: u64) -> Footprint {
    let window = Window::new(minute(start), minute(end)).unwrap();
    Footprint::open(pad().id(), Measure::Exclusive, window, 1)
}

/// A root that holds the pad for twenty hours, and has declared it.
struct Yard {
    charter: Charter,
    root: Replica,
    store: SharedStore,
    witness: Witness,
}

fn yard() -> Yard {
    let parameters = CharterParameters {
        clock_error: ERROR,
        guard: GUARD,
        horizon_step: STEP,
        longest_lease: Millis::DAY,
        ..CharterParameters::default()
    };
    let (lane, every) = (Lane::Productivity, Millis(0));
    let footprint = wants(0, 1_200);
    let give = CharterGive {
        footprint,
        root: 0,
        lane,
        incarnation: 5,
        end: UNTIL,
        every,
        repeats: 0,
        last_assignable: None,
    };
    let charter = charter_with(parameters).with_gives(vec![give]).unwrap();
    let (store, witness) = (SharedStore::default(), Witness::default());
    let host = host(ROOT, 1, witness.clone());
    let first = FirstLogs::all(&charter, &key(ROOT).author());
    let mut root = Ledger::found(store.clone(), &charter, vec![Scope::root()], host, &first).unwrap();
    root.append(Lane::Safety, &[pad().record(UNTIL, Vec::new()).unwrap()], now()).unwrap();
    Yard { charter, root, store, witness }
}

impl Yard {
    /// A claim of these minutes out of the own right, by this clock.
    fn claim(&mut self, start: u64, end: u64, clock: Clock) -> Result<RecordId, WriteError> {
        let drawn = self.root.drawn(&wants(start, end))?;
        self.root.claim(&Wish::of(drawn), clock).map(|written| written.record())
    }

    fn ask(&mut self, claim: &RecordId, clock: Clock) -> MayAct {
        self.root.may_act(claim, 0, clock, Millis(0)).unwrap()
    }

    /// Something that takes nothing, in the log that holds the right.
    fn report(&mut self, clock: Clock) -> Result<SignedEntry, AppendError> {
        let log = self.charter.first_rights().next().unwrap().holder;
        let written = self.root.append_in(log, &[note(in_days(300), b"so")], clock)?;
        Ok(self.root.reader().unwrap().entries(written.log, written.seq).unwrap().next().unwrap().unwrap())
    }
}

fn is_behind(error: &WriteError, written: Tai, latest: Tai) -> bool {
    let WriteError::Append(AppendError::Clock(ClockFault::Behind { written: w, latest: l, .. })) = error
    else {
        return false;
    };
    (*w, *l) == (written, latest) && error.clause() == Some("CLOCK-1")
}

fn is_wide(error: &AppendError) -> bool {
    matches!(error, AppendError::Clock(ClockFault::Wide { most, .. }) if *most == ERROR.plus(ERROR))
}

/// A lease from the tenth minute on, the own log written in its thirtieth, the clock then in its twelfth: it was `Go`.
#[test]
fn no_clock_behind_the_own_writing_gives_go_or_takes() {
    let mut yard = yard();
    let claim = yard.claim(10, 600, now()).unwrap();
    let written = yard.report(since(minute(30))).unwrap().header().authored.clock().lo();
    assert_eq!(written, minute(30));
    // The moment itself may still be: at its edge it is `Go`, and one millisecond below it is not.
    assert!(matches!(yard.ask(&claim, until(written)), MayAct::Go { .. }));
    for behind in [until(written.minus(Millis(1))), at(minute(12))] {
        let MayAct::Hold(hold) = yard.ask(&claim, behind) else {
            panic!("a clock that is behind gives no Go")
        };
        assert_eq!((hold.clause(), &hold), ("CLOCK-1", &Hold::ClockBehind { written, latest: behind.hi() }));
    }
    let latest = written.minus(Millis(1));
    let error = yard.claim(700, 710, until(latest)).unwrap_err();
    assert!(is_behind(&error, written, latest), "{error}");
    let log = LogId::from_bytes([9; 32]);
    let error = yard.root.give_right(log, &[wants(720, 730)], Manner::Civil, until(latest)).unwrap_err();
    assert!(is_behind(&error, written, latest), "{error}");
    yard.claim(700, 710, until(written)).unwrap();
    yard.root.give_right(log, &[wants(720, 730)], Manner::Civil, until(written)).unwrap();
}

/// Who lets a host wake must tell it when its clock has caught up.
#[test]
fn the_next_deadline_of_a_clock_that_is_behind_is_when_it_has_caught_up() {
    let mut yard = yard();
    yard.claim(10, 600, now()).unwrap();
    yard.report(since(minute(30))).unwrap();
    let behind = until(minute(12));
    assert_eq!(yard.root.next_deadline(behind).unwrap(), minute(30).minus(Millis(100)));
    let even = until(minute(30));
    assert!(yard.root.next_deadline(even).unwrap() > minute(30));
}

/// An entry written by a clock that went back states so wide an interval that it hides the ones before it.
#[test]
fn the_latest_own_entry_counts_and_not_the_last() {
    let mut yard = yard();
    let claim = yard.claim(10, 600, now()).unwrap();
    yard.report(since(minute(30))).unwrap();
    let hidden = yard.report(at(minute(12))).unwrap().header().authored.clock();
    assert!(hidden.lo() <= at(minute(12)).lo(), "[ADM-6]");
    assert!(matches!(yard.ask(&claim, at(minute(13))), MayAct::Hold(Hold::ClockBehind { .. })));
    // It is remembered over a restart.
    let host = host(ROOT, 9, yard.witness.clone());
    yard.root = Ledger::open(yard.store.clone(), &yard.charter, host).unwrap();
    assert!(matches!(yard.ask(&claim, at(minute(13))), MayAct::Hold(Hold::ClockBehind { .. })));
    assert!(matches!(yard.ask(&claim, until(minute(30))), MayAct::Go { .. }));
}

/// `[STORE-7]`
#[test]
fn where_the_moment_of_the_own_writing_is_lost_the_head_stands_for_it() {
    let mut yard = yard();
    let claim = yard.claim(10, 600, now()).unwrap();
    let head = yard.report(since(minute(30))).unwrap().header().authored.at;
    let row = b"mwritten".to_vec();
    assert!(yard.store.rows(b'm').iter().any(|(key, _)| *key == row));
    yard.store.delete(row);
    let open = |yard: &Yard, seed| {
        Ledger::open(yard.store.clone(), &yard.charter, host(ROOT, seed, yard.witness.clone())).unwrap()
    };
    yard.root = open(&yard, 9);
    assert_eq!(yard.root.opening().damage.len(), 1);
    assert!(matches!(yard.ask(&claim, until(head)), MayAct::Go { .. }));
    assert!(matches!(yard.ask(&claim, until(head.minus(Millis(1)))), MayAct::Hold(Hold::ClockBehind { .. })));
    assert!(yard.root.scrub().unwrap().damage.is_empty());
    yard.root = open(&yard, 10);
    assert!(yard.root.opening().damage.is_empty(), "it is mended once");
}

/// `[CLOCK-2]`: one reading of a broken clock opened a log to the charter's end.
#[test]
fn a_wide_reading_takes_nothing_and_opens_no_log() {
    let mut yard = yard();
    for (wide, clock) in [false, true].into_iter().zip(narrow_and_wide(minute(1))) {
        let taken = yard.claim(10 + u64::from(wide), 11 + u64::from(wide), clock);
        let given = yard.root.give_right(LogId::from_bytes([9; 32]), &[wants(20, 30)], Manner::Civil, clock);
        // Nothing but a new log holds what lasts so long in this lane.
        let opened = yard.root.append(Lane::Safety, &[note(UNTIL, b"new")], clock);
        if wide {
            let Err(WriteError::Append(error)) = taken else { panic!("{taken:?}") };
            assert!(is_wide(&error), "{error}");
            assert!(matches!(given, Err(WriteError::Append(ref error)) if is_wide(error)), "{given:?}");
        } else {
            assert!(taken.is_ok() && given.is_ok() && opened.is_ok(), "{taken:?} {given:?} {opened:?}");
        }
    }
    let logs: Vec<LogId> = yard.root.logs().map(|log| log.id).collect();
    yard.root.start_incarnation().unwrap();
    let [narrow, wide] = narrow_and_wide(minute(2));
    let error = yard.root.append(Lane::Productivity, &[note(in_days(5), b"new")], wide).unwrap_err();
    assert!(is_wide(&error), "{error}");
    let broken = Clock::new(NOW, Millis(u64::MAX / 2));
    let error = yard.root.append(Lane::Productivity, &[note(in_days(5), b"new")], broken).unwrap_err();
    assert!(is_wide(&error), "{error}");
    assert_eq!(yard.root.logs().map(|log| log.id).collect::<Vec<_>>(), logs, "no log was opened");
    yard.root.append(Lane::Productivity, &[note(in_days(5), b"new")], narrow).unwrap();
}

/// A log that the charter names is opened by its first entry, too.
#[test]
fn a_wide_reading_opens_no_log_of_the_charter() {
    let mut yard = yard();
    let [narrow, wide] = narrow_and_wide(minute(1));
    let error = yard.report(wide).unwrap_err();
    assert!(is_wide(&error), "{error}");
    yard.report(narrow).unwrap();
}

#[test]
fn a_node_without_good_time_still_makes_way() {
    let mut yard = yard();
    let claim = yard.claim(10, 20, now()).unwrap();
    let give =
        yard.root.give_right(LogId::from_bytes([9; 32]), &[wants(30, 40)], Manner::Civil, now()).unwrap();
    let broken = Clock::new(NOW, Millis(u64::MAX / 2));
    let head = yard.report(now()).unwrap().header().authored.at;
    // What it states begins where the log stood, or at the reading's lower bound, and contains the reading.
    let stated = yard.report(broken).unwrap().header().authored;
    assert_eq!(stated.at, head, "[CLOCK-3]");
    assert!(stated.clock().lo() <= broken.lo() && stated.clock().hi() >= broken.hi(), "[ADM-6]");
    let later = from_to(head.plus(Millis(7)), Tai::MAX);
    assert_eq!(yard.report(later).unwrap().header().authored.at, later.lo(), "[CLOCK-3]");
    yard.root.release(&claim, &[], broken).unwrap();
    yard.root.notice(&Scope::root(), in_days(30), 40, vec![1], broken).unwrap();
    // A reclaim by time or on the bare word needs good time.
    let error = yard.root.reclaim(&give.record(), Manner::Forced, broken).unwrap_err();
    assert!(matches!(error, WriteError::Append(ref error) if is_wide(error)), "{error}");
    // A reading of any width may be asked with: it only shortens the window.
    let wide = from_to(minute(12), minute(14));
    let claim = yard.claim(10, 20, now()).unwrap();
    assert!(matches!(yard.ask(&claim, wide), MayAct::Go { .. }));
    assert_store_equals_memory(&yard.charter, &mut yard.root, &yard.store);
}

/// A reclaim by time is judged by the earliest that it can be, and one of a good reading alone.
#[test]
fn a_reclaim_by_time_waits_for_the_lower_bound() {
    let mut yard = yard();
    let log = LogId::from_bytes([9; 32]);
    let give = yard.root.give_right(log, &[wants(0, 10)], Manner::Civil, now()).unwrap().record();
    let over = minute(10).plus(GUARD);
    let reclaim = |yard: &mut Yard, clock| yard.root.reclaim(&give, Manner::Civil, clock);
    let error = reclaim(&mut yard, since(over)).unwrap_err();
    assert!(matches!(error, WriteError::NotBack { .. }), "{error}");
    let [narrow, wide] = narrow_and_wide(over.plus(Millis(1)));
    let error = reclaim(&mut yard, wide).unwrap_err();
    assert!(matches!(error, WriteError::Append(ref error) if is_wide(error)), "{error}");
    reclaim(&mut yard, narrow).unwrap();
}

/// `[ACT-5]`: a rival is gone when its window and the guard surely are.
#[test]
fn a_rival_on_an_open_resource_is_over_by_the_lower_bound() {
    let parameters = CharterParameters { guard: GUARD, ..CharterParameters::default() };
    let charter = charter_with(parameters);
    let (mut root, _) = replica(&charter, ROOT, &[""]);
    root.append(Lane::Safety, &[pad().record(UNTIL, Vec::new()).unwrap()], now()).unwrap();
    root.claim(&Wish::of(wants(0, 10)), now()).unwrap();
    let over = minute(10).plus(GUARD);
    let error = root.claim(&Wish::of(wants(9, 30)), since(over)).unwrap_err();
    assert!(matches!(error, WriteError::Uncivil { .. }), "{error}");
    let later = root.claim(&Wish::of(wants(9, 30)), since(over.plus(Millis(1))));
    // It is no longer in the way; that the own earlier claim goes first is another matter.
    assert!(!matches!(later, Err(WriteError::Uncivil { .. })), "{later:?}");
}

/// `[LOG-5]`: what is surely past is not written, and a log that may have ended is left alone.
#[test]
fn a_record_is_past_by_the_lower_bound_and_a_log_has_ended_by_the_upper_one() {
    let family = family();
    let (mut node, _) = family.member(NODE, &["mars/forge"]);
    let day = in_days(3);
    node.append(Lane::Productivity, &[note(day, b"a")], since(day)).unwrap();
    let error = node.append(Lane::Productivity, &[note(day, b"a")], since(day.plus(Millis(1)))).unwrap_err();
    assert_eq!(error, AppendError::Past { until: day, now: day.plus(Millis(1)) });

    let open =
        |node: &mut Replica| node.append(Lane::Productivity, &[note(in_days(5), b"b")], now()).unwrap().log;
    let log = open(&mut node);
    let end = node.logs().find(|found| found.id == log).unwrap().key.end;
    let late = [note(end, b"late")];
    assert_eq!(node.append(Lane::Productivity, &late, until(end)).unwrap().log, log);
    assert_ne!(node.append(Lane::Productivity, &late, until(end.plus(Millis(1)))).unwrap().log, log);
    // The same of the log that is named.
    node.append_in(log, &late, until(end)).unwrap();
    let error = node.append_in(log, &late, until(end.plus(Millis(1)))).unwrap_err();
    assert_eq!(error, AppendError::BeyondLog { until: end.plus(Millis(1)), end });
    // By a wide reading it must have ended surely.
    node.append_in(log, &late, from_to(end, Tai::MAX)).unwrap();
    let error =
        node.append_in(log, &[note(end, b"late")], from_to(end.plus(Millis(1)), Tai::MAX)).unwrap_err();
    assert!(matches!(error, AppendError::Past { .. }), "{error}");
}

/// `[ADM-6]`: an own entry never states less than the one before, and always what the clock said.
#[test]
fn an_own_entry_keeps_the_order_of_moments_on_both_sides_of_the_last() {
    let mut yard = yard();
    let last = yard.report(at(minute(30))).unwrap().header().authored.at;
    for clock in [at(last.plus(Millis(1))), at(last), at(last.minus(Millis(1)))] {
        let before = yard.report(clock).unwrap().header().authored;
        assert_eq!(before.at, last.max(clock.middle()).max(last.plus(Millis(1))));
        assert!(before.clock().lo() <= clock.lo() && before.clock().hi() >= clock.hi());
    }
}

/// `absorb` judges nothing by its clock, and tells what was surely written later than now.
#[test]
fn what_is_ahead_of_the_clock_is_told_by_the_upper_bound() {
    let family = family();
    let pen = family.node_pen(1);
    let entry = pen.entry(1, pen.log.enrolment.entry, in_days(1), &[note(in_days(3), b"x")]);
    let lower = entry.header().authored.clock().lo();
    for (hi, ahead) in [(lower, 0), (lower.minus(Millis(1)), 1)] {
        let (mut node, _) = family.member(NODE, &["mars/forge"]);
        let report = node.absorb(&parcel(family.ledger(), [&entry]), until(hi)).unwrap();
        assert_eq!((report.new_entries, report.ahead_of_clock), (1, ahead));
    }
}

/// A replica that two others corroborate: the family's root and region have written now.
fn newcomer(family: &Family) -> Replica {
    family.member(NODE, &["mars/forge"]).0
}

/// The head that is written earliest, and the one written latest, of the others' logs.
fn heads(replica: &Replica) -> (Tai, Tai) {
    let heads: Vec<Tai> = replica.logs().map(|log| log.head_authored).collect();
    (*heads.iter().min().unwrap(), *heads.iter().max().unwrap())
}

/// `[HOR-3]`
#[test]
fn a_first_step_is_corroborated_on_both_sides_of_the_heads() {
    let family = family();
    let (first, last) = heads(&newcomer(&family));
    let step = family.charter.parameters().horizon_step;
    let millisecond = Millis(1);
    let clocks = [
        (until(first.plus(step)), true),
        (until(first.plus(step).plus(millisecond)), false),
        (since(last.minus(step)), true),
        (since(last.minus(step).minus(millisecond)), false),
    ];
    for (clock, corroborated) in clocks {
        let outcome = newcomer(&family).advance_horizon(clock, None, &mut nothing);
        match outcome {
            Ok(report) => assert!(corroborated && report.horizon > Tai(0), "{clock:?}"),
            Err(HorizonError::FirstStep { latest, .. }) => {
                assert!(!corroborated, "{clock:?}");
                assert_eq!(latest, clock.hi());
            }
            Err(error) => panic!("{error}"),
        }
    }
}

/// `[HOR-3]`: one author does not corroborate, nor do two logs of one, nor does the own writing.
#[test]
fn a_first_step_needs_two_others() {
    let family = family();
    // The region has heard of the root alone.
    let (mut region, _) = family.member(MARS, &["mars"]);
    region.append(Lane::Productivity, &[note(in_days(5), b"own")], now()).unwrap();
    region.append(Lane::Safety, &[note(in_days(5), b"own")], now()).unwrap();
    let first = |replica: &mut Replica| replica.advance_horizon(now(), None, &mut nothing);
    assert!(matches!(first(&mut region), Err(HorizonError::FirstStep { .. })));
    // The root has written a second log; the region's own enrolment is one more way to write.
    let mut root = family.member(ROOT, &[""]).0;
    root.append(Lane::Productivity, &[note(in_days(5), b"root")], now()).unwrap();
    send(&root, &mut region, usize::MAX);
    assert!(matches!(first(&mut region), Err(HorizonError::FirstStep { .. })));
    assert_eq!(region.birth(), None, "[HOR-8]");
    absorb_each(&mut region, &family.node_pen(1).chain(1, b"node"));
    assert_eq!(region.birth(), Some(now().lo()), "[HOR-8]");
    assert!(first(&mut region).is_ok());
}

/// `[HOR-3]`: whoever can enrol could else corroborate anything by two puppets.
#[test]
fn two_whom_one_has_enrolled_corroborate_nothing() {
    let family = family();
    let (mut region, _) = family.member(MARS, &["mars"]);
    let puppet = enrol(77, Roles::ACT, "mars/forge", NODE_BUDGET, NODE_LOGS, in_days(400));
    let enrolled = region.append(Lane::Safety, &[puppet], now()).unwrap();
    let (mut fresh, _) = family.member(100, &[""]);
    send(&region, &mut fresh, usize::MAX);
    let later = after_days(20);
    let puppet = RecordId { entry: enrolled.id, index: 0 };
    for (seed, enrolment) in [(NODE, family.node), (77, puppet)] {
        let pen = Pen::new(family.ledger(), seed, Lane::Productivity, 1, in_days(30), enrolment);
        let entry = pen.entry(1, enrolment.entry, later.middle(), &[note(in_days(30), b"so")]);
        assert_eq!(absorb_each(&mut fresh, [&entry])[0].new_entries, 1);
    }
    let error = fresh.advance_horizon(later, None, &mut nothing).unwrap_err();
    assert!(matches!(error, HorizonError::FirstStep { .. }), "{error}");
    region.append(Lane::Safety, &[note(in_days(30), b"who enrolled them")], later).unwrap();
    send(&region, &mut fresh, usize::MAX);
    fresh.advance_horizon(later, None, &mut nothing).unwrap();
}

/// `[HOR-3]`, `[CLOCK-4]`: a replica whose first reading was of the year 2087 forgot everything without a word.
#[test]
fn a_first_reading_decades_ahead_forgets_nothing_and_leaves_no_trace() {
    let family = family();
    let wrong = after_days(365 * 60);
    let (mut fresh, store) = replica(&family.charter, 50, &[""]);
    fresh.absorb(&family.bytes, wrong).unwrap();
    let before = picture(&fresh);
    let error = fresh.advance_horizon(wrong, None, &mut nothing).unwrap_err();
    assert!(matches!(error, HorizonError::FirstStep { .. }), "{error}");
    // An operator who reads a right clock approves nothing of it.
    let error = fresh.advance_horizon(wrong, approved(now()), &mut nothing).unwrap_err();
    assert!(matches!(error, HorizonError::Clock(ClockFault::Unconfirmed { .. })), "{error}");
    assert_eq!((picture(&fresh), fresh.birth()), (before, None), "[HOR-8]");
    let wide = Clock::new(NOW, Millis::days(2));
    fresh.absorb(&family.bytes, wide).unwrap();
    assert_eq!(fresh.birth(), None, "a wide reading is no birth");
    // The right clock needs no word.
    assert!(fresh.advance_horizon(now(), None, &mut nothing).is_ok());
    assert_eq!(fresh.birth(), Some(now().lo()));
    assert_store_equals_memory(&family.charter, &mut fresh, &store);
}

/// `[CLOCK-4]`
#[test]
fn an_approval_counts_within_an_epoch_of_both_ends() {
    let family = family();
    let epoch = family.charter.parameters().epoch;
    let clock = after_days(30);
    for (confirmed, counts) in [
        (clock.lo().plus(epoch), true),
        (clock.lo().plus(epoch).plus(Millis(1)), false),
        (clock.hi().minus(epoch), true),
        (clock.hi().minus(epoch).minus(Millis(1)), false),
    ] {
        let mut node = newcomer(&family);
        let outcome = node.advance_horizon(clock, Some(Approval::of(confirmed)), &mut nothing);
        assert_eq!(outcome.is_ok(), counts, "{confirmed}: {outcome:?}");
        let mut node = newcomer(&family);
        assert_eq!(node.let_go(Approval::of(confirmed), clock).is_ok(), counts);
    }
    // One that does not count makes even a step fail that needs none.
    let error = newcomer(&family).advance_horizon(now(), approved(clock), &mut nothing).unwrap_err();
    assert!(matches!(error, HorizonError::Clock(ClockFault::Unconfirmed { .. })), "{error}");
}

/// `[HOR-1]`, `[HOR-3]`: the horizon is the epoch of the lower bound, and an epoch longer than the step is refused.
#[test]
fn a_step_is_measured_by_the_lower_bound() {
    let family = family();
    let parameters = family.charter.parameters().clone();
    let mut node = newcomer(&family);
    let horizon = node.advance_horizon(now(), None, &mut nothing).unwrap().horizon;
    let memory = parameters.memory();
    assert_eq!(horizon, now().lo().minus(memory).epoch_floor(parameters.epoch));
    // The upper bound reaches the next epoch, the lower one not yet.
    let next = horizon.plus(parameters.epoch).plus(memory);
    let report = node.advance_horizon(since(next.minus(Millis(1))), None, &mut nothing).unwrap();
    assert_eq!(report.horizon, horizon);
    let report = node.advance_horizon(since(next), None, &mut nothing).unwrap();
    assert_eq!(report.horizon, horizon.plus(parameters.epoch));
    // Just a step farther, and an epoch more.
    let far = next.plus(parameters.horizon_step);
    let error = node.advance_horizon(since(far.plus(parameters.epoch)), None, &mut nothing).unwrap_err();
    assert!(matches!(error, HorizonError::Leap { .. }), "{error}");
    node.advance_horizon(since(far), None, &mut nothing).unwrap();
}

#[test]
fn no_wide_reading_and_none_behind_the_own_writing_moves_the_horizon() {
    let family = family_with(CharterParameters { clock_error: ERROR, ..CharterParameters::default() });
    let mut node = newcomer(&family);
    let [narrow, wide] = narrow_and_wide(minute(1));
    for word in [None, approved(wide)] {
        let error = node.advance_horizon(wide, word, &mut nothing).unwrap_err();
        assert!(matches!(error, HorizonError::Clock(ClockFault::Wide { .. })), "{error}");
    }
    assert_eq!(node.horizon(), Tai(0));
    node.advance_horizon(narrow, None, &mut nothing).unwrap();
    node.append(Lane::Productivity, &[note(in_days(5), b"a")], since(minute(30))).unwrap();
    let behind = until(minute(30).minus(Millis(1)));
    let error = node.advance_horizon(behind, approved(behind), &mut nothing).unwrap_err();
    assert!(matches!(error, HorizonError::Clock(ClockFault::Behind { .. })), "{error}");
    node.advance_horizon(until(minute(30)), None, &mut nothing).unwrap();
}

/// `[HOR-7]`
#[test]
fn a_clock_behind_the_horizons_moves_nothing_and_is_told() {
    let family = family();
    let mut node = newcomer(&family);
    node.advance_horizon(since(NOW), None, &mut nothing).unwrap();
    let before = picture(&node);
    node.advance_horizon(until(NOW), None, &mut nothing).unwrap();
    let error = node.advance_horizon(until(NOW.minus(Millis(1))), None, &mut nothing).unwrap_err();
    let (floor, latest) = (NOW, NOW.minus(Millis(1)));
    assert_eq!(error, HorizonError::Behind { floor, latest, horizon: before.4 });
    assert_eq!(picture(&node), before);
}

/// `[CLOCK-5]`
#[test]
fn after_a_spoofed_leap_an_approval_lets_the_logs_go_that_were_written_ahead() {
    let mut yard = yard();
    let claim = yard.claim(10, 600, now()).unwrap();
    let kept = yard.charter.first_rights().next().unwrap().holder;
    let leapt = yard.root.append(Lane::Safety, &[note(in_days(9), b"leapt")], after_days(9)).unwrap();
    let right = at(minute(20));
    assert!(matches!(yard.ask(&claim, right), MayAct::Hold(Hold::ClockBehind { .. })));
    // Neither the time at which it leapt nor any other word opens the way.
    for wrong in [after_days(9), after_days(2)] {
        let error = yard.root.let_go(approved(wrong).unwrap(), right).unwrap_err();
        assert!(matches!(error, AppendError::Clock(ClockFault::Unconfirmed { .. })), "{error}");
    }
    assert_eq!(yard.root.let_go(approved(right).unwrap(), right).unwrap(), [leapt.log]);
    assert!(yard.root.writing().any(|log| log == kept), "what was written in its time stays");
    assert!(matches!(yard.ask(&claim, right), MayAct::Go { .. }));
    let anew = yard.root.append(Lane::Safety, &[note(in_days(9), b"anew")], right).unwrap();
    assert_ne!(anew.log, leapt.log);
    assert_eq!(yard.root.let_go(approved(right).unwrap(), right).unwrap(), []);
    assert_store_equals_memory(&yard.charter, &mut yard.root, &yard.store);
    // What was let go stays so over a restart.
    let host = host(ROOT, 9, yard.witness.clone());
    yard.root = Ledger::open(yard.store.clone(), &yard.charter, host).unwrap();
    assert!(yard.root.writing().all(|log| log != leapt.log));
    assert!(matches!(yard.ask(&claim, right), MayAct::Go { .. }));
}

/// A log is let go when it was written above the upper bound, and kept when it was written at it.
#[test]
fn the_edge_of_letting_go() {
    for (ahead, gone) in [(0, 0), (1, 1)] {
        let mut yard = yard();
        yard.report(since(minute(30).plus(Millis(ahead)))).unwrap();
        let clock = until(minute(30));
        assert_eq!(yard.root.let_go(approved(clock).unwrap(), clock).unwrap().len(), gone);
    }
}

/// `[HOR-7]`: a wrong clock that a wrong word confirms kills a replica; the errors say what to do, and it helps.
#[test]
fn a_horizon_ahead_of_time_heals_by_a_new_store() {
    let family = family();
    let (store, witness) = (SharedStore::default(), Witness::default());
    let roots = vec![Scope::root()];
    let mut node =
        Ledger::create(store, &family.charter, roots.clone(), host(NODE, 1, witness.clone())).unwrap();
    node.absorb(&family.bytes, now()).unwrap();
    node.append(Lane::Productivity, &[note(in_days(5), b"mine")], now()).unwrap();
    let wrong = after_days(3_650);
    let mut exported = Vec::new();
    let mut export = |bytes: &[u8]| {
        exported.extend_from_slice(bytes);
        Ok(())
    };
    node.advance_horizon(wrong, approved(wrong), &mut export).unwrap();
    // Everything says so, with both moments, and nothing advises to ask a peer for what is refused.
    let ahead = |error: &AppendError| {
        let told = error.to_string();
        assert!(told.contains("create a new store") && told.contains("[HOR-7]"), "{told}");
        matches!(error, AppendError::HorizonAhead { horizon, latest } if horizon > latest)
    };
    let report = node.absorb(&family.bytes, now()).unwrap();
    assert_eq!(report.horizon_ahead, Some(node.horizon()));
    assert!(report.lapsed > 0);
    assert!(ahead(&node.append(Lane::Productivity, &[note(in_days(9), b"x")], now()).unwrap_err()));
    assert!(ahead(&node.notice(&scope("mars/forge"), in_days(9), 40, vec![1], now()).unwrap_err()));
    let error = node.advance_horizon(now(), approved(now()), &mut nothing).unwrap_err();
    assert!(matches!(error, HorizonError::Behind { .. }) && error.to_string().contains("create a new store"));
    drop(node);

    let mut anew =
        Ledger::create(SharedStore::default(), &family.charter, roots, host(NODE, 2, witness)).unwrap();
    let report = anew.absorb(&family.bytes, now()).unwrap();
    assert_eq!((report.horizon_ahead, report.refused_total()), (None, 0));
    assert_eq!(anew.absorb(&exported, now()).unwrap().new_entries, 1, "what only it had");
    anew.append(Lane::Productivity, &[note(in_days(9), b"x")], now()).unwrap();
    anew.advance_horizon(now(), None, &mut nothing).unwrap();
}

#[test]
fn no_horizon_is_blamed_that_is_not_ahead() {
    let family = family();
    let (mut stranger, _) = family.member(99, &["mars/forge"]);
    stranger.advance_horizon(now(), None, &mut nothing).unwrap();
    let error = stranger.append(Lane::Productivity, &[note(in_days(5), b"a")], now()).unwrap_err();
    assert_eq!(error, AppendError::NotEnrolled);
    let mut node = newcomer(&family);
    node.advance_horizon(after_days(6), None, &mut nothing).unwrap();
    let lapsed = node.horizon().minus(Millis(1));
    let error = node.notice(&scope("mars/forge"), lapsed, 40, vec![1], after_days(6)).unwrap_err();
    assert_eq!(error, AppendError::Refused(Reason::Lapsed.into()));
    // At the very moment of the horizon it is not ahead; a millisecond before it is.
    let horizon = node.horizon();
    let error = node.notice(&scope("mars/forge"), lapsed, 40, vec![1], until(horizon)).unwrap_err();
    assert_eq!(error, AppendError::Refused(Reason::Lapsed.into()));
    let error =
        node.notice(&scope("mars/forge"), lapsed, 40, vec![1], until(horizon.minus(Millis(1)))).unwrap_err();
    assert_eq!(error, AppendError::HorizonAhead { horizon, latest: horizon.minus(Millis(1)) });
}

/// What others read of an entry that a broken clock wrote is no worse than what they read of the ones before.
#[test]
fn an_entry_by_a_broken_clock_does_not_bind_the_log_to_the_far_future() {
    let mut yard = yard();
    yard.report(now()).unwrap();
    yard.report(Clock::new(NOW, Millis(u64::MAX / 2))).unwrap();
    let after = yard.report(at(minute(1))).unwrap().header().authored;
    assert_eq!(after.at, minute(1));
    let claim = yard.claim(10, 20, at(minute(1))).unwrap();
    assert!(matches!(yard.ask(&claim, at(minute(11))), MayAct::Go { .. }));
}
