//! Where databases lie while they are measured: a directory on disk, and one in memory.

use std::path::{Path, PathBuf};

use anyhow::{Context, Result};
use rusqlite::Connection;
use tempfile::TempDir;

/// A directory that is gone when the benchmark ends.
pub(crate) struct Place {
    /// What the report calls it.
    pub(crate) name: &'static str,
    directory: TempDir,
}

impl Place {
    /// On disk: in the given directory, else beside the built program.
    pub(crate) fn disk(given: Option<&Path>) -> Result<Self> {
        let beside = std::env::current_exe()?.parent().map(Path::to_owned).unwrap_or_default();
        let directory = TempDir::with_prefix_in("hearsay-bench-", given.unwrap_or(&beside))?;
        Ok(Self { name: "disk", directory })
    }

    /// In memory, where the machine has such a file system.
    pub(crate) fn tmpfs() -> Result<Option<Self>> {
        let shared = Path::new("/dev/shm");
        if !shared.is_dir() {
            return Ok(None);
        }
        Ok(Some(Self { name: "tmpfs", directory: TempDir::with_prefix_in("hearsay-bench-", shared)? }))
    }

    /// The disk, then memory if there is any and it is wanted.
    pub(crate) fn all(given: Option<&Path>) -> Result<Vec<Self>> {
        Ok(std::iter::once(Self::disk(given)?).chain(Self::tmpfs()?).collect())
    }

    /// A file there.
    pub(crate) fn file(&self, name: &str) -> PathBuf {
        self.directory.path().join(name)
    }

    /// A copy of a database that nobody has open.
    pub(crate) fn copy_of(&self, database: &Path, name: &str) -> Result<PathBuf> {
        let copy = self.file(name);
        remove(&copy)?;
        std::fs::copy(database, &copy).with_context(|| format!("copying to {}", copy.display()))?;
        std::fs::File::open(&copy)?.sync_all()?;
        Ok(copy)
    }
}

/// Removes a database with what lies beside it.
pub(crate) fn remove(database: &Path) -> Result<()> {
    for suffix in ["", "-wal", "-shm"] {
        let mut name = database.as_os_str().to_owned();
        name.push(suffix);
        match std::fs::remove_file(&name) {
            Err(error) if error.kind() != std::io::ErrorKind::NotFound => return Err(error.into()),
            Ok(()) | Err(_) => {}
        }
    }
    Ok(())
}

/// Moves all of a closed database into its one file, so that it can be copied.
pub(crate) fn into_one_file(database: &Path) -> Result<()> {
    let connection = Connection::open(database)?;
    connection.query_row("PRAGMA wal_checkpoint(TRUNCATE)", [], |_| Ok(()))?;
    connection.close().map_err(|(_, error)| error)?;
    Ok(())
}
