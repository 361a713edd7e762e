//! What the host has seen, within bounds. An observation that is not there was not looked for, and says nothing.

use bartizan_sdk::prelude::*;
use serde_json::Value;
use url::Url;

use bartizan_listing::Reach;

/// Observations of one kind that are read; more say nothing new.
const MAX_SEEN: usize = 256;
/// Bytes of particulars that are read of them. What the host tells is short; a forged file need not be.
const MAX_DETAILS: usize = 256 << 10;
/// Bytes and separators of a schema that is read. The rule about schemas tells of larger ones.
const MAX_SCHEMA: usize = 512 << 10;
const MAX_VALUES: usize = 20_000;

/// What was observed of this kind: what it is about, and its particulars.
pub(crate) fn all<'a>(
    server: &'a Server,
    kind: &'static str,
) -> impl Iterator<Item = (&'a str, Value)> + use<'a> {
    let observations = server.observations.iter().filter(move |seen| seen.kind == kind);
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

/// The particulars of the probe of this name, if it ran.
pub(crate) fn probe(server: &Server, name: &str) -> Option<Value> {
    let (_, detail) = all(server, "probe").find(|(about, _)| *about == name)?;
    (flag(&detail, "ran") != Some(false)).then_some(detail)
}

pub(crate) fn text<'v>(detail: &'v Value, key: &str) -> Option<&'v str> {
    detail.get(key)?.as_str()
}

pub(crate) fn flag(detail: &Value, key: &str) -> Option<bool> {
    detail.get(key)?.as_bool()
}

pub(crate) fn number(detail: &Value, key: &str) -> Option<u64> {
    detail.get(key)?.as_u64()
}

/// Who can reach the server; `None` for one that was started here or read from a file.
pub(crate) fn reach(server: &Server) -> Option<Reach> {
    if !matches!(server.transport.kind.as_str(), "streamable-http" | "sse") {
        return None;
    }
    Reach::of(&Url::parse(&server.transport.address).ok()?)
}

/// Whether anybody in the world gets an answer: it has a public address, and answered without credentials.
pub(crate) fn is_open_to_all(server: &Server) -> bool {
    let answered = |detail: &Value| {
        let is_answer = number(detail, "status").is_none_or(|status| (200..300).contains(&status));
        is_answer && flag(detail, "answered_without_credentials") == Some(true)
    };
    let tried = probe(server, "bad-token");
    let bare = tried.as_ref().and_then(|detail| text(detail, "without_credentials"));
    reach(server) == Some(Reach::Public)
        && (bare == Some("accepted") || all(server, "http-auth").any(|(_, detail)| answered(&detail)))
}

/// A schema, if it is one that can be read within bounds.
pub(crate) fn schema(text: &str) -> Option<Value> {
    let values = text.bytes().filter(|byte| matches!(byte, b',' | b'[' | b'{')).count();
    if text.len() > MAX_SCHEMA || values > MAX_VALUES {
        return None;
    }
    serde_json::from_str(text).ok()
}
