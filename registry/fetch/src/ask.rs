//! One request and its answer, redirects followed, everything bounded.

use std::time::{Duration, Instant};

use bartizan_model::{printable, truncate_chars};
use bytes::Bytes;
use reqwest::{
    Method, Response, StatusCode, Url,
    header::{
        ACCEPT, ACCEPT_ENCODING, AUTHORIZATION, CONTENT_ENCODING, CONTENT_TYPE, HeaderMap, HeaderValue,
        LOCATION,
    },
};
use tokio::time::timeout;

use crate::{FetchError, cause, client::Inner, rules::shown};

/// Bytes of a refusal that are read.
const MAX_REFUSAL: u64 = 16 << 10;
/// Characters of a refusal that are shown.
const MAX_SHOWN: usize = 300;

/// What is told of a download as it goes on: bytes so far, and how many there will be if the server says so.
pub(crate) type Progress<'a> = &'a mut dyn FnMut(u64, Option<u64>);

/// A request.
#[derive(Clone)]
pub(crate) struct Ask {
    pub(crate) method: Method,
    pub(crate) url: Url,
    pub(crate) accept: Option<&'static str>,
    /// Sent to the origin of `url` and to no other.
    pub(crate) authorization: Option<HeaderValue>,
    /// A body and its media type.
    pub(crate) body: Option<(Bytes, &'static str)>,
    /// Bytes of a good answer that are taken.
    pub(crate) limit: u64,
    /// When it is too late, if that is before its own time is over.
    pub(crate) deadline: Option<Instant>,
}

impl Ask {
    pub(crate) fn get(url: Url, limit: u64) -> Self {
        Self {
            method: Method::GET,
            url,
            accept: None,
            authorization: None,
            body: None,
            limit,
            deadline: None,
        }
    }
}

/// An answer, good or not.
#[derive(Debug)]
pub(crate) struct Answer {
    /// Who answered in the end.
    pub(crate) url: Url,
    pub(crate) status: StatusCode,
    pub(crate) headers: HeaderMap,
    /// The whole body of a good answer, the beginning of a refusal's.
    pub(crate) body: Vec<u8>,
}

impl Answer {
    /// The body, if the answer is a good one.
    pub(crate) fn good(self) -> Result<Vec<u8>, FetchError> {
        if self.status == StatusCode::OK {
            return Ok(self.body);
        }
        let url = shown(&self.url);
        Err(match self.status {
            StatusCode::NOT_FOUND | StatusCode::GONE => FetchError::NotFound { url },
            status => FetchError::Status { url, status: status.as_u16(), said: self.said() },
        })
    }

    /// The beginning of what a refusal says, fit for a message.
    pub(crate) fn said(&self) -> String {
        printable(&truncate_chars(String::from_utf8_lossy(&self.body).trim(), MAX_SHOWN))
    }

    /// A header's text; nothing if it is no text.
    pub(crate) fn header(&self, name: &str) -> Option<&str> {
        self.headers.get(name)?.to_str().ok()
    }
}

impl Inner {
    /// Asks, follows redirects and reads the answer, all within the total time.
    pub(crate) async fn ask(&self, ask: &Ask, progress: Progress<'_>) -> Result<Answer, FetchError> {
        let total = self.timeouts.total;
        let left = ask.deadline.map_or(total, |deadline| deadline.saturating_duration_since(Instant::now()));
        match timeout(total.min(left), self.follow(ask, progress)).await {
            Ok(answer) => answer,
            Err(_) => Err(late(&ask.url, "the whole answer", total)),
        }
    }

    async fn follow(&self, ask: &Ask, progress: Progress<'_>) -> Result<Answer, FetchError> {
        self.rules.check(&ask.url)?;
        let mut url = ask.url.clone();
        // Whoever is sent elsewhere and back comes back as a stranger: it was somebody else who chose where to.
        let mut is_at_home = true;
        for _ in 0..=self.redirects {
            let authorization = ask.authorization.as_ref().filter(|_| is_at_home);
            let response = self.send(ask, &url, authorization).await?;
            if !is_redirect(response.status()) {
                return self.read(ask, url, response, progress).await;
            }
            url = self.redirected(ask, &url, response.headers())?;
            is_at_home = is_at_home && url.origin() == ask.url.origin();
        }
        let why = format!("there were {} redirects before it", self.redirects);
        Err(FetchError::Redirect { from: shown(&ask.url), to: shown(&url), why })
    }

