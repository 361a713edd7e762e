//! Carries the signed first-party components and their compiled code, so that a user gets one file.
//!
//! They are bytes like any others: the registry verifies them and the kernel loads them, through the same door as a
//! stranger's. Not for: deciding anything.
//!
//! Read [`COMPONENTS`](components) first.

use bartizan_registry::{KeyError, PublicKey, TrustStore};

include!(concat!(env!("OUT_DIR"), "/components.rs"));

/// The publisher of these components.
pub const PUBLISHER: &str = "bartizan";

/// One component as it is carried.
#[derive(Clone, Copy, Debug)]
pub struct Embedded {
    /// The component.
    pub component: &'static [u8],
    /// Its signed statement.
    pub statement: &'static [u8],
    /// Its compiled code for this platform; the statement vouches for it.
    pub code: &'static [u8],
}

/// The components, by name.
pub fn components() -> &'static [Embedded] {
    COMPONENTS
}

/// Adds the key that signed these components to those that are trusted.
pub fn trust(store: &mut TrustStore) -> Result<(), KeyError> {
    store.add_first_party(PUBLISHER.to_owned(), PublicKey::from_pem(KEY)?);
    Ok(())
}
