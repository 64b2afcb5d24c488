//! What is known of submitted lines: which commands the log has, and on which claims names bear.

use std::collections::{HashMap, HashSet};

use hearsay_core::{ClaimNumber, CommandId};
use hearsay_store::EventFilter;

use crate::desk::{Desk, fresh_id};

const CLAIMS: &str = r#"
{"do":"add_source","ref":"ft","name":"Financial Times","kind":"outlet"}
{"do":"report_claim","ref":"k1","text":"It rained on 1 May 2026.","kind":"event","evidence":{"ref":"e1","source":"ft","stance":"affirms","footing":"own","said_at":"2025-04-22T15:00:00Z"}}
{"do":"report_claim","ref":"k2","text":"It rained on 2 May 2026.","kind":"event","evidence":{"ref":"e2","source":"ft","stance":"affirms","footing":"own","said_at":"2025-04-22T15:00:00Z"}}
"#;

#[tokio::test]
async fn commands_that_the_log_has_are_known() {
    let desk = Desk::told(CLAIMS).await;
    let events = desk.store.events(&EventFilter::default()).await.unwrap();
    let recorded: HashSet<CommandId> = events.iter().map(|view| view.event.command).collect();
    let mut asked: Vec<CommandId> = recorded.iter().copied().collect();
    asked.push(CommandId(fresh_id()));
    assert_eq!(desk.store.recorded_commands(&asked).await.unwrap(), recorded);
    assert_eq!(desk.store.recorded_commands(&[]).await.unwrap(), HashSet::new());
}

#[tokio::test]
async fn names_of_claims_and_of_evidence_lead_to_claims() {
    let desk = Desk::told(CLAIMS).await;
    let number = desk.store.find_claim("k2").await.unwrap();
    let file = desk.store.claim_file(number).await.unwrap();
    let (claim, piece) = (file.row.id.0.to_string(), file.evidence[0].id.0.to_string());
    let names = ["k1", "C-2", "e1", "e2", &claim, &piece, "ft", "nobody", "C-9", "' OR 1"];
    let found = desk.store.claims_of_names(&names).await.unwrap();
    let expected = [("k1", 1), ("C-2", 2), ("e1", 1), ("e2", 2), (claim.as_str(), 2), (piece.as_str(), 2)];
    let expected: HashMap<String, ClaimNumber> =
        expected.into_iter().map(|(name, number)| (name.to_owned(), ClaimNumber(number))).collect();
    assert_eq!(found, expected);
}
