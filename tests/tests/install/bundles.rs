//! Bundles: made on one machine, installed on another that has no network.

use std::{
    fs,
    path::{Path, PathBuf},
    process::{Command, Stdio},
};

use bartizan_tests::{Bartizan, Publisher, hostile_component, versioned};

use super::{ID, claims, component, flat, install, listing, trusting, user, version};

/// A maker with two components installed, and the key that bundles are signed with.
fn maker() -> (Bartizan, Publisher, PathBuf) {
    let (user, publisher) = trusting();
    install(&user, &publisher.package(&user, &component(), &claims("1.0.0", 1))).expect_code(0);
    let reporter = Publisher::claims("hostile/odd-reporter");
    install(&user, &publisher.package(&user, &hostile_component("odd-reporter"), &reporter)).expect_code(0);
    let key = user.work().join("maker.pem");
    publisher.signer().write_new(&key).unwrap();
    (user, publisher, key)
}

fn bundle(user: &Bartizan, key: &Path, sequence: &str, more: &[&str]) -> PathBuf {
    let path = user.work().join(format!("bundle-{sequence}.tar.gz"));
    let mut args = vec!["bundle", "create", ID, "hostile/odd-reporter", "--publisher", "hostile"];
    args.extend(["--sequence", sequence, "--key", key.to_str().unwrap(), "-o", path.to_str().unwrap()]);
    args.extend(more);
    user.run(args).expect_code(0);
    path
}

/// Another machine, whose user trusts the maker.
fn taker(publisher: &Publisher) -> Bartizan {
    let user = user();
    publisher.trusted_by(&user, "hostile");
    user
}

#[test]
fn a_bundle_is_installed_where_there_is_no_network() {
    let (maker, publisher, key) = maker();
    let bundle = bundle(&maker, &key, "7", &[]);
    let taker = taker(&publisher);
    taker.run(["bundle", "verify", bundle.to_str().unwrap()]).expect_code(0);
    let inspected = taker.run(["bundle", "inspect", bundle.to_str().unwrap()]).expect_code(0);
    for fact in ["odd-reporter", "SHA256SUMS.sig", "index.json", "verified"] {
        assert!(inspected.text().contains(fact), "{}", inspected.text());
    }

    let alone = ["--user", "--map-root-user", "--net"];
    let allowed =
        Command::new("unshare").args(alone).arg("true").status().is_ok_and(|status| status.success());
    let mut command = taker.command(["bundle", "install", bundle.to_str().unwrap()]);
    if allowed {
        let plain = command;
        command = Command::new("unshare");
        command
            .args(alone)
            .arg(plain.get_program())
            .args(plain.get_args())
            .current_dir(taker.work())
            .env_clear();
        command.envs(plain.get_envs().filter_map(|(name, value)| Some((name, value?))));
    } else {
        eprintln!("NOT TESTED without a network: this machine makes no network namespaces");
    }
    let output = command.stdin(Stdio::null()).output().unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    assert_eq!(version(&taker, ID).as_deref(), Some("1.0.0"));
    assert_eq!(version(&taker, "hostile/odd-reporter").as_deref(), Some("1.0.0"));
    let run = taker.scan(["--fail-on", "critical", listing().to_str().unwrap()]).expect_code(0);
    assert!(run.found().iter().any(|one| one.starts_with("HOSTILE-001")));
}

#[test]
fn the_same_input_makes_the_same_bytes() {
    let (maker, _, key) = maker();
    let times = ["--created", "2026-01-01T00:00:00Z", "--expires", "2200-01-01T00:00:00Z"];
    let one = fs::read(bundle(&maker, &key, "7", &times)).unwrap();
    assert_eq!(fs::read(bundle(&maker, &key, "7", &times)).unwrap(), one);
    assert_ne!(fs::read(bundle(&maker, &key, "8", &times)).unwrap(), one);
}

#[test]
fn an_older_or_expired_bundle_is_taken_only_for_who_says_so() {
    let (maker, publisher, key) = maker();
    let (seven, eight) = (bundle(&maker, &key, "7", &[]), bundle(&maker, &key, "8", &[]));
    let taker = taker(&publisher);
    let take = |path: &Path, more: &[&str]| {
        let mut args = vec!["bundle", "install", path.to_str().unwrap()];
        args.extend(more);
        taker.run(args)
    };
    take(&eight, &[]).expect_code(0);
    let refused = take(&seven, &[]).expect_code(4);
    assert!(flat(&refused.stderr).contains("--allow-older-bundle"), "{}", refused.stderr);
    take(&seven, &["--allow-older-bundle"]).expect_code(0);

    let over = ["--created", "2019-01-01T00:00:00Z", "--expires", "2020-01-01T00:00:00Z"];
    let expired = bundle(&maker, &key, "9", &over);
    let refused = take(&expired, &[]).expect_code(4);
    assert!(flat(&refused.stderr).contains("expired"), "{}", refused.stderr);
    let taken = take(&expired, &["--allow-expired-bundle", "the courier was late"]).expect_code(0);
    assert!(flat(&taken.stderr).contains("the courier was late"), "{}", taken.stderr);
    // It was what is installed already, from bundle 8; what comes in by it is told of for as long as it is there.
    taker.run(["plugins", "remove", ID]).expect_code(0);
    take(&expired, &["--allow-expired-bundle", "the courier was late"]).expect_code(0);
    let info = taker.run(["plugins", "info", ID]).expect_code(0);
    assert!(info.text().contains("the courier was late"), "{}", info.text());
}

