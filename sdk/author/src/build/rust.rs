//! Rust: cargo makes a core module whose only imports are the contract's.

use std::process::Command;

use bartizan_pack::{BuildOptions, Crate};

use crate::{AuthorError, Language};

const TARGET: &str = "wasm32-unknown-unknown";

pub(super) fn build(krate: &Crate) -> Result<Vec<u8>, AuthorError> {
    check_target()?;
    let components = bartizan_pack::build(std::slice::from_ref(krate), BuildOptions { profile: "release" })?;
    components.into_iter().next().ok_or_else(|| AuthorError::NoComponent("cargo made none".to_owned()))
}

/// Cargo's own words about a missing target fill a screen.
fn check_target() -> Result<(), AuthorError> {
    // Another compiler may stand in for rustup's; what it lacks it says itself.
    if std::env::var_os("BARTIZAN_COMPONENT_RUSTC").is_some() {
        return Ok(());
    }
    let missing =
        |tool, install: &str| AuthorError::NoTool { tool, language: Language::Rust, install: install.into() };
    let output = Command::new("rustc")
        .args(["--print", "target-libdir", "--target", TARGET])
        .output()
        .map_err(|_| missing("rustc", "install Rust with rustup"))?;
    let folder = String::from_utf8_lossy(&output.stdout);
    if output.status.success() && std::path::Path::new(folder.trim()).is_dir() {
        return Ok(());
    }
    Err(missing("wasm32-unknown-unknown target", "rustup target add wasm32-unknown-unknown"))
}
