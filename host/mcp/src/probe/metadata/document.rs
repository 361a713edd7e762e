//! One metadata document, and what of it is told.

use std::net::IpAddr;

use bartizan_model::{printable, truncate_chars};
use reqwest::Url;
use serde_json::{Map, Value, json};

/// Elements of a list, and characters of a text, that are told.
const MAX_LIST: usize = 30;
const MAX_TEXT: usize = 300;

/// Members that are addresses which credentials, codes or keys pass through.
const ENDPOINTS: [&str; 8] = [
    "authorization_endpoint",
    "token_endpoint",
    "registration_endpoint",
    "jwks_uri",
    "introspection_endpoint",
    "revocation_endpoint",
    "userinfo_endpoint",
    "device_authorization_endpoint",
];

/// A metadata document.
pub(crate) struct Document(Map<String, Value>);

impl Document {
    pub(crate) fn parse(body: &[u8]) -> Result<Self, String> {
        match serde_json::from_slice(body) {
            Ok(Value::Object(members)) => Ok(Self(members)),
            Ok(_) => Err("it is JSON, but not an object".into()),
            Err(error) => Err(format!("it is not JSON: {error}")),
        }
    }

    fn text(&self, key: &str) -> Option<String> {
        self.0.get(key).and_then(Value::as_str).map(told)
    }

    /// The strings of a list.
    pub(crate) fn strings(&self, key: &str) -> Vec<String> {
        let list = self.0.get(key).and_then(Value::as_array).map(Vec::as_slice).unwrap_or_default();
        list.iter().filter_map(Value::as_str).take(MAX_LIST).map(told).collect()
    }

    /// As [`Self::strings`]; `None` if it is absent, which is not the same as empty.
    fn list(&self, key: &str) -> Option<Vec<String>> {
        self.0.get(key).filter(|value| value.is_array()).map(|_| self.strings(key))
    }

    /// The detail of its observation. `given` is where the server is, `issuer` who the document should be of.
    pub(crate) fn facts(&self, sort: &str, status: Option<u16>, given: &Url, issuer: Option<&str>) -> Value {
        let mut detail = Map::new();
        let mut put = |key: &str, value: Value| detail.insert(key.to_owned(), value);
        put("document", sort.into());
        put("status", json!(status));
        put("found", true.into());
        put("error", Value::Null);
        if issuer.is_none() {
            let resource = self.text("resource");
            put("resource_matches", json!(resource.as_deref().map(|resource| covers(resource, given))));
            put("resource", json!(resource));
            put("authorization_servers", json!(self.list("authorization_servers")));
            put("scopes_supported", json!(self.list("scopes_supported")));
            put("bearer_methods_supported", json!(self.list("bearer_methods_supported")));
            return Value::Object(detail);
        }
        let named = self.text("issuer");
        // RFC 8414 wants them identical. A slash at the end of a bare host is the same address.
        let same = |named: &str| {
            issuer.is_some_and(|issuer| named.trim_end_matches('/') == issuer.trim_end_matches('/'))
        };
        put("issuer_matches", json!(named.as_deref().map(same)));
        put("issuer", json!(named));
        for key in [
            "scopes_supported",
            "code_challenge_methods_supported",
            "grant_types_supported",
            "response_types_supported",
            "token_endpoint_auth_methods_supported",
        ] {
            put(key, json!(self.list(key)));
        }
        put("endpoints_https", ENDPOINTS.iter().all(|key| self.is_safe(key)).into());
        put(
            "registration_endpoint",
            self.0.get("registration_endpoint").is_some_and(Value::is_string).into(),
        );
        let by_document = self.0.get("client_id_metadata_document_supported").and_then(Value::as_bool);
        put("client_id_metadata_document_supported", json!(by_document));
        Value::Object(detail)
    }

    /// Absent, https, or of this machine.
    fn is_safe(&self, key: &str) -> bool {
        let Some(value) = self.0.get(key).filter(|value| !value.is_null()) else { return true };
        let Some(url) = value.as_str().and_then(|text| Url::parse(text).ok()) else { return false };
        let host = url.host_str().unwrap_or_default();
        let bare = host.trim_start_matches('[').trim_end_matches(']');
        let is_here =
            host == "localhost" || bare.parse::<IpAddr>().is_ok_and(|address| address.is_loopback());
        url.scheme() == "https" || url.scheme() == "http" && is_here
    }
}

fn told(text: &str) -> String {
    printable(&truncate_chars(text, MAX_TEXT))
}

/// Whether a resource identifier is for this server: of its origin, and its path or one above it.
fn covers(resource: &str, given: &Url) -> bool {
    let Ok(resource) = Url::parse(resource) else { return false };
    let path = resource.path().trim_end_matches('/');
    let rest = given.path().strip_prefix(path);
    resource.origin() == given.origin() && rest.is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn a_resource_covers_its_own_paths_and_nothing_else() {
        let given = Url::parse("https://a.example/v1/mcp").unwrap();
        for resource in
            ["https://a.example", "https://a.example/", "https://a.example/v1", "https://a.example/v1/mcp/"]
        {
            assert!(covers(resource, &given), "{resource}");
        }
        for resource in [
            "https://b.example/v1/mcp",
            "http://a.example/",
            "https://a.example/v1/m",
            "a",
            "https://a.example/v2",
        ] {
            assert!(!covers(resource, &given), "{resource}");
        }
    }

    #[test]
    fn what_is_absent_is_told_apart_from_what_is_empty() {
        let document = Document::parse(br#"{"issuer":"https://b.example/","grant_types_supported":[],"token_endpoint":"http://b.example/t"}"#).unwrap();
        let facts = document.facts(
            "x",
            Some(200),
            &Url::parse("https://a.example/").unwrap(),
            Some("https://b.example"),
        );
        assert_eq!((&facts["issuer_matches"], &facts["endpoints_https"]), (&json!(true), &json!(false)));
        assert_eq!((&facts["grant_types_supported"], &facts["scopes_supported"]), (&json!([]), &Value::Null));
    }

    proptest! {
        #[test]
        fn no_document_makes_it_panic_and_what_is_told_of_it_is_bounded(
            key in prop::sample::select([&ENDPOINTS[..], &["issuer", "resource", "scopes_supported"]].concat()),
            value in prop_oneof![Just("null".to_owned()), Just("7".to_owned()), r#""[a-z:/\[\]@.]{0,40}""#, r#"\["[a-z]{0,9}"(,[0-9])?\]"#],
        ) {
            let body = format!(r#"{{"{key}":{value}}}"#);
            let document = Document::parse(body.as_bytes());
            prop_assume!(document.is_ok());
            let given = Url::parse("https://a.example/mcp").unwrap();
            for issuer in [None, Some("https://b.example")] {
                let facts = document.as_ref().ok().map(|document| document.facts("x", Some(200), &given, issuer));
                prop_assert!(facts.unwrap().to_string().len() < 2_000);
            }
        }
    }

    #[test]
    fn what_is_no_document_is_refused() {
        for body in ["[]", "", "<html>", &"[".repeat(10_000)] {
            assert!(Document::parse(body.as_bytes()).is_err());
        }
    }
}
