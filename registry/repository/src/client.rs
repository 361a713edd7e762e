//! The reading side of a repository.

use std::{
    collections::BTreeMap,
    fmt,
    path::Path,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
};

use bartizan_model::Digest;
use bartizan_registry::{ComponentName, Revocation, SignedComponent};
use jiff::Timestamp;
use semver::{Version, VersionReq};
use serde::Deserialize;

use crate::{
    Entry, RepositoryError, Source,
    metadata::Targets,
    publishers::{self, REVOCATIONS},
    reader::{Expired, Reader},
    state::State,
    update::{Trusted, update},
};

/// How to load a repository.
#[derive(Clone, Debug)]
pub struct LoadOptions {
    /// The time that everything is checked against.
    pub now: Timestamp,
    /// Take expired metadata, for this reason. For machines that nothing fresh comes to; without it, whoever stands between could
    /// hold back a revocation for ever.
    pub allow_expired: Option<String>,
}

impl LoadOptions {
    /// Nothing expired, at this time.
    pub fn at(now: Timestamp) -> Self {
        Self { now, allow_expired: None }
    }
}

/// A repository whose metadata was verified from a trusted root on.
///
/// Publishers' lists are read when they are asked for, and verified then, against the same snapshot.
pub struct Repository<S> {
    source: S,
    options: LoadOptions,
    trusted: Trusted,
    expired: Mutex<Vec<Expired>>,
    lists: Mutex<BTreeMap<String, Arc<[Entry]>>>,
}

impl<S> fmt::Debug for Repository<S> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Repository").field("timestamp", &self.trusted.timestamp).finish_non_exhaustive()
    }
}

/// What a search found.
#[derive(Debug, Default)]
pub struct Found {
    /// One entry a component: its highest version that is not withdrawn, a release before a pre-release.
    pub entries: Vec<Entry>,
    /// Publishers whose list could not be looked through, and why. An empty answer with names here is no answer.
    pub not_searched: Vec<(String, RepositoryError)>,
}

impl<S: Source> Repository<S> {
    /// Verifies the repository's metadata, from `trusted_root` on: a root that came by a way you trust, and need not be the newest.
    /// In `state_folder`, a folder for this repository alone, is kept what was seen, so that nothing older is believed later.
    pub fn load(
        source: S,
        trusted_root: &[u8],
        state_folder: &Path,
        options: LoadOptions,
    ) -> Result<Self, RepositoryError> {
        if options.allow_expired.as_ref().is_some_and(|reason| reason.trim().is_empty()) {
            return Err(RepositoryError::NoReason);
        }
        let mut state = State::open(state_folder)?;
        let trusted = update(&reader(&source, &options), trusted_root, &mut state)?;
        let expired = Mutex::new(trusted.expired.clone());
        Ok(Self { source, options, trusted, expired, lists: Mutex::default() })
    }

    /// What was taken although it was expired; nothing unless that was allowed. For the report.
    pub fn expired(&self) -> Vec<Expired> {
        held(&self.expired).clone()
    }

    /// The newest root, verified: to be handed on as a trusted root.
    pub fn root(&self) -> &[u8] {
        &self.trusted.root_bytes
    }

    /// Until when the metadata read so far holds.
    pub fn fresh_until(&self) -> Timestamp {
        let Trusted { root, timestamp, snapshot, targets, .. } = &self.trusted;
        root.expires.min(timestamp.expires).min(snapshot.expires).min(targets.expires)
    }

    /// Everybody who may publish here.
    pub fn publishers(&self) -> Vec<String> {
        let delegations = self.trusted.targets.delegations.iter();
        delegations.flat_map(|delegations| &delegations.roles).map(|role| role.name.clone()).collect()
    }

    /// Components in whose name or summary each of these words stands, whatever its case. No words: all components.
    pub fn search(&self, words: &[&str]) -> Found {
        let words: Vec<_> = words.iter().map(|word| word.to_lowercase()).collect();
        let mut found = Found::default();
        for publisher in self.publishers() {
            match self.list(&publisher) {
                Ok(list) => {
                    found.entries.extend(newest(&list).filter(|entry| entry.has_words(&words)).cloned());
                }
                // Delegated to, nothing published yet.
                Err(RepositoryError::NoSuchPublisher { .. }) => {}
                Err(error) => found.not_searched.push((publisher, error)),
            }
        }
        found.entries.sort_by(|a, b| a.id.cmp(&b.id));
        found
    }

    /// Every version of a component, highest first; withdrawn ones too, marked so.
    pub fn versions(&self, id: &ComponentName) -> Result<Vec<Entry>, RepositoryError> {
        let list = self.list(id.publisher())?;
        let versions: Vec<_> = list.iter().filter(|entry| entry.id == *id).cloned().collect();
        if versions.is_empty() {
            return Err(RepositoryError::NoSuchComponent { id: id.clone() });
        }
        Ok(versions)
    }

    /// The highest version that fits and is not withdrawn. Pre-releases fit by the rules of semantic versioning: only what names
    /// one asks for one.
    pub fn resolve(&self, id: &ComponentName, wanted: &VersionReq) -> Result<Entry, RepositoryError> {
        let mut versions = self.versions(id)?;
        versions.retain(|entry| entry.yanked.is_none());
        let available =
            || versions.iter().take(20).map(|entry| entry.version.to_string()).collect::<Vec<_>>().join(", ");
        versions.iter().find(|entry| wanted.matches(&entry.version)).cloned().ok_or_else(|| {
            RepositoryError::NoSuchVersion {
                id: id.clone(),
                wanted: wanted.to_string(),
                available: available(),
            }
        })
    }

