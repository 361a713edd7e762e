//! The pack on what real servers present. `cargo test -p bartizan-protocol --test corpus -- --nocapture` shows the
//! figures.

#![allow(clippy::unwrap_used, reason = "a test that panics has failed, which is what it is for")]

use bartizan_protocol::Protocol;
use bartizan_sdk::{prelude::*, testing};
use serde_json::{Value, json};

const HONEST: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../../../tests/data/corpus/captures");
const ATTACKS: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../../../tests/data/corpus/captures-malicious");

/// Every finding on the recorded servers of this folder.
fn findings(folder: &str) -> testing::Findings {
    let servers = testing::recordings(folder).unwrap().into_iter().map(|recording| {
        let mut server = recording.server();
        server.observations.extend(heard(&recording.snapshot));
        (recording.path, server)
    });
    let findings = testing::Findings::of::<Protocol>(servers).unwrap();
    println!("{findings}");
    findings
}

/// What the host makes of a recording's errors and noise.
fn heard(snapshot: &Value) -> Vec<Observation> {
    let mut heard = Vec::new();
    let mut tell = |kind: &str, about: &str, detail: &Value| {
        heard.push(Observation::new(kind, about, detail.to_string()));
    };
    for (method, error) in snapshot["errors"].as_object().into_iter().flatten() {
        tell("list-error", method, error);
    }
    if let Some([first, rest @ ..]) = snapshot["stdoutNoise"].as_array().map(Vec::as_slice) {
        tell("stdout-noise", "", &json!({ "lines": rest.len() + 1, "first": first }));
    }
    for message in snapshot["fromServer"].as_array().into_iter().flatten() {
        let kind = if message.get("id").is_some() { "server-request" } else { "notification" };
        tell(kind, message["method"].as_str().unwrap_or_default(), &json!({ "count": 1 }));
    }
    heard
}

#[test]
fn no_honest_server_is_raised_above_low() {
    let findings = findings(HONEST);
    findings.exactly(Severity::Medium, &[]).unwrap();
    // Noise on stdout is the one thing that honest servers of this corpus do.
    assert!(findings.iter().all(|raised| raised.found.rule == "MCP-PROTO-002"));
}

#[test]
fn every_recorded_attack_server_is_survived() {
    findings(ATTACKS);
}
