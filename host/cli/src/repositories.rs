//! The repositories that this user trusts: where each is, and from which root on it is believed.

use std::{
    collections::BTreeMap,
    fs, io,
    path::{Path, PathBuf},
};

use bartizan_fetch::{FetchError, HttpFolder, Options, Url};
use bartizan_registry::{Audience, ComponentName, TrustStore, write_atomically};
use bartizan_repository::{FolderSource, LoadOptions, Repository, Source, SourceError};
use serde::{Deserialize, Serialize};

use crate::{
    exit::{Exit, Failure, warn},
    paths::Paths,
    session,
};

/// `repositories.toml` in the user's configuration folder.
#[derive(Debug, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Repositories {
    /// Name to where it is: a folder or an https URL.
    #[serde(default)]
    pub(crate) repositories: BTreeMap<String, Place>,
}

/// Where a repository is.
#[derive(Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Place {
    pub(crate) location: String,
}

impl Repositories {
    pub(crate) fn read(paths: &Paths) -> Result<Self, Failure> {
        let path = file(paths);
        let damaged = |why: String| {
            Failure::new(
                Exit::Refused,
                format!("`{}`: {why}", path.display()),
                "repair the file, or move it away",
            )
        };
        match fs::read_to_string(&path) {
            Ok(text) => toml::from_str(&text).map_err(|error| damaged(error.to_string())),
            Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(Self::default()),
            Err(error) => Err(damaged(error.to_string())),
        }
    }

    /// Trusts a repository from this root on.
    pub(crate) fn add(paths: &Paths, name: &str, location: &str, root: &[u8]) -> Result<(), Failure> {
        if !ComponentName::is_valid_half(name) {
            return Err(Failure::usage(
                format!("`{name}` is no name for a repository"),
                "lower-case letters, digits and inner hyphens",
            ));
        }
        let mut all = Self::read(paths)?;
        all.repositories.insert(name.to_owned(), Place { location: location.to_owned() });
        let text = toml::to_string_pretty(&all).map_err(|error| Failure::usage(error, "tell us"))?;
        let unwritten = |error| Failure::new(Exit::Incomplete, error, "check the folder and the free space");
        write_atomically(&root_file(paths, name), root, Audience::Owner).map_err(unwritten)?;
        write_atomically(&file(paths), text.as_bytes(), Audience::Owner).map_err(unwritten)
    }
}

fn file(paths: &Paths) -> PathBuf {
    paths.config.join("repositories.toml")
}

fn root_file(paths: &Paths, name: &str) -> PathBuf {
    paths.config.join("repositories").join(format!("{name}.root.json"))
}

/// A client for what lies behind URLs.
pub(crate) fn web() -> Result<bartizan_fetch::Client, Failure> {
    bartizan_fetch::Client::new(&Options::default())
        .map_err(|error| Failure::new(Exit::Incomplete, &error, error.advice()))
}

/// A repository's files, behind a URL.
struct Web(HttpFolder);

impl Source for Web {
    fn read(&self, relative: &str, limit: u64) -> Result<Vec<u8>, SourceError> {
        self.0.read(relative, limit).map_err(|error| {
            let path = relative.to_owned();
            match error {
                FetchError::NotFound { .. } => SourceError::NotFound { path },
                FetchError::TooBig { .. } => SourceError::TooLong { path, limit },
                other => SourceError::Failed { path, source: Box::new(other) },
            }
        })
    }
}

/// Opens a trusted repository: everything that it says from here on is verified and fresh, and what it revokes is revoked here.
pub(crate) fn open(
    paths: &Paths,
    name: &str,
    allow_expired: Option<&str>,
) -> Result<Repository<Box<dyn Source>>, Failure> {
    let all = Repositories::read(paths)?;
    let place = all.repositories.get(name).ok_or_else(|| {
        let known: Vec<&str> = all.repositories.keys().map(String::as_str).collect();
        let known = if known.is_empty() { "none".to_owned() } else { known.join(", ") };
        Failure::usage(
            format!("no repository is called `{name}`; there is: {known}"),
            "`bartizan trust repository NAME LOCATION --root root.json` makes one known",
        )
    })?;
    let root = fs::read(root_file(paths, name)).map_err(|error| {
        Failure::new(
            Exit::Refused,
            format!("the root that repository `{name}` is trusted from cannot be read: {error}"),
            "trust it again with `bartizan trust repository`",
        )
    })?;
    let source: Box<dyn Source> = match place.location.parse::<Url>() {
        Ok(url) if url.scheme() == "http" || url.scheme() == "https" => {
            let folder = HttpFolder::new(web()?, url)
                .map_err(|error| Failure::new(Exit::Incomplete, &error, error.advice()))?;
            Box::new(Web(folder))
        }
        _ => Box::new(FolderSource::new(Path::new(&place.location))),
    };
    let options = LoadOptions {
        allow_expired: allow_expired.map(str::to_owned),
        ..LoadOptions::at(jiff::Timestamp::now())
    };
    let state = paths.state.join("repositories").join(name);
    let repository =
        Repository::load(source, &root, &state, options).map_err(|error| failure(name, &error))?;
    for expired in repository.expired() {
        warn(
            format!("repository `{name}`: `{}` expired on {}", expired.file, expired.on),
            "get a current copy when you can",
        );
    }
    take_revocations(paths, name, &repository)?;
    Ok(repository)
}

pub(crate) fn failure(name: &str, error: &bartizan_repository::RepositoryError) -> Failure {
    let exit = if error.is_refusal() { Exit::Refused } else { Exit::Incomplete };
    Failure::new(exit, format!("repository `{name}`: {error}"), error.advice())
}

fn take_revocations(
    paths: &Paths,
    name: &str,
    repository: &Repository<Box<dyn Source>>,
) -> Result<(), Failure> {
    let revocations = repository.revocations().map_err(|error| failure(name, &error))?;
    if revocations.is_empty() {
        return Ok(());
    }
    let path = paths.trust();
    let unwritten = |error| Failure::new(Exit::Incomplete, error, "check the folder and the free space");
    let _lock = TrustStore::lock(&path).map_err(unwritten)?;
    let mut store = session::trust(paths)?;
    let mut news = false;
    for revocation in revocations {
        let line = format!(
            "repository `{name}` revokes {}: {}",
            revocation.what,
            bartizan_model::printable(&revocation.reason)
        );
        if store.revoke(revocation) {
            news = true;
            eprintln!("{line}");
        }
    }
    if news { store.write(&path).map_err(unwritten) } else { Ok(()) }
}
