//! A repository with its keys, and the means of an attacker.

use std::{
    fs,
    ops::Deref,
    path::{Path, PathBuf},
    sync::{Arc, LazyLock},
};

use bartizan_model::Digest;
use bartizan_registry::{AskedLimits, Claims, Grants, SignedComponent, Signer, TrustStore};
use bartizan_repository::{
    FolderSource, LoadOptions, Repository, RepositoryError,
    publish::{Change, Lifetimes, NewRelease, PublishError, RepositoryFolder, RoleSetup, Signers, TopLevel},
};
use jiff::{SignedDuration, Timestamp};
use serde_json::{Value, json};

/// A repository in which `acme` and `evil` may publish. Every test has its own folder; keys are made once.
pub(crate) struct World {
    pub(crate) temporary: tempfile::TempDir,
    pub(crate) now: Timestamp,
    keys: Arc<Keyring>,
}

/// The keys, and the root that clients come with.
pub(crate) struct Keyring {
    pub(crate) root_keys: [Signer; 3],
    pub(crate) targets: Signer,
    pub(crate) snapshot: Signer,
    pub(crate) timestamp: Signer,
    pub(crate) acme: Signer,
    pub(crate) evil: Signer,
    pub(crate) trusted_root: Vec<u8>,
}

impl Deref for World {
    type Target = Keyring;

    fn deref(&self) -> &Keyring {
        &self.keys
    }
}

/// A new key.
pub(crate) fn key() -> Signer {
    Signer::generate().unwrap()
}

impl World {
    /// The repository, with nothing published yet. Two of three root keys must sign.
    pub(crate) fn new() -> Self {
        static MADE: LazyLock<World> = LazyLock::new(World::another);
        MADE.copied()
    }

    /// The same, with version 1.0.0 of `acme/rules` published.
    pub(crate) fn with_a_release() -> Self {
        static MADE: LazyLock<World> = LazyLock::new(|| {
            let world = World::new();
            world.release("1.0.0");
            world
        });
        MADE.copied()
    }

    fn copied(&self) -> Self {
        let temporary = tempfile::tempdir().unwrap();
        copy(&self.folder(), &temporary.path().join("repository"));
        Self { temporary, now: self.now, keys: Arc::clone(&self.keys) }
    }

    /// One with keys of its own.
    pub(crate) fn another() -> Self {
        let temporary = tempfile::tempdir().unwrap();
        let now = Timestamp::now();
        let mut keys = Keyring {
            root_keys: [key(), key(), key()],
            targets: key(),
            snapshot: key(),
            timestamp: key(),
            acme: key(),
            evil: key(),
            trusted_root: Vec::new(),
        };
        let top_level = TopLevel {
            root: RoleSetup { keys: keys.root_keys.iter().map(Signer::public).collect(), threshold: 2 },
            targets: RoleSetup::one(keys.targets.public()),
            snapshot: RoleSetup::one(keys.snapshot.public()),
            timestamp: RoleSetup::one(keys.timestamp.public()),
        };
        let [first, second, _] = &keys.root_keys;
        let signers = Signers {
            root: &[first, second],
            targets: &[&keys.targets],
            snapshot: &[&keys.snapshot],
            timestamp: &[&keys.timestamp],
            publisher: &[],
        };
        let path = temporary.path().join("repository");
        let mut folder =
            RepositoryFolder::init(&path, &top_level, &signers, Lifetimes::default(), now).unwrap();
        for (name, signer) in [("acme", &keys.acme), ("evil", &keys.evil)] {
            let setup = RoleSetup::one(signer.public());
            let change = folder.delegate(name, &setup, &Signers { publisher: &[signer], ..signers }).unwrap();
            folder.apply(change).unwrap();
        }
        keys.trusted_root = folder.root().to_vec();
        Self { temporary, now, keys: Arc::new(keys) }
    }

    pub(crate) fn folder(&self) -> PathBuf {
        self.temporary.path().join("repository")
    }

    pub(crate) fn state(&self) -> PathBuf {
        self.temporary.path().join("state")
    }

    pub(crate) fn open(&self) -> Result<RepositoryFolder, PublishError> {
        RepositoryFolder::open(&self.folder(), &self.trusted_root, None, self.now)
    }

