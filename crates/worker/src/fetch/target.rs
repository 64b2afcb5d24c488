//! Where a request goes: a URL, checked before any name is looked up.
//! Invariant: a target is http or https, has a host without a trailing dot, no user and no password, and a port that may
//! be used.

use std::fmt::{self, Display};

use hyper::Uri;
use url::{Host, Url};

use super::{AllowList, FetchError};

/// The longest URL that is followed, in bytes.
const LONGEST: usize = 4_096;

/// A URL that may be asked for, as far as it can be told without looking up its name.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Target {
    /// Normalised, without fragment.
    url: Url,
    pub(super) host: Host<String>,
    pub(super) port: u16,
    pub(super) scheme: Scheme,
}

/// How a host is spoken to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Scheme {
    Http,
    Https,
}

impl Target {
    /// Reads and checks a URL.
    pub(super) fn new(url: &str, allow: &AllowList) -> Result<Self, FetchError> {
        if url.len() > LONGEST {
            return Err(FetchError::UrlTooLong { bytes: url.len(), most: LONGEST });
        }
        let parsed = Url::parse(url.trim()).map_err(|why| refused(url, &why.to_string()))?;
        Self::of(parsed, allow)
    }

    /// Where a redirect leads to from here.
    pub(super) fn redirect(&self, location: &str, allow: &AllowList) -> Result<Self, FetchError> {
        if location.len() > LONGEST {
            return Err(FetchError::UrlTooLong { bytes: location.len(), most: LONGEST });
        }
        let joined = self.url.join(location.trim()).map_err(|why| refused(location, &why.to_string()))?;
        Self::of(joined, allow)
    }

    /// Another path of the same server.
    pub(super) fn at(&self, path: &str) -> Self {
        let mut url = self.url.clone();
        url.set_path(path);
        url.set_query(None);
        Self { url, ..self.clone() }
    }

    fn of(mut url: Url, allow: &AllowList) -> Result<Self, FetchError> {
        let told = |why: &str| refused(url.as_str(), why);
        let scheme = match url.scheme() {
            "http" => Scheme::Http,
            "https" => Scheme::Https,
            other => return Err(told(&format!("`{other}` is not fetched, only http and https"))),
        };
        if !url.username().is_empty() || url.password().is_some() {
            return Err(told("it carries a user or a password"));
        }
        let host = url.host().map(|host| host.to_owned()).ok_or_else(|| told("it names no host"))?;
        let host = match host {
            Host::Domain(name) => Host::Domain(without_dot(&name).ok_or_else(|| told("its host is no name"))?),
            Host::Ipv4(_) | Host::Ipv6(_) => host,
        };
        let port = url.port_or_known_default().ok_or_else(|| told("it names no port"))?;
        if !allow.port(&host, port) {
            return Err(told(&format!("port {port} is none of 80, 443, 8080 and 8443, nor on the allow list")));
        }
        url.set_fragment(None);
        let changed = url.set_host(Some(&host.to_string()));
        changed.map_err(|why| refused(url.as_str(), &why.to_string()))?;
        Ok(Self { url, host, port, scheme })
    }

    pub(super) fn as_str(&self) -> &str {
        self.url.as_str()
    }

    /// The server: scheme, host and port.
    pub(super) fn origin(&self) -> String {
        self.url.origin().ascii_serialization()
    }

    /// Host and port, for a limit that holds for both http and https.
    pub(super) fn server(&self) -> String {
        match self.port {
            80 | 443 => self.host.to_string(),
            port => format!("{}:{port}", self.host),
        }
    }

    /// The host as the request names it, with a port that is not the scheme's own.
    pub(super) fn authority(&self) -> String {
        self.url.port().map_or_else(|| self.host.to_string(), |port| format!("{}:{port}", self.host))
    }

    /// Path and query.
    pub(super) fn path(&self) -> &str {
        &self.url[url::Position::BeforePath..url::Position::AfterQuery]
    }

    /// Path and query, as the request names them.
    pub(super) fn uri(&self) -> Result<Uri, FetchError> {
        self.path().parse().map_err(|why: hyper::http::uri::InvalidUri| refused(self.as_str(), &why.to_string()))
    }
}

impl Display for Target {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.url.as_str())
    }
}

/// The name without its root's dot; none where a label is empty.
fn without_dot(name: &str) -> Option<String> {
    let name = name.strip_suffix('.').unwrap_or(name);
    let whole = !name.is_empty() && name.split('.').all(|label| !label.is_empty());
    whole.then(|| name.to_owned())
}

