//! References: what names something in a registry.

use std::{fmt, str::FromStr};

use bartizan_model::{Digest, printable, truncate_chars};

use super::RegistryError;

const SCHEME: &str = "oci://";
/// A host name, a repository of 255 characters, a tag of 128 and a digest fit.
const MAX_LENGTH: usize = 800;
const DEFAULT_TAG: &str = "latest";

/// "oci://registry.example:5000/acme/rules:1.2.0@sha256:…". The registry is always named: there is no default one.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Reference {
    registry: String,
    repository: String,
    tag: Option<String>,
    digest: Option<Digest>,
}

impl Reference {
    /// The registry: a host, and a port if one is given.
    pub fn registry(&self) -> &str {
        &self.registry
    }

    /// The repository within it: "acme/rules".
    pub fn repository(&self) -> &str {
        &self.repository
    }

    /// The tag. It may mean something else tomorrow.
    pub fn tag(&self) -> Option<&str> {
        self.tag.as_deref()
    }

    /// The digest of the manifest. It always means the same.
    pub fn digest(&self) -> Option<Digest> {
        self.digest
    }

    /// The same with this digest: what a lock file keeps.
    #[must_use]
    pub fn pinned(&self, digest: Digest) -> Self {
        Self { digest: Some(digest), ..self.clone() }
    }

    /// What names the manifest in a URL: the digest if there is one, or else the tag.
    pub(super) fn key(&self) -> String {
        match (&self.digest, &self.tag) {
            (Some(digest), _) => format!("sha256:{digest}"),
            (None, Some(tag)) => tag.clone(),
            (None, None) => DEFAULT_TAG.to_owned(),
        }
    }

    /// The host that answers for the registry.
    pub(super) fn host(&self) -> &str {
        // Docker Hub's name is not its address.
        if self.registry == "docker.io" { "registry-1.docker.io" } else { &self.registry }
    }

    /// What the registry's login is kept under.
    pub(super) fn login_key(&self) -> &str {
        if self.registry == "docker.io" { "https://index.docker.io/v1/" } else { &self.registry }
    }
}

impl fmt::Display for Reference {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{SCHEME}{}/{}", self.registry, self.repository)?;
        if let Some(tag) = &self.tag {
            write!(f, ":{tag}")?;
        }
        if let Some(digest) = &self.digest {
            write!(f, "@sha256:{digest}")?;
        }
        Ok(())
    }
}

impl FromStr for Reference {
    type Err = RegistryError;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let bad = |why: &str| RegistryError::BadReference {
            text: printable(&truncate_chars(text, 200)),
            why: why.to_owned(),
        };
        let Some(bare) = text.strip_prefix(SCHEME) else { return Err(bad("it does not begin with oci://")) };
        // The grammar below knows letters and digits of every script; registries know those of ASCII.
        if bare.len() > MAX_LENGTH || !bare.is_ascii() {
            return Err(bad("it is too long, or has other characters than ASCII's"));
        }
        let (host, rest) = bare.split_once('/').ok_or_else(|| bad("it names no repository"))?;
        if !(host.contains(['.', ':']) || host == "localhost") {
            return Err(bad("its first part is not a host: one has a dot, a port, or is `localhost`"));
        }
        let parsed: oci_spec::distribution::Reference =
            bare.parse().map_err(|error: oci_spec::distribution::ParseError| bad(&error.to_string()))?;
        let host = host.to_ascii_lowercase();
        // Its own idea of Docker Hub ("docker.io/x" is "docker.io/library/x") is what everybody means by it.
        let repository = parsed.repository().to_owned();
        if !rest.starts_with(&repository) && host != "docker.io" && host != "index.docker.io" {
            return Err(bad("its host is not taken for one"));
        }
        let digest = match parsed.digest() {
            None => None,
            Some(digest) => Some(
                digest
                    .strip_prefix("sha256:")
                    .and_then(|hex| hex.parse().ok())
                    .ok_or_else(|| bad("its digest is not SHA-256 in lower-case hexadecimal"))?,
            ),
        };
        // The grammar supplies a tag where none is written; what was not said is not for us to say.
        let tag = parsed.tag().filter(|_| rest.split('@').next().is_some_and(|name| name.contains(':')));
        let registry = if host == "index.docker.io" { "docker.io".to_owned() } else { host };
        Ok(Self { registry, repository, tag: tag.map(str::to_owned), digest })
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    const DIGEST: &str = "f3c793e6fd847bca21c70420f8b81486e052875a067c4c8ffb655b12c4721526";

