//! Soundly packed bundles with something wrong in them: changed by somebody without the key, or by their own maker.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "in a test, a panic is how it fails"
)]

mod support;

use bartizan_archive::{
    ContainerError, Refusal,
    bundle::{VerifiedBundle, create, read},
    oci::{Index, OciError, artifact},
};
use bartizan_model::Digest;
use bartizan_registry::{Granted, Ratchet, SignedComponent, Signer, Verifier};
use support::{Members, contents, forged_by_its_maker, now, pack, signed, time, trusting, unpack};

fn verify(bundle: &[u8], signer: &Signer) -> Result<VerifiedBundle, Refusal> {
    read(bundle)?.verify(&trusting("acme", signer), now(), None)
}

/// What is said of a bundle that somebody without the key changed.
fn tampered(change: impl FnOnce(&mut Members)) -> Refusal {
    let signer = Signer::generate().unwrap();
    let mut members = unpack(&create(&contents(&signer), &signer).unwrap());
    change(&mut members);
    verify(&pack(&members), &signer).unwrap_err()
}

/// What is said of a bundle that its own maker changed and signed again.
fn forged(change: impl FnOnce(&mut Members)) -> Refusal {
    let signer = Signer::generate().unwrap();
    verify(&forged_by_its_maker(&signer, change), &signer).unwrap_err()
}

fn edit(members: &mut Members, name: &str, from: &str, to: &str) {
    let text = String::from_utf8(members[name].clone()).unwrap();
    assert!(text.contains(from), "{name} has no `{from}`: {text}");
    members.insert(name.into(), text.replacen(from, to, 1).into_bytes());
}

#[test]
fn a_changed_byte_in_any_member_is_refused_and_the_member_is_named() {
    let signer = Signer::generate().unwrap();
    let members = unpack(&create(&contents(&signer), &signer).unwrap());
    for name in members.keys() {
        let mut changed = members.clone();
        let bytes = changed.get_mut(name).unwrap();
        let middle = bytes.len() / 2;
        bytes[middle] ^= 1;
        let refused = verify(&pack(&changed), &signer).unwrap_err();
        match name.as_str() {
            // The list itself is what the signature is over.
            "SHA256SUMS" => assert_eq!(refused.code(), "bad-signature", "{refused}"),
            "SHA256SUMS.sig" => assert!(
                ["malformed-signature", "bad-signature", "unknown-signer", "wrong-namespace"]
                    .contains(&refused.code()),
                "{refused}"
            ),
            _ => assert!(matches!(&refused, Refusal::Altered { member, .. } if member == name), "{refused}"),
        }
    }
}

#[test]
fn an_extra_member_is_refused() {
    let refused = tampered(|members| drop(members.insert("tuf/acme/extra.json".into(), b"{}".to_vec())));
    assert_eq!(refused, Refusal::NotListed { member: "tuf/acme/extra.json".into() });
}

#[test]
fn a_missing_member_is_refused() {
    let signer = Signer::generate().unwrap();
    let members = unpack(&create(&contents(&signer), &signer).unwrap());
    for name in members.keys() {
        let mut fewer = members.clone();
        fewer.remove(name);
        let refused = verify(&pack(&fewer), &signer).unwrap_err();
        let expected = match name.as_str() {
            "SHA256SUMS" | "SHA256SUMS.sig" | "bundle.json" => {
                Refusal::Container(ContainerError::Missing { member: name.clone() })
            }
            _ => Refusal::TakenOut { member: name.clone() },
        };
        assert_eq!(refused, expected);
    }
}

#[test]
fn a_list_that_was_made_anew_without_the_key_is_refused() {
    let signer = Signer::generate().unwrap();
    let mut members = unpack(&create(&contents(&signer), &signer).unwrap());
    let signature = members["SHA256SUMS.sig"].clone();
    members.insert("bartizan.lock".into(), b"evil".to_vec());
    support::resign(&mut members, "bartizan-bundle", &Signer::generate().unwrap());
    assert!(matches!(verify(&pack(&members), &signer), Err(Refusal::UnknownSigner { .. })));
    members.insert("SHA256SUMS.sig".into(), signature);
    assert_eq!(verify(&pack(&members), &signer).unwrap_err().code(), "bad-signature");
}

