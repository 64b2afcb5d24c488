//! Payloads of the commands on sources and policies.

use jiff::{SignedDuration, Timestamp};
use serde::{Deserialize, Deserializer, Serialize};

use crate::{
    Credibility, FeedNumber, FourEyes, Permille, RatingScale, Reference, Reliability, SourceKind, Standing,
};

/// A value that may be given, given as `null`, or left out.
#[expect(clippy::option_option, reason = "left out, null and given are three things")]
pub(super) fn given<'de, D: Deserializer<'de>, T: Deserialize<'de>>(
    deserializer: D,
) -> Result<Option<Option<T>>, D::Error> {
    Option::<T>::deserialize(deserializer).map(Some)
}

payload! {
    /// Payload of `add_source`.
    AddSource {
        /// The handle that the docket keeps for it.
        #[serde(rename = "ref", default, skip_serializing_if = "Option::is_none")]
        handle: Option<String>,
        /// The name it goes by.
        name: String,
        /// What it is.
        kind: SourceKind,
        /// Other names.
        #[serde(default, skip_serializing_if = "Vec::is_empty")]
        aliases: Vec<String>,
        /// Its Admiralty reliability; `F` unless given.
        #[serde(default)]
        reliability: Reliability,
        /// Whose word its word is, always.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        speaks_for: Option<Reference>,
        /// What it belongs to, always.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        part_of: Option<Reference>,
    }
}

payload! {
    /// Payload of `alias_source`.
    AliasSource {
        /// Which source.
        source: Reference,
        /// Its other name.
        alias: String,
    }
}

payload! {
    /// Payload of `rate_source`.
    RateSource {
        /// Which source.
        source: Reference,
        /// Its Admiralty reliability.
        reliability: Reliability,
        /// Why.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        reason: Option<String>,
    }
}

payload! {
    /// Payload of `relate_source`. A relation given as `null` says that there was none in that period.
    RelateSource {
        /// Which source.
        source: Reference,
        /// Whose word its word is.
        #[serde(default, deserialize_with = "given", skip_serializing_if = "Option::is_none")]
        speaks_for: Option<Option<Reference>>,
        /// What it belongs to.
        #[serde(default, deserialize_with = "given", skip_serializing_if = "Option::is_none")]
        part_of: Option<Option<Reference>>,
        /// Inclusive; none: always.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        since: Option<Timestamp>,
        /// Exclusive; none: still.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        until: Option<Timestamp>,
        /// Why.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        reason: Option<String>,
    }
}

payload! {
    /// Payload of `merge_sources`.
    MergeSources {
        /// The source that turned out to be another.
        source: Reference,
        /// The source that stays.
        into: Reference,
        /// Why.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        reason: Option<String>,
    }
}

payload! {
    /// A trusted channel, as a line names it.
    ChannelLine {
        /// Whose words.
        source: Reference,
        /// The feed that brings them.
        feed: FeedNumber,
        /// The confidence above which they are recorded, in thousandths.
        over: Permille,
    }
}

payload! {
    /// Payload of `set_policy`. Keys left out keep their value.
    SetPolicy {
        /// Which policy; a new name makes a new one from the defaults.
        name: String,
        /// See [`crate::Policy`] for this and the following keys.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        origins: Option<u32>,
        /// One acknowledgement settles it.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        acknowledgement_settles: Option<bool>,
        /// One party's denial suffices.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        party_denial_suffices: Option<bool>,
        /// Unrated publishers count.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        count_unrated: Option<bool>,
        /// Lowest reliability that stands.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        reliability_floor: Option<Reliability>,
        /// Lowest credibility that stands.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        credibility_floor: Option<Credibility>,
        /// Standings to which the worker advances by itself.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        auto_advance: Option<Vec<Standing>>,
        /// What needs a second person.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        four_eyes: Option<Vec<FourEyes>>,
        /// Trusted channels.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        auto_record: Option<Vec<ChannelLine>>,
        /// How long each party has to answer: `24h`.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        answer_within: Option<SignedDuration>,
        /// How long until a review: `72h`.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        review_within: Option<SignedDuration>,
        /// The ruling scale.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        ratings: Option<RatingScale>,
        /// Why.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        reason: Option<String>,
    }
}
