//! Folds words for search: case, accents and compatibility forms away, in every script.

use unicode_normalization::UnicodeNormalization;
use unicode_normalization::char::is_combining_mark;

/// The form under which words are stored for search and searched.
pub(crate) fn fold_words(text: &str) -> String {
    text.nfkd().filter(|letter| !is_combining_mark(*letter)).flat_map(char::to_lowercase).collect()
}

/// An FTS5 query in which every word must occur, and the last may be a beginning; none where there is no word.
pub(crate) fn query(text: &str) -> Option<String> {
    let folded = fold_words(text);
    let words: Vec<&str> =
        folded.split(|letter: char| !letter.is_alphanumeric()).filter(|word| !word.is_empty()).collect();
    let (last, before) = words.split_last()?;
    let quoted = before.iter().map(|word| format!("\"{word}\"")).chain([format!("\"{last}\"*")]);
    Some(quoted.collect::<Vec<_>>().join(" "))
}
