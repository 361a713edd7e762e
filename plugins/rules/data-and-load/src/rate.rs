//! MCP-DOS-002: many requests at once, and none was held back.

use bartizan_sdk::prelude::*;

use bartizan_listing::Reach;

use crate::{
    rules,
    seen::{self, number, text},
};

/// Fewer say nothing: every limiter lets some through.
const ENOUGH: u64 = 20;

pub(crate) fn check(server: &Server, _open: bool) -> Vec<Finding> {
    found(server).into_iter().collect()
}

fn found(server: &Server) -> Option<Finding> {
    let reach = seen::reach(server)?;
    let detail = seen::probe(server, "burst")?;
    let (sent, answered) = (number(&detail, "sent")?, number(&detail, "answered")?);
    let none = |key: &str| number(&detail, key).unwrap_or_default() == 0;
    // A server that answers late may be holding back, and one that fails is another matter.
    let unlimited =
        text(&detail, "outcome") == Some("accepted") && none("limited") && none("slow") && none("failed");
    if !unlimited || sent < ENOUGH || answered < sent {
        return None;
    }
    let severity = match reach {
        // Who is on this machine has better means.
        Reach::Loopback => return None,
        Reach::Private => Severity::Info,
        Reach::Public => Severity::Low,
    };
    let message = format!(
        "The server is at {} and answered {answered} requests that were sent as fast as it took them; none was refused or \
         slowed. A limit that is higher than that was not looked for.",
        reach.words()
    );
    Some(Finding::new(rules::RATE, server, message).severity(severity).evidence(
        "burst",
        &format!("{sent} sent, {answered} answered, 0 limited"),
        "",
    ))
}
