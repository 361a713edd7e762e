//! The two processes of the launcher.

use std::{
    ffi::OsString,
    fs::{File, OpenOptions},
    os::unix::process::CommandExt as _,
    path::Path,
    process::{Command, ExitCode, Stdio},
};

use nix::{
    sys::{prctl, signal::Signal},
    unistd::Pid,
};
use serde::{Deserialize, Serialize};

use super::{INIT, TRIAL, capabilities, cgroup::Cgroup, confine, facts::Facts, limits, namespaces, relay};
use crate::{End, Error, job};

/// What the first process found out, for the second.
#[derive(Serialize, Deserialize)]
struct Stage {
    facts: Facts,
    cgroup: Option<Cgroup>,
    /// The first process, as the file system of processes that both still see calls it.
    outer: u32,
}

const STAGE: &str = "stage.json";

/// The first: in the parent's process group, with the parent's pipes.
pub(super) fn outer(own: &Path, command: &[OsString]) -> Result<ExitCode, Error> {
    close_strays();
    limits::no_core();
    let job: job::Job = job::read(&own.join(job::JOB))?;
    let mut facts = Facts::default();
    let cgroup = Cgroup::make(&job.policy, own, &mut facts);
    let done = go_on(&job, own, facts, cgroup.as_ref(), command);
    if let Some(cgroup) = cgroup {
        cgroup.remove();
    }
    let end = done?;
    Ok(exit(relay::end_like(&end)))
}

fn go_on(
    job: &job::Job,
    own: &Path,
    mut facts: Facts,
    cgroup: Option<&Cgroup>,
    command: &[OsString],
) -> Result<End, Error> {
    let hollow = (namespaces::may_be_hollow() && !is_trial_passed(job, own))
        .then_some("AppArmor lets nothing be done in one (kernel.apparmor_restrict_unprivileged_userns)");
    namespaces::enter(&job.policy, &mut facts, hollow)?;
    if facts.pid_namespace.is_err() {
        return become_server(job, own, facts, cgroup, command);
    }
    if !nix::unistd::geteuid().is_root() {
        capabilities::hand_down()
            .map_err(|why| Error::Step { step: "keep capabilities for a moment", why })?;
    }
    let stage = Stage { facts, cgroup: cgroup.cloned(), outer: std::process::id() };
    job::write_new(&own.join(STAGE), &stage)?;
    let signals = relay::listen()?;
    let nowhere = nowhere()?;
    let mut init = Command::new("/proc/self/exe");
    init.args(&job.launcher).arg(own).arg(INIT).arg(job::SEPARATOR).args(command);
    let mut init =
        init.spawn().map_err(|source| Error::Io { doing: "run", path: "/proc/self/exe".into(), source })?;
    relay::let_go(&nowhere)?;
    let pid = i32::try_from(init.id()).map_or_else(|_| Pid::from_raw(0), Pid::from_raw);
    let end = relay::wait_for(pid, signals)?;
    // Reaped by now; this only tells the handle so.
    let _ = init.try_wait();
    // How the server ended is said in the report; the second process itself cannot die of a signal that it sends itself.
    Ok(told(own).unwrap_or(end))
}

/// Another process, which tries what this one could not take back.
fn is_trial_passed(job: &job::Job, own: &Path) -> bool {
    let mut trial = Command::new("/proc/self/exe");
    trial.args(&job.launcher).arg(own).args([TRIAL, job::SEPARATOR, TRIAL]);
    trial.stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null());
    trial.status().is_ok_and(|status| status.success())
}

/// That other process.
pub(super) fn trial() -> ExitCode {
    if namespaces::is_usable() { ExitCode::SUCCESS } else { ExitCode::FAILURE }
}

fn told(own: &Path) -> Option<End> {
    let text = job::read_text(&own.join(job::REPORT)).ok()?;
    serde_json::from_str(text.lines().nth(1)?).ok()
}

