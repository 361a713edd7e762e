//! Gathers what was found, and what was not checked, into the report.

use std::{
    collections::{BTreeMap, BTreeSet},
    path::Path,
    time::Duration,
};

use bartizan_kernel::Question;
use bartizan_mcp::Listing;
use bartizan_model::{
    Finding, NotChecked, Notice, Observation, Position, Report, Server, ServerStatus, ServerSummary,
    SeverityCounts, Summary, Transport, TransportKind,
};

use serde::{Deserialize, Serialize};

use crate::{Judge, Judgement, Plugins, Selection, Together, Triage};

/// JSON-RPC 2.0, section 5.1: what a server without the method answers.
const METHOD_NOT_FOUND: i64 = -32601;

/// What one server adds to a report. Holds nothing of its listing that a report does not show, so that those of ten
/// thousand servers can be held at once.
#[derive(Debug, Serialize, Deserialize)]
pub struct Part {
    server: ServerSummary,
    judgement: Judgement,
    #[serde(skip)]
    listing_took: Duration,
}

impl Part {
    /// A server that answered, and what the components said of it. `target` is what the user asked for.
    pub fn heard(target: &str, listing: &Listing, mut judgement: Judgement, listing_took: Duration) -> Self {
        let server = &listing.server;
        let shown = bartizan_model::printable(&server.name);
        judgement.not_checked.extend(listing.missing.iter().map(|missing| NotChecked {
            what: format!("`{}` of server `{shown}`", missing.what),
            component: None,
            code: missing.code.clone(),
            why: missing.why.clone(),
        }));
        // A method that is not there has nothing to list. One that is there and fails may have something to hide.
        judgement.not_checked.extend(listing.refused.iter().filter_map(|refusal| {
            let error: serde_json::Value = serde_json::from_str(&refusal.error).unwrap_or_default();
            let why = error.get("message").and_then(serde_json::Value::as_str).unwrap_or_default();
            let code = error.get("code").and_then(serde_json::Value::as_i64);
            (code != Some(METHOD_NOT_FOUND)).then(|| NotChecked {
                what: format!("`{}` of server `{shown}`", bartizan_model::printable(&refusal.method)),
                component: None,
                code: "refused".to_owned(),
                why: format!(
                    "the server answered with an error: {}",
                    bartizan_model::truncate_chars(&bartizan_model::printable(why), 300)
                ),
            })
        }));
        let place = source_file(&server.transport);
        for finding in &mut judgement.findings {
            locate(finding, target, place.as_deref());
        }
        Self { server: summary(target, server, ServerStatus::Answered), judgement, listing_took }
    }

    /// A server that never answered.
    pub fn silent(
        target: &str,
        transport: Transport,
        code: &str,
        why: String,
        observations: Vec<Observation>,
        listing_took: Duration,
    ) -> Self {
        let server = Server { name: target.to_owned(), transport, observations, ..Server::default() };
        let not_checked = NotChecked {
            what: format!("server `{}`", bartizan_model::printable(target)),
            component: None,
            code: code.to_owned(),
            why,
        };
        let judgement = Judgement { not_checked: vec![not_checked], ..Judgement::default() };
        Self { server: summary(target, &server, ServerStatus::Silent), judgement, listing_took }
    }

    /// A server that was not to be started: what was said of how it would be.
    pub fn not_started(target: &str, server: &Server, mut judgement: Judgement) -> Self {
        for finding in &mut judgement.findings {
            locate(finding, target, None);
        }
        let server = summary(target, server, ServerStatus::NotStarted);
        Self { server, judgement, listing_took: Duration::ZERO }
    }

    /// With what was said of how it is configured.
    #[must_use]
    pub fn judged(mut self, judgement: Judgement) -> Self {
        let target = self.server.target.clone();
        let mut judgement = self.judgement.and(judgement);
        judgement.findings.iter_mut().for_each(|finding| locate(finding, &target, None));
        self.judgement = judgement;
        self
    }

    /// Gives it the name that it has in a configuration.
    #[must_use]
    pub fn named(mut self, name: Option<&str>) -> Self {
        if let Some(name) = name {
            let quoted = |name: &str| format!("server `{}`", bartizan_model::printable(name));
            let (own, given) = (quoted(&self.server.name), quoted(name));
            for one in &mut self.judgement.not_checked {
                one.what = one.what.replace(&own, &given);
            }
            name.clone_into(&mut self.server.id);
        }
        self
    }

    pub(crate) fn failed(&self) -> bool {
        self.judgement.failed
    }

    /// What was found.
    pub fn findings(&self) -> &[Finding] {
        &self.judgement.findings
    }

    /// Whether something could not be checked.
    pub fn is_incomplete(&self) -> bool {
        !self.judgement.not_checked.is_empty()
    }
}

/// Gathers a report, server by server.
#[derive(Debug)]
pub struct ReportBuilder {
    report: Report,
    together: Together,
    ids: BTreeSet<String>,
    /// The last number that was put behind a name. Ten thousand servers may have one name.
    numbered: BTreeMap<String, u32>,
    calls: u64,
    listing: Duration,
    rules: Duration,
}

impl ReportBuilder {
    /// A report that names the rules that will be asked, and the components that cannot be.
    pub fn new(version: &str, plugins: &Plugins, selection: &Selection) -> Self {
        let questions = [Question::Server, Question::Drift, Question::Fleet];
        let asked: BTreeSet<String> = plugins
            .loaded()
            .iter()
            .flat_map(|standing| questions.map(|question| selection.enabled(standing, question)))
            .flatten()
            .collect();
        let rules = plugins.rules().into_iter().filter(|rule| asked.contains(&rule.id)).cloned().collect();
        let report = Report {
            rules,
            plugins: plugins.references(),
            not_checked: plugins.problems().iter().map(crate::Problem::not_checked).collect(),
            ..Report::empty(version)
        };
        Self {
            report,
            together: Together::default(),
            ids: BTreeSet::new(),
            numbered: BTreeMap::new(),
            calls: 0,
            listing: Duration::ZERO,
            rules: Duration::ZERO,
        }
    }

