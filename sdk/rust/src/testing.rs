//! What a pack's own tests are made of: what it must find, what it must leave alone, and on what.
//!
//! - **Vectors** ([`check_vectors`]): small JSON files, one for each thing that a rule must find or leave alone.
//!   `bartizan plugins test` runs the same files on the component, in its sandbox.
//! - **Cases** ([`check_honest_cases`], [`check_attack_cases`]): many inputs in one file, for measuring how much of what a
//!   rule was never written to it still gets right.
//! - **Recordings** ([`check_recordings`]): a folder of snapshots of real servers, which raise exactly these findings.
//! - [`check_answer`]: whether the host would take these findings; for tests on hostile input.
//!
//! What goes wrong comes as [`Differences`]: which file or case, which rule, what was found, and what to do about it.
//!
//! A vector lies at `<RULE-ID>/positive/<name>.json` or `<RULE-ID>/negative/<name>.json`:
//!
//! ```json
//! {
//!   "why": "one line: what this vector shows",
//!   "input": {"tools": [{"name": "add", "description": "…", "inputSchema": {"type": "object"}}]},
//!   "expect": [{"rule": "ACME-001", "subject": "tool:add", "severity": "high"}]
//! }
//! ```
//!
//! `input` is a snapshot as `bartizan snapshot` saves it, or any part of one. In a *positive* vector `expect` is complete:
//! everything the pack finds at medium or above, whichever rule found it, and everything the folder's own rule finds at
//! any severity. (`severity` may be left out: then it does not count.) In a *negative* vector the folder's rule must
//! stay silent, or at `"at_most": "low"` if the vector says so; what other rules find does not count.
//!
//! ```no_run
//! # use bartizan_sdk::prelude::*;
//! # struct Pack;
//! # impl RulePack for Pack {
//! #     fn info() -> Info { Info::new("a/b", "1.0.0", "") }
//! #     fn rules() -> Vec<Rule> { Vec::new() }
//! #     fn check(_: &Server, _: &Enabled, _: &Config) -> Result<Vec<Finding>, Failure> { Ok(Vec::new()) }
//! # }
//! use bartizan_sdk::testing;
//!
//! // In tests:
//! testing::check_vectors::<Pack>("vectors").unwrap();
//! testing::check_coverage::<Pack>("vectors", 5).unwrap();
//! testing::check_honest_cases::<Pack>("tests/cases.json", Severity::Medium).unwrap();
//! testing::check_attack_cases::<Pack>("tests/cases.json", 90).unwrap();
//! testing::check_recordings::<Pack>("tests/recordings", Severity::Medium, &[]).unwrap();
//! ```

mod answer;
mod cases;
mod differences;
mod found;
mod recordings;
mod snapshot;
mod vectors;

use std::{
    fs, io,
    path::{Path, PathBuf},
};

pub use self::{
    answer::check_answer,
    cases::{Met, check_attack_cases, check_honest_cases},
    differences::Differences,
    found::{Found, found_by, severity_name},
    recordings::{Findings, Raised, Recording, check_recordings, find_in_recordings, recordings},
    snapshot::server_from_value,
    vectors::{
        Outcome, check_coverage, check_coverage_of, check_drift_vectors, check_fleet_vectors, check_vectors,
        coverage, pinned_and_present, run_vectors, servers_of,
    },
};

#[cfg(test)]
mod toy;

/// The JSON files of this folder, by name.
fn json_files(folder: &Path) -> io::Result<Vec<PathBuf>> {
    let mut files = fs::read_dir(folder)?
        .map(|file| Ok(file?.path()))
        .filter(|path| !path.as_ref().is_ok_and(|path| path.extension().is_none_or(|end| end != "json")))
        .collect::<io::Result<Vec<_>>>()?;
    files.sort();
    Ok(files)
}
