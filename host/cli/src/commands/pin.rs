//! `bartizan pin`: what servers were approved to present.

use std::fmt::Write as _;

use bartizan_mcp::Listing;
use bartizan_model::{Finding, NotChecked, Severity};
use bartizan_pins::{Change, Member, PinError, PinFile, ServerPin, What};
use bartizan_scan::{Plugins, Selection, drift};
use serde_json::Value;

use super::{
    look::{Confinement, Looked, consent, reach, today},
    table,
};
use crate::{
    args::{Global, Pin, PinAction, PinWhat, Profile},
    exit::{Exit, Failure},
    output,
    progress::Progress,
    session::{self, Interrupt, LOCK_FILE},
};

/// How much of a value is shown.
const SHOWN: usize = 300;

pub(crate) fn run(global: &mut Global, args: Pin) -> Result<Exit, Failure> {
    match args.action {
        None => pin(global, args.what),
        Some(PinAction::Diff { what, fail_on }) => show_diff(global, what, fail_on),
        Some(PinAction::Approve { what }) => approve(global, what),
        Some(PinAction::List) => list(),
        Some(PinAction::Remove { name }) => remove(&name),
    }
}

/// A server as it presents itself now.
struct Present {
    pin: ServerPin,
    listing: Box<Listing>,
}

fn failure(error: &PinError) -> Failure {
    Failure::new(Exit::Refused, error, "repair it, or take it from version control again")
}

fn pins() -> Result<PinFile, Failure> {
    PinFile::read(LOCK_FILE.as_ref()).map_err(|error| failure(&error))
}

/// Pins servers that are not pinned yet. One that is, and presents something else, is left as it is.
fn pin(global: &mut Global, what: PinWhat) -> Result<Exit, Failure> {
    let mut file = pins()?;
    let (present, exit) = look(global, what)?;
    let mut changed = Vec::new();
    for Present { pin, .. } in present {
        match file.get(&pin.name, &pin.target) {
            Some(old) if old.presents_the_same(&pin) => {
                say(&format!("{} is pinned already, and the same", pin.name));
            }
            Some(_) => changed.push(pin.name),
            None => {
                say(&format!("pinned {}: {}", pin.name, counts(&pin)));
                file.set(pin);
            }
        }
    }
    file.write().map_err(|error| failure(&error))?;
    if changed.is_empty() {
        return Ok(exit);
    }
    Err(Failure::new(
        Exit::Findings,
        format!(
            "presents something else than was approved: {}",
            bartizan_model::printable(&changed.join(", "))
        ),
        "`bartizan pin diff` shows what changed, `bartizan pin approve` approves it",
    ))
}

fn show_diff(global: &mut Global, what: PinWhat, fail_on: Option<Severity>) -> Result<Exit, Failure> {
    let file = pins()?;
    let (present, exit) = look(global, what)?;
    let plugins = components(global)?;
    let mut worst = None;
    let mut complete = true;
    for present in &present {
        let Some(old) = file.get(&present.pin.name, &present.pin.target) else {
            return Err(not_pinned(&present.pin.name));
        };
        let (findings, not_checked) = compared(&plugins, old, present)?;
        print_changes(old, &present.pin, &findings, &not_checked);
        worst = worst.max(findings.iter().map(|finding| finding.severity).max());
        complete &= not_checked.is_empty();
    }
    let fail_on = fail_on.unwrap_or(Severity::High);
    Ok(match (worst, exit) {
        (Some(worst), _) if worst >= fail_on => Exit::Findings,
        (_, Exit::Clean) if !complete => Exit::Incomplete,
        (_, exit) => exit,
    })
}