    /// Another server. Their order is that of the report.
    pub fn add(&mut self, part: Part) {
        let Part { mut server, judgement, listing_took } = part;
        let id = self.unique(&server.id);
        let mut findings = judgement.findings;
        for finding in &mut findings {
            rename(finding, &server.name, &id);
        }
        let facts = judgement.facts.into_iter().map(|(component, mut facts)| {
            for fact in &mut facts {
                fact.subject.server.clone_from(&id);
            }
            (component, facts)
        });
        if server.status == ServerStatus::Answered {
            self.together.add(&id, facts.collect());
        }
        server.id = id;
        self.report.servers.push(server);
        self.report.findings.extend(findings);
        self.report.not_checked.extend(judgement.not_checked);
        self.calls += judgement.calls;
        self.listing += listing_took;
        self.rules += judgement.took;
    }

    /// A name that no other server of this report has.
    fn unique(&mut self, wanted: &str) -> String {
        let mut id = wanted.to_owned();
        while !self.ids.insert(id.clone()) {
            let number = self.numbered.entry(wanted.to_owned()).or_insert(1);
            *number += 1;
            id = format!("{wanted} ({number})");
        }
        id
    }

    /// Judges the servers together. After the last of them.
    pub fn judge_together(&mut self, judge: &Judge<'_>) {
        let judgement = std::mem::take(&mut self.together).judge(judge);
        self.report.findings.extend(judgement.findings);
        self.report.not_checked.extend(judgement.not_checked);
        self.calls += judgement.calls;
        self.rules += judgement.took;
    }

    /// Something else that was asked for and not checked.
    pub fn add_not_checked(&mut self, not_checked: NotChecked) {
        self.report.not_checked.push(not_checked);
    }

    /// What else the reader should know.
    pub fn add_notices(&mut self, notices: impl IntoIterator<Item = Notice>) {
        self.report.notices.extend(notices);
    }

    /// The report, in an order that does not depend on which component finished first. `elapsed` stands in it if there is one.
    pub fn finish(mut self, triage: &Triage, elapsed: Option<Duration>) -> Report {
        let millis = |duration: Duration| u64::try_from(duration.as_millis()).unwrap_or(u64::MAX);
        triage.apply(&mut self.report);
        let report = &mut self.report;
        report.findings.sort_by(Finding::report_order);
        report.suppressed.sort_by(|a, b| a.finding.report_order(&b.finding));
        report.not_checked.sort();
        report.not_checked.dedup();
        report.notices.sort();
        report.notices.dedup();
        report.summary = Summary::of(&mut report.servers, &report.findings);
        report.stats.component_calls = elapsed.map(|_| self.calls);
        report.stats.elapsed_ms = elapsed.map(millis);
        report.stats.listing_ms = elapsed.map(|_| millis(self.listing));
        report.stats.rules_ms = elapsed.map(|_| millis(self.rules));
        self.report
    }
}

/// The server's name in a finding, as the report has it.
fn rename(finding: &mut Finding, name: &str, id: &str) {
    for subject in std::iter::once(&mut finding.subject).chain(&mut finding.related) {
        if subject.server == name {
            id.clone_into(&mut subject.server);
        }
    }
}

fn summary(target: &str, server: &Server, status: ServerStatus) -> ServerSummary {
    let own = Some(&server.name).filter(|name| !name.trim().is_empty());
    ServerSummary {
        id: own.map_or_else(|| target.to_owned(), Clone::clone),
        status,
        severities: SeverityCounts::default(),
        name: server.name.clone(),
        version: server.version.clone(),
        protocol_version: server.protocol_version.clone(),
        target: target.to_owned(),
        transport: server.transport.clone(),
        digest: server.digest,
        tools: server.tools.len(),
        prompts: server.prompts.len(),
        resources: server.resources.len(),
        observations: server.observations.clone(),
    }
}

/// The file that a finding about this server can be shown in: the saved listing, or the script that is the server.
pub fn source_file(transport: &Transport) -> Option<String> {
    match transport.kind {
        TransportKind::File => Some(transport.address.clone()).filter(|path| !path.is_empty()),
        TransportKind::Stdio => transport
            .command
            .iter()
            .find(|argument| {
                argument.contains(['/', '.']) && Path::new(argument).is_file() && !is_program(argument)
            })
            .cloned(),
        TransportKind::StreamableHttp | TransportKind::Sse => None,
    }
}

/// Whether this is a binary and not a script that a person could open: `/usr/bin/node` is no place to show a finding.
fn is_program(path: &str) -> bool {
    use std::io::Read as _;
    let mut start = [0_u8; 4];
    std::fs::File::open(path).and_then(|mut file| file.read_exact(&mut start)).is_ok()
        && (start == *b"\x7fELF" || start.starts_with(b"MZ") || start == [0xcf, 0xfa, 0xed, 0xfe])
}

/// Says in which file each subject can be looked at. What was read from a saved listing has a position, and that is a place in
/// the listing; what was heard from a live server has none, and is shown at the top of the script that is the server.
fn locate(finding: &mut Finding, target: &str, script: Option<&str>) {
    for subject in std::iter::once(&mut finding.subject).chain(&mut finding.related) {
        if subject.position.is_some() {
            subject.path = Some(target.to_owned());
        } else if let Some(script) = script {
            subject.path = Some(script.to_owned());
            subject.position = Some(Position { line: 1, column: 0 });
        }
    }
}
