//! The report as JSON: exactly the document every other format is rendered from, laid out for reading.
//!
//! Not for: choosing or renaming members. `docs/report.schema.json` is the promise that scripts build on, and this
//! component must not stand between them and it. Read [`layout`] first; [`Json`] only joins it to the contract.

mod layout;

use bartizan_sdk::prelude::*;

pub use layout::pretty;

/// The reporter that this component exports.
pub struct Json;

impl Reporter for Json {
    fn info() -> Info {
        Info::new("bartizan/json", env!("CARGO_PKG_VERSION"), "The report itself, as JSON")
    }

    fn formats() -> Vec<Format> {
        vec![Format::text("json", "application/json", "json", "The report itself, for other programs")]
    }

    fn render(format: &str, report: &str, _options: &RenderOptions) -> Result<Vec<u8>, Failure> {
        if format != "json" {
            return Err(Failure::Unsupported(format!("no such format: {format}")));
        }
        pretty(report)
            .map(String::into_bytes)
            .map_err(|error| Failure::Other(format!("this is not JSON: {error}")))
    }
}

bartizan_sdk::export_reporter!(Json);
