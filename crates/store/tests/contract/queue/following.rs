//! Tasks that follow from events: in the transaction of the events, and only there.

use hearsay_store::{TaskFilter, TaskKind, TaskView};

use super::hall::{Hall, hall, keyed, names};
use crate::desk::{dump_all, execute, raw, submission};
use crate::story::{BASICS, STORY, follow_up};

async fn of(hall: &Hall, kind: TaskKind) -> Vec<TaskView> {
    hall.tasks(&TaskFilter { kind: Some(kind), ..TaskFilter::default() }).await.unwrap()
}

async fn count(hall: &Hall, kind: TaskKind) -> usize {
    of(hall, kind).await.len()
}

#[tokio::test]
async fn a_report_sets_its_deadlines() {
    let hall = hall().await;
    hall.desk.tell(BASICS).await;
    let row = hall.claim_file("C-1".parse().unwrap()).await.unwrap().row;
    let answers = of(&hall, TaskKind::AnswerDue).await;
    let due = answers.iter().find(|task| task.claim == Some(row.reference)).unwrap();
    assert_eq!(Some(due.run_at), row.answer_by);
    assert_eq!(due.payload["claim"], "C-1");
    assert!(due.payload["party"].as_str().unwrap().len() == 36, "{}", due.payload);
    let reviews = of(&hall, TaskKind::ReviewDue).await;
    let due = reviews.iter().find(|task| task.claim == Some(row.reference)).unwrap();
    assert_eq!((Some(due.run_at), due.payload.to_string()), (row.review_by, r#"{"claim":"C-1"}"#.to_owned()));
}

#[tokio::test]
async fn each_new_deadline_is_a_task_and_none_is_twice() {
    let hall = hall().await;
    hall.desk.tell(BASICS).await;
    let (answers, reviews) = (count(&hall, TaskKind::AnswerDue).await, count(&hall, TaskKind::ReviewDue).await);
    let ask = r#"{"do":"request_answer","claim":"offer","of":"kremlin","until":"2025-05-01T00:00:00Z"}"#;
    hall.desk.tell(ask).await;
    hall.desk.tell(ask).await;
    hall.desk.tell(r#"{"do":"set_review","claim":"offer","until":"2025-05-02T00:00:00Z"}"#).await;
    hall.desk.tell(r#"{"do":"set_review","claim":"offer","until":"2025-05-03T00:00:00Z"}"#).await;
    hall.desk.tell(r#"{"do":"set_review","claim":"offer","until":"2025-05-02T00:00:00Z"}"#).await;
    assert_eq!(count(&hall, TaskKind::AnswerDue).await, answers + 1);
    assert_eq!(count(&hall, TaskKind::ReviewDue).await, reviews + 2);
    hall.desk
        .tell(r#"{"do":"set_party","claim":"truce","source":"ft","interest":"neutral","reason":"named"}"#)
        .await;
    assert_eq!(count(&hall, TaskKind::AnswerDue).await, answers + 2);
}

#[tokio::test]
async fn many_changes_of_sources_and_policies_are_one_task() {
    let hall = hall().await;
    hall.desk.tell(BASICS).await;
    assert_eq!(count(&hall, TaskKind::Restand).await, 0, "BASICS changes nothing that claims were weighed by");
    for line in [
        r#"{"do":"rate_source","source":"ft","reliability":"C"}"#,
        r#"{"do":"set_policy","name":"default","origins":3}"#,
        r#"{"do":"relate_source","source":"ft","part_of":"reuters"}"#,
    ] {
        hall.desk.tell(line).await;
        assert_eq!(count(&hall, TaskKind::Restand).await, 1, "{line}");
    }
    let running = hall.turn_with(vec![], &[TaskKind::Restand], 9).await.leased;
    assert_eq!((running.len(), running[0].payload.to_string()), (1, "{}".to_owned()));
    hall.desk.tell(r#"{"do":"rate_source","source":"ft","reliability":"D"}"#).await;
    assert_eq!(count(&hall, TaskKind::Restand).await, 2, "what came while one runs is another's");
}

#[tokio::test]
async fn a_claim_is_advanced_where_its_policy_lets_the_worker_and_never_against_an_override() {
    let hall = hall().await;
    hall.desk.tell(BASICS).await;
    hall.desk.tell(&follow_up("truce", "ft", "affirms", "own")).await;
    assert_eq!(count(&hall, TaskKind::AutoAdvance).await, 0, "the policy lets nobody");
    hall.desk.tell(r#"{"do":"set_policy","name":"default","auto_advance":["corroborated"]}"#).await;
    hall.desk.tell(&follow_up("offer", "reuters", "affirms", "own")).await;
    let advances = of(&hall, TaskKind::AutoAdvance).await;
    assert_eq!((advances.len(), advances[0].payload.to_string()), (1, r#"{"claim":"C-1"}"#.to_owned()));
    hall.desk.tell(r#"{"do":"note","claim":"offer","text":"still due"}"#).await;
    assert_eq!(count(&hall, TaskKind::AutoAdvance).await, 1, "once while it waits");
    hall.turn_with(vec![], &[TaskKind::AutoAdvance], 9).await;
    hall.desk.tell(r#"{"do":"override","claim":"offer","to":"denied","reason":"we know better"}"#).await;
    hall.desk.tell(r#"{"do":"note","claim":"offer","text":"held"}"#).await;
    assert_eq!(count(&hall, TaskKind::AutoAdvance).await, 1, "the one that is leased");
}

#[tokio::test]
async fn a_commit_that_brings_tasks_wakes_their_lane() {
    let hall = hall().await;
    let mut wake = hall.wake(&[TaskKind::AnswerDue]);
    let soon = std::time::Duration::from_millis(50);
    hall.desk.tell(r#"{"do":"add_source","ref":"x","name":"X","kind":"outlet"}"#).await;
    assert!(tokio::time::timeout(soon, wake.woken()).await.is_err(), "a source brings no deadline");
    hall.desk.tell(BASICS).await;
    wake.woken().await;
}

#[tokio::test]
async fn a_batch_that_fails_leaves_neither_events_nor_tasks() {
    let hall = hall().await;
    hall.desk.tell(BASICS).await;
    let (head, tasks) = (hall.head().await.unwrap(), hall.live().await);
    let ask = |until| format!(r#"{{"do":"request_answer","claim":"offer","of":"kremlin","until":"{until}"}}"#);
    let line = ask("2025-05-01T00:00:00Z");
    for trigger in ["BEFORE INSERT ON tasks", "AFTER UPDATE ON claims"] {
        let sql = format!("CREATE TRIGGER no {trigger} BEGIN SELECT RAISE(ABORT, 'no'); END");
        execute(&hall.desk.path, &sql).await.unwrap();
        hall.desk.refuse(&line).await;
        execute(&hall.desk.path, "DROP TRIGGER no").await.unwrap();
        assert_eq!((hall.head().await.unwrap(), &hall.live().await), (head, &tasks), "{trigger}");
    }
    let together = vec![submission(&line), submission(r#"{"do":"note","claim":"nobody","text":"x"}"#)];
    let outcomes = hall.submit_together(together).await.unwrap();
    assert!(outcomes.iter().all(Result::is_err));
    assert_eq!((hall.head().await.unwrap(), hall.live().await.len()), (head, tasks.len()), "all or nothing");
    hall.desk.tell(&line).await;
    assert_eq!(hall.live().await.len(), tasks.len() + 1);
}

#[tokio::test]
async fn a_rebuild_leaves_the_queue_alone() {
    let hall = hall().await;
    hall.desk.tell(STORY).await;
    hall.put([keyed("mine", "k")]).await;
    hall.lease().await;
    let queue = ["tasks", "dead_tasks", "task_kinds", "task_counts", "workers", "schedules", "restands"];
    let before = dump_all(&hall.desk.path, &queue).await;
    assert!(before["tasks"].len() > 3, "nothing would be compared");
    hall.rebuild(&mut |_, _| {}).await.unwrap();
    assert_eq!(dump_all(&hall.desk.path, &queue).await, before);
}

#[tokio::test]
async fn a_backup_brings_the_queue_along() {
    let hall = hall().await;
    hall.put([keyed("a", "k"), keyed("b", "l")]).await;
    let leased = hall.turn_with(vec![], &[TaskKind::Nothing], 1).await.leased;
    assert_eq!(names(&leased), ["a"]);
    let copy = hall.desk.directory.path().join("copy.db");
    hall.backup(&copy).await.unwrap();
    let queue = ["tasks", "dead_tasks", "task_kinds", "task_counts", "workers", "schedules"];
    assert_eq!(dump_all(&copy, &queue).await, dump_all(&hall.desk.path, &queue).await);
    let store = hearsay_store::Store::open(&copy, super::hall::at_hands(&hall.hands)).await.unwrap();
    let boot = store.begin_boot(2, "on the copy").await.unwrap();
    assert!(boot.number() > hall.boot(), "the lock is the file's own");
    assert_eq!(store.tasks(&TaskFilter::default()).await.unwrap().len(), 2);
    store.close().await;
    let mut original = raw(&hall.desk.path).await;
    let still: i64 = sqlx::query_scalar("SELECT count(*) FROM tasks WHERE token IS NOT NULL")
        .fetch_one(&mut original)
        .await
        .unwrap();
    assert_eq!(still, 1);
}
