//! Whether the server looks at credentials: it is greeted and listed with a made-up token in their place, and with none.

use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};
use serde_json::json;

use super::{
    outcome::{Outcome, Tried},
    stage::Stage,
};
use crate::{Era, HttpTransport, Options, Probes, Target, handshake};
use bartizan_model::TransportKind;

/// What stands in the place of a token. It says what it is, should somebody find it in a log.
const MADE_UP: &str = "bartizan-made-up-token";
/// 2100.
const FAR_AWAY: u64 = 4_102_444_800;
/// Parts of names of headers that credentials are sent in.
const TELLING: [&str; 8] = ["auth", "cookie", "token", "key", "secret", "password", "session", "credential"];

type Headers = Vec<(String, String)>;

pub(crate) async fn bad_token(stage: &mut Stage<'_>) -> Tried {
    let Target::Http { url, headers, .. } = stage.target else {
        return Tried::not_applicable("it is not reached over HTTP");
    };
    let (made_up, replaced) = with_made_up(headers);
    let without: Headers = headers.iter().filter(|(name, _)| !is_credential(name)).cloned().collect();
    let bare = listed(stage, without).await;
    let with = listed(stage, made_up).await;
    let looks = with.what == "refused";
    let mut tried = Tried::ran(with).and("without_credentials", bare.what).and("replaced", json!(replaced));
    // Who refuses what is no token at all may still believe whatever a token says.
    if looks && replaced.iter().any(|name| name == "authorization") {
        let mut headers: Headers = headers.iter().filter(|(name, _)| !is_credential(name)).cloned().collect();
        let issuer = stage.issuer.clone().unwrap_or_else(|| url.origin().ascii_serialization());
        headers.push(("Authorization".into(), format!("Bearer {}", unsigned(&issuer, url.as_str()))));
        tried = tried.and("unsigned_jwt", listed(stage, headers).await.what);
    }
    tried
}

/// A JSON Web Token that says of itself that nobody signed it (RFC 7519, section 6). Whoever lets it in verifies none.
fn unsigned(issuer: &str, audience: &str) -> String {
    let claims = json!({ "iss": issuer, "aud": audience, "sub": MADE_UP, "exp": FAR_AWAY });
    let part = |text: &str| URL_SAFE_NO_PAD.encode(text);
    format!("{}.{}.", part(r#"{"alg":"none","typ":"JWT"}"#), part(&claims.to_string()))
}

fn is_credential(name: &str) -> bool {
    let name = name.to_ascii_lowercase();
    TELLING.iter().any(|part| name.contains(part))
}

/// The user's headers with made-up credentials, and the names of those that were made up.
fn with_made_up(headers: &Headers) -> (Headers, Vec<String>) {
    let mut replaced = Vec::new();
    let mut made_up: Headers = headers
        .iter()
        .map(|(name, value)| {
            if !is_credential(name) {
                return (name.clone(), value.clone());
            }
            replaced.push(name.to_ascii_lowercase());
            let is_scheme = name.eq_ignore_ascii_case("authorization");
            (name.clone(), if is_scheme { format!("Bearer {MADE_UP}") } else { MADE_UP.to_owned() })
        })
        .collect();
    if replaced.is_empty() {
        made_up.push(("Authorization".into(), format!("Bearer {MADE_UP}")));
        replaced.push("authorization".into());
    }
    (made_up, replaced)
}

/// What comes of introducing ourselves and listing with these headers, in a conversation of its own.
async fn listed(stage: &mut Stage<'_>, headers: Headers) -> Outcome {
    let Target::Http { url, transport, .. } = stage.target else { return Outcome::plain("error") };
    let (mut transport, mut era) = (*transport, stage.options.era);
    if stage.was_heard() {
        let is_sse = stage.kind == TransportKind::Sse;
        transport = if is_sse { HttpTransport::Sse } else { HttpTransport::Streamable };
        era = if stage.is_stateless { Era::Stateless } else { Era::Handshake };
    }
    let target = Target::Http { url: url.clone(), headers, transport };
    let options = Options { era, progress: None, probe: Probes::none(), ..stage.options.clone() };
    let until = stage.until();
    let mut session = match handshake::open(&target, &options, until).await {
        Ok(session) => session,
        Err(unheard) => return Outcome::of_error(&unheard.error),
    };
    let outcome = Outcome::of(&session.request("tools/list", &stage.params(), until).await);
    session.close().await;
    if outcome.code == Some(-32601) {
        // It was let in, and there is nothing to list.
        return Outcome { what: "accepted", ..outcome };
    }
    outcome
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_unsigned_token_has_three_parts_and_the_last_is_empty() {
        let token = unsigned("https://a.example", "https://a.example/mcp");
        let parts: Vec<&str> = token.split('.').collect();
        assert_eq!((parts.len(), parts[2]), (3, ""));
        let claims: serde_json::Value =
            serde_json::from_slice(&URL_SAFE_NO_PAD.decode(parts[1]).unwrap()).unwrap();
        assert_eq!(claims["aud"], "https://a.example/mcp");
    }

    #[test]
    fn no_credential_of_the_users_is_left_and_what_is_none_stays() {
        let given = vec![
            ("Authorization".to_owned(), "Basic s3cret".to_owned()),
            ("X-API-Key".to_owned(), "s3cret".to_owned()),
            ("X-Tenant".to_owned(), "acme".to_owned()),
        ];
        let (made_up, replaced) = with_made_up(&given);
        assert!(!format!("{made_up:?}").contains("s3cret"));
        assert_eq!(replaced, ["authorization", "x-api-key"]);
        assert_eq!(made_up.last().unwrap().1, "acme");
        assert_eq!(with_made_up(&Vec::new()).0.len(), 1);
    }
}
