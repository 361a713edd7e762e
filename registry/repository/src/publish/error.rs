//! Everything that can stand in the way of a change to a repository.

use std::path::PathBuf;

use bartizan_registry::{ComponentName, Refusal, StateError};
use semver::Version;
use thiserror::Error;

use crate::RepositoryError;

/// Why a change was not made. Nothing was written, unless applying it fails.
#[derive(Debug, Error)]
#[non_exhaustive]
pub enum PublishError {
    /// The repository as it is, or as it would become, does not hold.
    #[error(transparent)]
    Repository(#[from] RepositoryError),
    /// A file could not be written. The repository stays readable; opening it and repeating the change completes it.
    #[error("the change is incomplete: {0}")]
    Write(StateError),
    /// There is a repository already.
    #[error("there is a repository in `{}` already", .0.display())]
    Exists(PathBuf),
    /// Somebody else is changing it.
    #[error("another publisher is at work in `{}`", .0.display())]
    Busy(PathBuf),
    /// The change was prepared for another state.
    #[error("the repository changed since this change was prepared")]
    Stale,
    /// A name that no publisher may have.
    #[error(
        "nobody can publish as `{0}`: it is not a publisher's name, or the name of a file of the repository itself"
    )]
    BadPublisher(String),
    /// More signatures are asked for than there are keys, or none.
    #[error("role `{role}` cannot have a threshold of {threshold} with {keys} different keys")]
    BadThreshold {
        /// The role.
        role: String,
        /// The threshold.
        threshold: u32,
        /// How many keys there are.
        keys: usize,
    },
    /// A component that is another publisher's.
    #[error("`{id}` is not a component of publisher `{publisher}`")]
    ForeignComponent {
        /// The component.
        id: ComponentName,
        /// Who wanted to publish it.
        publisher: String,
    },
    /// The statement and the component do not hold together.
    #[error("`{id}` {version} is refused: {refusal}")]
    Refused {
        /// The component.
        id: ComponentName,
        /// Its version.
        version: Version,
        /// Why.
        refusal: Refusal,
    },
    /// The statement cannot be read.
    #[error("a component's statement cannot be read: {0}")]
    Unreadable(Refusal),
    /// A version does not change.
    #[error("`{id}` {version} is already published, with other content")]
    VersionExists {
        /// The component.
        id: ComponentName,
        /// The version.
        version: Version,
    },
    /// Who has the newest one would refuse it.
    #[error(
        "`{id}` {version} has sequence {sequence}, but {highest} is already published; whoever has that would refuse this"
    )]
    SequenceTooLow {
        /// The component.
        id: ComponentName,
        /// Its version.
        version: Version,
        /// Its sequence.
        sequence: u64,
        /// The highest that is published.
        highest: u64,
    },
    /// A text that is too long, or would not stay on its line.
    #[error("a {what} is one line of 1 to {limit} characters, none of them a control character")]
    BadText {
        /// What the text is.
        what: &'static str,
        /// The bound in characters.
        limit: usize,
    },
    /// A version number is used up.
    #[error("`{0}` has no higher version; replace the keys of its role")]
    VersionsExhausted(String),
}

impl PublishError {
    /// A short open code for reports.
    pub fn code(&self) -> &'static str {
        match self {
            Self::Repository(error) => error.code(),
            Self::Write(_) => "change-incomplete",
            Self::Exists(_) => "repository-exists",
            Self::Busy(_) => "repository-busy",
            Self::Stale => "change-stale",
            Self::BadPublisher(_) => "bad-publisher",
            Self::BadThreshold { .. } => "bad-threshold",
            Self::ForeignComponent { .. } => "foreign-name",
            Self::Refused { refusal, .. } | Self::Unreadable(refusal) => refusal.code(),
            Self::VersionExists { .. } => "version-exists",
            Self::SequenceTooLow { .. } => "sequence-too-low",
            Self::BadText { .. } => "bad-text",
            Self::VersionsExhausted(_) => "versions-exhausted",
        }
    }

    /// What the person at the terminal can do about it.
    pub fn advice(&self) -> String {
        match self {
            Self::Repository(RepositoryError::BelowThreshold { role, .. }) => {
                format!("give enough keys of role `{role}`")
            }
            Self::Repository(error) => error.advice().to_owned(),
            Self::Write(_) => "make room or repair the folder, then open the repository and make the same change again".to_owned(),
            Self::Exists(_) => "choose another folder".to_owned(),
            Self::Busy(_) | Self::Stale => "try again".to_owned(),
            Self::BadPublisher(_) => "choose another name: lower-case letters, digits and inner hyphens".to_owned(),
            Self::BadThreshold { .. } => "give a threshold from 1 to the number of keys".to_owned(),
            Self::ForeignComponent { .. } => "let its own publisher publish it".to_owned(),
            Self::Refused { refusal, .. } | Self::Unreadable(refusal) => refusal.advice(),
            Self::VersionExists { .. } => "give it a new version and sign it again".to_owned(),
            Self::SequenceTooLow { .. } => "sign it with a higher sequence".to_owned(),
            Self::BadText { .. } => "shorten it".to_owned(),
            Self::VersionsExhausted(_) => {
                "somebody signed the highest version there is: rotate the keys of timestamp, snapshot and that role".to_owned()
            }
        }
    }
}
