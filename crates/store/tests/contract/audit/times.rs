//! As of an instant, and between two: against a fold of every event in memory.

use std::collections::{BTreeMap, BTreeSet};

use hearsay_core::{Claim, ClaimNumber, Docket, Fact, Standing, State, Why, explain, kind_on, weigh};
use hearsay_store::{Along, CountBy, EventFilter, EventView, Ground, Moment, Period, StoreError, SubmitError};
use jiff::{SignedDuration, Timestamp};

use super::log::random_desk;
use super::oracle::Oracle;
use crate::desk::{Desk, Dice, submission};
use crate::story::STORY;

/// The docket as it was true at one instant and known at another.
fn docket(oracle: &Oracle, at: Timestamp, known_at: Timestamp) -> Docket {
    let mut docket = Docket::default();
    for view in &oracle.events {
        if view.event.recorded_at <= known_at
            && (view.event.occurred_at <= at || is_of_all_times(&view.event.fact))
        {
            docket.apply(&view.event);
        }
    }
    docket
}

/// Whether a fact holds whenever it became known: what a source is, and what it was judged by at first.
fn is_of_all_times(fact: &Fact) -> bool {
    let of_a_source = matches!(
        fact,
        Fact::SourceAdded { .. }
            | Fact::SourceAliased { .. }
            | Fact::SourceRelated { .. }
            | Fact::SourcesMerged { .. }
    );
    of_a_source || matches!(fact, Fact::PolicySet { policy, .. } if policy.version == 1)
}

fn instant(dice: &mut Dice, oracle: &Oracle) -> Timestamp {
    let event = &oracle.events[dice.roll(oracle.events.len())].event;
    let at = if dice.roll(2) == 0 { event.recorded_at } else { event.occurred_at };
    at + SignedDuration::from_micros(i64::try_from(dice.roll(3)).unwrap() - 1)
}

/// Standing as weighed, of one claim.
fn stood(docket: &Docket, number: ClaimNumber) -> Option<(State, Standing)> {
    let claim = docket.claims.get(docket.numbers.get(&number)?)?;
    let standing = weigh(claim, &docket.registry, docket.policies.of(claim)).weighed.standing;
    Some((claim.state, standing))
}

#[tokio::test]
async fn a_claim_as_it_was_is_the_fold_of_what_was_known_and_had_happened() {
    for seed in [5, 6] {
        let (desk, oracle) = random_desk(seed).await;
        let mut dice = Dice(seed);
        let (mut there, mut missing, mut standings) = (0, 0, BTreeSet::new());
        for _ in 0..150 {
            let (at, known_at) = (instant(&mut dice, &oracle), instant(&mut dice, &oracle));
            let known_at = if dice.roll(2) == 0 { None } else { Some(known_at) };
            let number = ClaimNumber(u32::try_from(1 + dice.roll(oracle.end.claims.len())).unwrap());
            let docket = docket(&oracle, at, known_at.unwrap_or(Timestamp::MAX));
            let then = desk.store.claim_then(number, Moment { at, known_at }).await;
            let Some(id) = docket.numbers.get(&number) else {
                assert!(matches!(then, Err(StoreError::Question { .. })), "{then:?}");
                missing += 1;
                continue;
            };
            let (claim, then) = (&docket.claims[id], then.unwrap());
            let explanation = explain(claim, &docket.registry, docket.policies.of(claim));
            assert_eq!(then.explanation, explanation, "{number} at {at}, known at {known_at:?}");
            assert_eq!((then.state, then.evidence.len()), (claim.state, claim.evidence.len()));
            assert_eq!(then.parties.len(), claim.parties.len());
            standings.insert(then.standing.as_str());
            there += 1;
        }
        assert!(there > 50 && missing > 5 && standings.len() > 2, "{there} {missing} {standings:?}");
    }
}

