//! Everything that can be wrong with a component, a key or a state file.

use std::path::PathBuf;

use bartizan_model::Digest;
use thiserror::Error;

use crate::{ComponentName, KeyId};

/// Why a component may not run. Each is a promise of the signature that was not kept.
#[derive(Clone, Debug, Error, PartialEq, Eq)]
#[non_exhaustive]
pub enum Refusal {
    /// There is no statement beside the component.
    #[error("it is not signed: no statement `{expected}` beside it")]
    Unsigned {
        /// The file that should be there.
        expected: String,
    },
    /// The envelope is not DSSE as we know it.
    #[error("its signed statement is malformed: {why}")]
    MalformedStatement {
        /// What is wrong with it.
        why: String,
    },
    /// The component is bigger than is looked at.
    #[error("it is {actual} bytes; at most {limit} are taken")]
    TooBig {
        /// Its size in bytes.
        actual: u64,
        /// The bound in bytes.
        limit: u64,
    },
    /// None of the signatures is by a key that is trusted for this publisher.
    #[error("it is signed by a stranger: no key that is trusted for publisher `{publisher}` signed it (signed by: {})", list(.signers))]
    UnknownSigner {
        /// The publisher the statement names.
        publisher: String,
        /// Key ids that the envelope names. A claim, not a fact.
        signers: Vec<String>,
    },
    /// A trusted key is named, but the signature does not verify.
    #[error("its signature by key {key} does not verify: the statement was altered after signing")]
    BadSignature {
        /// The key that is named.
        key: KeyId,
    },
    /// The key is trusted, for another publisher.
    #[error("key {key} may sign for publisher `{allowed}`, not for `{claimed}`")]
    ForeignName {
        /// The key that signed.
        key: KeyId,
        /// Whom it may sign for.
        allowed: String,
        /// Whom the statement is for.
        claimed: String,
    },
    /// The bytes are not those that were signed.
    #[error("its bytes were altered: SHA-256 is {actual}, the statement says {signed}")]
    Altered {
        /// Of the bytes that are there.
        actual: Digest,
        /// Of the bytes that were signed.
        signed: Digest,
    },
    /// Signed for a time that has not begun.
    #[error("it is not valid before {not_before}")]
    NotYetValid {
        /// RFC 3339.
        not_before: String,
    },
    /// Signed for a time that is over.
    #[error("it expired on {expired}")]
    Expired {
        /// RFC 3339.
        expired: String,
    },
    /// A newer one by the same key was seen on this machine.
    #[error(
        "it is older than what was seen before: sequence {offered}, but {seen} was already accepted from the same key"
    )]
    RolledBack {
        /// Of the component that is offered.
        offered: u64,
        /// The highest that was accepted.
        seen: u64,
    },
    /// Two different components with the same sequence.
    #[error("its sequence {sequence} was already used for other bytes (SHA-256 {seen})")]
    SequenceReused {
        /// The sequence both claim.
        sequence: u64,
        /// Digest of the first.
        seen: Digest,
    },
    /// The key that signed it was withdrawn.
    #[error("the key that signed it was revoked ({reason}): {key}")]
    RevokedKey {
        /// The key.
        key: KeyId,
        /// Why, as whoever revoked it said.
        reason: String,
    },
    /// This release was withdrawn.
    #[error("it was revoked ({reason}): {what}")]
    Revoked {
        /// The release or the bytes.
        what: String,
        /// Why, as whoever revoked it said.
        reason: String,
    },
    /// Its publisher uses another key by now, and it is not one that was installed before.
    #[error(
        "it is signed by key {key}, which `{publisher}` has replaced; only what was installed before still counts"
    )]
    RetiredKey {
        /// The key.
        key: KeyId,
        /// Whose it was.
        publisher: String,
    },
    /// It is not what was installed or pinned.
    #[error("it is not what was installed: SHA-256 is {actual}, installed was {pinned}")]
    NotAsPinned {
        /// Of the bytes that are there.
        actual: Digest,
        /// Of the bytes that were installed.
        pinned: Digest,
    },
    /// Only what is pinned may run, and it is not.
    #[error("`{component}` is not pinned in bartizan.lock, and with --locked nothing else may run")]
    NotPinned {
        /// The component.
        component: ComponentName,
    },
    /// It asks for more than was granted.
    #[error("`{component}` asks for the grant `{grant}`, which it was not given")]
    NotGranted {
        /// The component that asks.
        component: ComponentName,
        /// What it asks for.
        grant: String,
    },
    /// What is known about earlier sequences cannot be read, so a rollback could not be seen.
    #[error("earlier versions cannot be ruled out: {0}")]
    NoRatchet(String),
}

