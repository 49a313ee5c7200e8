//! The errors of the ledger's calls. Reasons for refusing bytes are [`intent_contracts::Reason`].

use crate::clocks::ClockFault;
use crate::continuity::{ContinuityFault, Generation};
use crate::report::Appended;
use crate::store::StoreError;
use intent_contracts::{
    AuthorKey, LedgerId, LogId, Measure, Millis, NoticeId, RecordId, Refusal, ResourceId, ResourcePath,
    Scope, SignerFault, Tai,
};
use intent_merge_rules::Finding;

/// Why a call of the ledger failed as a whole.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum LedgerError {
    /// The store failed; the handle is poisoned unless this came from opening.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// An earlier commit failed, so memory and store may differ.
    #[error("an earlier commit failed and poisoned this handle; open the store again")]
    Poisoned,
    /// The store holds a ledger already.
    #[error("the store holds ledger {found} already; open it, or name an empty store")]
    Founded {
        /// Which.
        found: LedgerId,
    },
    /// The store holds no ledger.
    #[error("the store holds no ledger; create one in it, or name another store")]
    NotFounded,
    /// Both rows that say what the store is are damaged or missing.
    #[error(
        "both rows of the store's {row} are damaged; create a new store, let peers fill it, and keep this one for what only it holds"
    )]
    FoundationLost {
        /// What is gone: the charter or the interests.
        row: &'static str,
    },
    /// Another store was founded under this host before.
    #[error(
        "the host has recorded {recorded}: a store was founded here before, and may have opened the logs that the \
         charter's first gives name; open that store, or name no logs, or have an operator approve them"
    )]
    FoundedBefore {
        /// What is recorded.
        recorded: Generation,
    },
    /// A log that no first give of this key names.
    #[error("log {log} is not one that the charter's first gives name for this key; pass their holders' ids")]
    NotFirst {
        /// The log.
        log: LogId,
    },
    /// The store was written under a key whose enrolment does not admit the signer's.
    #[error(
        "the store is written under enrolment {enrolment}, which does not admit key {given}; open it with the key \
         that wrote it or the next key of that enrolment, and give any other key a store of its own"
    )]
    WrongKey {
        /// The signer's.
        given: AuthorKey,
        /// Under which the store wrote.
        enrolment: RecordId,
    },
    /// The store belongs to another charter.
    #[error("the store holds ledger {found}, the charter founds {expected}; pass the charter of the store")]
    WrongCharter {
        /// The store's ledger.
        found: LedgerId,
        /// The charter's ledger.
        expected: LedgerId,
    },
    /// The signer's key cannot be an author.
    #[error("the signer's key is refused: {0}")]
    SignerKey(Refusal),
    /// No interests, or too many.
    #[error("{count} interests; declare 1 to 64 scopes")]
    Interests {
        /// How many.
        count: usize,
    },
    /// The host's continuity record failed, or names another store. Nothing was written; the handle goes on.
    #[error(transparent)]
    Continuity(#[from] ContinuityFault),
    /// More bytes in one call than its bound.
    #[error("{given} bytes in one call, at most {most}; absorb the bundle in pieces cut at part ends")]
    TooMuch {
        /// As passed.
        given: usize,
        /// The bound.
        most: usize,
    },
    /// The peer's frontier belongs to another ledger.
    #[error("the frontier belongs to another ledger; match peers by ledger id")]
    ForeignFrontier,
}

