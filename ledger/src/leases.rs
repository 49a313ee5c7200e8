//! Writing claims, gives and what ends them, so that none is written that would lose `[WRITE-1]`.
//!
//! - Each record is built from the own view: its citations, its until and its log follow from what is there.
//! - It is then read as if it were admitted, by the same rules, before it is signed.
//! - What is refused is told with its clause, and has changed nothing.

use crate::author::Goal;
use crate::error::{LedgerError, WriteError};
use crate::ledger::Ledger;
use crate::report::Appended;
use crate::store::Store;
use crate::view::Viewpoint;
use intent_contracts::bounds::FOOTPRINTS_MAX;
use intent_contracts::kinds::{
    Body as _, Claim, Embedded, Give, GivingBack, Meaning, Over, POST, RELEASE, RETURN, Receiver, Reclaim,
    Resource,
};
use intent_contracts::planted;
use intent_contracts::{
    Citation, Clock, EntryId, Footprint, KeyRing, LogId, Measure, Millis, Reason, Record, RecordId, Refusal,
    Tai, Window, verify_one,
};
use intent_merge_rules::{
    Because, Exception, Finding, GIVES_HEARD_MAX, Lease, Missing, RightView, Standing, View,
};
use std::collections::BTreeSet;

/// How much is refused `[WRITE-4]`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Manner {
    /// What is uncivil or would be at risk is refused too `[WRITE-4]`.
    #[default]
    Civil,
    /// Only what would be denied or rest on what is absent is refused; a claim may be displaced.
    Forced,
}

/// What is wanted: up to four alternatives, each a set of footprints that is a lease only when all are given
/// `[CLAIM-1]`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Wish {
    /// The alternatives, the preferred one first. A footprint that names a right of an own log is drawn on it.
    pub alternatives: Vec<Vec<Footprint>>,
    /// The priority class.
    pub class: u8,
    /// How long this machine needs to stop, when that is longer than the resources say.
    pub stopping: Millis,
    /// The least duration that is of use, and the one that is wanted. The lease holds once that least of it is given;
    /// zero stands for the whole of what is asked `[LEASE-8]`.
    pub durations: (Millis, Millis),
    /// The attestations on which it stands.
    pub attestations: Vec<Citation>,
    /// Ended claims that would displace it.
    pub over: Vec<Over>,
    /// A later until than follows from the windows, if one is wanted.
    pub until: Option<Tai>,
    /// Whether civility may be put aside.
    pub manner: Manner,
}

impl Wish {
    /// One footprint, in class 0.
    #[must_use]
    pub fn of(footprint: Footprint) -> Self {
        let length = footprint.window.end().since(footprint.window.start());
        Self {
            alternatives: vec![vec![footprint]],
            class: 0,
            stopping: Millis(0),
            durations: (Millis(0), length),
            attestations: Vec::new(),
            over: Vec::new(),
            until: None,
            manner: Manner::Civil,
        }
    }

    /// The body of the claim and the footprints of its frame, each once.
    fn body(&self) -> (Claim, Vec<Footprint>) {
        let mut footprints: Vec<Footprint> = Vec::new();
        let mut place = |wanted: &Footprint| {
            let known = footprints.iter().position(|found| found == wanted);
            let place = known.unwrap_or_else(|| {
                footprints.push(wanted.clone());
                footprints.len() - 1
            });
            // The frame refuses more footprints than a byte counts.
            u8::try_from(place).unwrap_or(u8::MAX)
        };
        let alternatives = self.alternatives.iter().map(|parts| parts.iter().map(&mut place).collect());
        let claim = Claim {
            class: self.class,
            least: self.durations.0,
            ideal: self.durations.1,
            attestations: self.attestations.clone(),
            over: self.over.clone(),
            ..Claim::new(alternatives.collect())
        };
        (claim, footprints)
    }
}

/// What was written, and what the own view says of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Written {
    /// Where its entry stands.
    pub at: Appended,
    /// How it is cited.
    pub citation: Citation,
    /// The further records of the same entry: each pool part has one of its own `[WRITE-6]`.
    pub further: Vec<Citation>,
    /// Of a claim one for each alternative, of a give one for each part, else one.
    pub findings: Vec<Finding>,
}

impl Written {
    /// The record.
    #[must_use]
    pub const fn record(&self) -> RecordId {
        self.citation.record
    }

    /// All records of it.
    pub fn records(&self) -> impl Iterator<Item = RecordId> + '_ {
        std::iter::once(&self.citation).chain(&self.further).map(|cited| cited.record)
    }
}

