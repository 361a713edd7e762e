//! Ed25519 keys, in the forms that OpenSSL reads and writes: PKCS#8 PEM for the private, SPKI PEM for the public half.

use std::{fmt, fs, io::Write as _, path::Path};

use bartizan_model::Digest;
use base64::{Engine as _, engine::general_purpose::STANDARD};
use ed25519_dalek::{
    Signature, Signer as _, SigningKey, VerifyingKey,
    pkcs8::{
        DecodePrivateKey as _, DecodePublicKey as _, EncodePrivateKey as _, EncodePublicKey as _,
        spki::der::pem::LineEnding,
    },
};
use serde::{Deserialize, Serialize};
use zeroize::Zeroizing;

use crate::KeyError;

/// SHA-256 of the 32 bytes of a public key, as hex: what DSSE's `keyid` holds, and what a person compares.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct KeyId(Digest);

impl std::str::FromStr for KeyId {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        text.parse().map(Self).map_err(|_| "a key's id is 64 hexadecimal digits".to_owned())
    }
}

impl fmt::Display for KeyId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

impl fmt::Debug for KeyId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "KeyId({})", self.0)
    }
}

/// The public half of a publisher's key.
#[derive(Clone, PartialEq, Eq)]
pub struct PublicKey(VerifyingKey);

impl PublicKey {
    /// Reads SPKI PEM, as `openssl pkey -pubout` writes it.
    pub fn from_pem(pem: &str) -> Result<Self, KeyError> {
        let key = VerifyingKey::from_public_key_pem(pem.trim()).map_err(|error| KeyError::Malformed {
            expected: "public key (SPKI PEM)",
            why: error.to_string(),
        })?;
        if key.is_weak() {
            // Anybody can sign for a key of small order.
            return Err(KeyError::Malformed {
                expected: "public key (SPKI PEM)",
                why: "the key is weak".into(),
            });
        }
        Ok(Self(key))
    }

    /// SPKI PEM.
    pub fn to_pem(&self) -> Result<String, KeyError> {
        self.0.to_public_key_pem(LineEnding::LF).map_err(|error| KeyError::Malformed {
            expected: "public key (SPKI PEM)",
            why: error.to_string(),
        })
    }

    /// Its id.
    pub fn id(&self) -> KeyId {
        KeyId(Digest::of(self.0.as_bytes()))
    }

    /// Whether this signature (base64) is by this key over these bytes. Strict: refuses the malleable and small-order
    /// signatures that plain Ed25519 verification lets pass.
    pub(crate) fn verifies(&self, message: &[u8], signature: &str) -> bool {
        STANDARD.decode(signature).is_ok_and(|signature| self.verifies_bytes(message, &signature))
    }

    /// Whether this signature (64 bytes) is by this key over these bytes. Strict, too.
    pub fn verifies_bytes(&self, message: &[u8], signature: &[u8]) -> bool {
        Signature::from_slice(signature)
            .is_ok_and(|signature| self.0.verify_strict(message, &signature).is_ok())
    }

    /// The key itself: 32 bytes.
    pub fn as_bytes(&self) -> &[u8; 32] {
        self.0.as_bytes()
    }
}

impl fmt::Debug for PublicKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "PublicKey({})", self.id())
    }
}

/// A private key that can sign. Never printed; wiped from memory when dropped.
pub struct Signer(SigningKey);

impl Signer {
    /// A new key from the system's random source.
    pub fn generate() -> Result<Self, KeyError> {
        let mut seed = Zeroizing::new([0_u8; 32]);
        getrandom::fill(seed.as_mut_slice()).map_err(|error| KeyError::NoRandomness(error.to_string()))?;
        Ok(Self(SigningKey::from_bytes(&seed)))
    }

    /// Reads PKCS#8 PEM, as `openssl genpkey -algorithm ed25519` writes it. A file that others can read is refused.
    pub fn read(path: &Path) -> Result<Self, KeyError> {
        let io = |source| KeyError::Io { doing: "read", path: path.to_owned(), source };
        #[cfg(unix)]
        {
            use std::os::unix::fs::MetadataExt as _;
            let mode = fs::metadata(path).map_err(io)?.mode() & 0o777;
            if mode & 0o077 != 0 {
                return Err(KeyError::Exposed { path: path.to_owned(), mode });
            }
        }
        let pem = Zeroizing::new(fs::read_to_string(path).map_err(io)?);
        SigningKey::from_pkcs8_pem(pem.trim()).map(Self).map_err(|error| KeyError::Malformed {
            expected: "private key (PKCS#8 PEM)",
            why: error.to_string(),
        })
    }

