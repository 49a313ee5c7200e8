//! What a run does: a list of steps, each of which means the same whichever others stand beside it.
//!
//! - A step is a kind, a sub-seed from which all its choices follow, and the time that passes before it.
//!   So any of them can be dropped when a failing run is made smaller.
//! - The kinds of one run are swarm-chosen: each seed switches some off and weighs the others, because a
//!   run that does a little of everything rarely does enough of anything.
//! - One step in twenty is noise, and one in twenty is drawn from all kinds, whatever the swarm says.
//! - One run in six is about custody: rights are given, given on, returned and taken back, and little else
//!   happens. One in twelve is about copies of one store that run side by side.

use crate::world::Draw;
use std::fmt::Write as _;

/// What a step does.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Kind {
    /// An honest replica writes records.
    Write,
    /// An honest replica writes a notice.
    Notice,
    /// An honest authority enrols somebody.
    Enrol,
    /// An honest replica starts a new incarnation.
    Incarnation,
    /// A host asks for a place.
    Ask,
    /// A trustee answers a claim.
    Give,
    /// A host asks, and is answered at once where links allow it.
    Lease,
    /// A trustee gives a part of its right to another log.
    HandDown,
    /// A host gives back what it was given.
    Release,
    /// A holder gives a right back.
    Return,
    /// A trustee takes back what it gave.
    Reclaim,
    /// One replica sends what another lacks.
    Contact,
    /// Two replicas exchange until neither learns anything.
    Exchange,
    /// A contact that breaks off at any byte.
    Cut,
    /// A contact without a word from the receiver.
    OneWay,
    /// A contact whose parts arrive in any order.
    Reorder,
    /// A contact whose parts arrive several times.
    Duplicate,
    /// A contact whose bytes change on the way.
    Corrupt,
    /// A contact of which items are left out.
    Selective,
    /// A trustee's program is replaced by a newer one, or by the old one again.
    Version,
    /// Nothing happens for up to 400 days.
    Wait,
    /// The fleet falls into two parts.
    Partition,
    /// Some pairs lose each other.
    Partial,
    /// Some links work one way.
    Simplex,
    /// Links fail at random.
    Flap,
    /// All links work again.
    Mend,
    /// A clock is set within its error.
    Drift,
    /// A clock jumps by hours or days.
    Jump,
    /// A leap second is told to some and not to others.
    Leap,
    /// A clock is spoofed far ahead, and the horizon is asked to follow.
    Spoof,
    /// A clock declares a wider error.
    Widen,
    /// An operator lets go of what was written too early.
    LetGo,
    /// A replica advances its horizon.
    Horizon,
    /// An ordinary stop and start.
    Reboot,
    /// The process dies at some operation of its store.
    Crash,
    /// The disk fills up.
    Full,
    /// The continuity record fails.
    Witness,
    /// A bit changes at rest; the replica scrubs.
    Flip,
    /// A row of the last commit was written in part.
    Tear,
    /// The store is copied.
    Backup,
    /// The store is replaced by its copy.
    Restore,
    /// A copy of a store is opened beside it, or one of several copies again.
    Beside,
    /// A stolen key writes into a slot that is taken.
    Equivocate,
    /// An enrolled author breaks a chain rule.
    Backdate,
    /// More logs than the enrolment allows.
    FloodLogs,
    /// More notices than the charter allows.
    FloodNotices,
    /// Strangers fill the pool.
    FloodPool,
    /// Entries arrive without what they stand on.
    Withhold,
    /// A replica is told a frontier that is not true.
    Lie,
    /// A bundle with forged, foreign or senseless items.
    Forge,
    /// A thief opens a log of its own under a stolen key.
    Theft,
    /// A key is replaced by the one that was committed to.
    Rotate,
    /// Two authorities revoke each other's.
    Revoke,
    /// A stolen authority enrols puppets, who write.
    Puppet,
    /// Entries and notices of a newer version.
    Future,
    /// An author writes more than its budget.
    Overspend,
    /// A stolen trustee's key gives one place to two hosts, and shows each but one of the gives.
    Split,
    /// Bytes without sense.
    Noise,
}