/// Why nothing was written.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum AppendError {
    /// The ledger cannot go on.
    #[error(transparent)]
    Ledger(#[from] LedgerError),
    /// No present enrolment names the signer's key.
    #[error("no present enrolment names this key; absorb the log that enrols it, or ask to be enrolled")]
    NotEnrolled,
    /// A record lasts longer than the author may speak.
    #[error(
        "until {until} lies beyond the enrolment's {limit}; choose an earlier one or ask for a longer enrolment"
    )]
    BeyondEnrolment {
        /// As stated.
        until: Tai,
        /// The enrolment's.
        limit: Tai,
    },
    /// The clock reading, or the approval beside it, is not good enough for this.
    #[error(transparent)]
    Clock(#[from] ClockFault),
    /// The horizon lies ahead of the time, so this replica has forgotten what lives.
    #[error(
        "[HOR-7] the horizon stands at {horizon}, and the clock says {latest} at the latest: a reading or an approval \
         was wrong once, and a horizon never falls; compare the clock with a second one; when it is right, create \
         a new store for this key, which peers fill"
    )]
    HorizonAhead {
        /// The horizon.
        horizon: Tai,
        /// The reading's upper bound.
        latest: Tai,
    },
    /// A record that mattered until a moment that is surely past.
    #[error("until {until} lies before {now}; write what still matters, or set the clock")]
    Past {
        /// As stated.
        until: Tai,
        /// The earliest that now can be.
        now: Tai,
    },
    /// One more log would end the enrolment `[LOG-3]`.
    #[error("{living} of {most} living logs; the next lapses at {lapses}, or ask for an enrolment with more")]
    LogsExhausted {
        /// Living logs.
        living: u64,
        /// The enrolment's bound.
        most: u64,
        /// When the first of them can be forgotten.
        lapses: Tai,
    },
    /// The log is not one that this ledger writes with proof of continuity `[INC-1]`, `[INC-5]`.
    #[error(
        "this ledger does not write log {log} with proof of continuity; write to a new log, and ask anew for what this one held"
    )]
    NotWriting {
        /// The log.
        log: LogId,
    },
    /// The log ends before the record does, or may have ended already.
    #[error(
        "{until} lies beyond the log's end {end}; choose an earlier until, or a right of a log that lasts longer"
    )]
    BeyondLog {
        /// The record's until, or now.
        until: Tai,
        /// The log's end.
        end: Tai,
    },
    /// The records cost more than a whole log may hold.
    #[error(
        "the entry costs {cost} bytes of a log budget of {budget}; enrol less, or ask for a larger budget"
    )]
    BeyondBudget {
        /// Charge of the entry alone.
        cost: u128,
        /// The enrolment's budget.
        budget: u64,
    },
    /// One log is left, and that is kept for the safety lane `[LOG-3]`.
    #[error(
        "{living} of {most} logs live and the last is kept for the safety lane; wait until one lapses, or ask for an \
         enrolment with more"
    )]
    LastLog {
        /// Living logs.
        living: u64,
        /// The enrolment's bound.
        most: u64,
    },
    /// The entry is committed, and could not be recorded `[INC-6]`.
    #[error(
        "entry {} is committed and withheld: {fault}; do not write it again, it leaves when the record answers, and is \
         dropped when this store turns out not to be the one that goes on", written.id
    )]
    Unrecorded {
        /// The entry.
        written: Box<Appended>,
        /// Why.
        fault: ContinuityFault,
    },
    /// A log that no first give of this key names, or that somebody has opened `[INC-5]`.
    #[error(
        "log {log} is not one that the charter's first gives name for this key, or it was opened already"
    )]
    NotFirst {
        /// The log.
        log: LogId,
    },
    /// Another store may have been founded under this key `[INC-5]`.
    #[error(
        "another store may have been founded under this key and have opened these logs; make sure that none has, then \
         have an operator approve them"
    )]
    FoundedBefore,
    /// What this replica writes has no permission any more `[DENY-2]`.
    #[error("what log {log} says from now on is {finding}; ask to be enrolled anew")]
    Denied {
        /// The log.
        log: LogId,
        /// Why.
        finding: Box<Finding>,
    },
    /// One more notice would suspend the author's anchor.
    #[error("{living} of {most} living notices; wait until some lapse")]
    NoticesExhausted {
        /// Living notices.
        living: u64,
        /// The charter's bound.
        most: u64,
    },
    /// A notice of a kind that has a call of its own `[WRITE-8]`.
    #[error("notices of kind {kind} are written by Ledger::{call}, which refuses what would do nothing")]
    KnownNotice {
        /// The kind.
        kind: u64,
        /// The call.
        call: &'static str,
    },
    /// The record or notice cannot be encoded, or is not allowed.
    #[error("the record or notice is refused: {0}")]
    Refused(#[from] Refusal),
    /// The signer did not sign, or signed wrongly.
    #[error(transparent)]
    Signer(#[from] SignerFault),
}

impl From<StoreError> for AppendError {
    fn from(error: StoreError) -> Self {
        Self::Ledger(error.into())
    }
}

/// Why a claim, give, release, return or reclaim was not written. Nothing was signed, unless the error is
/// one of appending `[WRITE-1]`.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum WriteError {
    /// It could not be appended.
    #[error(transparent)]
    Append(#[from] AppendError),
    /// On this replica's own view it would be denied, or at risk, or rest on what is absent.
    #[error("it would be {finding}")]
    Foreseen {
        /// What would be said of it, or of what it answers.
        finding: Box<Finding>,
    },
    /// The right does not bear it beside what was drawn on it before and is not back.
    #[error("it would be {finding}; in the way {}", in_the_way(.by))]
    Taken {
        /// What would be said of it.
        finding: Box<Finding>,
        /// The gives, claims and returns that it does not fit beside, in the order of the log.
        by: Vec<RecordId>,
    },
    /// A known living claim of no lower class is there.
    #[error(
        "[ACT-5] claim {by} is there and goes first; choose another place or time, or wait for its release"
    )]
    Uncivil {
        /// That claim, or a record that cannot be read.
        by: RecordId,
    },
    /// What is of use of its windows leaves too little time to act and to stop, or is more than they have in common.
    #[error(
        "[WRITE-5] {usable} ms of its windows are of use, and it needs {needed}: for clocks, stopping and its own least; ask for longer"
    )]
    TooShort {
        /// What its windows have in common.
        usable: u64,
        /// Twice the clock error and the stopping time, and one more.
        needed: u64,
    },
    /// No right of a log that this ledger writes bears it.
    #[error(
        "[WRITE-3] no right that this ledger holds bears resource {resource} in that window; ask who holds it"
    )]
    NoRight {
        /// The resource.
        resource: ResourceId,
    },
    /// Its parts are drawn on rights of several logs.
    #[error("[WRITE-3] its parts are drawn on rights of several logs; write one record for each log")]
    Apart,
    /// What it cites is not here, or is of another kind.
    #[error("[WRITE-1] {record} is not here as what is asked for; absorb what its author wrote")]
    NoSuchRecord {
        /// The record.
        record: RecordId,
    },
    /// The log has given to the claim as often as counts.
    #[error(
        "[LEASE-2] log {log} has given to claim {claim} as often as counts; ask its author to claim anew"
    )]
    GivesSpent {
        /// The giver's log.
        log: LogId,
        /// The claim.
        claim: RecordId,
    },
    /// All of it is given already.
    #[error("[WRITE-4] claim {claim} has all that it asks for")]
    GivenAlready {
        /// The claim.
        claim: RecordId,
    },
    /// The window is over, or leaves no time to stop within it.
    #[error("[WRITE-7] its window ends at {end}, and it is {now} at least; choose a later window")]
    WindowOver {
        /// The end of the window, or of what several have in common.
        end: Tai,
        /// The earliest that now can be.
        now: Tai,
    },
    /// A part has another measure than its resource.
    #[error(
        "[WRITE-7] resource {resource} is declared as {declared:?}, not as {stated:?}; state its own measure"
    )]
    OtherMeasure {
        /// The resource.
        resource: ResourceId,
        /// The measure of its declaration.
        declared: Measure,
        /// The measure of the part.
        stated: Measure,
    },
    /// A part of a pool or rate of which nobody can hold a right.
    #[error(
        "[WRITE-7] the charter gives no part of resource {resource}, and only exclusive parts of an open resource \
         contend; ask for one that the charter gives"
    )]
    NeverGiven {
        /// The resource.
        resource: ResourceId,
    },
    /// A claim that ends before what a pool's right asks of gives.
    #[error(
        "[WRITE-7] claim {claim} lasts until {until}, and what is given of this pool lasts until {needed}; ask its \
         author to claim anew with that until"
    )]
    ClaimEndsSooner {
        /// The claim.
        claim: RecordId,
        /// Until when it lasts.
        until: Tai,
        /// The least until with which it can be given.
        needed: Tai,
    },
    /// The log that would hold a right ends before the right does.
    #[error(
        "[WRITE-7] log {log} ends at {end}, and the right lasts until {needed}; give to a log that lasts as long, which \
         its author opens by a record with that until"
    )]
    ReceiverEndsSooner {
        /// The receiver's log.
        log: LogId,
        /// Its end.
        end: Tai,
        /// The until of the right.
        needed: Tai,
    },
    /// Several parts of one claim are drawn on own rights to pools.
    #[error(
        "[WRITE-6] {pools} parts are drawn on own rights to pools, and a claim can state what is unused of one; claim \
         each by itself, or ask without the rights and give"
    )]
    SeveralPools {
        /// How many.
        pools: usize,
    },
    /// What is stated as unused is more than was taken.
    #[error("[WRITE-6] {stated} is stated as unused of {record}, which took {taken}; state at most that")]
    MoreThanTaken {
        /// The claim or give.
        record: RecordId,
        /// The unused amount as stated.
        stated: u64,
        /// What it took of its pool.
        taken: u64,
    },
    /// An amount is stated for a record that takes nothing of a pool for this claim.
    #[error("[WRITE-6] {record} takes of no pool for this claim; name the claim itself or a give to it")]
    NoPool {
        /// The record.
        record: RecordId,
    },
    /// Two amounts are stated for one record, or it was spoken of before: the first counts.
    #[error(
        "[WRITE-6] what is unused of {record} is stated already, and the first statement counts; name it once"
    )]
    StatedTwice {
        /// The record.
        record: RecordId,
    },
    /// Parts of a pool are drawn, and what they do not use could not go back after this return.
    #[error(
        "[WRITE-6] {amount} of give {give} are out with {by}; release or reclaim that first, or force the return and \
         leave here what it does not use"
    )]
    StillOut {
        /// The give that would go back.
        give: RecordId,
        /// How much is out.
        amount: u128,
        /// One of the records that took it.
        by: RecordId,
    },
    /// The release of a claim says nothing of a pool that was given to it.
    #[error(
        "[WRITE-6] release {release} says nothing of give {give}, so nothing of the pool would come back; ask its author \
         to release with the unused amount of that give"
    )]
    NotStated {
        /// The give.
        give: RecordId,
        /// The release.
        release: RecordId,
    },
    /// A right was given back already.
    #[error("[WRITE-7] give {give} was given back by {by}; its giver reclaims it")]
    GivenBackAlready {
        /// The give.
        give: RecordId,
        /// The return.
        by: RecordId,
    },
    /// Nothing of a pool is left to give back.
    #[error("[WRITE-7] nothing is left of give {give}; what was consumed does not go back")]
    NothingLeft {
        /// The give.
        give: RecordId,
    },
    /// A path that has a declaration with another meaning.
    #[error(
        "[WRITE-7] path {path} in scope `{scope}` is declared with another meaning as resource {by}; use that one, \
         declare another path, or force it and have two resources of one name"
    )]
    PathTaken {
        /// The scope.
        scope: Scope,
        /// The path in it.
        path: ResourcePath,
        /// The resource that is declared there.
        by: ResourceId,
    },
    /// The same declaration is here and lasts as long.
    #[error("[WRITE-7] resource {resource} is declared already for as long; use it")]
    DeclaredAlready {
        /// The resource.
        resource: ResourceId,
    },
    /// A give was reclaimed already, and one more reclaim changes nothing.
    #[error("[WRITE-7] give {give} was reclaimed already; give anew what came back")]
    ReclaimedAlready {
        /// The give.
        give: RecordId,
    },
    /// The claim ends too early for so long a lease.
    #[error(
        "[LEASE-9] this lease can be extended until {last} at most, not until {until}; claim anew for what comes after"
    )]
    BeyondExtension {
        /// What was asked for.
        until: Tai,
        /// The most.
        last: Tai,
    },
    /// Nothing proves that a give is back.
    #[error(
        "[WRITE-4] nothing proves that give {give} is back; absorb its receiver's release or return, or wait until \
         its window and the guard have passed"
    )]
    NotBack {
        /// The give.
        give: RecordId,
    },
}

