//! Tables for people: aligned, no more lines than needed.

use comfy_table::{ContentArrangement, Table, presets};

/// Columns under which a table is no table.
const NARROWEST: u16 = 20;
/// Columns where it is not known how many there are.
const USUAL: u16 = 100;

/// A table with these column heads.
pub(crate) fn table(heads: &[&str]) -> Table {
    let mut table = Table::new();
    table
        .load_preset(presets::NOTHING)
        .set_content_arrangement(ContentArrangement::Dynamic)
        .set_header(heads);
    // Some terminals say that they have no columns at all.
    if table.width().is_some_and(|width| width < NARROWEST) {
        table.set_width(USUAL);
    }
    table
}

/// Prints it, without the blank that the preset leaves on both sides.
pub(crate) fn print(table: &Table) {
    crate::output::to_stdout(text(table).as_bytes(), std::io::IsTerminal::is_terminal(&std::io::stdout()));
}

/// As [`print`] prints it. Empty column heads are no line.
pub(crate) fn text(table: &Table) -> String {
    let lines = table.lines().map(|line| line.trim_end().to_owned());
    lines.skip_while(String::is_empty).fold(String::new(), |text, line| text + &line + "\n")
}
