//! `hearsay audit verify`: everything that can be checked, checked; or a bundle or a proof, without a database.

use std::path::PathBuf;

use clap::Args;
use hearsay_ledger::{KeyKind, VerifyingKey, to_base64};
use hearsay_store::{Finding, LogKey, Phase, StoreError, Verified};
use serde::Serialize;

use super::key::KeyFile;
use super::{verify_bundle, verify_proof};
use crate::config::witness;
use crate::desk::Desk;
use crate::exit::Failure;
use crate::output::Format;
use crate::progress::Progress;
use crate::words::count;

/// Examples of `audit verify`.
pub(crate) const EXAMPLES: &str = "Examples:\n  hearsay audit verify\n  hearsay audit verify --format json\n  \
    hearsay audit verify --public hearsay.local/ab49c16a+d1a35df2+AZZzNYuBXGghWMoRHMQRqsOcbU6Y0MCi8rkGhDpiAlnK\n\n\
    It hashes every event anew, and holds the log against its tree, every checkpoint, every text, and every derived table\n\
    against a rebuild. Exit code 1 if something is wrong.\n\n\
    With `--bundle` it checks an evidence bundle and needs no database:\n  \
    hearsay audit verify --bundle C-142.zip\n\
    Without `--public` the bundle's own key is taken, and shown: compare it with the desk's.\n\n\
    With `--proof` it checks a proof of an event, as `audit prove` writes it, and needs no database either:\n  \
    hearsay audit prove --event 7 --format json | jq -j .envelope > event-7.json\n  \
    hearsay audit verify --proof event-7.tlog-proof --envelope event-7.json \
    --public hearsay.local/ab49c16a+d1a35df2+AZZzNYuBXGghWMoRHMQRqsOcbU6Y0MCi8rkGhDpiAlnK";

/// Arguments of `audit verify`.
#[derive(Args, Debug)]
pub(crate) struct VerifyArgs {
    #[command(flatten)]
    file: KeyFile,
    /// A key to check signatures with, as `hearsay audit key` shows it; may be given again.
    #[arg(long, value_name = "KEY", value_parser = public)]
    public: Vec<VerifyingKey>,
    /// The key of a witness, as `hearsay witness key` shows it; may be given again. Those of `witnesses` under [ledger] in
    /// hearsay.toml are known, too; where any is, cosignatures of all others are named.
    #[arg(long, value_name = "KEY", value_parser = witness, conflicts_with_all = ["bundle", "proof"])]
    witness: Vec<VerifyingKey>,
    /// Checks this evidence bundle, and no database.
    #[arg(long, value_name = "FILE", conflicts_with = "key")]
    bundle: Option<PathBuf>,
    /// Checks this proof of an event (C2SP tlog-proof), and no database.
    #[arg(long, value_name = "FILE", requires = "envelope", conflicts_with_all = ["key", "bundle"])]
    proof: Option<PathBuf>,
    /// The event's envelope, byte for byte as `audit prove --format json` has it; `-`: standard input.
    #[arg(long, value_name = "FILE", requires = "proof")]
    envelope: Option<PathBuf>,
}

impl VerifyArgs {
    /// Whether a file is to be checked instead of a database.
    pub(crate) fn is_of_a_file(&self) -> bool {
        self.bundle.is_some() || self.proof.is_some()
    }
}

/// Checks a bundle or a proof, without a database.
pub(crate) fn run_on_file(args: &VerifyArgs, format: Format) -> Result<(), Failure> {
    if let (Some(proof), Some(envelope)) = (&args.proof, &args.envelope) {
        let [key] = args.public.as_slice() else {
            return Err(Failure::Usage("a proof is checked with one key: give `--public` once".to_owned()));
        };
        return verify_proof::run(proof, envelope, key, format);
    }
    match (args.bundle.as_deref(), args.public.as_slice()) {
        (Some(bundle), []) => verify_bundle::run(bundle, None, format),
        (Some(bundle), [key]) => verify_bundle::run(bundle, Some(key), format),
        (Some(_), _) => Err(Failure::Usage("a bundle is checked with one key: give `--public` once".to_owned())),
        (None, _) => Err(Failure::Usage("`--bundle` says which file is checked".to_owned())),
    }
}