/// Without a pid namespace there is no second process: the server takes the place of this one.
fn become_server(
    job: &job::Job,
    own: &Path,
    facts: Facts,
    cgroup: Option<&Cgroup>,
    command: &[OsString],
) -> Result<End, Error> {
    let mut confined = confine::confine(job, own, facts, cgroup, command)?;
    if job.is_probe {
        return Ok(End::Exited { code: 0 });
    }
    let Some(mut server) = server(command, &confined) else { return Err(Error::NoCommand) };
    let end = relay::not_started(&server.exec());
    job::write_line(&mut confined.report, &confined.report_path, &end)?;
    Ok(end)
}

/// The second: the first process of its namespace, with whose end everything in it ends.
pub(super) fn init(own: &Path, command: &[OsString]) -> Result<ExitCode, Error> {
    let failed = |step| move |why: nix::Error| Error::Step { step, why: why.desc().to_owned() };
    prctl::set_pdeathsig(Signal::SIGKILL).map_err(failed("end with the first process"))?;
    // The group's signals come to the first process alone, and are handed on once; and the user's terminal is out of reach.
    nix::unistd::setsid().map_err(failed("leave the terminal"))?;
    // Or the server could reach into this process, which has its report open.
    prctl::set_dumpable(false).map_err(failed("keep others out of this process"))?;
    let job: job::Job = job::read(&own.join(job::JOB))?;
    let stage: Stage = job::read(&own.join(STAGE))?;
    if parent() != Some(stage.outer) {
        return Err(Error::Step { step: "go on", why: "the first process has ended".to_owned() });
    }
    let signals = relay::listen()?;
    let nowhere = nowhere()?;
    let mut confined = confine::confine(&job, own, stage.facts, stage.cgroup.as_ref(), command)?;
    if job.is_probe {
        return Ok(ExitCode::SUCCESS);
    }
    let Some(mut server) = server(command, &confined) else { return Err(Error::NoCommand) };
    // Its own group: the group of this process is told by us.
    let end = match server.process_group(0).spawn() {
        Err(why) => relay::not_started(&why),
        Ok(child) => {
            relay::let_go(&nowhere)?;
            let pid = i32::try_from(child.id()).map_or_else(|_| Pid::from_raw(0), Pid::from_raw);
            relay::wait_for(pid, signals)?
        }
    };
    job::write_line(&mut confined.report, &confined.report_path, &end)?;
    Ok(exit(relay::code(&end)))
}

fn server(command: &[OsString], confined: &confine::Confined) -> Option<Command> {
    let (program, arguments) = command.split_first()?;
    let mut server = Command::new(program);
    server.args(arguments).envs(confined.environment.iter().map(|(name, value)| (name, value)));
    Some(server)
}

fn exit(code: i32) -> ExitCode {
    ExitCode::from(u8::try_from(code & 0xff).unwrap_or(super::FAILED))
}

fn nowhere() -> Result<File, Error> {
    let path = Path::new("/dev/null");
    OpenOptions::new().read(true).write(true).open(path).map_err(|source| Error::Io {
        doing: "open",
        path: path.to_owned(),
        source,
    })
}

/// As the machine's own `/proc` says, in which the first process can still be told from any other.
fn parent() -> Option<u32> {
    let status = job::read_text(Path::new("/proc/self/status")).ok()?;
    status.lines().find_map(|line| line.strip_prefix("PPid:"))?.trim().parse().ok()
}

/// Where open files cannot be listed, those up to here are looked for.
const MOST_STRAYS: i32 = 4096;

/// Files that whoever started us left open would be the server's too. We have opened none yet, so none is ours.
fn close_strays() {
    let numbers: Vec<i32> = match std::fs::read_dir("/proc/self/fd") {
        Ok(open) => open.flatten().filter_map(|entry| entry.file_name().to_str()?.parse().ok()).collect(),
        Err(_) => (3..MOST_STRAYS).collect(),
    };
    for number in numbers.into_iter().filter(|number| *number > 2) {
        // The one by which the list was read is closed already.
        let _ = nix::unistd::close(number);
    }
}
