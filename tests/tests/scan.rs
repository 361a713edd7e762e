//! The program as its user sees it: servers and files in; exit codes, reports and warnings out.

#![allow(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    clippy::panic,
    clippy::string_slice,
    reason = "all of it is tests, and helpers outside of `#[test]` are not known to be"
)]

#[path = "scan/authoring.rs"]
mod authoring;
#[path = "scan/cache.rs"]
mod cache;
#[path = "scan/commands.rs"]
mod commands;
#[path = "scan/ending.rs"]
mod ending;
#[path = "scan/files.rs"]
mod files;
#[path = "scan/hostile_servers.rs"]
mod hostile_servers;
#[path = "scan/output.rs"]
mod output;
#[path = "scan/pages.rs"]
mod pages;
#[path = "scan/real_servers.rs"]
mod real_servers;
#[path = "scan/selection.rs"]
mod selection;
#[path = "scan/terminal.rs"]
mod terminal;
#[path = "scan/usage.rs"]
mod usage;

use bartizan_tests::{fixture, root};

/// A small listing with findings up to high.
fn poisoned() -> String {
    root().join("tests/data/listings/poisoned.json").to_str().unwrap().to_owned()
}

/// The command that starts a mode of `hostile.py`.
fn hostile(mode: &str) -> Vec<String> {
    ["--", "python3", &fixture("hostile.py"), mode].map(str::to_owned).to_vec()
}
