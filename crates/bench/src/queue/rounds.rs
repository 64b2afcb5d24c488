//! Rounds: contenders take turns, so that what else the machine does falls on all of them.

use std::path::Path;

use anyhow::Result;

use super::huey::Huey;
use super::ours::Ours;
use super::raw::Raw;
use super::span::Span;
use super::{Bases, Part, QueueArgs, Sizes};
use crate::place::Place;

/// What was measured at one place.
#[derive(Default)]
pub(super) struct Measured {
    pub(super) empty: Pair,
    pub(super) backlog: Pair,
    pub(super) huey: Option<Span>,
}

/// Ours and the limit.
#[derive(Default)]
pub(super) struct Pair {
    pub(super) ours: Option<Span>,
    pub(super) limit: Option<Span>,
}

/// The rounds at one place.
pub(super) struct Rounds<'a> {
    pub(super) args: &'a QueueArgs,
    pub(super) sizes: &'a Sizes,
    pub(super) place: &'a Place,
}

/// Ours and the limit, each on a copy of one database, and what they took.
struct Contenders {
    ours: Ours,
    limit: Raw,
    took: (Vec<Span>, Vec<Span>),
}

impl Rounds<'_> {
    /// Contenders take turns; the first turn, of a quarter of the tasks, isn't counted.
    pub(super) async fn measure(&self, bases: &Bases, huey: Option<&Huey>) -> Result<Measured> {
        let (only, place) = (&self.args.only, self.place);
        let mut contenders = Vec::new();
        if only.contains(&Part::Empty) || only.contains(&Part::Backlog) {
            contenders.push(Contenders::open(place, &bases.empty, "empty").await?);
        }
        if let Some(backlog) = &bases.backlog {
            contenders.push(Contenders::open(place, backlog, "backlog").await?);
        }
        let mut hueys = Vec::new();
        for turn in 0..=self.args.rounds {
            eprintln!("{}: round {turn} of {} …", place.name, self.args.rounds);
            let tasks = if turn == 0 { self.sizes.tasks / 4 } else { self.sizes.tasks };
            for contender in &mut contenders {
                contender.round(tasks, self.args.batch).await?;
            }
            if let (Some(huey), true) = (huey, turn > 0) {
                hueys.push(huey.round(&place.file("huey.db"), tasks / 8)?);
            }
        }
        let mut pairs = Vec::new();
        for contender in contenders {
            pairs.push(contender.close().await?);
        }
        let mut pairs = pairs.into_iter();
        let (empty, backlog) = (pairs.next().unwrap_or_default(), pairs.next().unwrap_or_default());
        Ok(Measured { empty, backlog, huey: Span::medians(&hueys) })
    }
}

impl Contenders {
    async fn open(place: &Place, base: &Path, name: &str) -> Result<Self> {
        let ours = Ours::open(&place.copy_of(base, &format!("{name}-ours.db"))?).await?;
        let limit = Raw::open(&place.copy_of(base, &format!("{name}-limit.db"))?)?;
        Ok(Self { ours, limit, took: (Vec::new(), Vec::new()) })
    }

    async fn round(&mut self, tasks: usize, batch: usize) -> Result<()> {
        self.took.0.push(self.ours.round(tasks, batch).await?);
        self.took.1.push(self.limit.round(tasks, batch).await?);
        Ok(())
    }

    async fn close(self) -> Result<Pair> {
        self.ours.close().await?;
        self.limit.close()?;
        let counted = |spans: &[Span]| spans.get(1..).and_then(Span::medians);
        Ok(Pair { ours: counted(&self.took.0), limit: counted(&self.took.1) })
    }
}
