//! Real servers, from npm and `PyPI`.

use std::{
    io::{BufRead, BufReader},
    path::PathBuf,
    process::{Child, Command, Stdio},
    time::Duration,
};

use bartizan_mcp::{HttpTransport, Listing, Options, Target, list_blocking, look_blocking};
use serde_json::json;

use crate::support::{Web, found, missing, names, own, probe, probing, root, seconds, stdio, told};

fn installed(path: &str) -> PathBuf {
    let path = root().join(path);
    assert!(path.exists(), "`{}` is not installed: run `./dev setup`", path.display());
    path
}

fn everything() -> PathBuf {
    installed("target/npm/node_modules/@modelcontextprotocol/server-everything/dist/index.js")
}

fn whole(listing: &Listing) {
    assert_eq!(missing(listing), [""; 0]);
    assert_eq!(listing.server.protocol_version, "2025-11-25");
    assert!(
        listing.server.tools.len() > 5
            && listing.server.prompts.len() > 1
            && listing.server.resources.len() > 1
    );
    let odd: Vec<_> = listing
        .server
        .observations
        .iter()
        .filter(|o| o.kind.contains("malformed") || o.kind.contains("key"))
        .collect();
    assert!(odd.is_empty(), "{odd:?}");
}

/// The server on a free port, ended on drop.
struct Everything(Child, String);

impl Everything {
    fn start(transport: &str, path: &str) -> Self {
        let script = everything();
        for _ in 0..20 {
            // One that nobody has, and that no other test is given a moment later.
            let free = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
            let port = free.local_addr().unwrap().port().to_string();
            drop(free);
            let mut child = Command::new("node")
                .arg(&script)
                .arg(transport)
                .env("PORT", &port)
                .stdout(Stdio::null())
                .stderr(Stdio::piped())
                .spawn()
                .unwrap();
            let stderr = BufReader::new(child.stderr.take().unwrap());
            let mut lines = stderr.lines().map_while(Result::ok);
            if lines.any(|line| line.contains("port") && line.contains(&port) && !line.contains("in use")) {
                std::thread::spawn(move || lines.for_each(drop));
                let address = format!("127.0.0.1:{port}");
                // It says so before it does.
                for _ in 0..400 {
                    if std::net::TcpStream::connect(&address).is_ok() {
                        break;
                    }
                    std::thread::sleep(Duration::from_millis(50));
                }
                return Self(child, format!("http://{address}{path}"));
            }
            let _ = child.wait();
        }
        panic!("no free port");
    }

    fn list(&self) -> Listing {
        let target =
            Target::Http { url: self.1.parse().unwrap(), headers: vec![], transport: HttpTransport::Auto };
        list_blocking(&target, &seconds(60)).unwrap()
    }
}

