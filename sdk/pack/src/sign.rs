//! Signing a component and laying it down with its statement.

use std::path::{Path, PathBuf};

use bartizan_registry::{Audience, Claims, Signer, StateError, statement_path, write_atomically};

/// A sequence that grows with the version: for publishers who do not count their releases otherwise. Twenty bits each
/// for major, minor and patch.
pub fn sequence_of(major: u64, minor: u64, patch: u64) -> u64 {
    (major << 40) | ((minor & 0xf_ffff) << 20) | (patch & 0xf_ffff)
}

/// Writes `NAME-VERSION.wasm` and its signed statement into a folder. Gives the component's path.
pub fn package(
    component: &[u8],
    claims: &Claims,
    signer: &Signer,
    folder: &Path,
) -> Result<PathBuf, StateError> {
    let path = folder.join(format!("{}-{}.wasm", claims.id.name(), claims.version));
    // The statement first: a component without one is refused, one whose statement is newer is refused too, and the
    // two agree again once the component is there.
    write_atomically(
        &statement_path(&path),
        claims.sign(component, signer).to_line().as_bytes(),
        Audience::Everyone,
    )?;
    write_atomically(&path, component, Audience::Everyone)?;
    Ok(path)
}
