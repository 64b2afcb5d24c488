//! Addresses as items are known by: without what only counts clicks.

use url::Url;

/// Parts of a query that say where a reader came from, and nothing of the page.
const CLICKS: [&str; 8] = ["fbclid", "gclid", "yclid", "igshid", "mc_cid", "mc_eid", "cmpid", "ref_src"];

/// An address by which a page is known: only of the web, without fragment and click counters.
pub(crate) fn canonical(address: &str) -> Option<String> {
    let mut url = Url::parse(address.trim()).ok()?;
    if !matches!(url.scheme(), "http" | "https") || url.host_str().is_none() {
        return None;
    }
    url.set_fragment(None);
    let counts_clicks = |key: &str| key.starts_with("utm_") || CLICKS.contains(&key);
    if url.query_pairs().any(|(key, _)| counts_clicks(&key)) {
        let kept: Vec<(String, String)> =
            url.query_pairs().filter(|(key, _)| !counts_clicks(key)).map(|(k, v)| (k.into(), v.into())).collect();
        url.set_query(None);
        if !kept.is_empty() {
            url.query_pairs_mut().extend_pairs(kept);
        }
    }
    Some(url.into())
}

/// Whether two addresses are of one site: a page may not say that it is another's.
pub(crate) fn same_site(one: &str, other: &str) -> bool {
    let site = |address: &str| {
        let url = Url::parse(address).ok()?;
        let host = url.host_str()?;
        Some((host.strip_prefix("www.").unwrap_or(host).to_owned(), url.port()))
    };
    site(one).is_some_and(|one| Some(one) == site(other))
}

/// Whether an address is of a site's front page.
pub(crate) fn is_front(address: &str) -> bool {
    Url::parse(address).is_ok_and(|url| matches!(url.path(), "" | "/") && url.query().is_none())
}

/// The host of an address, without `www.`.
pub(super) fn host(address: &str) -> Option<String> {
    let url = Url::parse(address).ok()?;
    let host = url.host_str()?;
    Some(host.strip_prefix("www.").unwrap_or(host).to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_is_known_without_what_counts_clicks() {
        for (given, known) in [
            ("https://A.example/x?utm_source=rss&id=7#top", Some("https://a.example/x?id=7")),
            ("https://a.example/x?utm_source=rss&fbclid=1", Some("https://a.example/x")),
            ("https://a.example/x?b=%20c&a=1", Some("https://a.example/x?b=%20c&a=1")),
            (" http://a.example ", Some("http://a.example/")),
            ("ftp://a.example/x", None),
            ("tag:a.example,2025:7", None),
            ("x", None),
        ] {
            assert_eq!(canonical(given).as_deref(), known, "{given}");
        }
    }

    #[test]
    fn a_site_is_told_by_its_host_and_port() {
        assert!(same_site("https://www.a.example/1", "https://a.example/2"));
        assert!(!same_site("https://a.example/1", "https://b.example/1"));
        assert!(!same_site("https://a.example/1", "https://a.example:8443/1"));
        assert!(!same_site("x", "x"));
    }
}
