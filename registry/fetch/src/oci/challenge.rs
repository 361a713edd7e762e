//! What a registry says about how to log in.

use bartizan_model::{printable, truncate_chars};
use reqwest::header::{HeaderMap, WWW_AUTHENTICATE};

/// Characters of all challenges that are read.
const MAX_LENGTH: usize = 8 << 10;

/// How a registry wants to be told who asks.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Challenge {
    /// A name and a password with each request.
    Basic,
    /// A token, to be had at `realm`.
    Bearer { realm: String, service: Option<String> },
}

impl Challenge {
    /// The challenge of a refusal. Of several, the one that sends the password less often.
    pub(super) fn of(headers: &HeaderMap) -> Result<Self, String> {
        let mut is_basic = false;
        let mut length = 0_usize;
        for value in headers.get_all(WWW_AUTHENTICATE) {
            let text = value.to_str().map_err(|_| "its challenge is not text".to_owned())?;
            length = length.saturating_add(text.len());
            if length > MAX_LENGTH {
                return Err("its challenge is too long".to_owned());
            }
            let challenges = http_auth::parse_challenges(text).map_err(|_| {
                format!("its challenge is malformed: {}", printable(&truncate_chars(text, 100)))
            })?;
            for challenge in challenges {
                if challenge.scheme.eq_ignore_ascii_case("basic") {
                    is_basic = true;
                }
                if challenge.scheme.eq_ignore_ascii_case("bearer") {
                    let find = |name: &str| {
                        let found = challenge.params.iter().find(|(key, _)| key.eq_ignore_ascii_case(name));
                        found.map(|(_, value)| value.to_unescaped())
                    };
                    let realm = find("realm").ok_or("its challenge names no realm to get a token from")?;
                    return Ok(Self::Bearer { realm, service: find("service") });
                }
            }
        }
        if is_basic {
            Ok(Self::Basic)
        } else {
            Err("it does not say how (neither Basic nor Bearer)".to_owned())
        }
    }
}

#[cfg(test)]
mod tests {
    use reqwest::header::HeaderValue;

    use super::*;

    fn of(values: &[&str]) -> Result<Challenge, String> {
        let mut headers = HeaderMap::new();
        for value in values {
            headers.append(WWW_AUTHENTICATE, HeaderValue::from_str(value).unwrap());
        }
        Challenge::of(&headers)
    }

    #[test]
    fn challenges_are_read_as_registries_write_them() {
        let bearer = |realm: &str, service: Option<&str>| {
            Ok(Challenge::Bearer { realm: realm.to_owned(), service: service.map(str::to_owned) })
        };
        assert_eq!(of(&["Basic realm=\"x\""]), Ok(Challenge::Basic));
        assert_eq!(
            of(&["Bearer realm=\"https://a/t\",service=\"s\",scope=\"repository:x:pull\""]),
            bearer("https://a/t", Some("s"))
        );
        assert_eq!(of(&["bearer Realm=\"https://a/t\""]), bearer("https://a/t", None));
        assert_eq!(of(&["Basic realm=x", "Bearer realm=\"https://a/t\""]), bearer("https://a/t", None));
    }

    #[test]
    fn a_challenge_that_says_nothing_is_refused() {
        for values in [&[][..], &["Bearer service=\"x\""], &["Negotiate"], &["\"\"\""]] {
            assert!(of(values).is_err(), "{values:?}");
        }
        assert!(of(&[&format!("Bearer realm=\"{}\"", "a".repeat(10_000))]).is_err());
    }
}
