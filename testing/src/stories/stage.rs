//! The cast of all stories, and what each of their verbs writes.

use super::Question;
use crate::oracle::histories::{
    LAST_DAY, charter, charter_with_votes, declarations, hour, hours, resource_id, resources,
};
use crate::oracle::pen::Pen;
use crate::world::{WorldItem, day, key};
use intent_contracts::kinds::notice::{
    Fact, FactValue, Restriction, RestrictionEffect, Revocation, Trip, Vote, WindowVote, encode,
};
use intent_contracts::kinds::{
    Body as _, Claim, Closing, CoSignature, Commitment, Cut, Enrol, Give, GivingBack, Lineage, Needs, Over,
    POST, RELEASE, RETURN, Receiver, Reclaim, Resource, Roles, Rotation,
};
use intent_contracts::{
    BoxSpan, Citation, Effect, EntryId, Footprint, IntBox, Label, Lane, LedgerId, Millis, NoticeId, Record,
    RecordId, ResourcePath, Scope, Signer as _, Tai, Window,
};
use std::collections::BTreeMap;

const END: Tai = day(LAST_DAY);

/// What a name stands for.
#[derive(Debug, Clone, Copy)]
pub enum Named {
    /// A record, and the place of its log.
    Record(Citation, usize),
    /// A notice.
    Notice(NoticeId),
}

/// Who takes part, and what they wrote.
pub struct Stage {
    /// Signs for all of them.
    pub pen: Pen,
    /// How many items stand before the story begins.
    pub founding: usize,
    /// What was named, in the order in which it was.
    pub names: Vec<(String, Named)>,
    logs: BTreeMap<String, usize>,
    /// For each log the enrolment under which it is.
    enrolments: BTreeMap<String, RecordId>,
}

impl Stage {
    /// A stage with so many roots, a region and, below a single root, two nodes.
    pub(super) fn of(roots: usize, votes: bool) -> Self {
        let charter = if votes { charter_with_votes(roots) } else { charter(roots) };
        let mut pen = Pen::new(charter, hour(0));
        let mut stage = (BTreeMap::new(), BTreeMap::new(), Vec::new());
        let (logs, enrolments, names) = &mut stage;
        let mut open = |pen: &mut Pen, name: &str, signer, enrolment, lane, incarnation| {
            let log = pen.open(signer, enrolment, lane, END, incarnation);
            logs.insert(name.to_owned(), log);
            enrolments.insert(name.to_owned(), enrolment);
            log
        };
        let productive = Lane::Productivity;
        let rooted = pen.root(0);
        let root_safety = open(&mut pen, "root-safety", 0, rooted, Lane::Safety, 0);
        open(&mut pen, "root", 0, rooted, productive, 1);
        for number in 1..u8::try_from(roots).unwrap_or(0) {
            let enrolment = pen.root(number);
            open(&mut pen, &format!("root-{number}"), number.into(), enrolment, productive, 1);
        }
        let mut records = declarations(END);
        records.push(enrol(4, Roles::ALL.with_class(5), "a", 1, Vec::new()));
        let region = pen.write(root_safety, &records)[4];
        names.push(("the region".to_owned(), Named::Record(region, root_safety)));
        let safety = open(&mut pen, "safety", 4, region.record, Lane::Safety, 2);
        open(&mut pen, "region", 4, region.record, productive, 3);
        if roots == 1 {
            let low = Roles::ACT.with(Roles::GIVE).with_class(3);
            let enrols = [enrol(6, low, "a/b", 1, Vec::new()), enrol(8, low, "a/b", 2, Vec::new())];
            let nodes = pen.write(safety, &enrols);
            for (number, (name, node)) in (4..).zip([("node", nodes[0]), ("rival", nodes[1])]) {
                names.push((format!("the {name}"), Named::Record(node, safety)));
                let signer = if name == "node" { 6 } else { 8 };
                open(&mut pen, name, signer, node.record, productive, number);
                open(&mut pen, &format!("{name}-next"), signer + 1, node.record, productive, number);
                open(&mut pen, &format!("{name}-safety"), signer, node.record, Lane::Safety, number);
            }
            for (number, name) in [(10, "node-third"), (11, "node-fourth")] {
                open(&mut pen, name, 6, nodes[0].record, productive, number);
            }
        }
        let (logs, enrolments, names) = stage;
        let founding = pen.items.len();
        Self { pen, founding, names, logs, enrolments }
    }

