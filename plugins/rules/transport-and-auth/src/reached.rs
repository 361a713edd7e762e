//! What the host saw of the way to the server, read once for all rules.

use bartizan_sdk::prelude::*;
use serde_json::Value;
use url::Url;

use bartizan_listing::Reach;

/// Observations of one kind that are read; more say nothing new.
const MAX_SEEN: usize = 64;
/// Bytes of particulars that are read of them. What the host tells is short; a forged file need not be.
const MAX_DETAILS: usize = 256 << 10;
/// Characters of somebody else's text in a message.
const MAX_TEXT: usize = 200;

/// A server reached over HTTP.
pub(crate) struct Reached<'a> {
    pub(crate) server: &'a Server,
    pub(crate) url: Url,
    pub(crate) reach: Reach,
}

/// One redirect that the server sent.
pub(crate) struct Redirect {
    pub(crate) from: Url,
    pub(crate) to: Url,
}

impl<'a> Reached<'a> {
    /// `None` for a server that was started here or read from a file.
    pub(crate) fn over_http(server: &'a Server) -> Option<Self> {
        if !matches!(server.transport.kind.as_str(), "streamable-http" | "sse") {
            return None;
        }
        let url = Url::parse(&server.transport.address).ok().filter(is_web)?;
        let reach = Reach::of(&url)?;
        Some(Self { server, url, reach })
    }

    /// What was observed of this kind: what it is about, and its particulars.
    pub(crate) fn seen(&self, kind: &'static str) -> impl Iterator<Item = (&'a str, Value)> {
        let observations = self.server.observations.iter().filter(move |seen| seen.kind == kind);
        let mut left = MAX_DETAILS;
        observations
            .take(MAX_SEEN)
            .filter(move |seen| {
                let rest = left.checked_sub(seen.detail.len());
                left = rest.unwrap_or(left);
                rest.is_some()
            })
            .filter_map(|seen| Some((seen.about.as_str(), serde_json::from_str(&seen.detail).ok()?)))
    }

    /// Whether the user's credentials went to the server.
    pub(crate) fn credentials_sent(&self) -> bool {
        self.seen("http-auth").any(|(_, detail)| flag(&detail, "credentials_sent") == Some(true))
    }

    pub(crate) fn redirects(&self) -> Vec<Redirect> {
        let web = |text: &str| Url::parse(text).ok().filter(is_web);
        self.seen("redirect")
            .filter_map(|(about, detail)| {
                let to = web(text(&detail, "to")?)?;
                Some(Redirect { from: web(about)?, to })
            })
            .collect()
    }

    /// The address as it may be shown: without what may be a secret.
    pub(crate) fn address(&self) -> String {
        shown(&self.url)
    }
}

fn is_web(url: &Url) -> bool {
    matches!(url.scheme(), "http" | "https")
}

/// The URL without user, password, query and fragment, and not too long.
pub(crate) fn shown(url: &Url) -> String {
    let mut url = url.clone();
    // These fail for URLs without a host only; ours have one.
    let _ = url.set_username("");
    let _ = url.set_password(None);
    url.set_query(None);
    url.set_fragment(None);
    clipped(url.as_str())
}

pub(crate) fn clipped(text: &str) -> String {
    let mut out: String = text.chars().take(MAX_TEXT).map(|c| if c.is_control() { ' ' } else { c }).collect();
    if out.len() < text.len() {
        out.push('…');
    }
    out
}

pub(crate) fn flag(detail: &Value, key: &str) -> Option<bool> {
    detail.get(key)?.as_bool()
}

pub(crate) fn text<'v>(detail: &'v Value, key: &str) -> Option<&'v str> {
    detail.get(key)?.as_str()
}
