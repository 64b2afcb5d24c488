//! docs/interchange.md tells the truth: every command, every field, and examples that can be read.

use hearsay_core::{Command, parse_line};

use crate::tree::{blocks, quoted, text};

#[test]
fn every_command_has_its_section_and_no_other_has() {
    let document = text("docs/interchange.md");
    let mut described: Vec<&str> = sections(&document).into_iter().map(|(name, _)| name).collect();
    let mut commands = Command::NAMES.to_vec();
    described.sort_unstable();
    commands.sort_unstable();
    assert_eq!(described, commands, "the sections of docs/interchange.md, and the commands");
}

#[test]
fn every_field_of_a_command_is_described() {
    let document = text("docs/interchange.md");
    for (name, section) in sections(&document) {
        let described = quoted(section);
        for field in fields(&format!(r#"{{"do":"{name}","?":1}}"#)) {
            assert!(
                described.contains(&field.as_str()),
                "docs/interchange.md, `{name}`: the field `{field}` is missing"
            );
        }
    }
}

#[test]
fn every_field_of_evidence_is_described() {
    let document = text("docs/interchange.md");
    let section = section(&document, "## The evidence object");
    let described = quoted(section);
    for field in fields(r#"{"do":"record_follow_up","claim":"c","evidence":{"?":1}}"#) {
        assert!(
            described.contains(&field.as_str()),
            "docs/interchange.md, evidence: the field `{field}` is missing"
        );
    }
}

#[test]
fn every_example_is_a_command_of_its_section() {
    let document = text("docs/interchange.md");
    for (name, section) in sections(&document) {
        let examples = blocks(section, "json").concat();
        assert!(!examples.is_empty(), "docs/interchange.md, `{name}`: no example");
        for line in examples.lines() {
            let read = parse_line(line).map(|addressed| addressed.command.name());
            assert_eq!(read, Ok(name), "docs/interchange.md: {line}");
        }
    }
}

#[test]
fn every_example_outside_of_the_sections_can_be_read() {
    for document in ["docs/interchange.md", "README.md"] {
        let examples = blocks(&text(document), "json").concat();
        for line in examples.lines().filter(|line| line.starts_with(r#"{"do""#)) {
            assert!(parse_line(line).is_ok(), "{document}: {:?}: {line}", parse_line(line).err());
        }
    }
}

/// Each command's section: what follows the heading that bears its name.
fn sections(document: &str) -> Vec<(&str, &str)> {
    let starts = document.split("\n### `").skip(1);
    starts
        .map(|rest| {
            let (name, body) = rest.split_once('`').expect("a command's heading closes its backtick");
            (name, body.split("\n## ").next().unwrap_or(body))
        })
        .collect()
}

fn section<'a>(document: &'a str, heading: &str) -> &'a str {
    let body = document.split(heading).nth(1).unwrap_or_default();
    body.split("\n## ").next().unwrap_or(body)
}

/// The fields that a line may have: what serde expected, where it was given another.
fn fields(line: &str) -> Vec<String> {
    let refused = parse_line(line).err().map(|error| error.reason).unwrap_or_default();
    let fields: Vec<String> = quoted(&refused).into_iter().skip(1).map(str::to_owned).collect();
    assert!(!fields.is_empty(), "serde names the fields: {refused}");
    fields
}
