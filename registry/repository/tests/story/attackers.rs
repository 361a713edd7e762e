//! What attackers with some of the keys can do to a repository.

use std::fs;

use bartizan_registry::Signer;
use serde_json::{Value, json};

use crate::world::{World, key_id, public, read};

/// Lets an attacker with both online keys make a newer state of what `forge` does to the snapshot.
pub(crate) fn newer(world: &World, forge: impl FnOnce(&World)) {
    world.forge("snapshot", &[&world.snapshot], bump);
    let (old, version) = (world.file("snapshot"), read(&world.file("snapshot"))["signed"]["version"].clone());
    let new = world.folder().join(format!("metadata/{version}.snapshot.json"));
    fs::copy(old, &new).unwrap();
    world.forge("timestamp", &[&world.timestamp], |signed| {
        bump(signed);
        signed["meta"]["snapshot.json"]["version"] = version;
    });
    forge(world);
    let bytes = fs::read(&new).unwrap();
    world.forge("timestamp", &[&world.timestamp], |signed| {
        let listed = &mut signed["meta"]["snapshot.json"];
        listed["length"] = json!(bytes.len());
        listed["hashes"]["sha256"] = json!(bartizan_model::Digest::of(&bytes));
    });
}

/// Lets an attacker with both online keys publish what `forge` does to the next version of a role's file.
pub(crate) fn resealed(world: &World, role: &str, forge: impl FnOnce(&World)) {
    let mut document = read(&world.file(role));
    bump(&mut document["signed"]);
    let version = document["signed"]["version"].clone();
    fs::write(world.folder().join(format!("metadata/{version}.{role}.json")), document.to_string()).unwrap();
    newer(world, |world| {
        world.forge("snapshot", &[&world.snapshot], |signed| {
            signed["meta"][format!("{role}.json")]["version"] = version;
        });
        forge(world);
        world.reseal();
    });
}

/// What the keepers of targets themselves must not do.
pub(crate) fn delegating(world: &World, edit: impl FnOnce(&mut Value)) {
    resealed(world, "targets", |world| world.forge("targets", &[&world.targets], edit));
}

fn bump(signed: &mut Value) {
    signed["version"] = json!(signed["version"].as_u64().unwrap() + 1);
}

pub(crate) fn truncate(world: &World, role: &str) {
    let bytes = fs::read(world.file(role)).unwrap();
    fs::write(world.file(role), &bytes[..bytes.len() / 2]).unwrap();
}

pub(crate) fn target_file(world: &World, ending: &str) -> std::path::PathBuf {
    let folder = world.folder().join("targets/acme/rules");
    let mut paths = fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path());
    paths
        .find(|path| {
            path.to_str().unwrap().contains("rules-1.0.1") && path.to_str().unwrap().ends_with(ending)
        })
        .unwrap()
}

pub(crate) fn target(world: &World, edit: impl FnOnce(&mut Vec<u8>)) {
    let mut bytes = fs::read(target_file(world, ".wasm")).unwrap();
    edit(&mut bytes);
    fs::write(target_file(world, ".wasm"), bytes).unwrap();
}

/// Makes a root one of these keys.
pub(crate) fn root_of(signed: &mut Value, keys: &[Signer], threshold: u32) {
    for signer in keys {
        signed["keys"][key_id(signer)] =
            json!({ "keytype": "ed25519", "scheme": "ed25519", "keyval": { "public": public(signer) } });
    }
    signed["roles"]["root"] =
        json!({ "keyids": keys.iter().map(key_id).collect::<Vec<_>>(), "threshold": threshold });
}
