//! Where an address leads: to this machine, into a private network, or out into the public one.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

use bartizan_sdk::types::Server;
use url::{Host, Url};

/// How many can reach an address. Ordered: `Loopback < Public`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Reach {
    /// This machine only.
    Loopback,
    /// The network this machine is in.
    Private,
    /// Everybody.
    Public,
}

impl Reach {
    /// In words that go after "at".
    pub fn words(self) -> &'static str {
        match self {
            Self::Loopback => "a loopback address",
            Self::Private => "an address in a private network",
            Self::Public => "a public address",
        }
    }

    /// Of a URL. One without a host has none.
    pub fn of(url: &Url) -> Option<Self> {
        Some(match url.host()? {
            Host::Ipv4(address) => of_ip(IpAddr::V4(address)),
            Host::Ipv6(address) => of_ip(IpAddr::V6(address)),
            Host::Domain(name) => of_name(name),
        })
    }

    /// Of a server; none for one that was started here or read from a file.
    pub fn of_server(server: &Server) -> Option<Self> {
        Self::of(&http_address(server)?)
    }

    /// Of a host by itself: a name or an address.
    pub fn of_host(host: &str) -> Option<Self> {
        let bare = host.trim_start_matches('[').trim_end_matches(']');
        if let Ok(address) = bare.parse::<IpAddr>() {
            return Some(of_ip(address));
        }
        Self::of(&Url::parse(&format!("https://{host}")).ok()?)
    }
}

/// The address of a server that is reached over HTTP, as the HTTP client reads it; `None` for one that was started here or
/// read from a file.
pub fn http_address(server: &Server) -> Option<Url> {
    if !matches!(server.transport.kind.as_str(), "streamable-http" | "sse") {
        return None;
    }
    Url::parse(&server.transport.address).ok()
}

fn of_ip(address: IpAddr) -> Reach {
    match address {
        IpAddr::V4(v4) => of_v4(v4),
        IpAddr::V6(v6) => v6.to_ipv4_mapped().map_or_else(|| of_v6(v6), of_v4),
    }
}

fn of_v4(address: Ipv4Addr) -> Reach {
    // 100.64/10 is what carriers and overlay networks use (RFC 6598).
    let shared = matches!(address.octets(), [100, 64..=127, ..]);
    if address.is_loopback() || address.is_unspecified() {
        Reach::Loopback
    } else if address.is_private() || address.is_link_local() || shared {
        Reach::Private
    } else {
        Reach::Public
    }
}

fn of_v6(address: Ipv6Addr) -> Reach {
    if address.is_loopback() || address.is_unspecified() {
        Reach::Loopback
    } else if address.is_unique_local() || address.is_unicast_link_local() {
        Reach::Private
    } else {
        Reach::Public
    }
}

/// Names that cannot be public: those reserved (RFC 6761, 6762, 8375), those that networks keep for themselves, and
/// those of one label, such as a container's.
fn of_name(name: &str) -> Reach {
    const INSIDE: [&str; 10] = [
        "local",
        "internal",
        "intranet",
        "lan",
        "home",
        "corp",
        "private",
        "test",
        "localdomain",
        "home.arpa",
    ];
    let name = name.trim_end_matches('.').to_ascii_lowercase();
    let ends =
        |suffix: &str| name.strip_suffix(suffix).is_some_and(|rest| rest.is_empty() || rest.ends_with('.'));
    if ends("localhost") {
        Reach::Loopback
    } else if !name.contains('.') || INSIDE.iter().any(|suffix| ends(suffix)) {
        Reach::Private
    } else {
        Reach::Public
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(url: &str) -> Reach {
        Reach::of(&Url::parse(url).unwrap()).unwrap()
    }

    #[test]
    fn this_machine_has_many_names() {
        for url in [
            "http://localhost:3000/",
            "http://LOCALHOST./",
            "http://a.localhost/",
            "http://127.1/",
            "http://0x7f000001/",
            "http://2130706433/",
            "http://[::1]/",
            "http://[::ffff:127.0.0.1]/",
            "http://0.0.0.0/",
        ] {
            assert_eq!(of(url), Reach::Loopback, "{url}");
        }
    }

    #[test]
    fn a_private_network_is_known_by_number_and_by_name() {
        for url in [
            "http://10.1.2.3/",
            "http://192.168.0.9/",
            "http://172.31.0.1/",
            "http://169.254.1.1/",
            "http://100.64.0.1/",
            "http://[fd00::1]/",
            "http://[fe80::1]/",
            "http://mcp:3000/",
            "http://nas.local/",
            "http://x.corp.internal/",
        ] {
            assert_eq!(of(url), Reach::Private, "{url}");
        }
    }

    #[test]
    fn what_only_looks_like_home_is_public() {
        for url in [
            "http://notlocalhost.com/",
            "http://localhost.evil.example/",
            "http://172.32.0.1/",
            "http://mylocal.net/",
            "http://[2001:db8::1]/",
            "http://mcp.example.com/",
        ] {
            assert_eq!(of(url), Reach::Public, "{url}");
        }
    }

    #[test]
    fn a_host_by_itself_is_read_too() {
        assert_eq!(Reach::of_host("[::1]"), Some(Reach::Loopback));
        assert_eq!(Reach::of_host("::1"), Some(Reach::Loopback));
        assert_eq!(Reach::of_host("example.com:8443"), Some(Reach::Public));
        assert_eq!(Reach::of_host("not a host"), None);
    }

    #[test]
    fn only_a_server_that_is_reached_over_http_is_anywhere() {
        let reached = |kind: &str, address: &str| {
            let mut server = Server::named("s");
            server.transport.kind = kind.into();
            server.transport.address = address.into();
            Reach::of_server(&server)
        };
        assert_eq!(reached("streamable-http", "https://mcp.example.com/mcp"), Some(Reach::Public));
        assert_eq!(reached("sse", "http://[::1]:3000/"), Some(Reach::Loopback));
        for (kind, address) in
            [("stdio", ""), ("file", "https://mcp.example.com/"), ("sse", "mcp"), ("sse", "data:x")]
        {
            assert_eq!(reached(kind, address), None, "{kind} {address}");
        }
    }
}
