//! `bartizan.toml` of the project and `config.toml` of the user. The project's wins, key by key; the command line wins over both.

mod file;
mod scan;
mod suppress;

use std::{
    collections::BTreeMap,
    fs, io,
    path::{Path, PathBuf},
    time::Duration,
};

use bartizan_kernel::Limits;
use bartizan_model::Severity;
use bartizan_registry::{ComponentName, Grant};
use bartizan_scan::{GlobMatcher, PluginSettings, Suppression};
use toml::{Table, Value};

use self::scan::ScanDefaults;
use crate::{
    args::{self, When},
    exit::{Failure, warn},
    paths::Paths,
};

/// The keys and tables of a file.
const TOP: &[&str] = &["plugins", "scan", "rules", "suppress", "color", "quiet", "no-progress"];

/// What the files say, with defaults for what they do not say.
#[derive(Clone, Debug, Default)]
pub(crate) struct Config {
    /// `[plugins] enabled`: whether components of folders are loaded at all.
    pub(crate) plugins_disabled: bool,
    /// `[plugins] locked`: as `--locked`.
    pub(crate) locked: bool,
    /// `[plugins] paths`, each made absolute by the file it stands in.
    pub(crate) plugin_folders: Vec<PathBuf>,
    /// `[plugins.limits]`
    pub(crate) limits: Limits,
    /// `[plugins."publisher/name"]`
    pub(crate) plugins: BTreeMap<String, PluginSettings>,
    /// `[scan]`
    pub(crate) scan: ScanDefaults,
    /// `[[suppress]]`
    pub(crate) suppressions: Vec<Suppression>,
    /// `[rules."GLOB"] severity`, the later ones winning
    pub(crate) severities: Vec<(GlobMatcher, Severity)>,
    /// `[rules."GLOB"] enabled = false`
    pub(crate) rules_off: Vec<String>,
    /// `color`, `quiet`, `no-progress`
    pub(crate) color: Option<When>,
    pub(crate) quiet: bool,
    pub(crate) no_progress: bool,
}

impl Config {
    /// Reads the user's file, then the project's or the one that was asked for by name.
    pub(crate) fn read(asked: Option<&Path>, paths: Option<&Paths>) -> Result<Self, Failure> {
        let mut config = Self::default();
        if let Some(paths) = paths {
            config.add_file(&paths.config.join("config.toml"), false)?;
        }
        let users = config.scan.clone();
        config.add_file(asked.unwrap_or(Path::new("bartizan.toml")), asked.is_some())?;
        // A folder may come from anybody; what it opens is said before anything starts.
        if let (None, Some(what)) = (asked, config.scan.opened_since(&users)) {
            warn(
                format!("the bartizan.toml of this folder opens the sandbox of started servers: {what}"),
                "look at it if the folder is not yours; --sandbox default on the command line wins over it",
            );
        }
        Ok(config)
    }

    fn add_file(&mut self, path: &Path, must_exist: bool) -> Result<(), Failure> {
        let text = match fs::read_to_string(path) {
            Ok(text) => text,
            Err(error) if error.kind() == io::ErrorKind::NotFound && !must_exist => return Ok(()),
            Err(error) => {
                return Err(Failure::usage(
                    format!("cannot read configuration `{}`: {error}", path.display()),
                    "check the path and its permissions",
                ));
            }
        };
        self.add(&text, path).map_err(|Wrong { what, advice }| {
            Failure::usage(format!("configuration `{}`: {what}", path.display()), advice)
        })
    }

    /// Takes over what the text of this file says. Relative paths in it start at its folder.
    fn add(&mut self, text: &str, file: &Path) -> Result<(), Wrong> {
        let folder = file.parent().unwrap_or(Path::new("."));
        let table: Table = text.parse().map_err(|error: toml::de::Error| Wrong {
            what: error.to_string().trim().to_owned(),
            advice: "correct the line it names".to_owned(),
        })?;
        each(&table, "", TOP, |key, value| {
            match key {
                "plugins" => self.add_plugins(as_table(value, "plugins")?, folder)?,
                "scan" => self.scan.add(as_table(value, "scan")?, folder)?,
                "rules" => self.add_rules(as_table(value, "rules")?)?,
                "suppress" => self.suppressions.extend(suppress::read(value, file)?),
                "color" => self.color = Some(as_choice(value, "color")?),
                "quiet" => self.quiet = as_bool(value, "quiet")?,
                _ => self.no_progress = as_bool(value, "no-progress")?,
            }
            Ok(())
        })
    }

