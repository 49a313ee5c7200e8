//! Copies of one store that run beside each other, on one record, on copied ones and on none: no two machines
//! may act, and no honest log is forked.

#![allow(clippy::unwrap_used, reason = "a fixture that fails is a failed test")]

mod common;

use common::*;
use intent_ledger::contracts::kinds::{Body as _, Mode, Resource, Roles};
use intent_ledger::contracts::*;
use intent_ledger::merge_rules::{Hold, MayAct, Standing};
use intent_ledger::{
    AppendError, Continued, FirstLogs, Keep, Ledger, LedgerError, Manner, NoContinuity, Wish, WriteError,
    Written,
};

const RIVAL: u8 = 9;
const PLACE: &str = "mars/forge";

fn pad() -> Resource {
    let label = |text: &str| Label::try_from(text.to_owned()).unwrap();
    Resource {
        scope: scope(PLACE),
        path: ResourcePath::parse("pad").unwrap(),
        measure: Measure::Exclusive,
        unit: label("1"),
        scale: (1, 1),
        frame: label("cell"),
        stopping_time: Millis(500),
        strictest_mode: Mode::Degraded,
    }
}

fn minutes(start: u64, end: u64) -> Footprint {
    let at = |minute: u64| NOW.plus(Millis(60_000 * minute));
    Footprint::open(pad().id(), Measure::Exclusive, Window::new(at(start), at(end)).unwrap(), 1)
}

fn minute(minute: u64) -> Clock {
    at(NOW.plus(Millis(60_000 * minute)))
}

/// A custodian that holds the pad, a node with a lease of it from minute 10 to 60, and a rival.
struct Yard {
    charter: Charter,
    custodian: Replica,
    custodian_store: SharedStore,
    node: Replica,
    disk: SharedStore,
    witness: Witness,
    rival: Replica,
    /// The node's enrolment record.
    enrolment: RecordId,
    claim: Written,
    give: Written,
}

impl Yard {
    fn new() -> Self {
        let parameters = CharterParameters {
            clock_error: Millis(1_000),
            longest_lease: Millis::DAY,
            ..CharterParameters::default()
        };
        let whole = CharterGive {
            footprint: minutes(0, 600),
            root: 0,
            lane: Lane::Productivity,
            incarnation: 5,
            end: UNTIL,
            every: Millis(0),
            repeats: 0,
            last_assignable: None,
        };
        let charter = charter_with(parameters).with_gives(vec![whole]).unwrap();
        let (mut custodian, custodian_store) = replica(&charter, ROOT, &[""]);
        let roles = Roles::ACT.with(Roles::GIVE);
        let enrols = [NODE, RIVAL].map(|seed| enrol(seed, roles, PLACE, 1 << 20, 8, UNTIL));
        let enrolled = custodian.append(Lane::Safety, &enrols, now()).unwrap();
        let declared = pad().record(UNTIL, Vec::new()).unwrap();
        custodian.append(Lane::Productivity, &[declared], now()).unwrap();
        let (disk, witness) = (SharedStore::default(), Witness::default());
        let host = host(NODE, 3, witness.clone());
        let mut node = Ledger::create(disk.clone(), &charter, vec![scope("")], host).unwrap();
        let (mut rival, _) = replica(&charter, RIVAL, &[""]);
        send(&custodian, &mut node, usize::MAX);
        send(&custodian, &mut rival, usize::MAX);
        let claim = node.claim(&Wish::of(minutes(10, 60)), now()).unwrap();
        send(&node, &mut custodian, usize::MAX);
        let give = custodian.give(&claim.record(), 0, Manner::Civil, now()).unwrap();
        send(&custodian, &mut node, usize::MAX);
        let enrolment = RecordId { entry: enrolled.id, index: 0 };
        Self { charter, custodian, custodian_store, node, disk, witness, rival, enrolment, claim, give }
    }

    fn open(&self, disk: &SharedStore, entropy: u64, witness: &Witness) -> Replica {
        Ledger::open(disk.clone(), &self.charter, host(NODE, entropy, witness.clone())).unwrap()
    }

    /// Whether a copy of the node may act now on the lease.
    fn goes(&self, copy: &mut Replica) -> bool {
        matches!(self.ask(copy), MayAct::Go { .. })
    }

