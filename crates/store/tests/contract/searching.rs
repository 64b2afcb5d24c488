//! Search over text, topic, parties and notes: every word must occur, the last may be a beginning; case, accents and
//! scripts do not matter, and no word is an instruction to the search engine.

use hearsay_store::{ClaimFilter, Store};

use crate::desk::Desk;
use crate::story::note;

const CLAIMS: &str = r#"
{"do":"add_source","ref":"ft","name":"Financial Times","kind":"outlet"}
{"do":"add_source","ref":"orban","name":"Viktor Orbán","kind":"person"}
{"do":"report_claim","ref":"k1","text":"Путин offered to stop at the café line","kind":"event","topic":"ukraine-war","evidence":{"source":"ft","stance":"affirms","footing":"own","said_at":"2025-04-22T15:00:00Z"}}
{"do":"report_claim","ref":"k2","text":"Самолёт Лавровской делегации в Йошкар-Оле","kind":"event","evidence":{"source":"ft","stance":"affirms","footing":"own","said_at":"2025-04-22T15:00:00Z"}}
{"do":"report_claim","ref":"k3","text":"The line of the front moved, the front line is now elsewhere, and the front is quiet today along most of it","kind":"event","evidence":{"source":"ft","stance":"affirms","footing":"own","said_at":"2025-04-22T15:00:00Z"}}
{"do":"report_claim","ref":"k4","text":"Łódź and Đà Nẵng signed in Malmö; İstanbul did not","kind":"event","parties":[{"source":"orban","interest":"neutral"}],"evidence":{"source":"ft","stance":"affirms","footing":"own","said_at":"2025-04-22T15:00:00Z"}}
{"do":"report_claim","ref":"k5","text":"Ceasefire","kind":"event","evidence":{"source":"ft","stance":"affirms","footing":"own","said_at":"2025-04-22T15:00:00Z"}}
{"do":"report_claim","ref":"k6","text":"共同声明 was signed, at least 99.5 % by №5","kind":"event","evidence":{"source":"ft","stance":"affirms","footing":"own","said_at":"2025-04-22T15:00:00Z"}}
"#;

async fn found(store: &Store, text: &str) -> Vec<u32> {
    let filter = ClaimFilter { text: Some(text.to_owned()), ..ClaimFilter::default() };
    store
        .claims(&filter)
        .await
        .unwrap_or_else(|error| panic!("{text}: {error}"))
        .iter()
        .map(|row| row.reference.0)
        .collect()
}

async fn desk() -> Desk {
    let desk = Desk::told(CLAIMS).await;
    desk.tell(&note("k3", "The ceasefire was asked about")).await;
    desk.tell(&note("k5", "Élysée says: ask about the front")).await;
    desk.tell(r#"{"do":"set_party","claim":"k5","source":"ft","interest":"neutral","reason":"so"}"#).await;
    desk
}

#[tokio::test]
async fn words_are_found_in_every_field_and_script() {
    let desk = desk().await;
    for (text, expected) in [
        ("путин", &[1][..]),
        ("ПУТИН cafe", &[1]),
        ("CAFÉ", &[1]),
        ("пут", &[1]),
        ("ukraine war", &[1]),
        ("ukraine-w", &[1]),
        ("line путин", &[1]),
        ("путин moved", &[]),
        ("самолет", &[2]),
        ("САМОЛЁТ", &[2]),
        ("йошкар", &[2]),
        ("иошкар-оле", &[2]),
        ("лавр", &[2]),
        ("лаврова", &[]),
        ("orban", &[4]),
        ("Orbán lodz", &[]),
        ("łódź", &[4]),
        ("malmo", &[4]),
        ("nang", &[4]),
        ("istanbul", &[4]),
        ("elysee", &[5]),
        ("financial", &[5]),
        ("ceasefire elysee fin", &[5]),
        ("共同", &[6]),
        ("99.5", &[6]),
        ("№5", &[6]),
        ("off path", &[]),
        ("stop off", &[1]),
        ("of stop", &[]),
    ] {
        assert_eq!(found(&desk.store, text).await, expected, "{text}");
    }
    desk.store.rebuild(&mut |_, _| {}).await.unwrap();
    assert_eq!(found(&desk.store, "ceasefire elysee fin").await, [5]);
}

#[tokio::test]
async fn better_matches_come_first() {
    let desk = desk().await;
    assert_eq!(
        found(&desk.store, "ceasefire").await,
        [5, 3],
        "the text that is the word, then a note among much else"
    );
    assert_eq!(
        found(&desk.store, "front").await.first(),
        Some(&3),
        "three times in the text, then once in a note"
    );
}

#[tokio::test]
async fn no_word_is_an_instruction() {
    let desk = desk().await;
    for text in ["", " ", "\"", "''", "*", "-", "()", "🕊️", "%", ":", "\u{0}", "^"] {
        assert_eq!(found(&desk.store, text).await, Vec::<u32>::new(), "{text:?}");
    }
    for text in [
        "text:путин",
        "notes : путин",
        "путин OR ceasefire",
        "путин AND",
        "NOT путин",
        "NEAR(путин cafe)",
        "путин*",
        "^ceasefire",
        "\"путин",
        "путин\" OR \"x",
        "{text topic}: путин",
        "путин + cafe",
        "');--",
        "a\u{0}b",
        "путин NOT line",
    ] {
        let rows = found(&desk.store, text).await;
        assert!(rows.len() <= 1 || text == "^ceasefire", "{text}: {rows:?}");
    }
    assert_eq!(found(&desk.store, "путин*").await, [1]);
    assert_eq!(found(&desk.store, "путин OR ceasefire").await, Vec::<u32>::new(), "`or` is a word like any other");
    assert_eq!(found(&desk.store, &"word ".repeat(2_000)).await, Vec::<u32>::new());
}

#[tokio::test]
async fn what_narrows_besides_words_narrows_further() {
    let desk = desk().await;
    let filter = |text: &str, topic: Option<&str>, limit| ClaimFilter {
        text: Some(text.to_owned()),
        topic: topic.map(str::to_owned),
        limit,
        ..ClaimFilter::default()
    };
    assert_eq!(desk.store.claims(&filter("line", Some("ukraine-war"), None)).await.unwrap().len(), 1);
    assert_eq!(desk.store.claims(&filter("line", Some("other"), None)).await.unwrap().len(), 0);
    assert_eq!(desk.store.claims(&filter("line", None, Some(1))).await.unwrap().len(), 1);
    assert_eq!(desk.store.claims(&ClaimFilter::default()).await.unwrap().len(), 6);
}
