//! The pack on what real servers present. `cargo test -p bartizan-data-and-load --test corpus -- --nocapture` shows the
//! figures.

#![allow(clippy::unwrap_used, reason = "a test that panics has failed, which is what it is for")]

use std::fs;

use bartizan_data_and_load::DataAndLoad;
use bartizan_sdk::{prelude::*, testing};

const HONEST: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../../../tests/data/corpus/captures");
const ATTACKS: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../../../tests/data/corpus/captures-malicious");

/// Descriptions that were collected because detectors take them for attacks.
const HARD: &str =
    concat!(env!("CARGO_MANIFEST_DIR"), "/../../../tests/data/corpus/hard-negatives/detect_corpus_v1.json");

#[test]
fn honest_servers_are_left_in_peace() {
    // The reference server for testing clients shows its whole environment, and says so.
    let expected = ["server-everything: medium MCP-DATA-002 on tool:get-env"];
    let findings = testing::check_recordings::<DataAndLoad>(HONEST, Severity::Medium, &expected).unwrap();
    println!("{findings}");
    assert!(findings.len() <= 8, "an alarm a server is too many");
}

#[test]
fn every_recorded_attack_server_is_survived() {
    println!("{}", testing::find_in_recordings::<DataAndLoad>(ATTACKS).unwrap());
}

#[test]
fn honest_texts_that_look_like_attacks_stay_below_medium() {
    let cases: serde_json::Value = serde_json::from_str(&fs::read_to_string(HARD).unwrap()).unwrap();
    let honest = cases["entries"].as_array().unwrap().iter().filter(|case| case["label"] == "benign");
    let tools: Vec<_> = honest.map(|case| case["tool"].clone()).collect();
    assert!(tools.len() > 20);
    let server = testing::server_from_value(&serde_json::json!({ "tools": tools }));
    let findings = testing::Findings::of::<DataAndLoad>([(HARD, server)]).unwrap();
    println!("{findings}");
    findings.exactly(Severity::Medium, &[]).unwrap();
}
