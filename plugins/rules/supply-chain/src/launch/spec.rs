//! What a runner was told to fetch: a package of a registry and its version, or a place.

/// Where a package is kept.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Ecosystem {
    Npm,
    PyPi,
    /// Images of containers.
    Container,
    /// Go modules, JSR: registries whose names nobody mistakes for another's.
    Other,
}

impl Ecosystem {
    /// As OSV writes it.
    pub(crate) fn osv(self) -> Option<&'static str> {
        match self {
            Self::Npm => Some("npm"),
            Self::PyPi => Some("PyPI"),
            Self::Container | Self::Other => None,
        }
    }
}

/// Which version is fetched.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Pin {
    /// Whatever is newest when the server starts.
    None,
    /// Whatever fits a tag or a range then.
    Range(String),
    /// One version.
    Exact(String),
    /// What is installed. Its version is not on the command line.
    Installed,
}

/// A package of a registry.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Package {
    pub(crate) ecosystem: Ecosystem,
    pub(crate) name: String,
    pub(crate) pin: Pin,
    /// What fetches it: "npx", "uvx", "docker run".
    pub(crate) runner: String,
}

/// Where the code comes from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Source {
    Registry(Package),
    /// A repository or a file, named by its place.
    Remote {
        place: String,
        /// A commit or a digest says what it is.
        fixed: bool,
        runner: String,
    },
}

/// `name`, `@scope/name@1.2.3`, `github:user/repository`, a URL; `None` for what lies on this machine.
pub(crate) fn npm(spec: &str, runner: &str) -> Option<Source> {
    let spec = spec.strip_prefix("npm:").unwrap_or(spec);
    if is_local(spec) {
        return None;
    }
    let remote = spec.contains("://")
        || ["github:", "gitlab:", "bitbucket:", "gist:", "git@"].iter().any(|start| spec.starts_with(start));
    // `user/repository` is one of GitHub.
    let short = !spec.starts_with('@') && spec.split('/').count() == 2;
    if remote || short {
        return Some(Source::Remote {
            place: spec.to_owned(),
            fixed: has_commit(spec),
            runner: runner.to_owned(),
        });
    }
    let from = usize::from(spec.starts_with('@'));
    let at = spec.char_indices().skip(from).find(|(_, c)| *c == '@').map(|(at, _)| at);
    let (name, version) =
        at.and_then(|at| Some((spec.get(..at)?, spec.get(at.saturating_add(1)..)?))).unwrap_or((spec, ""));
    if !is_name(name) {
        return None;
    }
    let pin = match version {
        "" | "latest" | "*" | "x" => Pin::None,
        version if is_semver(version) => Pin::Exact(version.trim_start_matches(['v', '=']).to_owned()),
        range => Pin::Range(range.to_owned()),
    };
    Some(registry(Ecosystem::Npm, name, pin, runner))
}

/// `name`, `name[extra]==1.2.3`, `name@1.2.3`, `git+https://…`, `name @ https://…`.
pub(crate) fn pypi(spec: &str, runner: &str) -> Option<Source> {
    let place = spec.split_once(" @ ").map_or(spec, |(_, place)| place.trim());
    if place.contains("://") || place.starts_with("git+") {
        if place.starts_with("file:") {
            return None;
        }
        return Some(Source::Remote {
            place: place.to_owned(),
            fixed: has_commit(place),
            runner: runner.to_owned(),
        });
    }
    if is_local(spec) {
        return None;
    }
    let end =
        spec.find(|c: char| !(c.is_alphanumeric() || matches!(c, '-' | '_' | '.'))).unwrap_or(spec.len());
    let (name, rest) = (spec.get(..end)?, spec.get(end..)?.trim());
    if !is_name(name) || name.to_ascii_lowercase().ends_with(".py") {
        return None;
    }
    // `[extra]`
    let rest = match rest.strip_prefix('[') {
        Some(extra) => extra.split_once(']').map_or("", |(_, rest)| rest.trim()),
        None => rest,
    };
    let exact =
        rest.strip_prefix("===").or_else(|| rest.strip_prefix("==")).or_else(|| rest.strip_prefix('@'));
    let pin = match exact.map(str::trim) {
        Some("latest") => Pin::None,
        Some(version) if is_pep440(version) => Pin::Exact(version.to_owned()),
        _ if rest.is_empty() => Pin::None,
        _ => Pin::Range(rest.to_owned()),
    };
    Some(registry(Ecosystem::PyPi, name, pin, runner))
}

/// `name`, `registry.example:5000/name:tag`, `name@sha256:…`.
pub(crate) fn image(spec: &str, runner: &str) -> Option<Source> {
    let (spec, digest) = spec.split_once('@').map_or((spec, None), |(spec, digest)| (spec, Some(digest)));
    let at = spec.rfind(':').filter(|at| !spec.get(*at..).unwrap_or_default().contains('/'));
    let (name, tag) =
        at.and_then(|at| Some((spec.get(..at)?, spec.get(at.saturating_add(1)..)?))).unwrap_or((spec, ""));
    if name.is_empty() || name.contains(|c: char| c.is_whitespace() || c.is_control()) {
        return None;
    }
    let pin = match (digest, tag) {
        (Some(digest), _) => Pin::Exact(digest.to_owned()),
        (None, "" | "latest") => Pin::None,
        // A tag can be moved; one with a version in it seldom is.
        (None, tag) if tag.contains(|c: char| c.is_ascii_digit()) => Pin::Exact(tag.to_owned()),
        (None, tag) => Pin::Range(tag.to_owned()),
    };
    Some(registry(Ecosystem::Container, name, pin, runner))
}

