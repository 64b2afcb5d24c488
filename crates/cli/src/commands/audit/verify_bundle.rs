//! `hearsay audit verify --bundle`: an evidence bundle checked without a database.

use std::fs::File;
use std::io::BufReader;
use std::path::Path;

use hearsay_bundle::{BundleVerified, verify_bundle};
use hearsay_ledger::VerifyingKey;

use crate::exit::Failure;
use crate::output::{Format, Screen};
use crate::words::count;

/// Verifies a bundle with the key that the log's owner gave, else with the bundle's own, which is shown.
pub(crate) fn run(bundle: &Path, given: Option<&VerifyingKey>, format: Format) -> Result<(), Failure> {
    let file = File::open(bundle).map_err(|source| Failure::File { path: bundle.to_owned(), source })?;
    let verified = verify_bundle(BufReader::new(file), given)
        .map_err(|error| Failure::Usage(format!("`{}` is no bundle: {error}", bundle.display())))?;
    let screen = Screen::new(format);
    screen.object(&verified, || told(&verified))?;
    if verified.findings.is_empty() {
        return Ok(());
    }
    let wrong = count(verified.findings.len() as u64, "thing is", "things are");
    Err(Failure::Found(format!("{wrong} wrong with `{}`", bundle.display())))
}

fn told(verified: &BundleVerified) -> String {
    let mut lines = verified.findings.clone();
    if verified.findings.is_empty() {
        let size = verified.size.unwrap_or_default();
        lines.push(format!(
            "{} for {}: each is in the log of {} that the checkpoint is of, and says what was recorded; explanation and \
             page follow from them. That they are all there are is not proved.",
            count(verified.events as u64, "event", "events"),
            verified.reference,
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
