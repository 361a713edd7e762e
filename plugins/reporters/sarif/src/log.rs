//! The document from the top: one run of one tool.

use bartizan_sdk::report::{Report, visible};
use serde_json::{Value, json};

use crate::{notification, result, rule::Rules};

/// Where the schema of this version of the format is published.
const SCHEMA: &str =
    "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json";

/// Results a run may have: a service that is handed more refuses the whole file.
pub(crate) const MAX_RESULTS: usize = 25_000;

/// The log of one scan. The same report gives the same log: it holds no time.
pub fn log(report: &Report) -> Value {
    let rules = Rules::of(report);
    let mut findings: Vec<_> = report.findings.iter().collect();
    // Worst first, so that what a limit cuts off is the least.
    findings.sort_by_key(|finding| std::cmp::Reverse(finding.severity));
    let results = findings.iter().map(|finding| result::result(report, &rules, finding));
    let set_aside = report.suppressed.iter().map(|one| result::suppressed(report, &rules, one));
    let results: Vec<Value> = results.chain(set_aside).take(MAX_RESULTS).collect();
    json!({
        "$schema": SCHEMA,
        "version": "2.1.0",
        "runs": [{
            "tool": {
                "driver": {
                    "name": visible(&report.tool.name),
                    "semanticVersion": visible(&report.tool.version),
                    "rules": rules.descriptors(),
                    "notifications": notification::descriptors(report),
                },
                "extensions": extensions(report),
            },
            "automationDetails": { "id": "bartizan/" },
            "invocations": [notification::invocation(report)],
            "originalUriBaseIds": {
                "%SRCROOT%": { "description": { "text": "The folder in which the scan was started." } },
            },
            "columnKind": "unicodeCodePoints",
            "results": results,
            "properties": { "servers": servers(report) },
        }],
    })
}

/// The components that found it: what they say cannot be judged without knowing exactly which they were.
fn extensions(report: &Report) -> Vec<Value> {
    let extension = |component: &bartizan_sdk::report::ComponentRef| {
        json!({
            "name": visible(&component.name),
            "semanticVersion": visible(&component.version),
            "properties": { "digest": format!("sha256:{}", visible(&component.digest)) },
        })
    };
    report.plugins.iter().map(extension).collect()
}

fn servers(report: &Report) -> Vec<Value> {
    let server = |server: &bartizan_sdk::report::ServerSummary| {
        json!({
            "name": visible(&server.name),
            "version": visible(&server.version),
            "protocolVersion": visible(&server.protocol_version),
            "target": visible(&server.target),
            "transport": visible(&server.transport.kind),
            "digest": server.digest.as_deref().map(|digest| format!("sha256:{}", visible(digest))),
        })
    };
    report.servers.iter().map(server).collect()
}
