//! `plugins publish`: into a repository's folder, or to an OCI registry.

use std::path::Path;

use bartizan_archive::MAX_PACKAGE_BYTES;
use bartizan_fetch::oci;
use bartizan_registry::{Package, SignedComponent};
use bartizan_repository::publish::{NewRelease, Signers};

use super::obtain::bytes_of;
use crate::{
    args::{Global, Publish},
    commands::repository,
    exit::{Exit, Failure},
    output::to_stdout,
    progress::Progress,
    repositories, session,
};

pub(super) fn run(global: &mut Global, args: &Publish) -> Result<Exit, Failure> {
    session::configuration(global)?;
    let mut releases = Vec::new();
    for path in &args.packages {
        releases.push((path.display().to_string(), read(path)?));
    }
    if args.to.starts_with("oci://") {
        return push(global, &args.to, &releases);
    }
    let folder = Path::new(&args.to);
    let mut by_publisher: std::collections::BTreeMap<String, Vec<NewRelease>> =
        std::collections::BTreeMap::new();
    for (path, component) in releases {
        let claims = component.claimed().map_err(|refusal| {
            Failure::new(Exit::Refused, format!("`{path}`: {refusal}"), refusal.advice())
        })?;
        let release = NewRelease { component, summary: args.summary.clone() };
        by_publisher.entry(claims.id.publisher().to_owned()).or_default().push(release);
    }
    let paths = super::standing::home()?;
    let trust = session::trust(&paths)?;
    let keys = repository::signers(&args.keys)?;
    let keys: Vec<_> = keys.iter().collect();
    let signers = Signers { publisher: &keys, snapshot: &keys, timestamp: &keys, ..Signers::default() };
    let mut opened = repository::open(folder, args.root.as_deref())?;
    for (publisher, releases) in by_publisher {
        let change = opened
            .publish(&publisher, &releases, &trust, &signers)
            .map_err(|error| repository::failure(&error))?;
        opened.apply(change).map_err(|error| repository::failure(&error))?;
        for release in &releases {
            if let Ok(claims) = release.component.claimed() {
                to_stdout(
                    format!("published {} {} in {}\n", claims.id, claims.version, args.to).as_bytes(),
                    false,
                );
            }
        }
    }
    Ok(Exit::Clean)
}

fn read(path: &Path) -> Result<SignedComponent, Failure> {
    let refused = |why: &dyn std::fmt::Display, advice: String| {
        Failure::new(Exit::Refused, format!("`{}`: {why}", path.display()), advice)
    };
    if path.extension().is_some_and(|extension| extension == "wasm") {
        return Package::read(path)
            .and_then(Package::into_signed)
            .map_err(|error| refused(&error, error.advice()));
    }
    bartizan_archive::read_package(bytes_of(path, MAX_PACKAGE_BYTES)?.as_slice())
        .map_err(|refusal| refused(&refusal, refusal.advice()))
}

fn push(global: &Global, to: &str, releases: &[(String, SignedComponent)]) -> Result<Exit, Failure> {
    let failure = |error: &oci::RegistryError| Failure::new(Exit::Incomplete, error, error.advice());
    let reference: oci::Reference = to.parse().map_err(|error| failure(&error))?;
    let [(_, signed)] = releases else {
        return Err(Failure::usage(
            "one component goes under one reference",
            "publish them one after the other",
        ));
    };
    let progress = Progress::start(global);
    progress.stage(&format!("pushing {reference}"));
    let registry = oci::Registry::new(repositories::web()?, oci::Login::from_docker());
    let pushed = registry.push(&reference, signed).map_err(|error| failure(&error));
    progress.finish();
    to_stdout(format!("pushed {}\n", pushed?.reference).as_bytes(), false);
    Ok(Exit::Clean)
}
