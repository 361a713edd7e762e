//! What each command does.

mod bundle;
mod doctor;
mod plugins;
mod reach;
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
        Command::Snapshot(snapshot) => snapshot::run(&mut global, snapshot),
        Command::Rules(rules) => rules::run(&mut global, &rules),
        Command::Plugins(command) => plugins::run(&mut global, command),
        Command::Bundle(command) => bundle::run(&mut global, command),
        Command::Repository(command) => repository::run(command),
        Command::Trust(command) => trust::run(command),
        Command::Doctor => doctor::run(&mut global),
        Command::Completions { shell } => {
            clap_complete::generate(shell, &mut Args::command(), "bartizan", &mut std::io::stdout());
            Ok(Exit::Clean)
        }
    }
}
