//! What a shell gets from the program itself: completions and manual pages; and the configuration that `init` writes.

use std::fs;

use crate::harness::Desk;

#[test]
fn completions_and_manual_pages_need_no_desk() {
    let desk = Desk::new();
    fs::write(desk.folder().join("hearsay.toml"), "nonsense").expect("a configuration that cannot be read");
    for shell in ["bash", "elvish", "fish", "powershell", "zsh"] {
        let script = desk.run(&["completions", shell]).done().stdout;
        assert!(script.contains("follow-up") && script.contains("until-idle"), "{shell}");
    }
    let page = desk.run(&["man"]).done().stdout;
    assert!(page.contains(".TH hearsay 1") && page.contains("hearsay\\-queue"), "{page}");
    let pages = desk.folder().join("man");
    desk.run(&["man", "--dir", &pages.to_string_lossy()]).done();
    let page = fs::read_to_string(pages.join("hearsay-queue-retry.1")).expect("a page for each verb");
    assert!(page.contains("hearsay queue retry 17"), "{page}");
}

#[test]
fn the_configuration_that_init_writes_is_read() {
    let desk = Desk::new();
    let path = desk.folder().join("hearsay.toml");
    let written = fs::read_to_string(&path).expect("a configuration");
    assert!(written.contains("[worker]") && written.contains("# lease = \"30s\""), "{written}");
    fs::write(&path, written.replace("# role = \"checker\"", "role = \"chequer\"")).expect("a configuration");
    let mut command = desk.command("ana", "editor", &["claim", "list"]);
    let output = command.env_remove("HEARSAY_ROLE").output().expect("the program can be run");
    let said = String::from_utf8_lossy(&output.stderr);
    assert!(said.contains("hearsay.toml:") && said.contains("role: unknown word `chequer`"), "{said}");
}
