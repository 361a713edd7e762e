//! The folder with everything that is installed.

use std::{
    collections::HashSet,
    fs, io,
    path::{Path, PathBuf},
};

use bartizan_model::Digest;
use bartizan_registry::{
    Audience, ComponentName, Package, PackageError, SignedComponent, StateError, statement_path,
    write_atomically,
};
use serde::{Deserialize, Serialize};

use crate::{Entry, Installed};

/// The only form of `installed.toml` there is so far.
const VERSION: u32 = 1;

/// The folder of what is installed. Reading takes no lock: what counts is replaced in one step.
#[derive(Clone, Debug)]
pub struct Store {
    folder: PathBuf,
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct InstalledFile {
    version: u32,
    #[serde(default, rename = "component", skip_serializing_if = "Vec::is_empty")]
    components: Vec<Entry>,
}

impl Store {
    /// The store in this folder, which need not exist yet.
    pub fn at(folder: &Path) -> Self {
        Self { folder: folder.to_owned() }
    }

    /// What is installed; nothing if the folder does not exist. A damaged file is an error and not an empty one.
    pub fn read(&self) -> Result<Installed, StateError> {
        let path = self.list();
        let text = match fs::read_to_string(&path) {
            Ok(text) => text,
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(Installed::default()),
            Err(source) => return Err(StateError::Io { doing: "read", path, source }),
        };
        let malformed = |why: String| StateError::Malformed { path: path.clone(), why };
        let file: InstalledFile = toml::from_str(&text).map_err(|error| malformed(error.to_string()))?;
        if file.version != VERSION {
            return Err(malformed(format!("version {} is not known", file.version)));
        }
        let mut names = HashSet::new();
        if let Some(twice) = file.components.iter().find(|entry| !names.insert(&entry.name)) {
            return Err(malformed(format!("`{}` is in it twice", twice.name)));
        }
        Ok(Installed(file.components))
    }

    /// Where this entry's component lies.
    pub fn path(&self, entry: &Entry) -> PathBuf {
        self.blob(entry.sha256)
    }

    /// This entry's component and statement, not verified.
    pub fn component(&self, entry: &Entry) -> Result<SignedComponent, PackageError> {
        Package::read(&self.path(entry))?.into_signed()
    }

    /// Starts a change. Waits for another process's change to end.
    pub fn change(&self) -> Result<Change, StateError> {
        let path = self.folder.join("lock");
        let error = |source| StateError::Io { doing: "lock", path: path.clone(), source };
        fs::create_dir_all(&self.folder).map_err(error)?;
        let lock =
            fs::OpenOptions::new().create(true).truncate(false).write(true).open(&path).map_err(error)?;
        lock.lock().map_err(error)?;
        Ok(Change { installed: self.read()?, store: self.clone(), _lock: lock })
    }

    fn list(&self) -> PathBuf {
        self.folder.join("installed.toml")
    }

    fn blobs(&self) -> PathBuf {
        self.folder.join("components")
    }

    fn blob(&self, digest: Digest) -> PathBuf {
        self.blobs().join(format!("{digest}.wasm"))
    }
}

/// A change to what is installed, alone in the store. Dropping it leaves everything as it was.
#[derive(Debug)]
pub struct Change {
    store: Store,
    installed: Installed,
    /// Held until the change is over.
    _lock: fs::File,
}

impl Change {
    /// What will be installed.
    pub fn installed(&self) -> &Installed {
        &self.installed
    }

    /// Puts a component in, in place of one of the same name. Its bytes are written now, and count once this is committed.
    pub fn put(&mut self, entry: Entry, component: &SignedComponent) -> Result<(), StateError> {
        let path = self.store.path(&entry);
        write_atomically(&path, &component.component, Audience::Owner)?;
        write_atomically(&statement_path(&path), &component.statement, Audience::Owner)?;
        self.installed.0.retain(|old| old.name != entry.name);
        self.installed.0.push(entry);
        self.installed.0.sort_by(|a, b| a.name.cmp(&b.name));
        Ok(())
    }

    /// Takes a component out. Says whether it was in.
    pub fn remove(&mut self, name: &ComponentName) -> bool {
        let before = self.installed.0.len();
        self.installed.0.retain(|entry| entry.name != *name);
        self.installed.0.len() != before
    }

    /// The entry of this name, to be changed.
    pub fn get_mut(&mut self, name: &ComponentName) -> Option<&mut Entry> {
        self.installed.0.iter_mut().find(|entry| entry.name == *name)
    }

    /// Makes it count, in one step, and clears away what no entry names any more.
    pub fn commit(self) -> Result<(), StateError> {
        self.commit_then(|| Ok(()))
    }

