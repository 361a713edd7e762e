//! The rules as users read them.

use bartizan_sdk::prelude::*;

pub(crate) const SENSITIVE: &str = "MCP-DATA-001";
pub(crate) const EXPOSURE: &str = "MCP-DATA-002";
pub(crate) const CACHING: &str = "MCP-DATA-003";
pub(crate) const WORK: &str = "MCP-DOS-001";
pub(crate) const RATE: &str = "MCP-DOS-002";

pub(crate) fn all() -> Vec<Rule> {
    vec![
        Rule::new(SENSITIVE, "Answers hold secrets or personal data", Severity::Medium)
            .tags(&["cwe:200", "cwe:522", "owasp-mcp:MCP01", "owasp-mcp:MCP10", "owasp-llm:LLM02"])
            .help(include_str!("help/sensitive.md")),
        Rule::new(EXPOSURE, "Gives out more than anybody needs", Severity::Low)
            .tags(&["cwe:200", "cwe:497", "owasp-mcp:MCP10", "owasp-llm:LLM02", "owasp-llm:LLM06"])
            .help(include_str!("help/exposure.md")),
        Rule::new(CACHING, "Caches may keep answers that are somebody's own", Severity::Low)
            .confidence(Confidence::High)
            .tags(&["cwe:524", "cwe:525", "owasp-mcp:MCP10"])
            .help(include_str!("help/caching.md")),
        Rule::new(WORK, "Parameter asks for work without a bound", Severity::Info)
            .tags(&["cwe:770", "cwe:400", "owasp-llm:LLM10"])
            .help(include_str!("help/work.md")),
        Rule::new(RATE, "Requests are not limited", Severity::Low)
            .tags(&["cwe:770", "cwe:799", "owasp-llm:LLM10"])
            .help(include_str!("help/rate.md")),
    ]
}
