//! Checks what components answer. A component's answer is as hostile as a server's.

use std::collections::{HashMap, HashSet};

use bartizan_model::{
    ComponentRef, Confidence, Finding, Position, Rule, Server, Severity, Subject, SubjectKind,
};
use bartizan_registry::Claims;

use crate::{
    Fact, Format, Group, Limits, LoadReason,
    component::Rules,
    contract::{Described, RawFact, RawFinding, RawFleetFinding, RawFormat, RawMember, RawRule, RawSubject},
};

/// The longest evidence text, in bytes; the contract says so.
const MAX_EVIDENCE: usize = 4096;
/// The longest message, remediation, label, pointer or name, in bytes.
const MAX_TEXT: usize = 8192;
/// The most pieces of evidence in one finding; the contract says so.
const MAX_PIECES: usize = 64;
/// The most related subjects of one finding; the contract says so.
const MAX_RELATED: usize = 1024;
/// The most facts that may be noted of one server; the contract says so.
const MAX_FACTS: usize = 4096;
/// Bytes of text in them; the contract says so.
const MAX_FACT_BYTES: usize = 1 << 20;
/// The most rules or formats that one component may declare.
const MAX_DECLARED: usize = 500;

/// What a component declares, checked.
pub(crate) struct Declared {
    pub(crate) summary: String,
    pub(crate) config_schema: String,
    pub(crate) rules: Rules,
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
    let declared = raw.rules.len() + raw.drift_rules.len() + raw.fleet_rules.len();
    if declared > MAX_DECLARED || raw.formats.len() > MAX_DECLARED {
        return Err(malformed(format!("it declares more than {MAX_DECLARED} rules or formats")));
    }
    bounded("summary", &raw.summary, MAX_TEXT).map_err(malformed)?;
    bounded("config schema", &raw.config_schema, 64 * 1024).map_err(malformed)?;
    let mut ids = HashSet::new();
    let mut checked = |rules: Vec<RawRule>| {
        rules
            .into_iter()
            .map(|rule| {
                let rule = declared_rule(rule, claims)?;
                if !ids.insert(rule.id.clone()) {
                    return Err(format!("it declares rule `{}` twice", rule.id));
                }
                Ok(rule)
            })
            .collect::<Result<Vec<_>, _>>()
            .map_err(malformed)
    };
    let rules = Rules {
        server: checked(raw.rules)?,
        drift: checked(raw.drift_rules)?,
        fleet: checked(raw.fleet_rules)?,
    };
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

/// What the findings of one call are held against.
pub(crate) struct Check<'a> {
    pub(crate) rules: &'a [Rule],
    pub(crate) enabled: &'a [String],
    pub(crate) component: &'a ComponentRef,
    pub(crate) limits: &'a Limits,
}

impl Check<'_> {
    /// Checks the findings of one call, about things of any of these servers. The error says what is malformed.
    pub(crate) fn findings(&self, raw: Vec<RawFinding>, servers: &[&Server]) -> Result<Vec<Finding>, String> {
        self.within_limits(raw.len(), raw.iter().map(text_bytes).sum())?;
        raw.into_iter()
            .map(|mut raw| {
                let about = subject(std::mem::take(&mut raw.subject), servers)?;
                let related = std::mem::take(&mut raw.related);
                check_related(related.len())?;
                let related = related.into_iter().map(|raw| subject(raw, servers));
                let related = related.collect::<Result<_, _>>()?;
                self.finding(raw, about, related)
            })
            .collect()
    }

    /// As [`Self::findings`], about things that were noted in these groups, or their servers.
    pub(crate) fn fleet_findings(
        &self,
        raw: Vec<RawFleetFinding>,
        groups: &[Group<'_>],
    ) -> Result<Vec<Finding>, String> {
        let members = |raw: &RawFleetFinding| {
            raw.related.iter().chain([&raw.about]).map(|member| member.subject.text_bytes()).sum::<usize>()
        };
        let total = raw.iter().map(|raw| text_bytes(&raw.finding) + members(raw)).sum();
        self.within_limits(raw.len(), total)?;
        let known = Known::of(groups);
        raw.into_iter()
            .map(|raw| {
                check_related(raw.related.len())?;
                let about = known.subject(raw.about)?;
                let related = raw.related.into_iter().map(|raw| known.subject(raw));
                let related = related.collect::<Result<_, _>>()?;
                self.finding(raw.finding, about, related)
            })
            .collect()
    }

    fn within_limits(&self, count: usize, bytes: usize) -> Result<(), String> {
        if count > self.limits.findings {
            return Err(format!("{count} findings; at most {} are taken", self.limits.findings));
        }
        if bytes > self.limits.finding_bytes {
            return Err(format!(
                "{bytes} bytes of text in findings; at most {} are taken",
                self.limits.finding_bytes
            ));
        }
        Ok(())
    }

    fn finding(&self, raw: RawFinding, about: Subject, related: Vec<Subject>) -> Result<Finding, String> {
        let enabled = |rule: &&Rule| rule.id == raw.rule && self.enabled.contains(&raw.rule);
        let rule = self.rules.iter().find(enabled).ok_or_else(|| {
            format!("a finding of rule `{}`, which it was not asked to judge by", shown(&raw.rule))
        })?;
        bounded("message", &raw.message, MAX_TEXT)?;
        if raw.message.trim().is_empty() {
            return Err("a finding without a message".to_owned());
        }
        if let Some(remediation) = &raw.remediation {
            bounded("remediation", remediation, MAX_TEXT)?;
        }
        if raw.evidence.len() > MAX_PIECES {
            return Err(format!("more than {MAX_PIECES} pieces of evidence in one finding"));
        }
        for piece in &raw.evidence {
            bounded("evidence label", &piece.label, 256)?;
            bounded("evidence text", &piece.text, MAX_EVIDENCE)?;
            bounded("evidence pointer", &piece.pointer, MAX_TEXT)?;
            if !(piece.pointer.is_empty() || piece.pointer.starts_with('/')) {
                return Err("evidence whose pointer is not a JSON Pointer".to_owned());
            }
        }
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
            plugin: self.component.clone(),
            declared_severity: None,
        })
    }
}

