//! What the host has seen, within bounds. An observation that is not there was not looked for, and says nothing.

use bartizan_sdk::prelude::*;
use serde_json::Value;
use url::Url;

use bartizan_listing::Reach;

/// Observations of one kind that are read; more say nothing new.
const MAX_SEEN: usize = 2_000;
/// Bytes of particulars that are read of them. What the host tells is short; a forged file need not be.
const MAX_DETAILS: usize = 1 << 20;
/// Characters of somebody else's text in a message.
const MAX_TEXT: usize = 200;

/// How a probe ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Outcome {
    Accepted,
    Refused,
    Error,
    NoAnswer,
    Died,
}

/// A probe that ran.
pub(crate) struct Probe {
    pub(crate) outcome: Outcome,
    pub(crate) detail: Value,
}

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

/// The probe of this name, if it ran and its outcome is one we know.
pub(crate) fn probe(server: &Server, name: &str) -> Option<Probe> {
    let (_, detail) = all(server, "probe").find(|(about, _)| *about == name)?;
    if detail.get("ran").and_then(Value::as_bool) == Some(false) {
        return None;
    }
    let outcome = match text(&detail, "outcome")? {
        "accepted" => Outcome::Accepted,
        "refused" => Outcome::Refused,
        "error" => Outcome::Error,
        "no-answer" => Outcome::NoAnswer,
        "server-died" => Outcome::Died,
        _ => return None,
    };
    Some(Probe { outcome, detail })
}

pub(crate) fn text<'v>(detail: &'v Value, key: &str) -> Option<&'v str> {
    detail.get(key)?.as_str()
}

/// Who can reach the server; `None` for one that was started here or read from a file.
pub(crate) fn reach(server: &Server) -> Option<Reach> {
    if !matches!(server.transport.kind.as_str(), "streamable-http" | "sse") {
        return None;
    }
    Reach::of(&Url::parse(&server.transport.address).ok()?)
}

/// Somebody else's text as it may stand in a message: short, and on one line.
pub(crate) fn clipped(text: &str) -> String {
    let mut out: String = text.chars().take(MAX_TEXT).map(|c| if c.is_control() { ' ' } else { c }).collect();
    if out.len() < text.len() {
        out.push('…');
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    fn with(detail: &str) -> Server {
        let seen = Observation { kind: "probe".into(), about: "burst".into(), detail: detail.into() };
        Server { observations: vec![seen], ..Server::named("s") }
    }

    #[test]
    fn a_probe_that_did_not_run_says_nothing() {
        assert!(
            probe(&with(r#"{"ran":false,"why_not":"not asked for","outcome":"accepted"}"#), "burst")
                .is_none()
        );
        assert!(probe(&with(r#"{"ran":true,"outcome":"something new"}"#), "burst").is_none());
        assert!(probe(&with(r#"{"ran":true}"#), "burst").is_none());
        assert!(probe(&with(r#"{"ran":true,"outcome":"accepted"}"#), "other").is_none());
        assert_eq!(
            probe(&with(r#"{"ran":true,"outcome":"accepted"}"#), "burst").unwrap().outcome,
            Outcome::Accepted
        );
    }

    #[test]
    fn somebody_elses_text_stays_short_and_on_one_line() {
        let shown = clipped(&"a\n\u{1b}[31m".repeat(100));
        assert!(shown.chars().count() <= MAX_TEXT + 1 && !shown.contains(['\n', '\u{1b}']));
    }
}
