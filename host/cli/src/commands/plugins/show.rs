//! What there is: `list` and `info`.

use bartizan_installed::Entry;
use bartizan_kernel::CodeOrigin;
use bartizan_scan::Standing;

use super::{ask::written, standing::exit_of};
use crate::{
    args::Global,
    commands::table,
    exit::{Exit, Failure, warn},
    paths::Paths,
    repositories::{self, Repositories},
    session,
};

pub(super) fn list(global: &mut Global) -> Result<Exit, Failure> {
    let (config, paths) = session::configuration(global)?;
    let plugins = session::plugins(&config, paths.as_ref(), global, false)?;
    let mut listed = table::table(&["COMPONENT", "VERSION", "DOES", "FROM", "DIGEST"]);
    for standing in plugins.loaded() {
        let reference = standing.component.reference();
        listed.add_row([
            reference.name.clone(),
            reference.version.clone(),
            what_it_does(standing),
            origin(standing),
            reference.digest.short(),
        ]);
    }
    for entry in disabled(paths.as_ref()) {
        listed.add_row([
            entry.name.to_string(),
            entry.version.to_string(),
            "nothing: it is disabled".to_owned(),
            bartizan_model::printable(&entry.source),
            entry.sha256.short(),
        ]);
    }
    table::print(&listed);
    for problem in plugins.problems() {
        warn(problem, problem.advice());
    }
    Ok(exit_of(&plugins))
}

/// Where a component came from, as the user named it.
fn origin(standing: &Standing) -> String {
    match (&standing.entry, &standing.path) {
        (Some(entry), _) => bartizan_model::printable(&entry.source),
        (None, Some(path)) => path.display().to_string(),
        (None, None) => "this program".to_owned(),
    }
}

/// What is installed and not loaded, because the user switched it off.
fn disabled(paths: Option<&Paths>) -> Vec<Entry> {
    let installed = paths.and_then(|paths| paths.store().read().ok()).unwrap_or_default();
    installed.entries().iter().filter(|entry| !entry.enabled).cloned().collect()
}

pub(super) fn what_it_does(standing: &Standing) -> String {
    let mut parts = Vec::new();
    let component = &standing.component;
    if component.shape().judges() {
        parts.push(format!("{} rules", component.rules().count()));
    }
    if component.shape().reporter {
        let formats: Vec<&str> = component.formats().iter().map(|format| format.id.as_str()).collect();
        parts.push(format!("reports as {}", formats.join(", ")));
    }
    parts.join("; ")
}

