//! Cosignatures that come back from witnesses: which are kept, which are refused, and what a changed one is called.

use hearsay_ledger::{Checkpoint, KeyKind, LedgerError, SignedCheckpoint, SigningKey, VerifyingKey};
use hearsay_store::{Finding, StoreError};

use crate::desk::{Desk, column, execute};
use crate::signing::key;
use crate::story::{STORY, note};

pub(crate) fn witness(name: &str, seed: u8) -> SigningKey {
    SigningKey::new(name, &[seed; 32]).unwrap()
}

pub(crate) fn public(witness: &SigningKey) -> VerifyingKey {
    witness.verifying(KeyKind::Witness)
}

/// A desk, and its checkpoint as it came back from the witness.
pub(crate) async fn cosigned_desk(by: &SigningKey) -> (Desk, SignedCheckpoint) {
    let desk = Desk::told(STORY).await;
    let kept = desk.store.sign_checkpoint(&key(&desk)).await.unwrap();
    let cosigned = kept.signed.cosign(by, 1_750_000_000).unwrap();
    (desk, cosigned)
}

async fn refused(desk: &Desk, note: &SignedCheckpoint, witnesses: &[VerifyingKey]) -> StoreError {
    let refused = desk.store.take_cosigned(note, &key(desk).verifying(), witnesses).await.unwrap_err();
    assert_eq!(desk.store.cosignatures().await.unwrap(), [], "{refused}");
    refused
}

async fn found(desk: &Desk, witnesses: &[VerifyingKey]) -> Vec<Finding> {
    desk.store.verify(Some(&key(desk)), witnesses, &mut |_, _, _| {}).await.unwrap().findings
}

#[tokio::test]
async fn a_cosignature_is_kept_once_and_goes_out_with_its_checkpoint() {
    let (ana, ben) = (witness("witness.example/ana", 1), witness("witness.example/ben", 2));
    let (desk, cosigned) = cosigned_desk(&ana).await;
    let (own, known) = (key(&desk).verifying(), [public(&ana), public(&ben)]);
    let taken = desk.store.take_cosigned(&cosigned, &own, &known).await.unwrap();
    assert_eq!((taken.taken.len(), taken.known), (1, 0));
    assert_eq!((&taken.taken[0].witness, taken.taken[0].at), (&known[0], 1_750_000_000));
    let later = cosigned.cosign(&ana, 1_760_000_000).unwrap().cosign(&ben, 1_760_000_000).unwrap();
    let taken = desk.store.take_cosigned(&later, &own, &known).await.unwrap();
    assert_eq!((taken.taken.len(), taken.known), (1, 1), "what the first said first is kept");

    let kept = desk.store.newest_checkpoint(None).await.unwrap().unwrap();
    let whole = desk.store.with_cosignatures(kept.clone()).await.unwrap();
    assert_eq!(whole.signed.cosignatures(&own, &known).unwrap().len(), 2);
    assert_eq!(whole.signed.cosignature_of(&known[0]).unwrap().at, 1_750_000_000);
    let again = desk.store.sign_checkpoint(&key(&desk)).await.unwrap();
    assert_eq!(again, kept, "what the desk signed is not touched");
    let (given, _) = desk
        .store
        .signed_bundle(&key(&desk), "C-1".parse().unwrap(), hearsay_store::Confidences::Withheld)
        .await
        .unwrap();
    assert_eq!(given, whole, "a bundle has them");
    for witnesses in [&known[..], &[]] {
        assert_eq!(found(&desk, witnesses).await, []);
    }
    desk.assert_sound().await;
    assert_eq!(desk.store.cosignatures().await.unwrap().len(), 2, "a rebuild keeps what witnesses said");
}

#[tokio::test]
async fn a_note_that_is_not_wholly_known_is_refused() {
    let (ana, ben) = (witness("witness.example/ana", 1), witness("witness.example/ben", 2));
    let (desk, cosigned) = cosigned_desk(&ana).await;
    let known = [public(&ana)];
    let kept = desk.store.newest_checkpoint(None).await.unwrap().unwrap().signed;

    let error = refused(&desk, &kept, &known).await;
    assert!(matches!(error, StoreError::Ledger(LedgerError::NotCosigned)), "{error}");
    for witnesses in [&[][..], &[public(&ben)], &[public(&witness("witness.example/ana", 3))]] {
        let error = refused(&desk, &cosigned, witnesses).await;
        assert!(matches!(error, StoreError::Ledger(LedgerError::UnknownWitness { .. })), "{error}");
    }
    let with_ben = cosigned.cosign(&ben, 1_750_000_001).unwrap();
    let error = refused(&desk, &with_ben, &known).await.to_string();
    assert!(error.contains("witness.example/ben+"), "{error}");

    let line = cosigned.to_text().lines().last().unwrap().to_owned();
    let at = line.len() - 8;
    let other = if line[at..].starts_with('A') { "B" } else { "A" };
    let forged = kept.with_line(&format!("{}{other}{}", &line[..at], &line[at + 1..])).unwrap();
    let error = refused(&desk, &forged, &known).await;
    assert!(matches!(error, StoreError::Ledger(LedgerError::WrongSignature { .. })), "{error}");
}

