//! Leases: whose attempt it is, how long, and what becomes of an attempt that is too late.

use hearsay_store::{LeaseRequest, LeasedTask, Settlement, TaskKind, Turn};

use super::hall::{LEASE, ended, hall, named, names};
use crate::desk::execute;

#[tokio::test]
async fn what_is_leased_is_nobody_elses_until_it_is_settled() {
    let hall = hall().await;
    hall.put(["a", "b"].map(named)).await;
    let leased = hall.lease().await;
    assert_eq!(names(&leased), ["a", "b"]);
    assert_eq!(leased[0].lease_until, hall.at(30));
    assert_eq!(hall.lease_names().await, [""; 0]);
    assert_eq!(hall.settle(&leased, &Settlement::Done).await, []);
    assert_eq!(hall.live().await, [], "a finished task leaves no row");
    assert_eq!(hall.settle(&leased, &Settlement::Done).await, [leased[0].id, leased[1].id], "settled once");
}

#[tokio::test]
async fn settles_and_leases_share_a_turn() {
    let hall = hall().await;
    hall.put(["a", "b", "c"].map(named)).await;
    let turned = hall.turn_with(vec![], &[TaskKind::Nothing], 2).await;
    let settles = turned.leased.iter().map(|task| ended(task, Settlement::Done)).collect();
    let turned = hall.turn_with(settles, &[TaskKind::Nothing], 2).await;
    assert_eq!((names(&turned.leased), turned.refused), (vec!["c".to_owned()], vec![]));
}

#[tokio::test]
async fn every_way_to_settle_is_refused_once_the_lease_has_run_out() {
    for how in [
        Settlement::Done,
        Settlement::Retry { at: "2025-04-22T16:00:00Z".parse().unwrap(), error: "x".into() },
        Settlement::Dead { field: None, error: "x".into() },
        Settlement::Release,
        Settlement::Postpone { at: "2025-04-22T16:00:00Z".parse().unwrap() },
    ] {
        let hall = hall().await;
        let id = hall.put([named("a")]).await[0].unwrap();
        let stale = hall.lease().await;
        hall.hands.go(30);
        assert_eq!(hall.settle(&stale, &how).await, [id], "{how:?}: run out, and not rescued before this turn");
        let fresh = hall.lease().await;
        assert_eq!(names(&fresh), ["a"], "{how:?}: rescued");
        assert_ne!(fresh[0].token, stale[0].token);
        assert_eq!(hall.settle(&stale, &how).await, [id], "{how:?}: another attempt is under way");
        assert_eq!(hall.settle(&fresh, &Settlement::Done).await, [], "{how:?}: which is not disturbed");
        assert_eq!((hall.live().await.len(), hall.dead().await.len()), (0, 0), "{how:?}");
    }
}

#[tokio::test]
async fn a_stale_settle_among_good_ones_changes_nothing_for_them() {
    let hall = hall().await;
    let ids = hall.put(["a", "b"].map(named)).await;
    let mut leased = hall.lease().await;
    let other = hall.put([named("c")]).await[0];
    let later = hall.lease().await;
    leased[0].token = later[0].token;
    assert_eq!(hall.settle(&leased, &Settlement::Done).await, [ids[0].unwrap()]);
    let left: Vec<_> = hall.live().await.iter().map(|task| Some(task.id)).collect();
    assert_eq!(left, [ids[0], other]);
}

#[tokio::test]
async fn a_turn_settles_what_several_turns_leased() {
    let hall = hall().await;
    hall.put(["a", "b"].map(named)).await;
    let mut leased = hall.lease().await;
    hall.put(["c", "d"].map(named)).await;
    leased.extend(hall.lease().await);
    assert_ne!(leased[0].token, leased[2].token);
    let stale = ended(&LeasedTask { token: leased[0].token, ..leased[3].clone() }, Settlement::Done);
    let settles = leased[..3].iter().map(|task| ended(task, Settlement::Done)).chain([stale]).collect();
    let turned = hall.turn(Turn { boot: hall.boot(), settles, lease: None }).await.unwrap();
    assert_eq!(turned.refused, [leased[3].id], "under the token of another turn");
    let left: Vec<_> = hall.live().await.iter().map(|task| task.id).collect();
    assert_eq!(left, [leased[3].id]);
    let kinds = hall.queue_overview().await.unwrap();
    let done = kinds.iter().find(|of| of.kind == TaskKind::Nothing).map(|of| of.done_today);
    assert_eq!(done, Some(3));
}

#[tokio::test]
async fn what_is_settled_twice_in_one_turn_is_settled_once() {
    let hall = hall().await;
    hall.put(["a", "b"].map(named)).await;
    let leased = hall.lease().await;
    let dead = |error: &str| Settlement::Dead { field: None, error: error.to_owned() };
    let settles = vec![
        ended(&leased[0], dead("first")),
        ended(&leased[0], dead("second")),
        ended(&leased[1], Settlement::Done),
        ended(&leased[1], dead("after all")),
    ];
    let turned = hall.turn(Turn { boot: hall.boot(), settles, lease: None }).await.unwrap();
    assert_eq!(turned.refused, [leased[0].id, leased[1].id], "the first word counts");
    let dead = hall.dead().await;
    assert_eq!((dead.len(), dead[0].error.as_str()), (1, "first"));
    let nothing = hall.queue_overview().await.unwrap().pop().unwrap();
    assert_eq!((nothing.done_today, nothing.dead_today), (1, 1));
}

