//! How one record names another `[CITE-1]`.

use crate::ids::{LogId, RecordId};
use crate::time::Tai;
use serde_tuple::{Deserialize_tuple, Serialize_tuple};

/// Names a record, where it stands and until when it matters, so that law 7 is judged without holding
/// the record itself.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize_tuple, Deserialize_tuple)]
pub struct Citation {
    /// The log that holds the record.
    pub log: LogId,
    /// The entry's place in the log.
    pub seq: u64,
    /// The record.
    pub record: RecordId,
    /// The record's own `until`, as the citing author read it.
    pub until: Tai,
}
