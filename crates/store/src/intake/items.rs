//! Items: what arrived, each thing once; and which of them are one document.

use hearsay_core::{FeedNumber, ItemNumber};
use jiff::Timestamp;
use sha2::{Digest, Sha256};
use sqlx::sqlite::SqliteRow;
use sqlx::{Executor, Row, SqliteConnection};

use super::snapshots::{NewSnapshot, Packed, SnapshotId};
use super::tasks::enqueue_items;
use crate::error::Fault;
use crate::jsonb::Rows;
use crate::time::{from_micros, to_micros};
use crate::wanted::json;
use crate::writer::number;
use crate::{Store, StoreError, TaskKind};

/// Something that arrived.
#[derive(Clone, Debug, Default)]
pub struct NewItem {
    /// What its feed knows it by.
    pub guid: Option<String>,
    /// Its canonical address.
    pub url: Option<String>,
    /// The SHA-256 of its text, where the text is long enough to know it by.
    pub words: Option<[u8; 32]>,
    /// Its title.
    pub title: Option<String>,
    /// Language of its text, BCP 47.
    pub language: Option<String>,
    /// When it says that it was published.
    pub published: Option<Timestamp>,
    /// Its document, where it came with it: nothing is to be fetched.
    pub document: Option<NewSnapshot>,
}

/// Whether something submitted was there already.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Arrived {
    /// It was not.
    New,
    /// It was: by its address or its text.
    Known,
    /// It was, and had failed: it is tried again.
    Again,
}

/// How far an item has come.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum ItemState {
    /// It has still to be fetched and read.
    Waiting,
    /// It was read, and laid what leads there were.
    Read,
    /// It could not be fetched or read.
    Failed,
}

/// An item as it stands.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Item {
    /// Its short reference.
    pub number: ItemNumber,
    /// The feed that brought it; none for what somebody submitted.
    pub feed: Option<FeedNumber>,
    /// Its canonical address.
    pub url: Option<String>,
    /// Its title.
    pub title: Option<String>,
    /// Language of its text, BCP 47.
    pub language: Option<String>,
    /// When it says that it was published.
    pub published: Option<Timestamp>,
    /// When it arrived.
    pub arrived_at: Timestamp,
    /// How far it has come.
    pub state: ItemState,
    /// Why it failed.
    pub error: Option<String>,
    /// The first item with nearly the same text; none while it has not been read.
    pub document: Option<ItemNumber>,
    /// When it was last seen to have changed.
    pub edited_at: Option<Timestamp>,
    /// When it was found to be gone.
    pub gone_at: Option<Timestamp>,
    /// Its newest snapshot.
    pub snapshot: Option<SnapshotId>,
}

/// Whether two sketches are of one document.
pub type SameText = fn(&[u8], &[u8]) -> bool;

/// What reading an item found.
#[derive(Clone, Debug)]
pub struct ReadItem {
    /// Its canonical address, as its document names it.
    pub url: Option<String>,
    /// Its title.
    pub title: Option<String>,
    /// Language of its text.
    pub language: Option<String>,
    /// When it was published.
    pub published: Option<Timestamp>,
    /// What its text is compared by; none of a text that is too short.
    pub sketch: Option<Vec<u8>>,
    /// Keys of which nearly the same texts share one.
    pub bands: Vec<u64>,
    /// Decides on sketches that share a key.
    pub is_same: SameText,
}

/// An item and what it is a copy of.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Document {
    /// The first item with nearly the same text: itself, mostly.
    pub first: ItemNumber,
    /// How many items carry it by now.
    pub carried_by: u32,
}

impl ItemState {
    /// The word for it in the database and on screen.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Waiting => "waiting",
            Self::Read => "read",
            Self::Failed => "failed",
        }
    }
}

fn hashed(text: &str) -> Vec<u8> {
    Sha256::digest(text.as_bytes()).to_vec()
}

/// Things that arrived, ready to be written.
#[derive(Default)]
pub(super) struct Arriving {
    without: Vec<NewItem>,
    with_document: Vec<(NewItem, Packed)>,
}

