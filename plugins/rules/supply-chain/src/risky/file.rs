//! Who else can write what is run.

use bartizan_sdk::prelude::*;

use super::{Seen, Side};
use crate::{
    launch::{Launch, is_temporary, program},
    text::clipped,
};

const FIX: &str =
    "Move it to a folder that only its owner can write, and take the others' right to write away.";

pub(crate) fn look(launch: &Launch) -> Vec<Seen> {
    let around = &launch.around;
    let script = &around.script;
    let mut seen = Vec::new();
    let mut say = |severity, what: &str, shows: &str| {
        seen.push(Seen {
            side: Side::File,
            severity,
            what: what.to_owned(),
            shows: clipped(shows),
            fix: FIX,
        });
    };
    if script.world_writable {
        let severity = if script.foreign_owner { Severity::High } else { Severity::Medium };
        say(severity, "Any account of this machine can change the program that is started.", &script.path);
    } else if script.in_tmp && script.exists == Some(false) {
        say(
            Severity::Medium,
            "The program that is started lies in a temporary folder and is not there: any account of this machine can put one there.",
            &script.path,
        );
    } else if script.foreign_owner {
        // Root's programs are everybody's; the host says foreign only where it is neither root nor this user.
        say(
            Severity::Medium,
            "The program that is started belongs to another account, which can change it.",
            &script.path,
        );
    } else if script.in_tmp {
        say(
            Severity::Low,
            "The program that is started lies in a temporary folder, where things are cleaned away and others may write.",
            &script.path,
        );
    } else if let Some(word) =
        launch.steps.iter().filter_map(|step| started(&step.words)).find(|word| is_temporary(word))
    {
        say(
            Severity::Low,
            "The program that is started lies in a temporary folder, where things are cleaned away and others may write.",
            word,
        );
    }
    if around.config_world_writable {
        say(
            Severity::Medium,
            "Any account of this machine can write the configuration, and so decide what is started.",
            &around.config,
        );
    }
    seen
}

/// The file that a command runs: itself, or what it hands to an interpreter.
fn started(words: &[String]) -> Option<&String> {
    let first = words.first()?;
    let name = program(first);
    let name = name.trim_end_matches(|c: char| c.is_ascii_digit() || c == '.');
    if ["node", "python", "deno", "bun", "sh", "bash", "zsh", "ruby", "perl", "php", "tsx"].contains(&name) {
        words.iter().skip(1).find(|word| !word.starts_with('-'))
    } else {
        Some(first)
    }
}
