//! Small stories as text: who writes what, and what the view says of it.
//!
//! A story is a file of three parts, parted by lines of `---`: what it is about, what is written, and what
//! the view says. A line that starts with `#` is a remark. What is written:
//!
//! ```text
//! roots 3                                      three roots, two must agree; first line, else there is one
//! roots 3 voting                               the same, and pad is given for four hours; votes assign the rest
//! clock 13                                     from now on it is hour 13 of the first day
//! root gives region: pad 0-12 of first as right
//! node claims pad 1-3 x1 cells 0-2 as job      footprints are parted by `;`
//! node claims pad 1-3 ; power 1-3 x2 class 3 alternatives 0+1 0 over old by end as job
//! region gives job: pad 1-3 of right for 0     `for` names the claim's footprint, `alternative 1` the lease
//! node releases job alternatives 0 as end      also posts and returns, with `unused 3`
//! region reclaims grant by end
//! root revokes node cutting node 1 as cut      the node keeps one entry of its log
//! safety enrols 10 as third class 3 answering cut    also with `roles act+enrol` and `lane safety`
//! root-safety enrols 10 as officer roles deny scope a anchor region    else the scope is a/b
//! node-next rotates cutting node 1
//! root-1 endorses region
//! root-1 votes 1-2 for region                  windows of pad, four hours each; also `votes successor 7`
//! safety enrols 10 as third needs 2 region rival lane safety    and co-signers: `rival-safety cosigns third`
//! region restricts a/b kind 70 under node across a/c fact 99     a notice that nobody can read whole
//! region trips a/b from a as trip              a breaker; `federation` is the scope without labels
//! safety closes trip as end
//! node opaque pad 1-3 of right as odd          a kind that this version does not know
//! node broken pad 1-3 of right as torn         a claim whose body cannot be read
//! node opaque effect critical-frees as odd     also `frees`, `none` and `critical-none`; broken alike
//! node claims pad 1-3 least 1:30 rules 2       an hour and a half is of use; made by rule set 2
//! root declares shed as sign                   the others are declared from the beginning
//! node claims pad 1-3 amiss right as wrong     cites a right in another slot than it stands in
//! ```
//!
//! `WHO beside N VERB ..` writes above the first N entries of a log: a fork, unless that is its head.
//! `until D` ends a record or notice at the start of day D, `until H:MM` in the first day; else it lasts to the end. The rest are
//! questions: `may job at 2`, `may job by rival at 2` (it asks for a claim that is not its own), `free pad 4-6 at 1`, `forget to 5`,
//! after which all is told of day 5, and `seen from a/b`, from which all is told.
//!
//! Logs: `root` (it holds the charter's rights: pad, power, steel), `region` and its `safety` log, `node`,
//! `rival`, their next keys' `node-next` and `rival-next`, two more of the node's, `node-third` and
//! `node-fourth`, of which one is too many beside the others, and further roots `root-1`, `root-2`. Pad is
//! exclusive, power a rate of ten, steel a pool of ten; track and shed are open, and shed is nobody's but
//! the scope `c`'s.

mod stage;
mod tell;

pub use stage::Stage;
pub use tell::tell;

use intent_contracts::{ResourceId, Scope, Tai, Window};

/// A story as it was read.
pub struct Story {
    /// What it is about.
    pub about: String,
    /// What was written, told in full.
    pub stage: Stage,
    /// What is asked.
    pub questions: Vec<Question>,
    /// What the view is to say.
    pub told: String,
}

/// What a story asks of the view.
pub enum Question {
    /// May the claim of this name act, by this alternative, at this moment?
    May {
        /// The name.
        claim: String,
        /// The alternative.
        alternative: u8,
        /// Who asks, when it is not the claim's own host.
        by: Option<String>,
        /// When.
        at: Tai,
    },
    /// Is the resource free?
    Free {
        /// Which.
        resource: ResourceId,
        /// When.
        window: Window,
        /// Asked when.
        at: Tai,
    },
    /// Everything that ended before is forgotten.
    Forget {
        /// The horizon.
        to: Tai,
    },
    /// All is told as from here.
    Seen {
        /// The viewpoint.
        from: Scope,
    },
}

impl Story {
    /// Reads a story.
    ///
    /// # Errors
    /// The line that cannot be read, and why.
    pub fn read(text: &str) -> Result<Self, String> {
        let mut parts = text.split("---\n");
        let (Some(about), Some(written), told) = (parts.next(), parts.next(), parts.next()) else {
            return Err("a story has three parts with lines of --- between them".to_owned());
        };
        let lines: Vec<&str> = written.lines().filter(|line| !line.trim().is_empty()).collect();
        let votes = lines.first().is_some_and(|line| line.trim_end().ends_with(" voting"));
        let roots = match lines.first().and_then(|line| line.strip_prefix("roots ")) {
            Some(count) => count
                .trim()
                .trim_end_matches(" voting")
                .parse()
                .map_err(|error| format!("roots {count}: {error}"))?,
            None => 1,
        };
        let mut stage = Stage::of(roots, votes);
        let mut questions = Vec::new();
        for line in lines {
            let words: Vec<&str> = line.split_whitespace().collect();
            stage.read(&words, &mut questions).map_err(|why| format!("{line}: {why}"))?;
        }
        let told = told.unwrap_or_default().to_owned();
        Ok(Self { about: about.to_owned(), stage, questions, told })
    }

    /// From where it is told.
    #[must_use]
    pub fn viewpoint(&self) -> Scope {
        let from = self.questions.iter().find_map(|question| match question {
            Question::Seen { from } => Some(from.clone()),
            _ => None,
        });
        from.unwrap_or_default()
    }
}
