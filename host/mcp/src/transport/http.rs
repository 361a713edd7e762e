//! Streamable HTTP: each message is a POST, and its response is JSON or a stream of events.
//!
//! No cookies, no decompression, redirects by hand, headers of the user's to their own origin only.

mod told;

use std::{collections::VecDeque, time::Duration};

use bartizan_model::{Observation, Transport, TransportKind, printable, truncate_chars};
use reqwest::{
    Client, Method, Response, StatusCode, Url,
    header::{ACCEPT, CONTENT_ENCODING, CONTENT_TYPE, HeaderMap, HeaderName, HeaderValue, LOCATION},
};
use serde_json::json;

use crate::{
    Error, Limits,
    error::Stop,
    target::shown,
    transport::{
        Incoming, Outgoing, Revision,
        auth::{unauthorized, www_authenticate},
        body::{causes, content_type, is_jsonrpc, snippet, whole},
        egress, sse, tls,
    },
};

/// Bytes of an error's body that are read.
const MAX_ERROR_BODY: usize = 64 << 10;
/// Times a stream that the server closed early is taken up again.
const MAX_RESUMES: u32 = 10;
/// Observations about connections kept, and of these how many about responses.
const MAX_TOLD: usize = 100;
const MAX_RESPONSES: usize = 20;

pub(crate) const SESSION_ID: HeaderName = HeaderName::from_static("mcp-session-id");
const LAST_EVENT_ID: HeaderName = HeaderName::from_static("last-event-id");

/// A server behind a URL.
pub(crate) struct Http {
    pub(crate) client: Client,
    /// Where messages go: what the user gave, or where that redirected to.
    pub(crate) url: Url,
    /// What the user gave: the user's headers go to its origin only.
    pub(crate) given: Url,
    headers: HeaderMap,
    pub(crate) revision: Revision,
    session: Option<HeaderValue>,
    limits: Limits,
    reading: Reading,
    seen: tls::Seen,
    told: Vec<Observation>,
    has_told_auth: bool,
}

/// The response that is being read.
enum Reading {
    Nothing,
    Texts(VecDeque<Incoming>),
    Events(Box<Events>),
}

pub(crate) struct Events {
    response: Response,
    parser: sse::Parser,
    resumes: u32,
}

impl Events {
    pub(crate) fn new(response: Response, max: usize) -> Self {
        Self { response, parser: sse::Parser::new(max), resumes: 0 }
    }

    /// The next event; `None` at the end of the stream or if it broke.
    pub(crate) async fn next(&mut self) -> Option<sse::Event> {
        loop {
            if let Some(event) = self.parser.ready.pop_front() {
                return Some(event);
            }
            let piece = self.response.chunk().await.ok().flatten()?;
            self.parser.push(&piece);
        }
    }
}

/// A request before it is sent; redirects send it again.
pub(crate) struct Ask<'a> {
    pub(crate) method: Method,
    pub(crate) accept: &'static str,
    /// The body and the MCP method it carries.
    pub(crate) body: Option<(&'a str, Option<&'a str>)>,
    pub(crate) extra: Option<(HeaderName, HeaderValue)>,
}

impl Http {
    pub(crate) fn new(url: &Url, headers: &[(String, String)], limits: &Limits) -> Result<Self, Error> {
        if !matches!(url.scheme(), "http" | "https") || url.host_str().is_none() {
            return Err(Error::BadTarget { why: format!("`{}` is not an http or https URL", shown(url)) });
        }
        let mut map = HeaderMap::new();
        for (name, value) in headers {
            // Neither error may quote the value: it may be a token.
            let bad = |what: &str| Error::BadTarget {
                why: format!("the header `{}` has {what} that HTTP does not allow", printable(name)),
            };
            let name = HeaderName::from_bytes(name.as_bytes()).map_err(|_| bad("a name"))?;
            let mut value = HeaderValue::from_str(value).map_err(|_| bad("a value"))?;
            value.set_sensitive(true);
            map.append(name, value);
        }
        let (client, seen) = client()?;
        Ok(Self {
            client,
            url: url.clone(),
            given: url.clone(),
            headers: map,
            revision: Revision::Unknown,
            session: None,
            limits: limits.clone(),
            reading: Reading::Nothing,
            seen,
            told: Vec::new(),
            has_told_auth: false,
        })
    }

