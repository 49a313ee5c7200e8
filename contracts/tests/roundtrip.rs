//! Reading undoes writing, what is accepted is written as it was, and nothing altered is authentic
//! `[CBOR-7]`, `[CBOR-8]`, `[KEY-4]`.

#![allow(clippy::unwrap_used, reason = "a test fails where it cannot go on")]

mod fixtures;

use ciborium::Value;
use fixtures::*;
use intent_contracts::kinds::{self, Body, Meaning};
use intent_contracts::*;
use proptest::collection::vec;
use proptest::option;
use proptest::prelude::*;

fn config() -> ProptestConfig {
    ProptestConfig { cases: 1_000, failure_persistence: None, ..ProptestConfig::default() }
}

// ---- Strategies ----------------------------------------------------------------------------------

/// Integers of every width.
fn number() -> impl Strategy<Value = u64> {
    prop_oneof![0..24_u64, 24..300_u64, any::<u32>().prop_map(u64::from), any::<u64>(), Just(u64::MAX)]
}

fn small() -> impl Strategy<Value = u8> {
    prop_oneof![0..24_u8, any::<u8>()]
}

fn tai() -> impl Strategy<Value = Tai> {
    number().prop_map(Tai)
}

fn millis() -> impl Strategy<Value = Millis> {
    number().prop_map(Millis)
}

fn hash() -> impl Strategy<Value = [u8; 32]> {
    any::<[u8; 32]>()
}

fn author_key() -> impl Strategy<Value = AuthorKey> {
    hash().prop_map(AuthorKey::from_bytes)
}

fn record_id() -> impl Strategy<Value = RecordId> {
    (hash(), small()).prop_map(|(entry, index)| RecordId { entry: EntryId::from_bytes(entry), index })
}

fn a_citation() -> impl Strategy<Value = Citation> {
    (hash(), number(), record_id(), tai()).prop_map(|(log, seq, record, until)| Citation {
        log: LogId::from_bytes(log),
        seq,
        record,
        until,
    })
}

fn a_label() -> impl Strategy<Value = Label> {
    "[!-.0-~]{1,32}".prop_map(|text| label(&text))
}

fn a_scope() -> impl Strategy<Value = Scope> {
    vec(a_label(), 0..=bounds::SCOPE_DEPTH_MAX).prop_map(|labels| Scope::try_from(labels).unwrap())
}

fn a_path() -> impl Strategy<Value = ResourcePath> {
    vec(a_label(), 0..=bounds::PATH_DEPTH_MAX).prop_map(|labels| ResourcePath::try_from(labels).unwrap())
}

fn a_measure() -> impl Strategy<Value = Measure> {
    prop::sample::select(vec![Measure::Exclusive, Measure::Pool, Measure::Rate])
}

fn a_window() -> impl Strategy<Value = Window> {
    (number(), number()).prop_filter_map("not empty", |(a, b)| Window::new(Tai(a.min(b)), Tai(a.max(b))).ok())
}

fn a_box() -> impl Strategy<Value = IntBox> {
    let span = (any::<i64>(), any::<i64>())
        .prop_filter_map("not empty", |(a, b)| BoxSpan::new(a.min(b), a.max(b)).ok());
    vec(span, 1..=bounds::DIMENSIONS_MAX).prop_map(|spans| IntBox::try_from(spans).unwrap())
}

fn a_footprint() -> impl Strategy<Value = Footprint> {
    let boxes = vec(a_box(), 0..=bounds::BOXES_MAX);
    (hash(), a_measure(), a_window(), boxes, number(), option::of(a_citation())).prop_map(
        |(resource, measure, window, boxes, amount, right)| {
            let plain = Footprint::open(ResourceId::from_bytes(resource), measure, window, amount);
            let plain = plain.within(boxes).unwrap();
            right.map_or(plain.clone(), |right| plain.from_right(right))
        },
    )
}

/// Raw items of a newer version.
fn a_tail() -> impl Strategy<Value = Vec<u8>> {
    let leaf = prop_oneof![
        number().prop_map(Value::from),
        any::<i64>().prop_map(Value::from),
        vec(any::<u8>(), 0..30).prop_map(Value::Bytes),
        "\\PC{0,10}".prop_map(Value::Text),
        any::<bool>().prop_map(Value::Bool),
        Just(Value::Null),
    ];
    let item = leaf.prop_recursive(3, 12, 4, |inner| {
        let map = vec(inner.clone(), 0..3).prop_map(|values| {
            let pairs = values.into_iter().enumerate().map(|(key, value)| (Value::from(key as u64), value));
            Value::Map(pairs.collect())
        });
        prop_oneof![vec(inner, 0..4).prop_map(Value::Array), map]
    });
    let few = vec(item, 0..4);
    let many = vec((0..24_u64).prop_map(Value::from), 0..40);
    prop_oneof![Just(Vec::new()), few, many].prop_map(|items| items.iter().flat_map(write).collect())
}

fn an_authored() -> impl Strategy<Value = Authored> {
    (tai(), millis()).prop_map(|(at, error)| Authored { at, error })
}

fn a_log_key() -> impl Strategy<Value = LogKey> {
    let lane = prop::sample::select(Lane::ALL.to_vec());
    (author_key(), lane, number(), tai(), record_id()).prop_map(
        |(author, lane, incarnation, end, enrolment)| LogKey { author, lane, incarnation, end, enrolment },
    )
}

fn a_header() -> impl Strategy<Value = Header> {
    let version = prop_oneof![Just(1), 1..=u64::MAX];
    (a_log_key(), number(), hash(), an_authored(), hash(), version, a_tail()).prop_map(
        |(log, seq, prev, authored, digest, version, tail)| {
            let seq = seq.max(1);
            let prev = if seq == 1 { log.enrolment.entry } else { EntryId::from_bytes(prev) };
            Header::new(log, seq, prev, authored, Digest::from_bytes(digest)).with_future(version, tail)
        },
    )
}

