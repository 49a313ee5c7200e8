//! What this version understands of an entry `[REC-3]`, `[UNK-1]`.

use intent_contracts::Record;
use intent_contracts::kinds::Meaning;

/// What this version understands of one entry `[REC-3]`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Understanding {
    /// One meaning for each record; single ones may be [`Meaning::Unknown`] or [`Meaning::Void`].
    Read(Vec<Meaning>),
    /// A critical record is not understood, so no record of the entry is acted on.
    Unknown,
}

impl Understanding {
    /// Reads the records of one entry. Linear in their bytes.
    #[must_use]
    pub fn of(records: &[Record]) -> Self {
        let meanings: Vec<Meaning> = records.iter().map(Meaning::of).collect();
        let critical =
            |(record, meaning): (&Record, &Meaning)| record.critical && *meaning == Meaning::Unknown;
        if records.iter().zip(&meanings).any(critical) { Self::Unknown } else { Self::Read(meanings) }
    }
}
