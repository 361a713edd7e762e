//! OCI registries, through the program: a real one, which knows nothing of us.

use std::{
    fs,
    net::TcpListener,
    path::PathBuf,
    process::{Child, Command, Stdio},
    thread,
    time::Duration,
};

use bartizan_tests::{Publisher, root, versioned};

use super::{ID, claims, component, flat, install, trusting, user, version};

/// A running registry, ended on drop.
struct Registry {
    child: Child,
    address: String,
    _folder: tempfile::TempDir,
}

impl Drop for Registry {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// Debian's `docker-registry`; nothing, loudly, where it cannot be had.
fn registry() -> Option<Registry> {
    let folder = root().join("target/registry");
    fs::create_dir_all(&folder).unwrap();
    // One at a time: it may have to be fetched.
    let lock = fs::File::create(folder.join("lock")).unwrap();
    lock.lock().unwrap();
    let script = root().join("registry/fetch/tests/registry.sh");
    let output = Command::new("sh")
        .arg(script)
        .arg(&folder)
        .args(["docker-registry", "usr/bin/docker-registry"])
        .output()
        .unwrap();
    if !output.status.success() {
        eprintln!(
            "NOT TESTED: docker-registry cannot be had here: {}",
            String::from_utf8_lossy(&output.stderr)
        );
        return None;
    }
    let program = PathBuf::from(String::from_utf8(output.stdout).unwrap().trim());
    let storage = tempfile::tempdir().unwrap();
    let port = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port();
    let address = format!("127.0.0.1:{port}");
    let config = format!(
        "version: 0.1\nstorage:\n  filesystem:\n    rootdirectory: {}\nhttp:\n  addr: {address}\n",
        storage.path().display()
    );
    fs::write(storage.path().join("config.yml"), config).unwrap();
    let child = Command::new(program)
        .args(["serve", storage.path().join("config.yml").to_str().unwrap()])
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .spawn()
        .unwrap();
    let registry = Registry { child, address, _folder: storage };
    for _ in 0..500 {
        if std::net::TcpStream::connect(&registry.address).is_ok() {
            return Some(registry);
        }
        thread::sleep(Duration::from_millis(20));
    }
    panic!("docker-registry does not start");
}

#[test]
fn a_component_is_pushed_pulled_updated_and_pinned_by_digest() {
    let Some(registry) = registry() else { return };
    let (author, publisher) = trusting();
    let to = format!("oci://{}/hostile/by-config", registry.address);
    let push = |version: &str, sequence, bytes: &[u8], tag: &str| {
        let package = publisher.package(&author, bytes, &claims(version, sequence));
        let run = author
            .run(["plugins", "publish", package.to_str().unwrap(), "--to", &format!("{to}:{tag}")])
            .expect_code(0);
        run.text().trim().rsplit_once('@').unwrap().1.to_owned()
    };
    let digest = push("1.0.0", 1, &component(), "latest");

    let taker = user();
    publisher.trusted_by(&taker, "hostile");
    install(&taker, format!("{to}:latest").as_ref()).expect_code(0);
    assert_eq!(version(&taker, ID).as_deref(), Some("1.0.0"));

    push("1.0.1", 2, &versioned(&component(), "1.0.1"), "latest");
    taker.run(["plugins", "update"]).expect_code(0);
    assert_eq!(version(&taker, ID).as_deref(), Some("1.0.1"));
    // By its digest the first one is still there; that it is older is told.
    let refused = install(&taker, format!("{to}@{digest}").as_ref()).expect_code(4);
    assert!(flat(&refused.stderr).contains("--allow-older"), "{}", refused.stderr);

    let other = user();
    publisher.trusted_by(&other, "hostile");
    install(&other, format!("{to}@{digest}").as_ref()).expect_code(0);
    assert_eq!(version(&other, ID).as_deref(), Some("1.0.0"));
}

#[test]
fn what_a_stranger_pushed_or_what_is_not_there_is_not_installed() {
    let Some(registry) = registry() else { return };
    let (author, publisher) = trusting();
    let to = format!("oci://{}/hostile/by-config:1", registry.address);
    let stranger = Publisher::new();
    let package = stranger.package(&author, &component(), &claims("1.0.0", 1));
    author.run(["plugins", "publish", package.to_str().unwrap(), "--to", &to]).expect_code(0);
    let taker = user();
    publisher.trusted_by(&taker, "hostile");
    let refused = install(&taker, to.as_ref()).expect_code(4);
    assert!(flat(&refused.stderr).contains("signed by a stranger"), "{}", refused.stderr);
    // The publisher signs the same bytes beside the stranger: now one of the statements counts.
    let package = publisher.package(&author, &component(), &claims("1.0.0", 1));
    author.run(["plugins", "publish", package.to_str().unwrap(), "--to", &to]).expect_code(0);
    install(&taker, to.as_ref()).expect_code(0);
    let missing = install(&taker, format!("oci://{}/hostile/none:1", registry.address).as_ref());
    assert_ne!(missing.code(), 0);
    assert!(!missing.stderr.contains("panicked"), "{}", missing.stderr);
    let wrong = install(&taker, "oci://nonsense".as_ref());
    assert_ne!(wrong.code(), 0);
}
