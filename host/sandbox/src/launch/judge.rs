//! What the mechanisms' doings mean for the promises.

use super::{
    facts::{Fact, Facts},
    seccomp::Left,
};
use crate::{Enforced, Level, Network, Outcome, Policy, Promise};

/// Landlock interfaces from which something is to be had.
const TRUNCATE: u32 = 3;
const TCP: u32 = 4;
const SCOPES: u32 = 6;
const UNIX_SOCKETS: u32 = 9;

impl Facts {
    /// What the filter of system calls can leave, because something else keeps it from reaching out, or it may.
    pub(super) fn left(&self, policy: &Policy) -> Left {
        let is_allowed = policy.network == Network::Allowed;
        Left {
            internet: is_allowed || self.net_namespace.is_ok(),
            local: is_allowed || self.view.is_ok(),
            shared: self.ipc_namespace.is_ok(),
        }
    }

    fn landlock_has(&self, version: u32) -> bool {
        matches!(self.landlock, Ok(found) if found >= version)
    }

    fn landlock_name(&self) -> String {
        self.landlock
            .as_ref()
            .map_or_else(|_| "Landlock".to_owned(), |version| format!("Landlock (ABI {version})"))
    }

    /// What all this means for the promises.
    pub(super) fn judge(&self, policy: &Policy, mut notes: Vec<String>) -> Enforced {
        let promises =
            Promise::ALL.into_iter().map(|promise| (promise, self.outcome(promise, policy))).collect();
        if policy.network == Network::Allowed && self.view.is_err() && !self.landlock_has(UNIX_SOCKETS) {
            notes.push(
                "sockets of local services that are files (such as a container daemon's) are not hidden"
                    .into(),
            );
        }
        if policy.network == Network::Allowed && !self.landlock_has(SCOPES) {
            notes.push(
                "abstract sockets of local services, such as those of a desktop, can be reached".into(),
            );
        }
        if policy.network == Network::Loopback && self.loopback.is_err() {
            notes.push(format!("there is no loopback device either: {}", why(&self.loopback)));
        }
        if let (Ok(()), Err(refusal)) = (&self.mount_namespace, &self.view) {
            notes.push(format!("no file system of its own: {refusal}"));
        }
        Enforced { level: policy.level, promises, notes, refused: None }
    }

    fn outcome(&self, promise: Promise, policy: &Policy) -> Outcome {
        let limits = &policy.limits;
        match promise {
            Promise::Network => self.network(policy),
            Promise::Writes | Promise::Reads => self.files(),
            Promise::OtherProcesses => self.other_processes(),
            Promise::Orphans => match &self.pid_namespace {
                Ok(()) => enforced(["pid namespace"]),
                Err(why) => {
                    refused(format!("no pid namespace: {why}; whoever starts the server has to hunt them"))
                }
            },
            Promise::Privileges => match (&self.no_new_privileges, &self.capabilities) {
                (Ok(()), Ok(())) => enforced(["no_new_privs", "no capabilities"]),
                (Ok(()), Err(why)) => partly(["no_new_privs"], format!("it keeps its capabilities: {why}")),
                (Err(why), _) => refused(format!("no_new_privs: {why}")),
            },
            Promise::SystemCalls => match &self.seccomp {
                Ok(()) => enforced(["seccomp"]),
                Err(why) => refused(format!("seccomp: {why}")),
            },
            Promise::Memory => match (&self.cgroup_memory, &self.memory) {
                (Ok(()), _) => enforced([format!(
                    "cgroup: {} in all, its own folders included",
                    mib(limits.memory_in_all())
                )]),
                (Err(why), Ok(())) => partly(
                    [format!("RLIMIT_DATA: {} for each process", mib(limits.memory_bytes))],
                    format!("not in all, and shared memory is not counted (cgroup: {why})"),
                ),
                (Err(cgroup), Err(why)) => refused(format!("cgroup: {cgroup}; RLIMIT_DATA: {why}")),
            },
            Promise::CpuTime => match &self.cpu {
                Ok(()) => partly(
                    [format!("RLIMIT_CPU: {} s for each process", limits.cpu_seconds)],
                    "not for all of them together".to_owned(),
                ),
                Err(why) => refused(format!("RLIMIT_CPU: {why}")),
            },
            Promise::ProcessCount => self.process_count(limits.processes),
            Promise::OpenFiles => match &self.open_files {
                Ok(()) => enforced([format!("RLIMIT_NOFILE: {}", limits.open_files)]),
                Err(why) => refused(format!("RLIMIT_NOFILE: {why}")),
            },
            Promise::FileSize => match &self.file_size {
                Ok(()) => enforced([format!("RLIMIT_FSIZE: {}", mib(limits.file_bytes))]),
                Err(why) => refused(format!("RLIMIT_FSIZE: {why}")),
            },
            Promise::ScratchSize => match &self.view {
                Ok(()) if policy.writable.is_empty() && policy.home == crate::Home::Throwaway => {
                    enforced([format!("tmpfs: {}", mib(limits.scratch_bytes))])
                }
                Ok(()) => partly(
                    [format!("tmpfs: {}", mib(limits.scratch_bytes))],
                    "folders that are named writable are not bounded".to_owned(),
                ),
                Err(why) => refused(format!("no file system of its own: {why}")),
            },
        }
    }

