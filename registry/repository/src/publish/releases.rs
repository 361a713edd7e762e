//! Publishing components, and withdrawing them.

use bartizan_registry::{ComponentName, Ratchet, Release, Revocation, SignedComponent, TrustStore, Verifier};

use crate::{
    Entry,
    client::{read_revocations, target_file, write_revocations},
    limits::MAX_REVOCATIONS_BYTES,
    listing::{Listing, component_path, statement_path},
    metadata::{TargetFile, Targets},
    publish::{Change, PublishError, RepositoryFolder, Signers},
    publishers::REVOCATIONS,
};

const MAX_TEXT: usize = 200;

/// A component to be published.
#[derive(Clone, Debug)]
pub struct NewRelease {
    /// It and its statement.
    pub component: SignedComponent,
    /// What it is for, in one line, for who searches.
    pub summary: Option<String>,
}

impl RepositoryFolder {
    /// Publishes components of one publisher. Each must pass the verifier with what `trust` trusts: a repository is not the place
    /// where a wrong signature comes to light. Signed by publisher, snapshot and timestamp.
    ///
    /// What is published already with the same bytes is passed over.
    pub fn publish(
        &self,
        publisher: &str,
        releases: &[NewRelease],
        trust: &TrustStore,
        signers: &Signers<'_>,
    ) -> Result<Change, PublishError> {
        let mut list = self.list(publisher)?;
        let mut draft = self.draft(signers);
        let verifier = Verifier::at(trust.clone(), Ratchet::in_memory(), self.now);
        let mut checked = Vec::new();
        for release in releases {
            check_text("summary", release.summary.as_deref())?;
            let SignedComponent { component, statement } = &release.component;
            let claims = release.component.claimed().map_err(PublishError::Unreadable)?;
            if claims.id.publisher() != publisher {
                return Err(PublishError::ForeignComponent {
                    id: claims.id,
                    publisher: publisher.to_owned(),
                });
            }
            verifier.examine(component.clone(), statement, None).map_err(|refusal| {
                PublishError::Refused { id: claims.id.clone(), version: claims.version.clone(), refusal }
            })?;
            checked.push((claims, release));
        }
        // In the order in which they came to be, whatever the order in which they are given.
        checked.sort_by_key(|(claims, _)| claims.sequence);
        for (claims, release) in checked {
            let listing = Listing::of(&claims, release.summary.clone());
            for (path, bytes) in add(&mut list, &listing, &release.component)? {
                draft.add_file(path, bytes);
            }
        }
        draft.publisher(publisher, list)?;
        draft.snapshot()?;
        draft.finish()
    }

    /// Marks a release as one that should not be installed any more. Who has it keeps it; see [`RepositoryFolder::revoke`] for what
    /// must not run any more. Signed by publisher, snapshot and timestamp.
    pub fn yank(
        &self,
        release: &Release,
        reason: &str,
        signers: &Signers<'_>,
    ) -> Result<Change, PublishError> {
        check_text("reason", Some(reason))?;
        let publisher = release.name.publisher();
        let mut list = self.list(publisher)?;
        let path = component_path(&release.name, &release.version);
        let listing = list.files.get_mut(&path).and_then(|target| target.custom.as_mut());
        let Some(listing) = listing else {
            return Err(crate::RepositoryError::NoSuchVersion {
                id: release.name.clone(),
                wanted: release.version.to_string(),
                available: versions(&list, &release.name),
            }
            .into());
        };
        listing.yanked = Some(reason.to_owned());
        let mut draft = self.draft(signers);
        draft.publisher(publisher, list)?;
        draft.snapshot()?;
        draft.finish()
    }

    /// Signs a publisher's list anew: before it expires, or after its keys were replaced. What is there is taken over whoever signed
    /// it, so look at it first ([`RepositoryFolder::listed`]); what `keep` does not want is left out. Signed by publisher,
    /// snapshot and timestamp.
    pub fn resign(
        &self,
        publisher: &str,
        keep: impl Fn(&Entry) -> bool,
        signers: &Signers<'_>,
    ) -> Result<Change, PublishError> {
        let mut list = self.unsigned_list(publisher)?;
        for entry in crate::client::entries(&list).iter().filter(|entry| !keep(entry)) {
            list.files.remove(&entry.component.path);
            list.files.remove(&entry.statement.path);
        }
        let mut draft = self.draft(signers);
        draft.publisher(publisher, list)?;
        draft.snapshot()?;
        draft.finish()
    }

