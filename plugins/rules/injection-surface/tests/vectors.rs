//! Every rule on its vectors, and on schemas made to break it.

#![allow(clippy::unwrap_used, reason = "a test that panics has failed, which is what it is for")]

use bartizan_injection_surface::InjectionSurface;
use bartizan_sdk::{check_natively, prelude::*, testing};
use serde_json::{Value, json};

const VECTORS: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/vectors");

#[test]
fn every_vector_holds() {
    testing::check_vectors::<InjectionSurface>(VECTORS).unwrap();
}

#[test]
fn every_rule_has_vectors_on_both_sides() {
    testing::check_coverage::<InjectionSurface>(VECTORS, 5).unwrap();
}

fn check(tools: Vec<Tool>) -> Vec<Finding> {
    check_natively::<InjectionSurface>(&Server { tools, ..Server::named("s") }, None).unwrap()
}

fn tool(name: &str, schema: impl Into<String>) -> Tool {
    Tool { input_schema: schema.into(), ..Tool::named(name) }
}

#[test]
fn a_schema_too_deep_to_parse_is_not_taken_for_harmless() {
    let deep = format!("{}{}", r#"{"properties":{"a":"#.repeat(10_000), "}}".repeat(10_000));
    for schema in [deep.as_str(), "{", ""] {
        let found = check(vec![tool("t", schema)]);
        assert_eq!(found.len(), 1, "{schema:.20}");
        assert_eq!(found[0].severity, Some(Severity::Low));
    }
}

#[test]
fn what_is_no_schema_is_survived() {
    for schema in ["null", "[]", "true", "\"x\"", r#"{"properties":[]}"#, r#"{"properties":{"command":7}}"#] {
        assert_eq!(check(vec![tool("t", schema)]), Vec::new(), "{schema}");
    }
}

#[test]
fn five_megabytes_of_properties_are_judged_in_part_and_the_finding_says_so() {
    let many: serde_json::Map<String, Value> = (0..60_000)
        .map(|n| (format!("command_{n}_command"), json!({ "type": "string", "description": "x".repeat(20) })))
        .collect();
    let schema = json!({ "properties": many }).to_string();
    assert!(schema.len() > 4_000_000);
    let found = check(vec![tool("t", schema)]);
    assert!(found.iter().any(|finding| finding.message.contains("not looked at")), "{found:?}");
}

#[test]
fn references_in_circles_and_fans_end() {
    let circle = json!({
        "$defs": {
            "A": { "$ref": "#/$defs/B" }, "B": { "$ref": "#/$defs/A" },
            "Fan": { "properties": { "l": { "$ref": "#/$defs/Fan" }, "r": { "$ref": "#/$defs/Fan" }, "command": { "$ref": "#/$defs/A" } } },
        },
        "properties": { "a": { "$ref": "#/$defs/A" }, "fan": { "$ref": "#/$defs/Fan" }, "all": { "$ref": "#" } },
    });
    // A value that only refers to itself is never said to be anything, so it is not taken for harmless.
    assert_eq!(check(vec![tool("t", circle.to_string())]).len(), 1);
    // Each level doubles the ways through; there are more of them than there is time.
    let mut defs = serde_json::Map::new();
    for n in 0..100 {
        let next = json!({ "$ref": format!("#/$defs/L{}", n + 1) });
        defs.insert(format!("L{n}"), json!({ "anyOf": [next, next] }));
    }
    defs.insert("L100".into(), json!({ "type": "string" }));
    let fan = json!({ "$defs": defs, "properties": { "command": { "$ref": "#/$defs/L0" } } });
    check(vec![tool("t", fan.to_string())]);
}

#[test]
fn wide_alternatives_within_alternatives_end() {
    let mut node = json!({ "type": "string" });
    for _ in 0..7 {
        node = json!({ "anyOf": vec![json!({ "$ref": "#/$defs/N" }); 32], "x": node });
    }
    let schema = json!({ "$defs": { "N": { "anyOf": vec![json!({ "$ref": "#/$defs/N" }); 32] } }, "properties": { "command": node } });
    check(vec![tool("t", schema.to_string())]);
}

#[test]
fn many_alike_tools_make_one_finding() {
    let schema = r#"{"properties":{"path":{"type":"string"}}}"#;
    let found = check((0..300).map(|n| tool(&format!("read_file_{n}"), schema)).collect());
    assert_eq!(found.len(), 1);
    assert_eq!(found[0].subject.kind, "server");
    assert!(found[0].message.contains("300 tools") && found[0].related.len() == 100);
}

#[test]
fn no_server_makes_more_findings_than_the_host_takes() {
    let kinds = [
        ("Run a shell command.", "command", ""),
        ("Weather.", "command", ""),
        ("Weather.", "name", "Passed to the shell"),
        ("Run a SQL query.", "sql", ""),
        ("Report.", "where_clause", ""),
        ("Report.", "filter", "Appended to the SQL query"),
        ("Read a file.", "path", ""),
        ("Theme.", "theme_path", "No validation"),
        ("Fetch a URL.", "url", ""),
        ("Order.", "webhook", ""),
        ("Order.", "webhook", "Any URL, including localhost"),
    ];
    let tools = (0..20).flat_map(|n| {
        kinds.iter().enumerate().map(move |(kind, (description, name, said))| {
            let schema = json!({ "properties": { *name: { "type": "string", "description": said } } });
            Tool {
                description: Some((*description).into()),
                ..tool(&format!("t{kind}_{n}"), schema.to_string())
            }
        })
    });
    let found = check(tools.collect());
    assert!(found.len() <= 100, "{}", found.len());
}

#[test]
fn only_what_is_enabled_is_judged() {
    let server = Server {
        tools: vec![tool("t", r#"{"properties":{"command":{"type":"string"},"path":{"type":"string"}}}"#)],
        ..Server::named("s")
    };
    let enabled = Enabled::new(["MCP-INJ-003".to_owned()]);
    let found = InjectionSurface::check(&server, &enabled, &None).unwrap();
    assert!(!found.is_empty() && found.iter().all(|finding| finding.rule == "MCP-INJ-003"));
}
