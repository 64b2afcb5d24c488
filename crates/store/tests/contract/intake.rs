//! Intake: feeds, items that arrive once, documents as they were fetched, leads as they are listed, open claims.

use hearsay_core::{ItemNumber, SourceId};
use hearsay_store::{
    Arrived, FeedPause, ItemState, Kept, LeadFilter, LeadStage, NewFeed, NewItem, NewSnapshot, Polled, ReadItem,
    Store, StoreError, TaskFilter,
};
use jiff::{SignedDuration, Timestamp};

use crate::desk::{Desk, START, column, execute, submission};
use crate::story::{DOCUMENT, STORY};

fn at(minutes: i64) -> Timestamp {
    Timestamp::from_microsecond(START).unwrap() + SignedDuration::from_mins(minutes)
}

fn document(url: &str, bytes: &[u8], minutes: i64) -> NewSnapshot {
    NewSnapshot {
        bytes: bytes.to_vec(),
        content_type: Some("text/html".to_owned()),
        urls: vec![url.to_owned()],
        headers: vec![("etag".to_owned(), "\"1\"".to_owned())],
        fetched_at: at(minutes),
    }
}

fn item(guid: &str, url: &str) -> NewItem {
    NewItem { guid: Some(guid.to_owned()), url: Some(url.to_owned()), ..NewItem::default() }
}

fn answered(items: Vec<NewItem>) -> Polled {
    Polled::Answered {
        etag: Some("\"2\"".to_owned()),
        last_modified: None,
        title: Some("News".to_owned()),
        moved_to: None,
        items,
        next_poll: at(15),
    }
}

/// Keeps a document as that of a submitted item.
pub(crate) async fn keep(store: &Store, url: &str, bytes: &[u8]) -> ItemNumber {
    let document = Some(document(url, bytes, 0));
    let new = NewItem { url: Some(url.to_owned()), document, ..NewItem::default() };
    store.submit_item(new).await.unwrap().0
}

fn feed(url: &str) -> NewFeed {
    NewFeed { url: url.to_owned(), title: None, source: None, interval: 900 }
}

/// Rows in every table of intake.
pub(crate) async fn busy(store: &Store) {
    let one = store.add_feed(feed("https://example.org/one")).await.unwrap();
    store.add_feed(feed("https://example.org/two")).await.unwrap();
    store.pause_feed(one, FeedPause::By("ana".to_owned())).await.unwrap();
    let items = store.settle_poll(one, answered(vec![item("a", "https://example.org/a")])).await.unwrap();
    store.settle_item(items[0], read(b"aaaa", &[1, 2])).await.unwrap();
    store.item_done(items[0]).await.unwrap();
}

fn read(sketch: &[u8], bands: &[u64]) -> ReadItem {
    ReadItem {
        url: None,
        title: Some("A title".to_owned()),
        language: Some("en".to_owned()),
        published: None,
        sketch: Some(sketch.to_vec()),
        bands: bands.to_vec(),
        is_same: |one, two| one[0] == two[0],
    }
}

#[tokio::test]
async fn a_feed_is_due_until_it_is_polled_paused_gone_or_removed() {
    let desk = Desk::new().await;
    let store = &desk.store;
    let number = store.add_feed(feed("https://example.org/feed")).await.unwrap();
    assert!(matches!(store.add_feed(feed("https://example.org/feed")).await, Err(StoreError::Question { .. })));
    let due = |minutes| store.feeds_due(at(minutes), 10);
    assert_eq!(due(1).await.unwrap(), [number]);
    store.settle_poll(number, answered(Vec::new())).await.unwrap();
    assert_eq!(due(14).await.unwrap(), []);
    assert_eq!(due(15).await.unwrap(), [number]);
    let shown = store.feed(number).await.unwrap();
    assert_eq!((shown.etag.as_deref(), shown.title.as_deref()), (Some("\"2\""), Some("News")));
    let failed = || Polled::Failed { error: "no answer".to_owned(), next_poll: at(30) };
    store.settle_poll(number, failed()).await.unwrap();
    store.settle_poll(number, failed()).await.unwrap();
    let shown = store.feed(number).await.unwrap();
    assert_eq!((shown.failures, shown.error.as_deref()), (2, Some("no answer")));
    store.poll_feed_now(number).await.unwrap();
    assert_eq!(due(29).await.unwrap(), [number]);
    store.settle_poll(number, Polled::Unchanged { moved_to: None, next_poll: at(45) }).await.unwrap();
    assert_eq!(store.feed(number).await.unwrap().failures, 0);
    store.pause_feed(number, FeedPause::By("ana".to_owned())).await.unwrap();
    assert_eq!(due(60).await.unwrap(), []);
    store.pause_feed(number, FeedPause::No).await.unwrap();
    assert_eq!(due(60).await.unwrap(), [number]);
    store.settle_poll(number, Polled::Gone).await.unwrap();
    assert_eq!(due(60).await.unwrap(), []);
    store.poll_feed_now(number).await.unwrap();
    store.remove_feed(number).await.unwrap();
    assert_eq!((due(60).await.unwrap(), store.feeds().await.unwrap()), (Vec::new(), Vec::new()));
    assert!(matches!(store.feed(number).await, Err(StoreError::NotFound { what: "feed", .. })));
    assert!(matches!(store.remove_feed(number).await, Err(StoreError::NotFound { .. })));
    let again = store.add_feed(feed("https://example.org/feed")).await.unwrap();
    assert!(again > number, "a number is never given twice");
}

