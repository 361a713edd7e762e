//! Versions in the order of their registry.

use std::cmp::Ordering;

use crate::launch::Ecosystem;

/// Bytes of a version that are read.
const MAX_VERSION: usize = 128;

#[derive(Clone, Debug)]
pub(crate) enum Version {
    Npm(semver::Version),
    PyPi(Box<pep440_rs::Version>),
}

impl Version {
    pub(crate) fn parse(ecosystem: Ecosystem, text: &str) -> Option<Self> {
        let text = text.trim();
        if text.len() > MAX_VERSION {
            return None;
        }
        match ecosystem {
            Ecosystem::Npm => {
                let text = text.trim_start_matches(['v', '=']);
                // OSV's events may leave parts out: "1.2".
                let whole = match text.split('.').count() {
                    _ if text.contains(['-', '+']) => text.to_owned(),
                    1 => format!("{text}.0.0"),
                    2 => format!("{text}.0"),
                    _ => text.to_owned(),
                };
                semver::Version::parse(&whole).ok().map(Self::Npm)
            }
            Ecosystem::PyPi => text.parse().ok().map(|version| Self::PyPi(Box::new(version))),
            Ecosystem::Container | Ecosystem::Other => None,
        }
    }

    /// The later of these, as it was written.
    pub(crate) fn newest<'v>(ecosystem: Ecosystem, all: impl Iterator<Item = &'v str>) -> Option<&'v str> {
        let mut newest: Option<(&str, Self)> = None;
        for text in all {
            let Some(version) = Self::parse(ecosystem, text) else { continue };
            if newest.as_ref().is_none_or(|(_, other)| version.order(other) == Ordering::Greater) {
                newest = Some((text, version));
            }
        }
        newest.map(|(text, _)| text)
    }

    pub(crate) fn order(&self, other: &Self) -> Ordering {
        match (self, other) {
            // What is built is no part of the order (SemVer 10).
            (Self::Npm(a), Self::Npm(b)) => a.cmp_precedence(b),
            (Self::PyPi(a), Self::PyPi(b)) => a.cmp(b),
            (Self::Npm(_), Self::PyPi(_)) => Ordering::Less,
            (Self::PyPi(_), Self::Npm(_)) => Ordering::Greater,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn order(ecosystem: Ecosystem, a: &str, b: &str) -> Ordering {
        Version::parse(ecosystem, a).unwrap().order(&Version::parse(ecosystem, b).unwrap())
    }

    #[test]
    fn each_registry_orders_in_its_own_way() {
        assert_eq!(order(Ecosystem::Npm, "1.10.0", "1.9.0"), Ordering::Greater);
        assert_eq!(order(Ecosystem::Npm, "2.0.0-beta.2", "2.0.0-beta.17"), Ordering::Less);
        assert_eq!(order(Ecosystem::Npm, "1.2.3+a", "1.2.3"), Ordering::Equal);
        assert_eq!(order(Ecosystem::PyPi, "1.0rc1", "1.0"), Ordering::Less);
        assert_eq!(order(Ecosystem::PyPi, "1.0.post1", "1.0"), Ordering::Greater);
        assert_eq!(order(Ecosystem::PyPi, "2025.7.1", "2025.12.18"), Ordering::Less);
        assert_eq!(order(Ecosystem::PyPi, "1.0", "1.0.0"), Ordering::Equal);
    }

    #[test]
    fn what_is_no_version_is_none() {
        for text in ["", "latest", "1.x", &"1".repeat(10_000), "1.2.3.4.5.x"] {
            assert!(Version::parse(Ecosystem::Npm, text).is_none(), "{text:.20}");
        }
    }
}
