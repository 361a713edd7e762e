//! The rules as users read them.

use bartizan_sdk::prelude::*;

pub(crate) const ANNOTATIONS: &str = "MCP-SEC-049";
pub(crate) const FLOODING: &str = "MCP-SEC-051";
pub(crate) const REQUESTS: &str = "MCP-SEC-052";

pub(crate) fn all() -> Vec<Rule> {
    vec![
        Rule::new(ANNOTATIONS, "Annotations do not fit what the tool does", Severity::Medium)
            .tags(&[
                "cwe:451",
                "owasp-mcp:MCP03",
                "owasp-llm:LLM06",
                "owasp-agentic:ASI02",
                "owasp-agentic:ASI09",
            ])
            .help(include_str!("help/annotations.md")),
        Rule::new(FLOODING, "Listing floods the model's context", Severity::Low)
            .tags(&["cwe:400", "owasp-mcp:MCP10", "owasp-llm:LLM10"])
            .help(include_str!("help/flooding.md")),
        Rule::new(REQUESTS, "Sampling or elicitation is abused", Severity::Medium)
            .tags(&["cwe:356", "owasp-mcp:MCP10", "owasp-llm:LLM02", "owasp-agentic:ASI09"])
            .help(include_str!("help/requests.md")),
    ]
}
