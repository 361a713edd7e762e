//! Components that are not there to be asked, and why.

use bartizan_kernel::{CallFailure, LoadError, LoadReason};
use bartizan_model::NotChecked;
use bartizan_registry::{PackageError, StateError};
use thiserror::Error;

/// A component that was to be loaded and was not.
#[derive(Debug, Error)]
#[error("{cause}")]
pub struct Problem {
    /// Its name if it is known for certain, else its file.
    pub component: String,
    /// What happened.
    pub cause: ProblemCause,
}

/// What kept a component from being loaded.
#[derive(Debug, Error)]
#[non_exhaustive]
pub enum ProblemCause {
    /// It could not be read, or a signed promise was not kept.
    #[error(transparent)]
    Package(PackageError),
    /// It was verified and could not be loaded.
    #[error(transparent)]
    Load(LoadError),
    /// It did not take the configuration it was given.
    #[error(transparent)]
    Configure(CallFailure),
    /// What is installed cannot be known.
    #[error(transparent)]
    Store(StateError),
    /// It is not what the project pins.
    #[error("bartizan.lock is not kept: {0}")]
    NotLocked(String),
    /// It claims what another component has.
    #[error(
        "component `{component}` claims {what}, which `{owner}` already has; neither may speak for the other"
    )]
    Clash {
        /// The one that came second and was not loaded.
        component: String,
        /// "rule `X`", "format `x`" or its own name.
        what: String,
        /// The one that was there first.
        owner: String,
    },
}

impl Problem {
    /// Whether this is a refusal (exit code 4) and not a failure (exit code 3).
    pub fn is_refusal(&self) -> bool {
        match &self.cause {
            ProblemCause::Package(PackageError::Refused { .. })
            | ProblemCause::Store(_)
            | ProblemCause::NotLocked(_) => true,
            ProblemCause::Load(error) => {
                matches!(error.reason, LoadReason::NotAsSigned { .. } | LoadReason::ForbiddenImport { .. })
            }
            ProblemCause::Package(_) | ProblemCause::Configure(_) | ProblemCause::Clash { .. } => false,
        }
    }

    /// What the person at the terminal can do about it.
    pub fn advice(&self) -> String {
        match &self.cause {
            ProblemCause::Package(error) => error.advice(),
            ProblemCause::Load(error) => match &error.reason {
                LoadReason::UnknownContract { .. } => {
                    "update bartizan or get a matching version of the component".to_owned()
                }
                LoadReason::NotAsSigned { .. } => {
                    "get the component again from its publisher; do not use this file".to_owned()
                }
                _ => "tell its publisher; until then leave it out of the plugins folder".to_owned(),
            },
            ProblemCause::Store(_) => "repair the file, or move it away and install again".to_owned(),
            ProblemCause::NotLocked(_) => {
                "`bartizan plugins install --locked` installs exactly what is pinned".to_owned()
            }
            ProblemCause::Configure(_) => "correct its `config` in bartizan.toml".to_owned(),
            ProblemCause::Clash { .. } => "remove one of the two (`bartizan plugins remove`)".to_owned(),
        }
    }

    /// As a report tells it.
    pub fn not_checked(&self) -> NotChecked {
        let code = match &self.cause {
            ProblemCause::Package(error) => error.code(),
            ProblemCause::Load(error) => error.reason.code(),
            ProblemCause::Configure(failure) => failure.kind.code(),
            ProblemCause::Store(_) => "unreadable",
            ProblemCause::NotLocked(_) => "not-locked",
            ProblemCause::Clash { .. } => "clash",
        };
        NotChecked {
            what: "whatever this component would have checked".to_owned(),
            component: Some(self.component.clone()),
            code: code.to_owned(),
            why: self.cause.to_string(),
        }
    }
}
