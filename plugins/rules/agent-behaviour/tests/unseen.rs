//! The pack on cases in the manner of servers that people use. They were written in rounds, each before any of it was
//! run, and a rule may be widened by what they teach, never fitted to one of them.
//! `cargo test -p bartizan-agent-behaviour --test unseen -- --nocapture` shows what is said.

#![allow(clippy::unwrap_used, reason = "a test that panics has failed, which is what it is for")]

use bartizan_agent_behaviour::AgentBehaviour;
use bartizan_sdk::{prelude::*, testing};

const CASES: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/unseen.json");

#[test]
fn honest_servers_get_nothing_at_medium() {
    println!("{}", testing::check_honest_cases::<AgentBehaviour>(CASES, Severity::Medium).unwrap());
}

#[test]
fn attacks_are_found() {
    println!("{}", testing::check_attack_cases::<AgentBehaviour>(CASES, 90).unwrap());
}
