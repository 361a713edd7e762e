//! Probes on servers behind URLs, careful and careless.

use bartizan_mcp::{HttpTransport, Listing, Options, Probes, Target, Url, list_blocking, look_blocking};
use serde_json::{Value, json};

use crate::support::{Web, found, missing, names, probe, probing, seconds, told};

/// Looks at `web.py` with these flaws, making these probes.
fn look(flaws: &[&str], probes: &[&str]) -> (Web, Listing) {
    let web = Web::with(flaws);
    let target = web.target(&credentials(flaws), HttpTransport::Auto);
    let listing = list_blocking(&target, &probing(probes)).unwrap();
    (web, listing)
}

fn credentials(flaws: &[&str]) -> Vec<(&'static str, &'static str)> {
    if flaws.contains(&"token") { vec![("Authorization", "Bearer right")] } else { Vec::new() }
}

fn outcome(flaws: &[&str], name: &str) -> Value {
    let (_web, listing) = look(flaws, &[name]);
    let detail = probe(&listing, name).clone();
    assert_eq!(detail.get("ran"), Some(&json!(true)), "{name}: {detail}");
    detail
}

#[test]
fn a_careful_server_passes_every_probe() {
    let (web, listing) = look(&["token"], &["all"]);
    assert_eq!((names(&listing), missing(&listing)), (vec!["one"], vec![]));
    for (name, expected) in [
        ("auth-metadata", "accepted"),
        ("cors-preflight", "refused"),
        ("foreign-origin", "refused"),
        ("foreign-host", "refused"),
        ("bad-token", "refused"),
        ("second-session", "accepted"),
        ("session-reuse", "refused"),
        ("list-again", "accepted"),
        ("unknown-method", "refused"),
        ("unknown-version", "refused"),
        ("wrong-params", "refused"),
        ("malformed-json", "refused"),
    ] {
        assert_eq!(probe(&listing, name)["outcome"], expected, "{name}: {}", probe(&listing, name));
    }
    let second = probe(&listing, "second-session");
    assert_eq!((&second["same_id"], &second["numeric_step"]), (&json!(false), &Value::Null));
    assert_eq!((&second["length"], &second["charset"]), (&json!(36), &json!("uuid")));
    assert_eq!(probe(&listing, "header-body-mismatch")["ran"], false);
    assert_eq!(probe(&listing, "bad-token")["without_credentials"], "refused");
    assert_eq!(told(&listing, "list-drift").len(), 0);
    // Every session that was opened was ended.
    let deleted = web.noted().iter().filter(|n| n["http"] == "DELETE").count();
    let opened = web.noted().iter().filter(|n| opens(n)).count();
    assert_eq!(deleted, opened);
    assert!(!format!("{listing:?}").contains("Bearer right"));
}

/// Whether this request was answered with a session: the made-up and absent credentials were not.
fn opens(noted: &Value) -> bool {
    noted["body"].as_str().is_some_and(|body| body.contains("\"initialize\""))
        && noted.pointer("/headers/authorization") == Some(&json!("Bearer right"))
}

#[test]
fn an_origin_that_is_not_looked_at_is_told_and_so_is_a_host() {
    assert_eq!(outcome(&["any-origin"], "foreign-origin")["outcome"], "accepted");
    assert_eq!(outcome(&["any-host"], "foreign-origin")["outcome"], "refused");
    assert_eq!(outcome(&["any-host"], "foreign-host")["outcome"], "accepted");
    let refused = outcome(&[], "foreign-host");
    assert_eq!((&refused["outcome"], &refused["status"]), (&json!("refused"), &json!(421)));
    assert_eq!(refused["message"], "Invalid Host header");
}

