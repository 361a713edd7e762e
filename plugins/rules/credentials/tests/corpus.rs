//! The pack on what real servers present. `cargo test -p bartizan-credentials --test corpus -- --nocapture` shows the
//! figures.

#![allow(clippy::unwrap_used, reason = "a test that panics has failed, which is what it is for")]

use bartizan_credentials::Credentials;
use bartizan_sdk::{prelude::*, testing};

const HONEST: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../../../tests/data/corpus/captures");
const ATTACKS: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../../../tests/data/corpus/captures-malicious");

#[test]
fn no_honest_server_is_raised_to_medium() {
    println!("{}", testing::check_recordings::<Credentials>(HONEST, Severity::Medium, &[]).unwrap());
}

#[test]
fn servers_made_to_ask_for_credentials_are_found() {
    let findings = testing::find_in_recordings::<Credentials>(ATTACKS).unwrap();
    println!("{findings}");
    let asks = |server: &str, tool: &str| {
        findings.iter().any(|raised| {
            raised.recording() == server
                && raised.found.rule == "MCP-AUTH-003"
                && raised.found.subject == format!("tool:{tool}")
                && raised.found.severity >= Severity::Low
        })
    };
    assert!(asks("cisco-stdio_example", "data_exfiltrator"));
    assert!(asks("dvmcp-c10", "authenticate"));
}
