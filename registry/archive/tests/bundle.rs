//! Bundles: what is made is read, its promises are checked, and its signature is one that `ssh-keygen` makes and checks.
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
    ContainerError, Refusal,
    bundle::{AllowedExpired, Contents, RepositoryFile, bundle_file_name, create, read},
    sshsig::{BUNDLE_NAMESPACE, SshSigError, allowed_signers_line},
};
use bartizan_registry::{Revocation, Revoked, Signer, TrustStore};
use base64::Engine as _;
use support::{contents, forged_by_its_maker, now, pack, resign, signed, time, trusting, unpack};

fn signer() -> Signer {
    Signer::generate().unwrap()
}

#[test]
fn a_bundle_gives_back_what_was_put_in() {
    let signer = signer();
    let given = contents(&signer);
    let opened = read(&create(&given, &signer).unwrap()).unwrap();
    assert_eq!(opened.claimed().unwrap().components.len(), 2);
    assert_eq!(opened.claimed_signer(), signer.public().id().to_string());
    let verified = opened.verify(&trusting("acme", &signer), now(), None).unwrap();
    assert_eq!((verified.name(), verified.sequence(), verified.key()), ("acme", 7, signer.public().id()));
    assert_eq!(verified.allowed_expired(), None);
    let mut expected = given;
    // Components come out sorted by name.
    expected.components.reverse();
    assert_eq!(verified.into_contents(), expected);
}

#[test]
fn the_same_contents_and_key_give_the_same_bytes_whatever_order_they_come_in() {
    let signer = signer();
    let given = contents(&signer);
    let mut turned = given.clone();
    turned.components.reverse();
    let bundle = create(&given, &signer).unwrap();
    assert_eq!(create(&given, &signer).unwrap(), bundle);
    assert_eq!(create(&turned, &signer).unwrap(), bundle);
}

#[test]
fn two_bundles_are_told_apart_by_what_was_signed() {
    let signer = signer();
    let mut given = contents(&signer);
    let digest = |contents: &Contents| {
        let opened = read(&create(contents, &signer).unwrap()).unwrap();
        opened.verify(&trusting("acme", &signer), now(), None).unwrap().digest()
    };
    let first = digest(&given);
    assert_eq!(digest(&given), first);
    given.lock.push(b'\n');
    assert_ne!(digest(&given), first);
}

#[test]
fn a_bundle_is_named_after_its_maker_and_sequence() {
    assert_eq!(bundle_file_name(&contents(&signer()).metadata), "acme-bundle-7.tar.gz");
}

#[test]
fn a_bundle_may_hold_nothing_but_news_of_what_not_to_trust() {
    let signer = signer();
    let mut given = contents(&signer);
    given.components.clear();
    given.trust.clear();
    given.repositories.clear();
    let opened = read(&create(&given, &signer).unwrap()).unwrap();
    let verified = opened.verify(&trusting("acme", &signer), now(), None).unwrap();
    assert_eq!(verified.contents().revocations.as_deref(), Some(b"[]\n".as_slice()));
}

#[test]
fn a_strangers_bundle_is_refused() {
    let (stranger, trusted) = (signer(), signer());
    let opened = read(&create(&contents(&stranger), &stranger).unwrap()).unwrap();
    for trust in [TrustStore::empty(), trusting("acme", &trusted)] {
        let refused = opened.verify(&trust, now(), None).unwrap_err();
        let Refusal::UnknownSigner { key, claimed } = &refused else { panic!("{refused}") };
        assert_eq!((key, claimed.as_str()), (&stranger.public().id().to_string(), "acme"));
        assert!(refused.advice().contains("bartizan trust add acme"), "{}", refused.advice());
    }
}

#[test]
fn a_publisher_cannot_make_a_bundle_in_anothers_name() {
    let signer = signer();
    let opened = read(&create(&contents(&signer), &signer).unwrap()).unwrap();
    assert_eq!(
        opened.verify(&trusting("globex", &signer), now(), None).unwrap_err(),
        Refusal::ForeignName {
            key: signer.public().id().to_string(),
            allowed: "globex".into(),
            claimed: "acme".into()
        }
    );
    let mut both = trusting("globex", &signer);
    both.add("acme".into(), signer.public());
    assert!(opened.verify(&both, now(), None).is_ok(), "a key may be trusted for two publishers");
}

