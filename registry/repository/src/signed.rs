//! A metadata file: what is signed, and by whom.

use std::collections::{BTreeMap, BTreeSet};

use bartizan_model::Digest;
use bartizan_registry::{PublicKey, Signer};
use data_encoding::{BASE64, HEXLOWER};
use serde::{Deserialize, Serialize};
use serde_json::value::RawValue;

use crate::{
    RepositoryError,
    canonical::canonical,
    metadata::{Delegation, Delegations, Key, KeyValue, Role, RoleKeys, Root},
};

/// A metadata file that was read. Its content is to be believed only after [`Signed::verify`].
#[derive(Clone, Debug)]
pub(crate) struct Signed<T> {
    pub(crate) content: T,
    payload: Vec<u8>,
    signatures: Vec<Signature>,
}

#[derive(Deserialize)]
struct Document<'a> {
    #[serde(borrow)]
    signed: &'a RawValue,
    signatures: Vec<Signature>,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
struct Signature {
    keyid: String,
    sig: String,
}

impl<T: Role> Signed<T> {
    /// Reads a file. `file` is for messages.
    pub(crate) fn parse(file: &str, bytes: &[u8]) -> Result<Self, RepositoryError> {
        let malformed = |why: String| RepositoryError::Malformed { file: file.to_owned(), why };
        let document: Document<'_> =
            serde_json::from_slice(bytes).map_err(|error| malformed(error.to_string()))?;
        let payload = canonical(document.signed.get()).map_err(|error| malformed(error.to_string()))?;
        let content: T =
            serde_json::from_str(document.signed.get()).map_err(|error| malformed(error.to_string()))?;
        let header = content.header();
        if header.kind != T::KIND {
            return Err(malformed(format!("its _type is not \"{}\"", T::KIND)));
        }
        if !header.spec_version.starts_with("1.") {
            return Err(malformed("it is not of version 1 of the TUF specification".to_owned()));
        }
        if header.version == 0 {
            return Err(malformed("its version is 0".to_owned()));
        }
        Ok(Self { content, payload, signatures: document.signatures })
    }

    /// Whether enough of these keys signed it. A key counts once, however often it signed.
    pub(crate) fn verify(&self, file: &str, keys: &Keys) -> Result<(), RepositoryError> {
        let mut named = BTreeSet::new();
        let mut valid = BTreeSet::new();
        for signature in &self.signatures {
            if !named.insert(&signature.keyid) {
                return Err(RepositoryError::DuplicateSignature {
                    file: file.to_owned(),
                    key: shown(&signature.keyid),
                });
            }
            let Some(key) = keys.by_id.get(&signature.keyid) else { continue };
            let Ok(bytes) = HEXLOWER.decode(signature.sig.as_bytes()) else { continue };
            if key.verifies_bytes(&self.payload, &bytes) {
                valid.insert(*key.as_bytes());
            }
        }
        let (valid, needed) = (valid.len(), keys.threshold as usize);
        if valid < needed {
            return Err(RepositoryError::BelowThreshold {
                file: file.to_owned(),
                role: keys.role.clone(),
                valid,
                needed,
            });
        }
        Ok(())
    }

    /// Digest of what is signed: two files that say the same have the same.
    pub(crate) fn digest(&self) -> Digest {
        Digest::of(&self.payload)
    }
}

/// Signs metadata: the bytes of the file. A signer that is given twice signs once.
pub(crate) fn sign<T: Role>(
    file: &str,
    content: &T,
    signers: &[&Signer],
) -> Result<Vec<u8>, RepositoryError> {
    let malformed = |why: String| RepositoryError::Malformed { file: file.to_owned(), why };
    let json = serde_json::to_string(content).map_err(|error| malformed(error.to_string()))?;
    let signed = canonical(&json).map_err(|error| malformed(error.to_string()))?;
    let signatures: BTreeMap<String, String> = signers
        .iter()
        .map(|signer| (key_id(&signer.public()), HEXLOWER.encode(&signer.sign_bytes(&signed))))
        .collect();
    let signatures: Vec<_> = signatures.into_iter().map(|(keyid, sig)| Signature { keyid, sig }).collect();
    let signatures = serde_json::to_string(&signatures).map_err(|error| malformed(error.to_string()))?;
    Ok(format!("{{\"signed\":{json},\"signatures\":{signatures}}}\n").into_bytes())
}

/// The keys of one role, ready to verify with.
#[derive(Clone, Debug)]
pub(crate) struct Keys {
    role: String,
    by_id: BTreeMap<String, PublicKey>,
    threshold: u32,
}

