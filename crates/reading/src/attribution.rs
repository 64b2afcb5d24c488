//! Who says what: attributions as source, cue and content.
//! Invariant: what stands in quotation marks is content; no source and no cue is ever taken from inside them.

use hearsay_core::SourceId;
use serde::Serialize;

use crate::lexicon::{Cue, Found};
use crate::part::PartRead;
use crate::scan::{Token, TokenKind};
use crate::sentences::Stretch;
use crate::voice::{Voice, Who, voices};
use crate::{Names, Span};

/// What the writer's word for the saying tells.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum CueManner {
    /// Merely that something was said.
    Says,
    /// That it was said to somebody.
    Tells,
    /// That it was reported.
    Reports,
    /// That it was confirmed.
    Affirms,
    /// That it was denied.
    Denies,
    /// That it was made little of.
    Doubts,
    /// That an answer was declined.
    Declines,
}

/// People without a name.
#[derive(Clone, PartialEq, Eq, Debug, Serialize)]
pub struct Unnamed {
    /// How many, where it is said.
    pub count: Option<u32>,
    /// How they are described.
    pub described_as: String,
}

/// One attribution.
#[derive(Clone, PartialEq, Eq, Debug, Serialize)]
pub struct Attribution {
    /// Where the source stands.
    pub source: Option<Span>,
    /// Where the cue stands; none for a bare quotation.
    pub cue: Option<Span>,
    /// What was said, quoted or not.
    pub content: Vec<Span>,
    /// Whether the content is in quotation marks.
    pub quoted: bool,
    /// What the cue tells.
    pub manner: CueManner,
    /// Whether the cue is negated.
    pub negated: bool,
    /// The source, where the registry knows the name.
    pub named: Option<SourceId>,
    /// The source's name as it is written, where it is a name.
    pub name: Option<String>,
    /// The source, where it has no name.
    pub unnamed: Option<Unnamed>,
    /// The outlet or agency that it was said to.
    pub told: Option<SourceId>,
}

/// Finds the attributions of one part, in order.
pub(crate) fn attributions(part: &PartRead, text: &str, names: &Names) -> Vec<Attribution> {
    let mut found: Vec<Attribution> = Vec::new();
    let mut last: Option<Voice> = None;
    for (number, stretch) in part.stretches.iter().enumerate() {
        let sentence = Sentence::of(part, text, names, *stretch);
        let here = sentence.attributions(last.as_ref());
        if here.is_empty() {
            continue;
        }
        if here.iter().any(|(_, voice)| voice.is_some()) {
            last = here.iter().rev().find_map(|(_, voice)| voice.clone().filter(Voice::is_somebody)).or(last);
        }
        let before = number.checked_sub(1).map(|number| part.stretches[number]);
        for (mut attribution, _) in here {
            if attribution.content.is_empty() {
                attribution.content.extend(before.map(|stretch| part.span(stretch.from, stretch.to)));
            }
            found.push(attribution);
        }
    }
    found
}

struct Sentence<'a> {
    part: &'a PartRead,
    names: &'a Names,
    stretch: Stretch,
    voices: Vec<Voice>,
    /// Cues of saying outside of quotations; of those that overlap, the one that tells most.
    cues: Vec<Found>,
    /// Quotations in it: the tokens between the marks.
    quotes: Vec<(usize, usize)>,
}

type Read = (Attribution, Option<Voice>);

impl<'a> Sentence<'a> {
    fn of(part: &'a PartRead, text: &'a str, names: &'a Names, stretch: Stretch) -> Self {
        let quotes: Vec<(usize, usize)> = part
            .quotations
            .iter()
            .filter(|one| one.from < stretch.to && stretch.from < one.to)
            .map(|one| (one.from.max(stretch.from), one.to.min(stretch.to)))
            .collect();
        let voices = voices(part, text, names, stretch);
        Self { part, names, stretch, voices, cues: speech(part, stretch), quotes }
    }

    fn attributions(&self, last: Option<&Voice>) -> Vec<Read> {
        let mut found: Vec<Read> = Vec::new();
        for cue in &self.cues {
            if let Some(read) = self.by_cue(*cue, last) {
                found.push(read);
            }
        }
        let covered = |quote: (usize, usize)| {
            let span = self.part.span(quote.0, quote.1);
            found.iter().any(|(one, _)| one.quoted && one.content.contains(&span))
        };
        let bare: Vec<(usize, usize)> = self.long_quotes().filter(|quote| !covered(*quote)).collect();
        if !bare.is_empty() {
            let voice = self.beside(bare[0]).or(last.filter(|_| self.is_only_quoted()).cloned());
            let voice = voice.or_else(|| last.filter(|_| self.voices.is_empty()).cloned());
            let content = bare.iter().map(|quote| self.part.span(quote.0, quote.1)).collect();
            found.push(self.attribution(voice, None, content, true));
        }
        found
    }

