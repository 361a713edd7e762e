//! `bartizan snapshot`

use bartizan_mcp::snapshot;

use super::look::{Confinement, Looked, consent, reach};
use crate::{
    args::{Global, Profile, Snapshot},
    exit::{Exit, Failure, warn},
    output,
    progress::Progress,
    session::{self, Interrupt},
};

pub(crate) fn run(global: &mut Global, mut args: Snapshot) -> Result<Exit, Failure> {
    let interrupt = Interrupt::listen();
    let (config, paths) = session::configuration(global)?;
    config.scan.fill(&mut args.reach);
    let mut plan = reach::plan(&args.reach, &args.consent)?;
    consent::ask(&mut plan, &args.consent, global)?;
    let [source] = plan.sources.as_slice() else {
        return Err(if plan.sources.is_empty() {
            reach::nothing(&args.consent)
        } else {
            Failure::usage("a snapshot is of one server", "take one at a time")
        });
    };
    let progress = Progress::start(global);
    let options = reach::options(&args.reach, Profile::Standard, &config, &interrupt, &progress)?;
    let cache = paths.as_ref().map(|paths| paths.cache.as_path());
    let confinement = Confinement::new(&args.reach.confine, cache)?;
    progress.server(&source.label());
    let (looked, _, _) = source.look(&options, &confinement, None);
    progress.finish();
    let listing = match looked {
        Looked::Heard(listing) => listing,
        Looked::Silent(silent) => {
            let exit = if silent.is_usage { Exit::Usage } else { Exit::Incomplete };
            return Err(Failure::new(
                exit,
                format!("no snapshot: {}", silent.why),
                "check the target, or give it more time with --timeout",
            ));
        }
        Looked::NotStarted(_) => {
            return Err(Failure::usage("no snapshot: the server is not started", "leave --no-start out"));
        }
    };
    match &args.output {
        None => {
            output::to_stdout(
                snapshot::to_json(&listing).as_bytes(),
                std::io::IsTerminal::is_terminal(&std::io::stdout()),
            );
        }
        Some(path) => snapshot::write(&listing, path).map_err(|error| {
            Failure::new(
                Exit::Incomplete,
                format!("cannot write `{}`: {error}", path.display()),
                "check the folder and the free space",
            )
        })?,
    }
    for missing in &listing.missing {
        warn(
            format!("`{}` is not in the snapshot: {}", missing.what, missing.why),
            "a scan of the file will say so too",
        );
    }
    Ok(match (interrupt.happened(), listing.missing.is_empty()) {
        (true, _) => Exit::Interrupted,
        (false, true) => Exit::Clean,
        (false, false) => Exit::Incomplete,
    })
}
