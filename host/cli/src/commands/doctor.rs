//! `bartizan doctor`

use bartizan_sandbox::{Launcher, probe_machine};
use bartizan_scan::canaries;

use super::table;
use crate::{
    args::{Global, SANDBOX},
    exit::{Exit, Failure, warn},
    session,
};

pub(crate) fn run(global: &mut Global) -> Result<Exit, Failure> {
    let (config, paths) = session::configuration(global)?;
    let plugins = session::plugins(&config, paths.as_ref(), global, false)?;

    let mut places = table::table(&["", ""]);
    places.add_row(["bartizan".to_owned(), env!("CARGO_PKG_VERSION").to_owned()]);
    places.add_row(["wasmtime".to_owned(), bartizan_kernel::runtime_version().to_owned()]);
    match &paths {
        Some(paths) => {
            places.add_row([
                "configuration".to_owned(),
                paths.config.join("config.toml").display().to_string(),
            ]);
            places.add_row(["trusted keys".to_owned(), paths.trust().display().to_string()]);
            places.add_row(["components".to_owned(), paths.plugins().display().to_string()]);
            places.add_row(["compiled code".to_owned(), paths.code_cache().display().to_string()]);
            places.add_row(["results".to_owned(), paths.result_cache().display().to_string()]);
            places.add_row(["seen versions".to_owned(), paths.ratchet().display().to_string()]);
        }
        None => {
            places.add_row([
                "home".to_owned(),
                "none: nothing is kept, and nobody is trusted but us".to_owned(),
            ]);
        }
    }
    table::print(&places);

    sandbox();

    let mut listed = table::table(&["COMPONENT", "ASKED", "", "ANSWER", "TIME"]);
    let mut all_well = true;
    for canary in canaries(&plugins) {
        let (mark, text) = match &canary.outcome {
            Ok(text) => ("ok", text.clone()),
            Err(why) => {
                all_well = false;
                ("FAILED", bartizan_model::printable(why))
            }
        };
        let took = format!("{:.1} ms", canary.took.as_secs_f64() * 1000.0);
        listed.add_row([canary.component, canary.asked, mark.to_owned(), text, took]);
    }
    table::print(&listed);
    for problem in plugins.problems() {
        warn(problem, problem.advice());
    }
    Ok(if plugins.problems().iter().any(bartizan_scan::Problem::is_refusal) {
        Exit::Refused
    } else if all_well && plugins.problems().is_empty() {
        Exit::Clean
    } else {
        Exit::Incomplete
    })
}

/// What this machine can hold a server to.
fn sandbox() {
    let enforced = Launcher::this_program([SANDBOX]).and_then(|launcher| probe_machine(&launcher));
    match enforced {
        Ok(enforced) => {
            let mut promises = table::table(&["SANDBOX", ""]);
            for (promise, outcome) in &enforced.promises {
                promises
                    .add_row([promise.code().to_owned(), bartizan_model::printable(&outcome.to_string())]);
            }
            table::print(&promises);
        }
        Err(error) => warn(format!("servers cannot be confined here: {error}"), error.advice()),
    }
}

/// What can be tried beyond listing.
pub(crate) fn probes() -> Exit {
    let mut listed = table::table(&["PROBE", "IN --probe", "WHAT IT SENDS"]);
    for info in bartizan_mcp::probes() {
        let in_all = if info.in_all { "yes" } else { "by name" };
        listed.add_row([info.name, in_all, info.what]);
    }
    table::print(&listed);
    Exit::Clean
}
