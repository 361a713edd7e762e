//! From a registry.

use bartizan_archive::oci::{
    Descriptor, INDEX, MANIFEST, MAX_MANIFEST_BYTES, Manifest, OciError, component_of, statement_of,
};
use bartizan_model::{Digest, printable, truncate_chars};
use bartizan_registry::SignedComponent;
use reqwest::StatusCode;
use serde::{Deserialize, de::IgnoredAny};

use super::{Login, Reference, RegistryError, referrers, session::Session};
use crate::{
    Client, FetchError,
    ask::{Ask, Progress},
};

/// An index is asked for too: that it is one is a better answer than that nothing is there.
const ACCEPT: &str = "application/vnd.oci.image.manifest.v1+json, application/vnd.oci.image.index.v1+json";
/// Statements about one component that are looked at.
const MAX_STATEMENTS: usize = 16;

/// What was at a reference, **not verified yet**.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Pulled {
    /// What was asked for, with the manifest's digest. A tag that moved shows here.
    pub reference: Reference,
    /// The manifest's digest.
    pub digest: Digest,
    /// The component's bytes.
    pub component: Vec<u8>,
    /// Envelopes of every statement that is about it, as the registry lists them. None, if nobody signed it. Anybody who may
    /// write there can add one: try each.
    pub statements: Vec<Vec<u8>>,
    /// What was listed as a statement about it and is none, and why.
    pub passed_over: Vec<String>,
}

impl Pulled {
    /// The component with each of its statements.
    pub fn signed(&self) -> impl Iterator<Item = SignedComponent> {
        self.statements.iter().map(|statement| SignedComponent {
            component: self.component.clone(),
            statement: statement.clone(),
        })
    }
}

pub(super) fn resolve(
    client: &Client,
    login: &Login,
    reference: &Reference,
) -> Result<Digest, RegistryError> {
    let mut session = Session::to_pull(client, login, reference)?;
    Ok(Digest::of(&manifest(&mut session, &reference.key())?))
}

pub(super) fn pull(
    client: &Client,
    login: &Login,
    reference: &Reference,
    progress: Progress<'_>,
) -> Result<Pulled, RegistryError> {
    let content = |source: OciError| RegistryError::Content { reference: reference.to_string(), source };
    let mut session = Session::to_pull(client, login, reference)?;
    let bytes = manifest(&mut session, &reference.key())?;
    let digest = Digest::of(&bytes);
    let parsed = Manifest::parse(&bytes).map_err(|error| content(unless_list(&bytes, error)))?;
    let parts = parsed.component().map_err(content)?;
    let config = blob(&mut session, parts.config, &mut |_, _| {})?;
    let layer = blob(&mut session, parts.layer, progress)?;
    let component = component_of(&bytes, &config, layer).map_err(content)?;

    let (mut statements, mut passed_over, mut first_error) = (Vec::new(), Vec::new(), None);
    let listed = referrers::list(&mut session, digest)?;
    for (number, descriptor) in listed.statements().iter().enumerate() {
        if number >= MAX_STATEMENTS {
            passed_over.push(format!(
                "there are more than {MAX_STATEMENTS} statements; the rest were not looked at"
            ));
            break;
        }
        match statement(&mut session, descriptor, digest) {
            Ok(statement) => statements.push(statement),
            Err(
                error @ (RegistryError::Content { .. }
                | RegistryError::NotFound { .. }
                | RegistryError::Altered { .. }
                | RegistryError::Fetch(FetchError::TooBig { .. })),
            ) => {
                passed_over.push(format!("sha256:{}: {error}", descriptor.digest));
                first_error.get_or_insert(error);
            }
            // No answer is not an answer: the statement may well be there.
            Err(error) => return Err(error),
        }
    }
    match first_error {
        // A component that looks unsigned because its only statement is broken is told apart from one that is unsigned.
        Some(error) if statements.is_empty() => Err(error),
        _ => Ok(Pulled { reference: reference.pinned(digest), digest, component, statements, passed_over }),
    }
}

