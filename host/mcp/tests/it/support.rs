//! Fixture servers and short ways to look at them.

use std::{
    collections::BTreeMap,
    io::{BufRead, BufReader},
    path::{Path, PathBuf},
    process::{Child, Command, Stdio},
    time::Duration,
};

use bartizan_mcp::{Error, HttpTransport, Listing, Options, Probes, Target, Url, list_blocking};
use bartizan_model::Observation;

pub(crate) fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../..").canonicalize().unwrap()
}

pub(crate) fn script(name: &str) -> String {
    root().join("tests/fixtures/servers").join(name).to_str().unwrap().to_owned()
}

/// A server of this crate's own tests.
pub(crate) fn own(name: &str) -> String {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/servers").join(name).to_str().unwrap().to_owned()
}

/// `pipe.py` with these flaws.
pub(crate) fn pipe(flaws: &[&str]) -> Target {
    stdio(&[&["python3", &own("pipe.py")], flaws].concat(), &[])
}

pub(crate) fn stdio(arguments: &[&str], env: &[(&str, &str)]) -> Target {
    Target::Stdio {
        command: arguments.iter().map(|s| (*s).to_owned()).collect(),
        env: env.iter().map(|(k, v)| ((*k).to_owned(), (*v).to_owned())).collect::<BTreeMap<_, _>>(),
        cwd: None,
    }
}

pub(crate) fn seconds(timeout: u64) -> Options {
    Options { timeout: Duration::from_secs(timeout), ..Options::default() }
}

/// Looks at a mode of `hostile.py`.
pub(crate) fn hostile(mode: &str, timeout: u64) -> Result<Listing, Error> {
    list_blocking(&stdio(&["python3", &script("hostile.py"), mode], &[]), &seconds(timeout))
}

pub(crate) fn names(listing: &Listing) -> Vec<&str> {
    listing.server.tools.iter().map(|tool| tool.name.as_str()).collect()
}

/// The details of the observations of this kind.
pub(crate) fn told<'a>(listing: &'a Listing, kind: &str) -> Vec<&'a serde_json::Value> {
    listing.server.observations.iter().filter(|o| o.kind == kind).map(|o| &o.detail).collect()
}

/// The options with these probes.
pub(crate) fn probing(names: &[&str]) -> Options {
    Options { probe: Probes::named(names).unwrap(), ..seconds(20) }
}

/// The detail of the observation of this probe.
pub(crate) fn probe<'a>(listing: &'a Listing, name: &str) -> &'a serde_json::Value {
    found(&listing.server.observations, name)
}

pub(crate) fn found<'a>(observations: &'a [Observation], name: &str) -> &'a serde_json::Value {
    let mut of_it = observations.iter().filter(|o| o.kind == "probe" && o.about == name);
    let one = of_it.next().unwrap_or_else(|| panic!("`{name}` is not told: {observations:?}"));
    assert!(of_it.next().is_none(), "`{name}` is told twice");
    &one.detail
}

/// What was not checked, as "method code".
pub(crate) fn missing(listing: &Listing) -> Vec<String> {
    listing.missing.iter().map(|m| format!("{} {}", m.what, m.code)).collect()
}

/// A fixture that serves HTTP, ended on drop.
pub(crate) struct Web {
    child: Child,
    pub(crate) url: Url,
    pub(crate) notes: tempfile::NamedTempFile,
}

impl Web {
    pub(crate) fn start(arguments: &[&str]) -> Self {
        let (file, rest) = arguments.split_first().unwrap();
        Self::run(&script(file), rest)
    }

    /// `web.py` with these flaws.
    pub(crate) fn with(flaws: &[&str]) -> Self {
        Self::run(&own("web.py"), flaws)
    }

    /// `sse.py` with these flaws.
    pub(crate) fn older(flaws: &[&str]) -> Self {
        Self::run(&own("sse.py"), flaws)
    }

    fn run(script: &str, arguments: &[&str]) -> Self {
        Self::run_with(Path::new("python3"), script, arguments)
    }

    pub(crate) fn run_with(python: &Path, script: &str, arguments: &[&str]) -> Self {
        let notes = tempfile::NamedTempFile::new().unwrap();
        let mut child = Command::new(python)
            .arg(script)
            .args(arguments)
            .env("FIXTURE_NOTES", notes.path())
            .stdout(Stdio::piped())
            .spawn()
            .unwrap();
        let mut line = String::new();
        BufReader::new(child.stdout.take().unwrap()).read_line(&mut line).unwrap();
        Self { child, url: line.trim().parse().unwrap(), notes }
    }

    pub(crate) fn target(&self, headers: &[(&str, &str)], transport: HttpTransport) -> Target {
        let headers = headers.iter().map(|(k, v)| ((*k).to_owned(), (*v).to_owned())).collect();
        Target::Http { url: self.url.clone(), headers, transport }
    }

    pub(crate) fn list(&self, timeout: u64) -> Result<Listing, Error> {
        list_blocking(&self.target(&[], HttpTransport::Auto), &seconds(timeout))
    }

    /// What it was sent.
    pub(crate) fn noted(&self) -> Vec<serde_json::Value> {
        let text = std::fs::read_to_string(self.notes.path()).unwrap();
        text.lines().map(|line| serde_json::from_str(line).unwrap()).collect()
    }
}

impl Drop for Web {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}
