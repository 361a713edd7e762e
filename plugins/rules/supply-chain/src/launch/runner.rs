//! The programs that fetch a package and run it: which package that is.

use super::{
    Ecosystem, Pin, Source, Step, container, is_node_modules,
    options::{self, Word},
    program, spec,
};

/// Packages of one command that are read.
const MAX_PACKAGES: usize = 16;

/// Options of uv, uvx and pipx that are followed by their value.
#[rustfmt::skip]
const PYTHON_VALUES: [&str; 34] = [
    "--from", "--with", "--with-editable", "--with-requirements", "-p", "--python", "--index", "--default-index",
    "-i", "--index-url", "--extra-index-url", "-f", "--find-links", "--directory", "--project", "--cache-dir",
    "--env-file", "-c", "--constraints", "--overrides", "--refresh-package", "-P", "--upgrade-package",
    "--prerelease", "--resolution", "--index-strategy", "--keyring-provider", "--link-mode", "--config-file",
    "--exclude-newer", "--spec", "--pip-args", "--extra", "--group",
];

/// Where the code of this command comes from. Empty for what is already on this machine.
pub(crate) fn sources(step: &Step) -> Vec<Source> {
    let Some((first, after)) = step.words.split_first() else { return Vec::new() };
    let second = after.first().map(String::as_str).unwrap_or_default();
    let third = after.get(1).map(String::as_str).unwrap_or_default();
    let from = |skip: usize| after.get(skip..).unwrap_or_default();
    let mut found = match (program(first).as_str(), second, third) {
        ("npx" | "pnpx", ..) => npm(after, "npx"),
        ("npm", "exec" | "x", _) => npm(from(1), "npm exec"),
        ("pnpm", "dlx", _) => npm(from(1), "pnpm dlx"),
        ("yarn", "dlx", _) => npm(from(1), "yarn dlx"),
        ("bunx", ..) => npm(after, "bunx"),
        ("bun", "x", _) => npm(from(1), "bunx"),
        ("deno" | "bun", "run" | "serve", _) => url_or_spec(from(1), first),
        ("uvx", ..) => python(after, "uvx"),
        ("uv", ..) => uv(after),
        ("pipx", "run", _) => python(from(1), "pipx run"),
        ("go", "run", _) => go(from(1)),
        ("docker" | "podman" | "nerdctl", ..) => container::of(step)
            .and_then(|container| spec::image(&container.image, &container.runner))
            .into_iter()
            .collect(),
        _ => installed(step),
    };
    found.truncate(MAX_PACKAGES);
    found
}

fn npm(words: &[String], runner: &str) -> Vec<Source> {
    let values = [
        "-p",
        "--package",
        "-c",
        "--call",
        "--registry",
        "-n",
        "--node-options",
        "--cache",
        "--userconfig",
        "-w",
        "--workspace",
        "--loglevel",
        "--prefix",
    ];
    let mut named: Vec<&str> = Vec::new();
    let mut rest: &[String] = &[];
    for word in options::walk(words, |option| values.contains(&option)) {
        match word {
            Word::Option("-p" | "--package", Some(package)) => named.push(package),
            Word::Option(..) => {}
            Word::Rest(words) => rest = words,
        }
    }
    // `--package` names what is fetched; the first word is then a program in it.
    if named.is_empty() {
        named.extend(rest.first().map(String::as_str));
    }
    named.into_iter().filter_map(|package| spec::npm(package, runner)).collect()
}

fn python(words: &[String], runner: &str) -> Vec<Source> {
    let mut from: Option<&str> = None;
    let mut with: Vec<&str> = Vec::new();
    let mut rest: &[String] = &[];
    for word in options::walk(words, |option| PYTHON_VALUES.contains(&option)) {
        match word {
            Word::Option("--from" | "--spec", Some(package)) => from = Some(package),
            Word::Option("--with", Some(packages)) => with.extend(packages.split(',')),
            Word::Option(..) => {}
            Word::Rest(words) => rest = words,
        }
    }
    let main = from.or_else(|| rest.first().map(String::as_str));
    main.into_iter().chain(with).filter_map(|package| spec::pypi(package.trim(), runner)).collect()
}

/// `uv [options] run …`, `uv [options] tool run …`
fn uv(words: &[String]) -> Vec<Source> {
    let found = options::walk(words, |option| PYTHON_VALUES.contains(&option));
    let Some(Word::Rest(rest)) = found.last() else { return Vec::new() };
    match rest {
        [tool, run, after @ ..] if tool == "tool" && run == "run" => python(after, "uvx"),
        [tool, run, after @ ..] if tool == "x" && run == "run" => python(after, "uvx"),
        [run, after @ ..] if run == "run" => {
            let mut sources = Vec::new();
            for word in options::walk(after, |option| PYTHON_VALUES.contains(&option)) {
                match word {
                    Word::Option("--with", Some(packages)) => {
                        sources.extend(
                            packages
                                .split(',')
                                .filter_map(|package| spec::pypi(package.trim(), "uv run --with")),
                        );
                    }
                    // A project's own program, unless it is a script from elsewhere.
                    Word::Rest([script, ..]) if script.contains("://") => {
                        sources.extend(spec::pypi(script, "uv run"));
                    }
                    Word::Option(..) | Word::Rest(_) => {}
                }
            }
            sources
        }
        _ => Vec::new(),
    }
}

