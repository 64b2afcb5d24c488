//! Tidiness of the whole tree: how files open, how long they are, what they are called, and that no link or
//! word of the documents leads nowhere.

use std::collections::BTreeSet;
use std::path::Path;

use hearsay_core::{
    ClaimKind, ClaimRelation, Closing, FollowUpKind, FootingWord, FourEyes, Interest, Manner, Priority, Relation,
    Role, SourceKind, Stance, Standing, State, Why,
};
use serde::de::DeserializeOwned;

use crate::tree::{files, quoted, read, shown, text};

/// The most lines of a file.
const MAX_LINES: usize = 500;
/// Names that say nothing of what a file holds.
const EMPTY_NAMES: [&str; 7] = ["utils", "helpers", "common", "types", "manager", "service", "mod"];

#[test]
fn every_file_says_what_it_is_for() {
    for path in files("rs") {
        assert!(read(&path).starts_with("//!"), "{} does not open with `//!`", shown(&path));
    }
}

#[test]
fn no_file_is_longer_than_one_reads() {
    for path in files("rs") {
        let lines = read(&path).lines().count();
        assert!(lines <= MAX_LINES, "{} has {lines} lines; at most {MAX_LINES}", shown(&path));
    }
}

#[test]
fn nothing_is_left_to_do_later() {
    let unfinished =
        [concat!("to", "do!("), concat!("unimple", "mented!("), concat!("db", "g!("), concat!("[", "allow(")];
    for path in files("rs") {
        for (number, line) in read(&path).lines().enumerate() {
            let found = unfinished.iter().find(|word| line.contains(**word));
            assert_eq!(found, None, "{}:{}", shown(&path), number + 1);
        }
    }
}

#[test]
fn files_are_named_for_what_they_hold() {
    for path in files("rs").iter().chain(&files("sql")) {
        for part in shown(path).split('/') {
            let stem = part.split('.').next().unwrap_or(part);
            assert!(!EMPTY_NAMES.contains(&stem), "{}: `{stem}` says nothing", shown(path));
        }
    }
}

#[test]
fn every_link_in_a_document_leads_somewhere() {
    for path in files("md") {
        let document = read(&path);
        for target in links(&document) {
            let file = target.split('#').next().unwrap_or(target);
            let elsewhere = file.is_empty() || file.contains("://") || file.starts_with("mailto:");
            let folder = path.parent().unwrap_or(Path::new(""));
            assert!(elsewhere || folder.join(file).exists(), "{}: `{target}` is not there", shown(&path));
        }
    }
}

/// Targets of links, outside of fenced blocks.
fn links(document: &str) -> Vec<&str> {
    let mut fenced = false;
    let mut targets = Vec::new();
    for line in document.lines() {
        if line.trim_start().starts_with("```") {
            fenced = !fenced;
        } else if !fenced {
            targets.extend(line.split("](").skip(1).filter_map(|rest| rest.split(')').next()));
        }
    }
    targets
}

#[test]
fn the_glossary_has_every_word_of_the_rules() {
    let glossary = text("docs/glossary.md");
    let known: BTreeSet<&str> = quoted(&glossary).into_iter().collect();
    for word in words_of_the_rules() {
        assert!(known.contains(word.as_str()), "docs/glossary.md lacks `{word}`");
    }
}

fn words_of_the_rules() -> Vec<String> {
    let mut all = Vec::new();
    all.extend(words::<State>());
    all.extend(words::<Standing>());
    all.extend(words::<Why>());
    all.extend(words::<FollowUpKind>());
    all.extend(words::<ClaimKind>());
    all.extend(words::<SourceKind>());
    all.extend(words::<Stance>());
    all.extend(words::<FootingWord>());
    all.extend(words::<Manner>());
    all.extend(words::<Interest>());
    all.extend(words::<Relation>());
    all.extend(words::<ClaimRelation>());
    all.extend(words::<Closing>());
    all.extend(words::<Priority>());
    all.extend(words::<FourEyes>());
    all.extend(words::<Role>());
    all
}

/// Every word that an enum is written with: what serde expected, where it was given none of them.
fn words<T: DeserializeOwned>() -> Vec<String> {
    let refused = serde_json::from_str::<T>("\"?\"").err().map(|error| error.to_string()).unwrap_or_default();
    let words: Vec<String> = quoted(&refused).into_iter().skip(1).map(str::to_owned).collect();
    assert!(words.len() > 1, "serde names the words: {refused}");
    words
}
