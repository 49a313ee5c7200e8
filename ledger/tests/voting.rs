//! Votes of roots are written once, and only by a store that surely knows the earlier ones `[VOTE-4]`.

#![allow(clippy::unwrap_used, reason = "a fixture that fails is a failed test")]

mod common;

use common::*;
use intent_ledger::contracts::kinds::Body as _;
use intent_ledger::contracts::kinds::notice::{Vote, WindowVote, encode};
use intent_ledger::contracts::*;
use intent_ledger::{AppendError, AuthorityError, Ledger, Viewpoint};

/// A charter that gives one hour, and leaves the ten that follow to votes.
fn voted() -> Charter {
    let hour = Window::new(NOW, NOW.plus(Millis::HOUR)).unwrap();
    let footprint = Footprint::open(ResourceId::from_bytes([7; 32]), Measure::Exclusive, hour, 1);
    let give = CharterGive {
        footprint,
        root: 0,
        lane: Lane::Productivity,
        incarnation: 5,
        end: UNTIL,
        every: Millis::HOUR,
        repeats: 0,
        last_assignable: Some(10),
    };
    charter().with_gives(vec![give]).unwrap()
}

fn log(charter: &Charter, incarnation: u64, end: Tai) -> LogKey {
    let (author, enrolment) = (key(NODE).author(), root_enrolment(charter));
    LogKey { author, lane: Lane::Productivity, incarnation, end, enrolment }
}

fn window(first: u64, last: u64, holder: LogKey) -> Vote {
    Vote::Window(WindowVote { give: 0, first, last, holder })
}

#[test]
fn a_root_votes_once_and_for_windows_that_votes_assign() {
    let charter = voted();
    let (mut root, _) = replica(&charter, ROOT, &[""]);
    let (one, other) = (log(&charter, 1, UNTIL), log(&charter, 2, UNTIL));
    for (first, last) in [(0, 1), (1, 11)] {
        let error = root.vote(&window(first, last, one), None, now()).unwrap_err();
        assert_eq!(error, AuthorityError::NotAssignable { give: 0, first, last });
    }
    // The log lasts two longest leases beyond the window, to the millisecond.
    let longest = charter.parameters().longest_lease;
    let needed = NOW.plus(Millis(3 * Millis::HOUR.0)).plus(longest).plus(longest);
    let short = log(&charter, 1, needed.minus(Millis(1)));
    let error = root.vote(&window(1, 2, short), None, now()).unwrap_err();
    assert_eq!(error, AuthorityError::VoteEndsSooner { needed, end: needed.minus(Millis(1)) });
    let by = root.vote(&window(1, 2, log(&charter, 1, needed)), None, now()).unwrap();
    let holder = log(&charter, 1, needed).id(&charter.ledger_id());
    assert_eq!(root.view(Viewpoint::Own).unwrap().rights_of(&holder).len(), 2, "one root is the threshold");
    // Again is as good as once; another log is not.
    root.vote(&window(2, 2, log(&charter, 1, needed)), None, now()).unwrap();
    let error = root.vote(&window(2, 3, other), None, now()).unwrap_err();
    assert!(matches!(error, AuthorityError::VotedOtherwise { .. }), "{error}, the first was {by}");
    root.vote(&window(3, 3, other), None, now()).unwrap();
    let (mut node, _) = replica(&charter, NODE, &[""]);
    assert_eq!(node.vote(&window(4, 4, one), None, now()), Err(AuthorityError::NotARoot));
    let body = encode(&window(4, 4, one)).unwrap();
    let error = root.notice(&Scope::root(), in_days(9), Vote::KIND, body, now()).unwrap_err();
    assert!(matches!(error, AppendError::KnownNotice { call: "vote", .. }), "{error}");
}

#[test]
fn a_root_that_is_restored_from_before_its_vote_votes_for_nothing_else_unasked() {
    let charter = voted();
    let (store, witness) = (SharedStore::default(), Witness::default());
    let interests = vec![Scope::root()];
    let mut root =
        Ledger::create(store.clone(), &charter, interests, host(ROOT, 1, witness.clone())).unwrap();
    let backup = store.copy();
    root.vote(&window(1, 1, log(&charter, 1, UNTIL)), None, now()).unwrap();
    drop(root);
    let mut restored = Ledger::open(backup, &charter, host(ROOT, 2, witness.clone())).unwrap();
    let otherwise = window(1, 1, log(&charter, 2, UNTIL));
    assert_eq!(restored.vote(&otherwise, None, now()), Err(AuthorityError::VotesUnknown));
    let wrong = approved(after_days(9));
    assert!(matches!(restored.vote(&otherwise, wrong, now()), Err(AuthorityError::Approval(_))));
    restored.vote(&otherwise, approved(now()), now()).unwrap();
    // What lost continuity once is not forgotten at the next opening.
    drop(restored);
    let mut original = Ledger::open(store, &charter, host(ROOT, 3, witness.clone())).unwrap();
    let third = window(2, 2, log(&charter, 3, UNTIL));
    assert_eq!(original.vote(&third, None, now()), Err(AuthorityError::VotesUnknown));
    // Without an answer of the record no vote is written.
    witness.silence(true);
    let before = picture(&original);
    assert!(original.vote(&third, approved(now()), now()).is_err());
    assert_eq!(picture(&original), before);
}
