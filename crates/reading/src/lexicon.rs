//! Cues: words and phrases that tell what a speaker does, read from one data file a language.
//! A file that this crate ships is read when it is first needed; a test reads them all.

use std::collections::HashMap;
use std::sync::LazyLock;

use crate::scan::{Token, fold, scan};

/// What a cue tells.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub(crate) enum Cue {
    /// Somebody speaks.
    Say,
    /// Somebody speaks to somebody.
    Tell,
    /// Somebody reports.
    Report,
    /// "According to" and the like: the source follows.
    According,
    /// Whose word a report rests on follows.
    Cite,
    /// Confirms, by the writer's word for it.
    Affirm,
    /// Denies, by the writer's word for it.
    Deny,
    /// Makes little of it, by the writer's word for it.
    Doubt,
    /// Declines, by the writer's word for it.
    Decline,
    /// Was asked.
    Asked,
    /// A speaker's word for what isn't so.
    False,
    /// A speaker's word for what is so.
    True,
    /// Sends people elsewhere.
    Deflect,
    /// Won't speak of it.
    Mute,
    /// Points at what was reported.
    This,
    /// Speaks of no single thing.
    Many,
    /// Negates.
    Not,
    /// An interview.
    Interview,
    /// People without a name.
    Unnamed,
    /// How unnamed people know.
    Knowing,
    /// A number in letters.
    Number,
    /// Marks hearsay.
    Supposed,
    /// Saw it.
    Saw,
}

const SECTIONS: [(&str, Cue); 23] = [
    ("say", Cue::Say),
    ("tell", Cue::Tell),
    ("report", Cue::Report),
    ("according", Cue::According),
    ("cite", Cue::Cite),
    ("affirm", Cue::Affirm),
    ("deny", Cue::Deny),
    ("doubt", Cue::Doubt),
    ("decline", Cue::Decline),
    ("asked", Cue::Asked),
    ("words.false", Cue::False),
    ("words.true", Cue::True),
    ("words.deflect", Cue::Deflect),
    ("words.decline", Cue::Mute),
    ("this", Cue::This),
    ("many", Cue::Many),
    ("not", Cue::Not),
    ("interview", Cue::Interview),
    ("unnamed", Cue::Unnamed),
    ("knowing", Cue::Knowing),
    ("number", Cue::Number),
    ("supposed", Cue::Supposed),
    ("saw", Cue::Saw),
];

const FILES: [(&str, &str); 4] = [
    ("en", include_str!("../data/en.cues")),
    ("ru", include_str!("../data/ru.cues")),
    ("uk", include_str!("../data/uk.cues")),
    ("fr", include_str!("../data/fr.cues")),
];

/// A cue in a text: tokens from `from` (inclusive) to `to` (exclusive).
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) struct Found {
    pub(crate) cue: Cue,
    pub(crate) from: usize,
    pub(crate) to: usize,
}

/// The cues of one language.
#[derive(Default)]
pub(crate) struct Lexicon {
    nodes: Vec<Node>,
    /// Whether any phrase has a word of which only the beginning is given.
    prefixes: bool,
}

#[derive(Default)]
struct Node {
    words: HashMap<String, usize>,
    prefixes: HashMap<String, usize>,
    cues: Vec<Cue>,
}

static LEXICONS: LazyLock<Vec<(&str, Lexicon)>> = LazyLock::new(|| {
    FILES.iter().map(|(language, file)| (*language, Lexicon::parse(file).unwrap_or_default())).collect()
});

/// The cues of a language; English where there are none.
pub(crate) fn lexicon(language: Option<&str>) -> &'static Lexicon {
    let of = |wanted: &str| LEXICONS.iter().find(|(tag, _)| *tag == wanted).map(|(_, lexicon)| lexicon);
    language.and_then(of).unwrap_or(&LEXICONS[0].1)
}

