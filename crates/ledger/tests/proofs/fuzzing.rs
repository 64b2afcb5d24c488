//! The functions of the fuzz targets (`fuzz/`), each over its corpus, and over what a few changed bytes make of it.

use std::path::Path;

use hearsay_ledger::{ProofFile, SignedCheckpoint, WitnessRequest};

use crate::notes::{proof, signed, witness};

#[path = "../../../../fuzz/fuzz_targets/targets.rs"]
mod targets;

fn corpus(target: &str) -> Vec<Vec<u8>> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../fuzz/corpus").join(target);
    let entries = std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path());
    entries.map(|path| std::fs::read(path).unwrap()).collect()
}

#[test]
fn every_target_holds_over_its_corpus() {
    for (name, target) in targets::TARGETS {
        let seeds = corpus(name);
        assert!(seeds.len() >= 4, "{name}: {} seeds", seeds.len());
        for seed in seeds {
            target(&seed);
            for at in 0..seed.len() {
                let mut changed = seed.clone();
                changed[at] ^= 1 << (at % 8);
                target(&changed);
                target(&seed[..at]);
            }
        }
    }
}

#[test]
fn every_corpus_has_something_that_is_read() {
    assert!(corpus("note").iter().any(|seed| SignedCheckpoint::parse(seed).is_ok()));
    assert!(corpus("proof").iter().any(|seed| ProofFile::parse(seed).is_ok()));
    assert!(corpus("request").iter().any(|seed| WitnessRequest::parse(seed).is_ok()));
}

#[test]
#[ignore = "writes the corpus anew: for whoever changes a format"]
fn writes_the_corpus() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../fuzz/corpus");
    let write = |target: &str, name: &str, bytes: &[u8]| {
        std::fs::write(folder.join(target).join(name), bytes).unwrap();
    };
    let cosigned = signed().cosign(&witness(), 1_679_315_147).unwrap();
    let text = signed().checkpoint().to_text();
    let proof = proof();
    let request = WitnessRequest::new(None, signed()).unwrap().to_text();
    let longer = format!("old 5\n{}\n\n{}", "A".repeat(43) + "=", signed().to_text());
    for (target, whole) in [
        ("checkpoint", vec![text.clone(), format!("{text}of the log's own\n")]),
        ("note", vec![signed().to_text().to_owned(), cosigned.to_text().to_owned()]),
        ("proof", vec![proof.to_text(), ProofFile::new(proof.inclusion(), cosigned).unwrap().to_text()]),
        ("request", vec![request, longer]),
    ] {
        for (number, whole) in whole.iter().enumerate() {
            write(target, &format!("whole-{number}"), whole.as_bytes());
        }
        write(target, "half", &whole[0].as_bytes()[..whole[0].len() / 2]);
        write(target, "empty", b"");
        write(target, "no-text", &[0xff, 0xfe, 0, b'\n', b'\n']);
    }
}