    /// The items of the story itself.
    #[must_use]
    pub fn items(&self) -> &[WorldItem] {
        &self.pen.items[self.founding..]
    }

    /// The names of the logs.
    pub fn logs(&self) -> impl Iterator<Item = (&str, usize)> {
        self.logs.iter().map(|(name, log)| (name.as_str(), *log))
    }

    /// The place of a log.
    #[must_use]
    pub fn log(&self, name: &str) -> Option<usize> {
        self.logs.get(name).copied()
    }

    /// What a name stands for.
    #[must_use]
    pub fn named(&self, name: &str) -> Option<Named> {
        self.names.iter().rev().find(|(known, _)| known == name).map(|(_, named)| *named)
    }

    /// Takes in one line.
    pub(super) fn read(&mut self, words: &[&str], questions: &mut Vec<Question>) -> Result<(), String> {
        let place = |word: &str| words.iter().position(|found| *found == word);
        match *words {
            ["roots", ..] => {}
            ["clock", at] => self.pen.now = hour(number(at)?),
            ["may", claim, .., at] => {
                let alternative = place("alternative").and_then(|place| words.get(place + 1));
                let alternative = alternative.map_or(Ok(0), |word| number(word))?;
                let by = place("by").and_then(|place| words.get(place + 1)).map(|by| (*by).to_owned());
                if by.as_ref().is_some_and(|by| !self.logs.contains_key(by)) {
                    return Err("who asks?".to_owned());
                }
                questions.push(Question::May { claim: claim.to_owned(), alternative, by, at: moment(at)? });
            }
            ["free", resource, window, "at", at] => {
                let (resource, window) = (resource_id(&which(resource)?), span(window)?);
                questions.push(Question::Free { resource, window, at: moment(at)? });
            }
            ["forget", "to", at] => questions.push(Question::Forget { to: day(number(at)?) }),
            ["seen", "from", scope] => {
                questions.push(Question::Seen { from: Scope::parse(scope).map_err(|why| why.to_string())? });
            }
            [who, "beside", below, ref rest @ ..] => self.write(who, Some(number(below)?), rest)?,
            [who, ref rest @ ..] => self.write(who, None, rest)?,
            [] => {}
        }
        Ok(())
    }

