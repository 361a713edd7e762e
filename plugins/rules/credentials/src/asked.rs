//! MCP-AUTH-003: a credential is a parameter, so it goes through the model.

use bartizan_listing::{Parameter, Purpose, Text, clipped, head, of_identifier, properties};
use bartizan_sdk::prelude::*;
use serde_json::Value;

use crate::{
    name::{self, Kind},
    passthrough,
    places::MAX_TREE,
    rules,
    secret::{self, Value as Held},
};

/// Parameters that one finding shows.
const MAX_SHOWN: usize = 5;
/// Arguments of one prompt that are read.
const MAX_ARGUMENTS: usize = 200;

/// Why the tool would want it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Use {
    /// It is about the thing itself: it checks a password, protects a document, reads a token.
    ItsSubject,
    /// It lets somebody in, which can be done without the model.
    LettingIn,
    /// Nothing that it says it is for.
    Unsaid,
}

/// One parameter for a credential.
pub(crate) struct Asked<'s> {
    pub(crate) parameter: Parameter<'s>,
    pub(crate) kind: Kind,
    /// The host or a proxy is to write it into a header too.
    mirrored: bool,
}

/// The parameters of this tool that take credentials.
pub(crate) fn parameters<'s>(tool: &Tool, schema: &'s Value) -> Vec<Asked<'s>> {
    let description = head(tool.description.as_deref().unwrap_or_default());
    properties(schema)
        .list
        .into_iter()
        .filter(|property| property.text.is_some() || is_open_object(property.node))
        .filter_map(|property| {
            let mirrored = property.node.get("x-mcp-header").is_some();
            let parameter = Parameter::new(property, description);
            let kind = name::of(&parameter.words, &parameter.text)?;
            // An object is a bundle of credentials or it is something else.
            if parameter.property.text.is_none() && kind != Kind::Credentials {
                return None;
            }
            Some(Asked { parameter, kind, mirrored })
        })
        .collect()
}

/// An object whose members are not declared. The others' members are looked at themselves.
fn is_open_object(node: &Value) -> bool {
    node.get("type").and_then(Value::as_str) == Some("object") && node.get("properties").is_none()
}

pub(crate) fn tool(tool: &Tool, enabled: &Enabled) -> Vec<Finding> {
    if tool.input_schema.len() > MAX_TREE {
        return unread(tool, enabled).into_iter().collect();
    }
    let Ok(schema) = serde_json::from_str::<Value>(&tool.input_schema) else { return Vec::new() };
    let asked = parameters(tool, &schema);
    let purpose = Purpose::of(tool);
    let mut findings = Vec::new();
    if enabled.has(rules::PASSTHROUGH) {
        findings.extend(passthrough::tool(tool, &asked, &purpose));
    }
    if enabled.has(rules::ASKED) {
        let others = asked
            .iter()
            .filter(|asked| !(enabled.has(rules::PASSTHROUGH) && passthrough::claims(asked, &purpose)));
        findings.extend(finding(tool, others, &purpose));
        findings.extend(held(tool, &asked));
    }
    findings
}

/// What was not read is not taken for harmless.
fn unread(tool: &Tool, enabled: &Enabled) -> Option<Finding> {
    let message = "The input schema is larger than is judged, so it was not looked through for parameters that take \
                   credentials. No honest schema is known to be of that size.";
    let finding =
        Finding::new(rules::ASKED, tool, message).severity(Severity::Low).confidence(Confidence::Low);
    enabled.has(rules::ASKED).then(|| finding.evidence("schema", "not judged", "/inputSchema"))
}

