//! One name for all worlds that can't be told apart: times count from now, marks are numbered as they come.
//! Worlds of one name have the same futures, but for how far a clock is set (it may go back by any step), and for what
//! stale attempts record that is in the log already, or of tasks that have ended.

use super::queue::{Place, Row, Token};
use super::world::{Attempt, LEASE, World};

/// The furthest that a clock set back puts off the end of a lease.
const LONGEST: i64 = LEASE + 1;

/// The furthest that it puts off what is due.
const LATEST: i64 = 1;

/// Numbers in few bits each, first come lowest.
struct Packed {
    bits: u128,
    used: u32,
}

impl Packed {
    fn push(&mut self, value: impl Into<i64>, width: u32) {
        let value = u128::try_from(value.into()).unwrap();
        assert!(value < 1 << width && self.used + width <= u128::BITS, "{value} does not fit");
        self.bits |= value << self.used;
        self.used += width;
    }
}

impl World {
    /// The world as it is named.
    pub(super) fn canonical(mut self) -> Self {
        let (now, boot) = (self.now, self.boot);
        for row in &mut self.queue.rows {
            *row = row_from(row, now, boot);
        }
        for attempt in &mut self.attempts {
            attempt.boot = u16::from(boot != 0 && attempt.boot == boot);
            let (row, truth) = (&self.queue.rows[attempt.task], &mut self.truths[attempt.task]);
            truth.recorded |= matches!(row.place, Place::Done | Place::Dead);
            attempt.recorded |= truth.recorded && truth.holder != attempt.token;
        }
        (self.now, self.boot) = (0, u16::from(boot != 0));
        self.renumber();
        self
    }

    /// Marks of rows first; those that only stale attempts have are all alike.
    fn renumber(&mut self) {
        let mut names: Vec<Token> = vec![0];
        for (row, truth) in self.queue.rows.iter_mut().zip(&mut self.truths) {
            for token in [&mut row.token, &mut truth.holder] {
                let number = place(&names, *token).unwrap_or(names.len());
                if number == names.len() {
                    names.push(*token);
                }
                *token = u16::try_from(number).unwrap();
            }
        }
        let order = |one: &Attempt| {
            let number = place(&names, one.token).unwrap_or(usize::MAX);
            (one.task, number, one.boot, one.recorded, one.ran_out)
        };
        self.attempts.sort_by_key(order);
        let mut next = names.len();
        for attempt in &mut self.attempts {
            let number = place(&names, attempt.token).unwrap_or(next);
            next += usize::from(number == next);
            attempt.token = u16::try_from(number).unwrap();
        }
    }

    /// The name of a canonical world.
    pub(super) fn name(&self) -> u128 {
        let mut packed = Packed { bits: 0, used: 0 };
        for (row, truth) in self.queue.rows.iter().zip(&self.truths) {
            packed.push(row.place as u8, 3);
            packed.push(u8::from(row.fresh), 1);
            packed.push(row.attempts, 3);
            packed.push(row.interruptions, 2);
            packed.push(row.run_at.map_or(0, |at| 1 + at), 2);
            packed.push(row.token, 3);
            packed.push(row.lease_until, 2);
            packed.push(row.boot, 1);
            packed.push(truth.holder, 3);
            packed.push(u8::from(truth.recorded), 1);
        }
        packed.push(self.boot, 1);
        for attempt in &self.attempts {
            packed.push(1, 1);
            packed.push(i64::try_from(attempt.task).unwrap(), 1);
            packed.push(attempt.token, 3);
            packed.push(attempt.boot, 1);
            packed.push(u8::from(attempt.recorded), 1);
            packed.push(u8::from(attempt.ran_out), 1);
        }
        packed.bits
    }
}

fn place(names: &[Token], token: Token) -> Option<usize> {
    names.iter().position(|name| *name == token)
}

fn row_from(row: &Row, now: i64, boot: u16) -> Row {
    Row {
        run_at: row.run_at.map(|at| (at - now).clamp(0, LATEST)),
        lease_until: if row.token == 0 { 0 } else { (row.lease_until - now).clamp(0, LONGEST) },
        boot: u16::from(boot != 0 && row.boot == boot),
        ..*row
    }
}
