//! Fork proofs: two signed headers in one slot of one log `[FORK-1]`.
//!
//! - A branch is a chain of 1 to 16 headers, the first in the forked slot, the last signed; so an entry
//!   whose own signature was stripped from a run can still testify.
//! - The branch with the lesser id stands first, and the ids differ: one pair has one shape.
//! - A branch takes at most half of a proof's bytes, so that the join of two proofs can be sent again.
//! - Identity is (log, slot, pair of ids). Which signatures prove it does not matter.

use crate::bounds::{FORK_BRANCH_BYTES_MAX, FORK_PROOF_BYTES_MAX, RUN_MAX};
use crate::cbor::{self, Items};
use crate::entry::{SignedEntry, envelope};
use crate::header::Header;
use crate::ids::{EntryId, LedgerId, LogKey};
use crate::key::Signature;
use crate::refusal::{Reason, Refusal};
use crate::verify::Verified;

/// One branch: a header in the forked slot, and the chain up to a signature.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ForkBranch {
    headers: Vec<Vec<u8>>,
    signature: Signature,
    id: EntryId,
    log: LogKey,
    slot: u64,
}

impl ForkBranch {
    /// The branch that an authentic entry is by itself.
    #[must_use]
    pub fn of(entry: &Verified<SignedEntry>) -> Self {
        Self {
            headers: vec![entry.header_bytes().to_vec()],
            signature: *entry.signature(),
            id: entry.id(),
            log: entry.header().log,
            slot: entry.header().seq,
        }
    }

    /// The id of the header in the forked slot.
    #[must_use]
    pub const fn id(&self) -> EntryId {
        self.id
    }

    fn decode(ledger: &LedgerId, bytes: &[u8]) -> Result<Self, Refusal> {
        if bytes.len() > FORK_BRANCH_BYTES_MAX {
            return Err(Reason::TooLarge.into());
        }
        let mut items = Items::of(bytes)?;
        if items.len() != 2 {
            return Err(Reason::Shape.into());
        }
        let mut headers = Items::of(items.next().ok_or(Refusal::from(Reason::Shape))?)?;
        let signature: [u8; 64] = items.next_bytes()?.try_into().map_err(|_| Refusal::from(Reason::Shape))?;
        if headers.is_empty() || headers.len() > RUN_MAX {
            return Err(Reason::ForkChain.into());
        }
        let shifted = |raw| move |refusal: Refusal| refusal.shifted(cbor::offset_in(bytes, raw));
        let first = headers.next_bytes()?;
        let header = Header::decode(first).map_err(shifted(first))?;
        let mut chain = vec![first.to_vec()];
        let mut below = (header.seq, EntryId::of(ledger, first));
        while !headers.is_empty() {
            let raw = headers.next_bytes()?;
            let next = Header::decode(raw).map_err(shifted(raw))?;
            if next.log != header.log || Some(next.seq) != below.0.checked_add(1) || next.prev != below.1 {
                return Err(Reason::ForkChain.into());
            }
            below = (next.seq, EntryId::of(ledger, raw));
            chain.push(raw.to_vec());
        }
        let id = EntryId::of(ledger, first);
        let signature = Signature::from_bytes(signature);
        Ok(Self { headers: chain, signature, id, log: header.log, slot: header.seq })
    }

    fn write(&self, out: &mut Vec<u8>) {
        cbor::array_head(out, 2);
        cbor::array_head(out, self.headers.len());
        self.headers.iter().for_each(|header| cbor::byte_string(out, header));
        cbor::byte_string(out, self.signature.as_bytes());
    }

    /// The message that the branch's signature covers.
    fn message(&self, ledger: &LedgerId) -> Vec<u8> {
        // A branch has at least one header by construction.
        let last = self.headers.last().map_or(&[][..], Vec::as_slice);
        envelope::message(ledger.as_bytes(), last)
    }
}

/// A fork proof as it was received: parsed, its signatures not yet checked.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct UncheckedFork {
    branches: [ForkBranch; 2],
}