    fn write(&mut self, who: &str, below: Option<usize>, words: &[&str]) -> Result<(), String> {
        let mut words = Words::of(words);
        let name = words.one("as")?;
        let until = words.one("until")?.map_or(Ok(END), |word| match word.contains(':') {
            true => moment(&word),
            false => number(&word).map(day),
        })?;
        let log = *self.logs.get(who).ok_or_else(|| format!("there is no log {who}"))?;
        let verb = words.verb.clone();
        let record = match verb.as_str() {
            "gives" => self.give(&mut words, until)?,
            "claims" => self.claim(&mut words, until)?,
            "releases" => self.back(RELEASE, &mut words, until)?,
            "posts" => self.back(POST, &mut words, until)?,
            "returns" => self.back(RETURN, &mut words, until)?,
            "reclaims" => self.reclaim(&mut words, until)?,
            "rotates" => {
                let cuts = self.cuts(&mut words)?;
                Rotation { cuts }.record(until, Vec::new()).map_err(|refusal| refusal.to_string())?
            }
            "closes" => {
                let trips = words.plain.iter().map(|name| self.notice(name)).collect::<Result<_, _>>()?;
                Closing::of(trips).record(until, Vec::new()).map_err(|refusal| refusal.to_string())?
            }
            "enrols" => self.enrol(&mut words, until)?,
            "cosigns" => {
                let [whom] = &words.plain[..] else { return Err("one is co-signed".to_owned()) };
                let body = CoSignature { enrolment: self.cited(whom)?.0 };
                body.record(until, Vec::new()).map_err(|refusal| refusal.to_string())?
            }
            "opaque" | "broken" => {
                let parts = match words.plain.is_empty() {
                    true => Vec::new(),
                    false => self.parts(&words.plain)?.into_iter().map(|(_, part)| part).collect(),
                };
                let told = words.one("effect")?.unwrap_or_else(|| "takes".to_owned());
                let (critical, effect) = match told.strip_prefix("critical-") {
                    Some(effect) => (true, effect),
                    None => (false, told.as_str()),
                };
                let (effect, known) = match effect {
                    "takes" => (Effect::Takes, Claim::KIND),
                    "frees" => (Effect::Frees, RELEASE),
                    "none" => (Effect::None, Commitment::KIND),
                    other => return Err(format!("there is no effect {other}")),
                };
                // Of a known kind that has this effect, or of one that nobody knows.
                let kind = if verb == "broken" { known } else { 1_000 };
                let record = Record::new(kind, until, Vec::new()).with_footprints(effect, parts);
                let mut record = record.map_err(|refusal| refusal.to_string())?;
                record.critical = critical;
                record
            }
            "declares" => {
                let [resource] = &words.plain[..] else { return Err("one resource is declared".to_owned()) };
                which(resource)?.record(until, Vec::new()).map_err(|refusal| refusal.to_string())?
            }
            "revokes" | "endorses" | "trips" | "votes" | "restricts" => {
                let notice = self.notify(who, &verb, &mut words, until)?;
                self.names.extend(name.map(|name| (name, Named::Notice(notice))));
                return words.are_used();
            }
            other => return Err(format!("nobody knows how to {other}")),
        };
        let lane = match words.one("lane")?.as_deref() {
            None => Lane::Productivity,
            Some("safety") => Lane::Safety,
            Some(other) => return Err(format!("there is no lane {other}")),
        };
        words.are_used()?;
        let cited = match below {
            Some(below) => self.pen.write_beside(log, below, &[record])[0],
            None => self.pen.write(log, &[record])[0],
        };
        if verb == "enrols" {
            self.open_enrolled(&words, name.as_deref(), cited, lane);
        }
        self.names.extend(name.map(|name| (name, Named::Record(cited, log))));
        Ok(())
    }

    fn cited(&self, name: &str) -> Result<(Citation, usize), String> {
        match self.named(name) {
            Some(Named::Record(citation, log)) => Ok((citation, log)),
            _ => Err(format!("no record is named {name}")),
        }
    }

    fn notice(&self, name: &str) -> Result<NoticeId, String> {
        match self.named(name) {
            Some(Named::Notice(notice)) => Ok(notice),
            _ => Err(format!("no notice is named {name}")),
        }
    }

    fn give(&self, words: &mut Words, until: Tai) -> Result<Record, String> {
        let alternative = words.one("alternative")?.map_or(Ok(0), |word| number(&word))?;
        let (to, parts) = words.plain.split_first().ok_or("to whom?")?;
        let to = to.strip_suffix(':').ok_or("a colon parts the receiver from the parts")?;
        let (places, parts): (Vec<_>, Vec<_>) = self.parts(parts)?.into_iter().unzip();
        let (to, parts_named) = match self.logs.get(to) {
            Some(log) => (Receiver::Log(self.pen.logs[*log].id), Vec::new()),
            None => (Receiver::Claim { claim: self.cited(to)?.0, alternative }, places),
        };
        let body = Give { to, parts: parts_named };
        body.record(until, parts).map_err(|refusal| refusal.to_string())
    }

    fn claim(&self, words: &mut Words, until: Tai) -> Result<Record, String> {
        let class = words.one("class")?.map_or(Ok(1), |word| number(&word))?;
        let alternatives = words.many("alternatives");
        let over = words.many("over");
        let parts: Vec<Footprint> =
            self.parts(&words.plain)?.into_iter().map(|(_, footprint)| footprint).collect();
        let count = u8::try_from(parts.len()).unwrap_or(u8::MAX);
        let list = |word: &String| word.split('+').map(number).collect::<Result<Vec<u8>, String>>();
        let alternatives = match alternatives.is_empty() {
            true => vec![(0..count).collect()],
            false => alternatives.iter().map(list).collect::<Result<_, _>>()?,
        };
        let mut ended = Vec::new();
        for pair in over.chunks(3) {
            let [claim, by, evidence] = pair else { return Err("over CLAIM by EVIDENCE".to_owned()) };
            if by != "by" {
                return Err("over CLAIM by EVIDENCE".to_owned());
            }
            let claim = self.cited(claim)?.0;
            ended.push(match self.named(evidence).ok_or("by what?")? {
                Named::Record(record, log) => {
                    let release = self.pen.embed(log, record.seq, record.record.index);
                    Over { claim, release, revocation: None }
                }
                Named::Notice(notice) => Over { claim, release: None, revocation: Some(notice) },
            });
        }
        let least = words.one("least")?.map_or(Ok(hour(0)), |word| moment(&word))?.since(hour(0));
        let rule_set = words.one("rules")?.map_or(Ok(1), |word| number(&word))?;
        let ideal = Millis::HOUR;
        let body = Claim { class, least, ideal, rule_set, over: ended, ..Claim::new(alternatives) };
        body.record(until, parts).map_err(|refusal| refusal.to_string())
    }

