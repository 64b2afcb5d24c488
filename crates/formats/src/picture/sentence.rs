//! The sentence that the picture proves: how many outlets, and how many independent origins they come down to.

use std::collections::HashMap;

use hearsay_core::{AttributedPiece, Attribution, EvidenceId, Explanation, OriginView};

use super::words::people;
use crate::label::{count, told};

/// How many origins are named before the rest is counted.
const NAMED: usize = 4;

/// `12 outlets · 1 independent origin (Financial Times, three unnamed people)`; where somebody denies, each side by itself.
pub fn origins_sentence(explanation: &Explanation, attribution: &Attribution) -> String {
    let pieces: HashMap<EvidenceId, &AttributedPiece> =
        attribution.pieces.iter().map(|piece| (piece.id, piece)).collect();
    let outlets = count(explanation.outlets, "outlet", "outlets");
    let (affirming, denying) = (&explanation.origins.affirming, &explanation.origins.denying);
    let named = |origins: &[OriginView]| names(origins, &pieces);
    let number = |origins: &[OriginView], one: &str, several: &str| {
        count(u64::try_from(origins.len()).unwrap_or(u64::MAX), one, several)
    };
    let origins = number(affirming, "independent origin", "independent origins");
    if denying.is_empty() {
        return format!("{outlets} · {origins}{}", named(affirming));
    }
    format!(
        "{outlets} · {origins} for it{} · {} against it{}",
        named(affirming),
        number(denying, "origin", "origins"),
        named(denying)
    )
}

fn names(origins: &[OriginView], pieces: &HashMap<EvidenceId, &AttributedPiece>) -> String {
    if origins.is_empty() {
        return String::new();
    }
    let mut names: Vec<String> = origins.iter().take(NAMED).map(|origin| name(origin, pieces)).collect();
    if origins.len() > NAMED {
        names.push(format!("{} more", origins.len() - NAMED));
    }
    format!(" ({})", names.join("; "))
}

/// The group, and how the one piece that makes it count knows.
fn name(origin: &OriginView, pieces: &HashMap<EvidenceId, &AttributedPiece>) -> String {
    let group = told(&origin.group);
    let [only] = origin.evidence.as_slice() else { return group };
    let how = pieces.get(&only.id).and_then(|piece| people(piece.footing));
    how.map_or_else(|| group.clone(), |people| format!("{group}, {people}"))
}
