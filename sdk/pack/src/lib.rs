//! Makes signed components of plugin crates: cargo builds a core module for `wasm32-unknown-unknown`, which has no
//! imports but the contract; `wit-component` makes a component of it; the publisher's key signs a statement about it.
//!
//! Not for: loading or checking components (registry and kernel), nor for other languages, whose toolchains make
//! components themselves.
//!
//! Read [`build`] first, then [`package`].

mod cargo;
mod limits;
mod sign;

pub use cargo::{BuildOptions, Crate, CrateMetadata, build, read_crates};
pub use limits::ManifestLimits;
pub use sign::{package, sequence_of};

use std::{io, path::PathBuf, process::ExitStatus};

use thiserror::Error;

/// Why no component was made.
#[derive(Debug, Error)]
#[non_exhaustive]
pub enum PackError {
    /// Cargo could not be started.
    #[error("cannot start `cargo`: {0}")]
    NoCargo(io::Error),
    /// Cargo failed; it has said why on stderr.
    #[error("`cargo {what}` failed ({status})")]
    Cargo {
        /// The subcommand.
        what: &'static str,
        /// How it ended.
        status: ExitStatus,
    },
    /// Cargo answered what was not expected.
    #[error("cannot make sense of `cargo metadata`: {0}")]
    Metadata(String),
    /// The crate does not say what it is.
    #[error("crate `{krate}` {why}")]
    Crate {
        /// The crate.
        krate: String,
        /// What is missing or wrong.
        why: String,
    },
    /// The core module could not be made a component.
    #[error("cannot make a component of `{}`: {why}", module.display())]
    Component {
        /// The core module.
        module: PathBuf,
        /// Why.
        why: String,
    },
    /// A file could not be read or written.
    #[error("cannot {doing} `{}`: {source}", path.display())]
    Io {
        /// "read" or "write".
        doing: &'static str,
        /// The file.
        path: PathBuf,
        /// What the system said.
        source: io::Error,
    },
}

/// Makes a component of a core module built with the SDK. A component is returned as it is.
pub fn componentize(module: &[u8]) -> Result<Vec<u8>, String> {
    // The layer field of the preamble: 0 for a core module, 1 for a component (component model, Binary.md).
    if module.get(..8) == Some(b"\0asm\x0d\0\x01\0") {
        return Ok(module.to_vec());
    }
    wit_component::ComponentEncoder::default()
        .module(module)
        .and_then(|encoder| encoder.validate(true).encode())
        .map_err(|error| format!("{error:#}"))
}
