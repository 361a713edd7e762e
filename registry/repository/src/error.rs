//! Everything that a repository can get wrong, by accident or on purpose.

use bartizan_model::Digest;
use bartizan_registry::{ComponentName, Refusal, StateError};
use jiff::Timestamp;
use thiserror::Error;

use crate::SourceError;

/// Why a repository, or something in it, is not believed.
#[derive(Debug, Error)]
#[non_exhaustive]
pub enum RepositoryError {
    /// The source failed.
    #[error(transparent)]
    Source(#[from] SourceError),
    /// A file that must be there is not.
    #[error("the repository has no `{file}`, which it must have")]
    Missing {
        /// Its path in the repository.
        file: String,
    },
    /// A file is longer than is read, or than was signed.
    #[error(
        "`{file}` is longer than the {limit} bytes that are read of it: endless data, or not the file that was signed"
    )]
    TooLong {
        /// Its path in the repository.
        file: String,
        /// The bound in bytes.
        limit: u64,
    },
    /// A file is not what TUF metadata must be.
    #[error("`{file}` is malformed: {why}")]
    Malformed {
        /// Its path in the repository.
        file: String,
        /// What is wrong with it.
        why: String,
    },
    /// Fewer keys signed than must.
    #[error("`{file}` is signed by {valid} of the {needed} keys of role `{role}` that it needs")]
    BelowThreshold {
        /// Its path in the repository.
        file: String,
        /// Whose keys were asked for.
        role: String,
        /// How many of them signed.
        valid: usize,
        /// How many must.
        needed: usize,
    },
    /// One key signed twice: a try at a threshold.
    #[error("`{file}` holds two signatures by key {key}; a key signs once")]
    DuplicateSignature {
        /// Its path in the repository.
        file: String,
        /// Id of the key.
        key: String,
    },
    /// A key stands under an id that is not its own.
    #[error("`{file}` holds a key under the id {key}, which is not that key's")]
    WrongKeyId {
        /// Its path in the repository.
        file: String,
        /// The id.
        key: String,
    },
    /// The chain of roots has a gap or goes back.
    #[error("`{file}` is root {offered}; after root {trusted} only root {} can come", trusted.saturating_add(1))]
    RootOutOfOrder {
        /// Its path in the repository.
        file: String,
        /// The version it has.
        offered: u64,
        /// The version of the trusted one.
        trusted: u64,
    },
    /// The chain of roots does not end.
    #[error("the repository offers more than {limit} new roots at once")]
    TooManyRoots {
        /// How many are followed.
        limit: u64,
    },
    /// The root that was given and the one that was trusted before are of different repositories.
    #[error("the trusted root given is another than the root {version} that was trusted here before")]
    ForeignRoot {
        /// The version both have.
        version: u64,
    },
    /// Older than what was seen before.
    #[error("`{file}` went back: version {offered} is offered, {seen} was already seen")]
    RolledBack {
        /// Which metadata.
        file: String,
        /// The version offered.
        offered: u64,
        /// The highest that was accepted.
        seen: u64,
    },
    /// The same version with another content.
    #[error("`{file}` says something else than the same version {version} said before")]
    Equivocation {
        /// Which metadata.
        file: String,
        /// The version both have.
        version: u64,
    },
    /// A role vanished from the snapshot.
    #[error("`{file}` was in the snapshot and is not any more; a role does not vanish")]
    Dropped {
        /// The role's file.
        file: String,
    },
    /// A metadata file is not the one that the signed list names.
    #[error(
        "`{file}` is not the file that was signed for: its {what} is {actual}, the list says {listed}; states were mixed"
    )]
    Mixed {
        /// Its path in the repository.
        file: String,
        /// Which property.
        what: &'static str,
        /// What it is.
        actual: String,
        /// What it should be.
        listed: String,
    },
    /// Too old to be believed.
    #[error(
        "`{file}` expired on {on}; either nobody keeps the repository, or newer metadata is being kept from you"
    )]
    Expired {
        /// Its path in the repository.
        file: String,
        /// When.
        on: Timestamp,
    },
    /// A role lists what is not its to list.
    #[error("role `{role}` lists `{path}`, which it may not")]
    ForeignPath {
        /// Which role.
        role: String,
        /// What it lists.
        path: String,
    },
    /// A delegation is not of the one form that is taken.
    #[error("`targets` delegates to `{role}` in a way that is not taken: {why}")]
    BadDelegation {
        /// The role that it delegates to.
        role: String,
        /// What is wrong with it.
        why: &'static str,
    },
    /// A target is not the file that was signed.
    #[error("target `{path}` was altered: SHA-256 is {actual}, signed is {signed}")]
    Altered {
        /// The target.
        path: String,
        /// Of the bytes that came.
        actual: Digest,
        /// Of the bytes that were signed.
        signed: Digest,
    },
    /// A target is shorter than was signed.
    #[error("target `{path}` has {actual} bytes, signed are {signed}")]
    WrongLength {
        /// The target.
        path: String,
        /// How many bytes came.
        actual: u64,
        /// How many were signed.
        signed: u64,
    },
    /// The repository lists a component otherwise than its publisher's statement does.
    #[error("target `{path}` is listed otherwise than its signed statement says")]
    NotAsListed {
        /// The target.
        path: String,
    },
    /// The statement cannot be read.
    #[error("target `{path}`: {refusal}")]
    Statement {
        /// The target.
        path: String,
        /// What is wrong with it.
        refusal: Refusal,
    },
    /// Nobody by this name publishes here.
    #[error("nobody publishes as `{publisher}` in this repository")]
    NoSuchPublisher {
        /// The name.
        publisher: String,
    },
    /// The publisher has no such component.
    #[error("there is no component `{id}` in this repository")]
    NoSuchComponent {
        /// The name.
        id: ComponentName,
    },
    /// No version fits.
    #[error("no version of `{id}` fits `{wanted}`; there is: {}", or_nothing(.available))]
    NoSuchVersion {
        /// The component.
        id: ComponentName,
        /// What was asked for.
        wanted: String,
        /// What there is, highest first; withdrawn ones are left out.
        available: String,
    },
    /// Expired metadata was allowed without saying why.
    #[error("expired metadata can only be allowed for a stated reason")]
    NoReason,
    /// What was trusted before cannot be read or written.
    #[error("what was seen of the repository before cannot be kept: {0}")]
    State(#[from] StateError),
}

