//! Identities. UUIDv7 for everything that the log names; a small number for claims, so that people can say it aloud.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Deserializer, Serialize, Serializer};
use uuid::Uuid;

macro_rules! uuid_id {
    ($($(#[$doc:meta])* $name:ident),+ $(,)?) => {$(
        $(#[$doc])*
        #[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Serialize, Deserialize)]
        #[serde(transparent)]
        pub struct $name(pub Uuid);

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                self.0.fmt(f)
            }
        }
    )+};
}

uuid_id!(
    /// One claim on the docket.
    ClaimId,
    /// One command; the log refuses the same one twice.
    CommandId,
    /// One event of the log.
    EventId,
    /// One piece of evidence.
    EvidenceId,
    /// A ruling or an override that waits for a second person.
    ProposalId,
    /// One source in the registry.
    SourceId,
);

/// A claim's short reference: `C-142`. Numbers are given in the order in which claims were reported, from 1.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub struct ClaimNumber(pub u32);

impl fmt::Display for ClaimNumber {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "C-{}", self.0)
    }
}

impl Serialize for ClaimNumber {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for ClaimNumber {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        String::deserialize(deserializer)?.parse().map_err(serde::de::Error::custom)
    }
}

/// The text is no claim number; it would read `C-142`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("not a claim number such as `C-142`")]
pub struct NotAClaimNumber;

impl FromStr for ClaimNumber {
    type Err = NotAClaimNumber;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let digits = text.strip_prefix("C-").or_else(|| text.strip_prefix("c-")).ok_or(NotAClaimNumber)?;
        if digits.is_empty() || !digits.bytes().all(|b| b.is_ascii_digit()) {
            return Err(NotAClaimNumber);
        }
        digits.parse().map(Self).map_err(|_| NotAClaimNumber)
    }
}

macro_rules! numbered {
    ($($(#[$doc:meta])* $name:ident, $prefix:literal, $expected:literal);+ $(;)?) => {$(
        $(#[$doc])*
        #[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
        pub struct $name(pub u32);

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                write!(f, concat!($prefix, "-{}"), self.0)
            }
        }

        impl Serialize for $name {
            fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                serializer.collect_str(self)
            }
        }

        impl<'de> Deserialize<'de> for $name {
            fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                String::deserialize(deserializer)?.parse().map_err(serde::de::Error::custom)
            }
        }

        impl FromStr for $name {
            type Err = NotAShortReference;

            fn from_str(text: &str) -> Result<Self, Self::Err> {
                short_reference($prefix, text).map(Self).ok_or(NotAShortReference($expected))
            }
        }
    )+};
}

numbered!(
    /// A lead's short reference: `L-12`. Numbers are given in the order in which leads were laid, from 1.
    LeadNumber, "L", "a lead's number such as `L-12`";
    /// An item's short reference: `I-7`. Numbers are given in the order of arrival, from 1.
    ItemNumber, "I", "an item's number such as `I-7`";
    /// A feed's short reference: `F-3`. A number is never given twice.
    FeedNumber, "F", "a feed's number such as `F-3`";
);

/// The text is no short reference of that sort.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("not {0}")]
pub struct NotAShortReference(pub &'static str);

fn short_reference(prefix: &str, text: &str) -> Option<u32> {
    let (letter, digits) = text.split_once('-')?;
    let is_number = !digits.is_empty() && digits.bytes().all(|byte| byte.is_ascii_digit());
    if is_number && letter.eq_ignore_ascii_case(prefix) { digits.parse().ok() } else { None }
}
