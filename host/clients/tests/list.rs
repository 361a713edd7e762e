//! `servers.toml` is read strictly: what it says is taken as it is meant, and nothing that cannot be meant is taken.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "in a test, a panic is how it fails"
)]

use std::{fs, path::Path, time::Duration};

use bartizan_clients::{
    Launch, ListError, ListOptions, Listed, Lookup, RemoteTransport, parse_list, read_list,
};

const FULL: &str = r#"
[options]
parallel = true
concurrency = 4
fail_fast = false
cross_server_checks = true
timeout_per_server = "90s"

[[servers]]
name = "api-gateway"
command = "node"
args = ["./api/server.js", "--port", "0"]
env = { API_KEY = "${API_KEY}" }
cwd = "api"

[[servers]]
name = "auth-service"
url = "http://localhost:3001/mcp"
transport = "streamable_http"
headers = { Authorization = "Bearer ${AUTH}" }

[[servers]]
name = "legacy"
snapshot = "saved/legacy.json"
"#;

fn parse(text: &str) -> Result<bartizan_clients::ServerList, ListError> {
    parse_list(text, Path::new("/work/servers.toml"))
}

fn server(rest: &str) -> Result<bartizan_clients::ServerList, ListError> {
    parse(&format!("[[servers]]\nname = \"a\"\n{rest}\n"))
}

#[test]
fn every_key_is_heeded() {
    let list = parse(FULL).unwrap();
    let options = &list.options;
    assert_eq!(
        (options.parallel, options.concurrency, options.fail_fast),
        (Some(true), Some(4), Some(false))
    );
    assert_eq!(
        (options.cross_server_checks, options.timeout_per_server),
        (Some(true), Some(Duration::from_secs(90)))
    );
    let names: Vec<_> = list.servers.iter().map(Listed::name).collect();
    assert_eq!(names, ["api-gateway", "auth-service", "legacy"]);
    let [Listed::Server(gateway), Listed::Server(auth), Listed::Snapshot { path, line, .. }] =
        &list.servers[..]
    else {
        panic!("{:?}", list.servers);
    };
    assert_eq!((gateway.line, *line), (9, 22));
    assert_eq!(path, Path::new("/work/saved/legacy.json"));
    let variables = |name: &str| Some(format!("<{name}>"));
    let lookup = Lookup { variables: Some(&variables), ..Lookup::default() };
    match gateway.resolve(&lookup).unwrap() {
        Launch::Command { command, args, env, cwd } => {
            assert_eq!((command.expose(), args.len(), env["API_KEY"].expose()), ("node", 3, "<API_KEY>"));
            assert_eq!(cwd.as_deref(), Some("/work/api"));
        }
        other => panic!("{other}"),
    }
    match auth.resolve(&lookup).unwrap() {
        Launch::Remote { url, transport, headers } => {
            assert_eq!(
                (url.expose(), transport),
                ("http://localhost:3001/mcp", RemoteTransport::StreamableHttp)
            );
            assert_eq!(headers["Authorization"].expose(), "Bearer <AUTH>");
        }
        other => panic!("{other}"),
    }
    assert_eq!(gateway.facts()["client"], "servers.toml");
}

#[test]
fn what_is_left_open_stays_open() {
    let list = server("command = \"x\"").unwrap();
    assert_eq!(list.options, ListOptions::default());
}

#[test]
fn an_unknown_key_is_an_error_that_names_the_nearest() {
    for (text, line, nearest) in [
        ("[option]\n[[servers]]\nname='a'\ncommand='x'\n", 1, "options"),
        ("[options]\nparalell = true\n", 2, "parallel"),
        ("[options]\n\ntimeout = \"1s\"\n", 3, "timeout_per_server"),
        ("[[servers]]\nname='a'\ncomand='x'\n", 3, "command"),
        ("[[servers]]\nname='a'\ncommand='x'\nheader={}\n", 4, "headers"),
        ("[[server]]\nname='a'\n", 1, "servers"),
    ] {
        let error = parse(text).unwrap_err();
        match &error {
            ListError::UnknownKey { line: at, nearest: found, .. } => {
                assert_eq!((*at, *found), (line, nearest), "{text}");
            }
            other => panic!("{text}: {other}"),
        }
        assert!(error.advice().contains(&format!("`{nearest}`")));
    }
}

