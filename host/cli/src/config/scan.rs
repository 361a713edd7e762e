//! `[scan]`

use std::{
    path::{Path, PathBuf},
    time::Duration,
};

use bartizan_model::{Confidence, Severity};
use toml::{Table, Value};

use super::{Wrong, as_bool, as_choice, as_severity, as_str, as_strings, as_time, each, home_expanded};
use crate::args::{self, Profile, Reach, SandboxLevel, Transport};

/// `[scan]`: what `bartizan scan` does unless it is told otherwise.
#[derive(Clone, Debug, Default)]
pub(crate) struct ScanDefaults {
    pub(crate) format: Option<String>,
    pub(crate) fail_on: Option<Severity>,
    pub(crate) timeout: Option<Duration>,
    pub(crate) rules: Vec<String>,
    pub(crate) exclude: Vec<String>,
    pub(crate) plugins: Vec<String>,
    pub(crate) no_plugins: bool,
    pub(crate) headers: Vec<String>,
    pub(crate) transport: Option<Transport>,
    pub(crate) env: Vec<String>,
    pub(crate) cwd: Option<PathBuf>,
    pub(crate) probe: Vec<String>,
    pub(crate) profile: Option<Profile>,
    pub(crate) min_severity: Option<Severity>,
    pub(crate) min_confidence: Option<Confidence>,
    pub(crate) baseline: Option<PathBuf>,
    pub(crate) no_cache: bool,
    pub(crate) sandbox: Option<SandboxLevel>,
    pub(crate) allow_network: bool,
    pub(crate) readable: Vec<PathBuf>,
    pub(crate) writable: Vec<PathBuf>,
}

impl ScanDefaults {
    /// What is open here and was not before.
    pub(super) fn opened_since(&self, before: &Self) -> Option<String> {
        let off = self.sandbox == Some(SandboxLevel::Off) && before.sandbox != self.sandbox;
        let opened = [
            (off, "it is off"),
            (self.allow_network && !before.allow_network, "the network is allowed"),
            (self.readable != before.readable, "more can be read"),
            (self.writable != before.writable, "folders can be written to"),
        ];
        let opened: Vec<&str> = opened.into_iter().filter(|(is, _)| *is).map(|(_, what)| what).collect();
        (!opened.is_empty()).then(|| opened.join(", "))
    }

    /// Fills in what the command line leaves open.
    pub(crate) fn fill(&self, reach: &mut Reach) {
        if reach.headers.is_empty() {
            reach.headers.clone_from(&self.headers);
        }
        if reach.env.is_empty() {
            reach.env.clone_from(&self.env);
        }
        reach.transport = reach.transport.or(self.transport);
        let confine = &mut reach.confine;
        confine.sandbox = confine.sandbox.or(self.sandbox);
        confine.allow_network |= self.allow_network;
        if confine.readable.is_empty() {
            confine.readable.clone_from(&self.readable);
        }
        if confine.writable.is_empty() {
            confine.writable.clone_from(&self.writable);
        }
        reach.cwd = reach.cwd.take().or_else(|| self.cwd.clone());
    }

    pub(super) fn add(&mut self, table: &Table, folder: &Path) -> Result<(), Wrong> {
        const KEYS: &[&str] = &[
            "format",
            "fail-on",
            "timeout",
            "rules",
            "exclude",
            "plugins",
            "no-plugins",
            "header",
            "transport",
            "env",
            "cwd",
            "probe",
            "profile",
            "min-severity",
            "min-confidence",
            "baseline",
            "no-cache",
            "sandbox",
            "allow-network",
            "read",
            "write",
        ];
        let paths = |value: &Value, place: &str| -> Result<Vec<PathBuf>, Wrong> {
            Ok(as_strings(value, place)?.iter().map(|path| folder.join(home_expanded(path))).collect())
        };
        each(table, "scan", KEYS, |key, value| {
            let place = &format!("scan.{key}");
            match key {
                "format" => self.format = Some(as_str(value, place)?.to_owned()),
                "fail-on" => self.fail_on = Some(as_severity(value, place)?),
                "probe" => self.probe = as_strings(value, place)?,
                "profile" => self.profile = Some(as_choice(value, place)?),
                "min-severity" => self.min_severity = Some(as_severity(value, place)?),
                "min-confidence" => {
                    self.min_confidence = Some(
                        args::confidence(as_str(value, place)?)
                            .map_err(|error| Wrong::at(place, error, "write one of low, medium, high"))?,
                    );
                }
                "baseline" => self.baseline = Some(folder.join(home_expanded(as_str(value, place)?))),
                "no-cache" => self.no_cache = as_bool(value, place)?,
                "sandbox" => self.sandbox = Some(as_choice(value, place)?),
                "allow-network" => self.allow_network = as_bool(value, place)?,
                "read" => self.readable = paths(value, place)?,
                "write" => self.writable = paths(value, place)?,
                "timeout" => self.timeout = Some(as_time(value, place)?),
                "rules" => self.rules = as_strings(value, place)?,
                "exclude" => self.exclude = as_strings(value, place)?,
                "plugins" => self.plugins = as_strings(value, place)?,
                "no-plugins" => self.no_plugins = as_bool(value, place)?,
                "header" => self.headers = as_strings(value, place)?,
                "transport" => self.transport = Some(as_choice(value, place)?),
                "env" => self.env = as_strings(value, place)?,
                _ => self.cwd = Some(folder.join(home_expanded(as_str(value, place)?))),
            }
            Ok(())
        })
    }
}
