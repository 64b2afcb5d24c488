//! `hearsay audit verify --bundle`: an evidence bundle checked without a database.
//! Invariant: a bundle comes from a stranger: nothing of it is read beyond bounds, and nothing of it is believed unproved.

use std::collections::BTreeSet;
use std::fs::File;
use std::io::{BufReader, Read};
use std::path::Path;

use hearsay_core::{Docket, Fact};
use hearsay_ledger::{ProofFile, SignedCheckpoint, VerifyingKey, leaf_hash};
use hearsay_store::{BUNDLE_FORMAT, Bundle, BundledEvent};
use serde::Serialize;
use serde_json::Value;
use zip::ZipArchive;

use crate::exit::Failure;
use crate::output::{Format, Screen};
use crate::words::count;

/// The files of a bundle.
pub(super) const CLAIM: &str = "claim.json";
pub(super) const EXPLANATION: &str = "explanation.json";
pub(super) const CHECKPOINT: &str = "checkpoint.txt";
pub(super) const KEY: &str = "key.txt";
pub(super) const PAGE: &str = "index.html";

/// The folder of the proofs.
const PROOFS: &str = "proofs/";

/// How large a bundle may be, packed and unpacked, in bytes.
const MOST_PACKED: u64 = 256 << 20;
const MOST_UNPACKED: u64 = 1 << 30;

/// How large one of its files may be, unpacked.
const MOST_OF_ONE: u64 = 512 << 20;

/// How many files it may have.
const MOST_FILES: usize = 200_000;

/// How many times its packed size a file may have, where that is over a mebibyte.
const MOST_RATIO: u64 = 200;

/// How many findings are told.
const FINDINGS: usize = 100;

/// The file of the proof of one event.
pub(super) fn proof_name(seq: u64) -> String {
    format!("{PROOFS}{seq}.tlog-proof")
}

/// The outcome, for programs.
#[derive(Serialize)]
struct Verified {
    reference: Option<String>,
    key: Option<String>,
    key_was_given: Option<String>,
    events: usize,
    erased: usize,
    withheld: usize,
    size: Option<u64>,
    findings: Vec<String>,
}

/// Verifies a bundle with the key that the log's owner gave, else with the bundle's own, which is shown.
pub(crate) fn run(bundle: &Path, given: Option<&VerifyingKey>, format: Format) -> Result<(), Failure> {
    let mut archive = open(bundle)?;
    let verified = verify(&mut archive, given, bundle)?;
    let screen = Screen::new(format);
    screen.object(&verified, || told(&verified))?;
    if verified.findings.is_empty() {
        return Ok(());
    }
    let wrong = count(verified.findings.len() as u64, "thing is", "things are");
    Err(Failure::Found(format!("{wrong} wrong with `{}`", bundle.display())))
}

fn told(verified: &Verified) -> String {
    let mut lines = verified.findings.clone();
    if verified.findings.is_empty() {
        let size = verified.size.unwrap_or_default();
        lines.push(format!(
            "{} of {}: each is in the log of {} that the checkpoint is of, and says what was recorded. That they are all \
             there are is not proved; the page, and why the standing is what it is, are the desk's word.",
            count(verified.events as u64, "event", "events"),
            verified.reference.as_deref().unwrap_or("a claim"),
            count(size, "event", "events"),
        ));
    }
    for (what, how_many) in [("erased", verified.erased), ("kept back as confidential", verified.withheld)] {
        if how_many > 0 {
            lines.push(format!("{}: {what}.", count(how_many as u64, "text", "texts")));
        }
    }
    if let (Some(key), None) = (&verified.key, &verified.key_was_given) {
        lines.push(format!("Signed with the key that came with it; compare it with the desk's: {key}"));
    }
    lines.join("\n")
}

type Archive = ZipArchive<BufReader<File>>;

