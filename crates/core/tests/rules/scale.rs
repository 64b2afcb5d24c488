//! Large claims: thousands of pieces, chains a hundred thousand long, outlets that all relay one another.
//! Invariant: the right answer, without recursion, from a walk that grows with the evidence and no faster.

use hearsay_core::{
    Claim, Credibility, Evidence, EvidenceId, Footing, Policy, Registry, Relayed, Reliability, SourceId, Stance,
    Standing, Why, explain, weigh,
};
use uuid::Uuid;

use crate::case::{Case, at};

fn source(number: usize) -> SourceId {
    SourceId(Uuid::from_u128(0x5000 + number as u128))
}

fn evidence_id(number: usize) -> EvidenceId {
    EvidenceId(Uuid::from_u128(0xE_0000_0000 + number as u128))
}

fn piece(number: usize, by: usize, footing: Footing) -> Evidence {
    Evidence {
        id: evidence_id(number),
        handle: None,
        source: source(by),
        via: None,
        stance: Stance::Affirms,
        manner: None,
        footing,
        credibility: Credibility::default(),
        framed_as: None,
        said_at: at(i32::try_from(number % 1_000).unwrap()),
        withdrawn_at: None,
        struck: false,
    }
}

/// A claim with that evidence, and a registry of so many rated sources, none related.
fn claim(sources: usize, evidence: Vec<Evidence>) -> (Claim, Registry) {
    let mut case = Case::new(sources);
    for row in &mut case.sources {
        row.reliability = Reliability::C;
    }
    (Claim { evidence, ..case.claim() }, case.registry())
}

fn default_policy() -> Policy {
    Policy::first(Policy::DEFAULT_NAME)
}

#[test]
fn the_walk_grows_with_the_evidence_and_no_faster() {
    let visited = |pieces: usize| {
        let footing = |number: usize| match number % 10 {
            0 => Footing::Own,
            1 => Footing::Relays(Relayed::Evidence(evidence_id(number - 1))),
            _ => Footing::Relays(Relayed::Source(source(number % 7))),
        };
        let evidence = (0..pieces).map(|number| piece(number, number % 50, footing(number))).collect();
        let (claim, registry) = claim(50, evidence);
        let weighing = weigh(&claim, &registry, &default_policy());
        assert_eq!(weighing.weighed.documents as usize, pieces);
        weighing.visited()
    };
    for pieces in [10, 1_000, 10_000] {
        assert!(visited(pieces) <= 4 * pieces, "{} visits for {pieces} pieces", visited(pieces));
    }
}

#[test]
fn outlets_count_once_however_often_they_report() {
    let evidence = (0..10_000).map(|number| piece(number, number % 100, Footing::Own)).collect();
    let (claim, registry) = claim(100, evidence);
    let weighed = weigh(&claim, &registry, &default_policy()).weighed;
    assert_eq!((weighed.affirming, weighed.outlets, weighed.documents), (100, 100, 10_000));
}

/// A chain of pieces, each of which relays the one before; the first is original.
fn chain(length: usize) -> (Claim, Registry) {
    let relays = |number: usize| Footing::Relays(Relayed::Evidence(evidence_id(number - 1)));
    let footing = |number: usize| if number == 0 { Footing::Own } else { relays(number) };
    claim(10, (0..length).map(|number| piece(number, number % 10, footing(number))).collect())
}

#[test]
fn a_chain_a_hundred_thousand_long_ends_in_its_one_origin() {
    let (mut claim, registry) = chain(100_000);
    let weighing = weigh(&claim, &registry, &default_policy());
    assert_eq!((weighing.weighed.affirming, weighing.weighed.standing), (1, Standing::Reported));
    assert!(weighing.verdicts[1..].iter().all(|verdict| verdict.why == Some(Why::HearsayOnly)));
    assert!(weighing.visited() <= 2 * 100_000);

    claim.evidence[0].struck = true;
    let weighing = weigh(&claim, &registry, &default_policy());
    assert_eq!(weighing.verdicts[0].why, Some(Why::Struck));
    assert!(weighing.verdicts[1..].iter().all(|verdict| verdict.why == Some(Why::NotBorneOut)));
}

#[test]
fn a_chain_a_thousand_long_is_explained_link_by_link() {
    let (claim, registry) = chain(1_000);
    let explanation = explain(&claim, &registry, &default_policy());
    let origin = &explanation.origins.affirming[0];
    assert_eq!((origin.group.as_str(), origin.chains.len()), ("S0", 999));
    assert_eq!(origin.chains.iter().map(Vec::len).max(), Some(1_000));
    assert!(origin.chains.iter().all(|chain| chain.last() == origin.evidence.first()));
}

#[test]
fn a_chain_through_a_thousand_sources_ends_untraced() {
    let relays = |number: usize| Footing::Relays(Relayed::Source(source(number + 1)));
    let (claim, registry) = claim(1_001, (0..1_000).map(|number| piece(number, number, relays(number))).collect());
    let explanation = explain(&claim, &registry, &default_policy());
    assert!(explanation.not_counted.iter().all(|row| row.why == Why::Untraced));
    assert_eq!(explanation.untraced, ["S1000"]);
}

/// A hundred outlets, each of which relays every other.
fn all_relay_all() -> Vec<Evidence> {
    let pairs = (0..100).flat_map(|by| (0..100).map(move |relayed| (by, relayed)));
    pairs
        .filter(|(by, relayed)| by != relayed)
        .enumerate()
        .map(|(number, (by, relayed))| piece(number, by, Footing::Relays(Relayed::Source(source(relayed)))))
        .collect()
}

#[test]
fn a_hundred_outlets_that_all_relay_one_another_say_nothing() {
    let (claim, registry) = claim(100, all_relay_all());
    let explanation = explain(&claim, &registry, &default_policy());
    assert_eq!(
        (explanation.standing, explanation.documents, explanation.outlets),
        (Standing::Reported, 9_900, 100)
    );
    assert!(explanation.not_counted.iter().all(|row| row.why == Why::Circular));
    assert_eq!(explanation.circular.iter().map(Vec::len).collect::<Vec<_>>(), [9_900]);
    assert!(explanation.untraced.is_empty());
    assert!(weigh(&claim, &registry, &default_policy()).visited() <= 4 * 9_900);
}

#[test]
fn one_original_among_a_hundred_outlets_that_relay_one_another_is_one_origin() {
    let mut evidence = all_relay_all();
    evidence.push(piece(9_900, 42, Footing::UnnamedSources { count: Some(3) }));
    let (claim, registry) = claim(100, evidence);
    let explanation = explain(&claim, &registry, &default_policy());
    assert_eq!((explanation.standing, explanation.documents), (Standing::Reported, 9_901));
    let groups: Vec<&str> = explanation.origins.affirming.iter().map(|origin| origin.group.as_str()).collect();
    assert_eq!(groups, ["S42"]);
    assert_eq!(explanation.origins.affirming[0].chains.len(), 9_900);
    assert!(explanation.not_counted.iter().all(|row| row.why == Why::HearsayOnly));
    assert!(explanation.circular.is_empty());
}
