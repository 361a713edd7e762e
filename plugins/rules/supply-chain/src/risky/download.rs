//! Code that is fetched from a place and run at once.

use bartizan_sdk::prelude::*;

use super::{Seen, Side, shown};
use crate::{
    launch::{Joint, Launch, Source, Step, program},
    text::harmless,
};

const FIX: &str =
    "Install the server beforehand from a release whose digest you checked, and start what was installed.";

const FETCHES: [&str; 12] = [
    "curl",
    "wget",
    "fetch",
    "aria2c",
    "iwr",
    "irm",
    "invoke-webrequest",
    "invoke-restmethod",
    "http",
    "https",
    "bitsadmin",
    "certutil",
];
const RUNS: [&str; 21] = [
    "sh",
    "bash",
    "zsh",
    "dash",
    "ksh",
    "ash",
    "fish",
    "python",
    "python3",
    "python2",
    "node",
    "deno",
    "bun",
    "perl",
    "ruby",
    "php",
    "iex",
    "invoke-expression",
    "pwsh",
    "powershell",
    "osascript",
];

pub(crate) fn look(launch: &Launch) -> Vec<Seen> {
    let mut seen = piped(&launch.steps);
    if seen.is_empty() {
        seen.extend(saved(&launch.steps));
    }
    seen.extend(launch.programs.iter().filter_map(|program| from_powershell(program)).take(1));
    seen.extend(launch.steps.iter().filter_map(inline).take(2));
    seen.extend(
        launch
            .steps
            .iter()
            .filter_map(connects_back)
            .chain(launch.programs.iter().filter_map(|p| raw_socket(p)))
            .take(1),
    );
    seen.extend(launch.sources.iter().filter_map(remote).take(2));
    seen.dedup_by(|a, b| a.what == b.what);
    seen
}

fn fetches(step: &Step) -> bool {
    step.words.first().is_some_and(|word| FETCHES.contains(&program(word).as_str())) && step.words.len() > 1
}

fn runs(step: &Step) -> bool {
    let Some(first) = step.words.first() else { return false };
    let name = program(first);
    RUNS.contains(&name.as_str())
        || RUNS.contains(&name.trim_end_matches(|c: char| c.is_ascii_digit() || c == '.'))
        || matches!(name.as_str(), "eval" | "source" | ".")
}

/// What stands for a substitution in a command's words.
const PLACE: char = '\u{fffc}';

/// Whether what the command reads from its input is its program: `sh`, `bash -s -- x`, `python3 -`.
fn reads_program(step: &Step) -> bool {
    let after = step.words.get(1..).unwrap_or_default();
    if !runs(step) || after.iter().any(|word| gives_program(word) || word == "-m") {
        return false;
    }
    let operand = after.iter().find(|word| !word.starts_with('-') || word.as_str() == "-");
    // With a file as its program, what it reads is data.
    operand.is_none_or(|word| word == "-" || word == "/dev/stdin") || after.iter().any(|word| word == "-s")
}

/// Whether what was substituted is what the command runs, and no argument of it.
fn takes_program(step: &Step) -> bool {
    let Some((first, after)) = step.words.split_first() else { return false };
    let is_place = |word: &String| word.starts_with(PLACE);
    if is_place(first) {
        return true;
    }
    if matches!(program(first).as_str(), "eval" | "source" | "." | "iex" | "invoke-expression") {
        return after.iter().any(is_place);
    }
    let given =
        after.iter().position(|word| gives_program(word)).and_then(|at| after.get(at.saturating_add(1)));
    let operand = given.or_else(|| after.iter().find(|word| !word.starts_with('-')));
    runs(step) && operand.is_some_and(is_place)
}

/// `-c`, `-e` and clusters such as `-lc`: the next word is a program.
fn gives_program(option: &str) -> bool {
    let letters = option.strip_prefix('-').unwrap_or_default();
    option == "--eval" || (letters.len() <= 3 && letters.ends_with(['c', 'e']) && !letters.starts_with('-'))
}

/// `curl … | sh`, `bash -c "$(curl …)"`, `bash <(curl …)`.
fn piped(steps: &[Step]) -> Vec<Seen> {
    for (index, step) in steps.iter().enumerate().filter(|(_, step)| fetches(step)) {
        let into_shell = match step.joint {
            Joint::Into(parent) => steps.get(parent).is_some_and(takes_program),
            _ => false,
        };
        // The commands that read one after another what this one wrote.
        let mut after =
            steps.iter().skip(index.saturating_add(1)).take_while(|next| next.joint == Joint::Pipe);
        if into_shell || after.any(reads_program) {
            return vec![fetched_and_run(step)];
        }
    }
    Vec::new()
}

/// `curl -o file … && sh file`.
fn saved(steps: &[Step]) -> Vec<Seen> {
    for (index, step) in steps.iter().enumerate().filter(|(_, step)| fetches(step)) {
        let mut files: Vec<&str> = Vec::new();
        for (at, word) in step.words.iter().enumerate() {
            let names_file =
                matches!(word.as_str(), "--output" | ">" | "--output-document" | "-outfile" | "-OutFile");
            // `-o`, and clusters such as `-fsSLo`.
            let cluster = word.starts_with('-')
                && !word.starts_with("--")
                && word.len() <= 8
                && word.ends_with(['o', 'O']);
            if (names_file || cluster)
                && let Some(file) = step.words.get(at.saturating_add(1))
            {
                files.push(file);
            }
            if let Some(name) = word.split(['?', '#']).next().filter(|word| word.contains("://")) {
                files.extend(name.rsplit('/').next().filter(|name| name.len() > 2));
            }
        }
        let bare = |word: &str| word.trim_start_matches("./").to_owned();
        let files: Vec<String> =
            files.into_iter().map(bare).filter(|file| !file.is_empty() && file != "-").collect();
        let is_run = |next: &Step| {
            let named = |word: &String| files.contains(&bare(word));
            next.words.first().is_some_and(named)
                || (runs(next) && next.words.get(1..).unwrap_or_default().iter().any(named))
        };
        if steps.iter().skip(index.saturating_add(1)).any(is_run) {
            return vec![fetched_and_run(step)];
        }
    }
    Vec::new()
}

