//! A cgroup (version 2) for the server, where one was delegated to us: the only bound on memory in all.

use std::{
    fs,
    path::{Path, PathBuf},
    time::Duration,
};

use super::facts::{Fact, Facts};
use crate::{Limits, Policy, job};

/// One that was made for this server.
#[derive(Clone, Debug, serde::Serialize, serde::Deserialize)]
pub(super) struct Cgroup {
    folder: PathBuf,
}

const MOUNTED_AT: &str = "/sys/fs/cgroup";

impl Cgroup {
    /// Makes one beside or below our own. Says in `facts` what it bounds.
    pub(super) fn make(policy: &Policy, own: &Path, facts: &mut Facts) -> Option<Self> {
        let made = candidates(Path::new(MOUNTED_AT), "/proc/self/cgroup")
            .and_then(|candidates| Self::make_in(&candidates, own, &policy.limits));
        match made {
            Ok((cgroup, memory, processes)) => {
                facts.cgroup_memory = memory;
                facts.cgroup_processes = processes;
                // For the parent, should we be killed. If it cannot be written an empty one is left, which costs nothing.
                let _ = fs::write(own.join(job::CGROUP), cgroup.folder.as_os_str().as_encoded_bytes());
                Some(cgroup)
            }
            Err(why) => {
                facts.cgroup_memory = Err(why.clone());
                facts.cgroup_processes = Err(why);
                None
            }
        }
    }

    fn make_in(candidates: &[PathBuf], own: &Path, limits: &Limits) -> Result<(Self, Fact, Fact), String> {
        let name = own.file_name().ok_or("the sandbox's folder has no name")?;
        let mut refusal = "none is delegated to this user".to_owned();
        for parent in candidates {
            let given = fs::read_to_string(parent.join("cgroup.subtree_control")).unwrap_or_default();
            let has = |controller: &str| given.split_ascii_whitespace().any(|given| given == controller);
            if !has("memory") && !has("pids") {
                continue;
            }
            let folder = parent.join(name);
            if let Err(why) = fs::create_dir(&folder) {
                refusal = format!("make one in `{}`: {why}", parent.display());
                continue;
            }
            let set = |file: &str, value: u64| -> Fact {
                fs::write(folder.join(file), value.to_string()).map_err(|why| format!("{file}: {why}"))
            };
            let memory = set("memory.max", limits.memory_in_all());
            // Else it would be a bound on what is not swapped out. A machine without swap has no such file.
            let _ = set("memory.swap.max", 0);
            let processes = set("pids.max", limits.processes);
            return Ok((Self { folder }, memory, processes));
        }
        Err(refusal)
    }

    /// Moves this process into it, and with it all that it starts.
    pub(super) fn join(&self, facts: &mut Facts) {
        if let Err(why) = fs::write(self.folder.join("cgroup.procs"), "0") {
            let refused: Fact = Err(format!("enter it: {why}"));
            facts.cgroup_memory.clone_from(&refused);
            facts.cgroup_processes = refused;
        }
    }

    /// Takes it away. The kernel needs a moment after the last process in it has ended.
    pub(super) fn remove(&self) {
        for _ in 0..20 {
            match fs::remove_dir(&self.folder) {
                Err(why) if why.kind() == std::io::ErrorKind::ResourceBusy => {
                    std::thread::sleep(Duration::from_millis(5));
                }
                _ => return,
            }
        }
    }
}

/// Takes away the one that was made for the sandbox with this folder.
pub(crate) fn remove_made_for(own: &Path) {
    let Ok(folder) = job::read_text(&own.join(job::CGROUP)) else { return };
    let folder = PathBuf::from(folder);
    // Whatever the file says: only what we would have made. And the kernel takes only an empty one.
    if folder.starts_with(MOUNTED_AT) && folder.file_name() == own.file_name() {
        Cgroup { folder }.remove();
    }
}

/// The cgroups in which a new one can be made: that of our own (we sit in it, so it may hold no limited ones beside us
/// unless it is the root) and the one above, which a user's service manager delegates.
fn candidates(mounted_at: &Path, list: &str) -> Result<Vec<PathBuf>, String> {
    if !mounted_at.join("cgroup.controllers").exists() {
        return Err("no cgroups of version 2 on this machine".to_owned());
    }
    let list = job::read_text(Path::new(list)).map_err(|why| why.to_string())?;
    let own = list
        .lines()
        .find_map(|line| line.strip_prefix("0::/"))
        .ok_or("this process is in none of version 2")?;
    let is_plain = Path::new(own).components().all(|part| matches!(part, std::path::Component::Normal(_)));
    if !is_plain {
        return Err("this process's cgroup is outside its container".to_owned());
    }
    let folder = mounted_at.join(own);
    let above = folder.parent().filter(|above| above.starts_with(mounted_at)).map(Path::to_owned);
    Ok(above.into_iter().chain([folder]).collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_a_cgroup_with_controllers_is_taken_and_never_one_outside() {
        let machine = tempfile::tempdir().unwrap();
        fs::write(machine.path().join("cgroup.controllers"), "memory pids\n").unwrap();
        fs::create_dir_all(machine.path().join("user/shell")).unwrap();
        fs::write(machine.path().join("user/cgroup.subtree_control"), "memory pids\n").unwrap();
        let list = machine.path().join("list");
        fs::write(&list, "12:cpu:/\n0::/user/shell\n").unwrap();
        let found = candidates(machine.path(), list.to_str().unwrap()).unwrap();
        let limits = Policy::new(crate::Level::Default).limits;
        let (cgroup, memory, processes) =
            Cgroup::make_in(&found, Path::new("/tmp/bartizan-x"), &limits).unwrap();
        assert_eq!(cgroup.folder, machine.path().join("user/bartizan-x"));
        assert!(memory.is_ok() && processes.is_ok());
        assert_eq!(fs::read_to_string(cgroup.folder.join("pids.max")).unwrap(), limits.processes.to_string());

        fs::write(&list, "0::/../../elsewhere\n").unwrap();
        assert!(candidates(machine.path(), list.to_str().unwrap()).is_err());
    }
}
