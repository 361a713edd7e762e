//! Real servers, from npm and `PyPI`.

use std::{
    io::{BufRead, BufReader},
    path::PathBuf,
    process::{Child, Command, Stdio},
    time::Duration,
};

use bartizan_mcp::{HttpTransport, Listing, Target, list_blocking};

use crate::support::{missing, root, seconds, stdio};

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
        for port in (20_000..60_000).step_by(97) {
            let offset = u16::try_from(std::process::id() % 97).unwrap();
            let port = (port + offset).to_string();
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
                return Self(child, format!("http://127.0.0.1:{port}{path}"));
            }
            let _ = child.wait();
        }
        panic!("no free port");
    }

    fn list(&self) -> Listing {
        let target =
            Target::Http { url: self.1.parse().unwrap(), headers: vec![], transport: HttpTransport::Auto };
        std::thread::sleep(Duration::from_millis(300));
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
fn server_time_is_heard() {
    let python = installed("target/venv/bin/mcp-server-time");
    let listing = list_blocking(&stdio(&[python.to_str().unwrap()], &[]), &seconds(60)).unwrap();
    assert_eq!((listing.server.tools.len(), missing(&listing)), (2, vec![]));
}
