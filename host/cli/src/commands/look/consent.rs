//! Starting somebody's server is an act of trust: what would be started is shown, and asked.

use std::io::{BufRead as _, IsTerminal as _, Write as _};

use bartizan_model::{NotChecked, Notice};

use super::{Kind, Plan, Source};
use crate::{
    args::{Consent, Global},
    commands::table,
    exit::Failure,
};

/// Shows what configurations would have started or reached, and asks; or takes it out of the plan.
pub(crate) fn ask(plan: &mut Plan, consent: &Consent, global: &Global) -> Result<(), Failure> {
    let is_configured = |source: &Source| source.entry.is_some() && matches!(source.kind, Kind::Live(_));
    if consent.no_start {
        for source in plan.sources.iter_mut().filter(|source| matches!(source.kind, Kind::Live(_))) {
            let what = format!("server `{}`", bartizan_model::printable(&source.label()));
            let code = "not-started".to_owned();
            if source.entry.is_some() {
                let why = "--no-start: only how it is configured was judged".to_owned();
                plan.notices.push(Notice { code, what, why });
            } else {
                // It has no configuration: nothing of what was asked was done.
                let why = "--no-start: it was named, and nothing of it was judged".to_owned();
                plan.not_checked.push(NotChecked { what, component: None, code, why });
            }
            source.kind = Kind::Configured;
        }
        return Ok(());
    }
    let asked: Vec<&Source> = plan.sources.iter().filter(|source| is_configured(source)).collect();
    if asked.is_empty() || consent.yes {
        return Ok(());
    }
    show(&asked);
    let can_ask = can_ask(global);
    if can_ask && yes(&format!("Start or reach {}?", counted(asked.len()))) {
        return Ok(());
    }
    if can_ask {
        return Err(Failure::usage(
            "nothing was started",
            "--no-start judges how servers are configured without starting them",
        ));
    }
    Err(Failure::usage(
        format!(
            "a configuration names {} to start or reach, and nobody is here to ask",
            counted(asked.len())
        ),
        "add --yes if you trust it, or --no-start to judge the configuration alone",
    ))
}

fn counted(count: usize) -> String {
    if count == 1 { "one server".to_owned() } else { format!("{count} servers") }
}

/// On stderr, without credentials.
fn show(sources: &[&Source]) {
    let mut rows = table::table(&["SERVER", "CLIENT", "WOULD START OR REACH"]);
    for source in sources {
        let client = source.entry.as_ref().map(|entry| entry.client).unwrap_or_default();
        let target = bartizan_model::truncate_chars(&bartizan_model::printable(&source.target()), 200);
        let name = bartizan_model::truncate_chars(&bartizan_model::printable(&source.label()), 60);
        rows.add_row([name, client.to_owned(), target]);
    }
    eprint!("{}", table::text(&rows));
}

/// Whether somebody is there to ask.
pub(crate) fn can_ask(global: &Global) -> bool {
    !global.quiet && std::io::stdin().is_terminal() && std::io::stderr().is_terminal()
}

/// Asks on the terminal. Anything but a plain yes is a no.
pub(crate) fn yes(question: &str) -> bool {
    eprint!("{question} [y/N] ");
    let _ = std::io::stderr().flush();
    let mut answer = String::new();
    std::io::stdin().lock().read_line(&mut answer).is_ok()
        && matches!(answer.trim().to_ascii_lowercase().as_str(), "y" | "yes")
}
