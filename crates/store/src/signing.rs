//! Checkpoints: signed, kept before they are shown, and proved by the tree.
//! Invariants: of one log no two roots are signed for one size; and what is signed goes on from what was signed before.

use futures_util::FutureExt;
use hearsay_ledger::{
    Checkpoint, Consistency, Hash, Inclusion, LedgerError, SignedCheckpoint, prove_consistency, prove_inclusion,
    root,
};
use jiff::Timestamp;
use sqlx::sqlite::SqliteRow;
use sqlx::{Connection, Executor, Row, SqliteConnection};

use crate::error::Fault;
use crate::log_key::{Lock, LogKey};
use crate::time::{from_micros, to_micros};
use crate::tree::{self, signed};
use crate::{Store, StoreError};

/// A checkpoint that was signed and is kept.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct KeptCheckpoint {
    /// The signed note.
    pub signed: SignedCheckpoint,
    /// When it was signed.
    pub signed_at: Timestamp,
}

/// Why a checkpoint is not signed or a cosignature not kept, or the fault that stopped it.
pub(crate) enum Stopped {
    Refused(StoreError),
    Fault(Fault),
}

impl From<Fault> for Stopped {
    fn from(fault: Fault) -> Self {
        Self::Fault(fault)
    }
}

impl From<sqlx::Error> for Stopped {
    fn from(error: sqlx::Error) -> Self {
        Self::Fault(error.into())
    }
}

impl From<StoreError> for Stopped {
    fn from(error: StoreError) -> Self {
        Self::Refused(error)
    }
}

impl From<LedgerError> for Stopped {
    fn from(error: LedgerError) -> Self {
        Self::Refused(error.into())
    }
}

impl Store {
    /// Signs a checkpoint of the log as it is now; gives the one that is kept, where this size was signed before.
    /// Refuses where the log is not the continuation of what the key signed last.
    pub async fn sign_checkpoint(&self, key: &LogKey) -> Result<KeptCheckpoint, StoreError> {
        let (lock, last) = key.lock().await?;
        let mut connection = self.own_connection().await?;
        let ended = sign(&mut connection, key, &lock, last, self.options.clock.now.as_ref()()).await;
        let ended = self.close_own(connection, ended).await;
        drop(lock);
        ended
    }

    /// Closes a connection of its own, and takes back what was begun on it where that was stopped.
    pub(crate) async fn close_own<T>(
        &self,
        mut connection: SqliteConnection,
        ended: Result<T, Stopped>,
    ) -> Result<T, StoreError> {
        if ended.is_err()
            && let Err(error) = (&mut connection).execute("ROLLBACK").await
        {
            tracing::debug!(%error, "nothing to roll back");
        }
        connection.close().await.map_err(|error| self.fault(error))?;
        ended.map_err(|stopped| match stopped {
            Stopped::Refused(error) => error,
            Stopped::Fault(fault) => self.fault(fault),
        })
    }

    /// The newest checkpoint that is kept, of one origin or of any.
    pub async fn newest_checkpoint(&self, origin: Option<&str>) -> Result<Option<KeptCheckpoint>, StoreError> {
        let mut connection = self.reader().await?;
        newest(&mut connection, origin).await.map_err(|fault| self.fault(fault))
    }

    /// Every checkpoint that is kept, the oldest first.
    pub async fn checkpoints(&self) -> Result<Vec<KeptCheckpoint>, StoreError> {
        let rows = sqlx::query("SELECT note, signed_at FROM checkpoints ORDER BY signed_at, size")
            .fetch_all(self.readers())
            .await
            .map_err(|error| self.fault(error))?;
        rows.iter().map(kept).collect::<Result<_, _>>().map_err(|fault: Fault| self.fault(fault))
    }

    /// How many events the log has, and the root of its tree.
    pub async fn tree_now(&self) -> Result<(u64, Hash), StoreError> {
        self.snapshot(|connection| {
            async move {
                let size = size(connection).await?;
                Ok((size, root_at(connection, size).await?))
            }
            .boxed()
        })
        .await
    }

