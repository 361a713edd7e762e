//! Packages: what is written is read, by us and by others, and nothing else is.
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
    oci::{self, Index, Manifest, OciError, artifact},
    package_file_name, read_package, write_package,
};
use bartizan_model::Digest;
use bartizan_registry::{Granted, Ratchet, SignedComponent, Signer, Verifier};
use proptest::prelude::*;
use support::{Entry, claims, component, signed, tar, trusting, untar};

fn signer() -> Signer {
    Signer::generate().unwrap()
}

#[test]
fn a_package_gives_back_what_was_put_in_and_it_verifies() {
    let signer = signer();
    let ours = signed("acme/rules", "1.2.0", &signer);
    let read = read_package(write_package(&ours).unwrap().as_slice()).unwrap();
    assert_eq!(read, ours);
    let mut verifier = Verifier::new(trusting("acme", &signer), Ratchet::in_memory());
    assert!(verifier.verify(&read.component, &read.statement, |_| Granted::default()).is_ok());
}

#[test]
fn the_same_component_gives_the_same_package() {
    let ours = signed("acme/rules", "1.2.0", &signer());
    assert_eq!(write_package(&ours), write_package(&ours.clone()));
}

#[test]
fn a_package_has_the_very_members_of_an_image_layout() {
    let ours = signed("acme/rules", "1.2.0", &signer());
    let members = untar(&write_package(&ours).unwrap());
    let artifact = artifact(&ours).unwrap();
    let mut expected: Vec<String> = artifact
        .blobs()
        .into_iter()
        .chain(artifact.manifests())
        .map(|blob| format!("blobs/sha256/{}", Digest::of(&blob.bytes)))
        .chain(["index.json".to_owned(), "oci-layout".to_owned()])
        .collect();
    expected.sort();
    assert_eq!(members.into_keys().collect::<Vec<_>>(), expected);
}

#[test]
fn the_manifests_say_what_the_specifications_ask_for() {
    let ours = signed("acme/rules", "1.2.0", &signer());
    let made = artifact(&ours).unwrap();
    let json = |bytes: &[u8]| serde_json::from_slice::<serde_json::Value>(bytes).unwrap();
    let layer = format!("sha256:{}", ours.digest());
    assert_eq!(
        json(&made.manifest.bytes),
        serde_json::json!({
            "schemaVersion": 2,
            "mediaType": "application/vnd.oci.image.manifest.v1+json",
            "config": {
                "mediaType": "application/vnd.wasm.config.v0+json",
                "digest": made.config.descriptor.digest_text(),
                "size": made.config.bytes.len(),
            },
            "layers": [{ "mediaType": "application/wasm", "digest": layer, "size": ours.component.len() }],
            "annotations": {
                "org.opencontainers.image.title": "acme/rules",
                "org.opencontainers.image.version": "1.2.0",
                "org.opencontainers.image.licenses": "MIT",
                "org.opencontainers.image.source": "https://example.com/rules",
            },
        })
    );
    assert_eq!(
        json(&made.config.bytes),
        serde_json::json!({
            "created": "1970-01-01T00:00:00Z",
            "architecture": "wasm",
            "os": "wasip2",
            "layerDigests": [layer],
            "component": { "exports": ["test:acme-rules/check@1.2.0"], "imports": ["test:host/log@0.1.0"] },
        })
    );
    assert_eq!(
        json(&made.statement_manifest.bytes),
        serde_json::json!({
            "schemaVersion": 2,
            "mediaType": "application/vnd.oci.image.manifest.v1+json",
            "artifactType": "application/vnd.in-toto+json",
            "config": {
                "mediaType": "application/vnd.oci.empty.v1+json",
                // The digest that the image specification gives for it.
                "digest": "sha256:44136fa355b3678a1146ad16f7e8649e94fb4fc21fe77e8310c060f61caaff8a",
                "size": 2,
            },
            "layers": [{
                "mediaType": "application/vnd.dsse.envelope.v1+json",
                "digest": format!("sha256:{}", Digest::of(&ours.statement)),
                "size": ours.statement.len(),
            }],
            "subject": {
                "mediaType": "application/vnd.oci.image.manifest.v1+json",
                "digest": made.manifest.descriptor.digest_text(),
                "size": made.manifest.bytes.len(),
            },
        })
    );
}

