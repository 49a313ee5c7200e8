//! What can be done and what was promised: adverts and commitments.

use super::{Body, Embedded, at_most, numbered};
use crate::bounds::{ABOUT_MAX, CITATIONS_MAX, PARTIES_MAX, TEXT_BYTES_MAX};
use crate::cbor;
use crate::citation::Citation;
use crate::ids::{Digest, LogId, RecordId};
use crate::record::Effect;
use crate::refusal::{Reason, Refusal};
use crate::scope::{Label, ResourcePath};
use crate::time::Tai;
use serde_tuple::{Deserialize_tuple, Serialize_tuple};

numbered! {
    /// Which side of a match an advert is.
    Side {
        /// The author can do it.
        Offers,
        /// The author needs it.
        Needs,
    }
}

numbered! {
    /// How a property of an offer must lie to the value of a constraint.
    Relation {
        /// At least as great.
        AtLeast,
        /// At most as great.
        AtMost,
        /// Equal.
        Equal,
    }
}

/// What a need asks of one property of an offer.
#[derive(Debug, Clone, PartialEq, Eq, Serialize_tuple, Deserialize_tuple)]
pub struct Constraint {
    /// The name of the property.
    pub property: Label,
    /// How it must lie …
    pub relation: Relation,
    /// … to this value.
    pub value: i64,
}

/// Kind 9: what the author offers or needs `[CAP-1]`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize_tuple, Deserialize_tuple)]
pub struct Advert {
    /// Whether it offers or needs.
    pub side: Side,
    /// What.
    pub name: ResourcePath,
    /// The first and the last version; none withdraws what was said of the name before.
    pub versions: Option<(u64, u64)>,
    /// Of an offer: names and values, each name once.
    pub properties: Vec<(Label, i64)>,
    /// Of a need: what it asks of these.
    pub constraints: Vec<Constraint>,
}

impl Advert {
    /// An offer of one version, without properties.
    #[must_use]
    pub const fn offer(name: ResourcePath, version: u64) -> Self {
        Self {
            side: Side::Offers,
            name,
            versions: Some((version, version)),
            properties: Vec::new(),
            constraints: Vec::new(),
        }
    }
}

impl Body for Advert {
    const KIND: u64 = 9;
    const FIELDS: usize = 5;
    const EFFECT: Effect = Effect::None;

    fn bounded(&self) -> Result<(), Refusal> {
        rising(self.versions)?;
        let of_other_side = match self.side {
            Side::Offers => !self.constraints.is_empty(),
            Side::Needs => !self.properties.is_empty(),
        };
        let again = |(place, (name, _)): (usize, &(Label, i64))| {
            self.properties.iter().take(place).any(|(before, _)| before == name)
        };
        at_most(self.properties.len(), CITATIONS_MAX)?;
        at_most(self.constraints.len(), CITATIONS_MAX)?;
        if of_other_side || self.properties.iter().enumerate().any(again) {
            return Err(Reason::Shape.into());
        }
        Ok(())
    }
}

fn rising(versions: Option<(u64, u64)>) -> Result<(), Refusal> {
    match versions {
        Some((first, last)) if first > last => Err(Reason::EmptyWindow.into()),
        _ => Ok(()),
    }
}

numbered! {
    /// The acts by which a commitment lives and ends.
    Act {
        /// Asks for offers.
        Call,
        /// Offers; a bid when it answers a call.
        Offer,
        /// Accepts an offer; the award of a bid when the offer answers a call.
        Accept,
        /// Ends an offer or a call.
        End,
        /// Tells how it goes.
        Report,
    }
}

numbered! {
    /// How a commitment ended, or how it goes.
    Outcome {
        /// Ended: as promised.
        Kept,
        /// Ended: not as promised.
        Broken,
        /// Ended: nobody insists, or it was never accepted.
        Waived,
        /// Reported: begun.
        Taken,
        /// Reported: done.
        Done,
        /// Reported: it cannot be done.
        Failed,
        /// Reported: it will be done by `due`.
        Delayed,
        /// Reported: received.
        Received,
    }
}

/// What a call asks for, or an offer promises.
#[derive(Debug, Clone, PartialEq, Eq, Serialize_tuple, Deserialize_tuple)]
pub struct Need {
    /// Its name.
    pub name: ResourcePath,
    /// The first and the last version that will do.
    pub versions: (u64, u64),
    /// What is asked of its properties.
    pub constraints: Vec<Constraint>,
}

impl Need {
    fn bounded(&self) -> Result<(), Refusal> {
        rising(Some(self.versions))?;
        at_most(self.constraints.len(), CITATIONS_MAX)
    }
}

