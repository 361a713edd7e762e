//! The rules as users read them.

use bartizan_sdk::prelude::*;

pub(crate) const SHADOW: &str = "MCP-SEC-041";
pub(crate) const FLOW: &str = "MCP-SEC-046";

pub(crate) fn all() -> Vec<Rule> {
    vec![
        Rule::new(SHADOW, "Cross-server tool shadowing", Severity::Medium)
            .confidence(Confidence::Medium)
            .tags(&[
                "cwe:1427",
                "owasp-mcp:MCP03",
                "owasp-mcp:MCP06",
                "owasp-llm:LLM01",
                "owasp-agentic:ASI01",
                "owasp-agentic:ASI02",
                "atlas:AML.T0051.001",
            ])
            .help(include_str!("help/shadowing.md")),
        Rule::new(FLOW, "Toxic flow: from a stranger's text to private data and out", Severity::Low)
            .confidence(Confidence::Medium)
            .tags(&[
                "cwe:200",
                "owasp-mcp:MCP10",
                "owasp-llm:LLM02",
                "owasp-llm:LLM06",
                "owasp-agentic:ASI02",
                "atlas:AML.T0086",
            ])
            .help(include_str!("help/flow.md")),
    ]
}