impl<S: Store> Ledger<S> {
    /// Claims what is wished for. Nothing is written when it is refused.
    ///
    /// A claim on a pool lasts as long as the charter's right to that pool, so its author's enrolment must last so
    /// long too `[WRITE-2]`.
    ///
    /// Cost: one commit, and what stands in the windows that are wished for.
    ///
    /// ```
    #[doc = include_str!("doc/yard.txt")]
    /// let mine = ledger.drawn(&whole)?;
    /// let written = ledger.claim(&Wish::of(mine.clone()), clock)?;
    /// assert_eq!(written.findings[0].standing, Standing::Firm);
    /// // The hour is taken now: a second claim would lose, so it is not written.
    /// let entries = ledger.entry_count();
    /// let Err(WriteError::Taken { finding, by }) = ledger.claim(&Wish::of(mine), clock) else { return Err("two?".into()) };
    /// assert_eq!((finding.standing, finding.clause()), (Standing::Overdrawn, "ORDER-2"));
    /// assert_eq!(by, [written.record()], "what is in the way");
    /// assert_eq!(ledger.entry_count(), entries);
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    ///
    /// # Errors
    /// [`WriteError`]: too short `[WRITE-5]`, over or never to be given `[WRITE-7]`, uncivil `[ACT-5]`, or what would
    /// be denied `[WRITE-1]`.
    pub fn claim(&mut self, wish: &Wish, now: Clock) -> Result<Written, WriteError> {
        let view = self.view(Viewpoint::Own)?;
        let (body, footprints) = wish.body();
        measured(&view, &footprints)?;
        self.can_be_given(&view, &footprints)?;
        self.long_enough(&view, wish, now)?;
        self.one_pool(&view, &footprints)?;
        if wish.manner == Manner::Civil {
            self.civil(&view, &footprints, wish, now)?;
        }
        let until = self.until_of(&footprints).max(wish.until.unwrap_or_default());
        let into = self.one_log(&footprints, &view)?;
        let record = body.record(until, footprints)?;
        self.write(into.map_or(Goal::Any, Goal::Log), vec![record], now, wish.manner, &mut |_| Ok(()))
    }

    /// Declares a resource until a moment. Two declarations of one path with different meanings are two resources, so
    /// the second is refused, unless forced `[RES-1]`, `[WRITE-7]`.
    ///
    /// # Errors
    /// [`WriteError::PathTaken`], [`WriteError::DeclaredAlready`], or what appending refuses.
    pub fn declare(
        &mut self,
        resource: &Resource,
        until: Tai,
        manner: Manner,
        now: Clock,
    ) -> Result<Written, WriteError> {
        let view = self.view(Viewpoint::Own)?;
        let id = resource.id();
        if view.is_declared_until(id, until) {
            return Err(WriteError::DeclaredAlready { resource: id });
        }
        let declared = view.declared_at(&resource.scope, &resource.path);
        if let Some(by) = declared.into_iter().find(|other| *other != id && manner == Manner::Civil) {
            let (scope, path) = (resource.scope.clone(), resource.path.clone());
            return Err(WriteError::PathTaken { scope, path, by });
        }
        let record = resource.record(until, Vec::new())?;
        self.write(Goal::Any, vec![record], now, manner, &mut |_| Ok(()))
    }

    /// The same footprint, drawn on a right of a log that this ledger writes: for a claim of what one holds.
    ///
    /// Cost: linear in the rights of own logs.
    ///
    /// ```
    #[doc = include_str!("doc/yard.txt")]
    /// let mine = ledger.drawn(&whole)?;
    /// assert_eq!(mine.right.map(|right| right.record), charter.first_rights().next().map(|right| right.citation.record));
    /// let mut tomorrow = whole.clone();
    /// tomorrow.window = Window::new(now.plus(Millis::DAY), now.plus(Millis::days(2)))?;
    /// assert!(matches!(ledger.drawn(&tomorrow), Err(WriteError::NoRight { .. })));
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    ///
    /// # Errors
    /// [`WriteError::NoRight`] when no single right contains it.
    pub fn drawn(&mut self, footprint: &Footprint) -> Result<Footprint, WriteError> {
        let view = self.view(Viewpoint::Own)?;
        let none = WriteError::NoRight { resource: footprint.resource };
        let rights = self.own_logs().into_iter().flat_map(|log| view.rights_of(&log));
        let bearing = rights.filter(|right| bears(right, footprint) && contains(right, footprint));
        let right = bearing.min_by_key(|right| (right.finding.standing, right.left == 0, right.record));
        let right = right.and_then(|right| view.cite(&right.record)).ok_or(none)?;
        Ok(footprint.clone().from_right(right))
    }

    /// Gives to an alternative of a claim what it asks for and does not have yet, out of rights of one own log.
    /// A footprint that reaches over the windows of several rights is given in several parts.
    ///
    /// Cost: one commit; and linear in the rights of own logs and in what was drawn on them.
    ///
    /// ```
    #[doc = include_str!("doc/yard.txt")]
    /// // Claimed without a right it is asked for; whoever holds the right gives it.
    /// let claim = ledger.claim(&Wish::of(whole), clock)?;
    /// assert_eq!(claim.findings[0].standing, Standing::Asked);
    /// ledger.give(&claim.record(), 0, Manner::Civil, clock)?;
    /// assert!(matches!(ledger.may_act(&claim.record(), 0, clock, Millis(250))?, MayAct::Go { .. }));
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    ///
    /// # Errors
    /// [`WriteError`]: no own right bears it `[WRITE-3]`, it is given already or would be at risk `[WRITE-4]`,
    /// overdrawn, or an answer to what is ended, void or revoked `[WRITE-1]`.
    pub fn give(
        &mut self,
        claim: &RecordId,
        alternative: u8,
        manner: Manner,
        now: Clock,
    ) -> Result<Written, WriteError> {
        self.give_until(claim, alternative, None, manner, now)
    }

