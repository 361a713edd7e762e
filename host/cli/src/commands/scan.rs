//! `bartizan scan`

use std::time::Instant;

use bartizan_model::{NotChecked, Severity};
use bartizan_scan::{ReportBuilder, Selection, judge};

use super::reach;
use crate::{
    args::{Global, Scan},
    exit::{Exit, Failure, warn},
    output,
    progress::Progress,
    session::{self, Interrupt},
};

pub(crate) fn run(global: &mut Global, mut args: Scan) -> Result<Exit, Failure> {
    let start = Instant::now();
    let interrupt = Interrupt::listen();
    let (config, paths) = session::configuration(global)?;
    config.scan.fill(&mut args.reach);
    let no_plugins = args.no_plugins || (config.scan.no_plugins && args.plugins.is_empty());
    let sources = reach::sources(&args.reach)?;
    let progress = Progress::start(global);
    let options = reach::options(&args.reach, &config, &interrupt, &progress)?;

    progress.stage("loading components");
    let plugins = session::plugins(&config, paths.as_ref(), global, no_plugins)?;
    interrupt.also_set(plugins.interrupt_flag());
    let or = |given: Vec<String>, configured: &Vec<String>| {
        if given.is_empty() { configured.clone() } else { given }
    };
    let selection = Selection::new(
        &plugins,
        &if no_plugins { Vec::new() } else { or(args.plugins, &config.scan.plugins) },
        &or(args.rules, &config.scan.rules),
        &or(args.exclude, &config.scan.exclude),
    )
    .map_err(|error| {
        Failure::usage(error, "`bartizan rules` lists the rules, `bartizan plugins list` the components")
    })?;
    let default_format = config.scan.format.as_deref().unwrap_or("text");
    let outputs = output::pair(&args.formats, &args.outputs, default_format, &plugins)?;
    for problem in plugins.problems() {
        progress.finish();
        warn(problem, problem.advice());
    }

    let mut report = ReportBuilder::new(env!("CARGO_PKG_VERSION"), &plugins, &selection);
    let only_one = sources.len() == 1;
    for source in &sources {
        let name = source.name();
        if interrupt.happened() {
            report.add_not_checked(NotChecked {
                what: format!("server `{}`", bartizan_model::printable(&name)),
                component: None,
                code: "interrupted".to_owned(),
                why: "the run was interrupted before it was looked at".to_owned(),
            });
            continue;
        }
        progress.server(&name);
        let (listing, took) = source.listing(&options);
        match listing {
            Ok(listing) => {
                progress.stage("judging");
                let judgement = judge(&plugins, &selection, &listing.server);
                report.add(&name, &listing, judgement, took);
            }
            Err(silent) if silent.is_usage && only_one => {
                progress.finish();
                return Err(Failure::usage(
                    silent.why,
                    "name a file that `bartizan snapshot` wrote, a `tools/list` result, or an array of tools",
                ));
            }
            Err(silent) => report.add_silent(&name, silent.transport, silent.code, silent.why, took),
        }
    }
    progress.finish();

    let report = report.finish(start.elapsed());
    let all_written = output::write_all(&report, &outputs, &plugins, global);
    let fail_on = args.fail_on.or(config.scan.fail_on).unwrap_or(Severity::High);
    let refused = plugins.problems().iter().any(bartizan_scan::Problem::is_refusal);
    let exit = Exit::of(&report, fail_on, refused, interrupt.happened());
    Ok(if exit == Exit::Clean && !all_written { Exit::Incomplete } else { exit })
}
