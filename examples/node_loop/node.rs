//! The node: absorbs, asks "may I?" ten times a second, and acts only on `Go`.

use crate::mailbox::Mailbox;
use crate::place::{CUSTODIAN, NODE, NodeError, Place, gantry};
use crate::{Options, Teller};
use intent_ledger::contracts::kinds::{Act, Advert, Body as _, Commitment};
use intent_ledger::contracts::{
    Clock, Footprint, Lane, LogId, Measure, Millis, RecordId, ResourcePath, Window,
};
use intent_ledger::merge_rules::{Hold, MayAct, Standing, View};
use intent_ledger::{Ledger, RedbStore, Viewpoint, Wish, Written};
use serde_json::json;
use std::collections::BTreeSet;
use std::thread::sleep;
use std::time::Duration;

/// Ten times a second.
const TICK: Millis = Millis(100);
/// How long the machine needs to stop: longer than the gantry asks for.
const STOPPING: Millis = Millis(250);
/// How long a lease it asks for, and how far ahead it plans.
const LEASE: Millis = Millis::HOUR;
const PLAN: Millis = Millis(6 * Millis::HOUR.0);

struct Node<'a> {
    place: &'a Place,
    ledger: Ledger<RedbStore>,
    mailbox: Mailbox,
    introduced: bool,
    acts: u64,
    /// The last answer, so that only changes are told.
    said: Option<String>,
}

/// Runs the node: until its acts are done, its time is over, or somebody stops it.
pub(crate) fn live(place: &Place, options: &Options, teller: &mut Teller) -> Result<(), NodeError> {
    let ledger = place.open(NODE)?;
    let mailbox = Mailbox::between(place, NODE, CUSTODIAN);
    let mut node = Node { place, ledger, mailbox, introduced: false, acts: 0, said: None };
    node.tell_opening(teller);
    let end = options.seconds.map(|seconds| place.now().lo().0.saturating_add(seconds * 1_000));
    loop {
        node.mailbox.fetch(&mut node.ledger, place, teller)?;
        let pause = if node.is_enrolled() { node.turn(teller)? } else { TICK };
        node.mailbox.post(&mut node.ledger)?;
        if options.acts.is_some_and(|acts| node.acts >= acts) {
            return node.finish(teller);
        }
        if end.is_some_and(|end| place.now().lo().0 >= end) {
            return Ok(());
        }
        sleep(Duration::from_millis(pause.0));
    }
}