    /// Gives to an alternative of a claim the time up to `until` that it does not have yet, out of rights of one own
    /// log: a part of what it asks for, the rest of it, or more `[LEASE-8]`, `[LEASE-9]`.
    ///
    /// Cost: as [`give`](Self::give).
    ///
    /// ```
    #[doc = include_str!("doc/yard.txt")]
    /// let mut part = whole;
    /// part.window = Window::new(now, now.plus(Millis(1_800_000)))?;
    /// let mut wish = Wish::of(part);
    /// // Half an hour is asked for, and a quarter is of use. Its until leaves room for another half.
    /// wish.durations.0 = Millis(900_000);
    /// wish.until = Some(until);
    /// let claim = ledger.claim(&wish, clock)?.record();
    /// for minutes in [20, 60] {
    ///     let end = now.plus(Millis(60_000 * minutes));
    ///     ledger.extend(&claim, 0, end, Manner::Civil, clock)?;
    ///     let MayAct::Go { valid_until, .. } = ledger.may_act(&claim, 0, clock, Millis(0))? else { return Err("no".into()) };
    ///     assert_eq!(valid_until, end.minus(Millis(201)));
    /// }
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    ///
    /// # Errors
    /// As [`give`](Self::give); [`WriteError::BeyondExtension`] when the claim ends too early for that `[LEASE-9]`.
    pub fn extend(
        &mut self,
        claim: &RecordId,
        alternative: u8,
        until: Tai,
        manner: Manner,
        now: Clock,
    ) -> Result<Written, WriteError> {
        self.give_until(claim, alternative, Some(until), manner, now)
    }

    /// Gives up to `until`, or to the end of what each footprint asks for.
    fn give_until(
        &mut self,
        claim: &RecordId,
        alternative: u8,
        until: Option<Tai>,
        manner: Manner,
        now: Clock,
    ) -> Result<Written, WriteError> {
        let view = self.view(Viewpoint::Own)?;
        let absent = WriteError::NoSuchRecord { record: *claim };
        let (Some(citation), Some(lease)) = (view.cite(claim), view.lease(claim, alternative)) else {
            return Err(absent);
        };
        if let Some(denial) = own_denial(&view, claim, alternative, &lease) {
            return Err(foreseen(denial));
        }
        if let (Some(until), Some(last)) = (until, lease.extendable_to())
            && until > last
        {
            return Err(WriteError::BeyondExtension { until, last });
        }
        let frame = view.footprints(claim);
        let place = |wanted: &Footprint| frame.iter().position(|found| found == wanted);
        let lacking = lease.footprints.iter().filter_map(|covered| {
            // Nobody gives what is open.
            covered.extendable_to?;
            let to = until.unwrap_or(covered.footprint.window.end());
            let window = Window::new(covered.given_to, to).ok()?;
            Some((u8::try_from(place(&covered.footprint)?).ok()?, covered, window))
        });
        let wanted: Vec<(u8, Footprint)> = lacking
            .map(|(place, covered, window)| {
                let mut wanted = covered.footprint.clone();
                wanted.window = window;
                (place, wanted)
            })
            .collect();
        if wanted.is_empty() {
            return Err(WriteError::GivenAlready { claim: *claim });
        }
        self.still_on(&wanted, now)?;
        let to = Receiver::Claim { claim: citation, alternative };
        self.give_parts(&view, to, &wanted, manner, now)
    }

    /// Gives a log a right to these footprints, out of rights of one own log.
    ///
    /// Cost: as [`give`](Self::give).
    ///
    /// ```
    #[doc = include_str!("doc/yard.txt")]
    /// let theirs = LogId::from_bytes([9; 32]); // as they have told it
    /// let give = ledger.give_right(theirs, &[whole], Manner::Civil, clock)?;
    /// let view = ledger.view(Viewpoint::Own)?;
    /// assert_eq!(view.rights_of(&theirs)[0].record, give.record());
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    ///
    /// # Errors
    /// As [`give`](Self::give).
    pub fn give_right(
        &mut self,
        holder: LogId,
        footprints: &[Footprint],
        manner: Manner,
        now: Clock,
    ) -> Result<Written, WriteError> {
        let view = self.view(Viewpoint::Own)?;
        let wanted: Vec<(u8, Footprint)> = (0..=u8::MAX).zip(footprints.iter().cloned()).collect();
        measured(&view, footprints)?;
        self.still_on(&wanted, now)?;
        self.give_parts(&view, Receiver::Log(holder), &wanted, manner, now)
    }