#[test]
fn what_was_done_to_a_bundle_on_its_way_is_refused_before_anything_is_unpacked() {
    let (maker, publisher, key) = maker();
    let good = fs::read(bundle(&maker, &key, "7", &[])).unwrap();
    let stranger = Publisher::new();
    let strange = user();
    stranger.trusted_by(&strange, "hostile");
    let tampered: &[(&str, Vec<u8>)] = &[
        ("a changed byte", {
            let mut bytes = good.clone();
            let middle = bytes.len() / 2;
            bytes[middle] ^= 1;
            bytes
        }),
        ("a truncated end", good[..good.len() - 100].to_vec()),
        ("something behind it", [good.clone(), vec![0; 100]].concat()),
        ("another one behind it", [good.clone(), good.clone()].concat()),
        ("nothing", Vec::new()),
    ];
    let taker = taker(&publisher);
    for (what, bytes) in tampered {
        let path = taker.write("bundle.tar.gz", bytes);
        let run = taker.run(["bundle", "install", path.to_str().unwrap()]).expect_code(4);
        assert!(flat(&run.stderr).contains("refused bundle"), "{what}: {}", run.stderr);
        assert!(!taker.installed().exists(), "{what}: something was put in place");
    }
    // The same bundle, where another's key is trusted under this name.
    let path = strange.write("bundle.tar.gz", &good);
    strange.run(["bundle", "install", path.to_str().unwrap()]).expect_code(4);
    assert!(!strange.installed().exists());
}

#[test]
fn a_bundle_brings_revocations_and_keys_only_for_who_asks() {
    let (maker, publisher, key) = maker();
    maker.run(["trust", "revoke", "hostile/by-config@9.9.9", "--reason", "never was good"]).expect_code(0);
    // A second publisher's component, in the first one's bundle.
    let acme = Publisher::new();
    acme.trusted_by(&maker, "acme");
    let bundle = bundle(&maker, &key, "7", &[]);
    let taker = taker(&publisher);
    taker.run(["bundle", "install", bundle.to_str().unwrap()]).expect_code(0);
    assert!(taker.run(["trust", "list"]).text().contains("never was good"));
    assert!(
        !taker.run(["trust", "list"]).text().contains("acme"),
        "a key came in that nothing in the bundle needs"
    );
}

#[test]
fn an_update_by_bundle_replaces_and_keeps_what_was_granted() {
    let (maker, publisher, key) = maker();
    let taker = taker(&publisher);
    taker.run(["bundle", "install", bundle(&maker, &key, "7", &[]).to_str().unwrap()]).expect_code(0);
    let newer = versioned(&component(), "1.0.1");
    install(&maker, &publisher.package(&maker, &newer, &claims("1.0.1", 2))).expect_code(0);
    // `plugins install` takes a bundle, too.
    install(&taker, &bundle(&maker, &key, "8", &[])).expect_code(0);
    assert_eq!(version(&taker, ID).as_deref(), Some("1.0.1"));
}

#[test]
fn a_stranger_verifies_a_bundle_and_a_package_with_other_tools() {
    let (maker, publisher, key) = maker();
    let bundle = bundle(&maker, &key, "7", &[]);
    let folder = maker.work().join("unpacked");
    fs::create_dir(&folder).unwrap();
    let signers =
        bartizan_archive::sshsig::allowed_signers_line("hostile", &publisher.signer().public()).unwrap();
    fs::write(folder.join("allowed_signers"), signers).unwrap();
    let public = folder.join("hostile.pem.pub");
    fs::write(&public, publisher.signer().public().to_pem().unwrap()).unwrap();
    let run = |script: &str| {
        let output = Command::new("bash")
            .args(["-euo", "pipefail", "-c", script])
            .current_dir(&folder)
            .output()
            .unwrap();
        let said =
            format!("{}{}", String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr));
        (output.status.success(), said)
    };
    let (ok, said) = run(&format!(
        "tar xzf '{}' && ssh-keygen -Y verify -f allowed_signers -I hostile -n bartizan-bundle -s SHA256SUMS.sig < SHA256SUMS \
         && sha256sum --quiet -c SHA256SUMS",
        bundle.display()
    ));
    assert!(ok && said.contains("Good"), "{said}");
    // The statement of a component, by OpenSSL alone.
    let verify = r#"
python3 - <<'END'
import base64, glob, json
for name in glob.glob("blobs/sha256/*"):
    try:
        envelope = json.load(open(name, encoding="utf-8"))
        payload = base64.b64decode(envelope["payload"])
    except (UnicodeDecodeError, ValueError, KeyError, TypeError):
        continue
    kind = envelope["payloadType"].encode()
    open("signed.bin", "wb").write(b"DSSEv1 %d %s %d %s" % (len(kind), kind, len(payload), payload))
    open("signature.bin", "wb").write(base64.b64decode(envelope["signatures"][0]["sig"]))
END
openssl pkeyutl -verify -rawin -pubin -inkey hostile.pem.pub -in signed.bin -sigfile signature.bin"#;
    let (ok, said) = run(verify);
    assert!(ok && said.contains("Signature Verified Successfully"), "{said}");
    let (ok, said) = run(&format!("echo x >> signed.bin; {}", verify.rsplit_once('\n').unwrap().1));
    assert!(!ok, "{said}");
}
