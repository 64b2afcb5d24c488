//! Wakes lanes: at a commit of this process that brought them tasks, and at a look for what other processes wrote.
//! Invariant: what was enqueued before a lane began to wait wakes it.

use std::sync::Arc;

use sqlx::{ConnectOptions, SqliteConnection};
use tokio::sync::watch;

use super::TaskKind;
use crate::open::read_options;
use crate::{Store, StoreError};

/// How often each kind was given something to do, in the order of [`TaskKind::ALL`].
pub(crate) type Woken = [u64; TaskKind::ALL.len()];

/// Wakes the lanes of one process. Clones share it.
#[derive(Clone)]
pub(crate) struct Waker(Arc<watch::Sender<Woken>>);

impl Default for Waker {
    fn default() -> Self {
        Self(Arc::new(watch::channel([0; TaskKind::ALL.len()]).0))
    }
}

impl Waker {
    /// Wakes the lanes of these kinds.
    pub(crate) fn wake(&self, kinds: impl Iterator<Item = TaskKind>) {
        let mut given = [false; TaskKind::ALL.len()];
        kinds.for_each(|kind| given[place(kind)] = true);
        self.0.send_modify(|woken| {
            for (count, given) in woken.iter_mut().zip(given) {
                *count += u64::from(given);
            }
        });
    }

    /// Wakes every lane.
    pub(crate) fn wake_all(&self) {
        self.wake(TaskKind::ALL.into_iter());
    }
}

fn place(kind: TaskKind) -> usize {
    TaskKind::ALL.iter().position(|other| *other == kind).unwrap_or_default()
}

/// Tells a lane when there may be something to do for it.
#[derive(Clone, Debug)]
pub struct Wake {
    woken: watch::Receiver<Woken>,
    kinds: Vec<TaskKind>,
    seen: Woken,
}

impl Wake {
    /// Waits until tasks of the kinds may have become due since this last returned, or since it was made; never, once the
    /// store is closed. Whoever stops waiting misses nothing.
    pub async fn woken(&mut self) {
        let (kinds, seen) = (&self.kinds, self.seen);
        let is_news = |woken: &Woken| kinds.iter().any(|kind| woken[place(*kind)] != seen[place(*kind)]);
        let news = self.woken.wait_for(is_news).await.map(|woken| *woken);
        match news {
            Ok(woken) => self.seen = woken,
            Err(_) => std::future::pending().await,
        }
    }
}

/// Looks for what other processes wrote.
pub struct Elsewhere {
    store: Store,
    connection: SqliteConnection,
    version: Option<i64>,
}

impl Elsewhere {
    /// Whether anything was committed to the file since the last look; if so, every lane is woken.
    pub async fn look(&mut self) -> Result<bool, StoreError> {
        let version: i64 = sqlx::query_scalar("PRAGMA data_version")
            .fetch_one(&mut self.connection)
            .await
            .map_err(|error| self.store.fault(error))?;
        let changed = self.version.is_some_and(|last| last != version);
        self.version = Some(version);
        if changed {
            self.store.woken.wake_all();
        }
        Ok(changed)
    }
}

impl Store {
    /// Wakes whoever does tasks of these kinds. Ask for it before the first turn: nothing is missed in between.
    pub fn wake(&self, kinds: &[TaskKind]) -> Wake {
        let woken = self.woken.0.subscribe();
        let seen = *woken.borrow();
        Wake { woken, kinds: kinds.to_vec(), seen }
    }

    /// A look at the file for what other processes write. To be asked a few times a second.
    pub async fn elsewhere(&self) -> Result<Elsewhere, StoreError> {
        let connection = read_options(self.path()).connect().await.map_err(|error| self.fault(error))?;
        let mut elsewhere = Elsewhere { store: self.clone(), connection, version: None };
        elsewhere.look().await?;
        Ok(elsewhere)
    }
}
