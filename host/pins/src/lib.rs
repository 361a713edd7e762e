//! What servers were approved to present: the `[[server]]` tables of `bartizan.lock`.
//!
//! A [`ServerPin`] holds every definition in canonical JSON, so that what changed can be shown and judged, and the digest of
//! each as it was sent. [`PinFile`] finds, sets and removes them beside what else the lock file holds.
//! [`ServerPin::changes`] is the plain difference.
//!
//! Not for: judging a difference (drift components do), reaching servers, or printing.

mod changes;
mod file;
mod pin;

pub use changes::{Change, Member, What};
pub use file::{PinError, PinFile};
pub use pin::{Item, ServerPin};
