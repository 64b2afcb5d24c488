//! Whatever is changed behind the program's back is found, and named: every kind of row, by a connection of its own.

use hearsay_ledger::{Checkpoint, SignedCheckpoint, SigningKey};
use hearsay_store::{Finding, Phase, Verified, tables};

use crate::desk::{Desk, execute, tell};
use crate::signing::key;
use crate::story::{STORY, note};

/// What keeps the record from being changed, taken away.
const UNLOCK: &str = "DROP TRIGGER events_are_never_changed; DROP TRIGGER events_are_never_deleted;
    DROP TRIGGER events_only_follow; DROP TRIGGER texts_are_never_changed;
    DROP TRIGGER checkpoints_are_never_changed; DROP TRIGGER checkpoints_are_never_deleted;
    DROP TRIGGER checkpoints_are_signed_once; PRAGMA foreign_keys = OFF; PRAGMA ignore_check_constraints = ON;";

async fn verify(desk: &Desk) -> Verified {
    desk.store.verify(Some(&key(desk)), &[], &mut |_, _, _| {}).await.unwrap()
}

/// A desk of which two checkpoints were signed, and which verifies.
async fn signed_desk() -> Desk {
    let desk = Desk::told(STORY).await;
    desk.store.sign_checkpoint(&key(&desk)).await.unwrap();
    desk.tell(&note("offer", "between two checkpoints")).await;
    desk.store.sign_checkpoint(&key(&desk)).await.unwrap();
    desk.tell(&note("offer", "after both")).await;
    let verified = verify(&desk).await;
    assert_eq!(verified.findings, [], "before anything was changed");
    assert_eq!((verified.checkpoints, verified.signatures), (2, 2));
    let again = [key(&desk).verifying()];
    let verified = desk.store.verify(Some(&key(&desk)), &again, &mut |_, _, _| {}).await.unwrap();
    assert_eq!((verified.signatures, verified.findings), (2, Vec::new()), "a key that is given again counts once");
    desk
}

/// What is found once those statements have been run.
async fn after(desk: &Desk, tampering: &str) -> Vec<Finding> {
    execute(&desk.path, &format!("{UNLOCK} {tampering}")).await.unwrap();
    verify(desk).await.findings
}

fn told(findings: &[Finding]) -> String {
    findings.iter().map(|finding| format!("{:?} {}", finding.table, finding.wrong)).collect::<Vec<_>>().join("\n")
}

/// What is changed; the table that is named; what is said.
const TAMPERING: &[(&str, &str, &str)] = &[
    (
        "UPDATE events SET envelope = replace(envelope, '\"seq\":9', '\"seq\":8') WHERE seq = 9",
        "events",
        "event 9 does not have the hash",
    ),
    (
        "UPDATE events SET envelope = envelope || char(10) WHERE seq = 9",
        "events",
        "event 9 does not have the hash",
    ),
    ("UPDATE events SET envelope = 'torn' WHERE seq = 9", "events", "event 9 cannot be read"),
    ("UPDATE events SET leaf = zeroblob(32) WHERE seq = 4", "events", "event 4 does not have the hash"),
    ("UPDATE events SET leaf = x'00' WHERE seq = 4", "events", "event 4 does not have the hash"),
    (
        "UPDATE events SET seq = -seq WHERE seq IN (5, 6); UPDATE events SET seq = 11 + seq WHERE seq < 0",
        "events",
        "event 5 is filed under",
    ),
    ("UPDATE events SET recorded_at = recorded_at + 1 WHERE seq = 7", "events", "event 7 is filed under"),
    ("UPDATE events SET kind = 'note_added' WHERE seq = 7", "events", "event 7 is filed under"),
    ("UPDATE events SET command = randomblob(16) WHERE seq = 7", "events", "event 7 is filed under"),
    ("DELETE FROM events WHERE seq = 12", "events", "the log has no event 12"),
    ("DELETE FROM events WHERE seq = (SELECT max(seq) FROM events)", "claims", "derived table `claims`"),
    (
        "UPDATE texts SET body = body || '.' WHERE event = 5 AND field = 'actor.name'",
        "texts",
        "`actor.name` of event 5",
    ),
    (
        "UPDATE texts SET salt = randomblob(16) WHERE event = 5 AND field = 'actor.name'",
        "texts",
        "`actor.name` of event 5",
    ),
    (
        "UPDATE texts SET event = 6, field = 'moved' WHERE event = 5 AND field = 'actor.name'",
        "texts",
        "the text `moved` of event 6",
    ),
    (
        "DELETE FROM texts WHERE event = 5 AND field = 'actor.name'",
        "texts",
        "the text `actor.name` of event 5 is gone",
    ),
    ("INSERT INTO texts VALUES (5, 'added', zeroblob(16), 'words')", "texts", "`added` of event 5"),
    ("INSERT INTO texts VALUES (1000000, 'actor.name', zeroblob(16), 'words')", "texts", "an event 1000000"),
    ("INSERT INTO texts VALUES (-1, 'hidden', zeroblob(16), 'words')", "texts", "an event -1"),
    ("UPDATE events SET part = part + 1 WHERE seq = 7", "events", "event 7 is not where its command has it"),
    ("UPDATE tree_hashes SET hash = zeroblob(32) WHERE number = 0", "tree_hashes", "events 1 to 8"),
    ("DELETE FROM tree_hashes WHERE number = 2", "tree_hashes", "is not theirs"),
    ("INSERT INTO tree_hashes VALUES (1000000, zeroblob(32))", "tree_hashes", "does not have"),
    ("UPDATE checkpoints SET root = zeroblob(32)", "checkpoints", "filed under"),
    ("UPDATE checkpoints SET size = size - 1", "checkpoints", "filed under"),
    ("UPDATE checkpoints SET note = replace(note, '=', '-')", "checkpoints", "cannot be read"),
    (
        "UPDATE checkpoints SET size = 1000000, note = replace(note, char(10) || size || char(10), char(10) || 1000000 || char(10)) WHERE size = (SELECT max(size) FROM checkpoints)",
        "checkpoints",
        "of more than",
    ),
    ("DELETE FROM checkpoints WHERE size = (SELECT max(size) FROM checkpoints)", "checkpoints", "is missing"),
    (
        "DELETE FROM checkpoints WHERE size = (SELECT min(size) FROM checkpoints)",
        "checkpoints",
        "has number 2 of `hearsay.local/desk`, and 1 is expected in its place",
    ),
];

