//! Walkthrough 14: a bundle is checked by a stranger, who has no database; and every change in it is found.

use std::fs::{self, File};
use std::io::{Read, Write};
use std::path::{Path, PathBuf};

use hearsay_store::LogKey;
use sha2::Digest;
use zip::write::SimpleFileOptions;
use zip::{ZipArchive, ZipWriter};

use crate::harness::{Desk, Ended};

const LINES: &str = r#"
{"do":"add_source","ref":"tribune","name":"Coast Tribune","kind":"outlet","reliability":"B"}
{"do":"report_claim","ref":"sale","text":"The port was sold <b>on</b> 3 March 2026.","kind":"event","evidence":{"ref":"t1","source":"tribune","stance":"affirms","footing":"document","quote":"Sold to a holding","said_at":"2026-03-04T06:00:00Z"}}
{"do":"report_claim","ref":"twin","text":"The quays were sold.","kind":"event","evidence":{"ref":"t2","source":"tribune","stance":"affirms","footing":"document","said_at":"2026-03-04T06:00:00Z"}}
{"do":"note","claim":"sale","text":"Told by Marlene Quist"}
{"do":"note","claim":"sale","text":"Rosalind heard it","confidential":true}
{"do":"note","claim":"twin","text":"From the twin's file"}
{"do":"merge","claim":"twin","into":"sale","reason":"the same"}
"#;

/// A desk with a key, on which a note was erased.
fn opened() -> Desk {
    let desk = Desk::new();
    LogKey::make(&LogKey::beside(&desk.database()), "desk.example/log", &[7; 32]).expect("a key can be made");
    desk.import(LINES).done();
    let log = desk.json(&["audit", "log", "--kind", "note_added"]);
    let seq = log[0]["seq"].to_string();
    desk.run(&["erase", "propose", "--event", &seq, "--basis", "GDPR, article 17"]).done();
    let id = desk.json(&["erase", "list"])[0]["proposal"].as_str().expect("one waits").to_owned();
    desk.run_as("ben", "editor", &["erase", "approve", &id, "--yes"]).done();
    desk
}

fn bundled(desk: &Desk, args: &[&str]) -> PathBuf {
    let out = desk.folder().join(format!("sale{}.zip", args.len()));
    let path = out.to_string_lossy().into_owned();
    let all: Vec<&str> =
        ["audit", "bundle", "twin", "--out", &path].into_iter().chain(args.iter().copied()).collect();
    desk.run(&all).done();
    out
}

/// Verifies where there is no database.
fn verified(bundle: &Path, more: &[&str]) -> Ended {
    let stranger = tempfile::TempDir::new().expect("a folder");
    let output = std::process::Command::new(env!("CARGO_BIN_EXE_hearsay"))
        .args(["audit", "verify", "--bundle"])
        .arg(bundle)
        .args(more)
        .current_dir(stranger.path())
        .output()
        .expect("the program can be run");
    assert_eq!(fs::read_dir(stranger.path()).expect("a folder").count(), 0, "nothing is made there");
    Ended {
        code: output.status.code(),
        stdout: String::from_utf8(output.stdout).expect("stdout is UTF-8"),
        stderr: String::from_utf8(output.stderr).expect("stderr is UTF-8"),
    }
}

fn unpacked(bundle: &Path) -> Vec<(String, String)> {
    let mut archive = ZipArchive::new(File::open(bundle).expect("a bundle")).expect("a zip");
    (0..archive.len())
        .map(|index| {
            let mut part = archive.by_index(index).expect("a part");
            let mut text = String::new();
            part.read_to_string(&mut text).expect("text");
            (part.name().expect("a name").into_owned(), text)
        })
        .collect()
}

fn packed(path: &Path, parts: &[(String, String)]) {
    let mut zip = ZipWriter::new(File::create(path).expect("a file"));
    for (name, text) in parts {
        zip.start_file(name.as_str(), SimpleFileOptions::default()).expect("a part");
        zip.write_all(text.as_bytes()).expect("written");
    }
    zip.finish().expect("finished");
}

