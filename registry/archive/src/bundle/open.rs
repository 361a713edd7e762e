//! Taking a bundle into memory.

use bartizan_model::{printable, truncate_chars};

use super::{
    DESCRIPTION, Description, MAX_BUNDLE_BYTES, MAX_MEMBERS, MAX_UNPACKED_BYTES, SIGNATURE, SUMS,
    contents::limit_of,
};
use crate::{
    Refusal,
    container::{self, ContainerError, Limits, Members},
    sshsig::SshSignature,
};

/// A bundle in memory: a sound file, of nobody knows whom. **Nothing in it is verified.**
#[derive(Clone, Debug)]
pub struct Opened {
    pub(super) members: Members,
    pub(super) signature: SshSignature,
}

/// Takes a bundle apart, under bounds and in memory alone. Says no to any file that no bundle could be; whether it is to be
/// trusted, [`Opened::verify`] says.
pub fn read(bytes: &[u8]) -> Result<Opened, Refusal> {
    if bytes.len() as u64 > MAX_BUNDLE_BYTES {
        return Err(ContainerError::TooBig { limit: MAX_BUNDLE_BYTES }.into());
    }
    let limits = Limits { total: MAX_UNPACKED_BYTES, members: MAX_MEMBERS, of: limit_of };
    let members = container::read_compressed(bytes, limits)?;
    let missing = |member: &str| ContainerError::Missing { member: member.to_owned() };
    for needed in [DESCRIPTION, SUMS] {
        members.get(needed).ok_or_else(|| missing(needed))?;
    }
    let signature = SshSignature::parse(members.get(SIGNATURE).ok_or_else(|| missing(SIGNATURE))?)?;
    Ok(Opened { members, signature })
}

impl Opened {
    /// What it says of itself: to show it, never to decide by.
    pub fn claimed(&self) -> Result<Description, Refusal> {
        Description::parse(self.member(DESCRIPTION))
    }

    /// Id of the key that its signature names. A claim, too.
    pub fn claimed_signer(&self) -> String {
        self.signature.key_id()
    }

    /// Name and length of every member.
    pub fn listing(&self) -> impl Iterator<Item = (&str, u64)> {
        self.members.iter().map(|(name, bytes)| (name.as_str(), bytes.len() as u64))
    }

    /// The bytes of a member; nothing if there is none of this name.
    pub(super) fn member(&self, name: &str) -> &[u8] {
        self.members.get(name).map_or(&[], Vec::as_slice)
    }

    /// Who it says it is by, for a message.
    pub(super) fn claimed_maker(&self) -> String {
        let name = self.claimed().map_or_else(|_| "nobody".to_owned(), |description| description.name);
        truncate_chars(&printable(&name), 64)
    }
}
