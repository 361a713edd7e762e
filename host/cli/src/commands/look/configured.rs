//! The servers that configurations name.

use std::{env, path::Path};

use bartizan_clients::{
    Config, ConfigError, Discovery, Launch, ListOptions, Listed, Lookup, Places, RemoteTransport, Scope,
    ServerEntry,
};
use bartizan_mcp::{HttpTransport, Target};
use bartizan_model::{NotChecked, Notice, Observation};

use super::{Plan, Source, reach, source::Kind};
use crate::exit::Failure;

/// The servers of one client's file, which the user named.
pub(super) fn of_file(path: &Path, plan: &mut Plan) -> Result<(), Failure> {
    // What a file's place says of it, its whole path says.
    let path = &std::path::absolute(path).unwrap_or_else(|_| path.to_owned());
    let config = bartizan_clients::read(path).map_err(|error| Failure::usage(&error, error.advice()))?;
    // A plug-in's manifest may name files of servers. Those files name no further ones.
    for include in &config.includes {
        match bartizan_clients::read(include) {
            Ok(included) => add(included, true, plan),
            Err(error) => plan.not_checked.push(unread(&error)),
        }
    }
    add(config, true, plan);
    Ok(())
}

/// That the servers of a file are not known.
fn unread(error: &ConfigError) -> NotChecked {
    NotChecked {
        what: format!("the servers of `{}`", error.path().display()),
        component: None,
        code: error.code().to_owned(),
        why: error.to_string(),
    }
}

/// The servers of a list for `multi-scan`.
pub(super) fn of_list(path: &Path, plan: &mut Plan) -> Result<(), Failure> {
    let list = bartizan_clients::read_list(path).map_err(|error| Failure::usage(&error, error.advice()))?;
    plan.options = merged(&plan.options, list.options);
    for listed in list.servers {
        match listed {
            Listed::Server(entry) => plan.sources.push(source(*entry)),
            Listed::Snapshot { name, path, .. } => {
                plan.sources.push(Source { name: Some(name), ..Source::file(path) });
            }
            _ => {}
        }
    }
    plan.inline.extend(super::inline::ignores(path));
    Ok(())
}

/// The later list wins.
fn merged(before: &ListOptions, mut after: ListOptions) -> ListOptions {
    after.parallel = after.parallel.or(before.parallel);
    after.concurrency = after.concurrency.or(before.concurrency);
    after.fail_fast = after.fail_fast.or(before.fail_fast);
    after.cross_server_checks = after.cross_server_checks.or(before.cross_server_checks);
    after.timeout_per_server = after.timeout_per_server.or(before.timeout_per_server);
    after
}

/// The servers of every client of this machine, as seen from this folder.
pub(super) fn discover(plan: &mut Plan) {
    let here = env::current_dir().unwrap_or_default();
    let Discovery { found, failed, looked_at, .. } = bartizan_clients::discover(&Places::here(&here));
    plan.places = looked_at.len();
    plan.not_checked.extend(failed.iter().map(unread));
    for config in found {
        add(config, false, plan);
    }
}

fn add(config: Config, was_named: bool, plan: &mut Plan) {
    for problem in config.problems {
        let what = format!("`{}` in `{}`", bartizan_model::printable(&problem.name), config.file.display());
        let why = format!("line {}: {}", problem.line, problem.what);
        if problem.left_out {
            plan.not_checked.push(NotChecked { what, component: None, code: "unreadable".to_owned(), why });
        } else {
            plan.notices.push(Notice { code: "odd-entry".to_owned(), what, why });
        }
    }
    // A project's file may come from anybody; what it says of its own findings counts only if the user chose the file.
    let is_the_users = config.servers.iter().all(|entry| entry.scope == Scope::User);
    if was_named || is_the_users {
        plan.inline.extend(super::inline::ignores(&config.file));
    }
    for entry in config.servers {
        let new = source(entry);
        // The same server in several clients is one server.
        let same = plan.sources.iter_mut().find(|old| match (&old.kind, &new.kind) {
            (Kind::Live(old), Kind::Live(new)) => is_same(old, new),
            _ => false,
        });
        match same {
            Some(old) if old.entry.is_some() => old.launches.extend(new.launches),
            _ => plan.sources.push(new),
        }
    }
}

fn is_same(one: &Target, other: &Target) -> bool {
    match (one, other) {
        (Target::Stdio { command, env, cwd }, Target::Stdio { command: command2, env: env2, cwd: cwd2 }) => {
            (command, env, cwd) == (command2, env2, cwd2)
        }
        (
            Target::Http { url, headers, transport },
            Target::Http { url: url2, headers: headers2, transport: transport2 },
        ) => (url, headers, transport) == (url2, headers2, transport2),
        _ => false,
    }
}

fn source(entry: ServerEntry) -> Source {
    let observation = Observation {
        kind: "launch".to_owned(),
        about: entry.file.display().to_string(),
        detail: entry.facts(),
    };
    let variables = |name: &str| env::var(name).ok();
    let lookup =
        Lookup { variables: Some(&variables), workspace: env::current_dir().ok(), ..Lookup::default() };
    let kind = match entry.resolve(&lookup) {
        _ if entry.disabled => Kind::Configured,
        Ok(launch) => {
            target(&launch).map_or_else(|why| Kind::Unresolved { code: "unreachable", why }, Kind::Live)
        }
        Err(error) => Kind::Unresolved { code: error.code(), why: format!("{error}; {}", error.advice()) },
    };
    Source { name: Some(entry.name.clone()), kind, entry: Some(entry), launches: vec![observation] }
}

fn target(launch: &Launch) -> Result<Target, String> {
    match launch {
        Launch::Command { command, args, env, cwd } => {
            let words = std::iter::once(command).chain(args);
            Ok(Target::Stdio {
                command: words.map(|word| word.expose().to_owned()).collect(),
                env: env.iter().map(|(name, value)| (name.clone(), value.expose().to_owned())).collect(),
                cwd: cwd.as_ref().map(Into::into),
            })
        }
        Launch::Remote { url, transport, headers } => {
            let transport = match transport {
                RemoteTransport::StreamableHttp => HttpTransport::Streamable,
                RemoteTransport::Sse => HttpTransport::Sse,
                RemoteTransport::WebSocket => {
                    return Err(
                        "it is to be spoken to over a WebSocket, which no version of MCP knows".to_owned()
                    );
                }
                _ => HttpTransport::Auto,
            };
            // The URL may carry a credential: it is not quoted.
            let url =
                reach::url(url.expose()).map_err(|_| "its URL is not an http or https URL".to_owned())?;
            let headers = headers.iter().map(|(name, value)| (name.clone(), value.expose().to_owned()));
            Ok(Target::Http { url, headers: headers.collect(), transport })
        }
        _ => Err("it is started in a way that is not known".to_owned()),
    }
}