    async fn send(
        &self,
        ask: &Ask,
        url: &Url,
        authorization: Option<&HeaderValue>,
    ) -> Result<Response, FetchError> {
        let mut request =
            self.http(url).request(ask.method.clone(), url.clone()).header(ACCEPT_ENCODING, "identity");
        if let Some(accept) = ask.accept {
            request = request.header(ACCEPT, accept);
        }
        if let Some(authorization) = authorization {
            request = request.header(AUTHORIZATION, authorization);
        }
        let mut wait = self.timeouts.connect.saturating_add(self.timeouts.idle);
        if let Some((body, media_type)) = &ask.body {
            request = request.header(CONTENT_TYPE, *media_type).body(body.clone());
            // How long sending takes is up to the network; the total bounds it.
            wait = self.timeouts.total;
        }
        match timeout(wait, request.send()).await {
            Ok(Ok(response)) => Ok(response),
            Ok(Err(error)) if error.is_timeout() => Err(late(url, "a connection", self.timeouts.connect)),
            Ok(Err(error)) => Err(cause::of_no_answer(url, &error)),
            Err(_) => Err(late(url, "its next bytes", self.timeouts.idle)),
        }
    }

    fn redirected(&self, ask: &Ask, from: &Url, headers: &HeaderMap) -> Result<Url, FetchError> {
        let location = headers.get(LOCATION).map(HeaderValue::as_bytes).unwrap_or_default();
        let location = String::from_utf8_lossy(location);
        let refuse =
            |to: String, why: &str| FetchError::Redirect { from: shown(from), to, why: why.to_owned() };
        let Ok(to) = from.join(&location) else {
            return Err(refuse(printable(&truncate_chars(&location, 100)), "it is not a URL"));
        };
        if !matches!(ask.method, Method::GET | Method::HEAD) {
            return Err(refuse(
                shown(&to),
                "it is only followed when something is asked for, and this sends something",
            ));
        }
        match self.rules.refuses(from, &to) {
            Some(why) => Err(refuse(shown(&to), why)),
            None => Ok(to),
        }
    }

    async fn read(
        &self,
        ask: &Ask,
        url: Url,
        mut response: Response,
        progress: Progress<'_>,
    ) -> Result<Answer, FetchError> {
        let (status, headers) = (response.status(), response.headers().clone());
        let mut body = Vec::new();
        let is_good = status.is_success();
        if let Some(coding) = headers.get(CONTENT_ENCODING).filter(|coding| *coding != "identity" && is_good)
        {
            let coding = printable(&truncate_chars(&String::from_utf8_lossy(coding.as_bytes()), 40));
            return Err(FetchError::Compressed { url: shown(&url), coding });
        }
        // To a HEAD the length is that of what is not sent.
        let announced = response.content_length().filter(|_| ask.method != Method::HEAD);
        let limit = if is_good { ask.limit } else { MAX_REFUSAL };
        let too_big = |announced| FetchError::TooBig { url: shown(&url), limit, announced };
        if let Some(size) = announced.filter(|size| is_good && *size > limit) {
            return Err(too_big(Some(size)));
        }
        loop {
            let piece = match timeout(self.timeouts.idle, response.chunk()).await {
                Ok(Ok(piece)) => piece,
                Ok(Err(error)) if is_good => return Err(cause::of_break(&url, body.len() as u64, &error)),
                Err(_) if is_good => return Err(late(&url, "its next bytes", self.timeouts.idle)),
                // The status says it all; the words are a courtesy.
                Ok(Err(_)) | Err(_) => None,
            };
            let Some(piece) = piece else { break };
            if (body.len() as u64).saturating_add(piece.len() as u64) > limit {
                if is_good {
                    return Err(too_big(None));
                }
                break;
            }
            body.extend_from_slice(&piece);
            if is_good {
                progress(body.len() as u64, announced);
            }
        }
        Ok(Answer { url, status, headers, body })
    }
}

fn is_redirect(status: StatusCode) -> bool {
    matches!(status.as_u16(), 301 | 302 | 303 | 307 | 308)
}

fn late(url: &Url, waited_for: &'static str, limit: Duration) -> FetchError {
    let limit_ms = u64::try_from(limit.as_millis()).unwrap_or(u64::MAX);
    FetchError::Timeout { url: shown(url), waited_for, limit_ms }
}