/// Names what is in the way, the first of many.
fn in_the_way(by: &[RecordId]) -> String {
    match by {
        [] => "is what cannot be read".to_owned(),
        [one] => format!("is {one}; reclaim or release it first"),
        [first, rest @ ..] => {
            format!("are {first} and {} more; reclaim or release what is no longer used", rest.len())
        }
    }
}

impl WriteError {
    /// The clause of SPEC.md by which it was refused; none for an error of appending, but for its clock.
    #[must_use]
    pub fn clause(&self) -> Option<&'static str> {
        Some(match self {
            Self::Append(AppendError::Clock(fault)) => fault.clause(),
            Self::Append(_) => return None,
            Self::Foreseen { finding } | Self::Taken { finding, .. } => finding.clause(),
            Self::Uncivil { .. } => "ACT-5",
            Self::TooShort { .. } => "WRITE-5",
            Self::NoRight { .. } | Self::Apart => "WRITE-3",
            Self::NoSuchRecord { .. } => "WRITE-1",
            Self::GivesSpent { .. } => "LEASE-2",
            Self::BeyondExtension { .. } => "LEASE-9",
            Self::GivenAlready { .. } | Self::NotBack { .. } => "WRITE-4",
            Self::SeveralPools { .. }
            | Self::NotStated { .. }
            | Self::StillOut { .. }
            | Self::MoreThanTaken { .. }
            | Self::NoPool { .. }
            | Self::StatedTwice { .. } => "WRITE-6",
            Self::WindowOver { .. }
            | Self::OtherMeasure { .. }
            | Self::NeverGiven { .. }
            | Self::ClaimEndsSooner { .. }
            | Self::ReceiverEndsSooner { .. }
            | Self::GivenBackAlready { .. }
            | Self::NothingLeft { .. }
            | Self::PathTaken { .. }
            | Self::DeclaredAlready { .. }
            | Self::ReclaimedAlready { .. } => "WRITE-7",
        })
    }
}

