//! The rules as users read them.

use bartizan_sdk::prelude::*;

use crate::sink::Sink;

/// The id of the rule about this sink.
pub(crate) fn rule_of(sink: Sink) -> &'static str {
    match sink {
        Sink::Command => "MCP-INJ-001",
        Sink::Sql => "MCP-INJ-002",
        Sink::Path => "MCP-INJ-003",
        Sink::Url => "MCP-INJ-004",
        Sink::Evaluate => "MCP-INJ-005",
        Sink::Deserialize => "MCP-INJ-006",
    }
}

/// How a sink is spoken of in messages.
pub(crate) struct Words {
    /// "`x` …"
    pub(crate) reaches: &'static str,
    /// "`x`, `y` …"
    pub(crate) reach: &'static str,
    /// "By design, the tool …"
    pub(crate) gives: &'static str,
    /// What follows from that.
    pub(crate) advice: &'static str,
}

pub(crate) fn words_of(sink: Sink) -> Words {
    match sink {
        Sink::Command => Words {
            reaches: "reaches a shell",
            reach: "reach a shell",
            gives: "runs what it is given",
            advice: "Unless that is confined, whoever steers the model can run whatever its process can: keep it in a sandbox.",
        },
        Sink::Sql => Words {
            reaches: "becomes part of a SQL statement",
            reach: "become part of a SQL statement",
            gives: "runs SQL",
            advice: "Connect it with a database role that can do no more than it should.",
        },
        Sink::Path => Words {
            reaches: "is opened as a path",
            reach: "are opened as paths",
            gives: "opens files",
            advice: "Nothing it says confines them to a folder: let its process see only the files it needs.",
        },
        Sink::Url => Words {
            reaches: "is requested by the server",
            reach: "are requested by the server",
            gives: "requests addresses",
            advice: "Keep its process away from internal addresses and from what is on this machine.",
        },
        Sink::Evaluate => Words {
            reaches: "is evaluated",
            reach: "are evaluated",
            gives: "evaluates what it is given",
            advice: "Unless the language can do no more than calculate, that is running a program: keep it in a sandbox.",
        },
        Sink::Deserialize => Words {
            reaches: "is read back as objects",
            reach: "are read back as objects",
            gives: "reads objects back",
            advice: "Where the format itself says what to make of it, reading runs code: take a format that only holds data.",
        },
    }
}

pub(crate) fn all() -> Vec<Rule> {
    vec![
        Rule::new(rule_of(Sink::Command), "Parameter reaches a shell", Severity::Low)
            .tags(&[
                "cwe:78",
                "owasp-mcp:MCP05",
                "owasp-llm:LLM06",
                "owasp-agentic:ASI05",
                "owasp-agentic:ASI02",
            ])
            .help(include_str!("help/command.md")),
        Rule::new(rule_of(Sink::Sql), "Parameter becomes part of a SQL statement", Severity::Low)
            .tags(&["cwe:89", "owasp-mcp:MCP05", "owasp-llm:LLM06", "owasp-agentic:ASI02"])
            .help(include_str!("help/sql.md")),
        Rule::new(rule_of(Sink::Path), "Parameter is opened as a path", Severity::Info)
            .tags(&["cwe:22", "owasp-llm:LLM06", "owasp-agentic:ASI02"])
            .help(include_str!("help/path.md")),
        Rule::new(rule_of(Sink::Url), "Parameter is requested as a URL", Severity::Info)
            .tags(&["cwe:918", "owasp-llm:LLM06", "owasp-agentic:ASI02"])
            .help(include_str!("help/url.md")),
        Rule::new(rule_of(Sink::Evaluate), "Parameter is evaluated as code or as a template", Severity::Low)
            .tags(&[
                "cwe:94",
                "cwe:95",
                "cwe:1336",
                "owasp-mcp:MCP05",
                "owasp-llm:LLM06",
                "owasp-agentic:ASI05",
                "owasp-agentic:ASI02",
            ])
            .help(include_str!("help/evaluate.md")),
        Rule::new(rule_of(Sink::Deserialize), "Parameter is read back as objects", Severity::Low)
            .tags(&["cwe:502", "cwe:611", "cwe:776", "owasp-mcp:MCP05", "owasp-agentic:ASI05"])
            .help(include_str!("help/deserialize.md")),
    ]
}
