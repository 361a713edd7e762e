//! SSHSIG signatures (OpenSSH, `PROTOCOL.sshsig`), so that anybody with `ssh-keygen` can check a bundle without this program.
//!
//! `ssh-key` lays them out; the signature itself is made and checked by the core crate, strictly.

use bartizan_model::{Digest, printable, truncate_chars};
use bartizan_registry::{PublicKey, Signer};
use ssh_key::{
    Algorithm, HashAlg, LineEnding, Signature, SshSig,
    public::{Ed25519PublicKey, KeyData},
};
use thiserror::Error;

/// What a signature over a bundle is for. One for anything else (a commit, a login) does not count.
pub const BUNDLE_NAMESPACE: &str = "bartizan-bundle";

/// The longest signature that is looked at, in bytes.
pub const MAX_SIGNATURE_BYTES: u64 = 4096;

/// Why something is not a signature that counts.
#[derive(Clone, Debug, Error, PartialEq, Eq)]
#[non_exhaustive]
pub enum SshSigError {
    /// It is not an armored SSHSIG, or not in the one form that `ssh-keygen` writes.
    #[error("it is not an SSH signature: {why}")]
    Malformed {
        /// What is wrong with it.
        why: String,
    },
    /// It is by another kind of key.
    #[error("it is by a key of type {actual}; only Ed25519 is taken")]
    OtherKey {
        /// Which kind.
        actual: String,
    },
    /// It was made for something else.
    #[error("it was made for `{actual}`, and not for `{expected}`")]
    WrongNamespace {
        /// As it stands there, made harmless for a message.
        actual: String,
        /// As it should be.
        expected: String,
    },
    /// It does not verify.
    #[error("it does not verify: what key {key} signed was altered after signing")]
    Bad {
        /// Id of the key that it names.
        key: String,
    },
}

impl SshSigError {
    /// A short open code for reports.
    pub fn code(&self) -> &'static str {
        match self {
            Self::Malformed { .. } => "malformed-signature",
            Self::OtherKey { .. } => "other-key",
            Self::WrongNamespace { .. } => "wrong-namespace",
            Self::Bad { .. } => "bad-signature",
        }
    }

    /// What the person at the terminal can do about it.
    pub fn advice(&self) -> String {
        match self {
            Self::OtherKey { .. } => "ask its maker to sign with an Ed25519 key".into(),
            Self::WrongNamespace { expected, .. } => {
                format!("ask its maker to sign it for what it is (`ssh-keygen -Y sign -n {expected}`)")
            }
            _ => "do not use this file; get it again from its publisher".into(),
        }
    }
}

/// A signature that was read and **not checked yet**.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SshSignature {
    key: [u8; 32],
    namespace: String,
    hash: HashAlg,
    signature: Vec<u8>,
}

impl SshSignature {
    /// Reads an armored signature.
    pub fn parse(armored: &[u8]) -> Result<Self, SshSigError> {
        let malformed = |why: String| SshSigError::Malformed { why };
        if armored.len() as u64 > MAX_SIGNATURE_BYTES {
            return Err(malformed(format!("it is longer than {MAX_SIGNATURE_BYTES} bytes")));
        }
        let parsed = SshSig::from_pem(armored).map_err(|error| malformed(error.to_string()))?;
        let KeyData::Ed25519(key) = parsed.public_key() else {
            return Err(SshSigError::OtherKey { actual: shown(parsed.public_key().algorithm().as_str()) });
        };
        if parsed.signature().algorithm() != Algorithm::Ed25519 {
            return Err(SshSigError::OtherKey { actual: shown(parsed.signature().algorithm().as_str()) });
        }
        if parsed.version() != SshSig::VERSION || !parsed.reserved().is_empty() {
            return Err(malformed("its version is not 1, or it has a reserved part".to_owned()));
        }
        // One signature, one text: what is around it and between is not signed.
        let written = parsed.to_pem(LineEnding::LF).map_err(|error| malformed(error.to_string()))?;
        if written.as_bytes() != armored {
            return Err(malformed("it is not in the form that ssh-keygen writes".to_owned()));
        }
        Ok(Self {
            key: key.0,
            namespace: parsed.namespace().to_owned(),
            hash: parsed.hash_alg(),
            signature: parsed.signature_bytes().to_vec(),
        })
    }

    /// Id of the key that it names: a claim until [`SshSignature::verify`] agrees.
    pub fn key_id(&self) -> String {
        Digest::of(&self.key).to_string()
    }

    /// Whether it names this key.
    pub fn names(&self, key: &PublicKey) -> bool {
        *key.as_bytes() == self.key
    }

