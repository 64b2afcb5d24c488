//! From a host to the addresses that may be connected to.
//! Invariant: the addresses that are given out were checked, and a connection goes to one of them and nowhere else; no
//! name is looked up a second time between check and connection.

use std::collections::BTreeMap;
use std::net::{IpAddr, SocketAddr};

use tokio::net::lookup_host;
use url::Host;

use super::address::not_public;
use super::allow::is_usual;
use super::target::Target;
use super::{AllowList, FetchError};

/// How many addresses of a host are tried at most.
const TRIED: usize = 4;

/// Names that lead somewhere else than the system's resolver has them, as in a hosts file; they are checked like all.
pub type HostNames = BTreeMap<String, Vec<IpAddr>>;

/// The addresses of a target that may be connected to; at least one.
pub(super) async fn addresses(
    target: &Target,
    known: &HostNames,
    allow: &AllowList,
) -> Result<Vec<SocketAddr>, FetchError> {
    let found = match &target.host {
        Host::Ipv4(address) => vec![IpAddr::V4(*address)],
        Host::Ipv6(address) => vec![IpAddr::V6(*address)],
        Host::Domain(name) => match known.get(name) {
            Some(addresses) => addresses.clone(),
            None => looked_up(name, target.port).await?,
        },
    };
    let (first, second): (Vec<IpAddr>, Vec<IpAddr>) = checked(&found, target, allow)?
        .into_iter()
        .partition(|address| Some(address.is_ipv6()) == first_kind(&found));
    let taken = in_turns(&first, &second);
    Ok(taken.take(TRIED).map(|address| SocketAddr::new(address, target.port)).collect())
}

async fn looked_up(name: &str, port: u16) -> Result<Vec<IpAddr>, FetchError> {
    let failed = |why: String| FetchError::Name { host: name.to_owned(), why };
    let found = lookup_host((name, port)).await.map_err(|why| failed(why.to_string()))?;
    Ok(found.map(|address| address.ip()).collect())
}

/// Those that may be connected to; why the first may not, where there is none.
fn checked(found: &[IpAddr], target: &Target, allow: &AllowList) -> Result<Vec<IpAddr>, FetchError> {
    let may = |address: &&IpAddr| {
        let public = not_public(**address).is_none() && is_usual(target.port);
        public || allow.address(&target.host, **address, target.port)
    };
    let good: Vec<IpAddr> = found.iter().filter(may).copied().collect();
    let host = target.host.to_string();
    match (good.is_empty(), found.first()) {
        (false, _) => Ok(good),
        (true, Some(&address)) => {
            let what = not_public(address).unwrap_or("not on the allow list with that port");
            Err(FetchError::Address { host, address, what })
        }
        (true, None) => Err(FetchError::Name { host, why: "it has no address".to_owned() }),
    }
}

/// Whether the resolver would try IPv6 first.
fn first_kind(found: &[IpAddr]) -> Option<bool> {
    found.first().map(IpAddr::is_ipv6)
}