#[tokio::test]
async fn the_docket_as_it_was_lists_every_claim_that_was_there() {
    let (desk, oracle) = random_desk(7).await;
    let mut dice = Dice(7);
    for _ in 0..25 {
        let (at, known_at) = (instant(&mut dice, &oracle), instant(&mut dice, &oracle));
        let mut then = desk.store.docket_then(Moment { at, known_at: Some(known_at) }).await.unwrap();
        let mut rows = BTreeMap::new();
        while let Some(page) = then.next().await.unwrap() {
            rows.extend(page.into_iter().map(|row| (row.reference, (row.state, row.standing))));
        }
        let docket = docket(&oracle, at, known_at);
        let expected: Vec<&ClaimNumber> = docket.numbers.keys().collect::<BTreeSet<_>>().into_iter().collect();
        assert_eq!(rows.keys().collect::<Vec<_>>(), expected, "at {at}, known at {known_at}");
        for (number, (state, standing)) in &rows {
            let claim = &docket.claims[&docket.numbers[number]];
            // What was recorded of a claim may be older than a rating that bears on it.
            let possible = [claim.weighed.standing, stood(&docket, *number).unwrap().1];
            assert!(*state == claim.state && possible.contains(standing), "{number} at {at}");
        }
    }
}

#[tokio::test]
async fn what_changed_between_two_instants_is_told_for_every_claim_with_events() {
    let (desk, oracle) = random_desk(8).await;
    let mut dice = Dice(8);
    let mut changed = 0;
    for round in 0..30 {
        let (one, other) = (instant(&mut dice, &oracle), instant(&mut dice, &oracle));
        let (first, second) = (one.min(other), one.max(other));
        if first == second {
            continue;
        }
        let recorded = round % 2 == 0;
        let told = if recorded {
            desk.store.diff_recorded(first, second).await.unwrap()
        } else {
            desk.store.diff_occurred(first, second, None).await.unwrap()
        };
        let mut events: BTreeMap<ClaimNumber, u64> = BTreeMap::new();
        for view in &oracle.events {
            let at = if recorded { view.event.recorded_at } else { view.event.occurred_at };
            if at > first
                && at <= second
                && let Some(claim) = view.claim
            {
                *events.entry(claim).or_default() += 1;
            }
        }
        let found: BTreeMap<_, _> = told.iter().map(|row| (row.reference, row.events)).collect();
        assert_eq!(found, events, "{first} {second}");
        let known = |at: Timestamp| {
            if recorded { docket(&oracle, Timestamp::MAX, at) } else { docket(&oracle, at, Timestamp::MAX) }
        };
        let (before, after) = (known(first), known(second));
        for row in &told {
            let state = |docket: &Docket| docket.numbers.get(&row.reference).map(|id| docket.claims[id].state);
            assert_eq!((row.state_before, row.state), (state(&before), state(&after)), "{row:?}");
            let recorded_standing =
                |docket: &Docket| docket.numbers.get(&row.reference).map(|id| docket.claims[id].weighed.standing);
            let standing = |docket: &Docket| {
                if recorded {
                    recorded_standing(docket)
                } else {
                    stood(docket, row.reference).map(|stood| stood.1)
                }
            };
            assert_eq!((row.standing_before, row.standing), (standing(&before), standing(&after)), "{row:?}");
            changed += usize::from(row.state != row.state_before);
        }
    }
    assert!(changed > 20, "{changed}");
}

/// Follow-ups and transitions by key.
type Counts = BTreeMap<String, (u64, u64)>;

