//! What kind of follow-up a piece of evidence is: derived from who speaks and what the words do, never typed.

use serde::{Deserialize, Serialize};

use crate::{Evidence, Manner, SourceId, Stance};

/// The kind of a follow-up.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum FollowUpKind {
    /// A party affirms, on the record.
    Acknowledgement,
    /// A party denies, on the record.
    Denial,
    /// A party was asked and took no side.
    Deflection,
    /// A party declined to comment.
    NoComment,
    /// Merely discusses it; or nobody can tell how the source knows.
    Mention,
    /// Somebody else affirms, from what it knows.
    Corroboration,
    /// Somebody else denies, from what it knows.
    Contradiction,
    /// Passed on from another.
    Repetition,
    /// A party did not respond by its deadline.
    Silence,
    /// The source took its word back.
    Withdrawal,
    /// The desk took back its own record.
    Strike,
}

impl FollowUpKind {
    /// The word for it in files and on screen.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Acknowledgement => "acknowledgement",
            Self::Denial => "denial",
            Self::Deflection => "deflection",
            Self::NoComment => "no_comment",
            Self::Mention => "mention",
            Self::Corroboration => "corroboration",
            Self::Contradiction => "contradiction",
            Self::Repetition => "repetition",
            Self::Silence => "silence",
            Self::Withdrawal => "withdrawal",
            Self::Strike => "strike",
        }
    }

    /// Whether a party that spoke so has answered.
    pub fn is_answer(self) -> bool {
        match self {
            Self::Acknowledgement | Self::Denial | Self::Deflection | Self::NoComment => true,
            Self::Mention
            | Self::Corroboration
            | Self::Contradiction
            | Self::Repetition
            | Self::Silence
            | Self::Withdrawal
            | Self::Strike => false,
        }
    }
}

/// The kind of a piece, given the party that its source is or speaks for (the nearest if several).
pub fn follow_up_kind(piece: &Evidence, party: Option<SourceId>) -> FollowUpKind {
    if party.is_some() && piece.footing.is_on_the_record() {
        return on_the_record(piece.stance, piece.manner);
    }
    match (piece.stance, piece.footing.is_original()) {
        _ if piece.footing == crate::Footing::Unknown => FollowUpKind::Mention,
        (Stance::Affirms, true) => FollowUpKind::Corroboration,
        (Stance::Denies, true) => FollowUpKind::Contradiction,
        (Stance::Affirms | Stance::Denies, false) => FollowUpKind::Repetition,
        (Stance::Neutral, _) => FollowUpKind::Mention,
    }
}

fn on_the_record(stance: Stance, manner: Option<Manner>) -> FollowUpKind {
    match (stance, manner) {
        (Stance::Affirms, _) => FollowUpKind::Acknowledgement,
        (Stance::Denies, _) => FollowUpKind::Denial,
        (Stance::Neutral, Some(Manner::Deflects)) => FollowUpKind::Deflection,
        (Stance::Neutral, Some(Manner::Declines)) => FollowUpKind::NoComment,
        (Stance::Neutral, Some(Manner::Discusses) | None) => FollowUpKind::Mention,
    }
}
