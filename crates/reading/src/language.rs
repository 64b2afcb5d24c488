//! Which language a text is in, by its commonest words.

use std::collections::HashMap;
use std::sync::LazyLock;

use crate::scan::{Token, fold};

const DATA: &str = include_str!("../data/languages.txt");
/// More words than this add nothing.
const ENOUGH: usize = 400;

struct Common {
    languages: Vec<&'static str>,
    words: HashMap<String, Vec<usize>>,
}

static COMMON: LazyLock<Common> = LazyLock::new(|| {
    let mut common = Common { languages: Vec::new(), words: HashMap::new() };
    for line in DATA.lines().filter(|line| line.starts_with('[')) {
        let Some((language, words)) = line.trim_start_matches('[').split_once(']') else { continue };
        let number = common.languages.len();
        common.languages.push(language);
        for word in words.split_whitespace() {
            common.words.entry(fold(word)).or_default().push(number);
        }
    }
    common
});

/// The language of the tokens; where they don't tell, the one that was declared, without its region.
pub(crate) fn language<'a>(tokens: impl Iterator<Item = &'a Token>, declared: Option<&str>) -> Option<String> {
    let declared = declared.and_then(|tag| tag.split(['-', '_']).next()).map(str::to_lowercase);
    let declared = declared.filter(|tag| tag.len() == 2);
    let mut counts = vec![0_usize; COMMON.languages.len()];
    let mut words = 0;
    for token in tokens.filter(|token| token.is_word()).take(ENOUGH) {
        words += 1;
        for number in COMMON.words.get(&token.folded).into_iter().flatten() {
            counts[*number] += 1;
        }
        let script = if token.folded.contains(['і', 'ї', 'є', 'ґ']) {
            Some("uk")
        } else if token.folded.contains(['ы', 'э', 'ъ']) {
            Some("ru")
        } else {
            None
        };
        if let Some(number) = script.and_then(|tag| COMMON.languages.iter().position(|one| *one == tag)) {
            counts[number] += 1;
        }
    }
    let best = (0..counts.len()).max_by_key(|number| (counts[*number], usize::MAX - *number))?;
    let said = declared.as_deref().and_then(|tag| COMMON.languages.iter().position(|one| *one == tag));
    let said_count = said.map_or(0, |number| counts[number]);
    let plain = counts[best] * 12 >= words && counts[best] >= 2 && counts[best] > said_count + said_count / 4;
    if plain { Some(COMMON.languages[best].to_owned()) } else { declared }
}
