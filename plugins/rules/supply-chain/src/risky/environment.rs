//! Variables that change what runs, or switch a check off.

use bartizan_sdk::prelude::*;

use super::{Seen, Side};
use crate::launch::{Launch, Variable};

pub(crate) fn look(launch: &Launch) -> Vec<Seen> {
    launch.around.env.iter().filter_map(of).take(8).collect()
}

fn of(variable: &Variable) -> Option<Seen> {
    let (severity, what, fix) = judge(variable)?;
    Some(Seen {
        side: Side::Environment,
        severity,
        what,
        shows: variable.name.chars().take(80).collect(),
        fix,
    })
}

fn judge(variable: &Variable) -> Option<(Severity, String, &'static str)> {
    let name = variable.name.as_str();
    let value = variable.value.as_str();
    // A reference may stand for anything; an empty value for nothing.
    if variable.length == Some(0) {
        return None;
    }
    let is = |wanted: &str| {
        value == wanted || (value.is_empty() && u64::try_from(wanted.len()).ok() == variable.length)
    };
    let no_tls = (
        Severity::Medium,
        format!(
            "`{name}` switches the verification of TLS certificates off: anybody on the way can read and change what the server says and hears."
        ),
        "Take the variable out. For a private authority, name its certificate (`NODE_EXTRA_CA_CERTS`, `SSL_CERT_FILE`).",
    );
    match name.to_ascii_uppercase().as_str() {
        "NODE_TLS_REJECT_UNAUTHORIZED" | "PYTHONHTTPSVERIFY" if is("0") => Some(no_tls),
        "GIT_SSL_NO_VERIFY" if !matches!(value, "0" | "false") => Some(no_tls),
        "NPM_CONFIG_STRICT_SSL" if is("false") => Some(no_tls),
        "LD_PRELOAD" | "LD_AUDIT" | "DYLD_INSERT_LIBRARIES" => Some((
            Severity::Medium,
            format!("`{name}` puts a library into the server and into all that it starts."),
            "Take the variable out unless you know the library and who can write it.",
        )),
        "NODE_OPTIONS" => {
            let cut = variable
                .length
                .is_some_and(|length| u64::try_from(value.chars().count()).is_ok_and(|known| known < length));
            node_options(value, cut)
        }
        "BASH_ENV" | "PYTHONSTARTUP" | "PERL5OPT" | "RUBYOPT" => Some((
            Severity::Low,
            format!("`{name}` makes the interpreter run something before the server."),
            "Take the variable out unless the server needs it.",
        )),
        _ => None,
    }
}

/// Limits of memory and warnings are set here by honest people every day.
fn node_options(value: &str, cut: bool) -> Option<(Severity, String, &'static str)> {
    let fix = "Take the option out, and name the module in the server's own code.";
    let words: Vec<&str> = value.split_whitespace().collect();
    let last = words.last().copied().filter(|word| cut && word.len() >= 5);
    let starts = |any: &[&str]| {
        let whole = words.iter().any(|word| any.iter().any(|option| word.split('=').next() == Some(*option)));
        whole || last.is_some_and(|last| any.iter().any(|option| option.starts_with(last)))
    };
    if starts(&["-r", "--require", "--import", "--loader", "--experimental-loader"]) {
        return Some((
            Severity::Medium,
            "`NODE_OPTIONS` loads a module into the server before its own code.".to_owned(),
            fix,
        ));
    }
    if starts(&["--inspect", "--inspect-brk"]) {
        return Some((
            Severity::Low,
            "`NODE_OPTIONS` opens the debugger: who reaches its port runs code in the server.".to_owned(),
            fix,
        ));
    }
    None
}
