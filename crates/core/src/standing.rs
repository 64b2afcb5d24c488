//! What the evidence supports: Belnap's four values over two independent questions.
//! Source: N. D. Belnap, "A useful four-valued logic" (1977); `domain.md`, "Standing".

use serde::{Deserialize, Serialize};

/// What the evidence now supports under the claim's policy.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Standing {
    /// Neither supported nor opposed.
    #[default]
    Reported,
    /// Supported, not opposed.
    Corroborated,
    /// Opposed, not supported.
    Denied,
    /// Both.
    Disputed,
}

impl Standing {
    /// Every standing, in the order of the documentation.
    pub const ALL: [Self; 4] = [Self::Reported, Self::Corroborated, Self::Denied, Self::Disputed];

    /// The value for the two answers.
    pub fn of(support: Supported, opposition: Opposed) -> Self {
        match (support, opposition) {
            (Supported::No, Opposed::No) => Self::Reported,
            (Supported::Yes, Opposed::No) => Self::Corroborated,
            (Supported::No, Opposed::Yes) => Self::Denied,
            (Supported::Yes, Opposed::Yes) => Self::Disputed,
        }
    }

    /// Whether the claim is supported.
    pub fn is_supported(self) -> bool {
        matches!(self, Self::Corroborated | Self::Disputed)
    }

    /// Whether the claim is opposed.
    pub fn is_opposed(self) -> bool {
        matches!(self, Self::Denied | Self::Disputed)
    }

    /// The knowledge order: reported < corroborated, denied < disputed.
    pub fn at_least(self, other: Self) -> bool {
        (self.is_supported() || !other.is_supported()) && (self.is_opposed() || !other.is_opposed())
    }

    /// The word for it in files and on screen.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Reported => "reported",
            Self::Corroborated => "corroborated",
            Self::Denied => "denied",
            Self::Disputed => "disputed",
        }
    }
}

/// Whether enough affirms.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Supported {
    /// It does.
    Yes,
    /// It doesn't.
    No,
}

/// Whether enough denies.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Opposed {
    /// It does.
    Yes,
    /// It doesn't.
    No,
}

impl From<bool> for Supported {
    fn from(yes: bool) -> Self {
        if yes { Self::Yes } else { Self::No }
    }
}

impl From<bool> for Opposed {
    fn from(yes: bool) -> Self {
        if yes { Self::Yes } else { Self::No }
    }
}