fn public(text: &str) -> Result<VerifyingKey, String> {
    VerifyingKey::parse(text).map_err(|error| error.to_string())
}

/// The outcome, for programs.
#[derive(Serialize)]
struct Shown<'a> {
    size: u64,
    root: String,
    checkpoints: usize,
    signatures: usize,
    cosignatures: usize,
    findings: &'a [Finding],
}

/// Verifies the database.
pub(crate) async fn run(args: &VerifyArgs, desk: &Desk) -> Result<(), Failure> {
    let own = match LogKey::open(&args.file.path(desk)) {
        Ok(key) => Some(key),
        Err(StoreError::NoKey { .. }) if args.file.key.is_none() => None,
        Err(error) => return Err(error.into()),
    };
    let mut bar: Option<(Phase, Progress)> = None;
    let mut tell = |phase, done, of| {
        if bar.as_ref().is_none_or(|(shown, _)| *shown != phase)
            && let Some((_, ended)) = bar.replace((phase, Progress::begin(label(phase), None)))
        {
            ended.end();
        }
        if let Some((_, progress)) = &mut bar {
            progress.at_of(done, of);
        }
    };
    let keys = [args.public.as_slice(), &args.witness, &desk.ledger.witnesses].concat();
    let verified = desk.store.verify(own.as_ref(), &keys, &mut tell).await;
    if let Some((_, progress)) = bar {
        progress.end();
    }
    show(&verified?, keys.iter().any(|key| key.kind() == KeyKind::Witness), desk)
}

fn show(verified: &Verified, knows_witnesses: bool, desk: &Desk) -> Result<(), Failure> {
    let Verified { size, root, checkpoints, signatures, cosignatures, findings } = verified;
    let shown = Shown {
        size: *size,
        root: to_base64(root),
        checkpoints: *checkpoints,
        signatures: *signatures,
        cosignatures: *cosignatures,
        findings,
    };
    desk.screen.object(&shown, || for_people(verified, knows_witnesses))?;
    match findings.len() {
        0 => Ok(()),
        number => Err(Failure::Found(format!("{} found", count(number as u64, "fault", "faults")))),
    }
}

fn for_people(verified: &Verified, knows_witnesses: bool) -> String {
    let Verified { size, root, checkpoints, signatures, cosignatures, findings } = verified;
    if !findings.is_empty() {
        return findings.iter().map(|finding| finding.wrong.as_str()).collect::<Vec<_>>().join("\n");
    }
    let (events, signed) =
        (count(*size, "event", "events"), count(*checkpoints as u64, "checkpoint", "checkpoints"));
    let unsigned = checkpoints - signatures;
    let caveat = match (checkpoints, unsigned) {
        (0, _) => {
            "\nNothing was signed yet, so that whoever can write to the file could have rewritten all of it; \
                   `hearsay audit checkpoint` signs it."
                .to_owned()
        }
        (_, 0) => String::new(),
        (_, some) => format!(
            "\nThe keys of {} are not at hand, so that their signatures were not checked; `--public KEY` gives one.",
            count(some as u64, "checkpoint", "checkpoints")
        ),
    };
    let cosigned = match (cosignatures, knows_witnesses) {
        (0, _) => String::new(),
        (_, true) => format!(", {}", count(*cosignatures as u64, "cosignature", "cosignatures")),
        (_, false) => format!(
            ", {} (by the keys that are kept with them: `--witness KEY` says which are known)",
            count(*cosignatures as u64, "cosignature", "cosignatures")
        ),
    };
    format!(
        "Verified: {events}, {signed}{cosigned}, all texts and derived tables.\nRoot: {}{caveat}",
        to_base64(root)
    )
}

fn label(phase: Phase) -> &'static str {
    match phase {
        Phase::File => "reading the file",
        Phase::Hashes => "hashing the log",
        Phase::Events => "checking events and texts",
        Phase::Derived => "rebuilding beside",
    }
}
