//! An evidence bundle checked without a database.
//! Invariant: every file of it is vouched for: by the key, by a proof, by a commitment, or by being written anew from what
//! is; any other is refused.

use std::collections::BTreeSet;
use std::io::{Read, Seek};

use hearsay_ledger::{ProofFile, SignedCheckpoint, VerifyingKey, leaf_hash};
use hearsay_store::{BUNDLE_FORMAT, Bundle, BundledEvent};
use serde::Serialize;

use crate::archive::{Archive, NoBundle, shown};
use crate::parts::{
    CHECKPOINT, CLAIM, EXPLANATION, KEY, PAGE, claim_json, explanation_json, key_text, page, proof_name,
};

/// How many findings are told.
const FINDINGS: usize = 100;

/// What checking a bundle came to; its serde form is for programs.
#[derive(Clone, PartialEq, Eq, Debug, Serialize)]
pub struct BundleVerified {
    /// The claim's reference.
    pub reference: String,
    /// The key that it was checked with.
    pub key: Option<String>,
    /// The same, where it did not come with the bundle.
    pub key_was_given: Option<String>,
    /// How many events it has.
    pub events: usize,
    /// How many of their texts were erased.
    pub erased: usize,
    /// How many were kept back as confidential.
    pub withheld: usize,
    /// Of how many events the log is that the checkpoint is of.
    pub size: Option<u64>,
    /// What is wrong, a sentence each; nothing where all is well.
    pub findings: Vec<String>,
}

/// Checks a bundle with the key that the log's owner gave, else with the bundle's own.
pub fn verify_bundle<R: Read + Seek>(bytes: R, given: Option<&VerifyingKey>) -> Result<BundleVerified, NoBundle> {
    let mut archive = Archive::open(bytes)?;
    let (bundle, findings) = read_claim(&mut archive)?;
    let mut check = Check { archive, bundle, findings };
    check.names();
    let key = check.key(given);
    let signed = check.checkpoint(key.as_ref());
    let wrong_events = check.bundle.findings();
    check.proofs(key.as_ref(), signed.as_ref());
    if wrong_events.is_empty() {
        check.explanation();
        check.page(key.as_ref(), signed.as_ref());
    }
    check.findings.extend(wrong_events);
    let Check { bundle, mut findings, .. } = check;
    findings.truncate(FINDINGS);
    Ok(BundleVerified {
        reference: bundle.reference.to_string(),
        key: key.map(|key| key.to_text()),
        key_was_given: given.map(VerifyingKey::to_text),
        events: bundle.events.len(),
        erased: bundle.events.iter().map(|event| event.erased.len()).sum(),
        withheld: bundle.events.iter().map(|event| event.withheld.len()).sum(),
        size: signed.map(|signed| signed.checkpoint().size()),
        findings,
    })
}

/// The events, and the finding that their file is not written as a bundle's is.
fn read_claim<R: Read + Seek>(archive: &mut Archive<R>) -> Result<(Bundle, Vec<String>), NoBundle> {
    let claim = archive.text(CLAIM).map_err(NoBundle)?;
    let wrong = |error: serde_json::Error| NoBundle(format!("`{CLAIM}`: {}", shown(&error.to_string())));
    let form: Form = serde_json::from_str(&claim).map_err(wrong)?;
    if form.format != BUNDLE_FORMAT {
        let form = shown(&form.format);
        return Err(NoBundle(format!("this program reads `{BUNDLE_FORMAT}`, and this is a `{form}`")));
    }
    let bundle = serde_json::from_str(&claim).map_err(wrong)?;
    let is_as_written = claim_json(&bundle).map_err(wrong)? == claim;
    let finding = (!is_as_written).then(|| format!("`{CLAIM}` is not written as a bundle's is"));
    Ok((bundle, finding.into_iter().collect()))
}

/// What every form of bundle says of itself.
#[derive(serde::Deserialize)]
struct Form {
    format: String,
}

/// A bundle that is being checked.
struct Check<R> {
    archive: Archive<R>,
    bundle: Bundle,
    findings: Vec<String>,
}

impl<R: Read + Seek> Check<R> {
    /// Every file is one that a bundle has.
    fn names(&mut self) {
        let mut known: BTreeSet<String> =
            [CLAIM, EXPLANATION, CHECKPOINT, KEY, PAGE].into_iter().map(str::to_owned).collect();
        known.extend(self.bundle.events.iter().map(|event| proof_name(event.seq)));
        for name in self.archive.names() {
            match name {
                Ok(name) if known.contains(&name) => {}
                Ok(name) => self.findings.push(format!("file `{}` is not part of a bundle", shown(&name))),
                Err(error) => self.findings.push(format!("a file's name cannot be read: {error}")),
            }
        }
    }

