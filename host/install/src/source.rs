//! Where a component may come from, as a user writes it.

use std::path::PathBuf;

use bartizan_registry::{ComponentName, ParseNameError};
use semver::VersionReq;
use thiserror::Error;

/// A place that components come from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Source {
    /// A package, a component with its statement beside it, or a bundle.
    File(PathBuf),
    /// The same, somewhere on the web.
    Url(String),
    /// A reference to an artifact in an OCI registry.
    Oci(String),
    /// A release in a repository.
    Repository {
        /// The repository's name, as `bartizan trust repository` gave it.
        repository: String,
        /// Which component.
        name: ComponentName,
        /// Which versions of it.
        versions: VersionReq,
    },
}

/// A text that names no source.
#[derive(Debug, Error)]
#[non_exhaustive]
pub enum SourceError {
    /// Neither one word nor a repository and a name.
    #[error("a source is one word, or a repository's name and publisher/name@VERSION")]
    Count,
    /// Not a component's name.
    #[error(transparent)]
    Name(#[from] ParseNameError),
    /// Not a requirement of versions.
    #[error("`{text}` is not a version or a requirement such as ^1.2: {why}")]
    Versions {
        /// What was written.
        text: String,
        /// What is wrong with it.
        why: semver::Error,
    },
}

impl Source {
    /// Reads what stands after `plugins install`.
    pub fn parse(words: &[String]) -> Result<Self, SourceError> {
        match words {
            [one] if one.starts_with("oci://") => Ok(Self::Oci(one.clone())),
            [one] if one.starts_with("https://") || one.starts_with("http://") => Ok(Self::Url(one.clone())),
            [one] => Ok(Self::File(PathBuf::from(one))),
            [repository, wanted] => {
                let (name, versions) = wanted.split_once('@').unwrap_or((wanted, "*"));
                // A whole version means just that one; `VersionReq` would read "1.2.0" as "^1.2.0".
                let exact = versions.parse::<semver::Version>().is_ok();
                let text = if exact { format!("={versions}") } else { versions.to_owned() };
                let versions =
                    text.parse().map_err(|why| SourceError::Versions { text: versions.to_owned(), why })?;
                Ok(Self::Repository { repository: repository.clone(), name: name.parse()?, versions })
            }
            _ => Err(SourceError::Count),
        }
    }

    /// As it is written down, to be found again by an update.
    pub fn written(&self) -> String {
        match self {
            Self::File(path) => {
                std::path::absolute(path).unwrap_or_else(|_| path.clone()).display().to_string()
            }
            Self::Url(text) | Self::Oci(text) => text.clone(),
            Self::Repository { repository, name, versions } => format!("{repository} {name}@{versions}"),
        }
    }

    /// Reads what [`Self::written`] wrote.
    pub fn read(written: &str) -> Result<Self, SourceError> {
        let words: Vec<String> = match written.rsplit_once(' ') {
            Some((repository, wanted)) if !repository.contains('/') && wanted.contains('@') => {
                vec![repository.to_owned(), wanted.to_owned()]
            }
            _ => vec![written.to_owned()],
        };
        Self::parse(&words)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parse(words: &[&str]) -> Result<Source, SourceError> {
        Source::parse(&words.iter().map(|word| (*word).to_owned()).collect::<Vec<_>>())
    }

    #[test]
    fn each_form_is_told_from_the_others_and_found_again() {
        assert_eq!(parse(&["oci://r.example/x:1"]).unwrap(), Source::Oci("oci://r.example/x:1".into()));
        assert_eq!(
            parse(&["https://e.example/x.tar"]).unwrap(),
            Source::Url("https://e.example/x.tar".into())
        );
        assert_eq!(parse(&["/a b/x@1.tar"]).unwrap(), Source::File("/a b/x@1.tar".into()));
        let release = parse(&["acme", "acme/x@^1.2"]).unwrap();
        for source in [release, parse(&["oci://r.example/x:1"]).unwrap(), parse(&["/a b/x@1.tar"]).unwrap()] {
            assert_eq!(Source::read(&source.written()).unwrap(), source);
        }
    }

    #[test]
    fn a_whole_version_means_just_that_one() {
        let Ok(Source::Repository { versions, .. }) = parse(&["acme", "acme/x@1.2.0"]) else { panic!() };
        assert!(versions.matches(&"1.2.0".parse().unwrap()) && !versions.matches(&"1.3.0".parse().unwrap()));
        let Ok(Source::Repository { versions, .. }) = parse(&["acme", "acme/x"]) else { panic!() };
        assert!(versions.matches(&"9.0.0".parse().unwrap()));
    }

    #[test]
    fn what_names_no_source_is_an_error() {
        for words in [&[][..], &["a", "b", "c"], &["acme", "x"], &["acme", "acme/x@new"]] {
            assert!(parse(words).is_err(), "{words:?}");
        }
    }
}