    fn ask(&self, copy: &mut Replica) -> MayAct {
        copy.may_act(&self.claim.record(), 0, minute(20), Millis(0)).unwrap()
    }

    fn say(&self, text: &[u8]) -> [Record; 1] {
        [note(self.claim.citation.until, text)]
    }

    /// Whether the rival comes to act, when the custodian has heard these copies and does all it can.
    fn rival_goes(&mut self, copies: &[&Replica]) -> bool {
        for copy in copies {
            send(copy, &mut self.custodian, usize::MAX);
        }
        // Refused unless somebody has shown the node's release.
        let _ = self.custodian.reclaim(&self.give.record(), Manner::Civil, now());
        send(&self.custodian, &mut self.rival, usize::MAX);
        let Ok(other) = self.rival.claim(&Wish::of(minutes(10, 60)), now()) else { return false };
        send(&self.rival, &mut self.custodian, usize::MAX);
        if self.custodian.give(&other.record(), 0, Manner::Civil, now()).is_err() {
            return false;
        }
        send(&self.custodian, &mut self.rival, usize::MAX);
        matches!(self.rival.may_act(&other.record(), 0, minute(20), Millis(0)).unwrap(), MayAct::Go { .. })
    }

    /// The logs that end in a fork, as the custodian knows them.
    fn forked(&self) -> usize {
        self.custodian.logs().filter(|log| log.terminal.is_some()).count()
    }
}

/// A release that was committed and not recorded is shown by nobody while another copy goes on.
#[test]
fn an_unrecorded_release_is_no_proof_while_another_copy_acts() {
    for without_record in [false, true] {
        let mut yard = Yard::new();
        let log = yard.claim.at.log;
        drop(std::mem::replace(&mut yard.node, replica(&yard.charter, 77, &[""]).0));
        let old_disk = yard.disk.copy();
        // The one copy writes its release and is stopped before it is recorded.
        let known = if without_record { yard.witness.copy() } else { yard.witness.clone() };
        let mut one = yard.open(&old_disk, 21, &known);
        known.fail(true);
        let error = one.release(&yard.claim.record(), &[], now()).unwrap_err();
        assert!(matches!(error, WriteError::Append(AppendError::Unrecorded { .. })), "{error:?}");
        assert!(!yard.goes(&mut one), "nor does it act");
        known.fail(false);
        drop(one);
        // The other goes on beside it, where the record proves it: only if the one asked another record.
        let mut other = yard.open(&yard.disk, 22, &yard.witness);
        assert_eq!(yard.goes(&mut other), without_record);
        let mut one = if without_record {
            Ledger::open(old_disk.clone(), &yard.charter, host(NODE, 23, NoContinuity)).unwrap()
        } else {
            yard.open(&old_disk, 23, &known)
        };
        assert_eq!(one.opening().continuity, Continued::Lost { logs: vec![log], dropped: 1 });
        assert!(!yard.goes(&mut one));
        assert!(!yard.rival_goes(&[&one, &other]), "the release was never anywhere");
        assert_eq!(yard.goes(&mut other), without_record);
        assert_eq!(yard.forked(), 0);
    }
}

/// `[ASM-7]`: the copy that is proven acts and writes; the overtaken one, restarted again and again, neither shows its
/// release nor forks the log.
#[test]
fn of_two_copies_on_one_record_the_overtaken_one_shows_nothing() {
    let mut yard = Yard::new();
    let log = yard.claim.at.log;
    let copy = yard.disk.copy();
    // The store of the running node is copied after its last commit, and the copy is opened beside it.
    let mut taken_over = yard.open(&copy, 21, &yard.witness);
    assert_eq!(taken_over.opening().continuity, Continued::Proven);
    assert!(yard.goes(&mut taken_over));
    // From that moment on the node does not act, and cannot write [INC-7].
    let mut node = std::mem::replace(&mut yard.node, replica(&yard.charter, 77, &[""]).0);
    let held = yard.ask(&mut node);
    assert!(matches!(&held, MayAct::Hold(why @ Hold::Unproven(_)) if why.clause() == "INC-7"), "{held:?}");
    let error = node.release(&yard.claim.record(), &[], now()).unwrap_err();
    assert!(error.to_string().contains("another copy of it has gone on"), "{error}");
    assert_eq!(node.unsure(), None, "nothing was committed");
    taken_over.append_in(log, &yard.say(b"on"), now()).unwrap();
    assert!(yard.goes(&mut taken_over));
    assert!(!yard.rival_goes(&[&node, &taken_over]));
    assert_eq!(yard.forked(), 0);
    // A supervisor starts the node again: that takes the record over, and lets go.
    drop(node);
    let mut again = yard.open(&yard.disk, 23, &yard.witness);
    assert_eq!((again.writing().count(), yard.goes(&mut again)), (0, false));
    assert!(!yard.goes(&mut taken_over), "one record names one store");
    send(&taken_over, &mut again, usize::MAX);
    assert!(!yard.rival_goes(&[&again, &taken_over]));
    assert_eq!(yard.forked(), 0);
}

