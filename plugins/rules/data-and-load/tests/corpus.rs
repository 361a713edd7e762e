//! The pack on what real servers present. `cargo test -p bartizan-data-and-load --test corpus -- --nocapture` shows the
//! figures.

#![allow(clippy::unwrap_used, reason = "a test that panics has failed, which is what it is for")]

use std::{fs, path::Path};

use bartizan_data_and_load::DataAndLoad;
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
        let server = testing::server_from_value(&snapshot);
        let name = file.file_stem().unwrap().to_string_lossy().into_owned();
        let found = check_natively::<DataAndLoad>(&server, None).unwrap();
        findings.extend(found.into_iter().map(|finding| (name.clone(), finding)));
    }
    for (server, finding) in &findings {
        let severity = testing::severity_name(finding.severity.unwrap_or(Severity::Low));
        println!("{severity} {} {server}/{}: {}", finding.rule, finding.subject.name, finding.message);
    }
    findings
}

#[test]
fn honest_servers_are_left_in_peace() {
    let findings = findings("captures");
    let raised: Vec<_> = findings
        .iter()
        .filter(|(_, finding)| finding.severity.is_some_and(|is| is > Severity::Low))
        .collect();
    println!("{} findings, {} above low", findings.len(), raised.len());
    // The reference server for testing clients shows its whole environment, and says so.
    let names: Vec<_> =
        raised.iter().map(|(server, finding)| (server.as_str(), finding.subject.name.as_str())).collect();
    assert_eq!(names, [("server-everything", "get-env")]);
    assert!(raised.iter().all(|(_, finding)| finding.severity == Some(Severity::Medium)));
    assert!(findings.len() <= 8, "an alarm a server is too many");
}

#[test]
fn every_recorded_attack_server_is_survived() {
    findings("captures-malicious");
}

#[test]
fn honest_texts_that_look_like_attacks_stay_below_medium() {
    let file = Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("../../../tests/data/corpus/hard-negatives/detect_corpus_v1.json");
    let cases: serde_json::Value = serde_json::from_str(&fs::read_to_string(file).unwrap()).unwrap();
    let honest = cases["entries"].as_array().unwrap().iter().filter(|case| case["label"] == "benign");
    let tools: Vec<_> = honest.map(|case| case["tool"].clone()).collect();
    assert!(tools.len() > 20);
    let server = testing::server_from_value(&serde_json::json!({ "tools": tools }));
    let found = check_natively::<DataAndLoad>(&server, None).unwrap();
    for finding in &found {
        println!("{:?} {} {}: {}", finding.severity, finding.rule, finding.subject.name, finding.message);
    }
    assert!(found.iter().all(|finding| finding.severity < Some(Severity::Medium)), "{found:#?}");
}
