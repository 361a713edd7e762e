//! Whole outputs, read as the runner reads them.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::indexing_slicing,
    reason = "a test that panics has failed, which is what it is for"
)]

use std::collections::BTreeMap;

use bartizan_reporter_github::GitHub;
use bartizan_sdk::{prelude::*, report::is_hidden};
use serde_json::{Value, json};

#[path = "../../html/tests/worst/mod.rs"]
mod worst;

fn report(name: &str) -> Value {
    let path = format!("{}/../text/tests/data/{name}.json", env!("CARGO_MANIFEST_DIR"));
    serde_json::from_str(&std::fs::read_to_string(path).unwrap()).unwrap()
}

fn output(report: &str) -> String {
    String::from_utf8(GitHub::render("github", report, &RenderOptions::default()).unwrap()).unwrap()
}

#[derive(Debug)]
struct Command {
    name: String,
    properties: BTreeMap<String, String>,
    message: String,
}

/// What the runner makes of a step's output: a line that begins with `::` (after blanks) is a command, and so is any
/// line that holds `##[`, unless it was one of the first kind.
fn commands(output: &str) -> Vec<Command> {
    output.split(['\n', '\r']).filter(|line| !line.is_empty()).map(command).collect()
}

fn command(line: &str) -> Command {
    let inner = line.trim_start().strip_prefix("::").expect("every line is a command");
    let (head, message) = inner.split_once("::").unwrap();
    let (name, properties) = head.split_once(' ').unwrap_or((head, ""));
    let unescape = |text: &str| {
        text.replace("%0D", "\r")
            .replace("%0A", "\n")
            .replace("%3A", ":")
            .replace("%2C", ",")
            .replace("%25", "%")
    };
    let properties = properties.split(',').filter_map(|pair| pair.split_once('='));
    Command {
        name: name.to_owned(),
        properties: properties.map(|(key, value)| (key.to_owned(), unescape(value))).collect(),
        message: message.replace("%0D", "\r").replace("%0A", "\n").replace("%25", "%"),
    }
}

#[test]
fn a_poisoned_server() {
    insta::assert_snapshot!(output(&report("poisoned").to_string()));
}

#[test]
fn findings_and_gaps_together() {
    insta::assert_snapshot!(output(&report("incomplete-with-findings").to_string()));
}

#[test]
fn a_clean_server() {
    insta::assert_snapshot!(output(&report("clean").to_string()));
}

#[test]
fn a_finding_in_a_file_is_at_its_line() {
    let commands = commands(&output(&report("two-servers").to_string()));
    let found = commands.iter().find(|command| command.properties.contains_key("file")).unwrap();
    assert_eq!(found.name, "notice");
    let at = ["file", "line", "col"].map(|key| found.properties[key].as_str());
    assert_eq!(at, ["configs/tools.json", "12", "5"]);
}

#[test]
fn what_was_not_checked_is_the_first_error() {
    for name in ["incomplete", "incomplete-with-findings", "nothing-answered", "hostile"] {
        let commands = commands(&output(&report(name).to_string()));
        assert_eq!(commands[0].name, "error", "{name}");
        assert!(commands[0].properties["title"].contains("not checked"), "{name}");
        assert!(
            !commands.iter().any(|command| command.properties["title"].contains("No findings")),
            "{name}"
        );
    }
    for member in ["rules", "servers"] {
        let mut report = report("clean");
        report[member] = json!([]);
        assert_eq!(commands(&output(&report.to_string()))[0].name, "error", "{member}");
    }
}

#[test]
fn what_was_set_aside_is_one_notice_with_the_count() {
    let mut report = report("poisoned");
    let finding = report["findings"].as_array_mut().unwrap().remove(0);
    let entry = json!({ "finding": finding, "by": "config", "reason": "the gateway filters it" });
    report["suppressed"] = json!([entry, entry]);
    report["notices"] =
        json!([{ "code": "suppression-unused", "what": "`MCP-X-001`", "why": "matches nothing" }]);
    let commands = commands(&output(&report.to_string()));
    let aside: Vec<&Command> =
        commands.iter().filter(|command| command.properties["title"].contains("set aside")).collect();
    assert_eq!(aside.len(), 1, "{commands:?}");
    assert_eq!(
        (aside[0].name.as_str(), aside[0].properties["title"].as_str()),
        ("notice", "Bartizan: 2 findings set aside")
    );
    assert!(aside[0].message.contains("`MCP-X-001`: matches nothing"), "{:?}", aside[0]);
    // What was set aside is no annotation that fails anybody.
    assert!(!commands.iter().any(|command| command.properties["title"].starts_with("CRITICAL")));
}

#[test]
fn hostile_text_gives_the_runner_no_command_of_its_own() {
    for (attacks, text) in worst::strings() {
        let output = output(&worst::report(&text));
        let commands = commands(&output);
        // Six findings, the gaps, the summary, what was set aside.
        assert_eq!(commands.len(), 9, "{attacks}: {output}");
        for command in &commands {
            assert!(
                ["error", "warning", "notice"].contains(&command.name.as_str()),
                "{attacks}: {command:?}"
            );
            let known = ["title", "file", "line", "col"];
            assert!(
                command.properties.keys().all(|key| known.contains(&key.as_str())),
                "{attacks}: {command:?}"
            );
            if let Some(line) = command.properties.get("line") {
                assert_eq!(line, "7", "{attacks}");
            }
        }
        assert!(!output.chars().any(|c| c != '\n' && is_hidden(c)), "{attacks}");
    }
}

#[test]
fn a_text_that_looks_escaped_is_shown_as_it_is() {
    let text = "%0A::error title=x::owned";
    let commands = commands(&output(&worst::report(text)));
    assert!(commands[3].message.contains(text), "{:?}", commands[3]);
}

#[test]
fn more_findings_than_a_log_should_hold_are_counted() {
    let mut report = report("poisoned");
    let low = report["findings"][5].clone();
    report["findings"] = vec![low; 5_000].into();
    let commands = commands(&output(&report.to_string()));
    assert!(commands.len() < 150);
    assert!(
        commands[0].message.contains("Of 5000 findings at level notice, 4900 are not in this output"),
        "{:?}",
        commands[0]
    );
}

#[test]
fn what_is_not_a_report_is_refused() {
    for text in ["", "{}", "{\"schema_version\":\"1\"}"] {
        assert!(GitHub::render("github", text, &RenderOptions::default()).is_err(), "{text}");
    }
    assert!(GitHub::render("text", &report("clean").to_string(), &RenderOptions::default()).is_err());
}
