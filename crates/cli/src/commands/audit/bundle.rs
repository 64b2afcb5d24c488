//! `hearsay audit bundle`: one claim's evidence, and what proves it, in one file.

use std::fs::File;
use std::io::{BufWriter, Write};
use std::path::{Path, PathBuf};

use clap::Args;
use hearsay_core::{Actor, Event, Explanation, Role, Text};
use hearsay_formats::{BundlePage, PageEvent, PageText};
use hearsay_ledger::ProofFile;
use hearsay_store::{Bundle, Confidences, KeptCheckpoint, LogKey, Store};
use serde::Serialize;
use serde_json::Value;
use zip::ZipWriter;
use zip::write::SimpleFileOptions;

use super::key::KeyFile;
use super::verify_bundle::{CHECKPOINT, CLAIM, EXPLANATION, KEY, PAGE, proof_name};
use crate::desk::Desk;
use crate::exit::Failure;
use crate::progress::Progress;
use crate::words::count;

/// Examples for its help.
pub(crate) const EXAMPLES: &str = "Examples:\n  hearsay audit bundle C-142 --out C-142.zip\n  \
    hearsay audit bundle C-142 --out C-142.zip --with-confidential --role editor\n\n\
    It signs a checkpoint of the log as it is now, and needs the log's key for that. What lies in the file: claim.json (each\n\
    event as it was hashed, with its texts and their salts), explanation.json, proofs/ (each a C2SP tlog-proof, which other\n\
    tools check, too), checkpoint.txt, key.txt, and index.html to look at. Who gets the file should get the key another\n\
    way, or compare it: a key that comes with what it signed proves nothing.";

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

/// Writes a bundle.
pub(crate) async fn run(args: &BundleArgs, desk: &Desk) -> Result<(), Failure> {
    let confidences = confidences(args, desk.actor.role)?;
    let claim = desk.store.find_claim(&args.claim).await?;
    let key = LogKey::open(&args.key.path(desk))?;
    let kept = desk.store.sign_checkpoint(&key).await?;
    let size = kept.signed.checkpoint().size();
    let explanation = desk.store.explanation(claim).await?;
    let bundle = desk.store.bundle(explanation.reference, size, confidences).await?;
    let files = Files { bundle: &bundle, explanation: &explanation, kept: &kept, key: &key.verifying().to_text() };
    let file = File::create_new(&args.out).map_err(|source| failed(&args.out, source))?;
    if let Err(failure) = write(&desk.store, &files, BufWriter::new(file), &args.out).await {
        std::fs::remove_file(&args.out).map_err(|source| failed(&args.out, source))?;
        return Err(failure);
    }
    let written = Written {
        file: &args.out,
        reference: bundle.reference.to_string(),
        events: bundle.events.len(),
        withheld: bundle.events.iter().map(|event| event.withheld.len()).sum(),
        erased: bundle.events.iter().map(|event| event.erased.len()).sum(),
        size,
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
        "Wrote {events} of {} to `{}`, proved in a log of {}.{withheld}\nTo check it: `hearsay audit verify --bundle {}`",
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

/// What goes into the file.
struct Files<'a> {
    bundle: &'a Bundle,
    explanation: &'a Explanation,
    kept: &'a KeptCheckpoint,
    key: &'a str,
}

async fn write(store: &Store, files: &Files<'_>, out: BufWriter<File>, path: &Path) -> Result<(), Failure> {
    let mut zip = Zip { writer: ZipWriter::new(out), path };
    zip.put(CLAIM, &json(files.bundle)?)?;
    zip.put(EXPLANATION, &json(files.explanation)?)?;
    zip.put(CHECKPOINT, files.kept.signed.to_text())?;
    zip.put(KEY, &format!("{}\n", files.key))?;
    zip.put(PAGE, &page(files)?)?;
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

fn json<T: Serialize>(value: &T) -> Result<String, Failure> {
    serde_json::to_string_pretty(value).map_err(|error| Failure::Usage(error.to_string()))
}

/// The page: what the file itself holds, to look at.
fn page(files: &Files<'_>) -> Result<String, Failure> {
    let Files { bundle, explanation, kept, key } = files;
    let bundled = bundle.opened();
    let events = bundled.iter().zip(&bundle.events).map(|(event, bundled)| PageEvent {
        seq: event.seq,
        recorded_at: event.recorded_at.to_string(),
        occurred_at: event.occurred_at.to_string(),
        actor: actor(&event.actor),
        kind: event.fact.kind().to_owned(),
        texts: texts(event, &bundled.erased, &bundled.withheld),
    });
    let page = BundlePage {
        reference: explanation.reference.to_string(),
        text: explanation.text.clone().unwrap_or_else(|| "[erased]".to_owned()),
        state: explanation.state.as_str().to_owned(),
        standing: explanation.standing.as_str().to_owned(),
        missing: explanation.missing.clone(),
        events: events.collect(),
        checkpoint: kept.signed.to_text().to_owned(),
        key: (*key).to_owned(),
    };
    page.to_html().map_err(|error| Failure::Usage(error.to_string()))
}

fn actor(actor: &Actor) -> String {
    format!("{} ({})", actor.name.body().unwrap_or("[erased]"), actor.role.as_str())
}

/// An event's texts by their fields, and what stands in the place of those that are not there.
fn texts(event: &Event, erased: &[(String, u64)], withheld: &[String]) -> Vec<PageText> {
    let mut texts = Vec::new();
    if let Ok(value) = serde_json::to_value(&event.fact) {
        gather(&value["data"], "", &mut texts);
    }
    let instead = erased.iter().map(|(field, by)| (field.clone(), format!("[erased by event {by}]")));
    let kept_back = withheld.iter().map(|field| (field.clone(), "[confidential]".to_owned()));
    texts.extend(instead.chain(kept_back).map(|(field, words)| PageText { field, words }));
    texts
}

fn gather(value: &Value, path: &str, texts: &mut Vec<PageText>) {
    let deeper = |step: &str| if path.is_empty() { step.to_owned() } else { format!("{path}.{step}") };
    match value {
        Value::Object(map) => match map.get(Text::BODY_KEY) {
            Some(Value::String(words)) => texts.push(PageText { field: path.to_owned(), words: words.clone() }),
            Some(_) => {}
            None => map.iter().for_each(|(key, inner)| gather(inner, &deeper(key), texts)),
        },
        Value::Array(items) => {
            for (index, inner) in items.iter().enumerate() {
                gather(inner, &deeper(&index.to_string()), texts);
            }
        }
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => {}
    }
}