    fn add_rules(&mut self, table: &Table) -> Result<(), Wrong> {
        for (glob, value) in table {
            let place = format!("rules.\"{glob}\"");
            let rule = bartizan_scan::matcher(glob).map_err(|error| {
                Wrong::at(&place, error.to_string(), "write a rule's id, or a glob over ids")
            })?;
            each(as_table(value, &place)?, &place, &["enabled", "severity"], |key, value| {
                if key == "severity" {
                    self.severities.push((rule.clone(), as_severity(value, &place)?));
                } else if as_bool(value, &place)? {
                    self.rules_off.retain(|off| off != glob);
                } else {
                    self.rules_off.push(glob.clone());
                }
                Ok(())
            })?;
        }
        Ok(())
    }

    fn add_plugins(&mut self, table: &Table, folder: &Path) -> Result<(), Wrong> {
        let own: Table =
            table.iter().filter(|(key, _)| !key.contains('/')).map(|(k, v)| (k.clone(), v.clone())).collect();
        each(&own, "plugins", &["enabled", "locked", "paths", "limits"], |key, value| {
            match key {
                "enabled" => self.plugins_disabled = !as_bool(value, "plugins.enabled")?,
                "locked" => self.locked = as_bool(value, "plugins.locked")?,
                "paths" => {
                    self.plugin_folders = as_strings(value, "plugins.paths")?
                        .iter()
                        .map(|path| folder.join(home_expanded(path)))
                        .collect();
                }
                _ => self.limits = limits(as_table(value, "plugins.limits")?, "plugins.limits", self.limits)?,
            }
            Ok(())
        })?;
        // After the limits for all, which a component's own start from.
        for (key, value) in table {
            // A component's name has a slash in it, and no key of ours does.
            if key.contains('/') {
                key.parse::<ComponentName>()
                    .map_err(|error| Wrong::at("plugins", error.to_string(), "write \"publisher/name\""))?;
                let place = format!("plugins.\"{key}\"");
                let settings = plugin(as_table(value, &place)?, &place, folder, self.limits)?;
                self.plugins.insert(key.clone(), settings);
            }
        }
        Ok(())
    }
}

fn plugin(table: &Table, place: &str, folder: &Path, overall: Limits) -> Result<PluginSettings, Wrong> {
    let mut settings = PluginSettings::default();
    each(table, place, &["enabled", "grants", "config", "limits"], |key, value| {
        match key {
            "enabled" => settings.enabled = as_bool(value, place)?,
            "grants" => {
                settings.grants = as_strings(value, place)?
                    .iter()
                    .map(|grant| grant.parse::<Grant>())
                    .collect::<Result<_, _>>()
                    .map_err(|error| Wrong::at(place, error.to_string(), "write a grant that there is"))?;
            }
            "config" => {
                let config = serde_json::to_value(value)
                    .map_err(|error| Wrong::at(place, error.to_string(), "write values that JSON has too"))?;
                settings.config = Some(file::put_in(config, folder).map_err(|why| {
                    Wrong::at(place, why, "name a file with JSON in it: { \"$file\" = \"data.json\" }")
                })?);
            }
            _ => settings.limits = Some(limits(as_table(value, place)?, place, overall)?),
        }
        Ok(())
    })?;
    Ok(settings)
}

fn limits(table: &Table, place: &str, mut limits: Limits) -> Result<Limits, Wrong> {
    each(table, place, &["max_memory", "timeout", "fuel", "max_findings"], |key, value| {
        match key {
            "max_memory" => {
                let size: bytesize::ByteSize = as_str(value, place)?
                    .parse()
                    .map_err(|error: String| Wrong::at(place, error, "write a size such as \"64MB\""))?;
                limits.memory_bytes = usize::try_from(size.as_u64()).unwrap_or(usize::MAX);
            }
            "timeout" => limits.deadline = as_time(value, place)?,
            "fuel" => limits.fuel = as_count(value, place)?,
            _ => limits.findings = usize::try_from(as_count(value, place)?).unwrap_or(usize::MAX),
        }
        Ok(())
    })?;
    Ok(limits)
}

/// A duration such as "90s" or "2m".
pub(crate) fn parse_time(text: &str) -> Result<Duration, String> {
    let span: jiff::SignedDuration = text.parse().map_err(|error: jiff::Error| error.to_string())?;
    Duration::try_from(span)
        .ok()
        .filter(|time| !time.is_zero())
        .ok_or_else(|| "a time must be longer than nothing".to_owned())
}

/// What is wrong in a configuration, and what to write.
#[derive(Debug, PartialEq, Eq)]
struct Wrong {
    what: String,
    advice: String,
}

impl Wrong {
    fn at(place: &str, what: impl Into<String>, advice: impl Into<String>) -> Self {
        Self { what: format!("`{place}`: {}", what.into()), advice: advice.into() }
    }
}

