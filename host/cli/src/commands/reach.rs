//! From what stands on the command line to a listing.

use std::{
    collections::BTreeMap,
    env,
    path::{Path, PathBuf},
    time::{Duration, Instant},
};

use bartizan_mcp::{HttpTransport, Listing, Options, Target, Url, snapshot};
use bartizan_model::{Transport, TransportKind};

use crate::{
    args::{self, Reach},
    config::{Config, parse_time},
    exit::Failure,
    progress::Progress,
    session::Interrupt,
};

/// A thing to look at.
pub(crate) enum Source {
    /// A saved listing; nothing is started.
    File(PathBuf),
    /// A server.
    Live(Target),
}

/// A server that gave no listing.
pub(crate) struct Silent {
    pub(crate) code: &'static str,
    pub(crate) why: String,
    pub(crate) transport: Transport,
    /// It is the command line that is wrong, and not the server.
    pub(crate) is_usage: bool,
}

impl Source {
    /// How the user called it.
    pub(crate) fn name(&self) -> String {
        match self {
            Self::File(path) => path.display().to_string(),
            Self::Live(target) => target.to_string(),
        }
    }

    /// Reads or reaches it.
    pub(crate) fn listing(&self, options: &Options) -> (Result<Listing, Silent>, Duration) {
        let start = Instant::now();
        let listing = match self {
            Self::File(path) => snapshot::read(path).map_err(|error| Silent {
                code: error.code(),
                why: error.to_string(),
                transport: Transport { address: path.display().to_string(), ..Transport::default() },
                is_usage: true,
            }),
            Self::Live(target) => bartizan_mcp::list_blocking(target, options).map_err(|error| Silent {
                code: error.code(),
                why: error.to_string(),
                transport: transport_of(target),
                is_usage: false,
            }),
        };
        (listing, start.elapsed())
    }
}

fn transport_of(target: &Target) -> Transport {
    match target {
        Target::Stdio { command, .. } => {
            Transport { kind: TransportKind::Stdio, address: String::new(), command: command.clone() }
        }
        Target::Http { .. } => Transport {
            kind: TransportKind::StreamableHttp,
            address: target.to_string(),
            command: Vec::new(),
        },
    }
}

/// The things to look at, in the order they were named.
pub(crate) fn sources(reach: &Reach) -> Result<Vec<Source>, Failure> {
    let mut sources = Vec::new();
    for target in &reach.targets {
        sources.push(if target.contains("://") {
            Source::Live(http(target, reach)?)
        } else {
            Source::File(file(target)?)
        });
    }
    if !reach.command.is_empty() {
        sources.push(Source::Live(stdio(reach)?));
    }
    if sources.is_empty() {
        return Err(Failure::usage(
            "nothing to look at",
            "name a URL, a saved listing, or a command after `--`: `bartizan scan -- npx -y @modelcontextprotocol/server-everything`",
        ));
    }
    Ok(sources)
}

fn http(target: &str, reach: &Reach) -> Result<Target, Failure> {
    let url = Url::parse(target)
        .map_err(|error| Failure::usage(format!("`{target}` is not a URL: {error}"), "check its spelling"))?;
    if !matches!(url.scheme(), "http" | "https") {
        return Err(Failure::usage(
            format!("`{}` is not an HTTP URL", url.scheme()),
            "MCP servers are reached over http, https or stdio",
        ));
    }
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
    Ok(Target::Http { url, headers, transport })
}

fn stdio(reach: &Reach) -> Result<Target, Failure> {
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
    Ok(Target::Stdio { command: reach.command.clone(), env: variables, cwd: reach.cwd.clone() })
}

fn file(target: &str) -> Result<PathBuf, Failure> {
    let path = Path::new(target);
    if path.is_dir() {
        return Err(Failure::usage(
            format!("`{target}` is a folder"),
            "this version looks at servers and at saved listings of them; to start a server, put its command after `--`",
        ));
    }
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

/// How patient to be.
pub(crate) fn options(
    reach: &Reach,
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
    Ok(options)
}
