//! Whole logs: that they are SARIF, and that they say what the report says.

#![allow(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    clippy::string_slice,
    reason = "a test that panics has failed, which is what it is for"
)]

use bartizan_reporter_sarif::Sarif;
use bartizan_sdk::prelude::*;
use serde_json::{Value, json};

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

fn bytes(report: &Value) -> Vec<u8> {
    Sarif::render("sarif", &report.to_string(), &RenderOptions::default()).unwrap()
}

fn log(report: &Value) -> Value {
    serde_json::from_slice(&bytes(report)).unwrap()
}

/// The schema that OASIS publishes, formats such as `uri-reference` checked too.
fn schema() -> jsonschema::Validator {
    // As published, the pattern for languages is no regular expression: its last bracket was never opened.
    let published = include_str!("data/sarif-schema-2.1.0.json");
    let mended = published.replace("-[a-zA-Z]{2}]?$", "-[a-zA-Z]{2}?$");
    assert_ne!(mended, published);
    let schema: Value = serde_json::from_str(&mended).unwrap();
    jsonschema::options().should_validate_formats(true).build(&schema).unwrap()
}

#[test]
fn every_log_is_valid_sarif() {
    let schema = schema();
    for name in REPORTS {
        let log = log(&report(name));
        let errors: Vec<String> =
            schema.iter_errors(&log).map(|e| format!("{}: {e}", e.instance_path())).collect();
        assert!(errors.is_empty(), "{name}: {errors:#?}");
    }
}

#[test]
fn the_schema_does_refuse_what_is_not_sarif() {
    let mut log = log(&report("poisoned"));
    log["runs"][0]["results"][0]["message"] = json!({});
    assert!(!schema().is_valid(&log));
}

#[test]
fn a_finding_in_a_file_is_at_its_line_and_column() {
    let log = log(&report("two-servers"));
    let physical = &log["runs"][0]["results"][1]["locations"][0]["physicalLocation"];
    assert_eq!(
        physical,
        &json!({
            "artifactLocation": { "uri": "configs/tools.json", "uriBaseId": "%SRCROOT%" },
            "region": { "startLine": 12, "startColumn": 5 },
        })
    );
}

#[test]
fn a_finding_about_a_url_has_a_location_that_code_scanning_takes() {
    let log = log(&report("two-servers"));
    let location = &log["runs"][0]["results"][0]["locations"][0];
    assert_eq!(location["physicalLocation"]["artifactLocation"]["uri"], "mcp.example.com/mcp");
    assert_eq!(location["logicalLocations"][0]["fullyQualifiedName"], "remote");
    assert_eq!(log["runs"][0]["properties"]["servers"][1]["target"], "http://mcp.example.com/mcp");
}

#[test]
fn no_location_has_a_scheme_that_code_scanning_refuses() {
    for name in REPORTS {
        let log = log(&report(name));
        for result in log["runs"][0]["results"].as_array().unwrap() {
            let locations = result["locations"].as_array().unwrap();
            let related = result["relatedLocations"].as_array().into_iter().flatten();
            for location in locations.iter().chain(related) {
                let uri = location["physicalLocation"]["artifactLocation"]["uri"].as_str().unwrap();
                assert!(uri.starts_with("file:///") || !uri.contains(':'), "{name}: {uri}");
                assert!(!uri.is_empty());
            }
        }
    }
}

#[test]
fn every_result_points_at_the_rule_it_names() {
    let mut report = report("poisoned");
    report["findings"][0]["rule"] = "ACME-404".into();
    let log = log(&report);
    let rules = &log["runs"][0]["tool"]["driver"]["rules"];
    for result in log["runs"][0]["results"].as_array().unwrap() {
        let index = usize::try_from(result["ruleIndex"].as_u64().unwrap()).unwrap();
        assert_eq!(rules[index]["id"], result["ruleId"]);
    }
}

#[test]
fn a_rule_says_what_code_scanning_reads() {
    let log = log(&report("poisoned"));
    let rule = &log["runs"][0]["tool"]["driver"]["rules"][1];
    assert_eq!(rule["name"], "ParameterThatReachesAShell");
    assert_eq!(rule["properties"]["security-severity"], "5.5");
    assert_eq!(rule["properties"]["tags"], json!(["security", "external/cwe/cwe-078", "owasp-mcp:MCP05"]));
    assert_eq!(rule["defaultConfiguration"]["level"], "warning");
}

#[test]
fn what_was_not_checked_makes_the_run_unsuccessful() {
    for (name, successful) in
        [("clean", true), ("poisoned", true), ("incomplete", false), ("nothing-answered", false)]
    {
        let log = log(&report(name));
        let invocation = &log["runs"][0]["invocations"][0];
        assert_eq!(invocation["executionSuccessful"], successful, "{name}");
        let errors = invocation["toolExecutionNotifications"].as_array().unwrap();
        assert_eq!(errors.iter().any(|entry| entry["level"] == "error"), !successful, "{name}");
    }
    let log = log(&report("incomplete"));
    let text = log["runs"][0]["invocations"][0]["toolExecutionNotifications"][1]["message"]["text"]
        .as_str()
        .unwrap();
    assert!(text.contains("MCP-POI-001") && text.contains("bartizan/tool-poisoning"), "{text}");
}