impl From<LedgerError> for WriteError {
    fn from(error: LedgerError) -> Self {
        Self::Append(error.into())
    }
}

impl From<Refusal> for WriteError {
    fn from(refusal: Refusal) -> Self {
        Self::Append(refusal.into())
    }
}

/// Why a denial, a closing, an endorsement or a rotation was not written. Nothing was signed, unless the error is one
/// of appending `[WRITE-8]`.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum AuthorityError {
    /// It could not be written.
    #[error(transparent)]
    Write(#[from] WriteError),
    /// No present enrolment names the key.
    #[error("[WRITE-8] no enrolment here names key {key}; absorb the log that enrols it")]
    UnknownKey {
        /// The key.
        key: AuthorKey,
    },
    /// The key is a root's.
    #[error(
        "[GRANT-4] key {key} is a root of the charter, which nobody revokes; vote for a successor of the charter"
    )]
    RootKey {
        /// The key.
        key: AuthorKey,
    },
    /// Nothing that an own enrolment may deny.
    #[error(
        "[DENY-1] no own enrolment with the deny role has {what} below its anchor; ask one who stands above it"
    )]
    NotReached {
        /// What is out of reach.
        what: String,
    },
    /// The author may not speak so long as what it would deny.
    #[error(
        "[DENY-1] enrolment {enrolment} lasts until {until}, and a revocation that acts on it cannot end before; the \
         own enrolment ends at {limit}: ask one whose enrolment lasts as long"
    )]
    EndsSooner {
        /// The enrolment that is to be revoked.
        enrolment: RecordId,
        /// Until when it lasts.
        until: Tai,
        /// Until when the author may speak.
        limit: Tai,
    },
    /// A cut names no entry of the key's logs.
    #[error(
        "[DENY-2] the cut names slot {seq} of log {log}, and this replica holds no such entry of the key there (its \
         head is {head}); such a log is cut at zero: name an entry that is here, or leave the log out"
    )]
    NoSuchCut {
        /// The log.
        log: LogId,
        /// The slot.
        seq: u64,
        /// The head of the log here, or zero.
        head: u64,
    },
    /// An earlier revocation of the same author says as much.
    #[error(
        "[WRITE-8] revocation {by} of the same author cuts as much and lasts as long; nothing is left to deny"
    )]
    RevokedAlready {
        /// That revocation.
        by: NoticeId,
    },
    /// A trip whose scope contains the other one.
    #[error(
        "[BREAK-2] a trip of scope `{tripped}` against `{other}`, which lies within it, parts nothing; trip the \
         smaller scope"
    )]
    PartsNothing {
        /// The scope that would be tripped.
        tripped: Scope,
        /// The other one.
        other: Scope,
    },
    /// A trip of the same author and scopes is on.
    #[error(
        "[WRITE-8] trip {by} of the same author parts these scopes until {until}; trip later, or for longer"
    )]
    TrippedAlready {
        /// That trip.
        by: NoticeId,
        /// Until when.
        until: Tai,
    },
    /// What is to be closed is no trip that is here.
    #[error("[BREAK-1] {trip} is no trip that is here; absorb it first")]
    NoSuchTrip {
        /// The notice.
        trip: NoticeId,
    },
    /// A trip is closed already, or does not stand.
    #[error("[BREAK-1] trip {trip} does not stand; leave it out")]
    ClosedAlready {
        /// The trip.
        trip: NoticeId,
    },
    /// No own enrolment may close a trip.
    #[error(
        "[BREAK-1] trip {trip} is closed by its author or one above it, with the deny role; ask under enrolment {author}"
    )]
    NotYours {
        /// The trip.
        trip: NoticeId,
        /// Its author's enrolment.
        author: RecordId,
    },
    /// Only roots endorse and vote.
    #[error("[GRANT-3] only roots of the charter endorse and vote; ask a root")]
    NotARoot,
    /// A vote on windows that no vote assigns.
    #[error(
        "[VOTE-2] windows {first} to {last} of first give {give} are not among those that votes assign: these follow its \
         repeats, up to last_assignable; vote for some of them"
    )]
    NotAssignable {
        /// The number of the first give.
        give: u64,
        /// The first window.
        first: u64,
        /// The last window.
        last: u64,
    },
    /// The log, or the charter, ends too soon for a vote on the window to count.
    #[error(
        "[VOTE-2] a vote counts only when the log and the vote last until {needed}, the window's end and two longest \
         leases, and one of them ends at {end}: name a log with a later end, or earlier windows"
    )]
    VoteEndsSooner {
        /// Until when both must last.
        needed: Tai,
        /// When the first of them ends.
        end: Tai,
    },
    /// This root has voted for something else.
    #[error(
        "[VOTE-4] this root voted otherwise by notice {by}, and a second vote would make both count for nothing"
    )]
    VotedOtherwise {
        /// That vote.
        by: NoticeId,
    },
    /// What this root has voted may be lost.
    #[error(
        "[VOTE-4] the continuity of this store was lost at some time, so an earlier vote of this root may be missing \
         here: absorb from the other roots, and vote with an operator's approval"
    )]
    VotesUnknown,
    /// The operator's approval does not fit the clock reading.
    #[error(transparent)]
    Approval(ClockFault),
    /// A record that no endorsement helps.
    #[error(
        "[GRANT-3] record {record} needs no endorsement: it is no enrolment, claim, give or closing of a root under a \
         threshold above one"
    )]
    NeedsNone {
        /// The record.
        record: RecordId,
    },
    /// This root stands behind the record already.
    #[error(
        "[GRANT-3] this root stands behind record {record} already; {lacking} other roots must endorse it"
    )]
    BehindAlready {
        /// The record.
        record: RecordId,
        /// How many are lacking.
        lacking: usize,
    },
    /// No enrolment commits to the signer's key as its next one.
    #[error(
        "[ROT-1] no enrolment here names this signer's key as its next key; open the store with the next key, or ask to \
         be enrolled anew"
    )]
    NoNextKey,
    /// The next key has a rotation already.
    #[error("[ROT-1] log {log} of this key rotated already; it is not done twice")]
    RotatedAlready {
        /// The log that begins with it.
        log: LogId,
    },
    /// Logs of the old key hold what only the old key can release or return.
    #[error(
        "[ROT-2] {} claims and {} rights of the old key are held; open the store with the old key, release and return \
         them, then rotate, or force it and leave them to time",
        .claims.len(), .rights.len()
    )]
    StillHeld {
        /// The claims that are neither denied nor over.
        claims: Vec<RecordId>,
        /// The rights that are not returned and whose windows are not over.
        rights: Vec<RecordId>,
    },
}

