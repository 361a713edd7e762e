//! Whole documents, read by Python's XML parser and held against the schema that Jenkins publishes.

#![allow(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    reason = "a test that panics has failed, which is what it is for"
)]

use std::{
    io::Write as _,
    process::{Command, Stdio},
};

use bartizan_reporter_junit::JUnit;
use bartizan_sdk::{prelude::*, report::is_hidden};
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

fn document(report: &str) -> String {
    String::from_utf8(JUnit::render("junit", report, &RenderOptions::default()).unwrap()).unwrap()
}

/// What the schema has to say of each document, and the document as a tree.
fn check(documents: &[String]) -> Vec<Value> {
    let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/tests");
    let mut python = Command::new("python3")
        .args(["-X", "utf8", &format!("{folder}/check.py"), &format!("{folder}/data/junit-10.xsd")])
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    let mut stdin = python.stdin.take().unwrap();
    let lines: Vec<String> = documents.iter().map(|document| json!(document).to_string()).collect();
    std::thread::spawn(move || {
        for line in lines {
            writeln!(stdin, "{line}").unwrap();
        }
    });
    let output = python.wait_with_output().unwrap();
    assert!(output.status.success());
    String::from_utf8(output.stdout)
        .unwrap()
        .lines()
        .map(|line| serde_json::from_str(line).unwrap())
        .collect()
}

fn root(report: &Value) -> Value {
    let checked = check(&[document(&report.to_string())]).remove(0);
    assert_eq!(checked["problems"], json!([]));
    checked["root"].clone()
}

fn children(node: &Value) -> &[Value] {
    node["children"].as_array().unwrap()
}

/// The test cases of a suite: name, and what became of it.
fn outcomes(suite: &Value) -> Vec<(String, String)> {
    let cases = children(suite).iter().filter(|child| child["tag"] == "testcase");
    cases
        .map(|case| {
            let outcome = children(case).first().map_or("passed", |outcome| outcome["tag"].as_str().unwrap());
            (case["name"].as_str().unwrap().to_owned(), outcome.to_owned())
        })
        .collect()
}

fn passed(root: &Value) -> usize {
    let all = children(root).iter().flat_map(outcomes);
    all.filter(|(_, outcome)| outcome == "passed" || outcome == "system-out").count()
}

#[test]
fn every_document_fits_the_schema() {
    for (name, checked) in REPORTS.iter().zip(check(&REPORTS.map(|name| document(&report(name).to_string()))))
    {
        assert_eq!(checked["problems"], json!([]), "{name}");
    }
}

#[test]
fn the_check_does_refuse_what_does_not_fit() {
    let good = document(&report("poisoned").to_string());
    for (from, to) in [
        (" classname=", " class="),
        ("<failure", "<fault"),
        (" tests=", " count="),
        ("</testsuite>", "x</testsuite>"),
    ] {
        let bad = good
            .replacen(from, to, 1)
            .replace(if from == "<failure" { "</failure>" } else { "\u{0}" }, "</fault>");
        assert_ne!(bad, good);
        assert_ne!(check(&[bad]).remove(0)["problems"], json!([]), "{from}");
    }
}

#[test]
fn a_server_is_a_suite_and_a_rule_a_test_case() {
    let root = root(&report("two-servers"));
    let suites: Vec<&str> = children(&root).iter().map(|suite| suite["name"].as_str().unwrap()).collect();
    assert_eq!(suites, ["files", "remote"]);
    let outcome = |text: &str| {
        outcomes(&children(&root)[0]).into_iter().find(|(name, _)| name.starts_with(text)).unwrap().1
    };
    assert_eq!(outcome("MCP-POI-001"), "passed");
    assert_eq!(outcome("MCP-INJ-003"), "failure");
    assert_eq!(outcomes(&children(&root)[0]).len(), 4);
}

