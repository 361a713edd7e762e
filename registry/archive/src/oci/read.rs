//! From OCI content, ours or others', to components and statements.

use bartizan_model::Digest;
use bartizan_registry::{MAX_COMPONENT_BYTES, MAX_STATEMENT_BYTES, Refusal, SignedComponent, Statement};
use base64::{Engine as _, engine::general_purpose::STANDARD};
use serde::{Deserialize, de::DeserializeOwned};

use super::{
    Descriptor, EMPTY, INDEX, Index, MANIFEST, MAX_CONFIG_BYTES, MAX_MANIFEST_BYTES, Manifest, OciError,
    STATEMENT_ARTIFACT, STATEMENT_LAYER, WASM_CONFIG, WASM_LAYER,
    config::{WasmConfig, must_be_component},
    descriptor::wrong_type,
    write::must_fit,
};

/// What a component's manifest points at: what is to be fetched next.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ComponentParts<'a> {
    /// Its configuration.
    pub config: &'a Descriptor,
    /// The component.
    pub layer: &'a Descriptor,
}

/// What a statement's manifest points at.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct StatementParts<'a> {
    /// Its configuration, which says nothing.
    pub config: &'a Descriptor,
    /// The statement.
    pub layer: &'a Descriptor,
    /// The manifest of the component that it is about.
    pub subject: &'a Descriptor,
}

impl Manifest {
    /// Reads a manifest, whoever wrote it.
    pub fn parse(bytes: &[u8]) -> Result<Self, OciError> {
        let manifest: Self = parse("manifest", bytes)?;
        must_be("manifest", manifest.schema_version, manifest.media_type.as_deref(), MANIFEST)?;
        Ok(manifest)
    }

    /// Where its component is, if it is the manifest of one.
    pub fn component(&self) -> Result<ComponentParts<'_>, OciError> {
        self.config.must_be("configuration", WASM_CONFIG, MAX_CONFIG_BYTES)?;
        let layer = self.only_layer()?;
        layer.must_be("layer", WASM_LAYER, MAX_COMPONENT_BYTES)?;
        Ok(ComponentParts { config: &self.config, layer })
    }

    /// Where its statement is, if it is the manifest of one.
    pub fn statement(&self) -> Result<StatementParts<'_>, OciError> {
        let kind = self.artifact_type.as_deref().unwrap_or_default();
        if kind != STATEMENT_ARTIFACT {
            return Err(wrong_type("artifact", kind, STATEMENT_ARTIFACT));
        }
        self.config.must_be("configuration", EMPTY, MAX_CONFIG_BYTES)?;
        let layer = self.only_layer()?;
        layer.must_be("layer", STATEMENT_LAYER, MAX_STATEMENT_BYTES)?;
        let subject = self.subject.as_ref().ok_or_else(|| OciError::Malformed {
            what: "statement's manifest",
            why: "it has no `subject`".to_owned(),
        })?;
        subject.must_be("subject", MANIFEST, MAX_MANIFEST_BYTES)?;
        Ok(StatementParts { config: &self.config, layer, subject })
    }

    fn only_layer(&self) -> Result<&Descriptor, OciError> {
        match self.layers.as_slice() {
            [layer] => Ok(layer),
            layers => Err(OciError::Layers { actual: layers.len() }),
        }
    }
}

impl Index {
    /// Reads an index, whoever wrote it.
    pub fn parse(bytes: &[u8]) -> Result<Self, OciError> {
        let index: Self = parse("index", bytes)?;
        must_be("index", index.schema_version, index.media_type.as_deref(), INDEX)?;
        Ok(index)
    }

    /// The manifests of statements in it.
    pub fn statements(&self) -> impl Iterator<Item = &Descriptor> {
        self.manifests.iter().filter(|manifest| manifest.artifact_type.as_deref() == Some(STATEMENT_ARTIFACT))
    }
}

/// The component that a manifest, its configuration and its layer hold, after every digest and size was checked.
/// It may be one that others published and nobody signed.
pub fn component_of(manifest: &[u8], config: &[u8], layer: Vec<u8>) -> Result<Vec<u8>, OciError> {
    let manifest = Manifest::parse(manifest)?;
    let parts = manifest.component()?;
    parts.config.check("configuration", config)?;
    parts.layer.check("component", &layer)?;
    let digests = WasmConfig::parse(config)?.layer_digests;
    if !digests.is_empty() && digests != [parts.layer.digest_text()] {
        let why = "its `layerDigests` are not those of the manifest".to_owned();
        return Err(OciError::Malformed { what: "configuration", why });
    }
    must_be_component(&layer)?;
    Ok(layer)
}

/// The statement that a manifest and its layer hold, if it is about the component's manifest with this digest.
pub fn statement_of(manifest: &[u8], layer: Vec<u8>, subject: Digest) -> Result<Vec<u8>, OciError> {
    let manifest = Manifest::parse(manifest)?;
    let parts = manifest.statement()?;
    if parts.subject.digest != subject {
        let actual = parts.subject.digest.to_string();
        return Err(OciError::WrongSubject { actual, expected: subject });
    }
    parts.layer.check("statement", &layer)?;
    Ok(layer)
}

/// Whether the statement is about these bytes. It tells a mix-up early; it says nothing of who signed.
pub(crate) fn must_belong_together(signed: &SignedComponent) -> Result<(), OciError> {
    /// The part of an envelope that is needed here.
    #[derive(Deserialize)]
    struct Payload {
        payload: String,
    }
    signed.claimed().map_err(OciError::Statement)?;
    let malformed = |why: String| OciError::Statement(Refusal::MalformedStatement { why });
    let envelope: Payload =
        serde_json::from_slice(&signed.statement).map_err(|error| malformed(error.to_string()))?;
    let payload = STANDARD.decode(envelope.payload).map_err(|error| malformed(error.to_string()))?;
    let statement: Statement =
        serde_json::from_slice(&payload).map_err(|error| malformed(error.to_string()))?;
    match (signed.digest(), statement.digest()) {
        (component, Some(stated)) if component == stated => Ok(()),
        (component, Some(stated)) => Err(OciError::MixedUp { component, stated }),
        (_, None) => Err(malformed("it is about nothing".to_owned())),
    }
}

fn parse<T: DeserializeOwned>(what: &'static str, bytes: &[u8]) -> Result<T, OciError> {
    must_fit(what, bytes, MAX_MANIFEST_BYTES)?;
    serde_json::from_slice(bytes).map_err(|error| OciError::Malformed { what, why: error.to_string() })
}

fn must_be(
    what: &'static str,
    schema_version: u32,
    media_type: Option<&str>,
    expected: &'static str,
) -> Result<(), OciError> {
    if let Some(actual) = media_type.filter(|actual| *actual != expected) {
        return Err(wrong_type(what, actual, expected));
    }
    if schema_version != 2 {
        let why = format!("its schemaVersion is {schema_version}, and not 2");
        return Err(OciError::Malformed { what, why });
    }
    Ok(())
}
