//! From what a server presented to a report: loads the components, asks them, gathers what they say.
//!
//! [`Plugins::load`] takes the first-party components and those of the user's folders through verification into the
//! kernel; [`Judge`] asks every rule component, in parallel, about one server, and [`Together`] about all of them; [`ReportBuilder`] gathers findings and
//! whatever was *not checked* into the one document that reporters render ([`Plugins::render`]).
//!
//! Not for: reaching servers (`bartizan-mcp`), or what happens at a terminal (`bartizan-cli`). It knows no rule by name.

mod cache;
mod canary;
mod drift;
mod judge;
mod plugins;
mod problem;
mod render;
mod report;
mod select;
mod together;
mod triage;

pub use cache::ResultCache;
pub use canary::{Canary, canaries};
pub use drift::{drift, drift_within};
pub use globset::{Error as GlobError, GlobMatcher};
pub use judge::{Judge, Judgement};
pub use plugins::{LoadAllError, PluginSettings, Plugins, Sources, Standing, raised};
pub use problem::{Problem, ProblemCause};
pub use render::{RenderError, RenderOptions};
pub use report::{Part, ReportBuilder, source_file};
pub use select::{Selection, SelectionError};
pub use together::{Together, judge_together};
pub use triage::{Baseline, BaselineError, Suppression, Triage, matcher, subject_text};
