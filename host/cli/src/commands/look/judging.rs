//! Which rules judge, and what is made of what they find.

use std::fs;

use bartizan_model::{Report, Severity};
use bartizan_scan::{Baseline, Plugins, ResultCache, Selection, Triage};

use super::{Plan, today};
use crate::{
    args::{Global, Judging, Profile},
    config::Config,
    exit::{Failure, warn},
    paths::Paths,
};

/// Whether components of folders are left out.
pub(crate) fn no_plugins(judging: &Judging, config: &Config) -> bool {
    judging.no_plugins || (config.scan.no_plugins && judging.plugins.is_empty())
}

/// How much to look at.
pub(crate) fn profile(judging: &Judging, config: &Config) -> Profile {
    judging.profile.or(config.scan.profile).unwrap_or_default()
}

/// The rules that are asked.
pub(crate) fn selection(judging: &Judging, config: &Config, plugins: &Plugins) -> Result<Selection, Failure> {
    let or = |given: &Vec<String>, configured: &Vec<String>| {
        if given.is_empty() { configured.clone() } else { given.clone() }
    };
    let names =
        if no_plugins(judging, config) { Vec::new() } else { or(&judging.plugins, &config.scan.plugins) };
    let mut exclude = or(&judging.exclude, &config.scan.exclude);
    // A rule that is named on the command line is wanted, whatever the configuration thinks of it.
    exclude.extend(config.rules_off.iter().filter(|rule| !judging.rules.contains(rule)).cloned());
    let least = (profile(judging, config) == Profile::Quick).then_some(Severity::Medium);
    Selection::new(plugins, &names, &or(&judging.rules, &config.scan.rules), &exclude)
        .and_then(|selection| selection.at_least(plugins, least))
        .map_err(|error| {
            Failure::usage(error, "`bartizan rules` lists the rules, `bartizan plugins list` the components")
        })
}

/// What is made of findings.
pub(crate) fn triage(
    judging: &Judging,
    config: &Config,
    plan: &Plan,
    global: &Global,
) -> Result<Triage, Failure> {
    let path = judging.baseline.as_ref().or(config.scan.baseline.as_ref());
    let baseline = path
        .map(|path| Baseline::read(path))
        .transpose()
        .map_err(|error| Failure::usage(error, "--save-baseline writes one"))?;
    let mut suppressions = config.suppressions.clone();
    for ignore in &plan.inline {
        let beside: Vec<(u32, String)> = plan
            .sources
            .iter()
            .filter_map(|source| source.entry.as_ref())
            .filter(|entry| entry.file == ignore.file)
            .map(|entry| (entry.line, entry.name.clone()))
            .collect();
        match ignore.suppression(&beside) {
            Ok(suppression) => suppressions.push(suppression),
            Err(why) if !global.quiet => {
                warn(why, "write `// bartizan: ignore RULE-ID reason` above or in the entry of a server");
            }
            Err(_) => {}
        }
    }
    Ok(Triage {
        severities: config.severities.clone(),
        suppressions,
        baseline,
        min_severity: judging.min_severity.or(config.scan.min_severity),
        min_confidence: judging.min_confidence.or(config.scan.min_confidence),
        today: today(),
    })
}

/// What was answered before.
pub(crate) fn cache(
    judging: &Judging,
    config: &Config,
    paths: Option<&Paths>,
    global: &Global,
) -> Option<ResultCache> {
    if judging.no_cache || config.scan.no_cache {
        return None;
    }
    let folder = paths?.result_cache();
    match ResultCache::open(&folder) {
        Ok(cache) => Some(cache),
        Err(error) => {
            if !global.quiet {
                warn(
                    format!("results are not kept in `{}`: {error}", folder.display()),
                    "free some space, or make the folder yours alone; until then every server is judged anew",
                );
            }
            None
        }
    }
}

/// Saves the baseline that was asked for. Gives false if that failed.
pub(crate) fn save_baseline(judging: &Judging, report: &Report) -> bool {
    let Some(path) = &judging.save_baseline else { return true };
    match fs::write(path, Baseline::to_json(report)) {
        Ok(()) => true,
        Err(error) => {
            warn(
                format!("cannot write the baseline `{}`: {error}", path.display()),
                "check the folder and the free space",
            );
            false
        }
    }
}

/// Tells what the reader should know of the run, beside what the reporter makes of it.
pub(crate) fn tell_notices(report: &Report, global: &Global) {
    if global.quiet {
        return;
    }
    for notice in report.notices.iter().filter(|notice| notice.code.starts_with("suppression")) {
        warn(format!("{}: {}", notice.what, notice.why), "look at it again, and remove or renew it");
    }
}
