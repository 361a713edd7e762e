//! The rules as users read them.

use bartizan_sdk::prelude::*;

pub(crate) const ALIKE: &str = "MCP-SEC-047";
pub(crate) const RISKY: &str = "MCP-SEC-053";
pub(crate) const KNOWN: &str = "MCP-SEC-054";

pub(crate) fn all() -> Vec<Rule> {
    vec![
        Rule::new(ALIKE, "Name imitates a well-known one", Severity::Medium)
            .confidence(Confidence::Medium)
            .tags(&[
                "cwe:1007",
                "owasp-mcp:MCP04",
                "owasp-llm:LLM03",
                "owasp-agentic:ASI04",
                "atlas:AML.T0010",
            ])
            .help(include_str!("help/alike.md")),
        Rule::new(RISKY, "Server is started in a risky way", Severity::Low)
            .confidence(Confidence::High)
            .tags(&[
                "cwe:494",
                "cwe:829",
                "cwe:250",
                "owasp-mcp:MCP04",
                "owasp-llm:LLM03",
                "owasp-agentic:ASI04",
                "atlas:AML.T0010",
            ])
            .help(include_str!("help/risky.md")),
        Rule::new(KNOWN, "Version with a published vulnerability", Severity::Medium)
            .confidence(Confidence::High)
            .tags(&["cwe:1395", "owasp-mcp:MCP04", "owasp-llm:LLM03", "owasp-agentic:ASI04"])
            .help(include_str!("help/known.md")),
    ]
}