impl Arriving {
    pub(super) fn of(items: Vec<NewItem>) -> Result<Self, Fault> {
        let mut arriving = Self::default();
        for mut item in items {
            match item.document.take() {
                Some(document) => arriving.with_document.push((item, Packed::of(document)?)),
                None => arriving.without.push(item),
            }
        }
        Ok(arriving)
    }

    /// Adds what is new, with a task for each that fetches and reads it, in a transaction that has begun.
    pub(super) async fn add(
        self,
        connection: &mut SqliteConnection,
        feed: Option<FeedNumber>,
        now: i64,
    ) -> Result<Vec<ItemNumber>, Fault> {
        let mut added = add_items(connection, feed, &self.without, now).await?;
        for (item, document) in self.with_document {
            if let Some(new) = add_items(connection, feed, std::slice::from_ref(&item), now).await?.pop() {
                document.keep(connection, i64::from(new.0)).await?;
                added.push(new);
            }
        }
        enqueue_items(connection, &added, now).await?;
        Ok(added)
    }
}

async fn add_items(
    connection: &mut SqliteConnection,
    feed: Option<FeedNumber>,
    items: &[NewItem],
    now: i64,
) -> Result<Vec<ItemNumber>, Fault> {
    let mut rows = Rows::default();
    for item in items {
        let (guid, address) = (item.guid.as_deref().map(hashed), item.url.as_deref().map(hashed));
        rows.push(|row| {
            row.maybe_int(feed.map(|feed| i64::from(feed.0)))
                .maybe_hex(guid.as_deref())
                .maybe_hex(address.as_deref())
                .maybe_hex(item.words.as_ref().map(<[u8; 32]>::as_slice))
                .maybe_text(item.url.as_deref())
                .maybe_text(item.title.as_deref())
                .maybe_text(item.language.as_deref())
                .maybe_int(item.published.map(to_micros))
                .int(now);
        });
    }
    let added: Vec<i64> = sqlx::query_scalar(include_str!("../sql/add_items.sql"))
        .bind(rows.into_jsonb())
        .fetch_all(connection)
        .await?;
    added.into_iter().map(|added| number(added).map(ItemNumber)).collect()
}

impl Store {
    /// Takes in what somebody submitted. What is there already, by its address or its text, is not added again; if it had
    /// failed, it is tried again.
    pub async fn submit_item(&self, item: NewItem) -> Result<(ItemNumber, Arrived), StoreError> {
        let now = self.now_micros();
        let asked = NewItem { document: None, ..item.clone() };
        let arriving = Arriving::of(vec![item]).map_err(|fault| self.fault(fault))?;
        let given = arriving.with_document.first().map(|(_, document)| document.clone());
        let submitted = self.write(move |connection| {
            Box::pin(async move {
                connection.execute("BEGIN IMMEDIATE").await?;
                let (item, arrived) = match arriving.add(connection, None, now).await?.pop() {
                    Some(added) => (added, Arrived::New),
                    None => known_again(connection, &asked, given, now).await?,
                };
                connection.execute("COMMIT").await?;
                Ok(((item, arrived), 4))
            })
        });
        let submitted = submitted.await?;
        self.woken.wake([TaskKind::FetchItem].into_iter());
        Ok(submitted)
    }

    /// One item.
    pub async fn item(&self, item: ItemNumber) -> Result<Item, StoreError> {
        let found = self.read_items(Some(item), None, ItemNumber(0), 1).await?.pop();
        found.ok_or_else(|| StoreError::NotFound { what: "item", name: item.to_string() })
    }

    /// Items that have still to be fetched and read, after one of them, in the order of their arrival.
    pub async fn items_waiting(&self, after: ItemNumber, most: u32) -> Result<Vec<Item>, StoreError> {
        self.read_items(None, Some(ItemState::Waiting), after, most).await
    }

    async fn read_items(
        &self,
        one: Option<ItemNumber>,
        state: Option<ItemState>,
        after: ItemNumber,
        most: u32,
    ) -> Result<Vec<Item>, StoreError> {
        let rows = sqlx::query(include_str!("../sql/items.sql"))
            .bind(one.map(|item| i64::from(item.0)))
            .bind(state.map(ItemState::as_str))
            .bind(i64::from(after.0))
            .bind(i64::from(most))
            .fetch_all(self.readers())
            .await
            .map_err(|error| self.fault(error))?;
        rows.iter().map(read_item).collect::<Result<_, Fault>>().map_err(|fault| self.fault(fault))
    }

