//! MCP-DATA-003: lists that are somebody's own say of themselves (`cacheScope`, revision 2026-07-28) that they may be shown
//! to whoever asks next.

use bartizan_listing::{Reach, clipped};
use bartizan_sdk::prelude::*;
use serde_json::Value;
use url::Url;

use crate::{
    rules,
    seen::{self, flag, text},
};

/// Resources that are looked at.
const MAX_RESOURCES: usize = 10_000;
/// Parts of a URI that stand for whoever asks.
const WHOEVER_ASKS: [&str; 6] = ["me", "myself", "whoami", "current-user", "current_user", "currentuser"];

/// Why a list is not for everybody. Ordered by how much is known.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Own {
    /// It was asked for with credentials, and whether it is given without is not known.
    Asked,
    /// It names what belongs to one person: this one.
    Named(String),
    /// Without credentials nobody is let in.
    Guarded,
}

pub(crate) fn check(server: &Server, _open: bool) -> Vec<Finding> {
    found(server).into_iter().collect()
}

fn found(server: &Server) -> Option<Finding> {
    let reach = seen::reach(server)?;
    let mut shared: Vec<(bool, Own, String, String)> = seen::all(server, "cache-hint")
        .filter(|(_, detail)| is_shared(detail))
        .filter_map(|(method, detail)| {
            let own = own(server, method, &detail)?;
            Some((is_of_resources(method), own, method.to_owned(), told(&detail)))
        })
        .collect();
    shared.sort_by(|a, b| (b.0, &b.1).cmp(&(a.0, &a.1)));
    shared.dedup_by(|a, b| a.2 == b.2);
    let (resources, own, _, hint) = shared.first()?;
    let severity = match (reach, own, resources) {
        (Reach::Loopback, _, _) => Severity::Info,
        // What there is of data differs from user to user; which tools there are mostly does not.
        (Reach::Public, Own::Guarded, true) => Severity::Medium,
        _ => Severity::Low,
    };
    let methods: Vec<String> =
        shared.iter().map(|(_, _, method, _)| format!("`{}`", clipped(method))).collect();
    let why = match own {
        Own::Guarded => "is refused without credentials".to_owned(),
        Own::Asked => "was asked for with credentials".to_owned(),
        Own::Named(uri) => format!("names what is one user's (`{}`)", clipped(uri)),
    };
    let message = format!(
        "The server is at {}. What it answers to {} {why}, and says that caches may show it to whoever asks next.",
        reach.words(),
        methods.join(", "),
    );
    let finding = Finding::new(rules::CACHING, server, message).severity(severity);
    let finding = finding.evidence("cacheScope", hint, "").remediation(
        "Answer with `\"cacheScope\": \"private\"`, unless the answer is the same for everybody, those without credentials included.",
    );
    Some(if *own == Own::Guarded { finding } else { finding.confidence(Confidence::Medium) })
}

/// Kept for everybody, and for some time: what is kept for none, as the SDK of one language has it by default, nobody is shown.
fn is_shared(detail: &Value) -> bool {
    text(detail, "cache_scope") == Some("public")
        && detail.get("ttl_ms").and_then(Value::as_f64).is_some_and(|time| time > 0.0)
}

fn own(server: &Server, method: &str, detail: &Value) -> Option<Own> {
    // How a server introduces itself is nobody's.
    if method != "resources/read" && !method.ends_with("/list") {
        return None;
    }
    let asked = flag(detail, "authenticated") == Some(true);
    let without = seen::answers_without_credentials(server);
    if asked && without == Some(false) {
        return Some(Own::Guarded);
    }
    let named = if method == "resources/list" { somebodys(server) } else { None };
    named.map(|uri| Own::Named(uri.to_owned())).or_else(|| (asked && without.is_none()).then_some(Own::Asked))
}

fn is_of_resources(method: &str) -> bool {
    matches!(method, "resources/list" | "resources/read")
}

/// A resource that is in somebody's home folder, or that is whatever belongs to whoever asks.
fn somebodys(server: &Server) -> Option<&str> {
    let listed = server.resources.iter().filter(|resource| !resource.is_template).take(MAX_RESOURCES);
    listed.map(|resource| resource.uri.as_str()).find(|uri| {
        let Ok(url) = Url::parse(uri) else { return false };
        let parts: Vec<&str> = url.path().split('/').filter(|part| !part.is_empty()).take(32).collect();
        match (url.scheme(), parts.as_slice()) {
            ("file", ["home" | "Users" | "users", name, ..]) => *name != "Shared" && *name != "Public",
            ("file", [drive, "Users" | "users", name, ..]) => drive.ends_with(':') && *name != "Public",
            ("http" | "https", parts) => parts.iter().any(|part| WHOEVER_ASKS.contains(part)),
            // The first part of a URI that is no place stands where a host would.
            (_, parts) => url
                .host_str()
                .into_iter()
                .chain(parts.iter().copied())
                .any(|part| WHOEVER_ASKS.contains(&part)),
        }
    })
}

fn told(detail: &Value) -> String {
    let time = detail.get("ttl_ms").map(Value::to_string).unwrap_or_default();
    format!("{}, ttlMs {}", text(detail, "cache_scope").unwrap_or_default(), clipped(&time))
}
