//! Servers behind URLs.

use bartizan_mcp::{HttpTransport, Listing, list_blocking};
use serde_json::{Value, json};

use crate::support::{Web, missing, names, seconds, told};

fn methods(web: &Web) -> Vec<String> {
    web.noted()
        .iter()
        .map(|n| format!("{} {}", n["http"].as_str().unwrap(), n["method"].as_str().unwrap_or("-")))
        .collect()
}

fn heard(listing: &Listing) {
    assert_eq!((names(listing), missing(listing)), (vec!["one"], vec![]));
}

#[test]
fn a_server_of_the_handshake_era_is_heard_and_its_session_ended() {
    let web = Web::start(&["hostile_http.py", "session"]);
    let listing = web.list(20).unwrap();
    heard(&listing);
    assert_eq!(
        methods(&web),
        [
            "POST server/discover",
            "POST initialize",
            "POST notifications/initialized",
            "POST tools/list",
            "DELETE -"
        ]
    );
    assert_eq!(
        told(&listing, "session-id"),
        [&json!({ "present": true, "length": 36, "charset": "uuid", "in_url": false })]
    );
    let noted = web.noted();
    let sent = |at: usize, header: &str| noted[at]["headers"][header].clone();
    assert_eq!(
        (sent(0, "mcp-protocol-version"), sent(0, "mcp-method")),
        (json!("2026-07-28"), json!("server/discover"))
    );
    assert_eq!((sent(1, "mcp-protocol-version"), sent(1, "mcp-method")), (Value::Null, Value::Null));
    assert_eq!((sent(3, "mcp-protocol-version"), sent(3, "mcp-method")), (json!("2025-11-25"), Value::Null));
    assert_eq!(noted[4]["session"], noted[3]["headers"]["mcp-session-id"]);
    assert_eq!(told(&listing, "http-auth")[0]["answered_without_credentials"], true);
    assert!(!format!("{:?}", listing.server).contains("0b8e9f9e"), "the session id is not shown");
}

#[test]
fn a_stateless_server_is_spoken_to_in_its_own_way_with_matching_headers() {
    let web = Web::start(&["stateless.py", "http"]);
    let listing = web.list(20).unwrap();
    assert_eq!(names(&listing), ["forecast", "second"]);
    assert_eq!((listing.server.protocol_version.as_str(), missing(&listing)), ("2026-07-28", vec![]));
}

#[test]
fn the_older_transport_is_found_and_heard() {
    let web = Web::start(&["hostile_http.py", "sse"]);
    let listing = web.list(20).unwrap();
    heard(&listing);
    assert_eq!(
        (listing.server.protocol_version.as_str(), listing.server.transport.kind.as_str()),
        ("2024-11-05", "sse")
    );
}

#[test]
fn an_endpoint_of_another_origin_is_not_posted_to() {
    let web = Web::start(&["hostile_http.py", "sse-elsewhere"]);
    let error = list_blocking(&web.target(&[], HttpTransport::Sse), &seconds(10)).unwrap_err();
    assert_eq!(error.code(), "not-mcp");
    assert!(error.to_string().contains("another origin"), "{error}");
}

#[test]
fn a_stream_that_breaks_off_is_taken_up_again() {
    heard(&Web::start(&["hostile_http.py", "resume"]).list(20).unwrap());
}

#[test]
fn requests_in_a_stream_are_answered_beside_it() {
    let web = Web::start(&["hostile_http.py", "asks"]);
    let listing = web.list(20).unwrap();
    heard(&listing);
    assert_eq!(told(&listing, "server-request").len(), 2);
    let replies: Vec<Value> =
        web.noted().into_iter().map(|n| n["reply"].clone()).filter(|r| !r.is_null()).collect();
    assert_eq!(replies[0]["result"], json!({ "roots": [] }));
    assert_eq!((&replies[1]["id"], &replies[1]["error"]["code"]), (&json!(71), &json!(-32601)));
}

#[test]
fn credentials_do_not_follow_a_redirect_to_another_origin() {
    let elsewhere = Web::start(&["hostile_http.py", "honest"]);
    let web = Web::start(&["hostile_http.py", "redirect", elsewhere.url.as_str()]);
    let headers = [("Authorization", "Bearer s3cret"), ("X-Api-Key", "s3cret")];
    let listing = list_blocking(&web.target(&headers, HttpTransport::Auto), &seconds(20)).unwrap();
    heard(&listing);
    assert!(web.noted().iter().any(|n| n["headers"]["authorization"] == "Bearer s3cret"));
    assert!(!elsewhere.noted().is_empty() && !format!("{:?}", elsewhere.noted()).contains("s3cret"));
    let redirect = told(&listing, "redirect")[0];
    assert_eq!((&redirect["cross_origin"], &redirect["followed"]), (&json!(true), &json!(true)));
    assert!(!format!("{listing:?}").contains("s3cret"));
}

