//! Servers that mean harm: each costs its own attempt, and nobody else anything.

use std::io::Write;
use std::time::Duration;

use flate2::Compression;
use flate2::write::{GzEncoder, ZlibEncoder};
use futures_util::future::join_all;
use hearsay_worker::{Again, Counted, FetchError, FetchOptions, Fetcher, Slow};

use crate::web::{Play, Web, answer, article, content, feed, page, reaching, redirect};

/// More than sockets and pieces hold, and far less than what an endless server would get rid of.
const BOUND: usize = 32 << 20;

/// Limits that hostile servers reach soon.
fn short(webs: &[&Web]) -> FetchOptions {
    FetchOptions {
        max_bytes: 1 << 20,
        max_unpacked: 2 << 20,
        within: Duration::from_secs(8),
        head_within: Duration::from_secs(4),
        ..reaching(webs)
    }
}

/// What is told of a server that answers like this, while another one is fetched from.
async fn told(play: Play) -> FetchError {
    let hostile = Web::new(move |_| play.clone()).await;
    let fine = Web::new(|_| page("words")).await;
    let fetcher = Fetcher::new(short(&[&hostile, &fine])).unwrap();
    let (bad, good) = (hostile.url("/"), fine.url("/"));
    let (told, other) = tokio::join!(feed(&fetcher, &bad), feed(&fetcher, &good));
    assert_eq!(content(&other.unwrap()), "words");
    assert!(hostile.written() < BOUND, "{} bytes were taken", hostile.written());
    told.unwrap_err()
}

fn head(headers: &str) -> Vec<u8> {
    format!("HTTP/1.1 200 OK\r\n{headers}\r\n").into_bytes()
}

#[tokio::test]
async fn slow_servers_are_given_up() {
    let all = [
        ("says nothing", Play::Hangs(Vec::new()), Slow::Head),
        ("stops in its head", Play::Hangs(b"HTTP/1.1 200 OK\r\ncontent-".to_vec()), Slow::Head),
        ("says a byte now and then", Play::Drips(b"HTTP/1.1 200 OK\r\nx-a: ".to_vec(), b"a".to_vec()), Slow::Head),
        ("always will go on", Play::Drips(Vec::new(), b"HTTP/1.1 103 X\r\n\r\n".to_vec()), Slow::Head),
        ("stops in its body", Play::Hangs([head("content-length: 9\r\n"), b"wor".to_vec()].concat()), Slow::Whole),
        ("drips its body", Play::Drips(head(""), b"w".to_vec()), Slow::Whole),
        (
            "drips its chunks",
            Play::Drips(head("transfer-encoding: chunked\r\n"), b"1\r\nw\r\n".to_vec()),
            Slow::Whole,
        ),
    ];
    let attempts = all.map(async |(what, play, expected)| {
        let told = told(play).await;
        assert!(matches!(told, FetchError::TooSlow { what, .. } if what == expected), "{what}: {told}");
        assert_eq!(told.again(), Again::Later(None));
    });
    join_all(attempts).await;
}

#[tokio::test]
async fn endless_answers_are_cut_off() {
    let words = vec![b'w'; 60_000];
    let chunk = [b"EA60\r\n".to_vec(), words.clone(), b"\r\n".to_vec()].concat();
    for (what, play) in [
        ("without a length", Play::Endless(head(""), words.clone())),
        ("in chunks", Play::Endless(head("transfer-encoding: chunked\r\n"), chunk)),
        ("announced", Play::Endless(head("content-length: 999999999999\r\n"), words)),
        ("announced, and no more", Play::Hangs(head("content-length: 1048577\r\n"))),
    ] {
        let told = told(play).await;
        let as_expected = matches!(told, FetchError::TooLarge { counted: Counted::Received, .. });
        assert!(as_expected && told.again() == Again::Never, "{what}: {told}");
    }
}

#[tokio::test]
async fn answers_that_are_no_http_are_refused() {
    for (what, play) in [
        ("hangs up", Play::Says(Vec::new())),
        ("babbles", Play::Says(b"SSH-2.0-OpenSSH_9.6\r\n".to_vec())),
        ("babbles on", Play::Endless(Vec::new(), vec![b'x'; 10_000])),
        ("hangs up in its head", Play::Says(b"HTTP/1.1 200 OK\r\nx: y".to_vec())),
        ("has endless headers", Play::Endless(b"HTTP/1.1 200 OK\r\n".to_vec(), b"x-a: b\r\n".repeat(500))),
        ("has an endless header", Play::Endless(b"HTTP/1.1 200 OK\r\nx-a: ".to_vec(), vec![b'a'; 10_000])),
        ("has an endless reason", Play::Endless(b"HTTP/1.1 200 ".to_vec(), vec![b'a'; 10_000])),
        ("has endless chunk extensions", {
            Play::Endless([head("transfer-encoding: chunked\r\n"), b"1;".to_vec()].concat(), vec![b'a'; 10_000])
        }),
        ("has endless trailers", {
            let first = [head("transfer-encoding: chunked\r\n"), b"1\r\nw\r\n0\r\n".to_vec()].concat();
            Play::Endless(first, b"x-a: b\r\n".repeat(500))
        }),
        ("promises more", Play::Says([head("content-length: 99\r\n"), b"words".to_vec()].concat())),
        (
            "promises two lengths",
            Play::Says([head("content-length: 5\r\ncontent-length: 6\r\n"), b"words".to_vec()].concat()),
        ),
        ("promises less than nothing", Play::Says([head("content-length: -5\r\n"), b"words".to_vec()].concat())),
        ("lies in its chunks", {
            let chunks = b"5\r\nwo\r\n0\r\n\r\n".to_vec();
            Play::Says([head("transfer-encoding: chunked\r\n"), chunks].concat())
        }),
        ("has chunks of no size", {
            Play::Says([head("transfer-encoding: chunked\r\n"), b"ffffffffffffffffff\r\nw".to_vec()].concat())
        }),
        ("ends within its chunks", {
            Play::Says([head("transfer-encoding: chunked\r\n"), b"5\r\nwords\r\n".to_vec()].concat())
        }),
    ] {
        let told = told(play).await;
        assert!(matches!(told, FetchError::Broken { .. }), "{what}: {told}");
    }
}

