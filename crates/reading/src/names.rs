//! Names of sources, found in a text by their aliases, in whatever case a language puts them.
//! Invariant: what is found depends on the names alone, not on the order in which they were given.

use std::collections::HashMap;

use hearsay_core::{SourceId, SourceKind};

use crate::inflection::key;
use crate::scan::{Token, TokenKind, scan, words_of};

/// A source as the registry names it.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct NamedSource {
    /// Its identity.
    pub id: SourceId,
    /// The name it goes by.
    pub name: String,
    /// Other names.
    pub aliases: Vec<String>,
    /// What it is.
    pub kind: SourceKind,
    /// Whose word its word is.
    pub speaks_for: Option<SourceId>,
    /// What it belongs to.
    pub part_of: Option<SourceId>,
}

/// The registry's names, ready to be found.
#[derive(Clone, Debug, Default)]
pub struct Names {
    sources: HashMap<SourceId, NamedSource>,
    /// For each first word, what may follow it, longest first.
    phrases: HashMap<String, Vec<Phrase>>,
}

#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Debug)]
struct Phrase {
    /// The words after the first.
    rest: Vec<String>,
    /// Whether it may begin with a small letter.
    small: bool,
    /// Whether only capitals will do.
    capitals: bool,
    /// Whether the registry says it so, or a shorter form is meant.
    implied: bool,
    source: SourceId,
}

/// A name in a text: tokens from `from` (inclusive) to `to` (exclusive).
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) struct Named {
    pub(crate) source: SourceId,
    pub(crate) from: usize,
    pub(crate) to: usize,
}

impl Names {
    /// Prepares the names. Surnames of people, initials of outlets and institutions, and names without their article
    /// need not be given as aliases.
    pub fn new(sources: impl Iterator<Item = NamedSource>) -> Self {
        let mut names = Self::default();
        let mut all: Vec<NamedSource> = sources.collect();
        all.sort_by_key(|source| source.id);
        for source in all {
            for name in std::iter::once(&source.name).chain(&source.aliases) {
                names.add(name, false, &source);
            }
            for short in short_forms(&source) {
                names.add(&short, true, &source);
            }
            names.sources.insert(source.id, source);
        }
        for phrases in names.phrases.values_mut() {
            phrases.sort_by(|a, b| (b.rest.len(), a).cmp(&(a.rest.len(), b)));
            phrases.dedup();
        }
        names
    }

    fn add(&mut self, name: &str, implied: bool, source: &NamedSource) {
        let mut words = words_of(name).into_iter().map(|word| key(&word)).collect::<Vec<_>>();
        if words.len() > 1 && words.first().is_some_and(|first| first == "the") {
            words.remove(0);
        }
        if words.is_empty() || words.iter().all(|word| word.chars().count() < 2) {
            return;
        }
        let first = words.remove(0);
        let small = name.chars().next().is_some_and(char::is_lowercase);
        let letters = name.chars().filter(|letter| letter.is_alphabetic());
        let capitals = letters.clone().count() <= 5 && letters.clone().all(char::is_uppercase);
        self.phrases.entry(first).or_default().push(Phrase {
            rest: words,
            small,
            capitals,
            implied,
            source: source.id,
        });
    }

    /// One source.
    pub fn get(&self, id: SourceId) -> Option<&NamedSource> {
        self.sources.get(&id)
    }

    /// The source that goes by exactly this name or alias.
    pub fn by_name(&self, name: &str) -> Option<SourceId> {
        let tokens = scan(name);
        let found = self.find(&tokens);
        let words = tokens.iter().filter(|token| token.is_word()).count();
        let article = usize::from(tokens.first().is_some_and(|token| token.folded == "the"));
        found.iter().find(|named| named.to - named.from + article >= words).map(|named| named.source)
    }

    /// Whether a source publishes others' words: an outlet or an agency.
    pub fn publishes(&self, id: SourceId) -> bool {
        self.get(id).is_some_and(|source| matches!(source.kind, SourceKind::Outlet | SourceKind::Agency))
    }

    /// Whether the word of `id` is the word of `of`: itself, or whoever it speaks for.
    pub fn speaks_for(&self, id: SourceId, of: SourceId) -> bool {
        let mut at = Some(id);
        for _ in 0..=self.sources.len() {
            match at {
                Some(one) if one == of => return true,
                Some(one) => at = self.get(one).and_then(|source| source.speaks_for),
                None => return false,
            }
        }
        false
    }