#[tokio::test(flavor = "multi_thread")]
async fn every_kind_of_tampering_is_found_and_named() {
    for (tampering, table, named) in TAMPERING {
        let desk = signed_desk().await;
        let findings = after(&desk, tampering).await;
        let found = findings.iter().any(|finding| finding.table == Some(*table) && finding.wrong.contains(named));
        assert!(found, "{tampering}\n{}", told(&findings));
    }
}

/// For each derived table something that changes one of its rows, and something that takes one away.
#[tokio::test(flavor = "multi_thread")]
async fn every_derived_table_is_found_and_named() {
    for table in tables::DERIVED.iter().filter(|table| **table != "tree_hashes") {
        let desk = signed_desk().await;
        let gone = format!("DELETE FROM {table} WHERE rowid = (SELECT min(rowid) FROM {table})");
        let without_rowid = format!(
            "CREATE TABLE kept AS SELECT * FROM {table} LIMIT -1 OFFSET 1; DELETE FROM {table};
             INSERT INTO {table} SELECT * FROM kept; DROP TABLE kept"
        );
        let findings = match execute(&desk.path, &gone).await {
            Ok(()) => verify(&desk).await.findings,
            Err(_) => after(&desk, &without_rowid).await,
        };
        let is_named =
            |finding: &Finding| finding.table == Some(*table) && finding.wrong.contains("it lacks the row");
        assert!(findings.iter().any(is_named), "{table}\n{}", told(&findings));
        desk.store.rebuild(&mut |_, _| {}).await.unwrap();
        assert_eq!(verify(&desk).await.findings, [], "{table} after a rebuild");
    }
    for (tampering, table) in [
        ("UPDATE claims SET standing = 'denied' WHERE number = 1", "claims"),
        ("UPDATE claims SET affirming = affirming + 1 WHERE number = 2", "claims"),
        ("UPDATE claim_heads SET text = 'Another sentence' WHERE number = 1", "claim_heads"),
        ("UPDATE sources SET reliability = 'A' WHERE reliability <> 'A'", "sources"),
        ("UPDATE claim_search SET notes = 'words that nobody said' WHERE rowid = 1", "claim_search"),
        ("UPDATE evidence SET source = zeroblob(16) WHERE rowid = (SELECT min(rowid) FROM evidence)", "evidence"),
    ] {
        let desk = signed_desk().await;
        let findings = after(&desk, tampering).await;
        let is_named = |finding: &Finding| {
            finding.table == Some(table) && finding.wrong.contains("which the log does not bear out")
        };
        assert!(findings.iter().any(is_named), "{tampering}\n{}", told(&findings));
    }
}

/// Whoever rewrites an event, its leaf, its tree and all that is derived still meets what was signed.
#[tokio::test(flavor = "multi_thread")]
async fn a_past_that_was_rewritten_with_care_does_not_fit_what_was_signed() {
    let desk = signed_desk().await;
    let envelope = "replace(envelope, '\"clock\":\"story\"', '\"clock\":\"system\"')";
    let mut connection = crate::desk::raw(&desk.path).await;
    let sql = sqlx::AssertSqlSafe(format!("SELECT {envelope} FROM events WHERE seq = 9"));
    let forged: String = sqlx::query_scalar(sql).fetch_one(&mut connection).await.unwrap();
    sqlx::raw_sql(UNLOCK).execute(&mut connection).await.unwrap();
    sqlx::query("UPDATE events SET envelope = $1, leaf = $2 WHERE seq = 9")
        .bind(&forged)
        .bind(hearsay_ledger::leaf_hash(forged.as_bytes()).as_slice())
        .execute(&mut connection)
        .await
        .unwrap();
    sqlx::Connection::close(connection).await.unwrap();
    desk.store.rebuild(&mut |_, _| {}).await.unwrap();
    let findings = verify(&desk).await.findings;
    assert_eq!(findings.len(), 3, "both checkpoints, and what the key signed last\n{}", told(&findings));
    assert!(findings.iter().all(|finding| finding.table == Some("checkpoints")), "{}", told(&findings));
}