#[test]
fn a_value_that_cannot_be_meant_is_refused_where_it_stands() {
    for (text, line) in [
        ("[options]\nparallel = \"yes\"\n", 2),
        ("[options]\nconcurrency = 0\n", 2),
        ("[options]\nconcurrency = -1\n", 2),
        ("[options]\nconcurrency = 4.5\n", 2),
        ("[options]\nconcurrency = 100000\n", 2),
        ("[options]\ntimeout_per_server = 60\n", 2),
        ("[options]\ntimeout_per_server = \"0s\"\n", 2),
        ("[options]\ntimeout_per_server = \"60\"\n", 2),
        ("[options]\ntimeout_per_server = \"99999999999999999999h\"\n", 2),
        ("options = 1\n", 1),
        ("servers = 1\n", 1),
        ("servers = [1]\n", 1),
        ("[servers.a]\ncommand = \"x\"\n", 1),
    ] {
        match parse(text).unwrap_err() {
            ListError::BadValue { line: at, .. } => assert_eq!(at, line, "{text}"),
            other => panic!("{text}: {other}"),
        }
    }
    for rest in [
        "command = 1",
        "command = \"x\"\nargs = \"y\"",
        "command = \"x\"\nargs = [1]",
        "command = \"x\"\nenv = { A = 1 }",
        "command = \"x\"\nenv = [\"A=1\"]",
        "command = \"x\"\ncwd = true",
        "url = \"ftp://h/\"",
        "url = \"localhost:3000\"",
        "url = \"http://h/\"\ntransport = \"pigeon\"",
        "url = \"http://h/\"\nheaders = [\"A: b\"]",
    ] {
        assert_eq!(server(rest).unwrap_err().code(), "bad-value", "{rest}");
    }
}

#[test]
fn a_server_must_be_one_thing() {
    for (rest, part) in [
        ("", "needs one of"),
        ("command = \"x\"\nurl = \"http://h/\"", "only one can be meant"),
        ("snapshot = \"x\"\ncommand = \"y\"", "only one can be meant"),
        ("command = \"\"", "empty `command`"),
        ("url = \"http://h/\"\nargs = [\"x\"]", "goes with `command`"),
        ("command = \"x\"\nheaders = { A = \"b\" }", "goes with `url`"),
        ("command = \"x\"\ntransport = \"sse\"", "does not go with `command`"),
        ("url = \"http://h/\"\ntransport = \"stdio\"", "does not go with `url`"),
        ("snapshot = \"x\"\nenv = { A = \"b\" }", "goes with `command`"),
    ] {
        let error = server(rest).unwrap_err();
        assert_eq!(error.code(), "bad-server", "{rest}: {error}");
        assert!(error.to_string().contains(part), "{rest}: {error}");
    }
    let error =
        parse("[[servers]]\nname='a'\ncommand='x'\n[[servers]]\nname='a'\ncommand='y'\n").unwrap_err();
    assert!(
        error.to_string().contains("`/work/servers.toml`:4: server `a` has the name of the one at line 1"),
        "{error}"
    );
    let error = parse("[[servers]]\ncommand='x'\n").unwrap_err();
    assert!(error.to_string().contains("server `#1` has no name"), "{error}");
}

#[test]
fn a_list_of_nothing_or_no_list_at_all_says_so() {
    for text in ["", "[options]\nparallel = true\n", "servers = []\n"] {
        assert_eq!(parse(text).unwrap_err().code(), "empty", "{text}");
    }
    let folder = tempfile::tempdir().unwrap();
    let error = read_list(&folder.path().join("servers.toml")).unwrap_err();
    assert_eq!(error.code(), "unreadable");
    assert!(error.advice().contains("--discover"));
    let file = folder.path().join("list.conf");
    fs::write(&file, "[[servers]\n").unwrap();
    let error = read_list(&file).unwrap_err();
    assert_eq!(error.code(), "malformed");
    assert!(error.to_string().contains("list.conf"), "the file is named as it is called: {error}");
}
