//! What the environment decides: certificate authorities, proxies and where Docker's configuration is. Each fetch runs in a
//! process of its own, which is this file's last test.

#![cfg(unix)]
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "these are tests"
)]

mod support;

use std::{
    fs,
    io::{Read as _, Write as _},
    net::TcpListener,
    path::Path,
    process::{Command, Stdio},
    thread,
};

use bartizan_fetch::{
    Client, Options,
    oci::{Login, Registry},
};
use support::{Server, get};
use tempfile::TempDir;

/// Certificates for "server.test" and for "other.test" by an authority of our own, and one that is self-signed.
struct Certificates(TempDir);

impl Certificates {
    fn make() -> Self {
        let made = Self(tempfile::tempdir().unwrap());
        let key = ["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes"];
        let authority = ["-addext", "basicConstraints=critical,CA:TRUE", "-days", "2"];
        let request = |more: &[&str]| made.openssl(&[&["req"], &key[..], more].concat());
        request(
            &[&["-x509", "-keyout", "ca.key", "-out", "ca.pem", "-subj", "/CN=ca"][..], &authority].concat(),
        );
        for host in ["server.test", "other.test"] {
            let (keyfile, csr, pem) = (format!("{host}.key"), format!("{host}.csr"), format!("{host}.pem"));
            request(&["-keyout", &keyfile, "-out", &csr, "-subj", &format!("/CN={host}")]);
            let extensions = format!("subjectAltName=DNS:{host},IP:127.0.0.1\nbasicConstraints=CA:FALSE\n");
            fs::write(made.0.path().join("extensions"), extensions).unwrap();
            made.openssl(&[
                "x509",
                "-req",
                "-in",
                &csr,
                "-CA",
                "ca.pem",
                "-CAkey",
                "ca.key",
                "-CAcreateserial",
                "-out",
                &pem,
                "-days",
                "2",
                "-extfile",
                "extensions",
            ]);
        }
        request(&[
            "-x509",
            "-keyout",
            "self.key",
            "-out",
            "self.pem",
            "-subj",
            "/CN=server.test",
            "-days",
            "2",
            "-addext",
            "subjectAltName=DNS:server.test,IP:127.0.0.1",
            "-addext",
            "basicConstraints=critical,CA:FALSE",
        ]);
        made
    }

    fn openssl(&self, arguments: &[&str]) {
        let done = Command::new("openssl")
            .args(arguments)
            .current_dir(self.0.path())
            .output()
            .expect("these tests need openssl");
        assert!(done.status.success(), "openssl {arguments:?}: {}", String::from_utf8_lossy(&done.stderr));
    }

    fn path(&self, file: &str) -> String {
        self.0.path().join(file).to_str().unwrap().to_owned()
    }

    fn server(&self, name: &str) -> Server {
        Server::start("hostile.py", &[&self.path(&format!("{name}.pem")), &self.path(&format!("{name}.key"))])
    }
}

/// What a process with this environment gets: "ok hello", or the error's code and text.
fn fetch(what: &str, environment: &[(&str, &str)]) -> String {
    let mut child = Command::new(std::env::current_exe().unwrap());
    child
        .args(["--exact", "child", "--ignored", "--nocapture"])
        .env("FETCH_CHILD", what)
        .stderr(Stdio::inherit());
    for name in ["HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY", "NO_PROXY", "DOCKER_CONFIG"] {
        child.env_remove(name).env_remove(name.to_lowercase());
    }
    let done = child.envs(environment.iter().copied()).output().unwrap();
    let text = String::from_utf8_lossy(&done.stdout).into_owned();
    let line =
        text.lines().find_map(|line| line.split_once("RESULT ")).unwrap_or_else(|| panic!("it said: {text}"));
    line.1.to_owned()
}

/// Not a test: what [`fetch`] runs.
#[test]
#[ignore = "the other tests run it"]
fn child() {
    let Ok(what) = std::env::var("FETCH_CHILD") else { return };
    let http_hosts = vec!["plain.test".to_owned(), "registry.test".to_owned()];
    let client = Client::new(&Options { http_hosts, ..Options::default() }).unwrap();
    let result = if what.starts_with("oci://") {
        let pulled = Registry::new(client, Login::from_docker()).pull(&what.parse().unwrap(), &mut |_, _| {});
        pulled
            .map(|pulled| format!("{} statements", pulled.statements.len()))
            .map_err(|e| format!("{}: {e}", e.code()))
    } else {
        let body = get(&client, &what.parse().unwrap(), 1000);
        body.map(|body| String::from_utf8(body).unwrap())
            .map_err(|error| format!("{}: {error}", error.code()))
    };
    println!("RESULT {}", result.map_or_else(|error| error, |body| format!("ok {body}")));
}