    /// Whether it is by this key, over this message, for this purpose.
    pub fn verify(&self, key: &PublicKey, namespace: &str, message: &[u8]) -> Result<(), SshSigError> {
        if self.namespace != namespace {
            let (actual, expected) = (shown(&self.namespace), namespace.to_owned());
            return Err(SshSigError::WrongNamespace { actual, expected });
        }
        let signed = SshSig::signed_data(namespace, self.hash, message)
            .map_err(|error| SshSigError::Malformed { why: error.to_string() })?;
        if self.names(key) && key.verifies_bytes(&signed, &self.signature) {
            Ok(())
        } else {
            Err(SshSigError::Bad { key: self.key_id() })
        }
    }
}

/// Signs a message for a purpose, as `ssh-keygen -Y sign -n NAMESPACE` does: armored, over its SHA-512.
pub fn sign(signer: &Signer, namespace: &str, message: &[u8]) -> Result<String, SshSigError> {
    let malformed = |error: ssh_key::Error| SshSigError::Malformed { why: error.to_string() };
    let signed = SshSig::signed_data(namespace, HashAlg::Sha512, message).map_err(malformed)?;
    let signature = Signature::new(Algorithm::Ed25519, signer.sign_bytes(&signed)).map_err(malformed)?;
    SshSig::new(key_data(&signer.public()), namespace, HashAlg::Sha512, signature)
        .and_then(|signature| signature.to_pem(LineEnding::LF))
        .map_err(malformed)
}

/// The line of an `allowed_signers` file by which `ssh-keygen -Y verify` trusts this key for this publisher's bundles, and for
/// nothing else.
pub fn allowed_signers_line(publisher: &str, key: &PublicKey) -> Result<String, SshSigError> {
    let key = ssh_key::PublicKey::from(key_data(key))
        .to_openssh()
        .map_err(|error| SshSigError::Malformed { why: error.to_string() })?;
    Ok(format!("{publisher} namespaces=\"{BUNDLE_NAMESPACE}\" {key}\n"))
}

fn key_data(key: &PublicKey) -> KeyData {
    KeyData::Ed25519(Ed25519PublicKey(*key.as_bytes()))
}

fn shown(text: &str) -> String {
    truncate_chars(&printable(text), 80)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn a_signature_counts_for_its_key_its_message_and_its_purpose_alone() {
        let (ours, other) = (Signer::generate().unwrap(), Signer::generate().unwrap());
        let signature = SshSignature::parse(sign(&ours, "bundle", b"message").unwrap().as_bytes()).unwrap();
        assert_eq!(signature.verify(&ours.public(), "bundle", b"message"), Ok(()));
        assert!(matches!(signature.verify(&ours.public(), "bundle", b"other"), Err(SshSigError::Bad { .. })));
        assert!(matches!(
            signature.verify(&other.public(), "bundle", b"message"),
            Err(SshSigError::Bad { .. })
        ));
        assert!(matches!(
            signature.verify(&ours.public(), "git", b"message"),
            Err(SshSigError::WrongNamespace { .. })
        ));
    }

    #[test]
    fn the_same_message_gives_the_same_signature() {
        let signer = Signer::generate().unwrap();
        assert_eq!(sign(&signer, "bundle", b"message"), sign(&signer, "bundle", b"message"));
    }

    #[test]
    fn a_signature_for_no_purpose_is_not_made() {
        assert!(sign(&Signer::generate().unwrap(), "", b"message").is_err());
    }

    #[test]
    fn one_flipped_bit_anywhere_in_the_armor_is_refused() {
        let signer = Signer::generate().unwrap();
        let armored = sign(&signer, BUNDLE_NAMESPACE, b"message").unwrap().into_bytes();
        for at in 0..armored.len() {
            for bit in 0..8 {
                let mut altered = armored.clone();
                altered[at] ^= 1 << bit;
                let passes = SshSignature::parse(&altered)
                    .and_then(|signature| signature.verify(&signer.public(), BUNDLE_NAMESPACE, b"message"));
                assert!(passes.is_err(), "byte {at}, bit {bit}");
            }
        }
    }

    proptest! {
        #[test]
        fn no_bytes_make_it_panic(bytes in proptest::collection::vec(any::<u8>(), 0..512)) {
            prop_assert!(SshSignature::parse(&bytes).is_err());
        }

        #[test]
        fn no_armored_bytes_make_it_panic(text in "[A-Za-z0-9+/]{0,400}") {
            let armored = format!("-----BEGIN SSH SIGNATURE-----\n{text}\n-----END SSH SIGNATURE-----\n");
            prop_assert!(SshSignature::parse(armored.as_bytes()).is_err());
        }
    }
}