impl Kind {
    /// All kinds with their names in plans.
    pub const ALL: [(Self, &'static str); 58] = [
        (Self::Write, "write"),
        (Self::Notice, "notice"),
        (Self::Enrol, "enrol"),
        (Self::Incarnation, "incarnation"),
        (Self::Ask, "ask"),
        (Self::Give, "give"),
        (Self::Lease, "lease"),
        (Self::HandDown, "hand-down"),
        (Self::Release, "release"),
        (Self::Return, "return"),
        (Self::Reclaim, "reclaim"),
        (Self::Contact, "contact"),
        (Self::Exchange, "exchange"),
        (Self::Cut, "cut"),
        (Self::OneWay, "one-way"),
        (Self::Reorder, "reorder"),
        (Self::Duplicate, "duplicate"),
        (Self::Corrupt, "corrupt"),
        (Self::Selective, "selective"),
        (Self::Version, "version"),
        (Self::Wait, "wait"),
        (Self::Partition, "partition"),
        (Self::Partial, "partial"),
        (Self::Simplex, "simplex"),
        (Self::Flap, "flap"),
        (Self::Mend, "mend"),
        (Self::Drift, "drift"),
        (Self::Jump, "jump"),
        (Self::Leap, "leap"),
        (Self::Spoof, "spoof"),
        (Self::Widen, "widen"),
        (Self::LetGo, "let-go"),
        (Self::Horizon, "horizon"),
        (Self::Reboot, "reboot"),
        (Self::Crash, "crash"),
        (Self::Full, "full"),
        (Self::Witness, "witness"),
        (Self::Flip, "flip"),
        (Self::Tear, "tear"),
        (Self::Backup, "backup"),
        (Self::Restore, "restore"),
        (Self::Beside, "beside"),
        (Self::Equivocate, "equivocate"),
        (Self::Backdate, "backdate"),
        (Self::FloodLogs, "flood-logs"),
        (Self::FloodNotices, "flood-notices"),
        (Self::FloodPool, "flood-pool"),
        (Self::Withhold, "withhold"),
        (Self::Lie, "lie"),
        (Self::Forge, "forge"),
        (Self::Theft, "theft"),
        (Self::Rotate, "rotate"),
        (Self::Revoke, "revoke"),
        (Self::Puppet, "puppet"),
        (Self::Future, "future"),
        (Self::Overspend, "overspend"),
        (Self::Split, "split"),
        (Self::Noise, "noise"),
    ];

    /// The name in plans and tables.
    #[must_use]
    pub fn name(self) -> &'static str {
        Self::ALL.iter().find(|(kind, _)| *kind == self).map_or("?", |(_, name)| name)
    }

    /// The kind of this name.
    #[must_use]
    pub fn named(name: &str) -> Option<Self> {
        Self::ALL.iter().find(|(_, known)| *known == name).map(|(kind, _)| *kind)
    }

    /// How much a kind weighs before the swarm: rare are those that cost a thousand signatures.
    const fn weight(self) -> usize {
        match self {
            Self::Write | Self::Contact => 24,
            Self::Exchange => 12,
            Self::Horizon => 18,
            Self::FloodPool => 0,
            Self::Lease => 16,
            Self::Partition | Self::Spoof | Self::Incarnation | Self::Noise | Self::Split => 3,
            _ => 6,
        }
    }
}

/// One step.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Step {
    /// What happens.
    pub kind: Kind,
    /// From which all choices of the step follow.
    pub draw: u64,
    /// Minutes of true time that pass before it.
    pub minutes: u64,
}

/// A whole run.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Plan {
    /// From which the cast of the fleet follows.
    pub fleet: u64,
    /// What happens.
    pub steps: Vec<Step>,
}

/// Why a text is no plan.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error(
    "line {line} is no step of a plan: `{text}`; write `kind sub-seed minutes`, or `fleet seed` on the first"
)]
pub struct PlanError {
    /// The line, from 1.
    pub line: usize,
    /// What stands there.
    pub text: String,
}

impl Plan {
    /// The plan of a seed.
    #[must_use]
    pub fn random(seed: u64, steps: usize) -> Self {
        let mut draw = Draw::new(seed ^ 0x0066_6c65_6574);
        let swarm = match draw.below(6) {
            0 => custody(&mut draw),
            // One run in twelve is about copies of one store.
            1 if seed.is_multiple_of(2) => copies(&mut draw),
            _ => swarm(&mut draw),
        };
        let total: usize = swarm.iter().map(|(_, weight)| weight).sum();
        let pace = [60, 600, 3_000, 20_000][draw.below(4)];
        let mut out = Vec::with_capacity(steps);
        for _ in 0..steps {
            let kind = match draw.below(20) {
                0 => Kind::Noise,
                1 => {
                    // The pool is filled in some runs only: it takes thousands of items.
                    let kind = Kind::ALL[draw.below(Kind::ALL.len())].0;
                    if kind == Kind::FloodPool && draw.below(8) > 0 { Kind::Contact } else { kind }
                }
                _ => {
                    let mut ticket = draw.below(total);
                    let chosen = swarm.iter().find(|(_, weight)| {
                        let hit = ticket < *weight;
                        ticket = ticket.saturating_sub(*weight);
                        hit
                    });
                    chosen.map_or(Kind::Contact, |(kind, _)| *kind)
                }
            };
            let minutes = draw.below(pace) as u64;
            out.push(Step { kind, draw: draw.below(usize::MAX) as u64, minutes });
        }
        Self { fleet: seed, steps: out }
    }

