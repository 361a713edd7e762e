//! What the host has seen, within bounds. An observation that is not there was not looked for, and says nothing.

use bartizan_listing::Reach;
pub(crate) use bartizan_sdk::observed::{flag, number, text};
use bartizan_sdk::{observed::AtMost, prelude::*};
use serde_json::Value;

/// Of one kind. What the host tells is short; a forged file need not be.
const MOST: AtMost = AtMost { observations: 256, bytes: 256 << 10 };
/// Bytes and separators of a schema that is read. The rule about schemas tells of larger ones.
const MAX_SCHEMA: usize = 512 << 10;
const MAX_VALUES: usize = 20_000;

/// What was observed of this kind: what it is about, and its particulars.
pub(crate) fn all<'a>(
    server: &'a Server,
    kind: &'static str,
) -> impl Iterator<Item = (&'a str, Value)> + use<'a> {
    server.observed(kind, MOST)
}

/// The particulars of the probe of this name, if it ran.
pub(crate) fn probe(server: &Server, name: &str) -> Option<Value> {
    let (_, detail) = all(server, "probe").find(|(about, _)| *about == name)?;
    (flag(&detail, "ran") != Some(false)).then_some(detail)
}

/// Who can reach the server; `None` for one that was started here or read from a file.
pub(crate) fn reach(server: &Server) -> Option<Reach> {
    Reach::of_server(server)
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

/// Whether it answered somebody without the user's credentials; `None` if that was not tried.
pub(crate) fn answers_without_credentials(server: &Server) -> Option<bool> {
    let tried = probe(server, "bad-token");
    match tried.as_ref().and_then(|detail| text(detail, "without_credentials")) {
        Some("accepted") => return Some(true),
        Some("refused") => return Some(false),
        _ => {}
    }
    let mut answers =
        all(server, "http-auth").filter_map(|(_, detail)| flag(&detail, "answered_without_credentials"));
    let first = answers.next()?;
    // A server may introduce itself to anybody and list to few: one refusal is enough.
    Some(first && answers.all(|answered| answered))
}

/// A schema, if it is one that can be read within bounds.
pub(crate) fn schema(text: &str) -> Option<Value> {
    let values = text.bytes().filter(|byte| matches!(byte, b',' | b'[' | b'{')).count();
    if text.len() > MAX_SCHEMA || values > MAX_VALUES {
        return None;
    }
    serde_json::from_str(text).ok()
}
