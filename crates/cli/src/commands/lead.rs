//! `hearsay lead …`: what the worker read out of items, for a person to accept, correct or dismiss.

use clap::{Args, Subcommand};
use hearsay_core::{
    AcceptLead, Command, Credibility, DismissLead, FeedNumber, FootingWord, LeadNumber, Manner, Reference,
    Refusal, Stance, UndoRecord,
};
use hearsay_store::{LeadFilter, LeadStage, Receipt, SubmitError};
use jiff::Timestamp;

use super::follow_up::credibility;
use crate::desk::Desk;
use crate::exit::Failure;
use crate::render::intake::{LEAD_COLUMNS, LeadView, lead, leads};
use crate::render::receipt;
use crate::words::{time, word};

/// What can be done with leads.
#[derive(Subcommand, Debug)]
pub(crate) enum LeadVerb {
    /// Lists leads that wait for a person, the newest first; with `--auto`, what the worker recorded by itself.
    #[command(after_help = "Examples:\n  hearsay lead list\n  hearsay lead list --claim C-142 --state all\n  \
        hearsay lead list --auto --format csv")]
    List(ListArgs),
    /// Shows a lead: what is suggested, the words that led to it, and what became of it.
    #[command(after_help = "Examples:\n  hearsay lead show L-12\n  hearsay lead show L-12 --format json")]
    Show(OneArgs),
    /// Records a lead as it is suggested: a follow-up with the fetched document and the quote's place in it.
    #[command(
        after_help = "Examples:\n  hearsay lead accept L-12\n  hearsay lead accept L-12 --ref peskov-denial"
    )]
    Accept(AcceptArgs),
    /// Records a lead with corrections; what was suggested is kept beside what is recorded.
    #[command(
        after_help = "Examples:\n  hearsay lead correct L-12 --stance neutral --manner deflects --framed-as denies\n  \
        hearsay lead correct L-12 --source \"Dmitry Peskov\" --via RIA"
    )]
    Correct(Box<CorrectArgs>),
    /// Dismisses a lead; it is kept with the reason.
    #[command(after_help = "Examples:\n  hearsay lead dismiss L-12 --reason \"about another offer\"")]
    Dismiss(ReasonArgs),
    /// Takes back what the worker recorded by itself: its evidence is struck.
    #[command(after_help = "Examples:\n  hearsay lead undo L-12 --reason \"he spoke of the other truce\"")]
    Undo(ReasonArgs),
}

/// Arguments of `lead list`.
#[derive(Args, Debug)]
pub(crate) struct ListArgs {
    /// How far they have come: waiting, accepted, dismissed, undone or all; default: waiting, with `--auto` all.
    #[arg(long, value_name = "STATE", value_parser = stage)]
    state: Option<Stage>,
    /// Those of one claim: C-142, its ref, its UUID, or a unique start of that.
    #[arg(long, value_name = "CLAIM")]
    claim: Option<String>,
    /// Those that a feed brought: F-3.
    #[arg(long, value_name = "FEED")]
    feed: Option<FeedNumber>,
    /// What the worker recorded by itself.
    #[arg(long)]
    auto: bool,
    /// Those laid before this one: the next page.
    #[arg(long, value_name = "LEAD")]
    before: Option<LeadNumber>,
    /// How many at most.
    #[arg(long, value_name = "N", default_value_t = 200)]
    most: u32,
}

/// One stage, or all.
#[derive(Clone, Copy, Debug)]
enum Stage {
    All,
    One(LeadStage),
}

fn stage(text: &str) -> Result<Stage, String> {
    if text == "all" {
        return Ok(Stage::All);
    }
    let found = LeadStage::ALL.into_iter().find(|stage| stage.as_str() == text);
    found
        .map(Stage::One)
        .ok_or_else(|| "a lead is waiting, accepted, dismissed or undone, or all are meant".to_owned())
}

