//! The key that signs the log's checkpoints, in a file of its own; and what it signed last, in another beside it.
//! Invariant: nobody but its owner may read a key. What was signed last is on disk before it is shown, and no database,
//! old or new, gets two roots signed for one size.

use std::fs::{File, OpenOptions, Permissions, TryLockError};
use std::io::{ErrorKind, Read, Write};
use std::os::unix::fs::{MetadataExt, OpenOptionsExt, PermissionsExt};
use std::path::{Path, PathBuf};
use std::time::Duration;

use hearsay_ledger::{Checkpoint, KeyKind, SignedCheckpoint, SigningKey, VerifyingKey};
use jiff::Timestamp;

use crate::StoreError;
use crate::open::{BUSY, LOCK_PAUSE, with_suffix};

/// How many bytes of a key file, or of a state file, are read at most.
const MOST: u64 = 64 * 1024;

/// Permissions of group and others.
const OTHERS: u32 = 0o077;

/// A log's signing key, with the file that it lies in.
pub struct LogKey {
    path: PathBuf,
    key: SigningKey,
    /// Locked while something is signed, so that no two processes sign at once.
    file: File,
}

impl LogKey {
    /// The key file of a database, where nothing else is said.
    pub fn beside(database: &Path) -> PathBuf {
        with_suffix(database, ".key")
    }

    /// Makes a key for the log of that origin from 32 bytes that nobody can guess, in a new file that only its owner may
    /// read.
    pub fn make(path: &Path, origin: &str, seed: &[u8; 32]) -> Result<Self, StoreError> {
        let key = SigningKey::new(origin, seed)?;
        let state = state_file(path);
        if state.exists() {
            return Err(StoreError::Exists { path: state });
        }
        let made = OpenOptions::new().read(true).write(true).create_new(true).mode(0o600).open(path);
        let mut file = made.map_err(|source| {
            let (path, exists) = (path.to_owned(), source.kind() == ErrorKind::AlreadyExists);
            if exists { StoreError::Exists { path } } else { StoreError::Io { path, source } }
        })?;
        let written = writeln!(file, "{}", key.to_secret_text()).and_then(|()| file.sync_all());
        written
            .and_then(|()| sync_directory(path))
            .map_err(|source| StoreError::Io { path: path.to_owned(), source })?;
        let path = path.canonicalize().map_err(|source| StoreError::Io { path: path.to_owned(), source })?;
        Ok(Self { path, key, file })
    }

    /// Opens a key's file; refuses it while anybody but its owner may read it.
    pub fn open(path: &Path) -> Result<Self, StoreError> {
        let io = |source| StoreError::Io { path: path.to_owned(), source };
        let file = File::open(path).map_err(|source| {
            let missing = source.kind() == ErrorKind::NotFound;
            if missing { StoreError::NoKey { path: path.to_owned() } } else { io(source) }
        })?;
        let found = file.metadata().map_err(io)?;
        let mode = found.permissions().mode();
        if mode & OTHERS != 0 {
            return Err(StoreError::KeyIsOpen { path: path.to_owned(), mode: mode & 0o777 });
        }
        if found.nlink() > 1 {
            let why = "it has another name, too, under which it could sign without knowing what it signed under this one";
            return Err(StoreError::BadKey { path: path.to_owned(), why: why.to_owned() });
        }
        // What it signed last lies beside the file itself, by whatever name that was found.
        let path = path.canonicalize().map_err(io)?;
        let mut text = String::new();
        (&file).take(MOST).read_to_string(&mut text).map_err(io)?;
        let key = SigningKey::parse(text.trim_end())
            .map_err(|error| StoreError::BadKey { path: path.clone(), why: error.to_string() })?;
        Ok(Self { path, key, file })
    }

    /// The file.
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// The origin of the log that it signs for.
    pub fn origin(&self) -> &str {
        self.key.name()
    }

    /// The key that everybody checks its signatures with.
    pub fn verifying(&self) -> VerifyingKey {
        self.key.verifying(KeyKind::Log)
    }

    /// The key that everybody checks its cosignatures with, where it is a witness's.
    pub fn witnessing(&self) -> VerifyingKey {
        self.key.verifying(KeyKind::Witness)
    }

    /// Adds a witness's cosignature.
    pub fn cosign(&self, signed: &SignedCheckpoint, now: Timestamp) -> Result<SignedCheckpoint, StoreError> {
        Ok(signed.cosign(&self.key, now.as_second().unsigned_abs())?)
    }

