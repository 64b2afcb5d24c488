//! Polls a feed, takes in what is new of it, and has it polled again.
//! However a server answers, the feed says so, and the next poll is on the queue: the task itself is done.

use hearsay_core::FeedNumber;
use hearsay_formats::feed::parse;
use hearsay_store::{Feed, Polled, StoreError, TaskKind};
use jiff::{SignedDuration, Timestamp};
use serde::Deserialize;

use crate::context::Context;
use crate::intake::{Unfetched, holds, new_items};
use crate::task_error::TaskError;
use crate::{Again, FetchError, Fetched, NextPoll, Pace, Purpose, Request, Status, next_poll};

/// Payload of `poll_feed`.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct PollFeed {
    feed: FeedNumber,
}

impl PollFeed {
    pub(crate) const NAME: TaskKind = TaskKind::PollFeed;

    pub(crate) async fn run(self, context: &Context) -> Result<(), TaskError> {
        let feed = match context.store.feed(self.feed).await {
            Err(StoreError::NotFound { .. }) => return Ok(()),
            feed => feed?,
        };
        // One that is not due has a task of its own; one that is paused or gone gets one once it goes on.
        if feed.paused.is_some() || feed.gone_at.is_some() || feed.next_poll > context.store.now() {
            return Ok(());
        }
        let request = Request {
            if_none_match: feed.etag.clone(),
            if_modified_since: feed.last_modified.clone(),
            ..Request::new(&feed.url, Purpose::Feed)
        };
        let polled = match context.intake.fetch(&request, context.store.now(), &context.stop).await {
            Ok(fetched) => answered(&feed, fetched, context).await?,
            Err(Unfetched::NotYet(error)) => return Err(error),
            Err(Unfetched::Failed(error)) => failed_fetch(&feed, &error, context),
        };
        let added = context.store.settle_poll(feed.number, polled).await?;
        tracing::debug!(feed = %feed.number, items = added.len(), "polled");
        Ok(())
    }
}

async fn answered(feed: &Feed, fetched: Fetched, context: &Context) -> Result<Polled, TaskError> {
    let pace = Pace { every: every(feed), holds: holds(&fetched), published: Vec::new() };
    let header = |name: &str| fetched.header(name).map(str::to_owned);
    let (etag, last_modified, kind) = (header("etag"), header("last-modified"), header("content-type"));
    let url = fetched.url_chain.last().map_or_else(|| feed.url.clone(), |visited| visited.url.clone());
    let moved_to = fetched.moved_to;
    let body = match fetched.status {
        Status::Gone => return Ok(Polled::Gone),
        Status::NotModified => {
            return Ok(Polled::Unchanged { moved_to, next_poll: next(crate::Polled::Answered, &pace, context) });
        }
        Status::Modified(body) => body,
    };
    let now = context.store.now();
    let read = context.intake.by_hand(move || {
        let feed = parse(&body.content, kind.as_deref(), &url)?;
        let items = new_items(&feed, now);
        let published: Vec<Timestamp> = feed.entries.iter().filter_map(|entry| entry.published).collect();
        Ok::<_, hearsay_formats::feed::FeedError>((feed.title, feed.left_out, items, published))
    });
    Ok(match read.await? {
        Ok((title, left_out, items, published)) => {
            if left_out > 0 {
                tracing::warn!(feed = %feed.number, left_out, "a feed is too long; its last entries are left out");
            }
            let pace = Pace { published, ..pace };
            let next_poll = next(crate::Polled::Answered, &pace, context);
            Polled::Answered { etag, last_modified, title, moved_to, items, next_poll }
        }
        Err(error) => failed(feed, &pace, error.to_string(), None, context),
    })
}

fn failed_fetch(feed: &Feed, error: &FetchError, context: &Context) -> Polled {
    let wait = match error.again() {
        Again::Wait(wait) => Some(wait),
        Again::Later(wait) => wait,
        Again::Never => None,
    };
    let pace = Pace { every: every(feed), ..Pace::default() };
    failed(feed, &pace, error.to_string(), wait, context)
}

fn failed(
    feed: &Feed,
    pace: &Pace,
    error: String,
    wait: Option<std::time::Duration>,
    context: &Context,
) -> Polled {
    let failures = feed.failures.saturating_add(1);
    Polled::Failed { error, next_poll: next(crate::Polled::Failed { failures, wait }, pace, context) }
}

fn next(polled: crate::Polled, pace: &Pace, context: &Context) -> Timestamp {
    match next_poll(polled, pace, context.store.now(), context.store.random()) {
        NextPoll::At(at) => at,
        NextPoll::Never => Timestamp::MAX,
    }
}

fn every(feed: &Feed) -> SignedDuration {
    SignedDuration::from_secs(i64::from(feed.interval))
}
