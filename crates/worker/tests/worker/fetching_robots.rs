//! What sites ask of robots, and that it is heeded for articles.

use std::time::Duration;

use hearsay_worker::{Again, FetchError, FetchOptions, Fetcher, UserAgent, Why};

use crate::web::{Play, Web, answer, article, content, feed, fetcher, page, reaching, redirect};

/// A site with that answer for its robots.txt, and a page at every other path.
async fn site(robots: Play) -> Web {
    Web::new(move |path| if path == "/robots.txt" { robots.clone() } else { page(path) }).await
}

#[tokio::test]
async fn an_article_is_read_as_the_site_asks() {
    let web = site(page("User-agent: *\nDisallow: /private/\nAllow: /private/open\n")).await;
    let fetcher = fetcher(&[&web]);
    assert_eq!(content(&article(&fetcher, &web.url("/a")).await.unwrap()), "/a");
    let told = article(&fetcher, &web.url("/private/b")).await.unwrap_err();
    assert_eq!(told, FetchError::Robots { url: web.url("/private/b") });
    assert_eq!(told.again(), Again::Never);
    assert_eq!(content(&article(&fetcher, &web.url("/private/open")).await.unwrap()), "/private/open");
    assert_eq!(web.asked(), ["GET /robots.txt", "GET /a", "GET /private/open"], "the file is read once");
    assert_eq!(content(&feed(&fetcher, &web.url("/private/feed")).await.unwrap()), "/private/feed");
}

#[tokio::test]
async fn a_redirect_leads_nowhere_that_the_site_asks_not_to_be_read() {
    let closed = site(page("User-agent: *\nDisallow: /")).await;
    let place = closed.url("/a");
    let web = Web::new(move |path| match path {
        "/robots.txt" => page("User-agent: *\nDisallow: /private/"),
        "/in" => redirect(302, "/private/a"),
        _ => redirect(302, &place),
    })
    .await;
    let fetcher = fetcher(&[&web, &closed]);
    for (path, url) in [("/in", web.url("/private/a")), ("/out", closed.url("/a"))] {
        let told = article(&fetcher, &web.url(path)).await.unwrap_err();
        assert_eq!(told, FetchError::Robots { url });
    }
    assert_eq!(closed.asked(), ["GET /robots.txt"]);
    assert_eq!(web.asked(), ["GET /robots.txt", "GET /in", "GET /out"]);
}

#[tokio::test]
async fn a_group_of_our_own_goes_before_everybodys() {
    let web = site(page("User-agent: our-desk\nDisallow: /x\n\nUser-agent: *\nDisallow: /")).await;
    let user_agent = UserAgent::new("Our-Desk/2.0", None).unwrap();
    let ours = Fetcher::new(FetchOptions { user_agent, ..reaching(&[&web]) }).unwrap();
    assert_eq!(content(&article(&ours, &web.url("/a")).await.unwrap()), "/a");
    assert!(matches!(article(&ours, &web.url("/x")).await, Err(FetchError::Robots { .. })));
    assert!(matches!(article(&fetcher(&[&web]), &web.url("/a")).await, Err(FetchError::Robots { .. })));
}

#[tokio::test]
async fn a_site_without_the_file_asks_nothing() {
    for status in [400, 401, 403, 404, 410] {
        let web = site(answer(status, "", "User-agent: *\nDisallow: /")).await;
        assert_eq!(content(&article(&fetcher(&[&web]), &web.url("/a")).await.unwrap()), "/a", "{status}");
    }
    let circle = site(redirect(302, "/robots.txt")).await;
    assert_eq!(content(&article(&fetcher(&[&circle]), &circle.url("/a")).await.unwrap()), "/a");
    assert_eq!(circle.asked().len(), 7, "five redirects are followed");
    let empty = site(page("")).await;
    assert_eq!(content(&article(&fetcher(&[&empty]), &empty.url("/a")).await.unwrap()), "/a");
    let html = site(page("<html>Disallow: /</html>")).await;
    assert_eq!(content(&article(&fetcher(&[&html]), &html.url("/a")).await.unwrap()), "/a");
}

