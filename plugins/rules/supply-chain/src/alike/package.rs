//! Names of packages.

use bartizan_sdk::prelude::*;

use super::{
    Likeness, known,
    slip::{seen_alike, slip, within},
};
use crate::launch::Ecosystem;

/// Bytes of a name that is judged. npm's longest is 214.
const MAX_NAME: usize = 214;
/// Scopes this short are a slip away from each other all the time.
const MIN_SCOPE: usize = 6;

/// What well-known package this name imitates.
pub(crate) fn judge(ecosystem: Ecosystem, name: &str) -> Option<Likeness> {
    let name = name.to_lowercase();
    if name.len() > MAX_NAME || known::is(&name) {
        return None;
    }
    foreign_letters(&name).or_else(|| match ecosystem {
        Ecosystem::Npm => scope(&name).or_else(|| flattened(&name)).or_else(|| word(ecosystem, &name)),
        Ecosystem::PyPi => word(ecosystem, &name.replace(['_', '.'], "-")),
        Ecosystem::Container => word(ecosystem, &name),
        Ecosystem::Other => None,
    })
}

/// What a server calls itself is free text; only what is written like a package's name is judged as one.
pub(crate) fn judge_said(name: &str) -> Option<Likeness> {
    let lower = name.to_lowercase();
    if lower.len() > MAX_NAME || known::is(&lower) {
        return None;
    }
    if let Some(likeness) = foreign_letters(&lower) {
        return Some(likeness);
    }
    if lower.contains(char::is_whitespace) || !lower.contains(['-', '/']) {
        return None;
    }
    let found =
        scope(&lower).or_else(|| word(Ecosystem::Npm, &lower)).or_else(|| word(Ecosystem::PyPi, &lower))?;
    // No registry was asked for it, so it costs nothing and fetches nothing.
    Some(Likeness { severity: Severity::Low, confidence: Confidence::Low, ..found })
}

/// Letters of another alphabet that make a well-known name of it.
fn foreign_letters(name: &str) -> Option<Likeness> {
    if name.is_ascii() {
        return None;
    }
    let plain = bartizan_text::Text::read(name).canonical.to_lowercase();
    let of = [Ecosystem::Npm, Ecosystem::PyPi, Ecosystem::Container]
        .into_iter()
        .flat_map(known::names)
        .find(|known| *known == plain)?;
    Some(Likeness {
        of: of.to_owned(),
        how: "written with letters of another alphabet or characters that do not show, like".to_owned(),
        severity: Severity::High,
        confidence: Confidence::High,
    })
}

/// `@modelcontextprotoco1/server-filesystem`
fn scope(name: &str) -> Option<Likeness> {
    let (scope, rest) = name.strip_prefix('@')?.split_once('/')?;
    let scoped = || known::names(Ecosystem::Npm).filter_map(|known| known.strip_prefix('@')?.split_once('/'));
    if scope.len() < MIN_SCOPE || scoped().any(|(known, _)| known == scope) {
        return None;
    }
    let bare = |scope: &str| seen_alike(scope).replace(['-', '_', '.'], "");
    let near = |known: &str| {
        known.len() >= MIN_SCOPE
            && (bare(known) == bare(scope)
                || slip(scope, known).is_some()
                || (known.len() >= 12 && within(scope, known, 2)))
    };
    let mut found: Option<(&str, &str)> = None;
    for (known, package) in scoped().filter(|(known, _)| near(known)) {
        if package == rest {
            // Both halves: the known package under a scope that is nearly its own.
            return Some(Likeness {
                of: format!("@{known}/{package}"),
                how: "whose scope is nearly that of".to_owned(),
                severity: Severity::High,
                confidence: Confidence::High,
            });
        }
        found.get_or_insert((known, package));
    }
    let (known, _) = found?;
    Some(Likeness {
        of: format!("@{known}/…"),
        how: "whose scope is nearly that of".to_owned(),
        severity: Severity::Medium,
        confidence: Confidence::Medium,
    })
}

/// `modelcontextprotocol-server-filesystem`: a scope that became a part of the name, where anybody may register it.
fn flattened(name: &str) -> Option<Likeness> {
    if name.starts_with('@') {
        return None;
    }
    let of = known::names(Ecosystem::Npm).find(|known| {
        let Some((scope, rest)) = known.strip_prefix('@').and_then(|known| known.split_once('/')) else {
            return false;
        };
        let after = name.strip_prefix(scope).map(|after| after.trim_start_matches(['-', '_', '.']));
        scope.len() >= MIN_SCOPE && rest.len() >= MIN_SCOPE && after == Some(rest)
    })?;
    Some(Likeness {
        of: of.to_owned(),
        how: "which has made a part of the name of the scope of".to_owned(),
        severity: Severity::Medium,
        confidence: Confidence::Medium,
    })
}

