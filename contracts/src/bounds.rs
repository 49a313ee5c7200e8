//! Every bound of the wire format, in one place `[BOUND-1]`.
//!
//! Bounds that a charter may set stand in [`crate::CharterParameters`]; those here are part of the
//! format and never change within a version.

/// Greatest nesting depth of any CBOR item.
pub const DEPTH_MAX: usize = 16;
/// Records in one entry.
pub const RECORDS_MAX: usize = 64;
/// Bytes of the record array of one entry.
pub const RECORDS_BYTES_MAX: usize = 12 * 1024;
/// Bytes of one header payload, unknown trailing fields included.
pub const HEADER_BYTES_MAX: usize = 896;
/// Bytes of one entry on the wire: header, envelope and records.
pub const ENTRY_BYTES_MAX: usize = 14 * 1024;
/// What an entry is charged beside its header and records: its envelope and signature, rounded up.
pub const ENVELOPE_BYTES: u64 = 80;
/// Bytes of one notice on the wire.
pub const NOTICE_BYTES_MAX: usize = 4 * 1024;
/// Bytes of one fork proof whose branches are single signed headers.
pub const FORK_PROOF_SINGLE_BYTES_MAX: usize = 2 * 1024;
/// Bytes of one fork proof whose branches are header chains.
pub const FORK_PROOF_BYTES_MAX: usize = 8 * 1024;
/// Bytes of one branch of a fork proof: any two fit into one proof, so proofs of one log always join.
pub const FORK_BRANCH_BYTES_MAX: usize = (FORK_PROOF_BYTES_MAX - 1) / 2;
/// Headers in one branch of a fork proof, and entries in one run under a single signature.
pub const RUN_MAX: usize = 16;
/// Bytes of one charter.
pub const CHARTER_BYTES_MAX: usize = 64 * 1024;
/// Footprints of one record.
pub const FOOTPRINTS_MAX: usize = 8;
/// Boxes of one footprint.
pub const BOXES_MAX: usize = 8;
/// Dimensions of one box.
pub const DIMENSIONS_MAX: usize = 4;
/// Labels of a scope path: region, cell, node and one to spare.
pub const SCOPE_DEPTH_MAX: usize = 4;
/// Labels of a resource path.
pub const PATH_DEPTH_MAX: usize = 8;
/// Bytes of one label of a path.
pub const LABEL_BYTES_MAX: usize = 32;
/// Root keys of a charter.
pub const ROOTS_MAX: usize = 32;
/// First gives of a charter.
pub const CHARTER_GIVES_MAX: usize = 256;
/// Repeats of one first give.
pub const CHARTER_REPEATS_MAX: u64 = 4_096;
/// Greatest number of a window of a first give that votes may assign.
pub const CHARTER_ASSIGNABLE_MAX: u64 = 65_536;
/// Alternatives of one claim.
pub const ALTERNATIVES_MAX: usize = 4;
/// Citations in one list of a record body.
pub const CITATIONS_MAX: usize = 16;
/// Logs that one revocation cuts by name.
pub const CUTS_MAX: usize = 32;
/// Bytes of a short text inside a body.
pub const TEXT_BYTES_MAX: usize = 256;
/// Windows that one vote assigns.
pub const VOTE_WINDOWS_MAX: u64 = 64;
/// Enrolments among which an enrolment's co-signers are.
pub const NEEDS_MAX: usize = 8;
/// Capability modes that a claim states.
pub const CAPABILITY_MODES_MAX: usize = 8;
/// Facts of one match, all of which must hold.
pub const FACTS_MAX: usize = 4;
/// Claims for which a closing is partial.
pub const PROBES_MAX: usize = 8;
/// Logs that are the parties of one commitment.
pub const PARTIES_MAX: usize = 8;
/// Things that one commitment is about.
pub const ABOUT_MAX: usize = 8;
/// Steps of a path in the terms of a contract.
pub const TERMS_DEPTH_MAX: usize = 8;
/// Edits of one party that count in one contract.
pub const TERMS_EDITS_MAX: u64 = 32;
/// Characters that one splice deletes, and that it inserts.
pub const SPLICE_CHARS_MAX: u64 = 256;
/// Bytes of one log in the safety lane, for an enrolment without the role to enrol, deny or verify `[ADM-2]`.
pub const SMALL_SAFETY_BUDGET_MAX: u64 = 64 * 1024;
/// Default of an enrolment's `max_notices`, when it may write any.
pub const NOTICES_PER_ENROLMENT_DEFAULT: u64 = 16;
/// Default of a root's `max_notices`, and of the greatest one of a fleet.
pub const NOTICES_PER_ROOT_DEFAULT: u64 = 4_096;
/// Greatest value of an enrolment's `max_logs`.
pub const LOGS_PER_ENROLMENT_MAX: u64 = 64;
/// Default of an enrolment's `max_logs`.
pub const LOGS_PER_ENROLMENT_DEFAULT: u64 = 4;
/// Bytes that every living log is charged beside its entries: a fork proof and one entry that ended it.
pub const LOG_OVERHEAD_BYTES: u64 = (FORK_PROOF_BYTES_MAX + ENTRY_BYTES_MAX) as u64;
/// Keys whose check is remembered at once.
pub const KEY_RING_MAX: usize = 65_536;

const _: () = {
    assert!(HEADER_BYTES_MAX + RECORDS_BYTES_MAX + 128 <= ENTRY_BYTES_MAX);
    assert!(2 * (HEADER_BYTES_MAX + 80) <= FORK_PROOF_SINGLE_BYTES_MAX);
    assert!(HEADER_BYTES_MAX + 80 <= FORK_BRANCH_BYTES_MAX);
    assert!(FORK_PROOF_SINGLE_BYTES_MAX <= FORK_PROOF_BYTES_MAX);
    assert!(LOGS_PER_ENROLMENT_DEFAULT <= LOGS_PER_ENROLMENT_MAX);
    assert!(RECORDS_MAX <= 255);
};