    /// Ends all alternatives of an own claim. For the host to call when its machine has come to rest, and not before
    /// `[THEOREM-1]`.
    ///
    /// `unused` says how much was not used of what was taken from pools: of an own draw for the claim's record, of
    /// what others gave for each give. What is not named counts as used. The amount of a give that comes to light
    /// later can be stated by a further release, which names that give `[WRITE-6]`.
    ///
    /// ```
    #[doc = include_str!("doc/yard.txt")]
    /// let mine = ledger.drawn(&whole)?;
    /// let claim = ledger.claim(&Wish::of(mine.clone()), clock)?.record();
    /// ledger.release(&claim, &[], clock)?;
    /// let answer = ledger.may_act(&claim, 0, clock, Millis(250))?;
    /// assert!(matches!(answer, MayAct::Hold(why) if why.clause() == "BACK-2"));
    /// // Its own release proves that the hour is free: it can be drawn again.
    /// let again = ledger.claim(&Wish::of(mine), clock)?;
    /// assert_eq!(again.findings[0].standing, Standing::Firm);
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    ///
    /// # Errors
    /// [`WriteError`]: the claim's log is not written here `[WRITE-3]`, or it is ended already.
    pub fn release(
        &mut self,
        claim: &RecordId,
        unused: &[(RecordId, u64)],
        now: Clock,
    ) -> Result<Written, WriteError> {
        let view = self.view(Viewpoint::Own)?;
        let cite = |record: &RecordId| view.cite(record).ok_or(WriteError::NoSuchRecord { record: *record });
        let found = view.claim(claim).ok_or(WriteError::NoSuchRecord { record: *claim })?;
        let cited = cite(claim)?;
        let ended = |lease: &Lease| lease.finding.standing == Standing::Ended;
        if let Some(lease) = found.leases.first().filter(|_| found.leases.iter().all(ended)) {
            // A give that nobody has spoken of can still come back.
            if unused.is_empty() || unused.iter().any(|(record, _)| record == claim) {
                return Err(foreseen(lease.finding.clone()));
            }
        }
        let (mut own, mut gives) = (0, Vec::new());
        for (place, (record, amount)) in unused.iter().enumerate() {
            let named_before = unused.iter().take(place).any(|(other, _)| other == record);
            if named_before || view.is_stated(&found.log, record) {
                return Err(WriteError::StatedTwice { record: *record });
            }
            let taken = pool_taken(&view, claim, record)?;
            if *amount > taken {
                return Err(WriteError::MoreThanTaken { record: *record, stated: *amount, taken });
            }
            if record == claim {
                own = *amount;
            } else {
                gives.push((cite(record)?, *amount));
            }
        }
        if planted::on("state nothing of an own pool") {
            own = 0;
        }
        let kind = if unused.is_empty() { RELEASE } else { POST };
        let mut records = Vec::new();
        let mut rest = &gives[..];
        while records.is_empty() || !rest.is_empty() {
            let (here, later) = rest.split_at(rest.len().min(FOOTPRINTS_MAX - 1));
            let stated = std::iter::once((cited, own)).chain(here.iter().copied());
            let (gives, unused): (Vec<Citation>, Vec<u64>) = stated.unzip();
            let until = gives.iter().map(|cited| cited.until).min().unwrap_or_default();
            let body = GivingBack { gives, alternatives: Vec::new(), unused };
            records.push(body.record_of(kind, until, Vec::new())?);
            rest = later;
        }
        self.write(Goal::Log(found.log), records, now, Manner::Civil, &mut |_| Ok(()))
    }

    /// Returns a right to who gave it: what is left of a pool, all of anything else, when nothing of it is
    /// given on `[PROOF-2]`. A right goes back once, so a pool waits for what is out of it, unless forced `[WRITE-6]`.
    ///
    /// Cost: one commit, and what was drawn on the right.
    ///
    /// ```
    #[doc = include_str!("doc/yard.txt")]
    /// // The log gives a right to itself, so that one ledger shows both sides.
    /// let log = charter.first_rights().next().ok_or("the charter gives an hour")?.citation.log;
    /// let give = ledger.give_right(log, &[whole.clone()], Manner::Civil, clock)?.record();
    /// ledger.give_back(&give, Manner::Civil, clock)?;
    /// // The return is the proof with which the giver takes it back.
    /// ledger.reclaim(&give, Manner::Civil, clock)?;
    /// let claim = ledger.claim(&Wish::of(whole), clock)?.record();
    /// let again = ledger.give(&claim, 0, Manner::Civil, clock)?;
    /// assert_eq!(again.findings[0].standing, Standing::Firm);
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    ///
    /// # Errors
    /// [`WriteError`]: the log that holds it is not written here `[WRITE-3]`; what was given on and is not
    /// back overdraws it `[WRITE-1]`.
    pub fn give_back(&mut self, give: &RecordId, manner: Manner, now: Clock) -> Result<Written, WriteError> {
        let view = self.view(Viewpoint::Own)?;
        let absent = || WriteError::NoSuchRecord { record: *give };
        let cited = view.cite(give).filter(|cited| cited.seq > 0).ok_or_else(absent)?;
        let parts: Vec<RightView> = (0..=u8::MAX).map_while(|part| view.right(give, part)).collect();
        let holder = parts.first().ok_or_else(absent)?.holder;
        if let Some(by) = view.returned_by(give) {
            return Err(WriteError::GivenBackAlready { give: *give, by });
        }
        let pools = || parts.iter().filter(|right| right.footprint.measure == Measure::Pool);
        let out: u128 = pools().map(|right| right.outstanding).sum();
        if out > 0
            && manner == Manner::Civil
            && let Some(by) = view.outstanding_of(give).first()
        {
            return Err(WriteError::StillOut { give: *give, amount: out, by: *by });
        }
        // One amount is stated for all pool parts of the give, and each must bear it.
        let mut unused = pools().map(|right| right.left).min().unwrap_or(0);
        if unused == 0 && pools().count() == parts.len() {
            return Err(WriteError::NothingLeft { give: *give });
        }
        if planted::on("state nothing of a returned pool") && parts.len() > 1 {
            unused = 0;
        }
        let body = GivingBack { gives: vec![cited], alternatives: Vec::new(), unused: vec![unused] };
        let record = body.record_of(RETURN, cited.until, Vec::new())?;
        self.write(Goal::Log(holder), vec![record], now, manner, &mut |_| Ok(()))
    }

