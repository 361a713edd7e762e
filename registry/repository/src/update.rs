//! The client workflow of the TUF specification, sections 5.2 to 5.6: from a trusted root to the present list of targets.
//! Numbers in comments are its sections.
//!
//! By hand, although there is `tough`, because what is missing there cannot be added from outside: it reads the clock itself; one
//! publisher's expired or unverifiable list stops the whole repository; it begins at the given root each time, so a source that
//! hides newer roots brings revoked keys back; it passes over damaged memory and writes it in place; its `*` matches a slash;
//! and it looks for `HASH.acme/rules/…` where python-tuf, the reference, has `acme/rules/HASH.…`.

use std::collections::BTreeMap;

use crate::{
    RepositoryError,
    limits::{MAX_NEW_ROOTS, MAX_ROOT_BYTES, MAX_SNAPSHOT_BYTES, MAX_TARGETS_BYTES, MAX_TIMESTAMP_BYTES},
    metadata::{Listed, RoleKeys, Root, Snapshot, Targets, Timestamp},
    publishers,
    reader::{Expired, Reader},
    signed::{Keys, Signed},
    state::{Seen, SeenFile, State},
};

/// Everything that was verified, and belongs together.
#[derive(Clone, Debug)]
pub(crate) struct Trusted {
    pub(crate) root: Root,
    /// The root's file, as it came.
    pub(crate) root_bytes: Vec<u8>,
    pub(crate) timestamp: Timestamp,
    pub(crate) snapshot: Snapshot,
    pub(crate) targets: Targets,
    /// What was taken although it was expired.
    pub(crate) expired: Vec<Expired>,
}

/// Path of the file of a role in the snapshot, such as "targets.json".
pub(crate) fn versioned(version: u64, name: &str) -> String {
    format!("metadata/{version}.{name}")
}

pub(crate) const TIMESTAMP: &str = "metadata/timestamp.json";
pub(crate) const SNAPSHOT_NAME: &str = "snapshot.json";
pub(crate) const TARGETS_NAME: &str = "targets.json";

/// Runs the workflow. What was accepted is kept step by step, so that a source that fails half-way cannot offer less next time.
pub(crate) fn update(
    reader: &Reader<'_>,
    trusted_root: &[u8],
    state: &mut State,
) -> Result<Trusted, RepositoryError> {
    let mut expired = Vec::new();
    let (root, root_bytes) = update_root(reader, trusted_root, state, &mut expired)?;
    let timestamp = update_timestamp(reader, &root, state, &mut expired)?;
    let snapshot = update_snapshot(reader, &root, &timestamp, state, &mut expired)?;
    let targets = update_targets(reader, &root, &snapshot, &mut expired)?;
    Ok(Trusted { root, root_bytes, timestamp, snapshot, targets, expired })
}

/// 5.2 and 5.3.
fn update_root(
    reader: &Reader<'_>,
    given: &[u8],
    state: &mut State,
    expired: &mut Vec<Expired>,
) -> Result<(Root, Vec<u8>), RepositoryError> {
    let mut bytes = given.to_vec();
    let mut root = parse_root("trusted root", given)?;
    if let Some(text) = &state.seen.root {
        let seen = parse_root("trusted root seen before", text.as_bytes())?;
        let (given_version, seen_version) = (root.content.version, seen.content.version);
        if given_version == seen_version && root.digest() != seen.digest() {
            return Err(RepositoryError::ForeignRoot { version: seen_version });
        }
        if given_version <= seen_version {
            bytes = text.clone().into_bytes();
            root = seen;
        } else {
            forget_rotated(&seen.content, &root.content, &mut state.seen)?;
        }
    }
    let first = root.content.version;
    loop {
        let trusted = root.content.version;
        let Some(next) = trusted.checked_add(1) else { break };
        let file = versioned(next, "root.json");
        // 5.3.3. Only what is certainly not there ends the search: a source that fails could hide a revocation.
        let Some(offered_bytes) = reader.bytes(&file, MAX_ROOT_BYTES)? else { break };
        if next - first >= MAX_NEW_ROOTS {
            return Err(RepositoryError::TooManyRoots { limit: MAX_NEW_ROOTS });
        }
        // 5.3.4: by a threshold of the trusted root's keys, and of its own.
        let offered: Signed<Root> = Signed::parse(&file, &offered_bytes)?;
        offered.verify(&file, &root_keys(&file, &root.content)?)?;
        offered.verify(&file, &root_keys(&file, &offered.content)?)?;
        // 5.3.5
        if offered.content.version != next {
            return Err(RepositoryError::RootOutOfOrder { file, offered: offered.content.version, trusted });
        }
        check_root(&file, &offered.content)?;
        // 5.3.11 at each step, and not only at the end: keys that were changed and changed back were changed.
        forget_rotated(&root.content, &offered.content, &mut state.seen)?;
        root = offered;
        bytes = offered_bytes;
        // 5.3.8
        remember_root(&bytes, state)?;
    }
    remember_root(&bytes, state)?;
    // 5.3.10
    let file = versioned(root.content.version, "root.json");
    reader.check_expiry(&file, &root.content, expired)?;
    Ok((root.content, bytes))
}

