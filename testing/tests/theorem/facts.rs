//! What is written: logs, entries and rights, in the model's own plain types.

/// True time and what clocks read, in units of the model.
pub(crate) type Moment = i8;

/// A half-open window.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(crate) struct Window {
    pub(crate) start: Moment,
    pub(crate) end: Moment,
}

impl Window {
    pub(crate) fn overlaps(self, other: Window) -> bool {
        self.start < other.end && other.start < self.end
    }

    pub(crate) fn contains(self, other: Window) -> bool {
        self.start <= other.start && other.end <= self.end
    }
}

/// Who has a store of its own.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub(crate) enum Node {
    /// Level 1: holds what the charter gives.
    Authority,
    /// Level 2.
    Custodian,
    /// Level 2, appointed after the custodian.
    Successor,
    Holder,
    Rival,
    /// A second machine under the holder's key: an old backup brought to life beside the original.
    Twin,
    /// A third one.
    Third,
}

pub(crate) const NODES: [Node; 7] =
    [Node::Authority, Node::Custodian, Node::Successor, Node::Holder, Node::Rival, Node::Twin, Node::Third];

impl Node {
    pub(crate) fn index(self) -> usize {
        self as usize
    }

    /// The key under which a node writes; the twin and the third have the holder's.
    pub(crate) fn key(self) -> Node {
        if matches!(self, Node::Twin | Node::Third) { Node::Holder } else { self }
    }
}

/// A place in a log. Logs are numbered in order of their opening.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub(crate) struct Slot {
    pub(crate) log: u8,
    pub(crate) seq: u8,
}

/// What a give is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(crate) enum Gift {
    /// A right: the receiver may give parts of it.
    Right,
    /// A claim: the receiver may act.
    Lease,
}

/// One entry with one record. `None` as a right is what the charter gives to the first log.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(crate) enum Record {
    /// From one right to one log, for a window.
    Give { from: Option<Slot>, to: u8, gift: Gift, window: Window },
    /// Of a give in the same log, at a moment that the writer's clock had surely reached, with or without
    /// the receiver's embedded release or return.
    Reclaim { give: u8, proof: Option<Slot>, lo: Moment, hi: Moment },
    /// The whole of a right, back to its giver: a give in the returning log's own order.
    Return { right: Slot },
    /// The end of a lease by its holder.
    Release { give: Slot },
    /// Anything else that a node writes.
    Fact,
}

/// What was ever written into one chain of entries.
///
/// Two chains with one `identity` are branches of one log: the later one was begun by a store that did not
/// hold, or did not know, what the earlier one went on with.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(crate) struct Log {
    pub(crate) node: Node,
    pub(crate) identity: u8,
    pub(crate) entries: Vec<Record>,
    /// How many entries the network may have. What is committed but not yet recorded apart stays.
    pub(crate) left: u8,
}

/// One commit of own entries, or one opening: how many there were, and a nonce drawn for it `[INC-2]`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Default)]
pub(crate) struct Generation {
    pub(crate) count: u8,
    pub(crate) nonce: u8,
}

/// What a restore brings back: the whole disk of a node.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(crate) struct Store {
    /// The log that it writes, if it writes any.
    pub(crate) writing: u8,
    pub(crate) generation: Generation,
    /// What was recorded when the generation was committed: a store that was stopped between commit and record is
    /// proven by it. The generation itself where nothing else may prove it.
    pub(crate) previous: Generation,
    /// Whether its last own entry is one that no record is known to confirm `[INC-6]`.
    pub(crate) unsure: bool,
    /// Of each log, its own included, how many entries it holds: admission is dense, so a prefix.
    pub(crate) held: Vec<u8>,
    /// Whether the notice of revocation has arrived.
    pub(crate) notice: bool,
}

impl Store {
    pub(crate) fn holds(&self, log: u8) -> u8 {
        self.held.get(usize::from(log)).copied().unwrap_or(0)
    }

    /// Trailing zeros are left out, so that equal knowledge is an equal state.
    pub(crate) fn hold(&mut self, log: u8, entries: u8) {
        let index = usize::from(log);
        if self.held.len() <= index {
            self.held.resize(index + 1, 0);
        }
        self.held[index] = entries;
        while self.held.last() == Some(&0) {
            self.held.pop();
        }
    }
}

/// A node: its disk, what survives the disk, and its machine.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(crate) struct Place {
    pub(crate) store: Store,
    /// The generation that the host recorded apart.
    pub(crate) witness: Generation,
    /// How many nonces were drawn here, whatever disk was in place: no two are alike.
    pub(crate) drawn: u8,
    pub(crate) backups: Vec<Store>,
    pub(crate) restores: u8,
    /// Whether a process has the store open.
    pub(crate) running: bool,
    /// Whether that process keeps no record.
    pub(crate) blind: bool,
    /// Whether it knows that the current generation is recorded; the store may not know it yet.
    pub(crate) confirmed: bool,
    /// How often this key's disks were copied and opened.
    pub(crate) copied: u8,
    pub(crate) opened: u8,
    /// The machine moves from here for the stopping time: when it last acted on a Go, as long as that matters.
    pub(crate) acted: Option<Moment>,
}

/// The whole world at one instant of true time.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(crate) struct State {
    pub(crate) now: Moment,
    pub(crate) logs: Vec<Log>,
    pub(crate) places: Vec<Place>,
    /// The custodian is revoked; its log is cut at this slot.
    pub(crate) cut: Option<u8>,
}

impl State {
    pub(crate) fn log(&self, log: u8) -> &Log {
        &self.logs[usize::from(log)]
    }

    pub(crate) fn record(&self, slot: Slot) -> Option<Record> {
        self.logs.get(usize::from(slot.log))?.entries.get(usize::from(slot.seq)).copied()
    }

    pub(crate) fn identity(&self, log: u8) -> u8 {
        self.log(log).identity
    }

    pub(crate) fn place(&self, node: Node) -> &Place {
        &self.places[node.index()]
    }

    /// Whether two slots are one entry: the same place, and one chain up to it.
    pub(crate) fn same(&self, one: Slot, other: Slot) -> bool {
        one == other
            || (one.seq == other.seq
                && self.identity(one.log) == self.identity(other.log)
                && self.common(one.log, other.log) > one.seq)
    }

    /// How many entries two branches share.
    pub(crate) fn common(&self, one: u8, other: u8) -> u8 {
        let pairs = self.log(one).entries.iter().zip(&self.log(other).entries);
        u8::try_from(pairs.take_while(|(one, other)| one == other).count()).unwrap_or(u8::MAX)
    }

    /// What a store may read of a log: what it holds, but nothing from a fork that it knows of upwards.
    pub(crate) fn trunk(&self, store: &Store, log: u8) -> u8 {
        let mut trunk = store.holds(log);
        for (other, branch) in (0_u8..).zip(&self.logs) {
            if other != log && branch.identity == self.identity(log) {
                let common = self.common(log, other);
                if store.holds(other) > common {
                    trunk = trunk.min(common);
                }
            }
        }
        trunk
    }
}
