//! The allow list: hosts and networks that may be fetched from though they are not public, or by an uncommon port.
//! Invariant: an entry lets in what it names and nothing else.

use std::fmt::{self, Display};
use std::net::{IpAddr, SocketAddr};
use std::num::NonZeroU16;
use std::str::FromStr;

use ipnet::IpNet;
use url::Host;

/// The ports that need no entry.
const USUAL_PORTS: [u16; 4] = [80, 443, 8080, 8443];

/// An entry that names nothing.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("`{0}` is no host, no `host:port` and no network such as 10.1.0.0/16")]
pub struct AllowError(String);

/// Hosts and networks that may be fetched from.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct AllowList(Vec<Entry>);

#[derive(Debug, Clone, PartialEq, Eq)]
struct Entry {
    what: What,
    /// None: the usual ports.
    port: Option<u16>,
}

#[derive(Debug, Clone, PartialEq, Eq)]
enum What {
    /// A name, wherever it leads to.
    Name(String),
    /// Addresses, whatever name leads there.
    Network(IpNet),
}

impl AllowList {
    /// Whether an entry names the port of that host.
    pub(super) fn port(&self, host: &Host<String>, port: u16) -> bool {
        let names = |entry: &&Entry| match (&entry.what, host) {
            (What::Name(name), Host::Domain(domain)) => name == domain,
            (What::Name(_), Host::Ipv4(_) | Host::Ipv6(_)) => false,
            (What::Network(_), Host::Domain(_)) => true,
            (What::Network(network), Host::Ipv4(address)) => network.contains(&IpAddr::V4(*address)),
            (What::Network(network), Host::Ipv6(address)) => network.contains(&IpAddr::V6(*address)),
        };
        is_usual(port) || self.0.iter().filter(names).any(|entry| entry.port == Some(port))
    }

    /// Whether an entry lets in that address, to which that host led. Without one, only the usual ports of public
    /// addresses are let in.
    pub(super) fn address(&self, host: &Host<String>, address: IpAddr, port: u16) -> bool {
        self.0.iter().any(|entry| {
            let named = match (&entry.what, host) {
                (What::Name(name), Host::Domain(domain)) => name == domain,
                (What::Name(_), Host::Ipv4(_) | Host::Ipv6(_)) => false,
                (What::Network(network), _) => network.contains(&address),
            };
            named && entry.port.map_or_else(|| is_usual(port), |only| only == port)
        })
    }
}

/// Whether that port of a public address needs no entry.
pub(super) fn is_usual(port: u16) -> bool {
    USUAL_PORTS.contains(&port)
}

impl FromStr for AllowList {
    type Err = AllowError;

    /// Entries with commas or spaces between them: `host`, `host:port`, an address, or a network.
    fn from_str(text: &str) -> Result<Self, AllowError> {
        let entries = text.split([',', ' ', '\t', '\n']).filter(|entry| !entry.is_empty());
        entries.map(entry).collect::<Result<_, _>>().map(Self)
    }
}

fn entry(text: &str) -> Result<Entry, AllowError> {
    let wrong = || AllowError(text.to_owned());
    if let Ok(network) = text.parse::<IpNet>() {
        return Ok(Entry { what: What::Network(network.trunc()), port: None });
    }
    if let Ok(address) = text.parse::<IpAddr>() {
        return Ok(Entry { what: What::Network(address.into()), port: None });
    }
    let (host, port) = match text.rsplit_once(':') {
        Some((host, port)) => (host, Some(port.parse::<NonZeroU16>().map_err(|_| wrong())?)),
        None => (text, None),
    };
    let what = match Host::parse(host).map_err(|_| wrong())? {
        Host::Domain(name) => What::Name(name.strip_suffix('.').unwrap_or(&name).to_owned()),
        Host::Ipv4(address) => What::Network(IpAddr::V4(address).into()),
        Host::Ipv6(address) => What::Network(IpAddr::V6(address).into()),
    };
    Ok(Entry { what, port: port.map(NonZeroU16::get) })
}

