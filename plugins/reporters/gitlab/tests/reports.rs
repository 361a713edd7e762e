//! Whole documents: that GitLab takes them, and that they say what the report says.

#![allow(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    clippy::panic,
    reason = "a test that panics has failed, which is what it is for"
)]

use std::collections::BTreeSet;

use bartizan_reporter_gitlab::GitLab;
use bartizan_sdk::{prelude::*, report::is_hidden};
use pulldown_cmark::{Event, Parser, Tag};
use serde_json::{Value, json};

#[path = "../../html/tests/worst/mod.rs"]
mod worst;

const REPORTS: [&str; 7] = [
    "clean",
    "poisoned",
    "incomplete",
    "incomplete-with-findings",
    "nothing-answered",
    "hostile",
    "two-servers",
];

fn report(name: &str) -> Value {
    let path = format!("{}/../text/tests/data/{name}.json", env!("CARGO_MANIFEST_DIR"));
    serde_json::from_str(&std::fs::read_to_string(path).unwrap()).unwrap()
}

fn bytes(report: &str) -> Vec<u8> {
    GitLab::render("gitlab", report, &RenderOptions::default()).unwrap()
}

fn document(report: &Value) -> Value {
    serde_json::from_slice(&bytes(&report.to_string())).unwrap()
}

fn schema() -> jsonschema::Validator {
    jsonschema::validator_for(&serde_json::from_str(include_str!("data/sast-15.2.json")).unwrap()).unwrap()
}

fn refused(schema: &jsonschema::Validator, document: &Value) -> Vec<String> {
    schema.iter_errors(document).map(|error| format!("{}: {error}", error.instance_path())).collect()
}

#[test]
fn gitlab_takes_every_document() {
    let schema = schema();
    for name in REPORTS {
        assert_eq!(refused(&schema, &document(&report(name))), Vec::<String>::new(), "{name}");
    }
}

#[test]
fn the_schema_does_refuse_what_gitlab_would() {
    let schema = schema();
    for (pointer, value) in [
        ("/version", json!("15")),
        ("/scan/status", json!("incomplete")),
        ("/scan/start_time", json!("2026-01-01T00:00:00Z")),
        ("/vulnerabilities/0/severity", json!("critical")),
        ("/vulnerabilities/0/identifiers", json!([])),
        ("/vulnerabilities/0/location/start_line", json!(0)),
    ] {
        let mut document = document(&report("poisoned"));
        *document.pointer_mut(pointer).unwrap() = value;
        assert!(!schema.is_valid(&document), "{pointer}");
    }
}

#[test]
fn a_vulnerability_says_what_the_finding_says() {
    let document = document(&report("two-servers"));
    let found = &document["vulnerabilities"][1];
    assert_eq!(
        (&found["severity"], &found["name"]),
        (&json!("Low"), &json!("Parameter that is opened as a path"))
    );
    assert_eq!(
        found["location"],
        json!({ "file": "configs/tools.json", "start_line": 12, "end_line": 12, "class": "files", "method": "tool export" })
    );
    assert_eq!(found["identifiers"][0]["value"], "MCP-INJ-003");
    assert_eq!(found["identifiers"][1]["url"], "https://cwe.mitre.org/data/definitions/22.html");
    assert_eq!(found["details"]["evidence_1"]["name"], "parameter at /inputSchema/properties/path");
    assert_eq!(document["vulnerabilities"][0]["solution"], "Serve it over https.");
    assert_eq!(document["vulnerabilities"][0]["location"]["file"], "mcp-server/remote");
}

#[test]
fn findings_of_one_rule_about_several_items_stay_apart() {
    let document = document(&report("poisoned"));
    let found = document["vulnerabilities"].as_array().unwrap();
    // What GitLab tells them apart by: the rule, and where it is.
    let places: BTreeSet<String> = found
        .iter()
        .map(|one| format!("{} {}", one["identifiers"][0]["value"], one["location"]["file"]))
        .collect();
    let ids: BTreeSet<&str> = found.iter().map(|one| one["id"].as_str().unwrap()).collect();
    assert_eq!((places.len(), ids.len()), (found.len(), found.len()));
}

#[test]
fn findings_with_one_fingerprint_have_ids_of_their_own() {
    let mut report = report("poisoned");
    let finding = report["findings"][0].clone();
    report["findings"] = json!([finding, finding, finding]);
    let document = document(&report);
    let ids: BTreeSet<&str> = document["vulnerabilities"]
        .as_array()
        .unwrap()
        .iter()
        .map(|one| one["id"].as_str().unwrap())
        .collect();
    assert_eq!(ids.len(), 3);
}