#[tokio::test]
async fn what_comes_beyond_the_promised_length_is_left() {
    let web = Web::new(|_| Play::Endless(head("content-length: 5\r\n"), b"words".repeat(1_000))).await;
    let fetcher = Fetcher::new(short(&[&web])).unwrap();
    assert_eq!(content(&feed(&fetcher, &web.url("/")).await.unwrap()), "words");
    assert!(web.written() < BOUND);
}

#[tokio::test]
async fn bombs_do_not_go_off() {
    let zeros = vec![0_u8; 64 << 20];
    let mut gzip = GzEncoder::new(Vec::new(), Compression::best());
    gzip.write_all(&zeros).unwrap();
    let gzip = gzip.finish().unwrap();
    let mut zlib = ZlibEncoder::new(Vec::new(), Compression::best());
    zlib.write_all(&zeros).unwrap();
    for (packing, bytes) in [("gzip", gzip.clone()), ("deflate", zlib.finish().unwrap())] {
        let told = told(answer(200, &format!("content-encoding: {packing}\r\n"), bytes)).await;
        assert!(matches!(told, FetchError::Bomb { .. }) && told.again() == Again::Never, "{packing}: {told}");
    }
    let twice = told(answer(200, "content-encoding: gzip, gzip\r\n", gzip)).await;
    assert!(matches!(twice, FetchError::Packed { .. }), "{twice}");
    let other = told(answer(200, "content-encoding: br\r\n", "x")).await;
    assert!(matches!(other, FetchError::Packed { .. }), "{other}");
}

#[tokio::test]
async fn redirects_come_to_an_end() {
    let web = Web::new(|path| redirect(302, &format!("{path}x"))).await;
    let fetcher = Fetcher::new(FetchOptions { max_redirects: 4, ..short(&[&web]) }).unwrap();
    let told = feed(&fetcher, &web.url("/")).await.unwrap_err();
    assert!(matches!(&told, FetchError::Redirects { .. }) && told.again() == Again::Never, "{told}");
    assert!(told.to_string().contains("over 4 redirects"), "{told}");
    assert_eq!(web.asked().len(), 5);
    let circle = Web::new(|_| redirect(301, "/")).await;
    let fetcher = Fetcher::new(short(&[&circle])).unwrap();
    let told = feed(&fetcher, &circle.url("/")).await.unwrap_err();
    assert!(matches!(told, FetchError::Redirects { .. }), "{told}");
    let long = Web::new(|_| redirect(302, &"x".repeat(10_000))).await;
    let told = feed(&Fetcher::new(short(&[&long])).unwrap(), &long.url("/")).await.unwrap_err();
    assert!(matches!(told, FetchError::UrlTooLong { bytes: 10_000, .. }), "{told}");
}

#[tokio::test]
async fn a_chain_of_slow_servers_is_given_up_as_a_whole() {
    let web = Web::new(|path| match path.len() {
        ..50 => Play::Drips(Vec::new(), format!("HTTP/1.1 302 X\r\nlocation: {path}x\r\n\r\n").into_bytes()),
        _ => page("words"),
    })
    .await;
    let options = FetchOptions { max_redirects: 1_000, within: Duration::from_millis(300), ..short(&[&web]) };
    let told = feed(&Fetcher::new(options).unwrap(), &web.url("/")).await.unwrap_err();
    assert!(matches!(told, FetchError::TooSlow { what: Slow::Whole, .. }), "{told}");
}

#[tokio::test]
async fn a_robots_file_without_end_is_read_as_far_as_it_is() {
    let web = Web::new(|path| match path {
        "/robots.txt" => Play::Endless(head(""), b"User-agent: *\nDisallow: /x\n".repeat(100)),
        path => page(path),
    })
    .await;
    let fetcher = Fetcher::new(short(&[&web])).unwrap();
    assert_eq!(content(&article(&fetcher, &web.url("/a")).await.unwrap()), "/a");
    let told = article(&fetcher, &web.url("/x")).await.unwrap_err();
    assert!(matches!(told, FetchError::Robots { .. }), "{told}");
    assert!(web.written() < BOUND);
}
