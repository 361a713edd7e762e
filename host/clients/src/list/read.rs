//! Reads a list strictly.

use std::{
    collections::{BTreeMap, HashMap},
    path::Path,
    time::Duration,
};

use super::{ListError, ListOptions, Listed, ServerList};
use crate::{
    ConfigError, Format, Launch, RemoteTransport, Scope, Secret, ServerEntry, config,
    document::{Node, Value},
    file,
    limits::{self, MAX_ITEMS, MAX_SERVERS},
};

const TOP: &[&str] = &["options", "servers"];
const OPTIONS: &[&str] =
    &["parallel", "concurrency", "fail_fast", "cross_server_checks", "timeout_per_server"];
const SERVER: &[&str] = &["name", "command", "args", "env", "cwd", "url", "headers", "transport", "snapshot"];
const TRANSPORTS: &[&str] = &["stdio", "streamable_http", "sse", "auto"];

/// Reads the list at this path.
pub fn read_list(path: &Path) -> Result<ServerList, ListError> {
    let text = file::text(path)?;
    parse_list(&text, path)
}

/// As [`read_list`], of a text that was read from `origin`, which is not opened. Relative paths start at its folder.
pub fn parse_list(text: &str, origin: &Path) -> Result<ServerList, ListError> {
    // Whatever the file is called, this format is TOML.
    let path = origin.with_extension("toml");
    let (_, tree) = config::tree(text, &path).map_err(|error| renamed(error, origin))?;
    let reader = Reader { path: origin };
    reader.keys(&tree, TOP, "the list")?;
    let options = tree.get("options").map(|node| reader.options(node)).transpose()?.unwrap_or_default();
    let Some(servers) = tree.get("servers") else { return Err(ListError::Empty { path: origin.to_owned() }) };
    if !servers.is_list() || servers.items().iter().any(|item| !item.is_table()) {
        return Err(reader.bad(servers, "servers", "must be written as `[[servers]]` tables"));
    }
    if servers.items().is_empty() {
        return Err(ListError::Empty { path: origin.to_owned() });
    }
    if servers.items().len() > MAX_SERVERS {
        return Err(reader.bad(servers, "servers", &format!("has more than {MAX_SERVERS} tables")));
    }
    let mut lines: HashMap<String, u32> = HashMap::new();
    let mut list = Vec::new();
    for (index, node) in servers.items().iter().enumerate() {
        let listed = reader.server(node, index.saturating_add(1))?;
        if let Some(first) = lines.insert(listed.name().to_owned(), node.line) {
            return Err(reader.bad_server(
                node,
                listed.name(),
                &format!("has the name of the one at line {first}"),
            ));
        }
        list.push(listed);
    }
    Ok(ServerList { file: origin.to_owned(), options, servers: list })
}

fn renamed(error: ConfigError, origin: &Path) -> ConfigError {
    let path = origin.to_owned();
    match error {
        ConfigError::Malformed { line, why, .. } => {
            ConfigError::Malformed { path, format: Format::Toml, line, why }
        }
        ConfigError::TooDeep { line, .. } => ConfigError::TooDeep { path, line },
        ConfigError::TooMany { what, limit, .. } => ConfigError::TooMany { path, what, limit },
        other => other,
    }
}

struct Reader<'a> {
    path: &'a Path,
}

