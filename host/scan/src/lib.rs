//! From what a server presented to a report: loads the components, asks them, gathers what they say.
//!
//! [`Plugins::load`] takes the first-party components and those of the user's folders through verification into the
//! kernel; [`judge`] asks every rule component, in parallel, about one server; [`ReportBuilder`] gathers findings and
//! whatever was *not checked* into the one document that reporters render ([`Plugins::render`]).
//!
//! Not for: reaching servers (`bartizan-mcp`), or what happens at a terminal (`bartizan-cli`). It knows no rule by name.

mod canary;
mod judge;
mod plugins;
mod problem;
mod render;
mod report;
mod select;

pub use canary::{Canary, canaries};
pub use judge::{Judgement, judge};
pub use plugins::{LoadAllError, PluginSettings, Plugins, Sources, Standing, raised};
pub use problem::{Problem, ProblemCause};
pub use render::{RenderError, RenderOptions};
pub use report::{ReportBuilder, source_file};
pub use select::{Selection, SelectionError};
