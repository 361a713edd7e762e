//! Hands the report to a reporter.

use bartizan_kernel::CallFailure;
use bartizan_model::Report;
use thiserror::Error;

use crate::Plugins;

/// How the reader will look at it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct RenderOptions {
    /// ANSI colours may be used.
    pub color: bool,
    /// Columns.
    pub width: u32,
    /// Terminal hyperlinks may be used.
    pub links: bool,
}

/// Why there is no rendered report.
#[derive(Debug, Error)]
#[non_exhaustive]
pub enum RenderError {
    /// No reporter offers the format.
    #[error("no reporter offers the format `{format}`; there is: {known}")]
    NoSuchFormat {
        /// What was asked for.
        format: String,
        /// What there is.
        known: String,
    },
    /// The reporter failed.
    #[error(transparent)]
    Failed(#[from] CallFailure),
}

impl Plugins {
    /// Whether a loaded reporter offers this format.
    pub fn has_format(&self, format: &str) -> Result<(), RenderError> {
        if self.formats().iter().any(|known| known.id == format) {
            return Ok(());
        }
        let known = self.formats().iter().map(|format| format.id.as_str()).collect::<Vec<_>>().join(", ");
        Err(RenderError::NoSuchFormat { format: format.to_owned(), known })
    }

    /// Renders the report in this format.
    pub fn render(
        &self,
        report: &Report,
        format: &str,
        options: RenderOptions,
    ) -> Result<Vec<u8>, RenderError> {
        self.has_format(format)?;
        let json = serde_json::json!(report).to_string();
        let RenderOptions { color, width, links } = options;
        let options = serde_json::json!({ "color": color, "width": width, "links": links }).to_string();
        for standing in self.loaded() {
            if let Some(known) = standing.component.formats().iter().find(|known| known.id == format) {
                return Ok(standing.component.render(known, &json, &options)?);
            }
        }
        Ok(Vec::new())
    }
}
