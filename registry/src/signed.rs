//! A component with its signed statement, as it travels: in a folder, an archive, a repository, a registry.

use bartizan_model::Digest;

use crate::{Claims, Envelope, KeyId, Refusal, Statement};

/// A component and its statement, **not verified yet**. Whoever carries one checks nothing; [`crate::Verifier`] does.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SignedComponent {
    /// The component's bytes.
    pub component: Vec<u8>,
    /// The bytes of its statement's envelope: one line of JSON.
    pub statement: Vec<u8>,
}

impl SignedComponent {
    /// What the statement claims, unverified: to name files and to look things up, never to decide by.
    pub fn claimed(&self) -> Result<Claims, Refusal> {
        Ok(Statement::parse(&Envelope::parse(&self.statement)?.payload()?)?.claims().clone())
    }

    /// The key that the envelope names, unverified.
    pub fn claimed_signer(&self) -> Result<KeyId, Refusal> {
        Envelope::parse(&self.statement)?.claimed_key()
    }

    /// SHA-256 of the component's bytes.
    pub fn digest(&self) -> Digest {
        Digest::of(&self.component)
    }
}
