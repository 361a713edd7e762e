//! Asks every rule component about one server.

use std::time::{Duration, Instant};

use bartizan_model::{Finding, NotChecked, Server};
use rayon::prelude::*;

use crate::{Plugins, Selection};

/// What the components said of one server.
#[derive(Debug, Default)]
pub struct Judgement {
    /// In no particular order.
    pub findings: Vec<Finding>,
    /// Components that failed, and what was not checked for it.
    pub not_checked: Vec<NotChecked>,
    /// Calls into components.
    pub calls: u64,
    /// Wall time.
    pub took: Duration,
}

/// Asks every selected component, in parallel, each in an instance of its own. One that fails takes nothing with it
/// but its own answer, and is named.
pub fn judge(plugins: &Plugins, selection: &Selection, server: &Server) -> Judgement {
    let start = Instant::now();
    let asked: Vec<_> = plugins
        .loaded()
        .iter()
        .map(|standing| (&standing.component, selection.enabled(standing)))
        .filter(|(_, enabled)| !enabled.is_empty())
        .collect();
    let answers: Vec<_> = asked
        .par_iter()
        .map(|(component, enabled)| (component, enabled, component.check(server, enabled)))
        .collect();

    let mut judgement = Judgement { calls: answers.len() as u64, ..Judgement::default() };
    for (component, enabled, answer) in answers {
        match answer {
            Ok(findings) => judgement.findings.extend(findings),
            Err(failure) => judgement.not_checked.push(NotChecked {
                what: format!(
                    "{} on server `{}`",
                    enabled.join(", "),
                    bartizan_model::printable(&server.name)
                ),
                component: Some(component.reference().name.clone()),
                code: failure.kind.code().to_owned(),
                why: failure.to_string(),
            }),
        }
    }
    judgement.took = start.elapsed();
    judgement
}