    /// The same place, session and user's headers, over connections of its own.
    pub(crate) fn reconnected(&self) -> Result<Self, Error> {
        let (client, seen) = client()?;
        Ok(Self {
            client,
            url: self.url.clone(),
            given: self.given.clone(),
            headers: self.headers.clone(),
            revision: self.revision.clone(),
            session: self.session.clone(),
            limits: self.limits.clone(),
            reading: Reading::Nothing,
            seen,
            told: Vec::new(),
            has_told_auth: true,
        })
    }

    /// Whether the user's headers are sent to where the server is now.
    pub(crate) fn sends_credentials(&self) -> bool {
        self.url.origin() == self.given.origin() && !self.headers.is_empty()
    }

    /// The id of the session, if there is one.
    pub(crate) fn session(&self) -> Option<&HeaderValue> {
        self.session.as_ref()
    }

    pub(crate) fn transport(&self, kind: TransportKind) -> Transport {
        Transport { kind, address: shown(&self.given), command: Vec::new() }
    }

    /// Posts a message. The answers to a request are then read with [`Self::receive`].
    pub(crate) async fn send(&mut self, out: Outgoing<'_>) -> Result<(), Stop> {
        let ask = Ask {
            method: Method::POST,
            accept: "application/json, text/event-stream",
            body: Some((out.text, out.method)),
            extra: None,
        };
        if out.is_request {
            self.reading = Reading::Nothing;
        }
        let response = self.ask(&ask).await?;
        if out.method == Some("initialize") && response.status().is_success() {
            self.keep_session(response.headers());
        }
        if !out.is_request {
            // 202 as a rule. A server that refuses a notification or an answer of ours says nothing about its lists.
            return Ok(());
        }
        self.read(response).await
    }

    async fn read(&mut self, response: Response) -> Result<(), Stop> {
        let status = response.status();
        let kind = content_type(response.headers());
        if response.headers().get(CONTENT_ENCODING).is_some_and(|coding| coding != "identity") {
            return Err(Stop::Malformed("it is compressed, which was not asked for".into()));
        }
        if status.is_success() && kind == "text/event-stream" {
            self.reading = Reading::Events(Box::new(Events::new(response, self.limits.message_bytes)));
            return Ok(());
        }
        let max = if status.is_success() { self.limits.message_bytes } else { MAX_ERROR_BODY };
        let Some(body) = whole(response, max).await? else {
            if status.is_success() {
                self.reading = Reading::Texts(VecDeque::from([Incoming::TooLarge]));
                return Ok(());
            }
            return Err(self.status_error(status, b""));
        };
        // An HTTP error may carry the JSON-RPC error that explains it.
        if status.is_success() && kind == "application/json" || is_jsonrpc(&body) {
            self.reading = Reading::Texts(VecDeque::from([Incoming::of(body)]));
            return Ok(());
        }
        if !status.is_success() {
            return Err(self.status_error(status, &body));
        }
        if body.is_empty() {
            return Err(Stop::Malformed(format!("HTTP {} without a body", status.as_u16())));
        }
        Err(Stop::Failed(Box::new(Error::NotMcp {
            target: shown(&self.url),
            why: format!("its answer is `{}`: {}", printable(&truncate_chars(&kind, 100)), snippet(&body)),
            stderr: String::new(),
        })))
    }

    fn status_error(&self, status: StatusCode, body: &[u8]) -> Stop {
        Stop::Failed(Box::new(Error::Http {
            url: shown(&self.url),
            status: status.as_u16(),
            body: snippet(body),
        }))
    }

