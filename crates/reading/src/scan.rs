//! Words, numbers and marks of a text, each with its place.
//! Invariant: tokens follow each other without overlap, and their ends lie on character boundaries.

use unicode_normalization::UnicodeNormalization;

/// What a token is.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum TokenKind {
    /// Letters.
    Word,
    /// Starts with a digit.
    Number,
    /// Ends a sentence: `.`, `!`, `?`, `…`.
    Stop,
    /// A new line.
    Break,
    /// Opens or closes a quotation.
    Quote,
    /// Any other mark.
    Mark,
}

/// One token.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(crate) struct Token {
    /// What it is.
    pub(crate) kind: TokenKind,
    /// Its first byte.
    pub(crate) start: usize,
    /// The byte after its last.
    pub(crate) end: usize,
    /// In lower case, without accents on Latin letters.
    pub(crate) folded: String,
    /// Whether it starts with a capital letter.
    pub(crate) capital: bool,
    /// Whether all its letters are capitals.
    pub(crate) shouted: bool,
}

impl Token {
    /// Whether it is a word or a number.
    pub(crate) fn is_word(&self) -> bool {
        matches!(self.kind, TokenKind::Word | TokenKind::Number)
    }
}

/// Cuts a text into tokens. `Peskov's` gives `peskov` and `'s`, `didn't` gives `did` and `n't`; a hyphen parts words.
pub(crate) fn scan(text: &str) -> Vec<Token> {
    let mut tokens = Vec::with_capacity(text.len() / 5);
    let mut rest = text.char_indices().peekable();
    while let Some((start, first)) = rest.next() {
        if first.is_alphanumeric() {
            let mut end = start + first.len_utf8();
            while let Some(&(at, next)) = rest.peek() {
                let after = text.get(at + next.len_utf8()..).and_then(|tail| tail.chars().next());
                if !continues(first, next, after) {
                    break;
                }
                end = at + next.len_utf8();
                rest.next();
            }
            word(text, start, end, first, &mut tokens);
        } else if let Some(kind) = mark(first) {
            let end = start + first.len_utf8();
            let folded = first.to_string();
            tokens.push(Token { kind, start, end, folded, capital: false, shouted: false });
        }
    }
    tokens
}

/// Whether `next` goes on with the word that began with `first`.
fn continues(first: char, next: char, after: Option<char>) -> bool {
    let then = |wanted: fn(char) -> bool| after.is_some_and(wanted);
    match next {
        '\'' | '’' => then(char::is_alphabetic) && first.is_alphabetic(),
        '.' => then(char::is_alphanumeric),
        ',' => first.is_ascii_digit() && then(|after| after.is_ascii_digit()),
        '\u{301}' | '\u{ad}' => true,
        _ => next.is_alphanumeric(),
    }
}

fn mark(mark: char) -> Option<TokenKind> {
    match mark {
        '.' | '!' | '?' | '…' => Some(TokenKind::Stop),
        '\n' | '\u{2029}' => Some(TokenKind::Break),
        '“' | '”' | '„' | '«' | '»' | '"' => Some(TokenKind::Quote),
        ',' | ':' | ';' | '(' | ')' | '—' | '–' | '―' | '-' | '‘' | '’' | '\'' | '[' | ']' => {
            Some(TokenKind::Mark)
        }
        _ => None,
    }
}

fn word(text: &str, start: usize, end: usize, first: char, tokens: &mut Vec<Token>) {
    let Some(whole) = text.get(start..end) else { return };
    let kind = if first.is_ascii_digit() { TokenKind::Number } else { TokenKind::Word };
    let folded = fold(whole);
    let cut = if folded.len() > 3 && folded.ends_with("n't") {
        last_chars(whole, 3)
    } else {
        ["'s", "'re", "'ve", "'ll", "'d", "'m"]
            .iter()
            .find(|tail| folded.ends_with(**tail))
            .and_then(|tail| last_chars(whole, tail.chars().count()))
    };
    let token = |start: usize, end: usize| Token {
        kind,
        start,
        end,
        folded: text.get(start..end).map(fold).unwrap_or_default(),
        capital: text.get(start..end).and_then(|word| word.chars().next()).is_some_and(char::is_uppercase),
        shouted: text.get(start..end).is_some_and(|word| !word.chars().any(char::is_lowercase)),
    };
    match cut {
        Some(cut) if cut > 0 => tokens.extend([token(start, start + cut), token(start + cut, end)]),
        Some(_) | None => tokens.push(token(start, end)),
    }
}

/// Where the last `count` characters begin.
fn last_chars(word: &str, count: usize) -> Option<usize> {
    word.char_indices().rev().nth(count - 1).map(|(at, _)| at)
}

/// Lower case; no accents on Latin letters; one apostrophe; `ё` as `е`.
pub(crate) fn fold(word: &str) -> String {
    if word.is_ascii() {
        return word.to_ascii_lowercase();
    }
    let mut folded = String::with_capacity(word.len());
    for letter in word.chars().flat_map(char::to_lowercase) {
        match letter {
            '’' | 'ʼ' => folded.push('\''),
            'ё' => folded.push('е'),
            '\u{301}' | '\u{ad}' => {}
            'ß' => folded.push_str("ss"),
            _ if letter.is_ascii() || ('\u{400}'..'\u{530}').contains(&letter) => folded.push(letter),
            _ => {
                let base = letter.nfd().next().filter(char::is_ascii_alphabetic);
                folded.push(base.unwrap_or(letter));
            }
        }
    }
    folded
}

/// The folded words of a phrase.
pub(crate) fn words_of(phrase: &str) -> Vec<String> {
    scan(phrase).into_iter().filter(Token::is_word).map(|token| token.folded).collect()
}

/// An English word without its commonest endings; shorter words and others' words as they are.
pub(crate) fn stem(word: &str) -> &str {
    if !word.is_ascii() || word.len() < 4 {
        return word;
    }
    for (ending, least) in
        [("ations", 4), ("ation", 4), ("ings", 3), ("ing", 3), ("ies", 3), ("ied", 3), ("ed", 3), ("es", 3)]
    {
        if let Some(stem) = word.strip_suffix(ending).filter(|stem| stem.len() >= least) {
            return undoubled(stem);
        }
    }
    let singular = word.strip_suffix('s').filter(|stem| !stem.ends_with('s')).unwrap_or(word);
    match singular.as_bytes() {
        [.., b'e' | b'y'] if singular.len() > 4 => singular.get(..singular.len() - 1).unwrap_or(singular),
        _ => singular,
    }
}

fn undoubled(stem: &str) -> &str {
    match stem.as_bytes() {
        [.., a, b] if a == b && !b"lsz".contains(b) && stem.len() > 3 => {
            stem.get(..stem.len() - 1).unwrap_or(stem)
        }
        _ => stem,
    }
}
