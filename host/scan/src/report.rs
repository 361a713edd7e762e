//! Gathers what was found, and what was not checked, into the report.

use std::{path::Path, time::Duration};

use bartizan_mcp::Listing;
use bartizan_model::{
    Finding, NotChecked, Position, REPORT_SCHEMA_VERSION, Report, Server, ServerSummary, Stats, ToolInfo,
    Transport, TransportKind,
};

use crate::{Judgement, Plugins, Selection};

/// JSON-RPC 2.0, section 5.1: what a server without the method answers.
const METHOD_NOT_FOUND: i64 = -32601;

/// Gathers a report, server by server.
#[derive(Debug)]
pub struct ReportBuilder {
    report: Report,
    listing: Duration,
    rules: Duration,
}

impl ReportBuilder {
    /// A report that names the rules that will be asked, and the components that cannot be.
    pub fn new(version: &str, plugins: &Plugins, selection: &Selection) -> Self {
        let asked: Vec<String> =
            plugins.loaded().iter().flat_map(|standing| selection.enabled(standing)).collect();
        let rules = plugins.rules().into_iter().filter(|rule| asked.contains(&rule.id)).cloned().collect();
        let report = Report {
            schema_version: REPORT_SCHEMA_VERSION.to_owned(),
            tool: ToolInfo { name: "bartizan".to_owned(), version: version.to_owned() },
            servers: Vec::new(),
            findings: Vec::new(),
            rules,
            plugins: plugins.references(),
            not_checked: plugins.problems().iter().map(crate::Problem::not_checked).collect(),
            stats: Stats::default(),
        };
        Self { report, listing: Duration::ZERO, rules: Duration::ZERO }
    }

    /// A server that answered, and what the components said of it. `target` is what the user asked for.
    pub fn add(&mut self, target: &str, listing: &Listing, judgement: Judgement, listing_took: Duration) {
        let server = &listing.server;
        let shown = bartizan_model::printable(&server.name);
        self.report.servers.push(summary(target, server));
        self.report.not_checked.extend(listing.missing.iter().map(|missing| NotChecked {
            what: format!("`{}` of server `{shown}`", missing.what),
            component: None,
            code: missing.code.clone(),
            why: missing.why.clone(),
        }));
        // A method that is not there has nothing to list. One that is there and fails may have something to hide.
        self.report.not_checked.extend(listing.refused.iter().filter_map(|refusal| {
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
        self.report.not_checked.extend(judgement.not_checked);
        let place = source_file(&server.transport);
        self.report
            .findings
            .extend(judgement.findings.into_iter().map(|finding| located(finding, target, place.as_deref())));
        self.report.stats.component_calls += judgement.calls;
        self.listing += listing_took;
        self.rules += judgement.took;
    }

    /// A server that never answered.
    pub fn add_silent(
        &mut self,
        target: &str,
        transport: Transport,
        code: &str,
        why: String,
        listing_took: Duration,
    ) {
        let server = Server { name: target.to_owned(), transport, ..Server::default() };
        self.report.servers.push(summary(target, &server));
        self.report.not_checked.push(NotChecked {
            what: format!("server `{}`", bartizan_model::printable(target)),
            component: None,
            code: code.to_owned(),
            why,
        });
        self.listing += listing_took;
    }

    /// Something else that was asked for and not checked.
    pub fn add_not_checked(&mut self, not_checked: NotChecked) {
        self.report.not_checked.push(not_checked);
    }

    /// The report, in an order that does not depend on which component finished first.
    pub fn finish(mut self, elapsed: Duration) -> Report {
        let millis = |duration: Duration| u64::try_from(duration.as_millis()).unwrap_or(u64::MAX);
        self.report.findings.sort_by(Finding::report_order);
        self.report.not_checked.sort();
        self.report.not_checked.dedup();
        self.report.stats.elapsed_ms = millis(elapsed);
        self.report.stats.listing_ms = millis(self.listing);
        self.report.stats.rules_ms = millis(self.rules);
        self.report
    }
}

fn summary(target: &str, server: &Server) -> ServerSummary {
    ServerSummary {
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
fn located(mut finding: Finding, target: &str, script: Option<&str>) -> Finding {
    for subject in std::iter::once(&mut finding.subject).chain(&mut finding.related) {
        if subject.position.is_some() {
            subject.path = Some(target.to_owned());
        } else if let Some(script) = script {
            subject.path = Some(script.to_owned());
            subject.position = Some(Position { line: 1, column: 0 });
        }
    }
    finding
}
