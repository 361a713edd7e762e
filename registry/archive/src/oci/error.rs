//! What can be wrong with OCI content.

use bartizan_model::Digest;
use thiserror::Error;

/// Why something is not a component or a statement as OCI content.
#[derive(Clone, Debug, Error, PartialEq, Eq)]
#[non_exhaustive]
pub enum OciError {
    /// A document is not what it should be.
    #[error("the {what} is malformed: {why}")]
    Malformed {
        /// "manifest", "index", "configuration" …
        what: &'static str,
        /// What is wrong with it.
        why: String,
    },
    /// A document or a blob is longer than is looked at.
    #[error("the {what} is {actual} bytes long; at most {limit} are taken")]
    TooBig {
        /// "manifest", "component" …
        what: &'static str,
        /// Its length in bytes.
        actual: u64,
        /// The bound in bytes.
        limit: u64,
    },
    /// It is some other kind of content.
    #[error("the {what} has media type `{actual}`, and not `{expected}`")]
    WrongType {
        /// "configuration", "layer" …
        what: &'static str,
        /// As it stands there, made harmless for a message.
        actual: String,
        /// As it should be.
        expected: &'static str,
    },
    /// Something has one part, and this has another number.
    #[error("the manifest has {actual} layers, and not one")]
    Layers {
        /// How many there are.
        actual: usize,
    },
    /// The bytes are not those that the descriptor names.
    #[error("the {what} was altered: SHA-256 is {actual}, its descriptor says {expected}")]
    Altered {
        /// "configuration", "component" …
        what: &'static str,
        /// Of the bytes that are there.
        actual: Digest,
        /// As it should be.
        expected: Digest,
    },
    /// The bytes are more or fewer than the descriptor says.
    #[error("the {what} is {actual} bytes long, its descriptor says {expected}")]
    WrongSize {
        /// "configuration", "component" …
        what: &'static str,
        /// Of the bytes that are there.
        actual: u64,
        /// As it should be.
        expected: u64,
    },
    /// The statement is about something else.
    #[error("the statement's manifest is about {actual}, and not about the component's manifest {expected}")]
    WrongSubject {
        /// The manifest that it names.
        actual: String,
        /// The component's manifest.
        expected: Digest,
    },
    /// Somebody put a statement of one component beside another's bytes.
    #[error(
        "the statement is about other bytes: SHA-256 of the component is {component}, the statement says {stated}"
    )]
    MixedUp {
        /// Of the component.
        component: Digest,
        /// As the statement has it.
        stated: Digest,
    },
    /// The content is no component.
    #[error("it is not a WebAssembly component: {why}")]
    NotAComponent {
        /// What it is instead, or where it breaks.
        why: String,
    },
    /// The statement beside the component is no statement.
    #[error("its statement cannot be read: {0}")]
    Statement(bartizan_registry::Refusal),
}

impl OciError {
    /// A short open code for reports.
    pub fn code(&self) -> &'static str {
        match self {
            Self::Malformed { .. } => "malformed-oci",
            Self::TooBig { .. } => "too-big",
            Self::WrongType { .. } | Self::Layers { .. } => "not-an-artifact",
            Self::Altered { .. } | Self::WrongSize { .. } => "altered",
            Self::WrongSubject { .. } | Self::MixedUp { .. } => "mixed-up",
            Self::NotAComponent { .. } => "not-a-component",
            Self::Statement(refusal) => refusal.code(),
        }
    }

    /// What the person at the terminal can do about it.
    pub fn advice(&self) -> String {
        match self {
            Self::WrongType { .. } | Self::Layers { .. } => {
                "check the name: this is an artifact, but none that holds a WebAssembly component".into()
            }
            Self::NotAComponent { .. } => {
                "build it as a component (`wasm-tools component new` turns a core module into one)".into()
            }
            Self::Statement(refusal) => refusal.advice(),
            _ => "get it again from its publisher; do not use this one".into(),
        }
    }
}
