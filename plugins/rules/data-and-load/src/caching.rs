//! MCP-DATA-003: answers that are somebody's own may be kept by caches and shown to others.

use bartizan_sdk::prelude::*;
use serde_json::Value;

use bartizan_listing::Reach;

use crate::{
    rules,
    seen::{self, flag, number, text},
};

/// Why an answer should not be kept.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Own {
    /// It was asked for with credentials.
    Credentials,
    /// It sets a cookie.
    Cookie,
}

/// What caches are told.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Told {
    /// Nothing, and the answer is one that is kept if nothing is said.
    Nothing,
    /// To keep it, for whoever asks.
    Public,
}

pub(crate) fn check(server: &Server, _open: bool) -> Vec<Finding> {
    found(server).into_iter().collect()
}

fn found(server: &Server) -> Option<Finding> {
    let reach = seen::reach(server)?;
    let judged = seen::all(server, "http-response").filter_map(|(_, detail)| {
        let (own, told) = judge(&detail)?;
        Some((told, own, is_get(&detail), detail))
    });
    let (told, own, get, detail) = judged.max_by_key(|(told, _, get, _)| (*told, *get))?;
    let severity = match (told, get, reach) {
        (Told::Nothing, _, _) | (_, _, Reach::Loopback) => Severity::Info,
        // Answers to anything but GET are kept by few caches.
        (Told::Public, true, Reach::Public) => Severity::Medium,
        (Told::Public, _, _) => Severity::Low,
    };
    let whose = match own {
        Own::Credentials => "was asked for with credentials",
        Own::Cookie => "sets a cookie",
    };
    let how = match told {
        Told::Public => "tells caches to keep it for whoever asks next",
        Told::Nothing => "does not tell caches that it is nobody else's",
    };
    let value = text(&detail, "cache_control").unwrap_or("absent");
    let message = format!("The server is at {}. Its answer {whose} and {how}.", reach.words());
    Some(Finding::new(rules::CACHING, server, message).severity(severity).evidence(
        "Cache-Control",
        &bartizan_listing::clipped(value),
        "",
    ))
}

fn judge(detail: &Value) -> Option<(Own, Told)> {
    if !number(detail, "status").is_some_and(|status| (200..300).contains(&status)) {
        return None;
    }
    let cookies =
        detail.get("set_cookie").and_then(Value::as_array).is_some_and(|cookies| !cookies.is_empty());
    let own = match (flag(detail, "authenticated"), cookies) {
        (Some(true), _) => Own::Credentials,
        (_, true) => Own::Cookie,
        _ => return None,
    };
    let control = text(detail, "cache_control").unwrap_or_default().to_ascii_lowercase();
    let directives: Vec<&str> = control.split(',').map(str::trim).filter(|one| !one.is_empty()).collect();
    let has = |name: &str| directives.iter().any(|one| one.split('=').next() == Some(name));
    if ["private", "no-store", "no-cache"].into_iter().any(has) {
        return None;
    }
    let shared = directives
        .iter()
        .filter_map(|one| one.strip_prefix("s-maxage="))
        .any(|age| age.trim_matches('"') != "0");
    if has("public") || shared {
        // Kept for no time at all.
        let never = directives.contains(&"max-age=0") && !shared;
        return (!never).then_some((own, Told::Public));
    }
    // What was asked for with `Authorization` is not shared unless a server says so (RFC 9111, 3.5); what sets a cookie is.
    let silent = directives.is_empty() && is_get(detail) && text(detail, "pragma").is_none();
    (silent && own == Own::Cookie).then_some((own, Told::Nothing))
}

fn is_get(detail: &Value) -> bool {
    text(detail, "method").is_some_and(|method| method.eq_ignore_ascii_case("GET"))
}