impl Keys {
    /// The keys of a top-level role.
    pub(crate) fn of_root(
        file: &str,
        root: &Root,
        role: &str,
        role_keys: &RoleKeys,
    ) -> Result<Self, RepositoryError> {
        Self::new(file, role, &root.keys, &role_keys.keyids, role_keys.threshold)
    }

    /// The keys of a delegated role.
    pub(crate) fn of_delegation(
        file: &str,
        delegations: &Delegations,
        delegation: &Delegation,
    ) -> Result<Self, RepositoryError> {
        Self::new(file, &delegation.name, &delegations.keys, &delegation.keyids, delegation.threshold)
    }

    fn new(
        file: &str,
        role: &str,
        known: &BTreeMap<String, Key>,
        ids: &[String],
        threshold: u32,
    ) -> Result<Self, RepositoryError> {
        let malformed = |why: String| RepositoryError::Malformed {
            file: file.to_owned(),
            why: format!("role `{}`: {why}", shown(role)),
        };
        let mut keys = BTreeMap::new();
        for id in ids {
            let key = known.get(id).ok_or_else(|| malformed(format!("there is no key {}", shown(id))))?;
            let key = public_key(key).map_err(malformed)?;
            // Computed over the key alone, so that one key cannot stand under two ids.
            if key_id(&key) != *id {
                return Err(RepositoryError::WrongKeyId { file: file.to_owned(), key: shown(id) });
            }
            if keys.insert(id.clone(), key).is_some() {
                return Err(malformed(format!("key {} stands twice in it", shown(id))));
            }
        }
        if threshold == 0 {
            return Err(malformed("its threshold is 0".to_owned()));
        }
        Ok(Self { role: role.to_owned(), by_id: keys, threshold })
    }

    /// Ids of the keys.
    pub(crate) fn ids(&self) -> impl Iterator<Item = &String> {
        self.by_id.keys()
    }
}

/// A public key as TUF writes it.
pub(crate) fn tuf_key(key: &PublicKey) -> Key {
    Key {
        keytype: "ed25519".to_owned(),
        scheme: "ed25519".to_owned(),
        keyval: KeyValue { public: HEXLOWER.encode(key.as_bytes()) },
    }
}

/// TUF's id of a key: the digest of its canonical form.
pub(crate) fn key_id(key: &PublicKey) -> String {
    let public = HEXLOWER.encode(key.as_bytes());
    let form = format!(r#"{{"keytype":"ed25519","keyval":{{"public":"{public}"}},"scheme":"ed25519"}}"#);
    Digest::of(form.as_bytes()).to_string()
}

fn public_key(key: &Key) -> Result<PublicKey, String> {
    if key.keytype != "ed25519" || key.scheme != "ed25519" {
        return Err(format!("a key is of type `{}`, not ed25519", shown(&key.keytype)));
    }
    let bytes = HEXLOWER
        .decode(key.keyval.public.as_bytes())
        .ok()
        .filter(|bytes| bytes.len() == 32)
        .ok_or("a public key is not 32 bytes in lower-case hexadecimal")?;
    // The header of an Ed25519 SubjectPublicKeyInfo (RFC 8410). Through PEM, because that way weak keys are refused.
    let mut der = vec![0x30, 0x2a, 0x30, 0x05, 0x06, 0x03, 0x2b, 0x65, 0x70, 0x03, 0x21, 0x00];
    der.extend(bytes);
    let pem = format!("-----BEGIN PUBLIC KEY-----\n{}\n-----END PUBLIC KEY-----\n", BASE64.encode(&der));
    PublicKey::from_pem(&pem).map_err(|error| error.to_string())
}

/// A text from metadata, fit for a message.
pub(crate) fn shown(text: &str) -> String {
    bartizan_model::truncate_chars(&bartizan_model::printable(text), 100)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_id_of_a_key_is_the_digest_of_its_canonical_form() {
        let key = Signer::generate().unwrap().public();
        let json = serde_json::to_string(&tuf_key(&key)).unwrap();
        assert_eq!(key_id(&key), Digest::of(&canonical(&json).unwrap()).to_string());
        assert_eq!(public_key(&tuf_key(&key)).unwrap(), key);
    }

    #[test]
    fn a_weak_key_and_one_of_another_kind_are_refused() {
        let key = tuf_key(&Signer::generate().unwrap().public());
        let weak = format!("01{}", "00".repeat(31));
        for public in [weak.as_str(), "", "00", "zz", &"F".repeat(64)] {
            assert!(
                public_key(&Key { keyval: KeyValue { public: public.to_owned() }, ..key.clone() }).is_err(),
                "{public}"
            );
        }
        assert!(public_key(&Key { keytype: "rsa".into(), ..key }).is_err());
    }
}