/// Hands each key of a table on; a key that is not known is an error that names the nearest one that is.
fn each(
    table: &Table,
    place: &str,
    known: &[&str],
    mut take: impl FnMut(&str, &Value) -> Result<(), Wrong>,
) -> Result<(), Wrong> {
    for (key, value) in table {
        if known.contains(&key.as_str()) {
            take(key, value)?;
            continue;
        }
        let full = if place.is_empty() { key.clone() } else { format!("{place}.{key}") };
        let nearest =
            known.iter().max_by(|a, b| strsim::jaro_winkler(a, key).total_cmp(&strsim::jaro_winkler(b, key)));
        return Err(Wrong {
            what: format!("unknown key `{full}`"),
            advice: format!("did you mean `{}`? There is: {}", nearest.unwrap_or(&""), known.join(", ")),
        });
    }
    Ok(())
}

fn as_severity(value: &Value, place: &str) -> Result<Severity, Wrong> {
    args::severity(as_str(value, place)?)
        .map_err(|error| Wrong::at(place, error, "write one of info, low, medium, high, critical"))
}

fn as_table<'a>(value: &'a Value, place: &str) -> Result<&'a Table, Wrong> {
    value.as_table().ok_or_else(|| Wrong::at(place, "it is not a table", format!("write [{place}]")))
}

fn as_bool(value: &Value, place: &str) -> Result<bool, Wrong> {
    value.as_bool().ok_or_else(|| Wrong::at(place, "it is not a boolean", "write true or false"))
}

fn as_str<'a>(value: &'a Value, place: &str) -> Result<&'a str, Wrong> {
    value.as_str().ok_or_else(|| Wrong::at(place, "it is not a string", "put it in quotes"))
}

fn as_strings(value: &Value, place: &str) -> Result<Vec<String>, Wrong> {
    let wrong = || Wrong::at(place, "it is not a list of strings", "write [\"one\", \"other\"]");
    value
        .as_array()
        .ok_or_else(wrong)?
        .iter()
        .map(|item| item.as_str().map(str::to_owned).ok_or_else(wrong))
        .collect()
}

/// One of the words that the option of the same name takes.
fn as_choice<T: clap::ValueEnum>(value: &Value, place: &str) -> Result<T, Wrong> {
    T::from_str(as_str(value, place)?, false).map_err(|error| {
        let words: Vec<String> = T::value_variants()
            .iter()
            .filter_map(|variant| variant.to_possible_value().map(|word| word.get_name().to_owned()))
            .collect();
        Wrong::at(place, error, format!("write one of {}", words.join(", ")))
    })
}

fn as_count(value: &Value, place: &str) -> Result<u64, Wrong> {
    value
        .as_integer()
        .and_then(|count| u64::try_from(count).ok())
        .filter(|&count| count > 0)
        .ok_or_else(|| Wrong::at(place, "it is not a positive number", "write a number such as 100"))
}

fn as_time(value: &Value, place: &str) -> Result<Duration, Wrong> {
    parse_time(as_str(value, place)?).map_err(|error| Wrong::at(place, error, "write a time such as \"5s\""))
}

fn home_expanded(path: &str) -> PathBuf {
    match (path.strip_prefix("~/"), etcetera::home_dir()) {
        (Some(rest), Ok(home)) => home.join(rest),
        _ => PathBuf::from(path),
    }
}

#[cfg(test)]
mod tests {
    use bartizan_model::Confidence;

    use super::*;
    use crate::args::{Profile, SandboxLevel, Transport};

    fn read(text: &str) -> Result<Config, Wrong> {
        let mut config = Config::default();
        config.add(text, Path::new("/project/bartizan.toml")).map(|()| config)
    }

