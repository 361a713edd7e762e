//! Making a bundle.

use bartizan_registry::Signer;

use super::{
    BundleMetadata, Contents, MAX_BUNDLE_BYTES, MAX_MEMBERS, MAX_UNPACKED_BYTES, SIGNATURE, SUMS, read, sums,
};
use crate::{
    Refusal,
    container::{self, ContainerError},
    sshsig::{self, BUNDLE_NAMESPACE},
};

/// What a bundle is usually called: `NAME-bundle-SEQUENCE.tar.gz`.
pub fn bundle_file_name(metadata: &BundleMetadata) -> String {
    format!("{}-bundle-{}.tar.gz", metadata.name, metadata.sequence)
}

/// Makes and signs a bundle. The same contents and key give the same bytes, always.
///
/// What would be refused when it is read is refused here.
pub fn create(contents: &Contents, signer: &Signer) -> Result<Vec<u8>, Refusal> {
    let mut members = contents.to_members()?;
    let sums = sums::of(&members);
    let signature = sshsig::sign(signer, BUNDLE_NAMESPACE, &sums)?;
    members.insert(SUMS.to_owned(), sums);
    members.insert(SIGNATURE.to_owned(), signature.into_bytes());
    if members.len() > MAX_MEMBERS {
        return Err(ContainerError::TooManyMembers { limit: MAX_MEMBERS }.into());
    }
    let size = members.values().map(|bytes| bytes.len() as u64).fold(0, u64::saturating_add);
    if size > MAX_UNPACKED_BYTES {
        return Err(ContainerError::TooBig { limit: MAX_UNPACKED_BYTES }.into());
    }
    let bundle = container::compress(&container::write(&members)?)?;
    if bundle.len() as u64 > MAX_BUNDLE_BYTES {
        return Err(ContainerError::TooBig { limit: MAX_BUNDLE_BYTES }.into());
    }
    // Every bound and every check of a reader, before anybody else meets them.
    read(&bundle)?.check(signer)?;
    Ok(bundle)
}