#[tokio::test]
async fn a_note_of_another_checkpoint_is_refused() {
    let ana = witness("witness.example/ana", 1);
    let (desk, _) = cosigned_desk(&ana).await;
    let known = [public(&ana)];
    let own = SigningKey::parse(std::fs::read_to_string(key(&desk).path()).unwrap().trim_end()).unwrap();
    let (size, root) = desk.store.tree_now().await.unwrap();
    let signed = |key: &SigningKey, size: u64, root| {
        let signed = SignedCheckpoint::sign(Checkpoint::new(key.name(), size, root).unwrap(), key).unwrap();
        signed.cosign(&ana, 1_750_000_000).unwrap()
    };
    let error = refused(&desk, &signed(&own, size + 1, root), &known).await;
    assert!(matches!(error, StoreError::NeverSigned { .. }), "{error}");
    let error = refused(&desk, &signed(&own, size, [7; 32]), &known).await;
    assert!(matches!(error, StoreError::SignedOtherwise { .. }), "{error}");
    let error = refused(&desk, &signed(&witness("hearsay.local/other", 9), size, root), &known).await;
    assert!(matches!(error, StoreError::Ledger(LedgerError::OtherOrigin { .. })), "{error}");
    let error = refused(&desk, &signed(&witness(own.name(), 9), size, root), &known).await;
    assert!(matches!(error, StoreError::Ledger(LedgerError::NotSigned { .. })), "{error}");
}

/// What keeps the cosignatures from being changed, taken away.
const UNLOCK: &str = "DROP TRIGGER cosignatures_are_never_changed; DROP TRIGGER cosignatures_are_taken_once;
    PRAGMA foreign_keys = OFF;";

#[tokio::test]
async fn cosignatures_refuse_to_be_changed_and_a_changed_one_is_named() {
    let (ana, ben) = (witness("witness.example/ana", 1), witness("witness.example/ben", 2));
    let ben_text = public(&ben).to_text();
    let known = [public(&ana)];
    for (tampering, named) in [
        ("UPDATE cosignatures SET line = 'torn'", "`witness.example/ana+"),
        (
            "UPDATE cosignatures SET line = substr(line, 1, 60) || CASE substr(line, 61, 1) WHEN 'A' THEN 'B' ELSE 'A' END
                 || substr(line, 62)",
            "does not fit the checkpoint",
        ),
        ("UPDATE cosignatures SET size = size - 1", "is not kept here"),
        ("UPDATE cosignatures SET origin = 'elsewhere'", "is not kept here"),
        ("UPDATE cosignatures SET witness = 'nobody'", "the cosignature of `nobody`"),
        (&format!("UPDATE cosignatures SET witness = '{ben_text}'"), "is not signed by `witness.example/ben+"),
    ] {
        let (desk, cosigned) = cosigned_desk(&ana).await;
        desk.store.take_cosigned(&cosigned, &key(&desk).verifying(), &known).await.unwrap();
        assert_eq!(found(&desk, &known).await, []);
        assert!(execute(&desk.path, tampering).await.is_err(), "{tampering}");
        execute(&desk.path, &format!("{UNLOCK} {tampering}")).await.unwrap();
        for witnesses in [&known[..], &[]] {
            let findings = found(&desk, witnesses).await;
            let is_named = |one: &Finding| one.table == Some("cosignatures") && one.wrong.contains(named);
            assert!(findings.len() == 1 && findings.iter().all(is_named), "{tampering}: {findings:?}");
        }
        let kept = desk.store.newest_checkpoint(None).await.unwrap().unwrap();
        if let Ok(given) = desk.store.with_cosignatures(kept.clone()).await {
            assert_eq!(given, kept, "{tampering}: what does not hold does not go out");
        }
    }
}

#[tokio::test]
async fn a_foreign_cosignature_is_named_where_witnesses_are_known() {
    let (ana, mallory) = (witness("witness.example/ana", 1), witness("witness.example/ana", 9));
    let (desk, cosigned) = cosigned_desk(&mallory).await;
    let line = cosigned.to_text().lines().last().unwrap().to_owned();
    let foist = format!(
        "INSERT INTO cosignatures SELECT origin, size, '{}', '{line}', 0 FROM checkpoints",
        public(&mallory).to_text()
    );
    execute(&desk.path, &foist).await.unwrap();
    assert_eq!(found(&desk, &[]).await, [], "nobody told whose it may be");
    let findings = found(&desk, &[public(&ana)]).await;
    assert_eq!(findings.len(), 1, "{findings:?}");
    assert!(findings[0].wrong.contains("of no witness that is known here"), "{findings:?}");
    for sql in ["DELETE FROM cosignatures", &foist, &foist.replace("INSERT", "INSERT OR REPLACE")] {
        assert!(execute(&desk.path, sql).await.is_err(), "{sql}");
    }
    desk.tell(&note("offer", "goes on")).await;
    assert_eq!(column(&desk.path, "SELECT CAST(count(*) AS TEXT) FROM cosignatures").await, ["1"]);
}
