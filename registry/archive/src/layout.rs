//! The OCI image layout: which members make one, and which components are in it.

use std::collections::{BTreeMap, BTreeSet};

use bartizan_model::{Digest, printable, truncate_chars};
use bartizan_registry::{MAX_COMPONENT_BYTES, SignedComponent};
use serde::Deserialize;

use crate::{
    Refusal,
    container::{ContainerError, Members},
    oci::{
        Artifact, Blob, Descriptor, INDEX, Index, MANIFEST, MAX_MANIFEST_BYTES, Manifest, OciError, REF_NAME,
        artifact, component_of, reference_name, statement_of,
    },
};

const MARKER: &str = "oci-layout";
const MARKER_CONTENT: &[u8] = br#"{"imageLayoutVersion":"1.0.0"}"#;
const INDEX_NAME: &str = "index.json";
const BLOBS: &str = "blobs/sha256/";

/// How long a member of a layout may be; none if the name is not one.
pub(crate) fn limit_of(name: &str) -> Option<u64> {
    match name {
        MARKER => Some(1024),
        INDEX_NAME => Some(MAX_MANIFEST_BYTES),
        _ => blob_digest(name).map(|_| MAX_COMPONENT_BYTES),
    }
}

fn blob_digest(name: &str) -> Option<Digest> {
    name.strip_prefix(BLOBS)?.parse().ok()
}

fn blob_name(digest: Digest) -> String {
    format!("{BLOBS}{digest}")
}

/// The members of a layout with these components, sorted by name and version whatever order they come in.
pub(crate) fn members(components: &[SignedComponent]) -> Result<Members, Refusal> {
    let mut artifacts = BTreeMap::new();
    for signed in components {
        let artifact =
            artifact(signed).map_err(|error| Refusal::Oci { at: signed.digest().to_string(), error })?;
        let name = name_of(&artifact.manifest.descriptor);
        if artifacts.insert(name.clone(), artifact).is_some() {
            return Err(Refusal::Twice { component: name });
        }
    }
    let manifests =
        artifacts.values().flat_map(Artifact::manifests).map(|blob| blob.descriptor.clone()).collect();
    let index = Index { schema_version: 2, media_type: Some(INDEX.to_owned()), manifests };
    let index = serde_json::to_vec(&index)
        .map_err(|error| Refusal::Layout { why: format!("{INDEX_NAME}: {error}") })?;
    let mut members =
        Members::from([(MARKER.to_owned(), MARKER_CONTENT.to_vec()), (INDEX_NAME.to_owned(), index)]);
    for artifact in artifacts.into_values() {
        let Artifact { manifest, config, component, statement_manifest, statement_config, statement } =
            artifact;
        for Blob { descriptor, bytes } in
            [manifest, config, component, statement_manifest, statement_config, statement]
        {
            members.insert(blob_name(descriptor.digest), bytes);
        }
    }
    Ok(members)
}

/// The components of a layout. Everything that its index leads to must be there, be what it is called, and fit together;
/// and nothing else may be there.
pub(crate) fn components(members: &Members) -> Result<Vec<SignedComponent>, Refusal> {
    let layout = Layout { members };
    layout.must_be_known()?;
    let index = layout.index()?;
    let mut used = BTreeSet::new();
    let mut found = BTreeMap::new();
    let mut statements = layout.statements(&index, &mut used)?;
    for listed in index.manifests.iter().filter(|listed| listed.artifact_type.is_none()) {
        let name = name_of(listed);
        let signed = layout.component(listed, &mut statements, &mut used)?;
        if found.insert(name.clone(), signed).is_some() {
            return Err(Refusal::Twice { component: name });
        }
    }
    if let Some(subject) = statements.keys().next() {
        let why = format!("it has a statement about manifest {subject}, which is not in it");
        return Err(Refusal::Layout { why });
    }
    let stray = members.keys().find(|name| blob_digest(name).is_some_and(|digest| !used.contains(&digest)));
    match stray {
        Some(member) => Err(Refusal::Stray { member: member.clone() }),
        None => Ok(found.into_values().collect()),
    }
}

fn name_of(listed: &Descriptor) -> String {
    match listed.annotations.get(REF_NAME) {
        Some(name) => truncate_chars(&printable(name), 200),
        None => format!("manifest {}", listed.digest),
    }
}

