//! Names that are worth imitating.

use crate::launch::Ecosystem;

const NPM: &str = include_str!("../../data/npm.txt");
const PYPI: &str = include_str!("../../data/pypi.txt");
const IMAGES: &str = include_str!("../../data/images.txt");

/// Well-known packages of one registry.
pub(crate) fn names(ecosystem: Ecosystem) -> impl Iterator<Item = &'static str> {
    let list = match ecosystem {
        Ecosystem::Npm => NPM,
        Ecosystem::PyPi => PYPI,
        Ecosystem::Container => IMAGES,
        Ecosystem::Other => "",
    };
    list.lines().filter(|line| !line.is_empty())
}

/// Whether a registry's well-known package has this name. Names that moved from one registry to another are known in both.
pub(crate) fn is(name: &str) -> bool {
    [Ecosystem::Npm, Ecosystem::PyPi, Ecosystem::Container]
        .into_iter()
        .any(|ecosystem| names(ecosystem).any(|known| known == name))
}

/// Words that say what kind of thing a package is, and not which.
#[rustfmt::skip]
pub(crate) const GENERIC: [&str; 24] = [
    "mcp", "mcps", "server", "servers", "client", "tool", "tools", "api", "py", "python", "js", "ts", "node", "go",
    "rs", "the", "my", "official", "remote", "local", "cli", "sdk", "ai", "for",
];

/// Words that are one slip away from a well-known one and mean something else.
#[rustfmt::skip]
pub(crate) const HONEST: [&str; 30] = [
    "motion", "liner", "postgrest", "slick", "slacker", "sigma", "reds", "fetcher", "stripes", "strip", "grafan",
    "gitbook", "gitea", "github", "gitlab", "jina", "confluent", "playwrite", "search", "research", "memo", "elastic",
    "sequel", "notions", "pwndoc", "filer", "brace", "trace", "graphene", "sentries",
];
