//! Replay equals live: folding the log's JSON gives the docket that the commands left.
//! Invariant: after every event of a claim, the figures it carries are those of a fresh weighing.

use std::cell::Cell;

use hearsay_core::{Docket, Event, Fact, Weighed, weigh};
use proptest::prelude::*;

use crate::desk::{Desk, PEOPLE};
use crate::generated;

/// What one random command is made from: which, who gives it, and numbers to choose by.
type Draw = (usize, usize, Vec<usize>);

fn draws() -> impl Strategy<Value = Vec<Draw>> {
    let numbers = prop::collection::vec(0usize..60, 8);
    prop::collection::vec((0usize..61, 0usize..60, numbers), 5..30)
}

fn pick<'a>(all: &[&'a str], number: usize) -> &'a str {
    all[number % all.len()]
}

const SOURCES: [&str; 7] = ["ft", "reuters", "kremlin", "peskov", "insiders", "ria", "nobody"];
const CLAIMS: [&str; 5] = ["offer", "truce", "C-3", "c3", "C-1"];
const PIECES: [&str; 8] = ["e1", "t1", "b1", "p1", "p2", "p3", "p4", "ft"];
const STATES: [&str; 5] = ["reported", "corroborated", "denied", "disputed", "merged"];
const TIMES: [&str; 3] = ["2025-04-21T00:00:00Z", "2025-04-22T12:00:00Z", "2025-04-23T00:00:00Z"];

