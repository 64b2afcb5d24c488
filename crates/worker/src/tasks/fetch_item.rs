//! Fetches an item's document, keeps it, reads it, and lays what leads there are.
//! Done twice, it fetches once and lays nothing twice. What cannot be fetched or read, the item says.

use std::sync::PoisonError;

use hearsay_core::{ItemNumber, SourceKind};
use hearsay_formats::article::Article;
use hearsay_reading::shingles::Sketch;
use hearsay_reading::{Names, read};
use hearsay_store::{Feed, Item, MAX_ATTEMPTS, NewSnapshot, ReadItem, Snapshot, SnapshotId, StoreError, TaskKind};
use jiff::{SignedDuration, Timestamp};
use serde::Deserialize;

use crate::context::Context;
use crate::intake::{
    Origin, Unfetched, canonical, extracted, is_front, lay_leads, outlet, plausible, same_site, words,
};
use crate::task_error::TaskError;
use crate::{Again, FetchError, Fetched, Purpose, Request, Status};

/// How long an item waits for a server that is not to be asked yet.
const PUT_OFF_AT_MOST: SignedDuration = SignedDuration::from_hours(72);

/// Payload of `fetch_item`.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct FetchItem {
    item: ItemNumber,
}

/// An item with what is at hand of it.
struct Reader<'a> {
    context: &'a Context,
    item: Item,
    feed: Option<Feed>,
}

impl FetchItem {
    pub(crate) const NAME: TaskKind = TaskKind::FetchItem;

    pub(crate) async fn run(self, context: &Context) -> Result<(), TaskError> {
        let item = match context.store.item(self.item).await {
            Err(StoreError::NotFound { .. }) => return Ok(()),
            item => item?,
        };
        let feed = feed_of(&item, context).await?;
        let reader = Reader { context, item, feed };
        // What a run before this one kept is read, and not fetched again.
        let kept = match reader.item.snapshot {
            Some(kept) => Ok(kept),
            None => reader.fetched().await?,
        };
        let read = match kept {
            Ok(kept) => reader.read(kept).await?,
            Err(why) => Err(why),
        };
        if let Err(why) = read {
            tracing::debug!(item = %self.item, why, "an item is not read");
            context.store.fail_item(self.item, why).await?;
        }
        Ok(())
    }
}

impl Reader<'_> {
    /// Fetches the document and keeps it; or why there is none.
    async fn fetched(&self) -> Result<Result<SnapshotId, String>, TaskError> {
        let context = self.context;
        let Some(url) = &self.item.url else { return Ok(Err("it has neither a document nor a link".to_owned())) };
        let request = Request::new(url, Purpose::Article);
        let fetched = match context.intake.fetch(&request, context.store.now(), &context.stop).await {
            Ok(fetched) => fetched,
            Err(Unfetched::NotYet(TaskError::NotYet { .. })) if self.waited_long() => {
                return Ok(Err("in three days its server was never to be asked: see its robots.txt".to_owned()));
            }
            Err(Unfetched::NotYet(error)) => return Err(error),
            Err(Unfetched::Failed(error)) => return failed(&error, context).map(Err),
        };
        let Some(snapshot) = new_snapshot(fetched, context.store.now()) else {
            context.store.item_gone(self.item.number).await?;
            return Ok(Err("its server says that it is gone for good".to_owned()));
        };
        let id = SnapshotId::of(&snapshot.bytes);
        context.store.keep_snapshot(self.item.number, snapshot).await?;
        Ok(Ok(id))
    }

    /// Whether its server has put it off so long that it is put off for good.
    fn waited_long(&self) -> bool {
        self.context.store.now().duration_since(self.item.arrived_at) > PUT_OFF_AT_MOST
    }

    /// Reads the document and lays leads; or why it cannot be read.
    async fn read(&self, kept: SnapshotId) -> Result<Result<(), String>, TaskError> {
        let context = self.context;
        let snapshot = context.store.kept_snapshot(kept).await?;
        let address = snapshot.urls.last().cloned();
        let extracted = context.intake.by_hand(move || {
            let article = extracted(&snapshot)?;
            let sketch = Sketch::of(&article.text);
            Ok::<_, String>((article, sketch))
        });
        let (mut article, sketch) = match extracted.await? {
            Ok(extracted) => extracted,
            Err(why) => return Ok(Err(why)),
        };
        let title = article.title.clone().or_else(|| self.item.title.clone()).unwrap_or_default();
        let published = plausible(article.published, context.store.now()).or(self.item.published);
        let found = ReadItem {
            url: own_address(&article, address.as_deref()),
            title: (!title.is_empty()).then(|| title.clone()),
            language: self.language(&article),
            published,
            sketch: sketch.as_ref().map(Sketch::to_bytes),
            bands: sketch.map(|sketch| sketch.bands()).unwrap_or_default(),
            is_same,
        };
        let document = context.store.settle_item(self.item.number, found).await?.first;
        if article.agency.is_none() && document != self.item.number {
            article.agency = self.credit_of(document).await?;
        }
        let at = published.unwrap_or(self.item.arrived_at);
        let item = hearsay_reading::Item {
            title: title.clone(),
            language: self.language(&article),
            text: article.text,
            credited: article.agency,
            published: Some(at),
            ..hearsay_reading::Item::default()
        };
        let found = self.heard(item).await?;
        let origin = Origin { item: self.item.clone(), document, snapshot: kept, title, at };
        lay_leads(found, &origin, context).await?;
        context.store.item_done(self.item.number).await?;
        Ok(Ok(()))
    }

    /// What the item does with the open claims.
    async fn heard(&self, mut item: hearsay_reading::Item) -> Result<Vec<crate::intake::Word>, TaskError> {
        let known = self.context.intake.matching.caught_up(&self.context.store).await?;
        let (of, feed) = (self.item.clone(), self.feed.clone());
        let heard = self.context.intake.by_hand(move || {
            let known = known.read().unwrap_or_else(PoisonError::into_inner);
            (item.outlet, item.outlet_name) = outlet(&of, feed.as_ref(), &known.names);
            words(&item, &read(&item, &known.names), &known)
        });
        heard.await
    }

    /// Whom the first item with this text is credited to, or whose own it is. An agency carries nobody's text: where it was
    /// only read later than its subscribers, it is not credited to them.
    async fn credit_of(&self, document: ItemNumber) -> Result<Option<String>, TaskError> {
        let context = self.context;
        let first = context.store.item(document).await?;
        let Some(kept) = first.snapshot else { return Ok(None) };
        let snapshot = context.store.kept_snapshot(kept).await?;
        let feed = feed_of(&first, context).await?;
        let known = context.intake.matching.caught_up(&context.store).await?;
        let (copy, copy_feed) = (self.item.clone(), self.feed.clone());
        let credit = context.intake.by_hand(move || {
            let credited = extracted(&snapshot).ok().and_then(|article| article.agency);
            credited.or_else(|| {
                let known = known.read().unwrap_or_else(PoisonError::into_inner);
                let (first, kind) = publisher(&first, feed.as_ref(), &known.names)?;
                let copied_by = publisher(&copy, copy_feed.as_ref(), &known.names);
                let original =
                    kind == SourceKind::Agency || copied_by.is_none_or(|(_, kind)| kind != SourceKind::Agency);
                original.then(|| first.to_owned())
            })
        });
        credit.await
    }

    /// What somebody said of it by hand goes before what the page says, and that before what its feed says.
    fn language(&self, article: &Article) -> Option<String> {
        let (said, page) = (self.item.language.clone(), article.language.clone());
        if self.item.feed.is_none() { said.or(page) } else { page.or(said) }
    }
}

