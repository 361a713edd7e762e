//! Reporters: what an author writes.

use serde::Deserialize;

use crate::types::{Failure, Format, Info};

/// Renders the JSON report in one or more formats.
pub trait Reporter: 'static {
    /// Who the component is.
    fn info() -> Info;

    /// The formats it offers.
    fn formats() -> Vec<Format>;

    /// Renders `report` (the documented JSON report, as text) in the format with this id. Strings in the report come
    /// from hostile servers: escape them as the format needs.
    fn render(format: &str, report: &str, options: &RenderOptions) -> Result<Vec<u8>, Failure>;
}

/// How the reader will look at it.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(default)]
pub struct RenderOptions {
    /// ANSI colours may be used.
    pub color: bool,
    /// Columns of the terminal.
    pub width: u32,
    /// Terminal hyperlinks (OSC 8) may be used.
    pub links: bool,
}

impl Default for RenderOptions {
    fn default() -> Self {
        Self { color: false, width: 80, links: false }
    }
}

impl RenderOptions {
    /// Reads the options as the host sends them; what is absent or odd has its default.
    pub fn from_json(json: &str) -> Self {
        serde_json::from_str(json).unwrap_or_default()
    }
}
