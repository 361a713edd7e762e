//! The sandbox that servers are started in.

use std::{
    ffi::OsString,
    fs,
    path::{Path, PathBuf},
};

use bartizan_mcp::{Launcher, Target};
use bartizan_model::{Digest, Notice, Observation};
use bartizan_sandbox::{Level, Network, Policy, Prepared};

use crate::{
    args::{Confine, SANDBOX, SandboxLevel},
    exit::Failure,
};

/// How servers of this run are confined.
#[derive(Clone, Debug)]
pub(crate) struct Confinement {
    policy: Policy,
    launcher: bartizan_sandbox::Launcher,
    /// Where what package managers download is kept, a folder a server.
    packages: Option<PathBuf>,
}

/// What was learnt of a sandbox: what rules and reports may know, what the user should, and why it did not start the server.
pub(crate) type Enforcement = (Option<Observation>, Vec<Notice>, Option<String>);

impl Confinement {
    /// As the user asked. `cache` is the folder of what may be lost.
    pub(crate) fn new(asked: &Confine, cache: Option<&Path>) -> Result<Self, Failure> {
        let level = match asked.sandbox.unwrap_or(SandboxLevel::Default) {
            SandboxLevel::Off => Level::Off,
            SandboxLevel::Default => Level::Default,
            SandboxLevel::Strict => Level::Strict,
        };
        let whole = |path: &PathBuf| {
            fs::canonicalize(path).map_err(|error| {
                Failure::usage(format!("cannot find `{}`: {error}", path.display()), "check the path")
            })
        };
        let mut policy = Policy::new(level);
        if asked.allow_network {
            policy = policy.network(Network::Allowed);
        }
        policy.readable = asked.readable.iter().map(whole).collect::<Result<_, _>>()?;
        policy.writable = asked.writable.iter().map(whole).collect::<Result<_, _>>()?;
        let launcher = bartizan_sandbox::Launcher::this_program([SANDBOX])
            .map_err(|error| Failure::usage(&error, error.advice()))?;
        // What cannot be meant is said once, and not of each server.
        policy
            .prepare(&launcher, &[OsString::from("true")], None)
            .map_err(|error| Failure::usage(&error, error.advice()))?;
        Ok(Self { policy, launcher, packages: cache.map(|cache| cache.join("packages")) })
    }

    /// Makes ready to start this server; nothing for one that is not started here. The error is a code and a sentence.
    pub(crate) fn confine(
        &self,
        target: &Target,
        server: &str,
    ) -> Result<Option<Confined>, (&'static str, String)> {
        let Target::Stdio { command, cwd, .. } = target else { return Ok(None) };
        if self.policy.level == Level::Off {
            return Ok(None);
        }
        let mut policy = self.policy.clone();
        if let (Some(packages), Level::Default, true) = (&self.packages, policy.level, downloads(command)) {
            // One server's folder is not another's: what the one leaves there, the other would run.
            let own = packages.join(Digest::of(command.join("\0").as_bytes()).to_string());
            if fs::create_dir_all(&own).is_ok() {
                let was_filled = fs::read_dir(&own).is_ok_and(|mut entries| entries.next().is_some());
                policy = policy.cache_in(&own);
                if was_filled && policy.network == Network::Denied {
                    // Without these they ask their registry first, and wait for it.
                    for (name, value) in [("npm_config_offline", "true"), ("UV_OFFLINE", "1")] {
                        policy.env.insert(name.to_owned(), value.to_owned());
                    }
                }
            }
        }
        let words: Vec<OsString> = command.iter().map(OsString::from).collect();
        let prepared = policy.prepare(&self.launcher, &words, cwd.as_deref()).map_err(|error| {
            (error.code(), format!("`{server}` cannot be confined: {error}; {}", error.advice()))
        })?;
        let offline = policy.network == Network::Denied;
        Ok(Some(Confined { prepared, words: words.len(), offline }))
    }
}

/// Whether it is started by a program that fetches it first.
fn downloads(command: &[String]) -> bool {
    let program = command.first().map(Path::new).and_then(Path::file_stem).and_then(|name| name.to_str());
    program.is_some_and(|name| {
        ["npx", "npm", "pnpm", "yarn", "bunx", "bun", "uvx", "uv", "pipx", "deno"].contains(&name)
    })
}

/// A server that is ready to be started in its sandbox. Kept for as long as it runs.
#[derive(Debug)]
pub(crate) struct Confined {
    prepared: Prepared,
    /// How many words the server's own command has.
    words: usize,
    offline: bool,
}

impl Confined {
    /// What goes before the server's command.
    pub(crate) fn launcher(&self) -> Option<Launcher> {
        let all = self.prepared.argv();
        let prefix = all.get(..all.len().saturating_sub(self.words))?;
        (!prefix.is_empty()).then(|| Launcher::new(prefix))
    }

    /// Whether the server could reach nothing.
    pub(crate) fn is_without_network(&self) -> bool {
        self.offline
    }

    /// What was enforced, as far as the server came.
    pub(crate) fn report(&self, server: &str) -> Enforcement {
        let Ok(Some(enforced)) = self.prepared.report() else { return (None, Vec::new(), None) };
        let gaps = enforced.breaches().map(|(promise, outcome)| Notice {
            code: "not-enforced".to_owned(),
            what: format!("{} in the sandbox of `{}`", promise.code(), bartizan_model::printable(server)),
            why: outcome.to_string(),
        });
        let notices = gaps.collect();
        let detail = serde_json::to_value(&enforced).unwrap_or_default();
        let observation = Observation { kind: "sandbox".to_owned(), about: String::new(), detail };
        (Some(observation), notices, enforced.refused)
    }
}
