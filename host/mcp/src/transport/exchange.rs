//! One request of our own making and its answer, beside the conversation: redirects are not followed, no session is kept, and nothing
//! about it is told.

use std::time::Duration;

use reqwest::{
    Method, RequestBuilder, Response, StatusCode, Url,
    header::{HeaderMap, HeaderValue},
};
use tokio::time::{Instant, timeout_at};

use crate::{
    error::Stop,
    json::Members,
    jsonrpc::{self, Message},
    transport::{
        body::{content_type, snippet, whole},
        http::{Ask, Events, Http, SESSION_ID},
    },
};

/// Bytes of an answer that are read.
const MAX_BODY: usize = 4 << 20;
/// Events that are looked through for the answer.
const MAX_EVENTS: usize = 100;

/// A request that may differ from those of the conversation.
#[derive(Clone)]
pub(crate) struct Raw {
    pub(crate) method: Method,
    /// The body and the MCP method that it carries.
    pub(crate) body: Option<(String, String)>,
    /// Put in place of whatever the conversation would send.
    pub(crate) headers: HeaderMap,
    /// Whether the user's headers are sent.
    pub(crate) credentials: bool,
    /// Whether it is a part of the session.
    pub(crate) session: bool,
}

impl Raw {
    /// A message as the conversation would send it.
    pub(crate) fn post(text: String, method: &str) -> Self {
        Self {
            method: Method::POST,
            body: Some((text, method.to_owned())),
            headers: HeaderMap::new(),
            credentials: true,
            session: true,
        }
    }

    /// The same with this header.
    pub(crate) fn with(mut self, name: impl reqwest::header::IntoHeaderName, value: HeaderValue) -> Self {
        self.headers.insert(name, value);
        self
    }
}

/// What came back.
#[derive(Debug)]
pub(crate) struct Reply {
    pub(crate) status: StatusCode,
    pub(crate) headers: HeaderMap,
    /// The JSON-RPC response, if there was one.
    pub(crate) answer: Option<String>,
    /// Whether it is a stream of events, which may be one without the answer.
    pub(crate) is_stream: bool,
    /// The start of the body, on one line.
    pub(crate) text: String,
}

impl Http {
    /// The request, ready to be sent.
    pub(crate) fn prepare(&self, raw: &Raw) -> RequestBuilder {
        let ask = Ask {
            method: raw.method.clone(),
            accept: "application/json, text/event-stream",
            body: raw.body.as_ref().map(|(text, method)| (text.as_str(), Some(method.as_str()))),
            extra: None,
        };
        self.request(&self.url, &ask, raw.session, raw.credentials).headers(raw.headers.clone())
    }

    /// Sends it and reads the answer until then. What is not read by then is not told apart from what is not there.
    pub(crate) async fn exchange(&self, raw: &Raw, until: Instant) -> Result<Reply, Stop> {
        let url = self.url.clone();
        let sent = timeout_at(until, self.prepare(raw).send()).await.map_err(|_| Stop::Timeout)?;
        let response = sent.map_err(|error| self.connection_error(&url, &error))?;
        Ok(read(response, until).await)
    }

    /// Ends a session that a probe opened.
    pub(crate) async fn end(&self, id: HeaderValue) {
        let raw = Raw {
            method: Method::DELETE,
            body: None,
            headers: HeaderMap::new(),
            credentials: true,
            session: false,
        };
        let ended = self.prepare(&raw.with(SESSION_ID, id)).send();
        let _ = tokio::time::timeout(Duration::from_secs(2), ended).await;
    }

    /// A request to another address, with nothing of the user's and nothing of the session's.
    pub(crate) async fn fetch(&self, url: &Url, max: usize, until: Instant) -> Result<Fetched, Stop> {
        let got = async {
            let request = self.client.get(url.clone()).header(reqwest::header::ACCEPT, "application/json");
            let response = request.send().await.map_err(|error| self.connection_error(url, &error))?;
            let (status, headers) = (response.status(), response.headers().clone());
            let body = if status.is_success() { whole(response, max).await? } else { Some(Vec::new()) };
            Ok(Fetched { status, headers, body })
        };
        timeout_at(until, got).await.map_err(|_| Stop::Timeout)?
    }
}

/// What [`Http::fetch`] found.
pub(crate) struct Fetched {
    pub(crate) status: StatusCode,
    pub(crate) headers: HeaderMap,
    /// `None` if it was longer than the bound; empty unless the status is a success.
    pub(crate) body: Option<Vec<u8>>,
}

async fn read(response: Response, until: Instant) -> Reply {
    let (status, headers) = (response.status(), response.headers().clone());
    let is_stream = content_type(&headers) == "text/event-stream";
    let mut reply = Reply { status, headers, answer: None, is_stream, text: String::new() };
    if is_stream {
        let mut events = Events::new(response, MAX_BODY);
        for _ in 0..MAX_EVENTS {
            let Ok(Some(event)) = timeout_at(until, events.next()).await else { break };
            let text = event.data.and_then(|data| String::from_utf8(data).ok());
            if let Some(text) = text.filter(|text| is_response(text)) {
                reply.answer = Some(text);
                break;
            }
        }
        return reply;
    }
    if let Ok(Ok(Some(body))) = timeout_at(until, whole(response, MAX_BODY)).await {
        reply.text = snippet(&body);
        reply.answer = String::from_utf8(body).ok().filter(|text| is_response(text));
    }
    reply
}

fn is_response(text: &str) -> bool {
    Members::parse(text)
        .is_ok_and(|members| matches!(jsonrpc::message(&members), Some(Message::Response { .. })))
}