#[tokio::test(flavor = "multi_thread")]
async fn events_beside_what_was_changed_are_not_blamed() {
    for tampering in [
        "UPDATE events SET leaf = x'00' WHERE seq = 9",
        "UPDATE events SET envelope = envelope || char(10) WHERE seq = 9",
        "UPDATE events SET envelope = 'torn' WHERE seq = 9",
        "DELETE FROM events WHERE seq = 9",
    ] {
        let desk = signed_desk().await;
        let findings = after(&desk, tampering).await;
        let blamed: Vec<u64> = findings
            .iter()
            .filter(|finding| finding.table == Some("events"))
            .filter_map(|finding| finding.event)
            .collect();
        assert!(!blamed.is_empty() && blamed.iter().all(|seq| *seq == 9), "{tampering}: {}", told(&findings));
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_checkpoint_that_another_key_signed_is_named() {
    let desk = signed_desk().await;
    let thief = SigningKey::new(key(&desk).origin(), &[99; 32]).unwrap();
    let (size, root) = desk.store.tree_now().await.unwrap();
    let forged = SignedCheckpoint::sign(Checkpoint::new(thief.name(), size, root).unwrap(), &thief).unwrap();
    let mut connection = crate::desk::raw(&desk.path).await;
    sqlx::query("INSERT INTO checkpoints (origin, size, root, note, signed_at) VALUES ($1, $2, $3, $4, 0)")
        .bind(thief.name())
        .bind(i64::try_from(size).unwrap())
        .bind(root.as_slice())
        .bind(forged.to_text())
        .execute(&mut connection)
        .await
        .unwrap();
    sqlx::Connection::close(connection).await.unwrap();
    let findings = verify(&desk).await.findings;
    assert!(told(&findings).contains("is not signed by"), "{}", told(&findings));
}

#[tokio::test(flavor = "multi_thread")]
async fn an_end_that_was_cut_off_is_found_by_what_the_key_signed_last() {
    let desk = signed_desk().await;
    let cut = "DELETE FROM checkpoints; DELETE FROM texts WHERE event > 20; DELETE FROM events WHERE seq > 20";
    execute(&desk.path, &format!("{UNLOCK} {cut}")).await.unwrap();
    desk.store.rebuild(&mut |_, _| {}).await.unwrap();
    let findings = verify(&desk).await.findings;
    assert_eq!(findings.len(), 1, "{}", told(&findings));
    assert!(findings[0].wrong.contains("the log has 20 events, and its key has signed"), "{}", told(&findings));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_log_of_several_chunks_verifies_while_others_write() {
    let desk = Desk::told(STORY).await;
    for round in 0..5 {
        let lines = (0..2_000).map(|number| crate::desk::submission(&note("offer", &format!("{round} {number}"))));
        desk.store.submit_together(lines.collect()).await.unwrap();
        desk.store.sign_checkpoint(&key(&desk)).await.unwrap();
    }
    let other = desk.again().await.unwrap();
    let writing = tokio::spawn(async move {
        for number in 0..200 {
            tell(&other, &note("offer", &format!("meanwhile {number}"))).await;
        }
        other.close().await;
    });
    let mut phases = Vec::new();
    let own = key(&desk);
    let verified =
        desk.store.verify(Some(&own), &[], &mut |phase, done, of| phases.push((phase, done, of))).await.unwrap();
    writing.await.unwrap();
    assert_eq!(verified.findings, []);
    assert_eq!((verified.checkpoints, verified.signatures), (5, 5));
    assert_eq!(desk.store.root_of(verified.size).await.unwrap(), verified.root);
    for phase in [Phase::File, Phase::Hashes, Phase::Events, Phase::Derived] {
        let last = phases.iter().rfind(|told| told.0 == phase).unwrap();
        assert!(last.1 == last.2 && last.2 > 0, "{last:?}");
    }
    let upper = "SELECT max(number) FROM tree_hashes WHERE number < 2047";
    for number in ["1100", upper] {
        let forge = format!("UPDATE tree_hashes SET hash = zeroblob(32) WHERE number = ({number})");
        execute(&desk.path, &forge).await.unwrap();
        let findings = verify(&desk).await.findings;
        assert_eq!(findings.len(), 1, "{}", told(&findings));
        assert_eq!(findings[0].table, Some("tree_hashes"));
        desk.store.rebuild(&mut |_, _| {}).await.unwrap();
    }
}
