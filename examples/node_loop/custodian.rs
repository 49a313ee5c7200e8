//! The custodian: enrols the node, declares the gantry, and gives it to whoever asks first.

use crate::mailbox::Mailbox;
use crate::place::{CUSTODIAN, NODE, NodeError, Place, cell, gantry};
use crate::{Options, Teller};
use intent_ledger::contracts::kinds::{Body as _, Enrol, Lineage, Roles};
use intent_ledger::contracts::{Label, Lane, Record, RecordId, Signer as _};
use intent_ledger::merge_rules::Standing;
use intent_ledger::{Ledger, Manner, RedbStore, Viewpoint, WriteError};
use serde_json::json;
use std::collections::{BTreeMap, BTreeSet};
use std::thread::sleep;
use std::time::Duration;

/// The custodian's ledger and its end of the link.
pub(crate) struct Custodian {
    pub(crate) ledger: Ledger<RedbStore>,
    mailbox: Mailbox,
    /// What was refused once is not told again.
    refused: BTreeSet<(RecordId, u8)>,
    /// The gives by their claims.
    given: BTreeMap<RecordId, RecordId>,
    /// The clause of each refusal, in order.
    pub(crate) clauses: Vec<String>,
    /// Gives that were taken back.
    pub(crate) taken_back: u64,
}

impl Custodian {
    /// Opens the ledger; on the first run writes who may speak and what there is.
    pub(crate) fn open(place: &Place) -> Result<Self, NodeError> {
        let mut ledger = place.open(CUSTODIAN)?;
        if ledger.entry_count() == 0 {
            let until = place.charter.until();
            ledger.append(
                Lane::Safety,
                &[enrolment(place)?, gantry()?.record(until, Vec::new())?],
                place.now(),
            )?;
        }
        Ok(Self {
            ledger,
            mailbox: Mailbox::between(place, CUSTODIAN, NODE),
            refused: BTreeSet::new(),
            given: BTreeMap::new(),
            clauses: Vec::new(),
            taken_back: 0,
        })
    }

    /// Absorbs, gives what is asked for and fits, takes back what was released, sends.
    pub(crate) fn turn(&mut self, place: &Place, teller: &mut Teller) -> Result<(), NodeError> {
        self.mailbox.fetch(&mut self.ledger, place, teller)?;
        let view = self.ledger.view(Viewpoint::Own)?;
        let claims: BTreeSet<RecordId> = view.claims().collect();
        for claim in claims {
            let Some(found) = view.claim(&claim) else { continue };
            let held = found.leases.iter().any(|lease| lease.finding.standing <= Standing::AtRisk);
            let ended = found.leases.iter().all(|lease| lease.finding.standing == Standing::Ended);
            if ended {
                self.take_back(&claim, place, teller)?;
            }
            let asked = (0..=u8::MAX).zip(&found.leases);
            let asked = asked.filter(|(_, lease)| !held && lease.finding.standing == Standing::Asked);
            for alternative in asked.map(|(alternative, _)| alternative) {
                if self.answer(&claim, alternative, place, teller)? {
                    break;
                }
            }
        }
        self.mailbox.post(&mut self.ledger)
    }

    /// Gives an alternative if the rules allow; tells whether they did.
    fn answer(
        &mut self,
        claim: &RecordId,
        alternative: u8,
        place: &Place,
        teller: &mut Teller,
    ) -> Result<bool, NodeError> {
        match self.ledger.give(claim, alternative, Manner::Civil, place.now()) {
            Ok(written) => {
                self.given.insert(*claim, written.record());
                let says = format!("the custodian gives claim {claim} its alternative {alternative}");
                teller.tell(
                    "given",
                    &says,
                    &json!({ "claim": claim.to_string(), "alternative": alternative }),
                );
                Ok(true)
            }
            Err(WriteError::Append(error)) => Err(error.into()),
            Err(error) => {
                if self.refused.insert((*claim, alternative)) {
                    let clause = error.clause().unwrap_or_default();
                    self.clauses.push(clause.to_owned());
                    let says = format!("the custodian does not give alternative {alternative}: {error}");
                    teller.tell("not given", &says, &json!({ "claim": claim.to_string(), "clause": clause }));
                }
                Ok(false)
            }
        }
    }

    fn take_back(&mut self, claim: &RecordId, place: &Place, teller: &mut Teller) -> Result<(), NodeError> {
        let Some(give) = self.given.remove(claim) else { return Ok(()) };
        self.ledger.reclaim(&give, Manner::Civil, place.now())?;
        self.taken_back += 1;
        let says = format!("the custodian takes give {give} back, with the node's release as evidence");
        teller.tell("taken back", &says, &json!({ "give": give.to_string() }));
        Ok(())
    }
}

/// Runs the custodian until it is stopped.
pub(crate) fn serve(place: &Place, options: &Options, teller: &mut Teller) -> Result<(), NodeError> {
    let mut custodian = Custodian::open(place)?;
    let end = options.seconds.map(|seconds| place.now().lo().0.saturating_add(seconds * 1_000));
    teller.tell("serving", "the custodian gives what is asked for and fits", &json!({}));
    loop {
        custodian.turn(place, teller)?;
        if end.is_some_and(|end| place.now().lo().0 >= end) {
            return Ok(());
        }
        sleep(Duration::from_millis(50));
    }
}

fn enrolment(place: &Place) -> Result<Record, NodeError> {
    let family = |name: &str| Label::try_from(name.to_owned());
    let body = Enrol::new(
        place.key(NODE)?.author(),
        Roles::ACT,
        cell()?,
        1 << 20,
        16,
        Lineage { build: family("fw-3")?, hardware: family("rev-b")? },
    );
    Ok(body.record(place.charter.until(), Vec::new())?)
}