impl Node<'_> {
    fn tell_opening(&self, teller: &mut Teller) {
        let own = self.own_logs();
        let writing: Vec<String> = self.ledger.writing().map(|log| log.to_string()).collect();
        let says = match (own.is_empty(), writing.is_empty()) {
            (true, _) => "a new store: nothing is written yet".to_owned(),
            (_, false) => format!("continuity is proven: the node goes on in log {}", writing.join(", ")),
            _ => "no proof of continuity: this is an older copy of the store, so the node starts a new \
                  incarnation [INC-1]"
                .to_owned(),
        };
        let facts = json!({ "generation": self.ledger.generation().to_string(), "writing": writing });
        teller.tell("opened", &says, &facts);
    }

    fn own_logs(&self) -> BTreeSet<LogId> {
        let author = self.ledger.author();
        self.ledger.logs().filter(|log| log.key.author == author).map(|log| log.id).collect()
    }

    fn is_enrolled(&self) -> bool {
        let author = self.ledger.author();
        let mut known = self.ledger.enrolments().filter_map(|record| self.ledger.enrolment(&record));
        known.any(|enrolled| enrolled.key == author)
    }

    /// One turn; tells how long to sleep after it.
    fn turn(&mut self, teller: &mut Teller) -> Result<Millis, NodeError> {
        let now = self.place.now();
        if !self.introduced {
            self.introduce(now)?;
            self.introduced = true;
        }
        let view = self.ledger.view(Viewpoint::Own)?;
        let Some((claim, alternative)) = self.current(&view, now) else {
            self.tell_lost(&view, now, teller)?;
            self.request(&view, now, teller)?;
            return Ok(TICK);
        };
        match self.ledger.may_act(&claim, alternative, now, STOPPING)? {
            MayAct::Go { valid_until, information_age } => {
                self.acts += 1;
                let left = valid_until.since(now.hi()).0 / 1_000;
                let says = format!(
                    "move {} of the gantry; this holds for {left} s more, on news of an age of {information_age}",
                    self.acts
                );
                let facts = json!({ "claim": claim.to_string(), "log": self.log_of(&view, &claim) });
                teller.tell("act", &says, &facts);
                self.said = None;
                Ok(TICK)
            }
            MayAct::AtRisk(finding) => {
                self.say("hold", &finding.to_string(), finding.clause(), teller);
                Ok(TICK)
            }
            MayAct::Hold(hold) => {
                self.say("hold", &hold.to_string(), hold.clause(), teller);
                // Nothing changes by time alone before the next deadline; the inbox is looked at meanwhile.
                let wake = self.ledger.next_deadline(now)?.since(now.lo());
                Ok(wake.clamp(TICK, Millis(500)))
            }
        }
    }

    fn say(&mut self, event: &str, says: &str, clause: &str, teller: &mut Teller) {
        if self.said.as_deref() != Some(says) {
            teller.tell(event, says, &json!({ "clause": clause }));
            self.said = Some(says.to_owned());
        }
    }

    /// What it can do and what it asks for: plain intents, written on each start.
    fn introduce(&mut self, now: Clock) -> Result<(), NodeError> {
        let until = now.hi().plus(Millis::days(2));
        let name = ResourcePath::parse("move/gantry")?;
        let can = Advert::offer(name, 1).record(until, Vec::new())?;
        let own = self.ledger.append(Lane::Productivity, &[can], now)?.log;
        let text = "pallets to bay 4".to_owned();
        let call = Commitment { text, ..Commitment::new(Act::Call, own, until) };
        self.ledger.append(Lane::Productivity, &[call.record(until, Vec::new())?], now)?;
        Ok(())
    }

    /// The claim under which it works, and the alternative that stands best.
    fn current(&self, view: &View, now: Clock) -> Option<(RecordId, u8)> {
        let writing: BTreeSet<LogId> = self.ledger.writing().collect();
        let mut found = self.living(view, &writing, now);
        found.sort();
        let claim = *found.last().map(|(_, claim)| claim)?;
        Some((claim, view.claim(&claim)?.best()?.0))
    }

    /// Claims of these logs that are not denied and not over, with the ends of their windows.
    fn living(
        &self,
        view: &View,
        logs: &BTreeSet<LogId>,
        now: Clock,
    ) -> Vec<(intent_ledger::contracts::Tai, RecordId)> {
        let of = |claim: RecordId| {
            let found = view.claim(&claim).filter(|found| logs.contains(&found.log))?;
            let (_, lease) = found.best()?;
            let end = lease.footprints.iter().map(|covered| covered.footprint.window.end()).max()?;
            let living = !lease.finding.standing.is_denial() && now.lo() < end;
            living.then_some((end, claim))
        };
        view.claims().filter_map(of).collect()
    }

    /// Tells of each own claim that an older incarnation held why it is none any more.
    fn tell_lost(&mut self, view: &View, now: Clock, teller: &mut Teller) -> Result<(), NodeError> {
        for (_, claim) in self.living(view, &self.own_logs(), now) {
            if let MayAct::Hold(hold @ Hold::NotWriting(_)) = self.ledger.may_act(&claim, 0, now, STOPPING)? {
                let facts = json!({ "claim": claim.to_string(), "clause": hold.clause() });
                teller.tell("lost", &format!("claim {claim} gives no right any more {hold}"), &facts);
            }
        }
        Ok(())
    }

    /// Asks for the gantry from now on, or for the first window in which it is free.
    fn request(&mut self, view: &View, now: Clock, teller: &mut Teller) -> Result<(), NodeError> {
        let part = |window| -> Result<Vec<Footprint>, NodeError> {
            Ok(vec![Footprint::open(gantry()?.id(), Measure::Exclusive, window, 1)])
        };
        let soon = Window::new(now.hi(), now.hi().plus(LEASE))?;
        let ahead = Window::new(now.hi(), now.hi().plus(PLAN))?;
        let free = view.first_free(gantry()?.id(), ahead, LEASE, now);
        let mut wish = Wish::of(part(soon)?.remove(0));
        wish.stopping = STOPPING;
        wish.alternatives.extend(free.filter(|free| free.start() > soon.start()).map(part).transpose()?);
        let written: Written = self.ledger.claim(&wish, now)?;
        let windows: Vec<(u64, u64)> = wish
            .alternatives
            .iter()
            .flatten()
            .map(|part| (part.window.start().0, part.window.end().0))
            .collect();
        let says = format!("claim {}: {} alternatives", written.record(), windows.len());
        let facts = json!({
            "claim": written.record().to_string(),
            "log": written.at.log.to_string(),
            "windows": windows,
        });
        teller.tell("asked", &says, &facts);
        debug_assert!(written.findings.iter().all(|finding| finding.standing == Standing::Asked));
        Ok(())
    }

    fn log_of(&self, view: &View, claim: &RecordId) -> String {
        view.claim(claim).map_or(String::new(), |found| found.log.to_string())
    }

    /// The machine rests; its lease is released.
    fn finish(&mut self, teller: &mut Teller) -> Result<(), NodeError> {
        let now = self.place.now();
        let view = self.ledger.view(Viewpoint::Own)?;
        if let Some((claim, _)) = self.current(&view, now) {
            self.ledger.release(&claim, &[], now)?;
            self.mailbox.post(&mut self.ledger)?;
            let facts = json!({ "claim": claim.to_string() });
            teller.tell("released", &format!("the machine rests; claim {claim} is released"), &facts);
        }
        Ok(())
    }
}
