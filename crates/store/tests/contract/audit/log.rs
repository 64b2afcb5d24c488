//! The log, filtered: every term, its negation, both orders, page by page.

use hearsay_core::{ClaimNumber, State};
use hearsay_store::{EventFilter, Moved, Order, Period, StoreError, Term};
use jiff::{SignedDuration, Timestamp};

use super::oracle::Oracle;
use crate::desk::{Desk, Dice, submission};
use crate::random;
use crate::story::STORY;

/// A desk with random claims and evidence, and the oracle of its log.
pub(super) async fn random_desk(seed: u64) -> (Desk, Oracle) {
    let desk = Desk::new().await;
    for command in random::commands(seed) {
        desk.store.submit(command).await.ok();
    }
    let oracle = Oracle::of(&desk.store).await;
    assert!(oracle.events.len() > 300, "{}", oracle.events.len());
    (desk, oracle)
}

fn term<T>(dice: &mut Dice, of: impl Fn(&mut Dice) -> T) -> Term<T> {
    let some = |dice: &mut Dice, sides: usize| {
        (0..dice.roll(sides).saturating_sub(sides - 3)).map(|_| of(dice)).collect()
    };
    Term { any: some(dice, 7), none: some(dice, 9) }
}

fn instant(dice: &mut Dice, oracle: &Oracle) -> Timestamp {
    let event = &oracle.events[dice.roll(oracle.events.len())].event;
    if dice.roll(2) == 0 { event.recorded_at } else { event.occurred_at }
}

fn period(dice: &mut Dice, oracle: &Oracle) -> Period {
    let (one, other) = (instant(dice, oracle), instant(dice, oracle));
    match dice.roll(3) {
        0 => Period { since: Some(one), until: None },
        1 => Period { since: None, until: Some(one) },
        _ if one == other => Period::default(),
        _ => Period { since: Some(one.min(other)), until: Some(one.max(other)) },
    }
}

fn filter(dice: &mut Dice, oracle: &Oracle) -> EventFilter {
    let source = |dice: &mut Dice| {
        let known: Vec<&String> = oracle.end.names.keys().collect();
        known[dice.roll(known.len())].clone()
    };
    let mut filter = EventFilter::default();
    for _ in 0..=dice.roll(3) {
        match dice.roll(11) {
            0 => {
                filter.claims =
                    term(dice, |dice| ClaimNumber(u32::try_from(1 + dice.roll(oracle.end.claims.len())).unwrap()));
            }
            1 => {
                filter.kinds = term(dice, |dice| {
                    dice.pick(&[
                        "claim_",
                        "follow_up_recorded",
                        "source",
                        "evidence_struck",
                        "no",
                        "claim_advanced",
                    ])
                    .to_owned()
                });
            }
            2 => {
                filter.actors =
                    term(dice, |dice| dice.pick(&["ana", "ben", "cleo", "hearsay", "nobody"]).to_owned());
            }
            3 => filter.sources = term(dice, source),
            4 => filter.parties = term(dice, source),
            5 => filter.topics = term(dice, |dice| dice.pick(&["war", "nothing"]).to_owned()),
            6 => {
                filter.moves = term(dice, |dice| {
                    let state = |dice: &mut Dice| (dice.roll(2) == 0).then(|| State::ALL[dice.roll(7)]);
                    Moved { from: state(dice), to: state(dice) }
                });
            }
            7 => filter.commands = term(dice, |dice| oracle.events[dice.roll(oracle.events.len())].event.command),
            8 => {
                filter.recorded = period(dice, oracle);
                filter.not_recorded = (0..dice.roll(2)).map(|_| period(dice, oracle)).collect();
            }
            9 => {
                filter.occurred = period(dice, oracle);
                filter.not_occurred = (0..dice.roll(2)).map(|_| period(dice, oracle)).collect();
            }
            _ => filter.lag = Some(SignedDuration::from_hours(i64::try_from(dice.roll(300)).unwrap())),
        }
    }
    filter.order = if dice.roll(2) == 0 { Order::OldestFirst } else { Order::NewestFirst };
    filter
}

