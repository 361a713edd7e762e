//! What the host saw of the way to the server, read once for all rules.

pub(crate) use bartizan_listing::one_line as clipped;
use bartizan_listing::{Reach, http_address};
pub(crate) use bartizan_sdk::observed::{flag, text};
use bartizan_sdk::{observed::AtMost, prelude::*};
use serde_json::Value;
use url::Url;

/// Of one kind. What the host tells is short; a forged file need not be.
const MOST: AtMost = AtMost { observations: 64, bytes: 256 << 10 };

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
        let url = http_address(server).filter(is_web)?;
        let reach = Reach::of(&url)?;
        Some(Self { server, url, reach })
    }

    /// What was observed of this kind: what it is about, and its particulars.
    pub(crate) fn seen(&self, kind: &'static str) -> impl Iterator<Item = (&'a str, Value)> {
        self.server.observed(kind, MOST)
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
