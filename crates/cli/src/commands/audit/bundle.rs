//! `hearsay audit bundle`: one claim's evidence, and what proves it, in one file.

use std::fs::File;
use std::io::{self, BufWriter, Write};
use std::path::{Path, PathBuf};

use clap::Args;
use hearsay_bundle::{
    CHECKPOINT, CLAIM, EXPLANATION, KEY, PAGE, claim_json, explanation_json, key_text, page, proof_name,
};
use hearsay_core::{Command, ExportFormat, RecordExport, Reference, Role, check_permission};
use hearsay_ledger::{ProofFile, VerifyingKey};
use hearsay_store::{Bundle, Confidences, KeptCheckpoint, LogKey, Store, SubmitError};
use serde::Serialize;
use sha2::{Digest, Sha256};
use tempfile::NamedTempFile;
use zip::ZipWriter;
use zip::write::SimpleFileOptions;

use super::export::hex;
use super::key::KeyFile;
use crate::desk::Desk;
use crate::exit::Failure;
use crate::output::new_file;
use crate::progress::Progress;
use crate::words::count;

/// Examples for its help.
pub(crate) const EXAMPLES: &str = "Examples:\n  hearsay audit bundle C-142 --out C-142.zip\n  \
    hearsay audit bundle C-142 --out C-142.zip --with-confidential --role editor\n\n\
    It signs a checkpoint of the log as it is now, and needs the log's key for that. What lies in the file: claim.json (the\n\
    claim's events, and those of the sources and the policy that it is weighed by, each as it was hashed, with its texts and\n\
    their salts), explanation.json, proofs/ (each a C2SP tlog-proof, which other tools check, too), checkpoint.txt, key.txt,\n\
    and index.html to look at. Explanation and page follow from the events, and are made anew by whoever checks the file.\n\
    Who gets it should get the key another way, or compare it: a key that comes with what it signed proves nothing.";

/// Arguments of `audit bundle`.
#[derive(Args, Debug)]
pub(crate) struct BundleArgs {
    /// The claim: C-142, its ref, its UUID, or a unique start of that.
    #[arg(value_name = "CLAIM")]
    claim: String,
    /// The file to write; it must not be there.
    #[arg(long, value_name = "FILE")]
    out: PathBuf,
    #[command(flatten)]
    key: KeyFile,
    /// With confidential words; for editors, admins and auditors.
    #[arg(long)]
    with_confidential: bool,
}

/// What was written, for programs.
#[derive(Serialize)]
struct Written<'a> {
    file: &'a Path,
    reference: String,
    events: usize,
    withheld: usize,
    erased: usize,
    size: u64,
}

/// Writes a bundle and records that. The file is there once the log tells of it.
pub(crate) async fn run(args: &BundleArgs, desk: &Desk) -> Result<(), Failure> {
    let confidences = confidences(args, desk.actor.role)?;
    let claim = desk.store.find_claim(&args.claim).await?;
    let mut told = RecordExport {
        format: ExportFormat::Bundle,
        claim: Some(Reference(claim.to_string())),
        filter: args.with_confidential.then(|| "--with-confidential".to_owned()),
        events: 0,
        bytes: None,
        sha256: String::new(),
    };
    check_permission(&Command::RecordExport(told.clone()), desk.actor.role).map_err(SubmitError::Refused)?;
    let key = LogKey::open(&args.key.path(desk))?;
    let (kept, bundle) = desk.store.signed_bundle(&key, claim, confidences).await?;
    let files = Files { bundle: &bundle, kept: &kept, key: &key.verifying() };
    let failed = |source| failed(&args.out, source);
    let whole = new_file(&args.out).map_err(failed)?;
    write(&desk.store, &files, BufWriter::new(whole.reopen().map_err(failed)?), &args.out).await?;
    let (bytes, sha256) = measured(&whole).map_err(failed)?;
    let claim = Some(Reference(bundle.reference.to_string()));
    told = RecordExport { claim, events: bundle.events.len() as u64, bytes: Some(bytes), sha256, ..told };
    desk.send(Command::RecordExport(told), None).await?;
    if desk.store.has_erased_since(kept.signed.checkpoint().size()).await? {
        let file = args.out.display();
        return Err(Failure::Found(format!(
            "a text was erased while the bundle was made, so `{file}` was not written: make it anew"
        )));
    }
    whole.persist_noclobber(&args.out).map_err(|error| failed(error.error))?;
    let written = Written {
        file: &args.out,
        reference: bundle.reference.to_string(),
        events: bundle.events.len(),
        withheld: bundle.events.iter().map(|event| event.withheld.len()).sum(),
        erased: bundle.events.iter().map(|event| event.erased.len()).sum(),
        size: kept.signed.checkpoint().size(),
    };
    desk.screen.object(&written, || sentence(&written))
}

