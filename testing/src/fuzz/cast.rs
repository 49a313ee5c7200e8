//! The fixed cast of the fuzz bodies: a few keys, one charter, and hosts that draw no true randomness.

use intent_ledger::contracts::{
    Charter, CharterParameters, CharterRoot, Clock, Millis, Scope, SecretKey, Signer as _, Tai,
};
use intent_ledger::{BundleBuilder, Host, ItemBytes, Ledger, LedgerError, NoContinuity, Store};
use rand_chacha::ChaCha8Rng;
use rand_core::SeedableRng as _;
use std::sync::LazyLock;

/// Keys that speak in a script; the first is the charter's root.
pub(super) const KEYS: u8 = 6;
/// The days on which logs, notices and enrolments end.
pub(super) const DAYS: u8 = 8;

static SECRETS: LazyLock<Vec<SecretKey>> = LazyLock::new(|| (1..=KEYS).map(secret).collect());

static CHARTER: LazyLock<Charter> = LazyLock::new(|| {
    let root = CharterRoot { max_notices: 2, ..CharterRoot::new(SECRETS[0].author(), 4 << 20, 3) };
    // Bounds so small that a few steps exceed them.
    let parameters =
        CharterParameters { notices_per_enrolment: 2, logs_per_enrolment: 4, ..CharterParameters::default() };
    Charter::new("fuzz", vec![root], 1, day(DAYS), parameters, [7; 32]).expect("a sound charter")
});

pub(super) fn charter() -> &'static Charter {
    &CHARTER
}

/// The key of this number, which may be any.
pub(super) fn key(number: u8) -> &'static SecretKey {
    &SECRETS[usize::from(number % KEYS)]
}

fn secret(number: u8) -> SecretKey {
    SecretKey::from_seed([number; 32])
}

/// The start of day `number` of the script.
pub(super) fn day(number: u8) -> Tai {
    Tai(1_800_057_600_000).plus(Millis::days(u64::from(number)))
}

/// The clock while a script is delivered.
pub(super) fn now() -> Clock {
    Clock::new(day(0), Millis(50))
}

/// A clock that moves the horizon to the start of day `number`.
pub(super) fn clock_of_horizon(number: u8) -> Clock {
    Clock::new(day(number).plus(charter().parameters().memory()).plus(Millis(50)), Millis(50))
}

pub(super) fn host() -> Host {
    Host {
        signer: Box::new(secret(1)),
        continuity: Box::new(NoContinuity),
        entropy: Box::new(ChaCha8Rng::from_seed([9; 32])),
    }
}

pub(super) fn founded<S: Store>(store: S, interests: Vec<Scope>) -> Ledger<S> {
    Ledger::create(store, charter(), interests, host()).expect("the store is empty")
}

pub(super) fn reopened<S: Store>(store: S) -> Result<Ledger<S>, LedgerError> {
    Ledger::open(store, charter(), host())
}

/// The bundle of `items`, which are few enough for one call.
pub(super) fn bundle<'a>(items: impl IntoIterator<Item = ItemBytes<'a>>) -> Vec<u8> {
    let mut builder = BundleBuilder::new(charter().ledger_id(), usize::MAX);
    for item in items {
        assert!(builder.push(item), "a script fits one bundle");
    }
    builder.finish()
}
