//! New namespaces for this process and what it starts.

use std::fs::{self, OpenOptions};

use nix::{
    errno::Errno,
    sched::{CloneFlags, unshare},
    unistd::{getegid, geteuid, sethostname},
};

use super::{
    capabilities,
    facts::{Fact, Facts},
};
use crate::{Error, Network, Policy};

/// Ubuntu gives a user namespace to everybody, and then lets nobody do anything in it.
const HOLLOW: &str = "/proc/sys/kernel/apparmor_restrict_unprivileged_userns";

/// Whether a user namespace should be tried in another process first, because this one could not come back out of it.
pub(super) fn may_be_hollow() -> bool {
    fs::read_to_string(HOLLOW).is_ok_and(|set| set.trim() != "0") && !capabilities::may_administer()
}

/// The trial: whether one can be had and something be done in it.
pub(super) fn is_usable() -> bool {
    user_namespace().is_ok_and(|fact| fact.is_ok()) && new(CloneFlags::CLONE_NEWNS).is_ok()
}

/// Enters what can be had. Only what leaves this process unable to go on is an error. `hollow` says why user namespaces
/// are of no use here, if they are not.
pub(super) fn enter(policy: &Policy, facts: &mut Facts, hollow: Option<&str>) -> Result<(), Error> {
    facts.user_namespace = match hollow {
        Some(why) => Err(why.to_owned()),
        None => user_namespace()?,
    };
    if let Err(why) = &facts.user_namespace
        && !capabilities::may_administer()
    {
        let refused: Fact = Err(format!("no user namespace: {why}"));
        for fact in [
            &mut facts.net_namespace,
            &mut facts.ipc_namespace,
            &mut facts.uts_namespace,
            &mut facts.pid_namespace,
        ] {
            fact.clone_from(&refused);
        }
        return Ok(());
    }
    facts.ipc_namespace = new(CloneFlags::CLONE_NEWIPC);
    facts.uts_namespace = new(CloneFlags::CLONE_NEWUTS);
    if policy.network != Network::Allowed {
        facts.net_namespace = new(CloneFlags::CLONE_NEWNET);
    }
    // Last, for from here on nothing but a new process can be started.
    facts.pid_namespace = new(CloneFlags::CLONE_NEWPID);
    if facts.uts_namespace.is_ok() {
        // What a server learns from the real one is of no use to it.
        let _ = sethostname("sandbox");
    }
    Ok(())
}

/// For the process that is to have a file system of its own. Not for both: whoever changes the root changes it for all in
/// the namespace.
pub(super) fn enter_mounts(facts: &mut Facts) {
    facts.mount_namespace = match &facts.user_namespace {
        Err(why) if !capabilities::may_administer() => Err(format!("no user namespace: {why}")),
        _ => new(CloneFlags::CLONE_NEWNS),
    };
}

/// In it we may do what is else for root, and only to what is ours.
fn user_namespace() -> Result<Fact, Error> {
    let (user, group) = (geteuid(), getegid());
    // Is the file there to say who we are in it? Where `/proc` is read-only it is not.
    if let Err(why) = OpenOptions::new().write(true).open("/proc/self/uid_map") {
        return Ok(Err(format!("/proc/self/uid_map cannot be written: {why}")));
    }
    if let Err(why) = unshare(CloneFlags::CLONE_NEWUSER) {
        return Ok(Err(described(why)));
    }
    // Without these we would be nobody, and there is no way back out.
    let mapped = fs::write("/proc/self/setgroups", "deny")
        .and_then(|()| fs::write("/proc/self/uid_map", format!("{user} {user} 1")))
        .and_then(|()| fs::write("/proc/self/gid_map", format!("{group} {group} 1")));
    match mapped {
        Ok(()) => Ok(Ok(())),
        Err(why) => Err(Error::Step { step: "become oneself in a new user namespace", why: why.to_string() }),
    }
}

fn new(kind: CloneFlags) -> Fact {
    unshare(kind).map_err(described)
}

fn described(why: Errno) -> String {
    match why {
        Errno::EPERM | Errno::EACCES => {
            "not permitted here (by the container's or the distribution's settings)".to_owned()
        }
        Errno::ENOSPC | Errno::EUSERS => {
            "the system's limit on them is reached (user.max_*_namespaces)".to_owned()
        }
        Errno::EINVAL => "this kernel does not have them".to_owned(),
        other => other.desc().to_owned(),
    }
}
