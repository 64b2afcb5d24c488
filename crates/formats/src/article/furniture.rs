//! What an extraction leaves of a page's furniture around an article: notices, teasers, headings of lists of links.

use std::sync::LazyLock;

const FILE: &str = include_str!("furniture.txt");

/// A longer line is a paragraph, whatever it begins with, in characters.
const MAX_LINE: usize = 160;
/// A longer line is no heading, in characters.
const MAX_HEADING: usize = 60;
/// At most so much of the text, in hundredths, may follow a heading that ends the article.
const MAX_TAIL: usize = 40;

/// How lines begin that are left out, and headings that end an article.
static BEGINNINGS: LazyLock<(Vec<&str>, Vec<&str>)> = LazyLock::new(|| (section("[lines]"), section("[ends]")));

fn section(name: &str) -> Vec<&'static str> {
    let lines = FILE.lines().skip_while(|line| *line != name).skip(1).take_while(|line| !line.starts_with('['));
    lines.filter(|line| !line.is_empty() && !line.starts_with('#')).collect()
}

/// The text without them, and without its own title before it. Where nothing else would be left, it stays as it is.
pub(super) fn without(text: &str, title: Option<&str>) -> String {
    let (dropped, ends) = &*BEGINNINGS;
    let mut kept: Vec<&str> = Vec::new();
    let (mut before, mut seen) = (0, false);
    for line in text.lines() {
        let tail = text.len().saturating_sub(before) * 100 <= text.len() * MAX_TAIL;
        if tail && begins(line, ends, MAX_HEADING) {
            break;
        }
        before += line.len() + 1;
        let is_title = !seen && title.is_some_and(|title| same(line, title));
        let again = line.trim().is_empty() && kept.last().is_some_and(|last| last.trim().is_empty());
        if !is_title && !again && !begins(line, dropped, MAX_LINE) {
            kept.push(line);
        }
        seen |= !line.trim().is_empty() && !is_title;
    }
    let left = kept.join("\n").trim().to_owned();
    if left.is_empty() { text.to_owned() } else { left }
}

/// Whether a line, within so many characters, begins with one of some phrases as whole words.
fn begins(line: &str, phrases: &[&str], longest: usize) -> bool {
    if line.trim().is_empty() || line.chars().count() > longest {
        return false;
    }
    let line = line.trim_start_matches(|letter: char| !letter.is_alphanumeric()).to_lowercase();
    phrases.iter().any(|phrase| {
        line.strip_prefix(phrase).is_some_and(|rest| !rest.starts_with(|next: char| next.is_alphanumeric()))
    })
}

fn same(line: &str, title: &str) -> bool {
    let letters = |text: &str| -> String { text.chars().filter(|letter| letter.is_alphanumeric()).collect() };
    let title = letters(title);
    !title.is_empty() && letters(line) == title
}

#[cfg(test)]
mod tests {
    use super::{begins, section, without};

    #[test]
    fn notices_are_left_out_and_what_follows_a_list_of_links_too() {
        let story = "The ferry to Ostra sank on Monday, the harbour office said.";
        let more = "Nobody was hurt, and the boat will be raised within the week, said its owner.";
        let text =
            format!("Ferry sinks\n\n{story}\n\nADVERTISEMENT\n\n{more}\n\nYou may also like...\n\nA bridge opens");
        assert_eq!(without(&text, Some("Ferry sinks")), format!("{story}\n\n{more}"));
    }

    #[test]
    fn a_paragraph_that_begins_so_stays_and_so_does_a_text_of_nothing_else() {
        let long =
            format!("Advertising on the ferries has {} more than a year ago.", "brought the town ".repeat(12));
        assert_eq!(without(&long, None), long);
        assert_eq!(without("Read more", None), "Read more");
        let early = format!("Tags\n{}", "The harbour is closed until further notice. ".repeat(5).trim_end());
        assert_eq!(without(&early, None), early);
    }

    #[test]
    fn phrases_are_whole_words() {
        assert!(section("[lines]").len() > 20 && section("[ends]").len() > 20);
        assert!(begins("> Read more: the harbour", &["read more"], 60));
        assert!(!begins("Topicsville mayor resigns", &["topics"], 60));
    }
}
