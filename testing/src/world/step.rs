//! The instructions of which a world is made.

/// One instruction. Numbers choose among what is there, the newest first, and wrap.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Step {
    /// Write content to a log.
    Write {
        /// Which log.
        log: u8,
        /// What.
        content: Content,
        /// What is wrong with it.
        flaw: WriteFlaw,
    },
    /// Enrol a key in a safety log, and open a safety log for it.
    Enrol {
        /// Which log.
        log: u8,
        /// Which key, whether a next key, which label, how many days less than the log.
        choice: u8,
        /// Bits of roles.
        roles: u8,
        /// What is wrong with it.
        flaw: EnrolFlaw,
    },
    /// Open a log under an enrolment. It exists once something is written to it.
    Open {
        /// Which enrolment.
        enrolment: u8,
        /// Whether in the safety lane.
        safety: bool,
        /// How many days before the enrolment's until it ends; 7 means a day after.
        days: u8,
        /// Who writes.
        speaker: Speaker,
    },
    /// Write other entries into a slot of a log that has one.
    Fork {
        /// Which log.
        log: u8,
        /// How far below the head.
        depth: u8,
        /// Other entries, 1 or 2.
        others: u8,
        /// How the fork becomes known.
        evidence: Evidence,
        /// Whether the first other entry enrols a puppet, which writes.
        puppet: bool,
    },
    /// Write notices.
    Notice {
        /// Under which enrolment.
        enrolment: u8,
        /// How many.
        count: u8,
        /// Kind, and days before the enrolment's until.
        choice: u8,
        /// What is wrong with them.
        flaw: NoticeFlaw,
    },
    /// Open several logs under an enrolment and write one entry to each.
    Incarnations {
        /// Which enrolment.
        enrolment: u8,
        /// How many.
        count: u8,
        /// By how many days their ends differ.
        days: u8,
    },
    /// Lose an item that was written.
    Lose {
        /// Which.
        item: u8,
    },
}

/// What an entry says.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Content {
    /// One record of a known kind from 2 to 10.
    Known(u8),
    /// Several records of known kinds.
    Several(u8),
    /// A record of an unknown kind, critical or not, with a footprint.
    Unknown(bool),
    /// Header, record and body as a newer version writes them.
    Future,
    /// A record of about two kilobytes.
    Large,
}

/// What is wrong with a written entry.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum WriteFlaw {
    /// Nothing.
    None,
    /// Nothing: it repeats the moment of the entry below.
    SameMoment,
    /// It is authored before the entry below.
    Back,
    /// It cites another entry than the one below.
    Prev,
    /// It leaves a slot out.
    Gap,
}

/// What is wrong with an enrolment.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum EnrolFlaw {
    /// Nothing.
    None,
    /// Nothing: the record is critical and has fields of a newer version.
    Future,
    /// The record says that it takes.
    Effect,
    /// Its scope lies outside the parent's.
    Scope,
    /// It stands in a log that ends after its enrolment's until.
    Until,
    /// It stands in a log whose enrolment lacks the role.
    Role,
    /// It stands in a productivity log.
    Lane,
    /// It allows no log.
    NoLogs,
    /// It allows more logs than the charter.
    ManyLogs,
    /// It may deny and allows no notice.
    NoNotices,
    /// It allows more notices than the charter.
    ManyNotices,
    /// It allows a large log in the safety lane and may neither enrol, deny nor verify.
    LargeSafety,
    /// Its body cannot be read.
    Body,
    /// Its byte budget is beyond any that its parent could give.
    Hoard,
}

/// Who signs.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Speaker {
    /// The enrolled key.
    Enrolled,
    /// The next key, where one was committed to.
    Next,
    /// A key that the enrolment does not know.
    Stranger,
}

/// How a fork becomes known.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Evidence {
    /// The other entries themselves.
    Entries,
    /// A proof of two single headers.
    Headers,
    /// A proof of two header chains.
    Chains,
    /// The other entries, and the author of the fork goes on writing on its own branch.
    Thief,
}

/// What is wrong with a notice.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum NoticeFlaw {
    /// Nothing.
    None,
    /// Nothing: a newer version wrote it.
    Future,
    /// Nothing: the next key signs, where there is one.
    Next,
    /// Its enrolment lacks the role.
    Role,
    /// It lasts longer than its enrolment.
    Until,
    /// Its scope lies outside the enrolment's.
    Scope,
    /// A stranger signs.
    Stranger,
}

impl Step {
    /// The step that six bytes stand for. Every input means something; zeros mean the simplest.
    #[must_use]
    pub fn from_bytes(bytes: [u8; 6]) -> Self {
        let [operation, a, b, c, d, e] = bytes;
        match operation % 32 {
            0..11 => Self::Write { log: a, content: content(b, c), flaw: write_flaw(d) },
            11..19 => Self::Enrol { log: a, choice: b, roles: c, flaw: enrol_flaw(d) },
            19..22 => Self::Open { enrolment: a, safety: b % 2 == 1, days: c % 8, speaker: speaker(d) },
            22..26 => {
                Self::Fork { log: a, depth: b, others: 1 + c % 2, evidence: evidence(d), puppet: e % 2 == 1 }
            }
            26..29 => Self::Notice {
                enrolment: a,
                count: if b < 192 { 1 } else { 4 + b % 3 },
                choice: c,
                flaw: notice_flaw(d),
            },
            29..31 => Self::Incarnations {
                enrolment: a,
                count: if b < 192 { 1 + b % 2 } else { 3 + b % 3 },
                days: c % 4,
            },
            _ => Self::Lose { item: a },
        }
    }
}

/// The entry of `table` that a byte chooses; below 128 always the first, so that most steps are sound.
fn often_first<T: Copy>(table: &[T], byte: u8) -> T {
    if byte < 128 { table[0] } else { table[usize::from(byte - 128) % table.len()] }
}

fn content(which: u8, choice: u8) -> Content {
    match which % 8 {
        0..4 => Content::Known(choice),
        4 => Content::Several(choice),
        5 => Content::Unknown(choice % 2 == 1),
        6 => Content::Future,
        _ => Content::Large,
    }
}

fn write_flaw(byte: u8) -> WriteFlaw {
    use WriteFlaw::{Back, Gap, None, Prev, SameMoment};
    often_first(&[None, SameMoment, Back, Prev, Gap], byte)
}

fn enrol_flaw(byte: u8) -> EnrolFlaw {
    use EnrolFlaw::{Body, Effect, Future, Hoard, Lane, ManyLogs, NoLogs, None, Role, Scope, Until};
    use EnrolFlaw::{LargeSafety, ManyNotices, NoNotices};
    let table = [
        None,
        Future,
        Effect,
        Scope,
        Until,
        Role,
        Lane,
        NoLogs,
        ManyLogs,
        NoNotices,
        ManyNotices,
        LargeSafety,
        Body,
        Hoard,
    ];
    often_first(&table, byte)
}

fn speaker(byte: u8) -> Speaker {
    if byte < 128 {
        Speaker::Enrolled
    } else if byte < 224 {
        Speaker::Next
    } else {
        Speaker::Stranger
    }
}

fn evidence(byte: u8) -> Evidence {
    use Evidence::{Chains, Entries, Headers, Thief};
    [Entries, Headers, Chains, Thief][usize::from(byte % 4)]
}

fn notice_flaw(byte: u8) -> NoticeFlaw {
    use NoticeFlaw::{Future, Next, None, Role, Scope, Stranger, Until};
    often_first(&[None, Future, Next, Role, Until, Scope, Stranger], byte)
}
