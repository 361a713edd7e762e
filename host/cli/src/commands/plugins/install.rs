//! `install` and `update`.

use std::collections::BTreeMap;

use bartizan_install::{Decision, Place, Proposal, Source};
use bartizan_installed::{Installed, LockFile};
use bartizan_model::Rule;
use bartizan_registry::{Claims, Refusal, SignedComponent, Verifier};
use bartizan_scan::Plugins;

use super::{
    ask,
    obtain::{self, Obtained},
    standing::{home, lock_path, name, state},
};
use crate::{
    args::{BundleInstall, Global, Install, Update},
    commands::bundle,
    config::Config,
    exit::{Exit, Failure},
    output::to_stdout,
    paths::Paths,
    progress::Progress,
    session::{self, LOCK_FILE},
};

pub(super) fn run(global: &mut Global, args: &Install) -> Result<Exit, Failure> {
    let ((config, _), paths) = (session::configuration(global)?, home()?);
    let locked = global.locked || config.locked;
    if locked && args.source.is_empty() {
        return install_pinned(global, &config, &paths, args);
    }
    let source = Source::parse(&args.source)
        .map_err(|error| Failure::usage(error, "`bartizan plugins install --help` shows one of each kind"))?;
    if let Source::File(path) = &source
        && let Some(bytes) = obtain::is_bundle(path)?
    {
        let args = BundleInstall { install: args.clone(), ..BundleInstall::default() };
        return bundle::install(global, &config, &paths, &bytes, &source.written(), &args);
    }
    let obtained = obtain::from(&source, global, &paths, None)?;
    install(global, &config, &paths, vec![obtained], args)
}

/// Everything that the lock file pins, from where it was.
fn install_pinned(global: &Global, config: &Config, paths: &Paths, args: &Install) -> Result<Exit, Failure> {
    let lock = the_lock()?;
    let mut obtained = Vec::new();
    let there = paths.store().read().map_err(state)?;
    for pin in lock.pins() {
        if there.get(&pin.name).is_some_and(|entry| entry.sha256 == pin.sha256) {
            continue;
        }
        let source = Source::read(&pin.source).map_err(|error| {
            Failure::new(
                Exit::Refused,
                format!("`{}` is pinned from `{}`, which is no source: {error}", pin.name, pin.source),
                format!("repair {LOCK_FILE}"),
            )
        })?;
        obtained.push(obtain::from(&source, global, paths, Some(pin))?);
    }
    if obtained.is_empty() {
        to_stdout(b"everything that is pinned is installed\n", false);
        return Ok(Exit::Clean);
    }
    install(global, config, paths, obtained, args)
}

fn the_lock() -> Result<LockFile, Failure> {
    session::lock_file()?.ok_or_else(|| {
        Failure::usage(format!("--locked, but there is no `{LOCK_FILE}` here"), "go to the project's folder")
    })
}

pub(crate) fn install(
    global: &Global,
    config: &Config,
    paths: &Paths,
    obtained: Vec<Obtained>,
    args: &Install,
) -> Result<Exit, Failure> {
    let locked = if global.locked || config.locked { Some(the_lock()?) } else { None };
    let installed = paths.store().read().map_err(state)?;
    let sources = session::sources(config, Some(paths), global.quiet)?;
    let mut verifier = Verifier::new(sources.trust, sources.ratchet);
    let mut decisions = Vec::new();
    for Obtained { signed, source, note } in obtained {
        let proposal = propose(signed, source, &mut verifier, &installed, &args.allow_older)?.noting(note);
        if let Some(lock) = &locked {
            must_be_pinned(&proposal, lock)?;
        }
        if proposal.is_installed() && proposal.asks_anew() == bartizan_registry::Granted::default() {
            let claims = proposal.claims();
            to_stdout(format!("{} {} is installed already\n", claims.id, claims.version).as_bytes(), false);
            if lock_path().is_none() {
                continue;
            }
            // Only to be pinned.
        } else if !global.quiet {
            ask::show(&proposal);
        }
        // What a lock file pins was granted by whoever committed it.
        let pinned = locked.as_ref().and_then(|lock| lock.get(&proposal.claims().id));
        let mut words = args.grants.clone();
        if let Some(pin) = pinned {
            words.extend(pin.grants.iter().map(|grant| grant.to_string()));
            words.extend(pin.limits.words());
        }
        let granted = ask::granted(&proposal, &words, global.quiet)?;
        decisions.push(Decision { proposal, granted });
    }
    if decisions.is_empty() {
        return Ok(Exit::Clean);
    }
    let done: Vec<String> = decisions
        .iter()
        .filter(|decision| !decision.proposal.is_installed())
        .map(|decision| {
            format!("installed {} {}\n", decision.proposal.claims().id, decision.proposal.claims().version)
        })
        .collect();
    carry_out(global, config, paths, decisions, &args.allow_older)?;
    to_stdout(done.concat().as_bytes(), false);
    Ok(Exit::Clean)
}

fn must_be_pinned(proposal: &Proposal, lock: &LockFile) -> Result<(), Failure> {
    let name = &proposal.claims().id;
    if lock.get(name).is_some_and(|pin| proposal.is_as_pinned(pin)) {
        return Ok(());
    }
    let why = match lock.get(name) {
        Some(pin) => format!("sha256:{} is pinned", pin.sha256),
        None => "it is not pinned".to_owned(),
    };
    Err(Failure::new(
        Exit::Refused,
        format!("refused to install `{name}`: {why}, and sha256:{} was offered", proposal.digest()),
        "without --locked it is installed and pinned anew",
    ))
}