    /// Takes an own give back: with the receiver's release or return when one is here, else by time when its
    /// windows and the guard have surely passed, and on the giver's bare word only when forced `[WRITE-4]`.
    ///
    /// Cost: linear in the receiver's log.
    ///
    /// ```
    #[doc = include_str!("doc/yard.txt")]
    /// let claim = ledger.claim(&Wish::of(whole), clock)?.record();
    /// let give = ledger.give(&claim, 0, Manner::Civil, clock)?.record();
    /// // Nothing proves yet that nobody is there.
    /// assert!(matches!(ledger.reclaim(&give, Manner::Civil, clock), Err(WriteError::NotBack { .. })));
    /// ledger.release(&claim, &[], clock)?;
    /// ledger.reclaim(&give, Manner::Civil, clock)?;
    /// let held = ledger.view(Viewpoint::Own)?.right(&charter.first_rights().next().ok_or("one")?.citation.record, 0);
    /// assert_eq!(held.ok_or("it is held")?.left, 1);
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    ///
    /// # Errors
    /// [`WriteError`]: nothing proves that it is back `[WRITE-4]`; its log is not written here `[WRITE-3]`.
    pub fn reclaim(&mut self, give: &RecordId, manner: Manner, now: Clock) -> Result<Written, WriteError> {
        let view = self.view(Viewpoint::Own)?;
        let cited = view.cite(give).filter(|cited| cited.seq > 0);
        let cited = cited.ok_or(WriteError::NoSuchRecord { record: *give })?;
        let proof = self.evidence_of(&view, &cited)?;
        let guard = self.charter().parameters().guard;
        let over =
            |part: &Footprint| part.measure != Measure::Pool && now.lo() > part.window.end().plus(guard);
        let parts = view.footprints(give);
        let over = parts.iter().all(over);
        if proof.is_none() && !over && manner == Manner::Civil {
            return Err(WriteError::NotBack { give: *give });
        }
        let draws = view.draws(give);
        let surer = proof.is_some() || over;
        if !draws.is_empty() && draws.iter().all(|draw| draw.proven || (draw.spoken_of && !surer)) {
            return Err(WriteError::ReclaimedAlready { give: *give });
        }
        if let Some(Word { release: Some(release), .. }) = &proof
            && parts.iter().any(|part| part.measure == Measure::Pool)
            && manner == Manner::Civil
        {
            return Err(WriteError::NotStated { give: *give, release: *release });
        }
        let proof = proof.map(|word| word.embedded);
        let record = Reclaim { give: cited, proof }.record(cited.until, Vec::new())?;
        self.write(Goal::Log(cited.log), vec![record], now, manner, &mut |_| Ok(()))
    }

    /// The receiver's own word that a give is back, in its log, to be carried along `[PROOF-1]`.
    ///
    /// Of a pool the word that states an amount for this very give goes before one that only ends the claim.
    fn evidence_of(&self, view: &View, give: &Citation) -> Result<Option<Word>, LedgerError> {
        let reader = self.reader()?;
        let Some(entry) = reader.entries(give.log, give.seq)?.next().transpose()? else { return Ok(None) };
        let record = entry.records().get(usize::from(give.record.index));
        let Some(Meaning::Give(body)) = record.map(Meaning::of) else { return Ok(None) };
        let (log, from, alternative, claim) = match body.to {
            Receiver::Log(log) => (log, 1, None, None),
            Receiver::Claim { claim, alternative } => (claim.log, claim.seq, Some(alternative), Some(claim)),
        };
        let answers = |back: &GivingBack| {
            // Of what was given to a claim only who cites the claim proves anything.
            let asked = claim.map_or(give.record, |claim| claim.record);
            let cites = |cited: &Citation| cited.record == asked;
            let named = alternative.is_none_or(|alternative| {
                back.alternatives.is_empty() || back.alternatives.contains(&alternative)
            });
            named && back.gives.iter().any(cites)
        };
        let pool = view.footprints(&give.record).iter().any(|part| part.measure == Measure::Pool);
        let mut ends = None;
        for entry in reader.entries(log, from)? {
            let entry = entry?;
            for (index, record) in (0..=u8::MAX).zip(entry.records()) {
                let back = match Meaning::of(record) {
                    Meaning::Release(back) | Meaning::Post(back) if claim.is_some() => back,
                    Meaning::Return(back) if claim.is_none() => back,
                    _ => continue,
                };
                let id = RecordId { entry: entry.id(), index };
                // What the view does not hold has no say.
                if !answers(&back) || view.cite(&id).is_none() {
                    continue;
                }
                let states = back.gives.iter().any(|cited| cited.record == give.record);
                if pool && !states && ends.is_some() {
                    continue;
                }
                let verified = verify_one(&self.state.ledger, entry.clone(), &mut KeyRing::new());
                let embedded = verified.ok().map(|entry| Embedded::of(&entry, index));
                let word = |release| embedded.map(|embedded| Word { embedded, release });
                if !pool || states {
                    return Ok(word(None));
                }
                ends = word(Some(id));
            }
        }
        Ok(ends)
    }

    /// The windows of what is given must not be over `[WRITE-7]`.
    fn still_on(&self, wanted: &[(u8, Footprint)], now: Clock) -> Result<(), WriteError> {
        let over = wanted.iter().map(|(_, part)| part.window.end()).find(|end| *end <= now.lo());
        over.map_or(Ok(()), |end| Err(WriteError::WindowOver { end, now: now.lo() }))
    }

    /// Of a pool or rate that the charter does not give nobody ever holds a right `[WRITE-7]`.
    fn can_be_given(&self, view: &View, parts: &[Footprint]) -> Result<(), WriteError> {
        let never = |part: &&Footprint| {
            part.measure != Measure::Exclusive && part.right.is_none() && !view.is_given(&part.resource)
        };
        let found = parts.iter().find(never);
        found.map_or(Ok(()), |part| Err(WriteError::NeverGiven { resource: part.resource }))
    }

    /// A release states one unused amount for the claim's own record, so one own draw on a pool `[WRITE-6]`.
    fn one_pool(&self, view: &View, parts: &[Footprint]) -> Result<(), WriteError> {
        let own = self.own_logs();
        let drawn = |part: &&Footprint| {
            let right = part.right.and_then(|right| view.right(&right.record, 0));
            part.measure == Measure::Pool && right.is_some_and(|right| own.contains(&right.holder))
        };
        let pools = parts.iter().filter(drawn).count();
        if pools > 1 { Err(WriteError::SeveralPools { pools }) } else { Ok(()) }
    }