    fn network(&self, policy: &Policy) -> Outcome {
        if policy.network == Network::Allowed {
            return Outcome::NotAsked {
                why: "the policy allows the network; hosts are not told apart".to_owned(),
            };
        }
        let is_filtered = self.seccomp.is_ok();
        let internet = match &self.net_namespace {
            Ok(()) => Some("network namespace"),
            Err(_) if is_filtered => Some("seccomp: no internet sockets"),
            Err(_) => None,
        };
        let local = match &self.view {
            Ok(()) => Some("sockets in /run, /var, /tmp and homes hidden"),
            Err(_) if is_filtered => Some("seccomp: no local sockets"),
            Err(_) => None,
        };
        match (internet, local, &self.net_namespace) {
            (Some(internet), Some(local), _) => enforced([internet, local]),
            (Some(internet), None, _) => {
                partly([internet], format!("sockets of local services can be reached: {}", why(&self.view)))
            }
            (None, _, namespace) if self.landlock_has(TCP) => partly(
                [self.landlock_name()],
                format!("only TCP is refused (network namespace: {})", why(namespace)),
            ),
            (None, _, namespace) => refused(format!("network namespace: {}", why(namespace))),
        }
    }

    fn files(&self) -> Outcome {
        match (&self.view, &self.landlock) {
            (Ok(()), Ok(_)) => enforced(["mount namespace".to_owned(), self.landlock_name()]),
            (Ok(()), Err(_)) => enforced(["mount namespace"]),
            (Err(_), Ok(version)) if *version >= TRUNCATE => enforced([self.landlock_name()]),
            (Err(_), Ok(_)) => {
                partly([self.landlock_name()], "files that it may not write can still be emptied".to_owned())
            }
            (Err(view), Err(landlock)) => refused(format!("mount namespace: {view}; Landlock: {landlock}")),
        }
    }

    fn other_processes(&self) -> Outcome {
        let is_apart = self.ipc_namespace.is_ok() || self.seccomp.is_ok();
        match (&self.pid_namespace, &self.proc) {
            (Ok(()), _) if !is_apart => {
                partly(["pid namespace"], format!("it shares memory by number: {}", why(&self.ipc_namespace)))
            }
            (Ok(()), Ok(())) => enforced(["pid namespace", "a /proc of its own"]),
            (Ok(()), Err(why)) => {
                partly(["pid namespace"], format!("it sees that other processes exist, in /proc: {why}"))
            }
            (Err(why), _) if self.landlock_has(SCOPES) && is_apart => partly(
                [self.landlock_name()],
                format!(
                    "it sees that other processes exist; it can neither signal nor inspect them (pid namespace: {why})"
                ),
            ),
            (Err(why), _) if self.landlock.is_ok() => partly(
                [self.landlock_name()],
                format!(
                    "it sees other processes and can signal those of the same user (pid namespace: {why})"
                ),
            ),
            (Err(why), _) => refused(format!("pid namespace: {why}")),
        }
    }

    fn process_count(&self, limit: u64) -> Outcome {
        let mut by = Vec::new();
        if self.cgroup_processes.is_ok() {
            by.push(format!("cgroup: {limit}"));
        }
        if let Ok(most) = self.pid_max {
            by.push(format!("pid namespace: {most}"));
        }
        if self.processes.is_ok() {
            by.push(format!("RLIMIT_NPROC: {limit}"));
        }
        if by.is_empty() {
            return refused(format!(
                "cgroup: {}; pid namespace: {}; RLIMIT_NPROC: {}",
                why(&self.cgroup_processes),
                self.pid_max.as_ref().err().map_or("", String::as_str),
                why(&self.processes),
            ));
        }
        Outcome::Enforced { by }
    }
}

/// Why `strict` does not start a server with this, if it does not.
pub(super) fn refusal(enforced: &Enforced) -> Option<String> {
    if enforced.level != Level::Strict {
        return None;
    }
    let breaches: Vec<&str> = enforced.breaches().map(|(promise, _)| promise.code()).collect();
    (!breaches.is_empty())
        .then(|| format!("this machine cannot keep: {} (the report says why)", breaches.join(", ")))
}

