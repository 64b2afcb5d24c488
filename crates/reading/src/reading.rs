//! Reading an item: one pass, whatever number of claims it is then held against.

use hearsay_core::SourceId;

use crate::attribution::{Attribution, attributions};
use crate::language::language;
use crate::lexicon::lexicon;
use crate::marked::marked;
use crate::names::Names;
use crate::part::PartRead;
use crate::tagger::Tagger;
use crate::{Item, Part, Span};

/// A source of the registry, named in an item.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Mention {
    /// Who.
    pub source: SourceId,
    /// Where.
    pub span: Span,
}

/// What an item says, before any claim is looked at.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Reading {
    /// The language it is in, as two letters.
    pub language: Option<String>,
    /// Its sentences: the headline's, then the text's.
    pub sentences: Vec<Span>,
    /// The sources that it names.
    pub mentions: Vec<Mention>,
    /// Who says what in it: in English by learned weights, which find more; else by rules.
    pub attributions: Vec<Attribution>,
    /// Who says what in it, by rules: these lead to bearings.
    pub(crate) spoken: Vec<Attribution>,
    pub(crate) title: PartRead,
    pub(crate) text: PartRead,
}

/// Reads an item. Pure: the same item and names give the same reading.
pub fn read(item: &Item, names: &Names) -> Reading {
    let title = PartRead::tokens(&item.title);
    let text = PartRead::tokens(&item.text);
    let language = language(text.iter().chain(&title), item.language.as_deref());
    let lexicon = lexicon(language.as_deref());
    let title = PartRead::of(Part::Title, title, names, lexicon);
    let text = PartRead::of(Part::Text, text, names, lexicon);
    let mut spoken = attributions(&title, &item.title, names);
    spoken.extend(attributions(&text, &item.text, names));
    let attributions = match Tagger::shipped().filter(|_| language.as_deref() == Some("en")) {
        Some(tagger) => {
            let mut found = marked(&title, names, &spoken, tagger);
            found.extend(marked(&text, names, &spoken, tagger));
            found
        }
        None => spoken.clone(),
    };
    let parts = [&title, &text];
    let sentences =
        parts.iter().flat_map(|part| part.stretches.iter().map(|one| part.span(one.from, one.to))).collect();
    let mention = |part: &PartRead, from: usize, to: usize, source| Mention { source, span: part.span(from, to) };
    let mentions = parts
        .iter()
        .flat_map(|part| part.named.iter().map(|one| mention(part, one.from, one.to, one.source)))
        .collect();
    Reading { language, sentences, mentions, attributions, spoken, title, text }
}

impl Reading {
    /// The scanned part that a span lies in.
    pub(crate) fn part(&self, part: Part) -> &PartRead {
        match part {
            Part::Title => &self.title,
            Part::Text => &self.text,
        }
    }
}
