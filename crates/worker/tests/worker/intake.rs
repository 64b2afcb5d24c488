//! Feeds and items through the worker: what each answer of a server comes to, and that nothing is lost or told twice.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use hearsay_core::{FeedNumber, ItemNumber};
use hearsay_store::{Feed, Item, ItemState, LeadFilter, LeadRow, NewFeed, NewItem, TaskFilter, TaskKind};
use hearsay_worker::{CancellationToken, FetchOptions, Until, Worked, Worker, WorkerOptions};

use crate::desk::{Desk, at, options, until};
use crate::web::{Play, Web, answer, page, reaching, redirect};

/// A claim that the items of these tests bear on.
const CLAIM: &str = r#"{"do":"report_claim","ref":"halt","text":"Vladimir Putin offered to halt the invasion of Ukraine along the current front line.","language":"en","kind":"intention","parties":[{"source":"kremlin","interest":"against"}],"evidence":{"source":"ft","stance":"affirms","footing":"unnamed_sources","said_at":"2025-04-22T15:00:00Z"}}"#;

/// Words that no other number has: enough of them make a document of its own.
fn filler(number: usize) -> String {
    (0..80).map(|word| format!("word{number}x{word} ")).collect::<Vec<_>>().concat()
}

/// An article in which Peskov denies, in words that no other number has.
fn denial(number: usize) -> Play {
    page(format!(
        "<html><head><title>Answer {number}</title></head><body><article><p>The Financial Times reported that Vladimir Putin \
         offered to halt the invasion of Ukraine along the current front line.</p><p>\u{201c}This report is untrue, and office \
         {number} made no such offer,\u{201d} Dmitry Peskov said.</p><p>{}</p></article></body></html>",
        filler(number)
    ))
}

/// A feed with entries of these ids that lead there.
fn rss(entries: impl Iterator<Item = (String, String)>) -> Play {
    let item = |(guid, link)| format!("<item><guid>{guid}</guid><title>T</title><link>{link}</link></item>");
    feed_of(&entries.map(item).collect::<Vec<_>>().concat())
}

fn feed_of(items: &str) -> Play {
    let head = "content-type: application/rss+xml\r\netag: \"1\"\r\n";
    answer(200, head, format!("<rss version=\"2.0\"><channel><title>A feed</title>{items}</channel></rss>"))
}

async fn told() -> Desk {
    Desk::told(CLAIM).await
}

async fn add(desk: &Desk, web: &Web) -> FeedNumber {
    let feed = NewFeed { url: web.url("/feed"), title: None, source: None, interval: 900 };
    desk.store.add_feed(feed).await.unwrap()
}

async fn submit(desk: &Desk, url: &str) -> ItemNumber {
    let item = NewItem { url: Some(url.to_owned()), ..NewItem::default() };
    desk.store.submit_item(item).await.unwrap().0
}

fn fetching(fetch: FetchOptions) -> WorkerOptions {
    WorkerOptions { until: Until::Idle, fetch, ..options() }
}

/// Works until nothing is left to do.
async fn work(desk: &Desk, fetch: FetchOptions) -> Worked {
    let worker = Worker::begin(desk.store.clone(), fetching(fetch)).await.unwrap();
    let run = worker.run(CancellationToken::new());
    tokio::time::timeout(Duration::from_mins(3), run).await.expect("it becomes idle").unwrap()
}

async fn items(desk: &Desk) -> Vec<Item> {
    let mut items = Vec::new();
    for number in 1.. {
        match desk.store.item(ItemNumber(number)).await {
            Ok(item) => items.push(item),
            Err(_) => break,
        }
    }
    items
}

/// Peskov's words on the claim of these tests, as leads.
async fn denials(desk: &Desk) -> Vec<LeadRow> {
    let filter = LeadFilter { claim: "C-3".parse().ok(), most: Some(1_000), ..LeadFilter::default() };
    let mut leads = desk.store.leads(&filter).await.unwrap();
    leads.retain(|lead| lead.source.as_deref() == Some("Dmitry Peskov"));
    leads
}