impl UncheckedFork {
    /// Reads a proof from exactly its wire bytes.
    ///
    /// # Errors
    /// A [`Refusal`] of the structure or of a header; [`Reason::ForkPair`]; [`Reason::ForkChain`].
    pub fn decode(ledger: &LedgerId, bytes: &[u8]) -> Result<Self, Refusal> {
        if bytes.len() > FORK_PROOF_BYTES_MAX {
            return Err(Reason::TooLarge.into());
        }
        cbor::walk(bytes)?;
        let items = Items::of(bytes)?;
        if items.len() != 2 {
            return Err(Reason::Shape.into());
        }
        let branches: Result<Vec<_>, _> = items
            .map(|raw| {
                ForkBranch::decode(ledger, raw)
                    .map_err(|refusal| refusal.shifted(cbor::offset_in(bytes, raw)))
            })
            .collect();
        let branches: [ForkBranch; 2] = branches?.try_into().map_err(|_| Refusal::from(Reason::Shape))?;
        let [a, b] = &branches;
        if a.log != b.log || a.slot != b.slot || a.id >= b.id {
            return Err(Reason::ForkPair.into());
        }
        Ok(Self { branches })
    }

    /// The log that is said to be forked.
    #[must_use]
    pub const fn log(&self) -> &LogKey {
        &self.branches[0].log
    }

    /// The slot that is said to be forked.
    #[must_use]
    pub const fn slot(&self) -> u64 {
        self.branches[0].slot
    }

    /// The two ids, the lesser first.
    #[must_use]
    pub const fn pair(&self) -> [EntryId; 2] {
        [self.branches[0].id, self.branches[1].id]
    }

    pub(crate) fn signed_parts(&self, ledger: &LedgerId) -> [(Vec<u8>, Signature); 2] {
        let [a, b] = &self.branches;
        [(a.message(ledger), a.signature), (b.message(ledger), b.signature)]
    }
}

/// A checked proof that a log is forked in a slot.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ForkProof {
    branches: [ForkBranch; 2],
}

impl ForkProof {
    pub(crate) fn from_checked(fork: UncheckedFork) -> Self {
        Self { branches: fork.branches }
    }

    /// The proof by two branches, when they are two ids in one slot of one log.
    #[must_use]
    pub fn between(a: ForkBranch, b: ForkBranch) -> Option<Self> {
        if a.log != b.log || a.slot != b.slot || a.id == b.id {
            return None;
        }
        let branches = if a.id < b.id { [a, b] } else { [b, a] };
        Some(Self { branches })
    }

    /// The forked log.
    #[must_use]
    pub const fn log(&self) -> &LogKey {
        &self.branches[0].log
    }

    /// The forked slot.
    #[must_use]
    pub const fn slot(&self) -> u64 {
        self.branches[0].slot
    }

    /// The two ids, the lesser first.
    #[must_use]
    pub const fn pair(&self) -> [EntryId; 2] {
        [self.branches[0].id, self.branches[1].id]
    }

    /// The two branches, the one with the lesser id first.
    #[must_use]
    pub fn into_branches(self) -> [ForkBranch; 2] {
        self.branches
    }

    /// The order in which the least proof of a log is kept `[FORK-4]`.
    #[must_use]
    pub const fn rank(&self) -> (u64, [EntryId; 2]) {
        (self.slot(), self.pair())
    }

    /// The least proof that the two hold together: the lower slot, or the two least ids of one slot.
    ///
    /// Both must be of one log.
    #[must_use]
    pub fn join(self, other: Self) -> Self {
        debug_assert_eq!(self.log(), other.log(), "only proofs of one log join");
        match self.slot().cmp(&other.slot()) {
            std::cmp::Ordering::Less => self,
            std::cmp::Ordering::Greater => other,
            std::cmp::Ordering::Equal => {
                let [a, b] = other.branches;
                self.with(a).with(b)
            }
        }
    }

    /// The proof that keeps the two least ids of this one's and `branch`, which is of the same slot.
    #[must_use]
    pub fn with(self, branch: ForkBranch) -> Self {
        debug_assert_eq!((self.log(), self.slot()), (&branch.log, branch.slot));
        let [a, b] = self.branches;
        if branch.id == a.id || branch.id >= b.id || crate::planted::on("keep the first pair of a fork") {
            return Self { branches: [a, b] };
        }
        let branches = if branch.id < a.id { [branch, a] } else { [a, branch] };
        Self { branches }
    }

