//! What a pack found, in the few facts that tests speak of.

use std::{collections::BTreeMap, fmt};

use crate::{
    RulePack, check_natively,
    types::{Evidence, Failure, Finding, FleetFinding, Rule, Server, Severity, Subject},
};

/// The few facts of a finding that tests speak of.
#[derive(Clone, Debug)]
pub struct Found {
    /// The rule's id.
    pub rule: String,
    /// The finding's own, or its rule's.
    pub severity: Severity,
    /// "tool:add", or the kind alone where there is no name.
    pub subject: String,
    /// Message and evidence, for the person who looks at a difference.
    pub said: String,
}

impl Found {
    pub(super) fn of(finding: &Finding, own: &BTreeMap<String, Severity>) -> Self {
        Self {
            rule: finding.rule.clone(),
            severity: severity_in(finding.severity, &finding.rule, own),
            subject: shown_subject(&finding.subject),
            said: said(&finding.message, &finding.evidence),
        }
    }

    pub(super) fn of_fleet(
        finding: &FleetFinding,
        servers: &[Server],
        own: &BTreeMap<String, Severity>,
    ) -> Result<Self, String> {
        let number = finding.subject.server;
        let server = usize::try_from(number).ok().and_then(|number| servers.get(number));
        let server = server.ok_or_else(|| format!("a finding about server {number}, which there is not"))?;
        Ok(Self {
            rule: finding.rule.clone(),
            severity: severity_in(finding.severity, &finding.rule, own),
            subject: format!("{}/{}", server.name, shown_subject(&finding.subject.subject)),
            said: said(&finding.message, &finding.evidence),
        })
    }

    /// "medium ACME-001 on tool:add": which finding it is, without what it says.
    pub fn line(&self) -> String {
        format!("{} {} on {}", severity_name(self.severity), self.rule, self.subject)
    }
}

impl fmt::Display for Found {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}", self.line(), self.said)
    }
}

/// Everything that the pack finds on this server, all its rules enabled and none configured. The error says why it gave up.
pub fn found_by<P: RulePack>(server: &Server) -> Result<Vec<Found>, String> {
    let own = severities(P::rules());
    let found = check_natively::<P>(server, None).map_err(|failure| gave_up(&failure))?;
    Ok(found.iter().map(|finding| Found::of(finding, &own)).collect())
}

/// The severity of each rule, by its id.
pub(super) fn severities(rules: Vec<Rule>) -> BTreeMap<String, Severity> {
    rules.into_iter().map(|rule| (rule.id, rule.severity)).collect()
}

pub(super) fn gave_up(failure: &Failure) -> String {
    let (Failure::InvalidConfig(why) | Failure::Unsupported(why) | Failure::Other(why)) = failure;
    format!("the pack failed: {why}")
}

fn severity_in(said: Option<Severity>, rule: &str, own: &BTreeMap<String, Severity>) -> Severity {
    said.or_else(|| own.get(rule).copied()).unwrap_or(Severity::Info)
}

fn shown_subject(subject: &Subject) -> String {
    match (subject.kind.as_str(), subject.name.as_str()) {
        (kind, "") => kind.to_owned(),
        (kind, name) => format!("{kind}:{name}"),
    }
}

fn said(message: &str, evidence: &[Evidence]) -> String {
    let shown =
        evidence.iter().map(|piece| format!("\n  {} at {:?}: {:?}", piece.label, piece.pointer, piece.text));
    std::iter::once(message.to_owned()).chain(shown).collect()
}

/// The lower-case word for a severity.
pub fn severity_name(severity: Severity) -> &'static str {
    match severity {
        Severity::Info => "info",
        Severity::Low => "low",
        Severity::Medium => "medium",
        Severity::High => "high",
        Severity::Critical => "critical",
    }
}

pub(super) fn severity_of(name: &str) -> Result<Severity, String> {
    [Severity::Info, Severity::Low, Severity::Medium, Severity::High, Severity::Critical]
        .into_iter()
        .find(|&severity| severity_name(severity) == name)
        .ok_or_else(|| format!("no severity is called {name:?}"))
}