#[tokio::test]
async fn what_arrives_again_by_id_address_or_text_adds_nothing() {
    let desk = Desk::new().await;
    let store = &desk.store;
    let one = store.add_feed(feed("https://example.org/one")).await.unwrap();
    let two = store.add_feed(feed("https://example.org/two")).await.unwrap();
    let words = |item: NewItem, byte: u8| NewItem { words: Some([byte; 32]), ..item };
    let a = words(item("a", "https://example.org/a"), 1);
    for (feed, arrives, adds) in [
        (one, a.clone(), 1),
        (one, a.clone(), 0),
        (one, item("a", "https://example.org/moved"), 0),
        (one, item("other id", "https://example.org/a"), 0),
        (one, words(item("third id", "https://example.org/third"), 1), 0),
        (two, words(item("a", "https://elsewhere.example/a"), 1), 1),
        (one, item("b", "https://example.org/b"), 1),
    ] {
        let told = format!("{arrives:?}");
        assert_eq!(store.settle_poll(feed, answered(vec![arrives])).await.unwrap().len(), adds, "{told}");
    }
    let (number, arrived) = store.submit_item(item("x", "https://example.org/b")).await.unwrap();
    assert_eq!(arrived, Arrived::Known);
    assert_eq!(store.item(number).await.unwrap().url.as_deref(), Some("https://example.org/b"));
    assert_eq!(store.items_waiting(ItemNumber(0), 10).await.unwrap().len(), 3);
}

#[tokio::test]
async fn a_feed_of_fifty_thousand_entries_arrives_once() {
    let desk = Desk::new().await;
    let number = desk.store.add_feed(feed("https://example.org/feed")).await.unwrap();
    let entries: Vec<NewItem> =
        (0..50_000).map(|n| item(&format!("id {n}"), &format!("https://example.org/{n}"))).collect();
    assert_eq!(desk.store.settle_poll(number, answered(entries.clone())).await.unwrap().len(), 50_000);
    let renamed = entries.into_iter().map(|item| NewItem { guid: item.guid.map(|id| id + "!"), ..item }).collect();
    assert_eq!(desk.store.settle_poll(number, answered(renamed)).await.unwrap().len(), 0);
}

#[tokio::test]
async fn nearly_the_same_text_is_one_document() {
    let desk = Desk::new().await;
    let mut items = Vec::new();
    for url in ["https://a.example/1", "https://b.example/1", "https://c.example/1", "https://d.example/1"] {
        items.push(keep(&desk.store, url, url.as_bytes()).await);
    }
    let mut settled = Vec::new();
    for (item, sketch, bands) in [
        (items[0], b"aaaa", [1_u64, 2]),
        (items[1], b"bbbb", [2, 3]),
        (items[2], b"abbb", [u64::MAX, 2]),
        (items[3], b"accc", [8, 9]),
    ] {
        settled.push(desk.store.settle_item(item, read(sketch, &bands)).await.unwrap());
    }
    let firsts: Vec<ItemNumber> = settled.iter().map(|document| document.first).collect();
    assert_eq!(firsts, [items[0], items[1], items[0], items[3]]);
    assert_eq!(settled[2].carried_by, 2);
    let shown = desk.store.item(items[2]).await.unwrap();
    assert_eq!((shown.state, shown.document), (ItemState::Waiting, Some(items[0])), "its leads are not laid yet");
    desk.store.item_done(items[2]).await.unwrap();
    assert_eq!(desk.store.item(items[2]).await.unwrap().state, ItemState::Read);
    desk.store.fail_item(items[3], "no text".to_owned()).await.unwrap();
    assert_eq!(desk.store.item(items[3]).await.unwrap().state, ItemState::Failed);
}

