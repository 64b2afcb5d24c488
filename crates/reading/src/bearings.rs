//! What an item does with one claim: the outlet's own word on it, and the word of everybody whom it lets speak.
//! Invariant: how an outlet puts somebody's words never decides the stance of words that it quotes.

use hearsay_core::{FootingWord, Manner, SourceId, Stance};

use crate::claim_words::ClaimWords;
use crate::dates::said_at;
use crate::footing::{Link, credit, people, relayed};
use crate::framing::framing;
use crate::open_claim::OpenClaim;
use crate::part::PartRead;
use crate::reading::Reading;
use crate::speakers::{Heard, speakers};
use crate::stance::{Judged, Said, Tongues, judge};
use crate::{Bearing, Because, Item, Names, Quote, ReadFooting, Span, Speaker};

/// Below this share of the claim's words, an item is about something else, unless it names who reported it first.
const ABOUT: f64 = 0.2;
/// How much of what stands around a quotation its selector keeps, in bytes.
const AROUND: usize = 32;

/// How many of the claim's words a sentence of a party's own channel has that is a word on it.
const TELLING: usize = 2;

/// The bearings of an item on a claim; none where it is about something else. The outlet's own comes first. A party's own
/// channel passes no report on: what it says is the party's word.
pub fn bearings(reading: &Reading, item: &Item, claim: &OpenClaim, names: &Names) -> Vec<Bearing> {
    let words = ClaimWords::of(&claim.text);
    if !is_about(reading, item, claim, &words, names) {
        return Vec::new();
    }
    let of_party = item
        .outlet
        .and_then(|outlet| claim.parties.iter().copied().find(|party| names.speaks_for(outlet, *party)));
    let mut found: Vec<Bearing> = match of_party {
        Some(_) => Vec::new(),
        None => outlets_own(reading, item, claim, &words, names).into_iter().collect(),
    };
    for heard in speakers(reading, claim, names) {
        found.extend(bearing(reading, item, claim, &words, names, &heard));
    }
    if let Some(party) = of_party {
        let speaks = |one: &Bearing| one.speaker.id.is_some_and(|id| names.speaks_for(id, party));
        if !found.iter().any(speaks) {
            let heard = own_statement(reading, item, party, &words);
            found.extend(heard.and_then(|heard| bearing(reading, item, claim, &words, names, &heard)));
        }
    }
    found
}

/// A party's own channel that attributes nothing: what it says on the claim, sentence by sentence, as its own words.
fn own_statement(reading: &Reading, item: &Item, party: SourceId, words: &ClaimWords) -> Option<Heard> {
    let both = [&reading.title, &reading.text];
    let sentences = both.into_iter().flat_map(|part| {
        let telling = part.stretches.iter().filter(|one| words.shared(part, one.from, one.to) >= TELLING);
        telling.map(|one| part.span(one.from, one.to))
    });
    let quoted: Vec<Span> = sentences.collect();
    let speaker = outlet(item).filter(|_| !quoted.is_empty())?;
    let said = Said { around: quoted.clone(), quoted, ..Said::default() };
    Some(Heard { speaker, party: Some(party), said, told: None, is_answer: false, unnamed: false, first: None })
}

fn is_about(reading: &Reading, item: &Item, claim: &OpenClaim, words: &ClaimWords, names: &Names) -> bool {
    let mentions =
        |wanted: &dyn Fn(SourceId) -> bool| reading.mentions.iter().any(|mention| wanted(mention.source));
    let first = claim.first_source();
    let by_first = mentions(&|source| Some(source) == first) || item.outlet.is_some() && item.outlet == first;
    let of_party = mentions(&|source| claim.parties.iter().any(|party| names.speaks_for(source, *party)));
    let awaited = claim.waits_for.iter().any(|awaited| {
        let within = item.published.is_some_and(|at| awaited.may_come_at(at));
        within && mentions(&|source| names.speaks_for(source, awaited.party))
    });
    let covered = words.covered(&[&reading.title, &reading.text]);
    // In another language only names are shared.
    let foreign = reading.language != claim.language && reading.language.is_some() && claim.language.is_some();
    covered >= ABOUT
        || (foreign && of_party && covered > 0.0)
        || (by_first && of_party)
        || (awaited && covered > 0.0)
}

