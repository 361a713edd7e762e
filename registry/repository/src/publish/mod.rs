//! The writing side: making a repository, saying who may publish in it, publishing, withdrawing, changing keys.
//!
//! A change is prepared in memory first: everything it builds on is verified, and everything it would write. What comes out
//! is a [`Change`], a list of files in the order in which they must be written; `timestamp.json`, which makes them the present
//! state, is the last of them (where keys are replaced, see [`RepositoryFolder::rotate`]). [`RepositoryFolder::apply`] writes them. Stop it where you like:
//! clients see the old state or the new one.

mod draft;
mod error;
mod folder;
mod keys;
mod releases;
mod roles;

pub use error::PublishError;
pub use folder::{Change, RepositoryFolder};
pub use keys::{Lifetimes, RoleSetup, Rotation, Signers, TopLevel};
pub use releases::NewRelease;
