//! Into a registry.

use bartizan_archive::oci::{Blob, MANIFEST, artifact};
use bartizan_model::{Digest, printable, truncate_chars};
use bartizan_registry::SignedComponent;
use bytes::Bytes;
use reqwest::{Method, StatusCode};

use super::{Login, Reference, RegistryError, referrers, session::Session};
use crate::{
    Client,
    ask::{Answer, Ask},
};

/// Bytes that are read of a registry's answer to something that was sent.
const MAX_ANSWER: u64 = 64 << 10;

/// What was pushed, and how to get it again.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Pushed {
    /// The reference with the manifest's digest: give it to others.
    pub reference: Reference,
    /// The digest of the component's manifest.
    pub digest: Digest,
    /// The digest of its statement's manifest.
    pub statement: Digest,
}

pub(super) fn push(
    client: &Client,
    login: &Login,
    reference: &Reference,
    signed: &SignedComponent,
) -> Result<Pushed, RegistryError> {
    let content = |source| RegistryError::Content { reference: reference.to_string(), source };
    let artifact = artifact(signed).map_err(content)?;
    let digest = artifact.manifest.descriptor.digest;
    match reference.digest() {
        None if reference.tag().is_none() => {
            return Err(RegistryError::NeedsTag { reference: reference.to_string() });
        }
        Some(expected) if expected != digest => {
            return Err(RegistryError::Altered {
                reference: reference.to_string(),
                actual: digest,
                expected_by: "the reference",
                expected: expected.to_string(),
            });
        }
        _ => {}
    }
    let mut session = Session::to_push(client, login, reference)?;
    for one in artifact.blobs() {
        blob(&mut session, one)?;
    }
    let [component, statement] = artifact.manifests();
    manifest(&mut session, &component.descriptor.digest_text(), component)?;
    let answer = manifest(&mut session, &statement.descriptor.digest_text(), statement)?;
    // A registry that lists referrers itself says so; for every other one the list is ours to keep.
    if answer.header("oci-subject") != Some(component.descriptor.digest_text().as_str()) {
        referrers::enter(&mut session, digest, statement)?;
    }
    if let Some(tag) = reference.tag() {
        manifest(&mut session, tag, component)?;
    }
    Ok(Pushed { reference: reference.pinned(digest), digest, statement: statement.descriptor.digest })
}

fn blob(session: &mut Session<'_>, blob: &Blob) -> Result<(), RegistryError> {
    let key = blob.descriptor.digest_text();
    let mut head = Ask::get(session.url(&["blobs", &key]), 0);
    head.method = Method::HEAD;
    if session.ask(head, &mut |_, _| {})?.status == StatusCode::OK {
        return Ok(());
    }
    let mut start = Ask::get(session.url(&["blobs", "uploads", ""]), MAX_ANSWER);
    start.method = Method::POST;
    start.body = Some((Bytes::new(), "application/octet-stream"));
    let answer = session.ask(start, &mut |_, _| {})?;
    let location = match (answer.status, answer.header("location")) {
        (StatusCode::ACCEPTED, Some(location)) => location.to_owned(),
        (status, _) => return Err(session.refused("begin to take a blob", status, answer.said())),
    };
    let mut url = session.join(&location)?;
    url.query_pairs_mut().append_pair("digest", &key);
    let mut finish = Ask::get(url, MAX_ANSWER);
    finish.method = Method::PUT;
    finish.body = Some((blob.bytes.clone().into(), "application/octet-stream"));
    let answer = session.ask(finish, &mut |_, _| {})?;
    if answer.status == StatusCode::CREATED {
        return Ok(());
    }
    Err(session.refused("take a blob", answer.status, answer.said()))
}

fn manifest(session: &mut Session<'_>, key: &str, manifest: &Blob) -> Result<Answer, RegistryError> {
    let mut ask = Ask::get(session.url(&["manifests", key]), MAX_ANSWER);
    ask.method = Method::PUT;
    ask.body = Some((manifest.bytes.clone().into(), MANIFEST));
    let answer = session.ask(ask, &mut |_, _| {})?;
    if answer.status != StatusCode::CREATED {
        return Err(session.refused("take a manifest", answer.status, answer.said()));
    }
    // A registry that rewrites manifests has another one now, which no statement is about.
    let expected = manifest.descriptor.digest_text();
    match answer.header("docker-content-digest") {
        Some(said) if said.starts_with("sha256:") && said != expected => Err(RegistryError::Altered {
            reference: session.reference.to_string(),
            actual: manifest.descriptor.digest,
            expected_by: "the registry",
            expected: printable(&truncate_chars(said, 100)),
        }),
        _ => Ok(answer),
    }
}