fn check_related(count: usize) -> Result<(), String> {
    if count > MAX_RELATED {
        return Err(format!("more than {MAX_RELATED} related subjects in one finding"));
    }
    Ok(())
}

/// Checks what a component noted about a server.
pub(crate) fn facts(raw: Vec<RawFact>, server: &Server) -> Result<Vec<Fact>, String> {
    if raw.len() > MAX_FACTS {
        return Err(format!("{} facts; at most {MAX_FACTS} are taken", raw.len()));
    }
    let total: usize =
        raw.iter().map(|fact| fact.topic.len() + fact.data.len() + fact.subject.text_bytes()).sum();
    if total > MAX_FACT_BYTES {
        return Err(format!("{total} bytes of text in facts; at most {MAX_FACT_BYTES} are taken"));
    }
    raw.into_iter()
        .map(|RawFact { topic, alone, subject: about, data }| {
            bounded("topic", &topic, 256)?;
            bounded("fact", &data, MAX_EVIDENCE)?;
            Ok(Fact { topic, alone, subject: subject(about, &[server])?, data })
        })
        .collect()
}

/// The things that findings about several servers may be about.
struct Known<'a> {
    things: HashMap<(u32, &'a str, &'a str), &'a Subject>,
    servers: HashMap<u32, &'a str>,
}

impl<'a> Known<'a> {
    fn of(groups: &[Group<'a>]) -> Self {
        let noted = || groups.iter().flat_map(|group| &group.facts);
        Self {
            things: noted()
                .map(|noted| {
                    let subject = noted.subject;
                    ((noted.server, subject.kind.as_str(), subject.name.as_str()), subject)
                })
                .collect(),
            servers: noted().map(|noted| (noted.server, noted.server_name)).collect(),
        }
    }

    fn subject(&self, raw: RawMember) -> Result<Subject, String> {
        let RawMember { server, subject: RawSubject { kind, name } } = raw;
        if let Some(&thing) = self.things.get(&(server, kind.as_str(), name.as_str())) {
            return Ok(thing.clone());
        }
        match self.servers.get(&server) {
            Some(&of) if kind == SubjectKind::Server.as_str() && name.is_empty() => Ok(Subject {
                kind: SubjectKind::Server,
                server: of.to_owned(),
                name,
                path: None,
                position: None,
            }),
            _ => Err(format!(
                "a finding about {} `{}` of server {server}, which nothing was noted of",
                shown(&kind),
                shown(&name)
            )),
        }
    }
}

fn shown(text: &str) -> String {
    bartizan_model::truncate_chars(&bartizan_model::printable(text), 80)
}

/// The subject, if one of the servers has such a thing.
fn subject(raw: RawSubject, servers: &[&Server]) -> Result<Subject, String> {
    let kind = SubjectKind::from_code(&raw.kind)
        .ok_or_else(|| format!("a subject of unknown kind `{}`", shown(&raw.kind)))?;
    let found =
        servers.iter().find_map(|server| Some((server.name.clone(), position(kind, &raw.name, server)?)));
    let (server, position) = found.ok_or_else(|| {
        format!("a finding about {} `{}`, which the server does not have", kind.as_str(), shown(&raw.name))
    })?;
    Ok(Subject { kind, server, name: raw.name, path: None, position })
}

/// Where the server has it, if that is known; nothing if it does not have it.
#[expect(clippy::option_option, reason = "not there and nowhere in a file are two answers")]
fn position(kind: SubjectKind, name: &str, server: &Server) -> Option<Option<Position>> {
    match kind {
        SubjectKind::Server => name.is_empty().then_some(None),
        SubjectKind::Tool => server.tools.iter().find(|tool| tool.name == name).map(|tool| tool.position),
        SubjectKind::Prompt => {
            server.prompts.iter().find(|prompt| prompt.name == name).map(|prompt| prompt.position)
        }
        SubjectKind::Resource | SubjectKind::ResourceTemplate => server
            .resources
            .iter()
            .find(|r| r.uri == name && r.is_template == (kind == SubjectKind::ResourceTemplate))
            .map(|resource| resource.position),
    }
}

fn bounded(what: &str, text: &str, limit: usize) -> Result<(), String> {
    if text.len() > limit {
        return Err(format!("a {what} of {} bytes; at most {limit} are taken", text.len()));
    }
    Ok(())
}

fn text_bytes(raw: &RawFinding) -> usize {
    let evidence: usize = raw.evidence.iter().map(|e| e.label.len() + e.text.len() + e.pointer.len()).sum();
    let related: usize = raw.related.iter().map(RawSubject::text_bytes).sum();
    raw.rule.len()
        + raw.message.len()
        + raw.subject.text_bytes()
        + raw.remediation.as_ref().map_or(0, String::len)
        + evidence
        + related
}

impl RawSubject {
    fn text_bytes(&self) -> usize {
        self.kind.len() + self.name.len()
    }
}
