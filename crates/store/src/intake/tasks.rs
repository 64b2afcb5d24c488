//! The tasks of intake: enqueued in the transaction that makes them necessary, and found again where they were lost.
//! Invariant: what feeds and items say is what is to be done; a task only says when, and one too many does no harm.

use hearsay_core::{FeedNumber, ItemNumber};
use jiff::Timestamp;
use serde_json::json;
use sqlx::SqliteConnection;

use crate::error::Fault;
use crate::queue::enqueue_within;
use crate::{NewTask, Store, StoreError, TaskKind};

/// How many items are looked at together.
const PAGE: u32 = 1_000;

/// How many documents are looked at again in one sweep.
const RECHECKS: u32 = 500;

/// The task that polls a feed, then; none: now.
fn poll_feed(feed: FeedNumber, at: Option<Timestamp>) -> NewTask {
    let key = Some(format!("poll_feed:{feed}"));
    NewTask { key, run_at: at, ..NewTask::now(TaskKind::PollFeed, json!({ "feed": feed })) }
}

/// The task that fetches and reads an item.
fn fetch_item(item: ItemNumber) -> NewTask {
    let key = Some(format!("fetch_item:{item}"));
    NewTask { key, ..NewTask::now(TaskKind::FetchItem, json!({ "item": item })) }
}

/// The task that looks again at an item's document.
fn recheck(item: ItemNumber) -> NewTask {
    let key = Some(format!("recheck:{item}"));
    NewTask { key, ..NewTask::now(TaskKind::Recheck, json!({ "item": item })) }
}

/// Has a feed polled, in a transaction that has begun.
pub(super) async fn enqueue_poll(
    connection: &mut SqliteConnection,
    feed: FeedNumber,
    at: Option<Timestamp>,
    now: i64,
) -> Result<(), Fault> {
    enqueue_within(connection, &[poll_feed(feed, at)], now).await
}

/// Has items fetched and read, in a transaction that has begun.
pub(super) async fn enqueue_items(
    connection: &mut SqliteConnection,
    items: &[ItemNumber],
    now: i64,
) -> Result<(), Fault> {
    let tasks: Vec<NewTask> = items.iter().map(|item| fetch_item(*item)).collect();
    enqueue_within(connection, &tasks, now).await
}

impl Store {
    /// Enqueues what of intake no task is waiting for: feeds, items that wait, documents to be looked at again.
    pub(crate) async fn enqueue_missed_intake(&self) -> Result<u64, StoreError> {
        let feeds = self.feeds().await?.into_iter();
        let polled = feeds.filter(|feed| feed.paused.is_none() && feed.gone_at.is_none());
        let mut enqueued = self
            .enqueue_unknown(polled.map(|feed| poll_feed(feed.number, Some(feed.next_poll))).collect())
            .await?;
        let mut after = ItemNumber(0);
        loop {
            let waiting = self.items_waiting(after, PAGE).await?;
            let Some(last) = waiting.last() else { break };
            after = last.number;
            enqueued += self.enqueue_unknown(waiting.iter().map(|item| fetch_item(item.number)).collect()).await?;
        }
        let again = self.items_to_recheck(self.now(), RECHECKS).await?;
        Ok(enqueued + self.enqueue_unknown(again.into_iter().map(recheck).collect()).await?)
    }
}
