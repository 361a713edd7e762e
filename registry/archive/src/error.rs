//! Everything that can be wrong with a package or a bundle.

use bartizan_model::Digest;
use thiserror::Error;

use crate::{container::ContainerError, oci::OciError, sshsig::SshSigError};

/// Why a package or a bundle was refused. Nothing of it was used.
#[derive(Clone, Debug, Error, PartialEq, Eq)]
#[non_exhaustive]
pub enum Refusal {
    /// The file is not one of ours, was damaged, or is made to do harm.
    #[error(transparent)]
    Container(#[from] ContainerError),
    /// A component or a statement in it is not what it should be.
    #[error("in `{at}`: {error}")]
    Oci {
        /// The member, or the component's name.
        at: String,
        /// What is wrong with it.
        error: OciError,
    },
    /// It has no OCI layout, or one that is not ours to read.
    #[error("its OCI layout is not as expected: {why}")]
    Layout {
        /// What is wrong with it.
        why: String,
    },
    /// A component has no statement.
    #[error("`{component}` has no signed statement in it")]
    NoStatement {
        /// What it goes by.
        component: String,
    },
    /// A component goes by another name than the one in its statement.
    #[error("what it lists as `{listed}` is signed as `{signed}`")]
    NotAsNamed {
        /// Name and version in the list.
        listed: String,
        /// Name and version in the statement.
        signed: String,
    },
    /// A blob that no manifest points at.
    #[error("`{member}` belongs to no component in it")]
    Stray {
        /// Which one.
        member: String,
    },
    /// There is another number of components than should be.
    #[error("a package has one component; this has {actual}")]
    NotOne {
        /// How many there are.
        actual: usize,
    },
    /// One component is there twice.
    #[error("`{component}` is there twice")]
    Twice {
        /// Name and version.
        component: String,
    },

    /// The list of digests is not one.
    #[error("`SHA256SUMS` is malformed: {why}")]
    MalformedSums {
        /// What is wrong with it.
        why: String,
    },
    /// A member is not in the signed list.
    #[error("`{member}` is not in the signed list: it was put in later")]
    NotListed {
        /// Which one.
        member: String,
    },
    /// A member is in the signed list, and not there.
    #[error("`{member}` is in the signed list and missing: it was taken out")]
    TakenOut {
        /// Which one.
        member: String,
    },
    /// The bytes of a member are not those that were signed.
    #[error("`{member}` was altered: SHA-256 is {actual}, the signed list says {signed}")]
    Altered {
        /// Which one.
        member: String,
        /// Of the bytes that are there.
        actual: Digest,
        /// Of the bytes that were signed.
        signed: Digest,
    },
    /// The signature is no signature over a bundle.
    #[error("`SHA256SUMS.sig`: {0}")]
    Signature(#[from] SshSigError),
    /// The key that signed is not trusted for anybody.
    #[error("it is signed by a stranger: key {key} is not trusted (it says it is by `{claimed}`)")]
    UnknownSigner {
        /// Id of the key that the signature names.
        key: String,
        /// Who it says it is by. A claim, not a fact.
        claimed: String,
    },
    /// The key is trusted, for another publisher.
    #[error("key {key} may sign for publisher `{allowed}`, not for `{claimed}`")]
    ForeignName {
        /// Id of the key that signed.
        key: String,
        /// Whom it may sign for.
        allowed: String,
        /// Whom the bundle says it is by.
        claimed: String,
    },
    /// The key that signed was withdrawn.
    #[error("the key that signed it was revoked ({reason}): {key}")]
    RevokedKey {
        /// Id of the key.
        key: String,
        /// Why, as whoever revoked it said.
        reason: String,
    },
    /// Its maker uses another key by now.
    #[error("it is signed by key {key}, which `{publisher}` has replaced")]
    RetiredKey {
        /// Id of the key that signed.
        key: String,
        /// Whose key it was.
        publisher: String,
    },
    /// Its description is not one.
    #[error("`bundle.json` is malformed: {why}")]
    MalformedDescription {
        /// What is wrong with it.
        why: String,
    },
    /// Its description lists other components than are there.
    #[error("`bundle.json` and what is there differ: {why}")]
    NotAsDescribed {
        /// How.
        why: String,
    },
    /// A key in it is not the one that its name says, or none at all.
    #[error("`{member}` is not a key under its own id: {why}")]
    BadKey {
        /// Which one.
        member: String,
        /// What is wrong with it.
        why: String,
    },
    /// It was made later than now.
    #[error("it was made on {created}, which is still to come by this machine's clock")]
    FromTheFuture {
        /// RFC 3339.
        created: String,
    },
    /// Signed for a time that is over.
    #[error("it expired on {expired}")]
    Expired {
        /// RFC 3339.
        expired: String,
    },
}

impl Refusal {
    /// A short open code for reports.
    pub fn code(&self) -> &'static str {
        match self {
            Self::Container(error) => error.code(),
            Self::Oci { error, .. } => error.code(),
            Self::Layout { .. } => "malformed-layout",
            Self::NoStatement { .. } => "unsigned",
            Self::NotAsNamed { .. } => "not-as-named",
            Self::Stray { .. } => "stray-blob",
            Self::NotOne { .. } => "not-one-component",
            Self::Twice { .. } => "duplicate",
            Self::MalformedSums { .. } => "malformed-sums",
            Self::NotListed { .. } => "extra-member",
            Self::TakenOut { .. } => "missing-member",
            Self::Altered { .. } => "altered",
            Self::Signature(error) => error.code(),
            Self::UnknownSigner { .. } => "unknown-signer",
            Self::ForeignName { .. } => "foreign-name",
            Self::RevokedKey { .. } => "revoked-key",
            Self::RetiredKey { .. } => "retired-key",
            Self::MalformedDescription { .. } => "malformed-description",
            Self::NotAsDescribed { .. } => "not-as-described",
            Self::BadKey { .. } => "bad-key",
            Self::FromTheFuture { .. } => "not-yet-valid",
            Self::Expired { .. } => "expired",
        }
    }

    /// What the person at the terminal can do about it.
    pub fn advice(&self) -> String {
        match self {
            Self::Container(error) => error.advice(),
            Self::Oci { error, .. } => error.advice(),
            Self::Signature(error) => error.advice(),
            Self::UnknownSigner { claimed, .. } => format!(
                "if you know this publisher, check their key by another way and run `bartizan trust add {claimed} KEY.pem`"
            ),
            Self::RevokedKey { .. } | Self::RetiredKey { .. } => {
                "get the bundle that its maker signed with their present key".into()
            }
            Self::NoStatement { .. } => "ask its publisher for a signed one (`bartizan plugins sign`)".into(),
            Self::Twice { .. } => "put each version of a component in once".into(),
            Self::FromTheFuture { .. } => "check this machine's clock".into(),
            Self::Expired { .. } => {
                "check this machine's clock, or get the current bundle; where that cannot be had, \
                 `--allow-expired-bundle=REASON` takes it and puts the reason on record"
                    .into()
            }
            _ => "do not use this file; get it again from its publisher".into(),
        }
    }
}