#[test]
fn an_origin_that_is_looked_at_carelessly_is_told() {
    let careless = outcome(&["origin-prefix"], "foreign-origin");
    assert_eq!(
        (&careless["outcome"], &careless["lookalike"], &careless["null_origin"]),
        (&json!("refused"), &json!("accepted"), &json!("accepted"))
    );
    let careful = outcome(&[], "foreign-origin");
    assert_eq!((&careful["lookalike"], &careful["null_origin"]), (&json!("refused"), &json!("refused")));
    assert!(outcome(&["any-origin"], "foreign-origin").get("lookalike").is_none());
}

#[test]
fn a_server_that_is_too_busy_did_not_look_at_the_origin() {
    let busy = outcome(&["busy"], "foreign-origin");
    assert_eq!((&busy["outcome"], &busy["status"]), (&json!("error"), &json!(429)));
}

#[test]
fn what_a_probe_sends_is_what_it_says() {
    let (web, _) = look(&["any-origin", "any-host"], &["foreign-origin", "foreign-host", "cors-preflight"]);
    let noted = web.noted();
    let with = |key: &str, value: &str| {
        noted
            .iter()
            .filter(|n| n["headers"][key].as_str().is_some_and(|v| v.starts_with(value)))
            .collect::<Vec<_>>()
    };
    let origin = with("origin", "https://attacker.example");
    assert_eq!(origin.len(), 2);
    assert!(origin.iter().any(|n| n["http"] == "OPTIONS" && n["headers"]["mcp-session-id"].is_null()));
    assert!(origin.iter().any(|n| n["body"].as_str().is_some_and(|body| body.contains("\"ping\""))));
    assert_eq!(with("host", "attacker.example:").len(), 1);
}

#[test]
fn an_address_that_no_page_can_rebind_to_is_not_probed_for_it() {
    // Nothing is sent: the name is nobody's, and so it is no private address either.
    let url = Url::parse("http://mcp.invalid/mcp").unwrap();
    let target = Target::Http { url, headers: vec![], transport: HttpTransport::Auto };
    let unheard = look_blocking(&target, &probing(&["all"])).unwrap_err();
    assert!(unheard.record.observations.iter().all(|o| o.kind != "probe"), "nobody is there to be probed");
}

#[test]
fn what_a_preflight_allows_is_told() {
    let refused = outcome(&[], "cors-preflight");
    assert_eq!((&refused["outcome"], &refused["allow_origin"]), (&json!("refused"), &Value::Null));
    let all = outcome(&["cors-all"], "cors-preflight");
    assert_eq!(
        (&all["outcome"], &all["allow_origin"], &all["allow_credentials"]),
        (&json!("accepted"), &json!("*"), &json!(false))
    );
    let echo = outcome(&["cors-echo"], "cors-preflight");
    assert_eq!(
        (&echo["outcome"], &echo["allow_origin"], &echo["allow_credentials"]),
        (&json!("accepted"), &json!("https://attacker.example"), &json!(true))
    );
}

#[test]
fn a_token_that_is_not_looked_at_is_told_apart_from_one_that_is_not_needed() {
    let any = outcome(&["token", "any-token"], "bad-token");
    assert_eq!((&any["outcome"], &any["without_credentials"]), (&json!("accepted"), &json!("refused")));
    let open = outcome(&[], "bad-token");
    assert_eq!((&open["outcome"], &open["without_credentials"]), (&json!("accepted"), &json!("accepted")));
    assert!(any.get("unsigned_jwt").is_none(), "a token that is let in says all there is to say");
    let believes = outcome(&["token", "believes-jwt"], "bad-token");
    assert_eq!((&believes["outcome"], &believes["unsigned_jwt"]), (&json!("refused"), &json!("accepted")));
    let (web, listing) = look(&["token"], &["bad-token"]);
    assert_eq!(probe(&listing, "bad-token")["unsigned_jwt"], "refused");
    assert_eq!(probe(&listing, "bad-token")["replaced"], json!(["authorization"]));
    let sent: Vec<Value> = web.noted().iter().map(|n| n["headers"]["authorization"].clone()).collect();
    assert!(sent.contains(&json!("Bearer bartizan-made-up-token")) && sent.contains(&Value::Null));
}

