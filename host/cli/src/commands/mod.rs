//! What each command does.

mod bundle;
mod doctor;
mod look;
mod pin;
mod plugins;
mod report;
mod repository;
mod rules;
mod scan;
mod snapshot;
mod table;
mod trust;

use clap::CommandFactory as _;

use crate::{
    args::{Args, Command},
    exit::{Exit, Failure},
};

/// Runs the command that was asked for.
pub(crate) fn run(args: Args) -> Result<Exit, Failure> {
    let Args { mut global, command } = args;
    match command {
        Command::Scan(scan) => scan::run(&mut global, scan),
        Command::MultiScan(scan) => scan::run_multi(&mut global, scan),
        Command::Snapshot(snapshot) => snapshot::run(&mut global, snapshot),
        Command::Pin(pin) => pin::run(&mut global, pin),
        Command::Report(report) => report::run(&mut global, &report),
        Command::Rules(rules) => rules::run(&mut global, &rules),
        Command::Plugins(command) => plugins::run(&mut global, command),
        Command::Bundle(command) => bundle::run(&mut global, command),
        Command::Repository(command) => repository::run(command),
        Command::Trust(command) => trust::run(command),
        Command::Doctor { probes: true } => Ok(doctor::probes()),
        Command::Doctor { probes: false } => doctor::run(&mut global),
        Command::Completions { shell } => {
            clap_complete::generate(shell, &mut Args::command(), "bartizan", &mut std::io::stdout());
            Ok(Exit::Clean)
        }
    }
}
