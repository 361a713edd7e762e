//! The pack on what real servers present. `cargo test -p bartizan-injection-surface --test corpus -- --nocapture` shows the
//! figures.

#![allow(clippy::unwrap_used, reason = "a test that panics has failed, which is what it is for")]

use bartizan_injection_surface::InjectionSurface;
use bartizan_sdk::{prelude::*, testing};

const HONEST: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../../../tests/data/corpus/captures");
const ATTACKS: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../../../tests/data/corpus/captures-malicious");

/// More findings on one server than a reader looks through.
const TOO_MANY: usize = 100;

fn assert_few(findings: &testing::Findings) {
    for of_one in findings.chunk_by(|one, other| one.path == other.path) {
        let server = of_one.first().map(testing::Raised::recording);
        assert!(of_one.len() <= TOO_MANY, "{} findings on {server:?}", of_one.len());
    }
}

#[test]
fn no_honest_tool_is_raised_to_medium() {
    let findings = testing::check_recordings::<InjectionSurface>(HONEST, Severity::Medium, &[]).unwrap();
    println!("{findings}");
    assert!(!findings.is_empty());
    assert_few(&findings);
}

#[test]
fn every_recorded_attack_server_is_survived() {
    let findings = testing::find_in_recordings::<InjectionSurface>(ATTACKS).unwrap();
    println!("{findings}");
    assert_few(&findings);
}
