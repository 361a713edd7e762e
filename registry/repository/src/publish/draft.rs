//! A change in the making: metadata is changed, signed and verified in memory; what comes out is a list of files.

use std::collections::BTreeSet;

use bartizan_registry::Signer;
use jiff::{SignedDuration, Timestamp as Time};

use crate::{
    RepositoryError,
    metadata::{Listed, Role, Root, Snapshot, Targets, Timestamp},
    publish::{Change, Lifetimes, PublishError, Signers, folder::Basis},
    publishers::{self, role_file},
    signed::{Keys, Signed, key_id, sign},
    update::{SNAPSHOT_NAME, TARGETS_NAME, TIMESTAMP, Trusted, check_root, root_keys, versioned},
};

/// A change in the making.
pub(crate) struct Draft<'a> {
    pub(crate) next: Trusted,
    /// The root before the change: while it is still the newest, what is written must hold under it, too.
    before: Root,
    based_on: Basis,
    signers: Signers<'a>,
    lifetimes: Lifetimes,
    now: Time,
    /// What nothing refers to until a new timestamp does.
    files: Vec<(String, Vec<u8>)>,
    root_file: Option<(String, Vec<u8>)>,
    bridged: bool,
}

impl<'a> Draft<'a> {
    pub(crate) fn new(trusted: &Trusted, signers: &Signers<'a>, lifetimes: Lifetimes, now: Time) -> Self {
        Self {
            next: trusted.clone(),
            before: trusted.root.clone(),
            based_on: Basis::of(trusted),
            signers: *signers,
            lifetimes,
            now,
            files: Vec::new(),
            root_file: None,
            bridged: true,
        }
    }

    /// Adds a target's file.
    pub(crate) fn add_file(&mut self, path: String, bytes: Vec<u8>) {
        self.files.push((path, bytes));
    }

    /// Signs the next root.
    pub(crate) fn root(&mut self) -> Result<(), PublishError> {
        let mut root = self.next.root.clone();
        root.version = after(self.before.version, false, "root.json")?;
        root.expires = self.expiry(self.lifetimes.root);
        let file = versioned(root.version, "root.json");
        let (old, new) = (root_keys(&file, &self.before)?, root_keys(&file, &root)?);
        let bytes = signed_by(&file, &root, self.signers.root, &[&old, &new], &[&old, &new])?;
        check_root(&file, &root)?;
        self.next.root = root;
        self.next.root_bytes.clone_from(&bytes);
        self.root_file = Some((file, bytes));
        Ok(())
    }

    /// Signs the changed top-level targets.
    pub(crate) fn targets(&mut self) -> Result<(), PublishError> {
        let mut targets = self.next.targets.clone();
        targets.version = after(targets.version, self.online_keys_rotated(), TARGETS_NAME)?;
        targets.expires = self.expiry(self.lifetimes.targets);
        let file = versioned(targets.version, TARGETS_NAME);
        publishers::check_top_level(&file, &targets)?;
        let old = Keys::of_root(&file, &self.before, "targets", &self.before.roles.targets)?;
        let new = Keys::of_root(&file, &self.next.root, "targets", &self.next.root.roles.targets)?;
        let bytes = self.bridging(&file, &targets, self.signers.targets, &old, &new)?;
        self.next.snapshot.meta.insert(TARGETS_NAME.to_owned(), Listed::of(targets.version, &bytes));
        self.next.targets = targets;
        self.add_file(file, bytes);
        Ok(())
    }

    /// Signs a publisher's changed list. Its version goes on from what the snapshot has.
    pub(crate) fn publisher(&mut self, name: &str, mut list: Targets) -> Result<(), PublishError> {
        let role_file = role_file(name);
        let version = self.next.snapshot.meta.get(&role_file).map_or(0, |listed| listed.version);
        list.version = after(version, false, &role_file)?;
        list.expires = self.expiry(self.lifetimes.publisher);
        let file = versioned(list.version, &role_file);
        publishers::check_publisher(&file, name, &list)?;
        let keys = publishers::keys_of(&file, &self.next.targets, name)?;
        let bytes = signed_by(&file, &list, self.signers.publisher, &[&keys], &[&keys])?;
        self.next.snapshot.meta.insert(role_file, Listed::of(list.version, &bytes));
        self.add_file(file, bytes);
        Ok(())
    }

    /// Signs the snapshot.
    pub(crate) fn snapshot(&mut self) -> Result<(), PublishError> {
        let mut snapshot = self.next.snapshot.clone();
        snapshot.version = after(snapshot.version, self.online_keys_rotated(), SNAPSHOT_NAME)?;
        snapshot.expires = self.expiry(self.lifetimes.snapshot);
        let file = versioned(snapshot.version, SNAPSHOT_NAME);
        let old = Keys::of_root(&file, &self.before, "snapshot", &self.before.roles.snapshot)?;
        let new = Keys::of_root(&file, &self.next.root, "snapshot", &self.next.root.roles.snapshot)?;
        let bytes = self.bridging(&file, &snapshot, self.signers.snapshot, &old, &new)?;
        self.next.timestamp.meta = [(SNAPSHOT_NAME.to_owned(), Listed::of(snapshot.version, &bytes))].into();
        self.next.snapshot = snapshot;
        self.add_file(file, bytes);
        Ok(())
    }

