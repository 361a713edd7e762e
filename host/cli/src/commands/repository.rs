//! `bartizan repository`: the keeper's side of a repository.

use std::{
    fs,
    path::{Path, PathBuf},
};

use bartizan_model::Digest;
use bartizan_registry::{Audience, PublicKey, Release, Revocation, Revoked, Signer, write_atomically};
use bartizan_repository::publish::{
    Lifetimes, PublishError, RepositoryFolder, RoleSetup, Rotation, Signers, TopLevel,
};
use jiff::Timestamp;

use crate::{
    args::{Repository, Role, SignedBy},
    exit::{Exit, Failure, warn},
    output::to_stdout,
};

/// The root that this user trusts a repository's folder from, unless another is named: the one it had when they made it.
const ROOT: &str = "root.json";

pub(crate) fn run(command: Repository) -> Result<Exit, Failure> {
    match command {
        Repository::Init { folder, root_keys, threshold, keys } => {
            init(&folder, &root_keys, threshold, &keys)
        }
        Repository::Delegate { folder, publisher, publics, threshold, by } => {
            let setup = RoleSetup { keys: read_publics(&publics)?, threshold };
            let opened = change(&folder, &by, |opened, signers| {
                // Its list is signed anew only by who holds its keys.
                let own: Vec<&Signer> = signers
                    .publisher
                    .iter()
                    .copied()
                    .filter(|key| setup.keys.contains(&key.public()))
                    .collect();
                opened.delegate(&publisher, &setup, &Signers { publisher: &own, ..*signers })
            })?;
            if let Err(error) = opened.signed(&publisher) {
                warn(
                    format!("nothing of `{publisher}` can be had: {error}"),
                    format!(
                        "let it sign its list anew: bartizan repository resign {} {publisher}",
                        folder.display()
                    ),
                );
            }
            Ok(say(&format!("`{publisher}` may publish {publisher}/* in {}", folder.display())))
        }
        Repository::Yank { folder, release, reason, by } => {
            let release = Release::try_from(release)
                .map_err(|error| Failure::usage(error, "write publisher/name@1.2.3"))?;
            change(&folder, &by, |opened, signers| opened.yank(&release, &reason, signers))?;
            Ok(say(&format!("yanked {release}: nobody is offered it any more")))
        }
        Repository::Revoke { folder, what, reason, by } => {
            let what = revoked(&what)?;
            let shown = what.to_string();
            let revocation = Revocation { what, reason, since: Some(Timestamp::now()) };
            change(&folder, &by, |opened, signers| opened.revoke(revocation, signers))?;
            Ok(say(&format!("revoked {shown}, for everybody who reads this repository")))
        }
        Repository::Refresh { folder, by } => {
            change(&folder, &by, RepositoryFolder::refresh)?;
            Ok(say(&format!("signed anew: timestamp, snapshot and targets of {}", folder.display())))
        }
        Repository::Resign { folder, publisher, by } => {
            change(&folder, &by, |opened, signers| opened.resign(&publisher, |_| true, signers))?;
            Ok(say(&format!("signed anew: what `{publisher}` lists in {}", folder.display())))
        }
        Repository::Rotate { folder, role, publics, threshold, by } => {
            let setup = Some(RoleSetup { keys: read_publics(&publics)?, threshold });
            let rotation = match role {
                Role::Root => Rotation { root: setup, ..Rotation::default() },
                Role::Targets => Rotation { targets: setup, ..Rotation::default() },
                Role::Snapshot => Rotation { snapshot: setup, ..Rotation::default() },
                Role::Timestamp => Rotation { timestamp: setup, ..Rotation::default() },
            };
            change(&folder, &by, |opened, signers| opened.rotate(&rotation, signers))?;
            Ok(say("rotated; clients follow from the root they have"))
        }
    }
}

fn say(line: &str) -> Exit {
    to_stdout(format!("{line}\n").as_bytes(), false);
    Exit::Clean
}

/// A key's id, a release or a digest.
pub(crate) fn revoked(text: &str) -> Result<Revoked, Failure> {
    let parsed = if let Some(digest) = text.strip_prefix("sha256:") {
        digest.parse().map(Revoked::Sha256).map_err(|_| "a digest is 64 hexadecimal digits".to_owned())
    } else if text.contains('/') {
        Release::try_from(text.to_owned()).map(Revoked::Release)
    } else {
        text.parse().map(Revoked::Key)
    };
    parsed.map_err(|error| {
        Failure::usage(
            format!("`{}` is nothing to revoke: {error}", bartizan_model::printable(text)),
            "write a key's id, publisher/name@1.2.3, or sha256:DIGEST",
        )
    })
}

