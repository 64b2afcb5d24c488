//! What a witness keeps, in a folder of its own: its key, the logs that it watches, and what it saw of each.
//! Invariant: what it vouches for is on disk before it is shown; and nothing that contradicts itself is thrown away.

use std::fs;
use std::io::{ErrorKind, Write};
use std::path::{Path, PathBuf};

use hearsay_ledger::{KeyKind, SignedCheckpoint, VerifyingKey, WitnessRefusal, WitnessRequest};
use hearsay_store::{LogKey, StoreError};
use jiff::Timestamp;
use tempfile::NamedTempFile;

use crate::exit::Failure;

/// How much of a file is read at most: more than any request may have.
const MOST: u64 = 1 << 20;

/// A witness's folder.
pub(crate) struct Witness {
    folder: PathBuf,
}

/// A log that is watched.
pub(crate) struct Log {
    /// Its key.
    pub(crate) key: VerifyingKey,
    /// What was seen of it last, cosigned.
    pub(crate) seen: Option<SignedCheckpoint>,
    /// How many forks of it were kept.
    pub(crate) forks: u64,
    folder: PathBuf,
}

impl Witness {
    /// The witness of that folder.
    pub(crate) fn of(folder: &Path) -> Self {
        Self { folder: folder.to_owned() }
    }

    fn key_file(&self) -> PathBuf {
        self.folder.join("witness.key")
    }

    /// Makes the witness: its folder, and its key.
    pub(crate) fn make(&self, name: &str, seed: &[u8; 32]) -> Result<LogKey, Failure> {
        fs::create_dir_all(&self.folder).map_err(|source| failed(&self.folder, source))?;
        Ok(LogKey::make(&self.key_file(), name, seed)?)
    }

    /// Its key.
    pub(crate) fn key(&self) -> Result<LogKey, Failure> {
        LogKey::open(&self.key_file()).map_err(|error| {
            if matches!(error, StoreError::NoKey { .. }) {
                let folder = self.folder.display();
                Failure::Missing(format!(
                    "`{folder}` holds no witness; `hearsay witness key --make NAME` makes one"
                ))
            } else {
                error.into()
            }
        })
    }

    /// The logs that it watches, by their origins.
    pub(crate) fn logs(&self) -> Result<Vec<Log>, Failure> {
        let folder = self.folder.join("logs");
        let mut logs = Vec::new();
        let entries = match fs::read_dir(&folder) {
            Ok(entries) => entries,
            Err(error) if error.kind() == ErrorKind::NotFound => return Ok(logs),
            Err(source) => return Err(failed(&folder, source)),
        };
        for entry in entries {
            let log = entry.map_err(|source| failed(&folder, source))?.path();
            // What has no key was never watched: it was being added when the process died, or is none of ours.
            if log.join("key").exists() {
                logs.push(Log::read(log)?);
            }
        }
        logs.sort_by(|a, b| a.key.name().cmp(b.key.name()));
        Ok(logs)
    }

    /// Begins to watch a log.
    pub(crate) async fn add(&self, key: &VerifyingKey) -> Result<(), Failure> {
        let own = self.key()?;
        let _alone = own.hold().await?;
        if key.kind() == KeyKind::Witness {
            return Err(Failure::Usage(format!("{} is the key of a witness, and not of a log", key.label())));
        }
        if let Some(known) = self.logs()?.into_iter().find(|log| log.key.name() == key.name()) {
            return Err(Failure::Usage(format!(
                "the log `{}` is watched already, by the key {}",
                key.name(),
                known.key.to_text()
            )));
        }
        let folder = self.folder.join("logs").join(format!("{:08x}", key.id()));
        if folder.join("key").exists() {
            return Err(Failure::Usage(format!(
                "another log's key has the id {:08x}, too; ask for another key",
                key.id()
            )));
        }
        fs::create_dir_all(&folder).map_err(|source| failed(&folder, source))?;
        write(&folder.join("key"), &format!("{}\n", key.to_text()))
    }

