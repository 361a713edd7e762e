//! What is installed on this machine, and what a project pins.
//!
//! A [`Store`] is a folder: `components/` holds components and their statements under their digests, `installed.toml` says
//! which of them count, under which name, with what was granted. A [`Change`] holds the store's lock; nothing of it counts
//! before [`Change::commit`] replaces `installed.toml` in one step. A [`LockFile`] is `bartizan.lock`, which a project commits.
//!
//! Not for: deciding whether a component may run (`bartizan-registry`, at every start anew, for what is installed too),
//! nor for fetching one.

mod entry;
mod lock_file;
mod store;

pub use entry::{Entry, Installed};
pub use lock_file::{LockFile, Mismatch, Pin};
pub use store::{Change, Store};
