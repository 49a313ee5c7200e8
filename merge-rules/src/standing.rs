//! The words in which the rules answer `[RULE-3]`.

/// What the rules say of a record, a part or a lease; the stronger is the greater `[RULE-3]`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Standing {
    /// Given through an unbroken and proven chain from the charter.
    Firm,
    /// Given, but the giver's order does not prove that it can be borne.
    AtRisk,
    /// Claimed on an open resource, and not displaced.
    Provisional,
    /// Claimed, and not given whole.
    Asked,
    /// Something that it rests on is absent or cannot be read.
    Unknown,
    /// A contender of an open resource goes first.
    Displaced,
    /// The right it is drawn on did not bear it.
    Overdrawn,
    /// Its holder released it.
    Ended,
    /// A revocation cut it off.
    Revoked,
    /// It contradicts itself or what it cites.
    Void,
}

impl Standing {
    /// Whether this is one of the five denials of `[LAW-3]`.
    #[must_use]
    pub fn is_denial(self) -> bool {
        self >= Self::Displaced
    }
}

impl std::fmt::Display for Standing {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(match self {
            Self::Firm => "firm",
            Self::AtRisk => "at risk",
            Self::Provisional => "provisional",
            Self::Asked => "asked",
            Self::Unknown => "unknown",
            Self::Displaced => "displaced",
            Self::Overdrawn => "overdrawn",
            Self::Ended => "ended",
            Self::Revoked => "revoked",
            Self::Void => "void",
        })
    }
}
