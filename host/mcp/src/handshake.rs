//! How a conversation starts: which transport, which era, which revision.

use bartizan_model::TransportKind;
use serde_json::{Value, json};
use tokio::time::Instant;

use crate::{
    Era, Error, HttpTransport, Options, Record, Target, Unheard,
    error::Stop,
    json::{Members, string},
    jsonrpc::code_and_message,
    session::{Answered, Session, bounded},
    transport::{Connection, Revision, http::Http, legacy::Sse, stdio::Stdio},
};

/// The newest revision with a handshake, and the first without.
pub(crate) const HANDSHAKE_VERSION: &str = "2025-11-25";
pub(crate) const STATELESS_VERSION: &str = "2026-07-28";

/// Revisions that a server may answer `initialize` with though we offered a newer one: the specification has it do so.
const OLDER_VERSIONS: [&str; 4] = ["2024-10-07", "2024-11-05", "2025-03-26", "2025-06-18"];

const INITIALIZE: &str = "initialize";
const DISCOVER: &str = "server/discover";

/// Parameters of `initialize`.
pub(crate) fn initialize_params() -> Value {
    json!({ "protocolVersion": HANDSHAKE_VERSION, "capabilities": {}, "clientInfo": client() })
}

/// Parameters of any request of 2026-07-28. Peers of the handshake era never see them.
pub(crate) fn stateless_params() -> Value {
    json!({ "_meta": {
        "io.modelcontextprotocol/protocolVersion": STATELESS_VERSION,
        "io.modelcontextprotocol/clientInfo": client(),
        "io.modelcontextprotocol/clientCapabilities": {},
    }})
}

fn client() -> Value {
    json!({ "name": "bartizan", "version": env!("CARGO_PKG_VERSION") })
}

/// A conversation in which the server has introduced itself.
pub(crate) async fn open(target: &Target, options: &Options, deadline: Instant) -> Result<Session, Unheard> {
    match target {
        Target::Stdio { .. } => {
            progress(options, "starting");
            let session = connect(target, options, TransportKind::Stdio, deadline).await?;
            introduced(session, target, options, deadline, &order(options.era, [INITIALIZE, DISCOVER])).await
        }
        Target::Http { transport, .. } => {
            progress(options, "connecting");
            if *transport != HttpTransport::Sse {
                let first = connect(target, options, TransportKind::StreamableHttp, deadline).await?;
                let order = order(options.era, [DISCOVER, INITIALIZE]);
                match introduced(first, target, options, deadline, &order).await {
                    Err(unheard) if *transport == HttpTransport::Auto && may_be_sse(&unheard.error) => {
                        // If that is not one either, how it answered the newer transport says more.
                        return sse(target, options, deadline).await.map_err(|_| unheard);
                    }
                    outcome => return outcome,
                }
            }
            sse(target, options, deadline).await
        }
    }
}

/// A conversation in which nothing was said yet.
pub(crate) async fn connect(
    target: &Target,
    options: &Options,
    kind: TransportKind,
    deadline: Instant,
) -> Result<Session, Unheard> {
    let unheard = |error, transport| Unheard { error, record: Record { transport, ..Record::default() } };
    let connection = match target {
        Target::Stdio { command, env, cwd } => {
            let launcher = options.launcher.as_ref();
            let stdio = Stdio::start(command, env, cwd.as_deref(), launcher, &options.limits);
            Connection::Stdio(Box::new(stdio.map_err(|error| unheard(error, target.transport()))?))
        }
        Target::Http { url, headers, .. } => {
            let http = Http::new(url, headers, &options.limits);
            let mut http = http.map_err(|error| unheard(error, target.transport()))?;
            if kind != TransportKind::Sse {
                return Ok(session(Connection::Http(Box::new(http)), options));
            }
            let opening = Sse::open(&mut http, options.limits.message_bytes);
            match bounded(&options.cancel, deadline, opening).await {
                Ok(events) => Connection::Sse(Box::new(Sse::new(http, events))),
                Err(stop) => {
                    let mut unheard = unheard(
                        error(stop, target, options, "GET", String::new()),
                        http.transport(TransportKind::Sse),
                    );
                    unheard.record.observations = http.observations();
                    return Err(unheard);
                }
            }
        }
    };
    Ok(session(connection, options))
}

fn session(connection: Connection, options: &Options) -> Session {
    Session::new(connection, options.limits.clone(), options.cancel.clone())
}