/// Both open on the same state of the record; the one commits first.
#[test]
fn a_copy_that_was_overtaken_in_its_commit_withholds_it_for_ever() {
    let mut yard = Yard::new();
    let log = yard.claim.at.log;
    let mut node = std::mem::replace(&mut yard.node, replica(&yard.charter, 77, &[""]).0);
    // The record answers nobody while the node writes; another copy, taken before, is brought up.
    let copy = yard.disk.copy();
    yard.witness.fail(true);
    assert!(node.release(&yard.claim.record(), &[], now()).is_err());
    yard.witness.fail(false);
    let mut other = yard.open(&copy, 31, &yard.witness);
    assert_eq!(other.opening().continuity, Continued::Proven);
    other.append_in(log, &yard.say(b"on"), now()).unwrap();
    assert!(yard.goes(&mut other));
    // The node's record comes too late.
    assert!(matches!(node.prove_continuity(), Err(LedgerError::Continuity(_))));
    assert_eq!(node.unsure(), Some((log, 2)));
    assert!(!yard.rival_goes(&[&node, &other]));
    // It hears of the entry that stands where its own would: it lets go, and no fork is made of them [INC-9].
    let frontier = node.frontier();
    let bytes = yard.custodian.bundle(&frontier, usize::MAX).unwrap().bytes;
    let report = node.absorb(&bytes, now()).unwrap();
    assert_eq!((report.own_log_grew, node.unsure(), node.writing().count()), (Some(log), None, 0));
    exchange(&mut node, &mut yard.custodian);
    assert_eq!(yard.forked(), 0);
    assert_eq!(node.logs().find(|found| found.id == log).unwrap().head, 2);
    assert!(yard.goes(&mut other));
}

/// Store and witness are restored together, against the assumption; then its lost future comes home. Where both have
/// written a slot the log is forked, and its author goes on in a new one `[FORK-3]`.
#[test]
fn an_own_log_that_others_have_written_is_let_go_of() {
    for way in ["entry", "gap", "fork"] {
        let mut yard = Yard::new();
        let log = yard.claim.at.log;
        let (copy, witness) = (yard.disk.copy(), yard.witness.copy());
        for text in [b"future 1", b"future 2"] {
            let said = yard.say(text);
            yard.node.append_in(log, &said, now()).unwrap();
        }
        send(&yard.node, &mut yard.custodian, usize::MAX);
        let mut back = yard.open(&copy, 31, &witness);
        assert!(yard.goes(&mut back), "it cannot know yet [ASM-4]");
        let entries: Vec<SignedEntry> =
            yard.custodian.reader().unwrap().entries(log, 2).unwrap().map(Result::unwrap).collect();
        let report = match way {
            "entry" => back.absorb(&parcel(yard.charter.ledger_id(), &entries), now()).unwrap(),
            "gap" => back.absorb(&parcel(yard.charter.ledger_id(), &entries[1..]), now()).unwrap(),
            _ => {
                let said = yard.say(b"a rival of slot 2");
                back.append_in(log, &said, now()).unwrap();
                back.absorb(&parcel(yard.charter.ledger_id(), &entries[..1]), now()).unwrap()
            }
        };
        assert_eq!(report.own_log_grew, Some(log), "{way}");
        assert_eq!(back.writing().count(), 0, "{way}");
        assert!(!yard.goes(&mut back), "{way}");
        let error = back.append_in(log, &yard.say(b"on"), now()).unwrap_err();
        assert_eq!(error, AppendError::NotWriting { log });
        let fresh = back.append(Lane::Productivity, &yard.say(b"on"), now()).unwrap();
        assert_ne!(fresh.log, log);
        drop(back);
        let mut back = yard.open(&copy, 32, &witness);
        assert_eq!(back.writing().collect::<Vec<_>>(), vec![fresh.log], "{way}: it stays let go of");
        assert!(!yard.goes(&mut back));
    }
}