#[test]
fn the_parts_of_an_artifact_are_found_again() {
    let ours = signed("acme/rules", "1.2.0", &signer());
    let made = artifact(&ours).unwrap();
    let component =
        oci::component_of(&made.manifest.bytes, &made.config.bytes, made.component.bytes).unwrap();
    let statement = oci::statement_of(
        &made.statement_manifest.bytes,
        made.statement.bytes,
        made.manifest.descriptor.digest,
    )
    .unwrap();
    assert_eq!(SignedComponent { component, statement }, ours);
}

/// A manifest as `wkg` pushes it: no media type of ours, a `created` of its own, annotations of its own, `target` null.
#[test]
fn a_component_that_wkg_published_is_accepted() {
    let component = component("wasi:cli/run@0.2.3");
    let config = format!(
        r#"{{"created":"2024-09-25T12:53:31.123Z","author":null,"architecture":"wasm","os":"wasip2",
            "layerDigests":["sha256:{}"],"component":{{"exports":[],"imports":[],"target":null}}}}"#,
        Digest::of(&component)
    );
    let manifest = manifest_for(&config, &component, "application/wasm");
    assert_eq!(oci::component_of(manifest.as_bytes(), config.as_bytes(), component.clone()), Ok(component));
}

fn manifest_for(config: &str, layer: &[u8], layer_type: &str) -> String {
    serde_json::json!({
        "schemaVersion": 2,
        "config": {
            "mediaType": "application/vnd.wasm.config.v0+json",
            "digest": format!("sha256:{}", Digest::of(config.as_bytes())), "size": config.len(),
        },
        "layers": [{
            "mediaType": layer_type, "digest": format!("sha256:{}", Digest::of(layer)), "size": layer.len(),
        }],
        "annotations": { "org.opencontainers.image.created": "2024-09-25T12:53:31Z" },
        "somethingOfTheFuture": true,
    })
    .to_string()
}

