//! Absorbing a bundle in steps, so that a host can ask and write between them.
//!
//! - Each step is an [`absorb`](Ledger::absorb) of whole parts, with its own commit. What it leaves is a state like
//!   any other: it may lack what later parts bring `[LAW-1]`.

use crate::bounds::ABSORB_BYTES_MAX;
use crate::bundle::part_end;
use crate::error::LedgerError;
use crate::ledger::Ledger;
use crate::report::AbsorbReport;
use crate::store::Store;
use intent_contracts::Clock;

/// A bundle that is being absorbed in steps.
#[derive(Debug, Clone)]
pub struct Absorbing<'b> {
    bytes: &'b [u8],
    at: usize,
    report: AbsorbReport,
}

impl<'b> Absorbing<'b> {
    /// Begins with a bundle of any length.
    #[must_use]
    pub fn of(bytes: &'b [u8]) -> Self {
        Self { bytes, at: 0, report: AbsorbReport::default() }
    }

    /// Whether all of it was absorbed, as far as it can be read.
    #[must_use]
    pub const fn is_done(&self) -> bool {
        self.at >= self.bytes.len()
    }

    /// What the steps so far did, as one call would tell it.
    #[must_use]
    pub const fn report(&self) -> &AbsorbReport {
        &self.report
    }

    /// The next step: whole parts of at most `most` bytes together, but at least one.
    fn next(&self, most: usize) -> &'b [u8] {
        let mut end = self.at;
        while let Some(next) = part_end(self.bytes, end)
            && (end == self.at || next - self.at <= most)
        {
            end = next;
        }
        // What cannot be read is a step by itself: absorbing tells why.
        let end = if end == self.at { self.bytes.len().min(self.at + ABSORB_BYTES_MAX) } else { end };
        self.bytes.get(self.at..end).unwrap_or_default()
    }
}

impl<S: Store> Ledger<S> {
    /// Takes in the next parts of a bundle: at most `most` bytes of them, but at least one part.
    ///
    /// Between two steps the ledger answers and writes as ever, on what the steps so far have brought. So
    /// [`may_act`](Self::may_act) waits no longer than one step does: that of its bytes, of what had waited for them,
    /// and of the logs that they cut `[BOUND-4]`.
    ///
    /// ```
    #[doc = include_str!("doc/yard.txt")]
    /// let nobody = intent_ledger::Frontier::unknown(&ledger.ledger_id(), ledger.interests().to_vec());
    /// let bundle = ledger.bundle(&nobody, usize::MAX)?;
    /// let mut absorbing = intent_ledger::Absorbing::of(&bundle.bytes);
    /// while !absorbing.is_done() {
    ///     ledger.absorb_some(&mut absorbing, 16 * 1024, clock)?;
    ///     // Here the host asks and writes.
    /// }
    /// assert_eq!(absorbing.report().known, bundle.items);
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    ///
    /// # Errors
    /// As [`absorb`](Self::absorb).
    pub fn absorb_some(
        &mut self,
        absorbing: &mut Absorbing<'_>,
        most: usize,
        now: Clock,
    ) -> Result<(), LedgerError> {
        if absorbing.is_done() {
            return Ok(());
        }
        let step = absorbing.next(most.min(ABSORB_BYTES_MAX));
        let report = self.absorb(step, now)?;
        let stopped = report.stopped.is_some();
        absorbing.report.add(report, absorbing.at);
        absorbing.at = if stopped { absorbing.bytes.len() } else { absorbing.at + step.len() };
        Ok(())
    }
}
