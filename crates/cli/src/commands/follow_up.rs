//! `hearsay follow-up …`: one more source's word on a claim, a withdrawal, a strike, a shared origin.

mod submit;
mod submitted;

use clap::{Args, Subcommand};
use hearsay_core::{
    Command, Credibility, EvidenceLine, FootingWord, LinkOrigins, Manner, RecordFollowUp, Reference, Stance,
    StrikeEvidence, WithdrawEvidence,
};
use jiff::Timestamp;

use self::submit::SubmitArgs;
use super::claim::OnClaim;
use crate::desk::Desk;
use crate::exit::Failure;
use crate::words::{time, word};

/// What can be done with follow-ups.
#[derive(Subcommand, Debug)]
pub(crate) enum FollowUpVerb {
    /// Records one source's word on a claim; what kind of follow-up it is follows from who speaks and how.
    #[command(after_help = "Examples:\n  \
        hearsay follow-up record C-142 --source Reuters --stance affirms --footing relays --relays FT --said-at 2025-04-22T16:20:00Z\n  \
        hearsay follow-up record C-142 --source Peskov --stance neutral --manner deflects --via RIA --framed-as denies --said-at 2025-04-22T19:05:00Z")]
    Record(Box<RecordArgs>),
    /// Puts a file of follow-ups and withdrawals on the queue, for the worker to record; a second time adds nothing.
    #[command(after_help = submit::EXAMPLES)]
    Submit(SubmitArgs),
    /// Records that a source took its word back.
    #[command(
        after_help = "Examples:\n  hearsay follow-up withdraw ft-stop --reason \"the paper no longer stands by it\""
    )]
    Withdraw(WithdrawArgs),
    /// Takes back the desk's own record: mistranslated, wrong speaker.
    #[command(
        after_help = "Examples:\n  hearsay follow-up strike peskov-headline --reason \"taken from the headline\""
    )]
    Strike(StrikeArgs),
    /// Ties original pieces together as one origin: the same leak, one joint text.
    #[command(
        after_help = "Examples:\n  hearsay follow-up link C-142 ft-stop scheldepost-stop --reason \"the same leak\""
    )]
    Link(LinkArgs),
}

/// A piece of evidence, but for its stance.
#[derive(Args, Debug)]
pub(crate) struct EvidenceArgs {
    /// Who says it, by any of its names.
    #[arg(long, value_name = "SOURCE")]
    source: String,
    /// How the source knows: own, document, `named_sources`, `unnamed_sources`, relays or unknown; default for a party: own.
    #[arg(long, value_name = "FOOTING", value_parser = word::<FootingWord>)]
    footing: Option<FootingWord>,
    /// How many named or unnamed sources.
    #[arg(long, value_name = "N")]
    count: Option<u32>,
    /// The source, or the evidence on this claim, that it passes on.
    #[arg(long, value_name = "NAME")]
    relays: Option<String>,
    /// The outlet that carried the words, where the source did not publish them itself.
    #[arg(long, value_name = "SOURCE")]
    via: Option<String>,
    /// How that outlet put them, where it differs: affirms, denies or neutral. Kept, never counted.
    #[arg(long, value_name = "STANCE", value_parser = word::<Stance>)]
    framed_as: Option<Stance>,
    /// How the report describes its sources.
    #[arg(long, value_name = "TEXT")]
    described_as: Option<String>,
    /// How credible the item itself is, from 1 (confirmed) to 5 (improbable); 6: cannot be judged.
    #[arg(long, value_name = "1-6", value_parser = credibility)]
    credibility: Option<Credibility>,
    /// Where the document is.
    #[arg(long, value_name = "URL")]
    url: Option<String>,
    /// The document's title.
    #[arg(long, value_name = "TEXT")]
    title: Option<String>,
    /// What was said, as the document has it.
    #[arg(long, value_name = "TEXT")]
    quote: Option<String>,
    /// Only you, editors, admins and auditors may read its title, URL, quote and how it describes its sources.
    #[arg(long)]
    confidential: bool,
    /// When it was said (RFC 3339).
    #[arg(long, value_name = "TIME", value_parser = time)]
    said_at: Timestamp,
}

pub(crate) fn credibility(text: &str) -> Result<Credibility, String> {
    let number: u8 = text.parse().map_err(|_| "credibility is a number from 1 to 6".to_owned())?;
    Credibility::try_from(number)
}