#[test]
fn a_run_in_which_no_rule_or_no_server_took_part_is_not_successful() {
    for member in ["rules", "servers"] {
        let mut report = report("clean");
        report[member] = json!([]);
        assert_eq!(log(&report)["runs"][0]["invocations"][0]["executionSuccessful"], false, "{member}");
    }
}

#[test]
fn hostile_text_is_neither_control_character_nor_placeholder_nor_link() {
    let text = String::from_utf8(bytes(&report("hostile"))).unwrap();
    assert!(!text.chars().any(|c| c != '\n' && bartizan_sdk::report::is_hidden(c)));
    let log: Value = serde_json::from_str(&text).unwrap();
    let message = log["runs"][0]["results"][0]["message"]["text"].as_str().unwrap();
    assert!(message.contains("{{0}}") && message.contains("\\[click\\](https://evil.example/)"), "{message}");
}

#[test]
fn the_same_report_gives_the_same_bytes() {
    for name in REPORTS {
        let report = report(name);
        assert_eq!(bytes(&report), bytes(&report), "{name}");
        // Times differ from run to run and are in no log.
        let mut later = report.clone();
        later["stats"]["elapsed_ms"] = 99.into();
        assert_eq!(bytes(&report), bytes(&later), "{name}");
    }
}

#[test]
fn more_results_than_a_service_takes_are_cut_from_the_least_and_the_log_says_so() {
    let mut report = report("poisoned");
    let info = report["findings"][5].clone();
    let worst = report["findings"][0].clone();
    let mut findings = vec![info; 25_000];
    findings.push(worst);
    report["findings"] = findings.into();
    let log = log(&report);
    let results = log["runs"][0]["results"].as_array().unwrap();
    assert_eq!(results.len(), 25_000);
    assert_eq!(results[0]["level"], "error");
    let notifications = log["runs"][0]["invocations"][0]["toolExecutionNotifications"].as_array().unwrap();
    assert_eq!(notifications[0]["descriptor"]["id"], "results-truncated");
}

#[test]
fn what_is_not_a_report_is_refused() {
    for text in ["", "{}", "{\"schema_version\":\"1\"}"] {
        assert!(Sarif::render("sarif", text, &RenderOptions::default()).is_err(), "{text}");
    }
    assert!(Sarif::render("text", &report("clean").to_string(), &RenderOptions::default()).is_err());
}

#[test]
fn a_notice_is_a_notification_that_fails_nothing() {
    let mut report = report("poisoned");
    let notice = |code: &str, what: &str| json!({ "code": code, "what": what, "why": "it expired [here](https://evil.example/)" });
    report["notices"] = json!([notice("suppression-expired", "`MCP-X-001`"), notice("", "{0}")]);
    let log = log(&report);
    assert!(schema().is_valid(&log));
    let run = &log["runs"][0];
    let told = run["invocations"][0]["toolExecutionNotifications"].as_array().unwrap();
    assert_eq!(run["invocations"][0]["executionSuccessful"], true);
    assert_eq!(told.len(), 2);
    assert!(told.iter().all(|one| one["level"] == "note"));
    let text = told[0]["message"]["text"].as_str().unwrap();
    assert!(text.starts_with("`MCP-X-001`: it expired") && text.contains("\\[here\\]"), "{text}");
    for one in told {
        let index = usize::try_from(one["descriptor"]["index"].as_u64().unwrap()).unwrap();
        assert_eq!(run["tool"]["driver"]["notifications"][index]["id"], one["descriptor"]["id"]);
    }
    let many: Vec<Value> = (0..1_001).map(|n| notice("odd-entry", &n.to_string())).collect();
    report["notices"] = many.into();
    let log = self::log(&report);
    let told = log["runs"][0]["invocations"][0]["toolExecutionNotifications"].as_array().unwrap();
    assert_eq!(told.last().unwrap()["message"]["text"], "And 1 more notices.");
}

#[test]
fn what_was_set_aside_and_does_not_fit_is_counted() {
    let mut report = report("poisoned");
    let finding = report["findings"][0].clone();
    report["findings"] = vec![finding.clone(); 24_999].into();
    report["suppressed"] = vec![json!({ "finding": finding, "by": "config", "reason": "" }); 2].into();
    let log = log(&report);
    assert_eq!(log["runs"][0]["results"].as_array().unwrap().len(), 25_000);
    let told = &log["runs"][0]["invocations"][0]["toolExecutionNotifications"][0];
    assert_eq!(told["descriptor"]["id"], "results-truncated");
    assert!(told["message"]["text"].as_str().unwrap().contains("2 that were set aside"), "{told}");
}

#[test]
fn what_was_set_aside_is_a_result_with_the_reason() {
    let mut report = report("poisoned");
    let finding = report["findings"].as_array_mut().unwrap().remove(0);
    report["suppressed"] = json!([{
        "finding": finding, "by": "config", "reason": "the gateway filters it", "owner": "platform", "expires": "2027-03-31",
    }]);
    let log = log(&report);
    assert!(schema().is_valid(&log));
    let results = log["runs"][0]["results"].as_array().unwrap();
    let set_aside: Vec<&Value> = results.iter().filter(|result| result["suppressions"].is_array()).collect();
    assert_eq!(set_aside.len(), 1);
    assert_eq!(
        set_aside[0]["suppressions"][0]["justification"],
        "the gateway filters it (owner: platform) (until: 2027-03-31)"
    );
}
