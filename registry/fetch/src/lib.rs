//! Gets bytes from elsewhere, and never more of them than was asked for.
//!
//! Start with [`Client`]: it gets a URL. [`HttpFolder`] reads the files of a repository behind one, and [`oci::Registry`]
//! pulls components with their statements from OCI registries and pushes them there.
//!
//! Whatever answers is taken to be hostile. Every answer has a bound in size, counted as it arrives, and a bound in
//! time; nothing is decompressed; https never becomes http; a password goes to nobody but the registry it is for.
//!
//! Not for: trust. What arrives here has been verified by nobody; that is for [`bartizan_registry::Verifier`].

mod ask;
mod cause;
mod client;
mod error;
mod folder;
pub mod oci;
mod options;
mod rules;

pub use client::Client;
pub use error::FetchError;
pub use folder::HttpFolder;
pub use options::{Options, Timeouts};
pub use reqwest::Url;
