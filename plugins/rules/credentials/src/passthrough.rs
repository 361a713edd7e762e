//! MCP-AUTH-004: a token that was issued to somebody, for another use, is taken to be passed on.
//!
//! A token says whom it was issued for. A server that takes any and hands it to the service behind it checks nothing,
//! cannot tell who asks, and teaches the model to carry tokens from one tool to the next.

use bartizan_listing::{Purpose, Text, clipped};
use bartizan_sdk::prelude::*;
use url::Url;

use crate::{
    asked::Asked,
    name::Kind,
    rules,
    seen::{self, is_kin},
    sentence,
};

/// Tokens that one finding shows.
const MAX_SHOWN: usize = 5;
/// To hand a thing to somebody else.
#[rustfmt::skip]
const PASS_ON: [&str; 21] = [
    "forward", "forwards", "forwarded", "forwarding", "pass", "passes", "passed", "passing", "passthrough", "relay",
    "relays", "relayed", "propagate", "propagates", "propagated", "reuse", "reuses", "reused", "proxied", "sent", "transmitted",
];
const TOKENS: [&str; 7] = ["token", "tokens", "authorization", "bearer", "credentials", "jwt", "cookie"];
/// What stands behind a server.
#[rustfmt::skip]
const BEHIND: [&str; 13] = [
    "upstream", "downstream", "backend", "api", "apis", "service", "services", "unchanged", "through", "along", "target",
    "provider", "endpoint",
];

/// Whether this parameter is this rule's, and not only a credential like any other.
pub(crate) fn claims(asked: &Asked<'_>, purpose: &Purpose) -> bool {
    asked.kind == Kind::Bearer && !is_about_tokens(&purpose.declared)
}

/// Reading, checking or revoking a token needs it.
fn is_about_tokens(declared: &Text) -> bool {
    declared.has(&["token", "tokens", "jwt", "jwts", "introspect", "decode"])
}

pub(crate) fn tool(tool: &Tool, asked: &[Asked<'_>], purpose: &Purpose) -> Option<Finding> {
    let taken: Vec<&Asked<'_>> = asked.iter().filter(|asked| claims(asked, purpose)).collect();
    let said = |asked: &&&Asked<'_>| is_passed_on(&asked.parameter.text);
    if let Some(worst) = taken.iter().find(said).or(taken.first()) {
        let name = clipped(worst.parameter.property.name);
        let (severity, why) = if is_passed_on(&worst.parameter.text) {
            (Severity::Medium, "and says that it is passed on")
        } else {
            (Severity::Low, "and such a token was issued for another use")
        };
        let message = format!(
            "`{name}` takes an access token of the caller, {why}. The model carries it, and whoever holds one can act through \
             this server."
        );
        let mut finding = Finding::new(rules::PASSTHROUGH, tool, message).severity(severity);
        for asked in taken.iter().take(MAX_SHOWN) {
            finding =
                finding.evidence("parameter", asked.parameter.shown(), &asked.parameter.property.pointer);
        }
        return Some(finding);
    }
    prose(tool, tool.description.as_deref()?, "/description")
}

/// Instructions that say it of the server as a whole.
pub(crate) fn server(server: &Server) -> Vec<Finding> {
    let said = server.instructions.as_deref().and_then(|text| prose(server, text, "/instructions"));
    said.into_iter().chain(foreign_audience(server)).collect()
}

fn prose(about: &impl bartizan_sdk::IntoSubject, text: &str, pointer: &str) -> Option<Finding> {
    let sentence = sentence::of(text).find(|sentence| is_forwarding(&sentence.text))?;
    let message = "By its own words, the caller's token is handed on to the service behind the server. A token that was issued \
                   for one is then good for the other, and neither can tell who asks.";
    Some(Finding::new(rules::PASSTHROUGH, about, message).severity(Severity::Medium).evidence(
        "token handed on",
        sentence.written,
        pointer,
    ))
}

/// "Forwards the caller's Authorization header to the upstream API."
fn is_forwarding(text: &Text) -> bool {
    let hands_on = text.says(&PASS_ON, &TOKENS, 6) || text.says(&TOKENS, &PASS_ON, 5);
    let somebodys = text.has(&[
        "caller", "callers", "client", "clients", "user", "users", "your", "incoming", "inbound", "same",
    ]);
    hands_on
        && somebodys
        && text.has_undenied(&PASS_ON)
        && text.has(&BEHIND)
        && !text.has(&["exchanged", "exchange"])
}

/// What is said of one parameter that is a token already.
fn is_passed_on(text: &Text) -> bool {
    text.has_undenied(&PASS_ON) && (text.has(&BEHIND) || text.says(&PASS_ON, &["to", "on", "as"], 4))
        || text.says(&["on"], &["behalf"], 1)
}

/// The server's own metadata tells clients to bring a token that was issued for another service.
fn foreign_audience(server: &Server) -> Option<Finding> {
    let own = seen::address(server)?;
    for (about, detail) in seen::seen(server, "auth-metadata") {
        if seen::text(&detail, "document") != Some("protected-resource") {
            continue;
        }
        let Some(resource) = seen::text(&detail, "resource").and_then(|text| Url::parse(text).ok()) else {
            continue;
        };
        if !resource.has_host() || is_kin(&own, &resource) || is_local(&own) || is_local(&resource) {
            continue;
        }
        let host: String = resource.host_str().unwrap_or_default().chars().take(200).collect();
        let message = format!(
            "The server's metadata sends clients for a token of {host}, which is not this server: it then takes tokens that \
             were issued for another service."
        );
        let about: String = about.chars().take(300).collect();
        return Some(
            Finding::new(rules::PASSTHROUGH, server, message)
                .severity(Severity::Medium)
                .evidence("resource", &host, "")
                .evidence("metadata", &about, ""),
        );
    }
    None
}

fn is_local(url: &Url) -> bool {
    matches!(url.host_str(), Some("localhost" | "127.0.0.1" | "[::1]" | "0.0.0.0"))
}
