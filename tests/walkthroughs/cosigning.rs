//! Walkthrough 11, the way back: a witness cosigns a checkpoint, the desk takes the cosignature back, shows it, gives it out
//! and verifies it; and whoever changes it, or brings another, is named.

use std::fs;
use std::path::Path;
use std::process::Stdio;

use serde_json::Value;

use crate::harness::Desk;

/// A desk of which a checkpoint was signed; and a witness in its folder that has cosigned that. Both are given as files,
/// and the witness's key with them.
struct Cosigned {
    desk: Desk,
    signed: String,
    note: String,
    witness: String,
}

fn cosigned() -> Cosigned {
    let desk = Desk::new();
    let report = r#"{"do":"report_claim","ref":"c","text":"The bridge will open on 1 May.","kind":"event","parties":[],"evidence":{"source":"a","stance":"affirms","footing":"own","said_at":"2025-04-22T16:00:00Z"}}"#;
    desk.import(&format!("{}\n{report}\n", r#"{"do":"add_source","ref":"a","name":"A","kind":"outlet"}"#)).done();
    let key = desk.json(&["audit", "key", "--make", "--origin", "desk.example/log"]);
    let signed = desk.run(&["audit", "checkpoint"]).done().stdout;
    let signed = desk.file("signed", &signed).display().to_string();
    let witness = desk.run(&["witness", "key", "--make", "witness.example/w"]).done().stdout;
    let witness = witness.lines().last().expect("a key").to_owned();
    desk.run(&["witness", "add", key["key"].as_str().expect("a key")]).done();
    let cosigned = desk.run(&["witness", "check", &signed]).done().stdout;
    let cosigned = desk.file("cosigned", &cosigned).display().to_string();
    Cosigned { desk, signed, note: cosigned, witness }
}

fn take<'a>(file: &'a str, more: &[&'a str]) -> Vec<&'a str> {
    [&["audit", "checkpoint", "--cosigned", file], more].concat()
}

#[test]
fn a_cosignature_is_taken_back_shown_given_out_and_verified() {
    let Cosigned { desk, note: cosigned, witness, .. } = cosigned();
    let told = desk.run(&take(&cosigned, &["--witness", &witness])).done().stdout;
    assert!(told.starts_with("Kept: the checkpoint of ") && told.contains("witness.example/w+"), "{told}");
    let told = desk.run(&take(&cosigned, &["--witness", &witness])).done().stdout;
    assert!(told.starts_with("Nothing is new"), "{told}");

    let note = fs::read_to_string(&cosigned).expect("the note");
    assert_eq!(desk.run(&["audit", "checkpoint", "--show"]).done().stdout, note);
    let proof = desk.run(&["audit", "prove", "--event", "1"]).done().stdout;
    assert!(proof.ends_with(&note), "{proof}");
    let listed = desk.run(&["audit", "checkpoint", "--list"]).done().stdout;
    assert!(listed.contains(", cosigned by witness.example/w+"), "{listed}");
    let listed = desk.json(&["audit", "checkpoint", "--list"]);
    assert!(
        listed[0]["cosigned_by"][0].as_str().is_some_and(|by| by.starts_with("witness.example/w+")),
        "{listed}"
    );

    desk.run(&["audit", "bundle", "C-1", "--out", "C-1.zip"]).done();
    let bundle = zip::ZipArchive::new(fs::File::open(desk.folder().join("C-1.zip")).expect("a bundle"));
    let mut bundle = bundle.expect("a zip");
    let inside = std::io::read_to_string(bundle.by_name("checkpoint.txt").expect("a checkpoint")).expect("UTF-8");
    assert_eq!(inside, note);
    desk.run(&["audit", "verify", "--bundle", "C-1.zip"]).done();

    let told = desk.run(&["audit", "verify"]).done().stdout;
    assert!(told.contains("1 cosignature (by the keys that are kept with them"), "{told}");
    let verified = desk.json(&["audit", "verify", "--witness", &witness]);
    assert_eq!((&verified["cosignatures"], &verified["findings"]), (&1.into(), &Value::Array(Vec::new())));
}

#[test]
fn witnesses_may_be_known_by_the_configuration_and_notes_come_by_a_pipe() {
    let Cosigned { desk, note: cosigned, witness, .. } = cosigned();
    desk.file("hearsay.toml", &format!("db = \"desk.db\"\n[ledger]\nwitnesses = \"{witness}\"\n"));
    let hearsay = |args: &[&str], input: &Path| {
        let mut command = desk.command("ana", "editor", args);
        command.stdin(Stdio::from(fs::File::open(input).expect("the note")));
        let ended = command.output().expect("the program can be run");
        (ended.status.code(), String::from_utf8([ended.stdout, ended.stderr].concat()).expect("UTF-8"))
    };
    let (code, said) = hearsay(&take("-", &[]), Path::new(&cosigned));
    assert!(code == Some(0) && said.starts_with("Kept: "), "{said}");
    let (code, said) = hearsay(&["audit", "verify"], Path::new(&cosigned));
    assert!(code == Some(0) && said.contains(", 1 cosignature, all texts"), "{said}");
    let other = desk.json(&["witness", "key", "--make", "witness.example/other", "--folder", "other"]);
    let other = other["key"].as_str().expect("a key");
    desk.file("hearsay.toml", &format!("db = \"desk.db\"\n[ledger]\nwitnesses = \"{other}\"\n"));
    let (code, said) = hearsay(&["audit", "verify"], Path::new(&cosigned));
    assert!(code == Some(1) && said.contains("of no witness that is known here"), "{said}");
    desk.file("hearsay.toml", "db = \"desk.db\"\n[ledger]\nwitnesses = \"nonsense\"\n");
    let (code, said) = hearsay(&["audit", "verify"], Path::new(&cosigned));
    assert!(code == Some(2) && said.contains("hearsay.toml:3:13: ledger.witnesses"), "{said}");
}

#[test]
fn what_cannot_be_taken_back_is_said_in_a_sentence() {
    let Cosigned { desk, signed, note: cosigned, witness } = cosigned();
    let note = fs::read_to_string(&cosigned).expect("the note");
    let given = |name: &str, text: &[u8]| {
        let path = desk.folder().join(name);
        fs::write(&path, text).expect("a file");
        path.display().to_string()
    };
    let half = given("half", &note.as_bytes()[..note.len() / 2]);
    let not_utf8 = given("not-utf8", b"\xff\xfe");
    let huge = given("huge", note.repeat(1_000).as_bytes());
    let another_size = note.replacen(note.lines().nth(1).expect("a size"), "1", 1);
    let another_size = given("another-size", another_size.as_bytes());
    let key = desk.json(&["audit", "key"])["key"].as_str().expect("a key").to_owned();
    let other = desk.json(&["witness", "key", "--make", "witness.example/other", "--folder", "other"]);
    let other = other["key"].as_str().expect("a key");
    for (args, code, said) in [
        (take(&cosigned, &[]), 2, "no witness is known"),
        (take(&cosigned, &["--witness", other]), 1, "is the key of no witness that is known here"),
        (take(&cosigned, &["--witness", &key]), 2, "is the key of a log"),
        (take(&cosigned, &["--witness", "nonsense"]), 2, "this is no verifying key"),
        (take(&signed, &["--witness", &witness]), 1, "bears no cosignature"),
        (take(&another_size, &["--witness", &witness]), 1, "does not fit the checkpoint"),
        (take(&half, &["--witness", &witness]), 2, "this is no"),
        (take(&not_utf8, &["--witness", &witness]), 2, "it is not UTF-8"),
        (take(&huge, &["--witness", &witness]), 2, "none has more than"),
        (take("nowhere", &["--witness", &witness]), 2, "nowhere"),
        (take(&cosigned, &["--witness", &witness, "--show"]), 2, "cannot be used with"),
        (vec!["audit", "checkpoint", "--list", "--witness", &witness], 2, "cannot be used with"),
        (vec!["audit", "checkpoint", "--witness", &witness], 2, "--cosigned <FILE>"),
    ] {
        let ended = desk.run(&args);
        assert!(
            ended.code == Some(code) && ended.stderr.contains(said),
            "{args:?}: {:?} {}",
            ended.code,
            ended.stderr
        );
    }
    let listed = desk.run(&["audit", "checkpoint", "--list"]).done().stdout;
    assert!(listed.contains(", not cosigned"), "nothing was kept: {listed}");
}

#[test]
fn a_cosignature_that_was_changed_is_named() {
    let Cosigned { desk, note: cosigned, witness, .. } = cosigned();
    desk.run(&take(&cosigned, &["--witness", &witness])).done();
    let line = fs::read_to_string(&cosigned).expect("the note").lines().last().expect("a cosignature").to_owned();
    let (path, at) = (desk.database(), line.len() - 10);
    let mut bytes = fs::read(&path).expect("the database");
    let kept = bytes.windows(line.len()).position(|window| window == line.as_bytes()).expect("the kept line");
    let changed = &mut bytes[kept + at];
    *changed = if *changed == b'A' { b'B' } else { b'A' };
    fs::write(&path, bytes).expect("written");
    let found = desk.run(&["audit", "verify"]);
    assert_eq!(found.code, Some(1), "{}", found.stdout);
    assert!(found.stdout.contains("the cosignature of `witness.example/w+"), "{}", found.stdout);
}
