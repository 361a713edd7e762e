//! Packages whose version is decided when the server starts, and where they are asked for.

use bartizan_sdk::prelude::*;

use super::{Seen, Side};
use crate::{
    launch::{Ecosystem, Launch, Pin},
    text::{clipped, harmless},
};

const REGISTRIES: [&str; 6] =
    ["--registry", "--index-url", "-i", "--extra-index-url", "--index", "--default-index"];

pub(crate) fn look(launch: &Launch) -> Vec<Seen> {
    let mut seen: Vec<Seen> = launch
        .packages()
        .filter_map(|package| {
            let how = match &package.pin {
                Pin::None if package.ecosystem == Ecosystem::Container => {
                    "without a version: whatever the tag `latest` is"
                }
                Pin::None => "without a version: whatever is newest",
                Pin::Range(_) => "by a tag or a range: whatever fits it",
                Pin::Exact(_) | Pin::Installed => return None,
            };
            Some(Seen {
                side: Side::Pinning,
                severity: Severity::Info,
                what: format!(
                    "`{}` fetches `{}` {how} when the server starts.",
                    clipped(&package.runner),
                    clipped(&package.name)
                ),
                shows: clipped(&package.name),
                fix: "Name the version that you looked at, and raise it when you looked at a new one.",
            })
        })
        .take(4)
        .collect();
    seen.extend(registries(launch));
    seen
}

/// Packages asked of another registry than the public one.
fn registries(launch: &Launch) -> Option<Seen> {
    let steps = launch.steps.iter().filter(|step| {
        let name = step.words.first().map(|word| crate::launch::program(word)).unwrap_or_default();
        matches!(
            name.as_str(),
            "npx" | "npm" | "pnpm" | "yarn" | "bunx" | "uvx" | "uv" | "pipx" | "pip" | "pip3"
        )
    });
    for step in steps {
        for (at, word) in step.words.iter().enumerate() {
            let (option, value) = match word.split_once('=') {
                Some((option, value)) => (option, value),
                None => (
                    word.as_str(),
                    step.words.get(at.saturating_add(1)).map(String::as_str).unwrap_or_default(),
                ),
            };
            if REGISTRIES.contains(&option) && value.contains("://") {
                return registry(value, option == "--extra-index-url");
            }
        }
    }
    let mut variables = launch.around.env.iter();
    let extra = variables.find(|variable| {
        matches!(variable.name.as_str(), "PIP_EXTRA_INDEX_URL" | "UV_EXTRA_INDEX_URL")
            && !variable.value.is_empty()
    })?;
    registry(&extra.value, true)
}

fn registry(url: &str, extra: bool) -> Option<Seen> {
    const PUBLIC: [&str; 4] =
        ["://registry.npmjs.org", "://pypi.org", "://registry.yarnpkg.com", "://files.pythonhosted.org"];
    if PUBLIC.iter().any(|host| url.contains(host)) {
        return None;
    }
    let clear = url.starts_with("http://") && !url.contains("://localhost") && !url.contains("://127.");
    let (severity, what) = match (clear, extra) {
        (true, _) => (
            Severity::Medium,
            "Packages are fetched from a registry over unencrypted HTTP: anybody on the way can change them.",
        ),
        (false, true) => (
            Severity::Low,
            "Two registries are asked for every package: whoever registers an internal name at the public one is installed.",
        ),
        (false, false) => (Severity::Info, "Packages are fetched from another registry than the public one."),
    };
    Some(Seen {
        side: Side::Pinning,
        severity,
        what: what.to_owned(),
        shows: harmless(url),
        fix: "Ask one registry, over HTTPS, and pin versions.",
    })
}