fn parse_root(file: &str, bytes: &[u8]) -> Result<Signed<Root>, RepositoryError> {
    if bytes.len() as u64 > MAX_ROOT_BYTES {
        return Err(RepositoryError::TooLong { file: file.to_owned(), limit: MAX_ROOT_BYTES });
    }
    let root: Signed<Root> = Signed::parse(file, bytes)?;
    root.verify(file, &root_keys(file, &root.content)?)?;
    check_root(file, &root.content)?;
    Ok(root)
}

/// What must hold of every root apart from its signatures.
pub(crate) fn check_root(file: &str, root: &Root) -> Result<(), RepositoryError> {
    for (name, keys) in [
        ("targets", &root.roles.targets),
        ("snapshot", &root.roles.snapshot),
        ("timestamp", &root.roles.timestamp),
    ] {
        Keys::of_root(file, root, name, keys)?;
    }
    if !root.consistent_snapshot {
        return Err(RepositoryError::Malformed {
            file: file.to_owned(),
            why: "it does without consistent snapshots, so files could change while they are read".to_owned(),
        });
    }
    Ok(())
}

pub(crate) fn root_keys(file: &str, root: &Root) -> Result<Keys, RepositoryError> {
    Keys::of_root(file, root, "root", &root.roles.root)
}

/// 5.3.11: after a rotation, what the old keys signed binds no more. A stolen key that signed version 2⁶⁴-1 would otherwise
/// lock its replacement out.
fn forget_rotated(old: &Root, new: &Root, seen: &mut Seen) -> Result<(), RepositoryError> {
    let changed = |name, old_keys: &RoleKeys, new_keys: &RoleKeys| -> Result<bool, RepositoryError> {
        let old = Keys::of_root("root", old, name, old_keys)?;
        let new = Keys::of_root("root", new, name, new_keys)?;
        Ok(!old.ids().eq(new.ids()))
    };
    if changed("timestamp", &old.roles.timestamp, &new.roles.timestamp)?
        || changed("snapshot", &old.roles.snapshot, &new.roles.snapshot)?
    {
        seen.timestamp = None;
        seen.snapshot = None;
        seen.roles.clear();
    }
    Ok(())
}

fn remember_root(bytes: &[u8], state: &mut State) -> Result<(), RepositoryError> {
    let text = String::from_utf8_lossy(bytes).into_owned();
    if state.seen.root.as_ref() != Some(&text) {
        state.seen.root = Some(text);
        state.save()?;
    }
    Ok(())
}