/// What an accept must promise in its own entry.
#[derive(Debug, Clone, PartialEq, Eq, Serialize_tuple, Deserialize_tuple)]
pub struct Promise {
    /// How many units.
    pub quantity: u64,
    /// By when.
    pub due: Option<Tai>,
    /// Of what.
    pub need: Option<Need>,
    /// The things that it is about, by their ids.
    pub about: Vec<Digest>,
}

/// Kind 10: a call, an offer, and what answers them `[COMMIT-1]`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize_tuple, Deserialize_tuple)]
pub struct Commitment {
    /// What is done.
    pub act: Act,
    /// What it answers.
    pub answers: Vec<Citation>,
    /// The log whose order decides.
    pub decider: LogId,
    /// To which enrolment; none means to all of the scope.
    pub to: Option<RecordId>,
    /// The logs of the parties.
    pub parties: Vec<LogId>,
    /// How many units.
    pub quantity: u64,
    /// The last moment at which it can be accepted.
    pub open_until: Tai,
    /// When it is due.
    pub due: Option<Tai>,
    /// What is asked or promised.
    pub need: Option<Need>,
    /// The things that it is about, by their ids.
    pub about: Vec<Digest>,
    /// What is promised in return.
    pub against: Option<Promise>,
    /// How it ended or goes; of an end or a report alone.
    pub outcome: Option<Outcome>,
    /// For people.
    pub text: String,
    /// Of an accept: the signed offer, so that it forms whatever becomes of the offer's log.
    pub evidence: Option<Embedded>,
}

/// What every version reads of a commitment.
#[derive(Debug, Clone, PartialEq, Eq, Serialize_tuple, Deserialize_tuple)]
pub struct Answering {
    /// The number of the act.
    pub act: u64,
    /// What it answers.
    pub answers: Vec<Citation>,
}

impl Commitment {
    /// An act about one unit for which the log `decider` decides, and that nobody can accept after
    /// `open_until`. Other values are set by struct update.
    #[must_use]
    pub const fn new(act: Act, decider: LogId, open_until: Tai) -> Self {
        Self {
            act,
            answers: Vec::new(),
            decider,
            to: None,
            parties: Vec::new(),
            quantity: 1,
            open_until,
            due: None,
            need: None,
            about: Vec::new(),
            against: None,
            outcome: None,
            text: String::new(),
            evidence: None,
        }
    }

    /// Act and answers of a commitment of any version: they come first, and no version changes them.
    ///
    /// # Errors
    /// A [`Refusal`] of the structure, of one of the two, or of more than 16 answers.
    pub fn answering(body: &[u8]) -> Result<Answering, Refusal> {
        cbor::walk(body)?;
        let answering: Answering = cbor::decode_prefix(body, 2)?.value;
        at_most(answering.answers.len(), CITATIONS_MAX)?;
        Ok(answering)
    }

    /// Whether the act is one that a later version has added.
    pub(super) fn has_unknown_act(body: &[u8]) -> bool {
        Self::answering(body).is_ok_and(|found| found.act >= Act::ALL.len() as u64)
    }
}

impl Body for Commitment {
    const KIND: u64 = 10;
    const FIELDS: usize = 14;
    const EFFECT: Effect = Effect::None;

    fn bounded(&self) -> Result<(), Refusal> {
        let ends = [Outcome::Kept, Outcome::Broken, Outcome::Waived];
        let fits = match (self.act, self.outcome) {
            (Act::End, Some(outcome)) => ends.contains(&outcome),
            (Act::Report, Some(Outcome::Delayed)) => self.due.is_some(),
            (Act::Report, Some(outcome)) => !ends.contains(&outcome),
            (Act::Call | Act::Offer | Act::Accept, None) => true,
            _ => false,
        };
        if !fits || (self.evidence.is_some() && self.act != Act::Accept) {
            return Err(Reason::Shape.into());
        }
        at_most(self.answers.len(), CITATIONS_MAX)?;
        at_most(self.parties.len(), PARTIES_MAX)?;
        at_most(self.about.len(), ABOUT_MAX)?;
        at_most(self.text.len(), TEXT_BYTES_MAX)?;
        self.need.as_ref().map_or(Ok(()), Need::bounded)?;
        if let Some(against) = &self.against {
            at_most(against.about.len(), ABOUT_MAX)?;
            against.need.as_ref().map_or(Ok(()), Need::bounded)?;
        }
        self.evidence.as_ref().map_or(Ok(()), Embedded::bounded)
    }
}