/// Which lead.
#[derive(Args, Debug)]
pub(crate) struct OneArgs {
    /// Which lead: L-12.
    #[arg(value_name = "LEAD")]
    lead: LeadNumber,
}

/// Arguments of `lead accept`.
#[derive(Args, Debug)]
pub(crate) struct AcceptArgs {
    /// Which lead: L-12.
    #[arg(value_name = "LEAD")]
    lead: LeadNumber,
    /// A handle for the evidence, by which files and people may name it.
    #[arg(long = "ref", value_name = "HANDLE")]
    handle: Option<String>,
    /// How credible the item itself is, from 1 (confirmed) to 5 (improbable); 6: cannot be judged.
    #[arg(long, value_name = "1-6", value_parser = credibility)]
    credibility: Option<Credibility>,
    /// Only you, editors, admins and auditors may read the evidence's words.
    #[arg(long)]
    confidential: bool,
    /// The version of the claim that you saw: if it has changed since, nothing is done (exit code 3).
    #[arg(long, value_name = "N")]
    seen_version: Option<u64>,
}

/// Arguments of `lead correct`.
#[derive(Args, Debug)]
#[command(group = clap::ArgGroup::new("correction").required(true).multiple(true))]
pub(crate) struct CorrectArgs {
    #[command(flatten)]
    accept: AcceptArgs,
    /// Who says it, by any of its names.
    #[arg(long, value_name = "SOURCE", group = "correction")]
    source: Option<String>,
    /// What the speaker's own words do with the claim: affirms, denies or neutral.
    #[arg(long, value_name = "STANCE", value_parser = word::<Stance>, group = "correction")]
    stance: Option<Stance>,
    /// How a neutral one takes no side: deflects, declines or discusses.
    #[arg(long, value_name = "MANNER", value_parser = word::<Manner>, group = "correction")]
    manner: Option<Manner>,
    /// How the source knows: own, document, `named_sources`, `unnamed_sources`, relays or unknown.
    #[arg(long, value_name = "FOOTING", value_parser = word::<FootingWord>, group = "correction")]
    footing: Option<FootingWord>,
    /// How many named or unnamed sources.
    #[arg(long, value_name = "N", group = "correction")]
    count: Option<u32>,
    /// How the report describes its sources.
    #[arg(long, value_name = "TEXT", group = "correction")]
    described_as: Option<String>,
    /// The source, or the evidence on this claim, that it passes on.
    #[arg(long, value_name = "NAME", group = "correction")]
    relays: Option<String>,
    /// The outlet that carried the words.
    #[arg(long, value_name = "SOURCE", group = "correction")]
    via: Option<String>,
    /// Nobody carried the words: the source published them itself.
    #[arg(long, conflicts_with = "via", group = "correction")]
    no_via: bool,
    /// How that outlet put them: affirms, denies or neutral. Kept, never counted.
    #[arg(long, value_name = "STANCE", value_parser = word::<Stance>, group = "correction")]
    framed_as: Option<Stance>,
    /// What was said, exactly as the document has it.
    #[arg(long, value_name = "TEXT", group = "correction")]
    quote: Option<String>,
    /// When it was said (RFC 3339).
    #[arg(long, value_name = "TIME", value_parser = time, group = "correction")]
    said_at: Option<Timestamp>,
}

/// Which lead, and why.
#[derive(Args, Debug)]
pub(crate) struct ReasonArgs {
    /// Which lead: L-12.
    #[arg(value_name = "LEAD")]
    lead: LeadNumber,
    /// Why.
    #[arg(long, value_name = "TEXT")]
    reason: String,
    /// The version of the claim that you saw: if it has changed since, nothing is done (exit code 3).
    #[arg(long, value_name = "N")]
    seen_version: Option<u64>,
}

