//! `claim report`: a new claim with the evidence it opens with.

use clap::Args;
use hearsay_core::{ClaimKind, Command, PartyLine, Priority, ReportClaim, Stance};

use crate::commands::follow_up::EvidenceArgs;
use crate::desk::Desk;
use crate::exit::Failure;
use crate::words::{party, word};

/// Examples for its help.
pub(super) const EXAMPLES: &str = "Examples:\n  \
    hearsay claim report \"On 22 April 2025 Russia offered to stop at the front line.\" --kind intention --party kremlin=against --source FT --footing unnamed_sources --count 3 --said-at 2025-04-22T16:00:00Z";

/// Arguments of `claim report`.
#[derive(Args, Debug)]
pub(crate) struct ReportArgs {
    /// The claim: one checkable proposition in one sentence that says when and how much.
    #[arg(value_name = "SENTENCE")]
    text: String,
    /// What sort of proposition: event, statement, intention, quantity or `not_checkable`.
    #[arg(long, value_name = "KIND", value_parser = word::<ClaimKind>)]
    kind: ClaimKind,
    /// A handle for the claim, by which files and people may name it.
    #[arg(long = "ref", value_name = "HANDLE")]
    handle: Option<String>,
    /// What it is about, in a word or two.
    #[arg(long, value_name = "TOPIC")]
    topic: Option<String>,
    /// Language of the sentence (BCP 47: en, uk, …).
    #[arg(long, value_name = "TAG")]
    language: Option<String>,
    /// How urgent: low, normal, high or urgent.
    #[arg(long, value_name = "PRIORITY", value_parser = word::<Priority>)]
    priority: Option<Priority>,
    /// A tag; may be given several times.
    #[arg(long = "tag", value_name = "TAG")]
    tags: Vec<String>,
    /// The policy it is judged under; default: `default`.
    #[arg(long, value_name = "NAME")]
    policy: Option<String>,
    /// A party with its interest: `SOURCE=against`, `=neutral` or `=in_favour`; may be given several times.
    #[arg(long = "party", value_name = "SOURCE=INTEREST", value_parser = party)]
    parties: Vec<PartyLine>,
    /// A handle for the opening evidence.
    #[arg(long, value_name = "HANDLE")]
    evidence_ref: Option<String>,
    #[command(flatten)]
    evidence: EvidenceArgs,
}

/// Reports a claim.
pub(super) async fn run(args: ReportArgs, desk: &Desk) -> Result<(), Failure> {
    let report = ReportClaim {
        handle: args.handle,
        text: args.text,
        kind: args.kind,
        topic: args.topic,
        language: args.language,
        priority: args.priority,
        tags: args.tags,
        policy: args.policy,
        parties: args.parties,
        evidence: args.evidence.line(args.evidence_ref, Stance::Affirms, None),
    };
    desk.do_one(Command::ReportClaim(Box::new(report)), None).await
}
