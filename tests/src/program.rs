//! The program, run in a home of its own.

use std::{
    ffi::OsStr,
    fs,
    io::Read,
    os::unix::process::ExitStatusExt as _,
    path::{Path, PathBuf},
    process::{Child, Command, ExitStatus, Stdio},
    sync::{
        Mutex,
        atomic::{AtomicUsize, Ordering},
    },
    thread::{self, JoinHandle},
    time::{Duration, Instant},
};

use rustix::process::{Pid, Signal, kill_process};
use serde_json::Value;
use tempfile::TempDir;

/// No run of these tests takes this long; one that does hangs.
const HANGS: Duration = Duration::from_mins(2);

/// The workspace's folder.
pub fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).parent().unwrap().to_owned()
}

/// The program under test: `BARTIZAN_BIN`, else what `cargo build` made.
pub fn binary() -> PathBuf {
    let path =
        std::env::var_os("BARTIZAN_BIN").map_or_else(|| root().join("target/debug/bartizan"), PathBuf::from);
    assert!(path.is_file(), "`{}` is not there: run `./dev build`", path.display());
    path
}

/// The program with a home folder of its own, so that nothing of this machine's user gets in.
#[derive(Debug)]
pub struct Bartizan {
    home: TempDir,
    cache: PathBuf,
}

impl Default for Bartizan {
    fn default() -> Self {
        Self::new()
    }
}

impl Bartizan {
    /// A user who has never run it.
    pub fn new() -> Self {
        let home = tempfile::tempdir().unwrap();
        fs::create_dir(home.path().join("work")).unwrap();
        Self { cache: home.path().join("cache"), home }
    }

    /// The same, with the cache of compiled code somewhere else: shared by several, or odd.
    #[must_use]
    pub fn with_cache(mut self, folder: &Path) -> Self {
        folder.clone_into(&mut self.cache);
        self
    }

    /// Where it is run.
    pub fn work(&self) -> PathBuf {
        self.home.path().join("work")
    }

    /// Where its user's components lie.
    pub fn plugins(&self) -> PathBuf {
        self.home.path().join("data/bartizan/plugins")
    }

    /// Where compiled code is kept.
    pub fn code_cache(&self) -> PathBuf {
        self.cache.join("bartizan/code")
    }

    /// Where the highest sequences that were seen are kept.
    pub fn ratchet(&self) -> PathBuf {
        self.home.path().join("state/bartizan/ratchet.json")
    }

    /// Where what was installed lies.
    pub fn installed(&self) -> PathBuf {
        self.home.path().join("data/bartizan/installed")
    }

    /// The user's configuration folder.
    pub fn config_folder(&self) -> PathBuf {
        self.home.path().join("config/bartizan")
    }

    /// Writes `bartizan.toml` of the folder it is run in.
    pub fn configure(&self, toml: &str) {
        fs::write(self.work().join("bartizan.toml"), toml).unwrap();
    }

    /// Writes a file into the folder it is run in.
    pub fn write(&self, name: &str, content: impl AsRef<[u8]>) -> PathBuf {
        let path = self.work().join(name);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(&path, content).unwrap();
        path
    }

    /// The program with these arguments, not started yet.
    pub fn command<S: AsRef<OsStr>>(&self, args: impl IntoIterator<Item = S>) -> Command {
        let mut command = Command::new(binary());
        let home = self.home.path();
        command.args(args).current_dir(self.work()).env_clear().stdin(Stdio::null());
        command.env("HOME", home).env("LC_ALL", "C.UTF-8");
        command.env("PATH", std::env::var_os("PATH").unwrap_or_default());
        for (name, folder) in [("CONFIG", "config"), ("STATE", "state"), ("DATA", "data")] {
            command.env(format!("XDG_{name}_HOME"), home.join(folder));
        }
        command.env("XDG_CACHE_HOME", &self.cache);
        command
    }

    /// Runs it to its end.
    pub fn run<S: AsRef<OsStr>>(&self, args: impl IntoIterator<Item = S>) -> Run {
        Running::start(self.command(args)).finish()
    }

    /// Scans, with the report as JSON on stdout.
    pub fn scan<S: AsRef<OsStr>>(&self, args: impl IntoIterator<Item = S>) -> Run {
        let mut command = self.command(["scan", "--format", "json"]);
        command.args(args);
        Running::start(command).finish()
    }
}

/// A run that has not ended.
#[derive(Debug)]
pub struct Running {
    child: Child,
    start: Instant,
    stdout: Option<JoinHandle<Vec<u8>>>,
    stderr: Option<JoinHandle<Vec<u8>>>,
}

impl Running {
    /// Starts it. What it writes is read, unless the command says where it goes.
    pub fn start(mut command: Command) -> Self {
        command.stderr(Stdio::piped()).stdout(Stdio::piped());
        Self::start_as_is(command)
    }

    /// Starts it with stdout and stderr as they were set.
    pub fn start_as_is(mut command: Command) -> Self {
        let start = Instant::now();
        let mut child = command.spawn().unwrap();
        let stdout = child.stdout.take().map(read_all);
        let stderr = child.stderr.take().map(read_all);
        Self { child, start, stdout, stderr }
    }

    /// Its process id.
    pub fn id(&self) -> u32 {
        self.child.id()
    }

    /// Sends it a signal.
    pub fn signal(&self, signal: Signal) {
        kill_process(Pid::from_child(&self.child), signal).unwrap();
    }

