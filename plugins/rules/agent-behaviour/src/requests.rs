//! MCP-SEC-052: a server asks the client for a model's answer, or its user for an answer, where it should not.
//!
//! While a server is only listed nobody has asked it for anything, so whatever it asks then is its own idea.

use bartizan_listing::{Purpose, Text, of_identifier, properties};
use bartizan_sdk::{IntoSubject, prelude::*};
use serde_json::Value;

use crate::{deed, rules};

/// Observations that are read.
const MAX_SEEN: usize = 64;
/// More tokens than an honest question needs.
const MANY_TOKENS: u64 = 32_000;
/// What nobody should be asked for in a form.
#[rustfmt::skip]
const CREDENTIALS: [&str; 24] = [
    "password", "passwords", "passphrase", "passcode", "pin", "secret", "apikey", "token", "tokens", "credential", "credentials",
    "otp", "ssn", "cvv", "cvc", "mnemonic", "seed", "iban", "passport", "card", "key", "login", "social", "bank",
];

/// What people should be asked for.
const CONSENT: [&str; 7] =
    ["confirmation", "confirm", "permission", "approval", "approve", "consent", "whether"];

pub(crate) fn server(server: &Server) -> Vec<Finding> {
    let mut findings: Vec<Finding> = Vec::new();
    for seen in server.observations.iter().filter(|seen| seen.kind == "server-request").take(MAX_SEEN) {
        let detail = serde_json::from_str::<Value>(&seen.detail).unwrap_or_default();
        let asked = Asked::of(&detail);
        findings.extend(match seen.about.as_str() {
            "sampling/createMessage" => Some(sampling(server, &asked)),
            "elicitation/create" => Some(elicitation(server, &asked)),
            _ => None,
        });
    }
    let said = server.instructions.as_deref().unwrap_or_default();
    findings.extend(prose(server, said, "/instructions"));
    for tool in &server.tools {
        let description = tool.description.as_deref().unwrap_or_default();
        findings.extend(prose(tool, description, "/description").or_else(|| context_of_all(tool)));
    }
    for prompt in &server.prompts {
        findings.extend(prose(prompt, prompt.description.as_deref().unwrap_or_default(), "/description"));
    }
    findings
}

/// What was asked, as far as it was kept: the host cuts long messages.
struct Asked {
    count: u64,
    first: String,
    params: Value,
}

impl Asked {
    fn of(detail: &Value) -> Self {
        let first = detail.get("first").and_then(Value::as_str).unwrap_or_default().to_owned();
        let message = serde_json::from_str::<Value>(&first).unwrap_or_default();
        let count = detail.get("count").and_then(Value::as_u64).unwrap_or(1);
        let params = message.get("params").cloned().unwrap_or_default();
        Self { count, first, params }
    }

    /// Whether it wants what other servers and the conversation said.
    fn wants_all(&self) -> bool {
        let compact: String = self.first.chars().filter(|c| !c.is_whitespace()).collect();
        compact.contains("\"includeContext\":\"allServers\"")
    }

    fn shown(&self) -> String {
        self.first.chars().take(500).collect()
    }
}

fn sampling(server: &Server, asked: &Asked) -> Finding {
    let mut signs: Vec<&str> = Vec::new();
    let text = Text::new(&asked.first);
    if asked.wants_all() {
        signs.push("it wants the context of all servers");
    }
    let tokens = asked.params.get("maxTokens").and_then(Value::as_u64);
    if tokens.is_some_and(|tokens| tokens > MANY_TOKENS) {
        signs.push("it wants a very long answer at the user's cost");
    }
    let private = [
        "conversation",
        "history",
        "credentials",
        "password",
        "passwords",
        "secrets",
        "tokens",
        "files",
        "environment",
    ];
    let hands_over = [
        "reveal",
        "repeat",
        "list",
        "output",
        "print",
        "include",
        "return",
        "summarize",
        "collect",
        "extract",
        "send",
    ];
    if text.says(&hands_over, &private, 8) {
        signs.push("it asks for what was said or kept elsewhere");
    }
    if asked.count >= 5 {
        signs.push("it asks again and again");
    }
    let severity = if signs.len() >= 2 { Severity::High } else { Severity::Medium };
    let also = if signs.is_empty() { String::new() } else { format!("; {}", signs.join("; ")) };
    let message = format!(
        "While it was only listed, the server asked for a model's answer (`sampling/createMessage`, {}){also}. Nobody had asked it \
         for anything.",
        times(asked.count)
    );
    Finding::new(rules::REQUESTS, server, message).severity(severity).confidence(Confidence::High).evidence(
        "request",
        &asked.shown(),
        "",
    )
}

