//! Which keys a role gets, and who signs.

use std::collections::BTreeMap;

use bartizan_registry::{PublicKey, Signer};

use crate::{
    metadata::{Key, RoleKeys},
    publish::PublishError,
    signed::{key_id, tuf_key},
};

/// The keys of a role, and how many of them must sign.
#[derive(Clone, Debug)]
pub struct RoleSetup {
    /// The keys.
    pub keys: Vec<PublicKey>,
    /// How many of them must sign.
    pub threshold: u32,
}

impl RoleSetup {
    /// One key, which must sign.
    pub fn one(key: PublicKey) -> Self {
        Self { keys: vec![key], threshold: 1 }
    }

    /// The role's entry, and its keys by id.
    pub(crate) fn role_keys(&self, role: &str) -> Result<(RoleKeys, BTreeMap<String, Key>), PublishError> {
        let keys: BTreeMap<_, _> = self.keys.iter().map(|key| (key_id(key), tuf_key(key))).collect();
        if self.threshold == 0 || self.threshold as usize > keys.len() {
            return Err(PublishError::BadThreshold {
                role: role.to_owned(),
                threshold: self.threshold,
                keys: keys.len(),
            });
        }
        Ok((RoleKeys { keyids: keys.keys().cloned().collect(), threshold: self.threshold }, keys))
    }
}

/// The keys of the four top-level roles.
#[derive(Clone, Debug)]
pub struct TopLevel {
    /// Says which keys count; best kept offline, several, with a threshold.
    pub root: RoleSetup,
    /// Says who may publish, and what is revoked.
    pub targets: RoleSetup,
    /// Says which lists belong together.
    pub snapshot: RoleSetup,
    /// Says what is current; signs most often.
    pub timestamp: RoleSetup,
}

/// New keys for some top-level roles.
#[derive(Clone, Debug, Default)]
pub struct Rotation {
    /// For root.
    pub root: Option<RoleSetup>,
    /// For targets.
    pub targets: Option<RoleSetup>,
    /// For snapshot.
    pub snapshot: Option<RoleSetup>,
    /// For timestamp.
    pub timestamp: Option<RoleSetup>,
}

/// Who signs what. A signer whose key is not one of the role's signs nothing; too few of them are an error.
#[derive(Clone, Copy, Debug, Default)]
pub struct Signers<'a> {
    /// Sign the root.
    pub root: &'a [&'a Signer],
    /// Sign the top-level targets.
    pub targets: &'a [&'a Signer],
    /// Sign a publisher's list.
    pub publisher: &'a [&'a Signer],
    /// Sign the snapshot.
    pub snapshot: &'a [&'a Signer],
    /// Sign the timestamp.
    pub timestamp: &'a [&'a Signer],
}

/// For how many days metadata holds once it is signed: for so long at most can somebody keep newer metadata from a client.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Lifetimes {
    /// Of the root.
    pub root: u16,
    /// Of the top-level targets.
    pub targets: u16,
    /// Of a publisher's list.
    pub publisher: u16,
    /// Of the snapshot.
    pub snapshot: u16,
    /// Of the timestamp.
    pub timestamp: u16,
}

impl Default for Lifetimes {
    fn default() -> Self {
        Self { root: 365, targets: 180, publisher: 180, snapshot: 30, timestamp: 7 }
    }
}
