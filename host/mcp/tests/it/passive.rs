//! What is told of a server that was only listed.

use bartizan_mcp::{HttpTransport, list_blocking, look_blocking};
use serde_json::{Value, json};

use crate::support::{Web, missing, names, pipe, seconds, told};

#[test]
fn what_a_careful_server_shows_is_told_once_and_nothing_is_wrong_with_its_answers() {
    let web = Web::with(&[]);
    let listing = web.list(20).unwrap();
    assert_eq!((names(&listing), missing(&listing)), (vec!["one"], vec![]));
    let responses = told(&listing, "http-response");
    let listed = responses.iter().find(|r| r["status"] == 200 && r["method"] == "POST").unwrap();
    assert_eq!(
        (&listed["cache_control"], &listed["authenticated"], &listed["set_cookie"]),
        (&json!("no-store"), &json!(false), &json!([]))
    );
    assert_eq!(listed["content_type"], "application/json");
    assert!(listed["access_control_allow_origin"].is_null() && listed["server"].is_string());
    // 400, 200, 202, DELETE: the same again is not told again.
    assert_eq!(responses.len(), 4, "{responses:?}");
    for kind in ["malformed-answer", "version-answered", "list-drift", "probe", "auth-metadata"] {
        assert_eq!(told(&listing, kind), [&json!(null); 0], "{kind}");
    }
}

#[test]
fn caching_and_cookies_are_told_without_a_value() {
    let web = Web::with(&["public-cache", "cookies", "token"]);
    let target = web.target(&[("Authorization", "Bearer right")], HttpTransport::Auto);
    let listing = list_blocking(&target, &seconds(20)).unwrap();
    let responses = told(&listing, "http-response");
    let listed = responses.iter().find(|r| r["status"] == 200 && r["authenticated"] == true).unwrap();
    assert_eq!(listed["cache_control"], "public, max-age=600");
    let cookie = json!([{ "name": "sid", "secure": false, "http_only": false, "same_site": "none" }]);
    assert_eq!(listed["set_cookie"], cookie);
    assert!(responses.iter().any(|r| r["status"] == 401 && r["authenticated"] == false));
    let shown = format!("{listing:?}");
    assert!(!shown.contains("s3cret") && !shown.contains("Bearer right"), "{shown}");
}

/// What each method was answered with to caches, by a server of 2026-07-28 with these flaws.
fn hints(flaws: &[&str], headers: &[(&str, &str)]) -> Vec<(String, Value)> {
    let web = Web::with(&[&["stateless"], flaws].concat());
    let listing = list_blocking(&web.target(headers, HttpTransport::Auto), &seconds(20)).unwrap();
    assert_eq!(listing.server.protocol_version, "2026-07-28");
    let seen = listing.server.observations.into_iter().filter(|one| one.kind == "cache-hint");
    seen.map(|one| (one.about, one.detail)).collect()
}

#[test]
fn what_an_answer_says_to_caches_is_told_of_each_method() {
    let of = |scope: &str, time: u64, authenticated: bool| {
        let detail = json!({ "cache_scope": scope, "ttl_ms": time, "authenticated": authenticated });
        ["server/discover", "tools/list"].map(|method| (method.to_owned(), detail.clone())).to_vec()
    };
    assert_eq!(hints(&["cache-public"], &[]), of("public", 600_000, false));
    assert_eq!(
        hints(&["cache-public", "token"], &[("Authorization", "Bearer right")]),
        of("public", 600_000, true)
    );
    assert_eq!(hints(&["cache-private"], &[]), of("private", 600_000, false));
    assert_eq!(hints(&["cache-now"], &[]), of("public", 0, false));
    assert_eq!(hints(&[], &[]), []);
}

#[test]
fn pages_that_say_different_things_to_caches_are_told_up_to_a_bound() {
    let told = hints(&["cache-private", "cache-pages"], &[]);
    let lists: Vec<&Value> =
        told.iter().filter(|(about, _)| about == "tools/list").map(|(_, detail)| detail).collect();
    let times: Vec<&Value> = lists.iter().map(|detail| &detail["ttl_ms"]).collect();
    assert_eq!(times, [1, 2, 3, 4]);
}