    /// Quotations of three words or more: shorter ones are words that the writer borrows, and some are titles.
    fn long_quotes(&self) -> impl Iterator<Item = (usize, usize)> {
        let words =
            |quote: &(usize, usize)| (quote.0..quote.1).filter(|at| self.part.tokens[*at].is_word()).count();
        self.quotes.iter().copied().filter(move |quote| words(quote) >= 3 && !self.is_title(*quote))
    }

    /// A few words, each with a capital letter and no mark among them: a title of a book, a channel, a programme.
    fn is_title(&self, quote: (usize, usize)) -> bool {
        const MOST_WORDS: usize = 6;
        let tokens = &self.part.tokens[quote.0..quote.1];
        let plain = |token: &Token| matches!(token.folded.as_str(), "'s" | "of" | "the" | "and" | "in");
        let named = |token: &Token| token.kind == TokenKind::Word && (token.capital || plain(token));
        tokens.len() <= MOST_WORDS && tokens.iter().all(|token| token.kind == TokenKind::Quote || named(token))
    }

    fn is_only_quoted(&self) -> bool {
        let outside = (self.stretch.from..self.stretch.to)
            .filter(|at| self.part.tokens[*at].is_word() && !self.part.is_quoted(*at));
        outside.count() == 0
    }

    /// Who stands beside a quotation that has no cue: before a colon or a comma, or after a dash.
    fn beside(&self, quote: (usize, usize)) -> Option<Voice> {
        let before = self.voices.iter().rev().find(|voice| voice.to <= quote.0 && voice.is_somebody());
        let after = self.voices.iter().find(|voice| voice.from >= quote.1);
        before.or(after).cloned()
    }

    fn by_cue(&self, cue: Found, last: Option<&Voice>) -> Option<Read> {
        let follows = matches!(cue.cue, Cue::According | Cue::Cite);
        let voice = if follows { self.after(cue, 8) } else { self.subject(cue) };
        let quoting = !follows && self.long_quotes().next().is_some();
        let alone = voice.is_none() && quoting && self.voices.iter().all(|voice| voice.who == Who::Pronoun);
        let voice = match voice {
            None if alone => last.map(|last| last.referred_to_at(cue.from, cue.to)),
            Some(voice) if voice.who == Who::Pronoun => {
                Some(last.map_or_else(|| voice.clone(), |last| last.referred_to_at(voice.from, voice.to)))
            }
            other => other,
        };
        let inside: Vec<Span> = self.long_quotes().map(|quote| self.part.span(quote.0, quote.1)).collect();
        let quoted = !inside.is_empty() && !follows;
        if voice.is_none() && !quoted {
            return None;
        }
        let content = if quoted { inside } else { self.said(cue, voice.as_ref()) };
        Some(self.attribution(voice, Some(cue), content, quoted))
    }

    /// The subject of a cue: the nearest voice before it that is no object and stands in no relative clause; else the
    /// one that follows at once.
    fn subject(&self, cue: Found) -> Option<Voice> {
        let close = self.voices.iter().rev().find(|voice| voice.to <= cue.from && cue.from <= voice.to + 2);
        let close =
            close.filter(|voice| !voice.object && !(voice.to..cue.from).any(|at| self.part.word(at) == ","));
        if let Some(close) = close.filter(|_| !self.quotes.is_empty()) {
            return Some(close.clone());
        }
        let inverted = self.after(cue, 3).filter(|_| cue.cue != Cue::Tell).filter(|voice| {
            let quote_before = (self.stretch.from..cue.from).rev().take(3).any(|at| self.part.is_quoted(at));
            let begins = cue.from == self.stretch.from;
            quote_before || begins && voice.who != Who::Pronoun
        });
        if inverted.is_some() {
            return inverted;
        }
        let before: Vec<&Voice> = self.voices.iter().filter(|voice| voice.to <= cue.from).collect();
        let free = before.iter().rev().find(|voice| !voice.object && !self.in_relative_clause(voice, cue.from));
        let from = || {
            let next = self.after(cue, 6)?;
            let by = (cue.from..next.from).any(|at| matches!(self.part.word(at), "from" | "by"));
            by.then_some(next)
        };
        let found = free.map(|voice| (*voice).clone()).or_else(from);
        found.or_else(|| before.iter().rev().find(|voice| voice.who != Who::Pronoun).map(|voice| (*voice).clone()))
    }