    /// The wire bytes.
    #[must_use]
    pub fn encode(&self) -> Vec<u8> {
        let mut out = Vec::new();
        cbor::array_head(&mut out, 2);
        self.branches.iter().for_each(|branch| branch.write(&mut out));
        out
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::KeyRing;
    use crate::header::{Authored, Lane};
    use crate::ids::{Digest, RecordId};
    use crate::sign::{SecretKey, Signer};
    use crate::time::{Millis, Tai};
    use crate::verify::{Item, VerifiedItem, verify_all};

    const LEDGER: LedgerId = LedgerId::from_bytes([1; 32]);

    /// A branch in slot 1: `length` chained headers with `tail` bytes of future fields in each.
    fn branch(key: &SecretKey, mark: u8, length: u64, tail: usize) -> ForkBranch {
        let enrolment = RecordId::root(&LEDGER, 0);
        let (author, lane) = (key.author(), Lane::Productivity);
        let log = LogKey { author, lane, incarnation: 1, end: Tai(9), enrolment };
        let mut future = Vec::new();
        if tail > 0 {
            cbor::byte_string(&mut future, &vec![mark; tail]);
        }
        let mut prev = enrolment.entry;
        let mut headers = Vec::new();
        for seq in 1..=length {
            let authored = Authored { at: Tai(1), error: Millis(1) };
            let header = Header::new(log, seq, prev, authored, Digest::from_bytes([mark; 32]));
            let bytes = header.with_future(1, future.clone()).encode();
            prev = EntryId::of(&LEDGER, &bytes);
            headers.push(bytes);
        }
        let message = envelope::message(LEDGER.as_bytes(), headers.last().unwrap());
        let signature = key.sign(&message).unwrap();
        let id = EntryId::of(&LEDGER, &headers[0]);
        ForkBranch { headers, signature, id, log, slot: 1 }
    }

    fn read(proof: &ForkProof) -> Result<ForkProof, Refusal> {
        let item = Item::Fork(UncheckedFork::decode(&LEDGER, &proof.encode())?);
        match verify_all(&LEDGER, vec![item], &mut KeyRing::new(), &[0; 32]).remove(0)? {
            VerifiedItem::Fork(proof) => Ok(proof),
            other => panic!("{other:?}"),
        }
    }

    #[test]
    fn the_join_of_two_large_proofs_can_be_sent_again() {
        let key = SecretKey::from_seed([2; 32]);
        // Small and large branches in order of their ids.
        let mut branches: Vec<_> =
            (0..6).map(|mark| branch(&key, mark, 1 + 3 * u64::from(mark % 2), 680)).collect();
        branches.sort_by_key(ForkBranch::id);
        for a in &branches {
            for b in &branches {
                for c in &branches {
                    let Some(left) = ForkProof::between(a.clone(), b.clone()) else { continue };
                    let Some(right) = ForkProof::between(a.clone(), c.clone()) else { continue };
                    let (left, right) = (read(&left).unwrap(), read(&right).unwrap());
                    let joined = left.clone().join(right.clone());
                    assert_eq!(joined.pair(), right.join(left).pair());
                    assert_eq!(read(&joined).unwrap(), joined);
                }
            }
        }
    }

    #[test]
    fn a_branch_beyond_half_a_proof_is_refused() {
        let key = SecretKey::from_seed([2; 32]);
        let proof = ForkProof::between(branch(&key, 1, 5, 680), branch(&key, 2, 1, 0)).unwrap();
        assert!(proof.encode().len() < FORK_PROOF_BYTES_MAX);
        assert_eq!(read(&proof).unwrap_err().reason, Reason::TooLarge);
    }

    #[test]
    fn sixteen_headers_of_this_version_fit_into_a_branch() {
        let key = SecretKey::from_seed([2; 32]);
        let proof = ForkProof::between(branch(&key, 1, 16, 0), branch(&key, 2, 16, 0)).unwrap();
        assert_eq!(read(&proof).unwrap(), proof);
    }
}
