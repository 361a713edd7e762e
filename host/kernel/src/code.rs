//! Compiled code: from what was compiled ahead, from the cache, or compiled now.
//!
//! Loading compiled code is running native code, so it is loaded from two places only: what the first-party publisher
//! compiled ahead and vouched for in the signed statement, and what this user's own run of this very program left in a folder
//! that nobody else can write to. Both are checked against a digest, and the bytes that were checked are the bytes that are loaded.

use std::{
    fs,
    io::Read as _,
    path::{Path, PathBuf},
};

use bartizan_model::Digest;
use bartizan_registry::{Audience, Verified, check_private, make_private_folder, write_atomically};
use wasmtime::{Engine, component::Component};

use crate::{CacheWarning, LoadReason, shape};

/// Where a component's compiled code came from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum CodeOrigin {
    /// Compiled when the program was built.
    Ahead,
    /// Compiled by an earlier run.
    Cache,
    /// Compiled just now.
    Compiled,
}

/// A folder of compiled code that belongs to one user.
#[derive(Clone, Debug)]
pub struct CodeCache {
    folder: PathBuf,
}

impl CodeCache {
    /// The cache in this folder, which is made if it is missing. A folder that another user owns or can write to is not used.
    pub fn open(folder: &Path) -> Result<Self, CacheWarning> {
        let warn = |why: String| CacheWarning { folder: folder.to_owned(), why };
        make_private_folder(folder).map_err(|error| warn(error.to_string()))?;
        let metadata = fs::symlink_metadata(folder).map_err(|error| warn(error.to_string()))?;
        if !metadata.is_dir() {
            return Err(warn("it is not a folder".to_owned()));
        }
        check_private(&metadata).map_err(warn)?;
        Ok(Self { folder: folder.to_owned() })
    }

    fn path(&self, component: Digest, settings: Digest) -> PathBuf {
        let key = Digest::of_parts(&[component.as_bytes(), settings.as_bytes()]);
        self.folder.join(format!("{key}.code"))
    }

    /// The code for this component under these settings, if it is there, ours and intact.
    fn get(&self, component: Digest, settings: Digest) -> Option<Checked> {
        let mut file = fs::File::open(self.path(component, settings)).ok()?;
        let metadata = file.metadata().ok()?;
        if !metadata.is_file() || check_private(&metadata).is_err() {
            return None;
        }
        let mut bytes = Vec::with_capacity(usize::try_from(metadata.len()).unwrap_or(0));
        file.read_to_end(&mut bytes).ok()?;
        let (digest, code) = bytes.split_first_chunk::<32>()?;
        (Digest::of(code).as_bytes() == digest).then(|| Checked(code.to_vec()))
    }

    fn put(&self, component: Digest, settings: Digest, code: &[u8]) -> Result<(), CacheWarning> {
        let content = [Digest::of(code).as_bytes().as_slice(), code].concat();
        write_atomically(&self.path(component, settings), &content, Audience::Owner)
            .map_err(|error| CacheWarning { folder: self.folder.clone(), why: error.to_string() })
    }
}

/// Code whose digest was found to be the expected one.
struct Checked(Vec<u8>);

/// The component, compiled; where the code came from; and what went wrong with the cache, if something did.
pub(crate) fn load(
    engine: &Engine,
    settings: Digest,
    verified: &Verified,
    ahead: Option<&[u8]>,
    cache: Option<&CodeCache>,
) -> Result<(Component, CodeOrigin, Option<CacheWarning>), LoadReason> {
    if let Some(code) = ahead
        && verified
            .compiled_code()
            .is_some_and(|claim| claim.settings == settings && claim.code == Digest::of(code))
        && let Ok(component) = deserialize(engine, code)
    {
        return Ok((component, CodeOrigin::Ahead, None));
    }
    if let Some(Checked(code)) = cache.and_then(|cache| cache.get(verified.digest(), settings))
        && let Ok(component) = deserialize(engine, &code)
    {
        return Ok((component, CodeOrigin::Cache, None));
    }
    let code = compile(engine, verified.bytes())?;
    let warning = cache.and_then(|cache| cache.put(verified.digest(), settings, &code).err());
    let component = deserialize(engine, &code)?;
    Ok((component, CodeOrigin::Compiled, warning))
}

/// Validates and compiles a component. Nothing of it runs.
pub(crate) fn compile(engine: &Engine, component: &[u8]) -> Result<Vec<u8>, LoadReason> {
    shape::validate(component)?;
    let said = |text: &str| {
        LoadReason::Compile(bartizan_model::truncate_chars(&bartizan_model::printable(text), 300))
    };
    // A compiler is large, and a component is hostile: where the one trips over the other, the others still run.
    std::panic::catch_unwind(std::panic::AssertUnwindSafe(|| engine.precompile_component(component)))
        .map_err(|_| said("the compiler gave up on it"))?
        .map_err(|error| said(&format!("{error:#}")))
}

#[expect(unsafe_code, reason = "the one place where compiled code is loaded; see the safety comment")]
fn deserialize(engine: &Engine, code: &[u8]) -> Result<Component, LoadReason> {
    // SAFETY: `code` is what `Engine::precompile_component` returned: just now in this process; in an earlier run of this user,
    // kept in a folder and file that only this user can write, and found intact by its digest; or when this program was built, and found
    // to have the digest that the first-party publisher signed. The engine itself checks version and settings, which guards against
    // mistakes and not against an attacker: whoever can forge any of these three already runs code as this user.
    unsafe { Component::deserialize(engine, code) }.map_err(|error| LoadReason::Compile(format!("{error:#}")))
}
