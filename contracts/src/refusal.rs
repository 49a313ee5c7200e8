//! Why bytes are refused: one name for each reason, the same here, in SPEC.md and in the vectors.

use std::fmt;

/// Defines the reasons with their message and remedy, so that no reason can lack either.
macro_rules! reasons {
    ($($(#[$doc:meta])* $name:ident: $what:literal, $remedy:literal;)*) => {
        /// Why a byte string is refused `[REF-1]`. The name is the one of SPEC.md and of the vectors.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
        #[non_exhaustive]
        pub enum Reason { $(#[doc = $what] $(#[$doc])* $name,)* }

        impl Reason {
            /// Every reason, in the order of SPEC.md.
            pub const ALL: &'static [Self] = &[$(Self::$name,)*];

            /// The name that SPEC.md and the vectors use.
            #[must_use]
            pub const fn name(self) -> &'static str {
                match self { $(Self::$name => stringify!($name),)* }
            }

            /// What is wrong, as one lower-case fact.
            #[must_use]
            pub const fn what(self) -> &'static str {
                match self { $(Self::$name => $what,)* }
            }

            /// What the operator or the peer can do about it.
            #[must_use]
            pub const fn remedy(self) -> &'static str {
                match self { $(Self::$name => $remedy,)* }
            }
        }
    };
}

reasons! {
    Truncated: "the bytes end inside an item", "ask the sender for the rest";
    TrailingBytes: "bytes follow the end of the item", "cut the input at the item's end";
    Indefinite: "an item has indefinite length", "write definite lengths";
    NotShortest: "an integer or length is not in its shortest form", "write shortest forms";
    Float: "a floating-point number", "write integers with a scale";
    Tag: "a tagged item", "write the item without its tag";
    Simple: "a simple value other than false, true and null", "write false, true or null";
    Utf8: "a text string is not UTF-8", "write UTF-8";
    KeyOrder: "map keys are not in strictly rising byte order", "sort the keys and drop duplicates";
    TooDeep: "items are nested too deep", "nest at most 16 items";
    TooLarge: "an item is larger than its bound", "split it or write less; the bounds stand in SPEC.md";
    Shape: "a field is missing or of the wrong type", "write the fields of the CDDL file in order";
    NotCanonical: "the known fields encode to other bytes than were received", "write each value in its one encoding";
    Version: "version zero", "write the version of the format, at least 1";
    CoseHeader: "a COSE header other than the EdDSA algorithm", "sign with protected {1: -8} and no other header";
    KeyEncoding: "a public key that is not a canonically encoded curve point", "enrol a key made by a sound generator";
    KeyTorsion: "a public key with a torsion component", "enrol a key made by a sound generator";
    SignatureInvalid: "the signature does not fit the key, the ledger and the bytes", "check that both ends hold the same charter; else ask another peer";
    DigestMismatch: "the record bytes do not match the header's digest", "ask another peer for the entry";
    RecordCount: "an entry holds no record or too many", "write 1 to 64 records";
    UntilBeyondEnd: "a record's until lies beyond its log's end", "open a log with a later end";
    FirstPrev: "the first entry's prev is not its enrolment, or its seq is zero", "start at seq 1 with prev = the enrolment's entry";
    EmptyWindow: "a window or box ends where it starts or before", "write start before end";
    PathLabel: "a path label is empty, too long or not visible ASCII without a slash", "use 1 to 32 visible ASCII characters";
    ForkPair: "the two branches are not two entries of one slot of one log, lesser id first", "send the two headers of the forked slot";
    ForkChain: "a branch's headers do not follow each other", "send each header with the one whose prev is its id";
    ForeignLedger: "the bytes belong to another ledger", "send them to a replica with that charter";
    Lapsed: "the log or notice ended before this replica's horizon", "nothing: it no longer matters here";
    EnrolmentMismatch: "the author is not the key that the cited enrolment names", "write under the enrolment of this key";
    BeyondEnrolment: "the log or notice lasts longer than its enrolment", "choose an earlier end or ask for a longer enrolment";
    NoAuthority: "the enrolment lacks the role or the scope for this", "ask for an enrolment with the role";
    OutsideInterests: "the scope is not among this replica's interests", "send it to a replica that holds the scope";
    Overflow: "the bound of living logs or notices is exceeded and this one ranks last", "write less often; wait until older ones lapse";
    AboveFork: "the slot lies at or above the log's first forked slot", "go on in a new incarnation";
    AboveEnd: "the slot lies above an entry that ended the log by breaking a chain rule", "go on in a new incarnation";
    PoolFull: "the waiting pool has no room for it", "send what it waits for first, then send it again";
}

/// A refusal: the reason, and where in the input it was found.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Refusal {
    /// Why.
    pub reason: Reason,
    /// The offset in bytes from the start of the item that was judged.
    pub offset: usize,
}

impl Refusal {
    /// A refusal at `offset`.
    #[must_use]
    pub const fn at(reason: Reason, offset: usize) -> Self {
        Self { reason, offset }
    }

    /// The same refusal as seen from `base` bytes further out.
    #[must_use]
    pub const fn shifted(self, base: usize) -> Self {
        Self { reason: self.reason, offset: self.offset + base }
    }
}

impl From<Reason> for Refusal {
    fn from(reason: Reason) -> Self {
        Self::at(reason, 0)
    }
}

impl fmt::Display for Reason {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} ({})", self.what(), self.name())
    }
}

impl fmt::Display for Refusal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        // What is wrong with an item as a whole has no place in it.
        match self.offset {
            0 => write!(f, "{}; {}", self.reason, self.reason.remedy()),
            byte => write!(f, "{} at byte {byte}; {}", self.reason, self.reason.remedy()),
        }
    }
}

impl std::error::Error for Refusal {}