#[test]
fn session_ids_that_repeat_or_count_are_told() {
    let same = outcome(&["same-session"], "second-session");
    assert_eq!(same["same_id"], true);
    let counting = outcome(&["counting-session"], "second-session");
    assert_eq!(
        (&counting["same_id"], &counting["numeric_step"], &counting["common_prefix"]),
        (&json!(false), &json!(1), &json!(9))
    );
    let (_web, listing) = look(&["no-session"], &["second-session", "session-reuse"]);
    for name in ["second-session", "session-reuse"] {
        assert_eq!((&probe(&listing, name)["ran"], missing(&listing).len()), (&json!(false), 0));
    }
}

#[test]
fn a_session_that_lets_in_whoever_has_its_id_is_told() {
    let loose = outcome(&["token", "loose-session"], "session-reuse");
    assert_eq!((&loose["outcome"], &loose["credentials_left_out"]), (&json!("accepted"), &json!(true)));
    let bound = outcome(&["token"], "session-reuse");
    assert_eq!((&bound["outcome"], &bound["status"]), (&json!("refused"), &json!(401)));
    let open = outcome(&[], "session-reuse");
    assert_eq!((&open["outcome"], &open["credentials_left_out"]), (&json!("accepted"), &json!(false)));
}

#[test]
fn a_server_that_takes_anything_is_told_for_it() {
    let flaws = ["echoes-version", "knows-all-methods", "any-params", "reads-anything"];
    let names = ["unknown-version", "unknown-method", "wrong-params", "malformed-json"];
    let (_web, listing) = look(&flaws, &names);
    for name in names {
        assert_eq!(probe(&listing, name)["outcome"], "accepted", "{name}");
    }
    assert_eq!(probe(&listing, "unknown-version")["answered"], "1999-01-01");
    assert_eq!(missing(&listing), [""; 0]);
}

#[test]
fn a_server_that_falls_over_a_body_that_is_no_json_is_told() {
    let fell = outcome(&["falls-over"], "malformed-json");
    assert_eq!(
        (&fell["outcome"], &fell["status"], &fell["alive"]),
        (&json!("server-died"), &json!(500), &json!(false))
    );
    let careful = outcome(&[], "malformed-json");
    assert_eq!(
        (&careful["status"], &careful["code"], &careful["alive"]),
        (&json!(400), &json!(-32700), &json!(true))
    );
}

#[test]
fn a_list_that_turns_after_a_while_is_told_and_judged() {
    let (_web, listing) = look(&["drifts"], &["list-again"]);
    assert_eq!(probe(&listing, "list-again")["drifted"], true);
    let drift = told(&listing, "list-drift")[0];
    assert_eq!((&drift["added"], &drift["changed"][0]["member"]), (&json!(["two"]), &json!("description")));
    assert_eq!(names(&listing), ["two", "one"]);
}

#[test]
fn headers_that_contradict_the_body_are_noticed_by_a_careful_server_only() {
    let careful = outcome(&["stateless"], "header-body-mismatch");
    assert_eq!((&careful["outcome"], &careful["code"]), (&json!("refused"), &json!(-32020)));
    let loose = outcome(&["stateless-loose"], "header-body-mismatch");
    assert_eq!(loose["outcome"], "accepted");
    assert_eq!(loose["headers"], json!({ "Mcp-Method": "accepted", "MCP-Protocol-Version": "accepted" }));
    let version = outcome(&["stateless"], "unknown-version");
    assert_eq!((&version["outcome"], &version["code"]), (&json!("refused"), &json!(-32022)));
    assert_eq!(outcome(&["stateless-loose"], "unknown-version")["outcome"], "accepted");
}