impl Display for AllowList {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (index, entry) in self.0.iter().enumerate() {
            f.write_str(if index == 0 { "" } else { ", " })?;
            match (&entry.what, entry.port) {
                (What::Name(name), None) => f.write_str(name)?,
                (What::Name(name), Some(port)) => write!(f, "{name}:{port}")?,
                (What::Network(network), Some(port)) => write!(f, "{}", SocketAddr::new(network.addr(), port))?,
                (What::Network(network), None) if network.prefix_len() == network.max_prefix_len() => {
                    write!(f, "{}", network.addr())?;
                }
                (What::Network(network), None) => write!(f, "{network}")?,
            }
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn lets_in(list: &str, host: &str, address: &str, port: u16) -> bool {
        let list: AllowList = list.parse().unwrap();
        let host = Host::parse(host).unwrap();
        let by_port = list.port(&host, port);
        by_port && list.address(&host, address.parse().unwrap(), port)
    }

    #[test]
    fn an_entry_lets_in_what_it_names() {
        for (list, host, address, port, expected) in [
            ("", "127.0.0.1", "127.0.0.1", 80, false),
            ("127.0.0.1", "127.0.0.1", "127.0.0.1", 80, true),
            ("127.0.0.1", "127.0.0.1", "127.0.0.1", 8443, true),
            ("127.0.0.1", "127.0.0.1", "127.0.0.1", 9000, false),
            ("127.0.0.1:9000", "127.0.0.1", "127.0.0.1", 9000, true),
            ("127.0.0.1:9000", "127.0.0.1", "127.0.0.1", 80, false),
            ("127.0.0.1:9000", "127.0.0.1", "127.0.0.1", 9001, false),
            ("10.1.0.0/16", "10.1.2.3", "10.1.2.3", 443, true),
            ("10.1.2.3/16", "10.1.9.9", "10.1.9.9", 443, true),
            ("10.1.0.0/16", "10.2.0.1", "10.2.0.1", 443, false),
            ("10.1.0.0/16", "wire.example", "10.1.0.7", 443, true),
            ("10.1.0.0/16", "wire.example", "10.2.0.7", 443, false),
            ("wire.example", "wire.example", "10.2.0.7", 80, true),
            ("wire.example", "wire.example", "10.2.0.7", 9000, false),
            ("Wire.Example.:9000", "wire.example", "10.2.0.7", 9000, true),
            ("wire.example", "a.wire.example", "10.2.0.7", 80, false),
            ("wire.example", "10.2.0.7", "10.2.0.7", 80, false),
            ("a.example, 10.0.0.0/8  [::1]:81", "[::1]", "::1", 81, true),
            ("::1", "[::1]", "::1", 80, true),
            ("fd00::/8", "wire.example", "fd12::1", 8080, true),
            ("127.0.0.1", "[::ffff:127.0.0.1]", "::ffff:127.0.0.1", 80, false),
        ] {
            assert_eq!(lets_in(list, host, address, port), expected, "{list:?}: {host} at {address}, {port}");
        }
    }

    #[test]
    fn what_names_nothing_is_refused() {
        for wrong in
            ["http://a.example", "a b.example:x", "10.0.0.0/33", "a.example:0", "a.example:99999", "a/b", ":80"]
        {
            assert!(wrong.parse::<AllowList>().is_err(), "{wrong}");
        }
        let told = "10.0.0.0/99".parse::<AllowList>().unwrap_err().to_string();
        assert_eq!(told, "`10.0.0.0/99` is no host, no `host:port` and no network such as 10.1.0.0/16");
    }

    #[test]
    fn a_list_is_written_as_it_is_read() {
        let list: AllowList = "a.example:9000 10.1.2.3/16,::1 [::1]:81 b.example 10.0.0.1:81".parse().unwrap();
        assert_eq!(list.to_string(), "a.example:9000, 10.1.0.0/16, ::1, [::1]:81, b.example, 10.0.0.1:81");
        assert_eq!(list.to_string().parse(), Ok(list));
    }
}
