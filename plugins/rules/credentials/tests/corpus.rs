//! The pack on what real servers present. `cargo test -p bartizan-credentials --test corpus -- --nocapture` shows the
//! figures.

#![allow(clippy::unwrap_used, reason = "a test that panics has failed, which is what it is for")]

use std::{collections::BTreeMap, fs, path::Path};

use bartizan_credentials::Credentials;
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
        let found = check_natively::<Credentials>(&server, None).unwrap();
        findings.extend(found.into_iter().map(|finding| (name.clone(), finding)));
    }
    findings
}

fn severity(finding: &Finding) -> Severity {
    let rules = Credentials::rules();
    let own = rules.iter().find(|rule| rule.id == finding.rule).map(|rule| rule.severity);
    finding.severity.or(own).unwrap()
}

fn show(what: &str, findings: &[(String, Finding)]) {
    let mut counts: BTreeMap<(String, &str), usize> = BTreeMap::new();
    for (server, finding) in findings {
        let severity = testing::severity_name(severity(finding));
        *counts.entry((finding.rule.clone(), severity)).or_default() += 1;
        println!("{what} {severity} {} {server}/{}: {}", finding.rule, finding.subject.name, finding.message);
    }
    println!("{what}: {counts:#?}");
}

#[test]
fn no_honest_server_is_raised_to_medium() {
    let findings = findings("captures");
    show("honest", &findings);
    let raised: Vec<_> =
        findings.iter().filter(|(_, finding)| severity(finding) >= Severity::Medium).collect();
    assert!(raised.is_empty(), "{raised:#?}");
}

#[test]
fn servers_made_to_ask_for_credentials_are_found() {
    let findings = findings("captures-malicious");
    show("malicious", &findings);
    let asks = |server: &str, tool: &str| {
        findings.iter().any(|(name, finding)| {
            name == server
                && finding.rule == "MCP-AUTH-003"
                && finding.subject.name == tool
                && severity(finding) >= Severity::Low
        })
    };
    assert!(asks("cisco-stdio_example", "data_exfiltrator"));
    assert!(asks("dvmcp-c10", "authenticate"));
}