/// Opens the file, once its size, and what it says of its parts, is within bounds.
fn open(path: &Path) -> Result<Archive, Failure> {
    let file = File::open(path).map_err(|source| Failure::File { path: path.to_owned(), source })?;
    let length = file.metadata().map_err(|source| Failure::File { path: path.to_owned(), source })?.len();
    let refused = |why: String| Err(Failure::Usage(format!("`{}` is no bundle: {why}", path.display())));
    if length > MOST_PACKED {
        return refused(format!("it has {length} bytes; at most {MOST_PACKED} are read"));
    }
    let mut archive = match ZipArchive::new(BufReader::new(file)) {
        Ok(archive) => archive,
        Err(error) => return refused(error.to_string()),
    };
    if archive.has_duplicate_names() {
        return refused("it has two files of one name".to_owned());
    }
    if archive.len() > MOST_FILES {
        return refused(format!("it has {} files; at most {MOST_FILES} are read", archive.len()));
    }
    let mut whole = 0_u64;
    for index in 0..archive.len() {
        let part = match archive.by_index_raw(index) {
            Ok(part) => part,
            Err(error) => return refused(error.to_string()),
        };
        let (packed, unpacked) = (part.compressed_size(), part.size());
        whole = whole.saturating_add(unpacked);
        let bomb = unpacked > (1 << 20) && unpacked / packed.max(1) > MOST_RATIO;
        if unpacked > MOST_OF_ONE || whole > MOST_UNPACKED || bomb {
            return refused("it unpacks to more than is read".to_owned());
        }
    }
    Ok(archive)
}

/// How long that file may be, in bytes.
fn most(name: &str) -> u64 {
    match name {
        KEY => 1 << 10,
        CHECKPOINT => 64 << 10,
        name if name.starts_with(PROOFS) => 128 << 10,
        _ => MOST_OF_ONE,
    }
}

/// One file of the bundle as text; none where it isn't there or cannot be read.
fn text(archive: &mut Archive, name: &str, findings: &mut Vec<String>) -> Option<String> {
    let part = match archive.by_name(name) {
        Ok(part) => part,
        Err(error) => {
            findings.push(format!("`{name}`: {error}"));
            return None;
        }
    };
    let mut text = String::new();
    match part.take(most(name) + 1).read_to_string(&mut text) {
        Ok(_) if text.len() as u64 > most(name) => {
            findings.push(format!("`{name}` is longer than any of its kind"));
            None
        }
        Ok(_) => Some(text),
        Err(error) => {
            findings.push(format!("`{name}`: {error}"));
            None
        }
    }
}

fn verify(archive: &mut Archive, given: Option<&VerifyingKey>, path: &Path) -> Result<Verified, Failure> {
    let mut findings = Vec::new();
    let claim = text(archive, CLAIM, &mut findings);
    let Some(claim) = claim else {
        let why = findings.join("; ");
        return Err(Failure::Usage(format!("`{}` is no bundle: {why}", path.display())));
    };
    let bundle: Bundle = serde_json::from_str(&claim)
        .map_err(|error| Failure::Usage(format!("`{}`: `{CLAIM}`: {error}", path.display())))?;
    if bundle.format != BUNDLE_FORMAT {
        let form: String = bundle.format.chars().take(80).collect();
        return Err(Failure::Usage(format!("this program reads `{BUNDLE_FORMAT}`, and this is a `{form}`")));
    }
    check_names(archive, &bundle, &mut findings);
    let key = check_key(archive, given, &mut findings);
    let signed = check_checkpoint(archive, key.as_ref(), &mut findings);
    findings.extend(bundle.findings());
    for event in &bundle.events {
        if findings.len() >= FINDINGS {
            break;
        }
        check_proof(archive, event, key.as_ref(), signed.as_ref(), &mut findings);
    }
    check_claim(archive, &bundle, &mut findings);
    findings.truncate(FINDINGS);
    Ok(Verified {
        reference: Some(bundle.reference.to_string()),
        key: key.map(|key| key.to_text()),
        key_was_given: given.map(VerifyingKey::to_text),
        events: bundle.events.len(),
        erased: bundle.events.iter().map(|event| event.erased.len()).sum(),
        withheld: bundle.events.iter().map(|event| event.withheld.len()).sum(),
        size: signed.map(|signed| signed.checkpoint().size()),
        findings,
    })
}

/// Every file is one that a bundle has.
fn check_names(archive: &Archive, bundle: &Bundle, findings: &mut Vec<String>) {
    let mut known: BTreeSet<String> =
        [CLAIM, EXPLANATION, CHECKPOINT, KEY, PAGE].into_iter().map(str::to_owned).collect();
    known.extend(bundle.events.iter().map(|event| proof_name(event.seq)));
    for name in archive.file_names() {
        match name {
            Ok(name) if known.contains(&*name) => {}
            Ok(name) => {
                let shown: String = name.chars().filter(|letter| !letter.is_control()).take(80).collect();
                findings.push(format!("`{shown}` is no file of a bundle"));
            }
            Err(error) => findings.push(format!("a file's name cannot be read: {error}")),
        }
    }
}

