//! The rules, and where the line between them runs.
//!
//! Text that a person cannot see is [`HIDDEN`], whatever it says. Of what can be seen: in a tool's JSON (schemas,
//! annotations, `_meta`, unknown members) it is [`SCHEMA`]; in a tool's name and description it is [`POISONING`] if it
//! would make the model act, and [`INJECTION`] if it only claims rank over other instructions; in everything that is not
//! a tool, and in a tool's name or title, it is [`INJECTION`]. Wherever it stands, what only bears on which tool is chosen
//! is [`PREFERENCE`]. So one text is one finding; a tool that does both harm and canvassing has one of each.

use bartizan_sdk::types::{Confidence, Rule, Severity};

/// Instructions in a tool's own text.
pub(crate) const POISONING: &str = "MCP-PROTO-001";
/// Instructions in other texts, and claims of rank.
pub(crate) const INJECTION: &str = "MCP-SEC-040";
/// Text that does not show.
pub(crate) const HIDDEN: &str = "MCP-SEC-044";
/// Instructions inside a tool's JSON.
pub(crate) const SCHEMA: &str = "MCP-SEC-045";
/// Pressure on the choice of tools.
pub(crate) const PREFERENCE: &str = "MCP-SEC-050";

pub(crate) fn all() -> Vec<Rule> {
    vec![
        Rule::new(POISONING, "Tool poisoning", Severity::High)
            .help(include_str!("../help/MCP-PROTO-001.md"))
            .confidence(Confidence::Medium)
            .tags(&[
                "cwe:1427",
                "owasp-mcp:MCP03",
                "owasp-llm:LLM01",
                "owasp-agentic:ASI01",
                "owasp-agentic:ASI02",
                "atlas:AML.T0051.001",
                "atlas:AML.T0110",
            ]),
        Rule::new(INJECTION, "Prompt injection in what a server shows", Severity::High)
            .help(include_str!("../help/MCP-SEC-040.md"))
            .confidence(Confidence::Medium)
            .tags(&[
                "cwe:1427",
                "owasp-mcp:MCP06",
                "owasp-llm:LLM01",
                "owasp-agentic:ASI01",
                "atlas:AML.T0051.001",
            ]),
        Rule::new(HIDDEN, "Hidden text", Severity::Medium)
            .help(include_str!("../help/MCP-SEC-044.md"))
            .confidence(Confidence::High)
            .tags(&[
                "cwe:1007",
                "cwe:451",
                "owasp-mcp:MCP03",
                "owasp-mcp:MCP06",
                "owasp-llm:LLM01",
                "owasp-agentic:ASI01",
                "atlas:AML.T0068",
            ]),
        Rule::new(SCHEMA, "Full-schema poisoning", Severity::High)
            .help(include_str!("../help/MCP-SEC-045.md"))
            .confidence(Confidence::Medium)
            .tags(&[
                "cwe:1427",
                "owasp-mcp:MCP03",
                "owasp-mcp:MCP10",
                "owasp-llm:LLM01",
                "owasp-agentic:ASI01",
                "atlas:AML.T0051.001",
                "atlas:AML.T0110",
            ]),
        Rule::new(PREFERENCE, "Preference manipulation", Severity::Medium)
            .help(include_str!("../help/MCP-SEC-050.md"))
            .confidence(Confidence::Medium)
            .tags(&[
                "cwe:1427",
                "owasp-mcp:MCP03",
                "owasp-llm:LLM01",
                "owasp-agentic:ASI02",
                "atlas:AML.T0110",
            ]),
    ]
}
