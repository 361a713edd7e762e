//! What is told of a server behind a URL: challenges, sessions, and what its responses show.

use bartizan_model::Observation;
use reqwest::{Method, Response, Url, header::HeaderMap};
use serde_json::json;

use super::{Ask, Http, MAX_RESPONSES, MAX_TOLD, Reading, SESSION_ID};
use crate::{
    target::shown,
    transport::{
        Incoming,
        auth::{self, www_authenticate},
        facts,
    },
};

impl Http {
    /// Where the server's challenge says that it is described (RFC 9728), if it made one.
    pub(crate) fn resource_metadata(&self) -> Option<String> {
        let challenges = self.told.iter().filter(|one| one.kind == "http-auth");
        let text = |one: &Observation| one.detail.get("www_authenticate")?.as_str().map(str::to_owned);
        challenges.filter_map(text).find_map(|challenge| auth::parameter(&challenge, "resource_metadata"))
    }

    pub(super) fn keep_session(&mut self, headers: &HeaderMap) {
        let id = headers.get(&SESSION_ID).filter(|id| id.len() <= 4096).cloned();
        let text = id.as_ref().map(|id| String::from_utf8_lossy(id.as_bytes()).into_owned());
        let in_url = facts::session_in(&self.url, &self.given).is_some();
        self.tell("session-id", "", auth::session_facts(text.as_deref(), in_url));
        self.session = id;
    }

    /// Whether the same message is answered without the user's headers. One request, made only when there are any.
    pub(crate) async fn probe_without_credentials(&mut self, text: &str, method: &str) {
        if self.headers.is_empty() || self.url.origin() != self.given.origin() {
            return;
        }
        let headers = std::mem::take(&mut self.headers);
        let session = self.session.take();
        let ask = Ask {
            method: Method::POST,
            accept: "application/json, text/event-stream",
            body: Some((text, Some(method))),
            extra: None,
        };
        let url = self.url.clone();
        if let Ok(response) = self.request(&url, &ask, true, true).send().await {
            self.tell_response(&url, "POST", &response, false);
            let status = response.status();
            let www = www_authenticate(&response);
            // A session made by asking is ended at once.
            self.session = response.headers().get(&SESSION_ID).cloned();
            let answered = status.is_success() && self.read_is_result(response).await;
            self.end_session().await;
            self.told.retain(|o| o.kind != "http-auth" || o.detail.get("status") == Some(&json!(401)));
            self.tell(
                "http-auth",
                &shown(&url),
                json!({
                    "status": status.as_u16(), "www_authenticate": www, "credentials_sent": true,
                    "answered_without_credentials": answered,
                }),
            );
        }
        self.headers = headers;
        self.session = session;
    }

    async fn read_is_result(&mut self, response: Response) -> bool {
        if self.read(response).await.is_err() {
            return false;
        }
        let Ok(Incoming::Text { text, .. }) = self.receive().await else { return false };
        self.reading = Reading::Nothing;
        crate::json::Members::parse(&text).is_ok_and(|members| members.get_some("result").is_some())
    }

    /// The first answer, and every refusal: a server may introduce itself to anybody and list to few.
    pub(super) fn tell_auth(&mut self, url: &Url, response: &Response, credentials_sent: bool) {
        let status = response.status();
        let refused = matches!(status.as_u16(), 401 | 403);
        if !refused && (!status.is_success() || std::mem::replace(&mut self.has_told_auth, true)) {
            return;
        }
        let detail = json!({
            "status": status.as_u16(),
            "www_authenticate": www_authenticate(response),
            "credentials_sent": credentials_sent,
            "answered_without_credentials": if credentials_sent { None } else { Some(!refused) },
        });
        self.tell("http-auth", &shown(url), detail);
    }

    pub(super) fn tell_response(
        &mut self,
        url: &Url,
        method: &str,
        response: &Response,
        authenticated: bool,
    ) {
        if self.told.iter().filter(|one| one.kind == "http-response").count() < MAX_RESPONSES {
            let detail = facts::response_facts(method, response, authenticated);
            self.tell("http-response", &facts::without_secrets(url), detail);
        }
    }

    pub(crate) fn tell(&mut self, kind: &str, about: &str, detail: serde_json::Value) {
        let one = Observation { kind: kind.into(), about: about.into(), detail };
        if self.told.len() < MAX_TOLD && !self.told.contains(&one) {
            self.told.push(one);
        }
    }

    pub(crate) fn observations(&mut self) -> Vec<Observation> {
        let mut told = std::mem::take(&mut self.told);
        for (host, detail) in self.seen.all() {
            told.push(Observation { kind: "tls".into(), about: host, detail });
        }
        told
    }
}
