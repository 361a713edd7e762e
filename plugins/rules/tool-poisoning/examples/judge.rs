//! Judges a file of cases natively: `cargo run -p bartizan-tool-poisoning --example judge -- CASES.json [--all]`.
//!
//! The file is an array of `{"id": "…", "attack": true, "input": SNAPSHOT}`; what is missed and what is falsely flagged
//! (medium or above) is listed, then counted. For looking at new cases; the vectors are what must hold.

use std::{error::Error, fs};

use bartizan_sdk::{
    check_natively,
    testing::{server_from_value, severity_name},
    types::{Failure, Severity},
};
use bartizan_tool_poisoning::Pack;
use serde_json::Value;

fn main() -> Result<(), Box<dyn Error>> {
    let path = std::env::args().nth(1).ok_or("usage: judge CASES.json [--all]")?;
    let all = std::env::args().any(|argument| argument == "--all");
    let cases: Vec<Value> = serde_json::from_str(&fs::read_to_string(path)?)?;
    let (mut attacks, mut caught, mut honest, mut flagged, mut high) = (0, 0, 0, 0, 0);
    for case in &cases {
        let attack = case.get("attack").and_then(Value::as_bool).ok_or("\"attack\" is missing")?;
        let input = case.get("input").ok_or("\"input\" is missing")?;
        let found =
            check_natively::<Pack>(&server_from_value(input), None).map_err(|failure| match failure {
                Failure::InvalidConfig(why) | Failure::Unsupported(why) | Failure::Other(why) => why,
            })?;
        let worst = found.iter().map(|finding| finding.severity.unwrap_or(Severity::High)).max();
        let hit = worst.is_some_and(|worst| worst >= Severity::Medium);
        attacks += usize::from(attack);
        caught += usize::from(attack && hit);
        honest += usize::from(!attack);
        flagged += usize::from(!attack && hit);
        high += usize::from(!attack && worst.is_some_and(|worst| worst >= Severity::High));
        if hit != attack || all {
            let verdict = if attack { "MISSED " } else { "FALSE  " };
            let id = case.get("id").and_then(Value::as_str).unwrap_or("?");
            println!("{} {id}: {input}", if hit == attack { "ok     " } else { verdict });
            for finding in found {
                let severity = severity_name(finding.severity.unwrap_or(Severity::High));
                println!("        {severity} {} {}", finding.rule, finding.message);
                for piece in &finding.evidence {
                    println!("            {}: {}", piece.label, piece.text);
                }
            }
        }
    }
    println!("attacks {caught}/{attacks}, honest flagged {flagged}/{honest} ({high} at high)");
    Ok(())
}
