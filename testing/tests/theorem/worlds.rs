//! The worlds that are exhausted. Each is small in what it does not look at.

use super::facts::{Gift, Moment, NODES, Node, Record, Slot, State, Window};
use super::rules::{Flaw, Reading, Rules};
use super::world::{Offer, Outside, Wanted, World};

/// The shortest window in which a slow clock as wide as [`READINGS`] can have Go at all, and the same again.
pub(crate) const EARLY: Window = Window { start: 0, end: 3 };
pub(crate) const LATE: Window = Window { start: 3, end: 6 };
pub(crate) const WHOLE: Window = Window { start: 0, end: 6 };

/// A clock that is as fast, and one that is as slow, as its declared width of one unit allows.
const READINGS: [Reading; 2] = [Reading { lo: 0, hi: 1 }, Reading { lo: -1, hi: 0 }];

fn offer(by: Node, to: Node, gift: Gift, window: Window) -> Offer {
    Offer { by, to, gift, window }
}

fn lease(by: Node, to: Node, window: Window) -> Offer {
    offer(by, to, Gift::Lease, window)
}

fn right(by: Node, to: Node, window: Window) -> Offer {
    offer(by, to, Gift::Right, window)
}

fn room(of: &[(Node, u8)]) -> [u8; NODES.len()] {
    let mut room = [0; NODES.len()];
    for (node, entries) in of {
        room[node.index()] = *entries;
    }
    room
}

fn bare(logs: &[Node], offers: Vec<Offer>) -> World {
    World {
        rules: Rules { guard: 0, stopping: 1, charter: WHOLE, flaw: None },
        end: 5,
        readings: READINGS.to_vec(),
        logs: logs.to_vec(),
        opening: Vec::new(),
        room: [0; NODES.len()],
        offers,
        bare_reclaims: true,
        facts: false,
        listens: Vec::new(),
        revocation: false,
        restorable: Vec::new(),
        copies: Vec::new(),
        copyings: 0,
        openings: 0,
        backups: 0,
        restores: 0,
        two_steps: false,
        machines: false,
        outside: None,
        wanted: Vec::new(),
    }
}

impl World {
    pub(crate) fn with(mut self, flaw: Flaw) -> Self {
        self.rules.flaw = Some(flaw);
        self
    }

    pub(crate) fn outside(mut self, outside: Outside) -> Self {
        self.outside = Some(outside);
        self
    }

    /// One giver, holder and rival: order, reclaim with and without release, time, clocks.
    pub(crate) fn leases(entries: u8) -> Self {
        let (custodian, holder, rival) = (Node::Custodian, Node::Holder, Node::Rival);
        let offers = vec![
            lease(custodian, holder, EARLY),
            lease(custodian, holder, WHOLE),
            lease(custodian, rival, LATE),
            lease(custodian, rival, WHOLE),
        ];
        Self {
            room: room(&[(custodian, entries), (holder, 1), (rival, 1)]),
            listens: vec![(holder, custodian), (rival, custodian), (custodian, holder), (custodian, rival)],
            wanted: vec![HOLDER_GOES, RIVAL_AFTER_HOLDER, RIVAL_AFTER_RELEASE, RIVAL_AFTER_TIME, AT_RISK],
            ..bare(&[custodian, holder, rival], offers)
        }
    }

    /// Two levels at one instant: what a return proves, in every order of both givers' logs.
    pub(crate) fn returns(entries: u8) -> Self {
        let (authority, custodian, successor) = (Node::Authority, Node::Custodian, Node::Successor);
        let (holder, rival) = (Node::Holder, Node::Rival);
        let offers = vec![
            right(authority, successor, WHOLE),
            lease(custodian, holder, WHOLE),
            lease(successor, rival, WHOLE),
        ];
        let to_custodian = Record::Give { from: None, to: 1, gift: Gift::Right, window: WHOLE };
        Self {
            end: 0,
            readings: vec![Reading { lo: 0, hi: 1 }],
            opening: vec![(0, to_custodian)],
            room: room(&[(authority, 3), (custodian, entries), (successor, 1), (holder, 1)]),
            listens: vec![(holder, custodian), (rival, authority), (rival, custodian), (rival, successor)],
            revocation: true,
            wanted: vec![HOLDER_GOES, RIVAL_AFTER_RETURN, RIVAL_LACKS_PROOF, AT_RISK],
            ..bare(&[authority, custodian, successor, holder, rival], offers)
        }
    }