impl Reader<'_> {
    fn keys(
        &self,
        node: &Node,
        known: &'static [&'static str],
        place: &'static str,
    ) -> Result<(), ListError> {
        for (key, value) in node.members() {
            if !known.contains(&key.as_str()) {
                let score = |name: &&&'static str| strsim::jaro_winkler(name, key);
                let nearest =
                    known.iter().max_by(|a, b| score(a).total_cmp(&score(b))).copied().unwrap_or_default();
                return Err(ListError::UnknownKey {
                    path: self.path.to_owned(),
                    line: value.line,
                    key: limits::shown(key),
                    place,
                    nearest,
                    known,
                });
            }
        }
        Ok(())
    }

    fn options(&self, node: &Node) -> Result<ListOptions, ListError> {
        if !node.is_table() {
            return Err(self.bad(node, "options", "must be a table"));
        }
        self.keys(node, OPTIONS, "[options]")?;
        let concurrency = node.get("concurrency").map(|value| {
            let number = match &value.value {
                Value::Number(text) => {
                    text.parse::<usize>().ok().filter(|number| (1..=1_000).contains(number))
                }
                _ => None,
            };
            number.ok_or_else(|| self.bad(value, "concurrency", "must be a whole number from 1 to 1000"))
        });
        Ok(ListOptions {
            parallel: self.truth(node, "parallel")?,
            concurrency: concurrency.transpose()?,
            fail_fast: self.truth(node, "fail_fast")?,
            cross_server_checks: self.truth(node, "cross_server_checks")?,
            timeout_per_server: node
                .get("timeout_per_server")
                .map(|value| {
                    value.text().and_then(duration).ok_or_else(|| {
                        self.bad(
                            value,
                            "timeout_per_server",
                            "must be a time such as \"60s\", \"500ms\" or \"2m\"",
                        )
                    })
                })
                .transpose()?,
        })
    }

    fn server(&self, node: &Node, number: usize) -> Result<Listed, ListError> {
        self.keys(node, SERVER, "[[servers]]")?;
        let name = match self.text(node, "name")? {
            Some(name) if !name.trim().is_empty() => name,
            _ => return Err(self.bad_server(node, &format!("#{number}"), "has no name")),
        };
        let ways: Vec<&str> =
            ["command", "url", "snapshot"].into_iter().filter(|way| node.get(way).is_some()).collect();
        let [way] = ways.as_slice() else {
            let why = if ways.is_empty() {
                "needs one of `command`, `url`, `snapshot`".to_owned()
            } else {
                format!("has {}; only one can be meant", ways.join(" and "))
            };
            return Err(self.bad_server(node, &name, &why));
        };
        for (key, with) in [
            ("args", "command"),
            ("env", "command"),
            ("cwd", "command"),
            ("headers", "url"),
            ("transport", "url or command"),
        ] {
            if let Some(value) = node.get(key)
                && !with.split(" or ").any(|with| with == *way)
            {
                return Err(self.bad_server(
                    value,
                    &name,
                    &format!("has `{key}`, which goes with `{with}` and not with `{way}`"),
                ));
            }
        }
        let word = self.transport(node, way, &name)?;
        let folder = self.path.parent().unwrap_or(Path::new(""));
        let launch = match *way {
            "snapshot" => {
                let path = self.filled(node, "snapshot", &name)?;
                return Ok(Listed::Snapshot { name, line: node.line, path: folder.join(path) });
            }
            "url" => Launch::Remote {
                url: self.url(node, &name)?.into(),
                transport: word,
                headers: self.pairs(node, "headers")?,
            },
            _ => Launch::Command {
                command: self.filled(node, "command", &name)?.into(),
                args: self.texts(node, "args")?.into_iter().map(Secret::from).collect(),
                env: self.pairs(node, "env")?,
                cwd: self.text(node, "cwd")?.map(|cwd| {
                    if cwd.starts_with('~') { cwd } else { folder.join(cwd).to_string_lossy().into_owned() }
                }),
            },
        };
        Ok(Listed::Server(Box::new(ServerEntry {
            name,
            client: "servers.toml",
            file: self.path.to_owned(),
            line: node.line,
            scope: Scope::Unknown,
            launch,
            disabled: false,
            auto_approved: Vec::new(),
            env_file: None,
            unknown: Vec::new(),
            home: None,
        })))
    }

    fn transport(&self, node: &Node, way: &str, name: &str) -> Result<RemoteTransport, ListError> {
        let Some(value) = node.get("transport") else { return Ok(RemoteTransport::Auto) };
        let word = value.text().map(|word| word.replace('-', "_"));
        match (word.as_deref(), way) {
            (Some("stdio"), "command") | (Some("auto"), "url") => Ok(RemoteTransport::Auto),
            (Some("streamable_http" | "http"), "url") => Ok(RemoteTransport::StreamableHttp),
            (Some("sse"), "url") => Ok(RemoteTransport::Sse),
            (Some(word), _) if TRANSPORTS.contains(&word) => Err(self.bad_server(
                value,
                name,
                &format!("has `transport = \"{word}\"`, which does not go with `{way}`"),
            )),
            _ => Err(self.bad(value, "transport", &format!("must be one of {}", TRANSPORTS.join(", ")))),
        }
    }

    fn url(&self, node: &Node, name: &str) -> Result<String, ListError> {
        let url = self.filled(node, "url", name)?;
        let is_web = ["http://", "https://", "$", "{"].iter().any(|start| url.starts_with(start));
        match node.get("url") {
            Some(value) if !is_web => Err(self.bad(value, "url", "must start with http:// or https://")),
            _ => Ok(url),
        }
    }

    fn filled(&self, node: &Node, key: &'static str, name: &str) -> Result<String, ListError> {
        self.text(node, key)?
            .filter(|text| !text.trim().is_empty())
            .ok_or_else(|| self.bad_server(node, name, &format!("has an empty `{key}`")))
    }

    fn text(&self, node: &Node, key: &str) -> Result<Option<String>, ListError> {
        match node.get(key) {
            None => Ok(None),
            Some(value) => match value.text() {
                Some(text) => Ok(Some(text.to_owned())),
                None => Err(self.bad(value, key, &format!("must be a string; it is {}", value.sort()))),
            },
        }
    }

    fn truth(&self, node: &Node, key: &str) -> Result<Option<bool>, ListError> {
        match node.get(key) {
            None => Ok(None),
            Some(value) => match value.truth() {
                Some(truth) => Ok(Some(truth)),
                None => Err(self.bad(value, key, "must be true or false")),
            },
        }
    }

    fn texts(&self, node: &Node, key: &str) -> Result<Vec<String>, ListError> {
        let Some(value) = node.get(key) else { return Ok(Vec::new()) };
        let texts: Option<Vec<String>> =
            value.items().iter().map(|item| item.text().map(str::to_owned)).collect();
        match texts {
            Some(texts) if value.is_list() && texts.len() <= MAX_ITEMS => Ok(texts),
            _ => Err(self.bad(value, key, &format!("must be an array of at most {MAX_ITEMS} strings"))),
        }
    }

    fn pairs(&self, node: &Node, key: &str) -> Result<BTreeMap<String, Secret>, ListError> {
        let Some(value) = node.get(key) else { return Ok(BTreeMap::new()) };
        let pairs: Option<BTreeMap<String, Secret>> =
            value.members().iter().map(|(name, value)| Some((name.clone(), value.text()?.into()))).collect();
        match pairs {
            Some(pairs) if value.is_table() && pairs.len() <= MAX_ITEMS => Ok(pairs),
            _ => Err(self.bad(value, key, &format!("must be a table of at most {MAX_ITEMS} strings"))),
        }
    }

    fn bad(&self, node: &Node, key: &str, why: &str) -> ListError {
        ListError::BadValue {
            path: self.path.to_owned(),
            line: node.line,
            key: key.to_owned(),
            why: why.to_owned(),
        }
    }

    fn bad_server(&self, node: &Node, name: &str, why: &str) -> ListError {
        ListError::BadServer {
            path: self.path.to_owned(),
            line: node.line,
            server: limits::shown(name),
            why: why.to_owned(),
        }
    }
}

/// "500ms", "60s", "2m", "1h". Nothing shorter than a millisecond or longer than a day is meant.
fn duration(text: &str) -> Option<Duration> {
    let digits = text.len().checked_sub(text.trim_start_matches(|c: char| c.is_ascii_digit()).len())?;
    let (number, unit) = text.split_at_checked(digits)?;
    let number: u64 = number.parse().ok()?;
    let time = match unit.trim() {
        "ms" => Duration::from_millis(number),
        "s" => Duration::from_secs(number),
        "m" | "min" => Duration::from_secs(number.checked_mul(60)?),
        "h" => Duration::from_secs(number.checked_mul(3_600)?),
        _ => return None,
    };
    (!time.is_zero() && time <= Duration::from_hours(24)).then_some(time)
}