    pub(crate) async fn receive(&mut self) -> Result<Incoming, Stop> {
        loop {
            let events = match &mut self.reading {
                Reading::Nothing => return Err(Stop::Malformed("the response ended without it".into())),
                Reading::Texts(texts) => {
                    if let Some(text) = texts.pop_front() {
                        return Ok(text);
                    }
                    self.reading = Reading::Nothing;
                    continue;
                }
                Reading::Events(events) => events,
            };
            match events.next().await {
                Some(event) if matches!(event.kind.as_str(), "" | "message") => {
                    return Ok(event.data.map_or(Incoming::TooLarge, Incoming::of));
                }
                Some(_) => {}
                None => self.resume().await?,
            }
        }
    }

    /// A server of the handshake era may close a stream before the answer and have us come back for it.
    async fn resume(&mut self) -> Result<(), Stop> {
        let ended = || Stop::Malformed("the stream of events ended without it".into());
        let Reading::Events(events) = &mut self.reading else { return Err(ended()) };
        let id = events.parser.last_id.as_deref().and_then(|id| HeaderValue::from_str(id).ok());
        let (Some(id), Revision::Handshake(_)) = (id, &self.revision) else { return Err(ended()) };
        if events.resumes >= MAX_RESUMES {
            return Err(ended());
        }
        let resumes = events.resumes.saturating_add(1);
        let wait = events.parser.retry.unwrap_or(1_000).min(10_000);
        tokio::time::sleep(Duration::from_millis(wait)).await;
        let ask = Ask {
            method: Method::GET,
            accept: "text/event-stream",
            body: None,
            extra: Some((LAST_EVENT_ID, id)),
        };
        let response = self.ask(&ask).await?;
        if !response.status().is_success() || content_type(response.headers()) != "text/event-stream" {
            return Err(ended());
        }
        let Reading::Events(events) = &mut self.reading else { return Err(ended()) };
        events.response = response;
        events.resumes = resumes;
        Ok(())
    }

    /// Sends it, follows redirects, and tells of what the way there showed.
    pub(crate) async fn ask(&mut self, ask: &Ask<'_>) -> Result<Response, Stop> {
        let mut url = self.url.clone();
        for _ in 0..=self.limits.redirects {
            let sends_credentials = url.origin() == self.given.origin() && !self.headers.is_empty();
            let response = match self.request(&url, ask, true, true).send().await {
                Ok(response) => response,
                Err(error) => return Err(self.connection_error(&url, &error)),
            };
            let status = response.status();
            if matches!(status.as_u16(), 301 | 302 | 307 | 308) && response.headers().contains_key(LOCATION) {
                url = self.redirected(&url, response.headers()).await?;
                continue;
            }
            self.tell_auth(&url, &response, sends_credentials);
            self.tell_response(&url, ask.method.as_str(), &response, sends_credentials);
            if matches!(status.as_u16(), 401 | 403) && !could_be_json(&response)
                || status == StatusCode::UNAUTHORIZED
            {
                return Err(unauthorized(&url, &response));
            }
            self.url = url;
            return Ok(response);
        }
        Err(Stop::Failed(Box::new(Error::Redirect {
            from: shown(&self.url),
            to: shown(&url),
            why: format!("there were more than {}", self.limits.redirects),
        })))
    }

    /// A request as this conversation makes it, as a part of the session or not, with the user's headers or not.
    pub(crate) fn request(
        &self,
        url: &Url,
        ask: &Ask<'_>,
        in_session: bool,
        credentials: bool,
    ) -> reqwest::RequestBuilder {
        let mut request = self.client.request(ask.method.clone(), url.clone()).header(ACCEPT, ask.accept);
        match &self.revision {
            Revision::Handshake(version) if version.as_str() >= "2025-06-18" => {
                request = request.header("MCP-Protocol-Version", printable(version));
            }
            Revision::Stateless(version) => {
                request = request.header("MCP-Protocol-Version", version);
                if let Some((_, Some(method))) = ask.body {
                    request = request.header("Mcp-Method", method);
                }
            }
            _ => {}
        }
        if let Some((text, _)) = ask.body {
            request = request.header(CONTENT_TYPE, "application/json").body(text.to_owned());
        }
        if let Some((name, value)) = &ask.extra {
            request = request.header(name, value);
        }
        if let Some(session) = self.session.as_ref().filter(|_| in_session) {
            request = request.header(SESSION_ID, session);
        }
        if credentials && url.origin() == self.given.origin() {
            // Last, so that what the user says wins.
            request = request.headers(self.headers.clone());
        }
        request
    }

