//! One tool: which of its parameters reach what, and how grave that is.

use bartizan_listing::{Parameter, clipped, head, properties};
use bartizan_sdk::prelude::*;
use serde_json::Value;

use crate::{
    constraint::is_open,
    purpose::Purpose,
    rules::{rule_of, words_of},
    sink::{Signals, Sink},
};

/// Parameters that one finding shows.
const MAX_SHOWN: usize = 5;

/// What the enabled rules find in this tool: at most one finding a rule.
pub(crate) fn tool(tool: &Tool, enabled: &Enabled) -> Vec<Finding> {
    let sinks: Vec<Sink> = Sink::ALL.into_iter().filter(|sink| enabled.has(rule_of(*sink))).collect();
    // Nested deeper than the parser goes. What cannot be read is not taken for harmless.
    let Ok(root) = serde_json::from_str::<Value>(&tool.input_schema) else { return unread(tool, &sinks) };
    let purpose = Purpose::of(tool);
    let properties = properties(&root);
    let whole = properties.whole;
    let description = head(tool.description.as_deref().unwrap_or_default());
    let open = properties.list.into_iter().filter(is_open);
    let parameters: Vec<Parameter<'_>> = open.map(|property| Parameter::new(property, description)).collect();
    let mut findings: Vec<Finding> =
        sinks.iter().filter_map(|sink| judge(tool, *sink, &purpose, &parameters)).collect();
    if !whole {
        let said: Vec<String> = findings.iter().map(|finding| finding.rule.clone()).collect();
        let silent: Vec<Sink> =
            sinks.into_iter().filter(|sink| !said.iter().any(|id| id == rule_of(*sink))).collect();
        findings.extend(unread(tool, &silent));
    }
    findings
}

/// A schema that was not judged, or not whole.
fn unread(tool: &Tool, sinks: &[Sink]) -> Vec<Finding> {
    let message = "The input schema is larger or nested deeper than is judged, so parts of it were not looked at. No \
                   honest schema is known to be of that size.";
    let first = sinks.first().map(|sink| Finding::new(rule_of(*sink), tool, message).severity(Severity::Low));
    first
        .map(|finding| {
            finding.confidence(Confidence::Low).evidence("schema", "not judged whole", "/inputSchema")
        })
        .into_iter()
        .collect()
}

/// One parameter that reaches the sink.
struct Hit<'p, 's> {
    parameter: &'p Parameter<'s>,
    signals: Signals,
    severity: Severity,
}

fn judge(tool: &Tool, sink: Sink, purpose: &Purpose, parameters: &[Parameter<'_>]) -> Option<Finding> {
    let openly = sink.is_purpose(purpose);
    let hits: Vec<Hit<'_, '_>> = parameters
        .iter()
        .filter_map(|parameter| {
            let signals = sink.signals(parameter, purpose);
            let severity = severity(sink, signals, openly, purpose)?;
            Some(Hit { parameter, signals, severity })
        })
        .collect();
    let worst = hits.iter().map(|hit| hit.severity).max()?;
    let graves: Vec<&Hit<'_, '_>> = hits.iter().filter(|hit| hit.severity == worst).collect();
    let bare = graves.iter().any(|hit| hit.signals.bare);
    let agree = graves.iter().any(|hit| hit.signals.called && (hit.signals.said || openly));
    let confidence = match (bare, agree) {
        (true, _) => Confidence::High,
        (false, true) => Confidence::Medium,
        (false, false) => Confidence::Low,
    };
    let mut finding = Finding::new(rule_of(sink), tool, message(sink, &graves, openly, bare))
        .severity(worst)
        .confidence(confidence);
    for hit in graves.iter().take(MAX_SHOWN) {
        finding = finding.evidence("parameter", hit.parameter.shown(), &hit.parameter.property.pointer);
    }
    Some(finding)
}

/// `None`: nothing worth a word.
fn severity(sink: Sink, signals: Signals, openly: bool, purpose: &Purpose) -> Option<Severity> {
    if !signals.any() {
        return None;
    }
    // A tool may be openly for SQL and still paste a name into it: only what is called so is what the tool is for.
    let by_design = sink.is_by_design(signals, openly);
    // Many tools take a path or an address on the way; without more that is worth knowing and no more.
    let is_common = if by_design {
        !(matches!(sink, Sink::Command | Sink::Evaluate) && gives_a_shell(purpose))
    } else {
        sink == Sink::Path || openly
    };
    Some(match (signals.bare, is_common) {
        (true, _) if !by_design => Severity::Medium,
        (false, true) => Severity::Info,
        _ => Severity::Low,
    })
}

/// A shell or an interpreter, rather than a command of a device or an expression.
fn gives_a_shell(purpose: &Purpose) -> bool {
    let runs = ["run", "runs", "execute", "executes", "exec", "eval", "evaluate", "evaluates"];
    let what = ["command", "commands", "script", "scripts", "code", "javascript", "python"];
    purpose.declared.has(&["shell", "terminal", "bash", "powershell", "subprocess"])
        || (purpose.declared.has(&runs) && purpose.declared.has(&what))
}

fn message(sink: Sink, hits: &[&Hit<'_, '_>], openly: bool, bare: bool) -> String {
    let mut names: Vec<String> = Vec::new();
    for hit in hits {
        // The same name can stand in several branches of a schema.
        let name = format!("`{}`", clipped(hit.parameter.property.name));
        if !names.contains(&name) {
            names.push(name);
        }
    }
    let words = words_of(sink);
    let reaches = if names.len() == 1 { words.reaches } else { words.reach };
    let more = match names.len().checked_sub(MAX_SHOWN) {
        Some(more) if more > 0 => format!(" and {more} more"),
        _ => String::new(),
    };
    names.truncate(MAX_SHOWN);
    let names = names.join(", ");
    let lists = if hits.iter().any(|hit| hit.parameter.property.text.is_some_and(|text| text.list)) {
        " (a list)"
    } else {
        ""
    };
    let by_design = hits.iter().all(|hit| sink.is_by_design(hit.signals, openly));
    if bare {
        let but = if by_design { "" } else { ", and that is not what the tool is openly for" };
        format!(
            "{names}{more}{lists} {} unchecked, as the tool itself says: nothing restricts the value{but}.",
            words.reaches
        )
    } else if by_design {
        format!("By design, the tool {} through {names}{more}{lists}. {}", words.gives, words.advice)
    } else {
        let why = if hits.iter().any(|hit| hit.signals.said) {
            "its description says so"
        } else {
            "to go by the name"
        };
        format!("{names}{more}{lists} {reaches} ({why}), and nothing restricts the value.")
    }
}