#[test]
fn what_is_not_a_component_in_a_registry_is_told_from_one() {
    let component = component("test:x/y@1.0.0");
    let config = r#"{"architecture":"wasm","os":"wasip2"}"#;
    let of = |manifest: &str, config: &str, layer: &[u8]| {
        oci::component_of(manifest.as_bytes(), config.as_bytes(), layer.to_vec()).unwrap_err()
    };
    let sound = manifest_for(config, &component, "application/wasm");
    assert!(oci::component_of(sound.as_bytes(), config.as_bytes(), component.clone()).is_ok());

    let image = sound.replace("vnd.wasm.config.v0", "vnd.oci.image.config.v1");
    assert!(matches!(of(&image, config, &component), OciError::WrongType { what: "configuration", .. }));
    let tarball = manifest_for(config, &component, "application/vnd.oci.image.layer.v1.tar");
    assert!(matches!(of(&tarball, config, &component), OciError::WrongType { what: "layer", .. }));
    let sha512 = sound.replace("sha256:", "sha512:");
    assert!(matches!(of(&sha512, config, &component), OciError::Malformed { what: "manifest", .. }));
    let old = sound.replace(r#""schemaVersion":2"#, r#""schemaVersion":1"#);
    assert!(matches!(of(&old, config, &component), OciError::Malformed { what: "manifest", .. }));
    let mut layers = Manifest::parse(sound.as_bytes()).unwrap();
    layers.layers.push(layers.layers[0].clone());
    let two = serde_json::to_string(&layers).unwrap();
    assert_eq!(of(&two, config, &component), OciError::Layers { actual: 2 });

    let module = wat::parse_str("(module)").unwrap();
    for (bytes, why) in [(module.as_slice(), "core module"), (b"#!/bin/sh\nrm -rf /\n", "magic"), (b"", "")] {
        let refused = of(&manifest_for(config, bytes, "application/wasm"), config, bytes);
        assert!(matches!(&refused, OciError::NotAComponent { why: said } if said.contains(why)), "{refused}");
    }

    let mut other = component.clone();
    *other.last_mut().unwrap() ^= 1;
    assert!(matches!(of(&sound, config, &other), OciError::Altered { what: "component", .. }));
    assert!(matches!(of(&sound, "{}", &component), OciError::WrongSize { what: "configuration", .. }));
    let misdescribed = format!(r#"{{"architecture":"wasm","layerDigests":["sha256:{}"]}}"#, Digest::of(b"x"));
    let manifest = manifest_for(&misdescribed, &component, "application/wasm");
    assert!(matches!(
        of(&manifest, &misdescribed, &component),
        OciError::Malformed { what: "configuration", .. }
    ));
}

#[test]
fn a_statement_about_another_manifest_is_refused() {
    let signer = signer();
    let (one, other) =
        (artifact(&signed("acme/a", "1.0.0", &signer)), artifact(&signed("acme/b", "1.0.0", &signer)));
    let (one, other) = (one.unwrap(), other.unwrap());
    assert!(matches!(
        oci::statement_of(
            &other.statement_manifest.bytes,
            other.statement.bytes,
            one.manifest.descriptor.digest
        ),
        Err(OciError::WrongSubject { .. })
    ));
    assert!(matches!(
        oci::statement_of(&one.manifest.bytes, one.statement.bytes, one.manifest.descriptor.digest),
        Err(OciError::WrongType { what: "artifact", .. })
    ));
}

#[test]
fn what_does_not_belong_together_is_not_packed() {
    let signer = signer();
    let (one, other) = (signed("acme/a", "1.0.0", &signer), signed("acme/b", "1.0.0", &signer));
    let mixed = SignedComponent { component: one.component.clone(), statement: other.statement };
    assert!(matches!(write_package(&mixed), Err(Refusal::Oci { error: OciError::MixedUp { .. }, .. })));
    let unsigned = SignedComponent { component: one.component, statement: b"{}".to_vec() };
    assert!(matches!(write_package(&unsigned), Err(Refusal::Oci { error: OciError::Statement(_), .. })));
    let statement = claims("acme/a", "1.0.0").sign(b"#!/bin/sh", &signer).to_line().into_bytes();
    let script = SignedComponent { component: b"#!/bin/sh".to_vec(), statement };
    assert!(matches!(
        write_package(&script),
        Err(Refusal::Oci { error: OciError::NotAComponent { .. }, .. })
    ));
}

/// A package whose index somebody wrote anew.
fn with_index(package: &[u8], change: impl FnOnce(&mut Index)) -> Vec<u8> {
    let mut members = untar(package);
    let mut index = Index::parse(&members["index.json"]).unwrap();
    change(&mut index);
    members.insert("index.json".into(), serde_json::to_vec(&index).unwrap());
    tar(&members.iter().map(|(name, bytes)| Entry::file(name, bytes)).collect::<Vec<_>>())
}

#[test]
fn a_package_whose_index_was_changed_is_refused() {
    let package = write_package(&signed("acme/rules", "1.2.0", &signer())).unwrap();
    let refused = |change: fn(&mut Index)| read_package(with_index(&package, change).as_slice()).unwrap_err();
    assert!(matches!(refused(|i| drop(i.manifests.pop())), Refusal::NoStatement { .. }));
    assert!(matches!(refused(|i| i.manifests.clear()), Refusal::Stray { .. }));
    assert!(matches!(refused(|i| drop(i.manifests.remove(0))), Refusal::Layout { .. }));
    assert!(matches!(refused(|i| i.manifests[0].size += 1), Refusal::Oci { .. }));
    assert!(matches!(
        refused(|i| i.manifests[0].digest = Digest::of(b"x")),
        Refusal::Container(ContainerError::Missing { .. })
    ));
    assert!(matches!(
        refused(|i| drop(i.manifests[0].annotations.insert(oci::REF_NAME.into(), "acme/rules:9.9.9".into()))),
        Refusal::NotAsNamed { .. }
    ));
    assert!(matches!(refused(|i| i.manifests[1].artifact_type = None), Refusal::NoStatement { .. }));
    assert!(matches!(refused(|i| i.manifests.push(i.manifests[1].clone())), Refusal::Twice { .. }));
    assert!(matches!(refused(|i| i.media_type = None), Refusal::Layout { .. }));
}

#[test]
fn a_package_has_exactly_one_component() {
    let signer = signer();
    let mut members = untar(&write_package(&signed("acme/a", "1.0.0", &signer)).unwrap());
    let other = untar(&write_package(&signed("acme/b", "1.0.0", &signer)).unwrap());
    let mut index = Index::parse(&members["index.json"]).unwrap();
    index.manifests.extend(Index::parse(&other["index.json"]).unwrap().manifests);
    members.extend(other);
    members.insert("index.json".into(), serde_json::to_vec(&index).unwrap());
    let pack = |members: &support::Members| {
        tar(&members.iter().map(|(name, bytes)| Entry::file(name, bytes)).collect::<Vec<_>>())
    };
    assert!(matches!(read_package(pack(&members).as_slice()), Err(Refusal::NotOne { actual: 2 })));
    members.retain(|name, _| !name.starts_with("blobs/"));
    index.manifests.clear();
    members.insert("index.json".into(), serde_json::to_vec(&index).unwrap());
    assert!(matches!(read_package(pack(&members).as_slice()), Err(Refusal::NotOne { actual: 0 })));
}

#[test]
fn a_package_is_named_after_what_is_in_it() {
    assert_eq!(package_file_name(&claims("acme/rules", "1.2.0-rc.1")), "rules-1.2.0-rc.1.oci.tar");
}

#[test]
fn a_package_that_ends_early_is_refused_wherever_it_ends() {
    let package = write_package(&signed("acme/rules", "1.2.0", &signer())).unwrap();
    for length in 0..package.len() {
        assert!(
            matches!(
                read_package(&package[..length]),
                Err(Refusal::Container(ContainerError::Truncated { .. }))
            ),
            "{length} bytes of {}",
            package.len()
        );
    }
}

#[test]
fn one_flipped_bit_anywhere_in_a_package_is_refused() {
    let package = write_package(&signed("acme/rules", "1.2.0", &signer())).unwrap();
    for at in 0..package.len() {
        // Most of a tar is zeros: one bit of each of those is enough.
        let bits = if package[at] == 0 { at % 8..at % 8 + 1 } else { 0..8 };
        for bit in bits {
            let mut altered = package.clone();
            altered[at] ^= 1 << bit;
            assert!(read_package(altered.as_slice()).is_err(), "byte {at}, bit {bit}");
        }
    }
}

#[test]
fn documents_that_nest_deeply_are_refused_and_do_not_overflow_the_stack() {
    for depth in [200, 400_000] {
        let nested = format!(r#"{{"schemaVersion":2,"x":{}{}}}"#, "[".repeat(depth), "]".repeat(depth));
        assert!(matches!(Manifest::parse(nested.as_bytes()), Err(OciError::Malformed { .. })));
        assert!(matches!(Index::parse(nested.as_bytes()), Err(OciError::Malformed { .. })));
    }
    let long = format!(r#"{{"schemaVersion":2,"manifests":[],"x":"{}"}}"#, "x".repeat(1 << 20));
    assert!(matches!(Index::parse(long.as_bytes()), Err(OciError::TooBig { what: "index", .. })));
}

proptest! {
    #[test]
    fn no_bytes_pass_or_make_it_panic(bytes in proptest::collection::vec(any::<u8>(), 0..2048)) {
        prop_assert!(read_package(bytes.as_slice()).is_err());
        prop_assert!(Manifest::parse(&bytes).is_err());
        prop_assert!(Index::parse(&bytes).is_err());
    }
}
