//! From a source of components to an installed, granted and pinned one.
//!
//! The way is always the same: something is obtained, [`Proposal::of`] verifies it, somebody looks at the [`Proposal`] and grants
//! what it asks for, and [`install`] loads all that was decided together with all that is there, and only if nothing clashes
//! writes it into place. Read [`Proposal`] first.
//!
//! Not for: asking a person (the command line does), nor for deciding whose signature counts (`bartizan-registry`).

mod ask;
mod install;
mod proposal;
mod source;

pub use ask::{ParseAskError, parse_grants};
pub use install::{InstallError, Place, install};
pub use proposal::{Decision, Proposal};
pub use source::{Source, SourceError};