fn sentence(written: &Written<'_>) -> String {
    let events = count(written.events as u64, "event", "events");
    let withheld = if written.withheld > 0 {
        format!(" {} stayed behind.", count(written.withheld as u64, "confidential text", "confidential texts"))
    } else {
        String::new()
    };
    format!(
        "Wrote {events} for {} to `{}`, proved in a log of {}, which tells of it.{withheld}\nTo check it: `hearsay audit verify --bundle {}`",
        written.reference,
        written.file.display(),
        count(written.size, "event", "events"),
        written.file.display()
    )
}

fn confidences(args: &BundleArgs, role: Role) -> Result<Confidences, Failure> {
    match (args.with_confidential, role) {
        (false, _) => Ok(Confidences::Withheld),
        (true, Role::Editor | Role::Admin | Role::Auditor) => Ok(Confidences::Included),
        (true, Role::Checker | Role::Worker) => Err(Failure::Usage(format!(
            "the role `{}` may not take confidential words out; it takes `editor`, `admin` or `auditor`",
            role.as_str()
        ))),
    }
}

/// How many bytes a file has, and their SHA-256.
fn measured(file: &NamedTempFile) -> io::Result<(u64, String)> {
    let mut hash = Sha256::new();
    let bytes = io::copy(&mut file.reopen()?, &mut hash)?;
    Ok((bytes, hex(&hash.finalize())))
}

/// What goes into the file.
struct Files<'a> {
    bundle: &'a Bundle,
    kept: &'a KeptCheckpoint,
    key: &'a VerifyingKey,
}

async fn write(store: &Store, files: &Files<'_>, out: BufWriter<File>, path: &Path) -> Result<(), Failure> {
    let mut zip = Zip { writer: ZipWriter::new(out), path };
    let Files { bundle, kept, key } = files;
    zip.put(CLAIM, &claim_json(bundle).map_err(unwritten)?)?;
    zip.put(EXPLANATION, &reported(bundle, explanation_json(bundle).map_err(unwritten)?)?)?;
    zip.put(CHECKPOINT, kept.signed.to_text())?;
    zip.put(KEY, &key_text(key))?;
    zip.put(PAGE, &reported(bundle, page(bundle, &kept.signed, key).map_err(unwritten)?)?)?;
    let size = files.kept.signed.checkpoint().size();
    let mut progress = Progress::begin("proving events", Some(files.bundle.events.len() as u64));
    for (done, event) in (1..).zip(&files.bundle.events) {
        let inclusion = store.prove_inclusion(size, event.seq).await?;
        let proof = ProofFile::new(inclusion, files.kept.signed.clone());
        let proof = proof.map_err(|error| Failure::Usage(error.to_string()))?;
        zip.put(&proof_name(event.seq), &proof.to_text())?;
        progress.at(done);
    }
    progress.end();
    zip.end()
}

struct Zip<'a> {
    writer: ZipWriter<BufWriter<File>>,
    path: &'a Path,
}

impl Zip<'_> {
    fn put(&mut self, name: &str, text: &str) -> Result<(), Failure> {
        self.writer
            .start_file(name, SimpleFileOptions::default())
            .map_err(|error| failed(self.path, error.into()))?;
        self.writer.write_all(text.as_bytes()).map_err(|source| failed(self.path, source))
    }

    fn end(self) -> Result<(), Failure> {
        let mut out = self.writer.finish().map_err(|error| failed(self.path, error.into()))?;
        out.flush().map_err(|source| failed(self.path, source))?;
        out.get_ref().sync_all().map_err(|source| failed(self.path, source))
    }
}

fn failed(path: &Path, source: std::io::Error) -> Failure {
    Failure::File { path: path.to_owned(), source }
}

fn unwritten(error: impl std::fmt::Display) -> Failure {
    Failure::Usage(error.to_string())
}

/// What follows from a bundle's events, which the log must have from the claim's first on.
fn reported(bundle: &Bundle, text: Option<String>) -> Result<String, Failure> {
    let reference = bundle.reference;
    text.ok_or_else(|| {
        Failure::Found(format!("the log has no event that reports {reference}; `hearsay audit verify` says more"))
    })
}
