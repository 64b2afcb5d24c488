//! The write-ahead log is copied back while somebody writes without a pause, and its file stays bounded.

use crate::desk::Desk;
use crate::story::{BASICS, note};

/// Bytes of a page in the log, with its header.
const PAGE: u64 = 4_096 + 24;

/// How long the log's file may get, in pages: it is begun anew at some 20,000.
const BOUND: u64 = 32_000;

#[tokio::test(flavor = "multi_thread")]
async fn the_log_starts_over_while_somebody_writes() {
    let desk = Desk::told(BASICS).await;
    let (wal, database) = (desk.path.with_extension("db-wal"), desk.path.clone());
    let size = |path: &std::path::Path| std::fs::metadata(path).map_or(0, |file| file.len());
    let before = size(&database);
    let mut written = 0;
    while written < 2 * BOUND {
        let length = size(&wal);
        desk.tell(&note(["offer", "truce"][usize::from(written % 2 == 0)], "one more")).await;
        // Every note is a commit of its own, of at least as many pages as the log's file grew by at first.
        written += (size(&wal) - length).div_euclid(PAGE).max(7);
    }
    assert!(size(&wal) / PAGE < BOUND, "{} pages", size(&wal) / PAGE);
    assert!(size(&database) > before, "nothing was copied back");
    desk.assert_sound().await;
}
