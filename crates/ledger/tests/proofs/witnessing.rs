//! A witness vouches for a log that goes on, and for nothing else.

use hearsay_ledger::{
    Checkpoint, KeyKind, LedgerError, SignedCheckpoint, WitnessRefusal, WitnessRequest, prove_consistency, root,
};

use crate::naive;
use crate::notes::{key, witness};

fn leaves_of(fork: bool) -> Vec<[u8; 32]> {
    let mut leaves = naive::leaves(40);
    if fork {
        leaves[3] = [9; 32];
    }
    leaves
}

fn signed(fork: bool, size: u64) -> SignedCheckpoint {
    let (known, _) = naive::grown(&leaves_of(fork));
    let checkpoint = Checkpoint::new("hearsay.local/desk", size, root(size, &known).unwrap()).unwrap();
    SignedCheckpoint::sign(checkpoint, &key()).unwrap()
}

fn request(fork: bool, old: u64, new: u64) -> WitnessRequest {
    let (known, _) = naive::grown(&leaves_of(fork));
    let proof = (old > 0).then(|| prove_consistency(old, new, &known).unwrap());
    WitnessRequest::new(proof, signed(fork, new)).unwrap()
}

fn judged(request: &WitnessRequest, seen: Option<&SignedCheckpoint>) -> Result<(), WitnessRefusal> {
    request.judge(&key().verifying(KeyKind::Log), seen)
}

#[test]
fn a_log_that_goes_on_is_vouched_for() {
    assert_eq!(judged(&request(false, 0, 11), None), Ok(()));
    for (old, new) in [(11, 11), (11, 12), (11, 40), (16, 32), (1, 40)] {
        let seen = signed(false, old).cosign(&witness(), 7).unwrap();
        assert_eq!(judged(&request(false, old, new), Some(&seen)), Ok(()), "{old} to {new}");
    }
    let empty = Checkpoint::new("hearsay.local/desk", 0, hearsay_ledger::EMPTY_ROOT).unwrap();
    let empty = SignedCheckpoint::sign(empty, &key()).unwrap();
    assert_eq!(judged(&request(false, 0, 11), Some(&empty)), Ok(()));
}

#[test]
fn a_fork_is_refused_whatever_it_proves() {
    let seen = signed(false, 11);
    let refused = judged(&request(true, 0, 11), Some(&seen)).unwrap_err();
    assert_eq!(refused, WitnessRefusal::TwoRoots { size: 11 });
    assert!(refused.is_fork());
    let refused = judged(&request(true, 11, 20), Some(&seen)).unwrap_err();
    assert_eq!(refused, WitnessRefusal::DoesNotGoOn { old: 11, new: 20 });
    assert!(refused.is_fork());
    let lying = WitnessRequest::new(Some(prove(false, 11, 20)), signed(true, 20)).unwrap();
    assert!(judged(&lying, Some(&seen)).unwrap_err().is_fork());
}

fn prove(fork: bool, old: u64, new: u64) -> hearsay_ledger::Consistency {
    prove_consistency(old, new, &naive::grown(&leaves_of(fork)).0).unwrap()
}

#[test]
fn what_is_older_or_proves_something_else_is_refused_and_is_no_fork() {
    let seen = signed(false, 11);
    for (old, new, expected) in [
        (0, 10, WitnessRefusal::Older { given: 10, seen: 11 }),
        (10, 20, WitnessRefusal::OtherStart { seen: 11 }),
        (0, 20, WitnessRefusal::OtherStart { seen: 11 }),
    ] {
        let refused = judged(&request(false, old, new), Some(&seen)).unwrap_err();
        assert_eq!(refused, expected);
        assert!(!refused.is_fork());
    }
    let stranger = witness().verifying(KeyKind::Log);
    let refused = request(false, 0, 11).judge(&stranger, None).unwrap_err();
    assert!(matches!(refused, WitnessRefusal::Ledger(LedgerError::OtherOrigin { .. })), "{refused}");
}

#[test]
fn a_request_is_read_as_it_was_written() {
    for (old, new) in [(0, 11), (11, 11), (11, 40)] {
        let request = request(false, old, new);
        assert_eq!(WitnessRequest::parse(request.to_text().as_bytes()).unwrap(), request);
    }
    let bare = WitnessRequest::parse(signed(false, 11).to_text().as_bytes()).unwrap();
    assert_eq!(bare, request(false, 0, 11));
    let text = request(false, 11, 40).to_text();
    for end in 0..text.len() {
        assert!(WitnessRequest::parse(&text.as_bytes()[..end]).is_err(), "a request of {end} bytes");
    }
    for (from, to) in [("old 11", "old 011"), ("old 11", "old -1"), ("old 11", "old"), ("old 11\n", "old 11\n\n")]
    {
        assert!(WitnessRequest::parse(text.replacen(from, to, 1).as_bytes()).is_err(), "{to:?}");
    }
    assert!(WitnessRequest::parse(&vec![b'a'; 1_000_000]).is_err());
    assert!(WitnessRequest::new(Some(prove(false, 11, 20)), signed(false, 40)).is_err());
}
