//! Colour and width. Colour only ever repeats what shape and word already say.

use hearsay_core::{Standing, State};
use unicode_width::UnicodeWidthStr;

/// Colours, or none.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Paint {
    /// A terminal that welcomes colour.
    Colours,
    /// A pipe, or `NO_COLOR`.
    Plain,
}

impl Paint {
    /// Colours, if they are welcome.
    pub(crate) fn when(welcome: bool) -> Self {
        if welcome { Self::Colours } else { Self::Plain }
    }

    /// Words that matter most.
    pub(crate) fn strong(self, text: &str) -> String {
        self.dress("1", text)
    }

    /// Words that matter least.
    pub(crate) fn faint(self, text: &str) -> String {
        self.dress("2", text)
    }

    /// Struck through: taken back.
    pub(crate) fn struck(self, text: &str) -> String {
        self.dress("9;2", text)
    }

    /// In the colour of a standing: supported blue, opposed vermilion, both purple.
    pub(crate) fn standing(self, standing: Standing, text: &str) -> String {
        match standing {
            Standing::Reported => self.strong(text),
            Standing::Corroborated => self.dress("1;38;5;32", text),
            Standing::Denied => self.dress("1;38;5;166", text),
            Standing::Disputed => self.dress("1;38;5;134", text),
        }
    }

    /// In the colour of a state.
    pub(crate) fn state(self, state: State, text: &str) -> String {
        match state.declared() {
            Some(standing) => self.standing(standing, text),
            None => self.faint(text),
        }
    }

    fn dress(self, code: &str, text: &str) -> String {
        match self {
            Self::Colours => format!("\u{1b}[{code}m{text}\u{1b}[0m"),
            Self::Plain => text.to_owned(),
        }
    }
}

/// How many columns a text without colours takes.
pub(crate) fn width_of(text: &str) -> usize {
    text.width()
}

/// Lines of at most `width` columns, broken between words; each begins with `indent`.
pub(crate) fn wrapped(text: &str, width: usize, indent: &str) -> Vec<String> {
    let room = width.saturating_sub(width_of(indent)).max(10);
    let mut lines = Vec::new();
    let mut line = String::new();
    for word in text.split_whitespace() {
        if !line.is_empty() && width_of(&line) + 1 + width_of(word) > room {
            lines.push(format!("{indent}{line}"));
            line.clear();
        }
        if !line.is_empty() {
            line.push(' ');
        }
        line.push_str(word);
    }
    if !line.is_empty() {
        lines.push(format!("{indent}{line}"));
    }
    lines
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_break_between_words() {
        assert_eq!(wrapped("one two three", 9, "  "), ["  one two", "  three"]);
        assert_eq!(wrapped("Дніпровська депеша", 12, ""), ["Дніпровська", "депеша"]);
    }

    #[test]
    fn plain_paint_adds_nothing() {
        assert_eq!(Paint::Plain.standing(Standing::Denied, "denied"), "denied");
        assert_eq!(Paint::when(true).strong("x"), "\u{1b}[1mx\u{1b}[0m");
    }
}