    /// The windows of each alternative must leave time to act and to stop `[WRITE-5]`.
    fn long_enough(&self, view: &View, wish: &Wish, now: Clock) -> Result<(), WriteError> {
        let twice = self.charter().parameters().clock_error;
        for parts in &wish.alternatives {
            let declared = parts.iter().filter_map(|part| view.declared(part.resource));
            let stopping = declared.map(|found| found.stopping_time).max().unwrap_or_default();
            let stopping = stopping.max(wish.stopping);
            let needed = twice.plus(twice).plus(stopping).plus(Millis(1));
            let start = parts.iter().map(|part| part.window.start()).max().unwrap_or_default();
            let end = parts.iter().map(|part| part.window.end()).min().unwrap_or_default();
            let (common, least) = (end.since(start), wish.durations.0);
            // The least that is of use is judged, not the wish.
            let usable = if least == Millis(0) { common } else { least.min(common) };
            let needed = needed.max(least);
            if usable < needed {
                return Err(WriteError::TooShort { usable: usable.0, needed: needed.0 });
            }
            if now.lo().plus(stopping) >= end {
                return Err(WriteError::WindowOver { end, now: now.lo() });
            }
        }
        Ok(())
    }

    /// No claim where a known living one of no lower class is `[ACT-5]`.
    fn civil(
        &self,
        view: &View,
        footprints: &[Footprint],
        wish: &Wish,
        now: Clock,
    ) -> Result<(), WriteError> {
        let guard = self.charter().parameters().guard;
        let open = footprints.iter().filter(|part| part.right.is_none() && !view.is_given(&part.resource));
        for wanted in open.filter(|part| part.measure == Measure::Exclusive) {
            let rival = view.in_the_way(wanted).into_iter().find(|found| {
                let over = now.lo() > found.window.end().plus(guard);
                let answered = wish.over.iter().any(|over| over.claim.record == found.record);
                // Of what cannot be read nobody knows the class.
                let first = view.class(&found.record).is_none_or(|class| class >= wish.class);
                first && !over && !answered
            });
            if let Some(rival) = rival {
                return Err(WriteError::Uncivil { by: rival.record });
            }
        }
        Ok(())
    }

    /// Until when a record with these parts matters at least `[WRITE-2]`.
    fn until_of(&self, parts: &[Footprint]) -> Tai {
        let longest = self.charter().parameters().longest_lease;
        let of = |part: &Footprint| match (part.measure, part.right) {
            (Measure::Pool, Some(right)) => right.until,
            (Measure::Pool, None) => self.pool_until(part).max(part.window.end().plus(longest)),
            _ => part.window.end().plus(longest),
        };
        parts.iter().map(of).max().unwrap_or_default()
    }

    /// Until when what is given of a pool lasts: every right to it lasts as long as the charter's `[WRITE-2]`.
    fn pool_until(&self, part: &Footprint) -> Tai {
        let like = |held: &Footprint| {
            held.resource == part.resource
                && held.measure == part.measure
                && held.window.overlaps(&part.window)
        };
        let charter = self.charter();
        let untils = charter.first_rights().filter(|right| like(&right.footprint));
        untils.map(|right| right.citation.until).max().unwrap_or_default()
    }

    /// The own log whose rights these parts name, if any does.
    fn one_log(&self, parts: &[Footprint], view: &View) -> Result<Option<LogId>, WriteError> {
        let own = self.own_logs();
        let holder = |part: &Footprint| {
            let right = view.right(&part.right?.record, 0)?;
            own.contains(&right.holder).then_some(right.holder)
        };
        let logs: BTreeSet<LogId> = parts.iter().filter_map(holder).collect();
        if logs.len() > 1 { Err(WriteError::Apart) } else { Ok(logs.first().copied()) }
    }

    /// The logs whose rights this ledger can give from `[INC-5]`.
    fn own_logs(&self) -> BTreeSet<LogId> {
        self.writing.union(&self.unopened).copied().collect()
    }

    /// Gives parts out of the rights of the first own log that bears all of them.
    fn give_parts(
        &mut self,
        view: &View,
        to: Receiver,
        wanted: &[(u8, Footprint)],
        manner: Manner,
        now: Clock,
    ) -> Result<Written, WriteError> {
        let mut refused = None;
        for log in self.own_logs() {
            let rights = view.rights_of(&log);
            let options: Vec<Vec<Vec<Footprint>>> =
                wanted.iter().map(|(_, footprint)| options(view, &rights, footprint)).collect();
            let most = options.iter().map(Vec::len).min().unwrap_or(0);
            let widest = options.iter().map(Vec::len).max().unwrap_or(0);
            for choice in (0..widest).filter(|_| most > 0) {
                let chosen = options.iter().map(|of_part| &of_part[choice.min(of_part.len() - 1)]);
                let parts: Vec<(u8, Footprint)> = wanted
                    .iter()
                    .zip(chosen)
                    .flat_map(|((place, _), pieces)| pieces.iter().map(|piece| (*place, piece.clone())))
                    .collect();
                match self.give_these(log, &to, parts, manner, now) {
                    Err(error @ (WriteError::Foreseen { .. } | WriteError::Taken { .. })) => {
                        refused.get_or_insert(error);
                    }
                    outcome => return outcome,
                }
            }
        }
        let resource = wanted.first().map(|(_, part)| part.resource);
        let none = resource.map(|resource| WriteError::NoRight { resource });
        Err(refused.or(none).unwrap_or(Refusal::from(Reason::Shape).into()))
    }

