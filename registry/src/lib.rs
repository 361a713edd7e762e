//! Signatures, trust, and the one way to a component that may run.
//!
//! [`Verifier::verify`] takes the bytes of a component and of its signed statement and gives back a [`Verified`], or
//! a [`Refusal`] that says which promise was broken. Nothing else can make a [`Verified`], and the kernel loads
//! nothing else: that unverified code does not run is a matter of types, not of discipline.
//!
//! What a signature here covers is a *statement* (in-toto Statement v1 in a DSSE envelope): the component's digest
//! together with its name, version, sequence, expiry, contract and asked grants. A renamed or an older file is
//! therefore refused although its bytes are unaltered.
//!
//! Not for: running anything (the kernel), fetching anything, or opinions about what a component does.

mod asked;
mod envelope;
mod error;
mod grant;
mod key;
mod name;
mod package;
mod ratchet;
mod revocation;
mod signed;
mod state_file;
mod statement;
mod trust;
mod verify;

pub use asked::AskedLimits;
pub use envelope::{Envelope, PAYLOAD_TYPE};
pub use error::{KeyError, Refusal, StateError};
pub use grant::{Grant, Grants, ParseGrantError};
pub use key::{KeyId, PublicKey, Signer};
pub use name::{ComponentName, ParseNameError};
pub use package::{Package, PackageError, STATEMENT_EXTENSION, find_packages, statement_path};
pub use ratchet::Ratchet;
pub use revocation::{Release, Revocation, Revoked};
pub use signed::SignedComponent;
pub use state_file::{Audience, check_private, make_private_folder, write_atomically};
pub use statement::{Claims, CompiledCode, PREDICATE_TYPE, Statement};
pub use trust::{KeyStanding, TrustStore, TrustedKey};
pub use verify::{Examined, Granted, Verified, Verifier};

/// The largest component that is looked at, in bytes. The largest guest runtime seen (CPython) is 18 MB.
pub const MAX_COMPONENT_BYTES: u64 = 32 * 1024 * 1024;

/// The largest signed statement that is looked at, in bytes.
pub const MAX_STATEMENT_BYTES: u64 = 64 * 1024;
