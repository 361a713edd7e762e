//! The pack on cases in the manner of servers that people use. They were written in rounds, each before any of it was
//! run, and a rule may be widened by what they teach, never fitted to one of them.
//! `cargo test -p bartizan-agent-behaviour --test unseen -- --nocapture` shows what is said.

#![allow(clippy::unwrap_used, reason = "a test that panics has failed, which is what it is for")]

use bartizan_agent_behaviour::AgentBehaviour;
use bartizan_sdk::{check_natively, prelude::*, testing};
use serde_json::Value;

fn cases(kind: &str) -> Vec<Value> {
    let all: Value = serde_json::from_str(include_str!("unseen.json")).unwrap();
    all.get(kind).unwrap().as_array().unwrap().clone()
}

fn check(input: &Value) -> Vec<(String, Severity, String)> {
    let rules = AgentBehaviour::rules();
    let own = |id: &str| rules.iter().find(|rule| rule.id == id).unwrap().severity;
    let found = check_natively::<AgentBehaviour>(&testing::server_from_value(input), None).unwrap();
    found
        .into_iter()
        .map(|finding| {
            let severity = finding.severity.unwrap_or_else(|| own(&finding.rule));
            (finding.rule, severity, format!("{}: {}", finding.subject.name, finding.message))
        })
        .collect()
}

#[test]
fn honest_servers_get_nothing_at_medium() {
    let mut raised = Vec::new();
    for case in cases("honest") {
        for (rule, severity, said) in check(&case) {
            println!("honest {} {rule} {said}", testing::severity_name(severity));
            if severity >= Severity::Medium {
                raised.push(format!("{rule} {said}"));
            }
        }
    }
    assert!(raised.is_empty(), "{raised:#?}");
}

#[test]
fn attacks_are_found() {
    let (mut met, cases) = (0, cases("attacks"));
    for case in &cases {
        let (rule, least) = (case["rule"].as_str().unwrap(), case["least"].as_str().unwrap());
        let found = check(&case["input"]);
        let worst = found.iter().filter(|(found, ..)| found == rule).map(|(_, severity, _)| *severity).max();
        let order = ["info", "low", "medium", "high"];
        let rank = |name: &str| order.iter().position(|one| *one == name).unwrap();
        if worst.is_some_and(|worst| rank(testing::severity_name(worst)) >= rank(least)) {
            met += 1;
        } else {
            println!("missed {rule} at {least}: {worst:?} {:.300} {found:?}", case["input"].to_string());
        }
    }
    println!("{met} of {} attacks", cases.len());
    assert!(met * 100 >= cases.len() * 90, "{met} of {}", cases.len());
}