#[tokio::test]
async fn every_filter_gives_what_going_through_the_log_gives() {
    for seed in [3, 4] {
        let (desk, oracle) = random_desk(seed).await;
        let mut dice = Dice(seed);
        let mut found = 0;
        for _ in 0..120 {
            let mut filter = filter(&mut dice, &oracle);
            filter.limit = Some(1 + u32::try_from(dice.roll(200)).unwrap());
            let mut told = Vec::new();
            loop {
                let page = desk.store.events(&filter).await.unwrap();
                let seqs: Vec<u64> = page.iter().map(|view| view.event.seq).collect();
                assert_eq!(seqs, oracle.positions(&filter), "{filter:?}");
                let Some(last) = seqs.last() else { break };
                filter.after = Some(*last);
                told.extend(seqs);
            }
            found += told.len();
            let whole = EventFilter { after: None, limit: None, ..filter };
            assert_eq!(told, oracle.positions(&whole), "{whole:?}");
        }
        assert!(found > 3_000, "{found}: hardly anything was found");
    }
}

#[tokio::test]
async fn words_and_topics_lead_to_the_events_of_their_claims() {
    let desk = Desk::told(STORY).await;
    let count = async |filter: EventFilter| desk.store.events(&filter).await.unwrap().len();
    let all = count(EventFilter::default()).await;
    let topic = |none: bool| {
        let topics = vec!["ukraine-war".to_owned()];
        if none { Term { any: vec![], none: topics } } else { Term { any: topics, none: vec![] } }
    };
    let with = count(EventFilter { topics: topic(false), ..Default::default() }).await;
    let without = count(EventFilter { topics: topic(true), ..Default::default() }).await;
    assert!(with > 20 && with + without == all, "{with} {without} {all}");
    let offer = count(EventFilter { claims: Term::only(ClaimNumber(1)), ..Default::default() }).await;
    let words = |any: &str| EventFilter { words: Term::only(any.to_owned()), ..Default::default() };
    let kursk = count(EventFilter { claims: Term::only(ClaimNumber(3)), ..Default::default() }).await;
    assert_eq!(count(words("kursk region")).await, kursk);
    assert!(kursk > 0 && offer > kursk);
    assert_eq!(count(words("...")).await, 0);
    assert_eq!(count(words("nothing of the kind")).await, 0);
}

#[tokio::test]
async fn what_cannot_be_asked_is_refused_in_a_sentence() {
    let desk = Desk::told(STORY).await;
    let at = |text: &str| Some(text.parse::<Timestamp>().unwrap());
    let period = |since, until| Period { since, until };
    let (early, late) = (at("2025-04-22T10:00:00Z"), at("2025-04-22T11:00:00Z"));
    for (filter, sentence) in [
        (EventFilter { recorded: period(late, early), ..Default::default() }, "reversed"),
        (EventFilter { occurred: period(early, early), ..Default::default() }, "empty"),
        (
            EventFilter { recorded: period(at("2099-01-01T00:00:00Z"), None), ..Default::default() },
            "still to come",
        ),
        (EventFilter { not_occurred: vec![period(late, early)], ..Default::default() }, "reversed"),
        (
            EventFilter { kinds: Term::only("clam_".to_owned()), ..Default::default() },
            "no kind of event begins with `clam_`",
        ),
        (
            EventFilter { sources: Term::only("nobody".to_owned()), ..Default::default() },
            "no source is known as `nobody`",
        ),
    ] {
        let error = desk.store.events(&filter).await.unwrap_err();
        assert!(error.to_string().contains(sentence), "{error}");
        assert!(matches!(error, StoreError::Question { .. } | StoreError::NotFound { .. }));
    }
    desk.store.submit(submission(r#"{"do":"note","claim":"offer","text":"all goes on"}"#)).await.unwrap();
}
