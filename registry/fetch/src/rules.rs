//! Where a request may go, first and when a server points elsewhere.

use std::net::IpAddr;

use bartizan_model::{printable, truncate_chars};
use reqwest::Url;

use crate::FetchError;

/// Who may be asked, and how.
#[derive(Clone, Debug)]
pub(crate) struct Rules {
    http_hosts: Vec<String>,
}

impl Rules {
    pub(crate) fn new(http_hosts: &[String]) -> Self {
        Self { http_hosts: http_hosts.iter().map(|host| host.to_ascii_lowercase()).collect() }
    }

    /// Whether somebody who was given this URL may ask it.
    pub(crate) fn check(&self, url: &Url) -> Result<(), FetchError> {
        let bad = |why: &str| FetchError::BadUrl { url: shown(url), why: why.to_owned() };
        if !matches!(url.scheme(), "http" | "https") || url.host_str().is_none() {
            return Err(bad("it is not an https URL"));
        }
        if !url.username().is_empty() || url.password().is_some() {
            return Err(bad("it holds a login, which would end up in logs"));
        }
        if url.scheme() == "http" && !self.may_be_http(url) {
            return Err(FetchError::NotHttps { url: shown(url) });
        }
        Ok(())
    }

    /// Why a server at `from` may not send us to `to`; nothing if it may.
    ///
    /// What is refused besides a loss of protection: that a server elsewhere has us ask this very machine, whose ports may
    /// trust whoever reaches them.
    pub(crate) fn refuses(&self, from: &Url, to: &Url) -> Option<&'static str> {
        if from.scheme() == "https" && to.scheme() == "http" {
            return Some("it leads from https to plain http");
        }
        if is_loopback(to) && !is_loopback(from) {
            return Some("it leads from another machine to this one");
        }
        match self.check(to) {
            Ok(()) => None,
            Err(FetchError::NotHttps { .. }) => {
                Some("it leads to a host that may not be asked over plain http")
            }
            Err(_) => Some("it is not an https URL without a login"),
        }
    }

    /// The scheme that a registry is asked by when only its host is named.
    pub(crate) fn scheme_of(&self, authority: &str) -> &'static str {
        match Url::parse(&format!("http://{authority}/")) {
            Ok(url) if self.may_be_http(&url) => "http",
            _ => "https",
        }
    }

    fn may_be_http(&self, url: &Url) -> bool {
        let host = url.host_str().unwrap_or_default();
        let with_port = format!("{host}:{}", url.port_or_known_default().unwrap_or_default());
        is_loopback(url) || self.http_hosts.iter().any(|allowed| *allowed == host || *allowed == with_port)
    }
}

/// Whether it is this machine: what goes there passes no network.
pub(crate) fn is_loopback(url: &Url) -> bool {
    let host = url.host_str().unwrap_or_default();
    let bare = host.trim_start_matches('[').trim_end_matches(']');
    match bare.parse::<IpAddr>() {
        // The unspecified address is this machine too, to those who connect to it.
        Ok(address) => address.to_canonical().is_loopback() || address.to_canonical().is_unspecified(),
        Err(_) => bare.trim_end_matches('.') == "localhost",
    }
}

/// A URL as messages show it.
pub(crate) fn shown(url: &Url) -> String {
    let mut bare = url.clone();
    let _ = bare.set_username("");
    let _ = bare.set_password(None);
    bare.set_fragment(None);
    if bare.query().is_some() {
        bare.set_query(Some("…"));
    }
    printable(&truncate_chars(&bare.to_string().replace("?%E2%80%A6", "?…"), 300))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn url(text: &str) -> Url {
        Url::parse(text).unwrap()
    }

    #[test]
    fn plain_http_is_for_this_machine_and_for_hosts_that_were_allowed_it() {
        let rules = Rules::new(&["Mirror.lan".into(), "other.lan:8080".into()]);
        for allowed in [
            "https://example.com/",
            "http://localhost:5000/",
            "http://127.9.9.9/",
            "http://[::1]:1/",
            "http://[::ffff:127.0.0.1]/",
            "http://mirror.lan:99/",
            "http://other.lan:8080/",
        ] {
            assert_eq!(rules.check(&url(allowed)), Ok(()), "{allowed}");
        }
        for refused in [
            "http://example.com/",
            "http://other.lan/",
            "http://localhost.example.com/",
            "http://127.0.0.1.example.com/",
            "http://mirror.lan.example.com/",
        ] {
            let error = rules.check(&url(refused)).unwrap_err();
            assert_eq!(error.code(), "not-https", "{refused}");
        }
        for bad in ["ftp://example.com/", "file:///etc/passwd", "https://user:s3cret@example.com/", "data:,x"]
        {
            let error = rules.check(&url(bad)).unwrap_err();
            assert_eq!(error.code(), "bad-url", "{bad}");
            assert!(!error.to_string().contains("s3cret"), "{error}");
        }
    }

    #[test]
    fn a_server_cannot_lead_to_less_protection_or_to_this_machine() {
        let rules = Rules::new(&["mirror.lan".into()]);
        for (from, to) in [
            ("https://a.example/", "http://a.example/"),
            ("https://a.example/", "http://mirror.lan/"),
            ("https://a.example/", "https://localhost/"),
            ("https://a.example/", "https://[::ffff:7f00:1]/"),
            ("https://a.example/", "https://0/"),
            ("http://mirror.lan/", "http://127.0.0.1/"),
            ("http://mirror.lan/", "http://b.example/"),
            ("http://127.0.0.1/", "http://b.example/"),
            ("https://a.example/", "ftp://a.example/"),
            ("https://a.example/", "https://user:pass@a.example/"),
        ] {
            assert!(rules.refuses(&url(from), &url(to)).is_some(), "{from} to {to}");
        }
        for (from, to) in [
            ("https://a.example/", "https://b.example/x"),
            ("http://127.0.0.1/", "http://localhost:1/"),
            ("http://127.0.0.1/", "https://b.example/"),
            ("http://mirror.lan/", "http://mirror.lan/x"),
        ] {
            assert_eq!(rules.refuses(&url(from), &url(to)), None, "{from} to {to}");
        }
    }

    #[test]
    fn a_url_is_shown_without_its_secrets() {
        let text = shown(&url("https://user:pass@a.example/x?signature=abc#d"));
        assert_eq!(text, "https://a.example/x?…");
    }
}
