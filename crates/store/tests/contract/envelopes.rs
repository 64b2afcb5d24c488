//! Envelopes: canonical, without a word of the story, each text under a commitment, each envelope under its leaf hash.
//! The arithmetic is done again here, in a few lines of its own.

use std::collections::HashMap;

use hearsay_core::Fact;
use hearsay_store::EventFilter;
use serde_json::Value;
use sha2::{Digest, Sha256};
use sqlx::{Connection, Row};

use crate::desk::{Desk, column, explained, raw};
use crate::story::{BASICS, STORY, WORDS, note};

struct Stored {
    seq: i64,
    envelope: String,
    leaf: Vec<u8>,
    texts: HashMap<String, (Vec<u8>, String)>,
}

async fn stored(desk: &Desk) -> Vec<Stored> {
    let mut connection = raw(&desk.path).await;
    let mut all = Vec::new();
    for row in sqlx::query("SELECT seq, envelope, leaf FROM events ORDER BY seq")
        .fetch_all(&mut connection)
        .await
        .unwrap()
    {
        let seq: i64 = row.get(0);
        let texts = sqlx::query("SELECT field, salt, body FROM texts WHERE event = $1").bind(seq);
        let texts = texts.fetch_all(&mut connection).await.unwrap();
        let texts = texts.iter().map(|row| (row.get(0), (row.get(1), row.get(2)))).collect();
        all.push(Stored { seq, envelope: row.get(1), leaf: row.get(2), texts });
    }
    connection.close().await.unwrap();
    all
}

fn hex(bytes: &[u8]) -> String {
    bytes
        .iter()
        .flat_map(|byte| [byte >> 4, byte & 15])
        .map(|digit| char::from(b"0123456789abcdef"[usize::from(digit)]))
        .collect()
}

/// Every commitment of an envelope, by the path at which it stands.
fn commitments(value: &Value, path: &str, found: &mut HashMap<String, String>) {
    let under = |key: &str| if path.is_empty() { key.to_owned() } else { format!("{path}.{key}") };
    match value {
        Value::Object(map) => match map.get("$sha256") {
            Some(hash) => {
                found.insert(path.trim_start_matches("fact.data.").to_owned(), hash.as_str().unwrap().to_owned());
            }
            None => map.iter().for_each(|(key, value)| commitments(value, &under(key), found)),
        },
        Value::Array(items) => {
            items
                .iter()
                .enumerate()
                .for_each(|(index, value)| commitments(value, &under(&index.to_string()), found));
        }
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => {}
    }
}

#[tokio::test]
async fn envelopes_are_canonical_and_hashed_as_leaves() {
    let desk = Desk::told(STORY).await;
    for row in stored(&desk).await {
        let value: Value = serde_json::from_str(&row.envelope).unwrap();
        assert_eq!(serde_json_canonicalizer::to_string(&value).unwrap(), row.envelope);
        let leaf = Sha256::digest([&[0], row.envelope.as_bytes()].concat());
        assert_eq!(leaf.to_vec(), row.leaf, "event {}", row.seq);
        assert_eq!(value["seq"], row.seq);
    }
}

#[tokio::test]
async fn every_text_stands_under_its_salted_commitment() {
    let desk = Desk::told(STORY).await;
    let mut salts = Vec::new();
    for row in stored(&desk).await {
        let mut committed = HashMap::new();
        commitments(&serde_json::from_str(&row.envelope).unwrap(), "", &mut committed);
        let erased = format!("SELECT CAST(count(*) AS TEXT) FROM erased_texts WHERE event = {}", row.seq);
        let erased: usize = column(&desk.path, &erased).await[0].parse().unwrap();
        assert_eq!(committed.len(), row.texts.len() + erased, "event {}", row.seq);
        for (field, (salt, body)) in row.texts {
            let hash = Sha256::digest([&salt, field.as_bytes(), &[0], body.as_bytes()].concat());
            assert_eq!(committed[&field], hex(&hash), "{field} of event {}", row.seq);
            salts.push(salt);
        }
    }
    let all = salts.len();
    salts.sort_unstable();
    salts.dedup();
    assert_eq!((salts.len(), salts[0].len()), (all, 16), "a salt came twice");
}