    fn back(&self, kind: u64, words: &mut Words, until: Tai) -> Result<Record, String> {
        let unused = words.many("unused");
        let alternatives = words.many("alternatives");
        let gives: Vec<Citation> =
            words.plain.iter().map(|name| Ok(self.cited(name)?.0)).collect::<Result<_, String>>()?;
        let mut unused = unused.iter().map(|word| number(word)).collect::<Result<Vec<u64>, _>>()?;
        unused.resize(gives.len(), 0);
        let alternatives = alternatives.iter().map(|word| number(word)).collect::<Result<Vec<u8>, _>>()?;
        let body = GivingBack { gives, alternatives, unused };
        body.record_of(kind, until, Vec::new()).map_err(|refusal| refusal.to_string())
    }

    fn reclaim(&self, words: &mut Words, until: Tai) -> Result<Record, String> {
        let proof = match words.one("by")? {
            Some(name) => {
                let (record, log) = self.cited(&name)?;
                self.pen.embed(log, record.seq, record.record.index)
            }
            None => None,
        };
        let [give] = &words.plain[..] else { return Err("one give is reclaimed".to_owned()) };
        let body = Reclaim { give: self.cited(give)?.0, proof };
        body.record(until, Vec::new()).map_err(|refusal| refusal.to_string())
    }

    fn cuts(&self, words: &mut Words) -> Result<Vec<Cut>, String> {
        let words = words.many("cutting");
        let cut = |pair: &[String]| {
            let [log, seq] = pair else { return Err("cutting LOG SLOT".to_owned()) };
            let log = &self.pen.logs[*self.logs.get(log).ok_or("which log is cut?")?];
            let seq: u64 = number(seq)?;
            let at = usize::try_from(seq).unwrap_or(0).checked_sub(1).and_then(|slot| log.entries.get(slot));
            let id = at.map_or(EntryId::from_bytes([0; 32]), intent_contracts::SignedEntry::id);
            Ok(Cut { log: log.id, seq, id })
        };
        words.chunks(2).map(cut).collect()
    }

    fn enrol(&self, words: &mut Words, until: Tai) -> Result<Record, String> {
        let class = words.one("class")?.map_or(Ok(3), |word| number(&word))?;
        let answers = words.many("answering");
        let answers = answers.iter().map(|name| self.notice(name)).collect::<Result<Vec<_>, _>>()?;
        let [signer] = &words.plain[..] else { return Err("one key is enrolled".to_owned()) };
        let signer: u8 = number(signer)?;
        let roles = match words.one("roles")? {
            None => Roles::ACT.with(Roles::GIVE),
            Some(list) => roles(&list)?,
        };
        let roles = roles.with_class(class);
        let mut body = enrolling(signer.into(), roles, "a/b", signer.into(), answers);
        if let Some(scope) = words.one("scope")? {
            body.scope = scope_of(&scope)?;
        }
        let needs = words.many("needs");
        if let Some((least, of)) = needs.split_first() {
            let cite = |name: &String| self.cited(name).or_else(|_| self.cited(&format!("the {name}")));
            let of = of.iter().map(|name| Ok(cite(name)?.0)).collect::<Result<_, String>>()?;
            body.needs = Some(Needs { least: number(least)?, of });
        }
        if let Some(anchor) = words.one("anchor")? {
            body.anchor = Some(*self.enrolments.get(&anchor).ok_or("who is the anchor?")?);
        }
        body.record(until, Vec::new()).map_err(|refusal| refusal.to_string())
    }

