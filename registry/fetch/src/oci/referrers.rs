//! Which statements a registry has about a component.
//!
//! Registries of the distribution specification 1.1 list them. For older ones the list is an index under the tag
//! `sha256-…`, which whoever pushes a statement keeps up to date.

use bartizan_archive::oci::{Blob, Descriptor, INDEX, MANIFEST, STATEMENT_ARTIFACT};
use bartizan_model::{Digest, printable, truncate_chars};
use reqwest::{Method, StatusCode, Url, header::HeaderMap};
use serde_json::{Map, Value, json};

use super::{RegistryError, pull, session::Session};
use crate::ask::Ask;

/// The largest manifest that the specification has registries take, in bytes.
const MAX_LIST: u64 = 4 << 20;
const MAX_PAGES: usize = 10;
const MAX_ENTRIES: usize = 2_000;
const ATTEMPTS: usize = 3;

/// What refers to a manifest. Kept as it was written: entries that mean nothing to us are others', and stay as they are.
#[derive(Clone, Debug, Default)]
pub(super) struct List {
    entries: Vec<Value>,
}

impl List {
    /// The manifests in it that say that they are statements.
    pub(super) fn statements(&self) -> Vec<Descriptor> {
        let known =
            self.entries.iter().filter_map(|entry| serde_json::from_value::<Descriptor>(entry.clone()).ok());
        known
            .filter(|one| {
                one.media_type == MANIFEST && one.artifact_type.as_deref() == Some(STATEMENT_ARTIFACT)
            })
            .collect()
    }

    fn has(&self, digest: &str) -> bool {
        self.entries.iter().any(|entry| entry.get("digest").and_then(Value::as_str) == Some(digest))
    }

    fn add(&mut self, session: &Session<'_>, bytes: &[u8]) -> Result<(), RegistryError> {
        let mut index: Map<String, Value> =
            serde_json::from_slice(bytes).map_err(|error| bad(session, &error.to_string()))?;
        let kind = index.get("mediaType").and_then(Value::as_str).unwrap_or(INDEX);
        if kind != INDEX {
            return Err(bad(session, &format!("its media type is `{kind}`, and not `{INDEX}`")));
        }
        let Some(Value::Array(entries)) = index.remove("manifests") else {
            return Err(bad(session, "it has no `manifests`"));
        };
        self.entries.extend(entries);
        if self.entries.len() > MAX_ENTRIES {
            return Err(bad(session, &format!("it has more than {MAX_ENTRIES} entries")));
        }
        Ok(())
    }
}

/// Everything that refers to this manifest.
pub(super) fn list(session: &mut Session<'_>, subject: Digest) -> Result<List, RegistryError> {
    match from_api(session, subject)? {
        Some(list) => Ok(list),
        None => Ok(from_tag(session, subject)?.unwrap_or_default()),
    }
}

/// The registry's own list; nothing if it does not keep one.
fn from_api(session: &mut Session<'_>, subject: Digest) -> Result<Option<List>, RegistryError> {
    let mut list = List::default();
    let mut url = session.url(&["referrers", &format!("sha256:{subject}")]);
    url.query_pairs_mut().append_pair("artifactType", STATEMENT_ARTIFACT);
    for page in 0..MAX_PAGES {
        let mut ask = Ask::get(url.clone(), MAX_LIST);
        ask.accept = Some(INDEX);
        let answer = session.ask(ask, &mut |_, _| {})?;
        match answer.status {
            StatusCode::OK => {}
            StatusCode::NOT_FOUND if page == 0 => return Ok(None),
            status => return Err(session.refused("list statements", status, answer.said())),
        }
        // Registries from before the specification answer with whatever they have for an unknown address.
        let kind =
            answer.header("content-type").unwrap_or_default().split(';').next().unwrap_or_default().trim();
        if page == 0 && !kind.eq_ignore_ascii_case(INDEX) {
            return Ok(None);
        }
        list.add(session, &answer.body)?;
        match next(&answer.headers) {
            None => return Ok(Some(list)),
            Some(link) => url = next_page(session, &answer.url, &link)?,
        }
    }
    Err(bad(session, &format!("it has more than {MAX_PAGES} pages")))
}

/// The target of `Link: <…>; rel="next"`.
fn next(headers: &HeaderMap) -> Option<String> {
    let text = headers.get("link")?.to_str().ok()?;
    let (target, parameters) = text.strip_prefix('<')?.split_once('>')?;
    let is_next = parameters.split(';').any(|one| matches!(one.trim(), "rel=\"next\"" | "rel=next"));
    is_next.then(|| target.to_owned())
}

fn next_page(session: &Session<'_>, page: &Url, link: &str) -> Result<Url, RegistryError> {
    match page.join(link) {
        Ok(url) if url.origin() == page.origin() => Ok(url),
        _ => Err(bad(session, "its next page is at another host")),
    }
}

/// The list under the tag; nothing if there is none.
fn from_tag(session: &mut Session<'_>, subject: Digest) -> Result<Option<List>, RegistryError> {
    let bytes = match pull::manifest(session, &tag(subject)) {
        Ok(bytes) => bytes,
        Err(RegistryError::NotFound { .. }) => return Ok(None),
        Err(error) => return Err(error),
    };
    let mut list = List::default();
    list.add(session, &bytes)?;
    Ok(Some(list))
}

/// Enters a statement's manifest in the list under the tag, and makes sure that it is there.
///
/// The specification has no way to write a list only if nobody else has done so meanwhile; hence the look afterwards.
pub(super) fn enter(
    session: &mut Session<'_>,
    subject: Digest,
    statement: &Blob,
) -> Result<(), RegistryError> {
    let digest = statement.descriptor.digest_text();
    for _ in 0..ATTEMPTS {
        let mut list = from_tag(session, subject)?.unwrap_or_default();
        if list.has(&digest) {
            return Ok(());
        }
        let entry = json!({
            "mediaType": MANIFEST,
            "digest": digest,
            "size": statement.descriptor.size,
            "artifactType": STATEMENT_ARTIFACT,
        });
        list.entries.push(entry);
        let index = json!({ "schemaVersion": 2, "mediaType": INDEX, "manifests": list.entries });
        let mut ask = Ask::get(session.url(&["manifests", &tag(subject)]), MAX_LIST);
        ask.method = Method::PUT;
        ask.body = Some((index.to_string().into_bytes().into(), INDEX));
        let answer = session.ask(ask, &mut |_, _| {})?;
        if !answer.status.is_success() {
            return Err(session.refused("take the list of statements", answer.status, answer.said()));
        }
        if from_tag(session, subject)?.is_some_and(|list| list.has(&digest)) {
            return Ok(());
        }
    }
    Err(RegistryError::Overwritten { reference: session.reference.to_string() })
}

/// "sha256-f3c793e6…".
fn tag(subject: Digest) -> String {
    format!("sha256-{subject}")
}

fn bad(session: &Session<'_>, why: &str) -> RegistryError {
    RegistryError::BadReferrers {
        reference: session.reference.to_string(),
        why: printable(&truncate_chars(why, 200)),
    }
}