pub(crate) fn registry(ecosystem: Ecosystem, name: &str, pin: Pin, runner: &str) -> Source {
    Source::Registry(Package { ecosystem, name: name.to_owned(), pin, runner: runner.to_owned() })
}

pub(crate) fn is_local(spec: &str) -> bool {
    let windows =
        spec.chars().nth(1) == Some(':') && spec.chars().nth(2).is_none_or(|c| matches!(c, '\\' | '/'));
    spec.is_empty()
        || windows
        || spec.starts_with(['.', '/', '~', '\\', '$', '%', '<', '{'])
        || spec.starts_with("file:")
        || spec.starts_with("workspace:")
}

fn is_name(name: &str) -> bool {
    !name.is_empty()
        && name.len() <= 214
        && name.chars().all(|c| c.is_alphanumeric() || matches!(c, '-' | '_' | '.' | '/' | '@' | '~'))
}

fn is_semver(version: &str) -> bool {
    semver::Version::parse(version.trim_start_matches(['v', '='])).is_ok()
}

fn is_pep440(version: &str) -> bool {
    // `1.*` is a range.
    !version.contains('*') && version.parse::<pep440_rs::Version>().is_ok()
}

/// A commit's hash or a digest, after `#` or `@`.
fn has_commit(place: &str) -> bool {
    let tail = place.rsplit(['#', '@']).next().unwrap_or_default();
    let tail = tail.split(['?', '&']).next().unwrap_or_default();
    let bare = tail.strip_prefix("sha256=").unwrap_or(tail);
    (bare.len() == 40 || bare.len() == 64) && bare.chars().all(|c| c.is_ascii_hexdigit())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn pin(source: Option<Source>) -> (String, Pin) {
        match source {
            Some(Source::Registry(package)) => (package.name, package.pin),
            other => panic!("{other:?}"),
        }
    }

    #[test]
    fn npm_specs_are_read_as_npm_reads_them() {
        assert_eq!(pin(npm("@a/b@1.2.3", "npx")), ("@a/b".into(), Pin::Exact("1.2.3".into())));
        assert_eq!(pin(npm("@a/b", "npx")), ("@a/b".into(), Pin::None));
        assert_eq!(pin(npm("b@latest", "npx")), ("b".into(), Pin::None));
        assert_eq!(pin(npm("b@^1.2", "npx")), ("b".into(), Pin::Range("^1.2".into())));
        assert_eq!(pin(npm("b@1", "npx")), ("b".into(), Pin::Range("1".into())));
        assert_eq!(npm("./b", "npx"), None);
        assert!(matches!(npm("github:a/b", "npx"), Some(Source::Remote { fixed: false, .. })));
        assert!(matches!(npm("a/b", "npx"), Some(Source::Remote { .. })));
        let commit = format!("git+https://github.com/a/b#{}", "a".repeat(40));
        assert!(matches!(npm(&commit, "npx"), Some(Source::Remote { fixed: true, .. })));
    }

    #[test]
    fn python_specs_are_read_as_pip_and_uv_read_them() {
        assert_eq!(pin(pypi("a[cli]==1.2", "uvx")), ("a".into(), Pin::Exact("1.2".into())));
        assert_eq!(pin(pypi("a@1.2.0rc1", "uvx")), ("a".into(), Pin::Exact("1.2.0rc1".into())));
        assert_eq!(pin(pypi("a@latest", "uvx")), ("a".into(), Pin::None));
        assert_eq!(pin(pypi("a>=1,<2", "uvx")), ("a".into(), Pin::Range(">=1,<2".into())));
        assert_eq!(pin(pypi("a==1.*", "uvx")), ("a".into(), Pin::Range("==1.*".into())));
        assert!(matches!(
            pypi("git+https://github.com/a/b@main", "uvx"),
            Some(Source::Remote { fixed: false, .. })
        ));
        assert_eq!(pypi("server.py", "uv"), None);
    }

    #[test]
    fn images_are_pinned_by_tag_or_digest() {
        assert_eq!(pin(image("mcp/git", "docker run")), ("mcp/git".into(), Pin::None));
        assert_eq!(pin(image("h:5000/a", "docker run")), ("h:5000/a".into(), Pin::None));
        assert_eq!(pin(image("h:5000/a:1.2", "docker run")), ("h:5000/a".into(), Pin::Exact("1.2".into())));
        assert_eq!(pin(image("a:stable", "docker run")), ("a".into(), Pin::Range("stable".into())));
        assert!(matches!(pin(image("a@sha256:00", "docker run")).1, Pin::Exact(_)));
    }
}
