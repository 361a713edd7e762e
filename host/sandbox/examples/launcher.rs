//! Both sides in one small program: it starts a command in the sandbox by running itself again, and says what was enforced.
//!
//! `launcher off|default|strict denied|loopback|allowed COMMAND…` or `launcher probe`

use std::{ffi::OsString, process::ExitCode};

use bartizan_sandbox::{Launcher, Level, Network, Policy, launch, probe_machine};

fn main() -> ExitCode {
    let mut arguments = std::env::args_os().skip(1);
    let first = arguments.next().unwrap_or_default();
    // First thing: the launcher is a fresh process with one thread and nothing open.
    if first == "launch" {
        return launch(arguments);
    }
    match run(&first.to_string_lossy(), arguments.collect()) {
        Ok(code) => code,
        Err(why) => {
            eprintln!("{why}");
            ExitCode::from(2)
        }
    }
}

fn run(first: &str, mut rest: Vec<OsString>) -> Result<ExitCode, Box<dyn std::error::Error>> {
    let launcher = Launcher::this_program(["launch"])?;
    let level = match first {
        "off" => Level::Off,
        "default" => Level::Default,
        "strict" => Level::Strict,
        "probe" => {
            print!("{}", probe_machine(&launcher)?);
            return Ok(ExitCode::SUCCESS);
        }
        _ => return Err("a level, or `probe`".into()),
    };
    let network = match rest.first().map(|word| word.to_string_lossy().into_owned()).as_deref() {
        Some("denied") => Network::Denied,
        Some("loopback") => Network::Loopback,
        Some("allowed") => Network::Allowed,
        _ => return Err("denied, loopback or allowed".into()),
    };
    let command = rest.split_off(1);
    let prepared = Policy::new(level).network(network).prepare(&launcher, &command, None)?;
    let status = prepared.command().status()?;
    if let Some(enforced) = prepared.report()? {
        eprint!("{enforced}");
    }
    Ok(ExitCode::from(status.code().and_then(|code| u8::try_from(code).ok()).unwrap_or(255)))
}
