//! Components that misbehave, and signatures that do not hold, each through the real program: the run ends in time, the other
//! components' findings are all there, the report names the component and what befell it, and the exit code says so.

#![allow(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    clippy::panic,
    clippy::string_slice,
    reason = "all of it is tests, and helpers outside of `#[test]` are not known to be"
)]

#[path = "hostile_components/behaviour.rs"]
mod behaviour;
#[path = "hostile_components/grants.rs"]
mod grants;
#[path = "hostile_components/reporters.rs"]
mod reporters;
#[path = "hostile_components/shape.rs"]
mod shape;
#[path = "hostile_components/signature.rs"]
mod signature;

use std::{
    path::{Path, PathBuf},
    sync::OnceLock,
    time::Duration,
};

use bartizan_tests::{Bartizan, Publisher, Run, root};

/// A listing in which the first-party components find something.
fn listing() -> PathBuf {
    root().join("tests/data/listings/poisoned.json")
}

/// What is found there when nobody interferes.
fn undisturbed() -> &'static [String] {
    static FOUND: OnceLock<Vec<String>> = OnceLock::new();
    FOUND.get_or_init(|| {
        let run = Bartizan::new().scan([listing()]).expect_code(1);
        assert!(run.found().iter().any(|found| found == "MCP-PROTO-001 tool:add"), "{:?}", run.found());
        assert!(run.not_checked().is_empty());
        run.found()
    })
}

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

/// Scans the listing so that findings do not decide the exit code.
fn scan(user: &Bartizan, more: &[&str]) -> Run {
    let listing = listing();
    let mut args = vec!["--fail-on", "critical", listing.to_str().unwrap()];
    args.extend(more);
    user.scan(args)
}

/// What every case promises: an end in time, everybody else's findings, the component named with this code, this exit code.
#[track_caller]
fn fails_alone(run: Run, component: &str, code: &str, exit: i32) {
    assert!(run.took < Duration::from_mins(1), "it took {:?}", run.took);
    let run = run.expect_code(exit);
    assert_eq!(run.found(), undisturbed(), "findings of others changed");
    assert_eq!(run.not_checked(), [format!("{component} {code}")], "{:#}", run.json()["not_checked"]);
    // A person reads of it too, with the component's name.
    let why = run.json()["not_checked"][0]["why"].as_str().unwrap().to_owned();
    assert!(!why.contains('\u{1b}'), "{why}");
}

fn shown(path: &Path) -> String {
    path.display().to_string()
}