/// What is wrong with what is no manifest: mostly it is a list of several, one for each platform.
fn unless_list(bytes: &[u8], error: OciError) -> OciError {
    /// The parts of an index that tell it from a manifest.
    #[derive(Deserialize)]
    #[serde(rename_all = "camelCase")]
    struct List {
        media_type: Option<String>,
        #[expect(dead_code, reason = "that it is there is what counts")]
        manifests: Vec<IgnoredAny>,
    }
    match serde_json::from_slice::<List>(bytes) {
        Ok(list) => {
            let actual = list.media_type.unwrap_or_else(|| INDEX.to_owned());
            OciError::WrongType {
                what: "manifest",
                actual: printable(&truncate_chars(&actual, 100)),
                expected: MANIFEST,
            }
        }
        Err(_) => error,
    }
}

/// A manifest, by tag or digest, with its digest checked as far as it is known.
pub(super) fn manifest(session: &mut Session<'_>, key: &str) -> Result<Vec<u8>, RegistryError> {
    let mut ask = Ask::get(session.url(&["manifests", key]), MAX_MANIFEST_BYTES);
    ask.accept = Some(ACCEPT);
    let answer = session.ask(ask, &mut |_, _| {})?;
    match answer.status {
        StatusCode::OK => {}
        StatusCode::NOT_FOUND => return Err(RegistryError::NotFound { reference: at(session, key) }),
        status => return Err(session.refused("show a manifest", status, answer.said())),
    }
    let actual = Digest::of(&answer.body);
    let is = format!("sha256:{actual}");
    let altered = |expected_by, expected: &str| RegistryError::Altered {
        reference: at(session, key),
        actual,
        expected_by,
        expected: printable(&truncate_chars(expected, 100)),
    };
    if key.starts_with("sha256:") && key != is {
        return Err(altered("the reference", key));
    }
    // Registries may name another algorithm's digest here; that says nothing about this one.
    match answer.header("docker-content-digest") {
        Some(said) if said.starts_with("sha256:") && said != is => Err(altered("the registry", said)),
        _ => Ok(answer.body),
    }
}

fn blob(
    session: &mut Session<'_>,
    descriptor: &Descriptor,
    progress: Progress<'_>,
) -> Result<Vec<u8>, RegistryError> {
    let key = descriptor.digest_text();
    let ask = Ask::get(session.url(&["blobs", &key]), descriptor.size);
    let answer = session.ask(ask, progress)?;
    match answer.status {
        StatusCode::OK => Ok(answer.body),
        StatusCode::NOT_FOUND => Err(RegistryError::NotFound { reference: at(session, &key) }),
        status => Err(session.refused("show a blob", status, answer.said())),
    }
}

fn statement(
    session: &mut Session<'_>,
    listed: &Descriptor,
    subject: Digest,
) -> Result<Vec<u8>, RegistryError> {
    let key = listed.digest_text();
    let reference = at(session, &key);
    let content = |source: OciError| RegistryError::Content { reference: reference.clone(), source };
    let bytes = manifest(session, &key)?;
    let parsed = Manifest::parse(&bytes).map_err(content)?;
    let parts = parsed.statement().map_err(content)?;
    // Before its layer is fetched: what is about something else is none of our business.
    if parts.subject.digest != subject {
        let actual = parts.subject.digest.to_string();
        return Err(content(OciError::WrongSubject { actual, expected: subject }));
    }
    let layer = blob(session, parts.layer, &mut |_, _| {})?;
    statement_of(&bytes, layer, subject).map_err(content)
}

/// Something in the session's repository, as messages show it.
fn at(session: &Session<'_>, key: &str) -> String {
    let reference = session.reference;
    let joint = if key.starts_with("sha256:") { '@' } else { ':' };
    format!("oci://{}/{}{joint}{key}", reference.registry(), reference.repository())
}
