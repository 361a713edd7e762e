//! MCP-PROTO-007: the headers say one thing, the body another, and the server does not mind.

use bartizan_sdk::prelude::*;

use bartizan_listing::Reach;

use crate::{
    rules,
    seen::{self, Outcome},
};

/// Since this revision the headers repeat what the body says, and a server must compare them.
const SINCE: &str = "2026-07-28";

pub(crate) fn check(server: &Server) -> Vec<Finding> {
    found(server).into_iter().collect()
}

fn found(server: &Server) -> Option<Finding> {
    let reach = seen::reach(server)?;
    let spoken = server.protocol_version.as_str();
    // Before, the headers say nothing that the body says too.
    if spoken < SINCE || spoken.starts_with("DRAFT-2025") {
        return None;
    }
    let probe = seen::probe(server, "header-body-mismatch")?;
    if probe.outcome != Outcome::Accepted {
        return None;
    }
    let severity = match reach {
        Reach::Loopback => Severity::Info,
        Reach::Private => Severity::Low,
        Reach::Public => Severity::Medium,
    };
    let message = format!(
        "The server is at {} and carried out a request whose headers contradict its body. A gateway that decides by \
         the headers which tools may be called, or how often, can be told one name while the server acts on another.",
        reach.words()
    );
    Some(Finding::new(rules::HEADERS, server, message).severity(severity).evidence(
        "probe",
        "header-body-mismatch: accepted; revision 2026-07-28 wants status 400 and error -32020",
        "",
    ))
}