    /// Signs the timestamp, which makes the change the present state.
    pub(crate) fn finish(mut self) -> Result<Change, PublishError> {
        let mut timestamp = self.next.timestamp.clone();
        timestamp.version = after(timestamp.version, self.online_keys_rotated(), "timestamp.json")?;
        timestamp.expires = self.expiry(self.lifetimes.timestamp);
        let old = Keys::of_root(TIMESTAMP, &self.before, "timestamp", &self.before.roles.timestamp)?;
        let new = Keys::of_root(TIMESTAMP, &self.next.root, "timestamp", &self.next.root.roles.timestamp)?;
        let bytes = self.bridging(TIMESTAMP, &timestamp, self.signers.timestamp, &old, &new)?;
        self.next.timestamp = timestamp;
        let timestamp_file = (TIMESTAMP.to_owned(), bytes);
        // Clients take a root as soon as it is there. What old and new keys signed is therefore put in place before it;
        // what only the new ones did, as soon after it as can be.
        match self.root_file {
            Some(root_file) if self.bridged => self.files.extend([timestamp_file, root_file]),
            Some(root_file) => self.files.extend([root_file, timestamp_file]),
            None => self.files.push(timestamp_file),
        }
        Ok(Change { files: self.files, next: self.next, based_on: self.based_on, gapless: self.bridged })
    }

    /// Ends with the new root alone: nothing else depends on what changed.
    pub(crate) fn finish_root(self) -> Change {
        let files = self.root_file.into_iter().collect();
        Change { files, next: self.next, based_on: self.based_on, gapless: true }
    }

    /// Whether clients forget the versions they saw (5.3.11).
    fn online_keys_rotated(&self) -> bool {
        let (old, new) = (&self.before.roles, &self.next.root.roles);
        old.snapshot.keyids != new.snapshot.keyids || old.timestamp.keyids != new.timestamp.keyids
    }

    fn expiry(&self, days: u16) -> Time {
        expiry(self.now, days)
    }

    /// Signs for the keys after the change, and, if the signers suffice, for those before it too.
    fn bridging<T: Role>(
        &mut self,
        file: &str,
        content: &T,
        signers: &[&Signer],
        old: &Keys,
        new: &Keys,
    ) -> Result<Vec<u8>, PublishError> {
        let bytes = signed_by(file, content, signers, &[old, new], &[new])?;
        self.bridged &= Signed::<T>::parse(file, &bytes)?.verify(file, old).is_ok();
        Ok(bytes)
    }
}

/// The version after this one. Where clients forget what they saw, the count may start again.
fn after(version: u64, may_restart: bool, file: &str) -> Result<u64, PublishError> {
    match version.checked_add(1) {
        Some(next) => Ok(next),
        None if may_restart => Ok(1),
        None => Err(PublishError::VersionsExhausted(file.to_owned())),
    }
}

/// Whole seconds: TUF's times have no fractions.
pub(crate) fn expiry(now: Time, days: u16) -> Time {
    let seconds = Time::from_second(now.as_second()).unwrap_or(now);
    seconds.checked_add(SignedDuration::from_hours(24 * i64::from(days))).unwrap_or(Time::MAX)
}

/// Signs with those of the signers whose key is in `takes`, and verifies against each of `needs`.
pub(crate) fn signed_by<T: Role>(
    file: &str,
    content: &T,
    signers: &[&Signer],
    takes: &[&Keys],
    needs: &[&Keys],
) -> Result<Vec<u8>, RepositoryError> {
    let taken: BTreeSet<&String> = takes.iter().flat_map(|keys| keys.ids()).collect();
    let signers: Vec<&Signer> =
        signers.iter().filter(|signer| taken.contains(&key_id(&signer.public()))).copied().collect();
    let bytes = sign(file, content, &signers)?;
    let signed: Signed<T> = Signed::parse(file, &bytes)?;
    for keys in needs {
        signed.verify(file, keys)?;
    }
    Ok(bytes)
}

/// Empty metadata of each kind, to begin with.
pub(crate) fn empty_targets(now: Time) -> Targets {
    Targets {
        kind: Targets::KIND.to_owned(),
        spec_version: crate::metadata::SPEC_VERSION.to_owned(),
        version: 0,
        expires: now,
        files: [].into(),
        delegations: None,
    }
}

/// See [`empty_targets`].
pub(crate) fn empty_snapshot(now: Time) -> Snapshot {
    Snapshot {
        kind: Snapshot::KIND.to_owned(),
        spec_version: crate::metadata::SPEC_VERSION.to_owned(),
        version: 0,
        expires: now,
        meta: [].into(),
    }
}

/// See [`empty_targets`].
pub(crate) fn empty_timestamp(now: Time) -> Timestamp {
    Timestamp {
        kind: Timestamp::KIND.to_owned(),
        spec_version: crate::metadata::SPEC_VERSION.to_owned(),
        version: 0,
        expires: now,
        meta: [].into(),
    }
}
