//! MCP-SEC-043: OAuth scopes that reach further than a server needs.
//!
//! Where a scope stands says what it means. A challenge asks for it now, the server's own metadata asks for it of every
//! client; an authorization server's list says only what it could give.

use bartizan_listing::clipped;
use bartizan_sdk::prelude::*;
use percent_encoding::percent_decode_str;
use url::Url;

use crate::{
    places::Place,
    rules,
    seen::{self},
};

/// Scopes that one finding shows.
const MAX_SHOWN: usize = 8;
/// Addresses of one text that are read.
const MAX_ADDRESSES: usize = 20;
/// The same with those that ask nobody for consent.
const MAX_LOOKED_AT: usize = 200;
/// Characters of one address that are looked back over.
const MAX_ADDRESS: usize = 2_000;
/// A list that asks for so much at once asks for everything in pieces.
const MANY: usize = 40;

/// How far a scope reaches.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Reach {
    /// A whole kind of data, to read and to write.
    Broad,
    /// Everything, or rule over others.
    Everything,
}

/// How far this scope reaches; `None` for one that is as narrow as most.
pub(crate) fn reach(scope: &str) -> Option<Reach> {
    let lower = scope.trim().trim_end_matches('/').to_lowercase();
    let short = lower.strip_prefix("https://www.googleapis.com/auth/").unwrap_or(&lower);
    // A scope of an API begins with the API's address: "https://graph.microsoft.com/Mail.ReadWrite".
    let short = if lower.starts_with("https://graph.microsoft.com/") || lower.starts_with("api://") {
        short.rsplit('/').next().unwrap_or(short)
    } else {
        short
    };
    let everything = [
        "*",
        "*:*",
        "*.*",
        "*/*",
        "all",
        "full",
        "full_access",
        "full-access",
        "fullaccess",
        "full_control",
        "root",
        "superuser",
        "sudo",
        "everything",
        "admin",
        "admin:*",
        "administrator",
        "site_admin",
        "write:*",
        "admin:org",
        "admin:enterprise",
        "https://mail.google.com",
        "cloud-platform",
        "admin.directory.user",
        "directory.readwrite.all",
        "directory.accessasuser.all",
        "rolemanagement.readwrite.directory",
        "sites.fullcontrol.all",
        "application.readwrite.all",
        "offline_access_all",
        "manage:*",
        "read_write:*",
        "account:*",
    ];
    let broad = [
        "repo",
        "delete_repo",
        "workflow",
        "admin:repo_hook",
        "admin:public_key",
        "admin:org_hook",
        "api",
        "write_repository",
        "drive",
        "gmail.modify",
        "calendar",
        "contacts",
        "files.readwrite.all",
        "mail.readwrite",
        "mail.readwrite.shared",
        "user.readwrite.all",
        "group.readwrite.all",
        "sites.readwrite.all",
        ".default",
        "user_impersonation",
        "read:*",
        "manage:jira-configuration",
        "manage:jira-project",
        "admin.users:write",
        "chat:write.customize",
        "web_api",
        "refresh_all",
    ];
    if everything.contains(&short) || short.starts_with("admin.directory.") {
        Some(Reach::Everything)
    } else if broad.contains(&short)
        || short.ends_with(":*")
        || short.ends_with(".*")
        || short.starts_with("admin:")
    {
        Some(Reach::Broad)
    } else {
        None
    }
}

/// Whether this scope is about the data of a service that is not the server's own.
pub(crate) fn is_of_another_service(scope: &str, own: &Url) -> bool {
    let lower = scope.to_lowercase();
    if let Ok(url) = Url::parse(&lower) {
        return url.has_host() && matches!(url.scheme(), "http" | "https") && !seen::is_kin(own, &url);
    }
    let github =
        ["repo", "read:org", "admin:org", "gist", "read:user", "user:email", "delete_repo", "workflow"];
    let slack = ["chat:write", "channels:history", "channels:read", "im:history", "users:read"];
    let host = own.host_str().unwrap_or_default();
    (github.contains(&lower.as_str()) && !host.contains("github"))
        || (slack.contains(&lower.as_str()) && !host.contains("slack"))
}