#[test]
fn a_bundle_by_a_revoked_key_is_refused() {
    let signer = signer();
    let opened = read(&create(&contents(&signer), &signer).unwrap()).unwrap();
    let mut trust = trusting("acme", &signer);
    trust.revoke(Revocation {
        what: Revoked::Key(signer.public().id()),
        reason: "laptop\nstolen".into(),
        since: None,
    });
    let refused = opened.verify(&trust, now(), Some("any")).unwrap_err();
    assert!(matches!(&refused, Refusal::RevokedKey { reason, .. } if reason == "laptop stolen"), "{refused}");
}

#[test]
fn a_bundle_by_a_key_that_its_publisher_replaced_is_refused() {
    let (old, new) = (signer(), signer());
    let opened = read(&create(&contents(&old), &old).unwrap()).unwrap();
    let mut trust = trusting("acme", &old);
    assert!(trust.rotate("acme", old.public().id(), new.public()));
    let refused = opened.verify(&trust, now(), None).unwrap_err();
    assert_eq!(refused, Refusal::RetiredKey { key: old.public().id().to_string(), publisher: "acme".into() });
    let opened = read(&create(&contents(&new), &new).unwrap()).unwrap();
    assert!(opened.verify(&trust, now(), None).is_ok());
}

#[test]
fn a_key_in_the_bundle_does_not_make_the_bundle_trusted() {
    let signer = signer();
    let given = contents(&signer);
    assert_eq!(given.trust[0].1, signer.public());
    let opened = read(&create(&given, &signer).unwrap()).unwrap();
    assert!(opened.verify(&TrustStore::empty(), now(), None).is_err());
}

#[test]
fn an_expired_bundle_is_taken_only_with_a_reason_and_the_reason_is_kept() {
    let signer = signer();
    let opened = read(&create(&contents(&signer), &signer).unwrap()).unwrap();
    let at = |now: &str, reason| opened.verify(&trusting("acme", &signer), time(now), reason);
    assert!(at("2026-07-31T23:59:59Z", None).is_ok());
    for reason in [None, Some(""), Some("  \n")] {
        let refused = at("2026-08-01T00:00:00Z", reason).unwrap_err();
        assert_eq!(refused, Refusal::Expired { expired: "2026-08-01T00:00:00Z".into() });
    }
    let taken = at("2026-08-01T00:00:00Z", Some("air gap, ticket 12")).unwrap();
    assert_eq!(
        taken.allowed_expired(),
        Some(&AllowedExpired { expired: time("2026-08-01T00:00:00Z"), reason: "air gap, ticket 12".into() })
    );
    let in_time = at("2026-07-01T00:00:00Z", Some("air gap")).unwrap();
    assert_eq!(in_time.allowed_expired(), None, "a reason that was not needed is not on record");
}

#[test]
fn a_bundle_from_the_future_is_refused() {
    let signer = signer();
    let opened = read(&create(&contents(&signer), &signer).unwrap()).unwrap();
    let at = |now: &str| opened.verify(&trusting("acme", &signer), time(now), Some("any"));
    assert!(matches!(at("2026-04-30T00:00:00Z"), Err(Refusal::FromTheFuture { .. })));
    assert!(at("2026-04-30T23:55:00Z").is_ok(), "clocks differ by minutes");
}

