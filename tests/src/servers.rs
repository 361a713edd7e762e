//! Servers to look at: fixtures, and real ones from npm and `PyPI`.

use std::{
    fs,
    io::{BufRead as _, BufReader},
    net::TcpListener,
    path::{Path, PathBuf},
    process::{Child, Command, Stdio},
    thread,
};

use crate::root;

/// The path of a fixture server.
pub fn fixture(name: &str) -> String {
    root().join("tests/fixtures/servers").join(name).to_str().unwrap().to_owned()
}

fn installed(path: &str) -> PathBuf {
    let path = root().join(path);
    assert!(path.exists(), "`{}` is not installed: run `./dev setup`", path.display());
    path
}

/// npm's server-everything: the command that starts it on stdio.
pub fn everything() -> Vec<String> {
    let script = installed("target/npm/node_modules/@modelcontextprotocol/server-everything/dist/index.js");
    vec!["node".to_owned(), script.to_str().unwrap().to_owned()]
}

/// `PyPI`'s mcp-server-time: the command that starts it on stdio.
pub fn time_server() -> Vec<String> {
    vec![installed("target/venv/bin/mcp-server-time").to_str().unwrap().to_owned()]
}

/// A server over HTTP, ended on drop.
#[derive(Debug)]
pub struct Web {
    child: Child,
    /// Its endpoint.
    pub url: String,
}

impl Web {
    /// Starts a fixture that prints its URL.
    pub fn start(arguments: &[&str]) -> Self {
        let mut child = Command::new("python3")
            .arg(fixture(arguments[0]))
            .args(&arguments[1..])
            .stdout(Stdio::piped())
            .spawn()
            .unwrap();
        let mut line = String::new();
        BufReader::new(child.stdout.take().unwrap()).read_line(&mut line).unwrap();
        Self { child, url: line.trim().to_owned() }
    }
}

/// A folder behind a plain web server.
pub fn serve_folder(folder: &Path) -> Web {
    Web::start(&["static_files.py", folder.to_str().unwrap()])
}

impl Drop for Web {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// npm's server-everything over one of its HTTP transports, `streamableHttp` or `sse`.
pub fn everything_over(transport: &str, path: &str) -> Web {
    let command = everything();
    // Somebody else may take the port between our look and its start.
    for _ in 0..5 {
        let port = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port().to_string();
        let mut child = Command::new(&command[0])
            .args([&command[1], transport])
            .env("PORT", &port)
            .stdout(Stdio::null())
            .stderr(Stdio::piped())
            .spawn()
            .unwrap();
        let mut lines = BufReader::new(child.stderr.take().unwrap()).lines().map_while(Result::ok);
        if lines.any(|line| line.contains("port") && line.contains(&port) && !line.contains("in use")) {
            thread::spawn(move || lines.for_each(drop));
            return Web { child, url: format!("http://127.0.0.1:{port}{path}") };
        }
        let _ = child.wait();
    }
    panic!("server-everything does not start");
}

/// Whether a process with this id runs.
pub fn runs(id: u32) -> bool {
    // One that has ended and that nobody has waited for yet is a zombie, and does not run.
    fs::read_to_string(format!("/proc/{id}/stat"))
        .is_ok_and(|stat| !stat.rsplit(')').next().unwrap_or_default().trim_start().starts_with('Z'))
}