fn a_record() -> impl Strategy<Value = Record> {
    let kind = prop_oneof![0..30_u64, number()];
    let effect = prop::sample::select(vec![Effect::None, Effect::Takes, Effect::Frees]);
    let footprints = vec(a_footprint(), 0..=bounds::FOOTPRINTS_MAX);
    (kind, any::<bool>(), tai(), effect, footprints, vec(any::<u8>(), 0..300), a_tail()).prop_map(
        |(kind, critical, until, effect, footprints, body, tail)| {
            let mut record =
                Record::new(kind, until, body).with_footprints(effect, footprints).unwrap().with_tail(tail);
            record.critical = critical;
            record
        },
    )
}

/// Arrays of records that keep within the bytes of one entry.
fn some_records() -> impl Strategy<Value = Vec<Record>> {
    let small = vec(any::<u8>(), 0..100).prop_map(|body| Record::new(99, UNTIL, body));
    let many = vec(small, 1..=bounds::RECORDS_MAX);
    prop_oneof![vec(a_record(), 1..3), many]
        .prop_filter("within bounds", |records| Record::encode_all(records).is_ok())
}

fn a_notice() -> impl Strategy<Value = Notice> {
    let version = prop_oneof![Just(1), 1..=u64::MAX];
    let frame = (author_key(), record_id(), a_scope(), tai(), an_authored());
    (frame, number(), vec(any::<u8>(), 0..300), version, a_tail()).prop_map(
        |((author, enrolment, scope, until, authored), kind, body, version, tail)| {
            let header = NoticeHeader { author, enrolment, scope, until, authored };
            Notice::new(header, kind, body).with_future(version, tail)
        },
    )
}

fn some_needs() -> impl Strategy<Value = kinds::Needs> {
    (vec(a_citation(), 1..=bounds::NEEDS_MAX), any::<prop::sample::Index>()).prop_filter_map(
        "each once",
        |(of, least)| {
            let distinct: std::collections::BTreeSet<_> = of.iter().map(|cited| cited.record).collect();
            let least = least.index(of.len()) as u64 + 1;
            (distinct.len() == of.len()).then_some(kinds::Needs { least, of })
        },
    )
}

fn a_mode() -> impl Strategy<Value = kinds::Mode> {
    prop::sample::select(kinds::Mode::ALL)
}

fn an_enrol() -> impl Strategy<Value = kinds::Enrol> {
    let lineage = (a_label(), a_label()).prop_map(|(build, hardware)| kinds::Lineage { build, hardware });
    let next_key = option::of(hash().prop_map(Digest::from_bytes));
    let answers = vec(hash().prop_map(NoticeId::from_bytes), 0..=bounds::CITATIONS_MAX);
    let numbers = (number(), number(), number(), number(), number(), number());
    let rest = (option::of(record_id()), answers, option::of(some_needs()));
    (author_key(), a_scope(), numbers, lineage, next_key, rest).prop_map(
        |(key, scope, numbers, lineage, next_key, (anchor, answers, needs))| {
            let (roles, byte_budget, safety_budget, max_logs, max_notices, ordinal) = numbers;
            let roles = kinds::Roles(roles);
            kinds::Enrol {
                key,
                roles,
                scope,
                byte_budget,
                safety_budget,
                max_logs,
                max_notices,
                needs,
                lineage,
                next_key,
                anchor,
                ordinal,
                answers,
            }
        },
    )
}

fn a_resource() -> impl Strategy<Value = kinds::Resource> {
    let scale = (1..=u64::MAX, 1..=u64::MAX);
    (a_scope(), a_path(), a_measure(), a_label(), scale, a_label(), millis(), a_mode()).prop_map(
        |(scope, path, measure, unit, scale, frame, stopping_time, strictest_mode)| kinds::Resource {
            scope,
            path,
            measure,
            unit,
            scale,
            frame,
            stopping_time,
            strictest_mode,
        },
    )
}

fn a_give() -> impl Strategy<Value = kinds::Give> {
    let log = hash().prop_map(|log| kinds::Receiver::Log(LogId::from_bytes(log)));
    let claim = (a_citation(), small())
        .prop_map(|(claim, alternative)| kinds::Receiver::Claim { claim, alternative });
    (prop_oneof![log, claim], vec(small(), 0..=bounds::FOOTPRINTS_MAX))
        .prop_map(|(to, parts)| kinds::Give { to, parts })
}

fn an_embedded() -> impl Strategy<Value = kinds::Embedded> {
    let bytes = || vec(any::<u8>(), 0..40).prop_map(serde_bytes::ByteBuf::from);
    let signature =
        (hash(), hash()).prop_map(|(r, s)| Signature::from_bytes([r, s].concat().try_into().unwrap()));
    (vec(bytes(), 1..=bounds::RUN_MAX), signature, bytes(), small()).prop_map(
        |(headers, signature, records, index)| kinds::Embedded { headers, signature, records, index },
    )
}

fn an_over() -> impl Strategy<Value = kinds::Over> {
    let end = prop_oneof![
        an_embedded().prop_map(|release| (Some(release), None)),
        hash().prop_map(|id| (None, Some(NoticeId::from_bytes(id)))),
    ];
    (a_citation(), end).prop_map(|(claim, (release, revocation))| kinds::Over { claim, release, revocation })
}

fn a_claim() -> impl Strategy<Value = kinds::Claim> {
    let alternative = vec(small(), 1..=bounds::FOOTPRINTS_MAX);
    let attestations = vec(a_citation(), 0..=bounds::CITATIONS_MAX);
    let alternatives = vec(alternative, 1..=bounds::ALTERNATIVES_MAX);
    let modes = vec(a_label(), 0..=bounds::CAPABILITY_MODES_MAX);
    (alternatives, small(), millis(), millis(), number(), attestations, vec(an_over(), 0..4), modes).prop_map(
        |(alternatives, class, least, ideal, rule_set, attestations, over, capability_modes)| kinds::Claim {
            alternatives,
            class,
            least,
            ideal,
            rule_set,
            attestations,
            over,
            capability_modes,
        },
    )
}

