//! Walkthrough 11: a stranger checks the log. What was signed and proved, held against tools that are not ours, by a
//! witness, and against a log that was rewritten.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use serde_json::Value;

use crate::harness::Desk;

/// A desk with a source, a claim and some notes, and the key that signs its log.
fn signed_desk() -> (Desk, String) {
    let desk = Desk::new();
    let report = r#"{"do":"report_claim","ref":"c","text":"The bridge will open on 1 May.","kind":"event","parties":[],"evidence":{"source":"a","stance":"affirms","footing":"own","said_at":"2025-04-22T16:00:00Z"}}"#;
    desk.import(&format!("{}\n{report}\n", r#"{"do":"add_source","ref":"a","name":"A","kind":"outlet"}"#)).done();
    grow(&desk, "first", 20);
    let key = desk.json(&["audit", "key", "--make", "--origin", "desk.example/log"]);
    (desk, text(&key, "key"))
}

fn grow(desk: &Desk, word: &str, by: usize) {
    let lines: String = (0..by).map(|number| note(&format!("{word} {number}"))).collect();
    desk.import(&lines).done();
}

fn note(words: &str) -> String {
    format!("{{\"do\":\"note\",\"claim\":\"c\",\"text\":\"{words}\"}}\n")
}

#[track_caller]
fn text(value: &Value, key: &str) -> String {
    assert!(value[key].is_string(), "`{key}` in {value}");
    value[key].as_str().unwrap_or_default().to_owned()
}

fn size(desk: &Desk) -> u64 {
    desk.json(&["audit", "checkpoint"])["size"].as_u64().expect("a size")
}

#[test]
fn a_checkpoint_is_signed_shown_and_verified() {
    let (desk, key) = signed_desk();
    let first = desk.run(&["audit", "checkpoint"]).done().stdout;
    assert_eq!(desk.run(&["audit", "checkpoint"]).done().stdout, first, "nothing is new");
    assert_eq!(desk.run(&["audit", "checkpoint", "--show"]).done().stdout, first);
    assert!(first.starts_with("desk.example/log\n"), "{first}");
    let verified = desk.json(&["audit", "verify"]);
    assert_eq!((&verified["signatures"], &verified["findings"]), (&1.into(), &Value::Array(Vec::new())));
    fs::remove_file(desk.folder().join("desk.db.key")).expect("a key");
    let told = desk.run(&["audit", "verify"]).done().stdout;
    assert!(told.contains("not at hand"), "{told}");
    let told = desk.run(&["audit", "verify", "--public", &key]).done().stdout;
    assert!(told.starts_with("Verified: ") && !told.contains("not at hand"), "{told}");
}

#[test]
fn what_is_not_there_or_not_allowed_is_said_in_a_sentence() {
    let desk = Desk::new();
    for (args, code, said) in [
        (vec!["audit", "checkpoint"], 4, "hearsay audit key --make"),
        (vec!["audit", "checkpoint", "--show"], 4, "no checkpoint was signed yet"),
        (vec!["audit", "prove", "--event", "1"], 4, "no checkpoint was signed yet"),
        (vec!["audit", "prove"], 2, "--event"),
        (vec!["audit", "key", "--make", "--origin", "two words"], 2, "can be no key's name"),
        (vec!["audit", "verify", "--public", "nonsense"], 2, "this is no verifying key"),
        (vec!["audit", "verify", "--key", "elsewhere.key"], 4, "there is no key"),
        (vec!["audit", "key", "--renew"], 4, "there is no key"),
    ] {
        let ended = desk.run(&args);
        assert_eq!(ended.code, Some(code), "{args:?}: {}", ended.stderr);
        assert!(ended.stderr.contains(said), "{args:?}: {}", ended.stderr);
    }
    desk.run(&["audit", "key", "--make"]).done();
    let ended = desk.run(&["audit", "key", "--make"]);
    assert_eq!(ended.code, Some(2), "a second key: {}", ended.stderr);
    let ended = desk.run(&["audit", "checkpoint"]);
    assert_eq!((ended.code, ended.stderr.contains("no events yet")), (Some(1), true), "{}", ended.stderr);
    let (desk, _) = signed_desk();
    desk.run(&["audit", "checkpoint"]).done();
    grow(&desk, "more", 1);
    let last = size(&desk);
    grow(&desk, "unsigned", 1);
    for (args, said) in [
        (["--event", &(last + 1).to_string()], "knows nothing of event"),
        (["--event", "1000"], "no event is known"),
    ] {
        let ended = desk.run(&["audit", "prove", args[0], args[1]]);
        assert_eq!((ended.code, ended.stderr.contains(said)), (Some(4), true), "{args:?}: {}", ended.stderr);
    }
}

#[test]
fn a_proof_is_checked_without_a_database() {
    let (desk, key) = signed_desk();
    desk.run(&["audit", "checkpoint"]).done();
    let proved = desk.json(&["audit", "prove", "--event", "3"]);
    let folder = tempfile::TempDir::new().expect("a folder");
    let write = |name: &str, words: &str| {
        let path = folder.path().join(name);
        fs::write(&path, words).expect("written");
        path.display().to_string()
    };
    let proof = write("3.tlog-proof", &text(&proved, "proof"));
    let envelope = write("3.json", &text(&proved, "envelope"));
    let verify = |args: &[&str]| {
        let mut command = Command::new(env!("CARGO_BIN_EXE_hearsay"));
        command.args(["audit", "verify"]).args(args).current_dir(folder.path());
        let ended = command.output().expect("the program can be run");
        let said = [ended.stdout, ended.stderr].concat();
        (ended.status.code(), String::from_utf8(said).expect("UTF-8"))
    };
    let (code, said) = verify(&["--proof", &proof, "--envelope", &envelope, "--public", &key]);
    assert!(
        code == Some(0) && said.starts_with("This is event 3 of the log of 23 events that desk.example/log"),
        "{said}"
    );
    let other = desk.json(&["audit", "prove", "--event", "4"]);
    let other = write("4.json", &text(&other, "envelope"));
    let half = write("half", &text(&proved, "proof")[..40]);
    for (args, code, words) in [
        (vec!["--proof", &proof, "--envelope", &other, "--public", &key], 1, "does not"),
        (vec!["--proof", &half, "--envelope", &envelope, "--public", &key], 2, "proof"),
        (vec!["--proof", &proof, "--envelope", &envelope], 2, "give `--public` once"),
        (vec!["--proof", &proof, "--public", &key], 2, "--envelope"),
        (vec!["--proof", "nothing", "--envelope", &envelope, "--public", &key], 2, "nothing"),
    ] {
        let (ended, said) = verify(&args);
        assert!(ended == Some(code) && said.contains(words), "{args:?}: {ended:?} {said}");
    }
    let made = fs::read_dir(folder.path()).expect("a folder").count();
    assert_eq!(made, 4, "no database is made there");
}

#[cfg(unix)]
#[test]
fn a_key_that_others_may_read_signs_nothing() {
    use std::os::unix::fs::PermissionsExt;
    let (desk, _) = signed_desk();
    let path = desk.folder().join("desk.db.key");
    fs::set_permissions(&path, fs::Permissions::from_mode(0o644)).expect("permissions");
    for verb in [["audit", "checkpoint"], ["audit", "key"], ["audit", "verify"]] {
        let ended = desk.run(&verb);
        assert_eq!(
            (ended.code, ended.stderr.contains("chmod 600")),
            (Some(2), true),
            "{verb:?}: {}",
            ended.stderr
        );
    }
}

#[test]
fn a_restored_log_signs_again_under_a_new_origin_only() {
    let (desk, _) = signed_desk();
    let copy = desk.folder().join("copy.db").display().to_string();
    desk.run(&["backup", &copy]).done();
    grow(&desk, "lost", 5);
    desk.run(&["audit", "checkpoint"]).done();
    desk.run(&["restore", &copy, "--force"]).done();
    let refused = desk.run(&["audit", "checkpoint"]);
    assert_eq!((refused.code, refused.stderr.contains("caught up")), (Some(1), true), "{}", refused.stderr);
    let found = desk.run(&["audit", "verify"]);
    assert_eq!(
        (found.code, found.stdout.contains("restored to an older state")),
        (Some(1), true),
        "{}",
        found.stdout
    );
    grow(&desk, "another past", 9);
    let refused = desk.run(&["audit", "checkpoint"]);
    assert_eq!(
        (refused.code, refused.stderr.contains("not the continuation")),
        (Some(1), true),
        "{}",
        refused.stderr
    );
    desk.run(&["audit", "key", "--renew", "--origin", "desk.example/log2"]).done();
    assert!(desk.run(&["audit", "checkpoint"]).done().stdout.starts_with("desk.example/log2\n"));
    desk.run(&["audit", "verify"]).done();
}

fn witness(desk: &Desk, args: &[&str]) -> crate::harness::Ended {
    desk.run(&[&["witness"], args].concat())
}

#[test]
fn a_witness_vouches_for_a_log_that_goes_on_and_keeps_both_sides_of_a_fork() {
    let (desk, key) = signed_desk();
    witness(&desk, &["key", "--make", "witness.example/w"]).done();
    let copy = desk.folder().join("copy.db").display().to_string();
    desk.run(&["backup", &copy]).done();
    let first = desk.run(&["audit", "checkpoint"]).done().stdout;
    let first_size = size(&desk);
    let given = |name: &str, text: &str| desk.file(name, text).display().to_string();
    let unknown = witness(&desk, &["check", &given("first", &first)]);
    assert_eq!((unknown.code, unknown.stderr.contains("is watched")), (Some(4), true), "{}", unknown.stderr);
    witness(&desk, &["add", &key]).done();
    assert_eq!(witness(&desk, &["add", &key]).code, Some(2));
    let cosigned = witness(&desk, &["check", &given("first", &first)]).done().stdout;
    assert!(cosigned.starts_with(first.trim_end()) && cosigned.contains("— witness.example/w "), "{cosigned}");

    grow(&desk, "honest", 7);
    let second = desk.run(&["audit", "checkpoint"]).done().stdout;
    let bare = witness(&desk, &["check", &given("bare", &second)]);
    assert_eq!((bare.code, bare.stderr.contains("--consistency")), (Some(2), true), "{}", bare.stderr);
    let request = desk.run(&["audit", "prove", "--consistency", &first_size.to_string()]).done().stdout;
    let cosigned = witness(&desk, &["check", &given("second", &request)]).done().stdout;
    assert!(cosigned.contains("— witness.example/w "), "{cosigned}");
    let older = witness(&desk, &["check", &given("first", &first)]);
    assert_eq!((older.code, older.stderr.contains("are fewer than")), (Some(2), true), "{}", older.stderr);

    let second_size = size(&desk);
    grow(&desk, "later", 3);
    desk.run(&["audit", "checkpoint"]).done();
    let request = desk.run(&["audit", "prove", "--consistency", &second_size.to_string()]).done().stdout;
    witness(&desk, &["check", &given("third", &request)]).done();

    let kept_key = fs::read_to_string(desk.folder().join("desk.db.key")).expect("the key");
    fs::remove_file(desk.folder().join("desk.db.key.state")).expect("what was signed last");
    desk.run(&["restore", &copy, "--force"]).done();
    grow(&desk, "rewritten", 7);
    assert!(!kept_key.is_empty());
    let forked = desk.run(&["audit", "checkpoint"]).done().stdout;
    let refused = witness(&desk, &["check", &given("forked", &forked)]);
    assert_eq!(
        (refused.code, refused.stderr.contains("two different roots")),
        (Some(1), true),
        "{}",
        refused.stderr
    );
    let again = witness(&desk, &["check", &given("forked", &forked)]);
    assert_eq!(again.code, Some(1), "what it vouched for before is not forgotten: {}", again.stderr);
    let sides = desk.folder().join("witness/logs");
    fs::create_dir(sides.join("lost+found")).expect("a folder that is none of ours");
    let log = fs::read_dir(sides)
        .expect("logs")
        .map(|log| log.expect("a log").path())
        .find(|log| log.join("key").exists());
    let log = log.expect("a log");
    let kept = |name: &str| fs::read_to_string(log.join("forks/1").join(name)).expect("a side");
    assert!(kept("seen").contains(second.lines().nth(2).expect("a root")));
    assert!(kept("given").contains(forked.lines().nth(2).expect("a root")));
    let shown: Value =
        serde_json::from_str(&witness(&desk, &["show", "--format", "json"]).done().stdout).expect("JSON");
    assert_eq!(shown[0]["forks"], 1);
}

/// The program that checks with Go's own packages; none where there is no Go, which is said loudly, and is a failure with
/// `CI=true`.
fn strangers(folder: &Path) -> Option<PathBuf> {
    const PACKAGES: &str = "/usr/share/gocode";
    let source = crate::tree::root().join("tests/strangers/check.go");
    let there = Command::new("go").arg("version").output().is_ok()
        && Path::new(PACKAGES).join("src/golang.org/x/mod/sumdb/tlog").is_dir();
    if !there {
        assert!(std::env::var("CI").as_deref() != Ok("true"), "Go may not be missing in CI");
        eprintln!("SKIPPED: strangers' tools: install golang-go and golang-golang-x-mod-dev");
        return None;
    }
    let program = folder.join("check");
    let built = Command::new("go")
        .args(["build", "-o"])
        .arg(&program)
        .arg(source)
        .env("GO111MODULE", "off")
        .env("GOPATH", PACKAGES)
        .env("GOCACHE", folder.join("gocache"))
        .env("GOFLAGS", "")
        .output()
        .expect("Go can be run");
    assert!(built.status.success(), "{}", String::from_utf8_lossy(&built.stderr));
    Some(program)
}

#[test]
fn strangers_tools_accept_what_was_signed_and_proved_and_refuse_a_changed_bit() {
    let (desk, key) = signed_desk();
    let Some(program) = strangers(desk.folder()) else { return };
    let holds = |args: &[&str]| {
        let output = Command::new(&program).arg(&key).args(args).output().expect("the check can be run");
        let said = String::from_utf8_lossy(&output.stdout).into_owned();
        assert!(output.status.success() == said.starts_with("holds"), "{said}");
        output.status.success()
    };
    let file = |name: &str, bytes: &[u8]| {
        let path = desk.folder().join(name);
        fs::write(&path, bytes).expect("a file");
        path.display().to_string()
    };
    let first = size(&desk);
    grow(&desk, "more", 50);
    let note = desk.run(&["audit", "checkpoint"]).done().stdout;
    assert!(holds(&["checkpoint", &file("note", note.as_bytes())]));
    let last = size(&desk);
    for event in [1, 2, 7, 8, 9, first, last - 1, last] {
        let proof = desk.json(&["audit", "prove", "--event", &event.to_string()]);
        let envelope = file("envelope", text(&proof, "envelope").as_bytes());
        assert!(
            holds(&["inclusion", &file("proof", text(&proof, "proof").as_bytes()), &envelope]),
            "event {event}"
        );
    }
    let proof = desk.json(&["audit", "prove", "--event", "7"]);
    let (proof, envelope) = (text(&proof, "proof"), text(&proof, "envelope"));
    let good = file("envelope", envelope.as_bytes());
    // The last letter before `=` has bits that are part of nothing, and that Go's base64 passes over.
    let of_nothing = |at: usize| proof.as_bytes().get(at + 1) == Some(&b'=');
    for at in (24..proof.len()).step_by(29).filter(|at| !of_nothing(*at)) {
        let changed = file("changed", &flipped(proof.as_bytes(), at));
        assert!(!holds(&["inclusion", &changed, &good]), "byte {at} of the proof was changed unseen");
    }
    for at in (0..envelope.len()).step_by(97) {
        let changed = file("changed", &flipped(envelope.as_bytes(), at));
        let same = file("proof", proof.as_bytes());
        assert!(!holds(&["inclusion", &same, &changed]), "byte {at} of the envelope was changed unseen");
    }
    for old in [1, 2, 8, first] {
        let growth = desk.json(&["audit", "prove", "--consistency", &old.to_string()]);
        let (request, old_root) = (text(&growth, "request"), text(&growth, "old_root"));
        assert!(holds(&["consistency", &file("request", request.as_bytes()), &old_root]), "from {old}");
        let changed = file("changed", &flipped(request.as_bytes(), 12));
        assert!(!holds(&["consistency", &changed, &old_root]), "from {old}, changed");
        let other = if old_root.starts_with('A') { "B" } else { "A" };
        let other_root = format!("{other}{}", &old_root[1..]);
        assert!(!holds(&["consistency", &file("request", request.as_bytes()), &other_root]), "from another root");
    }
}

fn flipped(bytes: &[u8], at: usize) -> Vec<u8> {
    let mut changed = bytes.to_vec();
    changed[at] ^= 1;
    changed
}
