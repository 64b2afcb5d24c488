//! Feeds: what is polled, and when next.

use hearsay_core::{FeedNumber, ItemNumber, SourceId};
use jiff::Timestamp;
use sqlx::sqlite::SqliteRow;
use sqlx::{Executor, Row, SqliteConnection};

use super::items::{Arriving, NewItem};
use super::tasks::enqueue_poll;
use crate::error::Fault;
use crate::load::bytes_id;
use crate::time::{from_micros, to_micros};
use crate::writer::number;
use crate::{Store, StoreError, TaskKind};

/// A feed to be added.
#[derive(Clone, Debug)]
pub struct NewFeed {
    /// Where it is.
    pub url: String,
    /// What it calls itself, or what the desk calls it.
    pub title: Option<String>,
    /// The outlet whose feed it is.
    pub source: Option<SourceId>,
    /// Seconds from one poll to the next, at least one.
    pub interval: u32,
}

/// A feed as it stands.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Feed {
    /// Its short reference.
    pub number: FeedNumber,
    /// Where it is.
    pub url: String,
    /// What it is called.
    pub title: Option<String>,
    /// The outlet whose feed it is.
    pub source: Option<SourceId>,
    /// Seconds from one poll to the next.
    pub interval: u32,
    /// The validator of the last answer.
    pub etag: Option<String>,
    /// The other one.
    pub last_modified: Option<String>,
    /// When it is polled next.
    pub next_poll: Timestamp,
    /// When it was polled last.
    pub polled_at: Option<Timestamp>,
    /// How many polls failed in a row.
    pub failures: u32,
    /// Why the last one failed.
    pub error: Option<String>,
    /// Since when it is paused, and by whom.
    pub paused: Option<(Timestamp, String)>,
    /// Since when its server says that it is gone for good.
    pub gone_at: Option<Timestamp>,
    /// How many items it brought.
    pub items: u64,
}

/// Whether a feed is polled.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum FeedPause {
    /// Not until somebody lets it go on.
    By(String),
    /// It is.
    No,
}

/// What follows a change of a feed.
#[derive(Clone, Copy)]
enum Then {
    /// Nothing.
    Nothing,
    /// A task that polls it.
    Poll,
}

/// What a poll came to.
#[derive(Clone, Debug)]
pub enum Polled {
    /// An answer with entries; those that are known already add nothing.
    Answered {
        /// The answer's validators.
        etag: Option<String>,
        /// The other one.
        last_modified: Option<String>,
        /// What the feed calls itself.
        title: Option<String>,
        /// Where it has moved for good.
        moved_to: Option<String>,
        /// Its entries.
        items: Vec<NewItem>,
        /// When it is polled next.
        next_poll: Timestamp,
    },
    /// Nothing has changed since the last answer.
    Unchanged {
        /// Where it has moved for good.
        moved_to: Option<String>,
        /// When it is polled next.
        next_poll: Timestamp,
    },
    /// It failed.
    Failed {
        /// Why.
        error: String,
        /// When it is tried again.
        next_poll: Timestamp,
    },
    /// Its server says that it is gone for good: it is polled no more.
    Gone,
}

const ALL: &str = "SELECT f.number, f.url, f.title, f.source, f.interval, f.etag, f.last_modified, f.next_poll, f.polled_at,
       f.failures, f.error, f.paused_at, f.paused_by, f.gone_at, (SELECT count(*) FROM items i WHERE i.feed = f.number)
  FROM feeds f WHERE f.removed_at IS NULL AND ($1 IS NULL OR f.number = $1) ORDER BY f.number";

const DUE: &str = "SELECT number FROM feeds
 WHERE paused_at IS NULL AND gone_at IS NULL AND removed_at IS NULL AND next_poll <= $1 ORDER BY next_poll LIMIT $2";

impl Store {
    /// Adds a feed, due at once.
    pub async fn add_feed(&self, feed: NewFeed) -> Result<FeedNumber, StoreError> {
        let now = self.now_micros();
        let url = feed.url.clone();
        let added: Option<i64> = self
            .write(move |connection| {
                Box::pin(async move {
                    connection.execute("BEGIN IMMEDIATE").await?;
                    let added = sqlx::query_scalar(
                        "INSERT INTO feeds (url, title, source, interval, next_poll, added_at)
                         VALUES ($1, $2, $3, $4, $5, $5) ON CONFLICT DO NOTHING RETURNING number",
                    )
                    .bind(&feed.url)
                    .bind(&feed.title)
                    .bind(feed.source.map(|source| source.0.as_bytes().to_vec()))
                    .bind(i64::from(feed.interval.max(1)))
                    .bind(now)
                    .fetch_optional(&mut *connection)
                    .await?;
                    if let Some(added) = added {
                        enqueue_poll(connection, FeedNumber(number(added)?), None, now).await?;
                    }
                    connection.execute("COMMIT").await?;
                    Ok((added, 2))
                })
            })
            .await?;
        self.woken.wake([TaskKind::PollFeed].into_iter());
        match added {
            Some(added) => Ok(FeedNumber(self.counted(added)?)),
            None => Err(StoreError::Question {
                why: format!("the feed `{url}` is there already; see `hearsay feed list`"),
            }),
        }
    }

