//! Fetches what is to be installed.

use std::{fs, io::Read as _, path::Path};

use bartizan_archive::{MAX_PACKAGE_BYTES, bundle::MAX_BUNDLE_BYTES};
use bartizan_fetch::{FetchError, Url, oci};
use bartizan_install::Source;
use bartizan_installed::Pin;
use bartizan_registry::{
    MAX_COMPONENT_BYTES, MAX_STATEMENT_BYTES, Package, Ratchet, STATEMENT_EXTENSION, SignedComponent,
    Verifier,
};

use crate::{
    args::Global,
    commands::bundle,
    exit::{Exit, Failure},
    paths::Paths,
    progress::Progress,
    repositories, session,
};

/// What was obtained, and how it is written down where it is from. Nothing of it is verified.
pub(crate) struct Obtained {
    pub(crate) signed: SignedComponent,
    pub(crate) source: String,
    /// What was let pass for it, and why.
    pub(crate) note: Option<String>,
}

/// Obtains what a source has; of a repository exactly what is pinned, if something is.
pub(super) fn from(
    source: &Source,
    global: &Global,
    paths: &Paths,
    pin: Option<&Pin>,
) -> Result<Obtained, Failure> {
    let progress = Progress::start(global);
    progress.stage(&format!("fetching {}", source.written()));
    let signed = match source {
        Source::File(path) => file(path),
        Source::Url(url) => from_web(url, &progress),
        Source::Oci(reference) => from_registry(reference, paths, &progress),
        Source::Repository { repository, name, versions } => {
            let opened = repositories::open(paths, repository, None)?;
            let failure = |error| repositories::failure(repository, &error);
            let entry = match pin {
                Some(pin) => opened.exactly(name, &pin.version),
                None => opened.resolve(name, versions),
            };
            opened.fetch(&entry.map_err(failure)?).map_err(failure)
        }
    };
    progress.finish();
    Ok(Obtained { signed: signed?, source: source.written(), note: None })
}

fn told<'a>(progress: &'a Progress, what: &'a str) -> impl FnMut(u64, Option<u64>) + 'a {
    move |received, total| {
        let total = total.map_or(String::new(), |total| format!(" of {}", total.div_ceil(1024)));
        progress.stage(&format!("fetching {what}: {}{total} KB", received.div_ceil(1024)));
    }
}

fn unfetched(error: &FetchError) -> Failure {
    Failure::new(Exit::Incomplete, error, error.advice())
}

/// A package, or a component whose statement lies beside it.
fn from_web(text: &str, progress: &Progress) -> Result<SignedComponent, Failure> {
    let wrong =
        |error: &dyn std::fmt::Display| Failure::usage(format!("`{text}`: {error}"), "write an https URL");
    let url: Url = text.parse().map_err(|error| wrong(&error))?;
    let client = repositories::web()?;
    let get = |url: &Url, limit| {
        client.get(url, limit, &mut told(progress, url.path())).map_err(|error| unfetched(&error))
    };
    if let Some(stem) = url.path().strip_suffix(".wasm") {
        let mut beside = url.clone();
        beside.set_path(&format!("{stem}.{STATEMENT_EXTENSION}"));
        return Ok(SignedComponent {
            component: get(&url, MAX_COMPONENT_BYTES)?,
            statement: get(&beside, MAX_STATEMENT_BYTES)?,
        });
    }
    package(&get(&url, MAX_PACKAGE_BYTES)?, text)
}

/// An artifact in a registry. Anybody who may write there can add a statement: the first one that this user trusts counts.
fn from_registry(text: &str, paths: &Paths, progress: &Progress) -> Result<SignedComponent, Failure> {
    let failure = |error: &oci::RegistryError| Failure::new(Exit::Incomplete, error, error.advice());
    let reference: oci::Reference = text.parse().map_err(|error| failure(&error))?;
    let registry = oci::Registry::new(repositories::web()?, oci::Login::from_docker());
    let pulled = registry
        .pull(&reference, &mut told(progress, reference.repository()))
        .map_err(|error| failure(&error))?;
    let verifier = Verifier::new(session::trust(paths)?, Ratchet::in_memory());
    let trusted = pulled
        .signed()
        .find(|signed| verifier.examine(signed.component.clone(), &signed.statement, None).is_ok());
    trusted.or_else(|| pulled.signed().next()).ok_or_else(|| {
        Failure::new(
            Exit::Refused,
            format!("refused to install `{text}`: there is no signed statement about it in the registry"),
            "ask its publisher to push it with `bartizan plugins publish`",
        )
    })
}

/// A package, or a component with its statement beside it.
fn file(path: &Path) -> Result<SignedComponent, Failure> {
    if path.extension().is_some_and(|extension| extension == "wasm") {
        return Package::read(path)
            .and_then(Package::into_signed)
            .map_err(|error| Failure::new(Exit::Refused, &error, error.advice()));
    }
    package(&bytes_of(path, MAX_PACKAGE_BYTES)?, &path.display().to_string())
}

/// The component in a package.
fn package(bytes: &[u8], name: &str) -> Result<SignedComponent, Failure> {
    if bundle::is_one(bytes) {
        return Err(Failure::usage(
            format!("`{name}` is a bundle, which is installed as a whole"),
            format!("`bartizan bundle install {name}`"),
        ));
    }
    bartizan_archive::read_package(bytes).map_err(|refusal| {
        Failure::new(Exit::Refused, format!("refused to install `{name}`: {refusal}"), refusal.advice())
    })
}

/// A plain file's content, up to a bound.
pub(crate) fn bytes_of(path: &Path, limit: u64) -> Result<Vec<u8>, Failure> {
    let unreadable = |error: std::io::Error| {
        Failure::usage(format!("cannot read `{}`: {error}", path.display()), "check the path")
    };
    // Before it is opened: opening a pipe waits for who writes into it.
    if !fs::metadata(path).map_err(unreadable)?.is_file() {
        return Err(unreadable(std::io::Error::other("it is not a plain file")));
    }
    let file = fs::File::open(path).map_err(unreadable)?;
    let mut bytes = Vec::new();
    file.take(limit + 1).read_to_end(&mut bytes).map_err(unreadable)?;
    if bytes.len() as u64 > limit {
        return Err(Failure::new(
            Exit::Refused,
            format!("`{}` is longer than {limit} bytes, which no package or bundle is", path.display()),
            "get it again from its publisher",
        ));
    }
    Ok(bytes)
}

/// Whether this file is a bundle: `plugins install` takes one, too.
pub(super) fn is_bundle(path: &Path) -> Result<Option<Vec<u8>>, Failure> {
    if path.extension().is_some_and(|extension| extension == "wasm") {
        return Ok(None);
    }
    let bytes = bytes_of(path, MAX_BUNDLE_BYTES)?;
    Ok(bundle::is_one(&bytes).then_some(bytes))
}
