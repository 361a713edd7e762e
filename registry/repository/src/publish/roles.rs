//! Who may do what: publishers, keys, expiry.

use crate::{
    metadata::{Delegation, RoleKeys},
    publish::{Change, PublishError, RepositoryFolder, RoleSetup, Rotation, Signers},
    publishers::{is_publisher_name, paths_of, role_file},
    signed::shown,
};

impl RepositoryFolder {
    /// Lets a publisher list components of its name, and no others; or replaces its keys.
    ///
    /// Signed by targets, snapshot and timestamp. With `signers.publisher`, the publisher's list is signed anew as well. Without,
    /// where keys were replaced, nothing of the publisher can be had until it called [`RepositoryFolder::resign`]: what
    /// the old key signed is not believed any more.
    pub fn delegate(
        &self,
        publisher: &str,
        setup: &RoleSetup,
        signers: &Signers<'_>,
    ) -> Result<Change, PublishError> {
        if !is_publisher_name(publisher) {
            return Err(PublishError::BadPublisher(shown(publisher)));
        }
        let (RoleKeys { keyids, threshold }, keys) = setup.role_keys(publisher)?;
        let mut draft = self.draft(signers);
        let delegations = draft.next.targets.delegations.get_or_insert_default();
        let delegation = Delegation {
            name: publisher.to_owned(),
            keyids,
            threshold,
            paths: paths_of(publisher),
            terminating: true,
        };
        delegations.roles.retain(|role| role.name != publisher);
        delegations.roles.push(delegation);
        delegations.roles.sort_by(|a, b| a.name.cmp(&b.name));
        delegations.keys.extend(keys);
        drop_unused_keys(delegations);
        draft.targets()?;
        if !signers.publisher.is_empty() {
            draft.publisher(publisher, self.unsigned_list(publisher)?)?;
        }
        draft.snapshot()?;
        draft.finish()
    }

    /// Ends a publisher's right to list anything. Nothing of it can be had any more.
    pub fn remove_publisher(&self, publisher: &str, signers: &Signers<'_>) -> Result<Change, PublishError> {
        self.list_exists(publisher)?;
        let mut draft = self.draft(signers);
        if let Some(delegations) = &mut draft.next.targets.delegations {
            delegations.roles.retain(|role| role.name != publisher);
            drop_unused_keys(delegations);
        }
        draft.targets()?;
        draft.snapshot()?;
        draft.finish()
    }

    /// Gives top-level roles new keys, by a new root: signed by enough of the old root keys and enough of the new. With an empty
    /// [`Rotation`], the root is merely renewed.
    ///
    /// Clients believe a new root at once. So that they can read the repository at every moment, give the signers of the old keys
    /// of targets, snapshot and timestamp along with the new: what both signed is written before the root. Without the old ones
    /// there is a moment in which they cannot, see [`Change::is_gapless`].
    ///
    /// New keys of snapshot or timestamp make clients forget which versions they saw. After a key was stolen replace **both**
    /// besides the stolen one: that undoes a version that the thief drove up.
    pub fn rotate(&self, rotation: &Rotation, signers: &Signers<'_>) -> Result<Change, PublishError> {
        let mut draft = self.draft(signers);
        let root = &mut draft.next.root;
        for (name, setup, role) in [
            ("root", &rotation.root, &mut root.roles.root),
            ("targets", &rotation.targets, &mut root.roles.targets),
            ("snapshot", &rotation.snapshot, &mut root.roles.snapshot),
            ("timestamp", &rotation.timestamp, &mut root.roles.timestamp),
        ] {
            if let Some(setup) = setup {
                let (role_keys, keys) = setup.role_keys(name)?;
                *role = role_keys;
                root.keys.extend(keys);
            }
        }
        let roles = &root.roles;
        let used = [&roles.root, &roles.targets, &roles.snapshot, &roles.timestamp];
        root.keys.retain(|id, _| used.iter().any(|role| role.keyids.contains(id)));
        draft.root()?;
        if rotation.targets.is_some() {
            draft.targets()?;
        }
        if rotation.targets.is_some() || rotation.snapshot.is_some() {
            draft.snapshot()?;
        } else if rotation.timestamp.is_none() {
            return Ok(draft.finish_root());
        }
        draft.finish()
    }

    /// Signs what nothing changed in anew, before it expires: always the timestamp; snapshot and top-level targets if
    /// signers for them are given.
    pub fn refresh(&self, signers: &Signers<'_>) -> Result<Change, PublishError> {
        let mut draft = self.draft(signers);
        if !signers.targets.is_empty() {
            draft.targets()?;
        }
        if !signers.targets.is_empty() || !signers.snapshot.is_empty() {
            draft.snapshot()?;
        }
        draft.finish()
    }

    fn list_exists(&self, publisher: &str) -> Result<(), PublishError> {
        crate::publishers::keys_of(&role_file(publisher), &self.trusted.targets, publisher)?;
        Ok(())
    }
}

fn drop_unused_keys(delegations: &mut crate::metadata::Delegations) {
    let roles = &delegations.roles;
    delegations.keys.retain(|id, _| roles.iter().any(|role| role.keyids.contains(id)));
}