    /// The same while the custodian's disk goes back: what it gave and returned, and what it knew of it.
    pub(crate) fn returns_of_the_restored(entries: u8) -> Self {
        Self {
            bare_reclaims: false,
            revocation: false,
            restorable: vec![Node::Custodian],
            backups: 1,
            restores: 1,
            wanted: vec![HOLDER_GOES, RIVAL_AFTER_RETURN],
            ..Self::returns(entries)
        }
    }

    /// Two levels in time: the custodian is revoked, and a successor is appointed for the window after its
    /// own, or too early.
    pub(crate) fn succession(entries: u8) -> Self {
        let (authority, custodian, successor) = (Node::Authority, Node::Custodian, Node::Successor);
        let (holder, rival) = (Node::Holder, Node::Rival);
        let offers = vec![
            right(authority, successor, LATE),
            right(authority, successor, WHOLE),
            lease(custodian, holder, EARLY),
            lease(custodian, holder, WHOLE),
            lease(successor, rival, LATE),
            lease(successor, rival, WHOLE),
        ];
        let to_custodian = Record::Give { from: None, to: 1, gift: Gift::Right, window: EARLY };
        Self {
            opening: vec![(0, to_custodian)],
            room: room(&[(authority, entries), (custodian, 1), (successor, 1)]),
            listens: vec![(holder, authority), (holder, custodian), (rival, authority), (rival, successor)],
            revocation: true,
            wanted: vec![HOLDER_GOES, SUCCESSOR_GOES, HOLDER_UNAWARE],
            ..bare(&[authority, custodian, successor, holder, rival], offers)
        }
    }

    /// The holder's disk goes back, with its host recording apart in a step of its own; and a twin of the
    /// holder lives beside it.
    pub(crate) fn restored_holder(entries: u8) -> Self {
        let (custodian, holder, rival) = (Node::Custodian, Node::Holder, Node::Rival);
        let offers = vec![lease(custodian, holder, WHOLE), lease(custodian, rival, WHOLE)];
        Self {
            end: 0,
            bare_reclaims: false,
            room: room(&[(custodian, entries), (holder, 1), (Node::Twin, 1)]),
            listens: vec![(holder, custodian), (rival, custodian), (Node::Twin, custodian), (holder, holder)],
            restorable: vec![holder],
            backups: 1,
            restores: 1,
            two_steps: true,
            wanted: vec![HOLDER_GOES, RIVAL_AFTER_RELEASE, FRESH_GIVE, OLD_LEASE_IDLE],
            ..bare(&[custodian, holder, rival, Node::Twin], offers)
        }
    }

    /// The custodian's disk goes back, with its host recording apart in a step of its own.
    pub(crate) fn restored_custodian(entries: u8) -> Self {
        let (custodian, holder, rival) = (Node::Custodian, Node::Holder, Node::Rival);
        let offers = vec![lease(custodian, holder, WHOLE), lease(custodian, rival, WHOLE)];
        Self {
            end: 0,
            bare_reclaims: false,
            room: room(&[(custodian, entries), (holder, 1)]),
            listens: vec![(holder, custodian), (rival, custodian)],
            restorable: vec![custodian],
            backups: 1,
            restores: 1,
            two_steps: true,
            wanted: vec![HOLDER_GOES, RIVAL_AFTER_RELEASE],
            ..bare(&[custodian, holder, rival], offers)
        }
    }

    /// The authority's disk goes back while two custodians give on.
    pub(crate) fn restored_authority() -> Self {
        let (authority, custodian, successor) = (Node::Authority, Node::Custodian, Node::Successor);
        let (holder, rival) = (Node::Holder, Node::Rival);
        let offers = vec![
            right(authority, custodian, WHOLE),
            right(authority, successor, WHOLE),
            lease(custodian, holder, WHOLE),
            lease(successor, rival, WHOLE),
        ];
        Self {
            end: 1,
            bare_reclaims: false,
            room: room(&[(authority, 2), (custodian, 1), (successor, 1), (holder, 1)]),
            listens: vec![(holder, authority), (holder, custodian), (rival, authority), (rival, successor)],
            restorable: vec![authority],
            backups: 1,
            restores: 1,
            wanted: vec![HOLDER_GOES, RIVAL_GOES, AUTHORITY_AGAIN],
            ..bare(&[authority, custodian, successor, holder, rival], offers)
        }
    }