/// Members that should be a layout.
struct Layout<'a> {
    members: &'a Members,
}

impl Layout<'_> {
    fn must_be_known(&self) -> Result<(), Refusal> {
        #[derive(Deserialize)]
        #[serde(rename_all = "camelCase")]
        struct Marker {
            image_layout_version: String,
        }
        let marker: Marker = serde_json::from_slice(self.get(MARKER)?)
            .map_err(|error| Refusal::Layout { why: format!("{MARKER}: {error}") })?;
        if marker.image_layout_version != "1.0.0" {
            let version = truncate_chars(&printable(&marker.image_layout_version), 40);
            return Err(Refusal::Layout { why: format!("version `{version}` is not known") });
        }
        Ok(())
    }

    fn index(&self) -> Result<Index, Refusal> {
        let index = Index::parse(self.get(INDEX_NAME)?)
            .map_err(|error| Refusal::Oci { at: INDEX_NAME.to_owned(), error })?;
        if index.media_type.is_none() {
            return Err(Refusal::Layout { why: format!("{INDEX_NAME} has no media type") });
        }
        Ok(index)
    }

    fn component(
        &self,
        listed: &Descriptor,
        statements: &mut BTreeMap<Digest, Vec<u8>>,
        used: &mut BTreeSet<Digest>,
    ) -> Result<SignedComponent, Refusal> {
        let component = name_of(listed);
        let at = |error| Refusal::Oci { at: component.clone(), error };
        let manifest = self.manifest(listed, used)?;
        let parsed = Manifest::parse(manifest).map_err(at)?;
        let parts = parsed.component().map_err(at)?;
        let config = self.blob(parts.config, used)?;
        let bytes = component_of(manifest, config, self.blob(parts.layer, used)?.to_vec()).map_err(at)?;
        let missing = || Refusal::NoStatement { component: component.clone() };
        let statement = statements.remove(&listed.digest).ok_or_else(missing)?;
        let signed = SignedComponent { component: bytes, statement };
        crate::oci::must_belong_together(&signed).map_err(at)?;
        let claims = signed.claimed().map_err(|refusal| at(OciError::Statement(refusal)))?;
        if component != reference_name(&claims) {
            return Err(Refusal::NotAsNamed { listed: component, signed: reference_name(&claims) });
        }
        Ok(signed)
    }

    /// The statements, each under the manifest that it is about.
    fn statements(
        &self,
        index: &Index,
        used: &mut BTreeSet<Digest>,
    ) -> Result<BTreeMap<Digest, Vec<u8>>, Refusal> {
        let mut statements = BTreeMap::new();
        for listed in index.statements() {
            let at = |error| Refusal::Oci { at: blob_name(listed.digest), error };
            let manifest = self.manifest(listed, used)?;
            let parsed = Manifest::parse(manifest).map_err(at)?;
            let parts = parsed.statement().map_err(at)?;
            self.blob(parts.config, used)?;
            let layer = self.blob(parts.layer, used)?.to_vec();
            let subject = parts.subject.digest;
            let statement = statement_of(manifest, layer, subject).map_err(at)?;
            if statements.insert(subject, statement).is_some() {
                return Err(Refusal::Twice { component: format!("a statement about manifest {subject}") });
            }
        }
        Ok(statements)
    }

    fn manifest(&self, listed: &Descriptor, used: &mut BTreeSet<Digest>) -> Result<&[u8], Refusal> {
        listed
            .must_be("manifest", MANIFEST, MAX_MANIFEST_BYTES)
            .map_err(|error| Refusal::Oci { at: INDEX_NAME.to_owned(), error })?;
        self.blob(listed, used)
    }

    fn blob(&self, wanted: &Descriptor, used: &mut BTreeSet<Digest>) -> Result<&[u8], Refusal> {
        let name = blob_name(wanted.digest);
        let bytes = self.get(&name)?;
        wanted.check("blob", bytes).map_err(|error| Refusal::Oci { at: name, error })?;
        used.insert(wanted.digest);
        Ok(bytes)
    }

    fn get(&self, name: &str) -> Result<&[u8], Refusal> {
        let missing = || ContainerError::Missing { member: name.to_owned() };
        Ok(self.members.get(name).ok_or_else(missing)?)
    }
}