    /// One file, or the finding that it can't be read.
    fn text(&mut self, name: &str) -> Option<String> {
        match self.archive.text(name) {
            Ok(text) => Some(text),
            Err(wrong) => {
                self.findings.push(wrong);
                None
            }
        }
    }

    fn wrong(&mut self, name: &str, why: &dyn std::fmt::Display) {
        self.findings.push(format!("`{name}`: {}", shown(&why.to_string())));
    }

    /// The key to check with: the bundle's own, which is that that was given; else that is told, and all else is still
    /// checked.
    fn key(&mut self, given: Option<&VerifyingKey>) -> Option<VerifyingKey> {
        let own = self.text(KEY).and_then(|text| match VerifyingKey::parse(text.trim_end()) {
            Ok(own) if key_text(&own) == text => Some(own),
            Ok(_) => {
                self.wrong(KEY, &"it has more than a key");
                None
            }
            Err(error) => {
                self.wrong(KEY, &error);
                None
            }
        });
        match (given, own) {
            (Some(given), Some(own)) if own.to_text() != given.to_text() => {
                let label = own.label();
                self.findings
                    .push(format!("`{KEY}` is {label}, and not the key that you gave, {}", given.label()));
                Some(own)
            }
            (Some(given), None) => Some(given.clone()),
            (_, own) => own,
        }
    }

    fn checkpoint(&mut self, key: Option<&VerifyingKey>) -> Option<SignedCheckpoint> {
        let note = self.text(CHECKPOINT)?;
        match SignedCheckpoint::parse(note.as_bytes()) {
            Ok(signed) => match key.map(|key| signed.verify(key)) {
                Some(Err(error)) => {
                    self.wrong(CHECKPOINT, &error);
                    None
                }
                Some(Ok(())) | None => Some(signed),
            },
            Err(error) => {
                self.wrong(CHECKPOINT, &error);
                None
            }
        }
    }

    fn proofs(&mut self, key: Option<&VerifyingKey>, signed: Option<&SignedCheckpoint>) {
        for at in 0..self.bundle.events.len() {
            if self.findings.len() >= FINDINGS {
                return;
            }
            let name = proof_name(self.bundle.events[at].seq);
            let Some(proof) = self.text(&name) else { continue };
            let event = &self.bundle.events[at];
            let wrong = check_proof(event, &proof, key, signed);
            self.findings.extend(wrong.into_iter().map(|wrong| format!("event {}: `{name}`: {wrong}", event.seq)));
        }
    }

    /// The explanation is what the events come to.
    fn explanation(&mut self) {
        let anew = match explanation_json(&self.bundle) {
            Ok(Some(anew)) => anew,
            Ok(None) => {
                let reference = self.bundle.reference;
                return self.findings.push(format!("no event of the bundle reports {reference}"));
            }
            Err(error) => return self.wrong(EXPLANATION, &error),
        };
        if let Some(text) = self.text(EXPLANATION)
            && text != anew
        {
            let at = differing(&text, &anew);
            self.wrong(EXPLANATION, &format!("the events do not come to what it says in line {at}"));
        }
    }

    /// The page shows what the other files say.
    fn page(&mut self, key: Option<&VerifyingKey>, signed: Option<&SignedCheckpoint>) {
        let Some(text) = self.text(PAGE) else { return };
        let (Some(key), Some(signed)) = (key, signed) else { return };
        match page(&self.bundle, signed, key) {
            Ok(Some(anew)) if anew != text => {
                let at = differing(&text, &anew);
                self.wrong(PAGE, &format!("it does not show what the other files say: line {at} differs"));
            }
            Ok(_) => {}
            Err(error) => self.wrong(PAGE, &error),
        }
    }
}

/// The first line, from 1, in which two texts differ.
fn differing(one: &str, other: &str) -> usize {
    one.lines().zip(other.lines()).take_while(|(one, other)| one == other).count() + 1
}

/// What is wrong unless the proof leads from this very envelope, at its position, to the bundle's checkpoint.
fn check_proof(
    event: &BundledEvent,
    text: &str,
    key: Option<&VerifyingKey>,
    signed: Option<&SignedCheckpoint>,
) -> Vec<String> {
    let proof = match ProofFile::parse(text.as_bytes()) {
        Ok(proof) => proof,
        Err(error) => return vec![shown(&error.to_string())],
    };
    let mut wrong = Vec::new();
    if event.seq.checked_sub(1) != Some(proof.index()) {
        wrong.push("it proves another event".to_owned());
    }
    if signed.is_some_and(|signed| signed.to_text() != proof.signed().to_text()) {
        wrong.push(format!("it leads to another checkpoint than `{CHECKPOINT}`"));
    }
    if proof.to_text() != text {
        wrong.push("it has more than a proof".to_owned());
    }
    if let Some(Err(error)) = key.map(|key| proof.verify(leaf_hash(event.envelope.as_bytes()), key)) {
        wrong.push(shown(&error.to_string()));
    }
    wrong
}