#[test]
fn a_self_signed_certificate_is_refused_in_plain_words() {
    let certificates = Certificates::make();
    let server = certificates.server("self");
    let said = fetch(&format!("https://127.0.0.1:{}/ok", server.port), &[]);
    assert!(said.starts_with("tls: ") && said.contains("self-signed"), "{said}");
}

#[test]
#[cfg(target_os = "linux")]
fn an_authority_of_ones_own_is_trusted_if_the_environment_names_it() {
    let certificates = Certificates::make();
    let authority = certificates.path("ca.pem");
    let trusting = [("SSL_CERT_FILE", authority.as_str())];
    let server = certificates.server("server.test");
    let url = format!("https://127.0.0.1:{}/ok", server.port);
    assert_eq!(fetch(&url, &trusting), "ok hello");
    let said = fetch(&url, &[]);
    assert!(said.starts_with("tls: "), "{said}");
}

#[test]
#[cfg(target_os = "linux")]
fn a_good_certificate_is_for_its_own_host_only() {
    let certificates = Certificates::make();
    let authority = certificates.path("ca.pem");
    let server = certificates.server("other.test");
    let said = fetch(&format!("https://localhost:{}/ok", server.port), &[("SSL_CERT_FILE", &authority)]);
    assert!(said.starts_with("tls: ") && said.contains("another host"), "{said}");
}

#[test]
#[cfg(target_os = "linux")]
fn https_never_becomes_http() {
    let certificates = Certificates::make();
    let authority = certificates.path("ca.pem");
    let (server, plain) = (certificates.server("server.test"), Server::start("hostile.py", &[]));
    // Not even where plain http would be fine by itself.
    let url = format!("https://127.0.0.1:{}/to?url={}", server.port, plain.url("/ok"));
    let said = fetch(&url, &[("SSL_CERT_FILE", &authority)]);
    assert!(said.starts_with("redirect-refused: ") && said.contains("https to plain http"), "{said}");
    assert_eq!(plain.log(), Vec::<serde_json::Value>::new());
}

#[test]
fn a_server_without_tls_is_told_apart() {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let port = listener.local_addr().unwrap().port();
    let server = thread::spawn(move || {
        let (mut connection, _) = listener.accept().unwrap();
        let _ = connection.write_all(b"HTTP/1.1 400 Bad Request\r\nConnection: close\r\n\r\n");
        // What is closed with something unread is reset, and the answer is lost.
        let _ = connection.read(&mut [0; 4096]);
    });
    let said = fetch(&format!("https://127.0.0.1:{port}/ok"), &[]);
    assert!(said.starts_with("tls: "), "{said}");
    server.join().unwrap();
}

#[test]
#[cfg(target_os = "linux")]
fn https_goes_through_the_proxy_and_is_verified_behind_it() {
    let certificates = Certificates::make();
    let authority = certificates.path("ca.pem");
    let log = certificates.path("proxy.log");
    let server = certificates.server("server.test");
    let proxy = Server::start("proxy.py", &[&server.port.to_string(), &log]);
    let through = format!("http://127.0.0.1:{}", proxy.port);
    let environment = [("SSL_CERT_FILE", authority.as_str()), ("HTTPS_PROXY", &through)];
    assert_eq!(fetch("https://server.test/ok", &environment), "ok hello");
    assert_eq!(read(&log), "CONNECT server.test:443 HTTP/1.1\n");
    // The proxy leads to somebody else.
    let said = fetch("https://elsewhere.test/ok", &environment);
    assert!(said.starts_with("tls: ") && said.contains("another host"), "{said}");
    let without = [environment[0], environment[1], ("NO_PROXY", "server.test")];
    let said = fetch("https://server.test/ok", &without);
    assert!(said.starts_with("unknown-host: "), "{said}");
    // What stays on this machine is none of its business.
    assert_eq!(fetch(&format!("https://127.0.0.1:{}/ok", server.port), &environment), "ok hello");
    assert!(!read(&log).contains("127.0.0.1"), "{}", read(&log));
}

#[test]
fn plain_http_goes_through_its_own_proxy() {
    let folder = tempfile::tempdir().unwrap();
    let log = folder.path().join("proxy.log").to_str().unwrap().to_owned();
    let server = Server::start("hostile.py", &[]);
    let proxy = Server::start("proxy.py", &[&server.port.to_string(), &log]);
    let through = format!("http://127.0.0.1:{}", proxy.port);
    assert_eq!(fetch("http://plain.test/ok", &[("HTTP_PROXY", &through)]), "ok hello");
    assert_eq!(read(&log), "GET http://plain.test/ok HTTP/1.1\n");
    // A host elsewhere cannot have us ask this machine, of which the proxy knows nothing.
    let said = fetch(&format!("http://plain.test/to?url={}", server.url("/ok")), &[("HTTP_PROXY", &through)]);
    assert!(said.starts_with("redirect-refused: ") && said.contains("to this one"), "{said}");
}

