//! Keys, signed checkpoints, cosignatures and proof files: what is written is read, and what was changed is refused.

use hearsay_ledger::{
    Checkpoint, Cosignature, KeyKind, LedgerError, ProofFile, SignedCheckpoint, SigningKey, VerifyingKey,
    prove_inclusion,
};

use crate::naive;

pub(crate) fn key() -> SigningKey {
    SigningKey::new("hearsay.local/desk", &[7; 32]).unwrap()
}

pub(crate) fn witness() -> SigningKey {
    SigningKey::new("witness.example/w1", &[8; 32]).unwrap()
}

pub(crate) fn signed() -> SignedCheckpoint {
    let (_, edge) = naive::grown(&naive::leaves(11));
    SignedCheckpoint::sign(Checkpoint::new("hearsay.local/desk", 11, edge.root()).unwrap(), &key()).unwrap()
}

pub(crate) fn proof() -> ProofFile {
    let (known, _) = naive::grown(&naive::leaves(11));
    ProofFile::new(prove_inclusion(11, 4, &known).unwrap(), signed()).unwrap()
}

#[test]
fn a_key_is_read_as_it_was_written() {
    let again = SigningKey::parse(&key().to_secret_text()).unwrap();
    assert_eq!(again.to_secret_text(), key().to_secret_text());
    for kind in [KeyKind::Log, KeyKind::Witness] {
        let public = key().verifying(kind);
        assert_eq!(VerifyingKey::parse(&public.to_text()).unwrap(), public);
        assert_eq!(public.kind(), kind);
        assert!(public.to_text().starts_with(&public.label()));
    }
    assert_ne!(key().verifying(KeyKind::Log).id(), key().verifying(KeyKind::Witness).id());
}

#[test]
fn a_key_is_never_shown_by_chance() {
    let shown = format!("{:?}", key());
    let secret = key().to_secret_text();
    assert!(!shown.contains(secret.rsplit('+').next().unwrap()), "{shown}");
}

#[test]
fn bad_keys_are_refused() {
    let secret = key().to_secret_text();
    let public = key().verifying(KeyKind::Log).to_text();
    let other = SigningKey::new("hearsay.local/other", &[9; 32]).unwrap().verifying(KeyKind::Log).to_text();
    let other_data = other.rsplit('+').next().unwrap();
    let (head, _) = public.rsplit_once('+').unwrap();
    for bad in [
        String::new(),
        "hearsay.local/desk".to_owned(),
        public.replace("desk", "d sk"),
        public.replace("desk", "dusk"),
        public.to_uppercase(),
        format!("{public}\n"),
        format!("{head}+{other_data}"),
        format!("{head}+"),
        "+".repeat(100_000),
        secret.clone(),
    ] {
        assert!(VerifyingKey::parse(&bad).is_err(), "{bad:.60}");
    }
    for bad in [secret.replace("PRIVATE", "private"), secret.replace("desk", "dusk"), public, format!("{secret} ")]
    {
        assert!(SigningKey::parse(&bad).is_err(), "{bad:.60}");
    }
    assert!(SigningKey::new("two words", &[0; 32]).is_err());
    assert!(SigningKey::new("a+b", &[0; 32]).is_err());
    assert!(SigningKey::new("", &[0; 32]).is_err());
}

#[test]
fn a_signed_checkpoint_is_read_and_verified() {
    let signed = signed();
    let again = SignedCheckpoint::parse(signed.to_text().as_bytes()).unwrap();
    assert_eq!(again, signed);
    again.verify(&key().verifying(KeyKind::Log)).unwrap();
    assert_eq!(again.checkpoint().size(), 11);
    assert_eq!(again.signers().unwrap(), [key().verifying(KeyKind::Log).label()]);
}

#[test]
fn a_checkpoint_of_another_log_or_key_is_refused() {
    let signed = signed();
    let stranger = SigningKey::new("hearsay.local/stranger", &[7; 32]).unwrap().verifying(KeyKind::Log);
    assert!(matches!(signed.verify(&stranger), Err(LedgerError::OtherOrigin { .. })));
    let other_key = SigningKey::new("hearsay.local/desk", &[1; 32]).unwrap().verifying(KeyKind::Log);
    assert!(matches!(signed.verify(&other_key), Err(LedgerError::NotSigned { .. })));
    let checkpoint = signed.checkpoint().clone();
    assert!(matches!(SignedCheckpoint::sign(checkpoint, &witness()), Err(LedgerError::OtherOrigin { .. })));
}

