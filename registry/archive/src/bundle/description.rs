//! `bundle.json`: who made a bundle, which one it is, and what is in it.

use std::collections::BTreeSet;

use bartizan_model::{Digest, printable, truncate_chars};
use bartizan_registry::{ComponentName, SignedComponent};
use jiff::Timestamp;
use semver::Version;
use serde::{Deserialize, Serialize};

use crate::{Refusal, oci::OciError};

const FORMAT: u32 = 1;

/// Who makes a bundle, which one it is, and for how long it is good.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct BundleMetadata {
    /// The publisher who makes it, e.g. "acme". Whoever takes it must trust the signing key for this name.
    pub name: String,
    /// Grows with every bundle of this name; a lower one than was seen before is refused.
    pub sequence: u64,
    /// When it was made. Given by the caller, so that the same input makes the same bundle.
    pub created: Option<Timestamp>,
    /// Not good from then on. Absent: for as long as its maker's key is trusted.
    pub expires: Option<Timestamp>,
}

/// What `bundle.json` says.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Description {
    /// Version of this format.
    format: u32,
    /// See [`BundleMetadata::name`].
    pub name: String,
    /// See [`BundleMetadata::sequence`].
    pub sequence: u64,
    /// See [`BundleMetadata::created`].
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub created: Option<Timestamp>,
    /// See [`BundleMetadata::expires`].
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub expires: Option<Timestamp>,
    /// The components in it, by name and version.
    pub components: Vec<ListedComponent>,
}

/// One component of a bundle.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ListedComponent {
    /// Its name.
    pub id: ComponentName,
    /// Its version.
    pub version: Version,
    /// SHA-256 of its bytes.
    pub sha256: Digest,
    /// SHA-256 of its statement's bytes.
    pub statement: Digest,
}

impl ListedComponent {
    fn of(signed: &SignedComponent) -> Result<Self, Refusal> {
        let claims = signed.claimed().map_err(|refusal| Refusal::Oci {
            at: signed.digest().to_string(),
            error: OciError::Statement(refusal),
        })?;
        Ok(Self {
            id: claims.id,
            version: claims.version,
            sha256: signed.digest(),
            statement: Digest::of(&signed.statement),
        })
    }
}

impl Description {
    pub(super) fn of(metadata: &BundleMetadata, components: &[SignedComponent]) -> Result<Self, Refusal> {
        let BundleMetadata { name, sequence, created, expires } = metadata.clone();
        let mut components = components.iter().map(ListedComponent::of).collect::<Result<Vec<_>, _>>()?;
        components.sort();
        let description = Self { format: FORMAT, name, sequence, created, expires, components };
        description.must_make_sense()?;
        Ok(description)
    }

    pub(super) fn to_json(&self) -> Result<Vec<u8>, Refusal> {
        let mut json = serde_json::to_vec_pretty(self).map_err(|error| malformed(error.to_string()))?;
        json.push(b'\n');
        Ok(json)
    }

    pub(super) fn parse(bytes: &[u8]) -> Result<Self, Refusal> {
        /// A later format may say everything else in another way.
        #[derive(Deserialize)]
        struct Format {
            format: u32,
        }
        let Format { format } =
            serde_json::from_slice(bytes).map_err(|error| malformed(error.to_string()))?;
        if format != FORMAT {
            return Err(malformed(format!(
                "format {format} is not known; this program reads format {FORMAT}"
            )));
        }
        let description: Self =
            serde_json::from_slice(bytes).map_err(|error| malformed(error.to_string()))?;
        description.must_make_sense()?;
        Ok(description)
    }

    fn must_make_sense(&self) -> Result<(), Refusal> {
        if !ComponentName::is_valid_half(&self.name) {
            let name = truncate_chars(&printable(&self.name), 80);
            return Err(malformed(format!("`{name}` is not a publisher's name")));
        }
        if let (Some(created), Some(expires)) = (self.created, self.expires)
            && expires <= created
        {
            return Err(malformed(format!("it expires on {expires}, before it was made on {created}")));
        }
        Ok(())
    }

    /// Whether these are the components that it lists, no more and no fewer.
    pub(super) fn must_describe(&self, components: &[SignedComponent]) -> Result<(), Refusal> {
        let differ = |why: String| Err(Refusal::NotAsDescribed { why });
        let there = components.iter().map(ListedComponent::of).collect::<Result<BTreeSet<_>, _>>()?;
        let listed: BTreeSet<_> = self.components.iter().cloned().collect();
        if listed.len() != self.components.len() {
            return differ("one component is listed twice".to_owned());
        }
        if let Some(absent) = listed.difference(&there).next() {
            let same =
                there.iter().find(|other| (&other.id, &other.version) == (&absent.id, &absent.version));
            let what = same.map_or("is not there", |_| "is there with other bytes or another statement");
            return differ(format!("{} {} is listed and {what}", absent.id, absent.version));
        }
        if let Some(extra) = there.difference(&listed).next() {
            return differ(format!("{} {} is there and not listed", extra.id, extra.version));
        }
        Ok(())
    }

    pub(super) fn metadata(&self) -> BundleMetadata {
        let Self { name, sequence, created, expires, .. } = self.clone();
        BundleMetadata { name, sequence, created, expires }
    }
}

fn malformed(why: String) -> Refusal {
    Refusal::MalformedDescription { why }
}