fn a_giving_back() -> impl Strategy<Value = kinds::GivingBack> {
    (vec((a_citation(), number()), 1..=bounds::FOOTPRINTS_MAX), vec(small(), 0..=bounds::ALTERNATIVES_MAX))
        .prop_map(|(pairs, alternatives)| {
            let (gives, unused) = pairs.into_iter().unzip();
            kinds::GivingBack { gives, alternatives, unused }
        })
}

fn a_reclaim() -> impl Strategy<Value = kinds::Reclaim> {
    (a_citation(), option::of(an_embedded())).prop_map(|(give, proof)| kinds::Reclaim { give, proof })
}

fn versions() -> impl Strategy<Value = (u64, u64)> {
    (number(), number()).prop_map(|(a, b)| (a.min(b), a.max(b)))
}

fn some_constraints() -> impl Strategy<Value = Vec<kinds::Constraint>> {
    let relation = prop::sample::select(kinds::Relation::ALL);
    let constraint = (a_label(), relation, any::<i64>())
        .prop_map(|(property, relation, value)| kinds::Constraint { property, relation, value });
    vec(constraint, 0..=bounds::CITATIONS_MAX)
}

fn an_advert() -> impl Strategy<Value = kinds::Advert> {
    let properties = prop::collection::btree_map(a_label(), any::<i64>(), 0..=bounds::CITATIONS_MAX);
    let properties = properties.prop_map(|properties| properties.into_iter().collect::<Vec<_>>());
    let side = prop_oneof![
        properties.prop_map(|properties| (kinds::Side::Offers, properties, Vec::new())),
        some_constraints().prop_map(|constraints| (kinds::Side::Needs, Vec::new(), constraints)),
    ];
    (a_path(), option::of(versions()), side).prop_map(|(name, versions, (side, properties, constraints))| {
        kinds::Advert { side, name, versions, properties, constraints }
    })
}

fn a_need() -> impl Strategy<Value = kinds::Need> {
    (a_path(), versions(), some_constraints()).prop_map(|(name, versions, constraints)| kinds::Need {
        name,
        versions,
        constraints,
    })
}

fn some_ids() -> impl Strategy<Value = Vec<Digest>> {
    vec(hash().prop_map(Digest::from_bytes), 0..=bounds::ABOUT_MAX)
}

fn a_text() -> impl Strategy<Value = String> {
    "\\PC{0,64}".prop_filter("within bounds", |text| text.len() <= bounds::TEXT_BYTES_MAX)
}

fn a_commitment() -> impl Strategy<Value = kinds::Commitment> {
    let act = prop_oneof![
        (0..2_u8).prop_map(|act| (act, None, None)),
        option::of(an_embedded()).prop_map(|evidence| (2, None, evidence)),
        (0..3_u8).prop_map(|outcome| (3, Some(outcome), None)),
        (3..8_u8).prop_map(|outcome| (4, Some(outcome), None)),
    ];
    let promise = (number(), option::of(tai()), option::of(a_need()), some_ids())
        .prop_map(|(quantity, due, need, about)| kinds::Promise { quantity, due, need, about });
    let logs = vec(hash().prop_map(LogId::from_bytes), 1..=bounds::PARTIES_MAX);
    let who = (logs, option::of(record_id()), vec(a_citation(), 0..=bounds::CITATIONS_MAX));
    let what = (number(), tai(), tai(), any::<bool>(), option::of(a_need()), some_ids());
    (act, who, what, option::of(promise), a_text()).prop_map(
        |((act, outcome, evidence), (parties, to, answers), what, against, text)| {
            let (quantity, open_until, due, has_due, need, about) = what;
            let outcome = outcome.map(|number| kinds::Outcome::try_from(number).unwrap());
            let has_due = has_due || outcome == Some(kinds::Outcome::Delayed);
            kinds::Commitment {
                act: kinds::Act::try_from(act).unwrap(),
                answers,
                decider: parties[0],
                to,
                parties,
                quantity,
                open_until,
                due: has_due.then_some(due),
                need,
                about,
                against,
                outcome,
                text,
                evidence,
            }
        },
    )
}

fn a_value() -> impl Strategy<Value = kinds::Value> {
    use kinds::Value;
    let bytes = vec(any::<u8>(), 0..=bounds::TEXT_BYTES_MAX);
    prop_oneof![
        prop::sample::select(values()),
        any::<i64>().prop_map(Value::Int),
        any::<i64>().prop_map(Value::Counter),
        a_text().prop_map(Value::Str),
        bytes.prop_map(Value::Bytes),
    ]
}

fn a_terms_edit() -> impl Strategy<Value = kinds::TermsEdit> {
    use kinds::{Edit, Step};
    let step = prop_oneof![number().prop_map(Step::Index), a_text().prop_map(Step::Key)];
    let edit = prop_oneof![
        a_value().prop_map(Edit::Put),
        Just(Edit::Delete),
        (number(), a_value()).prop_map(|(at, value)| Edit::Insert { at, value }),
        (number(), 0..=bounds::SPLICE_CHARS_MAX, "\\PC{0,256}")
            .prop_map(|(at, delete, insert)| Edit::Splice { at, delete, insert }),
        any::<i64>().prop_map(Edit::Increment),
    ];
    let path = vec(step, 0..=bounds::TERMS_DEPTH_MAX);
    (option::of(a_citation()), path, edit, vec(record_id(), 0..=bounds::PARTIES_MAX))
        .prop_map(|(contract, path, edit, builds_on)| kinds::TermsEdit { contract, path, edit, builds_on })
}