#[test]
fn what_no_reader_would_take_is_not_made() {
    let signer = signer();
    let refused = |change: fn(&mut Contents, &Signer)| {
        let mut given = contents(&signer);
        change(&mut given, &signer);
        create(&given, &signer).unwrap_err()
    };
    assert!(matches!(
        refused(|c, _| c.metadata.name = "../acme".into()),
        Refusal::MalformedDescription { .. }
    ));
    assert!(matches!(
        refused(|c, _| c.metadata.expires = c.metadata.created),
        Refusal::MalformedDescription { .. }
    ));
    assert!(matches!(
        refused(|c, s| c.components.push(signed("acme/rules", "1.2.0", s))),
        Refusal::Twice { .. }
    ));
    assert!(matches!(
        refused(|c, _| c.components[0].statement = c.components[1].statement.clone()),
        Refusal::Oci { .. }
    ));
    assert!(matches!(
        refused(|c, _| c.repositories[0].path = "../../x".into()),
        Refusal::Container(ContainerError::ClimbsOut { .. })
    ));
    assert!(matches!(
        refused(|c, _| c.repositories.push(c.repositories[0].clone())),
        Refusal::Container(ContainerError::Duplicate { .. })
    ));
    assert!(matches!(
        refused(|c, _| c.repositories[0].path = "x".repeat(300)),
        Refusal::Container(ContainerError::NameTooLong { .. })
    ));
    assert!(matches!(
        refused(|c, _| c.repositories[0].repository = "Acme".into()),
        Refusal::Container(ContainerError::UnknownMember { .. })
    ));
    assert!(matches!(
        refused(|c, _| c.trust[0].0 = "Acme".into()),
        Refusal::Container(ContainerError::UnknownMember { .. })
    ));
    assert!(matches!(
        refused(|c, _| c.lock = vec![b'x'; 5 << 20]),
        Refusal::Container(ContainerError::MemberTooBig { .. })
    ));
    assert!(matches!(
        refused(|c, _| {
            let one = c.repositories[0].clone();
            c.repositories =
                (0..4100).map(|n| RepositoryFile { path: format!("{n}.json"), ..one.clone() }).collect();
        }),
        Refusal::Container(ContainerError::TooManyMembers { .. })
    ));
}

#[test]
fn a_signature_made_for_something_else_does_not_count() {
    let signer = signer();
    for namespace in ["git", "file", "bartizan-bundle2"] {
        let mut members = unpack(&create(&contents(&signer), &signer).unwrap());
        resign(&mut members, namespace, &signer);
        let refused =
            read(&pack(&members)).unwrap().verify(&trusting("acme", &signer), now(), None).unwrap_err();
        assert!(
            matches!(&refused, Refusal::Signature(SshSigError::WrongNamespace { actual, .. }) if actual == namespace),
            "{refused}"
        );
    }
}

#[test]
fn the_harness_makes_bundles_that_pass_if_nothing_is_changed() {
    let signer = signer();
    let bundle = forged_by_its_maker(&signer, |_| {});
    assert_eq!(bundle, create(&contents(&signer), &signer).unwrap());
}

/// OpenSSH is on every machine that people of this trade use; the tests ask for it.
fn ssh_keygen(folder: &Path, arguments: &[&str], input: &Path) -> (bool, String) {
    let output = Command::new("ssh-keygen")
        .args(arguments)
        .current_dir(folder)
        .stdin(fs::File::open(input).unwrap())
        .output()
        .expect("ssh-keygen is needed for this test");
    let text = [output.stdout, output.stderr].concat();
    (output.status.success(), String::from_utf8_lossy(&text).into_owned())
}

#[test]
fn ssh_keygen_accepts_a_bundles_signature_and_tells_an_altered_list() {
    let signer = signer();
    let members = unpack(&create(&contents(&signer), &signer).unwrap());
    let folder = tempfile::tempdir().unwrap();
    let at = |name: &str| folder.path().join(name);
    fs::write(at("SHA256SUMS"), &members["SHA256SUMS"]).unwrap();
    fs::write(at("SHA256SUMS.sig"), &members["SHA256SUMS.sig"]).unwrap();
    fs::write(at("allowed_signers"), allowed_signers_line("acme", &signer.public()).unwrap()).unwrap();
    let verify = |identity: &str, namespace: &str, list: &str| {
        let arguments = [
            "-Y",
            "verify",
            "-f",
            "allowed_signers",
            "-I",
            identity,
            "-n",
            namespace,
            "-s",
            "SHA256SUMS.sig",
        ];
        ssh_keygen(folder.path(), &arguments, &at(list))
    };
    let (accepted, said) = verify("acme", BUNDLE_NAMESPACE, "SHA256SUMS");
    assert!(accepted, "{said}");
    assert!(!verify("globex", BUNDLE_NAMESPACE, "SHA256SUMS").0);
    assert!(!verify("acme", "git", "SHA256SUMS").0);
    let mut altered = members["SHA256SUMS"].clone();
    altered[0] ^= 1;
    fs::write(at("altered"), altered).unwrap();
    assert!(!verify("acme", BUNDLE_NAMESPACE, "altered").0);
}

