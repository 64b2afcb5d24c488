//! A history told step by step, for the person who must find what is wrong with the rules.

use std::fmt::Write;

use super::queue::{Flaw, Order, Place, Row};
use super::search::Counterexample;
use super::world::World;

impl Counterexample {
    /// What happened, and what was so after it.
    pub(super) fn told(&self, orders: &'static [Order], flaw: Option<Flaw>) -> String {
        let mut world = World::new(orders, flaw);
        let mut told = format!("{:?}:\n", self.fault);
        for (number, action) in self.history.iter().enumerate() {
            writeln!(told, "{:>3}. {action:?}", number + 1).unwrap();
            if world.act(*action).is_ok() {
                world = world.canonical();
                writeln!(told, "       {}", world.told()).unwrap();
            }
        }
        told
    }
}

impl World {
    fn told(&self) -> String {
        let mut told = format!("boot {}", self.boot);
        for (task, (row, truth)) in self.queue.rows.iter().zip(&self.truths).enumerate() {
            let recorded = if truth.recorded { ", recorded" } else { "" };
            write!(told, "; task {task} {}{recorded}", row_told(row)).unwrap();
            if truth.holder != 0 && truth.holder != row.token {
                write!(told, ", rightly token {}", truth.holder).unwrap();
            }
        }
        for (number, one) in self.attempts.iter().enumerate() {
            let fate = if one.ran_out { ", its lease ran out" } else { "" };
            write!(
                told,
                "; attempt {number} at task {} with token {}, boot {}{fate}",
                one.task, one.token, one.boot
            )
            .unwrap();
        }
        told
    }
}

fn row_told(row: &Row) -> String {
    let Row { place, fresh, attempts, interruptions, run_at, token, lease_until, boot } = row;
    let due = run_at.map_or("at once".to_owned(), |at| format!("in {at}"));
    let key = if *fresh { "with its key, " } else { "" };
    let waits = format!("waits {key}due {due}, {attempts} attempts, {interruptions} interruptions");
    match place {
        Place::Unborn => "not there".to_owned(),
        Place::Waiting if *token == 0 => waits,
        Place::Waiting => format!("{waits}, but with token {token}"),
        Place::Leased => format!("leased for {lease_until} by boot {boot}, token {token}, attempt {attempts}"),
        Place::Done => "done".to_owned(),
        Place::Dead => "dead".to_owned(),
    }
}