/// One of each kind in turn, so that a network without IPv6 costs one try and not all.
fn in_turns<'a>(first: &'a [IpAddr], second: &'a [IpAddr]) -> impl Iterator<Item = IpAddr> + 'a {
    let longest = first.len().max(second.len());
    (0..longest).flat_map(move |index| [first.get(index), second.get(index)]).flatten().copied()
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Where a URL leads to, with `site.example` at these addresses.
    async fn leads_to(url: &str, site: &[&str], allow: &str) -> Result<Vec<String>, String> {
        let allow: AllowList = allow.parse().unwrap();
        let known = HostNames::from([(
            "site.example".to_owned(),
            site.iter().map(|address| address.parse().unwrap()).collect::<Vec<_>>(),
        )]);
        let target = Target::new(url, &allow).map_err(|why| why.to_string())?;
        let found = addresses(&target, &known, &allow).await.map_err(|why| why.to_string())?;
        Ok(found.iter().map(ToString::to_string).collect())
    }

    #[tokio::test]
    async fn literal_hosts_are_checked_however_they_are_spelled() {
        for (url, expected) in [
            ("http://127.0.0.1/", "127.0.0.1 is loopback"),
            ("http://2130706433/", "127.0.0.1 is loopback"),
            ("http://0x7f.1/", "127.0.0.1 is loopback"),
            ("http://017700000001./", "127.0.0.1 is loopback"),
            ("http://0/", "0.0.0.0 is this network"),
            ("http://169.254.169.254/latest/meta-data/", "169.254.169.254 is link-local"),
            ("http://[::1]/", "::1 is loopback"),
            ("http://[::ffff:169.254.169.254]/", "::ffff:169.254.169.254 is IPv4-mapped"),
            ("http://[::ffff:7f00:1]/", "::ffff:127.0.0.1 is IPv4-mapped"),
            ("http://[0:0:0:0:0:0:127.0.0.1]/", "::7f00:1 is IPv4-compatible"),
            ("http://[64:ff9b::7f00:1]/", "64:ff9b::7f00:1 is of NAT64"),
            ("http://[2002:7f00:1::]/", "2002:7f00:1:: is of 6to4"),
            ("http://[2001:0:1::]/", "2001:0:1:: is of Teredo"),
            ("http://[fd12::7]:8080/", "fd12::7 is unique-local"),
        ] {
            let told = leads_to(url, &[], "").await.unwrap_err();
            assert!(told.contains(expected) && told.contains("`[fetch] allow`"), "{url}: {told}");
        }
        assert_eq!(leads_to("https://8.8.8.8/", &[], "").await, Ok(vec!["8.8.8.8:443".to_owned()]));
    }

    #[tokio::test]
    async fn a_name_leads_only_to_addresses_that_were_checked() {
        for (site, allow, expected) in [
            (&["10.0.0.7"][..], "", Err("10.0.0.7 is private")),
            (&["127.0.0.1", "8.8.8.8"], "", Ok("8.8.8.8:80")),
            (&["fe80::1", "::1"], "", Err("fe80::1 is link-local")),
            (&[], "", Err("it has no address")),
            (&["10.0.0.7"], "10.0.0.0/24", Ok("10.0.0.7:80")),
            (&["10.0.0.7"], "site.example", Ok("10.0.0.7:80")),
            (&["10.0.0.7", "10.0.1.7"], "10.0.1.0/24", Ok("10.0.1.7:80")),
            (&["10.0.0.7"], "other.example", Err("10.0.0.7 is private")),
            (
                &["2606:4700::1", "2606:4700::2", "2606:4700::3", "8.8.8.8", "8.8.4.4"],
                "",
                Ok("[2606:4700::1]:80 8.8.8.8:80 [2606:4700::2]:80 8.8.4.4:80"),
            ),
        ] {
            let found = leads_to("http://site.example/", site, allow).await.map(|found| found.join(" "));
            match expected {
                Ok(addresses) => assert_eq!(found.as_deref(), Ok(addresses), "{site:?}"),
                Err(why) => assert!(found.as_ref().unwrap_err().contains(why), "{site:?}: {found:?}"),
            }
        }
    }

    #[tokio::test]
    async fn a_network_on_the_list_opens_its_ports_for_no_public_address() {
        let told = leads_to("http://site.example:9000/", &["8.8.8.8"], "10.0.0.7:9000").await.unwrap_err();
        assert!(told.contains("8.8.8.8 is not on the allow list with that port"), "{told}");
        let found = leads_to("http://site.example:9000/", &["8.8.8.8", "10.0.0.7"], "10.0.0.7:9000").await;
        assert_eq!(found, Ok(vec!["10.0.0.7:9000".to_owned()]));
    }

    #[tokio::test]
    async fn the_systems_own_names_are_checked() {
        let told = leads_to("http://localhost/", &[], "").await.unwrap_err();
        assert!(told.contains("is loopback"), "{told}");
    }
}