/// An OpenSSH key file with the seed of a PKCS#8 one, as `ssh-key` writes it.
fn as_openssh(signer: &Signer, folder: &Path) -> String {
    signer.write_new(&folder.join("pkcs8.pem")).unwrap();
    let pem = fs::read_to_string(folder.join("pkcs8.pem")).unwrap();
    let body: String = pem.lines().filter(|line| !line.starts_with('-')).collect();
    let der = base64::engine::general_purpose::STANDARD.decode(body).unwrap();
    // RFC 8410, section 7: the 32 bytes of the seed follow 16 bytes of header.
    let seed = der[16..48].try_into().unwrap();
    let private = ssh_key::private::Ed25519PrivateKey::from_bytes(seed);
    let pair = ssh_key::private::Ed25519Keypair {
        public: ssh_key::public::Ed25519PublicKey(*signer.public().as_bytes()),
        private,
    };
    ssh_key::PrivateKey::new(pair.into(), "acme")
        .unwrap()
        .to_openssh(ssh_key::LineEnding::LF)
        .unwrap()
        .to_string()
}

/// A signature over this list that `ssh-keygen` made with this key file.
fn signed_by_ssh_keygen(folder: &Path, key: &str, options: &[&str], list: &[u8]) -> Vec<u8> {
    let path = folder.join("SHA256SUMS");
    fs::write(&path, list).unwrap();
    let _ = fs::remove_file(folder.join("SHA256SUMS.sig"));
    let mut arguments = vec!["-Y", "sign", "-f", key, "-n", BUNDLE_NAMESPACE];
    arguments.extend(options);
    arguments.push("SHA256SUMS");
    let (signed, said) = ssh_keygen(folder, &arguments, &path);
    assert!(signed, "{said}");
    fs::read(folder.join("SHA256SUMS.sig")).unwrap()
}

#[test]
fn a_bundle_that_another_kind_of_key_signed_is_refused() {
    let signer = signer();
    let mut members = unpack(&create(&contents(&signer), &signer).unwrap());
    let folder = tempfile::tempdir().unwrap();
    for kind in ["rsa", "ecdsa"] {
        let empty = folder.path().join("empty");
        fs::write(&empty, "").unwrap();
        let (made, said) = ssh_keygen(folder.path(), &["-q", "-t", kind, "-N", "", "-f", kind], &empty);
        assert!(made, "{said}");
        let signature = signed_by_ssh_keygen(folder.path(), kind, &[], &members["SHA256SUMS"]);
        members.insert("SHA256SUMS.sig".into(), signature);
        let refused = read(&pack(&members)).unwrap_err();
        assert!(
            matches!(
                &refused,
                Refusal::Signature(SshSigError::OtherKey { .. } | SshSigError::Malformed { .. })
            ),
            "{kind}: {refused}"
        );
    }
}

#[test]
fn a_bundle_whose_list_ssh_keygen_signed_is_accepted() {
    let signer = signer();
    let mut members = unpack(&create(&contents(&signer), &signer).unwrap());
    let folder = tempfile::tempdir().unwrap();
    let key = folder.path().join("id_ed25519");
    fs::write(&key, as_openssh(&signer, folder.path())).unwrap();
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt as _;
        fs::set_permissions(&key, fs::Permissions::from_mode(0o600)).unwrap();
    }
    for options in [[].as_slice(), &["-O", "hashalg=sha256"]] {
        let list = &members["SHA256SUMS"];
        let signature = signed_by_ssh_keygen(folder.path(), "id_ed25519", options, list);
        if options.is_empty() {
            assert_eq!(signature, members["SHA256SUMS.sig"], "Ed25519 is deterministic: both sign alike");
        }
        members.insert("SHA256SUMS.sig".into(), signature);
        let opened = read(&pack(&members)).unwrap();
        assert!(opened.verify(&trusting("acme", &signer), now(), None).is_ok(), "{options:?}");
    }
}
