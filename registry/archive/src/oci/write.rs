//! From a signed component to OCI content.

use std::collections::BTreeMap;

use bartizan_registry::{Claims, MAX_COMPONENT_BYTES, MAX_STATEMENT_BYTES, SignedComponent};

use super::{
    Descriptor, EMPTY, LICENSES, MANIFEST, Manifest, OciError, REF_NAME, SOURCE, STATEMENT_ARTIFACT,
    STATEMENT_LAYER, TITLE, VERSION, WASM_CONFIG, WASM_LAYER, config::WasmConfig, read::must_belong_together,
};

/// The one content of a configuration of type [`EMPTY`].
pub const EMPTY_CONFIG: &[u8] = b"{}";

/// Some content and its descriptor.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Blob {
    /// What it is, how long it is, what it hashes to.
    pub descriptor: Descriptor,
    /// The content.
    pub bytes: Vec<u8>,
}

impl Blob {
    fn new(media_type: &str, bytes: Vec<u8>) -> Self {
        Self { descriptor: Descriptor::of(media_type, &bytes), bytes }
    }
}

/// A component with its statement as OCI content. To push it: the blobs first, the manifests after them.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Artifact {
    /// The component's manifest. Its descriptor carries the name it goes by in an index ([`REF_NAME`]).
    pub manifest: Blob,
    /// The component's configuration.
    pub config: Blob,
    /// The component.
    pub component: Blob,
    /// The statement's manifest, whose `subject` is the component's. Its descriptor carries [`STATEMENT_ARTIFACT`].
    pub statement_manifest: Blob,
    /// The statement's configuration: [`EMPTY_CONFIG`].
    pub statement_config: Blob,
    /// The statement: the envelope's line.
    pub statement: Blob,
}

impl Artifact {
    /// Everything that is no manifest.
    pub fn blobs(&self) -> [&Blob; 4] {
        [&self.config, &self.component, &self.statement_config, &self.statement]
    }

    /// The component's manifest, then its statement's.
    pub fn manifests(&self) -> [&Blob; 2] {
        [&self.manifest, &self.statement_manifest]
    }
}

/// "acme/rules:1.2.0": what a component goes by in an index.
pub fn reference_name(claims: &Claims) -> String {
    format!("{}:{}", claims.id, claims.version)
}

/// The OCI content of a component and its statement. The same input gives the same bytes, always.
///
/// Refused: bytes that are no component, and a statement about other bytes. Whether the signature counts is for
/// [`bartizan_registry::Verifier`] to say.
pub fn artifact(signed: &SignedComponent) -> Result<Artifact, OciError> {
    must_fit("component", &signed.component, MAX_COMPONENT_BYTES)?;
    must_fit("statement", &signed.statement, MAX_STATEMENT_BYTES)?;
    must_belong_together(signed)?;
    let claims = signed.claimed().map_err(OciError::Statement)?;

    let component = Blob::new(WASM_LAYER, signed.component.clone());
    let config = Blob::new(WASM_CONFIG, json("configuration", &WasmConfig::of(&signed.component)?)?);
    let mut manifest = manifest_blob(&Manifest {
        config: config.descriptor.clone(),
        layers: vec![component.descriptor.clone()],
        annotations: annotations(&claims),
        ..bare_manifest()
    })?;

    let statement = Blob::new(STATEMENT_LAYER, signed.statement.clone());
    let statement_config = Blob::new(EMPTY, EMPTY_CONFIG.to_vec());
    let mut statement_manifest = manifest_blob(&Manifest {
        artifact_type: Some(STATEMENT_ARTIFACT.to_owned()),
        config: statement_config.descriptor.clone(),
        layers: vec![statement.descriptor.clone()],
        subject: Some(manifest.descriptor.clone()),
        ..bare_manifest()
    })?;

    manifest.descriptor.annotations.insert(REF_NAME.to_owned(), reference_name(&claims));
    statement_manifest.descriptor.artifact_type = Some(STATEMENT_ARTIFACT.to_owned());
    Ok(Artifact { manifest, config, component, statement_manifest, statement_config, statement })
}

fn annotations(claims: &Claims) -> BTreeMap<String, String> {
    let of = |key: &str, value: String| (key.to_owned(), value);
    let mut annotations =
        BTreeMap::from([of(TITLE, claims.id.to_string()), of(VERSION, claims.version.to_string())]);
    annotations.extend(claims.license.clone().map(|license| of(LICENSES, license)));
    annotations.extend(claims.source.clone().map(|source| of(SOURCE, source)));
    annotations
}

fn bare_manifest() -> Manifest {
    Manifest {
        schema_version: 2,
        media_type: Some(MANIFEST.to_owned()),
        artifact_type: None,
        config: Descriptor::of(EMPTY, EMPTY_CONFIG),
        layers: Vec::new(),
        subject: None,
        annotations: BTreeMap::new(),
    }
}

fn manifest_blob(manifest: &Manifest) -> Result<Blob, OciError> {
    Ok(Blob::new(MANIFEST, json("manifest", manifest)?))
}

pub(crate) fn json(what: &'static str, value: &impl serde::Serialize) -> Result<Vec<u8>, OciError> {
    serde_json::to_vec(value).map_err(|error| OciError::Malformed { what, why: error.to_string() })
}

pub(super) fn must_fit(what: &'static str, bytes: &[u8], limit: u64) -> Result<(), OciError> {
    let actual = bytes.len() as u64;
    if actual > limit { Err(OciError::TooBig { what, actual, limit }) } else { Ok(()) }
}