    /// All feeds that were not removed, by their numbers.
    pub async fn feeds(&self) -> Result<Vec<Feed>, StoreError> {
        self.read_feeds(None).await
    }

    /// One feed.
    pub async fn feed(&self, number: FeedNumber) -> Result<Feed, StoreError> {
        let found = self.read_feeds(Some(number)).await?.pop();
        found.ok_or_else(|| not_found(number))
    }

    async fn read_feeds(&self, number: Option<FeedNumber>) -> Result<Vec<Feed>, StoreError> {
        let rows = sqlx::query(ALL)
            .bind(number.map(|number| i64::from(number.0)))
            .fetch_all(self.readers())
            .await
            .map_err(|error| self.fault(error))?;
        rows.iter().map(feed).collect::<Result<_, Fault>>().map_err(|fault| self.fault(fault))
    }

    /// The feeds that are to be polled by now, the longest overdue first.
    pub async fn feeds_due(&self, now: Timestamp, most: u32) -> Result<Vec<FeedNumber>, StoreError> {
        let due: Vec<i64> = sqlx::query_scalar(DUE)
            .bind(to_micros(now))
            .bind(i64::from(most))
            .fetch_all(self.readers())
            .await
            .map_err(|error| self.fault(error))?;
        due.into_iter().map(|due| Ok(FeedNumber(self.counted(due)?))).collect()
    }

    /// Makes a feed due now. One that is paused is polled once it goes on.
    pub async fn poll_feed_now(&self, feed: FeedNumber) -> Result<(), StoreError> {
        let now = self.now_micros();
        self.change_feed(
            feed,
            "UPDATE feeds SET next_poll = $2, gone_at = NULL WHERE number = $1 AND removed_at IS NULL AND $3 IS NULL",
            (Some(now), None),
            Then::Poll,
        )
        .await
    }

    /// Pauses a feed, or lets it go on.
    pub async fn pause_feed(&self, feed: FeedNumber, paused: FeedPause) -> Result<(), StoreError> {
        let (at, then) = match paused {
            FeedPause::By(who) => ((Some(self.now_micros()), Some(who)), Then::Nothing),
            FeedPause::No => ((None, None), Then::Poll),
        };
        self.change_feed(
            feed,
            "UPDATE feeds SET paused_at = $2, paused_by = $3 WHERE number = $1 AND removed_at IS NULL",
            at,
            then,
        )
        .await
    }

    /// Removes a feed; what it brought stays, and its number is never given again.
    pub async fn remove_feed(&self, feed: FeedNumber) -> Result<(), StoreError> {
        let now = self.now_micros();
        self.change_feed(
            feed,
            "UPDATE feeds SET removed_at = $2 WHERE number = $1 AND removed_at IS NULL AND $3 IS NULL",
            (Some(now), None),
            Then::Nothing,
        )
        .await
    }

    async fn change_feed(
        &self,
        feed: FeedNumber,
        statement: &'static str,
        (at, by): (Option<i64>, Option<String>),
        then: Then,
    ) -> Result<(), StoreError> {
        let now = self.now_micros();
        let changed: u64 = self
            .write(move |connection| {
                Box::pin(async move {
                    connection.execute("BEGIN IMMEDIATE").await?;
                    let changed =
                        sqlx::query(statement).bind(i64::from(feed.0)).bind(at).bind(by).execute(&mut *connection);
                    let changed = changed.await?.rows_affected();
                    match then {
                        Then::Poll if changed > 0 => enqueue_next_poll(connection, feed, now).await?,
                        Then::Poll | Then::Nothing => {}
                    }
                    connection.execute("COMMIT").await?;
                    Ok((changed, 2))
                })
            })
            .await?;
        self.woken.wake([TaskKind::PollFeed].into_iter());
        if changed == 0 { Err(not_found(feed)) } else { Ok(()) }
    }

