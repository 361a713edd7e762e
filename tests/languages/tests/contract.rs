//! The types of the SDKs are those of the contract.

#![allow(
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::string_slice,
    reason = "a test that cannot go on says where"
)]

use std::{env, fs, path::Path};

use bartizan_languages::{Contract, python, typescript};

fn root() -> &'static Path {
    Path::new(concat!(env!("CARGO_MANIFEST_DIR"), "/../.."))
}

/// Holds a file against what it must be, or writes it if that was asked for.
fn holds(path: &str, wanted: &str) {
    let path = root().join(path);
    if env::var_os("BARTIZAN_BLESS").is_some() {
        fs::write(&path, wanted).unwrap();
    }
    let found = fs::read_to_string(&path).unwrap_or_default();
    assert!(found == wanted, "{} differs from the contract; BARTIZAN_BLESS=1 writes it anew", path.display());
}

#[test]
fn the_types_of_the_python_sdk_are_the_contracts() {
    holds("sdk/python/bartizan_sdk/contract.py", &python(&Contract::read(&root().join("wit")).unwrap()));
}

#[test]
fn the_types_of_the_javascript_sdk_are_the_contracts() {
    holds(
        "sdk/javascript/bartizan-sdk/contract.d.ts",
        &typescript(&Contract::read(&root().join("wit")).unwrap()),
    );
}
