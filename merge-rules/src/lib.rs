//! From admitted records to what they mean: total, pure, without a clock `[LAW-2]`.
//!
//! - Nothing here returns an error: whatever was admitted has a reading.
//! - The unknown is kept, counted and never acted on; its footprints still block `[LAW-8]`.
//!
//! [`Rules`] takes in what is admitted; a [`View`] of it answers for enrolments, rights, claims and places.
//! The second implementation in the testing crate, written from SPEC.md alone, says the same of generated
//! histories, after each of their items.
//!
//! ```
//! use intent_merge_rules::Understanding;
//! use intent_contracts::{Record, Tai};
//! let mut unheard_of = Record::new(4_711, Tai(9), vec![0x80]);
//! assert!(matches!(Understanding::of(&[unheard_of.clone()]), Understanding::Read(_)));
//! unheard_of.critical = true;
//! assert_eq!(Understanding::of(&[unheard_of]), Understanding::Unknown);
//! ```

mod attention;
mod authority;
mod claims;
mod cosigning;
mod denials;
mod enrolments;
mod events;
mod exceptions;
mod explain;
mod facts;
mod flaws;
mod geometry;
mod load;
mod map;
mod memo;
mod open;
mod order;
mod places;
mod restrictions;
mod rights;
mod rules;
mod standing;
mod summed;
mod suspensions;
mod understanding;
mod view;
mod votes;
mod writing;

pub use attention::{Attention, Matter};
pub use authority::TripView;
pub use claims::{Covered, GIVES_HEARD_MAX, Lease};
pub use exceptions::{Concern, Exception};
pub use explain::{Because, Denier, Finding, Missing};
pub use facts::Flaw;
pub use flaws::evidence_of;
pub use geometry::meet;
pub use rules::Rules;
pub use standing::Standing;
pub use suspensions::{Suspender, Suspension};
pub use understanding::Understanding;
pub use view::{
    Age, ClaimView, EnrolmentView, Free, Hold, MayAct, Occupancy, Permission, Phase, ResourceView, RightView,
    View,
};
pub use writing::DrawView;

pub use votes::{AssignableWindow, Assignment, SuccessorVotes};

#[cfg(test)]
mod tests {
    use super::*;
    use intent_contracts::kinds::{Act, Body, Commitment, Meaning};
    use intent_contracts::{BoxSpan, Footprint, IntBox, LogId, Measure, Record, ResourceId, Tai, Window};

    fn commitment() -> Commitment {
        Commitment {
            text: "a lot".to_owned(),
            ..Commitment::new(Act::Offer, LogId::from_bytes([7; 32]), Tai(9))
        }
    }

    fn footprint(start: u64, end: u64) -> Footprint {
        let window = Window::new(Tai(start), Tai(end)).unwrap();
        Footprint::open(ResourceId::from_bytes([1; 32]), Measure::Exclusive, window, 1)
    }

    fn cells(start: i64, end: i64) -> Vec<IntBox> {
        vec![IntBox::try_from(vec![BoxSpan::new(start, end).unwrap()]).unwrap()]
    }

    #[test]
    fn an_unknown_kind_leaves_the_rest_of_its_entry_readable_unless_it_is_critical() {
        let known = commitment().record(Tai(9), Vec::new()).unwrap();
        let mut unknown = Record::new(99, Tai(9), vec![1, 2, 3]);
        let read = Understanding::of(&[known.clone(), unknown.clone()]);
        assert_eq!(
            read,
            Understanding::Read(vec![Meaning::Commitment(Box::new(commitment())), Meaning::Unknown])
        );
        unknown.critical = true;
        assert_eq!(Understanding::of(&[known, unknown]), Understanding::Unknown);
    }

    #[test]
    fn a_field_behind_the_known_ones_matters_only_to_a_critical_record() {
        let mut extended = commitment().record(Tai(9), Vec::new()).unwrap().with_tail(vec![7]);
        assert!(matches!(Understanding::of(&[extended.clone()]), Understanding::Read(_)));
        extended.critical = true;
        assert_eq!(Understanding::of(&[extended]), Understanding::Unknown);
    }

    #[test]
    fn footprints_that_only_touch_do_not_meet() {
        assert!(meet(&footprint(0, 10), &footprint(9, 20)));
        assert!(!meet(&footprint(0, 10), &footprint(10, 20)));
        let left = footprint(0, 10).within(cells(0, 5)).unwrap();
        assert!(!meet(&left, &footprint(0, 10).within(cells(5, 9)).unwrap()));
        assert!(meet(&left, &footprint(0, 10).within(cells(4, 9)).unwrap()));
        assert!(meet(&left, &footprint(0, 10)));
    }
}