    /// Settles a poll in one transaction: validators, the items that are new, which it gives, and the tasks that follow:
    /// the next poll, and one for each of those items.
    pub async fn settle_poll(&self, feed: FeedNumber, polled: Polled) -> Result<Vec<ItemNumber>, StoreError> {
        let now = self.now_micros();
        let (polled, items) = apart(polled);
        let arriving = Arriving::of(items).map_err(|fault| self.fault(fault))?;
        let settled = self.write(move |connection| {
            Box::pin(async move {
                connection.execute("BEGIN IMMEDIATE").await?;
                settle(connection, feed, polled, now).await?;
                let added = arriving.add(connection, Some(feed), now).await?;
                enqueue_next_poll(connection, feed, now).await?;
                connection.execute("COMMIT").await?;
                let rows = 2 * added.len() + 2;
                Ok((added, rows))
            })
        });
        let added = settled.await?;
        self.woken.wake([TaskKind::PollFeed, TaskKind::FetchItem].into_iter());
        Ok(added)
    }

    pub(super) fn now_micros(&self) -> i64 {
        to_micros((self.options.clock.now)())
    }

    pub(super) fn counted(&self, stored: i64) -> Result<u32, StoreError> {
        number(stored).map_err(|fault: Fault| self.fault(fault))
    }
}

/// Has a feed polled when its time comes; one that is paused, gone or removed, not at all.
async fn enqueue_next_poll(connection: &mut SqliteConnection, feed: FeedNumber, now: i64) -> Result<(), Fault> {
    let polled = "SELECT next_poll FROM feeds
                   WHERE number = $1 AND paused_at IS NULL AND gone_at IS NULL AND removed_at IS NULL";
    let next: Option<i64> =
        sqlx::query_scalar(polled).bind(i64::from(feed.0)).fetch_optional(&mut *connection).await?;
    match next {
        Some(next) => enqueue_poll(connection, feed, Some(from_micros(next)?), now).await,
        None => Ok(()),
    }
}

/// A poll, and the items that it brought.
fn apart(mut polled: Polled) -> (Polled, Vec<NewItem>) {
    let items = match &mut polled {
        Polled::Answered { items, .. } => std::mem::take(items),
        Polled::Unchanged { .. } | Polled::Failed { .. } | Polled::Gone => Vec::new(),
    };
    (polled, items)
}

/// What a poll changes of the feed itself.
async fn settle(
    connection: &mut SqliteConnection,
    feed: FeedNumber,
    polled: Polled,
    now: i64,
) -> Result<(), Fault> {
    let id = i64::from(feed.0);
    let changed = match polled {
        Polled::Answered { etag, last_modified, title, moved_to, next_poll, items: _ } => {
            sqlx::query(include_str!("../sql/feed_answered.sql"))
                .bind(id)
                .bind(etag)
                .bind(last_modified)
                .bind(title)
                .bind(moved_to)
                .bind(to_micros(next_poll))
                .bind(now)
        }
        Polled::Unchanged { moved_to, next_poll } => sqlx::query(include_str!("../sql/feed_unchanged.sql"))
            .bind(id)
            .bind(moved_to)
            .bind(to_micros(next_poll))
            .bind(now),
        Polled::Failed { error, next_poll } => {
            let failed = "UPDATE feeds SET next_poll = $2, polled_at = $3, failures = failures + 1, error = $4 WHERE number = $1";
            sqlx::query(failed).bind(id).bind(to_micros(next_poll)).bind(now).bind(error)
        }
        Polled::Gone => {
            sqlx::query("UPDATE feeds SET gone_at = $2, polled_at = $2 WHERE number = $1").bind(id).bind(now)
        }
    };
    changed.execute(connection).await?;
    Ok(())
}

fn not_found(feed: FeedNumber) -> StoreError {
    StoreError::NotFound { what: "feed", name: feed.to_string() }
}

fn feed(row: &SqliteRow) -> Result<Feed, Fault> {
    let time = |column: usize| row.try_get::<Option<i64>, _>(column)?.map(from_micros).transpose();
    let source = row.try_get::<Option<Vec<u8>>, _>(3)?;
    let by = row.try_get::<Option<String>, _>(12)?.unwrap_or_default();
    Ok(Feed {
        number: FeedNumber(number(row.try_get(0)?)?),
        url: row.try_get(1)?,
        title: row.try_get(2)?,
        source: source.map(|id| bytes_id(&id).map(SourceId)).transpose()?,
        interval: number(row.try_get(4)?)?,
        etag: row.try_get(5)?,
        last_modified: row.try_get(6)?,
        next_poll: from_micros(row.try_get(7)?)?,
        polled_at: time(8)?,
        failures: number(row.try_get(9)?)?,
        error: row.try_get(10)?,
        paused: time(11)?.map(|at| (at, by)),
        gone_at: time(13)?,
        items: number(row.try_get(14)?)?,
    })
}
