//! `bartizan repository`

use std::path::PathBuf;

use clap::{Args as ClapArgs, Subcommand, ValueEnum};

#[derive(Debug, Subcommand)]
pub(crate) enum Repository {
    /// Make a repository
    #[command(
        after_help = "Example:\n  bartizan repository init ./repository --root-key root1.pem --root-key root2.pem --threshold 2 --key online.pem"
    )]
    Init {
        /// Its folder
        folder: PathBuf,
        /// A private root key; repeatable. Best kept offline
        #[arg(long = "root-key", value_name = "FILE", required = true)]
        root_keys: Vec<PathBuf>,
        /// How many root keys must sign a change of keys
        #[arg(long, default_value_t = 1)]
        threshold: u32,
        /// A private key for targets, snapshot and timestamp; repeatable
        #[arg(long = "key", value_name = "FILE", required = true)]
        keys: Vec<PathBuf>,
    },
    /// Let a publisher publish components of its name, and no others; or replace its keys
    #[command(
        after_help = "Example:\n  bartizan repository delegate ./repository acme acme.pem.pub --key online.pem"
    )]
    Delegate {
        /// The repository's folder
        folder: PathBuf,
        /// The publisher
        publisher: String,
        /// Its public keys
        #[arg(required = true, value_name = "PUBLIC-KEY")]
        publics: Vec<PathBuf>,
        /// How many of them must sign
        #[arg(long, default_value_t = 1)]
        threshold: u32,
        #[command(flatten)]
        by: SignedBy,
    },
    /// Offer a release to nobody any more; who has it keeps it
    #[command(
        after_help = "Example:\n  bartizan repository yank ./repository acme/rules@1.2.0 --reason 'slow' --key acme.pem --key online.pem"
    )]
    Yank {
        /// The repository's folder
        folder: PathBuf,
        /// publisher/name@VERSION
        release: String,
        /// Why
        #[arg(long)]
        reason: String,
        #[command(flatten)]
        by: SignedBy,
    },
    /// Withdraw a key, a release or certain bytes, for everybody who reads the repository
    #[command(
        after_help = "Example:\n  bartizan repository revoke ./repository acme/rules@1.2.0 --reason 'finds nothing' --key online.pem"
    )]
    Revoke {
        /// The repository's folder
        folder: PathBuf,
        /// A key's id, publisher/name@VERSION, or sha256:DIGEST
        what: String,
        /// Why
        #[arg(long)]
        reason: String,
        #[command(flatten)]
        by: SignedBy,
    },
    /// Sign a publisher's list anew: before it expires, or after its keys were replaced
    #[command(
        after_help = "Example:\n  bartizan repository resign ./repository acme --key acme.pem --key online.pem"
    )]
    Resign {
        /// The repository's folder
        folder: PathBuf,
        /// The publisher
        publisher: String,
        #[command(flatten)]
        by: SignedBy,
    },
    /// Sign timestamp, snapshot and targets anew, before they expire
    #[command(after_help = "Example:\n  bartizan repository refresh ./repository --key online.pem")]
    Refresh {
        /// The repository's folder
        folder: PathBuf,
        #[command(flatten)]
        by: SignedBy,
    },
    /// Give a role other keys. Give the private halves of the old ones too
    #[command(
        after_help = "Example:\n  bartizan repository rotate ./repository timestamp new.pem.pub --key new.pem --key online.pem --key root1.pem --key root2.pem"
    )]
    Rotate {
        /// The repository's folder
        folder: PathBuf,
        /// Which role
        role: Role,
        /// Its public keys from now on
        #[arg(required = true, value_name = "PUBLIC-KEY")]
        publics: Vec<PathBuf>,
        /// How many of them must sign
        #[arg(long, default_value_t = 1)]
        threshold: u32,
        #[command(flatten)]
        by: SignedBy,
    },
}

/// A top-level role of a repository.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum Role {
    Root,
    Targets,
    Snapshot,
    Timestamp,
}

/// Whose keys sign a change, and what the repository is trusted from.
#[derive(Debug, ClapArgs)]
pub(crate) struct SignedBy {
    /// A private key that signs; repeatable
    #[arg(long = "key", value_name = "FILE", required = true)]
    pub(crate) keys: Vec<PathBuf>,
    /// The root from which the repository is trusted [default: the one it was made with here]
    #[arg(long, value_name = "FILE")]
    pub(crate) root: Option<PathBuf>,
}
