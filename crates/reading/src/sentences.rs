//! Sentences. A quotation is never cut: what a speaker says in one breath stays with who says it.

use crate::quotes::Quotation;
use crate::scan::{Token, TokenKind};

/// Words that end in a stop without ending a sentence.
const ABBREVIATIONS: [&str; 46] = [
    "mr", "mrs", "ms", "dr", "prof", "gen", "col", "lt", "sgt", "capt", "sen", "rep", "gov", "st", "no", "vs",
    "jan", "feb", "mar", "apr", "jun", "jul", "aug", "sep", "sept", "oct", "nov", "dec", "inc", "ltd", "corp",
    "co", "jr", "sr", "u.s", "u.k", "u.n", "e.g", "i.e", "a.m", "p.m", "rev", "hon", "adm", "г", "им",
];
/// A quotation longer than this is cut all the same.
const LONGEST: usize = 150;

/// One sentence: tokens from `from` (inclusive) to `to` (exclusive), with its closing mark.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) struct Stretch {
    /// Its first token.
    pub(crate) from: usize,
    /// The token after its last.
    pub(crate) to: usize,
}

/// Cuts tokens into sentences.
pub(crate) fn sentences(tokens: &[Token], quotations: &[Quotation]) -> Vec<Stretch> {
    let mut found = Vec::new();
    let mut from = 0;
    let mut quoted = quotations.iter().copied().peekable();
    for at in 0..tokens.len() {
        while quoted.peek().is_some_and(|quotation| quotation.to < at) {
            quoted.next();
        }
        let inside = quoted.peek().is_some_and(|one| one.holds(at) && one.to - one.from <= LONGEST);
        let ends = match tokens[at].kind {
            TokenKind::Break => true,
            TokenKind::Stop => !inside && ends_at(tokens, at),
            TokenKind::Quote => {
                at > 0 && tokens[at - 1].kind == TokenKind::Stop && !inside && begins(tokens, at + 1)
            }
            TokenKind::Word | TokenKind::Number | TokenKind::Mark => false,
        };
        if ends {
            push(tokens, from, at + 1, &mut found);
            from = at + 1;
        }
    }
    push(tokens, from, tokens.len(), &mut found);
    found
}

fn push(tokens: &[Token], from: usize, to: usize, found: &mut Vec<Stretch>) {
    let first = (from..to).find(|at| tokens[*at].kind != TokenKind::Break);
    let last = (from..to).rev().find(|at| tokens[*at].kind != TokenKind::Break);
    if let (Some(first), Some(last)) = (first, last)
        && tokens[first..=last].iter().any(Token::is_word)
    {
        found.push(Stretch { from: first, to: last + 1 });
    }
}

fn ends_at(tokens: &[Token], at: usize) -> bool {
    let before = at.checked_sub(1).map(|before| &tokens[before]);
    let abbreviated = tokens[at].folded == "."
        && before.is_some_and(|word| {
            word.end == tokens[at].start
                && (ABBREVIATIONS.contains(&word.folded.as_str()) || (word.folded.len() == 1 && word.capital))
        });
    let closing =
        tokens.get(at + 1).is_some_and(|next| next.kind == TokenKind::Quote && next.start == tokens[at].end);
    !abbreviated && !closing && begins(tokens, at + 1)
}

/// Whether a sentence may begin here.
fn begins(tokens: &[Token], at: usize) -> bool {
    tokens.get(at).is_none_or(|next| match next.kind {
        TokenKind::Word => next.capital || at == 0 || !next.folded.chars().all(char::is_lowercase),
        TokenKind::Number | TokenKind::Break | TokenKind::Quote | TokenKind::Mark => true,
        TokenKind::Stop => false,
    })
}