fn a_terms_accept() -> impl Strategy<Value = kinds::TermsAccept> {
    let counts = vec(0..=bounds::TERMS_EDITS_MAX, 1..=bounds::PARTIES_MAX);
    (a_citation(), counts, hash()).prop_map(|(contract, counts, digest)| kinds::TermsAccept {
        contract,
        counts,
        digest: Digest::from_bytes(digest),
    })
}

fn an_attestation() -> impl Strategy<Value = kinds::Attestation> {
    let lots = vec(a_label(), 0..=bounds::CITATIONS_MAX);
    (record_id(), hash(), hash(), lots, (a_label(), a_label()), a_window()).prop_map(
        |(subject, build, config, lots, (family, hardware), valid)| kinds::Attestation {
            subject,
            build: Digest::from_bytes(build),
            config: Digest::from_bytes(config),
            lots,
            lineage: kinds::Lineage { build: family, hardware },
            valid,
        },
    )
}

fn an_exception() -> impl Strategy<Value = kinds::Exception> {
    let signature = option::of(hash().prop_map(Digest::from_bytes));
    let about = (option::of(record_id()), option::of(a_label()));
    (signature, number(), small(), (tai(), tai()), about, millis(), a_text()).prop_map(
        |(signature, count, severity, (a, b), (subject, cause), lost, text)| {
            let (first, last) = (a.min(b), a.max(b));
            kinds::Exception { signature, count, severity, first, last, subject, cause, lost, text }
        },
    )
}

fn a_closing() -> impl Strategy<Value = kinds::Closing> {
    let notices = vec(hash().prop_map(NoticeId::from_bytes), 0..=bounds::CITATIONS_MAX);
    let records = vec(record_id(), 0..=bounds::CITATIONS_MAX);
    (notices, records, vec(record_id(), 0..=bounds::PROBES_MAX), option::of(tai()))
        .prop_filter("it ends something", |(notices, records, ..)| {
            !(notices.is_empty() && records.is_empty())
        })
        .prop_map(|(notices, records, claims, until)| kinds::Closing { notices, records, claims, until })
}

fn an_activation() -> impl Strategy<Value = kinds::Activation> {
    use kinds::Activated;
    let what = prop_oneof![number().prop_map(Activated::RuleSet), a_label().prop_map(Activated::Feature)];
    (what, any::<bool>(), a_scope(), a_window()).prop_map(|(what, on, scope, window)| kinds::Activation {
        what,
        on,
        scope,
        from: window.end(),
        endorsable_until: window.start(),
    })
}

fn a_vote() -> impl Strategy<Value = kinds::notice::Vote> {
    use kinds::notice::{Vote, WindowVote};
    let windows = (number(), number(), 0..bounds::VOTE_WINDOWS_MAX, a_log_key());
    prop_oneof![
        hash().prop_map(|id| Vote::Successor(LedgerId::from_bytes(id))),
        windows.prop_map(|(give, first, more, holder)| {
            let last = first.saturating_add(more);
            Vote::Window(WindowVote { give, first, last, holder })
        }),
    ]
}

fn a_restriction() -> impl Strategy<Value = kinds::notice::Restriction> {
    use kinds::notice::{Fact, FactValue, Restriction, RestrictionEffect};
    let value = prop_oneof![
        Just(FactValue::Null),
        vec(any::<u8>(), 0..40).prop_map(FactValue::Bytes),
        "\\PC{0,40}".prop_map(FactValue::Text),
        vec("\\PC{0,8}", 0..7).prop_map(FactValue::Labels),
    ];
    let fact = (number(), value).prop_map(|(number, value)| Fact { number, value });
    (vec(fact, 0..=bounds::FACTS_MAX), number(), option::of(tai()), any::<bool>()).prop_map(
        |(facts, effect, since, above)| Restriction {
            facts,
            effect: RestrictionEffect(effect),
            since,
            above,
        },
    )
}

fn a_revocation() -> impl Strategy<Value = kinds::notice::Revocation> {
    let cut = (hash(), number(), hash()).prop_map(|(log, seq, id)| kinds::notice::Cut {
        log: LogId::from_bytes(log),
        seq,
        id: EntryId::from_bytes(id),
    });
    (author_key(), vec(cut, 0..=bounds::CUTS_MAX))
        .prop_map(|(key, cuts)| kinds::notice::Revocation { key, cuts })
}

fn a_charter_give(roots: u8) -> impl Strategy<Value = CharterGive> {
    let lane = prop::sample::select(Lane::ALL.to_vec());
    let times = (tai(), millis());
    (a_footprint(), 0..roots, lane, number(), times, number()).prop_map(
        |(mut footprint, root, lane, incarnation, (end, every), repeats)| {
            footprint.right = None;
            if footprint.measure == Measure::Exclusive {
                footprint.amount = 1;
            }
            let window = footprint.window.end().since(footprint.window.start());
            let (every, repeats) = (every.max(window), repeats % (bounds::CHARTER_REPEATS_MAX + 1));
            let assignable = window <= CharterParameters::default().longest_lease && repeats % 2 == 0;
            let last_assignable = assignable.then_some(repeats + 1 + end.0 % 1_000);
            CharterGive { footprint, root, lane, incarnation, end, every, repeats, last_assignable }
        },
    )
}

// ---- Reading undoes writing ----------------------------------------------------------------------

/// A body, alone and with fields of a newer version, is read as it was written.
fn body_returns<B: Body + PartialEq + std::fmt::Debug>(body: &B, tail: &[u8]) -> Result<(), TestCaseError> {
    let written = kinds::notice::encode(body).unwrap();
    let reading = B::read(&written).unwrap();
    prop_assert_eq!(&reading.body, body);
    prop_assert!(!reading.extended);
    prop_assert_eq!(&kinds::notice::encode(&reading.body).unwrap(), &written);
    prop_assert_eq!(&body.record(UNTIL, Vec::new()).unwrap().body, &written);
    let extended = with_tail(&written, tail);
    let reading = B::read(&extended).unwrap();
    prop_assert_eq!(&reading.body, body);
    prop_assert_eq!(reading.extended, !tail.is_empty());
    no_suffix_or_prefix(&extended, |bytes| B::read(bytes).is_ok())
}