    /// Every name in a text, in order, none within another.
    pub(crate) fn find(&self, tokens: &[Token]) -> Vec<Named> {
        let mut found: Vec<(usize, usize, Vec<&Phrase>)> = Vec::new();
        let mut at = 0;
        while at < tokens.len() {
            let next = match self.longest_at(tokens, at) {
                Some((to, phrases)) => {
                    found.push((at, to, phrases));
                    to
                }
                None => at + 1,
            };
            at = next;
        }
        let sure: Vec<SourceId> =
            found.iter().filter(|(.., all)| all.len() == 1).map(|(.., all)| all[0].source).collect();
        let chosen = |phrases: &[&Phrase]| {
            let mut sources = phrases.iter().map(|phrase| phrase.source);
            sources.find(|source| sure.contains(source)).unwrap_or(phrases[0].source)
        };
        found.iter().map(|(from, to, all)| Named { source: chosen(all), from: *from, to: *to }).collect()
    }

    /// The longest name that begins at a token, with all that go by it; those that the registry says, before implied ones.
    fn longest_at(&self, tokens: &[Token], at: usize) -> Option<(usize, Vec<&Phrase>)> {
        let token = &tokens[at];
        if !token.is_word() {
            return None;
        }
        let large = token.capital || token.folded.contains('.') || token.kind == TokenKind::Number;
        let phrases =
            self.phrases.get(&key(&token.folded)).or_else(|| self.phrases.get(bare_host(&token.folded)?))?;
        let mut best: Option<(usize, Vec<&Phrase>)> = None;
        for phrase in phrases.iter().filter(|phrase| large || phrase.small) {
            let Some(to) = ends(tokens, at, phrase) else { continue };
            match &mut best {
                Some((longest, all)) if *longest == to => {
                    if all.iter().all(|one| one.source != phrase.source && one.implied == phrase.implied) {
                        all.push(phrase);
                    }
                }
                Some((longest, _)) if *longest > to => {}
                _ => best = Some((to, vec![phrase])),
            }
        }
        best
    }
}

/// `www.example.com` goes by `example`, too.
fn bare_host(word: &str) -> Option<&str> {
    let host = word.strip_prefix("www.").unwrap_or(word);
    let (name, rest) = host.split_once('.')?;
    (rest.len() >= 2).then_some(name)
}

/// Where a phrase ends that begins at a token, if it does. Marks between its words don't part them; a middle initial neither.
fn ends(tokens: &[Token], at: usize, phrase: &Phrase) -> Option<usize> {
    if phrase.capitals && !tokens[at].shouted {
        return None;
    }
    let mut to = at + 1;
    for word in &phrase.rest {
        while tokens.get(to).is_some_and(|token| {
            let hyphen = token.kind == TokenKind::Mark && matches!(token.folded.as_str(), "-" | "'");
            let dot = token.folded == "." && token.start == tokens[to - 1].end && tokens[to - 1].folded.len() == 1;
            let initial =
                token.is_word() && token.capital && token.folded.chars().count() == 1 && &token.folded != word;
            hyphen || dot || initial
        }) {
            to += 1;
        }
        if tokens.get(to).is_none_or(|token| !token.is_word() || &key(&token.folded) != word) {
            return None;
        }
        to += 1;
    }
    Some(to)
}

/// What people say for a name.
fn short_forms(source: &NamedSource) -> Vec<String> {
    let mut short = Vec::new();
    let all: Vec<String> = std::iter::once(&source.name).chain(&source.aliases).cloned().collect();
    for name in &all {
        let (outer, inner) = match name.split_once('(') {
            Some((outer, inner)) => (outer.trim(), Some(inner.trim_end_matches(')').trim().to_owned())),
            None => (name.as_str(), None),
        };
        if inner.is_some() {
            short.push(outer.to_owned());
            short.extend(inner);
        }
        let words: Vec<&str> = outer.split_whitespace().filter(|word| !matches!(*word, "The" | "the")).collect();
        if words.len() < 2 || words.len() > 5 {
            continue;
        }
        match source.kind {
            SourceKind::Person => {
                let last = words.last().filter(|last| last.chars().count() > 3);
                short.extend(last.map(|last| (*last).to_owned()));
            }
            SourceKind::Outlet | SourceKind::Agency | SourceKind::Institution => {
                let initials: String = words.iter().filter_map(|word| word.chars().next()).collect();
                if initials.chars().all(char::is_uppercase) {
                    short.push(initials);
                }
                let first = words
                    .first()
                    .filter(|first| first.chars().count() > 2 && first.chars().all(char::is_uppercase));
                short.extend(first.map(|first| (*first).to_owned()));
            }
            SourceKind::Unnamed | SourceKind::Document => {}
        }
    }
    short
}