    fn after(&self, cue: Found, within: usize) -> Option<Voice> {
        let next = self.voices.iter().find(|voice| voice.from >= cue.to);
        let next = next
            .filter(|voice| (cue.to..voice.from).filter(|at| self.part.tokens[*at].is_word()).count() < within)?;
        // "the Kremlin's spokesman, Dmitry Peskov": the person rather than the house.
        let person = self.voices.iter().find(|voice| voice.from >= next.to && voice.from <= next.to + 5);
        let person = person.filter(|person| {
            let between = (next.to..person.from).map(|at| self.part.word(at));
            self.part.word(next.to) == "'s"
                && between.into_iter().all(|word| !matches!(word, "and" | "that" | "to"))
        });
        Some(person.unwrap_or(next).clone())
    }

    /// Whether a voice stands between `, who` and the next comma, and the cue after that.
    fn in_relative_clause(&self, voice: &Voice, cue: usize) -> bool {
        let opener = (self.stretch.from..voice.from).rev().take(10).find(|at| {
            matches!(self.part.word(*at), "who" | "which" | "whose" | "который" | "которая" | "який" | "яка")
                || self.part.word(*at) == "("
        });
        opener.is_some_and(|opener| {
            let closed_before = (opener..voice.from).any(|at| matches!(self.part.word(at), "," | ")"));
            let closes = (voice.to..cue).any(|at| matches!(self.part.word(at), "," | ")"));
            !closed_before && closes
        })
    }

    /// What is said where nothing is quoted: after the cue, or before it where nothing follows.
    fn said(&self, cue: Found, voice: Option<&Voice>) -> Vec<Span> {
        let after = voice.map_or(cue.to, |voice| voice.to.max(cue.to));
        let words = |from: usize, to: usize| (from..to).filter(|at| self.part.tokens[*at].is_word()).count();
        let start = if voice.is_some_and(|voice| voice.from >= cue.to) { after } else { cue.to };
        let from = self.skip_marks(start);
        if words(from, self.stretch.to) >= 3 {
            return vec![self.part.span(from, self.stretch.to)];
        }
        let end = voice.map_or(cue.from, |voice| voice.from.min(cue.from));
        if words(self.stretch.from, end) >= 3 { vec![self.part.span(self.stretch.from, end)] } else { Vec::new() }
    }

    fn skip_marks(&self, from: usize) -> usize {
        (from..self.stretch.to).find(|at| self.part.tokens[*at].is_word()).unwrap_or(self.stretch.to)
    }

    fn attribution(&self, voice: Option<Voice>, cue: Option<Found>, content: Vec<Span>, quoted: bool) -> Read {
        let span = |from: usize, to: usize| self.part.span(from, to);
        let who = voice.as_ref().map(|voice| &voice.who);
        let attribution = Attribution {
            source: voice.as_ref().map(|voice| span(voice.from, voice.to)),
            cue: cue.map(|cue| span(cue.from, cue.to)),
            content,
            quoted,
            manner: cue.and_then(|cue| told_by(cue.cue)).map_or(CueManner::Says, |(manner, _)| manner),
            negated: cue.is_some_and(|cue| self.part.is_negated(cue.from, self.stretch.from)),
            named: match who {
                Some(Who::Named(id)) => Some(*id),
                _ => None,
            },
            name: match who {
                Some(Who::Named(id)) => self.names.get(*id).map(|source| source.name.clone()),
                Some(Who::Person(name)) => Some(name.clone()),
                _ => None,
            },
            unnamed: match who {
                Some(Who::Unnamed(unnamed)) => Some(unnamed.clone()),
                _ => None,
            },
            told: self.told(voice.as_ref()),
        };
        (attribution, voice)
    }

    /// The outlet or agency that was spoken to.
    fn told(&self, speaker: Option<&Voice>) -> Option<SourceId> {
        let publishers = self.voices.iter().filter_map(|voice| match voice.who {
            Who::Named(id) if self.names.publishes(id) => Some((voice, id)),
            Who::Named(_) | Who::Person(_) | Who::Unnamed(_) | Who::Pronoun => None,
        });
        let others = publishers.filter(|(voice, _)| speaker.is_none_or(|speaker| speaker.from != voice.from));
        let mut told = others.filter(|(voice, _)| {
            let possessive = self.part.word(voice.to) == "'s";
            let reports = ["report", "story", "piece", "article"].contains(&self.part.word(voice.to));
            !possessive && !reports && (self.is_addressed(voice) || self.has_heard(voice))
        });
        told.next().map(|(_, id)| id).or_else(|| self.told_again())
    }