    /// Withdraws a key, a release or bytes, for everybody who reads this repository. Signed by targets, snapshot and timestamp.
    pub fn revoke(&self, revocation: Revocation, signers: &Signers<'_>) -> Result<Change, PublishError> {
        check_text("reason", Some(&revocation.reason))?;
        let mut revocations = self.revocations()?;
        if !revocations.iter().any(|known| known.what == revocation.what) {
            revocations.push(revocation);
        }
        let bytes = write_revocations(&revocations);
        let target = TargetFile::of(&bytes, None);
        let mut draft = self.draft(signers);
        draft.add_file(target_file(REVOCATIONS, target.hashes.sha256), bytes);
        draft.next.targets.files.insert(REVOCATIONS.to_owned(), target);
        draft.targets()?;
        draft.snapshot()?;
        draft.finish()
    }

    /// What is revoked so far.
    pub fn revocations(&self) -> Result<Vec<Revocation>, PublishError> {
        let Some(target) = self.trusted.targets.files.get(REVOCATIONS) else { return Ok(Vec::new()) };
        let (source, digest) = (self.source(), target.hashes.sha256);
        let bytes =
            self.reader(&source).required(&target_file(REVOCATIONS, digest), MAX_REVOCATIONS_BYTES)?;
        let actual = bartizan_model::Digest::of(&bytes);
        if actual != digest {
            let path = REVOCATIONS.to_owned();
            return Err(crate::RepositoryError::Altered { path, actual, signed: digest }.into());
        }
        Ok(read_revocations(&bytes)?)
    }
}

/// Adds a release to a list. Gives the files that it needs; none if it is there already.
fn add(
    list: &mut Targets,
    listing: &Listing,
    component: &SignedComponent,
) -> Result<Vec<(String, Vec<u8>)>, PublishError> {
    let (id, version) = (listing.id.clone(), listing.version.clone());
    let (path, statement) = (component_path(&id, &version), statement_path(&id, &version));
    let files = [
        (path.clone(), &component.component, Some(listing.clone())),
        (statement, &component.statement, None),
    ];
    let there = |(path, bytes, _): &(String, &Vec<u8>, _)| {
        list.files.get(path).is_some_and(|target| target.hashes == TargetFile::of(bytes, None).hashes)
    };
    if files.iter().all(there) {
        return Ok(Vec::new());
    }
    let others =
        list.files.values().filter_map(|target| target.custom.as_ref()).filter(|other| other.id == id);
    let mut highest = None;
    for other in others {
        // Versions that differ in build metadata alone have no order, and so would be one for who resolves.
        if other.version.cmp_precedence(&version).is_eq() {
            return Err(PublishError::VersionExists { id, version });
        }
        highest = highest.max(Some(other.sequence));
    }
    if let Some(highest) = highest.filter(|highest| listing.sequence <= *highest) {
        return Err(PublishError::SequenceTooLow { id, version, sequence: listing.sequence, highest });
    }
    Ok(files
        .into_iter()
        .map(|(path, bytes, custom)| {
            let target = TargetFile::of(bytes, custom);
            let file = target_file(&path, target.hashes.sha256);
            list.files.insert(path, target);
            (file, bytes.clone())
        })
        .collect())
}

fn versions(list: &Targets, id: &ComponentName) -> String {
    let listings = list.files.values().filter_map(|target| target.custom.as_ref());
    let versions: Vec<_> = listings
        .filter(|listing| listing.id == *id)
        .take(20)
        .map(|listing| listing.version.to_string())
        .collect();
    versions.join(", ")
}

fn check_text(what: &'static str, text: Option<&str>) -> Result<(), PublishError> {
    let Some(text) = text else { return Ok(()) };
    if text.trim().is_empty() || text.chars().count() > MAX_TEXT || text.chars().any(char::is_control) {
        return Err(PublishError::BadText { what, limit: MAX_TEXT });
    }
    Ok(())
}