impl Refusal {
    /// A short open code for reports.
    pub fn code(&self) -> &'static str {
        match self {
            Self::Unsigned { .. } => "unsigned",
            Self::MalformedStatement { .. } => "malformed-statement",
            Self::TooBig { .. } => "too-big",
            Self::UnknownSigner { .. } => "unknown-signer",
            Self::BadSignature { .. } => "bad-signature",
            Self::ForeignName { .. } => "foreign-name",
            Self::Altered { .. } => "altered",
            Self::NotYetValid { .. } => "not-yet-valid",
            Self::Expired { .. } => "expired",
            Self::RolledBack { .. } => "rolled-back",
            Self::SequenceReused { .. } => "sequence-reused",
            Self::RevokedKey { .. } => "revoked-key",
            Self::Revoked { .. } => "revoked",
            Self::RetiredKey { .. } => "retired-key",
            Self::NotAsPinned { .. } => "not-as-pinned",
            Self::NotPinned { .. } => "not-pinned",
            Self::NotGranted { .. } => "not-granted",
            Self::NoRatchet(_) => "no-ratchet",
        }
    }

    /// What the person at the terminal can do about it.
    pub fn advice(&self) -> String {
        match self {
            Self::Unsigned { .. } => {
                "sign it (`bartizan plugins sign`), or ask its publisher for the file with the statement beside it".into()
            }
            Self::UnknownSigner { publisher, .. } => format!(
                "if you know this publisher, check their key by another way and run `bartizan trust add {publisher} KEY.pem`"
            ),
            Self::NotGranted { component, grant } if grant.contains('=') => format!(
                "if it may have it, install it with `--grant {grant}`, or raise `limits` under `[plugins.\"{component}\"]` in bartizan.toml"
            ),
            Self::NotGranted { component, grant } => format!(
                "if it may have it, install it with `--grant {grant}`, or set `grants = [\"{grant}\"]` under `[plugins.\"{component}\"]` in bartizan.toml"
            ),
            Self::RevokedKey { .. } => "get a release that its publisher signed with their new key".into(),
            Self::Revoked { .. } => "update it, or remove it (`bartizan plugins update`, `bartizan plugins remove`)".into(),
            Self::RetiredKey { .. } => "get the release that is signed with the publisher's present key".into(),
            Self::NotPinned { .. } => {
                "install it, which pins it, or take it out of the plugins folder".into()
            }
            Self::NotAsPinned { .. } => "install it again; somebody or something changed the file".into(),
            Self::NoRatchet(_) => {
                "repair or delete that file; deleting it forgets which versions were seen, so check each component's version".into()
            }
            Self::NotYetValid { .. } => "check this machine's clock".into(),
            Self::Expired { .. } => "check this machine's clock, or get the current version from its publisher".into(),
            Self::SequenceReused { .. } => "if you built it yourself, give it a new version; if not, do not use this file and \
                 get the component again from its publisher"
                .into(),
            _ => "get the component again from its publisher; do not use this file".into(),
        }
    }
}

fn list(signers: &[String]) -> String {
    if signers.is_empty() { "nobody".to_owned() } else { signers.join(", ") }
}

/// Why a key could not be read, made or used.
#[derive(Debug, Error)]
#[non_exhaustive]
pub enum KeyError {
    /// The file could not be read or written.
    #[error("cannot {doing} key file `{}`", path.display())]
    Io {
        /// "read" or "write".
        doing: &'static str,
        /// The file.
        path: PathBuf,
        /// What the system said.
        source: std::io::Error,
    },
    /// Not a key in the form we take.
    #[error("not an Ed25519 {expected}: {why}")]
    Malformed {
        /// The form that was expected.
        expected: &'static str,
        /// What is wrong with it.
        why: String,
    },
    /// Others can read the private key.
    #[error("private key file `{}` can be read by others (mode {mode:o}); make it 600", path.display())]
    Exposed {
        /// The file.
        path: PathBuf,
        /// Its permission bits.
        mode: u32,
    },
    /// The system's random source failed.
    #[error("the system's random source failed: {0}")]
    NoRandomness(String),
}

/// Why a file that holds state or trust could not be used.
#[derive(Debug, Error)]
#[non_exhaustive]
pub enum StateError {
    /// It could not be read or written.
    #[error("cannot {doing} `{}`: {source}", path.display())]
    Io {
        /// "read", "write" or "lock".
        doing: &'static str,
        /// The file.
        path: PathBuf,
        /// What the system said.
        source: std::io::Error,
    },
    /// It is not what it should be.
    #[error("`{}` is malformed: {why}", path.display())]
    Malformed {
        /// The file.
        path: PathBuf,
        /// What is wrong with it.
        why: String,
    },
}