/// Runs a verb on leads.
pub(crate) async fn run(verb: LeadVerb, desk: &Desk) -> Result<(), Failure> {
    match verb {
        LeadVerb::List(args) => list(&args, desk).await,
        LeadVerb::Show(args) => {
            let detail = desk.store.lead(args.lead).await?;
            let view = LeadView::of(detail.row).with(&detail.folded);
            desk.screen.object(&view, || lead(&desk.screen, &view))
        }
        LeadVerb::Accept(args) => accept(args.accepted(), args.seen_version, desk).await,
        LeadVerb::Correct(args) => {
            let seen = args.accept.seen_version;
            accept(args.corrected(), seen, desk).await
        }
        LeadVerb::Dismiss(args) => {
            let line = DismissLead { lead: reference(args.lead), reason: args.reason };
            desk.do_one(Command::DismissLead(line), args.seen_version).await
        }
        LeadVerb::Undo(args) => {
            let line = UndoRecord { lead: reference(args.lead), reason: args.reason };
            desk.do_one(Command::UndoRecord(line), args.seen_version).await
        }
    }
}

fn reference(lead: LeadNumber) -> Reference {
    Reference(lead.to_string())
}

async fn list(args: &ListArgs, desk: &Desk) -> Result<(), Failure> {
    let claim = match &args.claim {
        Some(name) => Some(desk.store.find_claim(name).await?),
        None => None,
    };
    let stage = match args.state {
        Some(Stage::One(stage)) => Some(stage),
        Some(Stage::All) => None,
        None if args.auto => None,
        None => Some(LeadStage::Waiting),
    };
    let filter = LeadFilter {
        stage,
        claim,
        automatic: args.auto,
        feed: args.feed,
        before: args.before,
        most: Some(args.most),
    };
    let rows = desk.store.leads(&filter).await?;
    let views: Vec<LeadView> = rows.into_iter().map(LeadView::of).collect();
    desk.screen.list(&views, LEAD_COLUMNS, || leads(&desk.screen, &views))
}

/// Records a lead. A name that the registry has come to know since the lead was laid is tried once.
async fn accept(line: AcceptLead, seen: Option<u64>, desk: &Desk) -> Result<(), Failure> {
    let told = desk.send(Command::AcceptLead(Box::new(line.clone())), seen).await;
    let receipt: Receipt = match told {
        Err(Failure::Submit(SubmitError::Refused(Refusal::LeadNamesUnknown { lead, field, name }))) => {
            let unknown = || {
                let refusal = Refusal::LeadNamesUnknown { lead, field, name: name.clone() };
                Failure::Submit(SubmitError::Refused(refusal))
            };
            let known = desk.store.source(&name).await.map_err(|_| unknown())?;
            let mut line = line;
            let named = Some(Reference(known.id.to_string()));
            if field == "source" {
                line.source = named;
            } else {
                line.relays = named;
            }
            desk.send(Command::AcceptLead(Box::new(line)), seen).await?
        }
        told => told?,
    };
    receipt::show(&desk.screen, &[receipt])
}

impl AcceptArgs {
    /// As a line of the interchange file has it, with nothing corrected.
    fn accepted(&self) -> AcceptLead {
        AcceptLead {
            lead: reference(self.lead),
            handle: self.handle.clone(),
            source: None,
            stance: None,
            manner: None,
            footing: None,
            count: None,
            described_as: None,
            relays: None,
            via: None,
            framed_as: None,
            quote: None,
            said_at: None,
            credibility: self.credibility,
            confidential: self.confidential.then_some(true),
        }
    }
}

impl CorrectArgs {
    fn corrected(self) -> AcceptLead {
        let via = if self.no_via { Some(None) } else { self.via.map(|via| Some(Reference(via))) };
        AcceptLead {
            source: self.source.map(Reference),
            stance: self.stance,
            manner: self.manner.map(Some),
            footing: self.footing,
            count: self.count.map(Some),
            described_as: self.described_as.map(Some),
            relays: self.relays.map(Reference),
            via,
            framed_as: self.framed_as.map(Some),
            quote: self.quote,
            said_at: self.said_at,
            ..self.accept.accepted()
        }
    }
}