    /// Items on which evidence of open claims rests, and that are to be looked at again by now: at intervals that grow with
    /// their age, from an hour to a week. The longest overdue first.
    pub async fn items_to_recheck(&self, now: Timestamp, most: u32) -> Result<Vec<ItemNumber>, StoreError> {
        let found: Vec<i64> = sqlx::query_scalar(include_str!("../sql/items_to_recheck.sql"))
            .bind(to_micros(now))
            .bind(i64::from(most))
            .fetch_all(self.readers())
            .await
            .map_err(|error| self.fault(error))?;
        found.into_iter().map(|item| Ok(ItemNumber(self.counted(item)?))).collect()
    }

    /// Keeps what reading an item found, and ties it to the first item with nearly the same text. It waits until
    /// [`Store::item_done`] says that its leads are laid.
    pub async fn settle_item(&self, item: ItemNumber, read: ReadItem) -> Result<Document, StoreError> {
        self.write(move |connection| {
            Box::pin(async move {
                connection.execute("BEGIN IMMEDIATE").await?;
                let document = settle(connection, item, read).await?;
                connection.execute("COMMIT").await?;
                Ok((document, 20))
            })
        })
        .await
    }

    /// Says that an item was read, and that what leads there were are laid.
    pub async fn item_done(&self, item: ItemNumber) -> Result<(), StoreError> {
        let done = "UPDATE items SET state = 'read', error = $2 WHERE number = $1";
        self.change_item(item, done, None::<String>).await
    }

    /// Says why an item could not be fetched or read.
    pub async fn fail_item(&self, item: ItemNumber, error: String) -> Result<(), StoreError> {
        self.change_item(item, "UPDATE items SET state = 'failed', error = $2 WHERE number = $1", error).await
    }

    /// Says that an item's document was looked at, and nothing is to be told of it.
    pub async fn item_checked(&self, item: ItemNumber) -> Result<(), StoreError> {
        self.change_item(item, "UPDATE items SET checked_at = $2 WHERE number = $1", self.now_micros()).await
    }

    /// Says that an item's document was looked at, and is there as it was; had it been gone, it is back.
    pub async fn item_unchanged(&self, item: ItemNumber) -> Result<(), StoreError> {
        let there = "UPDATE items SET checked_at = $2, gone_at = NULL WHERE number = $1";
        self.change_item(item, there, self.now_micros()).await
    }

    /// Says that an item's document is gone, since now.
    pub async fn item_gone(&self, item: ItemNumber) -> Result<(), StoreError> {
        let gone = "UPDATE items SET gone_at = coalesce(gone_at, $2), checked_at = $2 WHERE number = $1";
        self.change_item(item, gone, self.now_micros()).await
    }

    async fn change_item<'q, T>(
        &self,
        item: ItemNumber,
        statement: &'static str,
        value: T,
    ) -> Result<(), StoreError>
    where
        T: sqlx::Encode<'q, sqlx::Sqlite> + sqlx::Type<sqlx::Sqlite> + Send + 'static,
    {
        self.write(move |connection| {
            Box::pin(async move {
                connection.execute("BEGIN IMMEDIATE").await?;
                sqlx::query(statement).bind(i64::from(item.0)).bind(value).execute(&mut *connection).await?;
                connection.execute("COMMIT").await?;
                Ok(((), 1))
            })
        })
        .await
    }
}

/// The item that something submitted is known as; one that failed waits again. What could not be fetched may be given by
/// hand: the document is kept where the item has none.
async fn known_again(
    connection: &mut SqliteConnection,
    item: &NewItem,
    given: Option<Packed>,
    now: i64,
) -> Result<(ItemNumber, Arrived), Fault> {
    let item = known(connection, item).await?;
    if let Some(document) = given
        && !has_document(connection, item).await?
    {
        document.keep(connection, i64::from(item.0)).await?;
    }
    let again = "UPDATE items SET state = 'waiting', error = NULL WHERE number = $1 AND state = 'failed'";
    let changed = sqlx::query(again).bind(i64::from(item.0)).execute(&mut *connection).await?.rows_affected();
    if changed == 0 {
        return Ok((item, Arrived::Known));
    }
    enqueue_items(connection, &[item], now).await?;
    Ok((item, Arrived::Again))
}

