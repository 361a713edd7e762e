//! The pack on what real servers are started with. `cargo test -p bartizan-supply-chain --test corpus -- --nocapture`
//! shows what is told.

#![allow(clippy::unwrap_used, reason = "a test that panics has failed, which is what it is for")]

use bartizan_sdk::{check_natively, prelude::*, testing};
use bartizan_supply_chain::SupplyChain;
use serde_json::{Value, json};

/// The recorded servers of this folder: name, and what was presented, with package and version.
fn servers(folder: &str) -> Vec<(String, Value)> {
    let folder = format!("{}/../../../tests/data/corpus/{folder}", env!("CARGO_MANIFEST_DIR"));
    let recordings = testing::recordings(folder).unwrap();
    recordings.into_iter().map(|recording| (recording.name, recording.snapshot)).collect()
}

fn judge(name: &str, snapshot: &Value) -> Vec<Finding> {
    let found = check_natively::<SupplyChain>(&testing::server_from_value(snapshot), None).unwrap();
    for finding in &found {
        let severity = finding.severity.map_or("rule's own", testing::severity_name);
        println!("{severity} {} {name}: {}", finding.rule, finding.message);
    }
    found
}

#[test]
fn honest_servers_as_they_were_recorded_are_silent() {
    for (name, snapshot) in servers("captures") {
        assert_eq!(judge(&name, &snapshot), [], "{name}");
    }
}

#[test]
fn honest_servers_started_as_their_documentation_says_are_told_as_info_at_most() {
    let mut told = 0;
    for (name, mut snapshot) in servers("captures") {
        let Some(package) = snapshot["package"].as_str().map(str::to_owned) else { continue };
        let is_npm = snapshot["command"].to_string().contains("/npm/");
        snapshot["command"] = if is_npm { json!(["npx", "-y", package]) } else { json!(["uvx", package]) };
        let found = judge(&name, &snapshot);
        assert!(found.iter().all(|finding| finding.severity == Some(Severity::Info)), "{name}: {found:#?}");
        told += found.len();
        let version = snapshot["version"].as_str().unwrap().to_owned();
        snapshot["command"] = if is_npm {
            json!(["npx", "-y", format!("{package}@{version}")])
        } else {
            json!(["uvx", format!("{package}=={version}")])
        };
        assert_eq!(judge(&name, &snapshot), [], "{name}");
    }
    assert!(told >= 30, "{told}");
}

#[test]
fn of_the_recorded_attacks_the_disguised_tool_is_told() {
    let found: Vec<(String, Finding)> = servers("captures-malicious")
        .iter()
        .flat_map(|(name, snapshot)| judge(name, snapshot).into_iter().map(|finding| (name.clone(), finding)))
        .collect();
    assert!(
        found
            .iter()
            .any(|(name, finding)| name == "mcptrust-homoglyph-forge"
                && finding.severity == Some(Severity::High)),
        "{found:#?}"
    );
}
