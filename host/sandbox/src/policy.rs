//! What a server may do: the policy under which it is started.

use std::{
    collections::BTreeMap,
    path::{Path, PathBuf},
};

use serde::{Deserialize, Serialize};

/// How much is asked of the sandbox.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Level {
    /// No sandbox: the server is started as it is.
    Off,
    /// What this machine can enforce is enforced, the rest is said. Real servers work.
    #[default]
    Default,
    /// Nothing of the home, only the system's programs and libraries, small limits. Does not start
    /// a server if a promise cannot be kept.
    Strict,
}

/// What a server reaches of the network. Hosts cannot be told apart: it is all or nothing.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Network {
    /// Nothing.
    #[default]
    Denied,
    /// A loopback device of its own, on which it can only talk to itself.
    Loopback,
    /// Everything this machine reaches, also what listens on this machine's loopback device.
    Allowed,
}

/// Where a server keeps its own files.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Home {
    /// An empty folder in place of the real home, gone with the server.
    #[default]
    Throwaway,
    /// A folder that stays. The real home is hidden all the same.
    Named(PathBuf),
}

/// How much a server may use.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub struct Limits {
    /// Memory: in total where there is a cgroup, else of each process.
    pub memory_bytes: u64,
    /// Processor time of each process.
    pub cpu_seconds: u64,
    /// Processes and threads, all together.
    pub processes: u64,
    /// Open files of each process.
    pub open_files: u64,
    /// The size of one file that is written.
    pub file_bytes: u64,
    /// Everything written to the throw-away home and the temporary folders together. It is kept in memory, as far as it is used.
    pub scratch_bytes: u64,
}

/// What a server may do. Start with [`Policy::new`], name folders, then call [`prepare`](Self::prepare).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub struct Policy {
    /// How much is asked.
    pub level: Level,
    /// What it reaches of the network.
    pub network: Network,
    /// Where it keeps its files.
    pub home: Home,
    /// Files and folders it may read though they are in a hidden place, such as a project in the home.
    pub readable: Vec<PathBuf>,
    /// Folders it may write.
    pub writable: Vec<PathBuf>,
    /// Files and folders it must not see, beyond those that are always hidden.
    pub hidden: Vec<PathBuf>,
    /// Environment variables that are set over those the launcher is started with.
    pub env: BTreeMap<String, String>,
    /// How much it may use.
    pub limits: Limits,
}

const MIB: u64 = 1024 * 1024;

impl Limits {
    /// All the memory it can hold on to, its throw-away folders included, for they are in memory too.
    #[cfg(target_os = "linux")]
    pub(crate) fn memory_in_all(&self) -> u64 {
        self.memory_bytes.saturating_add(self.scratch_bytes)
    }
}

impl Policy {
    /// The policy of a level: no network, a throw-away home, no named folders.
    pub fn new(level: Level) -> Self {
        let limits = match level {
            Level::Off | Level::Default => Limits {
                memory_bytes: 2048 * MIB,
                cpu_seconds: 300,
                processes: 256,
                open_files: 1024,
                file_bytes: 256 * MIB,
                // Some servers install half a gigabyte of packages, with as much in the cache.
                scratch_bytes: 2048 * MIB,
            },
            Level::Strict => Limits {
                memory_bytes: 512 * MIB,
                cpu_seconds: 60,
                processes: 96,
                open_files: 256,
                file_bytes: 32 * MIB,
                scratch_bytes: 64 * MIB,
            },
        };
        Self {
            level,
            network: Network::Denied,
            home: Home::Throwaway,
            readable: Vec::new(),
            writable: Vec::new(),
            hidden: Vec::new(),
            env: BTreeMap::new(),
            limits,
        }
    }

    /// Sets what it reaches of the network.
    #[must_use]
    pub fn network(mut self, network: Network) -> Self {
        self.network = network;
        self
    }

    /// Lets package managers (npm, pip, uv) keep what they download in this folder, which must exist.
    ///
    /// Give each server a folder of its own: what one writes there, the next that gets it would run.
    #[must_use]
    pub fn cache_in(mut self, folder: &Path) -> Self {
        self.writable.push(folder.to_owned());
        for (name, below) in [
            ("npm_config_cache", "npm"),
            ("UV_CACHE_DIR", "uv"),
            ("PIP_CACHE_DIR", "pip"),
            ("DENO_DIR", "deno"),
        ] {
            self.env.insert(name.to_owned(), folder.join(below).to_string_lossy().into_owned());
        }
        self
    }
}
