//! Rules: parameters through which whoever steers the model reaches a shell, an evaluator, a reader of objects, a
//! database, the file system or the network.
//!
//! Not for: proving a flaw. A listing says what a tool takes, not what its code does with it; that is for source
//! analysis and fuzzing. So what a tool is openly for is only stated (a shell tool gives the model a shell), and what
//! is graver needs the tool's own words: it says that a value goes to a shell, into SQL, to any path or URL.
//!
//! Read [`judge`] first: a tool is its purpose and its parameters, and each
//! [`Sink`](sink::Sink) asks the same questions of them.

mod constraint;
mod judge;
mod lexicon;
mod purpose;
mod rules;
mod sink;

use bartizan_sdk::prelude::*;

/// Findings of one rule at one severity that are still told one by one.
const MAX_EACH: usize = 5;

/// The pack that this component exports.
pub struct InjectionSurface;

impl RulePack for InjectionSurface {
    fn info() -> Info {
        Info::new(
            "bartizan/injection-surface",
            env!("CARGO_PKG_VERSION"),
            "Parameters that reach a shell, an evaluator, a database, the file system or the network",
        )
    }

    fn rules() -> Vec<Rule> {
        rules::all()
    }

    fn check(server: &Server, enabled: &Enabled, _config: &Config) -> Result<Vec<Finding>, Failure> {
        let findings = server.tools.iter().flat_map(|tool| judge::tool(tool, enabled)).collect();
        Ok(bartizan_listing::fold(server, findings, MAX_EACH))
    }
}

bartizan_sdk::export_rule_pack!(InjectionSurface);