impl Drop for Everything {
    fn drop(&mut self) {
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

#[test]
fn server_everything_is_heard_alike_over_each_transport() {
    let command = ["node", everything().to_str().unwrap()].map(str::to_owned);
    let target = stdio(&[&command[0], &command[1]], &[]);
    let over_stdio = list_blocking(&target, &seconds(60)).unwrap();
    whole(&over_stdio);
    let over_http = Everything::start("streamableHttp", "/mcp").list();
    whole(&over_http);
    assert_eq!(over_http.server.transport.kind.as_str(), "streamable-http");
    let over_sse = Everything::start("sse", "/sse").list();
    assert_eq!((missing(&over_sse), over_sse.server.transport.kind.as_str()), (vec![], "sse"));
    let tools = |listing: &Listing| listing.server.tools.iter().map(|t| t.raw.clone()).collect::<Vec<_>>();
    assert_eq!(tools(&over_stdio), tools(&over_http));
    assert_eq!(tools(&over_stdio), tools(&over_sse));
}

#[test]
fn real_servers_stand_every_probe_and_are_listed_the_same_each_time() {
    let node = everything();
    let python = installed("target/venv/bin/mcp-server-time");
    for target in [stdio(&["node", node.to_str().unwrap()], &[]), stdio(&[python.to_str().unwrap()], &[])] {
        let options = Options { timeout: Duration::from_mins(1), ..probing(&["all"]) };
        let listing = list_blocking(&target, &options).unwrap();
        assert_eq!(missing(&listing), [""; 0]);
        assert_eq!(probe(&listing, "unknown-method")["code"], -32601);
        assert_eq!(probe(&listing, "unknown-version")["outcome"], "refused");
        assert_eq!(probe(&listing, "malformed-json")["alive"], true);
        assert_eq!(probe(&listing, "list-again")["drifted"], false);
        assert!(listing.server.observations.iter().all(|o| o.kind != "malformed-answer"));
    }
    for (transport, path) in [("streamableHttp", "/mcp"), ("sse", "/sse")] {
        let server = Everything::start(transport, path);
        let target =
            Target::Http { url: server.1.parse().unwrap(), headers: vec![], transport: HttpTransport::Auto };
        let listing = list_blocking(&target, &probing(&["all"])).unwrap();
        assert_eq!(missing(&listing), [""; 0], "{transport}");
        // It looks at neither, as a demonstration may.
        for name in ["foreign-origin", "foreign-host", "cors-preflight"] {
            assert_eq!(probe(&listing, name)["outcome"], "accepted", "{transport} {name}");
        }
        for name in ["unknown-method", "unknown-version", "malformed-json"] {
            assert_eq!(probe(&listing, name)["outcome"], "refused", "{transport} {name}");
        }
    }
}

#[test]
fn a_careful_real_server_refuses_every_stranger_and_describes_where_to_get_tokens() {
    let python = installed("target/venv/bin/python");
    for (transport, arguments) in
        [("streamable-http", vec!["streamable-http", "token"]), ("sse", vec!["sse"])]
    {
        let web = Web::run_with(&python, &own("sdk.py"), &arguments);
        let is_guarded = arguments.contains(&"token");
        let headers: &[(&str, &str)] = if is_guarded { &[("Authorization", "Bearer right")] } else { &[] };
        let listing = list_blocking(&web.target(headers, HttpTransport::Auto), &probing(&["all"])).unwrap();
        assert_eq!((names(&listing), missing(&listing)), (vec!["add"], vec![]), "{transport}");
        for name in [
            "cors-preflight",
            "foreign-origin",
            "foreign-host",
            "unknown-method",
            "unknown-version",
            "wrong-params",
            "malformed-json",
        ] {
            assert_eq!(probe(&listing, name)["outcome"], "refused", "{transport} {name}");
        }
        let origin = probe(&listing, "foreign-origin");
        assert_eq!((&origin["lookalike"], &origin["null_origin"]), (&json!("refused"), &json!("refused")));
        assert_eq!(probe(&listing, "list-again")["drifted"], false);
        assert!(told(&listing, "malformed-answer").is_empty());
        if !is_guarded {
            continue;
        }
        let token = probe(&listing, "bad-token");
        assert_eq!(
            (&token["outcome"], &token["without_credentials"], &token["unsigned_jwt"]),
            (&json!("refused"), &json!("refused"), &json!("refused"))
        );
        assert_eq!(probe(&listing, "header-body-mismatch")["outcome"], "refused");
        let resource = told(&listing, "auth-metadata")[0];
        assert_eq!((&resource["found"], &resource["resource_matches"]), (&json!(true), &json!(true)));

        let unheard = look_blocking(&web.target(&[], HttpTransport::Auto), &probing(&["all"])).unwrap_err();
        assert_eq!(unheard.error.code(), "unauthorized");
        assert_eq!(found(&unheard.record.observations, "bad-token")["outcome"], "refused");
        assert!(
            unheard
                .record
                .observations
                .iter()
                .any(|o| o.kind == "auth-metadata" && o.detail["found"] == true)
        );
    }
}

#[test]
fn server_time_is_heard() {
    let python = installed("target/venv/bin/mcp-server-time");
    let listing = list_blocking(&stdio(&[python.to_str().unwrap()], &[]), &seconds(60)).unwrap();
    assert_eq!((listing.server.tools.len(), missing(&listing)), (2, vec![]));
}
