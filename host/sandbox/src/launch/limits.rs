//! Limits of a process, which all it starts inherit.

use nix::{
    sys::resource::{Resource, getrlimit, setrlimit},
    unistd::{geteuid, getuid},
};

use super::facts::{Fact, Facts};
use crate::Policy;

/// Sets them. Those on memory and processes say why if they would be void.
pub(super) fn set(policy: &Policy, facts: &mut Facts) {
    let limits = &policy.limits;
    facts.memory = limit(Resource::RLIMIT_DATA, limits.memory_bytes);
    facts.cpu = limit(Resource::RLIMIT_CPU, limits.cpu_seconds);
    facts.open_files = limit(Resource::RLIMIT_NOFILE, limits.open_files);
    facts.file_size = limit(Resource::RLIMIT_FSIZE, limits.file_bytes);
    facts.processes = processes(limits.processes, facts.user_namespace.is_ok());
    // No promise: dumps of memory lie about, locked memory and queues are the kernel's.
    no_core();
    let _ = limit(Resource::RLIMIT_MEMLOCK, 8 * 1024 * 1024);
    let _ = limit(Resource::RLIMIT_MSGQUEUE, 0);
}

/// No memory dumps, also of the launcher itself.
pub(super) fn no_core() {
    // Not 0: with that a dump is still handed to a program of the machine, if it is set up so. With 1 it is not.
    let _ = limit(Resource::RLIMIT_CORE, 1);
}

/// Counted for a user, so it says something only if what else the user runs is not counted, or is known.
fn processes(most: u64, has_user_namespace: bool) -> Fact {
    if getuid().is_root() || geteuid().is_root() {
        return Err("root is exempt from it".to_owned());
    }
    // Since Linux 5.14 each user namespace counts for itself; before, and without one, all of the user's count.
    let counts_for_itself = has_user_namespace && super::kernel_is_at_least(5, 14);
    let others = if counts_for_itself { LAUNCHER } else { running()? };
    limit(Resource::RLIMIT_NPROC, most.saturating_add(others))
}

/// The launcher's own two processes.
const LAUNCHER: u64 = 2;

/// How many processes and threads this user has now.
fn running() -> Result<u64, String> {
    use std::os::unix::fs::MetadataExt as _;
    let failed = |why: std::io::Error| format!("count what runs already: {why}");
    let me = getuid().as_raw();
    let mut count: u64 = 0;
    for process in std::fs::read_dir("/proc").map_err(failed)?.flatten() {
        let is_mine = process.metadata().is_ok_and(|found| found.uid() == me);
        let is_process = process.file_name().to_string_lossy().bytes().all(|byte| byte.is_ascii_digit());
        if is_mine && is_process {
            let threads = std::fs::read_dir(process.path().join("task")).map_or(1, Iterator::count);
            count = count.saturating_add(u64::try_from(threads).unwrap_or(u64::MAX));
        }
    }
    Ok(count)
}

/// Never above what holds already: that would need privileges, and a smaller limit is none the worse.
fn limit(resource: Resource, value: u64) -> Fact {
    let failed = |why: nix::Error| why.desc().to_owned();
    let (_, most) = getrlimit(resource).map_err(failed)?;
    let value = value.min(most);
    setrlimit(resource, value, value).map_err(failed)
}
