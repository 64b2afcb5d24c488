//! `claim wording`: a draft held against what the claim's standing carries.

use std::io::Read;

use clap::Args;
use hearsay_formats::{LONGEST_DRAFT, Overstatement, Ruled, check_wording};

use crate::desk::Desk;
use crate::exit::Failure;
use crate::output::wrapped;

/// Examples for its help.
pub(super) const EXAMPLES: &str = "Examples:\n  hearsay claim wording C-142 \"Kremlin confirms offer to halt at front line\"\n  \
    cat draft.txt | hearsay claim wording C-142 -\n  hearsay claim wording C-142 \"Putin admits it\" --format json\n\n\
    The words are those of English headlines. What stands between quotation marks is somebody else's and is left alone, as is\n\
    what is negated: \"not confirmed\". `start` and `end` count bytes of the draft.";

/// The columns of CSV.
const COLUMNS: &[&str] = &["start", "end", "words", "needs", "reason"];

/// Arguments of `claim wording`.
#[derive(Args, Debug)]
pub(crate) struct WordingArgs {
    /// The claim: C-142, its ref, its UUID, or a unique start of that.
    #[arg(value_name = "CLAIM")]
    name: String,
    /// The draft of a headline or a summary; `-` reads it from standard input.
    #[arg(value_name = "DRAFT")]
    draft: String,
}

/// Lists what the standing does not carry. That a draft says too much is an answer, not a failure.
pub(super) async fn run(args: &WordingArgs, desk: &Desk) -> Result<(), Failure> {
    let draft = draft(&args.draft)?;
    let claim = desk.store.find_claim(&args.name).await?;
    let explanation = desk.store.explanation(claim).await?;
    let file = desk.store.claim_file(explanation.reference).await?;
    let ruled = if file.ruling.is_some() { Ruled::Yes } else { Ruled::No };
    let found = check_wording(&draft, &explanation, ruled);
    desk.screen.list(&found, COLUMNS, || told(&found, desk))
}

fn told(found: &[Overstatement], desk: &Desk) -> String {
    if found.is_empty() {
        return "The standing carries all of it, as far as the words are known.".to_owned();
    }
    let line = |one: &Overstatement| {
        let place = desk.screen.paint.faint(&format!("{:>4}–{:<4} ", one.start, one.end));
        let lines = wrapped(&one.reason, desk.screen.width, "          ").join("\n");
        format!("{place}{}", lines.trim_start())
    };
    found.iter().map(line).collect::<Vec<_>>().join("\n")
}

/// The draft, within bounds.
fn draft(given: &str) -> Result<String, Failure> {
    let mut bytes = Vec::new();
    if given == "-" {
        let most = u64::try_from(LONGEST_DRAFT).unwrap_or(u64::MAX);
        let read = std::io::stdin().take(most + 1).read_to_end(&mut bytes);
        read.map_err(|error| Failure::Usage(format!("the draft could not be read: {error}")))?;
    } else {
        bytes.extend_from_slice(given.as_bytes());
    }
    if bytes.len() > LONGEST_DRAFT {
        return Err(Failure::Usage(format!("the draft has more than {LONGEST_DRAFT} bytes; give it in parts")));
    }
    let text = String::from_utf8(bytes);
    text.map_err(|error| {
        Failure::Usage(format!("the draft is not UTF-8, from byte {} on", error.utf8_error().valid_up_to()))
    })
}
