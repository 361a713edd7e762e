//! What HTTP says about who may ask: challenges and session ids.

use bartizan_model::{printable, truncate_chars};
use reqwest::{Response, Url, header::WWW_AUTHENTICATE};
use serde_json::{Value, json};

use crate::{Error, error::Stop, target::shown};

/// The challenge of a refusal, cut and on one line.
pub(crate) fn www_authenticate(response: &Response) -> Option<String> {
    let value = response.headers().get(WWW_AUTHENTICATE)?;
    Some(printable(&truncate_chars(&String::from_utf8_lossy(value.as_bytes()), 2_000)))
}

/// The error that a refusal is.
pub(crate) fn unauthorized(url: &Url, response: &Response) -> Stop {
    let www_authenticate = www_authenticate(response);
    let resource_metadata =
        www_authenticate.as_deref().and_then(|value| parameter(value, "resource_metadata"));
    Stop::Failed(Box::new(Error::Unauthorized {
        url: shown(url),
        status: response.status().as_u16(),
        www_authenticate,
        resource_metadata,
    }))
}

/// A parameter of a `WWW-Authenticate` challenge, quoted or not.
pub(crate) fn parameter(challenge: &str, name: &str) -> Option<String> {
    let (_, rest) = challenge.split_once(name)?;
    let rest = rest.trim_start().strip_prefix('=')?.trim_start();
    let value = match rest.strip_prefix('"') {
        Some(quoted) => quoted.split('"').next()?,
        None => rest.split([',', ' ']).next()?,
    };
    Some(truncate_chars(value, 500))
}

/// The detail of a "session-id" observation: whether the id could be guessed, and never the id.
pub(crate) fn session_facts(id: Option<&str>, in_url: bool) -> Value {
    match id {
        None => json!({ "present": false, "in_url": in_url }),
        Some(id) => {
            json!({ "present": true, "length": id.len(), "charset": charset(id), "in_url": in_url })
        }
    }
}

/// How guessable a session id looks, without showing it.
pub(crate) fn charset(text: &str) -> &'static str {
    let only = |allowed: fn(&char) -> bool| text.chars().all(|c| allowed(&c));
    if only(char::is_ascii_digit) {
        "digits"
    } else if only(char::is_ascii_hexdigit) {
        "hex"
    } else if text.len() == 36 && text.chars().all(|c| c.is_ascii_hexdigit() || c == '-') {
        "uuid"
    } else if only(char::is_ascii_alphanumeric) {
        "alphanumeric"
    } else if only(char::is_ascii_graphic) {
        "visible-ascii"
    } else {
        "other"
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_metadata_url_is_read_from_a_challenge() {
        let quoted = r#"Bearer realm="x", resource_metadata="https://a/b,c", scope=a"#;
        assert_eq!(parameter(quoted, "resource_metadata").as_deref(), Some("https://a/b,c"));
        assert_eq!(
            parameter("Bearer resource_metadata=https://a/b", "resource_metadata").as_deref(),
            Some("https://a/b")
        );
        assert_eq!(parameter("Bearer resource_metadata", "resource_metadata"), None);
    }

    #[test]
    fn a_session_id_is_described_and_not_shown() {
        assert_eq!(charset("12"), "digits");
        assert_eq!(charset("0b8e9f9e-52d1-4f6a-9f0a-1c4e1d6f2a33"), "uuid");
        assert_eq!(charset("a b"), "other");
    }
}
