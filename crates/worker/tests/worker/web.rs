//! A web of small servers on the loopback, which answer by their own lights, and a fetcher that may reach them.

use std::net::SocketAddr;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use hearsay_worker::{Body, FetchError, FetchOptions, Fetched, Fetcher, Purpose, Request, Status};
use tokio::io::{AsyncRead, AsyncReadExt, AsyncWrite, AsyncWriteExt};
use tokio::net::TcpListener;
use tokio::task::JoinSet;
use tokio_rustls::TlsAcceptor;

/// What a server does once it was asked.
#[derive(Clone)]
pub(crate) enum Play {
    /// Says that and hangs up.
    Says(Vec<u8>),
    /// Says that and then nothing more.
    Hangs(Vec<u8>),
    /// Says the first, and the second again and again, as fast as it can.
    Endless(Vec<u8>, Vec<u8>),
    /// Says the first, and the second again and again, now and then.
    Drips(Vec<u8>, Vec<u8>),
}

/// A server.
pub(crate) struct Web {
    pub(crate) address: SocketAddr,
    heads: Arc<Mutex<Vec<String>>>,
    written: Arc<Mutex<usize>>,
    _serving: JoinSet<()>,
}

impl Web {
    /// Answers each path as it is told to.
    pub(crate) async fn new(plays: impl Fn(&str) -> Play + Send + Sync + 'static) -> Self {
        Self::with(None, plays).await
    }

    pub(crate) async fn with(
        tls: Option<TlsAcceptor>,
        plays: impl Fn(&str) -> Play + Send + Sync + 'static,
    ) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        let (heads, written) = (Arc::<Mutex<Vec<String>>>::default(), Arc::<Mutex<usize>>::default());
        let (told, counted, plays) = (Arc::clone(&heads), Arc::clone(&written), Arc::new(plays));
        let mut serving = JoinSet::new();
        serving.spawn(async move {
            let mut open = JoinSet::new();
            while let Ok((stream, _)) = listener.accept().await {
                let (tls, told, counted, plays) =
                    (tls.clone(), Arc::clone(&told), Arc::clone(&counted), plays.clone());
                open.spawn(async move {
                    let played = match tls {
                        None => serve(stream, &told, &counted, &*plays).await,
                        Some(tls) => match tls.accept(stream).await {
                            Ok(stream) => serve(stream, &told, &counted, &*plays).await,
                            Err(why) => Err(why),
                        },
                    };
                    drop(played);
                });
            }
        });
        Self { address, heads, written, _serving: serving }
    }

    pub(crate) fn url(&self, path: &str) -> String {
        format!("http://{}{path}", self.address)
    }

    /// What it was asked: the first lines, without the version.
    pub(crate) fn asked(&self) -> Vec<String> {
        let line = |head: &String| head.split(" HTTP/").next().unwrap_or_default().to_owned();
        self.heads.lock().unwrap().iter().map(line).collect()
    }

    /// The headers of the last request.
    pub(crate) fn last_head(&self) -> String {
        self.heads.lock().unwrap().last().cloned().unwrap_or_default()
    }

    /// How many bytes it got rid of.
    pub(crate) fn written(&self) -> usize {
        *self.written.lock().unwrap()
    }
}

async fn serve(
    mut stream: impl AsyncRead + AsyncWrite + Unpin,
    heads: &Mutex<Vec<String>>,
    written: &Mutex<usize>,
    plays: &impl Fn(&str) -> Play,
) -> std::io::Result<()> {
    let mut head = Vec::new();
    while !head.ends_with(b"\r\n\r\n") {
        head.push(stream.read_u8().await?);
    }
    let head = String::from_utf8_lossy(&head).into_owned();
    let path = head.split(' ').nth(1).unwrap_or_default().to_owned();
    heads.lock().unwrap().push(head);
    let mut say = async |bytes: &[u8]| {
        *written.lock().unwrap() += bytes.len();
        stream.write_all(bytes).await?;
        stream.flush().await
    };
    match plays(&path) {
        Play::Says(bytes) => {
            say(&bytes).await?;
            stream.shutdown().await
        }
        Play::Hangs(bytes) => {
            say(&bytes).await?;
            std::future::pending().await
        }
        Play::Endless(first, then) => {
            say(&first).await?;
            loop {
                say(&then).await?;
            }
        }
        Play::Drips(first, then) => {
            say(&first).await?;
            loop {
                tokio::time::sleep(Duration::from_millis(20)).await;
                say(&then).await?;
            }
        }
    }
}

/// An answer with a status, headers and a body of the length that it says.
pub(crate) fn answer(status: u16, headers: &str, body: impl AsRef<[u8]>) -> Play {
    let body = body.as_ref();
    let mut bytes = format!("HTTP/1.1 {status} X\r\ncontent-length: {}\r\n{headers}\r\n", body.len()).into_bytes();
    bytes.extend_from_slice(body);
    Play::Says(bytes)
}

pub(crate) fn page(body: impl AsRef<[u8]>) -> Play {
    answer(200, "content-type: text/html\r\n", body)
}

pub(crate) fn redirect(status: u16, place: &str) -> Play {
    answer(status, &format!("location: {place}\r\n"), "")
}

/// What it takes to reach these servers without waiting.
pub(crate) fn reaching(webs: &[&Web]) -> FetchOptions {
    let allow: Vec<String> = webs.iter().map(|web| web.address.to_string()).collect();
    FetchOptions {
        allow: allow.join(",").parse().unwrap(),
        per_host_interval: Duration::ZERO,
        ..FetchOptions::default()
    }
}

pub(crate) fn fetcher(webs: &[&Web]) -> Fetcher {
    Fetcher::new(reaching(webs)).unwrap()
}

pub(crate) async fn feed(fetcher: &Fetcher, url: &str) -> Result<Fetched, FetchError> {
    fetcher.fetch(&Request::new(url, Purpose::Feed)).await
}

pub(crate) async fn article(fetcher: &Fetcher, url: &str) -> Result<Fetched, FetchError> {
    fetcher.fetch(&Request::new(url, Purpose::Article)).await
}

/// The body of what was fetched.
pub(crate) fn body(fetched: &Fetched) -> &Body {
    match &fetched.status {
        Status::Modified(body) => body,
        Status::NotModified | Status::Gone => panic!("there is a body: {fetched:?}"),
    }
}

pub(crate) fn content(fetched: &Fetched) -> &str {
    str::from_utf8(&body(fetched).content).unwrap()
}