    async fn redirected(&mut self, from: &Url, headers: &HeaderMap) -> Result<Url, Stop> {
        let location =
            headers.get(LOCATION).map(|value| String::from_utf8_lossy(value.as_bytes()).into_owned());
        let location = location.unwrap_or_default();
        let refuse = |to: String, why: &str| {
            Stop::Failed(Box::new(Error::Redirect { from: shown(from), to, why: why.to_owned() }))
        };
        let raw = || printable(&truncate_chars(&location, 500));
        let Ok(mut to) = from.join(&location) else { return Err(refuse(raw(), "it is not a URL")) };
        // Credentials that a server puts into a URL are not ours to send.
        let _ = to.set_username("");
        let _ = to.set_password(None);
        let is_web = matches!(to.scheme(), "http" | "https");
        let inside = is_web && egress::leads_inside(from, &to).await;
        self.tell(
            "redirect",
            &shown(from),
            json!({
                "to": truncate_chars(&shown(&to), 500),
                "cross_origin": to.origin() != from.origin(),
                "downgrade": from.scheme() == "https" && to.scheme() == "http",
                "followed": is_web && !inside,
            }),
        );
        if !is_web {
            return Err(refuse(raw(), "it is not an http or https URL"));
        }
        if inside {
            return Err(refuse(raw(), "it leads from the public network into a private one"));
        }
        Ok(to)
    }

    pub(crate) fn connection_error(&self, url: &Url, error: &reqwest::Error) -> Stop {
        let url_shown = shown(url);
        if let Some((why, facts)) = url.host_str().and_then(|host| self.seen.refused(host)) {
            return Stop::Failed(Box::new(Error::Tls { url: url_shown, why, facts }));
        }
        Stop::Failed(Box::new(Error::Unreachable { url: url_shown, why: causes(error) }))
    }

    /// Tells the server that we are done, if it keeps a session.
    pub(crate) async fn end_session(&mut self) {
        if self.session.is_some() {
            let ask = Ask { method: Method::DELETE, accept: "*/*", body: None, extra: None };
            let _ = tokio::time::timeout(Duration::from_secs(2), self.ask(&ask)).await;
        }
    }
}

/// A client, and what it will have seen of certificates.
fn client() -> Result<(Client, tls::Seen), Error> {
    let setup = |error: &dyn std::error::Error| Error::Setup { why: causes(error) };
    let (config, seen) = tls::platform().map_err(|error| setup(&error))?;
    let client = Client::builder()
        .tls_backend_preconfigured(config)
        .redirect(reqwest::redirect::Policy::none())
        .referer(false)
        .user_agent(concat!("bartizan/", env!("CARGO_PKG_VERSION")))
        .build()
        .map_err(|error| setup(&error))?;
    Ok((client, seen))
}

fn could_be_json(response: &Response) -> bool {
    content_type(response.headers()) == "application/json" && www_authenticate(response).is_none()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_header_that_cannot_be_sent_is_refused_without_showing_its_value() {
        let url = Url::parse("http://127.0.0.1/").unwrap();
        let error =
            Http::new(&url, &[("Authorization".into(), "Bearer s3cret\n".into())], &Limits::default())
                .err()
                .unwrap();
        assert!(
            error.to_string().contains("Authorization") && !error.to_string().contains("s3cret"),
            "{error}"
        );
    }
}