/// Its own unsure entry comes back: a copy that had it recorded has sent it.
#[test]
fn an_unsure_entry_that_comes_back_is_an_ordinary_one() {
    let mut yard = Yard::new();
    let log = yard.claim.at.log;
    let mut node = std::mem::replace(&mut yard.node, replica(&yard.charter, 77, &[""]).0);
    yard.witness.fail(true);
    let said = yard.say(b"unsure");
    assert!(node.append_in(log, &said, now()).is_err());
    yard.witness.fail(false);
    // The disk is copied between commit and record, and the copy goes on.
    let mut other = yard.open(&yard.disk.copy(), 31, &yard.witness);
    send(&other, &mut yard.custodian, usize::MAX);
    let bytes = yard.custodian.bundle(&node.frontier(), usize::MAX).unwrap().bytes;
    let report = node.absorb(&bytes, now()).unwrap();
    assert_eq!((report.own_log_grew, node.unsure(), node.writing().count()), (Some(log), None, 0));
    assert_eq!(node.logs().find(|found| found.id == log).unwrap().head, 2, "it stands");
    assert!(yard.goes(&mut other) && !yard.goes(&mut node));
    assert_eq!(yard.forked(), 0);
}

/// What hangs on an unsure enrolment goes with it, and comes back with it.
#[test]
fn what_an_unsure_entry_enrols_is_withheld_with_it() {
    let mut yard = Yard::new();
    let witness = Witness::default();
    witness.set(Some(yard.custodian.generation()));
    drop(std::mem::replace(&mut yard.custodian, replica(&yard.charter, 77, &[""]).0));
    let open = |store: SharedStore, entropy, witness: &Witness| {
        Ledger::open(store, &yard.charter, host(ROOT, entropy, witness.clone())).unwrap()
    };
    let disk = yard.custodian_store.clone();
    let mut custodian = open(disk.clone(), 41, &witness);
    let records = [enrol(60, Roles::ACT.with(Roles::DENY), PLACE, 1 << 16, 2, UNTIL)];
    witness.fail(true);
    let error = custodian.append(Lane::Safety, &records, now()).unwrap_err();
    let AppendError::Unrecorded { written, .. } = error else { panic!("{error:?}") };
    let enrolment = RecordId { entry: written.id, index: 0 };
    // A copy had it recorded, and the newcomer has spoken; its words arrive before the entry does.
    let ledger = yard.charter.ledger_id();
    let pen = Pen::new(ledger, 60, Lane::Productivity, 1, in_days(9), enrolment);
    custodian.absorb(&parcel(ledger, &pen.chain(2, b"hello")), now()).unwrap();
    let notice = notice_of(&yard.charter, 60, enrolment, PLACE, in_days(9), b"x");
    custodian.absorb(&notice_parcel(ledger, [&notice]), now()).unwrap();
    assert!(custodian.enrolments().all(|found| found != enrolment));
    assert!(custodian.logs().all(|log| log.id != pen.id()));
    assert_eq!((custodian.notices().count(), custodian.reader().unwrap().notices().unwrap().len()), (0, 0));
    let unknown = intent_ledger::Frontier::unknown(&ledger, vec![Scope::root()]);
    let told = custodian.bundle(&unknown, usize::MAX).unwrap();
    let (mut peer, _) = replica(&yard.charter, 100, &[""]);
    let report = peer.absorb(&told.bytes, now()).unwrap();
    assert_eq!((report.waiting, report.refused_total()), (0, 0), "nothing of it leaves");
    // The record goes elsewhere: the store lets go and drops it, with all that hangs on it.
    let copy = disk.copy();
    witness.fail(false);
    let mut lost = open(copy, 42, &Witness::default());
    assert!(matches!(lost.opening().continuity, Continued::Lost { dropped: 4, .. }), "{:?}", lost.opening());
    assert!(lost.enrolments().all(|found| found != enrolment) && lost.notices().count() == 0);
    // Here it is recorded at last, and all of it leaves.
    custodian.prove_continuity().unwrap();
    exchange(&mut custodian, &mut lost);
    assert!(lost.enrolments().any(|found| found == enrolment), "it comes as anybody's entry");
    assert!(lost.logs().any(|log| log.id == pen.id()) && lost.notices().count() == 1);
    assert_eq!(lost.state_digest(), custodian.state_digest());
    assert!(lost.logs().all(|log| log.terminal.is_none()));
}