#[tokio::test]
async fn no_word_of_the_story_stands_in_an_envelope() {
    let desk = Desk::told(STORY).await;
    let rows = stored(&desk).await;
    for word in WORDS {
        assert!(STORY.contains(word) || word.starts_with('"'), "`{word}` is not in the story");
        for row in &rows {
            assert!(!row.envelope.contains(word), "`{word}` in event {}: {}", row.seq, row.envelope);
        }
    }
    for row in &rows {
        for (field, (_, body)) in row.texts.iter().filter(|(_, (_, body))| body.len() > 5) {
            assert!(!row.envelope.contains(&format!("\"{body}\"")), "{field} of event {}", row.seq);
        }
    }
}

#[tokio::test]
async fn words_come_back_as_they_were_given() {
    let desk = Desk::told(BASICS).await;
    let given = [
        "plain",
        "quote \" backslash \\ slash /",
        "tab\tnewline\nreturn\r",
        "\u{2028}\u{feff}x",
        "e\u{301} and é",
        "𝔘𝔫𝔦𝔠𝔬𝔡𝔢 🕊️",
        "\u{10ffff}\u{ffff}",
        "$text",
        "$sha256",
        "{\"$text\":\"x\"}",
        "null",
        "1e400",
        " spaced ",
        "אבג \u{202e}gnp",
        "%'; DROP TABLE events; --",
        &"long ".repeat(20_000),
    ];
    for text in given {
        desk.tell(&serde_json::json!({"do": "note", "claim": "offer", "text": text}).to_string()).await;
    }
    desk.assert_sound().await;
    let desk = desk.reopened().await;
    let notes = desk.store.claim_file("C-1".parse().unwrap()).await.unwrap().notes;
    let texts: Vec<String> = notes.into_iter().map(|note| note.text.unwrap()).collect();
    assert_eq!(texts, given);
    let filter = EventFilter { kinds: hearsay_store::Term::only("note_added".into()), ..EventFilter::default() };
    for (view, given) in desk.store.events(&filter).await.unwrap().iter().zip(given) {
        assert!(matches!(&view.event.fact, Fact::NoteAdded { text, .. } if text.body() == Some(given)));
    }
}

#[tokio::test]
async fn numbers_beyond_what_canonical_json_can_say_are_no_poison() {
    for value in [i64::MAX, i64::MIN, (1 << 53) + 1, 1 << 53, -1, 0] {
        let desk = Desk::told(BASICS).await;
        let line = serde_json::json!({"do": "set_policy", "name": "scale", "ratings": {"Yes": value}}).to_string();
        let ended = desk.store.submit(crate::desk::submission(&line)).await;
        desk.tell(&note("offer", "the desk goes on")).await;
        let desk = desk.reopened().await;
        desk.assert_sound().await;
        if ended.is_ok() {
            let kept = desk.store.policy_versions("scale").await.unwrap().remove(0).policy.ratings["Yes"];
            assert_eq!(kept, value);
        } else {
            assert!(value.unsigned_abs() > 1 << 53, "{value}: {ended:?}");
        }
    }
}

#[tokio::test]
async fn times_finer_than_a_microsecond_mean_the_same_after_a_reload() {
    let desk = Desk::told(BASICS).await;
    desk.tell(r#"
{"do":"add_source","ref":"envoy","name":"Envoy","kind":"person","reliability":"B"}
{"do":"relate_source","source":"envoy","speaks_for":"kremlin","since":"2025-04-22T15:10:00.000000900Z"}
{"do":"record_follow_up","claim":"offer","evidence":{"source":"envoy","stance":"denies","footing":"own","said_at":"2025-04-22T15:10:00.000000100Z"}}
{"do":"record_follow_up","claim":"offer","evidence":{"source":"envoy","stance":"denies","footing":"own","said_at":"2025-04-22T15:10:00.000000950Z"}}
{"do":"set_review","claim":"offer","until":"2025-04-22T15:10:00.000000900Z"}"#).await;
    let live = explained(&desk.store).await;
    let rows = desk.store.claims(&hearsay_store::ClaimFilter::default()).await.unwrap();
    let desk = desk.reopened().await;
    assert_eq!(explained(&desk.store).await, live);
    let receipts = desk.tell(r#"{"do":"record_standing","claim":"offer"}"#).await;
    assert_eq!(receipts[0].outcome, hearsay_store::Outcome::Unchanged, "weighed otherwise after a reload");
    assert_eq!(desk.store.claims(&hearsay_store::ClaimFilter::default()).await.unwrap(), rows);
    desk.assert_sound().await;
}
