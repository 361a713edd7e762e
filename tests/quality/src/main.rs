//! `cargo run -p bartizan-quality`: what the rules catch and what they falsely flag, in tables.

use std::{
    path::{Path, PathBuf},
    process::ExitCode,
};

use bartizan_quality::{Corpus, Judge, Tally, by_rule, marks, render};

const USAGE: &str = "usage: bartizan-quality [--json] [--check] [--missed] [--half 0|1] [--corpus FOLDER]

  --json           the counts as JSON
  --check          exit 1 if a mark is not met
  --missed         also list attacks that were not flagged
  --half 0|1       only one half of the items, told by a hash of their names
  --corpus FOLDER  instead of the recorded corpus of this repository";

struct Options {
    json: bool,
    check: bool,
    missed: bool,
    half: Option<u64>,
    corpus: PathBuf,
}

fn options() -> Result<Options, String> {
    let corpus = Path::new(env!("CARGO_MANIFEST_DIR")).join("../data/corpus");
    let mut options = Options { json: false, check: false, missed: false, half: None, corpus };
    let mut arguments = std::env::args().skip(1);
    while let Some(argument) = arguments.next() {
        match argument.as_str() {
            "--json" => options.json = true,
            "--check" => options.check = true,
            "--missed" => options.missed = true,
            "--half" => match arguments.next().as_deref() {
                Some("0") => options.half = Some(0),
                Some("1") => options.half = Some(1),
                _ => return Err("--half takes 0 or 1".to_owned()),
            },
            "--corpus" => options.corpus = arguments.next().ok_or("--corpus takes a folder")?.into(),
            other => return Err(format!("unknown argument {other:?}\n{USAGE}")),
        }
    }
    Ok(options)
}

fn run() -> Result<bool, String> {
    let options = options()?;
    let own = Path::new(env!("CARGO_MANIFEST_DIR")).join("data/own.json");
    let corpus =
        Corpus::load(&options.corpus, &own).map_err(|error| match std::error::Error::source(&error) {
            Some(source) => format!("{error}: {source}"),
            None => error.to_string(),
        })?;
    let tally = Tally::of(&corpus, &Judge::new()?, options.half);
    let marks = marks(&tally);
    if options.json {
        let whole = serde_json::json!({
            "marks": marks,
            "rules": by_rule(&tally),
            "groups": tally.groups,
            "failed": tally.failed,
        });
        println!("{whole:#}");
    } else {
        print!("{}", render(&tally, &marks, options.missed));
    }
    Ok(!options.check || marks.iter().all(|mark| mark.met))
}

fn main() -> ExitCode {
    match run() {
        Ok(true) => ExitCode::SUCCESS,
        Ok(false) => ExitCode::FAILURE,
        Err(why) => {
            eprintln!("{why}");
            ExitCode::from(2)
        }
    }
}
