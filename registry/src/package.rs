//! A component as it lies in a folder: `NAME.wasm` with `NAME.intoto.jsonl` beside it.

use std::{
    ffi::OsStr,
    fs, io,
    io::Read as _,
    path::{Path, PathBuf},
};

use thiserror::Error;

use crate::{
    Claims, Examined, Granted, MAX_COMPONENT_BYTES, MAX_STATEMENT_BYTES, Refusal, SignedComponent, Verified,
    Verifier,
};

/// What a statement's file name ends in, in place of "wasm".
pub const STATEMENT_EXTENSION: &str = "intoto.jsonl";

/// The statement's file for this component's file.
pub fn statement_path(component: &Path) -> PathBuf {
    component.with_extension(STATEMENT_EXTENSION)
}

/// A component's file and what it holds, not verified yet.
#[derive(Clone, Debug)]
pub struct Package {
    /// Where the component lies.
    pub path: PathBuf,
    component: Vec<u8>,
    statement: Option<Vec<u8>>,
}

/// Why a component's file could not be read or may not run.
#[derive(Debug, Error)]
pub enum PackageError {
    /// The file system said no.
    #[error("cannot read `{}`: {source}", path.display())]
    Io {
        /// The file or folder.
        path: PathBuf,
        /// What the system said.
        source: io::Error,
    },
    /// A signed promise was not kept.
    #[error("refused to load `{}`: {refusal}", path.display())]
    Refused {
        /// The component's file.
        path: PathBuf,
        /// Which promise.
        refusal: Refusal,
    },
}

impl PackageError {
    /// The file or folder it is about.
    pub fn path(&self) -> &Path {
        match self {
            Self::Io { path, .. } | Self::Refused { path, .. } => path,
        }
    }

    /// A short open code for reports.
    pub fn code(&self) -> &'static str {
        match self {
            Self::Io { .. } => "unreadable",
            Self::Refused { refusal, .. } => refusal.code(),
        }
    }

    /// What the person at the terminal can do about it.
    pub fn advice(&self) -> String {
        match self {
            Self::Io { .. } => "check the path and its permissions".to_owned(),
            Self::Refused { refusal, .. } => refusal.advice(),
        }
    }
}

impl Package {
    /// Reads a component and the statement beside it, each up to its bound.
    pub fn read(path: &Path) -> Result<Self, PackageError> {
        let component = read_bounded(path, MAX_COMPONENT_BYTES)?;
        let beside = statement_path(path);
        let statement = match read_bounded(&beside, MAX_STATEMENT_BYTES) {
            Ok(statement) => Some(statement),
            Err(PackageError::Io { source, .. }) if source.kind() == io::ErrorKind::NotFound => None,
            // It is the component that cannot be loaded, so it is the component that is named.
            Err(PackageError::Refused { .. }) => {
                let why = format!("it is longer than {MAX_STATEMENT_BYTES} bytes");
                return Err(PackageError::Refused {
                    path: path.to_owned(),
                    refusal: Refusal::MalformedStatement { why },
                });
            }
            Err(error) => return Err(error),
        };
        Ok(Self { path: path.to_owned(), component, statement })
    }

    /// What was read, if there is a statement.
    pub fn into_signed(self) -> Result<SignedComponent, PackageError> {
        match self.statement {
            Some(statement) => Ok(SignedComponent { component: self.component, statement }),
            None => Err(self.unsigned()),
        }
    }

    fn unsigned(&self) -> PackageError {
        let expected = statement_path(&self.path);
        let expected = expected.file_name().unwrap_or_default().to_string_lossy().into_owned();
        PackageError::Refused { path: self.path.clone(), refusal: Refusal::Unsigned { expected } }
    }

    /// Examines it; see [`Verifier::examine`].
    pub fn examine(
        self,
        verifier: &Verifier,
        installed: Option<bartizan_model::Digest>,
    ) -> Result<Examined, PackageError> {
        let path = self.path.clone();
        let SignedComponent { component, statement } = self.into_signed()?;
        verifier
            .examine(component, &statement, installed)
            .map_err(|refusal| PackageError::Refused { path, refusal })
    }

    /// Verifies it; see [`Verifier::verify`].
    pub fn verify(
        &self,
        verifier: &mut Verifier,
        granted: impl FnOnce(&Claims) -> Granted,
    ) -> Result<Verified, PackageError> {
        let refused = |refusal| PackageError::Refused { path: self.path.clone(), refusal };
        let Some(statement) = &self.statement else { return Err(self.unsigned()) };
        verifier.verify(&self.component, statement, granted).map_err(refused)
    }
}

/// Every `*.wasm` directly in this folder, by name. A folder that does not exist has none.
pub fn find_packages(folder: &Path) -> Result<Vec<PathBuf>, PackageError> {
    let io = |source| PackageError::Io { path: folder.to_owned(), source };
    let entries = match fs::read_dir(folder) {
        Ok(entries) => entries,
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(Vec::new()),
        Err(source) => return Err(io(source)),
    };
    let mut found = Vec::new();
    for entry in entries {
        let path = entry.map_err(io)?.path();
        if path.extension() == Some(OsStr::new("wasm")) {
            found.push(path);
        }
    }
    found.sort();
    Ok(found)
}

fn read_bounded(path: &Path, limit: u64) -> Result<Vec<u8>, PackageError> {
    let io = |source| PackageError::Io { path: path.to_owned(), source };
    let file = fs::File::open(path).map_err(io)?;
    // A device or a pipe has no size and may never end; only plain files are components.
    if !file.metadata().map_err(io)?.is_file() {
        return Err(io(io::Error::other("it is not a plain file")));
    }
    let mut bytes = Vec::new();
    file.take(limit + 1).read_to_end(&mut bytes).map_err(io)?;
    if bytes.len() as u64 > limit {
        let actual = fs::metadata(path).map_or(limit + 1, |metadata| metadata.len());
        return Err(PackageError::Refused {
            path: path.to_owned(),
            refusal: Refusal::TooBig { actual, limit },
        });
    }
    Ok(bytes)
}
