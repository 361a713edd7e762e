//! Component repositories after The Update Framework (TUF, specification 1.0): a folder of static files that any web server can
//! serve and a memory stick can carry, and that no one but the holders of its keys can change unseen.
//!
//! [`Repository`] is the reading side: it verifies a repository from a trusted root on, remembers what it saw, and gives
//! components by name and version. [`publish::RepositoryFolder`] is the writing side. Read [`Repository`] first.
//!
//! TUF here protects *which* files are current: against old, mixed, withheld and foreign ones. *Who answers for* a component is
//! said by its signed statement, which travels beside it and which `bartizan_registry::Verifier` checks as for any component:
//! a repository whose every key was stolen still cannot make a component run that its publisher did not sign.
//!
//! Not for: fetching over a network (give [`Repository::load`] a [`Source`]), trusting or running components.

mod canonical;
mod client;
mod entry;
mod error;
mod limits;
mod listing;
mod lock;
mod metadata;
pub mod publish;
mod publishers;
mod reader;
mod signed;
mod source;
mod state;
mod update;

pub use client::{Found, LoadOptions, Repository};
pub use entry::{Entry, Listed};
pub use error::RepositoryError;
pub use reader::Expired;
pub use source::{FolderSource, Source, SourceError};