#[tokio::test]
async fn a_heartbeat_extends_leases_and_tells_which_are_lost() {
    let hall = hall().await;
    hall.put(["a", "b", "c"].map(named)).await;
    let leased = hall.lease().await;
    let all: Vec<_> = leased.iter().map(|task| (task.id, task.token)).collect();
    hall.hands.go(20);
    assert_eq!(hall.heartbeat(hall.boot(), &all[..2], LEASE).await.unwrap(), []);
    hall.hands.go(20);
    assert_eq!(hall.heartbeat(hall.boot(), &all, LEASE).await.unwrap(), [leased[2].id], "it ran out");
    assert_eq!(hall.lease_names().await, ["c"], "a lost lease is not revived");
    assert_eq!(hall.heartbeat(hall.boot(), &all, LEASE).await.unwrap(), [leased[2].id]);
    hall.hands.go(29);
    assert_eq!(hall.settle(&leased[..2], &Settlement::Done).await, []);
    assert_eq!(hall.heartbeat(hall.boot(), &all[..1], LEASE).await.unwrap(), [leased[0].id], "it is settled");
    assert_eq!(hall.worker_now().await.unwrap().unwrap().seen_at, hall.hands.now());
}

#[tokio::test]
async fn two_lanes_at_once_lease_nothing_twice() {
    let hall = hall().await;
    hall.put((0..400).map(|number| named(&number.to_string()))).await;
    let mut leased = Vec::new();
    let request = || Some(LeaseRequest { kinds: vec![TaskKind::Nothing], most: 50, lease: LEASE });
    for _ in 0..5 {
        let turn = || hall.turn(Turn { boot: hall.boot(), settles: vec![], lease: request() });
        let (one, two) = tokio::join!(turn(), turn());
        leased.extend(one.unwrap().leased.into_iter().chain(two.unwrap().leased).map(|task| task.id));
    }
    leased.sort();
    leased.dedup();
    assert_eq!(leased.len(), 400);
}

#[tokio::test]
async fn a_turn_tells_when_to_come_again() {
    let hall = hall().await;
    let mut later = named("later");
    later.run_at = Some(hall.at(100));
    let turned = hall.turn_with(vec![], &[TaskKind::Nothing], 9).await;
    assert_eq!(turned.next_at, None, "nothing there");
    hall.put([later]).await;
    let turned = hall.turn_with(vec![], &[TaskKind::Nothing], 9).await;
    assert_eq!(turned.next_at, Some(hall.at(100)), "when it is due");
    assert_eq!(hall.turn_with(vec![], &[TaskKind::Sweep], 9).await.next_at, None, "of another kind");
    hall.put([named("now")]).await;
    let turned = hall.turn_with(vec![], &[TaskKind::Nothing], 9).await;
    assert_eq!((turned.leased.len(), turned.next_at), (1, Some(hall.at(30))), "when the lease runs out");
    assert_eq!(hall.turn_with(vec![], &[TaskKind::Sweep], 9).await.next_at, Some(hall.at(30)), "whoever's it is");
}

#[tokio::test]
async fn the_clock_goes_forward_and_back() {
    let hall = hall().await;
    let mut tomorrow = named("tomorrow");
    tomorrow.run_at = Some(hall.at(86_400));
    hall.put([named("a"), tomorrow]).await;
    let leased = hall.lease().await;
    hall.hands.go(-7_200);
    hall.put([named("before its time")]).await;
    assert_eq!(hall.lease_names().await, ["before its time"], "what is due now is due whatever the clock says");
    assert_eq!(hall.settle(&leased, &Settlement::Done).await, [], "a lease outlasts a clock that is set back");
    hall.hands.go(7_200 + 86_400);
    let all = hall.lease_names().await;
    assert_eq!(all, ["before its time", "tomorrow"], "forward: the lease has run out, the other is due");
    hall.hands.go(-86_400);
    let one = hall.put([named("one more")]).await;
    assert_eq!(hall.lease().await.iter().map(|task| Some(task.id)).collect::<Vec<_>>(), one);
}

#[tokio::test]
async fn ten_thousand_tasks_are_due_in_one_second() {
    let hall = hall().await;
    let due = hall.at(60);
    hall.put((0..10_000).map(|number| {
        let mut task = named(&number.to_string());
        task.run_at = Some(due);
        task
    }))
    .await;
    assert_eq!(hall.turn_with(vec![], &[TaskKind::Nothing], 500).await.next_at, Some(due));
    hall.hands.go(60);
    let (mut done, mut settles) = (Vec::new(), Vec::new());
    loop {
        let turned = hall.turn_with(std::mem::take(&mut settles), &[TaskKind::Nothing], 500).await;
        assert_eq!(turned.refused, []);
        if turned.leased.is_empty() {
            break;
        }
        settles = turned.leased.iter().map(|task| ended(task, Settlement::Done)).collect();
        done.extend(names(&turned.leased).iter().map(|name| name.parse::<u32>().unwrap()));
    }
    assert_eq!(done, (0..10_000).collect::<Vec<_>>(), "each once, in their order");
    assert_eq!(hall.live().await, []);
}

#[tokio::test]
async fn a_turn_that_fails_leaves_everything_as_it_was_and_the_next_one_works() {
    let hall = hall().await;
    hall.put(["a", "b"].map(named)).await;
    let leased = hall.lease().await;
    execute(&hall.desk.path, "CREATE TRIGGER no BEFORE DELETE ON tasks BEGIN SELECT RAISE(ABORT, 'no'); END")
        .await
        .unwrap();
    let settles = vec![ended(&leased[0], Settlement::Done)];
    hall.turn(Turn { boot: hall.boot(), settles, lease: None }).await.unwrap_err();
    execute(&hall.desk.path, "DROP TRIGGER no").await.unwrap();
    assert_eq!(hall.queue_overview().await.unwrap().pop().unwrap().done_today, 0);
    assert_eq!(hall.settle(&leased, &Settlement::Done).await, []);
    assert_eq!(hall.queue_overview().await.unwrap().pop().unwrap().done_today, 2);
}
