//! Checks what components answer. A component's answer is as hostile as a server's.

use std::collections::HashSet;

use bartizan_model::{ComponentRef, Confidence, Finding, Rule, Server, Severity, Subject, SubjectKind};
use bartizan_registry::Claims;

use crate::{
    Format, Limits, LoadReason,
    contract::{Described, RawFinding, RawFormat, RawRule, RawSubject},
};

/// The longest evidence text, in bytes; the contract says so.
const MAX_EVIDENCE: usize = 4096;
/// The longest message, remediation, label, pointer or name, in bytes.
const MAX_TEXT: usize = 8192;
/// The most pieces of evidence in one finding; the contract says so.
const MAX_PIECES: usize = 64;
/// The most related subjects of one finding; the contract says so.
const MAX_RELATED: usize = 1024;
/// The most rules or formats that one component may declare.
const MAX_DECLARED: usize = 500;

/// What a component declares, checked.
pub(crate) struct Declared {
    pub(crate) summary: String,
    pub(crate) config_schema: String,
    pub(crate) rules: Vec<Rule>,
    pub(crate) formats: Vec<Format>,
}

/// Holds what a component says of itself against what was signed, and against the contract.
pub(crate) fn declared(raw: Described, claims: &Claims) -> Result<Declared, LoadReason> {
    let version_matches = semver::Version::parse(&raw.version).is_ok_and(|version| version == claims.version);
    if raw.name != claims.id.as_str() || !version_matches {
        return Err(LoadReason::NotAsSigned {
            says: bartizan_model::truncate_chars(
                &bartizan_model::printable(&format!("{} {}", raw.name, raw.version)),
                160,
            ),
            signed: format!("{} {}", claims.id, claims.version),
        });
    }
    let malformed = |why: String| LoadReason::WrongType(why);
    if raw.rules.len() > MAX_DECLARED || raw.formats.len() > MAX_DECLARED {
        return Err(malformed(format!("it declares more than {MAX_DECLARED} rules or formats")));
    }
    bounded("summary", &raw.summary, MAX_TEXT).map_err(malformed)?;
    bounded("config schema", &raw.config_schema, 64 * 1024).map_err(malformed)?;
    let mut ids = HashSet::new();
    let mut rules = Vec::with_capacity(raw.rules.len());
    for rule in raw.rules {
        let rule = declared_rule(rule, claims).map_err(malformed)?;
        if !ids.insert(rule.id.clone()) {
            return Err(malformed(format!("it declares rule `{}` twice", rule.id)));
        }
        rules.push(rule);
    }
    let formats =
        raw.formats.into_iter().map(declared_format).collect::<Result<_, _>>().map_err(malformed)?;
    Ok(Declared { summary: raw.summary, config_schema: raw.config_schema, rules, formats })
}

fn declared_rule(raw: RawRule, claims: &Claims) -> Result<Rule, String> {
    let id_is_plain = (1..=64).contains(&raw.id.len())
        && raw.id.bytes().all(|b| b.is_ascii_uppercase() || b.is_ascii_digit() || b == b'-');
    if !id_is_plain {
        return Err(format!(
            "`{}` is not a rule id: upper-case letters, digits and hyphens, at most 64",
            bartizan_model::truncate_chars(&bartizan_model::printable(&raw.id), 80)
        ));
    }
    bounded("title", &raw.title, 256)?;
    bounded("help", &raw.help, 64 * 1024)?;
    if raw.tags.len() > 64 {
        return Err(format!("rule `{}` has more than 64 tags", raw.id));
    }
    for tag in &raw.tags {
        bounded("tag", tag, 128)?;
    }
    let RawRule { id, title, help, severity, confidence, tags } = raw;
    Ok(Rule { id, title, help, severity, confidence, tags, component: claims.id.to_string() })
}

fn declared_format(raw: RawFormat) -> Result<Format, String> {
    let is_plain = |text: &str| {
        (1..=32).contains(&text.len())
            && text.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'-')
    };
    if !is_plain(&raw.id) {
        return Err("a format's id is lower-case letters, digits and hyphens, at most 32".to_owned());
    }
    bounded("media type", &raw.mime, 128)?;
    bounded("extension", &raw.extension, 32)?;
    bounded("summary", &raw.summary, 256)?;
    let RawFormat { id, mime, extension, binary, summary } = raw;
    Ok(Format { id, mime, extension, binary, summary })
}

