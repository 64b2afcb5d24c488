//! `hearsay audit verify --proof`: a proof of an event, checked without a database.

use std::fs::File;
use std::io::{self, Read};
use std::path::Path;

use hearsay_ledger::{ProofFile, VerifyingKey, leaf_hash, to_base64};
use serde::Serialize;

use crate::exit::Failure;
use crate::output::{Format, Screen};
use crate::words::count;

/// How long a proof, or an envelope, may be, in bytes.
const MOST: u64 = 16 << 20;

/// What was proved, for programs.
#[derive(Serialize)]
struct Proved {
    event: u64,
    size: u64,
    root: String,
    leaf: String,
    key: String,
}

/// Checks that the proof leads from the envelope's hash to a checkpoint that the key has signed.
pub(crate) fn run(proof: &Path, envelope: &Path, key: &VerifyingKey, format: Format) -> Result<(), Failure> {
    let proof = ProofFile::parse(&read(proof)?).map_err(Failure::Ledger)?;
    let envelope = read(envelope)?;
    let leaf = leaf_hash(envelope.strip_suffix(b"\n").unwrap_or(&envelope));
    proof.verify(leaf, key).map_err(Failure::Ledger)?;
    let checkpoint = proof.signed().checkpoint();
    let proved = Proved {
        event: proof.index() + 1,
        size: checkpoint.size(),
        root: to_base64(&checkpoint.root()),
        leaf: to_base64(&leaf),
        key: key.to_text(),
    };
    Screen::new(format).object(&proved, || {
        let events = count(proved.size, "event", "events");
        format!("This is event {} of the log of {events} that {} has signed.", proved.event, key.label())
    })
}

/// Reads a file, or standard input where it is `-`.
pub(super) fn read(path: &Path) -> Result<Vec<u8>, Failure> {
    let failed = |source| Failure::File { path: path.to_owned(), source };
    let mut bytes = Vec::new();
    let from: Box<dyn Read> =
        if path.as_os_str() == "-" { Box::new(io::stdin()) } else { Box::new(File::open(path).map_err(failed)?) };
    from.take(MOST + 1).read_to_end(&mut bytes).map_err(failed)?;
    if bytes.len() as u64 > MOST {
        return Err(Failure::Usage(format!("`{}` has more than the {MOST} bytes that are read", path.display())));
    }
    Ok(bytes)
}