fn bearing(
    reading: &Reading,
    item: &Item,
    claim: &OpenClaim,
    words: &ClaimWords,
    names: &Names,
    heard: &Heard,
) -> Option<Bearing> {
    let tongues = match (&reading.language, &claim.language) {
        (Some(one), Some(other)) if one != other => Tongues::Two,
        _ => Tongues::One,
    };
    let judged = judge(reading, &heard.said, words, tongues);
    if !is_heard(reading, claim, words, names, heard, judged) {
        return None;
    }
    let about = |part: &PartRead, from: usize, to: usize| names_speaker(part, from, to, heard, names);
    let framed = framing(reading, about);
    let footing = if heard.party.is_some() { FootingWord::Own } else { FootingWord::Unknown };
    let carrier = heard.told.or_else(|| credit(reading, item, names).map(|link| link.source));
    let mut because = vec![Because { rule: judged.rule, span: judged.span }];
    because.extend(framed.map(|(_, span)| Because { rule: "framing", span: Some(span) }));
    because.extend(heard.first.map(|span| Because { rule: "speaker", span: Some(span) }));
    let around = heard.said.around.first().copied();
    let said = around.and_then(|span| {
        let part = reading.part(span.part);
        let (from, to) = part.tokens_of(span);
        said_at(part, from, to, item.published)
    });
    Some(Bearing {
        speaker: heard.speaker.clone(),
        stance: judged.stance,
        manner: judged.manner,
        framed_as: framed.map(|(stance, _)| stance).filter(|stance| *stance != judged.stance),
        footing: ReadFooting { kind: footing, count: None, described_as: None, relays: None },
        via: carrier.and_then(|id| named(id, names)).or_else(|| outlet(item)),
        said_at: said.or(item.published),
        quote: heard.said.quoted.first().or(heard.said.told.first()).map(|span| quote(item, *span)),
        confidence: confidence(judged, heard),
        because,
    })
}

/// Whether a speaker's words are a word on this claim at all.
fn is_heard(
    reading: &Reading,
    claim: &OpenClaim,
    words: &ClaimWords,
    names: &Names,
    heard: &Heard,
    judged: Judged,
) -> bool {
    let sided = judged.stance != Stance::Neutral;
    let answers = judged.manner.is_some_and(|manner| manner != Manner::Discusses);
    let within = heard.is_within_a_report(reading, names);
    let told_in_claim = words_name(words, &heard.speaker);
    let denies = judged.stance == Stance::Denies;
    let covered = words.covered(&[&reading.title, &reading.text]);
    let first = claim.first_source();
    let by_first = reading.mentions.iter().any(|mention| Some(mention.source) == first);
    let least = if denies && (by_first || covered >= 0.35) { 0 } else { 3 };
    if heard.unnamed && heard.speaker.id.is_none() {
        return denies && heard.is_about(reading, words, least);
    }
    if heard.party.is_some() {
        let discusses = !within
            && (heard.is_answer || heard.takes_a_side())
            && !(told_in_claim && heard.said.quoted.is_empty());
        return sided || answers || discusses;
    }
    let known = claim.sources.iter().any(|source| Some(*source) == heard.speaker.id);
    (sided || answers) && !within && heard.is_about(reading, words, least) || (known && sided)
}

/// Whether the claim itself is about what this speaker says or does.
fn words_name(words: &ClaimWords, speaker: &Speaker) -> bool {
    crate::scan::words_of(&speaker.name).iter().any(|word| words.contains(crate::scan::stem(word)))
}

