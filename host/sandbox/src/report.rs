//! What was enforced for one server, promise by promise, and what was not and why.

use std::{collections::BTreeMap, fmt};

use serde::{Deserialize, Serialize};

use crate::Level;

/// What the sandbox promises of a server.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
#[non_exhaustive]
pub enum Promise {
    /// It reaches nothing over the network, nor the sockets of local services.
    Network,
    /// It writes only to its own home, temporary folders and the folders that were named.
    Writes,
    /// It does not read homes, secrets of the system or what was hidden from it.
    Reads,
    /// It neither sees, signals nor inspects processes that it did not start.
    OtherProcesses,
    /// Nothing that it started is left when it ends.
    Orphans,
    /// Nothing that it runs gains privileges.
    Privileges,
    /// System calls that only serve to break out or to attack the kernel are refused.
    SystemCalls,
    /// Its memory is bounded.
    Memory,
    /// Its processor time is bounded.
    CpuTime,
    /// The number of its processes and threads is bounded.
    ProcessCount,
    /// The number of its open files is bounded.
    OpenFiles,
    /// The size of a file it writes is bounded.
    FileSize,
    /// All that it writes to its own folders is bounded.
    ScratchSize,
}

impl Promise {
    /// All of them, in the order in which they are told.
    pub const ALL: [Self; 13] = [
        Self::Network,
        Self::Writes,
        Self::Reads,
        Self::OtherProcesses,
        Self::Orphans,
        Self::Privileges,
        Self::SystemCalls,
        Self::Memory,
        Self::CpuTime,
        Self::ProcessCount,
        Self::OpenFiles,
        Self::FileSize,
        Self::ScratchSize,
    ];

    /// A short open code for reports, as in their JSON.
    pub fn code(self) -> &'static str {
        match self {
            Self::Network => "network",
            Self::Writes => "writes",
            Self::Reads => "reads",
            Self::OtherProcesses => "other-processes",
            Self::Orphans => "orphans",
            Self::Privileges => "privileges",
            Self::SystemCalls => "system-calls",
            Self::Memory => "memory",
            Self::CpuTime => "cpu-time",
            Self::ProcessCount => "process-count",
            Self::OpenFiles => "open-files",
            Self::FileSize => "file-size",
            Self::ScratchSize => "scratch-size",
        }
    }

    /// Those that bound how much is used, rather than what is reached. `strict` takes them partly kept.
    pub fn is_limit(self) -> bool {
        matches!(
            self,
            Self::Memory
                | Self::CpuTime
                | Self::ProcessCount
                | Self::OpenFiles
                | Self::FileSize
                | Self::ScratchSize
        )
    }
}

/// Whether a promise is kept.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "outcome", rename_all = "kebab-case")]
#[non_exhaustive]
pub enum Outcome {
    /// Kept.
    Enforced {
        /// By what; each of these suffices, or they do so together.
        by: Vec<String>,
    },
    /// Kept but for a gap.
    Partly {
        /// By what.
        by: Vec<String>,
        /// What it leaves open.
        gap: String,
    },
    /// Not kept on this machine.
    NotEnforced {
        /// What the machine refused or lacks.
        why: String,
    },
    /// The policy does not ask for it.
    NotAsked {
        /// What in the policy says so.
        why: String,
    },
}

impl fmt::Display for Outcome {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Enforced { by } => write!(f, "enforced by {}", by.join(", ")),
            Self::Partly { by, gap } => write!(f, "partly enforced by {}; {gap}", by.join(", ")),
            Self::NotEnforced { why } => write!(f, "NOT enforced: {why}"),
            Self::NotAsked { why } => write!(f, "not asked for: {why}"),
        }
    }
}

/// What was enforced for one server. Written by the launcher right before the server starts.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub struct Enforced {
    /// The level that was asked for.
    pub level: Level,
    /// Every promise and whether it is kept.
    pub promises: BTreeMap<Promise, Outcome>,
    /// What else a reader should know, such as a folder that could not be shown.
    pub notes: Vec<String>,
    /// Why the server was not started, if it was not.
    pub refused: Option<String>,
}

impl Enforced {
    /// Nothing is enforced, for one reason.
    pub fn nothing(level: Level, why: &str) -> Self {
        let outcome = if level == Level::Off {
            Outcome::NotAsked { why: why.to_owned() }
        } else {
            Outcome::NotEnforced { why: why.to_owned() }
        };
        let promises = Promise::ALL.into_iter().map(|promise| (promise, outcome.clone())).collect();
        Self { level, promises, notes: Vec::new(), refused: None }
    }

    /// The promises that are not wholly kept though they were asked for.
    pub fn gaps(&self) -> impl Iterator<Item = (Promise, &Outcome)> {
        self.promises
            .iter()
            .filter(|(_, outcome)| matches!(outcome, Outcome::Partly { .. } | Outcome::NotEnforced { .. }))
            .map(|(promise, outcome)| (*promise, outcome))
    }

    /// The gaps that `strict` does not accept.
    pub fn breaches(&self) -> impl Iterator<Item = (Promise, &Outcome)> {
        self.gaps()
            .filter(|(promise, outcome)| !(promise.is_limit() && matches!(outcome, Outcome::Partly { .. })))
    }
}

impl fmt::Display for Enforced {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (promise, outcome) in &self.promises {
            writeln!(f, "{}: {outcome}", promise.code())?;
        }
        for note in &self.notes {
            writeln!(f, "note: {note}")?;
        }
        if let Some(why) = &self.refused {
            writeln!(f, "refused: {why}")?;
        }
        Ok(())
    }
}

/// How a server came to its end, as the launcher saw it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "end", rename_all = "kebab-case")]
#[non_exhaustive]
pub enum End {
    /// The program could not be started at all.
    NotStarted {
        /// What the system said.
        why: String,
        /// There is no such program, or it cannot be seen from within the sandbox.
        not_found: bool,
    },
    /// It exited.
    Exited {
        /// With this status.
        code: i32,
    },
    /// It was killed.
    Killed {
        /// By this signal.
        signal: i32,
    },
}
