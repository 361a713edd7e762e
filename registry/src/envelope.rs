//! DSSE, the Dead Simple Signing Envelope (github.com/secure-systems-lab/dsse, protocol and envelope v1).
//!
//! The pre-authentication encoding is four fields in a row, so it stands here; everything cryptographic is `ed25519-dalek`'s.

use base64::{Engine as _, engine::general_purpose::STANDARD};
use serde::{Deserialize, Serialize};

use crate::{KeyId, MAX_STATEMENT_BYTES, PublicKey, Refusal, Signer};

/// `payloadType` of an in-toto statement.
pub const PAYLOAD_TYPE: &str = "application/vnd.in-toto+json";

/// A signed payload. The payload is not to be looked at before a signature over it was verified.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Envelope {
    /// Base64 of the payload.
    payload: String,
    /// What the payload is; under the signature.
    payload_type: String,
    /// One for each key that signed.
    signatures: Vec<EnvelopeSignature>,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
struct EnvelopeSignature {
    #[serde(default)]
    keyid: String,
    sig: String,
}

impl Envelope {
    /// Signs a payload.
    pub(crate) fn sign(payload: &[u8], signer: &Signer) -> Self {
        Self {
            payload: STANDARD.encode(payload),
            payload_type: PAYLOAD_TYPE.to_owned(),
            signatures: vec![EnvelopeSignature {
                keyid: signer.public().id().to_string(),
                sig: signer.sign(&pre_authentication_encoding(PAYLOAD_TYPE, payload)),
            }],
        }
    }

    /// Reads one envelope: a JSON document, or the only line of a `.intoto.jsonl` file.
    pub fn parse(bytes: &[u8]) -> Result<Self, Refusal> {
        let malformed = |why: String| Refusal::MalformedStatement { why };
        if bytes.len() as u64 > MAX_STATEMENT_BYTES {
            return Err(malformed(format!("it is longer than {MAX_STATEMENT_BYTES} bytes")));
        }
        let envelope: Self = serde_json::from_slice(bytes).map_err(|error| malformed(error.to_string()))?;
        if envelope.payload_type != PAYLOAD_TYPE {
            return Err(malformed(format!("its payloadType is not {PAYLOAD_TYPE}")));
        }
        Ok(envelope)
    }

    /// The envelope as one line of JSON.
    pub fn to_line(&self) -> String {
        let mut line = serde_json::json!(self).to_string();
        line.push('\n');
        line
    }

    /// Key ids the envelope names, made harmless for a message. A claim, not a fact.
    pub(crate) fn claimed_signers(&self) -> Vec<String> {
        self.signatures
            .iter()
            .take(4)
            .map(|s| bartizan_model::truncate_chars(&bartizan_model::printable(&s.keyid), 64))
            .collect()
    }

    /// The first key id that the envelope names. A claim, not a fact.
    pub(crate) fn claimed_key(&self) -> Result<KeyId, Refusal> {
        let first = self.signatures.first().map(|signature| signature.keyid.parse());
        first
            .and_then(Result::ok)
            .ok_or_else(|| Refusal::MalformedStatement { why: "it names no key".to_owned() })
    }

    /// Whether the envelope names this key among its signers.
    pub(crate) fn names(&self, key: &PublicKey) -> bool {
        let id = key.id().to_string();
        self.signatures.iter().any(|signature| signature.keyid == id)
    }

    /// Whether this key signed the payload. `keyid` is only a hint (DSSE, "keyid … is not signed"), so every signature is tried.
    pub(crate) fn is_signed_by(&self, key: &PublicKey) -> Result<bool, Refusal> {
        let message = pre_authentication_encoding(&self.payload_type, &self.payload()?);
        Ok(self.signatures.iter().any(|signature| key.verifies(&message, &signature.sig)))
    }

    /// The payload's bytes.
    pub(crate) fn payload(&self) -> Result<Vec<u8>, Refusal> {
        STANDARD.decode(&self.payload).map_err(|error| Refusal::MalformedStatement {
            why: format!("its payload is not base64: {error}"),
        })
    }
}

/// PAE(type, body) = "DSSEv1" SP LEN(type) SP type SP LEN(body) SP body.
fn pre_authentication_encoding(payload_type: &str, payload: &[u8]) -> Vec<u8> {
    let mut out = format!("DSSEv1 {} {payload_type} {} ", payload_type.len(), payload.len()).into_bytes();
    out.extend_from_slice(payload);
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_encoding_is_the_one_of_the_specification() {
        // The test vector of the DSSE protocol document.
        assert_eq!(
            pre_authentication_encoding("http://example.com/HelloWorld", b"hello world"),
            b"DSSEv1 29 http://example.com/HelloWorld 11 hello world"
        );
    }

    #[test]
    fn a_signature_holds_for_its_payload_and_key_alone() {
        let (ours, other) = (Signer::generate().unwrap(), Signer::generate().unwrap());
        let envelope = Envelope::parse(Envelope::sign(b"{}", &ours).to_line().as_bytes()).unwrap();
        assert_eq!(envelope.is_signed_by(&ours.public()), Ok(true));
        assert_eq!(envelope.is_signed_by(&other.public()), Ok(false));
        let altered = Envelope { payload: STANDARD.encode(b"{ }"), ..envelope };
        assert_eq!(altered.is_signed_by(&ours.public()), Ok(false));
    }

    #[test]
    fn a_foreign_payload_type_is_malformed() {
        let envelope = Envelope {
            payload_type: "text/plain".into(),
            ..Envelope::sign(b"{}", &Signer::generate().unwrap())
        };
        assert!(matches!(
            Envelope::parse(envelope.to_line().as_bytes()),
            Err(Refusal::MalformedStatement { .. })
        ));
    }
}
