//! The pack on what real servers present. `cargo test -p bartizan-agent-behaviour --test corpus -- --nocapture` shows the
//! figures.

#![allow(clippy::unwrap_used, reason = "a test that panics has failed, which is what it is for")]

use bartizan_agent_behaviour::AgentBehaviour;
use bartizan_sdk::{prelude::*, testing};

const HONEST: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../../../tests/data/corpus/captures");
const ATTACKS: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../../../tests/data/corpus/captures-malicious");

#[test]
fn no_honest_server_is_raised_to_medium() {
    println!("{}", testing::check_recordings::<AgentBehaviour>(HONEST, Severity::Medium, &[]).unwrap());
}

#[test]
fn every_recorded_attack_server_is_survived() {
    println!("{}", testing::find_in_recordings::<AgentBehaviour>(ATTACKS).unwrap());
}