    /// Several copies of the holder's disk, some taken between commit and record, brought back in turn.
    pub(crate) fn continuity() -> Self {
        let (custodian, holder, rival) = (Node::Custodian, Node::Holder, Node::Rival);
        let given = Record::Give { from: None, to: 1, gift: Gift::Lease, window: WHOLE };
        Self {
            end: 0,
            bare_reclaims: false,
            facts: true,
            opening: vec![(0, given)],
            room: room(&[(custodian, 3), (holder, 2)]),
            restorable: vec![holder],
            listens: vec![(rival, custodian)],
            backups: 2,
            restores: 2,
            two_steps: true,
            wanted: vec![HOLDER_GOES, RIVAL_AFTER_RELEASE, OLD_LEASE_IDLE],
            ..bare(&[custodian, holder, rival], vec![lease(custodian, rival, WHOLE)])
        }
    }

    /// Copies of the holder's disk run beside it, opened in any order, with and without the record, and stopped
    /// between commit, record and leaving.
    pub(crate) fn copies(copies: &[Node], copyings: u8, openings: u8) -> Self {
        let (custodian, holder, rival) = (Node::Custodian, Node::Holder, Node::Rival);
        let given = Record::Give { from: None, to: 1, gift: Gift::Lease, window: WHOLE };
        Self {
            end: 0,
            readings: vec![Reading { lo: 0, hi: 1 }],
            bare_reclaims: false,
            facts: true,
            opening: vec![(0, given)],
            room: room(&[(custodian, 3), (holder, 2), (Node::Twin, 2), (Node::Third, 2)]),
            listens: vec![(rival, custodian)],
            copies: copies.to_vec(),
            copyings,
            openings,
            two_steps: true,
            wanted: vec![HOLDER_GOES, RIVAL_AFTER_RELEASE, COPY_GOES, COPY_OVERTAKEN, UNSURE_DROPPED],
            ..bare(&[custodian, holder, rival], vec![lease(custodian, rival, WHOLE)])
        }
    }

    /// A copy takes over from a machine that may still move.
    pub(crate) fn takeover() -> Self {
        Self {
            end: 2,
            facts: false,
            room: room(&[(Node::Custodian, 3), (Node::Holder, 1), (Node::Twin, 1)]),
            machines: true,
            wanted: vec![HOLDER_GOES, RIVAL_AFTER_RELEASE, COPY_GOES, HOLDER_MOVES],
            ..Self::copies(&[Node::Twin], 1, 2)
        }
    }

    /// A giver that draws leases of its own, and whose disk goes back.
    pub(crate) fn draws() -> Self {
        let (custodian, holder) = (Node::Custodian, Node::Holder);
        let offers = vec![
            lease(custodian, custodian, EARLY),
            lease(custodian, custodian, WHOLE),
            lease(custodian, holder, WHOLE),
        ];
        Self {
            end: 1,
            bare_reclaims: false,
            room: room(&[(custodian, 3), (holder, 1)]),
            listens: vec![(holder, custodian)],
            restorable: vec![custodian],
            backups: 1,
            restores: 1,
            wanted: vec![HOLDER_GOES, HOLDER_AFTER_DRAW],
            ..bare(&[custodian, holder], offers)
        }
    }

    /// Machines that act on a Go and take their stopping time to come to rest.
    pub(crate) fn machines(entries: u8) -> Self {
        let (custodian, holder, rival) = (Node::Custodian, Node::Holder, Node::Rival);
        let offers = vec![
            lease(custodian, holder, EARLY),
            lease(custodian, rival, LATE),
            lease(custodian, rival, WHOLE),
        ];
        Self {
            machines: true,
            room: room(&[(custodian, entries), (holder, 1)]),
            listens: vec![(holder, custodian), (rival, custodian)],
            wanted: vec![HOLDER_MOVES, RIVAL_MOVES_AFTER_RELEASE, RIVAL_AFTER_TIME],
            ..bare(&[custodian, holder, rival], offers)
        }
    }

    /// Only time frees the holder's window; every clock is `width` wide and may be off by `surplus` more than
    /// it declares.
    pub(crate) fn guarded(guard: Moment, width: Moment, surplus: Moment) -> Self {
        let (custodian, holder, rival) = (Node::Custodian, Node::Holder, Node::Rival);
        let window = Window { start: 0, end: 5 };
        let all = Window { start: 0, end: 15 };
        let given = Record::Give { from: None, to: 1, gift: Gift::Lease, window };
        Self {
            rules: Rules { guard, stopping: 1, charter: all, flaw: None },
            end: 13,
            readings: (-width - surplus..=surplus).map(|lo| Reading { lo, hi: lo + width }).collect(),
            opening: vec![(0, given)],
            room: room(&[(custodian, 3)]),
            machines: true,
            wanted: vec![HOLDER_GOES, RIVAL_AFTER_TIME],
            listens: vec![(rival, custodian)],
            ..bare(&[custodian, holder, rival], vec![lease(custodian, rival, all)])
        }
    }

