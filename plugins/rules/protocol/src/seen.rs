//! What the host has seen, within bounds. An observation that is not there was not looked for, and says nothing.

use bartizan_listing::Reach;
pub(crate) use bartizan_listing::one_line as clipped;
pub(crate) use bartizan_sdk::observed::text;
use bartizan_sdk::{
    observed::{AtMost, flag},
    prelude::*,
};
use serde_json::Value;

/// Of one kind. What the host tells is short; a forged file need not be.
const MOST: AtMost = AtMost { observations: 2_000, bytes: 1 << 20 };

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
    server.observed(kind, MOST)
}

/// The probe of this name, if it ran and its outcome is one we know.
pub(crate) fn probe(server: &Server, name: &str) -> Option<Probe> {
    let (_, detail) = all(server, "probe").find(|(about, _)| *about == name)?;
    if flag(&detail, "ran") == Some(false) {
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

/// Who can reach the server; `None` for one that was started here or read from a file.
pub(crate) fn reach(server: &Server) -> Option<Reach> {
    Reach::of_server(server)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn with(detail: &str) -> Server {
        Server { observations: vec![Observation::new("probe", "burst", detail)], ..Server::named("s") }
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
}
