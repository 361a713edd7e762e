//! Names of components: "publisher/name".

use std::{fmt, str::FromStr};

use serde::{Deserialize, Serialize};
use thiserror::Error;

/// "publisher/name": lower-case ASCII letters, digits and inner hyphens, at most 64 characters a half.
///
/// The alphabet is small so that no two names look alike, and every name is a safe file name.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(into = "String", try_from = "String")]
pub struct ComponentName {
    full: String,
    slash: usize,
}

/// A text that is not a component's name.
#[derive(Clone, Debug, Error, PartialEq, Eq)]
#[error("`{}` is not a component name: it must be publisher/name, each of lower-case letters, digits and inner hyphens, at most 64 long", bartizan_model::truncate_chars(&bartizan_model::printable(.0), 80))]
pub struct ParseNameError(String);

impl ComponentName {
    /// The half before the slash.
    pub fn publisher(&self) -> &str {
        self.full.split_at(self.slash).0
    }

    /// The half after the slash.
    pub fn name(&self) -> &str {
        self.full.split_at(self.slash).1.trim_start_matches('/')
    }

    /// The whole.
    pub fn as_str(&self) -> &str {
        &self.full
    }

    /// Whether the text is fit to be one half of a name.
    pub fn is_valid_half(half: &str) -> bool {
        (1..=64).contains(&half.len())
            && half.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'-')
            && !half.starts_with('-')
            && !half.ends_with('-')
    }
}

impl FromStr for ComponentName {
    type Err = ParseNameError;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        match text.split_once('/') {
            Some((publisher, name)) if Self::is_valid_half(publisher) && Self::is_valid_half(name) => {
                Ok(Self { full: text.to_owned(), slash: publisher.len() })
            }
            _ => Err(ParseNameError(text.to_owned())),
        }
    }
}

impl TryFrom<String> for ComponentName {
    type Error = ParseNameError;

    fn try_from(text: String) -> Result<Self, Self::Error> {
        text.parse()
    }
}

impl From<ComponentName> for String {
    fn from(name: ComponentName) -> Self {
        name.full
    }
}

impl fmt::Display for ComponentName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(&self.full)
    }
}

impl fmt::Debug for ComponentName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "ComponentName({})", self.full)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_has_two_halves() {
        let name: ComponentName = "acme/my-rules".parse().unwrap();
        assert_eq!((name.publisher(), name.name(), name.as_str()), ("acme", "my-rules", "acme/my-rules"));
    }

    #[test]
    fn what_could_mislead_is_no_name() {
        let long = format!("a/{}", "b".repeat(65));
        for text in [
            "",
            "/",
            "acme",
            "acme/",
            "/x",
            "acme/x/y",
            "Acme/x",
            "асme/x",
            "acme/../x",
            "acme/x.wasm",
            "acme/-x",
            "acme/x-",
            &long,
        ] {
            assert!(text.parse::<ComponentName>().is_err(), "{text}");
        }
    }
}
