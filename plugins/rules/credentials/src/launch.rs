//! MCP-SEC-048 in a client's configuration: which secrets stand there as they are, and who can read the file.
//!
//! A literal key in a user's own configuration is how nearly everybody does it, so by itself that is only noted.

use bartizan_listing::{Text, clipped, of_identifier};
use bartizan_sdk::prelude::*;
use serde_json::Value;

use crate::{name, rules, seen};

/// Entries of one configuration that are read.
const MAX_ENTRIES: usize = 200;
/// Names that one finding shows.
const MAX_SHOWN: usize = 8;
/// Nothing shorter is a secret that was issued.
const LEAST: u64 = 8;

pub(crate) fn server(server: &Server) -> Vec<Finding> {
    seen::seen(server, "launch")
        .take(4)
        .filter_map(|(about, detail)| finding(server, about, &detail))
        .collect()
}

/// Where in an entry secrets stand, and how that is said.
const PLACES: [(&str, &str); 4] = [
    ("env", "environment"),
    ("headers", "headers"),
    ("secrets_in_args", "command line, which every account of the machine can read while it runs"),
    ("secrets_in_url", "address, which logs keep"),
];

fn finding(server: &Server, about: &str, detail: &Value) -> Option<Finding> {
    let mut literal: Vec<String> = Vec::new();
    let mut exposed = false;
    for (list, place) in PLACES {
        let entries = detail.get(list).and_then(Value::as_array).into_iter().flatten().take(MAX_ENTRIES);
        let found = list.starts_with("secrets_in");
        for entry in entries.filter(|entry| is_literal_secret(entry, found)) {
            exposed |= found;
            literal.push(format!("`{}` ({place})", clipped(seen::text(entry, "name").unwrap_or_default())));
        }
    }
    let file = detail.get("config_file");
    let flag = |key: &str| file.and_then(|file| seen::flag(file, key)) == Some(true);
    let readable = flag("group_readable_secret");
    if literal.is_empty() && !readable {
        return None;
    }
    let shared = seen::text(detail, "scope") == Some("project");
    let (severity, why) = match (readable, flag("world_writable"), shared) {
        (true, ..) => (Severity::Medium, "other accounts of this machine can read the file"),
        (_, true, _) => (Severity::Medium, "every account of this machine can change the file"),
        (.., true) => (Severity::Low, "the file belongs to a project, and is copied and committed with it"),
        _ if exposed => (Severity::Low, "it does not stay in the file"),
        _ => (
            Severity::Info,
            "the file is the user's own, so that is common practice; backups and other programs read it too",
        ),
    };
    let names = if literal.is_empty() {
        "A secret".to_owned()
    } else {
        literal.iter().take(MAX_SHOWN).cloned().collect::<Vec<_>>().join(", ")
    };
    let stands = if literal.len() > 1 { "stand" } else { "stands" };
    let message = format!("{names} {stands} in the configuration as it is, and {why}.");
    let path: String = seen::text(detail, "config").unwrap_or(about).chars().take(300).collect();
    Some(
        Finding::new(rules::SECRETS, server, message)
            .severity(severity)
            .confidence(Confidence::High)
            .remediation("Refer to a variable or to the client's store of secrets, and let only the owner read the file (mode 600).")
            .evidence("configuration", &path, ""),
    )
}

/// `found`: the host took it for a credential already.
fn is_literal_secret(entry: &Value, found: bool) -> bool {
    let is = |key: &str| seen::flag(entry, key) == Some(true);
    let length = entry.get("length").and_then(Value::as_u64).unwrap_or_default();
    // A path, a number or a choice is no credential, whatever its name.
    let form = seen::text(entry, "form").unwrap_or("other");
    let other = matches!(form, "other" | "url-with-password");
    if !is("literal") || length < LEAST || is("placeholder") || !other {
        return false;
    }
    let prefix = seen::text(entry, "prefix");
    let name = of_identifier(seen::text(entry, "name").unwrap_or_default());
    let named = name::of(&name, &Text::new("authentication"))
        .is_some_and(|kind| kind != name::Kind::ConnectionString);
    found
        || form == "url-with-password"
        || is("token_shaped")
        || prefix.is_some_and(|prefix| ISSUED.contains(&prefix))
        || named
        || is_header_of_auth(&name)
}

/// How tokens begin whose issuers mark them.
#[rustfmt::skip]
const ISSUED: [&str; 24] = [
    "ghp_", "gho_", "ghu_", "ghs_", "gith", "sk-a", "sk-p", "sk-o", "sk_l", "rk_l", "xoxb", "xoxp", "AKIA", "ASIA", "AIza",
    "glpa", "npm_", "GOCS", "ya29", "tvly", "ntn_", "figd", "shpa", "dop_",
];

/// `X-Auth` and `GITHUB_PAT`.
fn is_header_of_auth(name: &[String]) -> bool {
    matches!(name.last().map(String::as_str), Some("auth" | "authorization" | "pat"))
}
