//! Notes, checkpoints and proofs that are cut off, huge, of another kind, or no text at all.

use hearsay_ledger::{Checkpoint, LedgerError, ProofFile, SignedCheckpoint, VerifyingKey, from_base64};
use proptest::prelude::*;

use crate::notes::{proof, signed};

#[test]
fn every_truncation_is_refused() {
    let (note, file) = (signed().to_text().to_owned(), proof().to_text());
    for end in 0..note.len() {
        assert!(SignedCheckpoint::parse(&note.as_bytes()[..end]).is_err(), "a note of {end} bytes");
    }
    for end in 0..file.len() {
        assert!(ProofFile::parse(&file.as_bytes()[..end]).is_err(), "a proof of {end} bytes");
    }
    let text = signed().checkpoint().to_text();
    for end in 0..text.len() {
        assert!(Checkpoint::parse(&text[..end]).is_err(), "a checkpoint of {end} bytes");
    }
}

#[test]
fn what_is_huge_is_refused_unread() {
    let huge = vec![b'a'; 1_000_000];
    assert!(matches!(SignedCheckpoint::parse(&huge), Err(LedgerError::TooLong { length: 1_000_000, .. })));
    assert!(matches!(ProofFile::parse(&huge), Err(LedgerError::TooLong { length: 1_000_000, .. })));
    let text = String::from_utf8(huge).unwrap();
    assert!(matches!(Checkpoint::parse(&text), Err(LedgerError::TooLong { .. })));
    assert!(matches!(VerifyingKey::parse(&text), Err(LedgerError::TooLong { .. })));
    let line = signed().to_text().lines().last().unwrap().to_owned();
    let many = format!("{}\n{}", signed().checkpoint().to_text(), format!("{line}\n").repeat(101));
    assert!(SignedCheckpoint::parse(many.as_bytes()).is_err(), "101 signatures");
    let long = proof().to_text().replacen(
        "\n\n",
        &format!("\n{}\n", format!("{}\n", "A".repeat(43) + "=").repeat(70)),
        1,
    );
    assert!(ProofFile::parse(long.as_bytes()).is_err(), "a proof of 70 hashes");
}

#[test]
fn what_is_not_written_plainly_is_refused() {
    let root = "CsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I=";
    for bad in [
        format!("\n7\n{root}\n"),
        format!("a log\n7\n{root}\n"),
        format!("log\n07\n{root}\n"),
        format!("log\n+7\n{root}\n"),
        format!("log\n-7\n{root}\n"),
        format!("log\n9223372036854775808\n{root}\n"),
        format!("log\n18446744073709551616\n{root}\n"),
        format!("log\n7\n{root}"),
        format!("log\n7\n{root}\n\n"),
        format!("log\n7\n{root}\n\nmore\n"),
        format!("log\r\n7\r\n{root}\r\n"),
        format!("log\n7\n{}\n", &root[..43]),
        format!("log\n7\n{}\n", root.replace("2I=", "2J=")),
        format!("log\n7\n {root}\n"),
    ] {
        assert!(Checkpoint::parse(&bad).is_err(), "{bad:?}");
    }
    let extended = Checkpoint::parse(&format!("log\n7\n{root}\nof the log's own\n")).unwrap();
    assert!(extended.to_text().ends_with("of the log's own\n"), "extension lines are kept");
    assert!(from_base64(&root.replace('/', "_")).is_err(), "base64 of another alphabet");

    let file = proof().to_text();
    for (from, to) in [
        ("@v1", "@v2"),
        ("index 4", "index 04"),
        ("index 4", "index -4"),
        ("index 4", "index 18446744073709551616"),
        ("index 4", "extra YQ==\nindex 4"),
        ("index", "Index"),
        ("\n\n", "\n"),
        ("— ", "- "),
        ("\n\n", "\r\n\r\n"),
    ] {
        let bad = file.replacen(from, to, 1);
        assert_ne!(bad, file);
        assert!(ProofFile::parse(bad.as_bytes()).is_err(), "{from:?} as {to:?}");
    }
}

#[test]
fn what_is_not_utf8_is_refused() {
    let mut note = signed().to_text().as_bytes().to_vec();
    note[3] = 0xff;
    let refused = SignedCheckpoint::parse(&note).unwrap_err();
    assert_eq!(refused.to_string(), "this is no signed note: it is not UTF-8");
    let mut file = proof().to_text().into_bytes();
    file[30] = 0xff;
    assert!(ProofFile::parse(&file).is_err());
}

proptest! {
    #[test]
    fn any_bytes_are_read_or_refused(bytes in prop::collection::vec(any::<u8>(), 0..400)) {
        prop_assert!(SignedCheckpoint::parse(&bytes).is_err());
        prop_assert!(ProofFile::parse(&bytes).is_err());
    }

    #[test]
    fn a_checkpoint_that_is_read_is_written_the_same(
        origin in "[a-z./]{1,20}", size in 0..=i64::MAX.unsigned_abs(), root in any::<[u8; 32]>(),
    ) {
        let text = Checkpoint::new(&origin, size, root).unwrap().to_text();
        let read = Checkpoint::parse(&text).unwrap();
        prop_assert_eq!(read.to_text(), text);
        prop_assert_eq!((read.size(), read.root()), (size, root));
    }

    #[test]
    fn lines_of_any_kind_are_read_or_refused(lines in prop::collection::vec("[ -~—]{0,50}", 0..8)) {
        let text = lines.join("\n");
        if let Ok(read) = SignedCheckpoint::parse(text.as_bytes()) {
            prop_assert_eq!(read.to_text(), text.as_str());
        }
        if let Ok(read) = Checkpoint::parse(&text) {
            prop_assert_eq!(read.to_text(), text);
        }
    }
}