impl EvidenceArgs {
    /// As a line of the interchange file has it.
    pub(crate) fn line(self, handle: Option<String>, stance: Stance, manner: Option<Manner>) -> EvidenceLine {
        EvidenceLine {
            handle,
            source: Reference(self.source),
            stance,
            manner,
            footing: self.footing,
            count: self.count,
            relays: self.relays.map(Reference),
            via: self.via.map(Reference),
            framed_as: self.framed_as,
            described_as: self.described_as,
            credibility: self.credibility,
            url: self.url,
            title: self.title,
            quote: self.quote,
            prefix: None,
            suffix: None,
            snapshot: None,
            confidential: self.confidential.then_some(true),
            said_at: self.said_at,
        }
    }
}

/// Arguments of `follow-up record`.
#[derive(Args, Debug)]
pub(crate) struct RecordArgs {
    #[command(flatten)]
    on: OnClaim,
    /// What the speaker's own words do with the claim: affirms, denies or neutral.
    #[arg(long, value_name = "STANCE", value_parser = word::<Stance>)]
    stance: Stance,
    /// How a neutral one takes no side: deflects, declines or discusses.
    #[arg(long, value_name = "MANNER", value_parser = word::<Manner>)]
    manner: Option<Manner>,
    /// A handle for the evidence, by which files and people may name it.
    #[arg(long = "ref", value_name = "HANDLE")]
    handle: Option<String>,
    #[command(flatten)]
    evidence: EvidenceArgs,
}

/// Arguments of `follow-up withdraw`.
#[derive(Args, Debug)]
pub(crate) struct WithdrawArgs {
    /// Which piece of evidence: its ref or its UUID.
    #[arg(value_name = "EVIDENCE")]
    evidence: String,
    /// Why, as far as it is known.
    #[arg(long, value_name = "TEXT")]
    reason: Option<String>,
    /// When the source took it back (RFC 3339); default: now.
    #[arg(long, value_name = "TIME", value_parser = time)]
    said_at: Option<Timestamp>,
    /// The version of the claim that you saw: if it has changed since, nothing is done (exit code 3).
    #[arg(long, value_name = "N")]
    seen_version: Option<u64>,
}

/// Arguments of `follow-up strike`.
#[derive(Args, Debug)]
pub(crate) struct StrikeArgs {
    /// Which piece of evidence: its ref or its UUID.
    #[arg(value_name = "EVIDENCE")]
    evidence: String,
    /// Why.
    #[arg(long, value_name = "TEXT")]
    reason: String,
    /// The version of the claim that you saw: if it has changed since, nothing is done (exit code 3).
    #[arg(long, value_name = "N")]
    seen_version: Option<u64>,
}

/// Arguments of `follow-up link`.
#[derive(Args, Debug)]
pub(crate) struct LinkArgs {
    #[command(flatten)]
    on: OnClaim,
    /// Two or more original pieces of evidence on it: refs or UUIDs.
    #[arg(value_name = "EVIDENCE", required = true, num_args = 2..)]
    evidence: Vec<String>,
    /// Why.
    #[arg(long, value_name = "TEXT")]
    reason: String,
}

/// Runs a verb on follow-ups.
pub(crate) async fn run(verb: FollowUpVerb, desk: &Desk) -> Result<(), Failure> {
    match verb {
        FollowUpVerb::Record(args) => {
            let claim = desk.claim(&args.on.name).await?;
            let evidence = args.evidence.line(args.handle, args.stance, args.manner);
            let record = RecordFollowUp { claim, evidence };
            desk.do_one(Command::RecordFollowUp(Box::new(record)), args.on.seen_version).await
        }
        FollowUpVerb::Submit(args) => submit::run(&args, desk).await,
        FollowUpVerb::Withdraw(args) => {
            let evidence = Reference(args.evidence);
            let withdraw = WithdrawEvidence { evidence, reason: args.reason, said_at: args.said_at };
            desk.do_one(Command::WithdrawEvidence(withdraw), args.seen_version).await
        }
        FollowUpVerb::Strike(args) => {
            let strike = StrikeEvidence { evidence: Reference(args.evidence), reason: args.reason };
            desk.do_one(Command::StrikeEvidence(strike), args.seen_version).await
        }
        FollowUpVerb::Link(args) => {
            let claim = desk.claim(&args.on.name).await?;
            let evidence = args.evidence.into_iter().map(Reference).collect();
            let link = LinkOrigins { claim, evidence, reason: args.reason };
            desk.do_one(Command::LinkOrigins(link), args.on.seen_version).await
        }
    }
}
