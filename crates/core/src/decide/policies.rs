//! Decides on policies.

use jiff::SignedDuration;

use super::wording::{MAX_NAME, maybe, short};
use super::{Decision, Desk, Subject, unchanged};
use crate::{Channel, Fact, Policy, Refusal, SetPolicy, TrustedChannel};

/// The largest whole number up to which JSON's numbers are exact (RFC 8785, appendix B).
pub(super) const LARGEST_EXACT: u64 = 1 << 53;

impl Desk<'_, '_, '_> {
    pub(super) fn set_policy(&mut self, line: &SetPolicy) -> Result<Decision, Refusal> {
        self.no_version()?;
        let name = short("name", &line.name, MAX_NAME)?;
        let reason = maybe("reason", line.reason.as_ref())?;
        let channels = self.channels(line)?;
        let policy = match self.docket.policies.get(&name) {
            Some(current) => {
                let next = Policy { version: current.version + 1, ..changed(current, line, channels) };
                if (Policy { version: current.version, ..next.clone() }) == *current {
                    return unchanged(Subject::Policy(name));
                }
                next
            }
            None => changed(&Policy::first(&name), line, channels),
        };
        check(&policy)?;
        let event = self.registry_event(Fact::PolicySet { policy: Box::new(policy), reason });
        Ok(Decision { events: vec![event], subject: Subject::Policy(name) })
    }

    /// The channels that the line gives.
    fn channels(&self, line: &SetPolicy) -> Result<Option<Vec<Channel>>, Refusal> {
        let Some(lines) = &line.auto_record else { return Ok(None) };
        let mut channels = Vec::with_capacity(lines.len());
        for line in lines {
            let source = self.source("auto_record", &line.source)?;
            channels.push(Channel::Trusted(TrustedChannel { source, feed: line.feed, over: line.over }));
        }
        Ok(Some(channels))
    }
}

/// The policy with the keys that the line gives.
fn changed(policy: &Policy, line: &SetPolicy, channels: Option<Vec<Channel>>) -> Policy {
    let policy = policy.clone();
    Policy {
        name: policy.name,
        version: policy.version,
        origins: line.origins.unwrap_or(policy.origins),
        acknowledgement_settles: line.acknowledgement_settles.unwrap_or(policy.acknowledgement_settles),
        party_denial_suffices: line.party_denial_suffices.unwrap_or(policy.party_denial_suffices),
        count_unrated: line.count_unrated.unwrap_or(policy.count_unrated),
        reliability_floor: line.reliability_floor.unwrap_or(policy.reliability_floor),
        credibility_floor: line.credibility_floor.unwrap_or(policy.credibility_floor),
        auto_advance: line.auto_advance.clone().unwrap_or(policy.auto_advance),
        four_eyes: line.four_eyes.clone().unwrap_or(policy.four_eyes),
        auto_record: channels.unwrap_or(policy.auto_record),
        answer_within: line.answer_within.unwrap_or(policy.answer_within),
        review_within: line.review_within.unwrap_or(policy.review_within),
        ratings: line.ratings.clone().unwrap_or(policy.ratings),
    }
}

fn check(policy: &Policy) -> Result<(), Refusal> {
    let century = SignedDuration::from_hours(24 * 36_525);
    let refuse = |key, why| Err(Refusal::PolicyValue { key, why });
    if policy.origins == 0 {
        return refuse("origins", "is at least 1: a claim that nobody bears out is not corroborated");
    }
    if policy.answer_within <= SignedDuration::ZERO || policy.answer_within > century {
        return refuse("answer_within", "is more than nothing and at most a century: `24h`");
    }
    if policy.review_within <= SignedDuration::ZERO || policy.review_within > century {
        return refuse("review_within", "is more than nothing and at most a century: `72h`");
    }
    if policy.ratings.is_empty()
        || policy.ratings.keys().any(|rating| rating.trim().is_empty() || rating.starts_with('$'))
    {
        return refuse(
            "ratings",
            "has at least one rating, and none without a name or with one that begins with `$`",
        );
    }
    if policy.ratings.values().any(|value| value.unsigned_abs() > LARGEST_EXACT) {
        return refuse("ratings", "has only values that JSON can say exactly: from -2^53 to 2^53");
    }
    Ok(())
}