pub(super) fn info(global: &mut Global, name: &str) -> Result<Exit, Failure> {
    let (config, paths) = session::configuration(global)?;
    let plugins = session::plugins(&config, paths.as_ref(), global, false)?;
    if let Some(problem) = plugins.problems().iter().find(|problem| problem.component == name) {
        let exit = if problem.is_refusal() { Exit::Refused } else { Exit::Incomplete };
        return Err(Failure::new(exit, problem, problem.advice()));
    }
    let standing = plugins
        .loaded()
        .iter()
        .find(|standing| standing.component.reference().name == name)
        .ok_or_else(|| {
            Failure::usage(format!("no component is called `{name}`"), "`bartizan plugins list` lists them")
        })?;
    let component = &standing.component;
    let (reference, claims) = (component.reference(), component.claims());
    let mut facts = table::table(&["", ""]);
    let mut fact = |what: &str, value: String| {
        facts.add_row([what.to_owned(), value]);
    };
    fact("component", format!("{} {}", reference.name, reference.version));
    fact("summary", bartizan_model::printable(component.summary()));
    fact("does", what_it_does(standing));
    fact("from", origin(standing));
    if let Some(path) = &standing.path {
        fact("lies in", path.display().to_string());
    }
    if let Some(entry) = &standing.entry {
        fact("installed", entry.installed.to_string());
        fact("signed by", format!("key {}", entry.signer));
        if let Some(note) = &entry.note {
            fact("let pass", bartizan_model::printable(note));
        }
    }
    fact("digest", format!("sha256:{}", reference.digest));
    fact("contract", format!("{} (spoken as {})", claims.contract, component.shape().contract.as_str()));
    fact("sequence", claims.sequence.to_string());
    fact("expires", claims.expires.map_or("never".to_owned(), |time| time.to_string()));
    let asked = written(&claims.everything_asked());
    fact("grants", if asked.is_empty() { "none: it can reach nothing".to_owned() } else { asked });
    let shape = component.shape();
    let mut exports = vec!["meta"];
    exports.extend(shape.rules.then_some("server-rules"));
    exports.extend(shape.drift.then_some("drift-rules"));
    exports.extend(shape.fleet.then_some("fleet-rules"));
    exports.extend(shape.reporter.then_some("reporter"));
    fact("exports", exports.join(", "));
    fact("imports", if shape.wasi { "wasi (empty)".to_owned() } else { "nothing".to_owned() });
    fact("source", claims.source.as_deref().map_or("not said".to_owned(), bartizan_model::printable));
    fact("licence", claims.license.clone().unwrap_or_else(|| "not said".to_owned()));
    fact(
        "code",
        match component.code_origin() {
            CodeOrigin::Ahead => "compiled ahead".to_owned(),
            CodeOrigin::Cache => "compiled by an earlier run".to_owned(),
            CodeOrigin::Compiled => "compiled just now".to_owned(),
        },
    );
    if !component.config_schema().is_empty() {
        fact("configuration", bartizan_model::printable(component.config_schema()));
    }
    table::print(&facts);
    if component.shape().judges() {
        let mut rules = table::table(&["RULE", "SEVERITY", "TITLE"]);
        for rule in component.rules() {
            rules.add_row([&rule.id, rule.severity.as_str(), &bartizan_model::printable(&rule.title)]);
        }
        table::print(&rules);
    }
    Ok(Exit::Clean)
}

/// Looks through every repository that is trusted.
pub(super) fn search(global: &mut Global, words: &[String]) -> Result<Exit, Failure> {
    session::configuration(global)?;
    let paths = super::standing::home()?;
    let known = Repositories::read(&paths)?;
    if known.repositories.is_empty() {
        return Err(Failure::usage(
            "no repository is trusted, so there is nowhere to search",
            "`bartizan trust repository NAME LOCATION --root root.json` makes one known",
        ));
    }
    let words: Vec<&str> = words.iter().map(String::as_str).collect();
    let mut listed = table::table(&["REPOSITORY", "COMPONENT", "VERSION", "SUMMARY", "ASKS FOR"]);
    let (mut found_any, mut exit) = (false, Exit::Clean);
    for name in known.repositories.keys() {
        let found = match repositories::open(&paths, name, None) {
            Ok(repository) => repository.search(&words),
            Err(failure) => {
                failure.tell();
                exit = Exit::from(&failure);
                continue;
            }
        };
        for (publisher, error) in &found.not_searched {
            warn(
                format!("repository `{name}`: what `{publisher}` lists was not searched: {error}"),
                error.advice(),
            );
            exit = Exit::Incomplete;
        }
        for entry in &found.entries {
            found_any = true;
            let limits = entry.limits.iter().map(|(limit, value)| format!("{limit}={value}"));
            let asks: Vec<String> = entry.grants.iter().cloned().chain(limits).collect();
            listed.add_row([
                name.clone(),
                entry.id.to_string(),
                entry.version.to_string(),
                entry.summary.as_deref().map_or(String::new(), bartizan_model::printable),
                bartizan_model::printable(&asks.join(", ")),
            ]);
        }
    }
    if found_any {
        table::print(&listed);
    } else if exit == Exit::Clean {
        crate::output::to_stdout(b"nothing found\n", false);
    }
    Ok(exit)
}