    /// The root of the log's first `size` events.
    pub async fn root_of(&self, size: u64) -> Result<Hash, StoreError> {
        self.snapshot(move |connection| async move { root_at(connection, size).await }.boxed()).await
    }

    /// Proves that a log of `size` events has the event `seq` (from 1).
    pub async fn prove_inclusion(&self, size: u64, seq: u64) -> Result<Inclusion, StoreError> {
        let Some(index) = seq.checked_sub(1) else {
            return Err(LedgerError::NoSuchLeaf { index: 0, size: 0 }.into());
        };
        let known = self.hashes_for(move |reader| prove_inclusion(size, index, reader).map(drop)).await?;
        Ok(prove_inclusion(size, index, &known)?)
    }

    /// Proves that the log's first `new` events begin with its first `old`.
    pub async fn prove_consistency(&self, old: u64, new: u64) -> Result<Consistency, StoreError> {
        let known = self.hashes_for(move |reader| prove_consistency(old, new, reader).map(drop)).await?;
        Ok(prove_consistency(old, new, &known)?)
    }

    /// An event's leaf, and the envelope that it is the hash of.
    pub async fn leaf_of(&self, seq: u64) -> Result<(Hash, String), StoreError> {
        let row = sqlx::query("SELECT leaf, envelope FROM events WHERE seq = $1")
            .bind(signed(seq))
            .fetch_optional(self.readers())
            .await
            .map_err(|error| self.fault(error))?;
        let Some(row) = row else {
            return Err(StoreError::NotFound { what: "event", name: seq.to_string() });
        };
        let read = || -> Result<(Hash, String), Fault> { Ok((tree::hash(row.try_get(0)?)?, row.try_get(1)?)) };
        read().map_err(|fault| self.fault(fault))
    }

    /// The hashes that a proof reads, from one snapshot.
    async fn hashes_for(
        &self,
        work: impl FnOnce(&hearsay_ledger::Recorder) -> Result<(), LedgerError>,
    ) -> Result<hearsay_ledger::KnownHashes, StoreError> {
        let nodes = hearsay_ledger::wanted(work)?;
        self.snapshot(move |connection| async move { tree::hashes(connection, &nodes).await }.boxed()).await
    }

    /// Reads from one snapshot.
    pub(crate) async fn snapshot<T: Send>(
        &self,
        work: impl for<'c> FnOnce(&'c mut SqliteConnection) -> futures_util::future::BoxFuture<'c, Result<T, Fault>>
        + Send,
    ) -> Result<T, StoreError> {
        let mut connection = self.reader().await?;
        let mut transaction = connection.begin().await.map_err(|error| self.fault(error))?;
        let ended = work(&mut transaction).await;
        transaction.rollback().await.map_err(|error| self.fault(error))?;
        ended.map_err(|fault| self.fault(fault))
    }
}

async fn sign(
    connection: &mut SqliteConnection,
    key: &LogKey,
    lock: &Lock<'_>,
    last: Option<SignedCheckpoint>,
    now: Timestamp,
) -> Result<KeptCheckpoint, Stopped> {
    connection.execute("BEGIN IMMEDIATE").await?;
    let size = size(connection).await?;
    if size == 0 {
        return Err(StoreError::NothingToSign.into());
    }
    let tree_root = root_at(connection, size).await?;
    let kept = newest(connection, Some(key.origin())).await?;
    if let Some(kept) = &kept {
        kept.signed.verify(&key.verifying())?;
    }
    for earlier in last.iter().chain(kept.as_ref().map(|kept| &kept.signed)) {
        check_goes_on(connection, earlier.checkpoint(), size, tree_root).await?;
    }
    if let Some(last) = last {
        bring_back(connection, last, now).await?;
    }
    let newest = newest(connection, Some(key.origin())).await?;
    if let Some(kept) = newest.as_ref().filter(|kept| kept.signed.checkpoint().size() == size) {
        connection.execute("COMMIT").await?;
        return Ok(kept.clone());
    }
    let number = number_after(connection, newest.as_ref(), key.origin()).await?;
    let note = lock.sign(Checkpoint::new(key.origin(), size, tree_root)?.numbered(number))?;
    let signed = KeptCheckpoint { signed: note, signed_at: now };
    keep(connection, &signed).await?;
    connection.execute("COMMIT").await?;
    Ok(signed)
}

