//! MCP-TRANS-004: the server tells browsers that any page may read its answers.

use bartizan_sdk::prelude::*;
use serde_json::Value;

use crate::{
    reached::{Reached, clipped, flag, text},
    rules,
};

/// Whom the server lets read, when a page of nobody's asks.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Allowed {
    /// `*`
    All,
    /// Whoever asks, by repeating their name.
    Asker,
    /// `null`: pages without an origin, such as a sandboxed frame, which any page can make.
    Nobody,
}

/// What was seen of it.
struct Policy {
    allowed: Allowed,
    credentials: bool,
    /// Whether a preflight was answered so, and not only a plain request.
    preflight: bool,
    shown: String,
}

pub(crate) fn check(reached: &Reached<'_>) -> Vec<Finding> {
    found(reached).into_iter().collect()
}

fn found(reached: &Reached<'_>) -> Option<Finding> {
    let policy = by_preflight(reached).or_else(|| by_answer(reached))?;
    let whom = match policy.allowed {
        Allowed::All => "every page (`*`)",
        Allowed::Asker => "whatever page asks (it repeats its name)",
        Allowed::Nobody => "pages without an origin (`null`, which any page can make)",
    };
    // Browsers refuse `*` together with credentials.
    let with_cookies = policy.credentials && policy.allowed != Allowed::All && sets_cookies(reached);
    let is_open = reached.is_open();
    let (severity, then) = match (reached.is_inside(), is_open) {
        _ if with_cookies => (
            Severity::Medium,
            "It sets cookies and lets pages send them: any page that the user opens calls its tools as that user.",
        ),
        (true, Some(true)) if policy.preflight && policy.allowed != Allowed::Nobody => (
            Severity::Medium,
            "It wants no credentials: any page that the user opens can list and call its tools and read the answers, \
             though the address cannot be reached from outside.",
        ),
        (true, Some(true) | None) => (
            Severity::Low,
            "A page that the user opens may be able to read its answers, though the address cannot be reached from \
             outside.",
        ),
        // What needs a token, which a page does not have, or can be read by anybody directly, loses nothing by it.
        _ if policy.credentials && policy.allowed == Allowed::Asker => (
            Severity::Info,
            "It lets them send cookies too. None were seen, so nothing hangs on it today; the day it sets one, any page \
             acts as its user.",
        ),
        _ => return None,
    };
    let message =
        format!("The server is at {} and lets {whom} read its answers. {then}", reached.reach.words());
    let finding = Finding::new(rules::CORS, reached.server, message).severity(severity);
    Some(finding.evidence("address", &reached.address(), "").evidence("CORS", &policy.shown, ""))
}

/// What a preflight of a foreign page was answered with.
fn by_preflight(reached: &Reached<'_>) -> Option<Policy> {
    let probe = reached.probe("cors-preflight").filter(|probe| probe.accepted)?;
    let origin = text(&probe.detail, "allow_origin")?;
    let credentials = flag(&probe.detail, "allow_credentials") == Some(true);
    let allowed = match origin.trim() {
        "*" => Allowed::All,
        "null" => Allowed::Nobody,
        own if own == reached.url.origin().ascii_serialization() => return None,
        _ => Allowed::Asker,
    };
    let shown = format!(
        "preflight of a foreign page: Access-Control-Allow-Origin: {}{}",
        clipped(origin),
        if credentials { ", Access-Control-Allow-Credentials: true" } else { "" }
    );
    Some(Policy { allowed, credentials, preflight: true, shown })
}

/// What plain answers say, where no preflight was tried. One that was refused is what counts: no page can send JSON.
fn by_answer(reached: &Reached<'_>) -> Option<Policy> {
    if reached.probe("cors-preflight").is_some() {
        return None;
    }
    reached.seen("http-response").find_map(|(_, detail)| {
        let origin = text(&detail, "access_control_allow_origin")?.trim();
        let allowed = match origin {
            "*" => Allowed::All,
            "null" => Allowed::Nobody,
            // Whom else it names was not asked in a foreign page's name.
            _ => return None,
        };
        let credentials =
            text(&detail, "access_control_allow_credentials").is_some_and(|value| value.trim() == "true");
        let shown = format!("Access-Control-Allow-Origin: {origin}");
        Some(Policy { allowed, credentials, preflight: false, shown })
    })
}

fn sets_cookies(reached: &Reached<'_>) -> bool {
    reached.seen("http-response").any(|(_, detail)| {
        detail.get("set_cookie").and_then(Value::as_array).is_some_and(|cookies| !cookies.is_empty())
    })
}
