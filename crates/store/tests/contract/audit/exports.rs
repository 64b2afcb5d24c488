//! Exports: each line is canonical, and can be checked by itself.

use hearsay_core::{Actor, ClaimNumber, Role};
use hearsay_store::{EventFilter, Store, Term};
use serde_json::Value;
use sha2::{Digest, Sha256};

use super::log::random_desk;
use crate::desk::{Desk, column};
use crate::story::STORY;

async fn exported(desk: &Desk, filter: &EventFilter) -> Vec<String> {
    let auditor = Actor { name: "olga".into(), role: Role::Auditor };
    exported_to(&desk.store.clone().seen_by(auditor), filter).await
}

async fn exported_to(store: &Store, filter: &EventFilter) -> Vec<String> {
    let mut bytes = Vec::new();
    let mut told = 0;
    let lines = store
        .export(filter, &mut |some, number| {
            bytes.extend_from_slice(some);
            told += number;
            Ok(())
        })
        .await
        .unwrap();
    let text = String::from_utf8(bytes).unwrap();
    assert!(text.is_empty() || text.ends_with('\n'));
    let found: Vec<String> = text.lines().map(str::to_owned).collect();
    assert_eq!((lines, told), (found.len() as u64, found.len() as u64));
    found
}

fn hex(bytes: &[u8]) -> String {
    use std::fmt::Write as _;
    bytes.iter().fold(String::new(), |mut hex, byte| {
        write!(hex, "{byte:02x}").unwrap();
        hex
    })
}

/// The commitments in an envelope, by field, as docs/decisions/0002 has them.
fn commitments(value: &Value, path: &str, found: &mut Vec<(String, String)>) {
    let under = |key: &str| if path.is_empty() { key.to_owned() } else { format!("{path}.{key}") };
    if let Some(hash) = value.get("$sha256").and_then(Value::as_str) {
        found.push((path.strip_prefix("fact.data.").unwrap_or(path).to_owned(), hash.to_owned()));
    } else if let Some(object) = value.as_object() {
        object.iter().for_each(|(key, value)| commitments(value, &under(key), found));
    } else if let Some(items) = value.as_array() {
        items.iter().enumerate().for_each(|(index, value)| commitments(value, &under(&index.to_string()), found));
    }
}

#[tokio::test]
async fn every_line_is_canonical_and_proves_its_hash_and_its_texts() {
    let desk = Desk::told(STORY).await;
    desk.tell(
        "{\"do\":\"note\",\"claim\":\"C-1\",\"text\":\"tabs\\tand \\\"quotes\\\" \\\\ żółć \u{1F600}\\nlines\"}",
    )
    .await;
    let lines = exported(&desk, &EventFilter::default()).await;
    assert_eq!(lines.len() as u64, desk.store.head().await.unwrap().unwrap());
    let erased = column(&desk.path, "SELECT event || ' ' || field FROM erased_texts").await;
    assert!(!erased.is_empty());
    for (index, line) in lines.iter().enumerate() {
        let value: Value = serde_json::from_str(line).unwrap();
        assert_eq!(serde_json_canonicalizer::to_string(&value).unwrap(), *line);
        assert_eq!(value["envelope"]["seq"], index as u64 + 1);
        let envelope = serde_json_canonicalizer::to_string(&value["envelope"]).unwrap();
        let leaf = Sha256::new().chain_update([0]).chain_update(&envelope).finalize();
        assert_eq!(value["leaf"], hex(&leaf));
        let mut committed = Vec::new();
        commitments(&value["envelope"], "", &mut committed);
        committed.retain(|(field, _)| !erased.contains(&format!("{} {field}", index + 1)));
        assert_eq!(value["texts"].as_object().unwrap().len(), committed.len());
        for (field, hash) in committed {
            let text = &value["texts"][&field];
            let salt = uuid::Uuid::try_parse(text["salt"].as_str().unwrap()).unwrap().into_bytes();
            let hashed = Sha256::new().chain_update(salt).chain_update(&field).chain_update([0]);
            assert_eq!(hex(&hashed.chain_update(text["body"].as_str().unwrap()).finalize()), hash, "{field}");
        }
    }
}

#[tokio::test]
async fn an_export_has_what_its_filter_lets_through_and_no_more() {
    let (desk, oracle) = random_desk(12).await;
    let whole = exported(&desk, &EventFilter::default()).await;
    let filters = [
        EventFilter { claims: Term::only(ClaimNumber(1)), ..Default::default() },
        EventFilter { kinds: Term { any: vec![], none: vec!["source".into()] }, ..Default::default() },
        EventFilter { after: Some(50), ..Default::default() },
        EventFilter { limit: Some(7), after: Some(3), ..Default::default() },
        EventFilter { actors: Term::only("nobody".into()), ..Default::default() },
    ];
    for filter in filters {
        let positions = oracle.positions(&filter);
        let expected: Vec<String> =
            positions.iter().map(|seq| whole[usize::try_from(*seq).unwrap() - 1].clone()).collect();
        assert_eq!(exported(&desk, &filter).await, expected, "{filter:?}");
    }
}

#[tokio::test]
async fn what_is_confidential_goes_out_to_those_alone_who_may_read_it() {
    let desk = Desk::told(STORY).await;
    let all = EventFilter::default();
    let one = EventFilter { kinds: Term::only("note_added".to_owned()), ..EventFilter::default() };
    for filter in [&all, &one] {
        assert!(exported(&desk, filter).await.concat().contains("Heard in confidence"));
        for role in [Role::Checker, Role::Worker] {
            let store = desk.store.clone().seen_by(Actor { name: "tom".into(), role });
            assert!(!exported_to(&store, filter).await.concat().contains("Heard in confidence"), "{role:?}");
        }
        assert!(!exported_to(&desk.store, filter).await.concat().contains("Heard in confidence"), "nobody");
    }
}