/// An array with these raw items behind its own.
fn with_tail(array: &[u8], mut tail: &[u8]) -> Vec<u8> {
    let mut items = read(array).into_array().unwrap();
    while !tail.is_empty() {
        items.push(ciborium::from_reader(&mut tail).unwrap());
    }
    write(&Value::Array(items))
}

/// No proper prefix, and no longer input, is accepted.
fn no_suffix_or_prefix(bytes: &[u8], accepts: impl Fn(&[u8]) -> bool) -> Result<(), TestCaseError> {
    prop_assert!(accepts(bytes));
    let ends = [0, 1, bytes.len() / 2, bytes.len() - 1];
    for end in ends {
        prop_assert!(!accepts(&bytes[..end]), "cut at {end}");
    }
    for more in [0x00, 0x80, 0xf6, 0xff] {
        prop_assert!(!accepts(&[bytes, &[more]].concat()));
    }
    Ok(())
}

proptest! {
    #![proptest_config(config())]

    #[test]
    fn headers_return(header in a_header()) {
        let bytes = header.encode();
        if bytes.len() > bounds::HEADER_BYTES_MAX {
            prop_assert_eq!(Header::decode(&bytes).unwrap_err().reason, Reason::TooLarge);
            return Ok(());
        }
        prop_assert_eq!(&Header::decode(&bytes).unwrap(), &header);
        no_suffix_or_prefix(&bytes, |bytes| Header::decode(bytes).is_ok())?;
    }

    #[test]
    fn records_return(records in some_records()) {
        let bytes = Record::encode_all(&records).unwrap();
        prop_assert_eq!(&Record::decode_all(&bytes).unwrap(), &records);
        no_suffix_or_prefix(&bytes, |bytes| Record::decode_all(bytes).is_ok())?;
    }

    /// `[FOOT-1]`
    #[test]
    fn footprints_return(footprint in a_footprint()) {
        let record = Record::new(1, UNTIL, Vec::new()).with_footprints(Effect::Takes, vec![footprint]).unwrap();
        let bytes = Record::encode_all(std::slice::from_ref(&record)).unwrap();
        prop_assert_eq!(Record::decode_all(&bytes).unwrap(), [record]);
        prop_assert!(Record::decode_all(&extended(&bytes, &[0, 4, 0], 0)).is_err());
        prop_assert!(Record::decode_all(&shortened(&bytes, &[0, 4, 0])).is_err());
    }

    #[test]
    fn entries_return(mut records in some_records(), tail in a_tail(), version in 1..4_u64) {
        records.iter_mut().for_each(|record| record.until = record.until.min(END));
        let records_bytes = Record::encode_all(&records).unwrap();
        let header = first_header(&records_bytes).with_future(version, tail);
        prop_assume!(header.encode().len() <= bounds::HEADER_BYTES_MAX);
        let entry = SignedEntry::sign(&LEDGER, &header, &records_bytes, &key(1)).unwrap();
        prop_assert_eq!(entry.header(), &header);
        prop_assert_eq!(entry.records(), &records);
        prop_assert_eq!(entry.header_bytes(), header.encode());
        prop_assert_eq!(entry.id(), EntryId::of(&LEDGER, &header.encode()));
        prop_assert_eq!(&SignedEntry::decode(&LEDGER, entry.bytes()).unwrap(), &entry);
        prop_assert_eq!(&raw_entry(&header.encode(), &records_bytes), entry.bytes());
        no_suffix_or_prefix(entry.bytes(), |bytes| SignedEntry::decode(&LEDGER, bytes).is_ok())?;
        prop_assert!(verify_one(&LEDGER, entry, &mut KeyRing::new()).is_ok());
    }

    #[test]
    fn notices_return(notice in a_notice()) {
        let signed = SignedNotice::sign(&LEDGER, &notice, &key(1)).unwrap();
        prop_assert_eq!(signed.notice(), &notice);
        let again = SignedNotice::decode(&LEDGER, signed.bytes()).unwrap();
        prop_assert_eq!(&again, &signed);
        let rewritten = SignedNotice::sign(&LEDGER, again.notice(), &key(1)).unwrap();
        prop_assert_eq!(rewritten.bytes(), signed.bytes());
        no_suffix_or_prefix(signed.bytes(), |bytes| SignedNotice::decode(&LEDGER, bytes).is_ok())?;
    }

    #[test]
    fn fork_proofs_return(slot in 1..1_000_u64, a in 1..=16_u8, b in 1..=16_u8) {
        let bytes = fork(slot, [a, b]);
        let unchecked = UncheckedFork::decode(&LEDGER, &bytes).unwrap();
        let item = verify_all(&LEDGER, vec![Item::Fork(unchecked)], &mut KeyRing::new(), &[0; 32]).remove(0);
        let VerifiedItem::Fork(proof) = item.unwrap() else { unreachable!() };
        prop_assert_eq!(proof.slot(), slot);
        prop_assert_eq!(proof.log(), &log());
        prop_assert_eq!(proof.encode(), bytes.clone());
        no_suffix_or_prefix(&bytes, |bytes| UncheckedFork::decode(&LEDGER, bytes).is_ok())?;
    }

    #[test]
    fn charters_return(
        name in "\\PC{0,60}",
        gives in vec(a_charter_give(3), 0..6),
        until in tai(),
        seed in hash(),
        tail in a_tail(),
    ) {
        prop_assume!(name.len() <= bounds::TEXT_BYTES_MAX);
        let sample = charter();
        let parameters = sample.parameters().clone();
        let plain = Charter::new(&name, sample.roots().to_vec(), 2, until, parameters, seed).unwrap();
        let given = plain.with_gives(gives.clone()).unwrap();
        prop_assert_eq!(given.gives(), &gives);
        prop_assert_eq!((given.name(), given.until(), given.rotation_seed()), (name.as_str(), until, &seed));
        prop_assert_eq!(&Charter::decode(given.bytes()).unwrap(), &given);
        let bytes = with_tail(given.bytes(), &tail);
        prop_assert_eq!(Charter::decode(&bytes).is_ok(), tail.is_empty());
        no_suffix_or_prefix(given.bytes(), |bytes| Charter::decode(bytes).is_ok())?;
    }

    #[test]
    fn enrol_returns(body in an_enrol(), tail in a_tail()) {
        body_returns(&body, &tail)?;
    }

    #[test]
    fn resource_returns(body in a_resource(), tail in a_tail()) {
        body_returns(&body, &tail)?;
        prop_assert_eq!(body.id(), ResourceId::of(&body.record(UNTIL, Vec::new()).unwrap().body));
    }

    #[test]
    fn give_returns(body in a_give(), tail in a_tail()) {
        body_returns(&body, &tail)?;
    }

    /// `[CITE-1]`
    #[test]
    fn claim_returns(body in a_claim(), tail in a_tail()) {
        body_returns(&body, &tail)?;
    }

    #[test]
    fn giving_back_returns(body in a_giving_back(), tail in a_tail()) {
        body_returns(&body, &tail)?;
        for kind in [kinds::RELEASE, kinds::POST, kinds::RETURN] {
            let record = body.record_of(kind, UNTIL, Vec::new()).unwrap();
            let meaning = Meaning::of(&record);
            prop_assert!(matches!(
                (kind, meaning),
                (kinds::RELEASE, Meaning::Release(_)) | (kinds::POST, Meaning::Post(_)) | (kinds::RETURN, Meaning::Return(_))
            ));
        }
    }

    #[test]
    fn reclaim_returns(body in a_reclaim(), tail in a_tail()) {
        body_returns(&body, &tail)?;
    }

    #[test]
    fn advert_returns(body in an_advert(), tail in a_tail()) {
        body_returns(&body, &tail)?;
    }

    #[test]
    fn commitment_returns(body in a_commitment(), tail in a_tail()) {
        body_returns(&body, &tail)?;
    }

    /// `[NOT-2]`
    #[test]
    fn revocation_returns(body in a_revocation(), tail in a_tail()) {
        body_returns(&body, &tail)?;
    }

    #[test]
    fn breaker_trip_returns(other in a_scope(), tail in a_tail()) {
        body_returns(&kinds::notice::Trip { other }, &tail)?;
    }

    /// `[CLOSE-1]`
    #[test]
    fn closing_returns(body in a_closing(), tail in a_tail()) {
        body_returns(&body, &tail)?;
    }

    /// `[PRESENT-1]`
    #[test]
    fn present_and_vacated_return(
        claim in a_citation(),
        alternative in small(),
        boxes in vec(a_box(), 0..=bounds::BOXES_MAX),
        tail in a_tail(),
    ) {
        body_returns(&kinds::Vacated { claim }, &tail)?;
        body_returns(&kinds::Present { claim, alternative, boxes }, &tail)?;
    }

    /// `[TERMS-1]`
    #[test]
    fn terms_return(edit in a_terms_edit(), accept in a_terms_accept(), tail in a_tail()) {
        body_returns(&edit, &tail)?;
        body_returns(&accept, &tail)?;
    }

    /// `[ATTEST-1]`, `[FAIL-1]`
    #[test]
    fn attestation_and_its_failure_return(
        body in an_attestation(),
        attestation in a_citation(),
        tail in a_tail(),
    ) {
        body_returns(&body, &tail)?;
        body_returns(&kinds::notice::Failure { attestation }, &tail)?;
    }

    /// `[MODE-1]`
    #[test]
    fn mode_returns(mode in a_mode(), slot in option::of(a_citation()), text in a_text(), tail in a_tail()) {
        body_returns(&kinds::ModeChange { mode, slot, text }, &tail)?;
    }

    /// `[ALARM-1]`
    #[test]
    fn exception_returns(body in an_exception(), tail in a_tail()) {
        body_returns(&body, &tail)?;
    }

    /// `[ACTIVATE-1]`
    #[test]
    fn activation_returns(body in an_activation(), tail in a_tail()) {
        body_returns(&body, &tail)?;
    }

    /// `[COSIGN-1]`
    #[test]
    fn co_signature_returns(enrolment in a_citation(), tail in a_tail()) {
        body_returns(&kinds::CoSignature { enrolment }, &tail)?;
    }

    /// `[VOTE-1]`
    #[test]
    fn vote_returns(body in a_vote(), tail in a_tail()) {
        body_returns(&body, &tail)?;
    }

    /// `[RESTRICT-1]`
    #[test]
    fn restriction_returns(body in a_restriction(), tail in a_tail()) {
        body_returns(&body, &tail)?;
        let written = with_tail(&kinds::notice::encode(&body).unwrap(), &tail);
        prop_assert_eq!(kinds::notice::match_of(&written).unwrap(), body.facts);
    }

    #[test]
    fn endorsement_returns(record in a_citation(), tail in a_tail()) {
        body_returns(&kinds::notice::Endorsement { record }, &tail)?;
    }
}

