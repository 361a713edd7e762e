//! What the rules say of one server: the very components that ship, verified, in the sandbox.

use std::path::Path;

use bartizan_model::Severity;
use bartizan_scan::{Judge as Components, Plugins, Selection, Sources};
use serde::Serialize;
use serde_json::Value;

/// A finding, as far as counting goes.
#[derive(Clone, Debug, Serialize)]
pub struct Judged {
    /// Id of the rule.
    pub rule: String,
    /// The lower-case word.
    pub severity: &'static str,
    /// Whether it counts as flagged: medium or above.
    pub flagged: bool,
    /// Whether it is high or above.
    pub high: bool,
    /// "tool", "prompt", "resource", "resource-template", "server".
    pub kind: &'static str,
    /// Name of the tool or prompt, URI of the resource; empty for the server.
    pub name: String,
    /// What it says.
    pub message: String,
    /// What it shows, one line a piece.
    pub evidence: Vec<String>,
}

/// The first-party components, loaded, with all of their rules asked.
#[derive(Debug)]
pub struct Judge {
    plugins: Plugins,
    selection: Selection,
}

impl Judge {
    /// Loads the components that the binary carries.
    pub fn new() -> Result<Self, String> {
        let plugins = Plugins::load(Sources::shipped()).map_err(|error| error.to_string())?;
        if let Some(problem) = plugins.problems().first() {
            return Err(problem.to_string());
        }
        let selection = Selection::new(&plugins, &[], &[], &[]).map_err(|error| error.to_string())?;
        Ok(Self { plugins, selection })
    }

    /// Every rule that is asked, by id, with its title: one that finds nothing is to be seen too.
    pub fn rules(&self) -> Vec<(String, String)> {
        self.plugins.rules().into_iter().map(|rule| (rule.id.clone(), rule.title.clone())).collect()
    }

    /// Everything the rules find in a snapshot. An error is something that was not checked: never "nothing found".
    pub fn judge(&self, snapshot: &Value) -> Result<Vec<Judged>, String> {
        let text = snapshot.to_string();
        let listing = bartizan_mcp::snapshot::parse(text.as_bytes(), Path::new("corpus.json"))
            .map_err(|error| error.to_string())?;
        let answer = Components::new(&self.plugins, &self.selection, None).judge(&listing.server);
        if let Some(missed) = answer.not_checked.first() {
            return Err(missed.why.clone());
        }
        Ok(answer
            .findings
            .into_iter()
            .map(|finding| Judged {
                rule: finding.rule,
                severity: finding.severity.as_str(),
                flagged: finding.severity >= Severity::Medium,
                high: finding.severity >= Severity::High,
                kind: finding.subject.kind.as_str(),
                name: finding.subject.name,
                message: finding.message,
                evidence: finding
                    .evidence
                    .iter()
                    .map(|piece| format!("{} [{}] {}", piece.pointer, piece.label, piece.text))
                    .collect(),
            })
            .collect())
    }
}
