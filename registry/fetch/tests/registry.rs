//! With a real registry: Debian's `docker-registry`, which knows nothing of referrers.

#![cfg(target_os = "linux")]
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "these are tests"
)]

mod support;

use std::{
    fmt::Write as _,
    fs,
    io::Write as _,
    net::TcpListener,
    path::PathBuf,
    process::{Child, Command, Stdio},
    sync::{Mutex, PoisonError},
    time::Duration,
};

use bartizan_archive::oci::INDEX;
use bartizan_fetch::{
    FetchError, Url,
    oci::{Credentials, Login, Reference, Registry},
};
use bartizan_registry::SignedComponent;
use serde_json::{Value, json};
use support::{biggest, client, get, here, signed};
use tempfile::TempDir;

/// "user" with the password "correct horse", as htpasswd writes it.
const HTPASSWD: &str = "user:$2y$05$abcdefghijklmnopqrstuuHNbAKRhpaujgo33bRWs.NLUTJO3lOy2\n";

/// A program from a Debian package; nothing, loudly, if there is none to be had here.
fn program(package: &str, path: &str) -> Option<PathBuf> {
    static ONE_AT_A_TIME: Mutex<()> = Mutex::new(());
    let _held = ONE_AT_A_TIME.lock().unwrap_or_else(PoisonError::into_inner);
    let folder = PathBuf::from(env!("CARGO_TARGET_TMPDIR"));
    let done =
        Command::new("sh").arg(here("registry.sh")).arg(folder).args([package, path]).output().unwrap();
    if done.status.success() {
        return Some(String::from_utf8(done.stdout).unwrap().trim().into());
    }
    eprintln!("NOT TESTED: `{package}` cannot be had here: {}", String::from_utf8_lossy(&done.stderr).trim());
    None
}

/// A registry that is running.
struct Running {
    child: Child,
    address: String,
    _folder: TempDir,
}

impl Running {
    /// Starts one that everybody may use, or one with [`HTPASSWD`].
    fn start(with_login: bool) -> Option<Self> {
        let program = program("docker-registry", "usr/bin/docker-registry")?;
        let folder = tempfile::tempdir().unwrap();
        let passwords = folder.path().join("htpasswd");
        fs::write(&passwords, HTPASSWD).unwrap();
        for _ in 0..10 {
            // Another may take it meanwhile; then the registry ends, and the next one is tried.
            let address = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().to_string();
            let mut config = json!({
                "version": 0.1,
                "log": { "level": "error", "accesslog": { "disabled": true } },
                "storage": { "filesystem": { "rootdirectory": folder.path().join("storage") } },
                "http": { "addr": address },
            });
            if with_login {
                config["auth"] = json!({ "htpasswd": { "realm": "test", "path": passwords } });
            }
            let file = folder.path().join("config.yml");
            fs::write(&file, config.to_string()).unwrap();
            let null = || Stdio::null();
            let mut child =
                Command::new(&program).arg("serve").arg(&file).stdout(null()).stderr(null()).spawn().unwrap();
            let url = Url::parse(&format!("http://{address}/v2/")).unwrap();
            for _ in 0..1000 {
                match get(&client(), &url, 1000) {
                    Ok(_) | Err(FetchError::Status { status: 401, .. }) => {
                        return Some(Self { child, address, _folder: folder });
                    }
                    Err(_) if child.try_wait().unwrap().is_some() => break,
                    Err(_) => std::thread::sleep(Duration::from_millis(20)),
                }
            }
            let _ = child.kill();
            let _ = child.wait();
        }
        panic!("the registry does not start")
    }

    fn reference(&self, rest: &str) -> Reference {
        format!("oci://{}/{rest}", self.address).parse().unwrap()
    }

