//! What a server does with what it cannot understand: a method, a revision, a parameter, a text, headers that say another thing.

use reqwest::header::{HeaderName, HeaderValue};
use serde_json::{Map, Value, json};
use tokio::time::Instant;

use super::{
    outcome::{Outcome, Tried},
    stage::Stage,
};
use crate::{
    Options,
    handshake::{self, initialize_params, stateless_params},
    json::{Members, string},
    session::{Answered, Session},
    transport::{Connection, Revision, exchange::Raw},
};

const NO_SUCH_METHOD: &str = "bartizan/no-such-method";
/// Before there was a protocol.
const NO_SUCH_VERSION: &str = "1999-01-01";
/// A message that breaks off, as one that lost its end on the way would.
const NOT_JSON: &str = r#"{"jsonrpc":"2.0","id":"#;

const MCP_METHOD: HeaderName = HeaderName::from_static("mcp-method");
const MCP_VERSION: HeaderName = HeaderName::from_static("mcp-protocol-version");

pub(crate) async fn unknown_method(stage: &mut Stage<'_>) -> Tried {
    let params = stage.params();
    stage.ask(NO_SUCH_METHOD, params).await.map_or_else(Tried::prevented, Tried::ran)
}

pub(crate) async fn wrong_params(stage: &mut Stage<'_>) -> Tried {
    let mut params = stage.params();
    if let Some(object) = params.as_object_mut() {
        object.insert("cursor".into(), 7.into());
    }
    stage.ask("tools/list", params).await.map_or_else(Tried::prevented, Tried::ran)
}

pub(crate) async fn unknown_version(stage: &mut Stage<'_>) -> Tried {
    if !stage.was_heard() {
        return Tried::not_applicable("the server refuses every request");
    }
    let options = Options { progress: None, ..stage.options.clone() };
    let until = stage.until_open();
    let mut session = match handshake::connect(stage.target, &options, stage.kind, until).await {
        Ok(session) => session,
        Err(unheard) => return Tried::prevented(format!("it did not start again: {}", unheard.error)),
    };
    // Where it had to be started, it has the time to start.
    let until = if matches!(session.connection, Connection::Stdio(_)) { until } else { stage.until() };
    let (outcome, answered) = offer(&mut session, stage.is_stateless, until).await;
    session.close().await;
    Tried::ran(outcome).and("offered", NO_SUCH_VERSION).and("answered", json!(answered))
}

/// Introduces us with a revision that never was.
async fn offer(session: &mut Session, is_stateless: bool, until: Instant) -> (Outcome, Option<String>) {
    let mut params = if is_stateless { stateless_params() } else { initialize_params() };
    let place = if is_stateless {
        params.pointer_mut("/_meta/io.modelcontextprotocol~1protocolVersion")
    } else {
        params.pointer_mut("/protocolVersion")
    };
    if let Some(place) = place {
        *place = NO_SUCH_VERSION.into();
    }
    if is_stateless {
        session.connection.set_revision(Revision::Stateless(NO_SUCH_VERSION.into()));
    }
    let method = if is_stateless { "server/discover" } else { "initialize" };
    let answer = session.request(method, &params, until).await;
    let mut outcome = Outcome::of(&answer);
    let Ok(Answered::Result(result)) = answer else { return (outcome, None) };
    if is_stateless {
        return (outcome, None);
    }
    let answered = Members::parse(&result)
        .ok()
        .and_then(|members| string(members.get("protocolVersion")?.get()))
        .map(|version| bartizan_model::printable(&bartizan_model::truncate_chars(&version, 100)));
    // To answer with a revision of its own is how a server says no.
    if answered.as_deref() != Some(NO_SUCH_VERSION) {
        outcome.what = "refused";
    }
    (outcome, answered)
}

pub(crate) async fn malformed_json(stage: &mut Stage<'_>) -> Tried {
    if stage.http().is_some() {
        return malformed_body(stage).await;
    }
    let patience = stage.options.probe.patience;
    let latest = stage.until_open();
    let session = match stage.conversation().await {
        Ok(session) => session,
        Err(why) => return Tried::prevented(why),
    };
    let until = Instant::now().checked_add(patience).unwrap_or(latest).min(latest);
    let method =
        if handshake::is_stateless(&session.record.protocol_version) { NO_SUCH_METHOD } else { "ping" };
    let (complaint, answer) = session.request_after(NOT_JSON, method, until).await;
    // Whatever it says late would be taken for an answer to something else.
    stage.bury().await;
    let after = Outcome::of(&answer);
    let outcome = match (&complaint, after.what) {
        (_, "server-died") => after.clone(),
        (Some(error), _) => Outcome::refused(error),
        (None, _) => Outcome::plain("no-answer"),
    };
    Tried::ran(outcome).and("alive", matches!(after.what, "accepted" | "refused"))
}

async fn malformed_body(stage: &mut Stage<'_>) -> Tried {
    if let Err(why) = stage.control().await {
        return stage.no_control(why);
    }
    let raw = Raw::post(NOT_JSON.to_owned(), "tools/list");
    let mut outcome = Outcome::of_reply(&stage.exchange(&raw).await);
    let alive = match stage.control().await {
        Ok(again) => Outcome::of_reply(&stage.exchange(&again).await).accepted(),
        Err(_) => false,
    };
    if !alive {
        outcome.what = "server-died";
    }
    Tried::ran(outcome).and("alive", alive)
}

pub(crate) async fn mismatch(stage: &mut Stage<'_>) -> Tried {
    if !stage.is_stateless {
        return Tried::not_applicable(
            "it does not speak a revision that repeats the body in headers (2026-07-28)",
        );
    }
    if let Err(why) = stage.control().await {
        return stage.no_control(why);
    }
    let odd = [
        ("Mcp-Method", MCP_METHOD, HeaderValue::from_static("prompts/list")),
        ("MCP-Protocol-Version", MCP_VERSION, HeaderValue::from_static(handshake::HANDSHAKE_VERSION)),
    ];
    let mut each = Map::new();
    let mut worst: Option<Outcome> = None;
    for (name, header, value) in odd {
        let raw = stage.message("tools/list").with(header, value);
        let outcome = Outcome::of_reply(&stage.exchange(&raw).await);
        each.insert(name.to_owned(), outcome.what.into());
        if worst.as_ref().is_none_or(|worst| outcome.accepted() && !worst.accepted()) {
            worst = Some(outcome);
        }
    }
    let outcome = worst.unwrap_or_else(|| Outcome::plain("error"));
    Tried::ran(outcome).and("headers", Value::Object(each))
}