#[tokio::test]
async fn a_document_is_kept_as_it_was_fetched_and_an_edited_one_beside_it() {
    let desk = Desk::new().await;
    let url = "https://example.org/a";
    let bytes = "words ".repeat(10_000).into_bytes();
    let number = keep(&desk.store, url, &bytes).await;
    let first = desk.store.item(number).await.unwrap().snapshot.unwrap();
    let kept = desk.store.kept_snapshot(first).await.unwrap();
    assert_eq!((kept.bytes.as_deref(), kept.size), (Some(bytes.as_slice()), 60_000));
    assert_eq!((kept.urls.as_slice(), kept.fetched_at), ([url.to_owned()].as_slice(), at(0)));
    assert_eq!(desk.store.keep_snapshot(number, document(url, &bytes, 5)).await.unwrap(), Kept::Same);
    assert_eq!(desk.store.keep_snapshot(number, document(url, b"other", 6)).await.unwrap(), Kept::Edited);
    let shown = desk.store.item(number).await.unwrap();
    assert_eq!(shown.edited_at, Some(at(6)));
    assert_ne!(shown.snapshot, Some(first));
    for sql in ["UPDATE snapshots SET body = x'00'", "UPDATE snapshots SET size = 1", "DELETE FROM snapshots"] {
        assert!(execute(&desk.path, sql).await.is_err(), "{sql}");
    }
    assert!(matches!("0".repeat(64).parse(), Ok(id) if desk.store.kept_snapshot(id).await.is_err()));
}

#[tokio::test]
async fn a_changed_document_and_one_that_is_named_and_not_there_are_found() {
    let desk = Desk::told(STORY).await;
    assert_eq!(desk.store.verify(None, &[], &mut |_, _, _| {}).await.unwrap().findings, []);
    execute(&desk.path, "DROP TRIGGER snapshots_are_never_changed; UPDATE snapshots SET body = x'0300'")
        .await
        .unwrap();
    let found = desk.store.check(&mut |_, _| {}).await.unwrap().join("\n");
    assert!(found.contains("does not have the bytes of that hash"), "{found}");
    execute(&desk.path, "DROP TRIGGER snapshots_are_never_deleted; DELETE FROM snapshots").await.unwrap();
    let found = desk.store.check(&mut |_, _| {}).await.unwrap().join("\n");
    assert!(found.contains("rests on a snapshot that is not there"), "{found}");
}

#[tokio::test]
async fn leads_are_listed_by_what_became_of_them() {
    let desk = Desk::told(STORY).await;
    let listed = async |filter: LeadFilter| -> Vec<String> {
        let rows = desk.store.leads(&filter).await.unwrap();
        rows.iter().map(|row| format!("{} {}", row.number, row.stage.as_str())).collect()
    };
    let all = ["L-4 waiting", "L-3 dismissed", "L-2 accepted", "L-1 undone"];
    assert_eq!(listed(LeadFilter::default()).await, all);
    assert_eq!(listed(LeadFilter { stage: Some(LeadStage::Waiting), ..LeadFilter::default() }).await, all[..1]);
    assert_eq!(listed(LeadFilter { automatic: true, ..LeadFilter::default() }).await, all[3..]);
    assert_eq!(
        listed(LeadFilter { before: "L-3".parse().ok(), most: Some(1), ..LeadFilter::default() }).await,
        all[2..3]
    );
    assert_eq!(listed(LeadFilter { claim: "C-1".parse().ok(), ..LeadFilter::default() }).await, [""; 0]);
    let detail = desk.store.lead("L-2".parse().unwrap()).await.unwrap();
    assert_eq!((detail.folded.len(), detail.row.folded), (1, 1));
    assert_eq!(detail.row.source.as_deref(), Some("RIA Novosti"));
    assert!(detail.row.evidence.is_some());
    let dismissed = desk.store.lead("L-3".parse().unwrap()).await.unwrap().row;
    assert_eq!(dismissed.reason.as_deref(), Some("It was a joke"));
    assert_eq!(dismissed.settled.unwrap().1.as_deref(), Some("ana"));
    assert!(matches!(
        desk.store.lead("L-9".parse().unwrap()).await,
        Err(StoreError::NotFound { what: "lead", .. })
    ));
}

