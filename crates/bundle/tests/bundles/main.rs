//! Bundles from strangers: bad ones, each told of in one sentence, and the fuzz target over its corpus.

#![expect(clippy::unwrap_used, reason = "clippy knows tests only by their attribute, and these share functions")]

use std::io::{Cursor, Read, Write};
use std::path::{Path, PathBuf};

use hearsay_bundle::{claim_json, explanation_json, proof_name, verify_bundle};
use hearsay_ledger::{Checkpoint, KeyKind, SignedCheckpoint, SigningKey, VerifyingKey};
use hearsay_store::Bundle;
use serde_json::Value;
use zip::write::SimpleFileOptions;
use zip::{ZipArchive, ZipWriter};

#[path = "../../../../fuzz/fuzz_targets/bundles.rs"]
mod bundles;

type Parts = Vec<(String, Vec<u8>)>;

fn corpus() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../../fuzz/corpus/bundle")
}

fn whole() -> Vec<u8> {
    std::fs::read(corpus().join("whole-0")).unwrap()
}

fn parts() -> Parts {
    read(&whole())
}

fn read(zip: &[u8]) -> Parts {
    let mut archive = ZipArchive::new(Cursor::new(zip)).unwrap();
    (0..archive.len())
        .map(|index| {
            let mut part = archive.by_index(index).unwrap();
            let mut bytes = Vec::new();
            part.read_to_end(&mut bytes).unwrap();
            (part.name().unwrap().into_owned(), bytes)
        })
        .collect()
}

fn packed(parts: &Parts) -> Vec<u8> {
    let mut zip = ZipWriter::new(Cursor::new(Vec::new()));
    for (name, bytes) in parts {
        zip.start_file(name.as_str(), SimpleFileOptions::default()).unwrap();
        zip.write_all(bytes).unwrap();
    }
    zip.finish().unwrap().into_inner()
}

/// The whole bundle with one of its files changed.
fn changed(name: &str, change: impl FnOnce(Vec<u8>) -> Vec<u8>) -> Vec<u8> {
    let mut parts = parts();
    let part = parts.iter_mut().find(|(known, _)| known == name).unwrap();
    part.1 = change(std::mem::take(&mut part.1));
    packed(&parts)
}

fn changed_claim(change: impl FnOnce(&mut Value)) -> Vec<u8> {
    changed("claim.json", |bytes| {
        let mut claim: Value = serde_json::from_slice(&bytes).unwrap();
        change(&mut claim);
        match serde_json::from_value::<Bundle>(claim.clone()) {
            Ok(bundle) => claim_json(&bundle).unwrap().into_bytes(),
            Err(_) => serde_json::to_vec_pretty(&claim).unwrap(),
        }
    })
}

fn with(name: &str, bytes: &[u8]) -> Vec<u8> {
    let mut parts = parts();
    parts.push((name.to_owned(), bytes.to_vec()));
    packed(&parts)
}

fn twice() -> Vec<u8> {
    let mut bytes = with("key.tx_", b"x");
    let (from, to) = (b"key.tx_", b"key.txt");
    for at in 0..bytes.len() - from.len() {
        if &bytes[at..at + from.len()] == from {
            bytes[at..at + from.len()].copy_from_slice(to);
        }
    }
    bytes
}

fn bomb() -> Vec<u8> {
    with("claims.json", &vec![b' '; (128 << 20) + 1])
}

/// The whole bundle with a file between the others and the directory that only who reads on from the front would see.
fn smuggled() -> Vec<u8> {
    let whole = whole();
    let place = |at: usize| u32::from_le_bytes(whole[at..at + 4].try_into().unwrap());
    let end = whole.len() - 22;
    assert_eq!(&whole[end..end + 4], b"PK\x05\x06");
    let directory = usize::try_from(place(end + 16)).unwrap();
    let hidden = packed(&vec![("index.html".to_owned(), b"another page".to_vec())]);
    let hidden = &hidden[..hidden.windows(4).position(|four| four == b"PK\x01\x02").unwrap()];
    let mut bytes = [&whole[..directory], hidden, &whole[directory..]].concat();
    let moved = u32::try_from(directory + hidden.len()).unwrap();
    let at = bytes.len() - 6;
    bytes[at..at + 4].copy_from_slice(&moved.to_le_bytes());
    bytes
}

