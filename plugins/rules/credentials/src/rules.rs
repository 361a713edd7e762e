//! The rules as users read them.

use bartizan_sdk::prelude::*;

pub(crate) const ASKED: &str = "MCP-AUTH-003";
pub(crate) const PASSTHROUGH: &str = "MCP-AUTH-004";
pub(crate) const DEPUTY: &str = "MCP-AUTH-005";
pub(crate) const SCOPES: &str = "MCP-SEC-043";
pub(crate) const SECRETS: &str = "MCP-SEC-048";

pub(crate) fn all() -> Vec<Rule> {
    vec![
        Rule::new(ASKED, "Credential is asked for as a parameter", Severity::Low)
            .tags(&["cwe:522", "owasp-mcp:MCP01", "owasp-llm:LLM02", "owasp-agentic:ASI03"])
            .help(include_str!("help/asked.md")),
        Rule::new(PASSTHROUGH, "Token of somebody else is taken to be passed on", Severity::Low)
            .tags(&["cwe:441", "cwe:522", "owasp-mcp:MCP01", "owasp-mcp:MCP07", "owasp-agentic:ASI03"])
            .help(include_str!("help/passthrough.md")),
        Rule::new(DEPUTY, "Server may act for the wrong person", Severity::Low)
            .confidence(Confidence::Low)
            .tags(&["cwe:441", "cwe:639", "owasp-mcp:MCP07", "owasp-agentic:ASI03"])
            .help(include_str!("help/deputy.md")),
        Rule::new(SCOPES, "Broad OAuth scopes are asked for", Severity::Low)
            .tags(&["cwe:250", "cwe:272", "owasp-mcp:MCP02", "owasp-llm:LLM06", "owasp-agentic:ASI03"])
            .help(include_str!("help/scopes.md")),
        Rule::new(SECRETS, "Secret in what a server shows or in a configuration", Severity::Medium)
            .tags(&["cwe:798", "cwe:312", "owasp-mcp:MCP01", "owasp-llm:LLM02", "owasp-agentic:ASI03"])
            .help(include_str!("help/secrets.md")),
    ]
}