#[tokio::test]
async fn a_site_whose_file_cannot_be_read_is_left_alone_for_now() {
    for (play, least) in [
        (answer(500, "", ""), 500),
        (answer(503, "retry-after: 3600\r\n", ""), 3_500),
        (answer(429, "", ""), 500),
        (answer(200, "content-encoding: br\r\n", "x"), 500),
        (answer(200, "content-encoding: gzip\r\n", "x"), 500),
    ] {
        let web = site(play).await;
        let fetcher = fetcher(&[&web]);
        for _ in 0..2 {
            let told = article(&fetcher, &web.url("/a")).await.unwrap_err();
            assert!(matches!(told, FetchError::NotYet { why: Why::RobotsUnread, .. }), "{told}");
            let Again::Wait(wait) = told.again() else { panic!("{told}") };
            assert!(wait > Duration::from_secs(least), "{wait:?}");
        }
        assert_eq!(web.asked(), ["GET /robots.txt"]);
    }
    let broken = site(Play::Says(Vec::new())).await;
    let fetcher = fetcher(&[&broken]);
    let told = article(&fetcher, &broken.url("/a")).await.unwrap_err();
    assert!(matches!(told, FetchError::Broken { .. }), "{told}");
    let told = article(&fetcher, &broken.url("/a")).await.unwrap_err();
    assert!(matches!(told, FetchError::NotYet { .. }), "{told}");
    assert_eq!(broken.asked(), ["GET /robots.txt"]);
}

#[tokio::test]
async fn the_file_may_lie_elsewhere() {
    let elsewhere = Web::new(|_| page("User-agent: *\nDisallow: /x")).await;
    let place = elsewhere.url("/robots.txt");
    let web = site(redirect(301, &place)).await;
    let fetcher = fetcher(&[&web, &elsewhere]);
    assert_eq!(content(&article(&fetcher, &web.url("/a")).await.unwrap()), "/a");
    assert!(matches!(article(&fetcher, &web.url("/x")).await, Err(FetchError::Robots { .. })));
    let inner = site(redirect(301, "file:///etc/passwd")).await;
    let fetcher = Fetcher::new(reaching(&[&inner])).unwrap();
    assert_eq!(content(&article(&fetcher, &inner.url("/a")).await.unwrap()), "/a");
}

#[tokio::test]
async fn a_delay_that_the_site_asks_for_is_kept_within_a_bound() {
    for (delay, most) in [("30", 30), ("86400", 60)] {
        let web = site(page(format!("User-agent: *\nCrawl-delay: {delay}"))).await;
        let fetcher = fetcher(&[&web]);
        article(&fetcher, &web.url("/a")).await.unwrap();
        let told = article(&fetcher, &web.url("/b")).await.unwrap_err();
        assert!(matches!(told, FetchError::NotYet { why: Why::Interval, .. }), "{told}");
        let Again::Wait(wait) = told.again() else { panic!("{told}") };
        let most = Duration::from_secs(most);
        assert!(wait <= most && wait > most / 2, "{delay}: {wait:?}");
    }
}

#[tokio::test]
async fn the_file_is_asked_for_as_what_it_is() {
    let web = site(page("User-agent: *\nDisallow: /x")).await;
    let fetcher = fetcher(&[&web]);
    assert!(matches!(article(&fetcher, &web.url("/x")).await, Err(FetchError::Robots { .. })));
    let head = web.last_head();
    assert!(head.starts_with("GET /robots.txt HTTP/1.1\r\n"), "{head}");
    assert!(head.contains("user-agent: Hearsay/") && head.contains("accept-encoding: identity\r\n"), "{head}");
    assert!(!head.contains("if-none-match"), "{head}");
}
