//! What the bytes choose to be written is judged twice: by the rules and by the oracle.

use crate::laws::{Replica as _, Wire};
use crate::model::Model;
use crate::oracle::histories::History;
use crate::oracle::{Facts, judge};
use crate::subject::Subject;
use crate::twins::{differences, view_of};
use crate::world::Draw;
use intent_ledger::contracts::Scope;
use intent_ledger::{MemoryStore, Viewpoint};

/// Entries of one history: the oracle is slow on purpose.
const ENTRIES_MAX: usize = 24;

/// The bytes are the choices of a history of rights and claims. At its middle and at its end, in another order
/// and told piece by piece, the view of a ledger is what the oracle says of the same items `[RULE-1]`.
pub fn view_oracle(bytes: &[u8]) {
    let (&order, choices) = bytes.split_first().unwrap_or((&0, &[]));
    let history = History::chosen(choices, ENTRIES_MAX);
    let interests = [Scope::root()];
    let mut replica = Subject::<MemoryStore>::in_memory(&history.charter, &interests);
    // From here on the rules are kept in step, item by item.
    replica.ledger().view(Viewpoint::Own).expect("memory answers");
    let middle = history.items.len() / 2;
    for (count, item) in history.items.iter().enumerate() {
        replica.deliver(&[Wire::from(item)]);
        if count + 1 == middle || count + 1 == history.items.len() {
            let items = &history.items[..=count];
            let model = Model::new(&history.charter, &interests).with(items);
            let judged = judge(&Facts::of(&model, &interests));
            let view = replica.ledger().view(Viewpoint::Own).expect("memory answers").clone();
            assert_eq!(differences(&view, &judged), Vec::<String>::new(), "after {} items", items.len());
            let mut shuffled = items.to_vec();
            Draw::new(order.into()).shuffle(&mut shuffled);
            let other = view_of(&history.charter, &shuffled);
            assert_eq!(differences(&other, &judged), Vec::<String>::new(), "in order {order}");
        }
    }
}
