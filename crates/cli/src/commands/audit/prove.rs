//! `hearsay audit prove`: proofs that strangers can check.

use std::fs;
use std::path::{Path, PathBuf};

use clap::Args;
use hearsay_ledger::{ProofFile, WitnessRequest, to_base64};
use hearsay_store::{EventFilter, KeptCheckpoint};
use serde::Serialize;

use super::checkpoint::newest;
use crate::desk::Desk;
use crate::exit::Failure;
use crate::output::say;
use crate::words::count;

/// Examples of `audit prove`.
pub(crate) const EXAMPLES: &str = "Examples:\n  hearsay audit prove --event 7 > event-7.tlog-proof\n  \
    hearsay audit prove --event 7 --format json\n  hearsay audit prove --claim C-1 --to proofs\n  \
    hearsay audit prove --consistency 100 > to-the-witness\n  hearsay audit prove --consistency 100 200 --format json\n\n\
    A proof of an event is a file by C2SP tlog-proof, with the newest checkpoint in it; `--format json` adds the event's\n\
    envelope, whose hash is what is proved. A proof of consistency shows that a log has only grown: the form is that in\n\
    which `hearsay witness check` and other witnesses (C2SP tlog-witness) take it.";

/// Arguments of `audit prove`.
#[derive(Args, Debug)]
#[command(group = clap::ArgGroup::new("what").required(true))]
pub(crate) struct ProveArgs {
    /// That the log has this event, by its position.
    #[arg(long, value_name = "N", group = "what")]
    event: Option<u64>,
    /// The same for every event of a claim, a file each.
    #[arg(long, value_name = "CLAIM", group = "what", requires = "to")]
    claim: Option<String>,
    /// That the log of OLD events has only grown since: to NEW, of which a checkpoint was signed, or to the newest.
    #[arg(long, value_names = ["OLD", "NEW"], num_args = 1..=2, group = "what")]
    consistency: Option<Vec<u64>>,
    /// The folder for the proofs of a claim; made where it isn't there.
    #[arg(long, value_name = "FOLDER", requires = "claim")]
    to: Option<PathBuf>,
}

/// A proof of an event, for programs.
#[derive(Serialize)]
struct EventProof {
    event: u64,
    index: u64,
    size: u64,
    root: String,
    leaf: String,
    envelope: String,
    hashes: Vec<String>,
    proof: String,
}

/// A proof that the log has only grown, for programs.
#[derive(Serialize)]
struct GrowthProof {
    old: u64,
    old_root: String,
    new: u64,
    new_root: String,
    hashes: Vec<String>,
    request: String,
}

/// Writes a proof.
pub(crate) async fn run(args: &ProveArgs, desk: &Desk) -> Result<(), Failure> {
    if let Some([old, new @ ..]) = args.consistency.as_deref() {
        return growth(*old, new.first().copied(), desk).await;
    }
    let checkpoint = newest(desk).await?;
    if let (Some(claim), Some(folder)) = (&args.claim, &args.to) {
        return of_claim(claim, folder, &checkpoint, desk).await;
    }
    let Some(event) = args.event else {
        return Err(Failure::Usage(
            "say what is to be proved: `--event`, `--claim` or `--consistency`".to_owned(),
        ));
    };
    let proof = of_event(event, &checkpoint, desk).await?;
    if desk.screen.for_people() {
        return say(&proof.proof);
    }
    desk.screen.object(&proof, String::new)
}

async fn of_event(seq: u64, checkpoint: &KeptCheckpoint, desk: &Desk) -> Result<EventProof, Failure> {
    let (leaf, envelope) = desk.store.leaf_of(seq).await?;
    let signed = checkpoint.signed.clone();
    let size = signed.checkpoint().size();
    if seq > size {
        return Err(Failure::Missing(format!(
            "the newest checkpoint is of {size} events and knows nothing of event {seq}; `hearsay audit checkpoint` signs one \
             that does"
        )));
    }
    let inclusion = desk.store.prove_inclusion(size, seq).await?;
    inclusion.verify(leaf, signed.checkpoint().root()).map_err(|_| rewritten(size))?;
    Ok(EventProof {
        event: seq,
        index: inclusion.index,
        size,
        root: to_base64(&signed.checkpoint().root()),
        leaf: to_base64(&leaf),
        envelope,
        hashes: inclusion.hashes.iter().map(to_base64).collect(),
        proof: ProofFile::new(inclusion, signed).map_err(Failure::Ledger)?.to_text(),
    })
}

/// That the log is no longer what was signed.
fn rewritten(size: u64) -> Failure {
    Failure::Found(format!(
        "the log's first {size} events are not those that its checkpoint was signed of; `hearsay audit verify` says more"
    ))
}

async fn of_claim(name: &str, folder: &Path, checkpoint: &KeptCheckpoint, desk: &Desk) -> Result<(), Failure> {
    let claim = desk.store.find_claim(name).await?;
    let events = desk
        .store
        .events(&EventFilter { claims: hearsay_store::Term::only(claim), ..EventFilter::default() })
        .await?;
    let file = |source| Failure::File { path: folder.to_owned(), source };
    fs::create_dir_all(folder).map_err(file)?;
    let mut proofs = Vec::new();
    for event in &events {
        let seq = event.event.seq;
        let proof = of_event(seq, checkpoint, desk).await?;
        let path = folder.join(format!("event-{seq}.tlog-proof"));
        fs::write(&path, &proof.proof).map_err(|source| Failure::File { path, source })?;
        proofs.push(proof);
    }
    let number = u64::try_from(proofs.len()).unwrap_or(u64::MAX);
    let for_people = || format!("Wrote {} to `{}`.", count(number, "proof", "proofs"), folder.display());
    desk.screen.list(&proofs, &["event", "index", "size", "root", "leaf"], for_people)
}

async fn growth(old: u64, new: Option<u64>, desk: &Desk) -> Result<(), Failure> {
    let checkpoint = match new {
        None => newest(desk).await?,
        Some(new) => {
            let all = desk.store.checkpoints().await?;
            all.into_iter().rfind(|kept| kept.signed.checkpoint().size() == new).ok_or_else(|| {
                Failure::Missing(format!(
                    "no checkpoint of {new} events was signed; `hearsay audit checkpoint --show` shows the newest"
                ))
            })?
        }
    };
    let signed = checkpoint.signed;
    let (new, new_root) = (signed.checkpoint().size(), signed.checkpoint().root());
    let proof = desk.store.prove_consistency(old, new).await?;
    let old_root = desk.store.root_of(old).await?;
    proof.verify(old_root, new_root).map_err(|_| rewritten(new))?;
    let hashes = proof.hashes.iter().map(to_base64).collect();
    let request = WitnessRequest::new(Some(proof), signed).map_err(Failure::Ledger)?.to_text();
    if desk.screen.for_people() {
        return say(&request);
    }
    let (old_root, new_root) = (to_base64(&old_root), to_base64(&new_root));
    desk.screen.object(&GrowthProof { old, old_root, new, new_root, hashes, request }, String::new)
}
