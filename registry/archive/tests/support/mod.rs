//! What the tests have in common: real components, real keys, and files that no tool of ours would write.
#![allow(dead_code, unreachable_pub, reason = "each test file uses its part")]

use std::collections::BTreeMap;
use std::io::{Read as _, Write as _};

use bartizan_archive::{
    bundle::{BundleMetadata, Contents, RepositoryFile},
    sshsig::{BUNDLE_NAMESPACE, sign},
};
use bartizan_model::Digest;
use bartizan_registry::{AskedLimits, Claims, Grants, SignedComponent, Signer, TrustStore};
use flate2::{Compression, GzBuilder, read::GzDecoder};
use jiff::Timestamp;

pub type Members = BTreeMap<String, Vec<u8>>;

pub fn component(export: &str) -> Vec<u8> {
    wat::parse_str(format!(
        r#"(component
            (import "test:host/log@0.1.0" (instance))
            (component $inner (import "hidden" (func)))
            (instance $made)
            (export "{export}" (instance $made)))"#
    ))
    .unwrap()
}

pub fn claims(id: &str, version: &str) -> Claims {
    Claims {
        id: id.parse().unwrap(),
        version: version.parse().unwrap(),
        contract: "bartizan:plugin@0.1.0".into(),
        sequence: 1,
        not_before: None,
        expires: None,
        grants: Grants::none(),
        limits: AskedLimits::default(),
        license: Some("MIT".into()),
        source: Some("https://example.com/rules".into()),
        compiled: None,
    }
}

pub fn signed(id: &str, version: &str, signer: &Signer) -> SignedComponent {
    let component = component(&format!("test:{}/check@{version}", id.replace('/', "-")));
    let statement = claims(id, version).sign(&component, signer).to_line().into_bytes();
    SignedComponent { component, statement }
}

pub fn time(text: &str) -> Timestamp {
    text.parse().unwrap()
}

pub fn now() -> Timestamp {
    time("2026-06-01T00:00:00Z")
}

pub fn contents(signer: &Signer) -> Contents {
    Contents {
        metadata: BundleMetadata {
            name: "acme".into(),
            sequence: 7,
            created: Some(time("2026-05-01T00:00:00Z")),
            expires: Some(time("2026-08-01T00:00:00Z")),
        },
        components: vec![
            signed("acme/rules", "1.2.0", signer),
            signed("acme/other", "0.1.0-beta.1+x", signer),
        ],
        lock: b"version = 1\n".to_vec(),
        trust: vec![("acme".into(), signer.public())],
        revocations: Some(b"[]\n".to_vec()),
        repositories: vec![RepositoryFile {
            repository: "acme".into(),
            path: "metadata/1.root.json".into(),
            bytes: b"{}".to_vec(),
        }],
    }
}

pub fn trusting(publisher: &str, signer: &Signer) -> TrustStore {
    let mut trust = TrustStore::empty();
    trust.add(publisher.into(), signer.public());
    trust
}

/// The members of a bundle, by other means than ours.
pub fn unpack(bundle: &[u8]) -> Members {
    let mut tar = Vec::new();
    GzDecoder::new(bundle).read_to_end(&mut tar).unwrap();
    untar(&tar)
}

pub fn untar(tar: &[u8]) -> Members {
    tar::Archive::new(tar)
        .entries()
        .unwrap()
        .map(|entry| {
            let mut entry = entry.unwrap();
            let name = entry.path().unwrap().to_str().unwrap().to_owned();
            let mut bytes = Vec::new();
            entry.read_to_end(&mut bytes).unwrap();
            (name, bytes)
        })
        .collect()
}

/// These members as a bundle that is soundly packed, whatever is in them.
pub fn pack(members: &Members) -> Vec<u8> {
    let entries: Vec<_> = members.iter().map(|(name, bytes)| Entry::file(name, bytes)).collect();
    gzip(&tar(&entries))
}

/// The list and the signature made anew, as somebody would who has the key.
pub fn resign(members: &mut Members, namespace: &str, signer: &Signer) {
    members.retain(|name, _| !name.starts_with("SHA256SUMS"));
    let lines: Vec<String> =
        members.iter().map(|(name, bytes)| format!("{}  {name}\n", Digest::of(bytes))).collect();
    let sums = lines.concat();
    let signature = sign(signer, namespace, sums.as_bytes()).unwrap();
    members.insert("SHA256SUMS".into(), sums.into_bytes());
    members.insert("SHA256SUMS.sig".into(), signature.into_bytes());
}

/// A bundle whose members were changed by its own maker, who signs them again.
pub fn forged_by_its_maker(signer: &Signer, change: impl FnOnce(&mut Members)) -> Vec<u8> {
    let mut members = unpack(&bartizan_archive::bundle::create(&contents(signer), signer).unwrap());
    change(&mut members);
    resign(&mut members, BUNDLE_NAMESPACE, signer);
    pack(&members)
}

/// One entry of a tar, which may be anything.
#[derive(Clone)]
pub struct Entry {
    pub header: tar::Header,
    pub bytes: Vec<u8>,
}

impl Entry {
    pub fn file(name: &str, bytes: &[u8]) -> Self {
        Self::raw(name.as_bytes(), tar::EntryType::Regular, bytes)
    }

    /// An entry whose name is put in as it is.
    pub fn raw(name: &[u8], kind: tar::EntryType, bytes: &[u8]) -> Self {
        let mut header = tar::Header::new_ustar();
        assert!(name.len() <= 100, "the tests' names fit in the old field");
        header.as_old_mut().name[..name.len()].copy_from_slice(name);
        header.set_entry_type(kind);
        header.set_mode(0o644);
        header.set_uid(0);
        header.set_gid(0);
        header.set_mtime(0);
        header.set_size(bytes.len() as u64);
        header.set_cksum();
        Self { header, bytes: bytes.to_vec() }
    }

    pub fn with(mut self, change: impl FnOnce(&mut tar::Header)) -> Self {
        change(&mut self.header);
        self.header.set_cksum();
        self
    }
}

pub fn entries(bundle: &[u8]) -> Vec<Entry> {
    unpack(bundle).iter().map(|(name, bytes)| Entry::file(name, bytes)).collect()
}

pub fn tar(entries: &[Entry]) -> Vec<u8> {
    let mut tar = tar::Builder::new(Vec::new());
    for entry in entries {
        tar.append(&entry.header, entry.bytes.as_slice()).unwrap();
    }
    tar.into_inner().unwrap()
}

pub fn gunzip(bundle: &[u8]) -> Vec<u8> {
    let mut tar = Vec::new();
    GzDecoder::new(bundle).read_to_end(&mut tar).unwrap();
    tar
}

pub fn gzip(bytes: &[u8]) -> Vec<u8> {
    let mut gzip = GzBuilder::new().mtime(0).operating_system(255).write(Vec::new(), Compression::new(6));
    gzip.write_all(bytes).unwrap();
    gzip.finish().unwrap()
}
