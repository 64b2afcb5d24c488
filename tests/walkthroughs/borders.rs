//! Who may import whom. The table is in ARCHITECTURE.md, under "Crates, and who may enter whom"; cargo tells what is.

use std::collections::{BTreeMap, BTreeSet};
use std::process::Command;

use crate::tree::{files, quoted, read, root, shown, text};

/// Only these crates may import these; everything else that speaks SQL goes through the store.
const RESERVED: [(&str, &[&str]); 3] =
    [("sqlx", &["hearsay-store"]), ("libsqlite3-sys", &["hearsay-store"]), ("rusqlite", &["hearsay-bench"])];

/// Crates that know no I/O, no clock, no randomness and no async.
const PURE: [&str; 4] = ["hearsay-core", "hearsay-formats", "hearsay-ledger", "hearsay-reading"];

/// What would bring those in.
const IMPURE: [&str; 10] = [
    "anyhow",
    "async-trait",
    "fastrand",
    "futures",
    "getrandom",
    "rand",
    "reqwest",
    "tokio",
    "tracing",
    "tracing-subscriber",
];

#[test]
fn no_crate_imports_what_the_table_does_not_let_it() {
    let allowed = table();
    for (package, imports) in edges(Which::All) {
        let may = allowed.get(&package);
        assert!(may.is_some(), "`{package}` has no row in the table of ARCHITECTURE.md");
        for import in imports.iter().filter(|import| import.starts_with("hearsay-")) {
            let permitted = may.is_some_and(|may| may.contains("all") || may.contains(import.as_str()));
            assert!(permitted, "`{package}` imports `{import}`, and the table of ARCHITECTURE.md does not let it");
        }
    }
}

#[test]
fn every_row_of_the_table_is_a_crate() {
    let crates: BTreeSet<String> = edges(Which::All).into_keys().collect();
    let rows: BTreeSet<String> = table().into_keys().collect();
    assert_eq!(rows, crates, "the table of ARCHITECTURE.md, and the workspace");
}

#[test]
fn nothing_but_the_store_knows_sql() {
    for (package, imports) in edges(Which::All) {
        for (reserved, holders) in RESERVED {
            let permitted = !imports.contains(reserved) || holders.contains(&package.as_str());
            assert!(permitted, "`{package}` imports `{reserved}`, which is for {holders:?}");
        }
    }
}

#[test]
fn what_is_pure_imports_nothing_that_does_io() {
    let mut edges = edges(Which::Built);
    for pure in PURE {
        let imports = edges.remove(pure).expect("it is a crate");
        for impure in IMPURE {
            assert!(!imports.contains(impure), "`{pure}` imports `{impure}`");
        }
    }
}

/// A crate's own clippy.toml replaces the root's, so it has to say again what the root says.
#[test]
fn a_crates_own_thresholds_repeat_the_roots() {
    let common: toml::Table = thresholds(&text("clippy.toml"));
    for path in files("toml").iter().filter(|path| path.ends_with("clippy.toml") && path.parent() != Some(&root()))
    {
        let own = thresholds(&read(path));
        for (key, value) in &common {
            assert_eq!(own.get(key), Some(value), "`{key}` in {}, against the root's", shown(path));
        }
    }
}

/// All but the disallowed methods: what a crate may reach for is its own affair.
fn thresholds(clippy: &str) -> toml::Table {
    let mut table: toml::Table = clippy.parse().expect("clippy.toml is TOML");
    table.remove("disallowed-methods");
    table
}

/// The table of ARCHITECTURE.md: for each crate, the crates that it may import, or `all`.
fn table() -> BTreeMap<String, BTreeSet<String>> {
    let architecture = text("ARCHITECTURE.md");
    let section =
        architecture.split("## Crates, and who may enter whom").nth(1).expect("ARCHITECTURE.md has the table");
    let rows = section
        .lines()
        .skip_while(|line| !line.starts_with("|---"))
        .skip(1)
        .take_while(|line| line.starts_with('|'));
    rows.map(|row| {
        let cells: Vec<&str> = row.trim_matches('|').split('|').map(str::trim).collect();
        let name = quoted(cells[0]).into_iter().find(|name| name.starts_with("hearsay-"));
        let imports = quoted(cells[2]).into_iter().map(|name| format!("hearsay-{name}"));
        let all = (cells[2] == "all").then(|| "all".to_owned());
        (name.expect("a row names its package").to_owned(), imports.chain(all).collect())
    })
    .collect()
}

/// Which dependencies of a crate.
#[derive(Clone, Copy, PartialEq)]
enum Which {
    /// Those of its tests too.
    All,
    /// Only what is built into it.
    Built,
}

/// What each crate of the workspace imports, by cargo's own account.
fn edges(which: Which) -> BTreeMap<String, BTreeSet<String>> {
    let output = Command::new(env!("CARGO"))
        .args(["metadata", "--no-deps", "--format-version", "1", "--offline"])
        .current_dir(root())
        .output()
        .expect("cargo can be run");
    assert!(output.status.success(), "cargo metadata: {}", String::from_utf8_lossy(&output.stderr));
    let metadata: serde_json::Value = serde_json::from_slice(&output.stdout).expect("cargo metadata is JSON");
    let packages = metadata["packages"].as_array().expect("cargo metadata lists packages");
    packages
        .iter()
        .map(|package| {
            let dependencies = package["dependencies"].as_array().expect("a package lists dependencies");
            let wanted = dependencies.iter().filter(|one| which == Which::All || one["kind"].is_null());
            (word(&package["name"]), wanted.map(|one| word(&one["name"])).collect())
        })
        .collect()
}

fn word(value: &serde_json::Value) -> String {
    value.as_str().expect("a name is a string").to_owned()
}
