//! Votes of roots: who holds windows that the charter leaves open, and which charter follows `[VOTE-4]`.
//!
//! - A root votes once for a window. What it voted before must be known: a store that was restored may lack it.
//! - So a vote draws a generation that the host records before the vote is written: a copy of the store from before
//!   it is proven no more.

use crate::clocks::Approval;
use crate::error::{AuthorityError, LedgerError};
use crate::ledger::Ledger;
use crate::store::Store;
use crate::store::rows::Draft;
use intent_contracts::kinds::Body as _;
use intent_contracts::kinds::notice::{Vote, WindowVote, encode};
use intent_contracts::{Clock, NoticeId, Scope, Tai};

impl<S: Store> Ledger<S> {
    /// Votes, as a root, for the log that is to hold windows which the charter leaves open, or for the ledger that
    /// follows this one. The vote lasts as long as the charter.
    ///
    /// A store that may lack what this root voted before, because its continuity was lost at some time, needs an
    /// `approval`: an operator has seen that this root votes for nothing else there. Cost: linear in the notices here.
    ///
    /// # Errors
    /// [`AuthorityError`]: this key is no root's; the windows are none that votes assign, or the log ends too soon for
    /// them `[VOTE-2]`; this root voted otherwise; what it voted before is not known; or continuity is not proven.
    pub fn vote(
        &mut self,
        vote: &Vote,
        approval: Option<Approval>,
        now: Clock,
    ) -> Result<NoticeId, AuthorityError> {
        let roots = self.state.charter.roots().iter().zip(0_u8..);
        let place = roots.clone().find(|(root, _)| root.key == self.author).map(|(_, place)| place);
        let root = place.ok_or(AuthorityError::NotARoot)?;
        if let Vote::Window(window) = vote {
            self.assignable(window)?;
        }
        if let Some(by) = self.voted_otherwise(vote)? {
            return Err(AuthorityError::VotedOtherwise { by });
        }
        match approval {
            Some(approval) => self.confirmed(approval, now).map_err(AuthorityError::Approval)?,
            None if self.marks.sole => {}
            None => return Err(AuthorityError::VotesUnknown),
        }
        self.prove()?;
        let draft = Draft::over(self.store.view().map_err(LedgerError::from)?);
        self.commit_own(draft, None)?;
        let enrolment = intent_contracts::RecordId::root(&self.state.ledger, root);
        let until = self.state.charter.until();
        let body = encode(vote)?;
        Ok(self.notice_under(enrolment, &Scope::root(), until, Vote::KIND, body, now)?)
    }

    /// Whether a vote on these windows for this log can count `[VOTE-2]`.
    fn assignable(&self, vote: &WindowVote) -> Result<(), AuthorityError> {
        let none = AuthorityError::NotAssignable { give: vote.give, first: vote.first, last: vote.last };
        let charter = &self.state.charter;
        let give = usize::try_from(vote.give).ok().and_then(|number| charter.gives().get(number));
        let give = give.filter(|give| vote.first > give.repeats && give.last_assignable >= Some(vote.last));
        let Some(window) = give.and_then(|give| give.window(vote.last)) else { return Err(none) };
        let longest = charter.parameters().longest_lease;
        let needed: Tai = window.end().plus(longest).plus(longest);
        let least = vote.holder.end.min(charter.until());
        if least < needed {
            return Err(AuthorityError::VoteEndsSooner { needed, end: least });
        }
        Ok(())
    }

    /// An own vote that names another log for one of these windows, or another successor.
    fn voted_otherwise(&self, vote: &Vote) -> Result<Option<NoticeId>, LedgerError> {
        let against = |earlier: &Vote| match (earlier, vote) {
            (Vote::Window(a), Vote::Window(b)) => {
                a.give == b.give && a.first <= b.last && b.first <= a.last && a.holder != b.holder
            }
            (Vote::Successor(a), Vote::Successor(b)) => a != b,
            _ => false,
        };
        let notices = self.reader()?.notices()?;
        let own = notices.iter().filter(|found| {
            let notice = found.notice();
            notice.author == self.author && notice.kind == Vote::KIND
        });
        let otherwise = |found: &&intent_contracts::SignedNotice| {
            Vote::read(&found.notice().body).is_ok_and(|read| against(&read.body))
        };
        Ok(own.into_iter().find(otherwise).map(intent_contracts::SignedNotice::id))
    }
}
