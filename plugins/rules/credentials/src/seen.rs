//! What the host saw, read as JSON.

use bartizan_sdk::prelude::*;
use serde_json::Value;
use url::Url;

/// Observations of one kind that are read; more say nothing new.
const MAX_SEEN: usize = 64;
/// Texts of a list in an observation that are read.
const MAX_LIST: usize = 500;

/// What was observed of this kind: what it is about, and its particulars.
pub(crate) fn seen<'a>(server: &'a Server, kind: &'static str) -> impl Iterator<Item = (&'a str, Value)> {
    let observations = server.observations.iter().filter(move |seen| seen.kind == kind);
    observations
        .take(MAX_SEEN)
        .filter_map(|seen| Some((seen.about.as_str(), serde_json::from_str(&seen.detail).ok()?)))
}

pub(crate) fn text<'v>(detail: &'v Value, key: &str) -> Option<&'v str> {
    detail.get(key)?.as_str()
}

pub(crate) fn flag(detail: &Value, key: &str) -> Option<bool> {
    detail.get(key)?.as_bool()
}

pub(crate) fn list<'v>(detail: &'v Value, key: &str) -> Vec<&'v str> {
    let list = detail.get(key).and_then(Value::as_array).into_iter().flatten();
    list.filter_map(Value::as_str).take(MAX_LIST).collect()
}

/// The address of a server that is reached over HTTP.
pub(crate) fn address(server: &Server) -> Option<Url> {
    matches!(server.transport.kind.as_str(), "streamable-http" | "sse")
        .then(|| Url::parse(&server.transport.address).ok())?
        .filter(Url::has_host)
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
