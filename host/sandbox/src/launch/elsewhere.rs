//! Systems without a sandbox: nothing is ever started through a launcher there.

use std::{ffi::OsString, process::ExitCode};

/// Refuses: [`Policy::prepare`](crate::Policy::prepare) names no launcher on this system.
pub fn launch(_arguments: impl IntoIterator<Item = OsString>) -> ExitCode {
    eprintln!("bartizan: {}", crate::Error::Unsupported);
    ExitCode::from(125)
}