/// By day, hour, kind, actor and party, from going through all events.
fn counted(oracle: &Oracle, along: Along, period: Period) -> [Counts; 5] {
    let mut counts: [Counts; 5] = Default::default();
    let mut docket = Docket::default();
    for (index, view) in oracle.events.iter().enumerate() {
        docket.apply(&view.event);
        let at = if along == Along::Recorded { view.event.recorded_at } else { view.event.occurred_at };
        if period.since.is_some_and(|since| at < since) || period.until.is_some_and(|until| at >= until) {
            continue;
        }
        let Some(claim) = view.event.claim.and_then(|id| docket.claims.get(&id)) else { continue };
        let kind = follow_up(&view.event.fact, claim, &docket);
        let by = match (kind, oracle.moved[index]) {
            (Some(_), _) => (1, 0),
            (None, Some(_)) => (0, 1),
            (None, None) => continue,
        };
        let parties: BTreeSet<_> = claim.parties.iter().map(|party| party.source).collect();
        let keys = [
            vec![at.strftime("%Y-%m-%d").to_string()],
            vec![at.strftime("%Y-%m-%dT%H:00:00Z").to_string()],
            vec![kind.unwrap_or(view.event.fact.kind()).to_owned()],
            vec![view.event.actor.name.body().unwrap().to_owned()],
            parties.into_iter().map(|party| oracle.end.registry.name(party)).collect(),
        ];
        for (keys, counts) in keys.into_iter().zip(&mut counts) {
            for key in keys {
                let count = counts.entry(key).or_default();
                *count = (count.0 + by.0, count.1 + by.1);
            }
        }
    }
    counts
}

#[expect(clippy::wildcard_enum_match_arm, reason = "no other fact is a follow-up")]
fn follow_up(fact: &Fact, claim: &Claim, docket: &Docket) -> Option<&'static str> {
    match fact {
        Fact::FollowUpRecorded { evidence, .. } => Some(kind_on(claim, &docket.registry, evidence).as_str()),
        Fact::SilenceRecorded { .. } => Some("silence"),
        Fact::EvidenceWithdrawn { .. } => Some("withdrawal"),
        Fact::EvidenceStruck { .. } => Some("strike"),
        _ => None,
    }
}

#[tokio::test]
async fn counts_are_those_of_the_events() {
    let (desk, oracle) = random_desk(9).await;
    let all = Period::default();
    let hour = |text: &str| Some(text.parse::<Timestamp>().unwrap());
    let some = Period { since: hour("2025-04-12T05:00:00Z"), until: hour("2025-04-17T21:00:00Z") };
    for (along, period) in [(Along::Recorded, all), (Along::Occurred, all), (Along::Occurred, some)] {
        let by = [CountBy::Day, CountBy::Hour, CountBy::Kind, CountBy::Actor, CountBy::Party];
        for (by, expected) in by.into_iter().zip(counted(&oracle, along, period)) {
            let counts = desk.store.counts(by, along, period).await.unwrap();
            let found: Counts = counts
                .into_iter()
                .map(|count| (count.key.unwrap(), (count.follow_ups, count.transitions)))
                .collect();
            assert_eq!(found, expected, "{by:?} {along:?} {period:?}");
            assert!(!found.is_empty());
        }
    }
    let within = Period { since: hour("2025-04-12T05:30:00Z"), until: None };
    let refused = desk.store.counts(CountBy::Day, Along::Recorded, within).await.unwrap_err();
    assert!(refused.to_string().contains("kept by the hour"), "{refused}");
}

#[tokio::test]
async fn states_at_an_instant_are_those_of_every_claim_then() {
    let (desk, oracle) = random_desk(10).await;
    let mut dice = Dice(10);
    for _ in 0..60 {
        let at = oracle.events[dice.roll(oracle.events.len())].event.recorded_at;
        let docket = docket(&oracle, Timestamp::MAX, at);
        let counts = desk.store.states_at(at).await.unwrap();
        for count in counts {
            let claims = docket.claims.values().filter(|claim| claim.state == count.state).count();
            assert_eq!(count.claims, claims as u64, "{:?} at {at}", count.state);
        }
    }
}

