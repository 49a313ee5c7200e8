//! The canonical walk beside a second reader of CBOR.

use ciborium::Value;
use intent_ledger::contracts::{bounds, cbor};

/// What the walk accepts, the second reader reads and writes to the same bytes; and what the second reader
/// reads, writes to the same bytes and finds to be made of what `[CBOR-1]` to `[CBOR-5]` allow, the walk accepts.
pub fn walk(bytes: &[u8]) {
    let walked = cbor::walk(bytes).is_ok();
    let mut rest = bytes;
    let read: Option<Value> = ciborium::from_reader(&mut rest).ok();
    let whole = read.filter(|_| rest.is_empty());
    let canonical = whole.is_some_and(|value| {
        let mut written = Vec::new();
        ciborium::into_writer(&value, &mut written).expect("memory takes everything");
        written == bytes && allowed(&value, 0)
    });
    assert_eq!(walked, canonical, "the walk and the second reader agree");
}

/// Whether a value is of the sorts, the order and the depth that the format allows.
fn allowed(value: &Value, depth: usize) -> bool {
    match value {
        Value::Integer(_) | Value::Bytes(_) | Value::Text(_) | Value::Bool(_) | Value::Null => true,
        Value::Array(items) => depth < bounds::DEPTH_MAX && items.iter().all(|item| allowed(item, depth + 1)),
        Value::Map(pairs) => {
            let keys: Vec<Vec<u8>> = pairs.iter().map(|(key, _)| encoded(key)).collect();
            depth < bounds::DEPTH_MAX
                && keys.windows(2).all(|pair| pair[0] < pair[1])
                && pairs.iter().all(|(key, value)| allowed(key, depth + 1) && allowed(value, depth + 1))
        }
        _ => false,
    }
}

fn encoded(value: &Value) -> Vec<u8> {
    let mut out = Vec::new();
    ciborium::into_writer(value, &mut out).expect("memory takes everything");
    out
}
