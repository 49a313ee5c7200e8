//! Two regions of one ledger, 45 days apart: the first thing to read.
//!
//! A root enrols two nodes; they are cut off from each other for 45 days, write on, meet once, and are equal.
//! Run it with `cargo run --release --example thirty_days_apart`.

#![expect(clippy::print_stdout, reason = "an example speaks on stdout")]

use intent_ledger::contracts::kinds::{Act, Body, Commitment, Enrol, Lineage, Roles};
use intent_ledger::contracts::{
    AuthorKey, Charter, CharterParameters, CharterRoot, Clock, Label, Lane, LogId, Millis, Record, Scope,
    SecretKey, Signer, Tai,
};
use intent_ledger::{Approval, Host, Ledger, MemoryStore, NoContinuity};
use rand_chacha::ChaCha12Rng;
use rand_chacha::rand_core::SeedableRng;

type Fallible<T> = Result<T, Box<dyn std::error::Error>>;

const START: Tai = Tai(1_900_000_000_000);

fn main() -> Fallible<()> {
    // The charter founds the ledger: its hash is the ledger's id. One root, the default bounds.
    let root = SecretKey::from_seed([1; 32]);
    let roots = vec![CharterRoot::new(root.author(), 1 << 40, 8)];
    let until = START.plus(Millis::days(3_650));
    let charter = Charter::new("two regions", roots, 1, until, CharterParameters::default(), [7; 32])?;

    // The root enrols one node in each region, in one entry of its safety log.
    let (mars, ceres) = (SecretKey::from_seed([2; 32]), SecretKey::from_seed([3; 32]));
    let mut founder = Ledger::create(MemoryStore::new(), &charter, vec![Scope::root()], host(root, 11))?;
    let year = START.plus(Millis::days(365));
    let enrolments = [enrol(mars.author(), "mars/forge", year)?, enrol(ceres.author(), "ceres/mill", year)?];
    let desk = founder.append(Lane::Safety, &enrolments, at(0))?.log;

    // Each region starts a replica and takes in what the root wrote. Both hold the whole federation.
    let mut mars = Ledger::create(MemoryStore::new(), &charter, vec![Scope::root()], host(mars, 12))?;
    let mut ceres = Ledger::create(MemoryStore::new(), &charter, vec![Scope::root()], host(ceres, 13))?;
    exchange(&mut founder, &mut mars, at(0))?;
    exchange(&mut founder, &mut ceres, at(0))?;
    assert_eq!(mars.state_digest(), ceres.state_digest());

    // Forty-five days behind the Sun: each writes a promise a day, forgets what has long ended, and waits for nobody.
    // Of a horizon's first step an operator has compared the clock: so far Mars has heard of the root alone.
    let mut approval = Some(Approval::of(at(1).middle()));
    for day in 1..=45 {
        mars.advance_horizon(at(day), approval.take(), &mut |_| Ok(()))?;
        mars.append(Lane::Productivity, &[promise(desk, "a bracket", day)?], at(day))?;
        ceres.append(Lane::Productivity, &[promise(desk, "a litre of water", day)?], at(day))?;
    }
    assert_ne!(mars.state_digest(), ceres.state_digest());
    println!("after 45 days apart: mars holds {}, ceres {}", mars.entry_count(), ceres.entry_count());

    // The link opens, for one exchange.
    let bytes = exchange(&mut mars, &mut ceres, at(46))?;
    assert_eq!(mars.entry_count(), 1 + 45 + 45);
    assert_eq!(mars.state_digest(), ceres.state_digest());
    println!(
        "after one exchange of {bytes} bytes: both hold {}, state {}",
        mars.entry_count(),
        mars.state_digest()
    );

    // What arrives again changes nothing.
    assert_eq!(exchange(&mut mars, &mut ceres, at(46))?, 0);
    Ok(())
}

/// Each tells the other what it has; each sends what the other lacks. Returns the bytes of the bundles.
fn exchange(a: &mut Ledger<MemoryStore>, b: &mut Ledger<MemoryStore>, now: Clock) -> Fallible<usize> {
    let (of_a, of_b) = (a.frontier(), b.frontier());
    a.hear(&of_b)?;
    b.hear(&of_a)?;
    let (to_a, to_b) = (b.bundle(&of_a, usize::MAX)?, a.bundle(&of_b, usize::MAX)?);
    a.absorb(&to_a.bytes, now)?;
    b.absorb(&to_b.bytes, now)?;
    Ok(to_a.bytes.len() + to_b.bytes.len())
}

/// A clock that reads so many days after the start and errs by less than a second.
fn at(day: u64) -> Clock {
    Clock::new(START.plus(Millis::days(day)), Millis(800))
}

fn host(key: SecretKey, seed: u8) -> Host {
    // In earnest: a true random source, and a continuity record apart from the store.
    let entropy = Box::new(ChaCha12Rng::from_seed([seed; 32]));
    Host { signer: Box::new(key), continuity: Box::new(NoContinuity), entropy }
}

fn enrol(key: AuthorKey, scope: &str, until: Tai) -> Fallible<Record> {
    let family = |name: &str| Label::try_from(name.to_owned());
    let body = Enrol::new(
        key,
        Roles::ACT,
        Scope::parse(scope)?,
        1 << 20,
        16,
        Lineage { build: family("fw-3")?, hardware: family("rev-b")? },
    );
    Ok(body.record(until, Vec::new())?)
}

/// A promise that the log `desk` may accept.
fn promise(desk: LogId, what: &str, day: u64) -> Fallible<Record> {
    let due = START.plus(Millis::days(day + 10));
    let text = format!("{what}, lot {day}");
    let body = Commitment { due: Some(due), text, ..Commitment::new(Act::Offer, desk, due) };
    Ok(body.record(due, Vec::new())?)
}

#[test]
fn both_regions_end_equal() {
    main().unwrap();
}
