//! Everything that can go wrong with a registry.

use std::path::PathBuf;

use bartizan_archive::oci::OciError;
use bartizan_model::Digest;
use thiserror::Error;

use crate::FetchError;

/// Why a registry could not be pulled from or pushed to. No error holds a password or a token.
#[derive(Clone, Debug, Error, PartialEq, Eq)]
#[non_exhaustive]
pub enum RegistryError {
    /// A text that names nothing in a registry.
    #[error("`{text}` is not a reference (oci://HOST[:PORT]/REPOSITORY[:TAG][@sha256:DIGEST]): {why}")]
    BadReference {
        /// What was given.
        text: String,
        /// What is wrong with it.
        why: String,
    },
    /// A push that would have no name.
    #[error("`{reference}` has no tag to push to")]
    NeedsTag {
        /// What was given.
        reference: String,
    },
    /// There was no good answer.
    #[error(transparent)]
    Fetch(#[from] FetchError),
    /// Nothing of that name is there, or it is not for us to see.
    #[error("`{reference}` does not exist, or you may not see it")]
    NotFound {
        /// What was asked for.
        reference: String,
    },
    /// What is there is not what it should be.
    #[error("refused `{reference}`: {source}")]
    Content {
        /// What was asked for.
        reference: String,
        /// What is wrong with it.
        source: OciError,
    },
    /// The bytes are not those that were asked for.
    #[error("refused the manifest of `{reference}`: SHA-256 is {actual}, {expected_by} says {expected}")]
    Altered {
        /// What was asked for.
        reference: String,
        /// Of the bytes that arrived.
        actual: Digest,
        /// "the reference" or "the registry".
        expected_by: &'static str,
        /// As it should be.
        expected: String,
    },
    /// The registry wants to know who asks, and there is no login for it.
    #[error("registry `{registry}` asks for a login, and there is none for it")]
    LoginNeeded {
        /// The registry.
        registry: String,
    },
    /// The login is not good.
    #[error("registry `{registry}` refused the login of {user}")]
    LoginRefused {
        /// The registry.
        registry: String,
        /// Whose login it was: "user `name`", or "an identity token".
        user: String,
    },
    /// The login is good, and does not suffice.
    #[error("registry `{registry}` does not let you {doing}{}", after_colon(.said))]
    Denied {
        /// The registry.
        registry: String,
        /// "read `…`" or "write `…`".
        doing: String,
        /// What it said, made harmless for a message. May be empty.
        said: String,
    },
    /// The login would pass a network in the clear.
    #[error(
        "registry `{registry}` asks for a login over plain http (at `{to}`): on the way anybody could read it"
    )]
    LoginInClear {
        /// The registry.
        registry: String,
        /// Where it would go.
        to: String,
    },
    /// What it says about logging in is not understood, or leads astray.
    #[error("cannot log in at registry `{registry}`: {why}")]
    Challenge {
        /// The registry.
        registry: String,
        /// What is wrong with it.
        why: String,
    },
    /// The logins that `docker login` left cannot be read.
    #[error("cannot read a login for `{registry}` from `{}`: {why}", path.display())]
    DockerConfig {
        /// The registry.
        registry: String,
        /// The configuration file.
        path: PathBuf,
        /// What is wrong.
        why: String,
    },
    /// The registry did not do what it was asked to.
    #[error("registry `{registry}` would not {doing}: HTTP {status}{}", after_colon(.said))]
    Refused {
        /// The registry.
        registry: String,
        /// "take a blob", "list statements" …
        doing: &'static str,
        /// The status.
        status: u16,
        /// What it said, made harmless for a message. May be empty.
        said: String,
    },
    /// The list of statements is not one.
    #[error("the list of what refers to `{reference}` is malformed: {why}")]
    BadReferrers {
        /// What was asked for.
        reference: String,
        /// What is wrong with it.
        why: String,
    },
    /// Others wrote the list of statements each time we did.
    #[error(
        "the list of what refers to `{reference}` was rewritten by others each time the statement was entered"
    )]
    Overwritten {
        /// What was pushed.
        reference: String,
    },
}

impl RegistryError {
    /// A short open code for reports.
    pub fn code(&self) -> &'static str {
        match self {
            Self::BadReference { .. } => "bad-reference",
            Self::NeedsTag { .. } => "no-tag",
            Self::Fetch(error) => error.code(),
            Self::NotFound { .. } => "not-found",
            Self::Content { source, .. } => source.code(),
            Self::Altered { .. } => "altered",
            Self::LoginNeeded { .. } => "login-needed",
            Self::LoginRefused { .. } => "login-refused",
            Self::Denied { .. } => "denied",
            Self::LoginInClear { .. } => "login-in-clear",
            Self::Challenge { .. } => "bad-challenge",
            Self::DockerConfig { .. } => "docker-config",
            Self::Refused { .. } => "registry-refused",
            Self::BadReferrers { .. } => "bad-referrers",
            Self::Overwritten { .. } => "overwritten",
        }
    }

    /// What the person at the terminal can do about it.
    pub fn advice(&self) -> String {
        match self {
            Self::BadReference { .. } => {
                "write the registry's host in full, as in oci://ghcr.io/acme/rules:1.2.0".into()
            }
            Self::NeedsTag { .. } => "add `:` and a tag, by custom the version".into(),
            Self::Fetch(error) => error.advice(),
            Self::NotFound { .. } => {
                "check the name and the tag; if it is private, run `docker login` for the registry".into()
            }
            Self::Content { source, .. } => source.advice(),
            Self::Altered { .. } => "do not use it; ask its publisher which digest is the right one".into(),
            Self::LoginNeeded { registry } | Self::LoginRefused { registry, .. } => {
                format!(
                    "run `docker login {registry}` (or what takes its place: podman, oras), and try again"
                )
            }
            Self::Denied { .. } => "ask whoever runs the registry for the right to do so".into(),
            Self::LoginInClear { .. } => "have the registry offer https".into(),
            Self::Challenge { .. } | Self::Refused { .. } | Self::BadReferrers { .. } => {
                "check the name; if it is right, ask whoever runs the registry".into()
            }
            Self::DockerConfig { .. } => "repair that file, or log in again with `docker login`".into(),
            Self::Overwritten { .. } => "push again when nobody else does".into(),
        }
    }
}

fn after_colon(said: &str) -> String {
    if said.is_empty() { String::new() } else { format!(": {said}") }
}