fn finding<'a>(
    tool: &Tool,
    asked: impl Iterator<Item = &'a Asked<'a>>,
    purpose: &Purpose,
) -> Option<Finding> {
    let rated: Vec<(&Asked<'_>, Severity, Use)> = asked
        .map(|asked| {
            let of_use = use_of(asked.kind, &purpose.declared);
            (asked, severity(asked, of_use), of_use)
        })
        .collect();
    let worst = rated.iter().map(|(_, severity, _)| *severity).max()?;
    let shown: Vec<_> = rated.iter().filter(|(_, severity, _)| *severity == worst).collect();
    let (first, _, of_use) = shown.first()?;
    let mut names: Vec<String> =
        shown.iter().map(|(asked, ..)| format!("`{}`", clipped(asked.parameter.property.name))).collect();
    names.dedup();
    names.truncate(MAX_SHOWN);
    let names = names.join(", ");
    let what = first.kind.words();
    let through =
        "goes through the model, into its transcripts and logs, and to any tool that a poisoned text names";
    let message = match of_use {
        Use::ItsSubject => format!("By design, {what} is given as {names}. What is given so {through}."),
        Use::LettingIn => format!(
            "{names} takes {what} to let somebody in: it {through}. The server's own configuration, or a sign-in in the \
             browser, would keep it out."
        ),
        Use::Unsaid => {
            let must = if first.parameter.property.required { "must be given" } else { "can be given" };
            let also = if first.mirrored { " The schema has it copied into a header, too." } else { "" };
            format!(
                "{what} {must} as {names}, and nothing that the tool is openly for explains it: it {through}.{also}"
            )
        }
    };
    let mut finding = Finding::new(rules::ASKED, tool, capital(&message))
        .severity(worst)
        .confidence(if first.parameter.said.is_empty() { Confidence::Medium } else { Confidence::High });
    for (asked, ..) in shown.iter().take(MAX_SHOWN) {
        finding = finding.evidence("parameter", asked.parameter.shown(), &asked.parameter.property.pointer);
    }
    Some(finding)
}

fn severity(asked: &Asked<'_>, of_use: Use) -> Severity {
    let required = asked.parameter.property.required;
    match of_use {
        Use::ItsSubject => Severity::Info,
        Use::Unsaid if asked.mirrored || asked.kind.is_grave() => Severity::Medium,
        Use::Unsaid if asked.kind == Kind::ConnectionString || asked.kind == Kind::OneTimeCode => {
            Severity::Low
        }
        Use::Unsaid if required => Severity::Medium,
        Use::LettingIn | Use::Unsaid => Severity::Low,
    }
}

fn use_of(kind: Kind, declared: &Text) -> Use {
    let lets_in = [
        "login",
        "logs",
        "signin",
        "authenticate",
        "authenticates",
        "authentication",
        "connect",
        "connects",
        "signup",
        "register",
        "registers",
        "ssh",
        "ftp",
        "sftp",
        "ldap",
        "imap",
        "smtp",
        "wifi",
        "credentials",
    ];
    let subject: &[&str] = match kind {
        Kind::Password => &[
            "password",
            "passwords",
            "passphrase",
            "protect",
            "protects",
            "unprotect",
            "unlock",
            "unlocks",
            "encrypt",
            "encrypts",
            "decrypt",
            "decrypts",
            "hash",
            "hashes",
            "archive",
            "zip",
            "protected",
            "encrypted",
        ],
        Kind::Token | Kind::Bearer => &[
            "token",
            "tokens",
            "jwt",
            "jwts",
            "decode",
            "decodes",
            "introspect",
            "revoke",
            "revokes",
            "verify",
            "verifies",
            "validate",
            "validates",
        ],
        Kind::Key | Kind::Credentials => &[
            "key",
            "keys",
            "secret",
            "secrets",
            "vault",
            "credential",
            "encrypt",
            "decrypt",
            "sign",
            "signs",
            "rotate",
            "hmac",
        ],
        Kind::PrivateKey => &[
            "key",
            "keys",
            "sign",
            "signs",
            "decrypt",
            "decrypts",
            "certificate",
            "certificates",
            "pem",
            "csr",
        ],
        Kind::SeedPhrase => &["wallet", "wallets", "mnemonic", "seed", "restore"],
        Kind::Cookie => &["cookie", "cookies", "browser"],
        Kind::OneTimeCode => &["code", "codes", "otp", "totp", "mfa", "2fa", "verify"],
        Kind::ConnectionString => &["connection", "connect", "connects", "switch", "database"],
    };
    let wants_in = declared.has(&lets_in)
        || declared.says(&["log", "sign", "logging", "signing"], &["in", "into", "on"], 1);
    let creates = declared.does(
        &["create", "creates", "add", "adds", "update", "updates"],
        &["user", "users", "account"],
        4,
    );
    match () {
        () if wants_in => Use::LettingIn,
        () if declared.has_undenied(subject) => Use::ItsSubject,
        // Somebody's first password is chosen there.
        () if creates && kind == Kind::Password => Use::LettingIn,
        () => Use::Unsaid,
    }
}

/// A value that stands in the schema of such a parameter.
fn held(tool: &Tool, asked: &[Asked<'_>]) -> Option<Finding> {
    let keys = ["default", "const", "example", "examples", "enum"];
    for asked in asked {
        for key in keys {
            let Some(node) = asked.parameter.property.node.get(key) else { continue };
            let values: Vec<&str> = match node {
                Value::String(one) => vec![one],
                Value::Array(many) => many.iter().filter_map(Value::as_str).take(20).collect(),
                _ => continue,
            };
            // A key of a known shape is told by the rule for those.
            for value in values.into_iter().filter(|value| !secret::is_of_known_shape(value)) {
                let severity = match secret::value(value, asked.kind == Kind::Password) {
                    Held::Generated => Severity::Medium,
                    Held::Chosen => Severity::Low,
                    Held::Placeholder => continue,
                };
                let message = format!(
                    "The schema itself holds a value for `{}`, {}: whoever can list the server can read it.",
                    clipped(asked.parameter.property.name),
                    asked.kind.words()
                );
                let pointer = format!("{}/{key}", asked.parameter.property.pointer);
                return Some(Finding::new(rules::ASKED, tool, message).severity(severity).evidence(
                    key,
                    &secret::masked(value),
                    &pointer,
                ));
            }
        }
    }
    None
}

/// What the person who uses a prompt is asked to type goes into the conversation.
pub(crate) fn prompt(prompt: &Prompt) -> Option<Finding> {
    let arguments = serde_json::from_str::<Value>(&prompt.arguments).ok()?;
    let description = head(prompt.description.as_deref().unwrap_or_default());
    let purpose = Text::new(&format!("{}\n{description}", of_identifier(&prompt.name).join(" ")));
    for (index, argument) in arguments.as_array()?.iter().take(MAX_ARGUMENTS).enumerate() {
        let text = |key: &str| argument.get(key).and_then(Value::as_str).unwrap_or_default();
        let said = Text::new(&format!("{}\n{description}", text("description")));
        let Some(kind) = name::of(&of_identifier(text("name")), &said) else { continue };
        let severity = match use_of(kind, &purpose) {
            Use::ItsSubject => Severity::Info,
            Use::Unsaid if argument.get("required").and_then(Value::as_bool) == Some(true) => {
                Severity::Medium
            }
            Use::LettingIn | Use::Unsaid => Severity::Low,
        };
        let message = format!(
            "The prompt asks the person for {} as `{}`, and puts it into the conversation with the model.",
            kind.words(),
            clipped(text("name"))
        );
        return Some(Finding::new(rules::ASKED, prompt, message).severity(severity).evidence(
            "argument",
            if text("description").is_empty() { text("name") } else { text("description") },
            &format!("/arguments/{index}"),
        ));
    }
    None
}

/// A URI is written into logs and histories wherever it goes.
pub(crate) fn resource(resource: &Resource) -> Option<Finding> {
    let variables =
        resource.uri.split('{').skip(1).filter_map(|rest| rest.split_once('}')).take(MAX_ARGUMENTS);
    for (expression, _) in variables.filter(|_| resource.is_template) {
        let names = expression.trim_start_matches(['+', '#', '.', '/', ';', '?', '&']).split(',');
        for name in names {
            let said = Text::new(resource.description.as_deref().unwrap_or_default());
            let Some(kind) = name::of(&of_identifier(name), &said) else { continue };
            let message = format!(
                "{} is part of the resource's address, as `{}`: addresses are kept in logs and shown to the model.",
                capital(kind.words()),
                clipped(name)
            );
            return Some(Finding::new(rules::ASKED, resource, message).severity(Severity::Low).evidence(
                "variable",
                &clipped(name),
                "/uriTemplate",
            ));
        }
    }
    None
}

/// The sentence with a capital at its head.
pub(crate) fn capital(sentence: &str) -> String {
    let mut chars = sentence.chars();
    chars.next().map(|first| first.to_uppercase().collect::<String>() + chars.as_str()).unwrap_or_default()
}