    #[test]
    fn every_key_is_heeded() {
        let config = read(
            r#"
            color = "never"
            quiet = true
            no-progress = true
            [plugins]
            enabled = false
            locked = true
            paths = ["plugins", "/abs"]
            [plugins.limits]
            max_memory = "64MiB"
            timeout = "2s"
            fuel = 5
            max_findings = 7
            [plugins."acme/rules"]
            enabled = false
            grants = ["wasi"]
            config = { words = ["a"], level = 3 }
            limits = { fuel = 9 }
            [scan]
            format = "json"
            fail-on = "low"
            timeout = "1m 30s"
            rules = ["A-*"]
            exclude = ["A-2"]
            plugins = ["acme/rules"]
            no-plugins = true
            header = ["X-Key: 1"]
            transport = "sse"
            env = ["TOKEN"]
            cwd = "servers"
            probe = ["unknown-method"]
            profile = "quick"
            min-severity = "low"
            min-confidence = "medium"
            baseline = "old.json"
            no-cache = true
            sandbox = "strict"
            allow-network = true
            read = ["data"]
            write = ["/var/tmp"]
            [rules."A-*"]
            severity = "low"
            [rules."A-7"]
            enabled = false
            [[suppress]]
            rule = "A-3"
            subject = "tool:shop/*"
            reason = "the gateway filters it"
            owner = "platform"
            expires = 2027-03-31
            "#,
        )
        .unwrap();
        assert!(config.plugins_disabled && config.locked);
        assert_eq!(config.plugin_folders, [Path::new("/project/plugins"), Path::new("/abs")]);
        assert_eq!(
            (config.limits.memory_bytes, config.limits.fuel, config.limits.findings),
            (64 << 20, 5, 7)
        );
        assert_eq!(config.limits.deadline, Duration::from_secs(2));
        let plugin = &config.plugins["acme/rules"];
        assert!(!plugin.enabled && plugin.grants.has(Grant::Wasi));
        assert_eq!(plugin.config, Some(serde_json::json!({ "words": ["a"], "level": 3 })));
        assert_eq!(plugin.limits.unwrap().fuel, 9);
        assert_eq!((config.color, config.quiet, config.no_progress), (Some(When::Never), true, true));
        assert_eq!(config.scan.transport, Some(Transport::Sse));
        assert_eq!(
            (config.scan.profile, config.scan.sandbox),
            (Some(Profile::Quick), Some(SandboxLevel::Strict))
        );
        assert_eq!(
            (config.scan.min_severity, config.scan.min_confidence),
            (Some(Severity::Low), Some(Confidence::Medium))
        );
        assert!(config.scan.no_cache && config.scan.allow_network);
        assert_eq!(config.scan.baseline.as_deref(), Some(Path::new("/project/old.json")));
        assert_eq!(config.scan.readable, [Path::new("/project/data")]);
        assert_eq!(config.scan.writable, [Path::new("/var/tmp")]);
        assert_eq!(config.scan.probe, ["unknown-method"]);
        assert_eq!(
            (config.severities.len(), config.rules_off.as_slice()),
            (1, ["A-7".to_owned()].as_slice())
        );
        let suppression = &config.suppressions[0];
        assert!(suppression.rule.is_match("A-3") && suppression.subject.is_some());
        assert_eq!(suppression.expires.map(|day| day.to_string()).as_deref(), Some("2027-03-31"));
        assert_eq!(config.scan.cwd.as_deref(), Some(Path::new("/project/servers")));
        assert_eq!(
            (&config.scan.headers[..], &config.scan.env[..]),
            (&["X-Key: 1".to_owned()][..], &["TOKEN".to_owned()][..])
        );
        assert!(config.scan.no_plugins);
        assert_eq!(config.scan.format.as_deref(), Some("json"));
        assert_eq!(config.scan.fail_on, Some(Severity::Low));
        assert_eq!(config.scan.timeout, Some(Duration::from_secs(90)));
        assert_eq!(
            (config.scan.rules, config.scan.exclude),
            (vec!["A-*".to_owned()], vec!["A-2".to_owned()])
        );
    }

    #[test]
    fn a_components_own_limits_start_from_those_for_all() {
        let text = "[plugins.limits]\nmax_memory = '64MiB'\n[plugins.\"acme/rules\"]\nlimits = { fuel = 9 }";
        let own = read(text).unwrap().plugins["acme/rules"].limits.unwrap();
        assert_eq!((own.memory_bytes, own.fuel), (64 << 20, 9));
    }

    #[test]
    fn an_unknown_key_is_an_error_that_names_the_nearest() {
        for (text, what, nearest) in [
            ("[plugin]", "unknown key `plugin`", "`plugins`"),
            ("[plugins]\npath = []", "unknown key `plugins.path`", "`paths`"),
            ("[scan]\nfail_on = 'low'", "unknown key `scan.fail_on`", "`fail-on`"),
            ("[plugins.limits]\nmemory = '1MB'", "unknown key `plugins.limits.memory`", "`max_memory`"),
            ("[plugins.\"a/b\"]\ngrant = []", "unknown key `plugins.\"a/b\".grant`", "`grants`"),
        ] {
            let wrong = read(text).unwrap_err();
            assert_eq!(wrong.what, what);
            assert!(wrong.advice.contains(nearest), "{}", wrong.advice);
        }
    }

    #[test]
    fn a_wrong_value_is_an_error() {
        for text in [
            "[plugins]\npaths = 'x'",
            "[plugins]\nenabled = 1",
            "[plugins.limits]\nfuel = -1",
            "[plugins.limits]\ntimeout = '0s'",
            "[plugins.limits]\nmax_memory = 'much'",
            "[plugins.\"a/b\"]\ngrants = ['network']",
            "[plugins.\"A/b\"]",
            "[scan]\nfail-on = 'bad'",
            "[scan]\ntransport = 'pigeon'",
            "color = 'green'",
            "not toml",
        ] {
            assert!(read(text).is_err(), "{text}");
        }
    }
}
