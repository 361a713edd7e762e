//! The report as Markdown, for a comment on a pull request, a job's summary or a wiki page.
//!
//! Not for: the whole of a large report. A comment holds 65,536 characters, so this stays below that, worst first, and
//! says how much it leaves out. Hostile text is text in it: see [`bartizan_sdk::report::markdown`]. Read
//! [`page`](page::page) first.

mod findings;
mod page;
mod summary;

use bartizan_sdk::{prelude::*, report::Report};

pub use page::page;

/// The reporter that this component exports.
pub struct Markdown;

impl Reporter for Markdown {
    fn info() -> Info {
        Info::new(
            "bartizan/markdown",
            env!("CARGO_PKG_VERSION"),
            "The report as Markdown, for pull requests and wikis",
        )
    }

    fn formats() -> Vec<Format> {
        vec![Format::text("markdown", "text/markdown; charset=utf-8", "md", "For pull requests and wikis")]
    }

    fn render(format: &str, report: &str, _options: &RenderOptions) -> Result<Vec<u8>, Failure> {
        if format != "markdown" {
            return Err(Failure::Unsupported(format!("no such format: {format}")));
        }
        Ok(page(&Report::from_json(report)?).into_bytes())
    }
}

bartizan_sdk::export_reporter!(Markdown);