fn order(era: Era, auto: [&'static str; 2]) -> Vec<&'static str> {
    match era {
        Era::Auto => auto.to_vec(),
        Era::Handshake => vec![INITIALIZE],
        Era::Stateless => vec![DISCOVER],
    }
}

/// A server of the older transport refuses a POST with a client error.
fn may_be_sse(error: &Error) -> bool {
    matches!(error, Error::Http { status, .. } if (400..500).contains(status))
}

async fn sse(target: &Target, options: &Options, deadline: Instant) -> Result<Session, Unheard> {
    let session = connect(target, options, TransportKind::Sse, deadline).await?;
    // This transport is older than 2026-07-28.
    introduced(session, target, options, deadline, &[INITIALIZE]).await
}

/// Asks the server to introduce itself in each of these ways until one works. On failure the server is ended.
async fn introduced(
    mut session: Session,
    target: &Target,
    options: &Options,
    deadline: Instant,
    order: &[&'static str],
) -> Result<Session, Unheard> {
    let mut failure = None;
    let mut rest = order.iter().peekable();
    while let Some(method) = rest.next() {
        progress(options, method);
        // A probe must leave time for what comes after it.
        let is_probe = rest.peek().is_some() && *method == DISCOVER;
        let until = if is_probe { share(deadline, 3) } else { deadline };
        match introduce(&mut session, method, until, deadline).await {
            Ok(()) => return Ok(session),
            Err(stop) => {
                let next = rest.peek().is_some() && another_way_may_work(method, &stop);
                let told = error_of(stop, target, options, method, &session);
                // What was said to the older and commoner way is what the user should read.
                if failure.is_none() || *method == INITIALIZE {
                    failure = Some(told);
                }
                if !next {
                    break;
                }
            }
        }
    }
    let (record, _) = session.close().await;
    Err(Unheard { error: failure.unwrap_or(Error::NoCommand), record })
}

/// A part of the time that is left.
pub(crate) fn share(deadline: Instant, part: u32) -> Instant {
    let now = Instant::now();
    deadline
        .saturating_duration_since(now)
        .checked_div(part)
        .and_then(|time| now.checked_add(time))
        .unwrap_or(deadline)
}

enum Declined {
    Stop(Stop),
    /// JSON text of the error.
    Error(String),
    NotMcp(String),
}

fn another_way_may_work(method: &str, declined: &Declined) -> bool {
    match declined {
        Declined::Error(_) | Declined::NotMcp(_) => true,
        Declined::Stop(Stop::Interrupted | Stop::Closed(_)) => false,
        Declined::Stop(Stop::Failed(error)) => {
            matches!(**error, Error::Http { .. } | Error::NotMcp { .. })
        }
        // Silence to `initialize` on stdio is a slow server; to the HTTP probe it is an old one.
        Declined::Stop(_) => method == DISCOVER,
    }
}

async fn introduce(
    session: &mut Session,
    method: &str,
    until: Instant,
    deadline: Instant,
) -> Result<(), Declined> {
    let is_stateless = method == DISCOVER;
    let params = if is_stateless { stateless_params() } else { initialize_params() };
    let revision =
        if is_stateless { Revision::Stateless(STATELESS_VERSION.into()) } else { Revision::Unknown };
    session.connection.set_revision(revision);
    let result = match session.request(method, &params, until).await.map_err(Declined::Stop)? {
        Answered::Result(result) => result,
        Answered::Error(error) => return Err(Declined::Error(error)),
    };
    let members = Members::parse(&result)
        .map_err(|_| Declined::NotMcp(format!("its answer to `{method}` is not an object")))?;
    if is_stateless {
        let versions: Vec<String> = members
            .get("supportedVersions")
            .and_then(|versions| serde_json::from_str(versions.get()).ok())
            .unwrap_or_default();
        if !versions.iter().any(|version| version == STATELESS_VERSION) {
            return Err(Declined::NotMcp(format!("it does not support revision {STATELESS_VERSION}")));
        }
        session.record.protocol_version = STATELESS_VERSION.into();
    } else {
        let version =
            members.get("protocolVersion").and_then(|version| string(version.get())).unwrap_or_default();
        if version.is_empty() && members.get("capabilities").is_none() && members.get("serverInfo").is_none()
        {
            return Err(Declined::NotMcp("its answer to `initialize` says nothing of what it is".into()));
        }
        if version != HANDSHAKE_VERSION && !OLDER_VERSIONS.contains(&version.as_str()) {
            let answered = bartizan_model::truncate_chars(&version, 100);
            let detail = json!({ "offered": HANDSHAKE_VERSION, "answered": answered });
            session.tell("version-answered", method, detail);
        }
        session.takes_batches = version == "2025-03-26";
        // A server may answer with a revision that has no handshake; from then on it wants what that revision wants.
        let revision = if version.as_str() >= STATELESS_VERSION && is_date(&version) {
            Revision::Stateless(STATELESS_VERSION.into())
        } else {
            Revision::Handshake(version.clone())
        };
        session.connection.set_revision(revision);
        session.record.protocol_version = bartizan_model::truncate_chars(&version, 100);
        // A server that cannot be told so is heard out all the same.
        let notified = session.notify("notifications/initialized", deadline).await;
        if let Err(stop @ (Stop::Closed(_) | Stop::Interrupted)) = notified {
            return Err(Declined::Stop(stop));
        }
    }
    session.record.hello = Some((method.to_owned(), result));
    Ok(())
}

/// Whether lists must be asked for in the manner of 2026-07-28.
pub(crate) fn is_stateless(version: &str) -> bool {
    version >= STATELESS_VERSION && is_date(version)
}

fn is_date(version: &str) -> bool {
    version.len() == 10 && version.bytes().all(|byte| byte.is_ascii_digit() || byte == b'-')
}

fn error_of(
    declined: Declined,
    target: &Target,
    options: &Options,
    method: &'static str,
    session: &Session,
) -> Error {
    let stderr = session.connection.stderr();
    match declined {
        Declined::Stop(stop) => error(stop, target, options, method, stderr),
        Declined::Error(text) => {
            let (code, message) = code_and_message(&text);
            Error::Refused { target: target.to_string(), method, code, message }
        }
        Declined::NotMcp(why) => Error::NotMcp { target: target.to_string(), why, stderr },
    }
}

fn error(stop: Stop, target: &Target, options: &Options, method: &'static str, stderr: String) -> Error {
    let target = target.to_string();
    match stop {
        Stop::Timeout => Error::Timeout { target, method, after: options.timeout, stderr },
        Stop::Interrupted => Error::Interrupted { target },
        Stop::Closed(how) => Error::Exited { target, how, method, stderr },
        Stop::TooLarge => {
            Error::NotMcp { target, why: "its first message is longer than a message may be".into(), stderr }
        }
        Stop::Malformed(why) => {
            Error::NotMcp { target, why: format!("its answer to `{method}` cannot be read: {why}"), stderr }
        }
        Stop::Failed(error) => *error,
    }
}

pub(crate) fn progress(options: &Options, stage: &str) {
    if let Some(progress) = &options.progress {
        progress(stage);
    }
}