/// The whole bundle without the report of the claim that was merged into its own, and what follows from its events written
/// anew.
fn without_the_other_report() -> Vec<u8> {
    let mut seq = 0;
    let less = changed_claim(|claim| {
        let id = claim["id"].as_str().unwrap().to_owned();
        let events = claim["events"].as_array_mut().unwrap();
        let other = |event: &Value| {
            let envelope = event["envelope"].as_str().unwrap();
            envelope.contains("\"kind\":\"claim_reported\"") && !envelope.contains(&id)
        };
        let at = events.iter().position(other).unwrap();
        seq = events.remove(at)["seq"].as_u64().unwrap();
    });
    let claim = read(&less).into_iter().find(|(name, _)| name == "claim.json").unwrap().1;
    let bundle: Bundle = serde_json::from_slice(&claim).unwrap();
    let mut left = read(&less);
    left.retain(|(name, _)| *name != proof_name(seq));
    let explanation = left.iter_mut().find(|(name, _)| name == "explanation.json").unwrap();
    explanation.1 = explanation_json(&bundle).unwrap().unwrap().into_bytes();
    packed(&left)
}

#[test]
fn an_event_that_was_left_out_is_missed_by_those_after_it() {
    let said = said(&without_the_other_report(), None);
    assert!(said.iter().any(|finding| finding.ends_with("some are missing")), "{said:?}");
    assert!(
        !said.iter().any(|finding| finding.contains("explanation.json")),
        "it follows from what is left: {said:?}"
    );
}

/// All that is said of some bytes.
fn said(bytes: &[u8], given: Option<&VerifyingKey>) -> Vec<String> {
    match verify_bundle(Cursor::new(bytes), given) {
        Ok(verified) => verified.findings,
        Err(error) => vec![error.to_string()],
    }
}

fn key(origin: &str) -> SigningKey {
    SigningKey::new(origin, &[9; 32]).unwrap()
}

#[test]
fn the_whole_bundle_is_vouched_for() {
    assert_eq!(said(&whole(), None), Vec::<String>::new(), "or BUNDLE_FORMAT takes the next number");
}

