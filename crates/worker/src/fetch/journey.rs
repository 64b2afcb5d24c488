//! One fetch, from its URL over redirects to what lies there.
//! Invariant: every stop is checked like the first: its address, its server's turn, and for articles its robots.txt.

use std::time::Duration;

use tokio::time::{sleep, timeout};

use super::content::Caps;
use super::exchange::{Answer, Overlong, ask};
use super::headers::{Wanted, kept, location, retry_after, sent};
use super::names::addresses;
use super::robots::Robots;
use super::robots_cache::Found;
use super::target::{Scheme, Target};
use super::{Again, FetchError, Fetched, Inner, Purpose, Request, Slow, Status, Visited, Why, not_yet, now};

/// How long a fetch waits for the turn of a server that it was led to; for longer ones the caller waits.
const WAITS: Duration = Duration::from_secs(5);
/// How much of a robots.txt is read: the least that RFC 9309 asks for.
const ROBOTS_BYTES: usize = 500 << 10;
/// How many redirects of a robots.txt are followed, by RFC 9309.
const ROBOTS_REDIRECTS: usize = 5;

/// A fetch under way.
pub(super) struct Journey<'a> {
    inner: &'a Inner,
    request: &'a Request,
    /// Where it is now.
    target: Target,
    /// The server that is being spoken to.
    server: String,
    url_chain: Vec<Visited>,
    moves: Moves,
}

/// Whether the first URL has moved for good.
enum Moves {
    /// All redirects so far say so.
    ForGood(Option<String>),
    /// It has moved there for good, and from there for now.
    Ended(Option<String>),
}

impl<'a> Journey<'a> {
    pub(super) fn new(inner: &'a Inner, request: &'a Request, target: Target) -> Self {
        let server = target.server();
        Self { inner, request, target, server, url_chain: Vec::new(), moves: Moves::ForGood(None) }
    }

    /// Follows redirects to their end.
    pub(super) async fn run(&mut self) -> Result<Fetched, FetchError> {
        self.take_turn(&self.target.clone())?;
        loop {
            self.heed_robots().await?;
            let target = self.target.clone();
            let answer = self.ask(&target, Wanted::Page(self.request)).await?;
            self.url_chain.push(Visited { status: answer.status, url: target.to_string() });
            match answer.status {
                301 | 302 | 303 | 307 | 308 => self.go_on(&answer).await?,
                200 | 203 => {
                    let headers = kept(&answer.headers);
                    let body = answer.body(&target, self.inner.options.caps(), Overlong::Refuse).await?;
                    return Ok(self.fetched(Status::Modified(body), headers));
                }
                304 if self.is_conditional() => {
                    return Ok(self.fetched(Status::NotModified, kept(&answer.headers)));
                }
                410 => return Ok(self.fetched(Status::Gone, kept(&answer.headers))),
                status => {
                    let wait = retry_after(&answer.headers);
                    return Err(FetchError::Status { url: target.to_string(), status, wait });
                }
            }
        }
    }

    /// Remembers how the server that was spoken to last behaved.
    pub(super) fn settle(&self, result: &Result<Fetched, FetchError>) {
        let mut hosts = self.inner.hosts();
        match result {
            Ok(_) => hosts.answered(&self.server, now()),
            Err(why) => match (why.again(), why) {
                (Again::Later(asked), _) => hosts.failed(&self.server, asked, now()),
                (Again::Never, FetchError::Status { .. }) => hosts.answered(&self.server, now()),
                (Again::Never | Again::Wait(_), _) => {}
            },
        }
    }

    pub(super) fn too_slow(&self, what: Slow, limit: Duration) -> FetchError {
        FetchError::TooSlow { url: self.target.to_string(), what, limit }
    }

    fn fetched(&mut self, status: Status, headers: Vec<(String, String)>) -> Fetched {
        let (Moves::ForGood(moved_to) | Moves::Ended(moved_to)) = &mut self.moves;
        Fetched { status, url_chain: std::mem::take(&mut self.url_chain), moved_to: moved_to.take(), headers }
    }

    fn is_conditional(&self) -> bool {
        self.request.if_none_match.is_some() || self.request.if_modified_since.is_some()
    }

    /// Goes where the answer leads.
    async fn go_on(&mut self, answer: &Answer) -> Result<(), FetchError> {
        let options = &self.inner.options;
        let wrong = |why: String| FetchError::Redirects { url: self.request.url.clone(), why };
        if self.url_chain.len() > options.max_redirects {
            return Err(wrong(format!("over {} redirects", options.max_redirects)));
        }
        let location = location(&answer.headers).ok_or_else(|| wrong("a redirect names no place".to_owned()))?;
        let next = self.target.redirect(location, &options.allow)?;
        self.inner.hosts().answered(&self.server, now());
        let for_good = matches!(answer.status, 301 | 308) && !is_downgrade(&self.target, &next);
        let moves = std::mem::replace(&mut self.moves, Moves::ForGood(None));
        self.moves = match moves {
            Moves::ForGood(_) if for_good => Moves::ForGood(Some(next.to_string())),
            Moves::ForGood(moved_to) | Moves::Ended(moved_to) => Moves::Ended(moved_to),
        };
        let same_server = next.server() == self.server;
        self.server = next.server();
        self.target = next.clone();
        if same_server { Ok(()) } else { self.wait_for_turn(&next).await }
    }