fn fetched_and_run(step: &Step) -> Seen {
    let clear = step.words.iter().any(|word| word.starts_with("http://"));
    let open = if clear { ", over HTTP that anybody on the way can change" } else { "" };
    Seen {
        side: Side::Download,
        severity: Severity::High,
        what: format!(
            "At each start a program is downloaded and run unseen{open}: whoever controls the address controls the machine."
        ),
        shows: shown(&step.words),
        fix: FIX,
    }
}

/// `iex (iwr …)`, `(New-Object Net.WebClient).DownloadString(…) | iex`.
fn from_powershell(text: &str) -> Option<Seen> {
    let lower = text.to_ascii_lowercase();
    let has = |any: &[&str]| any.iter().any(|word| lower.contains(word));
    let words: Vec<&str> = lower.split(|c: char| !(c.is_alphanumeric() || c == '-')).collect();
    let says = |any: &[&str]| any.iter().any(|word| words.contains(word));
    let fetches = says(&["iwr", "irm", "invoke-webrequest", "invoke-restmethod", "start-bitstransfer"])
        || has(&["downloadstring", "downloadfile", "downloaddata", "net.webclient"]);
    let runs = says(&["iex", "invoke-expression", "start-process"])
        || has(&["[scriptblock]::create", "reflection.assembly"]);
    (fetches && runs).then(|| Seen {
        side: Side::Download,
        severity: Severity::High,
        what: "At each start PowerShell downloads a program and runs it unseen: whoever controls the address controls the machine.".to_owned(),
        shows: text.split_whitespace().take(12).map(harmless).collect::<Vec<_>>().join(" "),
        fix: FIX,
    })
}

/// A program on the command line that fetches another, or hides what it is.
fn inline(step: &Step) -> Option<Seen> {
    let name = program(step.words.first()?);
    let name = name.trim_end_matches(|c: char| c.is_ascii_digit() || c == '.');
    if !matches!(name, "python" | "node" | "deno" | "bun" | "perl" | "ruby" | "php") {
        return None;
    }
    let at = step.words.iter().position(|word| {
        matches!(word.as_str(), "-c" | "-e" | "--eval" | "-p" | "--print" | "-r" | "eval")
    })?;
    let code = step.words.get(at.saturating_add(1))?;
    let has = |any: &[&str]| any.iter().any(|word| code.contains(word));
    let runs = has(&[
        "exec(",
        "eval(",
        "os.system",
        "subprocess",
        "child_process",
        "new Function",
        "vm.run",
        "runInThisContext",
        "system(",
        "__import__('os')",
        "compile(",
        "Function(",
    ]);
    let fetches = has(&[
        "urlopen",
        "urllib",
        "requests.get",
        "httpx.",
        "http.client",
        "fetch(",
        "http.get",
        "https.get",
        "axios",
        "open-uri",
        "LWP::",
        "file_get_contents('http",
        "file_get_contents(\"http",
        "import(\"http",
        "import('http",
    ]);
    let decodes = has(&[
        "b64decode",
        "base64",
        "atob(",
        "fromhex",
        "zlib.decompress",
        "marshal.loads",
        "codecs.decode",
    ]);
    let what = if fetches && (runs || has(&["import("])) {
        "downloads another program and runs it unseen"
    } else if decodes && runs {
        "decodes another program and runs it: nobody sees which"
    } else {
        return None;
    };
    Some(Seen {
        side: Side::Download,
        severity: Severity::High,
        what: format!("The program on the command line of `{name}` {what}."),
        shows: code.chars().take(160).collect(),
        fix: FIX,
    })
}

/// `nc -e /bin/sh host port`.
fn connects_back(step: &Step) -> Option<Seen> {
    let name = program(step.words.first()?);
    let gives =
        step.words.iter().any(|word| matches!(word.as_str(), "-e" | "-c" | "--exec" | "--sh-exec" | "-ce"));
    (matches!(name.as_str(), "nc" | "ncat" | "netcat") && gives).then(|| shell_away(&shown(&step.words)))
}

/// `bash -i >& /dev/tcp/host/port 0>&1`.
fn raw_socket(text: &str) -> Option<Seen> {
    let raw = text.contains("/dev/tcp/") || text.contains("/dev/udp/");
    raw.then(|| shell_away(&text.chars().take(160).collect::<String>()))
}

fn shell_away(shows: &str) -> Seen {
    Seen {
        side: Side::Download,
        severity: Severity::High,
        what: "The command line opens a raw connection and hands a shell or data over it: that starts no server.".to_owned(),
        shows: shows.to_owned(),
        fix: "Do not start it. If it was started, treat the machine as taken over.",
    }
}

/// A package that is named by its place.
fn remote(source: &Source) -> Option<Seen> {
    let Source::Remote { place, fixed: false, runner } = source else { return None };
    let clear =
        place.starts_with("http://") || place.starts_with("git+http://") || place.starts_with("git://");
    Some(Seen {
        side: Side::Pinning,
        severity: if clear { Severity::Medium } else { Severity::Low },
        what: if clear {
            format!(
                "`{runner}` fetches the server over an unencrypted connection that anybody on the way can change."
            )
        } else {
            format!(
                "`{runner}` fetches the server from a repository or a file as it is at that moment, past any registry."
            )
        },
        shows: harmless(place),
        fix: "Name a commit or a released version.",
    })
}
