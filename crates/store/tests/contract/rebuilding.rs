//! Derived tables can be rebuilt byte for byte.

use hearsay_store::tables;

use crate::desk::{Desk, dump};

const STORY: &str = r#"
{"do":"add_source","ref":"kremlin","name":"Kremlin","kind":"institution"}
{"do":"add_source","ref":"peskov","name":"Dmitry Peskov","kind":"person","speaks_for":"kremlin"}
{"do":"add_source","ref":"ft","name":"Financial Times","kind":"outlet","aliases":["FT"],"reliability":"B"}
{"do":"add_source","ref":"reuters","name":"Reuters","kind":"agency","reliability":"A"}
{"do":"report_claim","ref":"offer","text":"Путин offered, in April 2025, to stop at the café line","kind":"intention","topic":"ukraine-war","parties":[{"source":"kremlin","interest":"against"}],"evidence":{"ref":"e1","source":"ft","stance":"affirms","footing":"unnamed_sources","count":3,"said_at":"2025-04-22T15:00:00Z","quote":"three people"}}
{"do":"record_follow_up","claim":"offer","evidence":{"ref":"e2","source":"reuters","stance":"affirms","footing":"relays","relays":"FT","said_at":"2025-04-22T15:30:00Z"}}
{"do":"note","claim":"C-1","text":"Ask the Élysée"}
{"do":"note","claim":"C-1","text":"Ask again"}
{"do":"tag","claim":"offer","tag":"peace"}
{"do":"record_follow_up","claim":"offer","evidence":{"source":"peskov","stance":"denies","said_at":"2025-04-22T15:45:00Z"}}
{"do":"advance","claim":"offer","to":"denied"}
{"do":"rate_source","source":"ft","reliability":"C"}
{"do":"assign","claim":"offer","to":"ben"}
{"do":"report_claim","ref":"twin","text":"Another","kind":"event","evidence":{"ref":"e9","source":"reuters","stance":"affirms","footing":"own","said_at":"2025-04-22T15:00:00Z"}}
{"do":"merge","claim":"twin","into":"offer","reason":"the same"}
"#;

#[tokio::test]
async fn a_rebuild_changes_no_byte_of_any_derived_table() {
    let desk = Desk::new().await;
    desk.tell(STORY).await;
    desk.store.restand(&mut |_| {}).await.unwrap();
    let mut before = Vec::new();
    for table in tables::DERIVED {
        before.push(dump(&desk.path, table).await);
    }
    let rebuilt = desk.store.rebuild(&mut |_, _| {}).await.unwrap();
    assert_eq!(rebuilt.claims, 2);
    for (table, before) in tables::DERIVED.iter().zip(before) {
        assert_eq!(dump(&desk.path, table).await, before, "{table}");
        assert!(!before.is_empty() || *table == "claim_links", "{table} is empty: nothing was compared");
    }
    assert_eq!(desk.store.check(&mut |_, _| {}).await.unwrap(), Vec::<String>::new());
    let explanation = desk.store.explanation("C-1".parse().unwrap()).await.unwrap();
    println!("{}", serde_json::to_string_pretty(&explanation).unwrap());
    let found = |text: &str| hearsay_store::ClaimFilter { text: Some(text.into()), ..Default::default() };
    assert_eq!(desk.store.claims(&found("путин cafe")).await.unwrap().len(), 1);
    assert_eq!(desk.store.claims(&found("ÉLYSE")).await.unwrap().len(), 1);
}