fn refused(url: &str, why: &str) -> FetchError {
    FetchError::Url { url: url.chars().take(200).collect(), why: why.to_owned() }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn target(url: &str) -> Result<String, String> {
        let allow = "wire.example:9000".parse().unwrap();
        Target::new(url, &allow).map(|target| target.to_string()).map_err(|why| why.to_string())
    }

    #[test]
    fn a_url_is_taken_as_it_will_be_asked_for() {
        for (url, expected) in [
            ("http://a.example", "http://a.example/"),
            ("  https://A.Example:443/x?q=1#top ", "https://a.example/x?q=1"),
            ("http://a.example:8080/", "http://a.example:8080/"),
            ("http://a.example./x", "http://a.example/x"),
            ("http://wire.example:9000/", "http://wire.example:9000/"),
            ("http://bücher.example/ü", "http://xn--bcher-kva.example/%C3%BC"),
            ("http://8.8.8.8./", "http://8.8.8.8/"),
            ("http://[2606:4700::1111]/", "http://[2606:4700::1111]/"),
        ] {
            assert_eq!(target(url).as_deref(), Ok(expected), "{url}");
        }
    }

    #[test]
    fn what_is_not_fetched_is_refused_with_the_reason() {
        for (url, expected) in [
            ("", "relative URL without a base"),
            ("a.example/feed", "relative URL without a base"),
            ("ftp://a.example/", "`ftp` is not fetched, only http and https"),
            ("file:///etc/passwd", "`file` is not fetched"),
            ("gopher://a.example/", "`gopher` is not fetched"),
            ("data:text/html,x", "`data` is not fetched"),
            ("javascript:alert(1)", "`javascript` is not fetched"),
            ("http://ana@a.example/", "user or a password"),
            ("http://:pw@a.example/", "user or a password"),
            ("http://127.0.0.1@a.example/", "user or a password"),
            ("http://a.example:22/", "port 22 is none of"),
            ("http://a.example:0/", "port 0 is none of"),
            ("https://a.example:9000/", "port 9000 is none of"),
            ("http://a.example:99999/", "invalid port number"),
            ("http://a.example../", "its host is no name"),
            ("http://a..example/", "its host is no name"),
            ("http:///", "empty host"),
            ("http://a b.example/", "invalid international domain name"),
            ("http://[::1%25eth0]/", "invalid IPv6 address"),
            ("http://1.2.3.4.5/", "invalid IPv4 address"),
            ("http://0x100000000/", "invalid IPv4 address"),
        ] {
            let told = target(url).unwrap_err();
            assert!(told.contains(expected), "{url}: {told}");
        }
        let long = format!("http://a.example/{}", "x".repeat(LONGEST));
        assert!(target(&long).unwrap_err().contains("at most 4096"));
    }

    #[test]
    fn every_spelling_of_an_address_is_that_address() {
        for url in [
            "http://127.0.0.1/",
            "http://127.0.0.1./",
            "http://127.1/",
            "http://127.0.1/",
            "http://2130706433/",
            "http://0x7f000001/",
            "http://0X7F.1/",
            "http://0177.0.0.1/",
            "http://017700000001/",
            "http://0x7f.0x0.0x0.0x1/",
            "http://%31%32%37.0.0.1/",
            "http://１２７.０.０.１/",
            "http://127。0。0。1/",
            "http:127.0.0.1",
            "http:\\\\127.0.0.1\\",
        ] {
            assert_eq!(target(url).as_deref(), Ok("http://127.0.0.1/"), "{url}");
        }
    }

    #[test]
    fn a_redirect_is_checked_like_any_url() {
        let allow = AllowList::default();
        let from = Target::new("https://a.example/x/y?z", &allow).unwrap();
        for (location, expected) in [
            ("/feed", Ok("https://a.example/feed")),
            ("w", Ok("https://a.example/x/w")),
            ("?page=2", Ok("https://a.example/x/y?page=2")),
            ("//b.example/", Ok("https://b.example/")),
            ("http://0x7f.1/", Ok("http://127.0.0.1/")),
            ("//a.example:25/", Err("port 25")),
            ("file:///etc/passwd", Err("`file` is not fetched")),
            ("//ana:pw@b.example/", Err("user or a password")),
        ] {
            let found = from.redirect(location, &allow).map_err(|why| why.to_string());
            match expected {
                Ok(url) => assert_eq!(found.unwrap().as_str(), url, "{location}"),
                Err(why) => assert!(found.unwrap_err().contains(why), "{location}"),
            }
        }
    }
}
