//! What a hostile web server can do to us.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "these are tests"
)]

mod support;

use bartizan_fetch::{Client, FetchError, HttpFolder, Options, Url};
use support::{Server, client, get, impatient};

/// The text of this error, and its code.
fn refused(client: &Client, url: &Url, limit: u64) -> (&'static str, String) {
    let error = get(client, url, limit).expect_err(url.as_str());
    assert!(!error.advice().is_empty());
    (error.code(), error.to_string())
}

#[test]
fn a_good_answer_arrives_and_is_told_of_on_the_way() {
    let server = Server::start("hostile.py", &[]);
    let mut told = Vec::new();
    let body =
        client().get(&server.url("/ok"), 5, &mut |received, total| told.push((received, total))).unwrap();
    assert_eq!(body, b"hello");
    assert_eq!(told.last(), Some(&(5, Some(5))));
}

#[test]
fn an_endless_answer_ends_at_the_limit() {
    let server = Server::start("hostile.py", &[]);
    for path in ["/endless", "/endless-without-length"] {
        let mut most = 0;
        let error = client().get(&server.url(path), 1 << 20, &mut |received, _| most = received).unwrap_err();
        assert!(matches!(error, FetchError::TooBig { limit: 1_048_576, announced: None, .. }), "{error}");
        assert!(most <= 1 << 20, "{most} bytes were taken of {path}");
    }
}

#[test]
fn an_answer_that_announces_too_much_is_refused_before_it_begins() {
    let server = Server::start("hostile.py", &[]);
    let error = get(&client(), &server.url("/announces-10-gigabytes"), 1000).unwrap_err();
    assert!(matches!(error, FetchError::TooBig { announced: Some(10_000_000_000), .. }), "{error}");
    let (code, text) = refused(&client(), &server.url("/ok"), 4);
    assert_eq!(code, "too-big", "{text}");
}

#[test]
fn an_answer_that_is_shorter_than_announced_is_no_answer() {
    let server = Server::start("hostile.py", &[]);
    for path in ["/announces-more", "/breaks-off-a-chunk", "/hangs-up"] {
        let (code, text) = refused(&client(), &server.url(path), 1000);
        assert_eq!(code, "cut-short", "{path}: {text}");
    }
}

#[test]
fn of_an_answer_that_is_longer_than_announced_only_that_much_is_taken() {
    let server = Server::start("hostile.py", &[]);
    assert_eq!(get(&client(), &server.url("/announces-less"), 1000).unwrap(), b"0123");
}

#[test]
fn an_answer_with_no_or_two_lengths_is_malformed() {
    let server = Server::start("hostile.py", &[]);
    for path in ["/announces-twice", "/announces-less-than-nothing", "/garbage"] {
        let (code, text) = refused(&client(), &server.url(path), 1000);
        assert_eq!(code, "malformed-answer", "{path}: {text}");
    }
    // Zeros before a length are no length yet, however many: the time ends it.
    let (code, text) = refused(&impatient(300, 1_000), &server.url("/endless-chunk-size"), 1000);
    assert_eq!(code, "timeout", "{text}");
}

#[test]
fn headers_without_end_are_malformed() {
    let server = Server::start("hostile.py", &[]);
    for path in ["/one-big-header", "/many-headers"] {
        let (code, text) = refused(&client(), &server.url(path), 1000);
        assert_eq!(code, "malformed-answer", "{path}: {text}");
    }
}

#[test]
fn a_server_that_drips_forever_is_left() {
    let server = Server::start("hostile.py", &[]);
    // A drop comes long before the idle time is over: it is the total that ends it.
    let client = impatient(20_000, 600);
    for path in ["/drips", "/drips-headers"] {
        let error = get(&client, &server.url(path), 1 << 20).unwrap_err();
        assert!(
            matches!(error, FetchError::Timeout { waited_for: "the whole answer", .. }),
            "{path}: {error}"
        );
    }
}

#[test]
fn a_server_that_stops_is_left_before_the_total_is_over() {
    let server = Server::start("hostile.py", &[]);
    let error = get(&impatient(300, 50_000), &server.url("/stops"), 1000).unwrap_err();
    assert!(
        matches!(error, FetchError::Timeout { waited_for: "its next bytes", limit_ms: 300, .. }),
        "{error}"
    );
    let error = get(&impatient(300, 1_000), &server.url("/says-nothing"), 1000).unwrap_err();
    assert_eq!(error.code(), "timeout", "{error}");
}

#[test]
fn a_compressed_answer_is_refused_and_never_unpacked() {
    let server = Server::start("hostile.py", &[]);
    let (code, text) = refused(&client(), &server.url("/bomb"), 1 << 20);
    assert_eq!((code, text.contains("gzip")), ("compressed", true), "{text}");
    let asked = server.log();
    assert_eq!(asked[0]["headers"]["accept-encoding"], "identity");
}

