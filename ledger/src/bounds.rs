//! Every bound of one replica `[BOUND-1]`; those of the format stand in [`intent_contracts::bounds`].

use intent_contracts::bounds::{ENTRY_BYTES_MAX, FORK_PROOF_BYTES_MAX, NOTICE_BYTES_MAX};

/// Bytes that one call of `absorb` takes, and that one bundle holds `[SYNC-9]`.
pub const ABSORB_BYTES_MAX: usize = 4 * 1024 * 1024;
/// A part is closed when the next item would bring it above this.
pub const PART_BYTES_TARGET: usize = 4 * 1024;
/// Bytes of one part.
pub const PART_BYTES_MAX: usize = 16 * 1024;
/// Bytes of one frontier.
pub const FRONTIER_BYTES_MAX: usize = 8 * 1024 * 1024;
/// Rows of dropped logs that one call deletes `[BOUND-2]`.
pub const SWEPT_ROWS_MAX: u64 = 8_192;
/// Items in the waiting pool.
pub const POOL_ITEMS_MAX: usize = 4_096;
/// Bytes in the waiting pool.
pub const POOL_BYTES_MAX: usize = 8 * 1024 * 1024;
/// Bytes in the waiting pool beyond which an enrolment makes room for others; an item counts as at least
/// [`POOL_ITEM_BYTES_LEAST`] `[POOL-2]`.
pub const POOL_SHARE_BYTES: usize = POOL_BYTES_MAX / 8;
/// What an item of the waiting pool counts at least: so many bytes that items and bytes run out together.
pub const POOL_ITEM_BYTES_LEAST: usize = POOL_BYTES_MAX / POOL_ITEMS_MAX;
/// Refusals that one report spells out; the rest are counted.
pub const REFUSALS_SPELT_MAX: usize = 64;
/// Epoch digests that are kept of one scope and lane.
pub const DIGESTS_KEPT_MAX: usize = 400;
/// Epoch digests of one scope and lane that a frontier tells.
pub const DIGESTS_TOLD_MAX: usize = 8;
/// Epoch digests that one frontier tells in all, newest first.
pub const DIGESTS_TOLD_TOTAL_MAX: usize = 1_024;
/// Items of one part: an item that can be admitted is longer than a hundred bytes.
pub const PART_ITEMS_MAX: usize = 256;
/// Interests of one replica.
pub const INTERESTS_MAX: usize = 64;

const _: () = {
    assert!(ENTRY_BYTES_MAX + 64 <= PART_BYTES_MAX);
    assert!(NOTICE_BYTES_MAX + 64 <= PART_BYTES_MAX);
    assert!(FORK_PROOF_BYTES_MAX + 64 <= PART_BYTES_MAX);
    assert!(PART_BYTES_TARGET <= PART_BYTES_MAX);
    assert!(PART_BYTES_MAX <= ABSORB_BYTES_MAX);
    assert!(POOL_BYTES_MAX >= ABSORB_BYTES_MAX);
};
