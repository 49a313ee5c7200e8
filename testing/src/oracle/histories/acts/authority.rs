//! Who may speak where: deniers whose anchor lies beside their scope.

use super::{Actor, Cast};
use crate::oracle::histories::hour;
use intent_contracts::Scope;
use intent_contracts::kinds::{Body as _, Enrol, Roles};

impl Actor {
    /// Now and then somebody is appointed in an unusual way, beside what else is done.
    pub(in crate::oracle::histories) fn mind_who_may_speak(&mut self) {
        let Some(draw) = self.authority_draw.take() else { return };
        let other = std::mem::replace(&mut self.draw, draw);
        match self.draw.below(24) {
            0 | 1 => self.appoint_beside(),
            2 | 3 => self.revoke(),
            _ => {}
        }
        self.authority_draw = Some(std::mem::replace(&mut self.draw, other));
    }

    /// Whoever may enrol gives somebody a place to deny that lies in its scope or beside it `[GRANT-4]`.
    fn appoint_beside(&mut self) {
        let fits = |cast: &Cast| cast.roles.has(Roles::ENROL) && cast.depth < 3;
        let parents: Vec<usize> = (0..self.cast.len()).filter(|it| fits(&self.cast[*it])).collect();
        let Some(parent) = self.pick(parents.len()).map(|it| parents[it]) else { return };
        let Some(anchor) = self.pick(self.cast.len()) else { return };
        let (record, mut cast) = self.enrolling(parent, true);
        let Ok(reading) = Enrol::read(&record.body) else { return };
        let mut body = reading.body;
        let text = ["a", "a/b", "a/c", "a/c"][self.draw.below(4)];
        let scope = Scope::parse(text).expect("few labels");
        body.scope = if self.cast[parent].scope.contains(&scope) { scope } else { body.scope };
        body.roles = Roles::DENY.with_class(body.roles.class());
        body.anchor = Some(self.cast[anchor].id);
        cast.scope = body.scope.clone();
        cast.roles = body.roles;
        let until = if self.one_in(8) { cast.until.min(hour(20)) } else { cast.until };
        cast.until = until;
        let record = body.record(until, Vec::new()).expect("within its bounds");
        let log = self.safety_log(parent);
        let cited = self.pen.write(log, &[record])[0];
        self.endorse_maybe(cited);
        self.welcome(Cast { id: cited.record, ..cast });
    }
}
