//! Pauses and limits of a kind.

use hearsay_store::{NewTask, Settlement, TaskKind};

use super::hall::{hall, named, names};

const NOTHING: TaskKind = TaskKind::Nothing;

#[tokio::test]
async fn a_paused_kind_is_not_leased_and_others_are() {
    let hall = hall().await;
    let sweep = NewTask { kind: TaskKind::Sweep, ..named("sweep") };
    hall.put([named("before")]).await;
    let running = hall.lease().await;
    hall.pause(NOTHING, "ana").await.unwrap();
    hall.pause(NOTHING, "ben").await.unwrap();
    hall.put([named("a"), sweep]).await;
    let turned = hall.turn_with(vec![], &[NOTHING, TaskKind::Sweep], 9).await;
    assert_eq!(names(&turned.leased), ["sweep"]);
    assert_eq!(hall.settle(&running, &Settlement::Done).await, [], "what was leased already is finished");
    let paused = hall.queue_overview().await.unwrap().pop().unwrap().paused.unwrap();
    assert_eq!((paused.by.as_str(), paused.since), ("ana", hall.hands.now()), "whoever paused it first");
    let mut wake = hall.wake(&[NOTHING]);
    hall.resume(NOTHING).await.unwrap();
    wake.woken().await;
    assert_eq!(hall.lease_names().await, ["a"]);
    assert_eq!(hall.queue_overview().await.unwrap().pop().unwrap().paused, None);
}

#[tokio::test]
async fn a_paused_kind_gives_no_time_to_come_again() {
    let hall = hall().await;
    hall.put([named("a"), NewTask { run_at: Some(hall.at(5)), ..named("b") }]).await;
    hall.pause(NOTHING, "ana").await.unwrap();
    assert_eq!(hall.turn_with(vec![], &[NOTHING], 9).await.next_at, None);
}

#[tokio::test]
async fn a_limit_lets_a_seconds_worth_through_and_then_its_rate() {
    for (per_minute, at_once, in_ten_seconds) in [(1, 1, 0), (6, 1, 1), (60, 1, 10), (600, 10, 100)] {
        let hall = hall().await;
        hall.put((0..300).map(|number| named(&number.to_string()))).await;
        hall.set_rate(NOTHING, Some(per_minute)).await.unwrap();
        hall.hands.go(60);
        assert_eq!(hall.lease().await.len(), at_once, "{per_minute}: what was saved up is a second's worth");
        let mut leased = 0;
        for _ in 0..10 {
            hall.hands.go(1);
            leased += hall.lease().await.len();
            leased += hall.lease().await.len();
        }
        assert!((in_ten_seconds..=in_ten_seconds + 1).contains(&leased), "{per_minute}: {leased}");
    }
}

#[tokio::test]
async fn a_limit_is_shared_by_all_priorities_and_kept_from_other_kinds() {
    use hearsay_core::Priority::{High, Low, Normal, Urgent};
    let hall = hall().await;
    hall.set_rate(NOTHING, Some(120)).await.unwrap();
    hall.hands.go(60);
    let mut tasks: Vec<NewTask> =
        [Low, Normal, High, Urgent].map(|priority| NewTask { priority, ..named("x") }).into();
    tasks.push(NewTask { run_at: Some(hall.at(-1)), ..named("x") });
    tasks.extend((0..5).map(|_| NewTask { kind: TaskKind::Sweep, ..named("x") }));
    hall.put(tasks).await;
    let leased = hall.turn_with(vec![], &[NOTHING, TaskKind::Sweep], 100).await.leased;
    let of = |kind| leased.iter().filter(|task| task.kind == kind).map(|task| task.priority).collect::<Vec<_>>();
    assert_eq!((of(NOTHING), of(TaskKind::Sweep).len()), (vec![Urgent, High], 5));
}

#[tokio::test]
async fn a_limited_turn_tells_when_the_next_may_be_leased() {
    let hall = hall().await;
    hall.put(["a", "b"].map(named)).await;
    hall.set_rate(NOTHING, Some(6)).await.unwrap();
    let turned = hall.turn_with(vec![], &[NOTHING], 9).await;
    assert_eq!(names(&turned.leased), ["a"], "one at least, at once");
    hall.settle(&turned.leased, &Settlement::Done).await;
    let next = hall.turn_with(vec![], &[NOTHING], 9).await.next_at.unwrap();
    let waits = next.duration_since(hall.hands.now());
    assert!((9_900..=10_100).contains(&waits.as_millis()), "{waits}");
    hall.hands.go(11);
    assert_eq!(hall.lease_names().await, ["b"]);
}

#[tokio::test]
async fn a_limit_outlives_a_clock_that_is_set_back_and_can_be_lifted() {
    let hall = hall().await;
    hall.put((0..9).map(|number| named(&number.to_string()))).await;
    hall.set_rate(NOTHING, Some(1)).await.unwrap();
    let first = hall.lease().await;
    hall.hands.go(-3_600);
    let second = hall.lease().await;
    assert_eq!((names(&first), names(&second)), (vec!["0".into()], vec!["1".into()]), "no hour's standstill");
    hall.settle(&[first, second].concat(), &Settlement::Done).await;
    assert_eq!(hall.lease_names().await, [""; 0]);
    hall.hands.go(61);
    assert_eq!(hall.lease_names().await, ["2"]);
    hall.set_rate(NOTHING, None).await.unwrap();
    assert_eq!(hall.lease().await.len(), 6);
}