fn approve(global: &mut Global, what: PinWhat) -> Result<Exit, Failure> {
    let mut file = pins()?;
    let yes = what.consent.yes;
    let (present, exit) = look(global, what)?;
    let plugins = components(global)?;
    for present in present {
        let Some(old) = file.get(&present.pin.name, &present.pin.target) else {
            return Err(not_pinned(&present.pin.name));
        };
        if old.presents_the_same(&present.pin) {
            say(&format!("{} presents what was approved", old.name));
            continue;
        }
        let (findings, not_checked) = compared(&plugins, old, &present)?;
        print_changes(old, &present.pin, &findings, &not_checked);
        if !(yes
            || consent::can_ask(global) && consent::yes(&format!("Approve what {} presents now?", old.name)))
        {
            return Err(Failure::usage(
                "nothing was approved",
                "say yes, or add --yes once you read the changes",
            ));
        }
        // The name that the project chose stays.
        let pin = ServerPin { name: old.name.clone(), ..present.pin };
        say(&format!("approved {}: {}", pin.name, counts(&pin)));
        file.set(pin);
    }
    file.write().map_err(|error| failure(&error))?;
    Ok(exit)
}

fn list() -> Result<Exit, Failure> {
    let file = pins()?;
    let mut rows = table::table(&["SERVER", "APPROVED", "PRESENTS", "TARGET"]);
    for pin in file.pins() {
        let target = bartizan_model::truncate_chars(&bartizan_model::printable(&pin.target), 80);
        rows.add_row([bartizan_model::printable(&pin.name), pin.approved.clone(), counts(pin), target]);
    }
    table::print(&rows);
    Ok(Exit::Clean)
}

fn remove(name: &str) -> Result<Exit, Failure> {
    let mut file = pins()?;
    if !file.remove(name) {
        return Err(not_pinned(name));
    }
    file.write().map_err(|error| failure(&error))?;
    say(&format!("{name} is not pinned any more"));
    Ok(Exit::Clean)
}

fn not_pinned(name: &str) -> Failure {
    Failure::usage(
        format!("server `{}` is not pinned in {LOCK_FILE}", bartizan_model::printable(name)),
        "`bartizan pin list` shows what is; `bartizan pin` pins it",
    )
}

/// Lists the servers that were named. One that does not answer is told of, and costs the exit code.
fn look(global: &mut Global, what: PinWhat) -> Result<(Vec<Present>, Exit), Failure> {
    let PinWhat { mut reach, consent, name } = what;
    let interrupt = Interrupt::listen();
    let (config, paths) = session::configuration(global)?;
    config.scan.fill(&mut reach);
    let mut plan = reach::plan(&reach, &consent)?;
    if plan.sources.is_empty() {
        return Err(reach::nothing(&consent));
    }
    if name.is_some() && plan.sources.len() > 1 {
        return Err(Failure::usage(
            "--name is for one server",
            "pin one at a time, or leave the names as they are",
        ));
    }
    consent::ask(&mut plan, &consent, global)?;
    let progress = Progress::start(global);
    let options = reach::options(&reach, Profile::Standard, &config, &interrupt, &progress)?;
    let confinement = Confinement::new(&reach.confine, paths.as_ref().map(|paths| paths.cache.as_path()))?;
    let mut present = Vec::new();
    let mut exit = Exit::Clean;
    for source in &plan.sources {
        progress.server(&source.label());
        let (looked, _, _) = source.look(&options, &confinement, None);
        match looked {
            Looked::Heard(listing) if listing.missing.is_empty() => {
                let own = Some(listing.server.name.clone()).filter(|own| !own.trim().is_empty());
                let name =
                    name.clone().or_else(|| source.name.clone()).or(own).unwrap_or_else(|| source.label());
                let pin = ServerPin::of(&name, &source.target(), &listing, today().to_string());
                present.push(Present { pin, listing });
            }
            // What was not heard must not look as if it had been taken away, nor be approved unseen.
            Looked::Heard(listing) => {
                progress.finish();
                let what: Vec<&str> = listing.missing.iter().map(|missing| missing.what.as_str()).collect();
                incomplete(
                    &source.label(),
                    &format!("it did not let all of it be heard: {}", what.join(", ")),
                );
                exit = Exit::Incomplete;
            }
            Looked::Silent(silent) => {
                progress.finish();
                incomplete(&source.label(), &silent.why);
                exit = Exit::Incomplete;
            }
            Looked::NotStarted(_) => {}
        }
    }
    progress.finish();
    Ok((present, if interrupt.happened() { Exit::Interrupted } else { exit }))
}