fn enforced<S: Into<String>, const N: usize>(by: [S; N]) -> Outcome {
    Outcome::Enforced { by: by.into_iter().map(Into::into).collect() }
}

fn partly<S: Into<String>, const N: usize>(by: [S; N], gap: String) -> Outcome {
    Outcome::Partly { by: by.into_iter().map(Into::into).collect(), gap }
}

fn refused(why: String) -> Outcome {
    Outcome::NotEnforced { why }
}

fn why(fact: &Fact) -> &str {
    fact.as_ref().err().map_or("", String::as_str)
}

fn mib(bytes: u64) -> String {
    format!("{} MiB", bytes / (1024 * 1024))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn all_done() -> Facts {
        Facts {
            user_namespace: Ok(()),
            mount_namespace: Ok(()),
            pid_namespace: Ok(()),
            net_namespace: Ok(()),
            ipc_namespace: Ok(()),
            uts_namespace: Ok(()),
            loopback: Ok(()),
            view: Ok(()),
            proc: Ok(()),
            pid_max: Ok(400),
            cgroup_memory: Ok(()),
            cgroup_processes: Ok(()),
            landlock: Ok(7),
            no_new_privileges: Ok(()),
            capabilities: Ok(()),
            seccomp: Ok(()),
            memory: Ok(()),
            cpu: Ok(()),
            processes: Ok(()),
            open_files: Ok(()),
            file_size: Ok(()),
        }
    }

    fn judged(facts: &Facts, policy: &Policy) -> Enforced {
        facts.judge(policy, Vec::new())
    }

    #[test]
    fn what_was_not_tried_is_not_enforced() {
        let enforced = judged(&Facts::default(), &Policy::new(Level::Strict));
        for (promise, outcome) in &enforced.promises {
            assert!(matches!(outcome, Outcome::NotEnforced { .. }), "{}: {outcome}", promise.code());
        }
        assert!(refusal(&enforced).is_some());
    }

    #[test]
    fn every_promise_is_answered_for_and_strict_starts_if_all_was_done() {
        let enforced = judged(&all_done(), &Policy::new(Level::Strict));
        assert_eq!(enforced.promises.len(), Promise::ALL.len());
        assert_eq!(refusal(&enforced), None);
    }

    #[test]
    fn strict_refuses_a_gap_in_what_is_reached_but_not_in_how_much_is_used() {
        let policy = Policy::new(Level::Strict);
        let lacks = |change: &dyn Fn(&mut Facts)| {
            let mut facts = all_done();
            change(&mut facts);
            refusal(&judged(&facts, &policy)).is_some()
        };
        let no = || Err("no".to_owned());
        assert!(!lacks(&|facts| facts.cgroup_memory = no()), "each process is still bounded");
        assert!(!lacks(&|facts| facts.landlock = Err("no".into())), "mounts do the same");
        assert!(lacks(&|facts| facts.proc = no()));
        assert!(lacks(&|facts| facts.capabilities = no()));
        assert!(lacks(&|facts| facts.view = no()));
        assert!(lacks(&|facts| facts.seccomp = no()));
    }

    #[test]
    fn only_strict_refuses() {
        assert_eq!(refusal(&judged(&Facts::default(), &Policy::new(Level::Default))), None);
    }

    #[test]
    fn a_network_that_is_allowed_is_no_gap() {
        let policy = Policy::new(Level::Strict).network(Network::Allowed);
        let mut facts = all_done();
        facts.net_namespace = Err("not asked".into());
        let enforced = judged(&facts, &policy);
        assert_eq!(refusal(&enforced), None);
        assert!(matches!(enforced.promises[&Promise::Network], Outcome::NotAsked { .. }));
    }

    #[test]
    fn sockets_are_left_only_where_they_lead_nowhere_or_may() {
        let mut facts = all_done();
        let denied = Policy::new(Level::Default);
        assert!(facts.left(&denied).internet && facts.left(&denied).local);
        facts.net_namespace = Err("no".into());
        facts.view = Err("no".into());
        assert!(!facts.left(&denied).internet && !facts.left(&denied).local);
        let allowed = denied.network(Network::Allowed);
        assert!(facts.left(&allowed).internet && facts.left(&allowed).local);
    }

    #[test]
    fn an_old_landlock_alone_does_not_keep_files_from_being_emptied() {
        let mut facts = all_done();
        facts.view = Err("no".into());
        facts.landlock = Ok(2);
        let enforced = judged(&facts, &Policy::new(Level::Default));
        assert!(matches!(enforced.promises[&Promise::Writes], Outcome::Partly { .. }));
    }
}