    /// Two windows that abut, given from the start; every clock may be off by `surplus` more than it declares.
    pub(crate) fn abutting(guard: Moment, stopping: Moment, surplus: Moment) -> Self {
        let give = |to, window| (0, Record::Give { from: None, to, gift: Gift::Lease, window });
        Self {
            rules: Rules { guard, stopping, charter: WHOLE, flaw: None },
            readings: (-1 - surplus..=surplus).map(|lo| Reading { lo, hi: lo + 1 }).collect(),
            opening: vec![give(1, EARLY), give(2, LATE)],
            wanted: vec![HOLDER_GOES, RIVAL_GOES],
            ..bare(&[Node::Custodian, Node::Holder, Node::Rival], Vec::new())
        }
    }
}

/// The gives by which a node has Go with some reading.
fn going(world: &World, state: &State, node: Node) -> Vec<Slot> {
    world.readings.iter().flat_map(|reading| world.rules.go(state, node, *reading)).collect()
}

/// Whether a node has Go by a give that comes after a give of the same log, and how that one ended is `how`.
fn going_after(world: &World, state: &State, node: Node, how: fn(&Record) -> bool) -> bool {
    going(world, state, node).iter().any(|slot| {
        let below = &state.log(slot.log).entries[..usize::from(slot.seq)];
        let overlapped = below.iter().any(|earlier| match (earlier, state.record(*slot)) {
            (Record::Give { window, .. }, Some(Record::Give { window: mine, .. })) => window.overlaps(mine),
            _ => false,
        });
        overlapped && below.iter().any(how)
    })
}

const HOLDER_GOES: Wanted =
    Wanted { name: "the holder has Go", met: |world, state| world.has_go(state, Node::Holder) };
const RIVAL_GOES: Wanted =
    Wanted { name: "the rival has Go", met: |world, state| world.has_go(state, Node::Rival) };