/// Checks the findings of one call. The error says what is malformed.
pub(crate) fn findings(
    raw: Vec<RawFinding>,
    server: &Server,
    rules: &[Rule],
    enabled: &[String],
    component: &ComponentRef,
    limits: &Limits,
) -> Result<Vec<Finding>, String> {
    if raw.len() > limits.findings {
        return Err(format!("{} findings; at most {} are taken", raw.len(), limits.findings));
    }
    let total: usize = raw.iter().map(text_bytes).sum();
    if total > limits.finding_bytes {
        return Err(format!("{total} bytes of text in findings; at most {} are taken", limits.finding_bytes));
    }
    raw.into_iter().map(|raw| finding(raw, server, rules, enabled, component)).collect()
}

fn finding(
    raw: RawFinding,
    server: &Server,
    rules: &[Rule],
    enabled: &[String],
    component: &ComponentRef,
) -> Result<Finding, String> {
    let rule =
        rules.iter().find(|rule| rule.id == raw.rule).filter(|_| enabled.contains(&raw.rule)).ok_or_else(
            || {
                format!(
                    "a finding of rule `{}`, which it was not asked to judge by",
                    bartizan_model::truncate_chars(&bartizan_model::printable(&raw.rule), 80)
                )
            },
        )?;
    bounded("message", &raw.message, MAX_TEXT)?;
    if raw.message.trim().is_empty() {
        return Err("a finding without a message".to_owned());
    }
    if let Some(remediation) = &raw.remediation {
        bounded("remediation", remediation, MAX_TEXT)?;
    }
    if raw.evidence.len() > MAX_PIECES || raw.related.len() > MAX_RELATED {
        return Err(format!(
            "more than {MAX_PIECES} pieces of evidence or {MAX_RELATED} related subjects in one finding"
        ));
    }
    for piece in &raw.evidence {
        bounded("evidence label", &piece.label, 256)?;
        bounded("evidence text", &piece.text, MAX_EVIDENCE)?;
        bounded("evidence pointer", &piece.pointer, MAX_TEXT)?;
        if !(piece.pointer.is_empty() || piece.pointer.starts_with('/')) {
            return Err("evidence whose pointer is not a JSON Pointer".to_owned());
        }
    }
    let about = subject(raw.subject, server)?;
    let related = raw.related.into_iter().map(|raw| subject(raw, server)).collect::<Result<Vec<_>, _>>()?;
    let severity: Severity = raw.severity.unwrap_or(rule.severity);
    let confidence: Confidence = raw.confidence.unwrap_or(rule.confidence);
    Ok(Finding {
        fingerprint: Finding::fingerprint_of(&raw.rule, &about, &raw.evidence),
        rule: raw.rule,
        severity,
        confidence,
        message: raw.message,
        subject: about,
        related,
        evidence: raw.evidence,
        remediation: raw.remediation,
        plugin: component.clone(),
    })
}

/// The subject, if the server has such a thing.
fn subject(raw: RawSubject, server: &Server) -> Result<Subject, String> {
    let shown = |text: &str| bartizan_model::truncate_chars(&bartizan_model::printable(text), 80);
    let kind = SubjectKind::from_code(&raw.kind)
        .ok_or_else(|| format!("a subject of unknown kind `{}`", shown(&raw.kind)))?;
    let position = match kind {
        SubjectKind::Server if raw.name.is_empty() => Some(None),
        SubjectKind::Server => None,
        SubjectKind::Tool => server.tools.iter().find(|tool| tool.name == raw.name).map(|tool| tool.position),
        SubjectKind::Prompt => {
            server.prompts.iter().find(|prompt| prompt.name == raw.name).map(|prompt| prompt.position)
        }
        SubjectKind::Resource | SubjectKind::ResourceTemplate => server
            .resources
            .iter()
            .find(|r| r.uri == raw.name && r.is_template == (kind == SubjectKind::ResourceTemplate))
            .map(|resource| resource.position),
    };
    let position = position.ok_or_else(|| {
        format!("a finding about {} `{}`, which the server does not have", kind.as_str(), shown(&raw.name))
    })?;
    Ok(Subject { kind, server: server.name.clone(), name: raw.name, path: None, position })
}

fn bounded(what: &str, text: &str, limit: usize) -> Result<(), String> {
    if text.len() > limit {
        return Err(format!("a {what} of {} bytes; at most {limit} are taken", text.len()));
    }
    Ok(())
}

fn text_bytes(raw: &RawFinding) -> usize {
    let evidence: usize = raw.evidence.iter().map(|e| e.label.len() + e.text.len() + e.pointer.len()).sum();
    let related: usize = raw.related.iter().map(|s| s.kind.len() + s.name.len()).sum();
    raw.rule.len()
        + raw.message.len()
        + raw.subject.kind.len()
        + raw.subject.name.len()
        + raw.remediation.as_ref().map_or(0, String::len)
        + evidence
        + related
}
