//! The page as a whole: its blocks, and what they write on.

use bartizan_sdk::{prelude::RenderOptions, report::Report};

use crate::{findings, servers, style::Palette, summary, unchecked, wrap};

/// Lines longer than this are hard to read, however wide the terminal is.
const WIDEST: usize = 110;
/// Below this there is no room for a hanging indent and a word.
const NARROWEST: usize = 24;

/// Renders the report.
pub fn render(report: &Report, options: &RenderOptions) -> String {
    let width = usize::try_from(options.width).unwrap_or(WIDEST).clamp(NARROWEST, WIDEST);
    let mut page = Page { out: String::new(), width, palette: Palette::new(options) };
    servers::write(&mut page, report);
    findings::write(&mut page, report);
    unchecked::write(&mut page, report);
    summary::write(&mut page, report);
    page.out
}

/// What the blocks write on. Text handed to it has been made harmless before.
pub(crate) struct Page {
    out: String,
    pub(crate) width: usize,
    pub(crate) palette: Palette,
}

impl Page {
    /// One line as it is.
    pub(crate) fn line(&mut self, text: &str) {
        self.out.push_str(text.trim_end());
        self.out.push('\n');
    }

    /// An empty line.
    pub(crate) fn gap(&mut self) {
        self.out.push('\n');
    }

    /// A rule across the page.
    pub(crate) fn rule(&mut self) {
        let line = "─".repeat(self.width);
        let line = self.palette.dim(&line);
        self.line(&line);
    }

    /// A paragraph behind an indent of this many columns.
    pub(crate) fn paragraph(&mut self, indent: usize, text: &str) {
        for line in wrap::wrap(text, self.width.saturating_sub(indent)) {
            self.line(&format!("{}{line}", " ".repeat(indent)));
        }
    }

    /// A label with a paragraph hanging beside it, or under it where the page is too narrow for both.
    pub(crate) fn labelled(&mut self, indent: usize, label: &str, column: usize, text: &str) {
        self.labelled_as(indent, label, column, text, |_, line| line.to_owned());
    }

    /// The same, each line of the paragraph painted after it was wrapped.
    pub(crate) fn labelled_as(
        &mut self,
        indent: usize,
        label: &str,
        column: usize,
        text: &str,
        paint: impl Fn(&Palette, &str) -> String,
    ) {
        let beside = indent.saturating_add(column);
        let margin = " ".repeat(indent);
        let painted_label = self.palette.dim(label);
        // Half the page is the least that reads as a paragraph.
        if beside.saturating_mul(2) > self.width || wrap::columns(label) >= column {
            self.line(&format!("{margin}{painted_label}"));
            let under = indent.saturating_add(2);
            for line in wrap::wrap(text, self.width.saturating_sub(under)) {
                let line = paint(&self.palette, &line);
                self.line(&format!("{}{line}", " ".repeat(under)));
            }
            return;
        }
        let pad = " ".repeat(column.saturating_sub(wrap::columns(label)));
        let mut lines = wrap::wrap(text, self.width.saturating_sub(beside)).into_iter();
        let first = lines.next().unwrap_or_default();
        let first = paint(&self.palette, &first);
        self.line(&format!("{margin}{painted_label}{pad}{first}"));
        for line in lines {
            let line = paint(&self.palette, &line);
            self.line(&format!("{}{line}", " ".repeat(beside)));
        }
    }
}
