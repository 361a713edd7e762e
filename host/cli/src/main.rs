//! The `bartizan` binary: arguments in, exit codes out. What happens in between is the other crates' business.
//!
//! Read `args` for what can be asked, `commands` for what is done, `exit` for what is answered.

mod args;
mod bounded;
mod commands;
mod config;
mod exit;
mod output;
mod paths;
mod progress;
mod repositories;
mod session;
mod terminal;

use clap::Parser as _;

use crate::{
    args::{Args, SANDBOX},
    exit::Exit,
};

fn main() -> std::process::ExitCode {
    // Before anything else: this process is to become a server's, with nothing of ours open or running in it.
    let mut words = std::env::args_os().skip(1);
    if words.next().is_some_and(|word| word == SANDBOX) {
        return bartizan_sandbox::launch(words);
    }
    let args = match Args::try_parse() {
        Ok(args) => args,
        Err(error) => return exit::usage(&error).into(),
    };
    session::prepare(&args.global);
    match commands::run(args) {
        Ok(exit) => exit.into(),
        Err(failure) => {
            failure.tell();
            Exit::from(&failure).into()
        }
    }
}
