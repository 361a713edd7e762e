//! Where the files of a repository come from.

use std::{
    error::Error,
    fs, io,
    io::Read as _,
    path::{Component, Path, PathBuf},
};

use thiserror::Error;

/// Gives the files of a repository by their path in it. Nothing it gives is believed before it was verified.
///
/// It may block; that it ends is its own business.
pub trait Source {
    /// The file at this path: plain names, parted by slashes. Never more than `limit` bytes: of a longer file,
    /// [`SourceError::TooLong`], and no more of it is read than that takes.
    fn read(&self, relative: &str, limit: u64) -> Result<Vec<u8>, SourceError>;
}

impl<S: Source + ?Sized> Source for &S {
    fn read(&self, relative: &str, limit: u64) -> Result<Vec<u8>, SourceError> {
        (**self).read(relative, limit)
    }
}

impl<S: Source + ?Sized> Source for Box<S> {
    fn read(&self, relative: &str, limit: u64) -> Result<Vec<u8>, SourceError> {
        (**self).read(relative, limit)
    }
}

/// Why a file did not come.
#[derive(Debug, Error)]
#[non_exhaustive]
pub enum SourceError {
    /// There is no such file. Only for what is certainly not there: it ends the search for newer roots.
    #[error("there is no file `{path}`")]
    NotFound {
        /// Its path in the repository.
        path: String,
    },
    /// It is longer than asked for.
    #[error("file `{path}` is longer than {limit} bytes")]
    TooLong {
        /// Its path in the repository.
        path: String,
        /// The bound in bytes.
        limit: u64,
    },
    /// Anything else.
    #[error("cannot read `{path}`: {source}")]
    Failed {
        /// Its path in the repository.
        path: String,
        /// What went wrong.
        source: Box<dyn Error + Send + Sync>,
    },
}

/// A repository in a folder: a checkout, a network share, a memory stick.
#[derive(Clone, Debug)]
pub struct FolderSource {
    folder: PathBuf,
}

impl FolderSource {
    /// The repository in this folder.
    pub fn new(folder: impl Into<PathBuf>) -> Self {
        Self { folder: folder.into() }
    }
}

impl Source for FolderSource {
    fn read(&self, relative: &str, limit: u64) -> Result<Vec<u8>, SourceError> {
        let path = || relative.to_owned();
        let failed = |source: io::Error| match source.kind() {
            io::ErrorKind::NotFound => SourceError::NotFound { path: path() },
            _ => SourceError::Failed { path: path(), source: source.into() },
        };
        let other = |why: &'static str| SourceError::Failed { path: path(), source: why.into() };
        let plain = |part: Component<'_>| matches!(part, Component::Normal(_));
        if relative.contains('\\') || !Path::new(relative).components().all(plain) {
            return Err(other("it is not a path within the repository"));
        }
        let folder = fs::canonicalize(&self.folder).map_err(failed)?;
        let file = fs::canonicalize(folder.join(relative)).map_err(failed)?;
        if !file.starts_with(&folder) {
            return Err(other("a link leads out of the repository"));
        }
        // Before opening: a pipe without a writer would never open.
        if !fs::metadata(&file).map_err(failed)?.is_file() {
            return Err(other("it is not a plain file"));
        }
        let mut bytes = Vec::new();
        let file = fs::File::open(&file).map_err(failed)?;
        file.take(limit.saturating_add(1)).read_to_end(&mut bytes).map_err(failed)?;
        if bytes.len() as u64 > limit {
            return Err(SourceError::TooLong { path: path(), limit });
        }
        Ok(bytes)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_is_read_up_to_its_bound_and_no_further() {
        let folder = tempfile::tempdir().unwrap();
        fs::write(folder.path().join("a"), b"12345").unwrap();
        let source = FolderSource::new(folder.path());
        assert_eq!(source.read("a", 5).unwrap(), b"12345");
        assert!(matches!(source.read("a", 4), Err(SourceError::TooLong { limit: 4, .. })));
        assert!(matches!(source.read("b", 4), Err(SourceError::NotFound { .. })));
    }

    #[test]
    fn no_path_leads_out_of_the_folder() {
        let folder = tempfile::tempdir().unwrap();
        fs::create_dir(folder.path().join("repository")).unwrap();
        fs::write(folder.path().join("secret"), b"secret").unwrap();
        let source = FolderSource::new(folder.path().join("repository"));
        let absolute = folder.path().join("secret");
        for path in ["../secret", "a/../../secret", absolute.to_str().unwrap(), "..\\secret", ".", ""] {
            assert!(matches!(source.read(path, 99), Err(SourceError::Failed { .. })), "{path}");
        }
    }

    #[cfg(unix)]
    #[test]
    fn a_link_out_of_the_folder_and_a_device_are_not_read() {
        let folder = tempfile::tempdir().unwrap();
        let inside = folder.path().join("repository");
        fs::create_dir(&inside).unwrap();
        fs::write(folder.path().join("secret"), b"secret").unwrap();
        std::os::unix::fs::symlink("../secret", inside.join("link")).unwrap();
        std::os::unix::fs::symlink("/dev/zero", inside.join("zero")).unwrap();
        std::os::unix::fs::symlink(folder.path(), inside.join("up")).unwrap();
        let source = FolderSource::new(&inside);
        for path in ["link", "zero", "up/secret"] {
            assert!(matches!(source.read(path, 99), Err(SourceError::Failed { .. })), "{path}");
        }
        fs::create_dir(inside.join("directory")).unwrap();
        assert!(matches!(source.read("directory", 99), Err(SourceError::Failed { .. })));
    }
}
