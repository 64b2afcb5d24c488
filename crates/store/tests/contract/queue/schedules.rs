//! Schedules: declared by the worker, and advanced in the transaction of their task.

use hearsay_store::{MissedRuns, Schedule, ScheduleAdvance, TaskKind};
use jiff::Timestamp;

use super::hall::{Hall, hall, keyed, named};

fn schedule(name: &str, cron: &str, next_at: Timestamp) -> Schedule {
    Schedule {
        name: name.to_owned(),
        kind: TaskKind::Sweep,
        cron: cron.to_owned(),
        zone: "Europe/Berlin".to_owned(),
        missed: MissedRuns::RunOnce,
        next_at,
    }
}

async fn next(hall: &Hall) -> Vec<(String, Timestamp)> {
    hall.schedules().await.unwrap().into_iter().map(|schedule| (schedule.name, schedule.next_at)).collect()
}

#[tokio::test]
async fn what_is_declared_anew_keeps_its_place_unless_it_changed() {
    let hall = hall().await;
    let at = |seconds| hall.at(seconds);
    let declare = |schedules| hall.declare_schedules(schedules);
    declare(vec![schedule("b", "0 * * * *", at(20)), schedule("a", "5 * * * *", at(30))]).await.unwrap();
    assert_eq!(next(&hall).await, [("b".into(), at(20)), ("a".into(), at(30))]);
    declare(vec![
        schedule("b", "0 * * * *", at(99)),
        schedule("a", "6 * * * *", at(98)),
        schedule("c", "* * * * *", at(1)),
    ])
    .await
    .unwrap();
    assert_eq!(next(&hall).await, [("c".into(), at(1)), ("b".into(), at(20)), ("a".into(), at(98))]);
    let skipping = Schedule { missed: MissedRuns::Skip, ..schedule("b", "0 * * * *", at(97)) };
    declare(vec![skipping]).await.unwrap();
    let kept = hall.schedules().await.unwrap();
    assert_eq!((kept.len(), kept[0].missed, kept[0].next_at), (1, MissedRuns::Skip, at(97)));
    declare(vec![]).await.unwrap();
    assert_eq!(next(&hall).await, []);
}

#[tokio::test]
async fn a_step_is_taken_once_however_many_try() {
    let hall = hall().await;
    hall.declare_schedules(vec![schedule("a", "0 * * * *", hall.at(0))]).await.unwrap();
    let step =
        || ScheduleAdvance { name: "a".into(), due: hall.at(0), next_at: hall.at(60), task: Some(named("run")) };
    let (one, two) = tokio::join!(hall.enqueue_scheduled(step()), hall.enqueue_scheduled(step()));
    assert_eq!([one.unwrap(), two.unwrap()].iter().flatten().count(), 1);
    assert_eq!(hall.enqueue_scheduled(step()).await.unwrap(), None);
    let unknown = ScheduleAdvance { name: "nobody".into(), ..step() };
    assert_eq!(hall.enqueue_scheduled(unknown).await.unwrap(), None);
    assert_eq!(hall.lease_names().await, ["run"]);
    let kept = hall.schedules().await.unwrap().remove(0);
    assert_eq!((kept.next_at, kept.last_at), (hall.at(60), Some(hall.at(0))));
}

#[tokio::test]
async fn a_skipped_run_moves_on_without_a_task() {
    let hall = hall().await;
    hall.declare_schedules(vec![schedule("a", "0 * * * *", hall.at(0))]).await.unwrap();
    let skipped = ScheduleAdvance { name: "a".into(), due: hall.at(0), next_at: hall.at(60), task: None };
    assert_eq!(hall.enqueue_scheduled(skipped).await.unwrap(), None);
    let kept = hall.schedules().await.unwrap().remove(0);
    assert_eq!((kept.next_at, kept.last_at, hall.live().await.len()), (hall.at(60), None, 0));
}

#[tokio::test]
async fn a_step_whose_key_is_held_is_taken_all_the_same() {
    let hall = hall().await;
    hall.declare_schedules(vec![schedule("a", "0 * * * *", hall.at(0))]).await.unwrap();
    hall.put([keyed("waits", "sweep")]).await;
    let task = Some(keyed("again", "sweep"));
    let step = ScheduleAdvance { name: "a".into(), due: hall.at(0), next_at: hall.at(60), task };
    assert_eq!(hall.enqueue_scheduled(step).await.unwrap(), None);
    assert_eq!(next(&hall).await, [("a".into(), hall.at(60))]);
    assert_eq!(hall.lease_names().await, ["waits"]);
}

#[tokio::test]
async fn a_step_wakes_the_lane_of_its_task() {
    let hall = hall().await;
    hall.declare_schedules(vec![schedule("a", "0 * * * *", hall.at(0))]).await.unwrap();
    let mut wake = hall.wake(&[TaskKind::Nothing]);
    let step =
        ScheduleAdvance { name: "a".into(), due: hall.at(0), next_at: hall.at(60), task: Some(named("run")) };
    assert!(hall.enqueue_scheduled(step).await.unwrap().is_some());
    wake.woken().await;
}
