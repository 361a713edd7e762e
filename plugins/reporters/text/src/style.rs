//! Colours and links. Only the sixteen colours that every theme defines are used, and never a background with a
//! colour of its own but in the badges, so that the page reads on light and on dark terminals.

use anstyle::{AnsiColor, Style};
use bartizan_sdk::{prelude::RenderOptions, report::Severity};

/// How this page may be painted.
pub(crate) struct Palette {
    color: bool,
    links: bool,
}

impl Palette {
    pub(crate) fn new(options: &RenderOptions) -> Self {
        Self { color: options.color, links: options.links }
    }

    pub(crate) fn has_color(&self) -> bool {
        self.color
    }

    fn paint(&self, style: Style, text: &str) -> String {
        if self.color && !text.is_empty() {
            format!("{}{text}{}", style.render(), style.render_reset())
        } else {
            text.to_owned()
        }
    }

    pub(crate) fn bold(&self, text: &str) -> String {
        self.paint(Style::new().bold(), text)
    }

    pub(crate) fn dim(&self, text: &str) -> String {
        self.paint(Style::new().dimmed(), text)
    }

    pub(crate) fn good(&self, text: &str) -> String {
        self.paint(AnsiColor::Green.on_default().bold(), text)
    }

    /// For what must not be overlooked: that something was not checked.
    pub(crate) fn alarm(&self, text: &str) -> String {
        self.paint(AnsiColor::Magenta.on_default().bold(), text)
    }

    pub(crate) fn alarm_badge(&self, text: &str) -> String {
        self.badge(AnsiColor::Magenta, text)
    }

    /// Hostile text, as it stood in what was judged.
    pub(crate) fn quoted(&self, text: &str) -> String {
        self.paint(AnsiColor::Cyan.on_default(), text)
    }

    /// The severity as a badge of one width.
    pub(crate) fn severity_badge(&self, severity: Severity) -> String {
        let word = severity.as_str().to_ascii_uppercase();
        match severity {
            Severity::Critical | Severity::High => self.badge(AnsiColor::Red, &word),
            Severity::Medium => self.badge(AnsiColor::Yellow, &word),
            Severity::Low => self.badge(AnsiColor::Blue, &word),
            Severity::Info => self.dim_badge(&word),
        }
    }

    /// A count in the colour of its severity.
    pub(crate) fn severity(&self, severity: Severity, text: &str) -> String {
        let style = match severity {
            Severity::Critical | Severity::High => AnsiColor::Red.on_default().bold(),
            Severity::Medium => AnsiColor::Yellow.on_default().bold(),
            Severity::Low => AnsiColor::Blue.on_default().bold(),
            Severity::Info => Style::new().dimmed(),
        };
        self.paint(style, text)
    }

    /// Reversed, so that the letters have the colour of the terminal's own background.
    fn badge(&self, color: AnsiColor, word: &str) -> String {
        if self.color {
            self.paint(color.on_default().bold().invert(), &format!(" {word:<8} "))
        } else {
            format!("[{word}]")
        }
    }

    fn dim_badge(&self, word: &str) -> String {
        if self.color { self.dim(&format!(" {word:<8} ")) } else { format!("[{word}]") }
    }

    /// A terminal hyperlink (OSC 8), where the reader's terminal has them.
    pub(crate) fn link(&self, text: &str, target: &str) -> String {
        // Anything but visible ASCII could end the escape sequence or start another one.
        let safe = !target.is_empty() && target.len() <= 2048 && target.bytes().all(|b| b.is_ascii_graphic());
        if self.links && safe {
            format!("\x1b]8;;{target}\x1b\\{text}\x1b]8;;\x1b\\")
        } else {
            text.to_owned()
        }
    }
}

/// Columns of a severity badge.
pub(crate) const BADGE: usize = 10;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_link_cannot_smuggle_an_escape_sequence() {
        let palette = Palette { color: false, links: true };
        assert!(palette.link("x", "https://example.com/").contains("\x1b]8;;https://example.com/"));
        for target in ["https://e/\x1b\\\x1b[2J", "https://e/\u{9c}", "https://e/ x", ""] {
            assert_eq!(palette.link("x", target), "x", "{target:?}");
        }
    }

    #[test]
    fn without_colour_there_is_no_escape_sequence() {
        let palette = Palette { color: false, links: false };
        for severity in Severity::WORST_FIRST {
            assert!(!palette.severity_badge(severity).contains('\x1b'));
        }
    }
}