#[test]
fn redirects_are_followed_within_bounds_and_never_to_another_scheme() {
    heard(&Web::start(&["hostile_http.py", "redirect"]).list(20).unwrap());
    for mode in ["redirect-loop", "redirect-file"] {
        let error = Web::start(&["hostile_http.py", mode]).list(20).unwrap_err();
        assert_eq!(error.code(), "redirect", "{error}");
    }
}

#[test]
fn a_server_that_wants_credentials_says_so_and_where_to_get_them() {
    let error = Web::start(&["hostile_http.py", "unauthorized"]).list(20).unwrap_err();
    assert_eq!(error.code(), "unauthorized");
    let bartizan_mcp::Error::Unauthorized { status, resource_metadata, .. } = error else { panic!() };
    assert_eq!(
        (status, resource_metadata.as_deref()),
        (401, Some("https://auth.example/.well-known/oauth-protected-resource"))
    );
}

#[test]
fn whether_credentials_were_needed_is_known() {
    for (mode, needed) in [("token", false), ("session", true)] {
        let web = Web::start(&["hostile_http.py", mode]);
        let target = web.target(&[("Authorization", "Bearer right")], HttpTransport::Auto);
        let listing = list_blocking(&target, &seconds(20)).unwrap();
        heard(&listing);
        let auth = told(&listing, "http-auth");
        assert_eq!(auth.len(), 1);
        assert_eq!(
            (&auth[0]["credentials_sent"], &auth[0]["answered_without_credentials"]),
            (&json!(true), &json!(needed)),
            "{mode}"
        );
    }
}

#[test]
fn what_is_not_mcp_and_what_floods_or_stalls_is_an_error_or_not_checked() {
    for (mode, code) in [
        ("html", "not-mcp"),
        ("broken", "http-status"),
        ("slow-headers", "timeout"),
        ("huge-body", "not-mcp"),
    ] {
        let error = Web::start(&["hostile_http.py", mode]).list(5).unwrap_err();
        assert_eq!(error.code(), code, "{mode}: {error}");
        assert!(!error.to_string().contains('\x1b'), "{error}");
    }
    let listing = Web::start(&["hostile_http.py", "endless-events"]).list(5).unwrap();
    assert_eq!(missing(&listing), ["tools/list timeout"]);
    assert_eq!(listing.record.from_server.len(), 100);
    let error = Web::start(&["hostile_http.py", "gzip"]).list(5).unwrap_err();
    assert!(error.to_string().contains("compressed"), "{error}");
    let nobody = bartizan_mcp::Target::Http {
        url: "http://127.0.0.1:1/".parse().unwrap(),
        headers: vec![],
        transport: HttpTransport::Auto,
    };
    assert_eq!(list_blocking(&nobody, &seconds(5)).unwrap_err().code(), "unreachable");
}

#[test]
fn a_certificate_that_cannot_be_verified_ends_it_before_anything_is_sent() {
    let key = rcgen::generate_simple_self_signed(vec!["127.0.0.1".into()]).unwrap();
    let file = tempfile::NamedTempFile::new().unwrap();
    std::fs::write(file.path(), format!("{}{}", key.signing_key.serialize_pem(), key.cert.pem())).unwrap();
    let web = Web::start(&["hostile_http.py", "tls", file.path().to_str().unwrap()]);
    let target = web.target(&[("Authorization", "Bearer s3cret")], HttpTransport::Auto);
    let error = list_blocking(&target, &seconds(10)).unwrap_err();
    assert_eq!(error.code(), "tls", "{error}");
    let bartizan_mcp::Error::Tls { facts, .. } = error else { panic!() };
    assert_eq!(facts["self_signed"], true);
    assert!(facts["subject"].as_str().unwrap().contains("rcgen"), "{facts}");
    assert!(facts["not_after"].as_i64().unwrap() > 0 && facts["verification_error"].is_string());
    assert_eq!(web.noted(), Vec::<Value>::new());
}
