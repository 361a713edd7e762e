//! MCP-TRANS-001: what is said crosses a network in the clear.

use bartizan_sdk::prelude::*;
use url::Url;

use bartizan_listing::Reach;

use crate::{
    reached::{Reached, Redirect, shown},
    rules,
};

pub(crate) fn check(reached: &Reached<'_>) -> Vec<Finding> {
    found(reached).into_iter().collect()
}

fn found(reached: &Reached<'_>) -> Option<Finding> {
    let redirects = reached.redirects();
    if is_cleartext(&reached.url) {
        return Some(by_address(reached, &redirects));
    }
    let downgrade =
        redirects.iter().find(|redirect| redirect.from.scheme() == "https" && is_cleartext(&redirect.to))?;
    Some(
        Finding::new(
            rules::CLEARTEXT,
            reached.server,
            format!(
                "The server is reached over https and then sends its callers on to plain http at {}: from there on \
                 whoever is on the way can read and change every call and every tool description.",
                host(&downgrade.to)
            ),
        )
        .evidence("redirect", &format!("{} -> {}", shown(&downgrade.from), shown(&downgrade.to)), "")
        .remediation("Let the server redirect to https addresses only, and configure the address it ends at."),
    )
}

/// Plain http over a network: a loopback address crosses none.
fn is_cleartext(url: &Url) -> bool {
    url.scheme() == "http" && Reach::of(url).is_some_and(|reach| reach > Reach::Loopback)
}

fn by_address(reached: &Reached<'_>, redirects: &[Redirect]) -> Finding {
    let credentials = reached.credentials_sent();
    let upgraded = redirects.iter().any(|redirect| {
        redirect.from.scheme() == "http"
            && redirect.to.scheme() == "https"
            && redirect.to.host_str() == reached.url.host_str()
    });
    // With an upgrade only the first request is in the clear, but that is the one an attacker answers.
    let severity = match (credentials, upgraded) {
        (true, _) => Severity::High,
        (false, false) => Severity::Medium,
        (false, true) => Severity::Low,
    };
    let what = if credentials { "the credentials that were sent, every call" } else { "every call" };
    let message = format!(
        "The server is reached over plain http at {}: whoever is on the way can read and change {what} and every tool \
         description{}.",
        reached.reach.words(),
        if upgraded { ", until it redirects to https" } else { "" }
    );
    let fix = if credentials {
        "Serve it over https, configure the https address, and replace the credentials that were sent in the clear."
    } else {
        "Serve it over https and configure the https address."
    };
    Finding::new(rules::CLEARTEXT, reached.server, message)
        .severity(severity)
        .evidence("address", &reached.address(), "")
        .remediation(fix)
}

fn host(url: &Url) -> String {
    crate::reached::clipped(url.host_str().unwrap_or_default())
}