async fn has_document(connection: &mut SqliteConnection, item: ItemNumber) -> Result<bool, Fault> {
    let kept = sqlx::query_scalar("SELECT EXISTS (SELECT 1 FROM item_snapshots WHERE item = $1)");
    Ok(kept.bind(i64::from(item.0)).fetch_one(connection).await?)
}

/// The item that something submitted is known as.
async fn known(connection: &mut SqliteConnection, item: &NewItem) -> Result<ItemNumber, Fault> {
    let found: Option<i64> = sqlx::query_scalar(include_str!("../sql/known_item.sql"))
        .bind(None::<i64>)
        .bind(item.guid.as_deref().map(hashed))
        .bind(item.url.as_deref().map(hashed))
        .bind(item.words.map(|words| words.to_vec()))
        .fetch_optional(connection)
        .await?;
    let found = found.ok_or_else(|| Fault::damaged("an item was neither added nor known"))?;
    number(found).map(ItemNumber)
}

async fn settle(connection: &mut SqliteConnection, item: ItemNumber, read: ReadItem) -> Result<Document, Fault> {
    let id = i64::from(item.0);
    // SQLite's integers are signed; a band is no more than a key.
    let bands: Vec<i64> = read.bands.iter().map(|band| band.cast_signed()).collect();
    let mut first = id;
    if let Some(sketch) = &read.sketch {
        let alike: Vec<(i64, i64, Vec<u8>)> = sqlx::query_as(include_str!("../sql/alike_items.sql"))
            .bind(json(bands.iter()))
            .bind(id)
            .fetch_all(&mut *connection)
            .await?;
        let same = alike.into_iter().find(|(_, _, other)| (read.is_same)(sketch, other));
        first = same.map_or(id, |(_, document, _)| document);
    }
    sqlx::query(include_str!("../sql/item_read.sql"))
        .bind(id)
        .bind(read.url)
        .bind(read.title)
        .bind(read.language)
        .bind(read.published.map(to_micros))
        .bind(first)
        .bind(read.sketch)
        .execute(&mut *connection)
        .await?;
    sqlx::query("DELETE FROM item_bands WHERE item = $1").bind(id).execute(&mut *connection).await?;
    sqlx::query("INSERT OR IGNORE INTO item_bands (band, item) SELECT value, $2 FROM json_each($1)")
        .bind(json(bands.iter()))
        .bind(id)
        .execute(&mut *connection)
        .await?;
    let carried_by: i64 = sqlx::query_scalar("SELECT count(*) FROM items WHERE document = $1")
        .bind(first)
        .fetch_one(connection)
        .await?;
    Ok(Document { first: ItemNumber(number(first)?), carried_by: number(carried_by)? })
}

fn read_item(row: &SqliteRow) -> Result<Item, Fault> {
    let time = |column: usize| row.try_get::<Option<i64>, _>(column)?.map(from_micros).transpose();
    let reference = |column: usize| row.try_get::<Option<i64>, _>(column)?.map(number).transpose();
    let state: String = row.try_get(7)?;
    let snapshot: Option<String> = row.try_get(12)?;
    Ok(Item {
        number: ItemNumber(number(row.try_get(0)?)?),
        feed: reference(1)?.map(FeedNumber),
        url: row.try_get(2)?,
        title: row.try_get(3)?,
        language: row.try_get(4)?,
        published: time(5)?,
        arrived_at: from_micros(row.try_get(6)?)?,
        state: match state.as_str() {
            "waiting" => ItemState::Waiting,
            "read" => ItemState::Read,
            _ => ItemState::Failed,
        },
        error: row.try_get(8)?,
        document: reference(9)?.map(ItemNumber),
        edited_at: time(10)?,
        gone_at: time(11)?,
        snapshot: snapshot.map(|hex| hex.parse()).transpose().map_err(Fault::damaged)?,
    })
}
