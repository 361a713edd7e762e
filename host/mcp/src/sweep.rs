//! Finds and kills every process that a server left behind, also those that went to sessions of their own.
//!
//! Linux only; elsewhere the process group (Unix) or the job object (Windows) is all that is killed.
//!
//! We make ourselves the reaper of orphans. A process whose parents are gone then becomes our child, and it cannot
//! get into *our* session again once a server of ours was started in its own: so a child of ours outside our
//! session that we did not start is an orphan of some server. Each server's environment carries a marker; an orphan
//! with the marker of another server that is still being listed is left to that one.

use std::{collections::HashSet, fs, sync::Mutex, time::Duration};

use rustix::process::{Pid, Signal, WaitOptions, getpid, kill_process, set_child_subreaper, waitpid};

/// The environment variable that marks the processes of one listing.
pub(crate) const MARKER: &str = "BARTIZAN_LISTING";

/// The servers that are being listed: process id and marker. Held while one is started, so that no sweep sees a
/// server that is not yet in it.
pub(crate) static LIVE: Mutex<Vec<(u32, String)>> = Mutex::new(Vec::new());

/// How often to look again for processes that were born while others were killed.
const ROUNDS: u32 = 100;

/// Makes orphans of our children ours. Done before the first server is started.
pub(crate) fn adopt_orphans() {
    // An old kernel refuses; then orphans that left their session go to init and only the group is killed.
    let _ = set_child_subreaper(Some(getpid()));
}

#[derive(Clone, Copy)]
struct Process {
    pid: i32,
    parent: i32,
    session: i32,
    is_zombie: bool,
}

/// Kills what belongs to the server with this process id and marker until nothing of it is left.
pub(crate) fn sweep(root: u32, marker: &str) {
    // 0 is the session of everything that was started outside our container.
    let Ok(root @ 1..) = i32::try_from(root) else { return };
    for round in 0..ROUNDS {
        let mut left = false;
        for process in belonging_to(root, marker) {
            let Some(pid) = Pid::from_raw(process.pid) else { continue };
            if !process.is_zombie {
                left = true;
                let _ = kill_process(pid, Signal::KILL);
            }
            // The server itself is reaped by whoever started it.
            if process.pid != root && process.parent == me() {
                let _ = waitpid(Some(pid), WaitOptions::NOHANG);
            }
        }
        if !left {
            return;
        }
        std::thread::sleep(Duration::from_millis(u64::from(round.min(20))));
    }
}

fn me() -> i32 {
    getpid().as_raw_nonzero().get()
}

fn belonging_to(root: i32, marker: &str) -> Vec<Process> {
    let live = LIVE.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
    let others: Vec<&(u32, String)> =
        live.iter().filter(|(pid, other)| i32::try_from(*pid) != Ok(root) && other != marker).collect();
    let all = processes();
    // Read like the others', not asked with getsid: in a container whose leader is outside it, it is 0, which is no Pid.
    let own_session = all.iter().find(|process| process.pid == me()).map(|process| process.session);
    let mut found: HashSet<i32> = HashSet::new();
    for process in &all {
        let is_other_server = others.iter().any(|(pid, _)| i32::try_from(*pid) == Ok(process.pid));
        let is_orphan = process.parent == me() && Some(process.session) != own_session && !is_other_server;
        // By its parent too: if the server was reaped already, its process id may be somebody else's by now.
        if process.pid == root && process.parent == me()
            || process.session == root
            || is_orphan && !others.iter().any(|(_, other)| is_marked(process.pid, other))
        {
            found.insert(process.pid);
        }
    }
    // Descendants, to any depth: each round adds one level.
    loop {
        let before = found.len();
        for process in &all {
            if found.contains(&process.parent) {
                found.insert(process.pid);
            }
        }
        if found.len() == before {
            break;
        }
    }
    all.into_iter().filter(|process| found.contains(&process.pid)).collect()
}

fn is_marked(pid: i32, marker: &str) -> bool {
    let wanted = format!("{MARKER}={marker}");
    fs::read(format!("/proc/{pid}/environ"))
        .is_ok_and(|environment| environment.split(|byte| *byte == 0).any(|one| one == wanted.as_bytes()))
}

fn processes() -> Vec<Process> {
    let Ok(entries) = fs::read_dir("/proc") else { return Vec::new() };
    entries
        .flatten()
        .filter_map(|entry| {
            let pid: i32 = entry.file_name().to_str()?.parse().ok()?;
            // A name may hold any byte, so this is not always UTF-8.
            let stat = fs::read(format!("/proc/{pid}/stat")).ok()?;
            parse(pid, &String::from_utf8_lossy(&stat))
        })
        .collect()
}

/// `pid (name) state parent group session …`; the name may hold parentheses and spaces.
fn parse(pid: i32, stat: &str) -> Option<Process> {
    let (_, rest) = stat.rsplit_once(')')?;
    let mut fields = rest.split_ascii_whitespace();
    let state = fields.next()?;
    let parent = fields.next()?.parse().ok()?;
    let session = fields.nth(1)?.parse().ok()?;
    Some(Process { pid, parent, session, is_zombie: matches!(state, "Z" | "X") })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_process_cannot_hide_behind_its_name() {
        let process = parse(7, "7 (evil) R 1 1 1) S 42 43 44 0").unwrap();
        assert_eq!((process.parent, process.session, process.is_zombie), (42, 44, false));
    }
}