/// The founder's machine is lost with its witness, and a script founds it again before it hears anybody.
#[test]
fn a_founder_that_is_founded_again_unasked_forks_nothing() {
    let mut yard = Yard::new();
    let named = yard.charter.first_rights().next().unwrap().holder;
    let create = |witness: Witness| {
        let store = SharedStore::default();
        let made = Ledger::create(store.clone(), &yard.charter, vec![Scope::root()], host(ROOT, 51, witness));
        (made.unwrap(), store)
    };
    let witness = Witness::default();
    let (mut again, _) = create(witness.clone());
    assert!(matches!(again.drawn(&minutes(100, 160)), Err(WriteError::NoRight { .. })));
    let error = again.append_in(named, &[note(in_days(3), b"x")], now()).unwrap_err();
    assert_eq!(error, AppendError::NotWriting { log: named });
    again.append(Lane::Productivity, &[pad().record(UNTIL, Vec::new()).unwrap()], now()).unwrap();
    send(&again, &mut yard.node, usize::MAX);
    let mut node = std::mem::replace(&mut yard.node, replica(&yard.charter, 78, &[""]).0);
    assert!(yard.goes(&mut node), "the fleet's leases stand");
    // It hears of its old log, and then no word opens that.
    send(&yard.custodian, &mut again, usize::MAX);
    let approved = FirstLogs::Approved(vec![named]);
    assert_eq!(again.open_first_logs(&approved), Err(AppendError::NotFirst { log: named }));
    // A record that knows of a store needs an operator, whether it is founded or opened later.
    let first = FirstLogs::all(&yard.charter, &key(ROOT).author());
    let recorded = witness.generation().unwrap();
    let found = |first: &FirstLogs| {
        let store = SharedStore::default();
        Ledger::found(store, &yard.charter, vec![Scope::root()], host(ROOT, 52, witness.clone()), first)
    };
    assert_eq!(found(&first).err(), Some(LedgerError::FoundedBefore { recorded }));
    let (mut second, _) = create(witness.clone());
    assert_eq!(second.open_first_logs(&first), Err(AppendError::FoundedBefore));
    second.open_first_logs(&approved).unwrap();
    assert_eq!(second.append_in(named, &[note(in_days(3), b"x")], now()).unwrap().log, named);
}

/// The witness cannot be written when an authority is founded: nothing of its first rights is forfeited.
#[test]
fn a_founding_that_was_cut_short_is_finished() {
    let yard = Yard::new();
    let named = yard.charter.first_rights().next().unwrap().holder;
    let first = FirstLogs::all(&yard.charter, &key(ROOT).author());
    for restarted in [false, true] {
        let (store, witness) = (SharedStore::default(), Witness::default());
        witness.fail(true);
        let host_of = |entropy| host(ROOT, entropy, witness.clone());
        let founded =
            Ledger::found(store.clone(), &yard.charter, vec![Scope::root()], host_of(61), &first).unwrap();
        let mut ledger = if restarted {
            drop(founded);
            Ledger::open(store.clone(), &yard.charter, host_of(62)).unwrap()
        } else {
            founded
        };
        let error = ledger.append_in(named, &[note(in_days(3), b"x")], now()).unwrap_err();
        let waits = matches!(error, AppendError::Ledger(LedgerError::Continuity(_)));
        assert!(waits || error == AppendError::NotWriting { log: named }, "{error:?}");
        witness.fail(false);
        if restarted {
            ledger.open_first_logs(&first).unwrap();
        }
        assert_eq!(ledger.append_in(named, &[note(in_days(3), b"x")], now()).unwrap().log, named);
        // Once it was recorded, a store that lost its witness needs an operator.
        drop(ledger);
        let mut lost = Ledger::open(store, &yard.charter, host(ROOT, 63, Witness::default())).unwrap();
        assert_eq!(lost.open_first_logs(&first), Err(AppendError::FoundedBefore));
    }
    // Of two foundings at once on one witness the later record is refused, and that store opens nothing.
    let witness = Witness::default();
    let found = |entropy, witness: &Witness| {
        let store = SharedStore::default();
        Ledger::found(store, &yard.charter, vec![Scope::root()], host(ROOT, entropy, witness.clone()), &first)
    };
    witness.fail(true);
    let mut slow = found(64, &witness).unwrap();
    witness.fail(false);
    let mut fast = found(65, &witness).unwrap();
    assert!(fast.append_in(named, &[note(in_days(3), b"x")], now()).is_ok());
    let error = slow.append_in(named, &[note(in_days(3), b"y")], now()).unwrap_err();
    assert!(matches!(error, AppendError::Ledger(LedgerError::Continuity(_))), "{error:?}");
}

