//! The report as CSV (RFC 4180): one row for each thing that was not checked, then one for each finding, for each that
//! somebody set aside and for each notice; `kind` tells which.
//!
//! Not for: people who read one report; it is for spreadsheets and for joining reports. What a server said must not
//! run there, so no cell begins as a formula: see [`cell`](cell::cell). Read [`table`](table::table) first.

mod cell;
mod table;

use bartizan_sdk::{prelude::*, report::Report};

pub use table::{COLUMNS, table};

/// The reporter that this component exports.
pub struct Csv;

impl Reporter for Csv {
    fn info() -> Info {
        Info::new("bartizan/csv", env!("CARGO_PKG_VERSION"), "The report as CSV, one row a finding")
    }

    fn formats() -> Vec<Format> {
        vec![Format::text("csv", "text/csv; charset=utf-8", "csv", "One row a finding, for spreadsheets")]
    }

    fn render(format: &str, report: &str, _options: &RenderOptions) -> Result<Vec<u8>, Failure> {
        if format != "csv" {
            return Err(Failure::Unsupported(format!("no such format: {format}")));
        }
        table(&Report::from_json(report)?).map_err(|error| Failure::Other(error.to_string()))
    }
}

bartizan_sdk::export_reporter!(Csv);