#[test]
fn a_burst_is_made_by_its_own_name_only_and_counts_what_was_limited() {
    let open = outcome(&[], "burst");
    assert_eq!(
        (&open["outcome"], &open["sent"], &open["answered"], &open["limited"]),
        (&json!("accepted"), &json!(40), &json!(40), &json!(0))
    );
    let limits = outcome(&["limits"], "burst");
    assert_eq!(limits["outcome"], "refused");
    assert!(limits["limited"].as_u64().unwrap() > 20, "{limits}");
    let (web, listing) = look(&[], &["all"]);
    assert!(listing.server.observations.iter().all(|o| o.about != "burst"));
    assert!(web.noted().len() < 60, "{}", web.noted().len());
}

#[test]
fn who_gives_out_credentials_is_found_from_the_challenge_also_without_any() {
    let web = Web::with(&["token"]);
    let unheard = look_blocking(&web.target(&[], HttpTransport::Auto), &probing(&["all"])).unwrap_err();
    assert_eq!(unheard.error.code(), "unauthorized");
    let observations = &unheard.record.observations;
    let documents: Vec<&Value> =
        observations.iter().filter(|o| o.kind == "auth-metadata").map(|o| &o.detail).collect();
    assert_eq!(documents.len(), 2, "{documents:?}");
    assert_eq!(
        (&documents[0]["document"], &documents[0]["resource_matches"], &documents[0]["scopes_supported"]),
        (&json!("protected-resource"), &json!(true), &json!(["read"]))
    );
    assert_eq!(
        (
            &documents[1]["document"],
            &documents[1]["issuer_matches"],
            &documents[1]["code_challenge_methods_supported"]
        ),
        (&json!("authorization-server"), &json!(true), &json!(["S256"]))
    );
    assert_eq!(
        (&documents[1]["endpoints_https"], &documents[1]["registration_endpoint"]),
        (&json!(true), &json!(true))
    );
    assert_eq!(documents[1]["client_id_metadata_document_supported"], Value::Null);
    assert_eq!(found(observations, "bad-token")["outcome"], "refused");
    // What cannot be told from a refusal of everything is not told.
    assert_eq!(found(observations, "foreign-origin")["ran"], false);
    let gets = web.noted().iter().filter(|n| n["http"] == "GET").count();
    assert!(gets <= 6);

    let web = Web::with(&["token", "any-token"]);
    let unheard = look_blocking(&web.target(&[], HttpTransport::Auto), &probing(&["bad-token"])).unwrap_err();
    assert_eq!(found(&unheard.record.observations, "bad-token")["outcome"], "accepted");
}

#[test]
fn a_document_that_names_a_machine_of_ours_is_not_followed_and_no_credential_goes_along() {
    let (web, listing) = look(&["token", "private-metadata"], &["auth-metadata"]);
    let refused: Vec<&Value> =
        told(&listing, "auth-metadata").into_iter().filter(|d| d["found"] == false).collect();
    assert!(!refused.is_empty());
    for one in refused {
        assert!(
            one["error"].as_str().unwrap().contains("neither https nor of the server's own origin"),
            "{one}"
        );
    }
    let gets: Vec<Value> = web.noted().into_iter().filter(|n| n["http"] == "GET").collect();
    assert!(!gets.is_empty());
    assert!(
        gets.iter()
            .all(|n| n["headers"]["authorization"].is_null() && n["headers"]["mcp-session-id"].is_null())
    );
}

#[test]
fn a_document_is_found_where_the_challenge_says_also_if_credentials_were_good() {
    let (web, listing) = look(&["token", "elsewhere-metadata"], &["auth-metadata"]);
    let found = told(&listing, "auth-metadata").iter().filter(|d| d["found"] == true).count();
    assert_eq!(found, 2);
    assert!(web.noted().iter().any(|n| n["path"] == "/protected.json"));
}

