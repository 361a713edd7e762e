//! The report as SARIF 2.1.0 (the OASIS standard), in the shape that GitHub code scanning and other services take.
//!
//! Not for: anything that SARIF has no place for; the JSON report is the whole of it. What was not checked has a
//! place: each entry is an error notification of an invocation that was not successful, so that an upload without
//! results is not mistaken for a clean server.
//!
//! Read [`log`](log::log) first: it is the document from the top.

mod location;
mod log;
mod message;
mod notification;
mod result;
mod rule;
mod uri;

use bartizan_sdk::{prelude::*, report::Report};

pub use log::log;

/// The reporter that this component exports.
pub struct Sarif;

impl Reporter for Sarif {
    fn info() -> Info {
        Info::new(
            "bartizan/sarif",
            env!("CARGO_PKG_VERSION"),
            "The report as SARIF 2.1.0, for code scanning services",
        )
    }

    fn formats() -> Vec<Format> {
        vec![Format::text(
            "sarif",
            "application/sarif+json",
            "sarif",
            "SARIF 2.1.0, for code scanning services",
        )]
    }

    fn render(format: &str, report: &str, _options: &RenderOptions) -> Result<Vec<u8>, Failure> {
        if format != "sarif" {
            return Err(Failure::Unsupported(format!("no such format: {format}")));
        }
        let log = log(&Report::from_json(report)?);
        let mut out = serde_json::to_vec_pretty(&log).map_err(|error| Failure::Other(error.to_string()))?;
        out.push(b'\n');
        Ok(out)
    }
}

bartizan_sdk::export_reporter!(Sarif);
