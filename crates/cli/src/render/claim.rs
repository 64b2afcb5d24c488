//! A claim's whole file, for people.

use hearsay_core::{Proposal, Text};
use hearsay_store::{ClaimFile, EvidenceView, HoldView, NoteView, PartyView};

use super::docket::weighed;
use super::{diamond, erasure, mark, plain};
use crate::output::{Screen, wrapped};
use crate::words::when;

/// The file: sentence, state, parties, evidence, notes, proposals, ruling.
pub(crate) fn file(screen: &Screen, file: &ClaimFile) -> String {
    let mut lines = head(screen, file);
    section(screen, &mut lines, "Parties", file.parties.iter().map(party));
    lines.push(String::new());
    lines.push(screen.paint.strong(&format!("Evidence · {}", file.evidence.len())));
    for piece in &file.evidence {
        lines.extend(evidence(screen, piece));
    }
    section(screen, &mut lines, "Notes", file.notes.iter().map(note));
    let waiting = file.proposals.iter().map(proposal).chain(file.erasures.iter().map(erasure::sentence));
    section(screen, &mut lines, "Waiting for a second person", waiting);
    section(screen, &mut lines, "Holds: nothing of it can be erased", file.holds.iter().map(hold));
    section(
        screen,
        &mut lines,
        "Other claims",
        file.explanation.links.iter().map(|link| {
            format!("{} {} {} ({})", plain(&link.relation), mark(link.state), link.reference, link.state.as_str())
        }),
    );
    if let Some(ruling) = &file.ruling {
        let summary = ruling.summary.body().unwrap_or("(erased)");
        section(screen, &mut lines, "Ruling", [format!("{} ({}): {summary}", ruling.rating, ruling.value)]);
    }
    lines.push(String::new());
    lines.push(format!("Why it stands so: `hearsay claim explain {}`", file.row.reference));
    lines.join("\n")
}

fn head(screen: &Screen, file: &ClaimFile) -> Vec<String> {
    let row = &file.row;
    let paint = screen.paint;
    let state = format!("{} {}  {}", mark(row.state), row.reference, row.state.as_str());
    let into = row.merged_into.map(|into| format!(" into {into}")).unwrap_or_default();
    let mut lines = vec![format!("{}{into}", paint.state(row.state, &state))];
    lines.extend(wrapped(row.text.as_deref().unwrap_or("(text erased)"), screen.width, "  "));
    let standing = format!("{} {}", diamond(row.standing), row.standing.as_str());
    let weighed = weighed(row.outlets, row.affirming, row.denying);
    lines.push(format!("  standing {} · {weighed}", paint.standing(row.standing, &standing)));
    let mut facts = vec![plain(row.kind.as_str()), format!("priority {}", row.priority.as_str())];
    facts.extend(row.topic.as_ref().map(|topic| format!("topic {topic}")));
    facts.extend(row.language.as_ref().map(|language| format!("language {language}")));
    facts.extend(row.assignee.as_ref().map(|name| format!("assigned to {name}")));
    facts.extend((!row.tags.is_empty()).then(|| format!("tags {}", row.tags.join(", "))));
    facts.push(format!("policy {}", row.policy));
    facts.push(format!("version {}", row.version));
    lines.extend(wrapped(&facts.join(" · "), screen.width, "  "));
    let mut times = vec![format!("opened {}", when(row.opened_at)), format!("changed {}", when(row.updated_at))];
    times.extend(row.review_by.map(|at| format!("to be reviewed by {}", when(at))));
    times.extend(row.overdue.then(|| "overdue".to_owned()));
    lines.extend(wrapped(&times.join(" · "), screen.width, "  "));
    let handle = row.handle.as_ref().map(|handle| format!("ref {handle} · ")).unwrap_or_default();
    lines.push(paint.faint(&format!("  {handle}id {}", row.id)));
    lines
}

fn section(screen: &Screen, lines: &mut Vec<String>, heading: &str, items: impl IntoIterator<Item = String>) {
    let mut items = items.into_iter().peekable();
    if items.peek().is_none() {
        return;
    }
    lines.push(String::new());
    lines.push(screen.paint.strong(heading));
    for item in items {
        lines.extend(wrapped(&item, screen.width, "  "));
    }
}

fn party(party: &PartyView) -> String {
    let asked = party.answer_by.map(|at| format!(", asked to answer by {}", when(at))).unwrap_or_default();
    format!("{}: {}{asked}", party.source, plain(party.interest.as_str()))
}

fn note(note: &NoteView) -> String {
    let by = note.by.as_deref().unwrap_or("(erased)");
    format!("{} {by}: {}", when(note.at), note.text.as_deref().unwrap_or("(erased)"))
}

fn hold(hold: &HoldView) -> String {
    let (by, reason) = (hold.by.as_deref().unwrap_or("(erased)"), hold.reason.as_deref().unwrap_or("(erased)"));
    format!("{} {by}: {reason} (event {})", when(hold.at), hold.event)
}

fn proposal(proposal: &Proposal) -> String {
    let by = proposal.by.body().unwrap_or("(erased)");
    let reason = proposal.reason.as_ref().and_then(Text::body).map(|why| format!(": {why}")).unwrap_or_default();
    format!("{} by {by}{reason} ({})", proposal.proposed.as_str(), proposal.id)
}

fn evidence(screen: &Screen, piece: &EvidenceView) -> Vec<String> {
    let counted = piece.why.map_or_else(|| "counts".to_owned(), |why| format!("not counted: {}", why.sentence()));
    let head = format!("{} · {} · {counted}", super::explain::described(piece), plain(piece.kind.as_str()));
    let mut lines = wrapped(&head, screen.width, "  ");
    let credibility = (piece.credibility != hearsay_core::Credibility::UNJUDGED)
        .then(|| format!("credibility {}", u8::from(piece.credibility)));
    let details = [
        piece.title.clone(),
        piece.quote.as_ref().map(|quote| format!("“{quote}”")),
        piece.url.clone(),
        piece.lead.as_ref().map(super::intake::from_lead),
        piece.edited_at.map(|at| format!("its document was edited since: {}", when(at))),
        piece.gone_at.map(|at| format!("its document was taken down: found gone {}", when(at))),
        credibility,
    ];
    for detail in details.into_iter().flatten() {
        lines.extend(wrapped(&detail, screen.width, "      ").iter().map(|line| screen.paint.faint(line)));
    }
    lines
}
