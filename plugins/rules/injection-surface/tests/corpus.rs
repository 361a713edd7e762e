//! The pack on what real servers present. `cargo test -p bartizan-injection-surface --test corpus -- --nocapture` shows
//! the figures.

#![allow(clippy::unwrap_used, reason = "a test that panics has failed, which is what it is for")]

use std::{collections::BTreeMap, fs, path::Path};

use bartizan_injection_surface::InjectionSurface;
use bartizan_sdk::{check_natively, prelude::*, testing};

/// Every finding on the recorded servers of this folder, with the server's file.
fn findings(folder: &str) -> Vec<(String, Finding)> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../tests/data/corpus").join(folder);
    let mut files: Vec<_> = fs::read_dir(folder).unwrap().map(|file| file.unwrap().path()).collect();
    files.sort();
    let mut findings = Vec::new();
    for file in files {
        let server =
            testing::server_from_value(&serde_json::from_str(&fs::read_to_string(&file).unwrap()).unwrap());
        let name = file.file_stem().unwrap().to_string_lossy().into_owned();
        let found = check_natively::<InjectionSurface>(&server, None).unwrap();
        assert!(found.len() <= 100, "{name}: more findings than the host takes");
        findings.extend(found.into_iter().map(|finding| (name.clone(), finding)));
    }
    findings
}

fn show(what: &str, findings: &[(String, Finding)]) {
    let mut counts: BTreeMap<(String, &str), usize> = BTreeMap::new();
    for (server, finding) in findings {
        let severity = testing::severity_name(finding.severity.unwrap());
        *counts.entry((finding.rule.clone(), severity)).or_default() += 1;
        println!("{what} {severity} {} {server}/{}: {}", finding.rule, finding.subject.name, finding.message);
    }
    println!("{what}: {counts:#?}");
}

#[test]
fn no_honest_tool_is_raised_to_medium() {
    let findings = findings("captures");
    show("honest", &findings);
    assert!(!findings.is_empty());
    let raised: Vec<_> =
        findings.iter().filter(|(_, finding)| finding.severity >= Some(Severity::Medium)).collect();
    assert!(raised.is_empty(), "{raised:#?}");
}

#[test]
fn every_recorded_attack_server_is_survived() {
    show("malicious", &findings("captures-malicious"));
}