    fn parts(text: &str) -> (String, String, String) {
        let reference: Reference = text.parse().unwrap();
        (reference.registry().to_owned(), reference.repository().to_owned(), reference.key())
    }

    #[test]
    fn a_reference_names_registry_repository_tag_and_digest() {
        for (text, expected) in [
            ("oci://ghcr.io/acme/rules:1.2.0", ("ghcr.io", "acme/rules", "1.2.0")),
            ("oci://localhost:5000/rules", ("localhost:5000", "rules", "latest")),
            ("oci://localhost/acme/rules:a", ("localhost", "acme/rules", "a")),
            ("oci://127.0.0.1:5000/a/b/c:x", ("127.0.0.1:5000", "a/b/c", "x")),
            ("oci://GHCR.io/acme/rules:1", ("ghcr.io", "acme/rules", "1")),
            ("oci://docker.io/acme/rules:1", ("docker.io", "acme/rules", "1")),
        ] {
            let (registry, repository, key) = parts(text);
            assert_eq!((registry.as_str(), repository.as_str(), key.as_str()), expected, "{text}");
        }
        let (.., key) = parts(&format!("oci://ghcr.io/acme/rules:1.2.0@sha256:{DIGEST}"));
        assert_eq!(key, format!("sha256:{DIGEST}"), "a digest wins over a tag, which may move");
    }

    #[test]
    fn a_reference_is_read_back_as_it_is_shown() {
        for text in [
            "oci://ghcr.io/acme/rules:latest".to_owned(),
            "oci://ghcr.io/acme/rules:1.2.0".to_owned(),
            format!("oci://ghcr.io/acme/rules@sha256:{DIGEST}"),
            format!("oci://ghcr.io/acme/rules:1.2.0@sha256:{DIGEST}"),
        ] {
            assert_eq!(text.parse::<Reference>().unwrap().to_string(), text);
        }
    }

    #[test]
    fn what_could_mean_two_things_is_no_reference() {
        for text in [
            "ghcr.io/acme/rules:1",
            "oci://acme/rules:1",
            "oci://rules",
            "oci://",
            "oci:///acme/rules",
            "oci://user:pass@ghcr.io/acme/rules",
            "oci://ghcr.io/Acme/rules",
            "oci://ghcr.io/acme/../rules",
            "oci://ghcr.io/acme/rules:1?x=y",
            "oci://ghcr.io/acme/rules:1#x",
            "oci://ghcr.io/acme/rules:\u{e9}t\u{e9}",
            "oci://ghcr.io/acme/rules@sha256:abc",
            "oci://ghcr.io/acme/rules@md5:0123456789abcdef0123456789abcdef",
            "oci://ghcr.io\\evil.example/acme/rules",
            "https://ghcr.io/acme/rules",
        ] {
            let error = text.parse::<Reference>().unwrap_err();
            assert_eq!(error.code(), "bad-reference", "{text}");
        }
        let upper = format!("oci://ghcr.io/acme/rules@sha256:{}", DIGEST.to_uppercase());
        assert_eq!(upper.parse::<Reference>().unwrap_err().code(), "bad-reference");
    }

    proptest! {
        #[test]
        fn whatever_is_read_is_read_back(text in "oci://(localhost|[a-z.:0-9@/_-]{0,12})/[a-z0-9.:@/_-]{0,20}") {
            if let Ok(reference) = text.parse::<Reference>() {
                prop_assert_eq!(reference.to_string().parse::<Reference>().unwrap(), reference);
            }
        }
    }
}