#[test]
fn what_was_not_checked_makes_the_scan_a_failure() {
    for (name, status) in [
        ("clean", "success"),
        ("poisoned", "success"),
        ("incomplete", "failure"),
        ("nothing-answered", "failure"),
    ] {
        let document = document(&report(name));
        assert_eq!(document["scan"]["status"], status, "{name}");
        let messages = document["scan"]["messages"].as_array().unwrap();
        assert_eq!(messages.iter().any(|message| message["level"] != "info"), status == "failure", "{name}");
    }
    for member in ["rules", "servers"] {
        let mut report = report("clean");
        report[member] = json!([]);
        assert_eq!(document(&report)["scan"]["status"], "failure", "{member}");
    }
}

#[test]
fn what_was_set_aside_is_a_message_and_no_vulnerability() {
    let mut report = report("poisoned");
    let finding = report["findings"].as_array_mut().unwrap().remove(0);
    let left = report["findings"].as_array().unwrap().len();
    report["suppressed"] =
        json!([{ "finding": finding, "by": "config", "reason": "the gateway filters it" }]);
    report["notices"] =
        json!([{ "code": "suppression-unused", "what": "`MCP-X-001`", "why": "matches nothing" }]);
    let document = document(&report);
    assert_eq!(refused(&schema(), &document), Vec::<String>::new());
    assert_eq!(document["vulnerabilities"].as_array().unwrap().len(), left);
    let said: Vec<&str> = document["scan"]["messages"]
        .as_array()
        .unwrap()
        .iter()
        .filter(|message| message["level"] == "info")
        .map(|message| message["value"].as_str().unwrap())
        .collect();
    assert!(said.iter().any(|text| text.contains("1 finding was set aside")), "{said:?}");
    assert!(said.iter().any(|text| text.contains("`MCP-X-001`: matches nothing")), "{said:?}");
    // It is no failure of the scan.
    assert_eq!(document["scan"]["status"], "success");
}

#[test]
fn the_format_takes_no_document_without_times() {
    let schema = schema();
    for time in ["start_time", "end_time"] {
        let mut document = document(&report("poisoned"));
        document["scan"].as_object_mut().unwrap().remove(time);
        assert!(!schema.is_valid(&document), "{time}");
    }
}

#[test]
fn hostile_text_is_text() {
    let schema = schema();
    for (attacks, text) in worst::strings() {
        let bytes = bytes(&worst::report(&text));
        let document: Value = serde_json::from_slice(&bytes).unwrap();
        assert_eq!(refused(&schema, &document), Vec::<String>::new(), "{attacks}");
        let text = String::from_utf8(bytes).unwrap();
        assert!(!text.chars().any(|c| c != '\n' && is_hidden(c)), "{attacks}");
        for found in document["vulnerabilities"].as_array().unwrap() {
            // GitLab shows it as Markdown.
            for event in Parser::new(found["description"].as_str().unwrap()) {
                match event {
                    Event::Text(text) => {
                        assert!(!text.contains("://") && !text.contains("@admin"), "{attacks}: {text}");
                    }
                    Event::InlineHtml(html) => assert_eq!(&*html, "<!-- -->", "{attacks}"),
                    Event::Code(_) | Event::Start(Tag::Paragraph | Tag::Strong) | Event::End(_) => {}
                    event => panic!("{attacks}: {event:?}"),
                }
            }
            let file = found["location"]["file"].as_str().unwrap();
            assert!(
                file == "mcp-server/x" || !file.starts_with("mcp-server/") || !file.contains("/../"),
                "{attacks}: {file}"
            );
        }
    }
}

#[test]
fn a_report_too_large_for_the_host_loses_the_least_and_says_so() {
    let mut report = report("poisoned");
    let mut least = report["findings"][5].clone();
    least["evidence"] = json!([{ "label": "x", "text": "\"".repeat(4_000), "pointer": "" }]);
    let worst = report["findings"][0].clone();
    let mut findings = vec![least; 4_500];
    findings.push(worst);
    report["findings"] = findings.into();
    let bytes = bytes(&report.to_string());
    assert!(bytes.len() < 16 << 20, "{}", bytes.len());
    let document: Value = serde_json::from_slice(&bytes).unwrap();
    assert_eq!(document["vulnerabilities"][0]["severity"], "Critical");
    let left_out = 4_501 - document["vulnerabilities"].as_array().unwrap().len();
    let message = document["scan"]["messages"][0]["value"].as_str().unwrap();
    assert!(message.starts_with(&format!("{left_out} findings more")), "{message}");
}

#[test]
fn the_same_report_gives_the_same_bytes() {
    let report = report("poisoned");
    let mut later = report.clone();
    later["stats"]["elapsed_ms"] = 99.into();
    assert_eq!(bytes(&report.to_string()), bytes(&later.to_string()));
}

#[test]
fn what_is_not_a_report_is_refused() {
    for text in ["", "{}", "{\"schema_version\":\"1\"}"] {
        assert!(GitLab::render("gitlab", text, &RenderOptions::default()).is_err(), "{text}");
    }
    assert!(GitLab::render("text", &report("clean").to_string(), &RenderOptions::default()).is_err());
}
