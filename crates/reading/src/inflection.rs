//! Endings of Russian and Ukrainian words: one key for all cases of a name.

/// Endings of nouns and adjectives, longest first.
const ENDINGS: [&str; 44] = [
    "ского",
    "скому",
    "ського",
    "ському",
    "ского",
    "ської",
    "ською",
    "ського",
    "ской",
    "ским",
    "ском",
    "ский",
    "ская",
    "ское",
    "скую",
    "ські",
    "ський",
    "ська",
    "ську",
    "ским",
    "ого",
    "ому",
    "ами",
    "ями",
    "ової",
    "ови",
    "ем",
    "ею",
    "ом",
    "ой",
    "ою",
    "ым",
    "им",
    "ей",
    "ах",
    "ях",
    "а",
    "у",
    "е",
    "и",
    "ы",
    "я",
    "ю",
    "і",
];

/// The form under which all cases of a word are the same; Latin words, and short ones, as they are.
pub(crate) fn key(folded: &str) -> String {
    if !folded.chars().next().is_some_and(is_cyrillic) || folded.chars().count() < 4 {
        return folded.to_owned();
    }
    let whole = folded.strip_suffix(['ь', 'й']).unwrap_or(folded);
    for ending in ENDINGS {
        if let Some(stem) = whole.strip_suffix(ending).filter(|stem| stem.chars().count() >= 3) {
            let adjective = ending.contains("ск") || ending.contains("ськ");
            let stem = stem.strip_suffix('ь').unwrap_or(stem);
            return if adjective { format!("{stem}ск") } else { tidied(stem) };
        }
    }
    tidied(whole)
}

/// Adjectives that an ending left whole end as the others do.
fn tidied(stem: &str) -> String {
    for ending in ["ськи", "ски", "ськ"] {
        if let Some(stem) = stem.strip_suffix(ending).filter(|stem| stem.chars().count() >= 2) {
            return format!("{stem}ск");
        }
    }
    stem.strip_suffix('ь').unwrap_or(stem).to_owned()
}

pub(crate) fn is_cyrillic(letter: char) -> bool {
    ('\u{400}'..'\u{530}').contains(&letter)
}
