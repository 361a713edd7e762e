//! A report in numbers, and what stands beside its findings.

use std::collections::{BTreeMap, BTreeSet};

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::{Finding, ServerSummary, Severity};

/// Whether a server was heard.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum ServerStatus {
    /// It answered, or its saved listing was read.
    #[default]
    Answered,
    /// It was asked and did not answer.
    Silent,
    /// It was not to be started: only how it would be started was judged.
    NotStarted,
}

/// How many findings there are of each severity.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct SeverityCounts {
    /// Of this severity.
    pub critical: usize,
    /// Of this severity.
    pub high: usize,
    /// Of this severity.
    pub medium: usize,
    /// Of this severity.
    pub low: usize,
    /// Of this severity.
    pub info: usize,
}

impl SeverityCounts {
    /// Counts one more.
    pub fn add(&mut self, severity: Severity) {
        let count = match severity {
            Severity::Critical => &mut self.critical,
            Severity::High => &mut self.high,
            Severity::Medium => &mut self.medium,
            Severity::Low => &mut self.low,
            Severity::Info => &mut self.info,
        };
        *count = count.saturating_add(1);
    }
}

/// The findings of a report in numbers.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Summary {
    /// The servers in numbers.
    pub servers: ServerCounts,
    /// All findings.
    pub severities: SeverityCounts,
    /// Findings in which several servers take part.
    pub cross_server: usize,
    /// The rules that found something, by id.
    pub rules: Vec<RuleCount>,
}

/// How many servers there are.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct ServerCounts {
    /// That were to be looked at.
    pub asked: usize,
    /// That answered.
    pub answered: usize,
    /// That did not.
    pub silent: usize,
    /// That were not started.
    pub not_started: usize,
}

/// What one rule found.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct RuleCount {
    /// Its id.
    pub rule: String,
    /// How many findings.
    pub findings: usize,
    /// On how many servers.
    pub servers: usize,
}

impl Summary {
    /// Counts what is there, and gives each server its own counts.
    pub fn of(servers: &mut [ServerSummary], findings: &[Finding]) -> Self {
        let mut summary = Self::default();
        let mut rules: BTreeMap<&str, (usize, BTreeSet<&str>)> = BTreeMap::new();
        let mut by_server: BTreeMap<&str, SeverityCounts> = BTreeMap::new();
        for finding in findings {
            summary.severities.add(finding.severity);
            summary.cross_server += usize::from(finding.is_cross_server());
            by_server.entry(&finding.subject.server).or_default().add(finding.severity);
            let (count, on) = rules.entry(&finding.rule).or_default();
            *count += 1;
            on.insert(&finding.subject.server);
        }
        for server in servers {
            server.severities = by_server.get(server.id.as_str()).copied().unwrap_or_default();
            summary.servers.asked += 1;
            match server.status {
                ServerStatus::Answered => summary.servers.answered += 1,
                ServerStatus::Silent => summary.servers.silent += 1,
                ServerStatus::NotStarted => summary.servers.not_started += 1,
            }
        }
        summary.rules = rules
            .into_iter()
            .map(|(rule, (findings, on))| RuleCount { rule: rule.to_owned(), findings, servers: on.len() })
            .collect();
        summary
    }
}

/// A finding that somebody set aside.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Suppressed {
    /// What was found.
    pub finding: Finding,
    /// By what it was set aside.
    pub by: SuppressedBy,
    /// Why, in the words of whoever did it.
    pub reason: String,
    /// Who answers for it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub owner: Option<String>,
    /// The last day on which it counts, as 2027-03-31.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub expires: Option<String>,
}

/// What can set a finding aside.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum SuppressedBy {
    /// A `[[suppress]]` table of the configuration.
    Config,
    /// A comment beside the server's entry in a client's configuration.
    Inline,
    /// A report that was accepted as it was.
    Baseline,
}

/// Something that the reader should know of the run itself.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, JsonSchema)]
pub struct Notice {
    /// An open code: "suppression-expired", "suppression-unused", "not-enforced", "not-started".
    pub code: String,
    /// What it is about.
    pub what: String,
    /// As a sentence.
    pub why: String,
}
