//! Text for people, made of what the store gives. Pure: nothing here reads or writes.

pub(crate) mod claim;
pub(crate) mod docket;
pub(crate) mod erasure;
pub(crate) mod event;
pub(crate) mod explain;
pub(crate) mod history;
pub(crate) mod intake;
pub(crate) mod queue;
pub(crate) mod receipt;
pub(crate) mod source;
pub(crate) mod tree;

use hearsay_core::{Standing, State};

/// The diamond of a standing: left half filled when supported, right half when opposed.
pub(crate) fn diamond(standing: Standing) -> &'static str {
    match standing {
        Standing::Reported => "◇",
        Standing::Corroborated => "⬖",
        Standing::Denied => "⬗",
        Standing::Disputed => "◆",
    }
}

/// The mark of a state.
pub(crate) fn mark(state: State) -> &'static str {
    match state {
        State::Reported => diamond(Standing::Reported),
        State::Corroborated => diamond(Standing::Corroborated),
        State::Denied => diamond(Standing::Denied),
        State::Disputed => diamond(Standing::Disputed),
        State::Retracted => "⟠",
        State::Unresolved => "◌",
        State::Merged => "→",
    }
}

/// A word of the files, as people read it.
pub(crate) fn plain(word: &str) -> String {
    word.replace('_', " ")
}
