//! What was found, as rows and goals of the report.

use super::Sizes;
use super::follow_ups::FollowUps;
use super::pickup::Pickup;
use super::rounds::{Measured, Pair};
use super::span::Span;
use crate::place::Place;
use crate::report::{Cell, Goal, Report};

/// What stands beside ours.
struct Beside {
    name: &'static str,
    span: Option<Span>,
}

fn row(place: &Place, what: String, ours: Option<Span>, beside: &Beside) -> (Vec<Cell>, Option<f64>) {
    let times = ours.zip(beside.span).map(|(ours, beside)| ours.both() / beside.both());
    let its = beside.span;
    let row = vec![
        Cell::from(place.name),
        Cell::Word(what),
        Cell::maybe(ours.map(Span::both), 0),
        Cell::maybe(ours.map(|span| span.enqueue), 0),
        Cell::maybe(ours.map(|span| span.work), 0),
        Cell::maybe(ours.and_then(|span| span.pages), 2),
        Cell::None,
        Cell::None,
        Cell::from(beside.name),
        Cell::maybe(its.map(Span::both), 0),
        Cell::maybe(its.map(|span| span.enqueue), 0),
        Cell::maybe(its.map(|span| span.work), 0),
        Cell::maybe(its.and_then(|span| span.pages), 2),
        Cell::maybe(times, 2),
    ];
    (row, times)
}

pub(super) fn take(report: &mut Report, place: &Place, sizes: &Sizes, measured: &Measured) {
    let Measured { empty, backlog, huey } = measured;
    let name = |what: &str| format!("{}: {what}", place.name);
    let limit = |pair: &Pair| Beside { name: "the limit", span: pair.limit };
    if empty.ours.is_some() {
        let (row, times) = row(place, format!("{} tasks", sizes.tasks), empty.ours, &limit(empty));
        report.rows.push(row);
        report.goals.extend(times.map(|found| Goal::at_least(name("part of the limit"), 0.75, found)));
    }
    if huey.is_some() {
        let beside = Beside { name: "huey", span: *huey };
        let (row, times) = row(place, format!("{} tasks", sizes.tasks), empty.ours, &beside);
        report.rows.push(row);
        report.goals.extend(times.map(|found| Goal::at_least(name("times huey"), 6.0, found)));
    }
    if backlog.ours.is_some() {
        let what = format!("behind {} more", sizes.backlog);
        let (row, times) = row(place, what, backlog.ours, &limit(backlog));
        report.rows.push(row);
        let what = format!("part of the limit, {} waiting", sizes.backlog);
        report.goals.extend(times.map(|found| Goal::at_least(name(&what), 0.75, found)));
        let slower = empty.ours.zip(backlog.ours).map(|(empty, backlog)| empty.both() / backlog.both());
        let what = format!("times slower with {} waiting", sizes.backlog);
        report.goals.extend(slower.map(|found| Goal::at_most(name(&what), 1.2, found)));
    }
}

pub(super) fn take_pickup(report: &mut Report, place: &Place, pickup: &Pickup) {
    let mut row = vec![Cell::from(place.name), Cell::from("idle pickup")];
    row.extend([Cell::None, Cell::None, Cell::None, Cell::None]);
    row.extend([Cell::Figure(pickup.p50, 0), Cell::Figure(pickup.p99, 0)]);
    row.extend((0..6).map(|_| Cell::None));
    report.rows.push(row);
    let what = format!("{}: idle pickup, p99 in ms", place.name);
    report.goals.push(Goal::at_most(what, 3.0, pickup.p99 / 1e3));
}

pub(super) fn take_follow_ups(report: &mut Report, place: &Place, found: &FollowUps) {
    let times = found.tasks / found.append;
    let submit = 1.0 / (1.0 / found.tasks - 1.0 / found.work);
    let mut row = vec![Cell::from(place.name), Cell::from("record_follow_up"), Cell::Figure(found.tasks, 0)];
    row.extend([Cell::Figure(submit, 0), Cell::Figure(found.work, 0), Cell::None, Cell::None, Cell::None]);
    row.extend([Cell::from("append"), Cell::Figure(found.append, 0), Cell::None, Cell::None, Cell::None]);
    row.push(Cell::Figure(times, 2));
    report.rows.push(row);
    let what = format!("{}: follow-ups through the worker, part of append", place.name);
    report.goals.push(Goal::at_least(what, 0.5, times));
}
