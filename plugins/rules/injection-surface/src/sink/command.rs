//! The value is a command, or becomes part of one.

use bartizan_listing::{Parameter, Text};

use super::Signals;
use crate::{
    lexicon::{HAND_OVER, RUN, SHELLS},
    purpose::Purpose,
};

/// Shells by name.
const TONGUES: [&str; 3] = ["shell", "bash", "powershell"];

pub(super) fn signals(parameter: &Parameter<'_>, purpose: &Purpose) -> Signals {
    let text = &parameter.text;
    let named =
        ["command", "commands", "cmd", "cmds", "shell", "bash", "powershell", "commandline", "cmdline"];
    let scripts = parameter.is_called(&["script"]) && (purpose.declared.has(&TONGUES) || text.has(&TONGUES));
    let said = text.says(&RUN, &SHELLS, 6)
        || text.says(&["shell", "bash", "terminal", "powershell"], &["command", "commands", "script"], 2)
        || text.says(&["command", "commands"], &["run", "execute"], 2);
    let bare = text.says(&HAND_OVER, &SHELLS, 6)
        || text.holds(&["os.system", "shell=true", "child_process", "execsync("]);
    Signals { called: parameter.is_called(&named) || scripts, said, bare }
}

pub(super) fn is_purpose(declared: &Text) -> bool {
    declared.has(&[
        "shell",
        "terminal",
        "bash",
        "powershell",
        "cmd",
        "command",
        "commands",
        "cli",
        "exec",
        "execute",
        "executes",
        "script",
        "scripts",
        "console",
        "run",
        "runs",
        "process",
    ])
}
