//! The report for a person at a terminal: what was looked at, what is wrong and why, what was not checked, and one
//! line that sums it up.
//!
//! Not for: programs (they take JSON or SARIF), and not for deciding anything: severities, order and
//! completeness are the report's. It never says that a server is clean unless everything that was asked was checked.
//!
//! Read [`render`](page::render) first: a page is four blocks, and each has a file.

mod findings;
mod page;
mod servers;
mod style;
mod summary;
mod unchecked;
mod wrap;

use bartizan_sdk::{prelude::*, report::Report};

pub use page::render;

/// The reporter that this component exports.
pub struct Text;

impl Reporter for Text {
    fn info() -> Info {
        Info::new("bartizan/text", env!("CARGO_PKG_VERSION"), "The report for a person at a terminal")
    }

    fn formats() -> Vec<Format> {
        vec![Format::text("text", "text/plain; charset=utf-8", "txt", "For a person at a terminal")]
    }

    fn render(format: &str, report: &str, options: &RenderOptions) -> Result<Vec<u8>, Failure> {
        if format != "text" {
            return Err(Failure::Unsupported(format!("no such format: {format}")));
        }
        Ok(render(&Report::from_json(report)?, options).into_bytes())
    }
}

bartizan_sdk::export_reporter!(Text);