    /// The log of whoever was just enrolled.
    fn open_enrolled(&mut self, words: &Words, name: Option<&str>, cited: Citation, lane: Lane) {
        let signer = words.plain.first().and_then(|word| word.parse().ok());
        if let (Some(name), Some(signer)) = (name, signer) {
            let log = self.pen.open(signer, cited.record, lane, cited.until, 9);
            self.logs.insert(name.to_owned(), log);
            self.enrolments.insert(name.to_owned(), cited.record);
        }
    }

    /// The scope of who is named.
    fn scope_of(&self, who: &str) -> Scope {
        let enrolment = self.enrolments.get(who);
        let entries = self.pen.logs.iter().flat_map(|log| &log.entries);
        let record = entries.into_iter().find_map(|entry| {
            let found = enrolment.filter(|found| found.entry == entry.id())?;
            entry.records().get(usize::from(found.index))
        });
        let body = record.and_then(|record| Enrol::read(&record.body).ok());
        body.map_or_else(Scope::root, |reading| reading.body.scope)
    }

    fn notify(&mut self, who: &str, verb: &str, words: &mut Words, until: Tai) -> Result<NoticeId, String> {
        let enrolment = *self.enrolments.get(who).ok_or("who says so?")?;
        let signer = self.pen.logs[self.logs[who]].signer;
        if verb == "trips" {
            let [tripped, from, other] = &words.plain[..] else { return Err("SCOPE from SCOPE".to_owned()) };
            if from != "from" {
                return Err("SCOPE from SCOPE".to_owned());
            }
            let (tripped, other) = (scope_of(tripped)?, scope_of(other)?);
            return Ok(self.pen.notify(signer, enrolment, &tripped, until, &Trip { other }));
        }
        if verb == "votes" {
            let vote = self.vote(words)?;
            return Ok(self.pen.notify(signer, enrolment, &Scope::root(), until, &vote));
        }
        if verb == "restricts" {
            return self.restrict((signer, enrolment), words, until);
        }
        let cuts = self.cuts(words)?;
        let [whom] = &words.plain[..] else { return Err(format!("one is {verb}")) };
        if verb == "endorses" {
            let whom = if whom == "region" { "the region" } else { whom };
            let record = self.cited(whom)?.0;
            let number = u8::try_from(signer).map_err(|_| "only roots endorse")?;
            return Ok(self.pen.endorse(number, record));
        }
        let key = key(self.pen.logs[*self.logs.get(whom).ok_or("who is revoked?")?].signer).author();
        let scope = self.scope_of(who);
        Ok(self.pen.notify(signer, enrolment, &scope, until, &Revocation { key, cuts }))
    }

    /// `1-2 for LOG`, or `successor N`.
    fn vote(&self, words: &Words) -> Result<Vote, String> {
        match &words.plain[..] {
            [heir, id] if heir == "successor" => Ok(Vote::Successor(LedgerId::from_bytes([number(id)?; 32]))),
            [windows, with, log] if with == "for" => {
                let (first, last) = windows.split_once('-').ok_or("FIRST-LAST for LOG")?;
                let log = *self.logs.get(log).ok_or("for which log?")?;
                let holder = self.pen.logs[log].key;
                let (first, last) = (number(first)?, number(last)?);
                Ok(Vote::Window(WindowVote { give: 0, first, last, holder }))
            }
            _ => Err("FIRST-LAST for LOG, or successor N".to_owned()),
        }
    }

