//! Deciding whether a bundle is to be trusted.

use bartizan_model::{Digest, printable, truncate_chars};
use bartizan_registry::{KeyId, KeyStanding, PublicKey, Revoked, Signer, TrustStore, TrustedKey};
use jiff::{SignedDuration, Timestamp};

use super::{Contents, Opened, SUMS, sums};
use crate::{Refusal, sshsig::BUNDLE_NAMESPACE};

/// By how much the clocks of two machines may differ before a bundle seems to come from the future.
const CLOCK_SKEW: SignedDuration = SignedDuration::from_mins(10);

/// A bundle whose every signed promise was checked, but for its sequence. Only [`Opened::verify`] makes one.
///
/// The caller checks the sequence: for this [`VerifiedBundle::key`] and name, [`VerifiedBundle::sequence`] must not be lower than
/// one seen before, and [`VerifiedBundle::digest`] must be the same for the same sequence. And it gives every component to
/// [`bartizan_registry::Verifier`]: a bundle's maker vouches for the choice, not in the name of each publisher.
///
/// ```compile_fail
/// // The fields are private: no other crate can make one up.
/// fn forged(contents: bartizan_archive::bundle::Contents) -> bartizan_archive::bundle::VerifiedBundle {
///     bartizan_archive::bundle::VerifiedBundle { contents, allowed_expired: None }
/// }
/// ```
#[derive(Clone, Debug)]
pub struct VerifiedBundle {
    contents: Contents,
    key: KeyId,
    digest: Digest,
    allowed_expired: Option<AllowedExpired>,
}

/// That a bundle was taken although it had expired.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AllowedExpired {
    /// When it expired.
    pub expired: Timestamp,
    /// Why it was taken all the same. For the record.
    pub reason: String,
}

impl VerifiedBundle {
    /// What is in it.
    pub fn contents(&self) -> &Contents {
        &self.contents
    }

    /// What is in it.
    pub fn into_contents(self) -> Contents {
        self.contents
    }

    /// Who made it.
    pub fn name(&self) -> &str {
        &self.contents.metadata.name
    }

    /// Its sequence: grows with every bundle of this name.
    pub fn sequence(&self) -> u64 {
        self.contents.metadata.sequence
    }

    /// The key that signed it.
    pub fn key(&self) -> KeyId {
        self.key
    }

    /// SHA-256 of what was signed (its `SHA256SUMS`): two bundles with the same one hold the same.
    pub fn digest(&self) -> Digest {
        self.digest
    }

    /// Whether it had expired and was taken all the same, and why.
    pub fn allowed_expired(&self) -> Option<&AllowedExpired> {
        self.allowed_expired.as_ref()
    }
}

impl Opened {
    /// Checks, in this order: signature and whose it is, revocation of the key, the digest of every member, in whose name the key
    /// may speak, time, and whether everything in it belongs together.
    ///
    /// An expired bundle passes only with a reason, which the result keeps; a blank one is none.
    pub fn verify(
        &self,
        trust: &TrustStore,
        now: Timestamp,
        allow_expired: Option<&str>,
    ) -> Result<VerifiedBundle, Refusal> {
        let trusted: Vec<&TrustedKey> =
            trust.keys().iter().filter(|trusted| self.signature.names(&trusted.key)).collect();
        let Some(TrustedKey { key: signer, .. }) = trusted.first() else {
            let (key, claimed) = (self.claimed_signer(), self.claimed_maker());
            return Err(Refusal::UnknownSigner { key, claimed });
        };
        self.must_be_signed_by(signer)?;
        must_not_be_revoked(signer.id(), trust)?;
        sums::check(self.member(SUMS), &self.members)?;
        let metadata = self.claimed()?.metadata();
        must_speak_for(&metadata.name, &trusted)?;
        if let Some(created) = metadata.created.filter(|created| now.duration_until(*created) > CLOCK_SKEW) {
            return Err(Refusal::FromTheFuture { created: created.to_string() });
        }
        let allowed_expired = match metadata.expires.filter(|expires| now >= *expires) {
            None => None,
            Some(expired) => {
                let reason = allow_expired.map(str::trim).filter(|reason| !reason.is_empty());
                let reason = reason.ok_or_else(|| Refusal::Expired { expired: expired.to_string() })?;
                Some(AllowedExpired { expired, reason: reason.to_owned() })
            }
        };
        let contents = Contents::from_members(&self.members)?;
        let (key, digest) = (signer.id(), Digest::of(self.member(SUMS)));
        Ok(VerifiedBundle { contents, key, digest, allowed_expired })
    }

    /// What its maker can check of it, whatever the time is.
    pub(super) fn check(&self, signer: &Signer) -> Result<(), Refusal> {
        self.must_be_signed_by(&signer.public())?;
        sums::check(self.member(SUMS), &self.members)?;
        Contents::from_members(&self.members).map(|_| ())
    }

    fn must_be_signed_by(&self, key: &PublicKey) -> Result<(), Refusal> {
        Ok(self.signature.verify(key, BUNDLE_NAMESPACE, self.member(SUMS))?)
    }
}

fn must_not_be_revoked(key: KeyId, trust: &TrustStore) -> Result<(), Refusal> {
    match trust.revocations().iter().find(|revocation| revocation.what == Revoked::Key(key)) {
        Some(revocation) => Err(Refusal::RevokedKey {
            key: key.to_string(),
            reason: truncate_chars(&printable(&revocation.reason), 300),
        }),
        None => Ok(()),
    }
}

/// Whether one of these entries, all of one key, lets it make bundles in this name.
fn must_speak_for(maker: &str, entries: &[&TrustedKey]) -> Result<(), Refusal> {
    let mut own = entries.iter().filter(|trusted| trusted.publisher == maker).peekable();
    if let Some(first) = own.peek() {
        let (key, publisher) = (first.key.id().to_string(), first.publisher.clone());
        // A bundle is new by its nature: a retired key is good only for what is installed already.
        let counts = own.any(|trusted| trusted.standing != KeyStanding::Retired);
        return if counts { Ok(()) } else { Err(Refusal::RetiredKey { key, publisher }) };
    }
    let other = entries.first();
    Err(Refusal::ForeignName {
        key: other.map(|trusted| trusted.key.id().to_string()).unwrap_or_default(),
        allowed: other.map(|trusted| trusted.publisher.clone()).unwrap_or_default(),
        claimed: maker.to_owned(),
    })
}
