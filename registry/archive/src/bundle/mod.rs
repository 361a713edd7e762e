//! Offline bundles: chosen components with everything that is needed to trust them, in one signed file.
//!
//! ```text
//! acme-bundle-7.tar.gz
//! ├── SHA256SUMS               every other member's digest, as `sha256sum` writes it
//! ├── SHA256SUMS.sig           SSHSIG over that, namespace `bartizan-bundle`
//! ├── bartizan.lock            what was chosen
//! ├── blobs/sha256/…           ┐
//! ├── index.json               │ an OCI image layout: components and statements
//! ├── oci-layout               ┘
//! ├── bundle.json              who made it, its sequence, until when it is good, what is in it
//! ├── revocations              what is not to be trusted any more (may be absent)
//! ├── trust/acme/KEYID.pem     keys of the publishers (to be looked at: a bundle cannot vouch for itself)
//! └── tuf/REPOSITORY/…         metadata of repositories
//! ```
//!
//! [`create`] makes one of [`Contents`]. [`read`] takes one into memory, under bounds, and gives an [`Opened`]; only
//! [`Opened::verify`] makes a [`VerifiedBundle`] of it, and nothing is written anywhere before that.

mod contents;
mod create;
mod description;
mod open;
mod sums;
mod verify;

pub use contents::{Contents, RepositoryFile};
pub use create::{bundle_file_name, create};
pub use description::{BundleMetadata, Description, ListedComponent};
pub use open::{Opened, read};
pub use verify::{AllowedExpired, VerifiedBundle};

/// The longest bundle that is looked at, in bytes.
pub const MAX_BUNDLE_BYTES: u64 = 256 << 20;
/// The most that a bundle may unpack to, in bytes.
pub const MAX_UNPACKED_BYTES: u64 = 512 << 20;
/// The most members that a bundle may have.
pub const MAX_MEMBERS: usize = 4096;

const SUMS: &str = "SHA256SUMS";
const SIGNATURE: &str = "SHA256SUMS.sig";
const DESCRIPTION: &str = "bundle.json";
const LOCK: &str = "bartizan.lock";
const REVOCATIONS: &str = "revocations";
const TRUST: &str = "trust/";
const REPOSITORIES: &str = "tuf/";
