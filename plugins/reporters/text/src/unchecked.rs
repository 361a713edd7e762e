//! What was asked for and not checked: a block of its own, because it is the one thing that must not be overlooked.

use bartizan_sdk::report::{NotChecked, Report};

use crate::{page::Page, servers::counted, wrap};

/// Entries shown in full.
const MAX_ENTRIES: usize = 40;

pub(crate) fn write(page: &mut Page, report: &Report) {
    if report.not_checked.is_empty() {
        return;
    }
    page.rule();
    let badge = page.palette.alarm_badge("NOT CHECKED");
    page.line(&badge);
    for entry in report.not_checked.iter().take(MAX_ENTRIES) {
        write_entry(page, entry);
    }
    if report.not_checked.len() > MAX_ENTRIES {
        let more = report.not_checked.len().saturating_sub(MAX_ENTRIES);
        page.paragraph(2, &format!("and {more} more: --format json has them all"));
    }
    page.gap();
}

fn write_entry(page: &mut Page, entry: &NotChecked) {
    let what = wrap::fit(&entry.what, page.width.saturating_mul(4));
    let mark = "✗ ";
    for (index, line) in wrap::wrap(&what, page.width.saturating_sub(4)).into_iter().enumerate() {
        let lead = if index == 0 { mark } else { "  " };
        let line = page.palette.alarm(&format!("{lead}{line}"));
        page.line(&format!("  {line}"));
    }
    let mut why = wrap::fit(&entry.why, page.width.saturating_mul(8));
    let code = wrap::fit(&entry.code, 40);
    if why.is_empty() {
        why = code;
    } else if !code.is_empty() {
        why = format!("{why} ({code})");
    }
    if let Some(component) = &entry.component {
        why = format!("{}: {why}", wrap::fit(component, 60));
    }
    page.paragraph(4, &why);
}

/// "2 things were not checked".
pub(crate) fn sentence(report: &Report) -> String {
    let count = u64::try_from(report.not_checked.len()).unwrap_or(u64::MAX);
    let were = if count == 1 { "was" } else { "were" };
    format!("{} {were} not checked", counted(count, "thing"))
}