fn propose(
    signed: SignedComponent,
    source: String,
    verifier: &mut Verifier,
    installed: &Installed,
    older: &[String],
) -> Result<Proposal, Failure> {
    let claimed = signed.claimed().ok();
    let shown = claimed.as_ref().map_or_else(|| source.clone(), |claims| claims.id.to_string());
    // An older one comes back only for who names it: then, and for it alone, what was seen before does not count.
    let named = claimed.is_some_and(|claims| older.iter().any(|name| *name == claims.id.as_str()));
    let proposal = if named {
        let unknowing = Verifier::new(verifier.trust().clone(), bartizan_registry::Ratchet::in_memory());
        Proposal::of(signed, source, &unknowing, installed)
    } else {
        Proposal::of(signed, source, verifier, installed)
    };
    proposal.map_err(|refusal| refused(&shown, &refusal))
}

fn refused(component: &str, refusal: &Refusal) -> Failure {
    let advice = match refusal {
        Refusal::RolledBack { .. } => {
            format!("if you do want the older one, say so: `--allow-older {component}`")
        }
        other => other.advice(),
    };
    Failure::new(Exit::Refused, format!("refused to install `{component}`: {refusal}"), advice)
}

/// Loads what was decided together with all that is there, shows what changes, and puts it into place.
fn carry_out(
    global: &Global,
    config: &Config,
    paths: &Paths,
    decisions: Vec<Decision>,
    older: &[String],
) -> Result<(), Failure> {
    let place = Place {
        store: paths.store(),
        ratchet: paths.ratchet(),
        lock: lock_path().map(std::path::Path::to_owned),
        older: older.iter().map(|text| name(text)).collect::<Result<_, _>>()?,
    };
    let before = if decisions.iter().any(|decision| decision.proposal.before().is_some()) {
        Some(rules_of(&session::load(session::sources(config, Some(paths), true)?, true)?))
    } else {
        None
    };
    let names: Vec<String> =
        decisions.iter().map(|decision| decision.proposal.claims().id.to_string()).collect();
    let sources = session::sources(config, Some(paths), global.quiet)?;
    let progress = Progress::start(global);
    progress.stage("compiling, and loading beside what is there");
    let done = bartizan_install::install(
        decisions,
        &place,
        |incoming| Plugins::load(bartizan_scan::Sources { incoming, ..sources }),
        |plugins| {
            progress.finish();
            if let (Some(before), false) = (&before, global.quiet) {
                show_changes(before, &rules_of(plugins), &names);
            }
        },
    );
    progress.finish();
    done.map_err(|error| {
        let exit = if error.is_refusal() { Exit::Refused } else { Exit::Incomplete };
        Failure::new(exit, &error, error.advice())
    })
}

/// The rules of each component.
fn rules_of(plugins: &Plugins) -> BTreeMap<String, Vec<Rule>> {
    let of = |standing: &bartizan_scan::Standing| {
        (standing.component.reference().name.clone(), standing.component.rules().cloned().collect::<Vec<_>>())
    };
    plugins.loaded().iter().map(of).collect()
}

fn show_changes(before: &BTreeMap<String, Vec<Rule>>, after: &BTreeMap<String, Vec<Rule>>, names: &[String]) {
    let none = Vec::new();
    for name in names {
        let (old, new) = (before.get(name).unwrap_or(&none), after.get(name).unwrap_or(&none));
        for rule in new {
            match old.iter().find(|known| known.id == rule.id) {
                None => eprintln!(
                    "  + {} {} ({})",
                    rule.id,
                    bartizan_model::printable(&rule.title),
                    rule.severity.as_str()
                ),
                Some(known) if known.severity != rule.severity => {
                    eprintln!("  ~ {} {} -> {}", rule.id, known.severity.as_str(), rule.severity.as_str());
                }
                Some(_) => {}
            }
        }
        for rule in old.iter().filter(|rule| !new.iter().any(|one| one.id == rule.id)) {
            eprintln!("  - {} {}", rule.id, bartizan_model::printable(&rule.title));
        }
    }
}

/// Looks again where each component came from, and installs what is newer there.
pub(super) fn update(global: &mut Global, args: &Update) -> Result<Exit, Failure> {
    let ((config, _), paths) = (session::configuration(global)?, home()?);
    let installed = paths.store().read().map_err(state)?;
    let wanted = args.names.iter().map(|text| name(text)).collect::<Result<Vec<_>, _>>()?;
    if let Some(unknown) = wanted.iter().find(|name| installed.get(name).is_none()) {
        return Err(Failure::usage(
            format!("`{unknown}` is not installed"),
            "`bartizan plugins list` lists what there is",
        ));
    }
    let mut obtained = Vec::new();
    let mut exit = Exit::Clean;
    for entry in installed.entries().iter().filter(|entry| wanted.is_empty() || wanted.contains(&entry.name))
    {
        let found = Source::read(&entry.source)
            .map_err(|error| Failure::usage(error, "install it again"))
            .and_then(|source| obtain::from(&source, global, &paths, None));
        match found {
            Ok(one) => {
                let newer = |claims: Claims| claims.id == entry.name && claims.version > entry.version;
                if one.signed.digest() != entry.sha256 && one.signed.claimed().is_ok_and(newer) {
                    obtained.push(one);
                }
            }
            Err(failure) => {
                failure.tell();
                exit = Exit::from(&failure);
            }
        }
    }
    if obtained.is_empty() {
        to_stdout(b"nothing newer was found\n", false);
        return Ok(exit);
    }
    let install_args = Install { grants: args.grants.clone(), ..Install::default() };
    let done = install(global, &config, &paths, obtained, &install_args)?;
    Ok(if exit == Exit::Clean { done } else { exit })
}