#[tokio::test]
async fn a_lead_that_was_laid_before_the_store_was_opened_is_accepted_with_its_words() {
    let desk = Desk::told(STORY).await.reopened().await;
    desk.tell(r#"{"do":"accept_lead","lead":"L-4","ref":"from-lead","footing":"own"}"#).await;
    let file = desk.store.claim_file("C-3".parse().unwrap()).await.unwrap();
    let piece = file.evidence.iter().find(|piece| piece.handle.as_deref() == Some("from-lead")).unwrap();
    assert_eq!(piece.quote.as_deref(), Some("It is not so"));
    let again = r#"bot {"do":"lay_lead","claim":"kursk","item":"I-6","confidence":1,"evidence":{"speaker":"Peskov","source":"peskov","stance":"denies","quote":"IT is not so","said_at":"2025-04-22T12:00:00Z"}}"#;
    let desk = desk.reopened().await;
    desk.tell(again).await;
    assert_eq!(desk.store.lead("L-4".parse().unwrap()).await.unwrap().folded.len(), 1);
    desk.assert_sound().await;
}

#[tokio::test]
async fn a_claim_says_that_its_document_was_edited_or_taken_down() {
    let desk = Desk::told(STORY).await;
    let pieces = async || {
        let file = desk.store.claim_file("C-3".parse().unwrap()).await.unwrap();
        file.evidence.into_iter().filter(|piece| piece.snapshot.is_some()).collect::<Vec<_>>()
    };
    let before = pieces().await;
    assert!(!before.is_empty() && before.iter().all(|piece| piece.edited_at.is_none() && piece.gone_at.is_none()));
    let item = keep(&desk.store, "https://example.org/briefing", DOCUMENT).await;
    assert_eq!(desk.store.items_to_recheck(at(59), 10).await.unwrap(), []);
    assert_eq!(desk.store.items_to_recheck(at(60), 10).await.unwrap(), [item]);
    desk.store.keep_snapshot(item, document("https://example.org/briefing", b"edited", 60)).await.unwrap();
    assert!(pieces().await.iter().all(|piece| piece.edited_at == Some(at(60))));
    desk.store.item_gone(item).await.unwrap();
    assert!(pieces().await.iter().all(|piece| piece.gone_at.is_some()));
}

#[tokio::test]
async fn a_document_is_looked_at_again_at_growing_intervals_while_its_claim_is_open() {
    let desk = Desk::told(STORY).await;
    let item = keep(&desk.store, "https://example.org/briefing", DOCUMENT).await;
    let due = async |minutes| desk.store.items_to_recheck(at(minutes), 10).await.unwrap();
    for (looked, next) in [(60, 120), (120, 240), (600, 1_200), (60_000, 60_000 + 7 * 1_440)] {
        desk.store.keep_snapshot(item, document("https://example.org/briefing", DOCUMENT, looked)).await.unwrap();
        assert_eq!(due(next - 1).await, [], "looked at after {looked} minutes");
        assert_eq!(due(next).await, [item], "looked at after {looked} minutes");
    }
    desk.tell(r#"{"do":"close","claim":"kursk","as":"unresolved","reason":"enough"}"#).await;
    assert_eq!(due(1_000_000).await, []);
}

/// The keys of the tasks of intake, in their order.
async fn keys(store: &Store) -> Vec<String> {
    let tasks = store.tasks(&TaskFilter::default()).await.unwrap();
    let of_intake = |key: &String| ["poll_feed", "fetch_item", "recheck"].iter().any(|kind| key.starts_with(kind));
    let mut keys: Vec<String> = tasks.into_iter().filter_map(|task| task.key).filter(of_intake).collect();
    keys.sort();
    keys
}

#[tokio::test]
async fn the_tasks_of_intake_come_with_what_makes_them_necessary_and_are_found_when_lost() {
    let desk = Desk::new().await;
    let store = &desk.store;
    let one = store.add_feed(feed("https://example.org/one")).await.unwrap();
    let two = store.add_feed(feed("https://example.org/two")).await.unwrap();
    store.settle_poll(one, answered(vec![item("a", "https://example.org/a")])).await.unwrap();
    store.submit_item(item("b", "https://example.org/b")).await.unwrap();
    let all = ["fetch_item:I-1", "fetch_item:I-2", "poll_feed:F-1", "poll_feed:F-2"];
    assert_eq!(keys(store).await, all);
    store.enqueue_missed().await.unwrap();
    assert_eq!(keys(store).await, all, "what is there is not added again");
    execute(&desk.path, "DELETE FROM tasks").await.unwrap();
    store.pause_feed(two, FeedPause::By("ana".to_owned())).await.unwrap();
    store.enqueue_missed().await.unwrap();
    assert_eq!(keys(store).await, all[..3], "a paused feed is left alone");
    store.pause_feed(two, FeedPause::No).await.unwrap();
    assert_eq!(keys(store).await, all);
    store.fail_item(ItemNumber(2), "no text".to_owned()).await.unwrap();
    execute(&desk.path, "DELETE FROM tasks").await.unwrap();
    let again = store.submit_item(item("b", "https://example.org/b")).await.unwrap();
    assert_eq!((again, keys(store).await), ((ItemNumber(2), Arrived::Again), vec![all[1].to_owned()]));
}

/// Lets every task of intake die.
async fn die(desk: &Desk) {
    let now = desk.store.now().as_microsecond();
    let dead = format!(
        "INSERT INTO dead_tasks (id, kind, key, payload, priority, enqueued_at, died_at, attempts, error)
         SELECT id, kind, key, payload, priority, enqueued_at, {now}, 8, 'no luck' FROM tasks; DELETE FROM tasks"
    );
    execute(&desk.path, &dead).await.unwrap();
}

#[tokio::test]
async fn what_was_given_up_of_intake_is_said_and_does_not_stop_what_comes_after() {
    let desk = Desk::told(STORY).await;
    let store = &desk.store;
    let one = store.add_feed(feed("https://example.org/one")).await.unwrap();
    let waiting = store.submit_item(item("b", "https://example.org/b")).await.unwrap().0;
    let looked = keep(store, "https://example.org/briefing", DOCUMENT).await;
    store.item_done(looked).await.unwrap();
    let hours_ago = "UPDATE items SET checked_at = checked_at - 7200000000, arrived_at = arrived_at - 14400000000";
    execute(&desk.path, &format!("DELETE FROM tasks; {hours_ago}")).await.unwrap();
    store.enqueue_missed().await.unwrap();
    let recheck = format!("recheck:{looked}");
    assert!(keys(store).await.contains(&recheck), "{:?}", keys(store).await);
    die(&desk).await;
    store.enqueue_missed().await.unwrap();
    assert_eq!(keys(store).await, [format!("poll_feed:{one}")], "a feed is polled again, later");
    let shown = store.feed(one).await.unwrap();
    assert_eq!((shown.failures, shown.error.as_deref()), (1, Some("no luck")));
    let shown = store.item(waiting).await.unwrap();
    assert_eq!((shown.state, shown.error.as_deref()), (ItemState::Failed, Some("no luck")));
    assert_eq!(store.items_to_recheck(store.now(), 10).await.unwrap(), [], "not before its next time");
    let later = store.now() + SignedDuration::from_hours(24 * 30);
    assert_eq!(store.items_to_recheck(later, 10).await.unwrap(), [looked]);
}

#[tokio::test]
async fn what_could_not_be_fetched_may_be_given_by_hand() {
    let desk = Desk::new().await;
    let store = &desk.store;
    let asked = item("b", "https://example.org/b");
    let number = store.submit_item(asked.clone()).await.unwrap().0;
    store.fail_item(number, "its robots.txt says no".to_owned()).await.unwrap();
    let given = NewItem { document: Some(document("https://example.org/b", b"pasted", 1)), ..asked.clone() };
    assert_eq!(store.submit_item(given).await.unwrap(), (number, Arrived::Again));
    let kept = store.item(number).await.unwrap().snapshot.unwrap();
    assert_eq!(store.kept_snapshot(kept).await.unwrap().bytes.as_deref(), Some(b"pasted".as_slice()));
    let other = NewItem { document: Some(document("https://example.org/b", b"other", 2)), ..asked };
    assert_eq!(store.submit_item(other).await.unwrap(), (number, Arrived::Known));
    assert_eq!(store.item(number).await.unwrap().snapshot, Some(kept), "what was fetched is not replaced by hand");
}

#[tokio::test]
async fn open_claims_are_given_whole_and_then_as_they_change() {
    let desk = Desk::told(STORY).await;
    let all = desk.store.open_claims().await.unwrap();
    let offer = all.open.iter().find(|claim| claim.number.to_string() == "C-1").unwrap();
    assert!(offer.text.contains("café") && offer.notes.iter().any(|note| note.contains("Élysée")));
    assert_eq!(offer.topic.as_deref(), Some("ukraine-war"));
    let named = async |id: SourceId| desk.store.source(&id.to_string()).await.unwrap().name;
    assert_eq!(named(offer.parties[0]).await, "Kremlin");
    assert_eq!(named(offer.sources[0]).await, "Financial Times");
    assert!(offer.waits_for.iter().all(|waiting| waiting.since < waiting.until));
    assert_eq!((all.closed.len(), all.sources_changed), (0, true));
    let none = desk.store.open_claims_since(all.up_to).await.unwrap();
    assert_eq!((none.open.len(), none.closed.len(), none.sources_changed), (0, 0, false));
    desk.tell(r#"{"do":"note","claim":"kursk","text":"A new word"}"#).await;
    desk.tell(r#"{"do":"close","claim":"C-1","as":"unresolved","reason":"enough"}"#).await;
    let since = desk.store.open_claims_since(all.up_to).await.unwrap();
    assert_eq!(since.open.iter().map(|claim| claim.number.to_string()).collect::<Vec<_>>(), ["C-3"]);
    assert!(since.open[0].notes.contains(&"A new word".to_owned()));
    assert_eq!(since.closed, [offer.id]);
}

#[tokio::test]
async fn an_erasure_takes_document_item_and_the_words_of_the_lead() {
    let desk = Desk::told(STORY).await;
    desk.tell(r#"{"do":"release","claim":"kursk","reason":"settled"}"#).await;
    let file = desk.store.claim_file("C-3".parse().unwrap()).await.unwrap();
    let piece =
        file.evidence.iter().find(|piece| piece.quote.as_deref() == Some("The region was mentioned")).unwrap();
    desk.tell(&format!(r#"{{"do":"erase","evidence":"{}","basis":"GDPR, article 17"}}"#, piece.id)).await;
    desk.tell(r#"ben {"do":"approve","claim":"kursk"}"#).await;
    let left = column(&desk.path, "SELECT body FROM texts WHERE body LIKE '%region was mentioned%'").await;
    assert_eq!(left, [""; 0]);
    let bodies = column(&desk.path, "SELECT CAST(count(*) AS TEXT) FROM snapshots WHERE body IS NOT NULL").await;
    assert_eq!(bodies, ["0"]);
    let urls = column(&desk.path, "SELECT url FROM items WHERE url LIKE '%briefing%'").await;
    assert_eq!(urls, [""; 0]);
    desk.assert_sound().await;
}

#[tokio::test]
async fn leads_on_one_claim_from_two_stores_get_numbers_of_their_own() {
    let desk = Desk::told(STORY).await;
    let other = desk.again().await.unwrap();
    let lay = |item: u32| {
        submission(&format!(
            r#"bot {{"do":"lay_lead","claim":"offer","item":"I-{item}","confidence":1,"evidence":{{"speaker":"Speaker {item}","stance":"denies","said_at":"2025-04-22T12:00:00Z"}}}}"#
        ))
    };
    for item in 10..30 {
        let store = if item % 2 == 0 { &desk.store } else { &other };
        store.submit(lay(item)).await.unwrap();
    }
    assert_eq!(desk.store.leads(&LeadFilter::default()).await.unwrap().len(), 24);
    other.close().await;
    desk.assert_sound().await;
}
