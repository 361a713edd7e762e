//! Judges what changed in a server since it was approved.

use std::time::Instant;

use bartizan_kernel::{Question, Usage};
use bartizan_mcp::Listing;
use bartizan_model::{NotChecked, Server};
use bartizan_pins::ServerPin;
use rayon::prelude::*;

use crate::{Judgement, Plugins, Selection, judge::not_checked};

/// Asks every drift component, if the server presents anything otherwise than it was approved to. The order of lists does not
/// count, nor does how JSON is written.
pub fn drift(plugins: &Plugins, selection: &Selection, pin: &ServerPin, listing: &Listing) -> Judgement {
    let start = Instant::now();
    let mut judgement = Judgement::default();
    let present = ServerPin::of(&pin.name, &pin.target, listing, pin.approved.clone());
    if pin.presents_the_same(&present) {
        return judgement;
    }
    let server = &listing.server;
    // What was not heard must not look as if it had been taken away; nor must a server that lets one list hang go uncompared unseen.
    if let Some(missing) = listing.missing.first() {
        judgement.not_checked.push(NotChecked {
            what: format!(
                "what changed in server `{}` since it was approved",
                bartizan_model::printable(&pin.name)
            ),
            component: None,
            code: missing.code.clone(),
            why: format!("`{}` was not heard, and a part is compared with nothing", missing.what),
        });
        return judgement;
    }
    let pinned = match pin.server(server) {
        Ok(pinned) => pinned,
        Err(why) => {
            judgement.not_checked.push(NotChecked {
                what: format!("what changed in server `{}`", bartizan_model::printable(&pin.name)),
                component: None,
                code: "malformed-pin".to_owned(),
                why,
            });
            return judgement;
        }
    };
    compare(plugins, selection, &pinned, server, judgement, start)
}

/// As [`drift`], from what the server presented first to what it presented later in the same session.
pub fn drift_within(plugins: &Plugins, selection: &Selection, listing: &Listing) -> Judgement {
    match &listing.earlier {
        Some(earlier) => {
            compare(plugins, selection, earlier, &listing.server, Judgement::default(), Instant::now())
        }
        None => Judgement::default(),
    }
}

fn compare(
    plugins: &Plugins,
    selection: &Selection,
    pinned: &Server,
    server: &Server,
    mut judgement: Judgement,
    start: Instant,
) -> Judgement {
    let asked: Vec<_> = plugins
        .loaded()
        .iter()
        .map(|standing| (&standing.component, selection.enabled(standing, Question::Drift)))
        .filter(|(_, enabled)| !enabled.is_empty())
        .collect();
    let answers: Vec<_> = asked
        .par_iter()
        .map(|(component, enabled)| {
            (enabled, component.compare(pinned, server, enabled, &mut Usage::default()))
        })
        .collect();
    judgement.calls = answers.len() as u64;
    for (enabled, answer) in answers {
        match answer {
            Ok(findings) => judgement.findings.extend(findings),
            Err(failure) => judgement.not_checked.push(not_checked(enabled, server, &failure)),
        }
    }
    judgement.took = start.elapsed();
    judgement
}
