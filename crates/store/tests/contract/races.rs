//! Several callers, stores and processes at once: nothing is lost, everybody decides on the newest state.

use std::future::{Future, poll_fn};
use std::task::Poll;

use hearsay_core::{CommandId, Refusal};
use hearsay_store::{ClaimFilter, EventFilter, Outcome, Remember, SubmitError};
use uuid::Uuid;

use crate::desk::{Desk, column, ending, explained, fresh_id, submission, submission_with, tell};
use crate::story::{BASICS, follow_up, note};
use crate::victim::{Manner, Victim};

#[tokio::test]
async fn a_store_decides_on_what_another_recorded() {
    let desk = Desk::told(BASICS).await;
    let other = desk.again().await.unwrap();
    let advance = r#"{"do":"advance","claim":"offer","to":"corroborated"}"#;
    desk.refuse(advance).await;
    tell(&other, &follow_up("offer", "reuters", "affirms", "own")).await;
    desk.tell(advance).await;
    desk.tell(r#"{"do":"add_source","ref":"bild","name":"Bild","kind":"outlet","reliability":"C"}"#).await;
    tell(&other, &follow_up("C-1", "BILD", "denies", "own")).await;
    tell(&other, r#"{"do":"rate_source","source":"bild","reliability":"E"}"#).await;
    tell(&other, r#"{"do":"set_policy","name":"default","origins":3}"#).await;
    let refused = desk.refuse(r#"{"do":"advance","claim":"offer","to":"corroborated"}"#).await;
    assert!(matches!(refused, SubmitError::Refused(Refusal::StandingDiffers { .. })), "{refused}");
    tell(&other, r#"{"do":"merge","claim":"truce","into":"offer","reason":"the same"}"#).await;
    let receipt = desk.tell(&note("truce", "under its old name")).await.remove(0);
    assert_eq!(receipt.claim.unwrap().number.to_string(), "C-1");
    assert_eq!(explained(&desk.store).await, explained(&other).await);
    other.close().await;
    desk.assert_sound().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn two_stores_that_write_at_once_lose_nothing() {
    let desk = Desk::told(BASICS).await;
    let other = desk.again().await.unwrap();
    let mut tasks = Vec::new();
    for caller in 0..16 {
        let store = if caller % 2 == 0 { desk.store.clone() } else { other.clone() };
        tasks.push(tokio::spawn(async move {
            for turn in 0..20 {
                tell(&store, &note("offer", &format!("caller {caller} turn {turn}"))).await;
                tell(&store, &follow_up("truce", "ft", "affirms", "own")).await;
            }
        }));
    }
    for task in tasks {
        task.await.unwrap();
    }
    let offer = desk.store.claim_file("C-1".parse().unwrap()).await.unwrap();
    let truce = other.claim_file("C-2".parse().unwrap()).await.unwrap();
    assert_eq!((offer.notes.len(), truce.evidence.len()), (320, 321));
    assert_eq!(desk.store.head().await.unwrap(), Some(7 + 640));
    other.close().await;
    desk.assert_sound().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn processes_that_write_at_once_lose_nothing() {
    let desk = Desk::new().await;
    let victims: Vec<Victim> = (0..3).map(|_| Victim::start(&desk.path, Manner::Brief)).collect();
    for turn in 0..50 {
        let line = format!(r#"{{"do":"add_source","name":"Paper {turn}","kind":"outlet"}}"#);
        desk.tell(&line).await;
    }
    let mut acknowledged: Vec<Uuid> = Vec::new();
    for victim in victims {
        acknowledged.extend(tokio::task::spawn_blocking(|| victim.finish()).await.unwrap());
    }
    assert!(acknowledged.len() > 150, "{}", acknowledged.len());
    let recorded = column(&desk.path, "SELECT lower(hex(command)) FROM events").await;
    for id in acknowledged {
        assert!(recorded.contains(&id.simple().to_string()), "{id} is lost");
    }
    let papers = desk.store.sources(Some("paper")).await.unwrap();
    assert_eq!(papers.len(), 50);
    desk.assert_sound().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn processes_that_make_the_same_database_at_once_make_one() {
    let directory = tempfile::tempdir().unwrap();
    for round in 0..5 {
        let path = directory.path().join(format!("{round}.db"));
        let victims: Vec<Victim> = (0..4).map(|_| Victim::start(&path, Manner::Brief)).collect();
        for victim in victims {
            assert!(!tokio::task::spawn_blocking(|| victim.finish()).await.unwrap().is_empty());
        }
        let sources = column(&path, "SELECT name FROM sources WHERE handle = 'ft'").await;
        assert_eq!(sources, ["Financial Times"]);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn of_two_who_advance_what_they_saw_one_is_told_the_version_now() {
    let desk = Desk::told(BASICS).await;
    let other = desk.again().await.unwrap();
    for (round, to) in ["denied", "corroborated", "denied"].into_iter().enumerate() {
        desk.tell(&format!(r#"{{"do":"override","claim":"offer","to":"reported","reason":"round {round}"}}"#))
            .await;
        let seen = desk.store.claim_file("C-1".parse().unwrap()).await.unwrap().row.version;
        let line = format!(r#"{{"do":"override","claim":"offer","to":"{to}","reason":"mine","version":{seen}}}"#);
        let (first, second) = tokio::join!(desk.store.submit(submission(&line)), other.submit(submission(&line)));
        let (won, conflict) = match (first, second) {
            (Ok(won), Err(conflict)) | (Err(conflict), Ok(won)) => (won, conflict),
            other => panic!("not one of two: {other:?}"),
        };
        assert_eq!(won.outcome, Outcome::Recorded);
        let SubmitError::Refused(Refusal::VersionConflict { seen: told, now, .. }) = conflict else {
            panic!("{conflict}");
        };
        assert_eq!((told, now), (seen, seen + 1));
    }
    other.close().await;
}

#[tokio::test]
async fn a_command_id_is_recorded_once_wherever_it_comes_again() {
    let desk = Desk::told(BASICS).await;
    let other = desk.again().await.unwrap();
    let id = CommandId(fresh_id());
    let twice = || submission_with(id, Remember::No, &follow_up("offer", "reuters", "affirms", "own"));
    let first = desk.store.enqueue(twice()).await.unwrap();
    let again = desk.store.enqueue(twice()).await.unwrap();
    let (first, again) = (first.receipt().await.unwrap(), again.receipt().await.unwrap());
    assert_eq!((first.outcome, again.outcome), (Outcome::Recorded, Outcome::RecordedBefore));
    let (later, elsewhere) = (desk.store.submit(twice()).await.unwrap(), other.submit(twice()).await.unwrap());
    for receipt in [&again, &later, &elsewhere] {
        assert_eq!(receipt.outcome, Outcome::RecordedBefore);
        assert_eq!((&receipt.subject, receipt.seq), (&first.subject, first.seq));
        assert_eq!(receipt.claim.map(|claim| claim.version), first.claim.map(|claim| claim.version));
    }
    other.close().await;
    let again = desk.reopened().await.store.submit(twice()).await.unwrap();
    assert_eq!((again.outcome, again.subject), (Outcome::RecordedBefore, first.subject));
}

#[tokio::test(flavor = "multi_thread")]
async fn the_same_ids_given_to_two_stores_at_once_are_recorded_once() {
    let desk = Desk::told(BASICS).await;
    let other = desk.again().await.unwrap();
    let mut tasks = Vec::new();
    for number in 0..40 {
        let id = CommandId(fresh_id());
        for store in [desk.store.clone(), other.clone()] {
            let submission = submission_with(id, Remember::Yes, &note("offer", &format!("note {number}")));
            tasks.push(tokio::spawn(async move { ending(&store.submit(submission).await) }));
        }
    }
    let mut endings = Vec::new();
    for task in tasks {
        endings.push(task.await.unwrap());
    }
    endings.sort();
    assert_eq!(endings, [vec!["recorded"; 40], vec!["recorded before"; 40]].concat());
    let filter = EventFilter { kinds: hearsay_store::Term::only("note_added".into()), ..EventFilter::default() };
    assert_eq!(desk.store.events(&filter).await.unwrap().len(), 40);
}

/// Goes on with a future for so many steps, then drops it; whether it had ended before.
async fn abandoned<F: Future>(future: F, steps: usize) -> bool {
    let mut future = Box::pin(future);
    for _ in 0..steps {
        let ended = poll_fn(|context| Poll::Ready(future.as_mut().poll(context).is_ready())).await;
        if ended {
            return true;
        }
        tokio::task::yield_now().await;
    }
    false
}

#[tokio::test]
async fn a_caller_that_goes_away_leaves_its_command_whole_or_absent() {
    let desk = Desk::told(BASICS).await;
    let mut given = Vec::new();
    for steps in 0..60 {
        let line = format!(
            r#"{{"do":"report_claim","ref":"k{steps}","text":"One of many","kind":"event","evidence":{{"source":"ft","stance":"affirms","footing":"own","said_at":"2025-04-22T15:30:00Z"}}}}"#
        );
        let report = submission(&line);
        abandoned(desk.store.submit(report), steps % 20).await;
        let merge =
            submission(&format!(r#"{{"do":"merge","claim":"k{steps}","into":"offer","reason":"the same"}}"#));
        given.push(merge.id);
        abandoned(desk.store.submit(merge), 1 + steps % 20).await;
    }
    desk.tell(&note("offer", "the writer goes on")).await;
    for id in given {
        let id = id.0.simple();
        let sql = format!("SELECT kind FROM events WHERE hex(command) = upper('{id}') ORDER BY part");
        let kinds = column(&desk.path, &sql).await;
        assert!(kinds.is_empty() || kinds == ["claim_merged", "claim_absorbed"], "{kinds:?}");
    }
    desk.assert_sound().await;
}

#[tokio::test]
async fn a_reader_that_goes_away_leaves_nothing_behind() {
    let desk = Desk::told(BASICS).await;
    for steps in 0..80 {
        abandoned(desk.store.claim_file("C-1".parse().unwrap()), steps % 40).await;
        abandoned(desk.store.explanation("C-1".parse().unwrap()), steps % 40).await;
        desk.tell(&note("offer", "more")).await;
        for _ in 0..6 {
            let file = desk.store.claim_file("C-1".parse().unwrap()).await.unwrap();
            assert_eq!(file.notes.len(), steps + 1, "after {steps} steps");
            assert_eq!(desk.store.claims(&ClaimFilter::default()).await.unwrap().len(), 2);
        }
    }
}