#[test]
fn members_of_another_bundle_are_refused() {
    let signer = Signer::generate().unwrap();
    let mut later = contents(&signer);
    later.metadata.sequence = 8;
    later.components.pop();
    later.components.push(signed("acme/other", "0.2.0", &signer));
    let (old, new) =
        (unpack(&create(&contents(&signer), &signer).unwrap()), unpack(&create(&later, &signer).unwrap()));
    // Both are by the same maker. The new description over the old content, and the other way round.
    for (mut mixed, other) in [(old.clone(), &new), (new.clone(), &old)] {
        mixed.insert("bundle.json".into(), other["bundle.json"].clone());
        assert!(
            matches!(verify(&pack(&mixed), &signer), Err(Refusal::Altered { member, .. }) if member == "bundle.json")
        );
    }
    // The new content under the old list.
    let mut mixed = new.clone();
    for name in ["SHA256SUMS", "SHA256SUMS.sig"] {
        mixed.insert(name.into(), old[name].clone());
    }
    assert!(matches!(
        verify(&pack(&mixed), &signer),
        Err(Refusal::NotListed { .. } | Refusal::Altered { .. } | Refusal::TakenOut { .. })
    ));
    let mut blobs = old.clone();
    blobs.extend(new.into_iter().filter(|(name, _)| name.starts_with("blobs/")));
    assert!(matches!(verify(&pack(&blobs), &signer), Err(Refusal::NotListed { .. })));
}

#[test]
fn a_description_of_another_component_than_is_there_is_refused() {
    let says = |refusal: Refusal, what: &str| {
        assert!(matches!(&refusal, Refusal::NotAsDescribed { why } if why.contains(what)), "{refusal}");
    };
    says(forged(|m| edit(m, "bundle.json", "1.2.0", "1.2.1")), "acme/rules 1.2.1 is listed and is not there");
    says(
        forged(|m| edit(m, "bundle.json", "acme/rules", "acme/rulez")),
        "acme/rulez 1.2.0 is listed and is not there",
    );
    says(
        forged(|m| {
            let mut json: serde_json::Value = serde_json::from_slice(&m["bundle.json"]).unwrap();
            json["components"].as_array_mut().unwrap().remove(0);
            m.insert("bundle.json".into(), json.to_string().into_bytes());
        }),
        "acme/other 0.1.0-beta.1+x is there and not listed",
    );
    says(
        forged(|m| {
            let mut json: serde_json::Value = serde_json::from_slice(&m["bundle.json"]).unwrap();
            let first = json["components"][0].clone();
            json["components"].as_array_mut().unwrap().push(first);
            m.insert("bundle.json".into(), json.to_string().into_bytes());
        }),
        "listed twice",
    );
    for member in ["sha256", "statement"] {
        says(
            forged(|m| {
                let mut json: serde_json::Value = serde_json::from_slice(&m["bundle.json"]).unwrap();
                json["components"][1][member] = Digest::of(b"x").to_string().into();
                m.insert("bundle.json".into(), json.to_string().into_bytes());
            }),
            "acme/rules 1.2.0 is listed and is there with other bytes",
        );
    }
}

