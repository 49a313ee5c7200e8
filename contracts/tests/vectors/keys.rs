//! The vectors of keys and signatures.

use super::*;

/// y = 2 is on no point of the curve.
pub(super) const NO_POINT: [u8; 32] = {
    let mut bytes = [0; 32];
    bytes[0] = 2;
    bytes
};
/// The neutral element, y = 1.
pub(super) const IDENTITY: [u8; 32] = {
    let mut bytes = [0; 32];
    bytes[0] = 1;
    bytes
};

pub(super) fn keys() {
    use curve25519_dalek::constants::{ED25519_BASEPOINT_POINT, EIGHT_TORSION};
    let kind = Kind::of("key", "KEY-2");
    for number in [1, 2, 3] {
        kind.accept(&format!("seed-{number}"), "the key of a seed", author_of(number).as_bytes());
    }
    kind.accept("base-point", "the base point", &ED25519_BASEPOINT_POINT.compress().0);
    kind.reject("no-point", Reason::KeyEncoding, "y = 2 is on no point", &NO_POINT);
    let p = |add: u8| {
        let mut bytes = [0xff; 32];
        (bytes[0], bytes[31]) = (0xed + add, 0x7f);
        bytes
    };
    kind.reject("zero-as-p", Reason::KeyEncoding, "y = p, a second encoding of 0", &p(0));
    kind.reject("one-as-p-plus-1", Reason::KeyEncoding, "y = p + 1, a second encoding of 1", &p(1));
    kind.reject("greatest-y", Reason::KeyEncoding, "y = 2^255 - 1", &p(18));
    let mut minus_zero = IDENTITY;
    minus_zero[31] = 0x80;
    kind.reject("minus-zero", Reason::KeyEncoding, "x = 0 with the sign of a negative x", &minus_zero);
    for (order, point) in EIGHT_TORSION.iter().enumerate() {
        let encoded = point.compress().0;
        kind.reject(&format!("torsion-{order}"), Reason::KeyTorsion, "a point of small order", &encoded);
        if order > 0 {
            let mixed = (ED25519_BASEPOINT_POINT + point).compress().0;
            let comment = "the base point plus a point of small order";
            kind.reject(&format!("mixed-{order}"), Reason::KeyTorsion, comment, &mixed);
        }
    }
}

fn author_of(number: u8) -> AuthorKey {
    key(number).author()
}

pub(super) fn signatures() {
    let kind = Kind::of("signature", "KEY-3");
    let message = b"one predicate, for ever";
    let signature = *key(1).sign(message).expect("a key in memory signs").as_bytes();
    let vector = |key: &[u8; 32], signature: &[u8; 64]| [&key[..], signature, message].concat();
    let public = *author_of(1).as_bytes();
    kind.accept("plain", "key, signature and message", &vector(&public, &signature));
    for (place, bytes) in shifted_signatures(message).iter().enumerate() {
        let comment = "R carries a point of small order; the cofactored equation holds";
        kind.accept(&format!("shifted-{}", place + 1), comment, &vector(&public, bytes));
    }
    kind.reject("other-key", Reason::SignatureInvalid, "another key", &{
        vector(author_of(2).as_bytes(), &signature)
    });
    kind.reject("message-longer", Reason::SignatureInvalid, "one byte more in the message", &{
        [vector(&public, &signature), vec![0]].concat()
    });
    let order = curve25519_dalek::Scalar::ZERO - curve25519_dalek::Scalar::ONE;
    let mut malleable = signature;
    let mut carry = 1;
    // S + L, the second S that satisfies the equation; L = (L - 1) + 1.
    for (byte, add) in malleable[32..].iter_mut().zip(order.as_bytes()) {
        carry += u16::from(*byte) + u16::from(*add);
        [_, *byte] = carry.to_be_bytes();
        carry >>= 8;
    }
    kind.reject("s-plus-l", Reason::SignatureInvalid, "S not reduced", &vector(&public, &malleable));
    kind.reject("small-order-key", Reason::KeyTorsion, "a key under which everything verifies", &{
        vector(&IDENTITY, &[&IDENTITY[..], &[0; 32]].concat().try_into().expect("64 bytes"))
    });
}

/// Signatures of key 1 whose R is shifted by each point of small order but the neutral one.
fn shifted_signatures(message: &[u8]) -> Vec<[u8; 64]> {
    fixtures::shifted(1, message)
}