impl From<AppendError> for AuthorityError {
    fn from(error: AppendError) -> Self {
        Self::Write(error.into())
    }
}

impl From<LedgerError> for AuthorityError {
    fn from(error: LedgerError) -> Self {
        Self::Write(error.into())
    }
}

impl From<Refusal> for AuthorityError {
    fn from(refusal: Refusal) -> Self {
        Self::Write(refusal.into())
    }
}

/// Why the horizon did not move.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum HorizonError {
    /// The ledger cannot go on.
    #[error(transparent)]
    Ledger(#[from] LedgerError),
    /// The clock would move the horizon too far at once `[HOR-3]`.
    #[error(
        "[HOR-3] the clock moves the horizon from {from} to {to}, by more than {most}; compare the clock with a second \
         one, then pass an operator's approval with the moment that it shows"
    )]
    Leap {
        /// The horizon now.
        from: Tai,
        /// Where the clock would move it.
        to: Tai,
        /// The charter's step.
        most: Millis,
    },
    /// The clock reading, or the approval beside it, is not good enough for this.
    #[error(transparent)]
    Clock(#[from] ClockFault),
    /// Nothing vouches for the clock that would move the horizon for the first time `[HOR-3]`.
    #[error(
        "[HOR-3] the clock says {latest} at the latest and moves the horizon for the first time, to {to}; no two \
         others have written within {within} of that; absorb from peers first, or compare the clock with a second \
         one and pass an operator's approval with the moment that it shows"
    )]
    FirstStep {
        /// Where the clock would move it.
        to: Tai,
        /// The reading's upper bound.
        latest: Tai,
        /// The charter's horizon step.
        within: Millis,
    },
    /// The clock lies behind the one that moved the horizon before `[HOR-7]`.
    #[error(
        "[HOR-7] the clock says {latest} at the latest, and the horizon {horizon} was reached at {floor} or later; \
         compare the clock with a second one; when it is right, the horizon stands too high and never falls: wait \
         until then, or create a new store for this key, which peers fill"
    )]
    Behind {
        /// The greatest lower bound by which the horizon was moved.
        floor: Tai,
        /// The reading's upper bound.
        latest: Tai,
        /// The horizon.
        horizon: Tai,
    },
    /// Unacknowledged own entries could not be exported; nothing was forgotten.
    #[error("the export failed: {what}; nothing was forgotten, try again")]
    Export {
        /// What the caller's sink said.
        what: String,
    },
}

/// Why damage was not cut out.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum DiscardError {
    /// The ledger cannot go on.
    #[error(transparent)]
    Ledger(#[from] LedgerError),
    /// Own items that would be dropped could not be exported; nothing was dropped.
    #[error("the export failed: {what}; nothing was dropped, try again")]
    Export {
        /// What the caller's sink said.
        what: String,
    },
}

impl From<StoreError> for DiscardError {
    fn from(error: StoreError) -> Self {
        Self::Ledger(error.into())
    }
}

impl From<StoreError> for HorizonError {
    fn from(error: StoreError) -> Self {
        Self::Ledger(error.into())
    }
}