impl RepositoryError {
    /// A short open code for reports.
    pub fn code(&self) -> &'static str {
        match self {
            Self::Source(_) => "repository-unreadable",
            Self::Missing { .. } => "repository-file-missing",
            Self::TooLong { .. } => "repository-endless-data",
            Self::Malformed { .. } => "repository-malformed",
            Self::BelowThreshold { .. } => "repository-not-signed",
            Self::DuplicateSignature { .. } => "repository-duplicate-signature",
            Self::WrongKeyId { .. } => "repository-wrong-key-id",
            Self::RootOutOfOrder { .. } => "repository-root-out-of-order",
            Self::TooManyRoots { .. } => "repository-too-many-roots",
            Self::ForeignRoot { .. } => "repository-foreign-root",
            Self::RolledBack { .. } => "repository-rolled-back",
            Self::Equivocation { .. } => "repository-equivocation",
            Self::Dropped { .. } => "repository-role-dropped",
            Self::Mixed { .. } => "repository-mixed-states",
            Self::Expired { .. } => "repository-expired",
            Self::ForeignPath { .. } => "repository-foreign-path",
            Self::BadDelegation { .. } => "repository-bad-delegation",
            Self::Altered { .. } => "target-altered",
            Self::WrongLength { .. } => "target-wrong-length",
            Self::NotAsListed { .. } => "target-not-as-listed",
            Self::Statement { refusal, .. } => refusal.code(),
            Self::NoSuchPublisher { .. } => "no-such-publisher",
            Self::NoSuchComponent { .. } => "no-such-component",
            Self::NoSuchVersion { .. } => "no-such-version",
            Self::NoReason => "no-reason",
            Self::State(_) => "repository-no-state",
        }
    }

    /// Whether something was refused for safety's sake, as opposed to not being there or not being reachable.
    pub fn is_refusal(&self) -> bool {
        !matches!(
            self,
            Self::Source(_)
                | Self::NoSuchPublisher { .. }
                | Self::NoSuchComponent { .. }
                | Self::NoSuchVersion { .. }
                | Self::NoReason
        )
    }

    /// What the person at the terminal can do about it.
    pub fn advice(&self) -> &'static str {
        match self {
            Self::Source(_) => "check that the repository can be reached",
            Self::Missing { .. } | Self::Mixed { .. } | Self::WrongLength { .. } => {
                "the copy is incomplete or was changed while it was read; copy the whole repository again, or try again"
            }
            Self::Expired { .. } => {
                "check this machine's clock, then get fresh metadata; where none can come, allow expired metadata and say why"
            }
            Self::RolledBack { .. } | Self::Equivocation { .. } | Self::Dropped { .. } => {
                "an old or another copy is being served; use a current copy, and ask the repository's keepers if it stays so"
            }
            Self::ForeignRoot { .. } => {
                "make sure by another way which root is right; for a new repository use a new state folder"
            }
            Self::NoSuchPublisher { .. } | Self::NoSuchComponent { .. } => {
                "check the spelling: names must match exactly, and names that look alike are other names"
            }
            Self::NoSuchVersion { .. } => "ask for a version that is there",
            Self::NoReason => "say why, so that the report can say it",
            Self::State(_) => {
                "repair or delete that file; deleting it forgets what was seen, so an old repository could pass for the present one"
            }
            _ => "do not use this copy; get the repository from elsewhere, and tell its keepers",
        }
    }
}

fn or_nothing(text: &str) -> &str {
    if text.is_empty() { "nothing" } else { text }
}
