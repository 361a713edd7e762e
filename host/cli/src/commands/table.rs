//! Tables for people: aligned, no more lines than needed.

use comfy_table::{ContentArrangement, Table, presets};

/// A table with these column heads.
pub(crate) fn table(heads: &[&str]) -> Table {
    let mut table = Table::new();
    table
        .load_preset(presets::NOTHING)
        .set_content_arrangement(ContentArrangement::Dynamic)
        .set_header(heads);
    table
}

/// Prints it, without the blank that the preset leaves on both sides.
pub(crate) fn print(table: &Table) {
    let text: String = table.lines().fold(String::new(), |text, line| text + line.trim_end() + "\n");
    crate::output::to_stdout(text.as_bytes(), std::io::IsTerminal::is_terminal(&std::io::stdout()));
}