#[tokio::test]
async fn decisions_rest_on_the_origins_that_counted_when_they_were_taken() {
    let (desk, oracle) = random_desk(11).await;
    let mut expected = BTreeMap::new();
    let mut docket = Docket::default();
    for (index, view) in oracle.events.iter().enumerate() {
        if oracle.moved[index].is_some() {
            let claim = &docket.claims[&view.event.claim.unwrap()];
            let explanation = explain(claim, &docket.registry, docket.policies.of(claim));
            expected.insert(view.event.seq, (claim.number, explanation));
        }
        docket.apply(&view.event);
    }
    let mut told = BTreeMap::new();
    for number in oracle.end.numbers.keys() {
        let decisions = desk.store.decisions(*number).await.unwrap();
        told.extend(decisions.into_iter().map(|decision| (decision.seq, decision)));
    }
    assert_eq!(told.keys().collect::<Vec<_>>(), expected.keys().collect::<Vec<_>>());
    let mut sources: BTreeMap<String, BTreeSet<u64>> = BTreeMap::new();
    for (seq, decision) in &told {
        let (number, explanation) = &expected[seq];
        assert_eq!(decision.reference, *number);
        let both = explanation.origins.affirming.iter().chain(&explanation.origins.denying);
        let (affirming, denying) = match decision.to {
            State::Corroborated => (true, false),
            State::Denied => (false, true),
            State::Reported | State::Disputed | State::Retracted | State::Unresolved | State::Merged => {
                (true, true)
            }
        };
        let bears = |affirms: bool| if affirms { affirming } else { denying };
        let expected: Vec<_> = both
            .enumerate()
            .filter(|(index, _)| bears(*index < explanation.origins.affirming.len()))
            .map(|(_, origin)| origin.clone())
            .collect();
        let found: Vec<_> = decision.rested_on.iter().map(|rest| rest.origin.clone()).collect();
        assert_eq!(found, expected, "decision {seq}");
        for origin in &found {
            for piece in origin.evidence.iter().chain(origin.chains.iter().flatten()) {
                sources.entry(piece.source.clone()).or_default().insert(*seq);
            }
        }
    }
    assert!(sources.len() > 2, "{sources:?}");
    for (source, seqs) in sources {
        let ground = desk.store.find_ground(&source).await.unwrap();
        assert!(matches!(ground, Ground::Sources(_)));
        let claims = desk.store.claims_resting_on(&ground).await.unwrap();
        let found: BTreeSet<u64> =
            desk.store.decided_on(&ground, &claims).await.unwrap().iter().map(|decision| decision.seq).collect();
        assert!(found.is_superset(&seqs), "{source}: {found:?} lacks some of {seqs:?}");
    }
}

