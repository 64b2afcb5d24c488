//! `audit decided-on`: which declared states rested on a piece of evidence or a source.

use clap::Args;
use hearsay_store::{Bearing, Decision, Rest};

use crate::desk::Desk;
use crate::exit::Failure;
use crate::output::{Screen, wrapped};
use crate::words::when;

/// Examples for its help.
pub(super) const EXAMPLES: &str = "A decision rests on the origins that counted, on the sides that the new state declares, when it was taken.\n\n\
    Examples:\n  hearsay audit decided-on e-denial\n  hearsay audit decided-on \"Financial Times\" --format json";

/// The columns of CSV.
const COLUMNS: &[&str] =
    &["seq", "reference", "recorded_at", "actor", "kind", "from", "to", "bearing", "rested_on"];

/// How many chains of one origin are shown to people.
const SHOWN: usize = 3;

/// Arguments of `audit decided-on`.
#[derive(Args, Debug)]
pub(crate) struct DecidedOnArgs {
    /// A piece of evidence, by its ref or UUID; or a source, by any of its names.
    #[arg(value_name = "EVIDENCE|SOURCE")]
    name: String,
}

/// Tells what rested on it.
pub(super) async fn run(args: &DecidedOnArgs, desk: &Desk) -> Result<(), Failure> {
    let ground = desk.store.find_ground(&args.name).await?;
    let claims = desk.store.claims_resting_on(&ground).await?;
    let mut progress = crate::progress::Progress::begin("going through claims", Some(claims.len() as u64));
    let mut decisions = Vec::new();
    for (done, some) in claims.chunks(20).enumerate() {
        decisions.extend(desk.store.decided_on(&ground, some).await?);
        progress.at((done as u64 + 1) * 20);
    }
    progress.end();
    decisions.sort_by_key(|decision| decision.seq);
    decisions.dedup_by_key(|decision| decision.seq);
    desk.screen.list(&decisions, COLUMNS, || shown(&desk.screen, &args.name, &decisions))
}

fn shown(screen: &Screen, name: &str, decisions: &[Decision]) -> String {
    if decisions.is_empty() {
        return format!("No declared state rested on {name}.");
    }
    decisions.iter().map(|decision| told(screen, decision)).collect::<Vec<_>>().join("\n")
}

fn told(screen: &Screen, decision: &Decision) -> String {
    let head = format!("{:>5}  {}  ", decision.seq, when(decision.recorded_at));
    let bearing = match decision.bearing {
        Some(Bearing::Origin) | None => "as an origin that counted",
        Some(Bearing::Relay) => "as a relay of an origin that counted",
    };
    let words = format!(
        "{} from {} to {}, by {}: {bearing}",
        decision.reference,
        decision.from.as_str(),
        decision.to.as_str(),
        decision.actor.as_deref().unwrap_or("(erased)"),
    );
    let mut lines = vec![format!("{}{words}", screen.paint.faint(&head))];
    for rest in &decision.rested_on {
        lines.extend(wrapped(&origin(rest), screen.width, "       "));
    }
    lines.join("\n")
}

/// The origin, its pieces and the chains that lead to it.
pub(super) fn origin(rest: &Rest) -> String {
    let named = |piece: &hearsay_core::EvidenceRef| match &piece.handle {
        Some(handle) => format!("{} [{handle}]", piece.source),
        None => piece.source.clone(),
    };
    let pieces: Vec<String> = rest.origin.evidence.iter().map(named).collect();
    let chains = rest.origin.chains.iter().filter(|chain| chain.len() > 1);
    let mut chains: Vec<String> =
        chains.map(|chain| chain.iter().map(named).collect::<Vec<_>>().join(" → ")).collect();
    if chains.len() > SHOWN {
        let more = chains.len() - SHOWN;
        chains.truncate(SHOWN);
        chains.push(format!("and {more} more"));
    }
    let relayed = if chains.is_empty() { String::new() } else { format!("; relayed: {}", chains.join(", ")) };
    format!("◉ {} {} by {}{relayed}", rest.origin.group, rest.stance.as_str(), pieces.join(", "))
}
