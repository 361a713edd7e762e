//! `bartizan-plugin.toml`.

use std::path::{Component, Path};

use bartizan_pack::ManifestLimits;
use bartizan_registry::{ComponentName, Grants};
use semver::Version;
use serde::Deserialize;

use crate::Language;

/// The longest manifest that is read, in bytes.
pub(crate) const MAX_MANIFEST: u64 = 64 << 10;
/// The longest of its texts, in bytes.
const MAX_TEXT: usize = 1024;

/// What a project that is not a crate says of itself.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Manifest {
    pub(crate) name: ComponentName,
    pub(crate) version: Version,
    pub(crate) summary: String,
    pub(crate) language: Language,
    pub(crate) license: Option<String>,
    pub(crate) source: Option<String>,
    #[serde(default)]
    pub(crate) grants: Grants,
    #[serde(default)]
    pub(crate) limits: ManifestLimits,
    pub(crate) build: BuildTable,
}

/// How it is built.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct BuildTable {
    /// The file that the pack is in.
    pub(crate) entry: String,
}

impl Manifest {
    /// Reads one; the error says what is wrong with it.
    pub(crate) fn parse(text: &str) -> Result<Self, String> {
        let manifest: Self = toml::from_str(text).map_err(|error| error.to_string().trim_end().to_owned())?;
        let texts = [
            ("summary", Some(&manifest.summary)),
            ("license", manifest.license.as_ref()),
            ("source", manifest.source.as_ref()),
        ];
        for (member, text) in texts.into_iter().filter_map(|(member, text)| Some((member, text?))) {
            if text.len() > MAX_TEXT || text.chars().any(char::is_control) {
                return Err(format!("`{member}` must be one line of at most {MAX_TEXT} bytes"));
            }
        }
        manifest.check_entry()?;
        Ok(manifest)
    }

    fn check_entry(&self) -> Result<(), String> {
        let extensions: &[&str] = match self.language {
            Language::Rust => {
                return Err(
                    "a Rust project says what it is in Cargo.toml, under [package.metadata.bartizan]"
                        .to_owned(),
                );
            }
            Language::Python => &["py"],
            Language::JavaScript => &["js", "mjs"],
            Language::TypeScript => &["ts"],
            Language::C => &["c"],
            Language::Go => &["go"],
        };
        let entry = Path::new(&self.build.entry);
        // These words are put into generated code and command lines, so the alphabet is small.
        let plain = self.build.entry.len() <= 200
            && entry.components().all(|part| match part {
                Component::Normal(part) => {
                    let part = part.as_encoded_bytes();
                    !part.starts_with(b"-")
                        && part.iter().all(|byte| byte.is_ascii_alphanumeric() || b"._-".contains(byte))
                }
                _ => false,
            });
        let known =
            entry.extension().is_some_and(|extension| extensions.iter().any(|known| extension == *known));
        if plain && known {
            return Ok(());
        }
        Err(format!(
            "`build.entry` must be a path inside the project to a .{} file, of letters, digits and `._-`",
            extensions.join(" or .")
        ))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const GOOD: &str = "name = 'acme/x'\nversion = '1.2.3'\nsummary = 's'\nlanguage = 'python'\nlicense = 'MIT'\n[limits]\nmemory = '64MiB'\n[build]\nentry = 'rules.py'\n";

    #[test]
    fn what_it_says_is_what_is_signed() {
        let manifest = Manifest::parse(GOOD).unwrap();
        assert_eq!(manifest.name.as_str(), "acme/x");
        assert_eq!(manifest.version, Version::new(1, 2, 3));
        assert_eq!(manifest.limits.asked().memory, Some(64 << 20));
        assert_eq!(manifest.grants, Grants::none());
    }

    #[test]
    fn what_it_does_not_know_or_cannot_take_is_refused() {
        for (from, to) in [
            ("summary", "sumary"),
            ("acme/x", "Acme/x"),
            ("1.2.3", "1.2"),
            ("python", "cobol"),
            ("python", "rust"),
            ("64MiB", "64"),
            ("entry = 'rules.py'", ""),
            ("rules.py", "rules.js"),
            ("rules.py", "../rules.py"),
            ("rules.py", "/etc/rules.py"),
            ("rules.py", "-rules.py"),
            ("rules.py", "a b.py"),
            ("rules.py", "a\\u0027.py"),
            ("license = 'MIT'", "license = \"a\\nb\""),
            ("license = 'MIT'", "grants = ['root']"),
        ] {
            let text = GOOD.replacen(from, to, 1);
            assert!(Manifest::parse(&text).is_err(), "{to} is taken");
        }
    }
}