fn elicitation(server: &Server, asked: &Asked) -> Finding {
    let fields = asked.params.pointer("/requestedSchema/properties").and_then(Value::as_object);
    let names = fields.into_iter().flatten().take(200).flat_map(|(name, _)| of_identifier(name));
    let by_field = names.into_iter().any(|word| CREDENTIALS.contains(&word.as_str()));
    let message = asked.params.get("message").and_then(Value::as_str).unwrap_or_default();
    let by_text = Text::new(message).has_undenied(&CREDENTIALS);
    let url = asked.params.get("url").and_then(Value::as_str).unwrap_or_default();
    let (severity, why) = match (by_field, by_text) {
        (true, _) => (Severity::High, "; the form asks for a credential, which the protocol forbids"),
        (_, true) => (Severity::Medium, "; its message speaks of credentials"),
        _ if url.starts_with("http://") => (Severity::Medium, "; it sends the user to a page without TLS"),
        _ => (Severity::Low, ""),
    };
    let message = format!(
        "While it was only listed, the server asked its user for input (`elicitation/create`, {}){why}. Nobody had called anything.",
        times(asked.count)
    );
    Finding::new(rules::REQUESTS, server, message).severity(severity).confidence(Confidence::High).evidence(
        "request",
        &asked.shown(),
        "",
    )
}

fn times(count: u64) -> String {
    if count == 1 { "once".to_owned() } else { format!("{count} times") }
}

/// Sentences that say that a person is asked for a credential, or that a request takes everything along.
fn prose(about: &impl IntoSubject, text: &str, pointer: &str) -> Option<Finding> {
    let head = bartizan_listing::head(text);
    let sentences =
        head.lines().flat_map(|line| line.split(". ")).map(str::trim).filter(|line| !line.is_empty());
    for sentence in sentences.take(100) {
        let text = Text::new(sentence);
        let elicits = text.has_undenied(&["elicitation", "elicit", "elicits", "eliciting"]);
        let credential = [
            "password",
            "passwords",
            "passphrase",
            "pin",
            "token",
            "key",
            "keys",
            "credentials",
            "otp",
            "ssn",
            "cvv",
            "secret",
            "secrets",
        ];
        let asks =
            text.says(
                &["ask", "asks", "prompt", "prompts", "request", "requests"],
                &["user", "users", "person", "them", "their", "your"],
                3,
            ) && text.says(&["user", "users", "person", "them", "their", "your", "for"], &credential, 5);
        let everything =
            text.holds(&["includecontext", "include context"]) && text.holds(&["allservers", "all servers"]);
        let (severity, message) = match () {
            () if elicits && text.has(&credential) && !is_refused(&text) => (
                Severity::Medium,
                "By its own words, it asks the user for a credential through elicitation, which the protocol forbids for forms.",
            ),
            () if everything => (
                Severity::Low,
                "By its own words, its requests for a model's answer take along the context of all servers.",
            ),
            () if asks && !is_refused(&text) && !text.has(&CONSENT) => (
                Severity::Low,
                "By its own words, the user is asked for a credential: what is typed there goes through the client and the model.",
            ),
            () => continue,
        };
        let finding =
            Finding::new(rules::REQUESTS, about, message).severity(severity).confidence(Confidence::Medium);
        return Some(finding.evidence("text", sentence, pointer));
    }
    None
}

fn is_refused(text: &Text) -> bool {
    text.denies(&["ask", "asks", "prompt", "request", "requests", "elicit", "used", "allowed"])
        || text.has(&["never", "forbidden", "without"])
}

/// A parameter that has the whole context taken along unless somebody says otherwise.
fn context_of_all(tool: &Tool) -> Option<Finding> {
    let schema = deed::schema(tool)?;
    let list = properties(&schema).list;
    let property = list.iter().find(|property| {
        let is = |key: &str| property.node.get(key).and_then(Value::as_str) == Some("allServers");
        is("default") || is("const")
    })?;
    let openly = Purpose::of(tool).declared.has(&["sampling", "sample", "samples", "context"]);
    let severity = if openly { Severity::Low } else { Severity::Medium };
    let message = "Unless somebody says otherwise, a request for a model's answer takes along the context of all servers: what the others \
                   said goes to this one.";
    Some(Finding::new(rules::REQUESTS, tool, message).severity(severity).evidence(
        "parameter",
        property.name,
        &property.pointer,
    ))
}