    /// Judges what is given; cosigns it, keeps it and gives it, or keeps both sides of a fork.
    pub(crate) async fn check(&self, given: &Path, now: Timestamp) -> Result<SignedCheckpoint, Failure> {
        let own = self.key()?;
        let request = WitnessRequest::parse(&read(given)?).map_err(Failure::Ledger)?;
        let _alone = own.hold().await?;
        let origin = request.signed().checkpoint().origin();
        let Some(log) = self.logs()?.into_iter().find(|log| log.key.name() == origin) else {
            return Err(Failure::Missing(format!(
                "no log `{origin}` is watched; `hearsay witness add KEY` begins to"
            )));
        };
        match request.judge(&log.key, log.seen.as_ref()) {
            Ok(()) => {
                let cosigned = own.cosign(request.signed(), now)?;
                write(&log.seen_at(cosigned.checkpoint().size()), cosigned.to_text())?;
                write(&log.folder.join("seen"), cosigned.to_text())?;
                Ok(cosigned)
            }
            Err(refusal) if refusal.is_fork() => Err(log.keep_fork(log.seen.as_ref(), &request, &refusal)?),
            Err(WitnessRefusal::Older { given, seen }) => {
                let earlier = checkpoint(&log.seen_at(given))?;
                let root = request.signed().checkpoint().root();
                if earlier.as_ref().is_some_and(|earlier| earlier.checkpoint().root() != root) {
                    let fork = WitnessRefusal::TwoRoots { size: given };
                    return Err(log.keep_fork(earlier.as_ref(), &request, &fork)?);
                }
                Err(Failure::Usage(WitnessRefusal::Older { given, seen }.to_string()))
            }
            Err(WitnessRefusal::Ledger(error)) => Err(Failure::Ledger(error)),
            Err(refusal) => Err(Failure::Usage(refusal.to_string())),
        }
    }
}

impl Log {
    fn read(folder: PathBuf) -> Result<Self, Failure> {
        let key = folder.join("key");
        let text = String::from_utf8(read(&key)?)
            .map_err(|_| Failure::Usage(format!("`{}` is no key: it is not UTF-8", key.display())))?;
        let key = VerifyingKey::parse(text.trim_end()).map_err(Failure::Ledger)?;
        let seen = checkpoint(&folder.join("seen"))?;
        let forks = match fs::read_dir(folder.join("forks")) {
            Ok(entries) => entries.count() as u64,
            Err(error) if error.kind() == ErrorKind::NotFound => 0,
            Err(source) => return Err(failed(&folder, source)),
        };
        Ok(Self { key, seen, forks, folder })
    }

    /// Where it is kept what was vouched for at one size.
    fn seen_at(&self, size: u64) -> PathBuf {
        self.folder.join(format!("seen-{size}"))
    }

    /// Keeps what was seen and what contradicts it, and says where; the same checkpoint once.
    fn keep_fork(
        &self,
        seen: Option<&SignedCheckpoint>,
        request: &WitnessRequest,
        refusal: &WitnessRefusal,
    ) -> Result<Failure, Failure> {
        let forks = self.folder.join("forks");
        let mut number = 1_u64;
        let folder = loop {
            let folder = forks.join(number.to_string());
            let given = folder.join("given");
            if !given.exists() {
                break folder;
            }
            if read(&given)?.ends_with(request.signed().to_text().as_bytes()) {
                break folder;
            }
            number += 1;
        };
        if !folder.join("given").exists() {
            fs::create_dir_all(&folder).map_err(|source| failed(&folder, source))?;
            if let Some(seen) = seen {
                write(&folder.join("seen"), seen.to_text())?;
            }
            write(&folder.join("given"), &request.to_text())?;
        }
        let folder = folder.display();
        Ok(Failure::Found(format!(
            "not cosigned: {refusal}; both sides are kept in `{folder}`: show them to others"
        )))
    }
}

/// A checkpoint that is kept, if it is.
fn checkpoint(path: &Path) -> Result<Option<SignedCheckpoint>, Failure> {
    if !path.exists() {
        return Ok(None);
    }
    SignedCheckpoint::parse(&read(path)?).map(Some).map_err(Failure::Ledger)
}

fn read(path: &Path) -> Result<Vec<u8>, Failure> {
    let mut bytes = Vec::new();
    let read = fs::File::open(path)
        .and_then(|file| std::io::Read::read_to_end(&mut std::io::Read::take(file, MOST), &mut bytes));
    read.map(|_| bytes).map_err(|source| failed(path, source))
}

/// Writes a file whole or not at all, and has it on disk.
fn write(path: &Path, text: &str) -> Result<(), Failure> {
    let folder = path.parent().unwrap_or(Path::new("."));
    let write = || {
        let mut file = NamedTempFile::new_in(folder)?;
        file.write_all(text.as_bytes())?;
        file.as_file().sync_all()?;
        file.persist(path).map_err(|error| error.error)?;
        fs::File::open(folder)?.sync_all()
    };
    write().map_err(|source| failed(path, source))
}

fn failed(path: &Path, source: std::io::Error) -> Failure {
    Failure::File { path: path.to_owned(), source }
}
