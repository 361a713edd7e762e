//! Everything that can be wrong with a policy, and what can go wrong before a server is confined.

use std::path::PathBuf;

use thiserror::Error;

/// Why a server could not be started in the sandbox.
#[derive(Debug, Error)]
#[non_exhaustive]
pub enum Error {
    /// There is nothing to start.
    #[error("there is no command to start in the sandbox")]
    NoCommand,
    /// A path of the policy is not absolute, so it would mean another place to another process.
    #[error("`{}` is named {role} but is not an absolute path", path.display())]
    Relative {
        /// What it is named as: "readable", "writable", "hidden" or "home".
        role: &'static str,
        /// The path.
        path: PathBuf,
    },
    /// A path of the policy does not exist or cannot be looked at.
    #[error("`{}` is named {role} but cannot be used: {source}", path.display())]
    Unusable {
        /// What it is named as.
        role: &'static str,
        /// The path.
        path: PathBuf,
        /// What the system said.
        source: std::io::Error,
    },
    /// A folder of the policy would give away what the sandbox is there to keep.
    #[error("`{}` cannot be {role}: it holds {holds}", path.display())]
    Exposes {
        /// What it is named as.
        role: &'static str,
        /// The path.
        path: PathBuf,
        /// What it holds: "the whole system", "the home".
        holds: &'static str,
    },
    /// A limit under which nothing can start.
    #[error("the limit `{limit}` is {value}; at least {least} is needed to start anything")]
    TooSmall {
        /// Its name in the policy.
        limit: &'static str,
        /// What was asked.
        value: u64,
        /// The least that is taken.
        least: u64,
    },
    /// The policy holds a name or value that no environment can have.
    #[error("the environment variable `{name}` cannot be set: {why}")]
    Environment {
        /// Its name.
        name: String,
        /// What is wrong with it.
        why: &'static str,
    },
    /// This system has none of the mechanisms.
    #[error("the strict sandbox needs Linux; this system can enforce none of its promises")]
    Unsupported,
    /// A file of the sandbox's own could not be read or written.
    #[error("cannot {doing} `{}`: {source}", path.display())]
    Io {
        /// "read", "write", "create" or "run".
        doing: &'static str,
        /// The file.
        path: PathBuf,
        /// What the system said.
        source: std::io::Error,
    },
    /// What one part of the sandbox wrote for another is not what it should be.
    #[error("`{}` is malformed: {why}", path.display())]
    Malformed {
        /// The file.
        path: PathBuf,
        /// What is wrong with it.
        why: String,
    },
    /// A step failed after which neither going on nor going back is possible.
    #[error("cannot {step}: {why}")]
    Step {
        /// What was tried.
        step: &'static str,
        /// What the system said.
        why: String,
    },
    /// `strict` was asked for and a promise cannot be kept.
    #[error("the strict sandbox refuses to start the server: {0}")]
    Refused(String),
    /// The launcher ended without a word about what it enforced.
    #[error("the launcher ended without a report: {0}")]
    NoReport(String),
}

impl Error {
    /// A short open code for reports.
    pub fn code(&self) -> &'static str {
        match self {
            Self::NoCommand => "no-command",
            Self::Relative { .. } => "relative-path",
            Self::Unusable { .. } => "unusable-path",
            Self::Exposes { .. } => "exposing-path",
            Self::TooSmall { .. } => "limit-too-small",
            Self::Environment { .. } => "bad-environment",
            Self::Unsupported => "unsupported-system",
            Self::Io { .. } => "sandbox-io",
            Self::Malformed { .. } => "sandbox-malformed",
            Self::Step { .. } => "sandbox-step",
            Self::Refused(_) => "sandbox-refused",
            Self::NoReport(_) => "sandbox-no-report",
        }
    }

    /// What the person at the terminal can do about it.
    pub fn advice(&self) -> &'static str {
        match self {
            Self::NoCommand => "give the command that starts the server",
            Self::Relative { .. } => "write the whole path, from the root",
            Self::Unusable { .. } => "create it, or take it out of the policy",
            Self::Exposes { .. } => "name the one folder inside it that the server needs",
            Self::TooSmall { .. } => "raise the limit",
            Self::Environment { .. } => "rename the variable, or take it out of the policy",
            Self::Unsupported => {
                "use `--sandbox default`, which says what is not enforced, or start the server in a container or a Linux machine"
            }
            Self::Io { .. } => "check that the temporary folder exists, can be written and has room",
            Self::Malformed { .. } | Self::NoReport(_) => {
                "run it again; if it happens again, report it with what the server's standard error says"
            }
            Self::Step { .. } => {
                "start it as another user or outside this container, or use `--sandbox off` in a machine that you can lose"
            }
            Self::Refused(_) => {
                "use `--sandbox default` if the named gap is acceptable, or a machine whose kernel allows user namespaces"
            }
        }
    }
}