fn incomplete(server: &str, why: &str) {
    crate::exit::warn(
        format!("server `{server}` was left as it is: {why}"),
        "check the target, or give it more time with --timeout",
    );
}

fn components(global: &mut Global) -> Result<Plugins, Failure> {
    let (config, paths) = session::configuration(global)?;
    session::plugins(&config, paths.as_ref(), global, false)
}

fn compared(
    plugins: &Plugins,
    old: &ServerPin,
    present: &Present,
) -> Result<(Vec<Finding>, Vec<NotChecked>), Failure> {
    let selection = Selection::new(plugins, &[], &[], &[])
        .map_err(|error| Failure::usage(error, "`bartizan plugins list` shows what is installed"))?;
    let mut judged = drift(plugins, &selection, old, &present.listing);
    judged.findings.sort_by(Finding::report_order);
    Ok((judged.findings, judged.not_checked))
}

/// What changed, in plain members, and what rules say of it.
fn print_changes(old: &ServerPin, new: &ServerPin, findings: &[Finding], not_checked: &[NotChecked]) {
    let changes = old.changes(new);
    let mut text = format!("{}: ", bartizan_model::printable(&old.name));
    if changes.is_empty() {
        text.push_str("presents what was approved\n");
        return write(&text);
    }
    let _ = writeln!(text, "{} since {}", counted(changes.len(), "change"), old.approved);
    for change in &changes {
        text.push_str(&one_change(change));
    }
    for finding in findings {
        let _ = writeln!(
            text,
            "  {:8} {}  {}",
            finding.severity.as_str(),
            finding.rule,
            bartizan_model::printable(&finding.message)
        );
    }
    for one in not_checked {
        let _ = writeln!(text, "  NOT CHECKED {}: {}", one.what, one.why);
    }
    write(&text);
}

fn one_change(change: &Change) -> String {
    let kind = match change.list {
        "hello" => "how it introduces itself",
        "tools" => "tool",
        "prompts" => "prompt",
        "resources" => "resource",
        _ => "resource template",
    };
    let name = bartizan_model::truncate_chars(&bartizan_model::printable(&change.name), 120);
    let head = |sign: char| format!("  {sign} {kind} {name}").trim_end().to_owned() + "\n";
    match &change.what {
        What::Added(definition) => format!("{}      {}\n", head('+'), shown(definition)),
        What::Removed(_) => head('-'),
        What::Changed(members) => {
            let lines = members.iter().map(|Member { pointer, old, new }| {
                let mut lines = format!("      {}\n", bartizan_model::printable(pointer));
                if let Some(old) = old {
                    let _ = writeln!(lines, "      - {}", shown(old));
                }
                if let Some(new) = new {
                    let _ = writeln!(lines, "      + {}", shown(new));
                }
                lines
            });
            head('~') + &lines.collect::<String>()
        }
    }
}

/// A value in one line. What cannot be seen in it is made visible, for that is where an attack hides.
fn shown(value: &Value) -> String {
    let text = match value {
        Value::String(text) => format!("{text:?}"),
        other => other.to_string(),
    };
    bartizan_model::truncate_chars(&bartizan_model::printable(&text), SHOWN)
}

fn counts(pin: &ServerPin) -> String {
    let resources = pin.resource.len() + pin.resource_template.len();
    let parts = [(pin.tool.len(), "tool"), (pin.prompt.len(), "prompt"), (resources, "resource")];
    let parts: Vec<String> =
        parts.into_iter().filter(|(count, _)| *count > 0).map(|(count, what)| counted(count, what)).collect();
    if parts.is_empty() { "nothing".to_owned() } else { parts.join(", ") }
}

fn counted(count: usize, what: &str) -> String {
    if count == 1 { format!("1 {what}") } else { format!("{count} {what}s") }
}

fn say(line: &str) {
    write(&format!("{}\n", bartizan_model::printable(line)));
}

fn write(text: &str) {
    output::to_stdout(text.as_bytes(), std::io::IsTerminal::is_terminal(&std::io::stdout()));
}
