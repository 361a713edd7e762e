//! MCP-TRANS-003: a page in somebody's browser is taken for a client (DNS rebinding).

use bartizan_sdk::prelude::*;

use bartizan_listing::Reach;

use crate::{reached::Reached, rules};

pub(crate) fn check(reached: &Reached<'_>) -> Vec<Finding> {
    found(reached).into_iter().collect()
}

fn found(reached: &Reached<'_>) -> Option<Finding> {
    let origin = reached.probe("foreign-origin").map(|probe| probe.accepted);
    let host = reached.probe("foreign-host").map(|probe| probe.accepted);
    let what = match (origin, host) {
        (Some(true), Some(true)) => "a foreign `Origin` and a foreign `Host`",
        (Some(true), _) => "a foreign `Origin`",
        // A page cannot leave its origin out of a POST, so that check is enough.
        (None, Some(true)) => "a foreign `Host`",
        _ => return None,
    };
    let (severity, then) = match (reached.is_inside(), host, reached.is_open()) {
        (false, _, _) => (
            Severity::Info,
            "Anybody reaches it directly, so a page gains nothing by it; the protocol wants the check all the same.",
        ),
        (true, Some(false), _) => (
            Severity::Low,
            "It does check the host name, which stops a page that rebinds its own name to this address.",
        ),
        (true, _, Some(false)) => (
            Severity::Low,
            "A page that the user opens can reach it; it has no credentials to show, which is all that stops it.",
        ),
        (true, _, None) => (
            Severity::Low,
            "A page that the user opens can reach it; whether it would need credentials was not seen.",
        ),
        (true, _, Some(true)) => (
            if origin == Some(true) { Severity::Medium } else { Severity::Low },
            "It wants no credentials either: any page that the user opens can rebind its name to this address, and \
             then list and call every tool.",
        ),
    };
    let message =
        format!("The server is at {} and answered a request with {what}. {then}", reached.reach.words());
    let mut finding = Finding::new(rules::ORIGIN, reached.server, message).severity(severity).evidence(
        "address",
        &reached.address(),
        "",
    );
    for (name, seen) in [("foreign-origin", origin), ("foreign-host", host)] {
        if let Some(accepted) = seen {
            finding = finding.evidence(name, if accepted { "accepted" } else { "refused" }, "");
        }
    }
    if reached.reach == Reach::Loopback {
        finding = finding.remediation(
            "Refuse requests whose `Origin` or `Host` is not the server's own with status 403; the SDKs have a switch \
             for it. Where nobody needs it over HTTP, use stdio.",
        );
    }
    Some(finding)
}