    /// "to the same agency": the outlet or agency named last.
    fn told_again(&self) -> Option<SourceId> {
        let again = (self.stretch.from..self.stretch.to).any(|at| {
            let named = matches!(self.part.word(at), "agency" | "newspaper" | "paper" | "outlet" | "channel");
            let said = |at: usize| matches!(self.part.word(at), "to" | "told");
            let same = at >= 3 && self.part.word(at - 1) == "same" && said(at - 3);
            named && (same || (at >= 2 && self.part.word(at - 1) == "the" && said(at - 2)))
        });
        let before = self
            .part
            .named
            .iter()
            .rev()
            .find(|named| named.to <= self.stretch.from && self.names.publishes(named.source));
        before.filter(|_| again).map(|named| named.source)
    }

    /// "told RIA", "said to the news agency RIA", "in an interview with Kommersant".
    fn is_addressed(&self, voice: &Voice) -> bool {
        let mut steps = 0;
        for at in (self.stretch.from..voice.from).rev() {
            let token = &self.part.tokens[at];
            match token.folded.as_str() {
                "told"
                | "to"
                | "tell"
                | "telling"
                | "informed"
                | "журналистам"
                | "агентству"
                | "агентством"
                | "каналу"
                | "изданию"
                | "газете"
                | "виданню"
                | "агентства"
                | "агентством-"
                | "телеканалу"
                | "інтерв'ю"
                | "интервью"
                | "сообщил"
                | "повідомив"
                | "сказал"
                | "сказав"
                | "заявил"
                | "заявив" => return true,
                "with" | "by" => {
                    return self.part.cues.iter().any(|one| {
                        matches!(one.cue, Cue::Interview) && self.stretch.from <= one.from && one.to <= voice.from
                    });
                }
                _ => {}
            }
            steps += 1;
            let goes_on = token.is_word()
                && !self.part.is_quoted(at)
                && !matches!(token.folded.as_str(), "that" | "of" | "what");
            if !goes_on || steps > 6 {
                return false;
            }
        }
        false
    }

    /// "RIA heard this from", "the agency heard from him", "when Kommersant interviewed him".
    fn has_heard(&self, voice: &Voice) -> bool {
        let next = self.part.words_from(voice.to, 5);
        let heard =
            next.iter().any(|word| matches!(*word, "interviewed" | "heard" | "obtained" | "learned" | "learnt"));
        let source =
            voice.from >= 2 && self.part.word(voice.from - 1) == ":" && self.part.word(voice.from - 2) == "source";
        heard || source
    }
}

/// What a cue of saying tells, and how much it does; none for other cues.
fn told_by(cue: Cue) -> Option<(CueManner, u8)> {
    match cue {
        Cue::Decline => Some((CueManner::Declines, 6)),
        Cue::Affirm => Some((CueManner::Affirms, 5)),
        Cue::Deny => Some((CueManner::Denies, 5)),
        Cue::Doubt => Some((CueManner::Doubts, 4)),
        Cue::According | Cue::Cite => Some((CueManner::Reports, 3)),
        Cue::Tell => Some((CueManner::Tells, 2)),
        Cue::Say => Some((CueManner::Says, 1)),
        Cue::Report => Some((CueManner::Reports, 0)),
        Cue::Asked
        | Cue::False
        | Cue::True
        | Cue::Deflect
        | Cue::Mute
        | Cue::This
        | Cue::Many
        | Cue::Not
        | Cue::Interview
        | Cue::Unnamed
        | Cue::Knowing
        | Cue::Number
        | Cue::Supposed
        | Cue::Saw => None,
    }
}

fn speech(part: &PartRead, stretch: Stretch) -> Vec<Found> {
    let mut all: Vec<(u8, Found)> = part
        .cues_in(stretch.from, stretch.to)
        .filter(|one| !part.is_quoted(one.from))
        .filter_map(|one| told_by(one.cue).map(|(_, weight)| (weight, *one)))
        .collect();
    all.sort_by_key(|(weight, one)| (std::cmp::Reverse(*weight), one.from));
    let mut kept: Vec<Found> = Vec::new();
    for (_, one) in all {
        if kept.iter().all(|other| one.to <= other.from || other.to <= one.from) {
            kept.push(one);
        }
    }
    kept.sort_by_key(|one| one.from);
    kept
}
