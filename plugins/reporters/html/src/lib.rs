//! The report as one HTML page: searchable, printable, and complete without a network or JavaScript.
//!
//! Not for: programs. The page holds text that hostile servers wrote, so it trusts none of it: everything is escaped,
//! invisible characters are shown, and a content security policy lets run and load nothing but the one style and the
//! one script that are in it, named by their hashes. Read [`page`](page::page) first: a page is a row of sections, and
//! each has a file.

#![expect(
    clippy::format_push_string,
    reason = "`write!` to a string cannot fail, and a result to ignore at every line of a page hides the page"
)]

mod escape;
mod findings;
mod head;
mod help;
mod page;
mod picture;
mod provenance;
mod rules;
mod servers;
mod summary;
mod unchecked;

use bartizan_sdk::{prelude::*, report::Report};

pub use page::page;

/// The reporter that this component exports.
pub struct Html;

impl Reporter for Html {
    fn info() -> Info {
        Info::new("bartizan/html", env!("CARGO_PKG_VERSION"), "The report as one self-contained page")
    }

    fn formats() -> Vec<Format> {
        vec![Format::text("html", "text/html; charset=utf-8", "html", "One self-contained page, for people")]
    }

    fn render(format: &str, report: &str, _options: &RenderOptions) -> Result<Vec<u8>, Failure> {
        if format != "html" {
            return Err(Failure::Unsupported(format!("no such format: {format}")));
        }
        Ok(page(&Report::from_json(report)?).into_bytes())
    }
}

bartizan_sdk::export_reporter!(Html);