impl Lexicon {
    /// Reads a file of cues. Errors: the line that isn't understood.
    pub(crate) fn parse(file: &str) -> Result<Self, String> {
        let mut lexicon = Self { nodes: vec![Node::default()], prefixes: false };
        let mut section = None;
        for line in file.lines().map(str::trim).filter(|line| !line.is_empty() && !line.starts_with('#')) {
            if let Some(name) = line.strip_prefix('[').and_then(|rest| rest.strip_suffix(']')) {
                let known = SECTIONS.iter().find(|(section, _)| *section == name);
                section = Some(known.ok_or_else(|| format!("no section `{name}`"))?.1);
            } else {
                lexicon.add(line, section.ok_or_else(|| format!("`{line}` stands in no section"))?);
            }
        }
        Ok(lexicon)
    }

    fn add(&mut self, phrase: &str, cue: Cue) {
        let mut at = vec![0];
        for position in phrase.split_whitespace() {
            let mut next = Vec::new();
            for word in position.split('/') {
                for from in &at {
                    next.push(self.step(*from, word));
                }
            }
            at = next;
        }
        for node in at {
            if !self.nodes[node].cues.contains(&cue) {
                self.nodes[node].cues.push(cue);
            }
        }
    }

    /// From a node by one word of the file, which may be several tokens.
    fn step(&mut self, from: usize, word: &str) -> usize {
        if let Some(prefix) = word.strip_suffix('*') {
            self.prefixes = true;
            let new = self.nodes.len();
            let to = *self.nodes[from].prefixes.entry(fold(prefix)).or_insert(new);
            if to == new {
                self.nodes.push(Node::default());
            }
            return to;
        }
        let mut at = from;
        for token in scan(word) {
            let new = self.nodes.len();
            let to = *self.nodes[at].words.entry(token.folded).or_insert(new);
            if to == new {
                self.nodes.push(Node::default());
            }
            at = to;
        }
        at
    }

    /// Every cue in a text, in order of its first token; of those that begin at one token and tell the same, the longest.
    pub(crate) fn find(&self, tokens: &[Token]) -> Vec<Found> {
        let mut found = Vec::new();
        if self.nodes.is_empty() {
            return found;
        }
        for from in 0..tokens.len() {
            if !tokens[from].is_word() {
                continue;
            }
            let mut here: Vec<Found> = Vec::new();
            self.walk(tokens, from, from, 0, &mut here);
            here.sort_by_key(|one| std::cmp::Reverse(one.to));
            let mut told: Vec<Cue> = Vec::new();
            for one in here {
                if !told.contains(&one.cue) {
                    told.push(one.cue);
                    found.push(one);
                }
            }
        }
        found
    }

    fn walk(&self, tokens: &[Token], from: usize, at: usize, node: usize, found: &mut Vec<Found>) {
        found.extend(self.nodes[node].cues.iter().map(|cue| Found { cue: *cue, from, to: at }));
        let mut next = at;
        while next > from && tokens.get(next).is_some_and(|token| token.folded == "-") {
            next += 1;
        }
        let Some(token) = tokens.get(next).filter(|token| token.is_word()) else { return };
        if let Some(to) = self.nodes[node].words.get(&token.folded) {
            self.walk(tokens, from, next + 1, *to, found);
        }
        if self.prefixes && !self.nodes[node].prefixes.is_empty() {
            for (end, _) in token.folded.char_indices().skip(2) {
                if let Some(to) = token.folded.get(..end).and_then(|head| self.nodes[node].prefixes.get(head)) {
                    self.walk(tokens, from, next + 1, *to, found);
                }
            }
            if let Some(to) = self.nodes[node].prefixes.get(&token.folded) {
                self.walk(tokens, from, next + 1, *to, found);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_file_is_understood() {
        for (language, file) in FILES {
            let lexicon = Lexicon::parse(file).map(|lexicon| lexicon.nodes.len());
            assert!(lexicon.as_ref().is_ok_and(|nodes| *nodes > 20), "{language}: {lexicon:?}");
        }
    }
}