fn names_speaker(part: &PartRead, from: usize, to: usize, heard: &Heard, names: &Names) -> bool {
    let id = heard.speaker.id;
    let by_name = part.named_in(from, to).any(|named| {
        Some(named.source) == id || heard.party.is_some_and(|party| names.speaks_for(named.source, party))
    });
    let last = heard.speaker.name.split_whitespace().last().map(crate::scan::fold);
    by_name || (id.is_none() && last.is_some_and(|last| (from..to).any(|at| part.word(at) == last)))
}

fn confidence(judged: Judged, heard: &Heard) -> f64 {
    let named = if heard.speaker.id.is_some() { 1.0 } else { 0.85 };
    let quoted = if heard.said.quoted.is_empty() { 0.95 } else { 1.0 };
    (judged.confidence * named * quoted * 100.0).round() / 100.0
}

/// The outlet's own word: it affirms what it passes on, and says on whose word.
fn outlets_own(
    reading: &Reading,
    item: &Item,
    claim: &OpenClaim,
    words: &ClaimWords,
    names: &Names,
) -> Option<Bearing> {
    let link = relayed(reading, item, claim, names);
    let people = people(reading, item, names);
    let covered = words.covered(&[&reading.title, &reading.text]);
    let first = claim.first_source();
    let own_report = first.is_some_and(|first| {
        item.outlet == Some(first) || link.is_some_and(|link| link.source == first && is_copy(link))
    });
    if link.is_none() && people.is_none() && covered < 0.5 {
        return None;
    }
    let kind = match (&link, &people) {
        (_, Some(_)) if own_report => FootingWord::UnnamedSources,
        (Some(_), _) if !own_report => FootingWord::Relays,
        (_, Some(_)) => FootingWord::UnnamedSources,
        _ => FootingWord::Unknown,
    };
    let speaker = if own_report { first.and_then(|id| named(id, names)) } else { outlet(item) }?;
    let carried = own_report && item.outlet != first;
    let relays = link.filter(|_| kind == FootingWord::Relays).and_then(|link| named(link.source, names));
    let mut because: Vec<Because> = link.iter().map(|link| Because { rule: link.rule, span: link.span }).collect();
    let people = people.unwrap_or_default();
    because.extend(people.span.map(|span| Because { rule: "people", span: Some(span) }));
    Some(Bearing {
        speaker,
        stance: Stance::Affirms,
        manner: None,
        framed_as: None,
        footing: ReadFooting { kind, count: people.count, described_as: people.described_as, relays },
        via: if carried { outlet(item) } else { None },
        said_at: item.published,
        quote: lead(reading, words).map(|span| quote(item, span)),
        confidence: if covered >= 0.4 { 0.85 } else { 0.65 },
        because,
    })
}

/// Whether a link says that the whole text is another's.
fn is_copy(link: Link) -> bool {
    matches!(link.rule, "credit" | "dateline" | "byline" | "credit_line" | "headline_credit")
}

/// The sentence that shares most with the claim.
fn lead(reading: &Reading, words: &ClaimWords) -> Option<Span> {
    let part = &reading.text;
    let best = part.stretches.iter().rev().max_by_key(|stretch| words.shared(part, stretch.from, stretch.to))?;
    Some(part.span(best.from, best.to))
}

fn named(id: SourceId, names: &Names) -> Option<Speaker> {
    names.get(id).map(|source| Speaker { name: source.name.clone(), id: Some(id) })
}

fn outlet(item: &Item) -> Option<Speaker> {
    let known = item.outlet.is_some() || !item.outlet_name.is_empty();
    known.then(|| Speaker { name: item.outlet_name.clone(), id: item.outlet })
}

fn quote(item: &Item, span: Span) -> Quote {
    let text = item.part(span.part);
    let mut before = span.start.saturating_sub(AROUND);
    while !text.is_char_boundary(before) {
        before += 1;
    }
    let mut after = (span.end + AROUND).min(text.len());
    while !text.is_char_boundary(after) {
        after -= 1;
    }
    let words = |from: usize, to: usize| text.get(from..to).unwrap_or_default().to_owned();
    Quote { exact: words(span.start, span.end), prefix: words(before, span.start), suffix: words(span.end, after) }
}
