//! How much room the disk under the database has left.

use std::path::Path;

use hearsay_store::Health;

use super::finding::{About, Care, Finding};
use crate::exit::Failure;
use crate::words::size;

/// The least that should be free, whatever the database's size.
const LEAST: u64 = 256 << 20;

/// What the disk has left.
pub(super) fn finding(health: &Health, database: &Path) -> Result<Finding, Failure> {
    let folder = database.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
    Ok(judged(free(folder)?, health.file_bytes))
}

/// How many bytes this user may still write.
#[cfg(unix)]
fn free(folder: &Path) -> Result<Option<u64>, Failure> {
    match rustix::fs::statvfs(folder) {
        Ok(disk) => Ok(Some(disk.f_bavail.saturating_mul(disk.f_frsize))),
        Err(error) => Err(Failure::File { path: folder.to_owned(), source: error.into() }),
    }
}

/// This system is not asked.
#[cfg(not(unix))]
fn free(_folder: &Path) -> Result<Option<u64>, Failure> {
    Ok(None)
}

/// A tenth of the database's size should be free, and never less than [`LEAST`].
fn judged(free: Option<u64>, database: u64) -> Finding {
    let Some(free) = free else {
        return Finding::new(About::Disk, "unknown", Care::Fine, "this system does not say how much room is left");
    };
    if free < LEAST.max(database / 10) {
        let says = format!("nearly full: {} are free", size(free));
        return Finding::new(About::Disk, "nearly_full", Care::Person, says)
            .then("free some space; on a full disk nothing is recorded, and nothing is lost");
    }
    Finding::new(About::Disk, "room", Care::Fine, format!("{} are free", size(free)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_disk_that_is_nearly_full_needs_a_person() {
        let told = |free, database| {
            let finding = judged(Some(free), database);
            (finding.reason, finding.care)
        };
        assert_eq!(told(LEAST, 0), ("room", Care::Fine));
        assert_eq!(told(LEAST - 1, 0), ("nearly_full", Care::Person));
        assert_eq!(told(1 << 30, 20 << 30), ("nearly_full", Care::Person));
        assert_eq!(judged(None, 0).care, Care::Fine);
    }
}