#[test]
fn redirects_are_followed_for_a_while() {
    let (server, other) = (Server::start("hostile.py", &[]), Server::start("hostile.py", &[]));
    let to = server.url(&format!("/to?url={}", other.url("/ok")));
    assert_eq!(get(&client(), &to, 100).unwrap(), b"hello");
    let (code, text) = refused(&client(), &server.url("/loop"), 100);
    assert_eq!(code, "redirect-refused", "{text}");
    assert_eq!(
        server.log().iter().filter(|one| one["path"] == "/loop").count(),
        6,
        "one, and five redirects"
    );
}

#[test]
fn a_redirect_to_where_we_do_not_go_is_refused_without_going_there() {
    let server = Server::start("hostile.py", &[]);
    for to in [
        "http://plain.invalid/",
        "file:///etc/passwd",
        "ftp://127.0.0.1/x",
        "data:text/plain,hello",
        "http://user:pass@127.0.0.1:1/",
        "https://user:pass@bartizan.invalid/",
        "//",
    ] {
        let (code, text) = refused(&client(), &server.url(&format!("/to?url={to}")), 100);
        assert_eq!(code, "redirect-refused", "{to}: {text}");
        assert!(!text.contains("user:pass"), "{text}");
    }
    // No target at all is this very page again, until it is too often.
    assert_eq!(refused(&client(), &server.url("/to-nowhere"), 100).0, "redirect-refused");
}

#[test]
fn each_refusal_has_a_name_of_its_own() {
    let server = Server::start("hostile.py", &[]);
    for (status, code) in [
        (404, "not-found"),
        (410, "not-found"),
        (401, "http-status"),
        (403, "http-status"),
        (500, "http-status"),
    ] {
        let (actual, text) = refused(&client(), &server.url(&format!("/status/{status}")), 100);
        assert_eq!(actual, code, "{text}");
    }
    // Neither a part of it nor nothing is the file.
    for status in [201, 204, 206, 304] {
        assert_eq!(
            refused(&client(), &server.url(&format!("/status/{status}")), 100).0,
            "http-status",
            "{status}"
        );
    }
}

#[test]
fn what_a_refusal_says_is_short_and_harmless() {
    let server = Server::start("hostile.py", &[]);
    let (_, text) = refused(&client(), &server.url("/escapes"), 100);
    assert!(text.contains("pay here") && !text.contains(['\x1b', '\x07', '\u{202e}']), "{text:?}");
    let (code, text) = refused(&client(), &server.url("/endless-refusal"), 100);
    assert!(code == "http-status" && text.len() < 1000, "{text}");
}

#[test]
fn who_cannot_be_reached_is_told_apart() {
    let nobody = std::net::TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap();
    let (code, text) = refused(&client(), &Url::parse(&format!("http://{nobody}/")).unwrap(), 100);
    assert_eq!(code, "unreachable", "{text}");
    let (code, text) = refused(&client(), &Url::parse("http://example.com/").unwrap(), 100);
    assert_eq!(code, "not-https", "{text}");
}

#[test]
fn a_file_of_a_folder_is_there_or_distinctly_not() {
    let server = Server::start("hostile.py", &[]);
    let folder = HttpFolder::new(client(), server.url("/repo")).unwrap();
    assert_eq!(folder.read("targets/a b%2e.json", 100).unwrap(), b"/repo/targets/a%20b%252e.json");
    assert!(matches!(folder.read("targets/a.json", 3), Err(FetchError::TooBig { .. })));
    let elsewhere = HttpFolder::new(client(), server.url("/nothing/")).unwrap();
    assert!(matches!(elsewhere.read("1.root.json", 100), Err(FetchError::NotFound { .. })));
}

#[test]
fn a_clone_shares_its_connections_and_threads_may_share_a_client() {
    let server = Server::start("hostile.py", &[]);
    let client = client();
    std::thread::scope(|scope| {
        for _ in 0..4 {
            scope.spawn(|| assert_eq!(get(&client.clone(), &server.url("/ok"), 100).unwrap(), b"hello"));
        }
    });
}

#[test]
fn async_code_gets_an_error_and_no_panic() {
    let runtime = tokio::runtime::Builder::new_current_thread().build().unwrap();
    let error = runtime.block_on(async {
        let client = Client::new(&Options::default()).unwrap();
        get(&client, &Url::parse("https://bartizan.invalid/").unwrap(), 100).unwrap_err()
    });
    assert_eq!(error.code(), "setup", "{error}");
}
