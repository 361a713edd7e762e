//! Components in files: packages and offline bundles.
//!
//! A **package** is one component with its signed statement in one file. A **bundle** is a choice of components with all that is
//! needed to trust them where there is no network, under one signature. Both are an OCI image layout in a tar, so that other
//! tools can read them, and [`oci`] makes the very same content for a registry.
//!
//! Every file is taken for hostile: it is read into memory, under bounds, and checked whole, and this crate writes nothing to a disk.
//! The same input makes the same file, byte for byte.
//!
//! Read [`bundle::Opened`] first: between it and [`bundle::VerifiedBundle`] lies everything that is refused.
//!
//! Not for: deciding whether a component may run (`bartizan-registry`; a component out of a verified bundle is checked as any other),
//! installing, remembering which bundle was seen last, and reaching a registry.

mod container;
mod error;
mod layout;
mod package;

pub mod bundle;
pub mod oci;
pub mod sshsig;

pub use container::ContainerError;
pub use error::Refusal;
pub use package::{MAX_PACKAGE_BYTES, package_file_name, read_package, write_package};
