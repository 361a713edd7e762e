//! What the host saw, read as JSON.

pub(crate) use bartizan_sdk::observed::{flag, text};
use bartizan_sdk::{
    observed::{AtMost, texts},
    prelude::*,
};
use serde_json::Value;
use url::Url;

/// Of one kind. Bytes are not counted: the rules bound what they take out of a document.
const MOST: AtMost = AtMost { observations: 64, bytes: usize::MAX };
/// Texts of a list in an observation that are read.
const MAX_LIST: usize = 500;

/// What was observed of this kind: what it is about, and its particulars.
pub(crate) fn seen<'a>(server: &'a Server, kind: &'static str) -> impl Iterator<Item = (&'a str, Value)> {
    server.observed(kind, MOST)
}

pub(crate) fn list<'v>(detail: &'v Value, key: &str) -> Vec<&'v str> {
    texts(detail, key).take(MAX_LIST).collect()
}

/// The address of a server that is reached over HTTP.
pub(crate) fn address(server: &Server) -> Option<Url> {
    bartizan_listing::http_address(server).filter(Url::has_host)
}

/// Whether both are hosts of one owner, as far as names tell: the same, or sharing all but the first label.
pub(crate) fn is_kin(one: &Url, other: &Url) -> bool {
    let (Some(one), Some(other)) = (one.host_str(), other.host_str()) else { return false };
    let owner = |host: &str| {
        let labels: Vec<&str> = host.rsplit('.').collect();
        // "co.uk" and the like are nobody's name.
        let short = labels.get(1).is_some_and(|label| label.len() <= 3);
        labels.into_iter().take(if short { 3 } else { 2 }).map(str::to_owned).collect::<Vec<_>>()
    };
    one == other || (owner(one).len() > 1 && owner(one) == owner(other))
}