fn url_or_spec(words: &[String], runner: &str) -> Vec<Source> {
    let runner = format!("{} run", program(runner));
    let found =
        options::walk(words, |option| matches!(option, "-c" | "--config" | "--import-map" | "--lock"));
    let Some(Word::Rest([script, ..])) = found.last() else { return Vec::new() };
    if let Some(package) = script.strip_prefix("jsr:") {
        let at = package.rfind('@').filter(|at| *at > 0);
        let (name, version) = at
            .and_then(|at| Some((package.get(..at)?, package.get(at.saturating_add(1)..)?)))
            .unwrap_or((package, ""));
        let pin = if version.is_empty() { Pin::None } else { Pin::Range(version.to_owned()) };
        return vec![spec::registry(Ecosystem::Other, name, pin, &runner)];
    }
    let is_spec = script.starts_with("npm:") || script.contains("://");
    // `npm:name@1/bin` names a program in the package.
    if is_spec { spec::npm(script, &runner).into_iter().collect() } else { Vec::new() }
}

fn go(words: &[String]) -> Vec<Source> {
    let found = options::walk(words, |option| matches!(option, "-C" | "-tags" | "-ldflags" | "-exec"));
    let Some(Word::Rest([package, ..])) = found.last() else { return Vec::new() };
    let Some((name, version)) = package.split_once('@') else { return Vec::new() };
    let pin = match version {
        "latest" | "main" | "master" => Pin::None,
        exact => Pin::Exact(exact.to_owned()),
    };
    vec![spec::registry(Ecosystem::Other, name, pin, "go run")]
}

/// A package that lies in `node_modules`, by its path.
fn installed(step: &Step) -> Vec<Source> {
    let name = step.words.iter().take(4).find_map(|word| is_node_modules(word));
    name.map(|name| spec::registry(Ecosystem::Npm, &name, Pin::Installed, "node")).into_iter().collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::launch::spec::Package;

    fn packages(line: &str) -> Vec<(Ecosystem, String, Pin)> {
        let words = line.split(' ').map(str::to_owned).collect();
        let found = sources(&Step { words, ..Step::default() });
        found
            .into_iter()
            .map(|source| match source {
                Source::Registry(Package { ecosystem, name, pin, .. }) => (ecosystem, name, pin),
                Source::Remote { place, fixed, .. } => {
                    (Ecosystem::Other, place, if fixed { Pin::Installed } else { Pin::None })
                }
            })
            .collect()
    }

    fn one(line: &str) -> (Ecosystem, String, Pin) {
        let mut found = packages(line);
        assert_eq!(found.len(), 1, "{line}: {found:?}");
        found.remove(0)
    }

    #[test]
    fn every_runner_says_what_it_fetches() {
        let exact = |version: &str| Pin::Exact(version.to_owned());
        for (line, ecosystem, name, pin) in [
            ("npx -y @a/b /srv", Ecosystem::Npm, "@a/b", Pin::None),
            ("npx --yes --registry https://r.example a@1.0.0 --port 1", Ecosystem::Npm, "a", exact("1.0.0")),
            ("npx -p a@1.0.0 a-cli", Ecosystem::Npm, "a", exact("1.0.0")),
            ("npm exec -y -- a", Ecosystem::Npm, "a", Pin::None),
            ("pnpm dlx a", Ecosystem::Npm, "a", Pin::None),
            ("yarn dlx a@2.0.0", Ecosystem::Npm, "a", exact("2.0.0")),
            ("bunx --bun a", Ecosystem::Npm, "a", Pin::None),
            ("deno run -A npm:a@1.0.0", Ecosystem::Npm, "a", exact("1.0.0")),
            ("uvx a", Ecosystem::PyPi, "a", Pin::None),
            ("uvx --python 3.12 --from a==1.0 a-cli", Ecosystem::PyPi, "a", exact("1.0")),
            ("uv tool run a@1.0", Ecosystem::PyPi, "a", exact("1.0")),
            ("uv --directory /x run --with a==1.0 server.py", Ecosystem::PyPi, "a", exact("1.0")),
            ("pipx run --spec a==1.0 a-cli", Ecosystem::PyPi, "a", exact("1.0")),
            ("docker run -i --rm -e A mcp/git --x", Ecosystem::Container, "mcp/git", Pin::None),
            ("go run github.com/a/b@v1.0.0", Ecosystem::Other, "github.com/a/b", exact("v1.0.0")),
            ("node /srv/node_modules/@a/b/dist/index.js", Ecosystem::Npm, "@a/b", Pin::Installed),
        ] {
            assert_eq!(one(line), (ecosystem, name.to_owned(), pin), "{line}");
        }
    }

    #[test]
    fn what_is_on_this_machine_is_fetched_from_nowhere() {
        for line in [
            "node server.js",
            "python -m server",
            "uv run server.py",
            "uv --directory /x run srv",
            "/usr/bin/srv",
            "npx ./x",
            "uvx ./x",
        ] {
            assert_eq!(packages(line), [], "{line}");
        }
    }
}