// ---- Hostile bytes -------------------------------------------------------------------------------

/// Every decoder reads `bytes`; what is accepted is written as it was.
fn read_by_all(bytes: &[u8]) {
    if let Ok(header) = Header::decode(bytes) {
        assert_eq!(header.encode(), bytes);
    }
    if let Ok(records) = Record::decode_all(bytes) {
        assert_eq!(Record::encode_all(&records).unwrap(), bytes);
        records.iter().for_each(|record| drop(Meaning::of(record)));
    }
    if let Ok(entry) = SignedEntry::decode(&LEDGER, bytes) {
        assert_eq!(entry.bytes(), bytes);
        let records = Record::encode_all(entry.records()).unwrap();
        let signature = Value::Bytes(entry.signature().as_bytes().to_vec());
        assert_eq!(replaced(&raw_entry(&entry.header().encode(), &records), &[0, 3], signature), bytes);
    }
    if let Ok(notice) = SignedNotice::decode(&LEDGER, bytes) {
        let signature = Value::Bytes(notice.signature().as_bytes().to_vec());
        assert_eq!(replaced(&raw_notice(&payload_of(notice.notice())), &[3], signature), bytes);
    }
    drop(UncheckedFork::decode(&LEDGER, bytes));
    if let Ok(charter) = Charter::decode(bytes) {
        assert_eq!(charter.with_gives(charter.gives().to_vec()).unwrap().bytes(), bytes);
    }
    for kind in 0..35 {
        let mut record = Record::new(kind, UNTIL, bytes.to_vec());
        for critical in [false, true] {
            record.critical = critical;
            drop(Meaning::of(&record));
        }
    }
    reread::<kinds::notice::Revocation>(bytes);
    reread::<kinds::notice::Trip>(bytes);
    reread::<kinds::notice::Endorsement>(bytes);
    reread::<kinds::Enrol>(bytes);
    reread::<kinds::Resource>(bytes);
    reread::<kinds::Give>(bytes);
    reread::<kinds::Claim>(bytes);
    reread::<kinds::GivingBack>(bytes);
    reread::<kinds::Reclaim>(bytes);
    reread::<kinds::Advert>(bytes);
    reread::<kinds::Commitment>(bytes);
    reread::<kinds::TermsEdit>(bytes);
    reread::<kinds::TermsAccept>(bytes);
    reread::<kinds::Attestation>(bytes);
    reread::<kinds::ModeChange>(bytes);
    reread::<kinds::Exception>(bytes);
    reread::<kinds::Closing>(bytes);
    reread::<kinds::Activation>(bytes);
    reread::<kinds::Present>(bytes);
    reread::<kinds::notice::Failure>(bytes);
    reread::<kinds::notice::Vote>(bytes);
    reread::<kinds::notice::Restriction>(bytes);
    if let (Ok(facts), Ok(reading)) =
        (kinds::notice::match_of(bytes), kinds::notice::Restriction::read(bytes))
    {
        assert_eq!(facts, reading.body.facts);
    }
    drop(kinds::Commitment::answering(bytes));
    let mut items = match cbor::Items::of(bytes) {
        Ok(items) => items,
        Err(_) => return,
    };
    while items.next_bytes().is_ok() {}
    assert!(items.count() <= bytes.len());
}