const RIVAL_AFTER_HOLDER: Wanted = Wanted {
    name: "the rival has Go in the window that follows the holder's",
    met: |world, state| {
        going(world, state, Node::Rival).iter().any(|slot| {
            slot.seq > 0 && matches!(state.record(*slot), Some(Record::Give { window, .. }) if window == LATE)
        })
    },
};
const RIVAL_AFTER_RELEASE: Wanted = Wanted {
    name: "the rival has Go by a give after the holder's proven release",
    met: |world, state| {
        going_after(world, state, Node::Rival, |record| {
            matches!(record, Record::Reclaim { proof: Some(_), .. })
        })
    },
};
const RIVAL_AFTER_TIME: Wanted = Wanted {
    name: "the rival has Go by a give after a reclaim that time proves",
    met: |world, state| {
        going_after(world, state, Node::Rival, |record| matches!(record, Record::Reclaim { proof: None, .. }))
    },
};
const AT_RISK: Wanted = Wanted {
    name: "the rival holds a give on the giver's bare word and has no Go",
    met: |world, state| {
        let store = &state.place(Node::Rival).store;
        (0_u8..).zip(&state.logs).any(|(log, chain)| {
            let held = &chain.entries[..usize::from(store.holds(log))];
            let bare = held.iter().position(|record| matches!(record, Record::Reclaim { proof: None, .. }));
            bare.is_some_and(|bare| {
                (0_u8..).zip(held).skip(bare).any(|(seq, record)| {
                    matches!(record, Record::Give { .. })
                        && !world.rules.permits(state, store, Slot { log, seq })
                })
            }) && !world.has_go(state, Node::Rival)
        })
    },
};
const RIVAL_AFTER_RETURN: Wanted = Wanted {
    name: "the rival has Go below a right that came back by the custodian's return",
    met: |world, state| {
        let returned = |record: &Record| matches!(record, Record::Return { .. });
        world.has_go(state, Node::Rival)
            && state.now < EARLY.end
            && state.logs.iter().any(|log| log.node == Node::Custodian && log.entries.iter().any(returned))
    },
};
const RIVAL_LACKS_PROOF: Wanted = Wanted {
    name: "the rival holds the re-given right but not the log that returned it, and has no Go",
    met: |world, state| {
        let store = &state.place(Node::Rival).store;
        let reclaimed = |record: &Record| matches!(record, Record::Reclaim { proof: Some(_), .. });
        state.log(0).entries.get(1).is_some_and(reclaimed)
            && store.holds(0) == 3
            && store.holds(1) == 0
            && store.holds(2) == 1
            && !world.has_go(state, Node::Rival)
    },
};
const SUCCESSOR_GOES: Wanted = Wanted {
    name: "below the successor there is Go, the custodian being revoked and having returned nothing",
    met: |world, state| {
        let returned = |record: &Record| matches!(record, Record::Return { .. });
        state.place(Node::Rival).store.notice
            && world.has_go(state, Node::Rival)
            && !state.logs.iter().any(|log| log.entries.iter().any(returned))
    },
};
const HOLDER_UNAWARE: Wanted = Wanted {
    name: "the holder has Go while the custodian is revoked and nobody told the holder",
    met: |world, state| state.cut == Some(0) && world.has_go(state, Node::Holder),
};
const FRESH_GIVE: Wanted = Wanted {
    name: "a restored holder has Go by a fresh give to its new log",
    met: |world, state| {
        let holder = state.place(Node::Holder);
        holder.restores > 0
            && state.log(holder.store.writing).identity > 3
            && world.has_go(state, Node::Holder)
    },
};
const OLD_LEASE_IDLE: Wanted = Wanted {
    name: "a restored holder knows its old lease and has no Go",
    met: |world, state| {
        let store = &state.place(Node::Holder).store;
        let old = |record: &Record| {
            matches!(record, Record::Give { to, .. } if state.log(*to).node == Node::Holder
                && state.identity(*to) != state.identity(store.writing))
        };
        let known = (0_u8..)
            .zip(&state.logs)
            .any(|(log, chain)| chain.entries.iter().take(usize::from(store.holds(log))).any(old));
        known && !world.has_go(state, Node::Holder)
    },
};
const COPY_GOES: Wanted =
    Wanted { name: "a copy that took over has Go", met: |world, state| world.has_go(state, Node::Twin) };
const COPY_OVERTAKEN: Wanted = Wanted {
    name: "the holder runs, has an entry that it can never record, and another copy goes on in the log",
    met: |world, state| {
        let holder = state.place(Node::Holder);
        holder.running
            && holder.store.unsure
            && !holder.confirmed
            && !world.is_proven_now(state, Node::Holder)
            && state.identity(state.place(Node::Twin).store.writing) == 1
            && world.is_proven_now(state, Node::Twin)
    },
};
const UNSURE_DROPPED: Wanted = Wanted {
    name: "an unproven opening has dropped a release that nobody recorded",
    met: |_, state| {
        let released = |record: &Record| matches!(record, Record::Release { .. });
        let held = |node: Node, log: u8| state.place(node).store.holds(log);
        (0_u8..).zip(&state.logs).any(|(log, chain)| {
            chain.identity == 1
                && chain.left == 0
                && chain.entries.first().is_some_and(released)
                && held(Node::Holder, log) == 0
                && held(Node::Twin, log) == 0
        })
    },
};
const AUTHORITY_AGAIN: Wanted = Wanted {
    name: "a restored authority gives the same scope again and nobody has Go by it",
    met: |world, state| {
        (0_u8..).zip(&state.logs).any(|(log, chain)| {
            let store = &state.place(Node::Rival).store;
            chain.node == Node::Authority
                && chain.identity > 4
                && store.holds(log) > 0
                && !world.has_go(state, Node::Rival)
                && state.logs.iter().any(|log| log.node == Node::Successor && log.left > 0)
        })
    },
};
const HOLDER_AFTER_DRAW: Wanted = Wanted {
    name: "the holder has Go after the giver drew, and released, a lease of its own",
    met: |world, state| {
        going_after(world, state, Node::Holder, |record| matches!(record, Record::Release { .. }))
    },
};
const HOLDER_MOVES: Wanted =
    Wanted { name: "the holder's machine moves", met: |_, state| state.place(Node::Holder).acted.is_some() };
const RIVAL_MOVES_AFTER_RELEASE: Wanted = Wanted {
    name: "the rival's machine moves in the holder's window, after its release",
    met: |_, state| state.now < EARLY.end && state.place(Node::Rival).acted.is_some(),
};
