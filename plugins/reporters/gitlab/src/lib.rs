//! The report as a GitLab SAST report (schema 15.2), for `artifacts: reports: sast`.
//!
//! Not for: pipelines without GitLab's vulnerability reports; those take JUnit. The format has no place for a server
//! without a file, so such a finding is at a path that stands for it: see [`location`](location::location). What was
//! not checked is a message of a scan that failed. Read [`document`](document::document) first.

mod document;
mod location;
mod vulnerability;

use bartizan_sdk::{prelude::*, report::Report};

pub use document::document;

/// The reporter that this component exports.
pub struct GitLab;

impl Reporter for GitLab {
    fn info() -> Info {
        Info::new("bartizan/gitlab", env!("CARGO_PKG_VERSION"), "The report as a GitLab SAST report")
    }

    fn formats() -> Vec<Format> {
        // Not "json": a file of that name without a format is the report itself.
        vec![Format::text(
            "gitlab",
            "application/json",
            "gitlab.json",
            "GitLab SAST report, for gl-sast-report.json",
        )]
    }

    fn render(format: &str, report: &str, _options: &RenderOptions) -> Result<Vec<u8>, Failure> {
        if format != "gitlab" {
            return Err(Failure::Unsupported(format!("no such format: {format}")));
        }
        document(&Report::from_json(report)?).map_err(|error| Failure::Other(error.to_string()))
    }
}

bartizan_sdk::export_reporter!(GitLab);