    /// Writes PKCS#8 PEM to a new file that only its owner can read. An existing file is never overwritten.
    pub fn write_new(&self, path: &Path) -> Result<(), KeyError> {
        let io = |source| KeyError::Io { doing: "write", path: path.to_owned(), source };
        let pem = self.0.to_pkcs8_pem(LineEnding::LF).map_err(|error| KeyError::Malformed {
            expected: "private key (PKCS#8 PEM)",
            why: error.to_string(),
        })?;
        if let Some(folder) = path.parent() {
            fs::create_dir_all(folder).map_err(io)?;
        }
        let mut options = fs::OpenOptions::new();
        options.write(true).create_new(true);
        #[cfg(unix)]
        {
            use std::os::unix::fs::OpenOptionsExt as _;
            options.mode(0o600);
        }
        let mut file = options.open(path).map_err(io)?;
        file.write_all(pem.as_bytes()).and_then(|()| file.sync_all()).map_err(io)
    }

    /// The public half.
    pub fn public(&self) -> PublicKey {
        PublicKey(self.0.verifying_key())
    }

    /// The signature over these bytes, in base64.
    pub(crate) fn sign(&self, message: &[u8]) -> String {
        STANDARD.encode(self.sign_bytes(message))
    }

    /// The signature over these bytes, for the other formats that carry one (SSHSIG, TUF).
    pub fn sign_bytes(&self, message: &[u8]) -> [u8; 64] {
        self.0.sign(message).to_bytes()
    }
}

impl fmt::Debug for Signer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Signer({})", self.public().id())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_key_survives_its_file_and_the_file_is_private() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("deep/key.pem");
        let signer = Signer::generate().unwrap();
        signer.write_new(&path).unwrap();
        assert_eq!(Signer::read(&path).unwrap().public(), signer.public());
        assert!(
            matches!(signer.write_new(&path), Err(KeyError::Io { .. })),
            "an existing key was overwritten"
        );
        #[cfg(unix)]
        {
            use std::os::unix::fs::PermissionsExt as _;
            assert_eq!(fs::metadata(&path).unwrap().permissions().mode() & 0o777, 0o600);
            fs::set_permissions(&path, fs::Permissions::from_mode(0o644)).unwrap();
            assert!(matches!(Signer::read(&path), Err(KeyError::Exposed { .. })));
        }
    }

    #[test]
    fn a_public_key_survives_its_pem_form() {
        let public = Signer::generate().unwrap().public();
        assert_eq!(PublicKey::from_pem(&public.to_pem().unwrap()).unwrap(), public);
    }

    #[test]
    fn what_openssl_writes_is_read() {
        // `openssl pkey -pubout` of the key of RFC 8032, section 7.1, test 1.
        let pem = "-----BEGIN PUBLIC KEY-----\nMCowBQYDK2VwAyEA11qYAYKxCrfVS/7TyWQHOg7hcvPapiMlrwIaaPcHURo=\n-----END PUBLIC KEY-----\n";
        let key = PublicKey::from_pem(pem).unwrap();
        assert_eq!(key.to_pem().unwrap(), pem);
        // The signature over the empty message, from the same test.
        let signature =
            "5VZDAMNgrHKQhuLMgG6CioSHfx645dl02HPgZSJJAVVfuIIVkKM7rMYeOXAc+bRr0lv18FlbviRlUUFDjnoQCw==";
        assert!(key.verifies(b"", signature));
        assert!(!key.verifies(b"x", signature));
    }

    #[test]
    fn a_weak_key_is_refused() {
        // The identity point: everything verifies under it when checked loosely.
        let der =
            [&[0x30, 0x2a, 0x30, 0x05, 0x06, 0x03, 0x2b, 0x65, 0x70, 0x03, 0x21, 0x00, 1][..], &[0; 31]]
                .concat();
        let pem = format!("-----BEGIN PUBLIC KEY-----\n{}\n-----END PUBLIC KEY-----\n", STANDARD.encode(der));
        assert!(matches!(PublicKey::from_pem(&pem), Err(KeyError::Malformed { .. })));
    }
}
