//! `bartizan scan` and `bartizan multi-scan`

use std::{num::NonZeroUsize, thread, time::Instant};

use bartizan_model::Severity;
use bartizan_pins::PinFile;
use bartizan_scan::{Judge, Problem};

use super::look::{
    self, Confinement, Judges, Manner, Plan, consent,
    judging::{self, cache, profile, selection, triage},
    reach,
};
use crate::{
    args::{Consent, Global, Judging, MultiScan, Reach, Scan},
    exit::{Exit, Failure, warn},
    output,
    progress::Progress,
    session::{self, Interrupt, LOCK_FILE},
};

/// At once, at least: a server that starts mostly waits.
const LEAST: usize = 4;

/// How many servers, in what way.
#[derive(Debug, Default)]
struct Many {
    servers: Vec<String>,
    is_multi: bool,
    parallel: bool,
    concurrency: Option<usize>,
    fail_fast: bool,
    cross_server: Option<bool>,
}

pub(crate) fn run(global: &mut Global, args: Scan) -> Result<Exit, Failure> {
    let Scan { reach, consent, judging } = args;
    scan(global, reach, &consent, &judging, &Many::default())
}

pub(crate) fn run_multi(global: &mut Global, args: MultiScan) -> Result<Exit, Failure> {
    let MultiScan { mut reach, servers, parallel, concurrency, fail_fast, cross_server, consent, judging } =
        args;
    // `multi-scan --config servers.toml`: the list of servers, and not our own configuration.
    if let Some(path) = global.config.take_if(|path| {
        bartizan_clients::kind_of(path).is_ok_and(|kind| kind == bartizan_clients::Kind::ServerList)
    }) {
        reach.targets.insert(0, path.to_string_lossy().into_owned());
    }
    let many = Many {
        servers,
        is_multi: true,
        parallel,
        concurrency: concurrency.map(usize::from),
        fail_fast,
        cross_server,
    };
    scan(global, reach, &consent, &judging, &many)
}

fn scan(
    global: &mut Global,
    mut reach: Reach,
    consent: &Consent,
    judging: &Judging,
    many: &Many,
) -> Result<Exit, Failure> {
    let start = Instant::now();
    let interrupt = Interrupt::listen();
    let (config, paths) = session::configuration(global)?;
    config.scan.fill(&mut reach);
    let mut plan = reach::plan(&reach, consent)?;
    for server in &many.servers {
        plan.sources.push(reach::named(server, &reach)?);
    }
    if plan.sources.is_empty() && plan.not_checked.is_empty() {
        return Err(reach::nothing(consent));
    }
    consent::ask(&mut plan, consent, global)?;

    let progress = Progress::start(global);
    let profile = profile(judging, &config);
    let mut options = reach::options(&reach, profile, &config, &interrupt, &progress)?;
    if let (Some(timeout), None) = (plan.options.timeout_per_server, &reach.timeout) {
        options.timeout = timeout;
    }
    if !options.probe.is_empty() && !global.quiet {
        let wanted = bartizan_mcp::probes().iter().filter(|info| options.probe.has(info.probe));
        let names: Vec<&str> = wanted.map(|info| info.name).collect();
        eprintln!("probes: {} (`bartizan doctor --probes` says what each sends)", names.join(", "));
    }
    let confinement = Confinement::new(&reach.confine, paths.as_ref().map(|paths| paths.cache.as_path()))?;

    progress.stage("loading components");
    let no_plugins = judging::no_plugins(judging, &config);
    let plugins = session::plugins(&config, paths.as_ref(), global, no_plugins)?;
    interrupt.also_set(plugins.interrupt_flag());
    // First: a rule that was asked for may be missing because its component was refused.
    for problem in plugins.problems() {
        progress.finish();
        warn(problem, problem.advice());
    }
    let selection = selection(judging, &config, &plugins)?;
    let triage = triage(judging, &config, &plan, global)?;
    let default_format = config.scan.format.as_deref().unwrap_or("text");
    let outputs = output::pair(&judging.formats, &judging.outputs, default_format, &plugins)?;
    let pins = PinFile::read(LOCK_FILE.as_ref()).map_err(|error| {
        Failure::new(Exit::Refused, error, "repair it, or take it from version control again")
    })?;
    let cache = cache(judging, &config, paths.as_ref(), global);
    let fail_on = judging.fail_on.or(config.scan.fail_on).unwrap_or(Severity::High);
    let manner = Manner {
        options: &options,
        confinement: &confinement,
        interrupt: &interrupt,
        progress: &progress,
        concurrency: concurrency(many, &plan),
        fail_fast: (many.fail_fast || plan.options.fail_fast == Some(true)).then_some(fail_on),
    };
    let judges = Judges {
        plugins: &plugins,
        selection: &selection,
        judge: Judge::new(&plugins, &selection, cache.as_ref()),
        pins: Some(&pins),
        together: many.cross_server.or(plan.options.cross_server_checks).unwrap_or(true),
    };
    let report = look::run(plan, &manner, &judges);
    progress.finish();
    if let Some(cache) = &cache {
        cache.prune();
    }
    let report = report.map_err(|why| {
        Failure::usage(
            why,
            "name a file that `bartizan snapshot` wrote, a `tools/list` result, or an array of tools",
        )
    })?;

    let report = report.finish(&triage, look::since(start, !many.is_multi));
    judging::tell_notices(&report, global);
    let all_written =
        output::write_all(&report, &outputs, &plugins, global) & judging::save_baseline(judging, &report);
    let refused = plugins.problems().iter().any(Problem::is_refusal);
    let exit = Exit::of(&report, fail_on, refused, interrupt.happened());
    Ok(if exit == Exit::Clean && !all_written { Exit::Incomplete } else { exit })
}

/// One after the other, unless it was asked for otherwise.
fn concurrency(many: &Many, plan: &Plan) -> usize {
    let asked = many.concurrency.or(plan.options.concurrency);
    let parallel = many.parallel || asked.is_some() || plan.options.parallel == Some(true);
    if !parallel {
        return 1;
    }
    asked.unwrap_or_else(|| thread::available_parallelism().map_or(LEAST, NonZeroUsize::get).max(LEAST))
}
