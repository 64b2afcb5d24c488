//! What is fetched, from servers that mean well.

use std::io::Write;
use std::sync::Arc;
use std::time::Duration;

use flate2::Compression;
use flate2::write::GzEncoder;
use hearsay_worker::{
    Again, Authorities, FetchError, FetchOptions, Fetcher, Packing, Purpose, Request, Status, UserAgent, Why,
};
use rcgen::{BasicConstraints, CertificateParams, CertifiedIssuer, IsCa, KeyPair};
use rustls::ServerConfig;
use rustls::pki_types::{PrivateKeyDer, PrivatePkcs8KeyDer};
use tokio_rustls::TlsAcceptor;

use crate::web::{Play, Web, answer, body, content, feed, fetcher, page, reaching, redirect};

#[tokio::test]
async fn a_page_comes_with_its_hash_its_headers_and_where_it_was() {
    let headers = "etag: \"v1\"\r\nset-cookie: id=1\r\nlast-modified: Wed, 23 Apr 2025 10:00:00 GMT\r\n";
    let web = Web::new(move |_| answer(200, headers, "words")).await;
    let fetched = feed(&fetcher(&[&web]), &web.url("/feed?x=1#top")).await.unwrap();
    assert_eq!(content(&fetched), "words");
    let [first, .., last] = body(&fetched).sha256;
    assert_eq!((first, last), (0xdb, 0x3e), "of `printf words | sha256sum`");
    assert_eq!(fetched.header("etag"), Some("\"v1\""));
    assert_eq!((fetched.header("set-cookie"), fetched.moved_to.as_deref()), (None, None));
    let chain: Vec<_> = fetched.url_chain.iter().map(|one| (one.status, one.url.clone())).collect();
    assert_eq!(chain, [(200, web.url("/feed?x=1"))]);
    assert_eq!(web.asked(), ["GET /feed?x=1"]);
}

#[tokio::test]
async fn it_says_who_asks_and_for_what() {
    let web = Web::new(|_| page("")).await;
    let user_agent = UserAgent::new("Our-Desk/2.0", Some("https://desk.example/robot")).unwrap();
    let fetcher = Fetcher::new(FetchOptions { user_agent, ..reaching(&[&web]) }).unwrap();
    feed(&fetcher, &web.url("/")).await.unwrap();
    let head = web.last_head();
    for line in [
        format!("host: {}\r\n", web.address),
        "user-agent: Our-Desk/2.0 (+https://desk.example/robot)\r\n".to_owned(),
        "accept-encoding: gzip, deflate\r\n".to_owned(),
    ] {
        assert!(head.contains(&line), "{line} {head}");
    }
    assert!(!head.contains("cookie") && !head.contains("referer"), "{head}");
}

#[tokio::test]
async fn what_is_known_is_not_sent_again() {
    let web = Web::new(|path| match path {
        "/feed" => answer(304, "etag: \"v1\"\r\n", ""),
        _ => redirect(302, "/feed"),
    })
    .await;
    let fetcher = fetcher(&[&web]);
    let modified = "Wed, 23 Apr 2025 10:00:00 GMT";
    let known = Request {
        if_none_match: Some("\"v1\"".to_owned()),
        if_modified_since: Some(modified.to_owned()),
        ..Request::new(&web.url("/old"), Purpose::Feed)
    };
    let answered = fetcher.fetch(&known).await.unwrap();
    assert_eq!((answered.status.clone(), answered.header("etag")), (Status::NotModified, Some("\"v1\"")));
    let head = web.last_head();
    assert!(head.contains("if-none-match: \"v1\"\r\n"), "{head}");
    assert!(head.contains(&format!("if-modified-since: {modified}\r\n")), "{head}");
    let unasked = feed(&fetcher, &web.url("/feed")).await.unwrap_err();
    assert!(matches!(unasked, FetchError::Status { status: 304, .. }), "{unasked}");
    let split = Request { if_none_match: Some("a\r\nhost: b".to_owned()), ..known };
    let told = fetcher.fetch(&split).await.unwrap_err().to_string();
    assert!(told.contains("its `if-none-match` cannot be sent"), "{told}");
}

