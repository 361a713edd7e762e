//! What the tests share: servers that are started and ended, and a component that is signed.

#![allow(unreachable_pub, reason = "it is a module of several tests")]
#![allow(dead_code, reason = "each test file uses a part of it")]
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    reason = "a test ends at the first surprise"
)]

use std::{
    io::{BufRead as _, BufReader},
    path::{Path, PathBuf},
    process::{Child, Command, Stdio},
    time::Duration,
};

use bartizan_fetch::{Client, FetchError, Options, Timeouts, Url};
use bartizan_registry::{Claims, MAX_COMPONENT_BYTES, SignedComponent, Signer};
use serde_json::{Value, json};

/// The folder of the tests.
pub fn here(file: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests").join(file)
}

/// A fixture in Python that is running.
pub struct Server {
    child: Child,
    pub port: u16,
}

impl Server {
    /// Starts a script that prints its port, and ends when its standard input does.
    pub fn start(script: &str, arguments: &[&str]) -> Self {
        let mut child = Command::new("python3")
            .arg(here(script))
            .args(arguments)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .expect("these tests need python3");
        let mut line = String::new();
        BufReader::new(child.stdout.take().unwrap()).read_line(&mut line).unwrap();
        let port = line.trim().parse().unwrap_or_else(|_| panic!("{script} printed `{line}` for its port"));
        Self { child, port }
    }

    pub fn url(&self, path: &str) -> Url {
        Url::parse(&format!("http://127.0.0.1:{}{path}", self.port)).unwrap()
    }

    /// What it was asked so far.
    pub fn log(&self) -> Vec<Value> {
        serde_json::from_slice(&client().get(&self.url("/log"), 10 << 20, &mut |_, _| {}).unwrap()).unwrap()
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// A client with patience.
pub fn client() -> Client {
    Client::new(&Options::default()).unwrap()
}

/// A client that waits this many milliseconds for the next bytes and for the whole.
pub fn impatient(idle: u64, total: u64) -> Client {
    let timeouts = Timeouts {
        connect: Duration::from_secs(30),
        idle: Duration::from_millis(idle),
        total: Duration::from_millis(total),
    };
    Client::new(&Options { timeouts, ..Options::default() }).unwrap()
}

pub fn get(client: &Client, url: &Url, limit: u64) -> Result<Vec<u8>, FetchError> {
    client.get(url, limit, &mut |_, _| {})
}

/// A component of this version, signed by a key that is made for it.
pub fn signed(version: &str) -> SignedComponent {
    let component =
        wat::parse_str(format!("(component (core module (@custom \"padding\" \"{version}\")))")).unwrap();
    sign(component, version)
}

/// A component as big as is taken, signed.
pub fn biggest() -> SignedComponent {
    let mut component = b"\0asm\x0d\0\x01\0".to_vec();
    // A custom section without a name: its length in four bytes of LEB128.
    let rest = u32::try_from(MAX_COMPONENT_BYTES).unwrap() - 8 - 1 - 4;
    component.push(0);
    component.extend([0, 7, 14, 21].map(|shift| {
        let low = u8::try_from(rest >> shift & 0x7f).unwrap();
        if shift < 21 { low | 0x80 } else { low }
    }));
    component.push(0);
    component.resize(usize::try_from(MAX_COMPONENT_BYTES).unwrap(), b'x');
    sign(component, "9.0.0")
}

fn sign(component: Vec<u8>, version: &str) -> SignedComponent {
    let claims: Claims = serde_json::from_value(json!({
        "id": "acme/rules", "version": version, "contract": "bartizan:plugin@0.1.0", "sequence": 1,
    }))
    .unwrap();
    let statement = claims.sign(&component, &Signer::generate().unwrap()).to_line().into_bytes();
    SignedComponent { component, statement }
}
