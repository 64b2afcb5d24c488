//! Schedules: due by the clock in their zone, with missed runs made up for once or skipped.

use std::time::Duration;

use hearsay_store::{MissedRuns, TaskKind};
use hearsay_worker::{CancellationToken, Recurring, Until, Worker, WorkerOptions};

use crate::desk::{Desk, at, options, until};

fn recurring(cron: &str, zone: &str, missed: MissedRuns) -> Recurring {
    Recurring {
        name: "test".to_owned(),
        kind: TaskKind::Nothing,
        cron: cron.to_owned(),
        zone: zone.to_owned(),
        missed,
    }
}

fn with(schedule: Recurring) -> WorkerOptions {
    WorkerOptions { schedules: vec![schedule], ..options() }
}

/// Works until nothing is left to do; how many runs of the schedule that were.
async fn runs(desk: &Desk, schedule: Recurring) -> u64 {
    let options = WorkerOptions { until: Until::Idle, ..with(schedule) };
    let worker = Worker::begin(desk.store.clone(), options).await.unwrap();
    let run = tokio::time::timeout(Duration::from_mins(1), worker.run(CancellationToken::new()));
    run.await.expect("it becomes idle").unwrap().done - 1
}

#[tokio::test]
async fn missed_runs_are_made_up_for_once_or_skipped() {
    for (missed, expected) in [(MissedRuns::RunOnce, 1), (MissedRuns::Skip, 0)] {
        let desk = Desk::new().await;
        let hourly = || recurring("0 * * * *", "UTC", missed);
        assert_eq!(runs(&desk, hourly()).await, 0, "its first run is ahead");
        desk.set("2025-04-24T09:30:00Z");
        assert_eq!(runs(&desk, hourly()).await, expected, "{missed:?}");
        assert_eq!(runs(&desk, hourly()).await, 0, "{missed:?}");
        let kept = desk.store.schedules().await.unwrap().remove(0);
        assert_eq!(kept.next_at, at("2025-04-24T10:00:00Z"));
    }
}

#[tokio::test]
async fn a_run_comes_at_its_time_while_the_worker_works() {
    let desk = Desk::new().await;
    let working = desk.start_with(with(recurring("0 * * * *", "UTC", MissedRuns::Skip))).await;
    for hour in 17..20 {
        desk.set(&format!("2025-04-22T{hour}:00:00Z"));
        let done = hour - 16;
        until("it ran", async || desk.kind(TaskKind::Nothing).await.done_today == done).await;
    }
    assert_eq!(desk.store.schedules().await.unwrap()[0].last_at, Some(at("2025-04-22T19:00:00Z")));
    working.end().await;
}

#[tokio::test]
async fn a_daily_run_comes_once_a_day_where_the_clocks_change() {
    for (days, utc_hours) in [
        (["2025-03-29", "2025-03-30", "2025-03-31"], ["01:30", "01:00", "00:30"]),
        (["2025-10-25", "2025-10-26", "2025-10-27"], ["00:30", "00:30", "01:30"]),
    ] {
        let desk = Desk::new().await;
        desk.set(&format!("{}T00:00:00Z", days[0]));
        let daily = || recurring("30 2 * * *", "Europe/Berlin", MissedRuns::RunOnce);
        assert_eq!(runs(&desk, daily()).await, 0);
        for (day, hour) in days.into_iter().zip(utc_hours) {
            assert_eq!(desk.store.schedules().await.unwrap()[0].next_at, at(&format!("{day}T{hour}:00Z")));
            desk.set(&format!("{day}T{hour}:00Z"));
            assert_eq!(runs(&desk, daily()).await, 1, "{day}");
            desk.pass(3 * 3_600);
            assert_eq!(runs(&desk, daily()).await, 0, "{day}, later");
        }
    }
}

#[tokio::test]
async fn a_clock_that_goes_back_takes_its_schedules_with_it() {
    let desk = Desk::new().await;
    let hourly = || recurring("0 * * * *", "UTC", MissedRuns::RunOnce);
    desk.set("2031-01-01T00:30:00Z");
    assert_eq!(runs(&desk, hourly()).await, 0);
    desk.set("2025-04-22T16:30:00Z");
    assert_eq!(runs(&desk, hourly()).await, 0);
    desk.set("2025-04-22T17:00:00Z");
    assert_eq!(runs(&desk, hourly()).await, 1);
}

#[tokio::test]
async fn the_sweep_comes_by_itself() {
    let desk = Desk::told("").await;
    let working = desk.start().await;
    until("it sweeps at its start", async || desk.kind(TaskKind::Sweep).await.done_today == 1).await;
    desk.set("2025-04-22T16:15:00Z");
    until("it sweeps on its schedule", async || desk.kind(TaskKind::Sweep).await.done_today == 2).await;
    working.end().await;
}

#[tokio::test]
async fn a_schedule_that_cannot_be_followed_is_refused_at_the_start() {
    let desk = Desk::new().await;
    let refused = Worker::begin(desk.store.clone(), with(recurring("0 25 * * *", "UTC", MissedRuns::Skip))).await;
    let error = refused.err().unwrap().to_string();
    assert!(error.starts_with("schedule `test`: `0 25 * * *` is no cron expression of five fields"), "{error}");
    assert_eq!(desk.store.worker_now().await.unwrap(), None, "it did not take the lock");
}
