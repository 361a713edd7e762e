//! What each mechanism did on this machine.

use serde::{Deserialize, Serialize};

/// Done, or why not.
pub(super) type Fact = Result<(), String>;

/// What each mechanism did. Begun by the launcher's first process, completed by the one that becomes or starts the server.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(super) struct Facts {
    pub(super) user_namespace: Fact,
    pub(super) mount_namespace: Fact,
    pub(super) pid_namespace: Fact,
    pub(super) net_namespace: Fact,
    pub(super) ipc_namespace: Fact,
    pub(super) uts_namespace: Fact,
    pub(super) loopback: Fact,
    /// A file system of its own.
    pub(super) view: Fact,
    /// A `/proc` of its own.
    pub(super) proc: Fact,
    /// A bound on process ids in its own namespace: how many.
    pub(super) pid_max: Result<u64, String>,
    pub(super) cgroup_memory: Fact,
    pub(super) cgroup_processes: Fact,
    /// The version of its interface.
    pub(super) landlock: Result<u32, String>,
    pub(super) no_new_privileges: Fact,
    pub(super) capabilities: Fact,
    pub(super) seccomp: Fact,
    pub(super) memory: Fact,
    pub(super) cpu: Fact,
    pub(super) processes: Fact,
    pub(super) open_files: Fact,
    pub(super) file_size: Fact,
}

fn not_tried<T>() -> Result<T, String> {
    Err("it was not tried".to_owned())
}

impl Default for Facts {
    fn default() -> Self {
        Self {
            user_namespace: not_tried(),
            mount_namespace: not_tried(),
            pid_namespace: not_tried(),
            net_namespace: not_tried(),
            ipc_namespace: not_tried(),
            uts_namespace: not_tried(),
            loopback: not_tried(),
            view: not_tried(),
            proc: not_tried(),
            pid_max: not_tried(),
            cgroup_memory: not_tried(),
            cgroup_processes: not_tried(),
            landlock: not_tried(),
            no_new_privileges: not_tried(),
            capabilities: not_tried(),
            seccomp: not_tried(),
            memory: not_tried(),
            cpu: not_tried(),
            processes: not_tried(),
            open_files: not_tried(),
            file_size: not_tried(),
        }
    }
}
