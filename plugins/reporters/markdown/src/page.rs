//! The page as a whole, and how much fits on it.

use bartizan_sdk::report::Report;

use crate::{findings, summary};

/// GitHub refuses a comment of more than 65,536 characters, and a caller may add a line.
const MOST_CHARS: usize = 60_000;
/// What the summary may take, so that there is room for findings.
const MOST_SUMMARY: usize = 25_000;

/// The whole page. The same report gives the same bytes: it holds no time.
pub fn page(report: &Report) -> String {
    let mut page = Page { out: String::new(), chars: 0, most: MOST_SUMMARY };
    summary::write(&mut page, report);
    page.most = MOST_CHARS;
    findings::write(&mut page, report);
    page.always(&format!("\n---\n{}\n", summary::footer(report)));
    page.out
}

/// What the parts write on. Text handed to it has been made harmless before.
pub(crate) struct Page {
    out: String,
    chars: usize,
    most: usize,
}

impl Page {
    /// Writes what must not be missing; a few lines.
    pub(crate) fn always(&mut self, text: &str) {
        self.chars = self.chars.saturating_add(text.chars().count());
        self.out.push_str(text);
    }

    /// Writes the piece if it fits, and says whether it did.
    pub(crate) fn fits(&mut self, text: &str) -> bool {
        let fits = self.chars.saturating_add(text.chars().count()) <= self.most;
        if fits {
            self.always(text);
        }
        fits
    }
}
