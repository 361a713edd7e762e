//! The rule as users read it.

use bartizan_sdk::prelude::*;

pub(crate) const RUG_PULL: &str = "MCP-SEC-042";

pub(crate) fn all() -> Vec<Rule> {
    vec![
        Rule::new(RUG_PULL, "Definition changed since it was approved", Severity::Medium)
            .confidence(Confidence::Medium)
            .tags(&[
                "cwe:494",
                "owasp-mcp:MCP03",
                "owasp-llm:LLM01",
                "owasp-llm:LLM03",
                "owasp-agentic:ASI01",
                "owasp-agentic:ASI04",
                "atlas:AML.T0110",
            ])
            .help(include_str!("help/rug-pull.md")),
    ]
}
