//! The rules as users read them.

use bartizan_sdk::prelude::*;

pub(crate) const AUTH: &str = "MCP-AUTH-001";
pub(crate) const TOKEN: &str = "MCP-AUTH-002";
pub(crate) const CLEARTEXT: &str = "MCP-TRANS-001";
pub(crate) const TLS: &str = "MCP-TRANS-002";
pub(crate) const ORIGIN: &str = "MCP-TRANS-003";
pub(crate) const CORS: &str = "MCP-TRANS-004";
pub(crate) const SESSION: &str = "MCP-TRANS-005";

pub(crate) fn all() -> Vec<Rule> {
    vec![
        Rule::new(AUTH, "Server answers without credentials", Severity::Medium)
            .confidence(Confidence::High)
            .tags(&["cwe:306", "owasp-mcp:MCP07", "owasp-agentic:ASI03"])
            .help(include_str!("help/auth.md")),
        Rule::new(TOKEN, "Tokens are not validated", Severity::Medium)
            .confidence(Confidence::High)
            .tags(&["cwe:287", "cwe:347", "owasp-mcp:MCP07", "owasp-agentic:ASI03"])
            .help(include_str!("help/token.md")),
        Rule::new(CLEARTEXT, "Server is reached over cleartext HTTP", Severity::Medium)
            .confidence(Confidence::High)
            .tags(&["cwe:319", "owasp-agentic:ASI07"])
            .help(include_str!("help/cleartext.md")),
        Rule::new(TLS, "TLS does not prove who answers", Severity::Medium)
            .confidence(Confidence::High)
            .tags(&["cwe:295", "cwe:326", "owasp-agentic:ASI07"])
            .help(include_str!("help/tls.md")),
        Rule::new(ORIGIN, "Origin and Host are not checked (DNS rebinding)", Severity::Medium)
            .confidence(Confidence::High)
            .tags(&["cwe:346", "cwe:350", "owasp-mcp:MCP07"])
            .help(include_str!("help/origin.md")),
        Rule::new(CORS, "Any web page may read the answers (CORS)", Severity::Medium)
            .confidence(Confidence::High)
            .tags(&["cwe:942", "cwe:346", "owasp-mcp:MCP07"])
            .help(include_str!("help/cors.md")),
        Rule::new(SESSION, "Session ids can be guessed, read or borrowed", Severity::Medium)
            .confidence(Confidence::High)
            .tags(&["cwe:330", "cwe:384", "cwe:598", "cwe:614", "owasp-mcp:MCP07", "owasp-agentic:ASI03"])
            .help(include_str!("help/session.md")),
    ]
}
