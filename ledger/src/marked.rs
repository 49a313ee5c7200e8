//! What a store remembers of the replica's own writing, by the ids of logs and notices `[HOR-4]`.
//!
//! - The keys of the rows say it, so a damaged value loses nothing.
//! - When a mark is lost, all that was written under enrolments that admit this replica's key counts as its
//!   own, and no notice of it as heard: more is exported, nothing less `[STORE-7]`.

use crate::ledger::Ledger;
use crate::scrub::Damage;
use crate::store::rows::{self, Mark, Table};
use crate::store::{Store, StoreError, View};
use intent_contracts::{AuthorKey, LogId, LogKey, NoticeId, SignedNotice};
use std::collections::BTreeSet;

/// The marks in a store, those of what is no longer admitted among them.
#[derive(Debug, Default)]
pub(crate) struct Marked {
    pub(crate) logs: BTreeSet<LogId>,
    pub(crate) notices: BTreeSet<NoticeId>,
    /// Whether some may be missing.
    pub(crate) doubtful: bool,
}

impl Marked {
    pub(crate) fn read<V: View>(view: &V, damage: &mut Vec<Damage>) -> Result<Self, StoreError> {
        let mut marked = Self::default();
        for row in view.rows_from(&Table::Meta.prefix(), &[])? {
            let (key, value) = row?;
            match rows::mark_of(&key) {
                Some(Mark::OwnLog(log)) => marked.logs.extend([log]),
                Some(Mark::Unheard(notice)) => marked.notices.extend([notice]),
                None => continue,
            }
            if !rows::unseal(&key, &value).is_ok_and(|content| content.is_empty()) {
                damage.push(Damage::at(&key, "it holds what no mark holds".to_owned()));
            }
        }
        Ok(marked)
    }

    /// Whether the replica of key `own` wrote the log.
    pub(crate) fn wrote(&self, own: &AuthorKey, id: &LogId, key: &LogKey) -> bool {
        key.author == *own || self.logs.contains(id)
    }

    /// Whether the replica of key `own` wrote the notice, and no peer is known to have it.
    pub(crate) fn unheard(&self, own: &AuthorKey, notice: &SignedNotice) -> bool {
        self.notices.contains(&notice.id()) || (self.doubtful && notice.notice().author == *own)
    }
}

impl<S: Store> Ledger<S> {
    /// Takes up the marks of what is admitted.
    pub(crate) fn take_marks(&mut self, marked: &Marked) {
        let state = &mut self.state;
        let own = state.enrolments.of_key(&self.author).filter(|_| marked.doubtful);
        let (mut logs, mut notices) = (marked.logs.clone(), marked.notices.clone());
        for (_, enrolment) in own {
            logs.extend(enrolment.logs.iter().map(|(_, log)| *log));
            notices.extend(enrolment.notices.iter().map(|(_, notice)| *notice));
        }
        logs.retain(|log| state.logs.contains_key(log));
        notices.retain(|notice| state.notices.contains_key(notice));
        (state.own_logs, state.unheard) = (logs, notices);
    }
}
