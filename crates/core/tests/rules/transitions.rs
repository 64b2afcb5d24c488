//! docs/transitions.md is what the code does.

use hearsay_core::{Command, transitions};

const PAGE: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../../docs/transitions.md");

#[test]
fn the_page_of_transitions_is_what_the_code_does() {
    let rendered = transitions::table();
    if std::env::var_os("HEARSAY_BLESS").is_some() {
        std::fs::write(PAGE, &rendered).unwrap();
    }
    let written = std::fs::read_to_string(PAGE).unwrap_or_default();
    let differs = written.lines().zip(rendered.lines()).find(|(written, rendered)| written != rendered);
    assert!(
        written == rendered,
        "docs/transitions.md isn't what the code does; look at the change, then rewrite it with \
         `HEARSAY_BLESS=1 cargo test -p hearsay-core --test rules transitions`. First difference: {differs:#?}"
    );
}

#[test]
fn the_page_of_transitions_tries_every_command_and_could_set_up_every_state() {
    let page = transitions::table();
    for name in Command::NAMES {
        assert!(page.contains(&format!("`{name}`")), "{name} is not on the page");
    }
    assert!(!page.contains("set up:"), "a state could not be set up:\n{page}");
}