    fn give_these(
        &mut self,
        log: LogId,
        to: &Receiver,
        parts: Vec<(u8, Footprint)>,
        manner: Manner,
        now: Clock,
    ) -> Result<Written, WriteError> {
        let mut records = Vec::new();
        for parts in by_record(parts, matches!(to, Receiver::Claim { .. })) {
            let (places, footprints): (Vec<u8>, Vec<Footprint>) = parts.into_iter().unzip();
            if footprints.len() > FOOTPRINTS_MAX {
                return Err(Refusal::from(Reason::TooLarge).into());
            }
            let needed = self.until_of(&footprints);
            self.receiver_lasts(to, &footprints, needed, manner)?;
            let parts = if matches!(to, Receiver::Log(_)) { Vec::new() } else { places };
            records.push(Give { to: to.clone(), parts }.record(needed, footprints)?);
        }
        if let Receiver::Claim { claim, .. } = to
            && self.view(Viewpoint::Own)?.gives_between(&log, &claim.record) + records.len() > GIVES_HEARD_MAX
        {
            return Err(WriteError::GivesSpent { log, claim: claim.record });
        }
        // What is given to an ended claim is lost.
        let mut answered = |view: &View| match to {
            Receiver::Claim { claim, alternative } => match view.lease(&claim.record, *alternative) {
                Some(lease) => {
                    let denial = own_denial(view, &claim.record, *alternative, &lease);
                    denial.map_or(Ok(()), |denial| Err(foreseen(denial)))
                }
                None => Ok(()),
            },
            Receiver::Log(_) => Ok(()),
        };
        self.write(Goal::Log(log), records, now, manner, &mut answered)
    }

    /// What receives a give must last as long as the give: a claim by `[RULE-5]`, and of a log's rights nothing could
    /// be drawn or returned beyond its end `[WRITE-7]`.
    fn receiver_lasts(
        &self,
        to: &Receiver,
        parts: &[Footprint],
        needed: Tai,
        manner: Manner,
    ) -> Result<(), WriteError> {
        match to {
            Receiver::Claim { claim, .. } if claim.until < needed => {
                let (claim, until) = (claim.record, claim.until);
                Err(WriteError::ClaimEndsSooner { claim, until, needed })
            }
            Receiver::Claim { .. } => Ok(()),
            Receiver::Log(log) => {
                let Some(end) = self.state.logs.get(log).map(|found| found.key.end) else { return Ok(()) };
                // Of other measures a part of the window can be used.
                let pool = parts.iter().any(|part| part.measure == Measure::Pool);
                if end < needed && (pool || manner == Manner::Civil) {
                    return Err(WriteError::ReceiverEndsSooner { log: *log, end, needed });
                }
                Ok(())
            }
        }
    }

    /// Writes records as one entry when the reading of none is refused `[WRITE-1]`.
    pub(crate) fn write(
        &mut self,
        goal: Goal,
        records: Vec<Record>,
        now: Clock,
        manner: Manner,
        further: &mut dyn FnMut(&View) -> Result<(), WriteError>,
    ) -> Result<Written, WriteError> {
        let mut findings = Vec::new();
        let mut judge = |view: &View, entry: EntryId| {
            for index in (0..=u8::MAX).take(records.len()) {
                let id = RecordId { entry, index };
                let found = view.explain(&id);
                if found.is_empty() {
                    return Err(WriteError::NoSuchRecord { record: id });
                }
                let overdrafts = overdraft(view, &id);
                for (part, finding) in (0..=u8::MAX).zip(found.iter().chain(&overdrafts)) {
                    if is_refused(finding, manner) {
                        return Err(refused(view, finding, part));
                    }
                }
                findings.extend(found);
            }
            further(view)
        };
        let at = self.append_foreseen(goal, &records, now, &mut judge)?;
        let cite = |(index, record): (u8, &Record)| {
            let until = record.until;
            Citation { log: at.log, seq: at.seq, record: RecordId { entry: at.id, index }, until }
        };
        let mut cited = (0..=u8::MAX).zip(&records).map(cite);
        let citation = cited.next().ok_or(Refusal::from(Reason::RecordCount))?;
        let further = cited.collect();
        Ok(Written { at, citation, further, findings })
    }
}

/// The receiver's word that a give is back.
struct Word {
    embedded: Embedded,
    /// The release, when it ends the claim and states nothing of the give.
    release: Option<RecordId>,
}

/// The parts of a give by the records in which they stand: each pool part after the first, and to a claim each, has
/// a record of its own, so that what is unused of it can be stated `[WRITE-6]`.
fn by_record(parts: Vec<(u8, Footprint)>, to_claim: bool) -> Vec<Vec<(u8, Footprint)>> {
    let (pools, mut first): (Vec<_>, Vec<_>) =
        parts.into_iter().partition(|(_, part)| part.measure == Measure::Pool);
    let mut pools = pools.into_iter();
    if !to_claim {
        first.extend(pools.next());
    }
    let records = std::iter::once(first).chain(pools.map(|part| vec![part]));
    records.filter(|parts| !parts.is_empty()).collect()
}

/// What a record took of a pool for a claim: the claim itself by an own draw, or a give to it.
fn pool_taken(view: &View, claim: &RecordId, record: &RecordId) -> Result<u64, WriteError> {
    let none = WriteError::NoPool { record: *record };
    if record != claim && view.given_to(record).is_none_or(|to| to != *claim) {
        return Err(none);
    }
    // The first part that draws on a pool is the one that the statement frees `[ORDER-3]`.
    let pool = |part: &&Footprint| part.measure == Measure::Pool && part.right.is_some();
    view.footprints(record).iter().find(pool).map(|part| part.amount).ok_or(none)
}