#[test]
fn a_bundle_is_checked_by_a_stranger() {
    let desk = opened();
    let bundle = bundled(&desk, &[]);
    let told = verified(&bundle, &[]).done().stdout;
    for words in
        ["each is in the log", "C-1", "1 text: erased", "1 text: kept back as confidential", "desk.example/log+"]
    {
        assert!(told.contains(words), "{words}: {told}");
    }
    let parts = unpacked(&bundle);
    let all: String = parts.iter().map(|(_, text)| text.as_str()).collect();
    assert!(!all.contains("Marlene Quist") && !all.contains("Rosalind"));
    assert!(all.contains("From the twin's file"), "what was merged into it comes along");
    let page = &parts.iter().find(|(name, _)| name == "index.html").expect("a page").1;
    assert!(page.contains("&#60;b&#62;on") && !page.contains("<b>on"), "escaped");
    assert!(page.contains("[erased by event ") && page.contains("[confidential]"));
    let lead =
        page.split("href=\"#").nth(1).and_then(|rest| rest.split('"').next()).expect("a picture that leads on");
    assert!(lead.starts_with("evidence-") && page.contains(&format!("id=\"{lead}\"")), "{lead}");
    let twice = desk.folder().join("twice.zip");
    desk.run(&["audit", "bundle", "twin", "--out", &twice.to_string_lossy()]).done();
    let pages = |path: &Path| unpacked(path).into_iter().find(|(name, _)| name == "index.html").expect("a page").1;
    let picture = |page: &str| {
        page.split("<figure>").nth(1).and_then(|rest| rest.split("</figure>").next()).map(str::to_owned)
    };
    assert_eq!(picture(page), picture(&pages(&twice)));

    let open = bundled(&desk, &["--with-confidential"]);
    assert!(unpacked(&open)[0].1.contains("Rosalind"));
    verified(&open, &[]).done();
    let refused =
        desk.run_as("tom", "checker", &["audit", "bundle", "sale", "--out", "x.zip", "--with-confidential"]);
    assert_eq!(refused.code, Some(2));
    assert!(!desk.folder().join("x.zip").exists());
    let again = desk.run(&["audit", "bundle", "sale", "--out", &bundle.to_string_lossy()]);
    assert_eq!(again.code, Some(2), "it is there already: {}", again.stderr);
}

