//! Goes through every history of a world, shortest first, each world once, and backwards from those that have ended.
//! Invariant: a fault comes with the shortest history that leads to it.

use std::collections::HashMap;

use super::queue::{Flaw, How, Order};
use super::world::{Action, Answer, Fault, World};

/// What was gone through.
#[derive(Clone, Copy, Debug)]
pub(super) struct Tally {
    pub(super) worlds: usize,
    pub(super) steps: usize,
}

/// A history that must not be.
#[derive(Clone, Debug)]
pub(super) struct Counterexample {
    pub(super) fault: Fault,
    pub(super) history: Vec<Action>,
}

/// The worlds found so far, and how.
struct Found {
    names: HashMap<u128, u32>,
    /// Where each came from, and by what.
    from: Vec<(u32, Action)>,
    settled: Vec<u32>,
    /// Steps that the worker takes by itself, as (to, from).
    fair: Vec<(u32, u32)>,
    steps: usize,
}

/// Whether it happens by itself if only a worker runs long enough, undisturbed.
fn is_fair(action: Action) -> bool {
    match action {
        Action::Claim { .. }
        | Action::Heartbeat { .. }
        | Action::Record { .. }
        | Action::Rescue
        | Action::Begin
        | Action::Forward => true,
        Action::Settle { how, answer, .. } => {
            answer == Answer::Heard && matches!(how, How::Done | How::Dead | How::Retry { .. })
        }
        Action::Enqueue { .. } | Action::Crash | Action::Stop | Action::Kill | Action::Leave | Action::Back => {
            false
        }
    }
}

/// Goes through all of it.
pub(super) fn search(orders: &'static [Order], flaw: Option<Flaw>) -> Result<Tally, Counterexample> {
    let first = World::new(orders, flaw);
    let mut found = Found::with(&first);
    let mut level = vec![(0, first)];
    while !level.is_empty() {
        let mut next = Vec::new();
        for (number, world) in &level {
            for action in world.actions() {
                let mut after = world.clone();
                if let Err(fault) = after.act(action) {
                    let mut history = found.history(*number);
                    history.push(action);
                    return Err(Counterexample { fault, history });
                }
                let after = after.canonical();
                next.extend(found.meet(*number, action, &after).map(|number| (number, after)));
            }
        }
        level = next;
    }
    match found.stuck() {
        Some(number) => Err(Counterexample { fault: Fault::Stuck, history: found.history(number) }),
        None => Ok(Tally { worlds: found.from.len(), steps: found.steps }),
    }
}

impl Found {
    fn with(first: &World) -> Self {
        let names = HashMap::from([(first.name(), 0)]);
        Self { names, from: vec![(0, Action::Begin)], settled: vec![0], fair: Vec::new(), steps: 0 }
    }

    /// Takes note of a step; gives the number of a world that is new.
    fn meet(&mut self, from: u32, action: Action, world: &World) -> Option<u32> {
        self.steps += 1;
        let fresh = u32::try_from(self.from.len()).unwrap();
        let number = *self.names.entry(world.name()).or_insert(fresh);
        if is_fair(action) && number != from {
            self.fair.push((number, from));
        }
        if number != fresh {
            return None;
        }
        self.from.push((from, action));
        if world.is_settled() {
            self.settled.push(number);
        }
        Some(number)
    }

    fn history(&self, mut number: u32) -> Vec<Action> {
        let mut history = Vec::new();
        while number != 0 {
            let (before, action) = self.from[number as usize];
            history.push(action);
            number = before;
        }
        history.reverse();
        history
    }

    /// The first world from which no fair steps lead to one where all has ended.
    fn stuck(&mut self) -> Option<u32> {
        self.fair.sort_unstable();
        let mut ends = vec![false; self.from.len()];
        let mut waiting = self.settled.clone();
        while let Some(number) = waiting.pop() {
            if std::mem::replace(&mut ends[number as usize], true) {
                continue;
            }
            let start = self.fair.partition_point(|(to, _)| *to < number);
            let before = self.fair[start..].iter().take_while(|(to, _)| *to == number);
            waiting.extend(before.map(|(_, from)| *from).filter(|from| !ends[*from as usize]));
        }
        ends.iter().position(|ends| !ends).map(|number| u32::try_from(number).unwrap())
    }
}