#[test]
fn a_failure_tells_all_findings_of_the_rule() {
    let root = root(&report("two-servers"));
    let case = children(&children(&root)[0])
        .iter()
        .find(|case| case["name"].as_str().unwrap_or_default().starts_with("MCP-INJ-003"));
    let failure = &children(case.unwrap())[0];
    assert_eq!(failure["type"], "low");
    assert!(
        failure["message"].as_str().unwrap().starts_with("2 findings, e.g. `path` is opened"),
        "{failure}"
    );
    let text = failure["text"].as_str().unwrap();
    assert!(text.contains("tool export of files") && text.contains("configs/tools.json:40:5"), "{text}");
}

#[test]
fn what_is_only_worth_knowing_does_not_fail() {
    let root = root(&report("poisoned"));
    let outcomes = outcomes(&children(&root)[0]);
    assert!(
        outcomes.iter().any(|(name, outcome)| name.starts_with("MCP-INJ-003") && outcome == "system-out"),
        "{outcomes:?}"
    );
}

#[test]
fn what_was_set_aside_is_skipped_with_who_and_why() {
    let mut report = report("two-servers");
    let finding = report["findings"][1].clone();
    assert_eq!(finding["rule"], "MCP-INJ-003");
    let entry =
        json!({ "finding": finding, "by": "config", "reason": "only <admins> use it", "owner": "platform" });
    let of = |root: &Value| {
        let cases = children(&children(root)[0]);
        let is = |case: &&Value| case["name"].as_str().unwrap_or_default().starts_with("MCP-INJ-003");
        cases.iter().find(is).unwrap().clone()
    };
    // Beside one that was not set aside it is told, and the test fails as it did.
    report["suppressed"] = json!([entry]);
    let case = of(&root(&report));
    assert_eq!(children(&case)[0]["tag"], "failure");
    assert!(
        children(&case)[0]["text"].as_str().unwrap().contains("set aside by config: only <admins> use it")
    );
    // Alone it neither fails nor passes.
    report["findings"] = json!([]);
    let root = root(&report);
    let case = of(&root);
    assert_eq!(children(&case)[0]["tag"], "skipped");
    let message = children(&case)[0]["message"].as_str().unwrap();
    assert_eq!(message, "1 finding was set aside, by config: only <admins> use it (owner: platform)");
    assert_eq!((&root["failures"], &children(&root)[0]["skipped"]), (&json!("0"), &json!("1")));
}

#[test]
fn a_rule_that_did_not_look_is_an_error_whatever_was_set_aside() {
    let mut report = report("two-servers");
    let finding = report["findings"][1].clone();
    report["findings"] = json!([]);
    report["suppressed"] = json!([{ "finding": finding, "by": "baseline", "reason": "" }]);
    report["not_checked"] = json!([{ "what": "MCP-INJ-003 on server `files`", "component": finding["plugin"]["name"], "code": "fuel", "why": "it ran out" }]);
    let root = root(&report);
    let outcome = outcomes(&children(&root)[0]).into_iter().find(|(name, _)| name.starts_with("MCP-INJ-003"));
    assert_eq!(outcome.unwrap().1, "error");
}

#[test]
fn notices_are_a_suite_without_test_cases() {
    let mut report = report("clean");
    report["notices"] =
        json!([{ "code": "suppression-unused", "what": "`MCP-X-001`", "why": "matches nothing" }]);
    let root = root(&report);
    let suite = children(&root).last().unwrap();
    assert_eq!((&suite["name"], &suite["tests"]), (&json!("notices"), &json!("0")));
    let property = &children(&children(suite)[0])[0];
    assert_eq!(property["value"], "`MCP-X-001`: matches nothing (suppression-unused)");
}

#[test]
fn a_server_that_never_answered_passes_no_test() {
    let root = root(&report("nothing-answered"));
    assert_eq!(passed(&root), 0);
    assert_ne!(root["errors"], "0");
}

