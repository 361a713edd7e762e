//! Whether a page in somebody's browser may talk to the server: its origin, its host name, and what a preflight says.

use reqwest::{
    Method,
    header::{
        ACCESS_CONTROL_ALLOW_CREDENTIALS, ACCESS_CONTROL_ALLOW_HEADERS, ACCESS_CONTROL_ALLOW_METHODS,
        ACCESS_CONTROL_ALLOW_ORIGIN, ACCESS_CONTROL_REQUEST_HEADERS, ACCESS_CONTROL_REQUEST_METHOD, HOST,
        HeaderMap, HeaderValue, ORIGIN,
    },
};
use serde_json::json;

use super::{
    outcome::{Outcome, Tried},
    stage::Stage,
};
use crate::transport::{body::header, egress, exchange::Raw};

/// RFC 2606: nobody's.
const ORIGIN_OF_ATTACKER: &str = "https://attacker.example";
/// Begins like an origin of this machine.
const LOOKALIKE: &str = "http://localhost.attacker.example";
const HOST_OF_ATTACKER: &str = "attacker.example";

pub(crate) async fn foreign_origin(stage: &mut Stage<'_>) -> Tried {
    let raw = match stage.control().await {
        Ok(raw) => raw.with(ORIGIN, HeaderValue::from_static(ORIGIN_OF_ATTACKER)),
        Err(why) => return stage.no_control(why),
    };
    let reply = stage.exchange(&raw).await;
    let allowed = reply.as_ref().ok().and_then(|reply| header(&reply.headers, &ACCESS_CONTROL_ALLOW_ORIGIN));
    let outcome = Outcome::of_reply(&reply);
    let looks = outcome.what == "refused";
    let mut tried = Tried::ran(outcome).and("allow_origin", json!(allowed));
    if looks {
        // Who looks may look at the beginning only, or let in what has no origin.
        for (key, origin) in [("lookalike", LOOKALIKE), ("null_origin", "null")] {
            let raw = match stage.control().await {
                Ok(raw) => raw.with(ORIGIN, HeaderValue::from_static(origin)),
                Err(_) => break,
            };
            tried = tried.and(key, Outcome::of_reply(&stage.exchange(&raw).await).what);
        }
    }
    tried
}

pub(crate) async fn foreign_host(stage: &mut Stage<'_>) -> Tried {
    let Some(url) = stage.http().map(|http| http.url.clone()) else {
        return Tried::not_applicable("it is not reached over HTTP");
    };
    if !egress::is_private(&url).await {
        return Tried::not_applicable("it has a public address, which no page needs to rebind a name to");
    }
    let host = match url.port() {
        Some(port) => format!("{HOST_OF_ATTACKER}:{port}"),
        None => HOST_OF_ATTACKER.to_owned(),
    };
    let Ok(host) = HeaderValue::from_str(&host) else {
        return Tried::prevented("its port cannot be written into a header");
    };
    match stage.control().await {
        Ok(raw) => {
            let raw = raw.with(HOST, host);
            Tried::ran(Outcome::of_reply(&stage.exchange(&raw).await))
        }
        Err(why) => stage.no_control(why),
    }
}

pub(crate) async fn preflight(stage: &mut Stage<'_>) -> Tried {
    let raw = Raw {
        method: Method::OPTIONS,
        body: None,
        headers: HeaderMap::new(),
        credentials: false,
        session: false,
    }
    .with(ORIGIN, HeaderValue::from_static(ORIGIN_OF_ATTACKER))
    .with(ACCESS_CONTROL_REQUEST_METHOD, HeaderValue::from_static("POST"))
    .with(
        ACCESS_CONTROL_REQUEST_HEADERS,
        HeaderValue::from_static("authorization,content-type,mcp-protocol-version,mcp-session-id"),
    );
    let reply = match stage.exchange(&raw).await {
        Ok(reply) => reply,
        failed => return Tried::ran(Outcome::of_reply(&failed)),
    };
    let told = |name| header(&reply.headers, &name);
    let origin = told(ACCESS_CONTROL_ALLOW_ORIGIN);
    let credentials = told(ACCESS_CONTROL_ALLOW_CREDENTIALS).as_deref() == Some("true");
    let may = matches!(origin.as_deref(), Some("*" | ORIGIN_OF_ATTACKER));
    // Browsers want a success for a preflight.
    let what = match (reply.status.is_success(), reply.status.is_server_error()) {
        (true, _) if may => "accepted",
        (_, true) => "error",
        _ => "refused",
    };
    let status = Some(reply.status.as_u16());
    Tried::ran(Outcome { status, ..Outcome::plain(what) })
        .and("allow_origin", json!(origin))
        .and("allow_credentials", credentials)
        .and("allow_headers", json!(told(ACCESS_CONTROL_ALLOW_HEADERS)))
        .and("allow_methods", json!(told(ACCESS_CONTROL_ALLOW_METHODS)))
}