    /// As [`Self::commit`], and does something more before another process may change anything.
    pub fn commit_then(self, then: impl FnOnce() -> Result<(), StateError>) -> Result<(), StateError> {
        let path = self.store.list();
        let file = InstalledFile { version: VERSION, components: self.installed.0.clone() };
        let text = toml::to_string_pretty(&file)
            .map_err(|error| StateError::Malformed { path: path.clone(), why: error.to_string() })?;
        write_atomically(&path, text.as_bytes(), Audience::Owner)?;
        self.clear_away();
        then()
    }

    /// What was left by a process that died before its commit goes, too. Failing costs space and nothing else.
    fn clear_away(&self) {
        let kept: HashSet<String> = self.installed.0.iter().map(|entry| entry.sha256.to_string()).collect();
        for file in fs::read_dir(self.store.blobs()).into_iter().flatten().flatten() {
            let name = file.file_name();
            let name = name.to_string_lossy();
            let digest = name.split('.').next().unwrap_or_default();
            if !kept.contains(digest) {
                let _ = fs::remove_file(file.path());
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use bartizan_registry::{AskedLimits, Grants, Signer};

    use super::*;

    fn entry(name: &str, bytes: &[u8]) -> (Entry, SignedComponent) {
        let entry = Entry {
            name: name.parse().unwrap(),
            version: "1.0.0".parse().unwrap(),
            sha256: Digest::of(bytes),
            signer: Signer::generate().unwrap().public().id(),
            sequence: 1,
            source: "file".into(),
            note: None,
            grants: Grants::none(),
            limits: AskedLimits { memory: Some(1), fuel: None },
            enabled: true,
            installed: jiff::Timestamp::UNIX_EPOCH,
        };
        (entry, SignedComponent { component: bytes.to_vec(), statement: b"{}\n".to_vec() })
    }

    fn blobs(store: &Store) -> usize {
        fs::read_dir(store.blobs()).map_or(0, Iterator::count)
    }

    #[test]
    fn what_was_put_in_is_read_back_and_what_was_replaced_is_gone() {
        let folder = tempfile::tempdir().unwrap();
        let store = Store::at(&folder.path().join("store"));
        assert_eq!(store.read().unwrap(), Installed::default());
        for bytes in [b"one", b"two"] {
            let (entry, component) = entry("acme/x", bytes);
            let mut change = store.change().unwrap();
            change.put(entry.clone(), &component).unwrap();
            change.commit().unwrap();
            assert_eq!(store.read().unwrap().entries(), std::slice::from_ref(&entry));
            assert_eq!(store.component(&entry).unwrap(), component);
            assert_eq!(blobs(&store), 2);
        }
    }

    #[test]
    fn a_change_that_is_not_committed_changes_nothing_and_is_cleared_away() {
        let folder = tempfile::tempdir().unwrap();
        let store = Store::at(folder.path());
        let (first, bytes) = entry("acme/x", b"one");
        let mut change = store.change().unwrap();
        change.put(first.clone(), &bytes).unwrap();
        change.commit().unwrap();

        let (second, bytes) = entry("acme/x", b"two");
        let mut change = store.change().unwrap();
        change.put(second, &bytes).unwrap();
        drop(change);
        assert_eq!(store.read().unwrap().entries(), [first]);
        assert_eq!(blobs(&store), 4, "the bytes are there and do not count");
        store.change().unwrap().commit().unwrap();
        assert_eq!(blobs(&store), 2);
    }

    #[test]
    fn changes_side_by_side_lose_nothing() {
        let folder = tempfile::tempdir().unwrap();
        let store = Store::at(folder.path());
        std::thread::scope(|scope| {
            for number in 0..8 {
                let store = store.clone();
                scope.spawn(move || {
                    let name = format!("acme/x{number}");
                    let (entry, bytes) = entry(&name, name.as_bytes());
                    let mut change = store.change().unwrap();
                    change.put(entry, &bytes).unwrap();
                    change.commit().unwrap();
                });
            }
        });
        assert_eq!(store.read().unwrap().entries().len(), 8);
        assert_eq!(blobs(&store), 16);
    }

    #[test]
    fn a_damaged_list_is_an_error_and_not_an_empty_one() {
        let folder = tempfile::tempdir().unwrap();
        let store = Store::at(folder.path());
        let (entry, _) = entry("acme/x", b"one");
        let once = toml::to_string(&InstalledFile { version: 1, components: vec![entry.clone()] }).unwrap();
        let twice =
            toml::to_string(&InstalledFile { version: 1, components: vec![entry.clone(), entry] }).unwrap();
        for text in
            ["", "version = 2", "[", &twice, &once.replace("acme/x", "../x"), &format!("{once}\nodd = 1")]
        {
            fs::write(store.list(), text).unwrap();
            assert!(matches!(store.read(), Err(StateError::Malformed { .. })), "{text}");
            assert!(store.change().is_err(), "{text}");
        }
        fs::write(store.list(), once).unwrap();
        assert_eq!(store.read().unwrap().entries().len(), 1);
    }
}
