//! `bartizan bundle`

use std::path::PathBuf;

use clap::{Args as ClapArgs, Subcommand};

use super::Install;

#[derive(Debug, Subcommand)]
pub(crate) enum Bundle {
    /// Make a bundle of installed components or packages
    #[command(
        after_help = "Example:\n  bartizan bundle create acme/rules initech/rules --publisher acme --sequence 7 \\\n    \
        --expires 2027-06-30T00:00:00Z --key ~/keys/acme.pem\n\n\
        The same input makes the same file, byte for byte; the time it was made is in it only if --created says it."
    )]
    Create(BundleCreate),
    /// Show what a bundle claims to hold. Nothing is verified
    #[command(after_help = "Example:\n  bartizan bundle inspect acme-bundle-7.tar.gz")]
    Inspect {
        /// The bundle
        bundle: PathBuf,
    },
    /// Check a bundle: who signed it, every byte, its time, and that nothing older comes back
    #[command(after_help = "Example:\n  bartizan bundle verify acme-bundle-7.tar.gz")]
    Verify {
        /// The bundle
        bundle: PathBuf,
        /// Accept one that has expired, for this reason
        #[arg(long, value_name = "REASON")]
        allow_expired_bundle: Option<String>,
        /// Accept one that is older than what was installed
        #[arg(long)]
        allow_older_bundle: bool,
    },
    /// Install every component of a bundle. Needs no network
    #[command(
        after_help = "Example:\n  bartizan bundle install acme-bundle-7.tar.gz --grant memory=64MiB\n\n\
        A bundle is a file or an https URL. Its maker must be trusted (`bartizan trust add`). The keys of other publishers that it carries are shown, and count \
        only where --trust names the publisher. What it revokes is revoked here too."
    )]
    Install(BundleInstall),
}

#[derive(Debug, ClapArgs)]
pub(crate) struct BundleCreate {
    /// Installed components, "publisher/name", or package files
    #[arg(required = true, value_name = "NAME")]
    pub(crate) components: Vec<String>,
    /// Who makes it: the publisher's name that takers trust the key for
    #[arg(long, value_name = "NAME")]
    pub(crate) publisher: String,
    /// Grows with every bundle: whoever installed a later one refuses this one
    #[arg(long, value_name = "NUMBER")]
    pub(crate) sequence: u64,
    /// Not good after this time (RFC 3339)
    #[arg(long, value_name = "TIME")]
    pub(crate) expires: Option<String>,
    /// When it was made (RFC 3339); left out, nothing is said of it
    #[arg(long, value_name = "TIME")]
    pub(crate) created: Option<String>,
    /// The maker's private key, Ed25519 in PKCS#8 PEM
    #[arg(long, value_name = "FILE")]
    pub(crate) key: PathBuf,
    /// Where to write it [default: NAME-bundle-SEQUENCE.tar.gz]
    #[arg(short = 'o', long = "output", value_name = "FILE")]
    pub(crate) output: Option<PathBuf>,
}

#[derive(Clone, Debug, Default, ClapArgs)]
pub(crate) struct BundleInstall {
    #[command(flatten)]
    pub(crate) install: Install,
    /// Trust the keys that the bundle carries for this publisher; repeatable
    #[arg(long = "trust", value_name = "PUBLISHER")]
    pub(crate) trust: Vec<String>,
    /// Install a bundle that is older than the one that was installed
    #[arg(long)]
    pub(crate) allow_older_bundle: bool,
}