/// The private keys in these files. Which of them signs what, the repository's root says.
pub(crate) fn signers(paths: &[PathBuf]) -> Result<Vec<Signer>, Failure> {
    let read = |path: &PathBuf| {
        Signer::read(path).map_err(|error| {
            Failure::usage(
                error,
                "an Ed25519 key is expected, as `openssl genpkey -algorithm ed25519` makes it",
            )
        })
    };
    paths.iter().map(read).collect()
}

fn read_publics(paths: &[PathBuf]) -> Result<Vec<PublicKey>, Failure> {
    paths.iter().map(|path| super::trust::public_key(path)).collect()
}

fn init(folder: &Path, root_keys: &[PathBuf], threshold: u32, keys: &[PathBuf]) -> Result<Exit, Failure> {
    let (root, online) = (signers(root_keys)?, signers(keys)?);
    let (root, online): (Vec<&Signer>, Vec<&Signer>) = (root.iter().collect(), online.iter().collect());
    let publics = |signers: &[&Signer]| signers.iter().map(|signer| signer.public()).collect::<Vec<_>>();
    let everyday = RoleSetup { keys: publics(&online), threshold: 1 };
    let top_level = TopLevel {
        root: RoleSetup { keys: publics(&root), threshold },
        targets: everyday.clone(),
        snapshot: everyday.clone(),
        timestamp: everyday,
    };
    let by = Signers { root: &root, targets: &online, snapshot: &online, timestamp: &online, publisher: &[] };
    let opened = RepositoryFolder::init(folder, &top_level, &by, Lifetimes::default(), Timestamp::now())
        .map_err(|error| failure(&error))?;
    write_atomically(&memory(folder)?.join(ROOT), opened.root(), Audience::Owner)
        .map_err(|error| Failure::new(Exit::Incomplete, error, "check the folder and the free space"))?;
    Ok(say(&format!(
        "made {0}; hand {0}/metadata/1.root.json to those who shall trust it, by a way that they trust",
        folder.display()
    )))
}

/// What this user knows of a repository's folder, kept elsewhere: who can write to the folder must not write to this.
fn memory(folder: &Path) -> Result<PathBuf, Failure> {
    let whole = fs::canonicalize(folder).map_err(|error| {
        Failure::usage(format!("cannot find `{}`: {error}", folder.display()), "check the path")
    })?;
    let id = Digest::of(whole.as_os_str().as_encoded_bytes()).short();
    Ok(super::plugins::standing::home()?.state.join("published").join(id))
}

/// Opens a repository's folder to change it, from a trusted root on.
pub(crate) fn open(folder: &Path, root: Option<&Path>) -> Result<RepositoryFolder, Failure> {
    let memory = memory(folder)?;
    let path = root.map_or_else(|| memory.join(ROOT), Path::to_owned);
    let root = fs::read(&path).map_err(|error| {
        Failure::usage(
            format!("cannot read the trusted root `{}`: {error}", path.display()),
            "name it with --root; only who made the repository on this machine may leave it out",
        )
    })?;
    RepositoryFolder::open(folder, &root, Some(&memory.join("seen")), Timestamp::now())
        .map_err(|error| failure(&error))
}

pub(crate) fn failure(error: &PublishError) -> Failure {
    Failure::new(Exit::Refused, error, error.advice())
}

/// Changes a repository, with every key that was given offered for every role.
fn change(
    folder: &Path,
    by: &SignedBy,
    what: impl FnOnce(
        &RepositoryFolder,
        &Signers<'_>,
    ) -> Result<bartizan_repository::publish::Change, PublishError>,
) -> Result<RepositoryFolder, Failure> {
    let keys = signers(&by.keys)?;
    let keys: Vec<&Signer> = keys.iter().collect();
    let all = Signers { root: &keys, targets: &keys, publisher: &keys, snapshot: &keys, timestamp: &keys };
    let mut opened = open(folder, by.root.as_deref())?;
    let change = what(&opened, &all).map_err(|error| failure(&error))?;
    if !change.is_gapless() {
        eprintln!("there is a moment in which clients cannot read it: give the old keys, too, to avoid that");
    }
    opened.apply(change).map_err(|error| failure(&error))?;
    Ok(opened)
}