/// `[INC-10]`
#[test]
fn a_store_is_not_opened_under_a_key_that_its_enrolment_does_not_admit() {
    let yard = Yard::new();
    let open = |seed: u8| {
        let witness = yard.witness.copy();
        Ledger::open(yard.disk.copy(), &yard.charter, host(seed, 71, witness))
            .map(|ledger| ledger.entry_count())
    };
    assert!(open(NODE).is_ok());
    // A stranger's key, and one that is enrolled for another machine.
    for seed in [99, RIVAL] {
        let given = key(seed).author();
        let error = open(seed).unwrap_err();
        assert_eq!(error, LedgerError::WrongKey { given, enrolment: yard.enrolment });
        assert!(error.to_string().contains("a store of its own"), "{error}");
    }
    // A store that has written nothing yet takes any key.
    let (fresh, store) = replica(&yard.charter, 99, &[""]);
    drop(fresh);
    assert!(Ledger::open(store, &yard.charter, host(98, 72, Witness::default())).is_ok());
}

/// `[INC-10]`
#[test]
fn a_revoked_node_is_told_when_it_writes() {
    let mut yard = Yard::new();
    let said = yard.say(b"before");
    yard.node.append(Lane::Productivity, &said, now()).unwrap();
    yard.custodian.revoke(key(NODE).author(), &Keep::Nothing, now()).unwrap();
    send(&yard.custodian, &mut yard.node, usize::MAX);
    let said = yard.say(b"after");
    for lane in Lane::ALL {
        let error = yard.node.append(lane, &said, now()).unwrap_err();
        let AppendError::Denied { finding, .. } = &error else { panic!("{error:?}") };
        assert_eq!((finding.standing, finding.clause()), (Standing::Revoked, "DENY-2"));
    }
    // Somebody else's key is not touched, and what frees is still said.
    let said = yard.say(b"hello");
    yard.rival.append(Lane::Productivity, &said, now()).unwrap();
    let mut frees = note(yard.claim.citation.until, b"");
    frees.effect = Effect::Frees;
    yard.node.append_in(yard.claim.at.log, &[frees], now()).unwrap();
}

/// `[LOG-3]`, `[INC-8]`
#[test]
fn a_restart_loop_without_a_record_keeps_the_last_log_for_the_safety_lane() {
    let family = family();
    let store = SharedStore::default();
    let founded = host(NODE, 79, NoContinuity);
    let mut node = Ledger::create(store.clone(), &family.charter, vec![scope("mars")], founded).unwrap();
    node.absorb(&family.bytes, now()).unwrap();
    node.append(Lane::Productivity, &[note(in_days(9), b"a")], now()).unwrap();
    drop(node);
    let mut refused = None;
    for boot in 0..4u64 {
        let host = host(NODE, 80 + boot, NoContinuity);
        let mut node = Ledger::open(store.clone(), &family.charter, host).unwrap();
        let told = node.opening();
        assert!(matches!(&told.continuity, Continued::Lost { logs, .. } if logs.len() <= 1), "{told:?}");
        let left = NODE_LOGS - node.logs().filter(|log| log.key.author == key(NODE).author()).count() as u64;
        assert_eq!(told.logs_left, left, "boot {boot}");
        match node.append(Lane::Productivity, &[note(in_days(9), b"b")], now()) {
            Ok(_) => assert!(left > 1, "boot {boot}"),
            Err(error) => {
                assert_eq!(error, AppendError::LastLog { living: NODE_LOGS - 1, most: NODE_LOGS });
                refused = Some(boot);
                // It can still say that it is stuck.
                node.append(Lane::Safety, &[note(in_days(9), b"help")], now()).unwrap();
                break;
            }
        }
    }
    assert_eq!(refused, Some(2));
}