fn reread<B: Body>(bytes: &[u8]) {
    if let Ok(reading) = B::read(bytes) {
        let mut items = read(bytes).into_array().unwrap();
        assert_eq!(reading.extended, items.len() > B::FIELDS);
        items.truncate(B::FIELDS);
        assert_eq!(kinds::notice::encode(&reading.body).unwrap(), write(&Value::Array(items)));
    }
}

/// Sound bytes of every sort.
fn samples() -> Vec<Vec<u8>> {
    let mut samples = vec![charter().with_gives(vec![charter_give()]).unwrap().bytes().to_vec()];
    for (_, record) in known_records() {
        samples.push(record.body.clone());
        samples.push(Record::encode_all(std::slice::from_ref(&record)).unwrap());
        let entry = entry(&[record]);
        samples.push(entry.header_bytes().to_vec());
        samples.push(entry.bytes().to_vec());
    }
    for (_, notice) in known_notices() {
        samples.push(notice.body.clone());
        samples.push(raw_notice(&payload_of(&notice)));
    }
    samples.extend([fork(1, [1, 1]), fork(3, [2, 5])]);
    samples
}

/// Replaces an item anywhere in the tree by another.
fn transplant(value: &mut Value, place: &mut usize, with: &Value) {
    if *place == 0 {
        *value = with.clone();
    }
    *place = place.wrapping_sub(1);
    if let Value::Array(items) = value {
        items.iter_mut().for_each(|item| transplant(item, place, with));
    }
}

fn size(value: &Value) -> usize {
    match value {
        Value::Array(items) => 1 + items.iter().map(size).sum::<usize>(),
        _ => 1,
    }
}

proptest! {
    #![proptest_config(config())]

    #[test]
    fn no_decoder_panics_on_random_bytes(bytes in vec(any::<u8>(), 0..200)) {
        read_by_all(&bytes);
    }

    #[test]
    fn no_decoder_panics_on_altered_bytes(
        sample in prop::sample::select(samples()),
        changes in vec((any::<prop::sample::Index>(), any::<u8>(), 0..4_u8), 1..4),
    ) {
        let mut bytes = sample;
        for (place, byte, change) in changes {
            match change {
                0 => bytes.insert(place.index(bytes.len() + 1), byte),
                1 if bytes.len() > 1 => drop(bytes.remove(place.index(bytes.len()))),
                2 => *place.get_mut(&mut bytes) ^= 1 << (byte % 8),
                _ => *place.get_mut(&mut bytes) = byte,
            }
        }
        read_by_all(&bytes);
    }

    #[test]
    fn no_decoder_panics_on_altered_trees(
        sample in prop::sample::select(samples()),
        donor in prop::sample::select(samples()),
        (from, to) in (any::<prop::sample::Index>(), any::<prop::sample::Index>()),
        leaf in option::of(prop::sample::select(vec![
            Value::Null,
            Value::Bool(true),
            Value::from(u64::MAX),
            Value::from(-1),
            Value::from(""),
            Value::from("(TooDeep)"),
            Value::Bytes(Vec::new()),
            Value::Array(Vec::new()),
            Value::Map(Vec::new()),
        ])),
    ) {
        fn nth<'a>(value: &'a Value, place: &mut usize) -> Option<&'a Value> {
            if *place == 0 {
                return Some(value);
            }
            *place -= 1;
            value.as_array()?.iter().find_map(|item| nth(item, place))
        }
        let donor = read(&donor);
        let graft = match leaf {
            Some(leaf) => leaf,
            None => nth(&donor, &mut from.index(size(&donor))).unwrap().clone(),
        };
        let mut tree = read(&sample);
        let mut place = to.index(size(&tree));
        transplant(&mut tree, &mut place, &graft);
        let bytes = write(&tree);
        prop_assert!(bytes.len() < 100_000);
        read_by_all(&bytes);
    }
}