#[tokio::test]
async fn the_story_is_asked_what_it_rested_on_and_what_was_out_of_course() {
    let desk = Desk::told(STORY).await;
    let ground = desk.store.find_ground("e-denial").await.unwrap();
    let claims = desk.store.claims_resting_on(&ground).await.unwrap();
    let decided = desk.store.decided_on(&ground, &claims).await.unwrap();
    let to: Vec<State> = decided
        .iter()
        .filter(|decision| decision.reference == ClaimNumber(1))
        .map(|decision| decision.to)
        .collect();
    assert_eq!(to, [State::Denied, State::Disputed]);
    let record = desk.store.source_record("FT").await.unwrap();
    assert_eq!((record.source.as_str(), record.claims), ("Financial Times", 3));
    assert_eq!((record.denied, record.disputed, record.unresolved, record.still_reported), (1, 1, 1, 1));
    assert!(record.withdrawn + record.struck > 0 && record.ratings.len() > 1, "{record:?}");
    desk.tell(r#"{"do":"override","claim":"crimea","to":"denied","reason":"A third camera"}"#).await;
    let refused = desk.refuse(r#"{"do":"approve","claim":"crimea"}"#).await;
    assert!(refused.to_string().contains("second person"), "{refused}");
    let kept = self_approvals(&desk).await;
    assert_eq!(kept, [("ana".to_owned(), Some(ClaimNumber(2)))]);
    desk.refuse(r#"{"do":"approve","claim":"crimea"}"#).await;
    assert_eq!(self_approvals(&desk).await.len(), 2, "each attempt is an event");
    desk.tell(r#"ben {"do":"approve","claim":"crimea"}"#).await;
    desk.assert_sound().await;
}

/// Who would have approved what they proposed themselves, and on which claim.
async fn self_approvals(desk: &Desk) -> Vec<(String, Option<ClaimNumber>)> {
    let events = desk.store.events(&EventFilter::default()).await.unwrap();
    let of = |view: &EventView| {
        let Fact::SelfApprovalRefused { claim, .. } = &view.event.fact else { return None };
        Some((view.event.actor.name.body().unwrap_or_default().to_owned(), *claim))
    };
    events.iter().filter_map(of).collect()
}

#[tokio::test]
async fn a_self_approval_that_breaks_a_group_off_is_kept_though_the_group_is_not() {
    let desk = Desk::told(STORY).await;
    desk.tell(r#"{"do":"override","claim":"crimea","to":"denied","reason":"A third camera"}"#).await;
    let head = desk.store.head().await.unwrap();
    let group = [
        r#"{"do":"tag","claim":"crimea","tag":"seen"}"#,
        r#"{"do":"approve","claim":"crimea"}"#,
        r#"{"do":"report_claim","ref":"fresh","text":"Fresh","kind":"event","policy":"default","evidence":{"source":"ft","stance":"affirms","footing":"own","said_at":"2025-04-22T09:00:00Z"}}"#,
        r#"{"do":"set_policy","name":"default","four_eyes":["ruling"]}"#,
        r#"{"do":"propose_ruling","claim":"fresh","rating":"True","summary":"x"}"#,
        r#"{"do":"approve","claim":"fresh"}"#,
    ];
    let ended = desk.store.submit_together(group.map(submission).to_vec()).await.unwrap();
    let refused: Vec<bool> = ended.iter().map(|ended| matches!(ended, Err(SubmitError::Refused(_)))).collect();
    assert_eq!(refused, [false, true, false, false, false, true], "{ended:?}");
    let kept: Vec<Option<ClaimNumber>> = self_approvals(&desk).await.into_iter().map(|(_, claim)| claim).collect();
    assert_eq!(kept, [Some(ClaimNumber(2)), None], "the claim that the group reported is not there");
    assert_eq!(
        desk.store.head().await.unwrap(),
        head.map(|head| head + 2),
        "nothing else of the group was taken in"
    );
    desk.tell(r#"{"do":"tag","claim":"crimea","tag":"later"}"#).await;
    desk.assert_sound().await;
}

#[tokio::test]
async fn a_self_approval_in_a_group_that_would_begin_the_log_is_kept() {
    let desk = Desk::new().await;
    let group = [
        r#"{"do":"set_policy","name":"default","four_eyes":["ruling"]}"#,
        r#"{"do":"add_source","ref":"ft","name":"Financial Times","kind":"outlet","reliability":"B"}"#,
        r#"{"do":"report_claim","ref":"fresh","text":"Fresh","kind":"event","policy":"default","evidence":{"source":"ft","stance":"affirms","footing":"own","said_at":"2025-04-22T09:00:00Z"}}"#,
        r#"{"do":"propose_ruling","claim":"fresh","rating":"True","summary":"x"}"#,
        r#"{"do":"approve","claim":"fresh"}"#,
    ];
    let ended = desk.store.submit_together(group.map(submission).to_vec()).await.unwrap();
    assert!(matches!(&ended[4], Err(SubmitError::Refused(_))), "{ended:?}");
    assert_eq!(self_approvals(&desk).await.len(), 1);
    assert_eq!(desk.store.head().await.unwrap(), Some(2), "after the log's first event nothing but that");
    desk.assert_sound().await;
}

#[tokio::test]
async fn what_happened_before_the_desk_began_is_told_with_its_sources() {
    let desk = Desk::told(STORY).await;
    let events = desk.store.events(&EventFilter::default()).await.unwrap();
    let said = events.iter().find_map(|view| {
        if let Fact::ClaimReported { evidence, .. } = &view.event.fact { Some(evidence.said_at) } else { None }
    });
    let (first, said) = (events[0].event.recorded_at, said.unwrap());
    assert!(said < first, "it was said before the log began");
    let then = desk.store.claim_then(ClaimNumber(1), Moment { at: said, known_at: None }).await.unwrap();
    let source = &then.evidence[0].source;
    assert!(uuid::Uuid::try_parse(source).is_err(), "{source} is a name");
    assert!(then.explanation.not_counted.iter().all(|piece| piece.why != Why::Unrated), "{:?}", then.explanation);
    let rated = "{\"do\":\"rate_source\",\"source\":\"ft\",\"reliability\":\"E\",\"reason\":\"later\"}";
    desk.tell(rated).await;
    let again = desk.store.claim_then(ClaimNumber(1), Moment { at: said, known_at: None }).await.unwrap();
    assert_eq!(again.explanation, then.explanation, "a rating that was given later changes nothing");
}

/// Every claim of the docket stands at that moment as it does when it is asked for by itself.
async fn assert_docket_agrees(desk: &Desk, moment: Moment) -> Vec<Standing> {
    let mut docket = desk.store.docket_then(moment).await.unwrap();
    let mut standings = Vec::new();
    while let Some(page) = docket.next().await.unwrap() {
        for row in page {
            let then = desk.store.claim_then(row.reference, moment).await.unwrap();
            assert_eq!((row.state, row.standing), (then.state, then.standing), "{} {moment:?}", row.reference);
            standings.push(row.standing);
        }
    }
    standings
}

#[tokio::test]
async fn a_claim_that_was_weighed_late_is_told_as_it_stood() {
    const REPORTS: &str = r#"
{"do":"add_source","ref":"a","name":"Aft","kind":"outlet","reliability":"B"}
{"do":"add_source","ref":"b","name":"Bow","kind":"outlet"}
{"do":"report_claim","ref":"x","text":"The quay is shut.","kind":"event","evidence":{"source":"a","stance":"affirms","footing":"own","said_at":"2025-04-22T09:00:00Z"}}
{"do":"record_follow_up","claim":"x","evidence":{"source":"b","stance":"affirms","footing":"own","said_at":"2025-04-22T09:10:00Z"}}
{"do":"report_claim","ref":"y","text":"The quay is open.","kind":"event","evidence":{"source":"a","stance":"affirms","footing":"own","said_at":"2025-04-22T09:00:00Z"}}
"#;
    let desk = Desk::told(REPORTS).await;
    let now = || (desk.options.clock.now)();
    let before = now();
    desk.tell(r#"{"do":"rate_source","source":"b","reliability":"B","reason":"a good record"}"#).await;
    let rated = now();
    for known_at in [None, Some(rated)] {
        let moment = Moment { at: rated, known_at };
        assert_eq!(assert_docket_agrees(&desk, moment).await, [Standing::Corroborated, Standing::Reported]);
    }
    let moved = desk.store.diff_occurred(before, rated, None).await.unwrap();
    let [only] = moved.as_slice() else { panic!("{moved:?}") };
    assert_eq!((only.reference, only.events), (ClaimNumber(1), 0));
    assert_eq!(
        (only.standing_before, only.standing),
        (Some(Standing::Reported), Some(Standing::Corroborated)),
        "a source's event moved it"
    );
    desk.store.restand(&mut |_| {}).await.unwrap();
    let late = now();
    for (at, known_at) in
        [(rated, Some(rated)), (rated, None), (late, None), (before, None), (before, Some(before))]
    {
        assert_docket_agrees(&desk, Moment { at, known_at }).await;
    }
    let moved = desk.store.diff_occurred(before, rated, None).await.unwrap();
    assert_eq!(
        moved.iter().map(|one| one.reference).collect::<Vec<_>>(),
        [ClaimNumber(1)],
        "though weighed later"
    );
    desk.tell(r#"{"do":"set_policy","name":"default","origins":3}"#).await;
    let stricter = now();
    let moment = Moment { at: stricter, known_at: Some(stricter) };
    assert_eq!(assert_docket_agrees(&desk, moment).await, [Standing::Reported, Standing::Reported]);
}
