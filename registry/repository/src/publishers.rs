//! Publishers' roles: who may list what.
//!
//! TUF lets a delegation name any paths, in any order, and searches through them. We take one form alone: role `acme` lists
//! `acme/*/*`, terminating, and a component of `acme` is looked for in role `acme` and nowhere else. That no other role provides
//! `acme/…` does not hang on an order, then.

use std::collections::BTreeSet;

use bartizan_registry::{ComponentName, MAX_COMPONENT_BYTES, MAX_STATEMENT_BYTES};

use crate::{
    RepositoryError,
    limits::{MAX_REVOCATIONS_BYTES, MAX_TARGETS_BYTES},
    listing::{component_path, statement_path},
    metadata::{Delegation, Snapshot, Targets},
    reader::{Expired, Reader},
    signed::{Keys, Signed, shown},
    update::versioned,
};

/// The one target of the top-level role.
pub(crate) const REVOCATIONS: &str = "revocations.json";

/// Names of files that are no publisher's: `5.snapshot.json` must not be two things.
const RESERVED: [&str; 5] = ["root", "targets", "snapshot", "timestamp", "mirrors"];

/// Whether a publisher may be called this in a repository.
pub(crate) fn is_publisher_name(name: &str) -> bool {
    ComponentName::is_valid_half(name) && !RESERVED.contains(&name)
}

/// The paths of a publisher.
pub(crate) fn paths_of(publisher: &str) -> Vec<String> {
    vec![format!("{publisher}/*/*")]
}

/// The name of a publisher's file in the snapshot.
pub(crate) fn role_file(publisher: &str) -> String {
    format!("{publisher}.json")
}

/// The delegation to a publisher.
pub(crate) fn delegation<'a>(targets: &'a Targets, publisher: &str) -> Option<&'a Delegation> {
    targets.delegations.as_ref()?.roles.iter().find(|role| role.name == publisher)
}

/// The keys of a publisher's role.
pub(crate) fn keys_of(file: &str, targets: &Targets, publisher: &str) -> Result<Keys, RepositoryError> {
    let unknown = || RepositoryError::NoSuchPublisher { publisher: shown(publisher) };
    let delegations = targets.delegations.as_ref().ok_or_else(unknown)?;
    let delegation = delegation(targets, publisher).ok_or_else(unknown)?;
    Keys::of_delegation(file, delegations, delegation)
}

/// What must hold of the top-level list.
pub(crate) fn check_top_level(file: &str, targets: &Targets) -> Result<(), RepositoryError> {
    if let Some(path) = targets.files.keys().find(|path| *path != REVOCATIONS) {
        return Err(RepositoryError::ForeignPath { role: "targets".to_owned(), path: shown(path) });
    }
    if let Some(revocations) = targets.files.get(REVOCATIONS) {
        bounded(file, REVOCATIONS, revocations.length, MAX_REVOCATIONS_BYTES)?;
    }
    let mut names = BTreeSet::new();
    for role in targets.delegations.iter().flat_map(|delegations| &delegations.roles) {
        let bad = |why| RepositoryError::BadDelegation { role: shown(&role.name), why };
        if !is_publisher_name(&role.name) {
            return Err(bad("it is not a publisher's name"));
        }
        if !names.insert(&role.name) {
            return Err(bad("it stands there twice"));
        }
        if role.paths != paths_of(&role.name) {
            return Err(bad("its paths are not those of its name"));
        }
        if !role.terminating {
            return Err(bad("it is not terminating"));
        }
    }
    Ok(())
}

/// Reads the list of one publisher. Others' lists play no part in it: one publisher's neglect is not all others'.
pub(crate) fn read(
    reader: &Reader<'_>,
    targets: &Targets,
    snapshot: &Snapshot,
    publisher: &str,
    expired: &mut Vec<Expired>,
) -> Result<Targets, RepositoryError> {
    let name = role_file(publisher);
    let keys = keys_of(&name, targets, publisher)?;
    // Delegated to, but nothing published yet.
    let Some(listed) = snapshot.meta.get(&name) else {
        return Err(RepositoryError::NoSuchPublisher { publisher: shown(publisher) });
    };
    let file = versioned(listed.version, &name);
    let role: Signed<Targets> = reader.listed(&file, listed, MAX_TARGETS_BYTES, &keys)?;
    reader.check_expiry(&file, &role.content, expired)?;
    check_publisher(&file, publisher, &role.content)?;
    Ok(role.content)
}

/// Reads a publisher's list as the snapshot has it, whoever signed it: to look at and to sign anew, never to use.
pub(crate) fn read_unsigned(
    reader: &Reader<'_>,
    snapshot: &Snapshot,
    publisher: &str,
) -> Result<Targets, RepositoryError> {
    let name = role_file(publisher);
    let Some(listed) = snapshot.meta.get(&name) else {
        return Err(RepositoryError::NoSuchPublisher { publisher: shown(publisher) });
    };
    let file = versioned(listed.version, &name);
    let bytes = reader.listed_bytes(&file, listed, MAX_TARGETS_BYTES)?;
    let role: Signed<Targets> = Signed::parse(&file, &bytes)?;
    check_publisher(&file, publisher, &role.content)?;
    Ok(role.content)
}

/// What must hold of a publisher's list: it lists its own components, each under the path that its name and version give it, and
/// with its statement.
pub(crate) fn check_publisher(file: &str, publisher: &str, role: &Targets) -> Result<(), RepositoryError> {
    let foreign = |path: &str| RepositoryError::ForeignPath { role: publisher.to_owned(), path: shown(path) };
    let malformed = |why: String| RepositoryError::Malformed { file: file.to_owned(), why };
    if role.delegations.as_ref().is_some_and(|delegations| !delegations.roles.is_empty()) {
        return Err(malformed("a publisher's role delegates further".to_owned()));
    }
    let mut expected = BTreeSet::new();
    for (path, target) in &role.files {
        let mut parts = path.split('/');
        if parts.next() != Some(publisher) || path.chars().any(|c| c.is_control() || c == '\\') {
            return Err(foreign(path));
        }
        let Some(listing) = &target.custom else { continue };
        if listing.id.publisher() != publisher || *path != component_path(&listing.id, &listing.version) {
            return Err(foreign(path));
        }
        bounded(file, path, target.length, MAX_COMPONENT_BYTES)?;
        let statement = statement_path(&listing.id, &listing.version);
        if listing.statement != statement {
            return Err(malformed(format!("`{path}` names a statement that is not its own")));
        }
        let Some(listed) = role.files.get(&statement) else {
            return Err(malformed(format!("`{path}` has no statement")));
        };
        bounded(file, &statement, listed.length, MAX_STATEMENT_BYTES)?;
        expected.insert(path.clone());
        expected.insert(statement);
    }
    if let Some(path) = role.files.keys().find(|path| !expected.contains(*path)) {
        return Err(malformed(format!("`{}` is neither a component nor the statement of one", shown(path))));
    }
    Ok(())
}

fn bounded(file: &str, path: &str, length: u64, limit: u64) -> Result<(), RepositoryError> {
    if length <= limit {
        return Ok(());
    }
    Err(RepositoryError::Malformed {
        file: file.to_owned(),
        why: format!("`{path}` is {length} bytes; at most {limit} are taken"),
    })
}