/// Each part must have the measure of its resource's declaration `[WRITE-7]`.
fn measured(view: &View, parts: &[Footprint]) -> Result<(), WriteError> {
    for part in parts {
        if let Some(declared) = view.declared(part.resource).map(|found| found.measure)
            && declared != part.measure
        {
            let (resource, stated) = (part.resource, part.measure);
            return Err(WriteError::OtherMeasure { resource, declared, stated });
        }
    }
    Ok(())
}

/// Why a record is refused, with what is in its way when its right does not bear it.
fn refused(view: &View, finding: &Finding, part: u8) -> WriteError {
    let Because::Overdraws { right } = &finding.because else { return foreseen(finding.clone()) };
    let of_return = || view.outstanding_of(right);
    let by = view.taken_beside(&finding.record, part);
    let by = if by.is_empty() { of_return() } else { by };
    let by: Vec<RecordId> = by.into_iter().filter(|record| *record != finding.record).collect();
    let finding = Box::new(finding.clone());
    if by.is_empty() { WriteError::Foreseen { finding } } else { WriteError::Taken { finding, by } }
}

/// What a return overdraws is told among the exceptions alone.
fn overdraft(view: &View, record: &RecordId) -> Vec<Finding> {
    let told = view.exceptions_of(record).into_iter();
    told.filter_map(|exception| match exception {
        Exception::Overdrawn(concern) => Some(concern.finding),
        _ => None,
    })
    .collect()
}

/// What denies a claim itself, or shows that its holder has left it. What denies another give to it says nothing of
/// a new one `[RULE-4]`.
fn own_denial(view: &View, claim: &RecordId, alternative: u8, lease: &Lease) -> Option<Finding> {
    // Whatever else is said of it, and whether its holder or a giver shows the release.
    if let Some(by) = view.released_by(claim, alternative) {
        return Some(Finding::of(*claim, Because::Released { by }));
    }
    // Nor is anything given where its holder may have left.
    if let Because::Missing(Missing::Ending(_)) = lease.finding.because {
        return Some(lease.finding.clone());
    }
    let of_give = match lease.finding.standing {
        Standing::Overdrawn => true,
        // A part that the claim draws itself is revoked with it.
        Standing::Revoked => {
            lease.finding.record != *claim
                && lease.footprints.iter().any(|covered| covered.finding == lease.finding)
        }
        _ => false,
    };
    (lease.finding.standing.is_denial() && !of_give).then(|| lease.finding.clone())
}

fn foreseen(finding: Finding) -> WriteError {
    WriteError::Foreseen { finding: Box::new(finding) }
}

/// Whether a record of which this would be said is not written `[WRITE-1]`, `[WRITE-4]`.
fn is_refused(finding: &Finding, manner: Manner) -> bool {
    match finding.standing {
        Standing::Void | Standing::Revoked | Standing::Ended | Standing::Overdrawn => true,
        Standing::Displaced | Standing::AtRisk => manner == Manner::Civil,
        Standing::Unknown => matches!(
            finding.because,
            Because::Missing(
                Missing::Record(_)
                    | Missing::Release(_)
                    | Missing::Declaration(_)
                    | Missing::Meaning
                    | Missing::NotHeld(_)
            )
        ),
        Standing::Asked | Standing::Provisional | Standing::Firm => false,
    }
}

/// Whether parts of this kind can be drawn on a right at all.
fn bears(right: &RightView, footprint: &Footprint) -> bool {
    let (held, wanted) = (&right.footprint, footprint);
    let known = right.finding.standing <= Standing::AtRisk
        || matches!(right.finding.because, Because::Missing(Missing::Endorsements { .. }));
    known && held.resource == wanted.resource && held.measure == wanted.measure
}

fn contains(right: &RightView, footprint: &Footprint) -> bool {
    right.footprint.window.contains(&footprint.window)
}

/// The ways in which the rights of one log can bear a footprint: whole out of one, or in pieces out of several
/// that follow each other.
fn options(view: &View, rights: &[RightView], footprint: &Footprint) -> Vec<Vec<Footprint>> {
    let mut bearing: Vec<&RightView> = rights.iter().filter(|right| bears(right, footprint)).collect();
    bearing.sort_by_key(|right| (right.footprint.window, right.finding.standing, right.record));
    let mut bare = footprint.clone();
    bare.right = None;
    let piece = |right: &RightView, window: Window| {
        let mut piece = bare.clone();
        piece.window = window;
        Some(piece.from_right(view.cite(&right.record)?))
    };
    let whole = bearing.iter().filter(|right| contains(right, footprint));
    let mut found: Vec<Vec<Footprint>> =
        whole.filter_map(|right| Some(vec![piece(right, footprint.window)?])).collect();
    if found.is_empty() {
        let (mut at, end, mut pieces) = (footprint.window.start(), footprint.window.end(), Vec::new());
        while at < end {
            let reaching = bearing
                .iter()
                .filter(|right| right.footprint.window.start() <= at && at < right.footprint.window.end());
            let Some(right) = reaching.max_by_key(|right| right.footprint.window.end()) else { break };
            let to = right.footprint.window.end().min(end);
            let Some(part) = Window::new(at, to).ok().and_then(|window| piece(right, window)) else { break };
            pieces.push(part);
            at = to;
        }
        if at >= end {
            found.push(pieces);
        }
    }
    found
}
