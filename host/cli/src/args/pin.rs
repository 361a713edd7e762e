//! `pin`

use bartizan_model::Severity;
use clap::{Args as ClapArgs, Subcommand};

use super::{Consent, Reach, scan::severity};

#[derive(Debug, ClapArgs)]
pub(crate) struct Pin {
    #[command(subcommand)]
    pub(crate) action: Option<PinAction>,
    #[command(flatten)]
    pub(crate) what: PinWhat,
}

/// Which servers.
#[derive(Debug, ClapArgs)]
pub(crate) struct PinWhat {
    #[command(flatten)]
    pub(crate) reach: Reach,
    #[command(flatten)]
    pub(crate) consent: Consent,
    /// What the project calls it; its own name if it is left out
    #[arg(long, value_name = "NAME")]
    pub(crate) name: Option<String>,
}

#[derive(Debug, Subcommand)]
pub(crate) enum PinAction {
    /// Show what a server presents otherwise than it was approved to
    #[command(
        after_help = "Example:\n  bartizan pin diff -- node server.js\n\nExit code 1 if a change is at or over the threshold."
    )]
    Diff {
        #[command(flatten)]
        what: PinWhat,
        /// Exit with 1 if a change is of this severity or worse [default: high]
        #[arg(long, value_name = "SEVERITY", value_parser = severity)]
        fail_on: Option<Severity>,
    },
    /// Show what changed, and approve it
    #[command(after_help = "Example:\n  bartizan pin approve --yes -- node server.js")]
    Approve {
        #[command(flatten)]
        what: PinWhat,
    },
    /// List what is pinned
    #[command(after_help = "Example:\n  bartizan pin list")]
    List,
    /// Forget what a server was approved to present
    #[command(after_help = "Example:\n  bartizan pin remove shop")]
    Remove {
        /// Its name in bartizan.lock
        name: String,
    },
}