/// A change to one file of a bundle, and what is said of it.
const CHANGES: [(&str, &str, &str, &str); 12] = [
    ("claim.json", "Sold to a holding", "Sold to a bank", "the text `words.quote` of event"),
    ("claim.json", r#"\"kind\":\"note_added\""#, r#"\"kind\":\"note_added\" "#, "tlog-proof`"),
    (
        "claim.json",
        r#""withheld": [
        "text"
      ]"#,
        r#""withheld": []"#,
        "the text `text` of event",
    ),
    ("claim.json", r#""reference": "C-1""#, r#""reference": "C-9""#, "no event of the bundle reports C-9"),
    ("claim.json", r#""salt": ""#, r#""salt": "0"#, "is not the one that was recorded"),
    ("checkpoint.txt", "\n1", "\n2", "`checkpoint.txt`"),
    ("key.txt", "+A", "+B", "`key.txt`"),
    (
        "explanation.json",
        r#""state": "reported""#,
        r#""state": "denied""#,
        "`explanation.json`: the events do not come to",
    ),
    (
        "explanation.json",
        "one more independent origin",
        "no more independent origin",
        "`explanation.json`: the events",
    ),
    ("index.html", "Declared <strong>reported", "Declared <strong>denied", "`index.html`: it does not show what"),
    (
        "proofs/3.tlog-proof",
        "\n\n",
        "\nAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=\n\n",
        "event 3: `proofs/3.tlog-proof`",
    ),
    ("proofs/3.tlog-proof", "index 2", "index 3", "event 3: `proofs/3.tlog-proof`"),
];

#[test]
fn every_change_in_a_bundle_is_found() {
    let desk = opened();
    let parts = unpacked(&bundled(&desk, &[]));
    let changed = desk.folder().join("changed.zip");
    for (name, before, after, said) in CHANGES {
        let mut parts = parts.clone();
        let part = parts.iter_mut().find(|(part, _)| part == name).expect("that part");
        assert!(part.1.contains(before), "{name} has no {before}: {}", part.1);
        part.1 = part.1.replacen(before, after, 1);
        packed(&changed, &parts);
        let ended = verified(&changed, &[]);
        assert!(ended.code == Some(1) && ended.stdout.contains(said), "{name}, {before}: {ended:?}");
    }
    for (index, (name, _)) in parts.iter().enumerate() {
        let mut parts = parts.clone();
        parts.remove(index);
        packed(&changed, &parts);
        let ended = verified(&changed, &[]);
        let named = ended.stdout.contains(name.as_str()) && ended.code == Some(1);
        let no_bundle = name == "claim.json" && ended.code == Some(2);
        assert!(no_bundle || named, "without {name}: {ended:?}");
    }
    let mut more = parts.clone();
    more.push(("../../evil".to_owned(), "x".to_owned()));
    packed(&changed, &more);
    assert!(verified(&changed, &[]).stdout.contains("file `../../evil` is not part of a bundle"));
}

/// The bundle of a claim, changed by a foreign event with its proof.
#[test]
fn what_the_claim_does_not_need_is_refused() {
    let desk = opened();
    desk.import(
        r#"
{"do":"add_source","ref":"other","name":"Inland Post","kind":"outlet","reliability":"C"}
{"do":"report_claim","ref":"else","text":"Something else happened.","kind":"event","evidence":{"source":"other","stance":"affirms","footing":"own","said_at":"2026-03-04T06:00:00Z"}}
"#,
    )
    .done();
    let mut parts = unpacked(&bundled(&desk, &[]));
    let out = desk.folder().join("else.zip").to_string_lossy().into_owned();
    desk.run(&["audit", "bundle", "else", "--out", &out]).done();
    let foreign = unpacked(Path::new(&out));
    let claim = |parts: &[(String, String)]| -> serde_json::Value {
        let (_, text) = parts.iter().find(|(name, _)| name == "claim.json").expect("the claim");
        serde_json::from_str(text).expect("JSON")
    };
    let (mut bundle, other) = (claim(&parts), claim(&foreign));
    let own = bundle["events"].as_array_mut().expect("events");
    let seqs: Vec<u64> = own.iter().filter_map(|event| event["seq"].as_u64()).collect();
    let mut added = Vec::new();
    for event in other["events"].as_array().expect("events") {
        let seq = event["seq"].as_u64().expect("a position");
        if !seqs.contains(&seq) {
            own.push(event.clone());
            added.push(seq);
        }
    }
    own.sort_by_key(|event| event["seq"].as_u64());
    parts[0].1 = serde_json::to_string_pretty(&bundle).expect("JSON");
    for seq in &added {
        let name = format!("proofs/{seq}.tlog-proof");
        parts.push(foreign.iter().find(|(known, _)| *known == name).expect("its proof").clone());
    }
    let changed = desk.folder().join("changed.zip");
    packed(&changed, &parts);
    let ended = verified(&changed, &[]);
    assert_eq!(added.len(), 2, "the other claim's source and its report");
    for seq in added {
        assert!(ended.stdout.contains(&format!("event {seq} is not needed by C-1")), "{ended:?}");
    }
    assert_eq!(ended.code, Some(1));
}

/// What erases a source's name lies in the bundles of its claims, and the explanation follows from what is left.
#[test]
fn a_bundle_holds_what_its_claim_is_weighed_by() {
    let desk = opened();
    desk.import(
        r#"
{"do":"add_source","ref":"group","name":"Tidewater Group","kind":"agency"}
{"do":"relate_source","source":"tribune","part_of":"group"}
{"do":"rate_source","source":"tribune","reliability":"C","reason":"two corrections"}
{"do":"add_source","ref":"idle","name":"Nobody Asked","kind":"outlet"}
{"do":"set_policy","name":"strict","origins":3}
"#,
    )
    .done();
    let parts = unpacked(&bundled(&desk, &[]));
    let claim = &parts[0].1;
    for words in ["Tidewater Group", "two corrections", "policy_set"] {
        assert!(claim.contains(words), "{words}");
    }
    assert!(!claim.contains("Nobody Asked") && !claim.contains("strict"), "only what is needed");
    let page = &parts.iter().find(|(name, _)| name == "explanation.json").expect("an explanation").1;
    assert!(page.contains(r#""group": "Tidewater Group""#) && !page.contains("links\""), "{page}");

    desk.run(&["erase", "propose", "--source", "tribune", "--basis", "GDPR, article 17"]).done();
    let id = desk.json(&["erase", "list"])[0]["proposal"].as_str().expect("one waits").to_owned();
    desk.run_as("ben", "editor", &["erase", "approve", &id, "--yes"]).done();
    let out = desk.folder().join("after.zip");
    desk.run(&["audit", "bundle", "sale", "--out", &out.to_string_lossy()]).done();
    let told = verified(&out, &[]).done().stdout;
    assert!(told.contains("texts: erased"), "{told}");
    assert!(unpacked(&out).iter().all(|(_, text)| !text.contains("Coast Tribune")));
}

#[test]
fn a_bundle_that_went_out_is_told_of_in_the_log() {
    let desk = opened();
    let out = bundled(&desk, &["--with-confidential"]);
    let bytes = fs::read(&out).expect("a bundle");
    let told = desk.json(&["audit", "log", "--kind", "log_exported"]);
    let data = &told[0]["data"];
    assert_eq!((&data["format"], &data["claim"]), (&"bundle".into(), &"C-1".into()));
    assert_eq!(data["bytes"], bytes.len());
    assert_eq!(data["filter"], "--with-confidential");
    let digest = sha2::Sha256::digest(&bytes);
    let digits = digest.iter().fold(String::new(), |digits, byte| format!("{digits}{byte:02x}"));
    assert_eq!(data["sha256"], digits);
    assert!(desk.run(&["audit", "exceptions"]).done().stdout.contains("for C-1 as bundle: --with-confidential"));

    let gone = desk.folder().join("no-folder/sale.zip");
    assert_eq!(desk.run(&["audit", "bundle", "sale", "--out", &gone.to_string_lossy()]).code, Some(2));
    assert_eq!(desk.json(&["audit", "log", "--kind", "log_exported"]).as_array().map(Vec::len), Some(1));
}

#[test]
fn a_bundle_under_another_key_is_found() {
    let desk = opened();
    let bundle = bundled(&desk, &[]);
    let other = LogKey::make(&desk.folder().join("other.key"), "desk.example/log", &[8; 32]).expect("a key");
    let ended = verified(&bundle, &["--public", &other.verifying().to_text()]);
    assert!(ended.code == Some(1) && ended.stdout.contains("not the key that you gave"), "{ended:?}");
    let own = LogKey::open(&LogKey::beside(&desk.database())).expect("the key");
    verified(&bundle, &["--public", &own.verifying().to_text()]).done();
}

#[test]
fn what_is_no_bundle_is_refused() {
    let folder = tempfile::TempDir::new().expect("a folder");
    let path = folder.path().join("bad.zip");
    let desk = opened();
    let whole = fs::read(bundled(&desk, &[])).expect("a bundle");
    for bytes in [&b""[..], b"PK", b"not a zip at all", &whole[..whole.len() / 2], &whole[1..], &[0xff; 4096]] {
        fs::write(&path, bytes).expect("written");
        let ended = verified(&path, &[]);
        assert_eq!(ended.code, Some(2), "{ended:?}");
        assert!(ended.stderr.contains("is no bundle"), "{ended:?}");
    }
    packed(&path, &[("claim.json".to_owned(), " ".repeat(130 << 20))]);
    assert!(fs::metadata(&path).expect("a file").len() < 1 << 20);
    let bomb = verified(&path, &[]);
    assert!(bomb.code == Some(2) && bomb.stderr.contains("unpacks to more"), "{bomb:?}");
    for claim in [
        "{}",
        "[]",
        "null",
        r#"{"format":"hearsay-bundle-9","reference":"C-1","id":"01900000-0000-7000-8000-000000000001","events":[],"snapshots":[]}"#,
    ] {
        packed(&path, &[("claim.json".to_owned(), claim.to_owned())]);
        assert_eq!(verified(&path, &[]).code, Some(2), "{claim}");
    }
    assert_eq!(verified(&folder.path().join("none.zip"), &[]).code, Some(2));
}

#[test]
fn nothing_is_kept_back_that_is_not_confidential() {
    let desk = opened();
    let mut parts = unpacked(&bundled(&desk, &[]));
    let changed = desk.folder().join("changed.zip");
    let claim = parts.iter_mut().find(|(name, _)| name == "claim.json").expect("the claim");
    let mut bundle: serde_json::Value = serde_json::from_str(&claim.1).expect("JSON");
    let events = bundle["events"].as_array_mut().expect("events");
    let report = events.iter_mut().find(|event| {
        event["texts"].as_array().is_some_and(|texts| texts.iter().any(|text| text["field"] == "text"))
    });
    let report = report.expect("the claim's report");
    let texts = report["texts"].as_array_mut().expect("texts");
    texts.retain(|text| text["field"] != "text");
    report["withheld"] = serde_json::json!(["text"]);
    claim.1 = bundle.to_string();
    packed(&changed, &parts);
    let ended = verified(&changed, &[]);
    assert!(ended.code == Some(1) && ended.stdout.contains("kept back, and is not confidential"), "{ended:?}");
}

#[test]
fn two_files_of_one_name_are_refused() {
    let desk = opened();
    let mut parts = unpacked(&bundled(&desk, &[]));
    let changed = desk.folder().join("changed.zip");
    parts.push(("claim.jso_".to_owned(), "{}".to_owned()));
    packed(&changed, &parts);
    let mut bytes = fs::read(&changed).expect("a bundle");
    let (from, to) = (b"claim.jso_", b"claim.json");
    for at in 0..bytes.len() - from.len() {
        if &bytes[at..at + from.len()] == from {
            bytes[at..at + from.len()].copy_from_slice(to);
        }
    }
    fs::write(&changed, bytes).expect("written");
    let ended = verified(&changed, &[]);
    assert!(ended.code == Some(2) && ended.stderr.contains("two files of one name"), "{ended:?}");
}

#[test]
#[ignore = "writes the corpus of bundles anew: for whoever changes their form"]
fn writes_the_corpus_of_bundles() {
    let desk = opened();
    let bundle = bundled(&desk, &[]);
    let corpus = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../fuzz/corpus/bundle");
    fs::copy(bundle, corpus.join("whole-0")).expect("written");
}