#[test]
fn a_rule_whose_component_failed_passes_no_test_and_the_others_only_in_part() {
    let root = root(&report("incomplete"));
    // The prompts were not listed, so no rule saw all of the server.
    assert_eq!(passed(&root), 0);
    let outcomes = outcomes(&children(&root)[0]);
    let of = |text: &str| outcomes.iter().find(|(name, _)| name.starts_with(text)).unwrap().1.as_str();
    assert_eq!(of("MCP-POI-001"), "error");
    assert_eq!(of("MCP-INJ-001"), "skipped");
    assert_eq!(of("not checked: prompts of weather"), "error");
}

#[test]
fn what_belongs_to_no_server_by_name_keeps_every_server_from_passing() {
    let mut report = report("clean");
    report["not_checked"] = json!([{ "what": "whatever this component would have checked", "component": "acme/rules", "code": "trap", "why": "it crashed" }]);
    let root = root(&report);
    assert_eq!(children(&root).last().unwrap()["name"], "not checked");
    assert_eq!(root["errors"], "1");
    report["not_checked"][0]["component"] = Value::Null;
    assert_eq!(passed(&self::root(&report)), 0);
}

#[test]
fn a_run_in_which_no_rule_or_no_server_took_part_has_an_error() {
    for member in ["rules", "servers"] {
        let mut report = report("clean");
        report[member] = json!([]);
        assert_eq!(root(&report)["errors"], "1", "{member}");
    }
}

#[test]
fn servers_that_share_a_name_all_fail() {
    let mut report = report("two-servers");
    report["servers"][1]["name"] = "files".into();
    let root = root(&report);
    let failures: Vec<&Value> = children(&root).iter().map(|suite| &suite["failures"]).collect();
    // The third is the one whose name only a finding knows.
    assert_eq!(failures, ["1", "1", "1"]);
}

#[test]
fn hostile_text_stays_text() {
    let strings = worst::strings();
    let documents: Vec<String> = strings.iter().map(|(_, text)| document(&worst::report(text))).collect();
    for ((attacks, _), (document, checked)) in strings.iter().zip(documents.iter().zip(check(&documents))) {
        assert_eq!(checked["problems"], json!([]), "{attacks}");
        let suites = children(&checked["root"]).len();
        assert!((3..=4).contains(&suites), "{attacks}: {suites} suites");
        assert!(!document.chars().any(|c| c != '\n' && is_hidden(c)), "{attacks}");
        assert_eq!(passed(&checked["root"]), 0, "{attacks}");
    }
}

#[test]
fn a_report_too_large_for_the_host_loses_what_passed_first_and_says_so() {
    let mut report = report("poisoned");
    let server = report["servers"][0].clone();
    let named = |n: usize| {
        let mut server = server.clone();
        server["name"] = format!("server-{n}").into();
        server
    };
    report["servers"] = (0..2_000).map(named).collect();
    let rule = report["rules"][0].clone();
    let numbered = |n: usize| {
        let mut rule = rule.clone();
        rule["id"] = format!("ACME-{n:03}").into();
        rule
    };
    report["rules"] = (0..60).map(numbered).collect();
    let mut finding = report["findings"][0].clone();
    finding["subject"]["server"] = "server-1999".into();
    finding["rule"] = "ACME-059".into();
    report["findings"] = json!([finding]);
    let text = document(&report.to_string());
    assert!(text.len() < 16 << 20, "{}", text.len());
    assert_eq!(text.matches("<failure").count(), 1);
    assert!(text.contains("test cases are left out"));
}

#[test]
fn a_page_to_read() {
    insta::assert_snapshot!(document(&report("incomplete-with-findings").to_string()));
}

#[test]
fn what_is_not_a_report_is_refused() {
    for text in ["", "{}", "{\"schema_version\":\"1\"}"] {
        assert!(JUnit::render("junit", text, &RenderOptions::default()).is_err(), "{text}");
    }
    assert!(JUnit::render("text", &report("clean").to_string(), &RenderOptions::default()).is_err());
}
