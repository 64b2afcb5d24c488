//! Fetching feeds and articles from servers that nobody vouches for.
//!
//! Invariant: a server costs one attempt and bounded memory, whatever it answers; and no connection is opened to an
//! address that was not checked. What must wait is told with how long, and holds up nobody.

mod address;
mod allow;
mod connect;
mod content;
mod error;
mod exchange;
mod headers;
mod hosts;
mod journey;
mod names;
mod options;
mod robots;
mod robots_cache;
mod target;

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use tokio::time::{Instant, timeout};

pub use self::allow::{AllowError, AllowList};
pub use self::connect::Authorities;
use self::connect::Connector;
pub use self::content::{Body, Packing};
pub use self::error::{Again, Counted, FetchError, Slow, Why};
use self::hosts::Hosts;
use self::journey::Journey;
pub use self::names::HostNames;
pub use self::options::{FetchOptions, FetchOptionsError, UserAgent};
use self::robots_cache::RobotsCache;
use self::target::Target;

/// What a page is fetched as.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Purpose {
    /// A feed, which is there to be polled.
    Feed,
    /// An article; the site's robots.txt is asked first.
    Article,
}

/// What is to be fetched.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Request {
    /// Where it is.
    pub url: String,
    /// What it is fetched as.
    pub purpose: Purpose,
    /// The `etag` of what is known of it.
    pub if_none_match: Option<String>,
    /// The `last-modified` of what is known of it.
    pub if_modified_since: Option<String>,
}

impl Request {
    /// A request for what isn't known yet.
    pub fn new(url: &str, purpose: Purpose) -> Self {
        Self { url: url.to_owned(), purpose, if_none_match: None, if_modified_since: None }
    }
}

/// What was fetched.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Fetched {
    /// What the server has there.
    pub status: Status,
    /// Each URL that was asked, with the status of its answer; the last one answered.
    pub url_chain: Vec<Visited>,
    /// The new address, where the old one has moved for good (301 or 308, and only such up to there).
    pub moved_to: Option<String>,
    /// The headers that are kept, by name in small letters.
    pub headers: Vec<(String, String)>,
}

impl Fetched {
    /// The value of a header that is kept.
    pub fn header(&self, name: &str) -> Option<&str> {
        self.headers.iter().find(|(known, _)| known == name).map(|(_, value)| value.as_str())
    }
}

/// What a server has at a URL.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Status {
    /// Something that isn't known yet.
    Modified(Body),
    /// What the request said is known.
    NotModified,
    /// Nothing, for good (410).
    Gone,
}

/// A URL that was asked.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Visited {
    /// The status of its answer.
    pub status: u16,
    /// The URL.
    pub url: String,
}

/// Fetches. What it remembers of servers lies in memory, and is shared by its clones.
#[derive(Clone)]
pub struct Fetcher {
    inner: Arc<Inner>,
}

struct Inner {
    options: FetchOptions,
    connector: Connector,
    hosts: Mutex<Hosts>,
    robots: Mutex<RobotsCache>,
}

impl Fetcher {
    /// One that remembers nothing yet.
    pub fn new(options: FetchOptions) -> Result<Self, FetchOptionsError> {
        let connector = Connector::new(&options.authorities, options.connect_within)?;
        let hosts = Mutex::new(Hosts::new(options.per_host_interval));
        Ok(Self { inner: Arc::new(Inner { options, connector, hosts, robots: Mutex::default() }) })
    }

    /// Fetches one page. When it was received is for the caller's clock to say.
    pub async fn fetch(&self, request: &Request) -> Result<Fetched, FetchError> {
        let options = &self.inner.options;
        let target = Target::new(&request.url, &options.allow)?;
        let mut journey = Journey::new(&self.inner, request, target);
        let ended = timeout(options.within, journey.run()).await;
        let result = ended.unwrap_or_else(|_| Err(journey.too_slow(Slow::Whole, options.within)));
        journey.settle(&result);
        result
    }
}

impl std::fmt::Debug for Fetcher {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Fetcher").field("options", &self.inner.options).finish_non_exhaustive()
    }
}

impl Inner {
    fn hosts(&self) -> MutexGuard<'_, Hosts> {
        self.hosts.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn robots(&self) -> MutexGuard<'_, RobotsCache> {
        self.robots.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// That it is not a server's turn.
fn not_yet(target: &Target, wait: Duration, why: Why) -> FetchError {
    FetchError::NotYet { server: target.server(), wait, why }
}

/// The clock that waits are counted by.
fn now() -> Instant {
    Instant::now()
}
