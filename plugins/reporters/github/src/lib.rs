//! The report as workflow commands, which GitHub Actions shows as annotations of a run and of the lines concerned.
//!
//! Not for: code scanning, which keeps findings over time and takes SARIF. This needs no permission and no upload.
//! Whoever writes a line to a step's output can give the runner commands, so every line here is one of ours and what
//! a server said can neither end it nor begin another. Read [`commands`](commands::commands) first.

mod command;
mod commands;

use bartizan_sdk::{prelude::*, report::Report};

pub use commands::commands;

/// The reporter that this component exports.
pub struct GitHub;

impl Reporter for GitHub {
    fn info() -> Info {
        Info::new(
            "bartizan/github",
            env!("CARGO_PKG_VERSION"),
            "The report as annotations of a GitHub Actions run",
        )
    }

    fn formats() -> Vec<Format> {
        // No usual file name: it is read from the step's output.
        vec![Format::text("github", "text/plain; charset=utf-8", "github", "Annotations for GitHub Actions")]
    }

    fn render(format: &str, report: &str, _options: &RenderOptions) -> Result<Vec<u8>, Failure> {
        if format != "github" {
            return Err(Failure::Unsupported(format!("no such format: {format}")));
        }
        Ok(commands(&Report::from_json(report)?).into_bytes())
    }
}

bartizan_sdk::export_reporter!(GitHub);