/// A known name, one of whose own words is a slip away.
fn word(ecosystem: Ecosystem, name: &str) -> Option<Likeness> {
    let (scope, bare) = split(name);
    let words: Vec<&str> = own_words(bare).collect();
    known::names(ecosystem).find_map(|known| {
        let (known_scope, known_bare) = split(known);
        // Another's scope is another's package: whoever installs it wrote the scope.
        if scope != known_scope {
            return None;
        }
        let known_words: Vec<&str> = own_words(known_bare).collect();
        // A name made of general words alone, such as `mcp-remote`, is its own as a whole. `mcp-server` is nobody's.
        let how = if known_words.is_empty() && known_bare.len() >= 8 && known_bare != "mcp-server" {
            slip(bare, known_bare)?
        } else {
            differs(&words, &known_words)?
        };
        Some(Likeness {
            of: known.to_owned(),
            how: how.to_owned(),
            severity: Severity::Medium,
            confidence: Confidence::Medium,
        })
    })
}

/// How the words differ, if by one slip in one word.
fn differs(words: &[&str], known: &[&str]) -> Option<&'static str> {
    if words.len() != known.len() {
        return None;
    }
    let mut found = None;
    for (word, known) in words.iter().zip(known) {
        if word == known {
            continue;
        }
        if found.is_some() || known::HONEST.contains(word) {
            return None;
        }
        found = Some(slip(word, known)?);
    }
    found
}

fn split(name: &str) -> (&str, &str) {
    name.rsplit_once('/').unwrap_or(("", name))
}

fn own_words(name: &str) -> impl Iterator<Item = &str> {
    name.split(['-', '_', '.']).filter(|word| !word.is_empty() && !known::GENERIC.contains(word))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn npm(name: &str) -> Option<(String, Severity)> {
        judge(Ecosystem::Npm, name).map(|likeness| (likeness.of, likeness.severity))
    }

    #[test]
    fn the_well_known_themselves_are_silent() {
        for ecosystem in [Ecosystem::Npm, Ecosystem::PyPi, Ecosystem::Container] {
            for name in known::names(ecosystem) {
                assert_eq!(judge(ecosystem, name), None, "{name}");
                assert_eq!(judge_said(name), None, "{name}");
            }
        }
    }

    #[test]
    fn imitations_are_told_with_what_they_imitate() {
        let of = |name: &str| npm(name).map(|(of, _)| of);
        assert_eq!(
            of("@modelcontextprotoco1/server-filesystem").as_deref(),
            Some("@modelcontextprotocol/server-filesystem")
        );
        assert_eq!(
            of("@model-context-protocol/server-memory").as_deref(),
            Some("@modelcontextprotocol/server-memory")
        );
        assert_eq!(
            of("modelcontextprotocol-server-github").as_deref(),
            Some("@modelcontextprotocol/server-github")
        );
        assert_eq!(
            of("@modelcontextprotocol/server-filesytem").as_deref(),
            Some("@modelcontextprotocol/server-filesystem")
        );
        assert_eq!(of("firecarwl-mcp").as_deref(), Some("firecrawl-mcp"));
        assert_eq!(of("mongobd-mcp-server").as_deref(), Some("mongodb-mcp-server"));
        assert_eq!(
            npm("@mоdelcontextprotocol/server-memory").map(|(_, severity)| severity),
            Some(Severity::High)
        );
        assert_eq!(of("mcp-remtoe").as_deref(), Some("mcp-remote"));
        assert_eq!(of("mcp-server-gihub").as_deref(), Some("github-mcp-server"));
        assert!(judge(Ecosystem::PyPi, "mcp-server-fecth").is_some());
    }

    #[test]
    fn honest_relatives_are_silent() {
        for name in [
            "mcp-server-github-enterprise",
            "github-mcp",
            "@acme/mcp-server-filesystem",
            "@hisma/server-puppeteer",
            "mcp-server-motion",
            "mcp-server-gin",
            "@acme/firecrawl-mcp",
            "my-firecrawl-mcp",
            "mcp-server-postgrest",
            "notion-mcp-server",
        ] {
            assert_eq!(npm(name), None, "{name}");
        }
    }
}
