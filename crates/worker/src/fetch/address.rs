//! Which addresses are not of the public internet, and what each range is for (IANA's special-purpose registries).
//! Invariant: an address that carries another one inside it is refused, whatever it carries.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

use ipnet::{IpNet, Ipv4Net, Ipv6Net};

/// Ranges that no public server has, and what they are.
const REFUSED: [(IpNet, &str); 33] = [
    (v4([0, 0, 0, 0], 8), "this network"),
    (v4([10, 0, 0, 0], 8), "private"),
    (v4([100, 64, 0, 0], 10), "shared by a carrier"),
    (v4([127, 0, 0, 0], 8), "loopback"),
    (v4([169, 254, 0, 0], 16), "link-local"),
    (v4([172, 16, 0, 0], 12), "private"),
    (v4([192, 0, 0, 0], 24), "of protocols"),
    (v4([192, 0, 2, 0], 24), "of documentation"),
    (v4([192, 88, 99, 0], 24), "a relay of 6to4"),
    (v4([192, 168, 0, 0], 16), "private"),
    (v4([198, 18, 0, 0], 15), "of benchmarks"),
    (v4([198, 51, 100, 0], 24), "of documentation"),
    (v4([203, 0, 113, 0], 24), "of documentation"),
    (v4([224, 0, 0, 0], 4), "multicast"),
    (v4([255, 255, 255, 255], 32), "broadcast"),
    (v4([240, 0, 0, 0], 4), "reserved"),
    (v6([0, 0, 0, 0], 128), "unspecified"),
    (v6([0, 0, 0, 1], 128), "loopback"),
    (v6([0, 0, 0xffff_0000, 0], 96), "translated IPv4"),
    (v6([0, 0, 0x0000_ffff, 0], 96), "IPv4-mapped"),
    (v6([0, 0, 0, 0], 96), "IPv4-compatible"),
    (v6([0x0064_ff9b, 0, 0, 0], 96), "of NAT64"),
    (v6([0x0064_ff9b, 0x0001_0000, 0, 0], 48), "of NAT64"),
    (v6([0x0100_0000, 0, 0, 0], 64), "discarded"),
    (v6([0x2001_0000, 0, 0, 0], 32), "of Teredo"),
    (v6([0x2001_0db8, 0, 0, 0], 32), "of documentation"),
    (v6([0x2001_0000, 0, 0, 0], 23), "of protocols"),
    (v6([0x2002_0000, 0, 0, 0], 16), "of 6to4"),
    (v6([0x3fff_0000, 0, 0, 0], 20), "of documentation"),
    (v6([0xfc00_0000, 0, 0, 0], 7), "unique-local"),
    (v6([0xfe80_0000, 0, 0, 0], 10), "link-local"),
    (v6([0xfec0_0000, 0, 0, 0], 10), "site-local"),
    (v6([0xff00_0000, 0, 0, 0], 8), "multicast"),
];

/// All that is public in IPv6 lies here.
const PUBLIC_V6: IpNet = v6([0x2000_0000, 0, 0, 0], 3);

const fn v4([a, b, c, d]: [u8; 4], length: u8) -> IpNet {
    IpNet::V4(Ipv4Net::new_assert(Ipv4Addr::new(a, b, c, d), length))
}

const fn v6([a, b, c, d]: [u32; 4], length: u8) -> IpNet {
    let bits = ((a as u128) << 96) | ((b as u128) << 64) | ((c as u128) << 32) | d as u128;
    IpNet::V6(Ipv6Net::new_assert(Ipv6Addr::from_bits(bits), length))
}

/// What an address is that is not public; nothing of one that is.
pub(super) fn not_public(address: IpAddr) -> Option<&'static str> {
    let special = REFUSED.iter().find(|(range, _)| range.contains(&address)).map(|(_, word)| *word);
    let outside = address.is_ipv6() && !PUBLIC_V6.contains(&address);
    special.or_else(|| outside.then_some("not assigned"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn special_addresses_are_known_for_what_they_are() {
        for (address, expected) in [
            ("0.0.0.0", "this network"),
            ("0.255.255.255", "this network"),
            ("10.0.0.1", "private"),
            ("10.255.255.255", "private"),
            ("100.64.0.1", "shared by a carrier"),
            ("100.127.255.255", "shared by a carrier"),
            ("127.0.0.1", "loopback"),
            ("127.255.255.254", "loopback"),
            ("169.254.169.254", "link-local"),
            ("172.16.0.1", "private"),
            ("172.31.255.255", "private"),
            ("192.0.0.8", "of protocols"),
            ("192.0.2.7", "of documentation"),
            ("192.88.99.1", "a relay of 6to4"),
            ("192.168.178.1", "private"),
            ("198.19.0.1", "of benchmarks"),
            ("198.51.100.9", "of documentation"),
            ("203.0.113.5", "of documentation"),
            ("224.0.0.1", "multicast"),
            ("239.255.255.250", "multicast"),
            ("240.0.0.1", "reserved"),
            ("255.255.255.255", "broadcast"),
            ("::", "unspecified"),
            ("::1", "loopback"),
            ("::7f00:1", "IPv4-compatible"),
            ("::8.8.8.8", "IPv4-compatible"),
            ("::ffff:127.0.0.1", "IPv4-mapped"),
            ("::ffff:8.8.8.8", "IPv4-mapped"),
            ("::ffff:0:127.0.0.1", "translated IPv4"),
            ("64:ff9b::10.0.0.1", "of NAT64"),
            ("64:ff9b::8.8.8.8", "of NAT64"),
            ("64:ff9b:1::7f00:1", "of NAT64"),
            ("100::1", "discarded"),
            ("2001::1", "of Teredo"),
            ("2001:0:7f00:1::", "of Teredo"),
            ("2001:20::1", "of protocols"),
            ("2001:db8::1", "of documentation"),
            ("3fff:fff::1", "of documentation"),
            ("2002:7f00:1::", "of 6to4"),
            ("5f00::1", "not assigned"),
            ("4000::1", "not assigned"),
            ("fc00::1", "unique-local"),
            ("fdff::1", "unique-local"),
            ("fe80::1", "link-local"),
            ("febf::1", "link-local"),
            ("fec0::1", "site-local"),
            ("ff02::1", "multicast"),
        ] {
            assert_eq!(not_public(address.parse().unwrap()), Some(expected), "{address}");
        }
    }

    #[test]
    fn the_neighbours_of_special_ranges_are_public() {
        for address in [
            "1.0.0.0",
            "9.255.255.255",
            "11.0.0.0",
            "100.63.255.255",
            "100.128.0.0",
            "126.255.255.255",
            "128.0.0.0",
            "169.253.255.255",
            "172.15.255.255",
            "172.32.0.0",
            "192.0.1.0",
            "192.0.3.0",
            "192.167.255.255",
            "192.169.0.0",
            "198.17.255.255",
            "198.20.0.0",
            "223.255.255.255",
            "2000::1",
            "2001:200::1",
            "2001:db7::1",
            "2001:db9::1",
            "2003::1",
            "2606:4700::1111",
            "3ffe::1",
            "3fff:1000::1",
        ] {
            assert_eq!(not_public(address.parse().unwrap()), None, "{address}");
        }
    }
}
