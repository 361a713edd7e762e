//! Descriptors: what something is, how long it is and what it hashes to.

use std::collections::BTreeMap;

use bartizan_model::{Digest, printable, truncate_chars};
use serde::{Deserialize, Deserializer, Serialize, Serializer, de::Error as _};

use super::OciError;

/// An OCI descriptor.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Descriptor {
    /// What the content is.
    pub media_type: String,
    /// SHA-256 of the content; "sha256:…" in JSON. Other algorithms are refused.
    #[serde(serialize_with = "write_digest", deserialize_with = "read_digest")]
    pub digest: Digest,
    /// Its length in bytes.
    pub size: u64,
    /// For a manifest: what kind of artifact it describes.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub artifact_type: Option<String>,
    /// Remarks.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub annotations: BTreeMap<String, String>,
}

impl Descriptor {
    /// The descriptor of these bytes.
    pub fn of(media_type: &str, bytes: &[u8]) -> Self {
        Self {
            media_type: media_type.to_owned(),
            digest: Digest::of(bytes),
            size: bytes.len() as u64,
            artifact_type: None,
            annotations: BTreeMap::new(),
        }
    }

    /// The digest as registries write it: "sha256:…".
    pub fn digest_text(&self) -> String {
        format!("sha256:{}", self.digest)
    }

    /// Whether these are the bytes that it describes.
    pub fn check(&self, what: &'static str, bytes: &[u8]) -> Result<(), OciError> {
        let actual = bytes.len() as u64;
        if actual != self.size {
            return Err(OciError::WrongSize { what, actual, expected: self.size });
        }
        let actual = Digest::of(bytes);
        if actual != self.digest {
            return Err(OciError::Altered { what, actual, expected: self.digest });
        }
        Ok(())
    }

    /// Whether it describes content of this type, no longer than this.
    pub(crate) fn must_be(
        &self,
        what: &'static str,
        media_type: &'static str,
        limit: u64,
    ) -> Result<(), OciError> {
        if self.media_type != media_type {
            return Err(wrong_type(what, &self.media_type, media_type));
        }
        if self.size > limit {
            return Err(OciError::TooBig { what, actual: self.size, limit });
        }
        Ok(())
    }
}

pub(super) fn wrong_type(what: &'static str, actual: &str, expected: &'static str) -> OciError {
    OciError::WrongType { what, actual: truncate_chars(&printable(actual), 80), expected }
}

fn write_digest<S: Serializer>(digest: &Digest, serializer: S) -> Result<S::Ok, S::Error> {
    serializer.collect_str(&format_args!("sha256:{digest}"))
}

fn read_digest<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Digest, D::Error> {
    let text = String::deserialize(deserializer)?;
    text.strip_prefix("sha256:")
        .and_then(|hex| hex.parse().ok())
        .ok_or_else(|| D::Error::custom("a digest is not `sha256:` and 64 lower-case hexadecimal digits"))
}
