//! HTTP+SSE of 2024-11-05: a GET opens a stream of events, its first names the endpoint to POST to, and
//! answers come on the stream.

use reqwest::{Method, Url};

use crate::{
    Error,
    error::Stop,
    target::shown,
    transport::{
        Incoming, Outgoing, auth,
        body::content_type,
        facts,
        http::{Ask, Events, Http},
    },
};

/// A server that answers on a stream.
pub(crate) struct Sse {
    pub(crate) http: Http,
    events: Events,
}

impl Sse {
    /// A server whose stream was opened by [`Self::open`].
    pub(crate) fn new(http: Http, events: Events) -> Self {
        Self { http, events }
    }

    /// Opens the stream and learns the endpoint. What was learnt of the server stays in `http` also if that fails.
    pub(crate) async fn open(http: &mut Http, max: usize) -> Result<Events, Stop> {
        let ask = Ask { method: Method::GET, accept: "text/event-stream", body: None, extra: None };
        let response = http.ask(&ask).await?;
        let not_mcp = |http: &Http, why: String| {
            Stop::Failed(Box::new(Error::NotMcp { target: shown(&http.url), why, stderr: String::new() }))
        };
        let (status, kind) = (response.status(), content_type(response.headers()));
        if !status.is_success() || kind != "text/event-stream" {
            let kind = bartizan_model::printable(&bartizan_model::truncate_chars(&kind, 100));
            let why =
                format!("a GET is answered HTTP {} `{kind}` and not by a stream of events", status.as_u16());
            return Err(not_mcp(http, why));
        }
        let mut events = Events::new(response, max);
        let endpoint = loop {
            match events.next().await {
                Some(event) if event.kind == "endpoint" => break event.data.unwrap_or_default(),
                Some(_) => {}
                None => {
                    return Err(not_mcp(
                        http,
                        "its stream of events ended before it named an endpoint".into(),
                    ));
                }
            }
        };
        let text = String::from_utf8_lossy(&endpoint);
        let url = http.url.join(text.trim()).ok().filter(|url: &Url| url.origin() == http.url.origin());
        let Some(url) = url else {
            // It would otherwise make us post wherever it likes, with the user's headers.
            let endpoint = bartizan_model::printable(&bartizan_model::truncate_chars(&text, 200));
            return Err(not_mcp(http, format!("it names an endpoint of another origin: `{endpoint}`")));
        };
        let id = facts::session_in(&url, &http.url);
        http.tell("session-id", "", auth::session_facts(id.as_deref(), id.is_some()));
        http.url = url;
        Ok(events)
    }

    pub(crate) async fn send(&mut self, out: Outgoing<'_>) -> Result<(), Stop> {
        let ask = Ask {
            method: Method::POST,
            accept: "application/json, text/event-stream",
            body: Some((out.text, out.method)),
            extra: None,
        };
        let response = self.http.ask(&ask).await?;
        let status = response.status();
        if status.is_success() || !out.is_request {
            return Ok(());
        }
        let url = shown(&self.http.url);
        Err(Stop::Failed(Box::new(Error::Http { url, status: status.as_u16(), body: String::new() })))
    }

    pub(crate) async fn receive(&mut self) -> Result<Incoming, Stop> {
        loop {
            match self.events.next().await {
                Some(event) if matches!(event.kind.as_str(), "" | "message") => {
                    return Ok(event.data.map_or(Incoming::TooLarge, Incoming::of));
                }
                Some(_) => {}
                None => return Err(Stop::Closed("closed its stream of events".into())),
            }
        }
    }
}
