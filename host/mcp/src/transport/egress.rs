//! Where a redirect may lead.
//!
//! A server on the public network must not be able to point us at machines that only we can reach (a router, a cloud's
//! metadata service, a port of this computer). A server that the user named on a private network may.

use std::net::{IpAddr, Ipv4Addr};

use reqwest::Url;

/// Whether following a redirect from `from` to `to` would take us from the public network into a private one.
///
/// It resolves names itself; a name that resolves otherwise a moment later is not caught, and behind an HTTP proxy it is the proxy that resolves.
pub(crate) async fn leads_inside(from: &Url, to: &Url) -> bool {
    is_private(to).await && !is_private(from).await
}

/// Whether an address of this URL's host is on this machine or in a private network.
pub(crate) async fn is_private(url: &Url) -> bool {
    let Some(host) = url.host_str() else { return true };
    let bare = host.trim_start_matches('[').trim_end_matches(']');
    if let Ok(address) = bare.parse::<IpAddr>() {
        return !is_public(address);
    }
    match tokio::net::lookup_host((bare, url.port_or_known_default().unwrap_or(443))).await {
        Ok(mut addresses) => addresses.any(|address| !is_public(address.ip())),
        Err(_) => false,
    }
}

fn is_public(address: IpAddr) -> bool {
    match address {
        IpAddr::V4(v4) => is_public_v4(v4),
        IpAddr::V6(v6) => {
            let [first, second, ..] = v6.segments();
            if let Some(v4) = v6.to_ipv4() {
                return is_public_v4(v4);
            }
            if first == 0x64 && second == 0xff9b {
                let [.., high, low] = v6.segments();
                let [a, b] = high.to_be_bytes();
                let [c, d] = low.to_be_bytes();
                return is_public_v4(Ipv4Addr::new(a, b, c, d));
            }
            !(v6.is_unspecified()
                || v6.is_loopback()
                || v6.is_multicast()
                || v6.is_unique_local()
                || v6.is_unicast_link_local()
                || first & 0xffc0 == 0xfec0)
        }
    }
}

fn is_public_v4(v4: Ipv4Addr) -> bool {
    let [a, b, c, _] = v4.octets();
    !(v4.is_private()
        || v4.is_loopback()
        || v4.is_link_local()
        || v4.is_multicast()
        || a == 0
        || a >= 240
        || (a == 100 && (64..128).contains(&b))
        || (a == 192 && b == 0 && c == 0)
        || (a == 198 && (b == 18 || b == 19)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn a_public_server_cannot_point_inside_however_the_address_is_written() {
        let public = Url::parse("https://8.8.8.8/mcp").unwrap();
        for inside in [
            "http://127.0.0.1/",
            "http://169.254.169.254/latest/meta-data",
            "http://0x7f000001/",
            "http://017700000001/",
            "http://[::1]/",
            "http://[::ffff:10.0.0.1]/",
            "http://[64:ff9b::a9fe:a9fe]/",
            "http://[fd00::1]/",
            "http://100.64.0.1/",
            "http://0/",
        ] {
            assert!(leads_inside(&public, &Url::parse(inside).unwrap()).await, "{inside}");
        }
        assert!(!leads_inside(&public, &Url::parse("https://1.1.1.1/").unwrap()).await);
        let private = Url::parse("http://127.0.0.1:1/").unwrap();
        assert!(!leads_inside(&private, &Url::parse("http://10.0.0.1/").unwrap()).await);
    }
}