#[tokio::test]
async fn redirects_are_followed_and_moves_for_good_are_told() {
    let web = Web::new(|path| match path {
        "/moved" => redirect(301, "/moved-again"),
        "/moved-again" => redirect(308, "/here"),
        "/moved-and-away" => redirect(301, "/away"),
        "/away" => redirect(307, "here"),
        "/away-and-moved" => redirect(302, "/moved"),
        "/see" => redirect(303, "./here?q=1"),
        _ => page(path),
    })
    .await;
    let fetcher = fetcher(&[&web]);
    for (from, to, moved_to, hops) in [
        ("/moved", "/here", Some("/here"), 3),
        ("/moved-and-away", "/here", Some("/away"), 3),
        ("/away", "/here", None, 2),
        ("/away-and-moved", "/here", None, 4),
        ("/see", "/here?q=1", None, 2),
    ] {
        let arrived = feed(&fetcher, &web.url(from)).await.unwrap();
        assert_eq!((content(&arrived), arrived.url_chain.len()), (to, hops), "{from}");
        assert_eq!(arrived.moved_to, moved_to.map(|path| web.url(path)), "{from}");
        assert_eq!(arrived.url_chain[0].url, web.url(from));
    }
}

#[tokio::test]
async fn redirects_lead_nowhere_that_a_url_may_not() {
    let inner = Web::new(|_| page("a secret")).await;
    let places =
        ["http://127.0.0.1/", "http://2130706433/", "http://[::1]/", "http://10.0.0.7/", "file:///etc/passwd"];
    let place = format!("http://127.0.0.1:{}/", inner.address.port());
    let web = Web::new(move |path| match path.trim_matches('/').parse::<usize>() {
        Ok(number) => redirect(302, places[number]),
        Err(_) if path == "/inner" => redirect(301, &place),
        Err(_) => answer(301, "", ""),
    })
    .await;
    let fetcher = fetcher(&[&web]);
    for number in 0..places.len() {
        let refused = feed(&fetcher, &web.url(&format!("/{number}"))).await.unwrap_err();
        let expected = matches!(refused, FetchError::Address { .. } | FetchError::Url { .. });
        assert!(expected && refused.again() == Again::Never, "{refused}");
    }
    let refused = feed(&fetcher, &web.url("/inner")).await.unwrap_err();
    assert!(matches!(refused, FetchError::Url { .. }), "a port that is not on the list: {refused}");
    assert_eq!(inner.asked(), [""; 0]);
    let nowhere = feed(&fetcher, &web.url("/nowhere")).await.unwrap_err();
    assert!(matches!(nowhere, FetchError::Redirects { .. }), "{nowhere}");
}

#[tokio::test]
async fn a_name_is_connected_to_where_it_was_checked() {
    let web = Web::new(|_| page("words")).await;
    let port = web.address.port();
    let names = [("site.example".to_owned(), vec!["127.0.0.1".parse().unwrap()])].into();
    let reach = |allow: String| {
        Fetcher::new(FetchOptions {
            allow: allow.parse().unwrap(),
            names: std::collections::BTreeMap::clone(&names),
            per_host_interval: Duration::ZERO,
            ..FetchOptions::default()
        })
    };
    let url = format!("http://site.example:{port}/");
    let refused = feed(&reach(format!("10.0.0.0/8, other.example:{port}, 127.0.0.2:{port}")).unwrap(), &url).await;
    assert!(matches!(refused, Err(FetchError::Address { what: "loopback", .. })), "{refused:?}");
    assert_eq!(web.asked(), [""; 0]);
    for allow in [format!("site.example:{port}"), format!("127.0.0.1:{port}")] {
        assert_eq!(content(&feed(&reach(allow).unwrap(), &url).await.unwrap()), "words");
    }
    assert!(web.last_head().contains(&format!("host: site.example:{port}\r\n")));
}

#[tokio::test]
async fn what_is_gone_is_told_from_what_is_not_there() {
    let web = Web::new(|path| answer(path.trim_matches('/').parse().unwrap(), "", "no")).await;
    let fetcher = fetcher(&[&web]);
    let gone = feed(&fetcher, &web.url("/410")).await.unwrap();
    assert_eq!((gone.status, gone.url_chain[0].status), (Status::Gone, 410));
    for status in [201, 206, 300, 400, 401, 403, 404, 451] {
        let told = feed(&fetcher, &web.url(&format!("/{status}"))).await.unwrap_err();
        assert_eq!(told, FetchError::Status { url: web.url(&format!("/{status}")), status, wait: None });
        assert_eq!(told.again(), Again::Never);
    }
    let told = feed(&fetcher, &web.url("/500")).await.unwrap_err();
    assert_eq!(told.again(), Again::Later(None));
}

