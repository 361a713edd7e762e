//! The worst that a report can hold, for the tests of every reporter.
//!
//! Not for: what a format makes of it; each reporter's own tests read its output with a reader of that format.

#![allow(
    dead_code,
    unreachable_pub,
    clippy::indexing_slicing,
    clippy::unwrap_used,
    clippy::missing_panics_doc,
    reason = "several test programs share it, each uses a part, and a test that panics has failed"
)]

use serde_json::{Value, json};

/// The strings, each with what it attacks.
pub fn strings() -> Vec<(String, String)> {
    let all: Vec<Value> = serde_json::from_str(include_str!("strings.json")).unwrap();
    all.iter()
        .map(|entry| {
            let times = usize::try_from(entry["times"].as_u64().unwrap_or(1)).unwrap();
            (entry["attacks"].as_str().unwrap().to_owned(), entry["text"].as_str().unwrap().repeat(times))
        })
        .collect()
}

/// A report in which every text that a server, a target or a component can choose is this one.
pub fn report(text: &str) -> String {
    let digest = "d".repeat(64);
    let plugin = json!({ "name": text, "version": text, "digest": digest });
    let subject = |kind: &str| json!({ "kind": kind, "server": text, "name": text, "path": text, "position": { "line": 7, "column": 3 } });
    let evidence = json!({ "label": text, "text": text, "pointer": text });
    let finding = |kind: &str, severity: &str| {
        json!({
            "rule": "MCP-POI-001", "severity": severity, "confidence": "high", "message": text, "subject": subject(kind),
            "related": [subject("tool"), { "kind": "prompt", "server": "another", "name": text }],
            "evidence": [evidence, evidence], "remediation": text, "fingerprint": text, "plugin": plugin,
        })
    };
    let kinds = ["tool", "server", "prompt", "resource", "resource-template"];
    let severities = ["critical", "high", "medium", "low", "info"];
    let mut findings: Vec<Value> =
        kinds.iter().zip(severities).map(|(kind, severity)| finding(kind, severity)).collect();
    let mut elsewhere = finding("tool", "low");
    elsewhere["subject"] = json!({ "kind": "tool", "server": text, "name": text });
    elsewhere["related"] = json!([]);
    findings.push(elsewhere);
    json!({
        "schema_version": "1",
        "tool": { "name": text, "version": text },
        "servers": [
            {
                "name": text, "version": text, "protocol_version": text, "target": text,
                "transport": { "kind": "stdio", "address": "", "command": [text, text] }, "digest": digest,
                "tools": 1, "prompts": 1, "resources": 1,
                "observations": [{ "kind": text, "about": text, "detail": text }],
            },
            {
                "name": "silent", "version": "", "protocol_version": "", "target": text,
                "transport": { "kind": "streamable-http", "address": text, "command": [] }, "digest": null,
                "tools": 0, "prompts": 0, "resources": 0, "observations": [],
            },
        ],
        "findings": findings,
        "rules": [
            {
                "id": "MCP-POI-001", "title": text, "help": text, "severity": "critical", "confidence": "high",
                "tags": ["cwe:1427", "cwe:1/../2", text, format!("owasp-mcp:{text}")], "component": text,
            },
            {
                "id": "MCP-POI-002", "title": text, "help": text, "severity": "low", "confidence": "low",
                "tags": [], "component": text,
            },
        ],
        "plugins": [plugin],
        "suppressed": [
            { "finding": finding("tool", "critical"), "by": text, "reason": text, "owner": text, "expires": text },
            { "finding": finding("server", "low"), "by": "config", "reason": "" },
        ],
        "notices": [{ "code": text, "what": text, "why": text }],
        "not_checked": [
            { "what": text, "component": text, "code": text, "why": text },
            { "what": format!("prompts of {text}"), "component": null, "code": "", "why": "" },
        ],
        "stats": { "elapsed_ms": 1, "listing_ms": 1, "rules_ms": 1, "component_calls": 1 },
    })
    .to_string()
}
