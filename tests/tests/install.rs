//! From a package to an installed component and back, each step through the real program, and everything that must not pass.

#![allow(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    clippy::panic,
    clippy::string_slice,
    reason = "all of it is tests, and helpers outside of `#[test]` are not known to be"
)]

#[path = "install/attacks.rs"]
mod attacks;
#[path = "install/bundles.rs"]
mod bundles;
#[path = "install/durability.rs"]
mod durability;
#[path = "install/registries.rs"]
mod registries;
#[path = "install/repositories.rs"]
mod repositories;
#[path = "install/way.rs"]
mod way;

use std::{
    path::{Path, PathBuf},
    sync::OnceLock,
};

use bartizan_registry::Claims;
use bartizan_tests::{Bartizan, Publisher, Run, hostile_component, root};

/// The component that is installed: two rules, HOSTILE-001 and -002, and honest unless it is configured otherwise.
const ID: &str = "hostile/by-config";

/// A user whose compiled code is kept where the other cases find it too: compiling is most of what a case costs.
fn user() -> Bartizan {
    static CACHE: OnceLock<tempfile::TempDir> = OnceLock::new();
    Bartizan::new().with_cache(CACHE.get_or_init(|| tempfile::tempdir().unwrap()).path())
}

/// A user who trusts the publisher `hostile`.
fn trusting() -> (Bartizan, Publisher) {
    let (user, publisher) = (user(), Publisher::new());
    publisher.trusted_by(&user, "hostile");
    (user, publisher)
}

fn component() -> Vec<u8> {
    hostile_component("by-config")
}

fn claims(version: &str, sequence: u64) -> Claims {
    Claims { version: version.parse().unwrap(), sequence, ..Publisher::claims(ID) }
}

fn install(user: &Bartizan, what: &Path) -> Run {
    user.run([Path::new("plugins"), Path::new("install"), what])
}

/// The version that is installed and loads, by `plugins list`.
fn version(user: &Bartizan, id: &str) -> Option<String> {
    let list = user.run(["plugins", "list"]);
    let mut rows = list.text().lines().map(str::split_whitespace);
    let mut row = rows.find(|row| row.clone().next() == Some(id))?;
    row.nth(1).map(str::to_owned)
}

/// What was said, without the line breaks that the terminal's width brings.
fn flat(said: &str) -> String {
    said.replace("│ ", "").split_whitespace().collect::<Vec<_>>().join(" ")
}

fn listing() -> PathBuf {
    root().join("tests/data/listings/poisoned.json")
}
