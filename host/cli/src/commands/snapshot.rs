//! `bartizan snapshot`

use bartizan_mcp::snapshot;

use super::reach;
use crate::{
    args::{Global, Snapshot},
    exit::{Exit, Failure, warn},
    output,
    progress::Progress,
    session::{self, Interrupt},
};

pub(crate) fn run(global: &mut Global, mut args: Snapshot) -> Result<Exit, Failure> {
    let interrupt = Interrupt::listen();
    let (config, _) = session::configuration(global)?;
    config.scan.fill(&mut args.reach);
    let sources = reach::sources(&args.reach)?;
    let [source] = sources.as_slice() else {
        return Err(Failure::usage("a snapshot is of one server", "take one at a time"));
    };
    let progress = Progress::start(global);
    let options = reach::options(&args.reach, &config, &interrupt, &progress)?;
    progress.server(&source.name());
    let (listing, _) = source.listing(&options);
    progress.finish();
    let listing = listing.map_err(|silent| {
        let exit = if silent.is_usage { Exit::Usage } else { Exit::Incomplete };
        Failure::new(
            exit,
            format!("no snapshot: {}", silent.why),
            "check the target, or give it more time with --timeout",
        )
    })?;
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