#[test]
fn a_description_that_is_not_one_is_refused() {
    for (from, to) in [
        ("{", "["),
        (r#""format": 1"#, r#""format": 2"#),
        (r#""name": "acme""#, r#""name": "../x""#),
        (r#""name": "acme""#, r#""name": "acme", "name": "acme""#),
        (r#""name": "acme""#, r#""name": "acme", "run": "rm -rf /""#),
        (r#""sequence": 7"#, r#""sequence": -7"#),
        (r#""sequence": 7"#, r#""sequence": 99999999999999999999"#),
        ("2026-08-01T00:00:00Z", "tomorrow"),
        ("2026-08-01T00:00:00Z", "2026-04-01T00:00:00Z"),
    ] {
        let refused = forged(|members| edit(members, "bundle.json", from, to));
        assert!(matches!(refused, Refusal::MalformedDescription { .. }), "{to}: {refused}");
    }
}

/// The members of a layout in which one component's statement is beside another's bytes, with every digest right.
fn mixed_up(signer: &Signer) -> Members {
    let rules = signed("acme/rules", "1.2.0", signer);
    let other = signed("acme/other", "0.1.0", signer);
    let (mut one, two) = (artifact(&rules).unwrap(), artifact(&other).unwrap());
    // `rules` keeps its name and statement, and gets the other's component.
    let replace = |text: &[u8], from: &str, to: &str| {
        String::from_utf8(text.to_vec()).unwrap().replace(from, to).into_bytes()
    };
    let hex = |bytes: &[u8]| Digest::of(bytes).to_string();
    let (old_manifest, old_config) = (hex(&one.manifest.bytes), hex(&one.config.bytes));
    one.config.bytes = replace(&one.config.bytes, &hex(&one.component.bytes), &hex(&two.component.bytes));
    one.manifest.bytes = replace(&one.manifest.bytes, &hex(&one.component.bytes), &hex(&two.component.bytes));
    one.manifest.bytes = replace(&one.manifest.bytes, &old_config, &hex(&one.config.bytes));
    one.statement_manifest.bytes =
        replace(&one.statement_manifest.bytes, &old_manifest, &hex(&one.manifest.bytes));
    assert_eq!(one.component.bytes.len(), two.component.bytes.len(), "sizes are to stay right");
    one.component = two.component;
    let mut members = Members::new();
    for blob in one.blobs().into_iter().chain(one.manifests()) {
        members.insert(format!("blobs/sha256/{}", Digest::of(&blob.bytes)), blob.bytes.clone());
    }
    let mut manifests = one.manifests().map(|blob| blob.descriptor.clone()).to_vec();
    manifests[0].digest = Digest::of(&one.manifest.bytes);
    manifests[1].digest = Digest::of(&one.statement_manifest.bytes);
    let index = Index {
        schema_version: 2,
        media_type: Some("application/vnd.oci.image.index.v1+json".into()),
        manifests,
    };
    members.insert("index.json".into(), serde_json::to_vec(&index).unwrap());
    members
}

#[test]
fn a_statement_of_one_component_with_the_bytes_of_another_is_refused() {
    let signer = Signer::generate().unwrap();
    let bundle = forged_by_its_maker(&signer, |members| {
        members.retain(|name, _| !name.starts_with("blobs/"));
        members.extend(mixed_up(&signer));
    });
    let refused = verify(&bundle, &signer).unwrap_err();
    assert!(matches!(refused, Refusal::Oci { error: OciError::MixedUp { .. }, .. }), "{refused}");
}

#[test]
fn a_layout_that_its_maker_broke_is_refused() {
    let index = |change: fn(&mut Index)| {
        forged(|members| {
            let mut index = Index::parse(&members["index.json"]).unwrap();
            change(&mut index);
            members.insert("index.json".into(), serde_json::to_vec(&index).unwrap());
        })
    };
    assert!(matches!(index(|i| drop(i.manifests.pop())), Refusal::NoStatement { .. }));
    assert!(matches!(index(|i| i.manifests.truncate(2)), Refusal::Stray { .. }));
    assert!(matches!(index(|i| i.manifests.swap_remove(0).size = 0), Refusal::Layout { .. }));
    assert!(matches!(index(|i| i.manifests.push(i.manifests[0].clone())), Refusal::NoStatement { .. }));
    assert!(matches!(
        forged(|members| edit(members, "oci-layout", "1.0.0", "2.0.0")),
        Refusal::Layout { .. }
    ));
    assert!(matches!(
        forged(|members| drop(members.insert("index.json".into(), b"[]".to_vec()))),
        Refusal::Oci { error: OciError::Malformed { .. }, .. }
    ));
    assert!(matches!(
        forged(|members| drop(members.insert(format!("blobs/sha256/{}", Digest::of(b"x")), b"x".to_vec()))),
        Refusal::Stray { .. }
    ));
    for gone in ["bartizan.lock", "oci-layout", "index.json"] {
        let refused = forged(|members| drop(members.remove(gone)));
        assert_eq!(refused, Refusal::Container(ContainerError::Missing { member: gone.into() }));
    }
}

#[test]
fn a_blob_under_another_digest_is_refused_though_its_maker_signed_it() {
    let refused = forged(|members| {
        let name = members.keys().find(|name| name.starts_with("blobs/")).unwrap().clone();
        members.get_mut(&name).unwrap()[0] ^= 1;
    });
    assert!(matches!(refused, Refusal::Oci { error: OciError::Altered { .. }, .. }), "{refused}");
}

#[test]
fn a_key_under_anothers_id_is_refused() {
    let signer = Signer::generate().unwrap();
    let other = Signer::generate().unwrap().public().to_pem().unwrap();
    for content in [other.as_bytes(), b"-----BEGIN PUBLIC KEY-----", b"\xff"] {
        let bundle = forged_by_its_maker(&signer, |members| {
            let name = members.keys().find(|name| name.starts_with("trust/")).unwrap().clone();
            members.insert(name, content.to_vec());
        });
        assert!(matches!(verify(&bundle, &signer), Err(Refusal::BadKey { .. })));
    }
}

#[test]
fn a_component_that_anybody_else_signed_comes_out_for_the_verifier_to_refuse() {
    let (maker, stranger) = (Signer::generate().unwrap(), Signer::generate().unwrap());
    let mut given = contents(&maker);
    given.components = vec![signed("acme/rules", "1.2.0", &stranger)];
    let verified = verify(&create(&given, &maker).unwrap(), &maker).unwrap();
    let SignedComponent { component, statement } = &verified.contents().components[0];
    let mut verifier =
        Verifier::at(trusting("acme", &maker), Ratchet::in_memory(), time("2026-06-01T00:00:00Z"));
    let refused = verifier.verify(component, statement, |_| Granted::default()).map(|_| ());
    assert!(matches!(refused, Err(bartizan_registry::Refusal::UnknownSigner { .. })));
}