/// Polls the feed once more.
async fn poll(desk: &Desk, feed: FeedNumber, web: &Web) -> Feed {
    desk.store.poll_feed_now(feed).await.unwrap();
    work(desk, reaching(&[web])).await;
    desk.store.feed(feed).await.unwrap()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_worker_that_vanishes_again_and_again_loses_no_item_and_lays_none_twice() {
    const MANY: usize = 40;
    let desk = told().await;
    let origin = Arc::new(std::sync::OnceLock::<String>::new());
    let of = Arc::clone(&origin);
    let web = Web::new(move |path| match path {
        "/feed" => {
            let base = of.get().unwrap().clone();
            rss((0..MANY).map(move |n| (format!("id {n}"), format!("{base}/{n}"))))
        }
        "/robots.txt" => answer(404, "", ""),
        path => denial(path[1..].parse().unwrap()),
    })
    .await;
    origin.set(format!("http://{}", web.address)).unwrap();
    add(&desk, &web).await;
    for round in 0..8 {
        let options = WorkerOptions { until: Until::Stopped, ..fetching(reaching(&[&web])) };
        let worker = Worker::begin(desk.store.clone(), options).await.unwrap();
        let run = tokio::spawn(worker.run(CancellationToken::new()));
        tokio::time::sleep(Duration::from_millis(30 + 20 * round)).await;
        run.abort();
        assert!(run.await.is_err_and(|error| error.is_cancelled()));
    }
    work(&desk, reaching(&[&web])).await;
    let all = items(&desk).await;
    assert_eq!(all.len(), MANY);
    assert!(all.iter().all(|item| item.state == ItemState::Read && item.snapshot.is_some()), "{all:#?}");
    let laid = denials(&desk).await;
    assert_eq!(laid.len(), MANY, "{:#?}", laid.iter().map(|lead| &lead.words.quote).collect::<Vec<_>>());
    assert_eq!(laid.iter().map(|lead| lead.folded).sum::<u32>(), 0);
    assert_eq!(desk.dead().await, [""; 0]);
}

#[tokio::test]
async fn a_feed_of_fifty_thousand_entries_brings_its_first_ones_once() {
    let desk = told().await;
    desk.store.pause(TaskKind::FetchItem, "ana").await.unwrap();
    let web = Web::new(|_| rss((0..50_000).map(|n| (format!("id {n}"), format!("http://a.example/{n}"))))).await;
    let feed = add(&desk, &web).await;
    work(&desk, reaching(&[&web])).await;
    let shown = desk.store.feed(feed).await.unwrap();
    assert_eq!((shown.items, shown.error), (2_000, None));
    assert_eq!(poll(&desk, feed, &web).await.items, 2_000);
    assert_eq!(desk.kind(TaskKind::FetchItem).await.waiting, 2_000);
}

#[tokio::test]
async fn a_feed_that_changes_its_ids_at_every_poll_brings_each_entry_once() {
    let desk = told().await;
    let polls = AtomicUsize::new(0);
    let web = Web::new(move |path| match path {
        "/feed" => {
            let poll = polls.fetch_add(1, Ordering::SeqCst);
            feed_of(&format!(
                "<item><guid>{poll}</guid><title>T</title><link>http://127.0.0.1:9/1?utm_campaign={poll}</link></item>\
                 <item><guid>x{poll}</guid><title>A statement</title><description>Nothing was offered to anybody, and \
                 nothing will be.</description></item>"
            ))
        }
        _ => answer(404, "", ""),
    })
    .await;
    let feed = add(&desk, &web).await;
    work(&desk, reaching(&[&web])).await;
    for _ in 0..3 {
        assert_eq!(poll(&desk, feed, &web).await.items, 2);
    }
}

#[tokio::test]
async fn a_date_of_1970_or_still_to_come_is_no_date() {
    let desk = told().await;
    let statement = |date: &str, number: usize| {
        format!(
            "<item><guid>{number}</guid><pubDate>{date}</pubDate><title>Answer {number}</title><description>Asked of the \
             Financial Times report that Vladimir Putin offered to halt the invasion of Ukraine along the current front \
             line, Dmitry Peskov said: \u{201c}This report is untrue, take number {number}.\u{201d} {}</description></item>",
            filler(number)
        )
    };
    let all = [
        ("Thu, 01 Jan 1970 00:00:00 GMT", 1),
        ("Fri, 22 Apr 2099 10:00:00 GMT", 2),
        ("Tue, 22 Apr 2025 15:30:00 GMT", 3),
    ];
    let entries: String = all.iter().map(|(date, number)| statement(date, *number)).collect();
    let web = Web::new(move |_| feed_of(&entries)).await;
    let feed = add(&desk, &web).await;
    work(&desk, reaching(&[&web])).await;
    let mut published: Vec<_> = items(&desk).await.into_iter().map(|item| item.published).collect();
    published.sort();
    assert_eq!(published, [None, None, Some(at("2025-04-22T15:30:00Z"))]);
    let laid = denials(&desk).await;
    assert_eq!(laid.len(), 3, "{laid:#?}");
    let mut said: Vec<_> = laid.iter().map(|lead| lead.suggested.said_at).collect();
    said.sort();
    assert_eq!(said[0], at("2025-04-22T15:30:00Z"));
    assert!(said[1..].iter().all(|said| *said == at("2025-04-22T16:00:00Z")), "{said:?}");
    assert!(desk.store.feed(feed).await.unwrap().next_poll <= at("2025-04-22T16:20:00Z"));
}

#[tokio::test]
async fn what_cannot_be_read_is_told_by_its_item_and_holds_nobody_up() {
    let desk = told().await;
    let web = Web::new(|path| match path {
        "/robots.txt" => answer(200, "", "User-agent: *\nDisallow: /private/\n"),
        "/script" => page("<html><head><title>App</title></head><body><div id=\"root\"></div></body></html>"),
        "/picture" => answer(200, "content-type: image/png\r\n", b"\x89PNG\r\n\x1a\n"),
        "/gone" => answer(410, "", ""),
        "/lies" => Play::Says(b"HTTP/1.1 200 OK\r\ncontent-length: 99999999999\r\n\r\nwords".to_vec()),
        "/fine" => denial(1),
        _ => answer(404, "", ""),
    })
    .await;
    for (path, why) in [
        ("/script", Some("the page has no text under its title `App`")),
        ("/picture", Some("this is no page but a picture")),
        ("/gone", Some("gone for good")),
        ("/missing", Some("status 404")),
        ("/private/1", Some("robots.txt")),
        ("/lies", Some("has over 10485760 bytes")),
        ("/fine", None),
    ] {
        let item = submit(&desk, &web.url(path)).await;
        work(&desk, reaching(&[&web])).await;
        let item = desk.store.item(item).await.unwrap();
        let told = item.error.as_deref();
        assert_eq!(told.is_some(), why.is_some(), "{path}: {told:?}");
        assert!(why.is_none_or(|why| told.is_some_and(|told| told.contains(why))), "{path}: {told:?}");
        let state = if why.is_some() { ItemState::Failed } else { ItemState::Read };
        assert_eq!(item.state, state, "{path}");
    }
    let mut tasks = desk.store.tasks(&TaskFilter::default()).await.unwrap();
    tasks.retain(|task| task.kind == TaskKind::FetchItem);
    assert_eq!((tasks.len(), desk.dead().await.len()), (0, 0));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_hostile_server_costs_one_task_its_attempt() {
    let desk = told().await;
    let hostile = Web::new(|path| match path {
        "/robots.txt" => answer(404, "", ""),
        _ => Play::Drips(b"HTTP/1.1 200 OK\r\n\r\n".to_vec(), b"w".to_vec()),
    })
    .await;
    let fine = Web::new(|path| if path == "/robots.txt" { answer(404, "", "") } else { denial(1) }).await;
    let bad = submit(&desk, &hostile.url("/1")).await;
    let good = submit(&desk, &fine.url("/1")).await;
    let fetch = FetchOptions { within: Duration::from_secs(2), ..reaching(&[&hostile, &fine]) };
    let options = WorkerOptions { until: Until::Stopped, ..fetching(fetch) };
    let working = desk.start_with(options).await;
    until("the fine one is read", async || desk.store.item(good).await.unwrap().state == ItemState::Read).await;
    assert_eq!(desk.store.item(bad).await.unwrap().state, ItemState::Waiting);
    until("the other is to be tried again", async || desk.kind(TaskKind::FetchItem).await.retried_today == 1)
        .await;
    let worked = working.end().await;
    assert_eq!((worked.retried, worked.dead), (1, 0));
    let tasks = desk.store.tasks(&TaskFilter { kind: Some(TaskKind::FetchItem), ..TaskFilter::default() }).await;
    let tasks = tasks.unwrap();
    let told = tasks[0].last_error.as_deref().unwrap_or_default();
    assert!(told.contains("took longer") || told.contains("2 s"), "{told}");
}

#[tokio::test]
async fn what_is_not_its_turn_is_put_off_and_no_attempt_is_lost() {
    let desk = told().await;
    let web = Web::new(|path| if path == "/robots.txt" { answer(404, "", "") } else { denial(path.len()) }).await;
    for path in ["/1", "/22", "/333"] {
        submit(&desk, &web.url(path)).await;
    }
    let slow = FetchOptions { per_host_interval: Duration::from_mins(1), ..reaching(&[&web]) };
    let worked = work(&desk, slow).await;
    assert_eq!((worked.postponed, worked.retried), (2, 0));
    let tasks = desk.store.tasks(&TaskFilter { kind: Some(TaskKind::FetchItem), ..TaskFilter::default() }).await;
    let mut waits: Vec<(u32, i64)> = Vec::new();
    for task in tasks.unwrap() {
        waits.push((task.attempts, task.run_at.duration_since(at("2025-04-22T16:00:00Z")).as_secs()));
    }
    waits.sort_unstable();
    assert!(matches!(waits.as_slice(), [(0, 55..=60), (0, 110..=120)]), "one behind the other: {waits:?}");
}

#[tokio::test]
async fn a_feed_says_how_it_fares() {
    let desk = told().await;
    let web = Web::new(|path| match path {
        "/feed" => redirect(301, "/moved"),
        "/moved" => feed_of(""),
        "/page" => page("<html><head><title>News</title></head><body><p>words</p></body></html>"),
        "/gone" => answer(410, "", ""),
        _ => answer(503, "retry-after: 7200\r\n", ""),
    })
    .await;
    let moved = add(&desk, &web).await;
    let mut others = Vec::new();
    for path in ["/page", "/gone", "/busy"] {
        let feed = NewFeed { url: web.url(path), title: None, source: None, interval: 900 };
        others.push(desk.store.add_feed(feed).await.unwrap());
        work(&desk, reaching(&[&web])).await;
    }
    let shown = async |feed| desk.store.feed(feed).await.unwrap();
    assert_eq!(shown(moved).await.url, web.url("/moved"));
    assert_eq!(shown(moved).await.title.as_deref(), Some("A feed"));
    let page = shown(others[0]).await;
    assert!(page.error.as_deref().is_some_and(|error| error.contains("a web page and no feed")), "{page:?}");
    assert_eq!(page.failures, 1);
    let gone = shown(others[1]).await;
    assert!(gone.gone_at.is_some() && gone.error.is_none(), "{gone:?}");
    let busy = shown(others[2]).await;
    assert!(busy.error.as_deref().is_some_and(|error| error.contains("status 503")), "{busy:?}");
    assert!(busy.next_poll >= at("2025-04-22T18:00:00Z"), "it asked for two hours: {busy:?}");
    let before = web.asked().len();
    desk.store.poll_feed_now(moved).await.unwrap();
    work(&desk, reaching(&[&web])).await;
    assert_eq!(web.asked().len(), before + 1, "{:?}", web.asked());
    assert!(web.last_head().contains("if-none-match: \"1\""), "{}", web.last_head());
}

#[tokio::test]
async fn a_document_that_evidence_rests_on_is_seen_to_be_edited_taken_down_and_back() {
    let desk = told().await;
    let looks = Arc::new(AtomicUsize::new(0));
    let at_look = Arc::clone(&looks);
    let web = Web::new(move |path| match (path, at_look.load(Ordering::SeqCst)) {
        ("/robots.txt", _) | (_, 3) => answer(404, "", ""),
        ("/1", 5) => redirect(302, "/"),
        ("/", _) => page("<html><body><p>All the news of today, as this site has it.</p></body></html>"),
        (_, 0) => denial(1),
        // Other bytes, and the same words.
        (_, 1) => {
            let Play::Says(bytes) = denial(1) else { panic!("it says something") };
            let body = String::from_utf8(bytes).unwrap();
            let body = body.split("\r\n\r\n").nth(1).unwrap().replace("<body>", "<body><!-- 17:03 -->");
            page(body)
        }
        (_, _) => denial(2),
    })
    .await;
    let item = submit(&desk, &web.url("/1")).await;
    let fetch = || reaching(&[&web]);
    work(&desk, fetch()).await;
    let lead = denials(&desk).await.remove(0);
    desk.tell(&format!(r#"{{"do":"accept_lead","lead":"{}"}}"#, lead.number)).await;
    let mut seen = Vec::new();
    for look in 1..6 {
        looks.store(look, Ordering::SeqCst);
        desk.pass(40 * 3_600 * i64::try_from(look * look).unwrap());
        work(&desk, fetch()).await;
        let file = desk.store.claim_file("C-3".parse().unwrap()).await.unwrap();
        let piece = file.evidence.iter().find(|piece| piece.snapshot.is_some()).unwrap();
        seen.push((piece.edited_at.is_some(), piece.gone_at.is_some()));
    }
    assert_eq!(seen, [(false, false), (true, false), (true, true), (true, false), (true, true)]);
    assert_eq!(desk.store.item(item).await.unwrap().state, ItemState::Read);
    assert_eq!(denials(&desk).await.len(), 1, "what an edited page says to the same effect is no new word");
}

/// What the outlets' leads on the claim say: who, on what footing, relaying whom.
async fn carried(desk: &Desk) -> Vec<(String, Option<String>)> {
    let filter = LeadFilter { claim: "C-3".parse().ok(), most: Some(1_000), ..LeadFilter::default() };
    let mut leads = desk.store.leads(&filter).await.unwrap();
    leads.reverse();
    let own = leads.into_iter().filter(|lead| lead.source.as_deref() != Some("Dmitry Peskov"));
    own.filter_map(|lead| Some((lead.source?, lead.relays))).collect()
}

#[tokio::test]
async fn the_same_text_of_two_outlets_is_one_document_that_the_second_relays() {
    let desk = told().await;
    let text = format!(
        "<html><head><title>An offer</title></head><body><article><p>Vladimir Putin offered to halt the invasion of Ukraine \
         along the current front line, three people with knowledge of the talks said.</p><p>{}</p></article></body></html>",
        filler(1)
    );
    let plays = move |path: &str| match path {
        "/robots.txt" => answer(404, "", ""),
        "/feed" => rss(std::iter::once(("1".to_owned(), "/story".to_owned()))),
        _ => page(text.clone()),
    };
    let (first, second) = (Web::new(plays.clone()).await, Web::new(plays).await);
    for (web, source) in [(&first, "Reuters"), (&second, "A blog")] {
        let source = desk.store.source(source).await.unwrap().id;
        let feed = NewFeed { url: web.url("/feed"), title: None, source: Some(source), interval: 900 };
        desk.store.add_feed(feed).await.unwrap();
        work(&desk, reaching(&[&first, &second])).await;
    }
    assert_eq!(
        carried(&desk).await,
        [("Reuters".to_owned(), None), ("A blog".to_owned(), Some("Reuters".to_owned()))]
    );
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_article_of_ten_megabytes_is_read_or_says_why_not() {
    let desk = told().await;
    let words = "So many words that say nothing of any claim, one after the other. ".repeat(16);
    let paragraph = format!("<p>{words}</p>\n");
    let many = paragraph.repeat((9 << 20) / paragraph.len());
    let long = format!("<html><body><article>{many}</article></body></html>");
    let web = Web::new(move |path| match path {
        "/robots.txt" => answer(404, "", ""),
        "/long" => page(&long),
        _ => denial(1),
    })
    .await;
    let long = submit(&desk, &web.url("/long")).await;
    let fine = submit(&desk, &web.url("/fine")).await;
    work(&desk, reaching(&[&web])).await;
    let long = desk.store.item(long).await.unwrap();
    assert!(long.snapshot.is_some() && long.state != ItemState::Waiting, "{long:?}");
    assert_eq!(desk.store.item(fine).await.unwrap().state, ItemState::Read);
    assert_eq!(denials(&desk).await.len(), 1);
}

#[tokio::test]
async fn last_years_claim_by_another_outlet_is_kept_apart() {
    let desk = told().await;
    let twin =
        CLAIM.replace("halt\",", "twin\",").replace("2025-04-22", "2024-02-13").replace("\"ft\"", "\"reuters\"");
    let twin = twin.replace(",\"parties\":[{\"source\":\"kremlin\",\"interest\":\"against\"}]", "");
    desk.tell(&twin).await;
    let web = Web::new(|path| if path == "/robots.txt" { answer(404, "", "") } else { denial(1) }).await;
    submit(&desk, &web.url("/1")).await;
    work(&desk, reaching(&[&web])).await;
    assert_eq!(denials(&desk).await.len(), 1);
    let on_twin = LeadFilter { claim: "C-4".parse().ok(), ..LeadFilter::default() };
    assert_eq!(desk.store.leads(&on_twin).await.unwrap(), []);
}
