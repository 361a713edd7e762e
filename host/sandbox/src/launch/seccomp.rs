//! The filter of system calls: what only serves to break out, to look into others or to attack the kernel is refused.
//!
//! A list of what is refused, not of what is allowed: servers are written in every language, and a runtime that meets a
//! refusal it does not expect ends in riddles.

use std::collections::BTreeMap;

use nix::libc;
use seccompiler::{
    BpfProgram, SeccompAction, SeccompCmpArgLen, SeccompCmpOp, SeccompCondition, SeccompFilter, SeccompRule,
    TargetArch, apply_filter,
};

/// Refused whatever their arguments.
#[rustfmt::skip]
const REFUSED: &[libc::c_long] = &[
    // Other processes.
    libc::SYS_ptrace, libc::SYS_process_vm_readv, libc::SYS_process_vm_writev, libc::SYS_kcmp, libc::SYS_pidfd_getfd,
    libc::SYS_process_madvise, libc::SYS_move_pages, libc::SYS_migrate_pages,
    // Mounts and namespaces.
    libc::SYS_mount, libc::SYS_umount2, libc::SYS_pivot_root, libc::SYS_chroot, libc::SYS_open_tree,
    libc::SYS_move_mount, libc::SYS_fsopen, libc::SYS_fsconfig, libc::SYS_fsmount, libc::SYS_fspick,
    libc::SYS_mount_setattr, libc::SYS_unshare, libc::SYS_setns,
    // Files past their path.
    libc::SYS_open_by_handle_at, libc::SYS_name_to_handle_at,
    // Where most holes of the kernel were found.
    libc::SYS_bpf, libc::SYS_perf_event_open, libc::SYS_userfaultfd, libc::SYS_io_uring_setup,
    libc::SYS_io_uring_enter, libc::SYS_io_uring_register, libc::SYS_add_key, libc::SYS_request_key, libc::SYS_keyctl,
    libc::SYS_fanotify_init, libc::SYS_personality, libc::SYS_quotactl, libc::SYS_vhangup,
    // The whole machine.
    libc::SYS_init_module, libc::SYS_finit_module, libc::SYS_delete_module, libc::SYS_kexec_load,
    libc::SYS_kexec_file_load, libc::SYS_reboot, libc::SYS_swapon, libc::SYS_swapoff, libc::SYS_acct,
    libc::SYS_settimeofday, libc::SYS_clock_settime, libc::SYS_clock_adjtime, libc::SYS_adjtimex,
    libc::SYS_sethostname, libc::SYS_setdomainname, libc::SYS_syslog,
];

/// `open_tree_attr`, which libc has no name for yet.
const OPEN_TREE_ATTR: libc::c_long = 467;

#[cfg(target_arch = "x86_64")]
#[rustfmt::skip]
const REFUSED_HERE: &[libc::c_long] = &[
    libc::SYS_iopl, libc::SYS_ioperm, libc::SYS_modify_ldt, libc::SYS_uselib,
    libc::SYS_nfsservctl, libc::SYS_lookup_dcookie, libc::SYS__sysctl, libc::SYS_ustat, libc::SYS_sysfs,
];
#[cfg(target_arch = "aarch64")]
const REFUSED_HERE: &[libc::c_long] = &[libc::SYS_nfsservctl, libc::SYS_lookup_dcookie];
#[cfg(not(any(target_arch = "x86_64", target_arch = "aarch64")))]
const REFUSED_HERE: &[libc::c_long] = &[];

/// New namespaces, with which an unprivileged process gets at parts of the kernel that are else for root.
const NAMESPACES: [libc::c_int; 7] = [
    libc::CLONE_NEWUSER,
    libc::CLONE_NEWNS,
    libc::CLONE_NEWPID,
    libc::CLONE_NEWNET,
    libc::CLONE_NEWIPC,
    libc::CLONE_NEWUTS,
    libc::CLONE_NEWCGROUP,
];

/// Putting words into the mouth of whoever sits at the terminal.
const TERMINAL_INPUT: [u64; 2] = [0x5412, 0x541C];

type Rules = BTreeMap<i64, Vec<SeccompRule>>;

/// What is left because it reaches nothing that it should not.
#[derive(Clone, Copy, Debug)]
pub(super) struct Left {
    /// Sockets of the internet.
    pub(super) internet: bool,
    /// Sockets of local services.
    pub(super) local: bool,
    /// Memory and queues that processes share by a number or name, those of System V and of POSIX.
    pub(super) shared: bool,
}

const SHARED: &[libc::c_long] = &[
    libc::SYS_shmget,
    libc::SYS_shmat,
    libc::SYS_semget,
    libc::SYS_msgget,
    libc::SYS_mq_open,
    libc::SYS_mq_unlink,
];

/// Installs the filter.
pub(super) fn install(left: Left) -> Result<(), String> {
    let programs = programs(left)?;
    for program in &programs {
        apply_filter(program).map_err(|why| why.to_string())?;
    }
    Ok(())
}