#[test]
fn a_proxy_that_is_not_there_is_not_gone_around() {
    let nobody = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap();
    let said = fetch("https://server.test/", &[("HTTPS_PROXY", &format!("http://user:s3cret@{nobody}"))]);
    assert!(said.starts_with("unreachable: ") && !said.contains("s3cret"), "{said}");
}

#[test]
fn a_login_from_docker_does_not_pass_a_network_in_the_clear() {
    let folder = tempfile::tempdir().unwrap();
    let log = folder.path().join("proxy.log").to_str().unwrap().to_owned();
    docker_config(folder.path(), r#"{"auths": {"registry.test": {"auth": "dXNlcjpzM2NyZXQ="}}}"#);
    let server = Server::start("hostile_registry.py", &[]);
    let proxy = Server::start("proxy.py", &[&server.port.to_string(), &log]);
    let through = format!("http://127.0.0.1:{}", proxy.port);
    let environment = [("HTTP_PROXY", through.as_str()), ("DOCKER_CONFIG", folder.path().to_str().unwrap())];
    assert_eq!(fetch("oci://registry.test/good", &environment), "ok 1 statements");
    for repository in ["basic", "token-over-http"] {
        let said = fetch(&format!("oci://registry.test/{repository}"), &environment);
        assert!(said.starts_with("login-in-clear: ") && !said.contains("s3cret"), "{said}");
    }
    assert!(server.log().iter().all(|one| one["authorization"].is_null()), "{:?}", server.log());
}

#[test]
fn dockers_credential_helpers_are_asked() {
    use std::os::unix::fs::PermissionsExt as _;
    let folder = tempfile::tempdir().unwrap();
    let server = Server::start("hostile_registry.py", &[]);
    let registry = format!("127.0.0.1:{}", server.port);
    let helper = folder.path().join("docker-credential-test");
    let script = format!(
        "#!/bin/sh\nread registry\nif [ \"$1 $registry\" = 'get {registry}' ]; then\n\
         echo '{{\"ServerURL\": \"x\", \"Username\": \"user\", \"Secret\": \"s3cret\"}}'\n\
         else echo 'credentials not found in native keychain'; exit 1; fi\n"
    );
    fs::write(&helper, script).unwrap();
    fs::set_permissions(&helper, fs::Permissions::from_mode(0o755)).unwrap();
    let path = format!("{}:{}", folder.path().display(), std::env::var("PATH").unwrap());
    let environment = [("DOCKER_CONFIG", folder.path().to_str().unwrap()), ("PATH", &path)];
    for config in [
        format!(r#"{{"credHelpers": {{"{registry}": "test"}}}}"#),
        r#"{"credsStore": "test"}"#.to_owned(),
        format!(r#"{{"auths": {{"{registry}": {{}}}}, "credsStore": "test"}}"#),
    ] {
        docker_config(folder.path(), &config);
        assert_eq!(fetch(&format!("oci://{registry}/basic"), &environment), "ok 0 statements", "{config}");
    }
    // It has a login for another registry only: that is no login, and no failure.
    let other = Server::start("hostile_registry.py", &[]);
    let said = fetch(&format!("oci://127.0.0.1:{}/basic", other.port), &environment);
    assert!(said.starts_with("login-needed: "), "{said}");
}

#[test]
fn a_helper_that_fails_is_told_of_without_what_it_printed() {
    use std::os::unix::fs::PermissionsExt as _;
    let folder = tempfile::tempdir().unwrap();
    let server = Server::start("hostile_registry.py", &[]);
    let helper = folder.path().join("docker-credential-test");
    fs::write(&helper, "#!/bin/sh\nread registry\necho s3cret\necho 'keychain is locked' >&2\nexit 1\n")
        .unwrap();
    fs::set_permissions(&helper, fs::Permissions::from_mode(0o755)).unwrap();
    docker_config(folder.path(), r#"{"credsStore": "test"}"#);
    let path = format!("{}:{}", folder.path().display(), std::env::var("PATH").unwrap());
    let environment = [("DOCKER_CONFIG", folder.path().to_str().unwrap()), ("PATH", &path)];
    let said = fetch(&format!("oci://127.0.0.1:{}/basic", server.port), &environment);
    assert!(said.starts_with("docker-config: ") && said.contains("keychain is locked"), "{said}");
    assert!(!said.contains("s3cret"), "{said}");
}

fn docker_config(folder: &Path, text: &str) {
    fs::write(folder.join("config.json"), text).unwrap();
}

fn read(path: &str) -> String {
    fs::read_to_string(path).unwrap_or_default()
}
