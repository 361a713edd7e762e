//! What goes into a bundle, and which members that makes.

use bartizan_registry::{ComponentName, PublicKey, SignedComponent};

use super::{
    BundleMetadata, DESCRIPTION, Description, LOCK, REPOSITORIES, REVOCATIONS, SIGNATURE, SUMS, TRUST,
};
use crate::{
    Refusal,
    container::{ContainerError, Members, must_be_plain},
    layout,
};

/// What goes into a bundle, and what comes out of a verified one: the lists sorted, whatever order they went in.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Contents {
    /// Who makes it, which one it is, and for how long it is good.
    pub metadata: BundleMetadata,
    /// The components.
    pub components: Vec<SignedComponent>,
    /// The lock file: what was chosen. Not looked into.
    pub lock: Vec<u8>,
    /// Keys of publishers, each with the publisher's name. Nothing trusts them for being here.
    pub trust: Vec<(String, PublicKey)>,
    /// What is not to be trusted any more. Not looked into.
    pub revocations: Option<Vec<u8>>,
    /// Metadata of repositories. Not looked into.
    pub repositories: Vec<RepositoryFile>,
}

/// One file of a repository's metadata.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RepositoryFile {
    /// What the repository is called here: lower-case letters, digits, inner hyphens.
    pub repository: String,
    /// The file's path in the repository, e.g. "targets/acme.json".
    pub path: String,
    /// What is in it.
    pub bytes: Vec<u8>,
}

/// How long a member of a bundle may be; none if no bundle has one of this name.
pub(super) fn limit_of(name: &str) -> Option<u64> {
    match name {
        SUMS | DESCRIPTION => Some(1 << 20),
        SIGNATURE => Some(crate::sshsig::MAX_SIGNATURE_BYTES),
        LOCK | REVOCATIONS => Some(4 << 20),
        _ if key_of(name).is_some() => Some(4096),
        _ if file_of(name).is_some() => Some(8 << 20),
        _ => layout::limit_of(name),
    }
}

/// Publisher and key id of `trust/PUBLISHER/KEYID.pem`.
fn key_of(name: &str) -> Option<(&str, &str)> {
    let (publisher, file) = name.strip_prefix(TRUST)?.split_once('/')?;
    let id = file.strip_suffix(".pem")?;
    let plain = ComponentName::is_valid_half(publisher) && id.parse::<bartizan_model::Digest>().is_ok();
    plain.then_some((publisher, id))
}

/// Repository and path of `tuf/REPOSITORY/PATH`.
fn file_of(name: &str) -> Option<(&str, &str)> {
    let (repository, path) = name.strip_prefix(REPOSITORIES)?.split_once('/')?;
    (ComponentName::is_valid_half(repository) && !path.is_empty()).then_some((repository, path))
}

impl Contents {
    /// Every member but the list of digests and its signature.
    pub(super) fn to_members(&self) -> Result<Members, Refusal> {
        let mut members = layout::members(&self.components)?;
        members.insert(DESCRIPTION.to_owned(), Description::of(&self.metadata, &self.components)?.to_json()?);
        members.insert(LOCK.to_owned(), self.lock.clone());
        if let Some(revocations) = &self.revocations {
            members.insert(REVOCATIONS.to_owned(), revocations.clone());
        }
        for (publisher, key) in &self.trust {
            let member = format!("{TRUST}{publisher}/{}.pem", key.id());
            let pem = key.to_pem().map_err(|error| bad_key(&member, &error))?;
            members.insert(member, pem.into_bytes());
        }
        for RepositoryFile { repository, path, bytes } in &self.repositories {
            let member = format!("{REPOSITORIES}{repository}/{path}");
            must_be_plain(member.as_bytes())?;
            if members.insert(member.clone(), bytes.clone()).is_some() {
                return Err(ContainerError::Duplicate { member }.into());
            }
        }
        Ok(members)
    }

    /// The contents of these members. Checks all that can be checked without knowing whom to trust.
    pub(super) fn from_members(members: &Members) -> Result<Self, Refusal> {
        let missing = |member: &str| ContainerError::Missing { member: member.to_owned() };
        let description = Description::parse(members.get(DESCRIPTION).ok_or_else(|| missing(DESCRIPTION))?)?;
        let components = layout::components(members)?;
        description.must_describe(&components)?;
        let lock = members.get(LOCK).ok_or_else(|| missing(LOCK))?.clone();
        let (mut trust, mut repositories) = (Vec::new(), Vec::new());
        for (member, bytes) in members {
            if let Some((publisher, id)) = key_of(member) {
                trust.push((publisher.to_owned(), read_key(member, id, bytes)?));
            } else if let Some((repository, path)) = file_of(member) {
                let (repository, path) = (repository.to_owned(), path.to_owned());
                repositories.push(RepositoryFile { repository, path, bytes: bytes.clone() });
            }
        }
        let revocations = members.get(REVOCATIONS).cloned();
        Ok(Self { metadata: description.metadata(), components, lock, trust, revocations, repositories })
    }
}

fn read_key(member: &str, id: &str, bytes: &[u8]) -> Result<PublicKey, Refusal> {
    let pem = str::from_utf8(bytes).map_err(|error| bad_key(member, &error))?;
    let key = PublicKey::from_pem(pem).map_err(|error| bad_key(member, &error))?;
    if key.id().to_string() != id {
        return Err(bad_key(member, &format_args!("it is key {}", key.id())));
    }
    Ok(key)
}

fn bad_key(member: &str, why: &dyn std::fmt::Display) -> Refusal {
    Refusal::BadKey { member: member.to_owned(), why: why.to_string() }
}
