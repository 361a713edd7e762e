//! MCP-PROTO-008: what the server declares and what it does are two things.
//!
//! Honest servers are sloppy here: libraries declare what nobody filled in, and refuse what was declared. That is
//! stated at most. What is worth more is what a client that goes by the declaration would not see or not expect.

use bartizan_sdk::prelude::*;
use serde_json::Value;

use crate::{
    rules,
    seen::{self, clipped},
};

/// "Method not found".
const NOT_FOUND: i64 = -32601;

/// Requests that a server may send only to a client that declared that it takes them. We declare nothing.
/// `roots/list` is left out: it gives nothing away, and common file servers ask it of everybody.
const OF_THE_CLIENT: [(&str, &str); 2] = [
    ("sampling/createMessage", "asks the client's model to write something"),
    ("elicitation/create", "asks the user to enter something"),
];

pub(crate) fn check(server: &Server) -> Vec<Finding> {
    let mut findings = Vec::new();
    findings.extend(refused(server));
    findings.extend(undeclared(server));
    findings.extend(unasked(server));
    findings
}

/// Declares a list and then does not know the method.
fn refused(server: &Server) -> Option<Finding> {
    let capabilities: Value = serde_json::from_str(&server.capabilities).ok()?;
    let lacking: Vec<&str> = seen::all(server, "list-error")
        .filter(|(_, detail)| detail.get("code").and_then(Value::as_i64) == Some(NOT_FOUND))
        .filter_map(|(method, _)| {
            // Templates are part of the same capability, and servers without any leave them out.
            let name = method
                .strip_suffix("/list")
                .filter(|name| matches!(*name, "tools" | "prompts" | "resources"))?;
            capabilities.get(name)?.as_object().map(|_| name)
        })
        .collect();
    let first = lacking.first()?;
    let message = format!(
        "The server declares `{first}` and does not know `{first}/list`. Nothing is gained by it; what it offers \
         there, if anything, could not be looked at."
    );
    let finding = Finding::new(rules::CAPABILITIES, server, message).severity(Severity::Info);
    Some(lacking.iter().fold(finding, |finding, name| finding.evidence("declared, not there", name, "")))
}

/// Offers what it did not declare: a client that goes by the declaration does not see it.
fn undeclared(server: &Server) -> Option<Finding> {
    let offered: Vec<(String, u64)> = seen::all(server, "undeclared-list")
        .filter_map(|(method, detail)| {
            Some((clipped(method), detail.get("items")?.as_u64().filter(|n| *n > 0)?))
        })
        .collect();
    let (method, items) = offered.first()?;
    let is_tools = offered.iter().any(|(method, _)| method == "tools/list");
    let items = if *items == 1 { "one item".to_owned() } else { format!("{items} items") };
    let message = format!(
        "The server answers `{method}` with {items} although it does not declare that it offers any: a client or a \
         review that goes by the declaration does not see them, one that asks does."
    );
    let severity = if is_tools { Severity::Low } else { Severity::Info };
    let finding = Finding::new(rules::CAPABILITIES, server, message).severity(severity);
    Some(
        offered
            .iter()
            .fold(finding, |finding, (method, items)| finding.evidence(method, &items.to_string(), "")),
    )
}

/// Asks of a client what that one did not declare, before anybody called anything.
fn unasked(server: &Server) -> Option<Finding> {
    let (method, what) = OF_THE_CLIENT
        .into_iter()
        .find(|(method, _)| seen::all(server, "server-request").any(|(about, _)| about == *method))?;
    let (_, detail) = seen::all(server, "server-request").find(|(about, _)| *about == method)?;
    let shown = seen::text(&detail, "first").map(clipped).unwrap_or_default();
    let message = format!(
        "While it was only being listed, the server sent `{method}`: it {what}, though the client did not declare \
         that it takes such requests and no tool was called."
    );
    Some(
        Finding::new(rules::CAPABILITIES, server, message)
            .severity(Severity::Low)
            .evidence("request", &shown, "")
            .remediation(
                "Send such requests only to clients that declare the capability, and only while a call runs.",
            ),
    )
}
