//! Metadata files, read from a source and checked as far as one file can be checked.

use bartizan_model::Digest;
use jiff::Timestamp as Time;

use crate::{
    RepositoryError, Source, SourceError,
    metadata::{Listed, Role},
    signed::{Keys, Signed},
};

/// Metadata that was too old and was taken all the same, because somebody said that it may be.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Expired {
    /// Its path in the repository.
    pub file: String,
    /// When it expired.
    pub on: Time,
}

/// A source at a moment.
pub(crate) struct Reader<'a> {
    pub(crate) source: &'a dyn Source,
    /// The one time that everything is checked against (5.1: "fixed update start time").
    pub(crate) now: Time,
    pub(crate) allow_expired: bool,
}

impl Reader<'_> {
    /// A file's bytes; `None` if there is no such file.
    pub(crate) fn bytes(&self, file: &str, limit: u64) -> Result<Option<Vec<u8>>, RepositoryError> {
        let too_long = || RepositoryError::TooLong { file: file.to_owned(), limit };
        match self.source.read(file, limit) {
            // A source is not believed to keep its bound.
            Ok(bytes) if bytes.len() as u64 > limit => Err(too_long()),
            Ok(bytes) => Ok(Some(bytes)),
            Err(SourceError::NotFound { .. }) => Ok(None),
            Err(SourceError::TooLong { .. }) => Err(too_long()),
            Err(error) => Err(error.into()),
        }
    }

    /// A file's bytes, which must be there.
    pub(crate) fn required(&self, file: &str, limit: u64) -> Result<Vec<u8>, RepositoryError> {
        self.bytes(file, limit)?.ok_or_else(|| RepositoryError::Missing { file: file.to_owned() })
    }

    /// The bytes of a metadata file that another one lists: of its length and hash, signatures not looked at.
    pub(crate) fn listed_bytes(
        &self,
        file: &str,
        listed: &Listed,
        limit: u64,
    ) -> Result<Vec<u8>, RepositoryError> {
        let bytes = self.required(file, listed.length.min(limit))?;
        if bytes.len() as u64 != listed.length {
            return Err(mixed(file, "length", &bytes.len(), &listed.length));
        }
        let digest = Digest::of(&bytes);
        if digest != listed.hashes.sha256 {
            return Err(mixed(file, "SHA-256", &digest, &listed.hashes.sha256));
        }
        Ok(bytes)
    }

    /// A metadata file that another one lists. In the order of the specification: length and hash, signatures, version.
    pub(crate) fn listed<T: Role>(
        &self,
        file: &str,
        listed: &Listed,
        limit: u64,
        keys: &Keys,
    ) -> Result<Signed<T>, RepositoryError> {
        let signed: Signed<T> = Signed::parse(file, &self.listed_bytes(file, listed, limit)?)?;
        signed.verify(file, keys)?;
        let version = signed.content.header().version;
        if version != listed.version {
            return Err(mixed(file, "version", &version, &listed.version));
        }
        Ok(signed)
    }

    /// Refuses what is expired, or notes it if it may be.
    pub(crate) fn check_expiry(
        &self,
        file: &str,
        content: &impl Role,
        noted: &mut Vec<Expired>,
    ) -> Result<(), RepositoryError> {
        let on = content.header().expires;
        if self.now < on {
            return Ok(());
        }
        if !self.allow_expired {
            return Err(RepositoryError::Expired { file: file.to_owned(), on });
        }
        noted.push(Expired { file: file.to_owned(), on });
        Ok(())
    }
}

fn mixed(file: &str, what: &'static str, actual: &impl ToString, listed: &impl ToString) -> RepositoryError {
    RepositoryError::Mixed {
        file: file.to_owned(),
        what,
        actual: actual.to_string(),
        listed: listed.to_string(),
    }
}
