//! The headers that are sent, those that are kept of an answer, and how long a server asks to be left alone.
//! Invariant: what is kept is short, whatever was sent.

use std::time::Duration;

use hyper::HeaderMap;
use hyper::header::{ACCEPT, ACCEPT_ENCODING, CONNECTION, DATE, HOST, HeaderName, HeaderValue};
use hyper::header::{IF_MODIFIED_SINCE, IF_NONE_MATCH, LOCATION, RETRY_AFTER, USER_AGENT};
use jiff::Timestamp;
use jiff::fmt::rfc2822;

use super::target::Target;
use super::{FetchError, Purpose, Request, UserAgent};

/// The headers of an answer that are kept.
const KEPT: [&str; 12] = [
    "age",
    "cache-control",
    "content-encoding",
    "content-language",
    "content-type",
    "date",
    "etag",
    "expires",
    "last-modified",
    "link",
    "retry-after",
    "x-robots-tag",
];

/// The longest value that is kept, in bytes; a longer one is left out, as half of it would say something else.
const LONGEST: usize = 2_048;

/// What is asked for.
#[derive(Clone, Copy)]
pub(super) enum Wanted<'a> {
    /// A feed or an article.
    Page(&'a Request),
    /// What the site asks of robots.
    Robots,
}

/// The headers of a request.
pub(super) fn sent(target: &Target, wanted: Wanted<'_>, agent: &UserAgent) -> Result<HeaderMap, FetchError> {
    let (accept, packings) = match wanted {
        Wanted::Robots => ("text/plain,*/*;q=0.5", "identity"),
        Wanted::Page(Request { purpose: Purpose::Article, .. }) => {
            ("text/html,application/xhtml+xml,*/*;q=0.5", "gzip, deflate")
        }
        Wanted::Page(Request { purpose: Purpose::Feed, .. }) => (
            "application/atom+xml,application/rss+xml,application/feed+json,application/rdf+xml,\
             application/xml;q=0.9,text/xml;q=0.9,*/*;q=0.5",
            "gzip, deflate",
        ),
    };
    let mut headers = HeaderMap::new();
    headers.insert(HOST, value(target, "host", &target.authority())?);
    headers.insert(USER_AGENT, value(target, "user-agent", agent.as_str())?);
    headers.insert(ACCEPT, HeaderValue::from_static(accept));
    headers.insert(ACCEPT_ENCODING, HeaderValue::from_static(packings));
    headers.insert(CONNECTION, HeaderValue::from_static("close"));
    if let Wanted::Page(request) = wanted {
        for (name, given) in
            [(IF_NONE_MATCH, &request.if_none_match), (IF_MODIFIED_SINCE, &request.if_modified_since)]
        {
            if let Some(given) = given {
                let checked = value(target, name.as_str(), given)?;
                headers.insert(name, checked);
            }
        }
    }
    Ok(headers)
}

fn value(target: &Target, name: &str, text: &str) -> Result<HeaderValue, FetchError> {
    let why = || format!("its `{name}` cannot be sent in a header");
    HeaderValue::from_str(text).map_err(|_| FetchError::Url { url: target.to_string(), why: why() })
}

/// What is kept of an answer's headers, by name in small letters.
pub(super) fn kept(headers: &HeaderMap) -> Vec<(String, String)> {
    let values = |name: &str| {
        let name = HeaderName::from_bytes(name.as_bytes()).ok()?;
        let all: Vec<_> =
            headers.get_all(&name).iter().map(|value| String::from_utf8_lossy(value.as_bytes())).collect();
        let joined = all.join(", ");
        (!all.is_empty() && joined.len() <= LONGEST).then(|| (name.to_string(), joined))
    };
    KEPT.into_iter().filter_map(values).collect()
}

/// Where an answer leads to.
pub(super) fn location(headers: &HeaderMap) -> Option<&str> {
    headers.get(LOCATION).and_then(|value| str::from_utf8(value.as_bytes()).ok())
}

/// How long the server asks not to be asked again. A time is counted from the server's own: our clock may differ.
pub(super) fn retry_after(headers: &HeaderMap) -> Option<Duration> {
    let text = headers.get(RETRY_AFTER)?.to_str().ok()?.trim();
    if let Ok(seconds) = text.parse() {
        return Some(Duration::from_secs(seconds));
    }
    let now = http_date(headers.get(DATE)?.to_str().ok()?)?;
    let wait = http_date(text)?.duration_since(now);
    Some(Duration::try_from(wait).unwrap_or_default())
}

fn http_date(text: &str) -> Option<Timestamp> {
    rfc2822::DateTimeParser::new().parse_timestamp(text.trim()).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn headers(lines: &[(&str, &[u8])]) -> HeaderMap {
        let pair = |(name, value): &(&str, &[u8])| {
            (name.parse::<HeaderName>().unwrap(), HeaderValue::from_bytes(value).unwrap())
        };
        lines.iter().map(pair).collect()
    }

    #[test]
    fn a_wait_is_a_number_or_a_time() {
        let now: &[u8] = b"Wed, 23 Apr 2025 10:00:00 GMT";
        for (lines, expected) in [
            (&[][..], None),
            (&[("retry-after", &b"120"[..])][..], Some(120)),
            (&[("retry-after", b" 0 ")], Some(0)),
            (&[("retry-after", b"-5")], None),
            (&[("retry-after", b"99999999999999999999")], None),
            (&[("retry-after", b"soon")], None),
            (&[("retry-after", b"\xff")], None),
            (&[("retry-after", b"Wed, 23 Apr 2025 10:30:00 GMT"), ("date", now)], Some(1_800)),
            (&[("retry-after", b"Wed, 23 Apr 2025 09:00:00 GMT"), ("date", now)], Some(0)),
            (&[("retry-after", b"Wed, 23 Apr 2025 10:30:00 GMT")], None),
            (&[("retry-after", b"Wed, 23 Apr 2025 10:30:00 GMT"), ("date", b"today")], None),
        ] {
            assert_eq!(retry_after(&headers(lines)).map(|wait| wait.as_secs()), expected, "{lines:?}");
        }
    }

    #[test]
    fn a_listed_few_headers_are_kept() {
        let long = vec![b'x'; LONGEST + 1];
        let found = kept(&headers(&[
            ("ETag", b"\"v1\""),
            ("set-cookie", b"id=1"),
            ("Cache-Control", b"no-cache"),
            ("cache-control", b"max-age=60"),
            ("content-language", b"\xff"),
            ("link", &long),
        ]));
        let expected =
            [("cache-control", "no-cache, max-age=60"), ("content-language", "\u{fffd}"), ("etag", "\"v1\"")];
        let found: Vec<(&str, &str)> = found.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
        assert_eq!(found, expected);
    }
}
