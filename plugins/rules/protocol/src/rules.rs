//! The rules as users read them.

use bartizan_sdk::prelude::*;

pub(crate) const MESSAGES: &str = "MCP-PROTO-002";
pub(crate) const ERRORS: &str = "MCP-PROTO-003";
pub(crate) const VERSION: &str = "MCP-PROTO-004";
pub(crate) const SCHEMA: &str = "MCP-PROTO-005";
pub(crate) const KEYS: &str = "MCP-PROTO-006";
pub(crate) const HEADERS: &str = "MCP-PROTO-007";
pub(crate) const CAPABILITIES: &str = "MCP-PROTO-008";

pub(crate) fn all() -> Vec<Rule> {
    vec![
        Rule::new(MESSAGES, "Messages are not valid JSON-RPC", Severity::Low)
            .confidence(Confidence::High)
            .tags(&["cwe:436", "cwe:707"])
            .help(include_str!("help/messages.md")),
        Rule::new(ERRORS, "Bad requests are not handled as errors", Severity::Low)
            .confidence(Confidence::High)
            .tags(&["cwe:755", "cwe:248", "cwe:209"])
            .help(include_str!("help/errors.md")),
        Rule::new(VERSION, "Version is not negotiated as the protocol says", Severity::Low)
            .confidence(Confidence::High)
            .tags(&["cwe:757", "cwe:436"])
            .help(include_str!("help/version.md")),
        Rule::new(SCHEMA, "Schema is invalid or hostile", Severity::Low)
            .confidence(Confidence::High)
            .tags(&["cwe:829", "cwe:674", "cwe:1333", "cwe:400", "owasp-mcp:MCP03", "owasp-agentic:ASI04"])
            .help(include_str!("help/schema.md")),
        Rule::new(KEYS, "Members that two parsers read differently", Severity::Medium)
            .confidence(Confidence::High)
            .tags(&["cwe:436", "cwe:694", "owasp-mcp:MCP03"])
            .help(include_str!("help/keys.md")),
        Rule::new(HEADERS, "Headers and body may disagree", Severity::Medium)
            .confidence(Confidence::High)
            .tags(&["cwe:436", "cwe:444"])
            .help(include_str!("help/headers.md")),
        Rule::new(CAPABILITIES, "Capabilities are not what the server does", Severity::Info)
            .confidence(Confidence::High)
            .tags(&["cwe:684"])
            .help(include_str!("help/capabilities.md")),
    ]
}
