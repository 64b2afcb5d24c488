//! How an outlet puts a speaker's words in words of its own: kept apart from the words, never counted.

use hearsay_core::Stance;

use crate::Span;
use crate::lexicon::{Cue, Found};
use crate::part::PartRead;
use crate::reading::Reading;

/// The first place, headline before text, where the outlet says that a speaker, or whom it speaks for, denied or
/// confirmed. `speaks` tells whether a sentence is about that speaker.
pub(crate) fn framing(
    reading: &Reading,
    speaks: impl Fn(&PartRead, usize, usize) -> bool,
) -> Option<(Stance, Span)> {
    [&reading.title, &reading.text].into_iter().find_map(|part| {
        part.stretches.iter().filter(|stretch| speaks(part, stretch.from, stretch.to)).find_map(|stretch| {
            let outside = |one: &&Found| !part.is_quoted(one.from);
            part.cues_in(stretch.from, stretch.to).filter(outside).find_map(|one| {
                let negated = part.is_negated(one.from, stretch.from) || is_declining(part, one);
                match (one.cue, negated) {
                    (Cue::Deny, false) => Some((Stance::Denies, part.span(one.from, one.to))),
                    (Cue::Affirm, false) => Some((Stance::Affirms, part.span(one.from, one.to))),
                    _ => None,
                }
            })
        })
    })
}

/// "without denying", "neither confirm nor deny".
fn is_declining(part: &PartRead, found: &Found) -> bool {
    let around = part.cues_in(found.from.saturating_sub(6), found.to);
    around.into_iter().any(|one| one.cue == Cue::Decline && one.to + 3 >= found.from)
}
