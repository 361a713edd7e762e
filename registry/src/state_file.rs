//! Files that must be whole or as they were.

use std::{
    fs,
    io::{self, Write as _},
    path::Path,
};

use crate::StateError;

/// Who may read a file.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Audience {
    /// Its owner: state, trust, compiled code.
    Owner,
    /// Whoever gets it: what is made to be handed out.
    Everyone,
}

/// Replaces a file in one step: a reader, a crash or a full disk sees the old content or the new, never a part.
/// The folder is made if it is missing.
pub fn write_atomically(path: &Path, content: &[u8], audience: Audience) -> Result<(), StateError> {
    let io = |source| StateError::Io { doing: "write", path: path.to_owned(), source };
    let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
    fs::create_dir_all(folder).map_err(io)?;
    let mut file = tempfile::NamedTempFile::new_in(folder).map_err(io)?;
    file.write_all(content).map_err(io)?;
    // A temporary file starts as its owner's alone.
    #[cfg(unix)]
    if audience == Audience::Everyone {
        use std::os::unix::fs::PermissionsExt as _;
        file.as_file().set_permissions(fs::Permissions::from_mode(0o644)).map_err(io)?;
    }
    file.as_file().sync_all().map_err(io)?;
    file.persist(path).map_err(|error| io(error.error))?;
    Ok(())
}

/// Takes the lock of a file, in `FILE.lock` beside it, waiting for whoever holds it. Held until the value is dropped.
pub(crate) fn lock_beside(path: &Path) -> Result<fs::File, StateError> {
    let path = path.with_extension("lock");
    let error = |source| StateError::Io { doing: "lock", path: path.clone(), source };
    if let Some(folder) = path.parent() {
        fs::create_dir_all(folder).map_err(error)?;
    }
    let lock = fs::OpenOptions::new().create(true).truncate(false).write(true).open(&path).map_err(error)?;
    lock.lock().map_err(error)?;
    Ok(lock)
}

/// Makes a folder that is its owner's alone, if it is missing.
pub fn make_private_folder(folder: &Path) -> io::Result<()> {
    let mut builder = fs::DirBuilder::new();
    builder.recursive(true);
    #[cfg(unix)]
    std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
    builder.create(folder)
}

/// Refuses what another user owns or can write to: it may say anything.
#[cfg(unix)]
pub fn check_private(metadata: &fs::Metadata) -> Result<(), String> {
    use std::os::unix::fs::MetadataExt as _;
    let user = rustix::process::geteuid().as_raw();
    if metadata.uid() != user {
        return Err(format!("it belongs to user {}, not to {user}", metadata.uid()));
    }
    if metadata.mode() & 0o022 != 0 {
        return Err(format!("others can write to it (mode {:o})", metadata.mode() & 0o777));
    }
    Ok(())
}

/// Elsewhere a user's own folder is private by the access list it inherits.
#[cfg(not(unix))]
pub fn check_private(_: &fs::Metadata) -> Result<(), String> {
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_is_replaced_whole_and_nothing_is_left_beside_it() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("new/state");
        write_atomically(&path, b"old", Audience::Owner).unwrap();
        write_atomically(&path, b"new", Audience::Everyone).unwrap();
        assert_eq!(fs::read(&path).unwrap(), b"new");
        assert_eq!(fs::read_dir(path.parent().unwrap()).unwrap().count(), 1);
    }
}
