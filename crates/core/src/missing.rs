//! What would change a standing, in sentences that name the shortfall.

use crate::explain::View;
use crate::{Claim, ClaimKind, Interest, Policy, Registry, Stance, Standing, weigh};

/// One sentence for each thing that somebody could still find, rate or record; none for a claim that never advances.
pub(crate) fn missing(view: &View<'_>, policy: &Policy) -> Vec<String> {
    if view.claim.kind == ClaimKind::NotCheckable {
        return Vec::new();
    }
    let mut sentences = support(view, policy);
    sentences.extend(opposition(view, policy));
    sentences
}

/// What a claim lacks to stand as `target`, a sentence each; empty where it has too much for that, not too little.
pub fn missing_for(target: Standing, claim: &Claim, registry: &Registry, policy: &Policy) -> Vec<String> {
    let weighing = weigh(claim, registry, policy);
    let view = View { claim, registry, weighing: &weighing };
    let mut sentences = Vec::new();
    if target.is_supported() {
        sentences.extend(support(&view, policy));
    }
    if target.is_opposed() {
        sentences.extend(opposition(&view, policy));
    }
    sentences
}

/// What would support it; nothing where it is supported.
fn support(view: &View<'_>, policy: &Policy) -> Vec<String> {
    let weighed = view.weighing.weighed;
    if weighed.standing.is_supported() {
        return Vec::new();
    }
    let party = policy.acknowledgement_settles.then(|| view.parties(|interest| interest != Interest::InFavour));
    let needs = [
        Some(more_origins(policy.origins, weighed.affirming, "affirm")),
        party.and_then(|names| by_any("an acknowledgement by", &names)),
    ];
    let mut sentences = vec![needed(needs, weighed.standing, Standing::Corroborated)];
    sentences.extend(rate(view, Stance::Affirms));
    sentences.extend(record(view, Stance::Affirms));
    sentences
}

/// What would oppose it; nothing where it is opposed.
fn opposition(view: &View<'_>, policy: &Policy) -> Vec<String> {
    let weighed = view.weighing.weighed;
    if weighed.standing.is_opposed() {
        return Vec::new();
    }
    let party = policy.party_denial_suffices.then(|| view.parties(|_| true));
    let needs = [
        Some(more_origins(policy.origins, weighed.denying, "deny")),
        party.and_then(|names| by_any("a denial by", &names)),
    ];
    let mut sentences = vec![needed(needs, weighed.standing, Standing::Denied)];
    sentences.extend(rate(view, Stance::Denies));
    sentences.extend(record(view, Stance::Denies));
    sentences
}

/// `needs one more independent origin that affirms it, or an acknowledgement by Russia, to be corroborated`.
fn needed(needs: [Option<String>; 2], now: Standing, side: Standing) -> String {
    let needs: Vec<String> = needs.into_iter().flatten().collect();
    let reached = if now == Standing::Reported { side } else { Standing::Disputed };
    format!("needs {}, to be {}", needs.join(", or "), reached.as_str())
}

fn more_origins(needed: u32, have: u32, verb: &str) -> String {
    let more = needed.saturating_sub(have);
    let step = if have == 0 { "" } else { " more" };
    let (noun, ending) = if more == 1 { ("origin", "s") } else { ("origins", "") };
    let ending = if verb == "deny" && more == 1 { "denies".to_owned() } else { format!("{verb}{ending}") };
    format!("{}{step} independent {noun} that {ending} it", in_words(more))
}

fn by_any(what: &str, names: &[String]) -> Option<String> {
    (!names.is_empty()).then(|| format!("{what} {}", names.join(" or ")))
}

fn rate(view: &View<'_>, side: Stance) -> Option<String> {
    let names: Vec<String> = view.unrated(side).into_iter().collect();
    match names.as_slice() {
        [] => None,
        [one] => Some(format!("rate {one}: an unrated source that {} it is not counted", side.as_str())),
        several => Some(format!(
            "rate {} unrated sources ({}): what they say is not counted until then",
            in_words(u32::try_from(several.len()).unwrap_or(u32::MAX)),
            several.join(", ")
        )),
    }
}

fn record(view: &View<'_>, side: Stance) -> Vec<String> {
    let ask = |name: String| format!("record what {name} itself said: others only pass it on");
    view.untraced(Some(side)).into_iter().map(ask).collect()
}

/// Small numbers as words, as in running text.
fn in_words(number: u32) -> String {
    const WORDS: [&str; 11] =
        ["no", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten"];
    usize::try_from(number)
        .ok()
        .and_then(|index| WORDS.get(index))
        .map_or_else(|| number.to_string(), |word| (*word).to_owned())
}
