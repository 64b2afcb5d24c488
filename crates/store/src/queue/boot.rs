//! A worker's run: the lock that keeps a second worker off the file, and the run's number.
//! Invariant: at most one process holds the lock `FILE.worker`; it is freed when that process ends, however it ends.

use std::fs::{File, TryLockError};
use std::io::{Read, Seek, Write};
use std::time::Duration;

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use super::turn::day;
use super::{BootNumber, MAX_INTERRUPTIONS, WorkerNow};
use crate::error::Fault;
use crate::open::with_suffix;
use crate::time::{from_micros, to_micros};
use crate::{Store, StoreError};

/// How often the lock is tried: a look at it by another process may hold it for an instant.
const TRIES: u32 = 10;

/// How long to pause between two tries.
const PAUSE: Duration = Duration::from_millis(20);

/// A worker's run, and the lock on the file that it holds while this lives.
#[derive(Debug)]
pub struct Boot {
    number: BootNumber,
    _lock: File,
}

impl Boot {
    /// The run's number.
    pub fn number(&self) -> BootNumber {
        self.number
    }
}

/// What the lock file says of the process that holds it.
#[derive(Serialize, Deserialize)]
struct Holder {
    pid: u32,
    name: String,
    since: Timestamp,
}

impl Store {
    /// Begins a worker's run: takes the lock, and puts back at once whatever earlier runs left leased.
    /// [`StoreError::AnotherWorker`] names the process that has the lock.
    pub async fn begin_boot(&self, pid: u32, name: &str) -> Result<Boot, StoreError> {
        let since = (self.options.clock.now)();
        let lock = self.lock_worker(&Holder { pid, name: name.to_owned(), since }).await?;
        let (name, now) = (name.to_owned(), to_micros(since));
        let number: i64 = self
            .write(move |connection| {
                Box::pin(async move {
                    let number = sqlx::query_scalar(include_str!("../sql/begin_boot.sql"))
                        .bind(i64::from(pid))
                        .bind(name)
                        .bind(now)
                        .bind(day(now))
                        .bind(i64::from(MAX_INTERRUPTIONS))
                        .fetch_all(connection)
                        .await?;
                    let number = number.first().copied().ok_or_else(|| Fault::Other("no run began".to_owned()))?;
                    Ok((number, 1))
                })
            })
            .await?;
        Ok(Boot { number: BootNumber(number.unsigned_abs()), _lock: lock })
    }

    async fn lock_worker(&self, holder: &Holder) -> Result<File, StoreError> {
        let path = with_suffix(self.path(), ".worker");
        let io = |source| StoreError::Io { path: path.clone(), source };
        let mut file =
            File::options().create(true).truncate(false).read(true).write(true).open(&path).map_err(io)?;
        for tried in 1..=TRIES {
            match file.try_lock() {
                Ok(()) => {
                    let text = serde_json::to_string(holder).map_err(|error| io(error.into()))?;
                    file.set_len(0).and_then(|()| file.rewind()).map_err(io)?;
                    file.write_all(text.as_bytes()).map_err(io)?;
                    return Ok(file);
                }
                Err(TryLockError::Error(error)) => return Err(io(error)),
                Err(TryLockError::WouldBlock) if tried < TRIES => tokio::time::sleep(PAUSE).await,
                Err(TryLockError::WouldBlock) => {}
            }
        }
        let Holder { pid, name, since } = holder_of(&mut file).map_err(io)?.unwrap_or_else(|| Holder {
            pid: 0,
            name: "starting".to_owned(),
            since: (self.options.clock.now)(),
        });
        Err(StoreError::AnotherWorker { path: self.path().to_owned(), pid, name, since })
    }

    /// Ends a worker's run and frees the lock. What it still has leased is put back when the next one begins.
    pub async fn end_boot(&self, boot: Boot) -> Result<(), StoreError> {
        let (number, now) = (boot.number.0.cast_signed(), to_micros((self.options.clock.now)()));
        let ended = self
            .write(move |connection| {
                Box::pin(async move {
                    sqlx::query("UPDATE workers SET stopped_at = $2 WHERE boot = $1")
                        .bind(number)
                        .bind(now)
                        .execute(connection)
                        .await?;
                    Ok(((), 1))
                })
            })
            .await;
        drop(boot);
        ended
    }

    /// The worker that has the lock now.
    pub async fn worker_now(&self) -> Result<Option<WorkerNow>, StoreError> {
        let path = with_suffix(self.path(), ".worker");
        let io = |source| StoreError::Io { path: path.clone(), source };
        let mut file = match File::open(&path) {
            Ok(file) => file,
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => return Ok(None),
            Err(error) => return Err(io(error)),
        };
        match file.try_lock_shared() {
            Ok(()) => return Ok(None),
            Err(TryLockError::WouldBlock) => {}
            Err(TryLockError::Error(error)) => return Err(io(error)),
        }
        let Some(Holder { pid, name, since }) = holder_of(&mut file).map_err(io)? else { return Ok(None) };
        let run: Option<(i64, i64)> = sqlx::query_as(
            "SELECT boot, seen_at FROM workers WHERE pid = $1 AND started_at = $2 ORDER BY boot DESC LIMIT 1",
        )
        .bind(i64::from(pid))
        .bind(to_micros(since))
        .fetch_optional(self.readers())
        .await
        .map_err(|error| self.fault(error))?;
        let boot = run.map(|(boot, _)| BootNumber(boot.unsigned_abs()));
        let seen_at = run.map_or(Ok(since), |(_, seen)| from_micros(seen)).map_err(|fault| self.fault(fault))?;
        Ok(Some(WorkerNow { boot, pid, name, since, seen_at }))
    }
}

/// What the lock file says; none where it is just being written.
fn holder_of(file: &mut File) -> std::io::Result<Option<Holder>> {
    let mut text = String::new();
    file.rewind()?;
    file.read_to_string(&mut text)?;
    Ok(serde_json::from_str(&text).ok())
}
