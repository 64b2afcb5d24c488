//! Quotations: which tokens lie within quotation marks.
//! A quotation inside another belongs to the outer one; one that is never closed ends with its paragraph.

use crate::scan::{Token, TokenKind};

/// One quotation: the tokens between its marks.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) struct Quotation {
    /// The token after the opening mark.
    pub(crate) from: usize,
    /// The closing mark, or the token after the last.
    pub(crate) to: usize,
}

impl Quotation {
    /// Whether the token lies between the marks.
    pub(crate) fn holds(self, token: usize) -> bool {
        self.from <= token && token < self.to
    }
}

/// Finds the outermost quotations, in order.
pub(crate) fn quotations(tokens: &[Token]) -> Vec<Quotation> {
    let mut found = Vec::new();
    let mut open: Option<(usize, &str, usize)> = None;
    for (at, token) in tokens.iter().enumerate() {
        match (token.kind, open) {
            (TokenKind::Quote, None) if opens(tokens, at) => open = Some((at + 1, token.folded.as_str(), 1)),
            (TokenKind::Quote, Some((from, mark, depth))) => {
                let deeper = token.folded == mark && mark != "\"" && mark != "”";
                let ends = closes(mark, &token.folded);
                open = match (deeper, ends, depth) {
                    (true, _, _) => Some((from, mark, depth + 1)),
                    (false, true, 1) => {
                        found.push(Quotation { from, to: at });
                        None
                    }
                    (false, true, _) => Some((from, mark, depth - 1)),
                    (false, false, _) => open,
                };
            }
            (TokenKind::Break, Some((from, ..))) => {
                found.push(Quotation { from, to: at });
                open = None;
            }
            _ => {}
        }
    }
    if let Some((from, ..)) = open {
        found.push(Quotation { from, to: tokens.len() });
    }
    found.retain(|quotation| quotation.from < quotation.to);
    found
}

/// A mark that can only close opens nothing, unless a text uses it for both.
fn opens(tokens: &[Token], at: usize) -> bool {
    let tight = tokens.get(at + 1).is_some_and(|next| next.start == tokens[at].end);
    match tokens[at].folded.as_str() {
        "»" => false,
        "”" | "\"" => tight,
        _ => true,
    }
}

fn closes(open: &str, mark: &str) -> bool {
    match open {
        "“" => mark == "”" || mark == "\"",
        "„" => mark == "“" || mark == "”" || mark == "\"",
        "«" => mark == "»",
        _ => mark == open || (open == "\"" && mark == "”"),
    }
}