    fn take_turn(&self, target: &Target) -> Result<(), FetchError> {
        let taken = self.inner.hosts().take(&target.server(), now());
        taken.map_err(|wait| not_yet(target, wait.wait, wait.why))
    }

    /// A server that the fetch was led to has its turns like any other.
    async fn wait_for_turn(&self, target: &Target) -> Result<(), FetchError> {
        loop {
            match self.take_turn(target) {
                Err(FetchError::NotYet { wait, why: Why::Interval, .. }) if wait <= WAITS => sleep(wait).await,
                taken => return taken,
            }
        }
    }

    /// Sends a request, and waits for the beginning of its answer.
    async fn ask(&self, target: &Target, wanted: Wanted<'_>) -> Result<Answer, FetchError> {
        let options = &self.inner.options;
        let headers = sent(target, wanted, &options.user_agent)?;
        let asked = timeout(options.head_within, async {
            let addresses = addresses(target, &options.names, &options.allow).await?;
            let connection = self.inner.connector.open(target, &addresses).await?;
            ask(target, headers, connection).await
        });
        asked.await.unwrap_or_else(|_| Err(self.too_slow(Slow::Head, options.head_within)))
    }

    /// Asks the site's robots.txt whether the article may be read.
    async fn heed_robots(&mut self) -> Result<(), FetchError> {
        match self.request.purpose {
            Purpose::Feed => return Ok(()),
            Purpose::Article => {}
        }
        let origin = self.target.origin();
        let known = self.inner.robots().get(&origin, now());
        let found = match known {
            Some(found) => found,
            None => self.read_robots(&origin).await?,
        };
        let robots = match found {
            Found::Read(robots) => robots,
            Found::Unread(wait) => return Err(not_yet(&self.target, wait, Why::RobotsUnread)),
        };
        if let Some(delay) = robots.crawl_delay {
            let delay = delay.min(self.inner.options.max_crawl_delay);
            self.inner.hosts().slow_down(&self.server, delay, now());
        }
        if robots.allows(self.target.path()) {
            Ok(())
        } else {
            Err(FetchError::Robots { url: self.target.to_string() })
        }
    }

    /// Reads the site's robots.txt, and keeps it. What it may not be read from, the article may not be either.
    async fn read_robots(&mut self, origin: &str) -> Result<Found, FetchError> {
        let read = self.robots().await;
        let mut cache = self.inner.robots();
        match read {
            Ok(robots) => Ok(cache.read(origin, robots, now())),
            Err(FetchError::Status { wait, .. }) => Ok(cache.unread(origin, wait, now())),
            Err(why) if why.is_of_server() => {
                cache.unread(origin, None, now());
                Err(why)
            }
            Err(FetchError::Packed { .. } | FetchError::Bomb { .. } | FetchError::TooLarge { .. }) => {
                Ok(cache.unread(origin, None, now()))
            }
            Err(why) => Err(why),
        }
    }

    /// What the site asks of robots, by section 2.3.1 of RFC 9309: nothing, where it has no file or it is out of reach
    /// over redirects.
    async fn robots(&self) -> Result<Robots, FetchError> {
        let options = &self.inner.options;
        let caps = Caps { received: ROBOTS_BYTES, unpacked: ROBOTS_BYTES, ratio: options.max_ratio };
        let mut target = self.target.at("/robots.txt");
        for _ in 0..=ROBOTS_REDIRECTS {
            let answer = self.ask(&target, Wanted::Robots).await?;
            match answer.status {
                200..=299 => {
                    let file = answer.body(&target, caps, Overlong::Cut).await?;
                    return Ok(Robots::parse(&file.content, options.user_agent.token()));
                }
                301 | 302 | 303 | 307 | 308 => {
                    let next = location(&answer.headers).map(|place| target.redirect(place, &options.allow));
                    let Some(Ok(next)) = next else { return Ok(Robots::default()) };
                    let open = self.inner.hosts().is_open(&next.server(), now());
                    open.map_err(|wait| not_yet(&next, wait.wait, wait.why))?;
                    target = next;
                }
                status @ (429 | 500..) => {
                    let wait = retry_after(&answer.headers);
                    return Err(FetchError::Status { url: target.to_string(), status, wait });
                }
                _ => return Ok(Robots::default()),
            }
        }
        Ok(Robots::default())
    }
}

/// Whether a redirect gives up what TLS vouched for.
fn is_downgrade(from: &Target, to: &Target) -> bool {
    from.scheme == Scheme::Https && to.scheme == Scheme::Http
}