#[test]
fn each_bad_bundle_is_told_of_in_one_sentence() {
    // Of many letters, so that it is no bomb when packed.
    let letter = |at: u64| char::from(b'a' + u8::try_from(at.wrapping_mul(0x9e37_79b9_7f4a_7c15) >> 60).unwrap());
    let long: String = (0..10 << 20).map(letter).collect();
    let whole = whole();
    let signed = |origin: &str| {
        let checkpoint = Checkpoint::new(origin, 99, [7; 32]).unwrap();
        SignedCheckpoint::sign(checkpoint, &key(origin)).unwrap().to_text().to_owned().into_bytes()
    };
    let text = |claim: &mut Value, words: &str| {
        let events = claim["events"].as_array_mut().unwrap();
        let texts = events.iter_mut().flat_map(|event| event["texts"].as_array_mut().unwrap());
        texts.into_iter().find(|text| text["field"] == "text").unwrap()["body"] = Value::from(words);
    };
    for (bytes, words) in [
        (whole[..whole.len() / 3].to_vec(), "EOCD"),
        (bomb(), "unpacks to more than is read"),
        (twice(), "two files of one name"),
        (smuggled(), "bytes that are of no file"),
        (with("../../etc/evil", b"x"), "file `../../etc/evil` is not part of a bundle"),
        (with("/etc/evil", b"x"), "file `/etc/evil` is not part of a bundle"),
        (with("more.json", b"{}"), "file `more.json` is not part of a bundle"),
        ([b"#!".as_slice(), &whole].concat(), "bytes that are of no file"),
        (changed("claim.json", |_| vec![0xff, 0xfe, b'{']), "`claim.json`: stream did not contain valid UTF-8"),
        (changed("key.txt", |_| vec![0xff]), "`key.txt`: stream did not contain valid UTF-8"),
        (changed("key.txt", |key| [key, b"more\n".to_vec()].concat()), "`key.txt`"),
        (changed("key.txt", |_| vec![b'x'; 2_000]), "`key.txt` is longer than any of its kind"),
        (changed("checkpoint.txt", |_| signed("desk.example/log")), "`checkpoint.txt`"),
        (changed("checkpoint.txt", |_| signed("other.example/log")), "`checkpoint.txt`"),
        (changed("explanation.json", |text| [text, b"\n".to_vec()].concat()), "`explanation.json`: the events"),
        (changed_claim(|claim| text(claim, &long)), "has 10485760 bytes; the log takes at most"),
        (changed_claim(|claim| claim["format"] = Value::from(long.as_str())), "this program reads"),
        (changed_claim(|claim| claim[long.as_str()] = Value::Null), "unknown field"),
        (changed_claim(|claim| claim["snapshots"] = Value::from(vec!["x"])), "names its snapshots"),
        (changed_claim(|claim| claim["events"] = Value::from(1)), "invalid type"),
    ] {
        let said = said(&bytes, None);
        assert!(said.len() == 1 && said[0].contains(words), "{words}: {:?}", said.iter().take(3));
        assert!(said[0].len() < 400 && !said[0].contains('\n'), "{}", said[0]);
    }
    for origin in ["desk.example/log", "other.example/log"] {
        let said = said(&whole, Some(&key(origin).verifying(KeyKind::Log)));
        assert!(said.len() == 1 && said[0].contains("not the key that you gave"), "{said:?}");
    }
}

#[test]
fn the_target_holds_over_its_corpus() {
    let seeds = std::fs::read_dir(corpus()).unwrap().map(|entry| std::fs::read(entry.unwrap().path()).unwrap());
    let seeds: Vec<Vec<u8>> = seeds.collect();
    assert!(seeds.len() >= 8, "{} seeds", seeds.len());
    for seed in seeds {
        bundles::bundle(&seed);
        for at in (0..seed.len()).step_by(1 + seed.len() / 150) {
            let mut changed = seed.clone();
            changed[at] ^= 1 << (at % 8);
            bundles::bundle(&changed);
            bundles::bundle(&seed[..at]);
        }
    }
}

#[test]
fn a_changed_bit_is_found_unless_all_files_are_as_they_were() {
    let (whole, parts) = (whole(), parts());
    let mut found = 0;
    for at in (0..whole.len()).step_by(7) {
        let mut changed = whole.clone();
        changed[at] ^= 1 << (at % 8);
        if said(&changed, None).is_empty() {
            assert_eq!(read(&changed), parts, "the bit in byte {at}");
        } else {
            found += 1;
        }
    }
    assert!(found > whole.len() / 14, "{found}");
}

#[test]
#[ignore = "writes the corpus but for the whole bundle anew: for whoever changes the form of bundles"]
fn writes_the_corpus() {
    let whole = whole();
    for (name, bytes) in [
        ("empty", Vec::new()),
        ("half", whole[..whole.len() / 2].to_vec()),
        ("no-text", changed("claim.json", |_| vec![0xff, 0xfe, 0])),
        ("twice", twice()),
        ("bomb", bomb()),
        ("elsewhere", with("../../etc/evil", b"x")),
        ("no-claim", changed("claim.json", |_| b"{}".to_vec())),
        ("no-events", changed_claim(|claim| claim["events"] = Value::Array(Vec::new()))),
    ] {
        std::fs::write(corpus().join(name), bytes).unwrap();
    }
}