    /// The plan as text, which [`Plan::parse`] reads.
    #[must_use]
    pub fn text(&self) -> String {
        let mut out = format!("fleet {}\n", self.fleet);
        for Step { kind, draw, minutes } in &self.steps {
            // Writing to a string does not fail.
            let _ = writeln!(out, "{} {draw} {minutes}", kind.name());
        }
        out
    }

    /// Reads a plan; lines that start with `#` are skipped.
    ///
    /// # Errors
    /// [`PlanError`] names the first line that is none.
    pub fn parse(text: &str) -> Result<Self, PlanError> {
        let mut plan = Self { fleet: 0, steps: Vec::new() };
        for (number, line) in (1..).zip(text.lines()) {
            let words: Vec<&str> = line.split_whitespace().collect();
            let numbers: Vec<Option<u64>> = words.iter().skip(1).map(|word| word.parse().ok()).collect();
            match (words.first().copied(), numbers.as_slice()) {
                (None, _) => {}
                (Some(word), _) if word.starts_with('#') => {}
                (Some("fleet"), [Some(seed)]) => plan.fleet = *seed,
                (Some(name), [Some(draw), Some(minutes)]) if Kind::named(name).is_some() => {
                    let kind = Kind::named(name).unwrap_or(Kind::Noise);
                    plan.steps.push(Step { kind, draw: *draw, minutes: *minutes });
                }
                _ => return Err(PlanError { line: number, text: line.to_owned() }),
            }
        }
        Ok(plan)
    }
}

/// The kinds of one run with their weights. Writing and contacts are always among them.
fn swarm(draw: &mut Draw) -> Vec<(Kind, usize)> {
    let calm = draw.below(8) == 0;
    // Asking, giving and taking back only mean something together.
    let trusting = draw.below(3) > 0;
    Kind::ALL
        .iter()
        .filter_map(|(kind, _)| {
            let needed = matches!(kind, Kind::Write | Kind::Contact | Kind::Exchange | Kind::Horizon);
            let hostile = *kind >= Kind::Equivocate;
            let trust = (Kind::Ask..=Kind::Reclaim).contains(kind);
            let chosen = draw.below(5) < 2;
            let on = needed || if trust { trusting } else { chosen && !(calm && hostile) };
            let factor = [1, 2, 4][draw.below(3)];
            let rare = *kind == Kind::FloodPool && draw.below(12) == 0;
            let weight = if rare { 5 } else { kind.weight() * factor };
            (on && weight > 0).then_some((*kind, weight))
        })
        .collect()
}

/// The kinds of a run about copies of one store: what each of them may write and act on, and who hears of it.
fn copies(draw: &mut Draw) -> Vec<(Kind, usize)> {
    let weighed = [
        (Kind::Beside, 24),
        (Kind::Witness, 16),
        (Kind::Lease, 16),
        (Kind::Ask, 4),
        (Kind::Give, 6),
        (Kind::Release, 16),
        (Kind::Reclaim, 12),
        (Kind::Write, 12),
        (Kind::Notice, 2),
        (Kind::Enrol, 3),
        (Kind::Contact, 10),
        (Kind::Exchange, 8),
        (Kind::Reboot, 6),
        (Kind::Crash, 4),
        (Kind::Backup, 2),
        (Kind::Restore, 3),
        (Kind::Incarnation, 2),
        (Kind::Horizon, 1),
    ];
    weighed.map(|(kind, weight)| (kind, weight * [1, 2, 4][draw.below(3)])).to_vec()
}

/// The kinds of a run about custody, and what may come between a return and who must hear of it.
fn custody(draw: &mut Draw) -> Vec<(Kind, usize)> {
    let weighed = [
        (Kind::HandDown, 16),
        (Kind::Return, 14),
        (Kind::Reclaim, 18),
        (Kind::Lease, 6),
        (Kind::Ask, 6),
        (Kind::Give, 6),
        (Kind::Release, 8),
        (Kind::Contact, 8),
        (Kind::Exchange, 5),
        (Kind::Selective, 2),
        (Kind::Horizon, 2),
        (Kind::Partition, 1),
        (Kind::Mend, 1),
        (Kind::Version, 1),
        (Kind::Reboot, 1),
        (Kind::Incarnation, 4),
        (Kind::Drift, 1),
        (Kind::Split, 1),
    ];
    weighed.map(|(kind, weight)| (kind, weight * [1, 2, 4][draw.below(3)])).to_vec()
}