#[test]
fn an_answer_that_is_not_as_json_rpc_has_it_is_heard_and_told() {
    let listing = Web::with(&["odd-envelope"]).list(20).unwrap();
    assert_eq!(names(&listing), ["one"]);
    let mut problems: Vec<&str> =
        told(&listing, "malformed-answer").iter().map(|d| d["problem"].as_str().unwrap()).collect();
    problems.sort_unstable();
    assert_eq!(problems, ["id-type", "jsonrpc-missing", "unknown-members"]);
    assert_eq!(told(&listing, "malformed-answer")[0]["method"], "tools/list");
}

#[test]
fn a_log_line_on_stdout_is_noise_and_no_answer() {
    let listing = list_blocking(&pipe(&["logs-json"]), &seconds(20)).unwrap();
    assert_eq!((names(&listing), missing(&listing)), (vec!["one", "two"], vec![]));
    assert_eq!(told(&listing, "stdout-noise")[0]["lines"], 2);
    assert_eq!((told(&listing, "malformed-answer").len(), listing.refused.len()), (0, 0));
}

#[test]
fn a_revision_that_never_was_is_told_and_an_older_one_is_not() {
    let listing = list_blocking(&pipe(&["odd-version"]), &seconds(20)).unwrap();
    assert_eq!(told(&listing, "version-answered"), [&json!({ "offered": "2025-11-25", "answered": "1.0" })]);
    let older = Web::start(&["hostile_http.py", "sse"]).list(20).unwrap();
    assert_eq!(older.server.protocol_version, "2024-11-05");
    assert_eq!(told(&older, "version-answered"), [&json!(null); 0]);
}

#[test]
fn the_session_of_the_older_transport_is_in_its_address() {
    let listing = Web::older(&[]).list(20).unwrap();
    assert_eq!(names(&listing), ["one"]);
    let told = told(&listing, "session-id")[0];
    assert_eq!(
        (&told["present"], &told["in_url"], &told["length"]),
        (&json!(true), &json!(true), &json!(36))
    );
    let addresses: Vec<&str> = listing
        .server
        .observations
        .iter()
        .filter(|o| o.kind == "http-response")
        .map(|o| o.about.as_str())
        .collect();
    assert!(addresses.iter().any(|address| address.ends_with("/messages?session_id=***")), "{addresses:?}");
}

#[test]
fn a_list_that_is_said_to_have_changed_is_heard_again_and_what_is_new_is_judged() {
    let listing = list_blocking(&pipe(&["changes-list"]), &seconds(20)).unwrap();
    let drift = told(&listing, "list-drift");
    assert_eq!(drift.len(), 1);
    assert_eq!((&drift[0]["added"], &drift[0]["removed"]), (&json!(["three"]), &json!(["two"])));
    assert_eq!(
        (&drift[0]["changed"][0]["name"], &drift[0]["changed"][0]["member"]),
        (&json!("one"), &json!("description"))
    );
    assert_eq!(drift[0]["after"], "list_changed");
    // What a client ends up with, and what it was shown before.
    assert_eq!(names(&listing), ["one", "three", "two"]);
    assert!(listing.server.tools[0].description.as_deref().unwrap().contains("id_rsa"));
    assert_eq!(missing(&listing), [""; 0]);
}

#[test]
fn a_scan_that_fails_keeps_what_was_learnt_on_the_way() {
    let web = Web::start(&["hostile_http.py", "redirect-file"]);
    let unheard = look_blocking(&web.target(&[], HttpTransport::Auto), &seconds(20)).unwrap_err();
    assert_eq!(unheard.error.code(), "redirect");
    let server = unheard.server();
    assert_eq!(server.transport.address, web.url.as_str());
    assert_eq!(server.observations.iter().filter(|o| o.kind == "redirect").count(), 1);

    let web = Web::start(&["hostile_http.py", "unauthorized"]);
    let unheard = look_blocking(&web.target(&[], HttpTransport::Auto), &seconds(20)).unwrap_err();
    let auth = unheard.record.observations.iter().find(|o| o.kind == "http-auth").unwrap();
    assert_eq!(auth.detail["status"], 401);
    assert_eq!(web.noted().iter().filter(|n| n["http"] == "GET").count(), 0, "nothing is probed unasked");

    // Over the older transport the connection is lost before there is a conversation.
    let web = Web::start(&["hostile_http.py", "sse-elsewhere"]);
    let unheard = look_blocking(&web.target(&[], HttpTransport::Sse), &seconds(20)).unwrap_err();
    assert!(unheard.record.observations.iter().any(|o| o.kind == "http-response"));
}