    /// A notice that this version cannot read whole: `SCOPE`, with `kind`, `fact`, `under` and `across`.
    fn restrict(
        &mut self,
        author: (usize, RecordId),
        words: &mut Words,
        until: Tai,
    ) -> Result<NoticeId, String> {
        let mut facts = Vec::new();
        if let Some(fact) = words.one("fact")? {
            facts.push(Fact { number: number(&fact)?, value: FactValue::Null });
        }
        if let Some(whom) = words.one("under")? {
            let entry = self.enrolments.get(&whom).ok_or("under whom?")?.entry;
            let value = FactValue::Bytes(entry.as_bytes()[..16].to_vec());
            facts.push(Fact { number: Fact::ENROLMENT, value });
        }
        if let Some(scope) = words.one("across")? {
            facts.push(Fact { number: Fact::OTHER, value: FactValue::of_scope(&scope_of(&scope)?) });
        }
        let kind = words.one("kind")?.map_or(Ok(Restriction::KIND), |word| number(&word))?;
        let body = Restriction { facts, effect: RestrictionEffect(40), since: None, above: false };
        let body = encode(&body).map_err(|refusal| refusal.to_string())?;
        let [scope] = &words.plain[..] else { return Err("one scope is restricted".to_owned()) };
        Ok(self.pen.notify_raw(author, &scope_of(scope)?, until, (kind, body)))
    }

    /// Footprints, and the place that each is for.
    fn parts(&self, words: &[String]) -> Result<Vec<(u8, Footprint)>, String> {
        let parts = words.split(|word| word == ";").zip(0u8..);
        parts.map(|(words, at)| self.part(words, at)).collect()
    }

    fn part(&self, words: &[String], at: u8) -> Result<(u8, Footprint), String> {
        let [resource, window, rest @ ..] = words else {
            return Err("a part is RESOURCE START-END".to_owned());
        };
        let resource = which(resource)?;
        let mut place = at;
        let mut footprint = Footprint::open(resource_id(&resource), resource.measure, span(window)?, 1);
        let mut rest = rest.iter();
        while let Some(word) = rest.next() {
            if let Some(amount) = word.strip_prefix('x') {
                footprint.amount = number(amount)?;
                continue;
            }
            let value = rest.next().ok_or_else(|| format!("{word} what?"))?;
            footprint = match word.as_str() {
                "cells" => {
                    let (start, end) = value.split_once('-').ok_or("cells START-END")?;
                    let cells = BoxSpan::new(number(start)?, number(end)?).map_err(|why| why.to_string())?;
                    let boxed = IntBox::try_from(vec![cells]).map_err(|why| why.to_string())?;
                    footprint.within(vec![boxed]).map_err(|why| why.to_string())?
                }
                "of" => footprint.from_right(self.right(value, &resource)?),
                "amiss" => {
                    let right = self.right(value, &resource)?;
                    footprint.from_right(Citation { seq: right.seq + 1, ..right })
                }
                "for" => {
                    place = number(value)?;
                    footprint
                }
                other => return Err(format!("what is {other}?")),
            };
        }
        Ok((place, footprint))
    }

    /// A right by its name; `first` is the charter's.
    fn right(&self, name: &str, resource: &Resource) -> Result<Citation, String> {
        if let Some((window, log)) = name.strip_prefix("window-").and_then(|rest| rest.split_once('@')) {
            let log = self.pen.logs[*self.logs.get(log).ok_or("whose window?")?].id;
            let entry = EntryId::first_give(&self.pen.ledger(), 0, number(window)?);
            let record = RecordId { entry, index: 0 };
            return Ok(Citation { log, seq: 0, record, until: END });
        }
        if name != "first" {
            return Ok(self.cited(name)?.0);
        }
        let id = resource_id(resource);
        let first = self.pen.charter.first_rights().find(|right| right.footprint.resource == id);
        Ok(first.ok_or("the charter gives no such resource")?.citation)
    }
}

/// The words of a line: its verb, what is marked by a keyword, and the rest.
struct Words {
    verb: String,
    plain: Vec<String>,
    marked: BTreeMap<String, Vec<String>>,
}

impl Words {
    fn of(words: &[&str]) -> Self {
        const KEYS: [&str; 23] = [
            "as",
            "until",
            "class",
            "alternative",
            "alternatives",
            "over",
            "unused",
            "cutting",
            "answering",
            "by",
            "roles",
            "lane",
            "scope",
            "anchor",
            "least",
            "rules",
            "effect",
            "needs",
            "kind",
            "fact",
            "under",
            "across",
            "-",
        ];
        let mut found = Self { verb: String::new(), plain: Vec::new(), marked: BTreeMap::new() };
        let mut words = words.iter();
        found.verb = words.next().map_or(String::new(), |word| (*word).to_owned());
        let mut key: Option<&str> = None;
        for word in words {
            // Within `over CLAIM by EVIDENCE` the second word is no mark.
            if KEYS.contains(word) && !(*word == "by" && key == Some("over")) {
                key = Some(word);
                found.marked.insert((*word).to_owned(), Vec::new());
                continue;
            }
            match key.and_then(|key| found.marked.get_mut(key)) {
                Some(marked) => marked.push((*word).to_owned()),
                None => found.plain.push((*word).to_owned()),
            }
        }
        found
    }

