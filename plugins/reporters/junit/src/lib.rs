//! The report as JUnit XML, in the shape that Jenkins' xUnit schema describes and GitLab, Azure and others read: a
//! suite a server, a test case a rule.
//!
//! Not for: details. A test case has one outcome, so all findings of a rule at one server share one failure. What was
//! not checked is an error and never a test that passed; what was set aside is a test that was skipped, with who and why. Read [`suites`](suite::suites) first.

mod case;
mod suite;
mod xml;

use bartizan_sdk::{prelude::*, report::Report};

pub use xml::document;

/// The reporter that this component exports.
pub struct JUnit;

impl Reporter for JUnit {
    fn info() -> Info {
        Info::new("bartizan/junit", env!("CARGO_PKG_VERSION"), "The report as JUnit XML, for CI servers")
    }

    fn formats() -> Vec<Format> {
        vec![Format::text("junit", "application/xml", "xml", "JUnit XML, for CI servers")]
    }

    fn render(format: &str, report: &str, _options: &RenderOptions) -> Result<Vec<u8>, Failure> {
        if format != "junit" {
            return Err(Failure::Unsupported(format!("no such format: {format}")));
        }
        document(&Report::from_json(report)?).map_err(|error| Failure::Other(error.to_string()))
    }
}

bartizan_sdk::export_reporter!(JUnit);
