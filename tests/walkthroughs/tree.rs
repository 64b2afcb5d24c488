//! The files of the tree, as the tests that look at all of it read them.

use std::fs;
use std::path::{Path, PathBuf};

/// The top of the tree.
pub(crate) fn root() -> PathBuf {
    let cli = Path::new(env!("CARGO_MANIFEST_DIR"));
    cli.ancestors().nth(2).expect("crates/cli lies two below the top").to_owned()
}

/// A file's text, by its path from the top.
pub(crate) fn text(path: &str) -> String {
    read(&root().join(path))
}

/// A file's text.
pub(crate) fn read(path: &Path) -> String {
    fs::read_to_string(path).unwrap_or_else(|error| unreadable(path, &error))
}

fn unreadable(path: &Path, error: &std::io::Error) -> String {
    assert_eq!("", error.to_string(), "{} cannot be read", path.display());
    String::new()
}

/// All files of that extension, but what cargo builds and what is hidden; sorted.
pub(crate) fn files(extension: &str) -> Vec<PathBuf> {
    let mut found = Vec::new();
    let mut open = vec![root()];
    while let Some(folder) = open.pop() {
        for entry in fs::read_dir(&folder).expect("a folder of the tree can be listed") {
            let entry = entry.expect("an entry of the tree can be read");
            let (path, name) = (entry.path(), entry.file_name().to_string_lossy().into_owned());
            let kind = entry.file_type().expect("an entry has a kind");
            if kind.is_dir() && name != "target" && !name.starts_with('.') {
                open.push(path);
            } else if kind.is_file() && path.extension().is_some_and(|found| found == extension) {
                found.push(path);
            }
        }
    }
    found.sort();
    found
}

/// A path as people name it: from the top.
pub(crate) fn shown(path: &Path) -> String {
    path.strip_prefix(root()).unwrap_or(path).display().to_string()
}

/// The names between backticks, in their order.
pub(crate) fn quoted(text: &str) -> Vec<&str> {
    text.split('`').skip(1).step_by(2).collect()
}

/// A document's fenced blocks of that language.
pub(crate) fn blocks(document: &str, language: &str) -> Vec<String> {
    let opening = format!("```{language}");
    let mut blocks: Vec<String> = Vec::new();
    let mut inside = false;
    for line in document.lines() {
        if line.starts_with("```") {
            inside = line == opening;
            blocks.extend(inside.then(String::new));
        } else if let (true, Some(block)) = (inside, blocks.last_mut()) {
            block.push_str(line);
            block.push('\n');
        }
    }
    blocks
}