    fn many(&mut self, key: &str) -> Vec<String> {
        self.marked.remove(key).unwrap_or_default()
    }

    fn one(&mut self, key: &str) -> Result<Option<String>, String> {
        match &self.many(key)[..] {
            [] => Ok(None),
            [word] => Ok(Some(word.clone())),
            _ => Err(format!("one word follows {key}")),
        }
    }

    fn are_used(&self) -> Result<(), String> {
        match self.marked.keys().next() {
            Some(key) => Err(format!("{key} has no place here")),
            None => Ok(()),
        }
    }
}

/// A record that enrols a key, and commits to the one with the next number.
fn enrol(signer: usize, roles: Roles, scope: &str, ordinal: u64, answers: Vec<NoticeId>) -> Record {
    let body = enrolling(signer, roles, scope, ordinal, answers);
    body.record(END, Vec::new()).expect("within the bounds of the format")
}

fn enrolling(signer: usize, roles: Roles, scope: &str, ordinal: u64, answers: Vec<NoticeId>) -> Enrol {
    let label = |text: &str| Label::try_from(text.to_owned()).expect("a short word");
    Enrol {
        next_key: Some(key(signer + 1).author().commitment()),
        ordinal,
        answers,
        ..Enrol::new(
            key(signer).author(),
            roles,
            Scope::parse(scope).expect("short words"),
            // Whoever is enrolled by a node's neighbour has less than that one.
            match signer {
                4 => 1 << 30,
                ..=11 => 1 << 22,
                _ => 1 << 14,
            },
            3,
            Lineage { build: label("b"), hardware: label("h") },
        )
    }
}

/// A scope by its path; `federation` is the one without labels.
fn scope_of(word: &str) -> Result<Scope, String> {
    let path = if word == "federation" { "" } else { word };
    Scope::parse(path).map_err(|refusal| refusal.to_string())
}

fn number<N: std::str::FromStr>(word: &str) -> Result<N, String>
where
    N::Err: std::fmt::Display,
{
    word.parse().map_err(|error| format!("{word} is no number: {error}"))
}

/// An hour of the first day, with minutes when there are any.
fn moment(word: &str) -> Result<Tai, String> {
    let (hours, minutes) = word.split_once(':').unwrap_or((word, "0"));
    Ok(hour(number(hours)?).plus(Millis(60_000 * number::<u64>(minutes)?)))
}

fn span(word: &str) -> Result<Window, String> {
    let (start, end) = word.split_once('-').ok_or("a window is START-END")?;
    let (start, end): (u64, u64) = (number(start)?, number(end)?);
    if start < end { Ok(hours(start, end)) } else { Err(format!("{word} is empty")) }
}

fn which(resource: &str) -> Result<Resource, String> {
    let known = all_resources().into_iter().find(|known| known.path.to_string() == resource);
    known.ok_or_else(|| format!("there is no {resource}"))
}

/// The resources of all stories; the last is declared when a story says so, and lies elsewhere.
pub(super) fn all_resources() -> Vec<Resource> {
    let mut all = resources().to_vec();
    let mut shed = all[3].clone();
    shed.scope = Scope::parse("c").expect("one label");
    shed.path = ResourcePath::parse("shed").expect("one label");
    all.push(shed);
    all
}

fn roles(list: &str) -> Result<Roles, String> {
    let role = |word| match word {
        "act" => Ok(Roles::ACT),
        "give" => Ok(Roles::GIVE),
        "enrol" => Ok(Roles::ENROL),
        "deny" => Ok(Roles::DENY),
        other => Err(format!("there is no role {other}")),
    };
    let mut words = list.split('+').map(role);
    let first = words.next().unwrap_or_else(|| Err("which role?".to_owned()))?;
    words.try_fold(first, |roles, role| Ok(roles.with(role?)))
}