#[tokio::test]
async fn a_server_that_asks_to_be_left_alone_is() {
    let busy = Web::new(|_| answer(429, "retry-after: 120\r\n", "")).await;
    let down = Web::new(|_| {
        let headers = "date: Wed, 23 Apr 2025 10:00:00 GMT\r\nretry-after: Wed, 23 Apr 2025 10:30:00 GMT\r\n";
        answer(503, headers, "")
    })
    .await;
    let fine = Web::new(|_| page("words")).await;
    let fetcher = fetcher(&[&busy, &down, &fine]);
    for (web, seconds) in [(&busy, 120), (&down, 1_800)] {
        let asked = Duration::from_secs(seconds);
        let told = feed(&fetcher, &web.url("/")).await.unwrap_err();
        assert_eq!(told.again(), Again::Later(Some(asked)), "{told}");
        let told = feed(&fetcher, &web.url("/other")).await.unwrap_err();
        assert!(matches!(told, FetchError::NotYet { why: Why::Asked, .. }), "{told}");
        let Again::Wait(wait) = told.again() else { panic!("{told}") };
        assert!(wait <= asked && wait > asked / 2, "{wait:?}");
        assert_eq!(web.asked(), ["GET /"]);
    }
    assert_eq!(content(&feed(&fetcher, &fine.url("/")).await.unwrap()), "words");
}

#[tokio::test]
async fn a_server_that_fails_is_left_alone_for_a_while() {
    let fine = Web::new(|_| page("words")).await;
    let closed = {
        let web = Web::new(|_| page("")).await;
        web.address
    };
    let mut options = reaching(&[&fine]);
    options.allow = format!("{}, {closed}", options.allow).parse().unwrap();
    let fetcher = Fetcher::new(options).unwrap();
    let url = format!("http://{closed}/");
    let told = feed(&fetcher, &url).await.unwrap_err();
    assert!(matches!(told, FetchError::Connect { .. }) && told.again() == Again::Later(None), "{told}");
    let told = feed(&fetcher, &url).await.unwrap_err();
    assert!(matches!(told, FetchError::NotYet { why: Why::Failing, .. }), "{told}");
    assert!(told.to_string().contains("it failed the last time"), "{told}");
    assert_eq!(content(&feed(&fetcher, &fine.url("/")).await.unwrap()), "words");
}

#[tokio::test]
async fn a_server_is_asked_once_in_an_interval_and_nothing_waits_for_it() {
    let other = Web::new(|_| page("words")).await;
    let interval = Duration::from_mins(10);
    let fetcher = Fetcher::new(FetchOptions { per_host_interval: interval, ..reaching(&[&other]) }).unwrap();
    assert_eq!(content(&feed(&fetcher, &other.url("/1")).await.unwrap()), "words");
    let told = feed(&fetcher, &other.url("/2")).await.unwrap_err();
    assert!(matches!(told, FetchError::NotYet { why: Why::Interval, .. }), "{told}");
    let Again::Wait(wait) = told.again() else { panic!("{told}") };
    assert!(wait <= interval && wait > interval / 2, "{wait:?}");
    assert_eq!(other.asked(), ["GET /1"]);
    assert!(feed(&fetcher.clone(), &other.url("/3")).await.is_err(), "clones share what they know");
}

#[tokio::test]
async fn a_server_that_one_is_led_to_has_its_turns_too() {
    let other = Web::new(|_| page("words")).await;
    let place = other.url("/there");
    let one = Web::new(move |path| if path == "/here" { page("here") } else { redirect(302, &place) }).await;
    let minutes = FetchOptions { per_host_interval: Duration::from_mins(10), ..reaching(&[&one, &other]) };
    let fetcher = Fetcher::new(minutes).unwrap();
    feed(&fetcher, &other.url("/")).await.unwrap();
    let told = feed(&fetcher, &one.url("/")).await.unwrap_err();
    assert!(matches!(&told, FetchError::NotYet { server, .. } if *server == other.address.to_string()), "{told}");
    assert_eq!(other.asked(), ["GET /"]);
    let soon = FetchOptions { per_host_interval: Duration::from_millis(200), ..reaching(&[&one, &other]) };
    let fetcher = Fetcher::new(soon).unwrap();
    feed(&fetcher, &other.url("/")).await.unwrap();
    assert_eq!(content(&feed(&fetcher, &one.url("/")).await.unwrap()), "words", "a short wait is waited for");
}

