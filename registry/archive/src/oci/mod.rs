//! A component and its statement as OCI content: the same manifests in a file as in a registry.
//!
//! A component is stored as the CNCF's "Wasm OCI Artifact layout" has it, which is what `wkg` reads and writes. Its signed
//! statement is a second manifest whose `subject` is the first, so that a registry lists it under its referrers.
//!
//! [`artifact`] makes both; [`Manifest::parse`], [`component_of`] and [`statement_of`] take them apart. Read [`Artifact`]
//! first.

mod config;
mod descriptor;
mod error;
mod read;
mod write;

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

pub use descriptor::Descriptor;
pub use error::OciError;
pub(crate) use read::must_belong_together;
pub use read::{ComponentParts, StatementParts, component_of, statement_of};
pub use write::{Artifact, Blob, EMPTY_CONFIG, artifact, reference_name};

/// Media type of a manifest.
pub const MANIFEST: &str = "application/vnd.oci.image.manifest.v1+json";
/// Media type of an index.
pub const INDEX: &str = "application/vnd.oci.image.index.v1+json";
/// Media type of the configuration of a WebAssembly artifact.
pub const WASM_CONFIG: &str = "application/vnd.wasm.config.v0+json";
/// Media type of a component.
pub const WASM_LAYER: &str = "application/wasm";
/// Artifact type of a statement's manifest: by this a registry's referrers are filtered.
pub const STATEMENT_ARTIFACT: &str = "application/vnd.in-toto+json";
/// Media type of a statement: the envelope's one line.
pub const STATEMENT_LAYER: &str = "application/vnd.dsse.envelope.v1+json";
/// Media type of a configuration that says nothing.
pub const EMPTY: &str = "application/vnd.oci.empty.v1+json";

/// Annotation of a descriptor in an index: "acme/rules:1.2.0".
pub const REF_NAME: &str = "org.opencontainers.image.ref.name";
/// Annotation of a manifest: the component's name, "acme/rules".
pub const TITLE: &str = "org.opencontainers.image.title";
/// Annotation of a manifest: the component's version.
pub const VERSION: &str = "org.opencontainers.image.version";
/// Annotation of a manifest: SPDX expression.
pub const LICENSES: &str = "org.opencontainers.image.licenses";
/// Annotation of a manifest: where the source is.
pub const SOURCE: &str = "org.opencontainers.image.source";

/// The largest manifest or index that is looked at, in bytes. What registries accept is four times as much.
pub const MAX_MANIFEST_BYTES: u64 = 1 << 20;
/// The largest configuration that is looked at, in bytes.
pub const MAX_CONFIG_BYTES: u64 = 1 << 20;

/// An OCI image manifest. Members that are not known are let pass: others write them.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Manifest {
    /// Always 2.
    pub schema_version: u32,
    /// [`MANIFEST`], if it is said.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub media_type: Option<String>,
    /// What kind of artifact it is, where the configuration does not say so.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub artifact_type: Option<String>,
    /// The configuration.
    pub config: Descriptor,
    /// The content.
    pub layers: Vec<Descriptor>,
    /// The manifest that this one is about.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub subject: Option<Descriptor>,
    /// Remarks. Nothing is decided by them.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub annotations: BTreeMap<String, String>,
}

/// An OCI image index: a list of manifests. A registry answers a question for referrers with one.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Index {
    /// Always 2.
    pub schema_version: u32,
    /// [`INDEX`], if it is said.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub media_type: Option<String>,
    /// The manifests.
    pub manifests: Vec<Descriptor>,
}
