//! `plugins test`: an author's vectors, run in the sandbox that users will run the component in.

use std::{
    collections::BTreeMap,
    fs,
    path::{Path, PathBuf},
    sync::mpsc,
    time::{Duration, SystemTime},
};

use bartizan_kernel::{Component, Kernel, Limits};
use bartizan_registry::{Claims, Ratchet, Signer, TrustStore, Verifier};
use bartizan_vectors::Tested;
use notify_debouncer_mini::{new_debouncer, notify::RecursiveMode};

use super::author::{self, Built};
use crate::{
    args::{Global, Test},
    commands::table,
    exit::{Exit, Failure},
    output::to_stdout,
    session,
};

/// A project has far fewer files; a home folder that was named by mistake has more.
const MAX_WATCHED: usize = 10_000;

pub(super) fn run(global: &mut Global, args: &Test) -> Result<Exit, Failure> {
    session::configuration(global)?;
    let once = || test(&args.folder, args.install_tools);
    if !args.watch {
        return once();
    }
    let (send, changes) = mpsc::channel();
    let watching = |error: notify_debouncer_mini::notify::Error| {
        Failure::new(
            Exit::Incomplete,
            format!("cannot watch `{}`: {error}", args.folder.display()),
            "leave --watch out",
        )
    };
    let mut watcher = new_debouncer(Duration::from_millis(300), send).map_err(watching)?;
    watcher.watcher().watch(&args.folder, RecursiveMode::Recursive).map_err(watching)?;
    loop {
        let before = sources(&args.folder);
        if let Err(failure) = once() {
            failure.tell();
        }
        to_stdout(b"\nwaiting for a change; Ctrl-C ends it\n", false);
        // That a file was read is an event, too: only what differs counts.
        while sources(&args.folder) == before {
            if changes.recv().is_err() {
                return Ok(Exit::Clean);
            }
        }
    }
}

/// The files of a project that a build only reads, each with what tells whether it changed.
fn sources(folder: &Path) -> BTreeMap<PathBuf, (u64, Option<SystemTime>)> {
    const BUILT: &[&str] = &["target", "build", "node_modules", ".venv", ".git", "__pycache__", "plugins"];
    let mut found = BTreeMap::new();
    let mut folders = vec![folder.to_owned()];
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(folder).into_iter().flatten().flatten() {
            let Ok(metadata) = entry.metadata() else { continue };
            if BUILT.iter().any(|built| entry.file_name() == *built) {
                continue;
            }
            if metadata.is_dir() {
                folders.push(entry.path());
            } else if metadata.is_file() && found.len() < MAX_WATCHED {
                found.insert(entry.path(), (metadata.len(), metadata.modified().ok()));
            }
        }
    }
    found
}

/// Builds what lies in the folder and runs its vectors.
fn test(folder: &Path, install_tools: bool) -> Result<Exit, Failure> {
    let mut exit = Exit::Clean;
    for built in author::built(folder, install_tools)? {
        let component = load(&built)?;
        if !passes(&built, &component)? {
            exit = Exit::Findings;
        }
    }
    Ok(exit)
}

/// Loads a component as a user will, who granted it what it asks for: signed, with a key for this one time.
fn load(built: &Built) -> Result<Component, Failure> {
    let (claims, bytes) = (&built.claims, &built.component);
    let wrong = |error: String| Failure::new(Exit::Incomplete, error, "mend it and run this again");
    let signer = Signer::generate().map_err(|error| wrong(error.to_string()))?;
    let mut trust = TrustStore::empty();
    trust.add(claims.id.publisher().to_owned(), signer.public());
    let statement = claims.sign(bytes, &signer).to_line();
    let verified = Verifier::new(trust, Ratchet::in_memory())
        .verify(bytes, statement.as_bytes(), Claims::everything_asked)
        .map_err(|refusal| wrong(refusal.to_string()))?;
    let limits = bartizan_scan::raised(Limits::default(), verified.limits());
    let kernel = Kernel::new(None).map_err(|error| wrong(error.to_string()))?;
    kernel.load(&verified, limits, None).map_err(|error| wrong(error.to_string()))
}

/// Shows what each vector came to. Says whether all is as it should be.
fn passes(built: &Built, component: &Component) -> Result<bool, Failure> {
    let (name, version) = (&built.claims.id, &built.claims.version);
    let vectors = &built.folder.join("vectors");
    let tested = bartizan_vectors::run(component, vectors).map_err(|differences| {
        Failure::new(
            Exit::Findings,
            format!("`{name}` cannot be tested: {differences}"),
            "a vector lies at vectors/RULE-ID/positive/NAME.json or …/negative/NAME.json; docs/writing-a-rule.md shows one",
        )
    })?;
    let mut rows = table::table(&["", "RULE", "VECTOR", "FUEL", "MEMORY", "TIME"]);
    for one in &tested {
        rows.add_row(row(one));
    }
    table::print(&rows);
    let mut all = true;
    for one in &tested {
        if let Err(difference) = &one.verdict {
            all = false;
            let text = difference.lines().map(bartizan_model::printable).collect::<Vec<_>>().join("\n");
            to_stdout(format!("\n{}\n{}\n", one.path.display(), indented(&text)).as_bytes(), true);
        }
    }
    if let Err(missing) = bartizan_vectors::uncovered(component, vectors) {
        all = false;
        to_stdout(
            format!("\nEvery rule wants a positive and a negative vector:\n{missing}").as_bytes(),
            true,
        );
    }
    let failed = tested.iter().filter(|one| one.verdict.is_err()).count();
    let summary = format!(
        "\n{name} {version}: {} vectors, {}\n",
        tested.len(),
        match (failed, all) {
            (0, true) => "all as expected".to_owned(),
            (0, false) => "all as expected, and some are missing".to_owned(),
            (failed, _) => format!("{failed} not as expected"),
        }
    );
    to_stdout(summary.as_bytes(), true);
    Ok(all)
}

fn row(tested: &Tested) -> [String; 6] {
    let file = |path: &Path| path.file_stem().unwrap_or_default().to_string_lossy().into_owned();
    let kind = if tested.positive { "positive" } else { "negative" };
    let (fuel, memory, time) = tested.usage.map_or_else(
        || (String::new(), String::new(), String::new()),
        |usage| {
            (
                thousands(usage.fuel),
                bytesize::ByteSize(usage.memory_bytes as u64).to_string(),
                format!("{:.2} ms", usage.time.as_secs_f64() * 1e3),
            )
        },
    );
    let mark = if tested.verdict.is_ok() { "ok" } else { "FAIL" };
    [mark.to_owned(), tested.rule.clone(), format!("{kind}/{}", file(&tested.path)), fuel, memory, time]
}

/// "1 234 567": thousands apart.
fn thousands(number: u64) -> String {
    let digits = number.to_string();
    let mut out = String::new();
    for (at, digit) in digits.chars().enumerate() {
        if at > 0 && (digits.len() - at).is_multiple_of(3) {
            out.push('\u{202f}');
        }
        out.push(digit);
    }
    out
}

fn indented(text: &str) -> String {
    text.lines().map(|line| format!("    {line}")).collect::<Vec<_>>().join("\n")
}
