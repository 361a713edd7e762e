//! The rules as users read them.

use bartizan_sdk::prelude::*;

pub(crate) const AUTH: &str = "MCP-AUTH-001";
pub(crate) const CLEARTEXT: &str = "MCP-TRANS-001";
pub(crate) const TLS: &str = "MCP-TRANS-002";

pub(crate) fn all() -> Vec<Rule> {
    vec![
        Rule::new(AUTH, "Server answers without credentials", Severity::Medium)
            .confidence(Confidence::High)
            .tags(&["cwe:306", "owasp-mcp:MCP07", "owasp-agentic:ASI03"])
            .help(include_str!("help/auth.md")),
        Rule::new(CLEARTEXT, "Server is reached over cleartext HTTP", Severity::Medium)
            .confidence(Confidence::High)
            .tags(&["cwe:319", "owasp-agentic:ASI07"])
            .help(include_str!("help/cleartext.md")),
        Rule::new(TLS, "TLS does not prove who answers", Severity::Medium)
            .confidence(Confidence::High)
            .tags(&["cwe:295", "cwe:326", "owasp-agentic:ASI07"])
            .help(include_str!("help/tls.md")),
    ]
}