    /// Waits for its end, and watches its memory meanwhile.
    pub fn finish(mut self) -> Run {
        let status_file = format!("/proc/{}/status", self.child.id());
        let mut peak_mb = 0;
        let status = loop {
            // The peak, not the present: what is missed is what it takes in its last milliseconds.
            peak_mb = peak_mb.max(high_water_mark(&status_file).unwrap_or(0));
            if let Some(status) = self.child.try_wait().unwrap() {
                break status;
            }
            if self.start.elapsed() > HANGS {
                let _ = self.child.kill();
                panic!("it hangs");
            }
            thread::sleep(Duration::from_millis(5));
        };
        let took = self.start.elapsed();
        let text =
            |reader: Option<JoinHandle<Vec<u8>>>| reader.map(|r| r.join().unwrap()).unwrap_or_default();
        let run = Run {
            status,
            stdout: text(self.stdout.take()),
            stderr: String::from_utf8_lossy(&text(self.stderr.take())).into_owned(),
            took,
            peak_mb,
        };
        assert!(!run.stderr.contains("panicked at"), "it panicked:\n{}", run.stderr);
        run
    }
}

fn read_all(mut from: impl Read + Send + 'static) -> JoinHandle<Vec<u8>> {
    thread::spawn(move || {
        let mut bytes = Vec::new();
        let _ = from.read_to_end(&mut bytes);
        bytes
    })
}

fn high_water_mark(status_file: &str) -> Option<u64> {
    let status = fs::read_to_string(status_file).ok()?;
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:"))?;
    Some(line.trim().trim_end_matches(" kB").parse::<u64>().ok()? / 1024)
}

/// How a run ended and what it wrote.
#[derive(Debug)]
pub struct Run {
    status: ExitStatus,
    /// What it wrote to stdout.
    pub stdout: Vec<u8>,
    /// What it wrote to stderr.
    pub stderr: String,
    /// Wall time.
    pub took: Duration,
    /// The most memory it held, in MB.
    pub peak_mb: u64,
}

impl Run {
    /// Its exit code. A run that a signal ended has none, and fails the test.
    pub fn code(&self) -> i32 {
        self.status
            .code()
            .unwrap_or_else(|| panic!("ended by signal {:?}: {}", self.status.signal(), self.stderr))
    }

    /// The signal that ended it.
    pub fn signal(&self) -> Option<i32> {
        self.status.signal()
    }

    /// Stdout as text.
    pub fn text(&self) -> &str {
        std::str::from_utf8(&self.stdout).unwrap()
    }

    /// Makes sure of the exit code, and shows everything if it is another.
    #[track_caller]
    #[expect(clippy::return_self_not_must_use, reason = "the code is all that some tests look at")]
    pub fn expect_code(self, code: i32) -> Self {
        assert_eq!(
            self.code(),
            code,
            "stdout:\n{}\nstderr:\n{}",
            String::from_utf8_lossy(&self.stdout),
            self.stderr
        );
        self
    }

    /// Stdout as the JSON report.
    #[track_caller]
    pub fn json(&self) -> Value {
        serde_json::from_slice(&self.stdout).unwrap_or_else(|error| {
            panic!(
                "stdout is no JSON ({error}):\n{}\nstderr:\n{}",
                String::from_utf8_lossy(&self.stdout),
                self.stderr
            )
        })
    }

    /// The findings of the JSON report.
    #[track_caller]
    pub fn findings(&self) -> Vec<Value> {
        self.json()["findings"].as_array().unwrap().clone()
    }

    /// Rule and subject of every finding, sorted: "MCP-PROTO-001 tool:add".
    #[track_caller]
    pub fn found(&self) -> Vec<String> {
        let mut found: Vec<String> = self.findings().iter().map(said).collect();
        found.sort();
        found
    }

    /// Component and code of everything that was not checked: "acme/rules fuel"; a server's own has no component.
    #[track_caller]
    pub fn not_checked(&self) -> Vec<String> {
        let json = self.json();
        let entries = json["not_checked"].as_array().unwrap().iter();
        entries
            .map(|entry| match entry["component"].as_str() {
                Some(component) => format!("{component} {}", entry["code"].as_str().unwrap()),
                None => entry["code"].as_str().unwrap().to_owned(),
            })
            .collect()
    }
}

fn said(finding: &Value) -> String {
    let text = |value: &Value| value.as_str().unwrap().to_owned();
    let subject = &finding["subject"];
    match (text(&subject["kind"]), text(&subject["name"])) {
        (kind, name) if name.is_empty() => format!("{} {kind}", text(&finding["rule"])),
        (kind, name) => format!("{} {kind}:{name}", text(&finding["rule"])),
    }
}

/// Does this for each item, some at once; gives what failed, by name, so that one failure does not hide the others.
pub fn together<T: Sync>(items: &[T], name: impl Fn(&T) -> String + Sync, work: impl Fn(&T) + Sync) {
    let next = AtomicUsize::new(0);
    let failures = Mutex::new(Vec::new());
    thread::scope(|scope| {
        for _ in 0..thread::available_parallelism().map_or(2, usize::from).clamp(2, 8) {
            scope.spawn(|| {
                while let Some(item) = items.get(next.fetch_add(1, Ordering::Relaxed)) {
                    let outcome = std::panic::catch_unwind(std::panic::AssertUnwindSafe(|| work(item)));
                    if let Err(panic) = outcome {
                        let why = panic
                            .downcast_ref::<String>()
                            .cloned()
                            .or_else(|| panic.downcast_ref::<&str>().map(|s| (*s).to_owned()))
                            .unwrap_or_default();
                        failures.lock().unwrap().push(format!("== {}\n{why}", name(item)));
                    }
                }
            });
        }
    });
    let failures = failures.into_inner().unwrap();
    assert!(failures.is_empty(), "{} of {} failed\n{}", failures.len(), items.len(), failures.join("\n"));
}