fn programs(left: Left) -> Result<[BpfProgram; 2], String> {
    let arch = arch()?;
    let failed = |why: seccompiler::BackendError| why.to_string();
    let refused = SeccompFilter::new(
        also_x32(refused(left).map_err(failed)?),
        SeccompAction::Allow,
        SeccompAction::Errno(libc::EPERM.unsigned_abs()),
        arch,
    );
    // What it is asked for cannot be seen from here; whoever is told that it does not exist takes `clone`.
    let absent = SeccompFilter::new(
        also_x32(BTreeMap::from([(libc::SYS_clone3, Vec::new())])),
        SeccompAction::Allow,
        SeccompAction::Errno(libc::ENOSYS.unsigned_abs()),
        arch,
    );
    let program = |filter: Result<SeccompFilter, seccompiler::BackendError>| -> Result<BpfProgram, String> {
        filter.and_then(TryInto::try_into).map_err(failed)
    };
    Ok([program(refused)?, program(absent)?])
}

/// A call made for another architecture is answered with death: its numbers mean other things.
fn arch() -> Result<TargetArch, String> {
    TargetArch::try_from(std::env::consts::ARCH)
        .map_err(|_| format!("no filter for {}", std::env::consts::ARCH))
}

fn refused(left: Left) -> Result<Rules, seccompiler::BackendError> {
    let mut rules: Rules =
        REFUSED.iter().chain(REFUSED_HERE).chain([&OPEN_TREE_ATTR]).map(|call| (*call, Vec::new())).collect();
    // Other families are rarely used and often broken; one of them reaches the host of a virtual machine.
    if !left.shared {
        rules.extend(SHARED.iter().map(|call| (*call, Vec::new())));
    }
    let internet: &[libc::c_int] = if left.internet { &[libc::AF_INET, libc::AF_INET6] } else { &[] };
    let local: &[libc::c_int] = if left.local { &[libc::AF_UNIX] } else { &[] };
    let others = internet
        .iter()
        .chain(local)
        .chain(&[libc::AF_NETLINK])
        .map(|family| {
            condition(0, SeccompCmpArgLen::Dword, SeccompCmpOp::Ne, u64::from(family.unsigned_abs()))
        })
        .collect::<Result<Vec<_>, _>>()?;
    rules.insert(libc::SYS_socket, vec![SeccompRule::new(others)?]);
    let namespaces = NAMESPACES
        .iter()
        .map(|flag| {
            let flag = u64::from(flag.unsigned_abs());
            one(condition(0, SeccompCmpArgLen::Qword, SeccompCmpOp::MaskedEq(flag), flag)?)
        })
        .collect::<Result<Vec<_>, _>>()?;
    rules.insert(libc::SYS_clone, namespaces);
    let terminal = TERMINAL_INPUT
        .iter()
        .map(|request| one(condition(1, SeccompCmpArgLen::Dword, SeccompCmpOp::Eq, *request)?))
        .collect::<Result<Vec<_>, _>>()?;
    rules.insert(libc::SYS_ioctl, terminal);
    Ok(rules)
}

fn condition(
    argument: u8,
    length: SeccompCmpArgLen,
    operator: SeccompCmpOp,
    value: u64,
) -> Result<SeccompCondition, seccompiler::BackendError> {
    SeccompCondition::new(argument, length, operator, value)
}

fn one(condition: SeccompCondition) -> Result<SeccompRule, seccompiler::BackendError> {
    SeccompRule::new(vec![condition])
}

/// The same calls under the numbers of x32, which runs on x86-64 as the same architecture: a bit above, some moved.
#[cfg(target_arch = "x86_64")]
fn also_x32(mut rules: Rules) -> Rules {
    const BIT: i64 = 0x4000_0000;
    /// ioctl, ptrace, kexec_load, process_vm_readv, process_vm_writev.
    const MOVED: [(libc::c_long, i64); 5] = [
        (libc::SYS_ioctl, 514),
        (libc::SYS_ptrace, 521),
        (libc::SYS_kexec_load, 528),
        (libc::SYS_process_vm_readv, 539),
        (libc::SYS_process_vm_writev, 540),
    ];
    for (call, rule) in rules.clone() {
        for number in MOVED.iter().filter(|(plain, _)| *plain == call).map(|(_, moved)| *moved) {
            rules.insert(BIT | number, rule.clone());
        }
        rules.insert(BIT | call, rule);
    }
    rules
}

#[cfg(not(target_arch = "x86_64"))]
fn also_x32(rules: Rules) -> Rules {
    rules
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_filter_fits_into_what_the_kernel_takes() {
        for left in [true, false] {
            let programs = programs(Left { internet: left, local: left, shared: left }).unwrap();
            assert!(programs.iter().all(|program| program.len() < 4096));
        }
    }
}