    /// One version, withdrawn or not: for who pinned it.
    pub fn exactly(&self, id: &ComponentName, version: &Version) -> Result<Entry, RepositoryError> {
        let versions = self.versions(id)?;
        versions.iter().find(|entry| entry.version == *version).cloned().ok_or_else(|| {
            RepositoryError::NoSuchVersion {
                id: id.clone(),
                wanted: version.to_string(),
                available: versions
                    .iter()
                    .take(20)
                    .map(|entry| entry.version.to_string())
                    .collect::<Vec<_>>()
                    .join(", "),
            }
        })
    }

    /// Fetches a component and its statement: the very bytes that the list of its publisher names. Whether its statement is to
    /// be trusted, the verifier says.
    pub fn fetch(&self, entry: &Entry) -> Result<SignedComponent, RepositoryError> {
        let statement = self.target(&entry.statement.path, entry.statement.length, entry.statement.digest)?;
        let component = self.target(&entry.component.path, entry.component.length, entry.component.digest)?;
        let fetched = SignedComponent { component, statement };
        let claims = fetched
            .claimed()
            .map_err(|refusal| RepositoryError::Statement { path: entry.statement.path.clone(), refusal })?;
        if !entry.listing.agrees_with(&claims) {
            return Err(RepositoryError::NotAsListed { path: entry.component.path.clone() });
        }
        Ok(fetched)
    }

    /// What the repository's keepers withdrew. An empty list if they never withdrew anything.
    pub fn revocations(&self) -> Result<Vec<Revocation>, RepositoryError> {
        let Some(target) = self.trusted.targets.files.get(REVOCATIONS) else { return Ok(Vec::new()) };
        let bytes = self.target(REVOCATIONS, target.length, target.hashes.sha256)?;
        read_revocations(&bytes)
    }

    fn target(&self, path: &str, length: u64, digest: Digest) -> Result<Vec<u8>, RepositoryError> {
        let file = target_file(path, digest);
        let bytes = reader(&self.source, &self.options).required(&file, length)?;
        if bytes.len() as u64 != length {
            return Err(RepositoryError::WrongLength {
                path: path.to_owned(),
                actual: bytes.len() as u64,
                signed: length,
            });
        }
        let actual = Digest::of(&bytes);
        if actual != digest {
            return Err(RepositoryError::Altered { path: path.to_owned(), actual, signed: digest });
        }
        Ok(bytes)
    }

    /// The list of a publisher, read once.
    fn list(&self, publisher: &str) -> Result<Arc<[Entry]>, RepositoryError> {
        if let Some(list) = held(&self.lists).get(publisher) {
            return Ok(Arc::clone(list));
        }
        let reader = reader(&self.source, &self.options);
        let Trusted { targets, snapshot, .. } = &self.trusted;
        let mut expired = Vec::new();
        let role = publishers::read(&reader, targets, snapshot, publisher, &mut expired)?;
        let list: Arc<[Entry]> = entries(&role).into();
        held(&self.expired).extend(expired);
        held(&self.lists).insert(publisher.to_owned(), Arc::clone(&list));
        Ok(list)
    }
}

/// What is behind the lock is whole between any two statements, so a panic elsewhere spoils nothing.
fn held<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

fn reader<'a>(source: &'a dyn Source, options: &LoadOptions) -> Reader<'a> {
    Reader { source, now: options.now, allow_expired: options.allow_expired.is_some() }
}

/// Where a target lies: its digest is in its name, so that no two states share a file.
pub(crate) fn target_file(path: &str, digest: Digest) -> String {
    match path.rsplit_once('/') {
        Some((folder, name)) => format!("targets/{folder}/{digest}.{name}"),
        None => format!("targets/{digest}.{path}"),
    }
}

/// The components of a publisher's list, by name, then highest version first.
pub(crate) fn entries(role: &Targets) -> Vec<Entry> {
    let mut entries: Vec<_> =
        role.files.iter().filter_map(|(path, target)| Entry::of(path, target, role)).collect();
    entries.sort_by(|a, b| a.id.cmp(&b.id).then_with(|| b.version.cmp(&a.version)));
    entries
}

/// Of each component the version that a person looks for.
fn newest(list: &[Entry]) -> impl Iterator<Item = &Entry> {
    list.chunk_by(|a, b| a.id == b.id).filter_map(|versions| {
        let mut usable = versions.iter().filter(|entry| entry.yanked.is_none());
        usable.clone().find(|entry| entry.version.pre.is_empty()).or_else(|| usable.next())
    })
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct RevocationsFile {
    version: u32,
    revocations: Vec<Revocation>,
}

/// Reads `revocations.json`. One that is not understood is an error: what it withdraws would stay in use.
pub(crate) fn read_revocations(bytes: &[u8]) -> Result<Vec<Revocation>, RepositoryError> {
    let malformed = |why: String| RepositoryError::Malformed { file: REVOCATIONS.to_owned(), why };
    let file: RevocationsFile =
        serde_json::from_slice(bytes).map_err(|error| malformed(error.to_string()))?;
    if file.version != 1 {
        return Err(malformed(format!("version {} is not known", file.version)));
    }
    Ok(file.revocations)
}

/// Writes `revocations.json`.
pub(crate) fn write_revocations(revocations: &[Revocation]) -> Vec<u8> {
    let mut text = serde_json::json!({ "version": 1, "revocations": revocations }).to_string();
    text.push('\n');
    text.into_bytes()
}