/// 5.4
fn update_timestamp(
    reader: &Reader<'_>,
    root: &Root,
    state: &mut State,
    expired: &mut Vec<Expired>,
) -> Result<Timestamp, RepositoryError> {
    let bytes = reader.required(TIMESTAMP, MAX_TIMESTAMP_BYTES)?;
    let timestamp: Signed<Timestamp> = Signed::parse(TIMESTAMP, &bytes)?;
    // 5.4.2
    timestamp.verify(TIMESTAMP, &Keys::of_root(TIMESTAMP, root, "timestamp", &root.roles.timestamp)?)?;
    let snapshot = snapshot_of(&timestamp.content)?;
    // 5.4.3
    let offered = SeenFile { version: timestamp.content.version, sha256: timestamp.digest() };
    not_older(TIMESTAMP, state.seen.timestamp, offered)?;
    not_older(SNAPSHOT_NAME, state.seen.snapshot, seen_file(snapshot))?;
    // 5.4.4
    reader.check_expiry(TIMESTAMP, &timestamp.content, expired)?;
    // 5.4.5
    state.seen.timestamp = Some(offered);
    state.seen.snapshot = Some(seen_file(snapshot));
    state.save()?;
    Ok(timestamp.content)
}

/// The only thing a timestamp lists.
pub(crate) fn snapshot_of(timestamp: &Timestamp) -> Result<&Listed, RepositoryError> {
    timestamp.meta.get(SNAPSHOT_NAME).ok_or_else(|| RepositoryError::Malformed {
        file: TIMESTAMP.to_owned(),
        why: "it lists no snapshot.json".to_owned(),
    })
}

/// 5.5
fn update_snapshot(
    reader: &Reader<'_>,
    root: &Root,
    timestamp: &Timestamp,
    state: &mut State,
    expired: &mut Vec<Expired>,
) -> Result<Snapshot, RepositoryError> {
    let listed = snapshot_of(timestamp)?;
    let file = versioned(listed.version, SNAPSHOT_NAME);
    let keys = Keys::of_root(&file, root, "snapshot", &root.roles.snapshot)?;
    // 5.5.2 to 5.5.4
    let snapshot: Signed<Snapshot> = reader.listed(&file, listed, MAX_SNAPSHOT_BYTES, &keys)?;
    let snapshot = snapshot.content;
    // 5.5.5
    for (name, seen) in &state.seen.roles {
        let Some(offered) = snapshot.meta.get(name) else {
            return Err(RepositoryError::Dropped { file: name.clone() });
        };
        not_older(name, Some(*seen), seen_file(offered))?;
    }
    // 5.5.6
    reader.check_expiry(&file, &snapshot, expired)?;
    // 5.5.7
    let roles: BTreeMap<_, _> =
        snapshot.meta.iter().map(|(name, listed)| (name.clone(), seen_file(listed))).collect();
    if state.seen.roles != roles {
        state.seen.roles = roles;
        state.save()?;
    }
    Ok(snapshot)
}

/// 5.6, for the top-level role; publishers' roles are read when they are asked for.
fn update_targets(
    reader: &Reader<'_>,
    root: &Root,
    snapshot: &Snapshot,
    expired: &mut Vec<Expired>,
) -> Result<Targets, RepositoryError> {
    let listed = snapshot.meta.get(TARGETS_NAME).ok_or_else(|| RepositoryError::Malformed {
        file: versioned(snapshot.version, SNAPSHOT_NAME),
        why: "it lists no targets.json".to_owned(),
    })?;
    let file = versioned(listed.version, TARGETS_NAME);
    let keys = Keys::of_root(&file, root, "targets", &root.roles.targets)?;
    let targets: Signed<Targets> = reader.listed(&file, listed, MAX_TARGETS_BYTES, &keys)?;
    reader.check_expiry(&file, &targets.content, expired)?;
    publishers::check_top_level(&file, &targets.content)?;
    Ok(targets.content)
}

fn seen_file(listed: &Listed) -> SeenFile {
    SeenFile { version: listed.version, sha256: listed.hashes.sha256 }
}

fn not_older(file: &str, seen: Option<SeenFile>, offered: SeenFile) -> Result<(), RepositoryError> {
    let Some(seen) = seen else { return Ok(()) };
    if offered.version < seen.version {
        return Err(RepositoryError::RolledBack {
            file: file.to_owned(),
            offered: offered.version,
            seen: seen.version,
        });
    }
    if offered.version == seen.version && offered.sha256 != seen.sha256 {
        return Err(RepositoryError::Equivocation { file: file.to_owned(), version: seen.version });
    }
    Ok(())
}