/// The number of the checkpoint after the newest: those that an older program signed have none, and are counted.
async fn number_after(
    connection: &mut SqliteConnection,
    newest: Option<&KeptCheckpoint>,
    origin: &str,
) -> Result<u64, Fault> {
    if let Some(number) = newest.and_then(|newest| newest.signed.checkpoint().number()) {
        return Ok(number.saturating_add(1));
    }
    let kept: i64 = sqlx::query_scalar("SELECT count(*) FROM checkpoints WHERE origin = $1")
        .bind(origin)
        .fetch_one(connection)
        .await?;
    Ok(kept.unsigned_abs() + 1)
}

/// Keeps what the key signed last, where a transaction that was broken off, or an older copy, has lost it.
async fn bring_back(
    connection: &mut SqliteConnection,
    last: SignedCheckpoint,
    now: Timestamp,
) -> Result<(), Fault> {
    let checkpoint = last.checkpoint();
    let is_kept: bool =
        sqlx::query_scalar("SELECT EXISTS (SELECT 1 FROM checkpoints WHERE origin = $1 AND size = $2)")
            .bind(checkpoint.origin())
            .bind(signed(checkpoint.size()))
            .fetch_one(&mut *connection)
            .await?;
    if is_kept { Ok(()) } else { keep(connection, &KeptCheckpoint { signed: last, signed_at: now }).await }
}

async fn keep(connection: &mut SqliteConnection, kept: &KeptCheckpoint) -> Result<(), Fault> {
    let checkpoint = kept.signed.checkpoint();
    sqlx::query("INSERT INTO checkpoints (origin, size, root, note, signed_at) VALUES ($1, $2, $3, $4, $5)")
        .bind(checkpoint.origin())
        .bind(signed(checkpoint.size()))
        .bind(checkpoint.root().as_slice())
        .bind(kept.signed.to_text())
        .bind(to_micros(kept.signed_at))
        .execute(connection)
        .await?;
    Ok(())
}

/// Refuses unless the log begins with what was signed of it earlier.
async fn check_goes_on(
    connection: &mut SqliteConnection,
    earlier: &Checkpoint,
    size: u64,
    tree_root: Hash,
) -> Result<(), Stopped> {
    let signed = earlier.size();
    if size < signed {
        return Err(StoreError::LogIsBehind { size, signed }.into());
    }
    let known = tree::fetched(connection, |reader| prove_consistency(signed, size, reader)).await?;
    let proof = prove_consistency(signed, size, &known).map_err(Fault::damaged)?;
    proof.verify(earlier.root(), tree_root).map_err(|_| StoreError::LogWasRewritten { size, signed }.into())
}

async fn size(connection: &mut SqliteConnection) -> Result<u64, Fault> {
    let last: i64 = sqlx::query_scalar("SELECT coalesce(max(seq), 0) FROM events").fetch_one(connection).await?;
    Ok(last.unsigned_abs())
}

async fn root_at(connection: &mut SqliteConnection, size: u64) -> Result<Hash, Fault> {
    let known = tree::fetched(connection, |reader: &hearsay_ledger::Recorder| root(size, reader)).await?;
    root(size, &known).map_err(Fault::damaged)
}

async fn newest(connection: &mut SqliteConnection, origin: Option<&str>) -> Result<Option<KeptCheckpoint>, Fault> {
    let row =
        sqlx::query(include_str!("sql/newest_checkpoint.sql")).bind(origin).fetch_optional(connection).await?;
    row.as_ref().map(kept).transpose()
}

fn kept(row: &SqliteRow) -> Result<KeptCheckpoint, Fault> {
    let note: String = row.try_get(0)?;
    let signed = SignedCheckpoint::parse(note.as_bytes()).map_err(Fault::damaged)?;
    Ok(KeptCheckpoint { signed, signed_at: from_micros(row.try_get(1)?)? })
}