fn evidence(n: &[usize]) -> String {
    let footing = match n[3] % 6 {
        0 => r#""footing":"own""#.to_owned(),
        1 => r#""footing":"unnamed_sources","count":2"#.to_owned(),
        2 => r#""footing":"unknown""#.to_owned(),
        3 => format!(r#""footing":"relays","relays":"{}""#, pick(&SOURCES, n[4])),
        4 => format!(r#""footing":"relays","relays":"{}""#, pick(&PIECES, n[4])),
        _ => r#""footing":"document""#.to_owned(),
    };
    let via = if n[5].is_multiple_of(4) { format!(r#""via":"{}","#, pick(&SOURCES, n[6])) } else { String::new() };
    let handle = if n[5].is_multiple_of(3) { String::new() } else { format!(r#""ref":"p{}","#, n[7] % 5) };
    let (source, stance) = (pick(&SOURCES, n[1]), pick(&["affirms", "denies", "neutral"], n[2]));
    let said_at = pick(&TIMES, n[6]);
    format!(r#"{{{handle}"source":"{source}",{via}"stance":"{stance}",{footing},"said_at":"{said_at}"}}"#)
}

fn source_line(which: usize, n: &[usize]) -> String {
    let (source, other) = (pick(&SOURCES, n[0]), pick(&SOURCES, n[1]));
    let relation = pick(&["speaks_for", "part_of"], n[2]);
    let (since, until) = (pick(&TIMES, n[3]), pick(&TIMES, n[4]));
    match which {
        0 => format!(r#"{{"do":"add_source","ref":"ria","name":"RIA","kind":"agency","part_of":"{other}"}}"#),
        1 => format!(r#"{{"do":"alias_source","source":"{source}","alias":"Alias {}"}}"#, n[1] % 4),
        2 => format!(
            r#"{{"do":"rate_source","source":"{source}","reliability":"{}"}}"#,
            pick(&["A", "D", "E", "F"], n[1])
        ),
        3 => format!(r#"{{"do":"relate_source","source":"{source}","{relation}":"{other}","since":"{since}"}}"#),
        4 => format!(
            r#"{{"do":"relate_source","source":"{source}","{relation}":null,"since":"{since}","until":"{until}"}}"#
        ),
        5 => format!(r#"{{"do":"merge_sources","source":"{source}","into":"{other}"}}"#),
        _ => format!(
            r#"{{"do":"set_policy","name":"default","origins":{},"count_unrated":{},"four_eyes":[{}],"auto_record":[{{"source":"kremlin","feed":"F-1","over":300}}]}}"#,
            n[0] % 3 + 1,
            n[1].is_multiple_of(2),
            pick(&["", r#""ruling""#, r#""ruling","override""#], n[2])
        ),
    }
}

fn evidence_line(which: usize, n: &[usize]) -> String {
    let (claim, piece, other) = (pick(&CLAIMS, n[0]), pick(&PIECES, n[1]), pick(&PIECES, n[2]));
    match which {
        7..=13 => format!(r#"{{"do":"record_follow_up","claim":"{claim}","evidence":{}}}"#, evidence(n)),
        14 | 15 => format!(r#"{{"do":"withdraw_evidence","evidence":"{piece}"}}"#),
        16 => format!(r#"{{"do":"strike_evidence","evidence":"{piece}","reason":"mistranslated"}}"#),
        17 => format!(
            r#"{{"do":"report_claim","ref":"c{}","text":"Something happened.","kind":"event","tags":["x"],"parties":[{{"source":"{}","interest":"in_favour"}}],"evidence":{}}}"#,
            n[0] % 4,
            pick(&SOURCES, n[4]),
            evidence(n)
        ),
        _ => format!(
            r#"{{"do":"link_origins","claim":"{claim}","evidence":["{piece}","{other}"],"reason":"one leak"}}"#
        ),
    }
}

fn claim_line(which: usize, n: &[usize]) -> String {
    let (claim, source, state) = (pick(&CLAIMS, n[0]), pick(&SOURCES, n[1]), pick(&STATES, n[2]));
    let rating = pick(&["True", "False"], n[1]);
    match which {
        19 => format!(
            r#"{{"do":"set_party","claim":"{claim}","source":"{source}","interest":"{}","reason":"x"}}"#,
            pick(&["against", "neutral", "in_favour"], n[2])
        ),
        20 => format!(
            r#"{{"do":"request_answer","claim":"{claim}","of":"{source}","until":"{}"}}"#,
            pick(&TIMES, n[2])
        ),
        21 => format!(r#"{{"do":"record_silence","claim":"{claim}","of":"{source}"}}"#),
        22 => format!(r#"{{"do":"record_standing","claim":"{claim}"}}"#),
        23 => format!(r#"{{"do":"mark_overdue","claim":"{claim}"}}"#),
        24..=27 => format!(r#"{{"do":"advance","claim":"{claim}","to":"{state}"}}"#),
        28 | 29 => format!(r#"{{"do":"override","claim":"{claim}","to":"{state}","reason":"x"}}"#),
        30 => format!(r#"{{"do":"propose_ruling","claim":"{claim}","rating":"{rating}","summary":"x"}}"#),
        31 | 32 => format!(r#"{{"do":"approve","claim":"{claim}"}}"#),
        33 => format!(r#"{{"do":"decline","claim":"{claim}","reason":"x"}}"#),
        34 => format!(
            r#"{{"do":"correct_ruling","claim":"{claim}","rating":"{rating}","summary":"y","reason":"x"}}"#
        ),
        35 => format!(r#"{{"do":"assign","claim":"{claim}","to":{}}}"#, pick(&["null", r#""ana""#], n[1])),
        36 => {
            format!(r#"{{"do":"set_priority","claim":"{claim}","priority":"{}"}}"#, pick(&["low", "urgent"], n[1]))
        }
        37 => format!(r#"{{"do":"set_review","claim":"{claim}","until":"{}"}}"#, pick(&TIMES, n[1])),
        38 => format!(r#"{{"do":"tag","claim":"{claim}","tag":"x"}}"#),
        39 => format!(r#"{{"do":"untag","claim":"{claim}","tag":"x"}}"#),
        40 => format!(r#"{{"do":"note","claim":"{claim}","text":"x"}}"#),
        41 => format!(r#"{{"do":"link_claims","claim":"{claim}","contradicts":"{}"}}"#, pick(&CLAIMS, n[1])),
        42 | 43 => format!(
            r#"{{"do":"close","claim":"{claim}","as":"{}","reason":"x"}}"#,
            pick(&["retracted", "unresolved"], n[1])
        ),
        47 | 48 => format!(r#"{{"do":"erase","event":{},"basis":"x"}}"#, n[0] % 40 + 1),
        49 => format!(r#"{{"do":"erase","event":{},"fields":["actor.name"],"basis":"x"}}"#, n[0] % 40 + 1),
        50 => format!(r#"{{"do":"erase","evidence":"{}","basis":"x"}}"#, pick(&PIECES, n[0])),
        51 => format!(r#"{{"do":"erase","source":"{source}","basis":"x"}}"#),
        52 => format!(r#"{{"do":"hold","claim":"{claim}","reason":"x"}}"#),
        54..=56 => lay(n),
        57 => format!(
            r#"{{"do":"accept_lead","lead":"L-{}","source":"{source}","footing":"{}"}}"#,
            n[3] % 6 + 1,
            pick(&["own", "document", "unknown"], n[4])
        ),
        58 => format!(r#"{{"do":"accept_lead","lead":"L-{}"}}"#, n[3] % 6 + 1),
        59 => format!(r#"{{"do":"dismiss_lead","lead":"L-{}","reason":"x"}}"#, n[3] % 6 + 1),
        60 => format!(r#"{{"do":"undo_record","lead":"L-{}","reason":"x"}}"#, n[3] % 6 + 1),
        53 => format!(r#"{{"do":"release","claim":"{claim}","reason":"x"}}"#),
        44 | 45 => format!(r#"{{"do":"reopen","claim":"{claim}","reason":"x"}}"#),
        _ => format!(r#"{{"do":"merge","claim":"{claim}","into":"{}","reason":"x"}}"#, pick(&CLAIMS, n[1])),
    }
}

/// A lead, of which many say the same.
fn lay(n: &[usize]) -> String {
    let source =
        if n[1].is_multiple_of(3) { String::new() } else { format!(r#""source":"{}","#, pick(&SOURCES, n[1])) };
    format!(
        r#"{{"do":"lay_lead","claim":"{}","item":"I-{}","document":"I-{}","feed":"F-1","confidence":{},"evidence":{{"speaker":"Speaker {}",{source}"stance":"{}","footing":"own","quote":"words {}","said_at":"{}"}}}}"#,
        pick(&CLAIMS, n[0]),
        n[2] % 8 + 1,
        n[3] % 4 + 1,
        n[4] * 16,
        n[1] % 3,
        pick(&["affirms", "denies"], n[5]),
        n[6] % 4,
        pick(&TIMES, n[7])
    )
}

/// One command as a line, by somebody who works here; mostly an editor.
fn line((which, who, numbers): &Draw) -> String {
    let which = which % 61;
    let line = match which {
        0..=6 => source_line(which, numbers),
        7..=18 => evidence_line(which, numbers),
        _ => claim_line(which, numbers),
    };
    let by_hand = PEOPLE.get(*who).map_or(["eva", "ben"][who % 2], |(name, _)| *name);
    let name = if (54..=56).contains(&which) { "bot" } else { by_hand };
    format!("{name}: {line}")
}

/// The event as the log's JSON gives it back.
fn read_back(event: &Event) -> Event {
    serde_json::from_str(&serde_json::to_string(event).unwrap()).unwrap()
}

/// The figures that the event's claim got are those of a fresh weighing; a merged claim has none, as its evidence moves
/// with the event that follows.
fn check_weighed(docket: &Docket, event: &Event) {
    let Some(claim) = event.claim.and_then(|id| docket.claims.get(&id)) else { return };
    let policy = docket.policies.get(&claim.policy).expect("a claim's policy is there");
    let merged = matches!(event.fact, Fact::ClaimMerged { .. });
    let fresh = if merged { Weighed::default() } else { weigh(claim, &docket.registry, policy).weighed };
    assert_eq!(claim.weighed, fresh, "after {event:?}");
    assert_eq!(event.weighed, Some(fresh), "after {event:?}");
}

fn replay_equals_live(draws: &[Draw]) -> (usize, usize) {
    let mut desk = Desk::new();
    let mut replayed = Docket::default();
    desk.log.iter().for_each(|event| replayed.apply(&read_back(event)));
    assert_eq!(replayed, desk.docket);
    let (mut taken, mut refused) = (0, 0);
    for draw in draws {
        let before = desk.docket.clone();
        let line = line(draw);
        let Ok(decision) = desk.say(&line) else {
            assert_eq!(desk.docket, before, "{line}");
            refused += 1;
            continue;
        };
        assert!(!decision.events.is_empty() || desk.docket == before, "{line}");
        for event in &decision.events {
            assert_eq!(read_back(event), *event);
            replayed.apply(&read_back(event));
            check_weighed(&replayed, event);
        }
        taken += usize::from(!decision.events.is_empty());
    }
    assert_eq!(replayed, desk.docket);
    let positions: Vec<u64> = desk.log.iter().map(|event| event.seq).collect();
    assert_eq!(positions, (1..=desk.log.len() as u64).collect::<Vec<_>>());
    (taken, refused)
}

#[test]
fn folding_the_log_gives_what_the_commands_left() {
    let total = Cell::new((0, 0));
    generated::runner()
        .run(&draws(), |draws| {
            let (taken, refused) = replay_equals_live(&draws);
            let (all, none) = total.get();
            total.set((all + taken, none + refused));
            Ok(())
        })
        .map_err(|error| error.to_string())
        .unwrap_or_else(|error| panic!("{error}"));
    let (taken, refused) = total.get();
    assert!(taken > refused / 4, "too few of the random commands were taken: {taken} of {}", taken + refused);
}
