//! Prints the JSON Schema of the report: `docs/report.schema.json`.

use std::io::Write as _;

fn main() -> std::io::Result<()> {
    writeln!(std::io::stdout(), "{:#}", bartizan_model::report_schema())
}