#[tokio::test]
async fn what_comes_packed_is_kept_as_it_came_too() {
    let mut encoder = GzEncoder::new(Vec::new(), Compression::default());
    encoder.write_all(b"words").unwrap();
    let packed = encoder.finish().unwrap();
    let sent = packed.clone();
    let web = Web::new(move |_| answer(200, "content-encoding: gzip\r\n", &sent)).await;
    let fetched = feed(&fetcher(&[&web]), &web.url("/")).await.unwrap();
    assert_eq!((content(&fetched), body(&fetched).received()), ("words", packed.as_slice()));
    assert_eq!(body(&fetched).packed, Some((Packing::Gzip, packed)));
}

#[tokio::test]
async fn a_body_in_chunks_is_put_together() {
    let chunks =
        "HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n3\r\nwor\r\n2;x=y\r\nds\r\n0\r\nx-late: 1\r\n\r\n";
    let web = Web::new(move |_| Play::Says(chunks.into())).await;
    assert_eq!(content(&feed(&fetcher(&[&web]), &web.url("/")).await.unwrap()), "words");
}

/// An authority, and a server's identity that it vouches for.
fn identity(names: &[&str]) -> (String, TlsAcceptor) {
    let names: Vec<String> = names.iter().map(|name| (*name).to_owned()).collect();
    let mut params = CertificateParams::new(Vec::new()).unwrap();
    params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
    let issuer = CertifiedIssuer::self_signed(params, KeyPair::generate().unwrap()).unwrap();
    let key = KeyPair::generate().unwrap();
    let certificate = CertificateParams::new(names).unwrap().signed_by(&key, &issuer).unwrap();
    let secret = PrivateKeyDer::Pkcs8(PrivatePkcs8KeyDer::from(key.serialize_der()));
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    let config = ServerConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()
        .unwrap()
        .with_no_client_auth()
        .with_single_cert(vec![certificate.der().clone()], secret)
        .unwrap();
    (issuer.pem(), TlsAcceptor::from(Arc::new(config)))
}

#[tokio::test]
async fn tls_is_spoken_with_whom_an_authority_vouches_for() {
    let (authority, tls) = identity(&["site.example", "127.0.0.1"]);
    let (stranger, _) = identity(&["site.example"]);
    let web = Web::with(Some(tls), |_| page("words")).await;
    let port = web.address.port();
    let reach = |pem: Option<&str>| {
        let authorities = pem.map(|pem| Authorities::from_pem(pem.as_bytes()).unwrap()).unwrap_or_default();
        let loopback = vec!["127.0.0.1".parse().unwrap()];
        let names = [("site.example".to_owned(), loopback.clone()), ("other.example".to_owned(), loopback)].into();
        Fetcher::new(FetchOptions { authorities, names, ..reaching(&[&web]) }).unwrap()
    };
    for (pem, host, expected) in [
        (Some(&authority), "site.example", None),
        (Some(&authority), "127.0.0.1", None),
        (Some(&authority), "other.example", Some("not valid for name")),
        (Some(&stranger), "site.example", Some("invalid peer certificate")),
        (None, "site.example", Some("invalid peer certificate")),
    ] {
        let found = feed(&reach(pem.map(String::as_str)), &format!("https://{host}:{port}/")).await;
        match expected {
            None => assert_eq!(content(&found.unwrap()), "words", "{host}"),
            Some(why) => {
                let told = found.unwrap_err();
                let as_expected = matches!(told, FetchError::Connect { .. }) && told.to_string().contains(why);
                assert!(as_expected, "{host}: {told}");
            }
        }
    }
    let plain = feed(&reach(Some(&authority)), &format!("http://site.example:{port}/")).await;
    assert!(plain.is_err(), "TLS is not fallen back from: {plain:?}");
}