#[test]
fn a_hostile_document_is_refused_with_the_reason() {
    for (flaw, why) in [
        ("huge-metadata", "larger than 256 KiB"),
        ("deep-metadata", "not JSON"),
        ("moved-metadata", "neither https nor of the server's own origin"),
    ] {
        let (_web, listing) = look(&["token", flaw], &["auth-metadata"]);
        let first = told(&listing, "auth-metadata")[0];
        assert!(first["found"] == false && first["error"].as_str().unwrap().contains(why), "{flaw}: {first}");
        assert_eq!(missing(&listing), [""; 0]);
    }
}

#[test]
fn a_server_without_documents_is_asked_at_most_six_times() {
    let (web, listing) = look(&[], &["auth-metadata"]);
    assert_eq!(probe(&listing, "auth-metadata")["outcome"], "refused");
    let gets = web.noted().iter().filter(|n| n["http"] == "GET").count();
    assert!((2..=6).contains(&gets), "{gets}");
    assert!(told(&listing, "auth-metadata").iter().all(|d| d["found"] == false && d["status"] == 404));
}

#[test]
fn the_older_transport_is_probed_over_its_endpoint() {
    for (flaws, expected) in [(vec![], "refused"), (vec!["any-origin", "any-host"], "accepted")] {
        let web = Web::older(&flaws);
        let listing = list_blocking(&web.target(&[], HttpTransport::Auto), &probing(&["all"])).unwrap();
        assert_eq!((names(&listing), listing.server.transport.kind.as_str()), (vec!["one"], "sse"));
        for name in ["foreign-origin", "foreign-host"] {
            assert_eq!(probe(&listing, name)["outcome"], expected, "{name}");
        }
        for name in ["unknown-method", "unknown-version", "wrong-params", "malformed-json"] {
            assert_eq!(probe(&listing, name)["outcome"], "refused", "{name}: {}", probe(&listing, name));
        }
        assert_eq!(probe(&listing, "list-again")["drifted"], false);
        assert_eq!((missing(&listing), told(&listing, "malformed-answer").len()), (vec![], 0));
    }
}

#[test]
fn a_server_that_stalls_cannot_make_a_probe_last() {
    let web = Web::with(&["stalls-on-origin"]);
    let mut probe_it = Probes::named(["foreign-origin", "unknown-method"]).unwrap();
    probe_it.patience = std::time::Duration::from_millis(300);
    let options = Options { probe: probe_it, ..seconds(20) };
    let listing = list_blocking(&web.target(&[], HttpTransport::Auto), &options).unwrap();
    assert_eq!(probe(&listing, "foreign-origin")["outcome"], "no-answer");
    assert_eq!(probe(&listing, "unknown-method")["outcome"], "refused");
}

#[test]
fn a_server_that_floods_cannot_make_a_probe_last() {
    let web = Web::with(&["floods"]);
    let listing =
        list_blocking(&web.target(&[], HttpTransport::Auto), &probing(&["foreign-origin"])).unwrap();
    // The flood was let in where there is nothing odd about the request, so that it is not is about the origin.
    assert_eq!(probe(&listing, "foreign-origin")["outcome"], "refused");
}

#[test]
fn a_server_that_is_gone_before_a_probe_is_not_said_to_have_died_of_it() {
    let web = Web::with(&["no-session"]);
    let target = web.target(&[], HttpTransport::Auto);
    let stopper = std::sync::Mutex::new(Some(web));
    let progress: bartizan_mcp::Progress = std::sync::Arc::new(move |stage: &str| {
        if stage == "probe foreign-origin" {
            // Ends the server.
            stopper.lock().unwrap().take();
        }
    });
    let options = Options { progress: Some(progress), ..probing(&["foreign-origin", "malformed-json"]) };
    let listing = list_blocking(&target, &options).unwrap();
    for name in ["foreign-origin", "malformed-json"] {
        assert_eq!(probe(&listing, name)["ran"], false, "{}", probe(&listing, name));
    }
    assert_eq!(missing(&listing).len(), 2);
    assert_eq!(names(&listing), ["one"]);
}
