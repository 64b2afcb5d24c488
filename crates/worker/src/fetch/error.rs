//! Why nothing was fetched, and what that means for who asked.
//! Invariant: what a server can make happen is never a panic, and never holds anything but its own URL's attempt.

use std::fmt::{self, Display};
use std::net::IpAddr;
use std::time::Duration;

/// Why nothing was fetched.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum FetchError {
    /// The URL is not one that is fetched.
    #[error("`{url}` is not fetched: {why}")]
    Url {
        /// Its beginning.
        url: String,
        /// What is wrong with it.
        why: String,
    },
    /// The URL is too long.
    #[error("the URL has {bytes} bytes; at most {most} are followed")]
    UrlTooLong {
        /// How long it is.
        bytes: usize,
        /// How long it may be.
        most: usize,
    },
    /// The host leads to nothing but addresses that are not public.
    #[error("`{host}` is not fetched from: {address} is {what}; `[fetch] allow` in hearsay.toml can let it in")]
    Address {
        /// The host as the URL names it.
        host: String,
        /// Where it led to.
        address: IpAddr,
        /// What kind of address that is.
        what: &'static str,
    },
    /// The site asks robots not to read this.
    #[error("`{url}` is not fetched: the site's robots.txt asks that it is not read")]
    Robots {
        /// What was to be read.
        url: String,
    },
    /// It is not this host's turn; nothing was sent.
    #[error("`{server}` is not asked again for {} s: {why}", wait.as_secs().max(1))]
    NotYet {
        /// The server.
        server: String,
        /// Not before so much time has passed.
        wait: Duration,
        /// Why not.
        why: Why,
    },
    /// The name could not be looked up.
    #[error("`{host}` was not found: {why}")]
    Name {
        /// The host as the URL names it.
        host: String,
        /// What the resolver said.
        why: String,
    },
    /// No connection came about.
    #[error("no connection to `{server}`: {why}")]
    Connect {
        /// The server.
        server: String,
        /// What went wrong.
        why: String,
    },
    /// It took too long.
    #[error("`{url}` was given up: {what} took over {} s", limit.as_secs_f32())]
    TooSlow {
        /// What was asked for.
        url: String,
        /// What took too long.
        what: Slow,
        /// How long it may take.
        limit: Duration,
    },
    /// What came is no HTTP, or ended before its end.
    #[error("`{url}` was not answered as HTTP asks: {why}")]
    Broken {
        /// What was asked for.
        url: String,
        /// What was wrong with the answer.
        why: String,
    },
    /// The answer is too large.
    #[error("`{url}` has over {most} bytes {counted}, the most that are read")]
    TooLarge {
        /// What was asked for.
        url: String,
        /// How many bytes are read at most.
        most: usize,
        /// Where they were counted.
        counted: Counted,
    },
    /// The answer unpacks to far more than it is.
    #[error("`{url}` unpacks to over {most} times its size, which no page does")]
    Bomb {
        /// What was asked for.
        url: String,
        /// How many times its size it may unpack to.
        most: usize,
    },
    /// The answer is packed in a way that cannot be unpacked.
    #[error("`{url}` cannot be unpacked: {why}")]
    Packed {
        /// What was asked for.
        url: String,
        /// Why not.
        why: String,
    },
    /// Redirects do not come to an end, or lead nowhere.
    #[error("`{url}` leads on and on: {why}")]
    Redirects {
        /// What was asked for.
        url: String,
        /// What is wrong with the redirects.
        why: String,
    },
    /// The server answered that it has nothing to give.
    #[error("`{url}` was answered with status {status}")]
    Status {
        /// What was asked for.
        url: String,
        /// The status.
        status: u16,
        /// How long the server asks not to be asked again.
        wait: Option<Duration>,
    },
}

/// Where bytes are counted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Counted {
    /// As they came.
    Received,
    /// After decompression.
    Unpacked,
}

/// What took too long.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Slow {
    /// The answer's status and headers, from looking up the name on.
    Head,
    /// Everything, redirects included.
    Whole,
}

/// Why it is not a host's turn.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Why {
    /// It was asked just now.
    Interval,
    /// It failed the last times.
    Failing,
    /// It asked for that.
    Asked,
    /// Its robots.txt could not be read.
    RobotsUnread,
}

/// Whether and when to ask again.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Again {
    /// Not: the answer would be the same.
    Never,
    /// After so much time; nothing was sent, so it is no failed attempt.
    Wait(Duration),
    /// Later; not before so much time has passed, where that is known.
    Later(Option<Duration>),
}

impl FetchError {
    /// Whether and when to ask again. The caller's clock makes a time of it.
    pub fn again(&self) -> Again {
        match self {
            Self::NotYet { wait, .. } => Again::Wait(*wait),
            Self::Name { .. } | Self::Connect { .. } | Self::TooSlow { .. } | Self::Broken { .. } => {
                Again::Later(None)
            }
            Self::Status { status, wait, .. } if is_passing(*status) => Again::Later(*wait),
            Self::Url { .. }
            | Self::UrlTooLong { .. }
            | Self::Address { .. }
            | Self::Robots { .. }
            | Self::TooLarge { .. }
            | Self::Bomb { .. }
            | Self::Packed { .. }
            | Self::Redirects { .. }
            | Self::Status { .. } => Again::Never,
        }
    }

    /// Whether it tells that the server, and not this one page, is in trouble.
    pub(super) fn is_of_server(&self) -> bool {
        match self.again() {
            Again::Later(_) => true,
            Again::Never | Again::Wait(_) => false,
        }
    }
}

/// Whether a status may be another one later.
fn is_passing(status: u16) -> bool {
    matches!(status, 408 | 425 | 429 | 500..)
}

impl Display for Counted {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Received => "as it comes",
            Self::Unpacked => "unpacked",
        })
    }
}

impl Display for Slow {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Head => "the beginning of its answer",
            Self::Whole => "the whole of it",
        })
    }
}

impl Display for Why {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Interval => "it was asked just now",
            Self::Failing => "it failed the last time",
            Self::Asked => "it asked for that",
            Self::RobotsUnread => "its robots.txt could not be read",
        })
    }
}
