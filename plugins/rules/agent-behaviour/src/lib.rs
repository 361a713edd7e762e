//! Rules: what makes an agent behave other than its user would expect. Hints that say a tool is harmless when it is not,
//! floods of text that push the rest out of a model's context, and requests that a server makes of its own accord.
//!
//! Not for: words that talk a model into something (that is `bartizan/tool-poisoning`), nor for credentials as parameters
//! (that is `bartizan/credentials`).
//!
//! Read [`deed`] first: what a tool does, as its name, its description and its schema say, each for itself.

mod annotations;
mod deed;
mod flooding;
mod hints;
mod requests;
mod rules;
mod verb;

use bartizan_sdk::prelude::*;

/// Findings of one rule at one severity that are still told one by one.
const MAX_EACH: usize = 8;

/// The pack that this component exports.
pub struct AgentBehaviour;

impl RulePack for AgentBehaviour {
    fn info() -> Info {
        Info::new(
            "bartizan/agent-behaviour",
            env!("CARGO_PKG_VERSION"),
            "Annotations that lie, floods of text, requests that nobody asked for",
        )
    }

    fn rules() -> Vec<Rule> {
        rules::all()
    }

    fn check(server: &Server, enabled: &Enabled, _config: &Config) -> Result<Vec<Finding>, Failure> {
        let mut findings = Vec::new();
        if enabled.has(rules::ANNOTATIONS) {
            findings.extend(server.tools.iter().filter_map(annotations::tool));
        }
        if enabled.has(rules::FLOODING) {
            findings.extend(flooding::server(server));
        }
        if enabled.has(rules::REQUESTS) {
            findings.extend(requests::server(server));
        }
        Ok(bartizan_listing::fold(server, findings, MAX_EACH))
    }
}

bartizan_sdk::export_rule_pack!(AgentBehaviour);
