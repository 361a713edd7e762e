//! A command line and its surroundings, taken apart once for all rules.

mod container;
mod observed;
mod options;
mod runner;
mod shell;
mod spec;
mod unpack;

use bartizan_sdk::prelude::*;

pub(crate) use self::{
    container::Container,
    observed::Variable,
    shell::{Joint, Step},
    spec::{Ecosystem, Package, Pin, Source},
};

/// Launches of one server that are looked at: the same server stands in the configuration of many clients.
const MAX_LAUNCHES: usize = 16;
/// Words of one command line that are read.
const MAX_WORDS: usize = 1_000;
/// Bytes of one word that are read.
const MAX_WORD: usize = 16 * 1024;

/// One way the server is started.
#[derive(Clone, Debug, Default)]
pub(crate) struct Launch {
    /// What is run, wrappers and shells taken off, in order.
    pub(crate) steps: Vec<Step>,
    /// Texts handed to an interpreter as a program: `sh -c`, `python -c`, `powershell -Command`.
    pub(crate) programs: Vec<String>,
    /// Where the code comes from, for each step that says so.
    pub(crate) sources: Vec<Source>,
    /// Containers that are started.
    pub(crate) containers: Vec<Container>,
    /// The word that makes it run with the rights of an administrator.
    pub(crate) raised: Option<String>,
    /// What the host saw around it.
    pub(crate) around: observed::Around,
}

impl Launch {
    /// Every way this server is started that is known: its own command, and what configurations say.
    pub(crate) fn all_of(server: &Server) -> Vec<Self> {
        let seen = observed::launches(server, MAX_LAUNCHES);
        let own = &server.transport.command;
        let mut launches: Vec<Self> = Vec::new();
        if seen.is_empty() {
            if !own.is_empty() {
                launches.push(Self::of(own, observed::Around::default()));
            }
            return launches;
        }
        for (index, (words, around)) in seen.into_iter().enumerate() {
            // The observation's arguments have secrets taken out; the command that was run is the better text.
            let words = if (index == 0 && !own.is_empty()) || words.is_empty() { own.clone() } else { words };
            launches.push(Self::of(&words, around));
        }
        launches
    }

    fn of(words: &[String], around: observed::Around) -> Self {
        let words: Vec<String> = words.iter().take(MAX_WORDS).map(|word| head(word)).collect();
        let mut unpacked = unpack::Unpacked::default();
        unpacked.command(words, Joint::Start, 0);
        let mut launch = Self {
            steps: unpacked.steps,
            programs: unpacked.programs,
            raised: unpacked.raised,
            around,
            ..Self::default()
        };
        launch.around.env.extend(unpacked.env);
        for step in &launch.steps {
            launch.sources.extend(runner::sources(step));
            launch.containers.extend(container::of(step));
        }
        launch
    }

    /// The packages from a registry.
    pub(crate) fn packages(&self) -> impl Iterator<Item = &Package> {
        self.sources.iter().filter_map(|source| match source {
            Source::Registry(package) => Some(package),
            Source::Remote { .. } => None,
        })
    }
}

fn head(word: &str) -> String {
    let mut end = word.len().min(MAX_WORD);
    while !word.is_char_boundary(end) {
        end = end.saturating_sub(1);
    }
    word.get(..end).unwrap_or_default().to_owned()
}

/// The name of a program: its path and what Windows puts after it taken off.
pub(crate) fn program(word: &str) -> String {
    let base = word.rsplit(['/', '\\']).next().unwrap_or_default().to_ascii_lowercase();
    for ending in [".exe", ".cmd", ".bat", ".ps1"] {
        if let Some(bare) = base.strip_suffix(ending) {
            return bare.to_owned();
        }
    }
    base
}

/// The package that a path into `node_modules` leads to.
fn is_node_modules(word: &str) -> Option<String> {
    let (_, inside) = word.rsplit_once("node_modules")?;
    let mut parts = inside.split(['/', '\\']).filter(|part| !part.is_empty());
    let first = parts.next().filter(|first| !first.starts_with('.'))?;
    if first.starts_with('@') {
        return Some(format!("{first}/{}", parts.next()?));
    }
    // The package's folder alone is no program in it.
    parts.next().map(|_| first.to_owned())
}

/// Whether the path lies in a folder for what is thrown away.
pub(crate) fn is_temporary(word: &str) -> bool {
    let word = word.replace('\\', "/").to_ascii_lowercase();
    ["/tmp/", "/var/tmp/", "/dev/shm/", "%temp%/", "%tmp%/", "$env:temp/"]
        .iter()
        .any(|start| word.starts_with(start))
        || word.contains("/appdata/local/temp/")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_program_is_known_by_its_last_part() {
        for word in ["npx", "/usr/bin/npx", r"C:\Program Files\nodejs\npx.cmd", "NPX.CMD"] {
            assert_eq!(program(word), "npx");
        }
    }
}