/// The key to check with: the one that was given, else the bundle's own.
fn check_key(
    archive: &mut Archive,
    given: Option<&VerifyingKey>,
    findings: &mut Vec<String>,
) -> Option<VerifyingKey> {
    let own = text(archive, KEY, findings)?;
    let own = match VerifyingKey::parse(own.trim_end()) {
        Ok(own) => Some(own),
        Err(error) => {
            findings.push(format!("`{KEY}`: {error}"));
            None
        }
    };
    match (given, own) {
        (Some(given), Some(own)) if own.to_text() != given.to_text() => {
            findings.push(format!("`{KEY}` is {}, and not the key that you gave, {}", own.label(), given.label()));
            Some(given.clone())
        }
        (Some(given), _) => Some(given.clone()),
        (None, own) => own,
    }
}

fn check_checkpoint(
    archive: &mut Archive,
    key: Option<&VerifyingKey>,
    findings: &mut Vec<String>,
) -> Option<SignedCheckpoint> {
    let note = text(archive, CHECKPOINT, findings)?;
    let signed = match SignedCheckpoint::parse(note.as_bytes()) {
        Ok(signed) => signed,
        Err(error) => {
            findings.push(format!("`{CHECKPOINT}`: {error}"));
            return None;
        }
    };
    if let Some(Err(error)) = key.map(|key| signed.verify(key)) {
        findings.push(format!("`{CHECKPOINT}`: {error}"));
    }
    Some(signed)
}

/// The proof leads from this very envelope, at its position, to the bundle's checkpoint.
fn check_proof(
    archive: &mut Archive,
    event: &BundledEvent,
    key: Option<&VerifyingKey>,
    signed: Option<&SignedCheckpoint>,
    findings: &mut Vec<String>,
) {
    let name = proof_name(event.seq);
    let Some(proof) = text(archive, &name, findings) else { return };
    let wrong = |error: String| format!("event {}: `{name}`: {error}", event.seq);
    let proof = match ProofFile::parse(proof.as_bytes()) {
        Ok(proof) => proof,
        Err(error) => return findings.push(wrong(error.to_string())),
    };
    if event.seq.checked_sub(1) != Some(proof.index()) {
        findings.push(wrong("it proves another event".to_owned()));
    }
    if signed.is_some_and(|signed| signed.to_text() != proof.signed().to_text()) {
        findings.push(wrong(format!("it leads to another checkpoint than `{CHECKPOINT}`")));
    }
    if let Some(Err(error)) = key.map(|key| proof.verify(leaf_hash(event.envelope.as_bytes()), key)) {
        findings.push(wrong(error.to_string()));
    }
}

/// The events are of this claim, from its first on, and the explanation is of what they come to.
fn check_claim(archive: &mut Archive, bundle: &Bundle, findings: &mut Vec<String>) {
    let mut docket = Docket::default();
    for event in bundle.opened() {
        let begins = matches!(event.fact, Fact::ClaimReported { .. });
        if !begins && event.claim.is_none_or(|id| !docket.claims.contains_key(&id)) {
            findings.push(format!("event {} is of no claim of this bundle", event.seq));
        }
        docket.apply(&event);
    }
    let Some(claim) = docket.claims.get(&bundle.id).filter(|claim| claim.number == bundle.reference) else {
        findings.push(format!("no event of the bundle reports {}", bundle.reference));
        return;
    };
    let Some(explanation) = text(archive, EXPLANATION, findings) else { return };
    let Ok(explanation) = serde_json::from_str::<Value>(&explanation) else {
        findings.push(format!("`{EXPLANATION}` is no JSON"));
        return;
    };
    for (key, value) in [
        ("reference", Value::from(claim.number.to_string())),
        ("state", Value::from(claim.state.as_str())),
        ("version", Value::from(claim.version)),
    ] {
        if explanation[key] != value {
            findings.push(format!("`{EXPLANATION}` is not of these events: its `{key}` differs"));
        }
    }
}
