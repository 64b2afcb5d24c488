//! Others' cases, read from the folder that `HEARSAY_DATA` names; they are no part of this repository.

use std::path::{Path, PathBuf};

use hearsay_ledger::{Consistency, Hash, Inclusion, KeyKind, SigningKey, VerifyingKey, from_base64};
use serde::Deserialize;

/// The folder with others' cases; none where nothing names it, which is said loudly.
fn folder(test: &str) -> Option<PathBuf> {
    let Some(data) = std::env::var_os("HEARSAY_DATA") else {
        eprintln!("SKIPPED: {test}: set HEARSAY_DATA to the folder that holds `conformance`");
        return None;
    };
    let folder = Path::new(&data).join("conformance");
    assert!(folder.is_dir(), "HEARSAY_DATA names a folder without `conformance`");
    Some(folder)
}

fn cases(folder: &Path) -> Vec<(PathBuf, String)> {
    let mut found = Vec::new();
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            found.extend(cases(&path));
        } else {
            let text = std::fs::read_to_string(&path).unwrap();
            found.push((path, text));
        }
    }
    found
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct InclusionCase {
    leaf_idx: u64,
    tree_size: u64,
    root: String,
    leaf_hash: String,
    proof: Option<Vec<String>>,
    want_err: bool,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct ConsistencyCase {
    size1: u64,
    size2: u64,
    root1: String,
    root2: String,
    proof: Option<Vec<String>>,
    want_err: bool,
}

/// Any sixteen or more bytes stand for a hash in these cases: what is not 32 bytes long is refused where it is read.
fn hash(text: &str) -> Option<Hash> {
    from_base64(text).ok()
}

fn hashes(proof: Option<Vec<String>>) -> Option<Vec<Hash>> {
    proof.unwrap_or_default().iter().map(|text| hash(text)).collect()
}

#[test]
fn inclusion_proofs_of_rfc_6962() {
    let Some(folder) = folder("inclusion_proofs_of_rfc_6962") else { return };
    let all = cases(&folder.join("rfc6962-merkle/inclusion"));
    assert!(all.len() > 50, "{} cases", all.len());
    for (path, text) in all {
        let case: InclusionCase = serde_json::from_str(&text).unwrap();
        let is_good = match (hash(&case.leaf_hash), hash(&case.root), hashes(case.proof)) {
            (Some(leaf), Some(root), Some(hashes)) => {
                Inclusion { index: case.leaf_idx, size: case.tree_size, hashes }.verify(leaf, root).is_ok()
            }
            _ => false,
        };
        assert_eq!(is_good, !case.want_err, "{}", path.display());
    }
}

#[test]
fn consistency_proofs_of_rfc_6962() {
    let Some(folder) = folder("consistency_proofs_of_rfc_6962") else { return };
    let all = cases(&folder.join("rfc6962-merkle/consistency"));
    assert!(all.len() > 50, "{} cases", all.len());
    for (path, text) in all {
        let case: ConsistencyCase = serde_json::from_str(&text).unwrap();
        let same = case.root1 == case.root2 && case.size1 == case.size2;
        let is_good = match (hash(&case.root1), hash(&case.root2), hashes(case.proof)) {
            (Some(old_root), Some(new_root), Some(hashes)) => {
                Consistency { old: case.size1, new: case.size2, hashes }.verify(old_root, new_root).is_ok()
            }
            (_, _, Some(hashes)) => same && case.size1 > 0 && hashes.is_empty(),
            _ => false,
        };
        assert_eq!(is_good, !case.want_err, "{}", path.display());
    }
}

#[derive(Deserialize)]
struct Vectors {
    signed_note: Vec<NoteVector>,
}

#[derive(Deserialize)]
struct NoteVector {
    #[serde(rename = "skey_published_test")]
    signing_key: String,
    vkey: String,
    text: String,
    signature_line: String,
}

/// The published notes are no checkpoints: keys and signatures are held against them as they are.
#[test]
fn keys_and_signatures_of_published_notes() {
    let Some(folder) = folder("keys_and_signatures_of_published_notes") else { return };
    let text = std::fs::read_to_string(folder.join("webhook-and-note-vectors.json")).unwrap();
    let vectors: Vectors = serde_json::from_str(&text).unwrap();
    assert!(!vectors.signed_note.is_empty());
    for vector in vectors.signed_note {
        let key = SigningKey::parse(&vector.signing_key).unwrap();
        assert_eq!(key.to_secret_text(), vector.signing_key);
        let public = VerifyingKey::parse(&vector.vkey).unwrap();
        assert_eq!(public, key.verifying(KeyKind::Log));
        let mut note = signed_note::Note::new(vector.text.as_bytes(), &[]).unwrap();
        note.add_sigs(&[&key]).unwrap();
        let written = String::from_utf8(note.to_bytes()).unwrap();
        assert_eq!(written, format!("{}\n{}\n", vector.text, vector.signature_line.trim_end()));
        let known = signed_note::VerifierList::new(vec![Box::new(public)]);
        assert_eq!(note.verify(&known).unwrap().0.len(), 1);
    }
}
