//! The tasks of intake: enqueued in the transaction that makes them necessary, and found again where they were lost.
//! Invariant: what feeds and items say is what is to be done; a task only says when, and one too many does no harm.

use std::collections::HashMap;

use hearsay_core::{FeedNumber, ItemNumber};
use jiff::{SignedDuration, Timestamp};
use serde_json::json;
use sqlx::SqliteConnection;

use super::feeds::Polled;
use crate::error::Fault;
use crate::queue::enqueue_within;
use crate::wanted::json as json_of;
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

/// What a task of intake is for.
enum For {
    Feed(FeedNumber, u32),
    Item(ItemNumber),
    Document(ItemNumber),
}

impl Store {
    /// Enqueues what of intake no task is waiting for: feeds, items that wait, documents to be looked at again. What was
    /// given up is said by the feed or the item that it was for, and is not tried without end.
    pub(crate) async fn enqueue_missed_intake(&self) -> Result<u64, StoreError> {
        let feeds = self.feeds().await?.into_iter();
        let polled = feeds.filter(|feed| feed.paused.is_none() && feed.gone_at.is_none());
        let polls = polled
            .map(|feed| (poll_feed(feed.number, Some(feed.next_poll)), For::Feed(feed.number, feed.interval)));
        let mut enqueued = self.enqueue_or_give_up(polls.collect()).await?;
        let mut after = ItemNumber(0);
        loop {
            let waiting = self.items_waiting(after, PAGE).await?;
            let Some(last) = waiting.last() else { break };
            after = last.number;
            let fetches = waiting.iter().map(|item| (fetch_item(item.number), For::Item(item.number)));
            enqueued += self.enqueue_or_give_up(fetches.collect()).await?;
        }
        let again = self.items_to_recheck(self.now(), RECHECKS).await?.into_iter();
        Ok(enqueued
            + self.enqueue_or_give_up(again.map(|item| (recheck(item), For::Document(item))).collect()).await?)
    }

    async fn enqueue_or_give_up(&self, tasks: Vec<(NewTask, For)>) -> Result<u64, StoreError> {
        if tasks.is_empty() {
            return Ok(0);
        }
        let given_up: Vec<(String, String)> = sqlx::query_as(include_str!("../sql/intake_given_up.sql"))
            .bind(json_of(tasks.iter().map(|(task, _)| &task.key)))
            .fetch_all(self.readers())
            .await
            .map_err(|error| self.fault(error))?;
        let given_up: HashMap<String, String> = given_up.into_iter().collect();
        let mut missing = Vec::new();
        for (task, what) in tasks {
            match task.key.as_ref().and_then(|key| given_up.get(key)) {
                Some(error) => self.give_up(what, error).await?,
                None => missing.push(task),
            }
        }
        self.enqueue_unknown(missing).await
    }

    async fn give_up(&self, what: For, error: &str) -> Result<(), StoreError> {
        match what {
            For::Feed(feed, interval) => {
                let wait = SignedDuration::from_secs(i64::from(interval)).max(SignedDuration::from_hours(1));
                let next_poll = self.now().saturating_add(wait).unwrap_or(Timestamp::MAX);
                self.settle_poll(feed, Polled::Failed { error: error.to_owned(), next_poll }).await?;
            }
            For::Item(item) => self.fail_item(item, error.to_owned()).await?,
            For::Document(item) => self.item_checked(item).await?,
        }
        Ok(())
    }
}