    fn python(&self, doing: &str, repository: &str, tag: &str, input: &[u8]) -> String {
        let mut child = Command::new("python3")
            .arg(here("artifact.py"))
            .args([doing, &format!("http://{}", self.address), repository, tag])
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .unwrap();
        child.stdin.take().unwrap().write_all(input).unwrap();
        let done = child.wait_with_output().unwrap();
        assert!(done.status.success(), "artifact.py {doing} failed");
        String::from_utf8(done.stdout).unwrap().trim().to_owned()
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

fn anonymous() -> Registry {
    Registry::new(client(), Login::Anonymous)
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().fold(String::new(), |mut text, byte| {
        let _ = write!(text, "{byte:02x}");
        text
    })
}

#[test]
fn what_is_pushed_is_pulled_by_tag_and_by_digest() {
    let Some(running) = Running::start(false) else { return };
    let (registry, signed) = (anonymous(), signed("1.0.0"));
    let tagged = running.reference("acme/rules:1.0.0");
    let pushed = registry.push(&tagged, &signed).unwrap();
    assert_eq!(pushed.reference, tagged.pinned(pushed.digest));

    let mut told = 0;
    let pulled = registry.pull(&tagged, &mut |received, _| told = received).unwrap();
    assert_eq!(pulled.signed().collect::<Vec<SignedComponent>>(), std::slice::from_ref(&signed));
    assert_eq!((pulled.digest, pulled.reference), (pushed.digest, pushed.reference.clone()));
    assert_eq!(told, signed.component.len() as u64);

    let bare = running.reference(&format!("acme/rules@sha256:{}", pushed.digest));
    for reference in [&pushed.reference, &bare] {
        assert_eq!(registry.pull(reference, &mut |_, _| {}).unwrap().digest, pushed.digest);
    }
    let error = registry.pull(&running.reference("acme/rules:2.0.0"), &mut |_, _| {}).unwrap_err();
    assert_eq!(error.code(), "not-found", "{error}");
}

#[test]
fn pushing_again_changes_nothing() {
    let Some(running) = Running::start(false) else { return };
    let (registry, signed) = (anonymous(), signed("1.0.0"));
    let reference = running.reference("acme/rules:1.0.0");
    assert_eq!(registry.push(&reference, &signed).unwrap(), registry.push(&reference, &signed).unwrap());
    assert_eq!(registry.pull(&reference, &mut |_, _| {}).unwrap().statements, [signed.statement]);
}

#[test]
fn the_biggest_component_passes() {
    let Some(running) = Running::start(false) else { return };
    let (registry, biggest) = (anonymous(), biggest());
    let reference = running.reference("acme/rules:9.0.0");
    registry.push(&reference, &biggest).unwrap();
    let mut told = (0, None);
    let pulled = registry.pull(&reference, &mut |received, total| told = (received, total)).unwrap();
    assert!(pulled.component == biggest.component, "other bytes came back");
    assert_eq!(told, (biggest.component.len() as u64, Some(biggest.component.len() as u64)));
}

#[test]
fn a_tag_that_moved_shows_in_the_digest_and_the_old_digest_still_means_the_old() {
    let Some(running) = Running::start(false) else { return };
    let registry = anonymous();
    let tag = running.reference("acme/rules:stable");
    let (old, new) = (signed("1.0.0"), signed("2.0.0"));
    let first = registry.push(&tag, &old).unwrap();
    let second = registry.push(&tag, &new).unwrap();
    let pulled = registry.pull(&tag, &mut |_, _| {}).unwrap();
    assert_eq!((pulled.digest, pulled.component), (second.digest, new.component));
    assert_ne!(first.digest, second.digest);
    assert_eq!(registry.resolve(&tag).unwrap(), second.digest);
    assert_eq!(registry.pull(&first.reference, &mut |_, _| {}).unwrap().component, old.component);
}

#[test]
fn statements_of_several_signers_are_all_found() {
    let Some(running) = Running::start(false) else { return };
    let registry = anonymous();
    let reference = running.reference("acme/rules:1.0.0");
    // The same component, each time signed by another key.
    let mut statements = Vec::new();
    for _ in 0..3 {
        let one = signed("1.0.0");
        registry.push(&reference, &one).unwrap();
        statements.push(one.statement);
    }
    let mut found = registry.pull(&reference, &mut |_, _| {}).unwrap().statements;
    statements.sort();
    found.sort();
    assert_eq!(found, statements);
}

#[test]
fn another_tool_reads_ours_and_ours_reads_anothers() {
    let Some(running) = Running::start(false) else { return };
    let (registry, signed) = (anonymous(), signed("1.0.0"));
    let pushed = registry.push(&running.reference("acme/rules:1.0.0"), &signed).unwrap();
    let read: Value = serde_json::from_str(&running.python("read", "acme/rules", "1.0.0", &[])).unwrap();
    let expected = json!({
        "digest": format!("sha256:{}", pushed.digest),
        "component": hex(&signed.component),
        "statements": [hex(&signed.statement)],
    });
    assert_eq!(read, expected);

    let digest = running.python("write", "others/rules", "1", &signed.component);
    let pulled = registry.pull(&running.reference("others/rules:1"), &mut |_, _| {}).unwrap();
    assert_eq!(pulled.component, signed.component);
    assert_eq!(format!("sha256:{}", pulled.digest), digest);
    assert_eq!(pulled.statements, Vec::<Vec<u8>>::new(), "nobody signed it");
}

#[test]
fn what_others_entered_in_the_list_of_statements_stays_as_it_was() {
    let Some(running) = Running::start(false) else { return };
    let (registry, signed) = (anonymous(), signed("1.0.0"));
    let reference = running.reference("acme/rules:1.0.0");
    let pushed = registry.push(&reference, &signed).unwrap();
    let tag = format!("sha256-{}", pushed.digest);
    let list =
        || -> Value { serde_json::from_str(&running.python("get-index", "acme/rules", &tag, &[])).unwrap() };
    assert_eq!(list()["manifests"][0]["digest"], format!("sha256:{}", pushed.statement));

    // Somebody else's referrer, with members that mean nothing to us, in place of ours.
    let mut foreign = list()["manifests"][0].clone();
    foreign["digest"] = format!("sha256:{}", pushed.digest).into();
    foreign["size"] = json!(1);
    foreign["artifactType"] = "application/vnd.example.sbom".into();
    foreign["x-theirs"] = json!([1, 2]);
    let index = json!({ "schemaVersion": 2, "mediaType": INDEX, "manifests": [foreign] });
    running.python("put-index", "acme/rules", &tag, index.to_string().as_bytes());
    assert_eq!(registry.pull(&reference, &mut |_, _| {}).unwrap().statements, Vec::<Vec<u8>>::new());

    registry.push(&reference, &signed).unwrap();
    assert_eq!(list()["manifests"][0], foreign);
    assert_eq!(list()["manifests"].as_array().unwrap().len(), 2);
    assert_eq!(registry.pull(&reference, &mut |_, _| {}).unwrap().statements, [signed.statement]);
}

#[test]
fn skopeo_reads_ours_and_a_copy_by_skopeo_is_read() {
    let Some(running) = Running::start(false) else { return };
    let Some(skopeo) = program("skopeo", "usr/bin/skopeo") else { return };
    let runs = Command::new(&skopeo).arg("--version").output();
    if !runs.is_ok_and(|done| done.status.success()) {
        eprintln!("NOT TESTED: skopeo does not run here (its libraries are missing)");
        return;
    }
    let run = |arguments: &[&str]| {
        let done = Command::new(&skopeo).arg("--insecure-policy").args(arguments).output().unwrap();
        assert!(done.status.success(), "skopeo {arguments:?}: {}", String::from_utf8_lossy(&done.stderr));
        done.stdout
    };
    let (registry, signed) = (anonymous(), signed("1.0.0"));
    let pushed = registry.push(&running.reference("acme/rules:1.0.0"), &signed).unwrap();
    let ours = format!("docker://{}/acme/rules:1.0.0", running.address);
    let raw = run(&["inspect", "--raw", "--tls-verify=false", &ours]);
    assert_eq!(bartizan_model::Digest::of(&raw), pushed.digest);

    let copy = format!("docker://{}/copies/rules:1.0.0", running.address);
    run(&["copy", "--preserve-digests", "--src-tls-verify=false", "--dest-tls-verify=false", &ours, &copy]);
    let pulled = registry.pull(&running.reference("copies/rules:1.0.0"), &mut |_, _| {}).unwrap();
    assert_eq!((pulled.digest, pulled.component), (pushed.digest, signed.component));
    // It copies what is under the tag, and not what refers to it.
    assert_eq!(pulled.statements, Vec::<Vec<u8>>::new());
}

#[test]
fn a_registry_that_wants_a_login_gets_it_from_dockers_configuration() {
    let Some(running) = Running::start(true) else { return };
    let signed = signed("1.0.0");
    let reference = running.reference("acme/rules:1.0.0");
    for (registry, code) in
        [(anonymous(), "login-needed"), (with_docker(&running, "wrong").0, "login-refused")]
    {
        assert_eq!(registry.push(&reference, &signed).unwrap_err().code(), code);
        assert_eq!(registry.pull(&reference, &mut |_, _| {}).unwrap_err().code(), code);
    }
    let (registry, _folder) = with_docker(&running, "correct horse");
    registry.push(&reference, &signed).unwrap();
    assert_eq!(
        registry.pull(&reference, &mut |_, _| {}).unwrap().statements,
        std::slice::from_ref(&signed.statement)
    );
    let given = Login::Given {
        registry: running.address.clone(),
        credentials: Credentials::Password {
            user: "user".into(),
            password: "correct horse".to_owned().into(),
        },
    };
    assert_eq!(
        Registry::new(client(), given).pull(&reference, &mut |_, _| {}).unwrap().statements,
        [signed.statement]
    );
}

/// Whoever logged in with Docker, with this password.
fn with_docker(running: &Running, password: &str) -> (Registry, TempDir) {
    use base64::{Engine as _, engine::general_purpose::STANDARD};
    let folder = tempfile::tempdir().unwrap();
    let auth = STANDARD.encode(format!("user:{password}"));
    let config = json!({ "auths": { &running.address: { "auth": auth } } });
    fs::write(folder.path().join("config.json"), config.to_string()).unwrap();
    (Registry::new(client(), Login::DockerConfig(folder.path().to_owned())), folder)
}