// ---- Alterations are never authentic -------------------------------------------------------------

fn authentic(item: Result<Item, Refusal>) -> bool {
    let verify = |item| verify_all(&LEDGER, vec![item], &mut KeyRing::new(), &[0; 32]).remove(0).is_ok();
    item.is_ok_and(verify)
}

/// Of all one-bit flips, cuts and one-byte extensions of `bytes`, none is authentic.
fn altered_is_not_authentic(name: &str, bytes: &[u8], decode: impl Fn(&[u8]) -> Result<Item, Refusal>) {
    assert!(authentic(decode(bytes)), "{name}");
    let mut altered = bytes.to_vec();
    for place in 0..bytes.len() {
        for bit in 0..8 {
            altered[place] ^= 1 << bit;
            assert!(!authentic(decode(&altered)), "{name}: bit {bit} of byte {place}");
            altered[place] ^= 1 << bit;
        }
        assert!(!authentic(decode(&bytes[..place])), "{name}: cut at {place}");
    }
    for more in 0..=u8::MAX {
        assert!(!authentic(decode(&[bytes, &[more]].concat())), "{name}: {more:02x} behind it");
    }
}

#[test]
fn no_altered_entry_is_authentic() {
    let unknown = Record::new(1_000, UNTIL, vec![1]).with_tail(vec![0x07]);
    for (name, record) in known_records().into_iter().chain([("unknown", unknown)]) {
        let decode = |bytes: &[u8]| SignedEntry::decode(&LEDGER, bytes).map(Item::Entry);
        altered_is_not_authentic(name, entry(&[record]).bytes(), decode);
    }
}

#[test]
fn no_altered_notice_is_authentic() {
    for (name, notice) in known_notices().into_iter().chain([("unknown", notice(77, vec![1]))]) {
        let decode = |bytes: &[u8]| SignedNotice::decode(&LEDGER, bytes).map(Item::Notice);
        altered_is_not_authentic(name, &raw_notice(&payload_of(&notice)), decode);
    }
}

#[test]
fn no_altered_fork_proof_is_authentic() {
    for (name, bytes) in [("entries", fork(1, [1, 1])), ("chains", fork(4, [1, 3]))] {
        let decode = |bytes: &[u8]| UncheckedFork::decode(&LEDGER, bytes).map(Item::Fork);
        altered_is_not_authentic(name, &bytes, decode);
    }
}

/// One entry of one ledger is nothing in another, and neither is a notice or a fork proof `[ENV-2]`.
#[test]
fn nothing_is_authentic_in_another_ledger() {
    let other = LedgerId::from_bytes([0x12; 32]);
    let entry = entry(&[known_records().remove(8).1]);
    let notice = raw_notice(&payload_of(&known_notices().remove(0).1));
    let items = vec![
        Item::Entry(SignedEntry::decode(&other, entry.bytes()).unwrap()),
        Item::Notice(SignedNotice::decode(&other, &notice).unwrap()),
    ];
    for verdict in verify_all(&other, items, &mut KeyRing::new(), &[0; 32]) {
        assert_eq!(verdict.unwrap_err().reason, Reason::SignatureInvalid);
    }
    // The order of the two ids depends on the ledger, and both signatures do too.
    let fork = UncheckedFork::decode(&other, &fork(1, [1, 1])).map(Item::Fork);
    assert!(!fork.is_ok_and(|fork| verify_all(&other, vec![fork], &mut KeyRing::new(), &[0; 32])[0].is_ok()));
}

/// The wire of an entry is never that of a notice or of a fork proof.
#[test]
fn no_sample_is_of_two_sorts() {
    for bytes in samples() {
        let sorts = [
            SignedEntry::decode(&LEDGER, &bytes).is_ok(),
            SignedNotice::decode(&LEDGER, &bytes).is_ok(),
            UncheckedFork::decode(&LEDGER, &bytes).is_ok(),
            Charter::decode(&bytes).is_ok(),
            Header::decode(&bytes).is_ok(),
        ];
        assert!(sorts.into_iter().filter(|sort| *sort).count() <= 1);
    }
}

/// A refusal of an inner part is told by its place in the outer bytes.
#[test]
fn a_refusal_of_an_inner_part_names_its_place_in_the_whole() {
    let place_of =
        |part: &[u8], whole: &[u8]| whole.windows(part.len()).position(|window| window == part).unwrap();
    let records = Record::encode_all(&[Record::new(9, UNTIL, vec![0x80])]).unwrap();
    let broken = replaced(&first_header(&records).encode(), &[0], 0);

    let bytes = raw_entry(&broken, &records);
    let expected = Refusal::at(Reason::Version, place_of(&broken, &bytes));
    assert_eq!(SignedEntry::decode(&LEDGER, &bytes).unwrap_err(), expected);

    let payload = replaced(&payload_of(&known_notices().remove(0).1), &[0], 0);
    let bytes = raw_notice(&payload);
    let expected = Refusal::at(Reason::Version, place_of(&payload, &bytes));
    assert_eq!(SignedNotice::decode(&LEDGER, &bytes).unwrap_err(), expected);

    let bytes = fork_of([fork_branch(1, 1, 1), vec![broken.clone()]]);
    let expected = Refusal::at(Reason::Version, place_of(&broken, &bytes));
    assert_eq!(UncheckedFork::decode(&LEDGER, &bytes).unwrap_err(), expected);
}
