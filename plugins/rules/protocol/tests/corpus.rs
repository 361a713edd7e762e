//! The pack on what real servers present. `cargo test -p bartizan-protocol --test corpus -- --nocapture` shows the
//! figures.

#![allow(clippy::unwrap_used, reason = "a test that panics has failed, which is what it is for")]

use std::{fs, path::Path};

use bartizan_protocol::Protocol;
use bartizan_sdk::{check_natively, prelude::*, testing};

/// Every finding on the recorded servers of this folder, with the server's file.
fn findings(folder: &str) -> Vec<(String, Finding)> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../tests/data/corpus").join(folder);
    let mut files: Vec<_> = fs::read_dir(folder).unwrap().map(|file| file.unwrap().path()).collect();
    files.sort();
    assert!(!files.is_empty());
    let mut findings = Vec::new();
    for file in files {
        let snapshot = serde_json::from_str(&fs::read_to_string(&file).unwrap()).unwrap();
        let mut server = testing::server_from_value(&snapshot);
        server.observations.extend(heard(&snapshot));
        let name = file.file_stem().unwrap().to_string_lossy().into_owned();
        let found = check_natively::<Protocol>(&server, None).unwrap();
        findings.extend(found.into_iter().map(|finding| (name.clone(), finding)));
    }
    for (server, finding) in &findings {
        let severity = testing::severity_name(finding.severity.unwrap_or(Severity::Low));
        println!("{severity} {} {server}/{}: {}", finding.rule, finding.subject.name, finding.message);
    }
    findings
}

/// What the host makes of a recording's errors and noise.
fn heard(snapshot: &serde_json::Value) -> Vec<Observation> {
    let mut heard = Vec::new();
    let mut tell = |kind: &str, about: &str, detail: serde_json::Value| {
        heard.push(Observation { kind: kind.into(), about: about.into(), detail: detail.to_string() });
    };
    for (method, error) in snapshot["errors"].as_object().into_iter().flatten() {
        tell("list-error", method, error.clone());
    }
    if let Some([first, rest @ ..]) = snapshot["stdoutNoise"].as_array().map(Vec::as_slice) {
        tell("stdout-noise", "", serde_json::json!({ "lines": rest.len() + 1, "first": first }));
    }
    for message in snapshot["fromServer"].as_array().into_iter().flatten() {
        let kind = if message.get("id").is_some() { "server-request" } else { "notification" };
        tell(kind, message["method"].as_str().unwrap_or_default(), serde_json::json!({ "count": 1 }));
    }
    heard
}

#[test]
fn no_honest_server_is_raised_above_low() {
    let findings = findings("captures");
    let raised: Vec<_> = findings
        .iter()
        .filter(|(_, finding)| finding.severity.is_some_and(|is| is > Severity::Low))
        .collect();
    assert!(raised.is_empty(), "{raised:#?}");
    // Noise on stdout is the one thing that honest servers of this corpus do.
    let other = findings.iter().filter(|(_, finding)| finding.rule != "MCP-PROTO-002");
    assert_eq!(other.count(), 0);
}

#[test]
fn every_recorded_attack_server_is_survived() {
    findings("captures-malicious");
}
