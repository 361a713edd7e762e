//! From what stands on the command line to things to look at.

use std::{
    collections::BTreeMap,
    env,
    path::{Path, PathBuf},
};

use bartizan_clients::Kind as FileKind;
use bartizan_mcp::{HttpTransport, Options, Probes, Target, Url};

use super::{Plan, Source, configured};
use crate::{
    args::{self, Consent, Profile, Reach},
    config::{Config, parse_time},
    exit::Failure,
    progress::Progress,
    session::Interrupt,
};

/// The things to look at, in the order they were named.
pub(crate) fn plan(reach: &Reach, consent: &Consent) -> Result<Plan, Failure> {
    let mut plan = Plan::default();
    for target in &reach.targets {
        if target.contains("://") {
            plan.sources.push(Source::live(None, http(target, reach)?));
            continue;
        }
        let path = existing(target)?;
        if path.is_dir() {
            plan.sources.extend(saved_in(&path)?);
            continue;
        }
        match bartizan_clients::kind_of(&path) {
            Ok(FileKind::ClientConfig) => configured::of_file(&path, &mut plan)?,
            Ok(FileKind::ServerList) => configured::of_list(&path, &mut plan)?,
            // What it is and what is wrong with it, the reader of listings says.
            _ => plan.sources.push(Source::file(path)),
        }
    }
    if !reach.command.is_empty() {
        plan.sources.push(Source::live(None, stdio(&reach.command, reach)?));
    }
    if consent.discover {
        configured::discover(&mut plan);
    }
    Ok(plan)
}

/// That nothing was named.
pub(crate) fn nothing(consent: &Consent) -> Failure {
    if consent.discover {
        return Failure::usage(
            "no client of this machine has a server configured",
            "docs/scanning.md lists the places that are looked at; name a file of another place as a target",
        );
    }
    Failure::usage(
        "nothing to look at",
        "name a URL, a saved listing, a client's configuration, or a command after `--`: \
         `bartizan scan -- npx -y @modelcontextprotocol/server-everything`",
    )
}

/// A server that was named as 'NAME: COMMAND' or 'NAME: URL'.
pub(crate) fn named(text: &str, reach: &Reach) -> Result<Source, Failure> {
    let bad = |what: String| Failure::usage(what, "write --server 'files: node files.js'");
    let Some((name, rest)) = text.split_once(':').filter(|(name, _)| !name.trim().is_empty()) else {
        return Err(bad("a --server without a name and a colon".to_owned()));
    };
    let (name, rest) = (name.trim().to_owned(), rest.trim());
    if rest.starts_with("http://") || rest.starts_with("https://") {
        return Ok(Source::live(Some(name), http(rest, reach)?));
    }
    let words = shell_words::split(rest)
        .map_err(|error| bad(format!("the command of server `{name}` cannot be read: {error}")))?;
    if words.is_empty() {
        return Err(bad(format!("server `{name}` has no command")));
    }
    Ok(Source::live(Some(name), stdio(&words, reach)?))
}

fn http(target: &str, reach: &Reach) -> Result<Target, Failure> {
    let mut headers = Vec::new();
    for header in &reach.headers {
        let Some((name, value)) = header.split_once(':') else {
            // The header may be a secret: it is not shown.
            return Err(Failure::usage("a --header without a colon", "write --header 'Name: value'"));
        };
        headers.push((name.trim().to_owned(), value.trim().to_owned()));
    }
    let transport = match reach.transport.unwrap_or(args::Transport::Auto) {
        args::Transport::Auto => HttpTransport::Auto,
        args::Transport::StreamableHttp => HttpTransport::Streamable,
        args::Transport::Sse => HttpTransport::Sse,
    };
    Ok(Target::Http { url: url(target)?, headers, transport })
}

pub(super) fn url(text: &str) -> Result<Url, Failure> {
    let url = Url::parse(text)
        .map_err(|error| Failure::usage(format!("`{text}` is not a URL: {error}"), "check its spelling"))?;
    if !matches!(url.scheme(), "http" | "https") {
        return Err(Failure::usage(
            format!("`{}` is not an HTTP URL", url.scheme()),
            "MCP servers are reached over http, https or stdio",
        ));
    }
    Ok(url)
}

fn stdio(command: &[String], reach: &Reach) -> Result<Target, Failure> {
    let mut variables = BTreeMap::new();
    for variable in &reach.env {
        match variable.split_once('=') {
            Some((name, value)) => variables.insert(name.to_owned(), value.to_owned()),
            None => match env::var(variable) {
                Ok(value) => variables.insert(variable.clone(), value),
                Err(_) => {
                    return Err(Failure::usage(
                        format!("--env {variable}: there is no such variable here to pass on"),
                        "set it, or write --env NAME=VALUE",
                    ));
                }
            },
        };
    }
    Ok(Target::Stdio { command: command.to_vec(), env: variables, cwd: reach.cwd.clone() })
}

fn existing(target: &str) -> Result<PathBuf, Failure> {
    let path = Path::new(target);
    if !path.exists() {
        return Err(Failure::usage(
            format!("there is no file `{target}`"),
            "check the path; to start a server put its command after `--`, to reach one write its URL with https://",
        ));
    }
    let is_script =
        path.extension().is_some_and(|e| ["js", "mjs", "ts", "py"].iter().any(|script| e == *script));
    if is_script {
        return Err(Failure::usage(
            format!("`{target}` is a script, not a saved listing"),
            format!(
                "to start it as a server: `bartizan scan -- {} {target}`",
                if target.ends_with("py") { "python3" } else { "node" }
            ),
        ));
    }
    Ok(path.to_owned())
}

/// The saved listings of a folder, by name.
fn saved_in(folder: &Path) -> Result<Vec<Source>, Failure> {
    let entries = std::fs::read_dir(folder).map_err(|error| {
        Failure::usage(
            format!("cannot read the folder `{}`: {error}", folder.display()),
            "check its permissions",
        )
    })?;
    let mut paths: Vec<PathBuf> = entries
        .filter_map(|entry| Some(entry.ok()?.path()))
        .filter(|path| path.extension().is_some_and(|extension| extension == "json") && path.is_file())
        .collect();
    paths.sort();
    if paths.is_empty() {
        return Err(Failure::usage(
            format!("the folder `{}` holds no saved listing (*.json)", folder.display()),
            "this version looks at servers and at saved listings of them; to start a server, put its command after `--`",
        ));
    }
    Ok(paths.into_iter().map(Source::file).collect())
}

/// How patient to be, and what to try.
pub(crate) fn options(
    reach: &Reach,
    profile: Profile,
    config: &Config,
    interrupt: &Interrupt,
    progress: &Progress,
) -> Result<Options, Failure> {
    let mut options =
        Options { cancel: interrupt.token.clone(), progress: Some(progress.stages()), ..Options::default() };
    if let Some(text) = &reach.timeout {
        options.timeout = parse_time(text).map_err(|error| {
            Failure::usage(format!("--timeout {text}: {error}"), "write a time such as 90s or 2m")
        })?;
    } else if let Some(timeout) = config.scan.timeout {
        options.timeout = timeout;
    }
    let asked = if reach.probe.is_empty() { &config.scan.probe } else { &reach.probe };
    options.probe = match (asked.as_slice(), profile) {
        ([], Profile::Full) => Probes::all(),
        (names, _) => Probes::named(names).map_err(|error| Failure::usage(&error, error.advice()))?,
    };
    Ok(options)
}
