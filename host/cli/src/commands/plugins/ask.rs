//! What a component asks for, shown, and the answer.

use std::io::IsTerminal as _;

use bartizan_install::Proposal;
use bartizan_registry::Granted;

use crate::{
    commands::{look::consent, table},
    exit::{Exit, Failure},
};

/// Shows on stderr who made it, what it is and what it asks for.
pub(super) fn show(proposal: &Proposal) {
    let claims = proposal.claims();
    let mut facts = table::table(&["", ""]);
    let mut fact = |what: &str, value: String| {
        facts.add_row([what.to_owned(), value]);
    };
    fact("component", format!("{} {}", claims.id, claims.version));
    if let Some(before) = proposal.before() {
        fact("replaces", format!("{} (sha256:{})", before.version, before.sha256.short()));
    }
    fact("publisher", format!("{}, key {}", claims.id.publisher(), proposal.key()));
    fact("digest", format!("sha256:{}", proposal.digest()));
    fact("from", bartizan_model::printable(proposal.source()));
    let licence = claims.license.as_deref().unwrap_or("not said");
    fact("licence", bartizan_model::truncate_chars(&bartizan_model::printable(licence), 100));
    if let Some(expires) = claims.expires {
        fact("expires", expires.to_string());
    }
    let asks = written(&claims.everything_asked());
    fact("asks for", if asks.is_empty() { "nothing: it can reach nothing".to_owned() } else { asks });
    eprint!("{}", table::text(&facts));
}

/// What is asked for, as `--grant` takes it.
pub(super) fn written(granted: &Granted) -> String {
    let mut words: Vec<String> = granted.grants.iter().map(|grant| grant.to_string()).collect();
    if !granted.limits.is_empty() {
        words.push(granted.limits.to_string());
    }
    words.join(", ")
}

/// What the user gives: by `--grant`, by what was given before, and by an answer on a terminal.
pub(super) fn granted(proposal: &Proposal, words: &[String], quiet: bool) -> Result<Granted, Failure> {
    let asked = proposal.claims().everything_asked();
    let given = bartizan_install::parse_grants(words, &asked).map_err(|error| {
        Failure::usage(error, "write `--grant wasi`, `--grant memory=64MiB` or `--grant all`")
    })?;
    let anew = proposal.asks_anew();
    let covered = anew.grants.iter().all(|grant| given.grants.has(grant)) && anew.limits.fits(&given.limits);
    if covered || (anew == Granted::default()) {
        return Ok(asked);
    }
    let name = &proposal.claims().id;
    let question = format!("{name} asks for {}", written(&anew));
    if !quiet
        && std::io::stdin().is_terminal()
        && std::io::stderr().is_terminal()
        && consent::yes(&format!("{question}. Grant it?"))
    {
        return Ok(asked);
    }
    Err(Failure::new(
        Exit::Refused,
        format!("refused to install `{name}`: it asks for {}, which it was not given", written(&anew)),
        format!(
            "docs/sandbox.md says what each is; give it with `{}`",
            written(&anew).split(", ").map(|word| format!("--grant {word}")).collect::<Vec<_>>().join(" ")
        ),
    ))
}