/// The feed that brought an item, if it is still there.
async fn feed_of(item: &Item, context: &Context) -> Result<Option<Feed>, TaskError> {
    let Some(feed) = item.feed else { return Ok(None) };
    match context.store.feed(feed).await {
        Err(StoreError::NotFound { .. }) => Ok(None),
        feed => Ok(Some(feed?)),
    }
}

/// The outlet or agency whose item it is, by name.
fn publisher<'a>(item: &Item, feed: Option<&Feed>, names: &'a Names) -> Option<(&'a str, SourceKind)> {
    let source = names.get(outlet(item, feed, names).0?)?;
    matches!(source.kind, SourceKind::Agency | SourceKind::Outlet).then_some((source.name.as_str(), source.kind))
}

/// What it means that a page could not be fetched: that it is tried again, or why it isn't.
fn failed(error: &FetchError, context: &Context) -> Result<String, TaskError> {
    let wait = match error.again() {
        Again::Wait(wait) | Again::Later(Some(wait)) => Some(wait),
        Again::Later(None) => None,
        Again::Never => return Ok(error.to_string()),
    };
    if context.attempts >= MAX_ATTEMPTS {
        return Ok(format!("{error}; it was tried {MAX_ATTEMPTS} times"));
    }
    let at = wait.and_then(|wait| {
        context.store.now().checked_add(SignedDuration::try_from(wait).unwrap_or(SignedDuration::MAX)).ok()
    });
    Err(TaskError::Retry { at, error: error.to_string() })
}

/// What was fetched, as it is kept; none where the page is gone for good.
pub(super) fn new_snapshot(fetched: Fetched, now: Timestamp) -> Option<NewSnapshot> {
    let content_type = fetched.header("content-type").map(str::to_owned);
    match fetched.status {
        Status::Modified(body) => Some(NewSnapshot {
            bytes: body.content,
            content_type,
            urls: fetched.url_chain.into_iter().map(|visited| visited.url).collect(),
            headers: fetched.headers,
            fetched_at: now,
        }),
        Status::NotModified | Status::Gone => None,
    }
}

/// The address that a page has for itself, if it is of the site that it was fetched from.
fn own_address(article: &Article, address: Option<&str>) -> Option<String> {
    let own = canonical(article.canonical.as_deref()?)?;
    let address = address?;
    // Some sites give all their pages the address of the front one.
    (same_site(&own, address) && (!is_front(&own) || is_front(address))).then_some(own)
}

fn is_same(one: &[u8], other: &[u8]) -> bool {
    match (Sketch::from_bytes(one), Sketch::from_bytes(other)) {
        (Some(one), Some(other)) => one.is_same(&other),
        (_, _) => false,
    }
}

/// What a document says, for whoever compares it with another.
pub(super) fn said(snapshot: &Snapshot) -> Option<String> {
    let article = extracted(snapshot).ok()?;
    let words = |text: &str| text.split_whitespace().map(str::to_owned).collect::<Vec<_>>().join(" ");
    Some(format!("{}\n{}", words(article.title.as_deref().unwrap_or_default()), words(&article.text)))
}
