//! MCP-AUTH-001: the server answered somebody who showed no credentials.

use bartizan_sdk::prelude::*;

use bartizan_listing::Reach;

use crate::{
    reached::{Reached, flag},
    rules,
};

pub(crate) fn check(reached: &Reached<'_>) -> Vec<Finding> {
    found(reached).into_iter().collect()
}

fn found(reached: &Reached<'_>) -> Option<Finding> {
    let (_, detail) = reached.seen("http-auth").find(|(_, detail)| {
        // An error page is no answer, whatever else the observation says.
        let status = detail.get("status").and_then(serde_json::Value::as_u64);
        let answered = status.is_none_or(|status| (200..300).contains(&status));
        answered && flag(detail, "answered_without_credentials") == Some(true)
    })?;
    let also = if flag(&detail, "credentials_sent") == Some(true) {
        ", though credentials were configured for it"
    } else {
        ""
    };
    let severity = match reached.reach {
        Reach::Loopback => Severity::Info,
        Reach::Private => Severity::Low,
        Reach::Public => Severity::Medium,
    };
    let message = format!(
        "The server is at {} and answered without credentials{also}: whoever can reach it can list and call its {}.",
        reached.reach.words(),
        listed(reached.server)
    );
    Some(Finding::new(rules::AUTH, reached.server, message).severity(severity).evidence(
        "address",
        &reached.address(),
        "",
    ))
}

fn listed(server: &Server) -> String {
    match server.tools.len() {
        0 => "tools".to_owned(),
        1 => "one tool".to_owned(),
        count => format!("{count} tools"),
    }
}