    /// Waits until no other process works with the key, and keeps others out from here on.
    pub async fn hold(&self) -> Result<Lock<'_>, StoreError> {
        let mut waited = Duration::ZERO;
        while let Err(error) = self.file.try_lock() {
            let path = self.path.clone();
            match error {
                TryLockError::WouldBlock if waited < BUSY => tokio::time::sleep(LOCK_PAUSE).await,
                TryLockError::WouldBlock => return Err(StoreError::Busy { path }),
                TryLockError::Error(source) => return Err(StoreError::Io { path, source }),
            }
            waited += LOCK_PAUSE;
        }
        let lock = Lock(self);
        self.check_in_place()?;
        Ok(lock)
    }

    /// Refuses where the key was retired since it was opened: what it signed last lies elsewhere by now.
    fn check_in_place(&self) -> Result<(), StoreError> {
        let io = |source| StoreError::Io { path: self.path.clone(), source };
        let opened = self.file.metadata().map_err(io)?;
        match std::fs::metadata(&self.path) {
            Ok(now) if (now.dev(), now.ino()) == (opened.dev(), opened.ino()) => Ok(()),
            Ok(_) => {
                let why = "another key has taken its place".to_owned();
                Err(StoreError::BadKey { path: self.path.clone(), why })
            }
            Err(error) if error.kind() == ErrorKind::NotFound => {
                Err(StoreError::NoKey { path: self.path.clone() })
            }
            Err(source) => Err(io(source)),
        }
    }

    /// What it signed last, by its own account; waits until no other process signs, and keeps others out from here on.
    pub(crate) async fn lock(&self) -> Result<(Lock<'_>, Option<SignedCheckpoint>), StoreError> {
        let lock = self.hold().await?;
        let last = lock.last()?;
        Ok((lock, last))
    }
}

impl std::fmt::Debug for LogKey {
    fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(out, "LogKey({})", self.path.display())
    }
}

/// Moves a key and what it signed last aside, for good: from then on another key may be made in its place.
pub async fn retire_key(path: &Path) -> Result<PathBuf, StoreError> {
    let io = |source| StoreError::Io { path: path.to_owned(), source };
    let key = LogKey::open(path)?;
    let aside = with_suffix(key.path(), &format!(".{:08x}.retired", key.verifying().id()));
    if aside.exists() {
        return Err(StoreError::Exists { path: aside });
    }
    let _lock = key.hold().await?;
    let (path, state) = (key.path(), state_file(key.path()));
    // The key goes first: one without its memory could sign another past.
    std::fs::rename(path, &aside).and_then(|()| sync_directory(path)).map_err(io)?;
    if state.exists() {
        std::fs::rename(&state, with_suffix(&aside, ".state")).and_then(|()| sync_directory(path)).map_err(io)?;
    }
    Ok(aside)
}

/// The one process that may sign, until it is dropped.
pub struct Lock<'a>(&'a LogKey);

impl Lock<'_> {
    /// Signs, and has what was signed on disk, beside the key, before it gives it.
    pub(crate) fn sign(&self, checkpoint: Checkpoint) -> Result<SignedCheckpoint, StoreError> {
        let signed = SignedCheckpoint::sign(checkpoint, &self.0.key)?;
        let state = state_file(&self.0.path);
        write_atomically(&state, signed.to_text()).map_err(|source| StoreError::Io { path: state, source })?;
        Ok(signed)
    }

    fn last(&self) -> Result<Option<SignedCheckpoint>, StoreError> {
        let path = state_file(&self.0.path);
        let mut bytes = Vec::new();
        match File::open(&path) {
            Ok(file) => file.take(MOST).read_to_end(&mut bytes),
            Err(error) if error.kind() == ErrorKind::NotFound => return Ok(None),
            Err(error) => Err(error),
        }
        .map_err(|source| StoreError::Io { path: path.clone(), source })?;
        let signed = SignedCheckpoint::parse(&bytes).and_then(|signed| {
            signed.verify(&self.0.verifying())?;
            Ok(signed)
        });
        match signed {
            Ok(signed) => Ok(Some(signed)),
            Err(error) => Err(StoreError::BadKey { path, why: error.to_string() }),
        }
    }
}

impl Drop for Lock<'_> {
    fn drop(&mut self) {
        if let Err(error) = self.0.file.unlock() {
            tracing::warn!(%error, "the key's file stays locked until this process ends");
        }
    }
}

/// The file that tells what a key signed last.
fn state_file(key: &Path) -> PathBuf {
    with_suffix(key, ".state")
}

/// Writes a file whole or not at all, and has it on disk.
fn write_atomically(path: &Path, text: &str) -> std::io::Result<()> {
    let part = with_suffix(path, ".part");
    let mut file = File::create(&part)?;
    file.set_permissions(Permissions::from_mode(0o600))?;
    file.write_all(text.as_bytes())?;
    file.sync_all()?;
    std::fs::rename(&part, path)?;
    sync_directory(path)
}

fn sync_directory(path: &Path) -> std::io::Result<()> {
    let directory = path.parent().filter(|parent| !parent.as_os_str().is_empty()).unwrap_or(Path::new("."));
    File::open(directory)?.sync_all()
}