#[test]
fn every_changed_bit_of_a_signed_checkpoint_is_refused() {
    let signed = signed();
    let public = key().verifying(KeyKind::Log);
    for bit in 0..signed.to_text().len() * 8 {
        let mut bytes = signed.to_text().as_bytes().to_vec();
        bytes[bit / 8] ^= 1 << (bit % 8);
        let refused = SignedCheckpoint::parse(&bytes).and_then(|changed| changed.verify(&public));
        assert!(refused.is_err(), "bit {bit} was changed unseen");
    }
}

#[test]
fn a_witness_cosigns_with_its_time() {
    let cosigned = signed().cosign(&witness(), 1_679_315_147).unwrap();
    let again = SignedCheckpoint::parse(cosigned.to_text().as_bytes()).unwrap();
    again.verify(&key().verifying(KeyKind::Log)).unwrap();
    let public = witness().verifying(KeyKind::Witness);
    let expected = Cosignature { witness: public.label(), at: 1_679_315_147 };
    assert_eq!(again.cosignature_of(&public).unwrap(), expected);
    assert!(again.cosignature_of(&key().verifying(KeyKind::Witness)).is_err());
    assert!(signed().cosignature_of(&public).is_err());
    assert_eq!(again.signers().unwrap().len(), 2);

    let later = again.cosign(&witness(), 1_679_315_148).unwrap();
    assert_eq!(later.signers().unwrap().len(), 2, "a witness's later word takes the place of its earlier one");
    assert_eq!(later.cosignature_of(&public).unwrap().at, 1_679_315_148);
}

#[test]
fn every_changed_bit_of_a_cosignature_is_refused() {
    let cosigned = signed().cosign(&witness(), 1_679_315_147).unwrap();
    let public = witness().verifying(KeyKind::Witness);
    let text = cosigned.to_text();
    let line = text.rfind('—').unwrap();
    for bit in line * 8..text.len() * 8 {
        let mut bytes = text.as_bytes().to_vec();
        bytes[bit / 8] ^= 1 << (bit % 8);
        let refused = SignedCheckpoint::parse(&bytes).and_then(|changed| changed.cosignature_of(&public));
        assert!(refused.is_err(), "bit {bit} was changed unseen");
    }
}

#[test]
fn a_proof_file_is_read_and_verified() {
    let proof = proof();
    let again = ProofFile::parse(proof.to_text().as_bytes()).unwrap();
    assert_eq!(again, proof);
    let leaf = naive::leaves(11)[4];
    again.verify(leaf, &key().verifying(KeyKind::Log)).unwrap();
    assert_eq!(again.verify(naive::leaves(11)[5], &key().verifying(KeyKind::Log)), Err(LedgerError::NotIncluded));

    let cosigned = ProofFile::new(proof.inclusion(), signed().cosign(&witness(), 5).unwrap()).unwrap();
    let again = ProofFile::parse(cosigned.to_text().as_bytes()).unwrap();
    again.verify(leaf, &key().verifying(KeyKind::Log)).unwrap();
    assert_eq!(again.signed().cosignature_of(&witness().verifying(KeyKind::Witness)).unwrap().at, 5);
}

#[test]
fn every_changed_bit_of_a_proof_file_is_refused() {
    let (text, public, leaf) = (proof().to_text(), key().verifying(KeyKind::Log), naive::leaves(11)[4]);
    for bit in 0..text.len() * 8 {
        let mut bytes = text.as_bytes().to_vec();
        bytes[bit / 8] ^= 1 << (bit % 8);
        let refused = ProofFile::parse(&bytes).and_then(|changed| changed.verify(leaf, &public));
        assert!(refused.is_err(), "bit {bit} was changed unseen");
    }
}

#[test]
fn proof_and_checkpoint_have_to_be_of_one_size() {
    let (known, _) = naive::grown(&naive::leaves(11));
    assert!(ProofFile::new(prove_inclusion(10, 4, &known).unwrap(), signed()).is_err());
}
