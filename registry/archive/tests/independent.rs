//! What we write, read by programs that share nothing with us; and what we wrote long ago, read by us.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "in a test, a panic is how it fails"
)]

mod support;

use std::{fs, path::Path, process::Command};

use bartizan_archive::{
    bundle::{bundle_file_name, create, read},
    oci::artifact,
    package_file_name, read_package, write_package,
};
use bartizan_model::Digest;
use bartizan_registry::{PublicKey, SignedComponent, Signer, TrustStore};
use serde_json::{Value, json};
use support::{contents, now, signed, unpack};

fn read_by_python(file: &Path) -> Value {
    let script = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/read_layout.py");
    let output =
        Command::new("python3").arg(script).arg(file).output().expect("Python 3 is needed for this test");
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    serde_json::from_slice(&output.stdout).unwrap()
}

fn as_python_should_see(signed: &SignedComponent) -> Value {
    let claims = signed.claimed().unwrap();
    let export = format!("test:{}/check@{}", claims.id.as_str().replace('/', "-"), claims.version);
    json!({
        "component": signed.digest(),
        "statement": Digest::of(&signed.statement),
        "shape": { "exports": [export], "imports": ["test:host/log@0.1.0"] },
    })
}

#[test]
fn python_reads_a_package_and_finds_the_same_in_it() {
    let ours = signed("acme/rules", "1.2.0", &Signer::generate().unwrap());
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join(package_file_name(&ours.claimed().unwrap()));
    fs::write(&file, write_package(&ours).unwrap()).unwrap();
    assert_eq!(read_by_python(&file), json!({ "acme/rules:1.2.0": as_python_should_see(&ours) }));
}

#[test]
fn python_reads_a_bundle_and_finds_the_same_in_it() {
    let signer = Signer::generate().unwrap();
    let given = contents(&signer);
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join(bundle_file_name(&given.metadata));
    fs::write(&file, create(&given, &signer).unwrap()).unwrap();
    assert_eq!(
        read_by_python(&file),
        json!({
            "acme/rules:1.2.0": as_python_should_see(&given.components[0]),
            "acme/other:0.1.0-beta.1+x": as_python_should_see(&given.components[1]),
        })
    );
}

/// Whether a program that few machines have is here. If not, it is said loudly.
fn has(program: &str) -> bool {
    let found = Command::new(program).arg("--version").output().is_ok();
    if !found {
        eprintln!("NOT TESTED: `{program}` is not installed");
    }
    found
}

#[test]
fn sha256sum_agrees_with_the_list() {
    if !has("sha256sum") {
        return;
    }
    let signer = Signer::generate().unwrap();
    let folder = tempfile::tempdir().unwrap();
    for (name, bytes) in unpack(&create(&contents(&signer), &signer).unwrap()) {
        let path = folder.path().join(name);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, bytes).unwrap();
    }
    let check = || {
        let arguments = ["--check", "--strict", "--quiet", "SHA256SUMS"];
        Command::new("sha256sum")
            .args(arguments)
            .current_dir(folder.path())
            .output()
            .unwrap()
            .status
            .success()
    };
    assert!(check());
    fs::write(folder.path().join("bartizan.lock"), "evil").unwrap();
    assert!(!check());
}

#[test]
fn skopeo_reads_a_packages_manifest() {
    if !has("skopeo") {
        return;
    }
    let ours = signed("acme/rules", "1.2.0", &Signer::generate().unwrap());
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("rules.oci.tar");
    fs::write(&file, write_package(&ours).unwrap()).unwrap();
    let reference = format!("oci-archive:{}:acme/rules:1.2.0", file.display());
    let output = Command::new("skopeo").args(["inspect", "--raw", &reference]).output().unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    assert_eq!(output.stdout, artifact(&ours).unwrap().manifest.bytes);
    // And all the blobs with it.
    let copy = folder.path().join("copy");
    let to = format!("dir:{}", copy.display());
    let output =
        Command::new("skopeo").args(["copy", "--insecure-policy", &reference, &to]).output().unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    assert_eq!(fs::read(copy.join(ours.digest().to_string())).unwrap(), ours.component);
}

fn fixture(name: &str) -> std::path::PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/fixtures").join(name)
}

/// Files of the first format. They stay as they are: whoever holds one must be able to read it for ever.
#[test]
fn a_package_of_the_first_format_is_read_and_written_as_ever() {
    let package = fs::read(fixture("rules-1.2.0.oci.tar")).unwrap();
    let read = read_package(package.as_slice()).unwrap();
    assert_eq!(read.claimed().unwrap().id.as_str(), "acme/rules");
    assert!(write_package(&read).unwrap() == package, "the same component makes another package than before");
}

#[test]
fn a_bundle_of_the_first_format_is_read_and_verified() {
    let key = PublicKey::from_pem(&fs::read_to_string(fixture("acme.pem")).unwrap()).unwrap();
    let mut trust = TrustStore::empty();
    trust.add("acme".into(), key);
    let opened = read(&fs::read(fixture("acme-bundle-7.tar.gz")).unwrap()).unwrap();
    let verified = opened.verify(&trust, now(), None).unwrap();
    assert_eq!(verified.contents().components.len(), 2);
    let rules = &verified.contents().components[1];
    assert_eq!(*rules, read_package(fs::File::open(fixture("rules-1.2.0.oci.tar")).unwrap()).unwrap());
}

#[test]
#[ignore = "makes the files that the two tests above read; once for each format, never again"]
fn make_the_fixtures() {
    let signer = Signer::generate().unwrap();
    let given = contents(&signer);
    fs::create_dir_all(fixture("")).unwrap();
    fs::write(fixture("acme.pem"), signer.public().to_pem().unwrap()).unwrap();
    fs::write(fixture("rules-1.2.0.oci.tar"), write_package(&given.components[0]).unwrap()).unwrap();
    fs::write(fixture("acme-bundle-7.tar.gz"), create(&given, &signer).unwrap()).unwrap();
}