/// Scopes in what the host saw of the server's authorization.
pub(crate) fn server(server: &Server) -> Vec<Finding> {
    let mut findings = Vec::new();
    for (_, detail) in seen::seen(server, "http-auth") {
        let Some(challenge) = seen::text(&detail, "www_authenticate") else { continue };
        let scopes = of_challenge(challenge);
        findings.extend(finding(server, &scopes, "The challenge asks for", "WWW-Authenticate", Asks::Now));
    }
    for (_, detail) in seen::seen(server, "auth-metadata") {
        let scopes: Vec<String> =
            seen::list(&detail, "scopes_supported").into_iter().map(str::to_owned).collect();
        let (asks, words) = match seen::text(&detail, "document") {
            Some("protected-resource") => (Asks::Now, "The server's metadata has every client ask for"),
            _ => (Asks::Offers, "The authorization server of the server can give"),
        };
        findings.extend(finding(server, &scopes, words, "scopes_supported", asks));
    }
    // The challenge and the metadata mostly say the same: the worst is told.
    let worst =
        findings.iter().enumerate().max_by_key(|(at, finding)| (finding.severity, std::cmp::Reverse(*at)));
    worst.map(|(_, finding)| finding.clone()).into_iter().collect()
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Asks {
    Now,
    Offers,
}

fn finding(
    about: &impl bartizan_sdk::IntoSubject,
    scopes: &[String],
    words: &str,
    label: &str,
    asks: Asks,
) -> Option<Finding> {
    let mut far: Vec<(Reach, &String)> =
        scopes.iter().filter_map(|scope| Some((reach(scope)?, scope))).collect();
    far.sort_by_key(|(reach, _)| std::cmp::Reverse(*reach));
    far.dedup();
    let severity = match (far.first().map(|(reach, _)| *reach), asks) {
        (Some(Reach::Everything), Asks::Now) => Severity::Medium,
        (Some(Reach::Broad), Asks::Now) => Severity::Low,
        (Some(Reach::Everything), Asks::Offers) => Severity::Info,
        (None, Asks::Now) if scopes.len() > MANY => Severity::Low,
        _ => return None,
    };
    let message = if far.is_empty() {
        format!("{words} {} scopes at once: a token that is lost opens all of it.", scopes.len())
    } else {
        let names: Vec<String> =
            far.iter().take(MAX_SHOWN).map(|(_, scope)| format!("`{}`", clipped(scope))).collect();
        format!(
            "{words} {}: a token with that reaches far beyond one tool, for the server and for whoever gets hold of it.",
            names.join(", ")
        )
    };
    let shown: Vec<&str> = far
        .iter()
        .map(|(_, scope)| scope.as_str())
        .chain(scopes.iter().map(String::as_str))
        .take(MAX_SHOWN)
        .collect();
    Some(Finding::new(rules::SCOPES, about, message).severity(severity).evidence(
        label,
        &clip(&shown.join(" ")),
        "",
    ))
}

fn clip(text: &str) -> String {
    text.chars().take(500).collect()
}

/// The scopes of `WWW-Authenticate: Bearer …, scope="a b"`.
fn of_challenge(challenge: &str) -> Vec<String> {
    let lower = challenge.to_ascii_lowercase();
    let Some((before, _)) = lower.split_once("scope=") else { return Vec::new() };
    let rest = challenge.get(before.len().saturating_add("scope=".len())..).unwrap_or_default();
    let value = match rest.strip_prefix('"') {
        Some(quoted) => quoted.split('"').next().unwrap_or_default(),
        None => rest.split([',', ' ']).next().unwrap_or_default(),
    };
    split(value)
}

fn split(scopes: &str) -> Vec<String> {
    scopes.split([' ', ',', '+']).filter(|scope| !scope.is_empty()).take(500).map(str::to_owned).collect()
}

/// Scopes in an address that a text holds: `…/authorize?scope=repo%20admin:org`.
pub(crate) fn place(place: &Place<'_>) -> Option<Finding> {
    let values = place.text.match_indices("scope").filter_map(|(at, found)| {
        let before = place.text.get(..at)?;
        let after = place.text.get(at.saturating_add(found.len())..)?;
        let value = after.strip_prefix('=').or_else(|| after.strip_prefix("s="))?;
        before.ends_with(['?', '&']).then_some((before, value))
    });
    let values = values.take(MAX_LOOKED_AT).filter(|(before, _)| asks_for_consent(before));
    let ends = |c: char| c.is_whitespace() || matches!(c, '&' | '"' | '\'' | '<' | '>' | ')' | '`' | '#');
    for (_, value) in values.take(MAX_ADDRESSES) {
        let value: String = value.chars().take(4_000).take_while(|c| !ends(*c)).collect();
        let decoded = percent_decode_str(&value.replace('+', " ")).decode_utf8_lossy().into_owned();
        if let Some(mut finding) =
            finding(&place.subject, &split(&decoded), "An address in the text asks for", "scope", Asks::Now)
        {
            if let Some(evidence) = finding.evidence.first_mut() {
                evidence.pointer.clone_from(&place.pointer);
            }
            return Some(finding);
        }
    }
    None
}

/// Whether the address whose beginning this text ends with is one where a person gives consent.
fn asks_for_consent(text: &str) -> bool {
    let start = text
        .char_indices()
        .rev()
        .take(MAX_ADDRESS)
        .find(|(_, c)| c.is_whitespace() || matches!(c, '"' | '\'' | '<' | '('));
    let address = start.map_or(text, |(at, _)| text.get(at..).unwrap_or_default());
    let address = address.get(address.len().saturating_sub(MAX_ADDRESS)..).unwrap_or(address).to_lowercase();
    ["authorize", "oauth", "client_id=", "response_type="].iter().any(|part| address.contains(part))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_scope_is_as_wide_as_it_says() {
        for scope in [
            "*",
            "full_access",
            "https://mail.google.com/",
            "Directory.ReadWrite.All",
            "https://www.googleapis.com/auth/cloud-platform",
        ] {
            assert_eq!(reach(scope), Some(Reach::Everything), "{scope}");
        }
        for scope in [
            "repo",
            "https://www.googleapis.com/auth/drive",
            "https://graph.microsoft.com/Mail.ReadWrite",
            "projects:*",
        ] {
            assert_eq!(reach(scope), Some(Reach::Broad), "{scope}");
        }
        for scope in [
            "openid",
            "profile",
            "offline_access",
            "read:user",
            "drive.file",
            "mcp:tools",
            "https://www.googleapis.com/auth/gmail.readonly",
            "",
        ] {
            assert_eq!(reach(scope), None, "{scope}");
        }
    }

    #[test]
    fn a_challenge_gives_its_scopes() {
        assert_eq!(of_challenge(r#"Bearer realm="x", scope="repo admin:org""#), ["repo", "admin:org"]);
        assert_eq!(of_challenge("Bearer scope=repo, error=x"), ["repo"]);
        assert_eq!(of_challenge("Bearer"), Vec::<String>::new());
    }
}
