//! What a response shows of how the server treats its answers: caching, other origins, cookies.

use bartizan_model::{printable, truncate_chars};
use reqwest::{
    Response, Url,
    header::{
        ACCESS_CONTROL_ALLOW_CREDENTIALS, ACCESS_CONTROL_ALLOW_ORIGIN, CACHE_CONTROL, HeaderMap, PRAGMA,
        SERVER, SET_COOKIE, VARY,
    },
};
use serde_json::{Value, json};

use crate::{
    target::shown,
    transport::body::{content_type, header},
};

/// Cookies of one response that are told.
const MAX_COOKIES: usize = 10;
/// What stands for a part of a URL that may be a secret.
const HIDDEN: &str = "***";

/// The detail of an "http-response" observation. `method` is HTTP's.
pub(crate) fn response_facts(method: &str, response: &Response, authenticated: bool) -> Value {
    let headers = response.headers();
    let text = |name| header(headers, &name);
    json!({
        "method": method,
        "status": response.status().as_u16(),
        "cache_control": text(CACHE_CONTROL),
        "pragma": text(PRAGMA),
        "vary": text(VARY),
        "access_control_allow_origin": text(ACCESS_CONTROL_ALLOW_ORIGIN),
        "access_control_allow_credentials": text(ACCESS_CONTROL_ALLOW_CREDENTIALS),
        "content_type": Some(content_type(headers)).filter(|kind| !kind.is_empty())
            .map(|kind| printable(&truncate_chars(&kind, 100))),
        "set_cookie": cookies(headers),
        "server": text(SERVER),
        "authenticated": authenticated,
    })
}

/// Names and attributes, never a value.
fn cookies(headers: &HeaderMap) -> Vec<Value> {
    let told = headers.get_all(SET_COOKIE).iter().take(MAX_COOKIES).map(|value| {
        let text = String::from_utf8_lossy(value.as_bytes());
        let mut parts = text.split(';');
        // Without a `=` browsers take the whole for the value.
        let name = parts.next().and_then(|pair| pair.split_once('=')).map_or("", |(name, _)| name.trim());
        let (mut secure, mut http_only, mut same_site) = (false, false, None);
        for part in parts {
            let (key, value) = part.split_once('=').unwrap_or((part, ""));
            match key.trim().to_ascii_lowercase().as_str() {
                "secure" => secure = true,
                "httponly" => http_only = true,
                "samesite" => {
                    same_site = Some(printable(&truncate_chars(value.trim(), 20)).to_ascii_lowercase());
                }
                _ => {}
            }
        }
        json!({
            "name": printable(&truncate_chars(name, 100)),
            "secure": secure, "http_only": http_only, "same_site": same_site,
        })
    });
    told.collect()
}

/// The URL as it can be shown to anybody: no user name, no password, no fragment, no value of a query, and no segment of the path that
/// looks as if nobody were to guess it.
pub(crate) fn without_secrets(url: &Url) -> String {
    let mut clean = url.clone();
    clean.set_fragment(None);
    if url.query().is_some() {
        let keys: Vec<String> = url.query_pairs().map(|(key, _)| key.into_owned()).collect();
        clean.query_pairs_mut().clear().extend_pairs(keys.iter().map(|key| (key, HIDDEN)));
    }
    let hide = |segment| if is_unguessable(segment) { HIDDEN } else { segment };
    clean.set_path(&url.path().split('/').map(hide).collect::<Vec<_>>().join("/"));
    shown(&clean)
}

/// Long, of one piece, and with digits among its letters.
fn is_unguessable(segment: &str) -> bool {
    segment.len() >= 20
        && segment.bytes().filter(u8::is_ascii_digit).count() >= 2
        && segment
            .bytes()
            .all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_' | b'.' | b'='))
}

/// The session id that an address carries, if it does: in the query, or as a part of the path that the address the user gave does not have.
pub(crate) fn session_in(url: &Url, given: &Url) -> Option<String> {
    let new: Vec<(String, String)> = url
        .query_pairs()
        .filter(|pair| !given.query_pairs().any(|old| old == *pair))
        .map(|(key, value)| (key.to_ascii_lowercase(), value.into_owned()))
        .collect();
    let named = |name: &str| new.iter().find(|(key, _)| key.replace(['-', '_'], "").contains(name));
    if let Some((_, value)) = named("session").or_else(|| new.iter().find(|(key, _)| key == "sid")) {
        return Some(value.clone());
    }
    let mut segments = url.path_segments()?;
    segments.find(|segment| is_unguessable(segment) && !given.path().contains(segment)).map(str::to_owned)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn url(text: &str) -> Url {
        Url::parse(text).unwrap()
    }

    #[test]
    fn a_url_is_shown_without_anything_that_may_be_a_secret() {
        for (given, expected) in [
            ("https://u:p@a.example/mcp?api_key=s3cret&v=2#frag", "https://a.example/mcp?api_key=***&v=***"),
            ("https://a.example/s/0b8e9f9e-52d1-4f6a-9f0a-1c4e1d6f2a33/mcp", "https://a.example/s/***/mcp"),
            (
                "https://a.example/model-context-protocol-server",
                "https://a.example/model-context-protocol-server",
            ),
            ("https://a.example/", "https://a.example/"),
        ] {
            assert_eq!(without_secrets(&url(given)), expected);
        }
    }

    #[test]
    fn a_session_id_in_an_address_is_found_and_what_the_user_wrote_is_none() {
        let given = url("http://a.example/sse?session=mine");
        let found = |text: &str| session_in(&url(text), &given);
        assert_eq!(found("http://a.example/messages?sessionId=abc").as_deref(), Some("abc"));
        assert_eq!(found("http://a.example/messages/?session_id=abc").as_deref(), Some("abc"));
        assert_eq!(
            found("http://a.example/m/0b8e9f9e52d14f6a9f0a1c4e1d6f2a33").as_deref(),
            Some("0b8e9f9e52d14f6a9f0a1c4e1d6f2a33")
        );
        assert_eq!(found("http://a.example/sse?session=mine"), None);
        assert_eq!(found("http://a.example/moved/mcp?lang=en"), None);
    }

    #[test]
    fn a_cookie_is_told_without_its_value() {
        let mut headers = HeaderMap::new();
        headers.append(SET_COOKIE, "sid=s3cret; Path=/; HttpOnly; SameSite=Lax".parse().unwrap());
        headers.append(SET_COOKIE, "bare".parse().unwrap());
        assert_eq!(
            cookies(&headers),
            [
                json!({ "name": "sid", "secure": false, "http_only": true, "same_site": "lax" }),
                json!({ "name": "", "secure": false, "http_only": false, "same_site": null }),
            ]
        );
    }
}
