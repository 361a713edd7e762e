//! `bartizan trust`

use std::path::PathBuf;

use clap::Subcommand;

#[derive(Debug, Subcommand)]
pub(crate) enum Trust {
    /// Trust a publisher's key
    #[command(after_help = "Example:\n  bartizan trust add acme acme.pem.pub")]
    Add {
        /// The publisher: the first half of the names the key may sign
        publisher: String,
        /// Their public key, Ed25519 in SPKI PEM
        key: PathBuf,
    },
    /// Put a publisher's new key in the place of an old one. What was installed under the old one still runs; nothing new comes in by it
    #[command(after_help = "Example:\n  bartizan trust rotate acme 3f2a9c51 acme-2027.pem.pub")]
    Rotate {
        /// The publisher
        publisher: String,
        /// The id of the old key, or its first 8 characters or more
        old: String,
        /// The new public key, Ed25519 in SPKI PEM
        new: PathBuf,
    },
    /// Withdraw a key, a release or certain bytes: from now on nothing under it loads, also if it is installed
    #[command(
        after_help = "Examples:\n  bartizan trust revoke 3f2a…(64 digits) --reason 'laptop stolen'\n  \
        bartizan trust revoke acme/rules@1.2.0 --reason 'misses what it should find'"
    )]
    Revoke {
        /// A key's id, publisher/name@VERSION, or sha256:DIGEST
        what: String,
        /// Why; shown wherever it is met
        #[arg(long)]
        reason: String,
    },
    /// Trust a repository, from this root on
    #[command(
        after_help = "Example:\n  bartizan trust repository acme https://plugins.example.com/ --root acme-root.json"
    )]
    Repository {
        /// What it is called here
        name: String,
        /// Its https URL, or its folder
        location: String,
        /// A root of it that came by a way you trust
        #[arg(long, value_name = "FILE")]
        root: PathBuf,
    },
    /// List the keys and repositories that are trusted, and what was revoked
    #[command(after_help = "Example:\n  bartizan trust list")]
    List,
}
