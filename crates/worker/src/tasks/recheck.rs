//! Looks again at a document that evidence of an open claim rests on: was it edited, is it gone?
//! A page whose bytes differ and whose words don't was not edited.

use hearsay_core::ItemNumber;
use hearsay_store::{Item, NewSnapshot, Snapshot, StoreError, TaskKind};
use serde::Deserialize;

use super::fetch_item::{new_snapshot, said};
use crate::context::Context;
use crate::intake::{Unfetched, is_front};
use crate::task_error::TaskError;
use crate::{FetchError, Fetched, Purpose, Request, Status};

/// Payload of `recheck`.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Recheck {
    item: ItemNumber,
}

/// What became of a document.
enum Became {
    /// Nothing that is to be told.
    Nothing,
    /// Its server has it no more.
    Gone,
    /// It came again, perhaps with other words.
    Came(NewSnapshot),
}

impl Recheck {
    pub(crate) const NAME: TaskKind = TaskKind::Recheck;

    pub(crate) async fn run(self, context: &Context) -> Result<(), TaskError> {
        let item = match context.store.item(self.item).await {
            Err(StoreError::NotFound { .. }) => return Ok(()),
            item => item?,
        };
        let (Some(url), Some(kept)) = (&item.url, item.snapshot) else { return Ok(()) };
        let kept = context.store.kept_snapshot(kept).await?;
        // The address that it was fetched from: the one that a page has for itself may be that of its site's front.
        let url = kept.urls.first().unwrap_or(url);
        match became(url, &item, &kept, context).await? {
            Became::Gone => context.store.item_gone(item.number).await?,
            Became::Came(document) if is_edited(kept, document.clone(), context).await? => {
                context.store.keep_snapshot(item.number, document).await?;
            }
            Became::Came(_) => context.store.item_unchanged(item.number).await?,
            Became::Nothing => context.store.item_checked(item.number).await?,
        }
        Ok(())
    }
}

async fn became(url: &str, item: &Item, kept: &Snapshot, context: &Context) -> Result<Became, TaskError> {
    let header = |name: &str| kept.headers.iter().find(|(known, _)| known == name).map(|(_, value)| value.clone());
    // What is gone, and came back as it was, is to be told.
    let known = item.gone_at.is_none();
    let request = Request {
        if_none_match: header("etag").filter(|_| known),
        if_modified_since: header("last-modified").filter(|_| known),
        ..Request::new(url, Purpose::Article)
    };
    match context.intake.fetch(&request, context.store.now(), &context.stop).await {
        Ok(fetched) if fetched.status == Status::Gone || leads_to_front(url, &fetched) => Ok(Became::Gone),
        Ok(fetched) => Ok(new_snapshot(fetched, context.store.now()).map_or(Became::Nothing, Became::Came)),
        Err(Unfetched::Failed(FetchError::Status { status: 404, .. })) => Ok(Became::Gone),
        Err(Unfetched::NotYet(error)) => Err(error),
        Err(Unfetched::Failed(error)) => {
            tracing::info!(item = %item.number, %error, "a document could not be looked at again");
            Ok(Became::Nothing)
        }
    }
}

/// Whether a page was taken down by leading on to the front page of its site.
fn leads_to_front(url: &str, fetched: &Fetched) -> bool {
    fetched.url_chain.last().is_some_and(|last| is_front(&last.url) && !is_front(url))
}

/// Whether the words of a document that came again are others. One that has none now may wait for consent or a
/// subscription: nothing is told of it.
async fn is_edited(kept: Snapshot, came: NewSnapshot, context: &Context) -> Result<bool, TaskError> {
    let compared = context.intake.by_hand(move || {
        let came = Snapshot {
            id: hearsay_store::SnapshotId::of(&came.bytes),
            size: came.bytes.len() as u64,
            bytes: Some(came.bytes),
            content_type: came.content_type,
            urls: came.urls,
            headers: came.headers,
            fetched_at: came.fetched_at,
        };
        said(&came).is_some_and(|words| said(&kept).as_ref() != Some(&words))
    });
    compared.await
}