    /// Makes a change with every key there is.
    pub(crate) fn change(
        &self,
        prepare: impl FnOnce(&RepositoryFolder, &Signers<'_>) -> Result<Change, PublishError>,
    ) -> Result<(), PublishError> {
        let mut folder = self.open()?;
        let change = self.with_signers(|signers| prepare(&folder, signers))?;
        folder.apply(change)
    }

    pub(crate) fn with_signers<T>(&self, act: impl FnOnce(&Signers<'_>) -> T) -> T {
        let [first, second, third] = &self.root_keys;
        act(&Signers {
            root: &[first, second, third],
            targets: &[&self.targets],
            snapshot: &[&self.snapshot],
            timestamp: &[&self.timestamp],
            publisher: &[&self.acme, &self.evil],
        })
    }

    /// Whom the publishing side trusts.
    pub(crate) fn trust(&self) -> TrustStore {
        let mut trust = TrustStore::empty();
        trust.add("acme".to_owned(), self.acme.public());
        trust.add("evil".to_owned(), self.evil.public());
        trust
    }

    /// Publishes this version of `acme/rules`.
    pub(crate) fn release(&self, version: &str) {
        self.try_release(&component("acme/rules", version, &self.acme)).unwrap();
    }

    pub(crate) fn try_release(&self, component: &SignedComponent) -> Result<(), PublishError> {
        let publisher = component.claimed().unwrap().id.publisher().to_owned();
        let release = NewRelease { component: component.clone(), summary: Some("Finds things.".to_owned()) };
        self.change(|folder, signers| folder.publish(&publisher, &[release], &self.trust(), signers))
    }

    /// Loads it as a client that remembers.
    pub(crate) fn load(&self) -> Result<Repository<FolderSource>, RepositoryError> {
        self.load_at(self.now)
    }

    pub(crate) fn load_at(&self, now: Timestamp) -> Result<Repository<FolderSource>, RepositoryError> {
        let source = FolderSource::new(self.folder());
        Repository::load(source, &self.trusted_root, &self.state(), LoadOptions::at(now))
    }

    pub(crate) fn in_days(&self, days: i64) -> Timestamp {
        self.now + SignedDuration::from_hours(24 * days)
    }

    /// Code of the refusal of loading it and of everything that `acme/rules` needs; "ok" if there is none.
    pub(crate) fn outcome(&self) -> &'static str {
        let tried = self.load().and_then(|repository| {
            repository.revocations()?;
            let entry = repository.resolve(&"acme/rules".parse().unwrap(), &semver::VersionReq::STAR)?;
            repository.fetch(&entry)
        });
        tried.map_or_else(|error| error.code(), |_| "ok")
    }

    /// All files, to be put back later.
    pub(crate) fn backup(&self) -> PathBuf {
        let to = self
            .temporary
            .path()
            .join(format!("backup-{}", fs::read_dir(self.temporary.path()).unwrap().count()));
        copy(&self.folder(), &to);
        to
    }

    /// Puts these files back, all or only those of which the path ends so. What is not in the backup stays.
    pub(crate) fn restore(&self, backup: &Path, ending: &str) {
        for file in files(backup) {
            if file.ends_with(ending) {
                fs::copy(backup.join(&file), self.folder().join(&file)).unwrap();
            }
        }
    }

    /// The present file of a role: "targets" is `metadata/N.targets.json`.
    pub(crate) fn file(&self, role: &str) -> PathBuf {
        let metadata = self.folder().join("metadata");
        if role == "timestamp" {
            return metadata.join("timestamp.json");
        }
        let timestamp = read(&metadata.join("timestamp.json"));
        let snapshot = metadata
            .join(format!("{}.snapshot.json", timestamp["signed"]["meta"]["snapshot.json"]["version"]));
        match role {
            "snapshot" => snapshot,
            _ => metadata.join(format!(
                "{}.{role}.json",
                read(&snapshot)["signed"]["meta"][format!("{role}.json")]["version"]
            )),
        }
    }

    /// Rewrites a role's present file and signs it with these keys.
    pub(crate) fn forge(&self, role: &str, signers: &[&Signer], edit: impl FnOnce(&mut Value)) {
        let file = self.file(role);
        let mut document = read(&file);
        edit(&mut document["signed"]);
        fs::write(&file, sign(&document["signed"], signers)).unwrap();
    }

    /// Makes the snapshot and the timestamp agree with what lies there: what a thief of these two keys can do.
    pub(crate) fn reseal(&self) {
        let roles = ["targets", "acme", "evil"];
        let listed: Vec<_> =
            roles.iter().map(|role| (format!("{role}.json"), listed(&self.file(role)))).collect();
        self.forge("snapshot", &[&self.snapshot], |signed| {
            for (name, listed) in listed {
                signed["meta"][name] = listed;
            }
        });
        let snapshot = listed_snapshot(self);
        self.forge("timestamp", &[&self.timestamp], |signed| signed["meta"]["snapshot.json"] = snapshot);
    }

    /// Puts a root under this version that these keys signed.
    pub(crate) fn forge_root(&self, version: u64, signers: &[&Signer], edit: impl FnOnce(&mut Value)) {
        let mut document: Value = serde_json::from_slice(&self.trusted_root).unwrap();
        document["signed"]["version"] = json!(version);
        edit(&mut document["signed"]);
        let file = self.folder().join(format!("metadata/{version}.root.json"));
        fs::write(file, sign(&document["signed"], signers)).unwrap();
    }
}

fn listed_snapshot(world: &World) -> Value {
    listed(&world.file("snapshot"))
}

fn listed(file: &Path) -> Value {
    let bytes = fs::read(file).unwrap();
    let version = read(file)["signed"]["version"].clone();
    json!({ "version": version, "length": bytes.len(), "hashes": { "sha256": Digest::of(&bytes) } })
}

/// A component whose bytes say what it is.
pub(crate) fn component(id: &str, version: &str, signer: &Signer) -> SignedComponent {
    let version: semver::Version = version.parse().unwrap();
    let sequence = (version.major << 40) | (version.minor << 20) | version.patch;
    component_with(id, &version.to_string(), sequence, &format!("{id} {version}"), signer)
}

pub(crate) fn component_with(
    id: &str,
    version: &str,
    sequence: u64,
    bytes: &str,
    signer: &Signer,
) -> SignedComponent {
    let claims = Claims {
        id: id.parse().unwrap(),
        version: version.parse().unwrap(),
        contract: "bartizan:plugin@0.1.0".into(),
        sequence,
        not_before: None,
        expires: None,
        grants: Grants::none(),
        limits: AskedLimits { memory: Some(64 << 20), fuel: None },
        license: Some("MIT".into()),
        source: None,
        compiled: None,
    };
    let component = bytes.as_bytes().to_vec();
    let statement = claims.sign(&component, signer).to_line().into_bytes();
    SignedComponent { component, statement }
}

/// Id of a key as TUF computes it.
pub(crate) fn key_id(signer: &Signer) -> String {
    let key = json!({ "keytype": "ed25519", "scheme": "ed25519", "keyval": { "public": public(signer) } });
    Digest::of(canonical(&key).as_bytes()).to_string()
}

pub(crate) fn public(signer: &Signer) -> String {
    hex(signer.public().as_bytes())
}

/// Canonical JSON along another way than the one under test.
fn canonical(value: &Value) -> String {
    let quoted = |text: &str| format!("\"{}\"", text.replace('\\', "\\\\").replace('"', "\\\""));
    match value {
        Value::Object(members) => {
            let members: std::collections::BTreeMap<_, _> = members.iter().collect();
            let members =
                members.iter().map(|(name, value)| format!("{}:{}", quoted(name), canonical(value)));
            format!("{{{}}}", members.collect::<Vec<_>>().join(","))
        }
        Value::Array(items) => format!("[{}]", items.iter().map(canonical).collect::<Vec<_>>().join(",")),
        Value::String(text) => quoted(text),
        plain => plain.to_string(),
    }
}

/// A metadata file.
pub(crate) fn sign(signed: &Value, signers: &[&Signer]) -> Vec<u8> {
    let bytes = canonical(signed).into_bytes();
    let signatures: Vec<_> = signers
        .iter()
        .map(|signer| json!({ "keyid": key_id(signer), "sig": hex(&signer.sign_bytes(&bytes)) }))
        .collect();
    json!({ "signed": signed, "signatures": signatures }).to_string().into_bytes()
}

fn hex(bytes: &[u8]) -> String {
    data_encoding::HEXLOWER.encode(bytes)
}

pub(crate) fn read(file: &Path) -> Value {
    serde_json::from_slice(&fs::read(file).unwrap()).unwrap()
}

/// Every file under a folder, by relative path.
pub(crate) fn files(folder: &Path) -> Vec<String> {
    let mut found = Vec::new();
    let mut folders = vec![folder.to_owned()];
    while let Some(next) = folders.pop() {
        for entry in fs::read_dir(next).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                folders.push(path);
            } else {
                found.push(path.strip_prefix(folder).unwrap().to_str().unwrap().to_owned());
            }
        }
    }
    found.sort();
    found
}

pub(crate) fn copy(from: &Path, to: &Path) {
    for file in files(from) {
        let target = to.join(&file);
        fs::create_dir_all(target.parent().unwrap()).unwrap();
        fs::copy(from.join(&file), target).unwrap();
    }
}
