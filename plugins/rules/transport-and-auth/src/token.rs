//! MCP-AUTH-002: credentials are asked for, and not looked at; or what is said about them cannot be right.

use bartizan_sdk::prelude::*;
use serde_json::Value;

use bartizan_listing::Reach;

use crate::{
    reached::{Reached, clipped, flag, text},
    rules,
};

/// Documents whose faults one finding shows.
const MAX_SHOWN: usize = 8;

pub(crate) fn check(reached: &Reached<'_>) -> Vec<Finding> {
    made_up(reached).into_iter().chain(metadata(reached)).collect()
}

/// A token that nobody issued was taken.
fn made_up(reached: &Reached<'_>) -> Option<Finding> {
    let probe = reached.probe("bad-token").filter(|probe| probe.accepted)?;
    let open = match text(&probe.detail, "without_credentials") {
        Some("accepted") => Some(true),
        Some("refused") => Some(false),
        _ => reached.is_open(),
    };
    let (severity, confidence, message) = match open {
        // It wants no credentials, which is another rule's matter.
        Some(true) => return None,
        Some(false) => (
            match reached.reach {
                Reach::Public => Severity::High,
                Reach::Private => Severity::Medium,
                Reach::Loopback => Severity::Low,
            },
            Confidence::High,
            "refuses a caller without a token and answered one whose token was made up: it looks whether there is a \
             token, and not whether it is one. Whoever can reach it is let in.",
        ),
        None => (
            Severity::Low,
            Confidence::Medium,
            "answered a caller whose token was made up. Whether it would have answered without any is not known; \
             either way a token does not decide who is let in.",
        ),
    };
    let address = reached.reach.words();
    Some(
        Finding::new(rules::TOKEN, reached.server, format!("The server is at {address}. It {message}"))
            .severity(severity)
            .confidence(confidence)
            .evidence("address", &reached.address(), "")
            .evidence("probe", "bad-token: accepted", ""),
    )
}

/// One fault of a metadata document.
struct Fault {
    severity: Severity,
    what: String,
    document: String,
}

/// What the server says about who issues its tokens, where that cannot be right.
fn metadata(reached: &Reached<'_>) -> Option<Finding> {
    let documents: Vec<(&str, Value)> =
        reached.seen("auth-metadata").filter(|(_, detail)| flag(detail, "found") == Some(true)).collect();
    let is_own = |detail: &Value| text(detail, "document") == Some("protected-resource");
    // Without it, whatever the site has there may be about something else than this server.
    if !documents.iter().any(|(_, detail)| is_own(detail)) && reached.is_open() != Some(false) {
        return None;
    }
    let faults: Vec<Fault> = documents
        .iter()
        .flat_map(|(about, detail)| {
            let found = if is_own(detail) { resource(detail) } else { issuer(detail, reached.reach) };
            let fault = |(severity, what)| Fault { severity, what, document: clipped(about) };
            found.into_iter().map(fault).collect::<Vec<_>>()
        })
        .collect();
    let worst = faults.iter().map(|fault| fault.severity).max()?;
    let first = faults.iter().find(|fault| fault.severity == worst)?;
    let others = match faults.len() {
        1 => String::new(),
        count => format!(" There are {} more such faults.", count.saturating_sub(1)),
    };
    let message = format!("What the server publishes about its tokens is not sound: {}{others}", first.what);
    let finding = Finding::new(rules::TOKEN, reached.server, message)
        .severity(worst)
        .remediation("Correct the metadata documents; clients decide by them which tokens to ask for and where to send them.");
    Some(
        faults
            .iter()
            .take(MAX_SHOWN)
            .fold(finding, |finding, fault| finding.evidence(&fault.document, &fault.what, "")),
    )
}

fn resource(detail: &Value) -> Vec<(Severity, String)> {
    let mut faults = Vec::new();
    if flag(detail, "resource_matches") == Some(false) {
        let named = clipped(text(detail, "resource").unwrap_or_default());
        faults.push((
            Severity::Low,
            format!(
                "it says that it is {named:?}, which is another address: tokens are issued for that one, and a server \
                 that takes them takes what was meant for another."
            ),
        ));
    }
    if detail.get("authorization_servers").and_then(Value::as_array).is_some_and(Vec::is_empty) {
        faults.push((
            Severity::Info,
            "it names no authorization server, so clients have to guess one.".to_owned(),
        ));
    }
    faults
}

fn issuer(detail: &Value, reach: Reach) -> Vec<(Severity, String)> {
    let mut faults = Vec::new();
    if flag(detail, "endpoints_https") == Some(false) {
        let severity = if reach == Reach::Public { Severity::Medium } else { Severity::Low };
        faults.push((
            severity,
            "credentials and codes are to be sent to an address that is not https.".to_owned(),
        ));
    }
    if flag(detail, "issuer_matches") == Some(false) {
        let named = clipped(text(detail, "issuer").unwrap_or_default());
        faults.push((
            Severity::Low,
            format!("the document calls its issuer {named:?}, which is not whom it was asked of: tokens can be mixed up."),
        ));
    }
    // Absent says nothing: large providers support it and do not list it.
    let challenges = detail.get("code_challenge_methods_supported").and_then(Value::as_array);
    if challenges.is_some_and(|methods| !methods.iter().any(|method| method == "S256")) {
        faults.push((
            Severity::Low,
            "it offers no code challenge S256 (PKCE), without which an intercepted code can be used."
                .to_owned(),
        ));
    }
    faults
}
