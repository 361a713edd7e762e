//! What Landlock adds: the same view once more as a list of what is allowed, and no signals, sockets or inspection across.

use std::path::{Path, PathBuf};

use landlock::{
    ABI, Access as _, AccessFs, AccessNet, BitFlags, LandlockStatus, Ruleset, RulesetAttr as _,
    RulesetCreatedAttr as _, RulesetError, RulesetStatus, Scope, path_beneath_rules,
};

use super::{
    places,
    view::{Place, View},
};
use crate::{Level, Network, Policy};

/// The newest that was tested; an older kernel has less of it.
const NEWEST: ABI = ABI::V9;

/// More entries in one folder than this are not looked at one by one.
const MOST_ENTRIES: usize = 10_000;

/// What is allowed where.
#[derive(Debug, Default)]
pub(super) struct Allowed {
    pub(super) read: Vec<PathBuf>,
    pub(super) write: Vec<PathBuf>,
    pub(super) devices: Vec<PathBuf>,
}

impl Allowed {
    /// Within a file system of its own: all that is there.
    pub(super) fn within(view: &View) -> Self {
        let mut write = vec![PathBuf::from("/tmp"), "/var/tmp".into(), "/dev/shm".into(), view.home.clone()];
        write.extend(view.writable.iter().cloned());
        let mut devices = devices();
        devices.extend(["/dev/pts".into(), "/dev/ptmx".into()]);
        Self { read: vec!["/".into()], write, devices }
    }

    /// On this machine's own file system: everything but what is hidden, folder by folder.
    pub(super) fn instead_of(view: &View, own: &[PathBuf]) -> Self {
        let mut read = Vec::new();
        let mut pending = vec![PathBuf::from("/")];
        while let Some(folder) = pending.pop() {
            // Processes come and go, so this cannot be taken apart; Landlock itself keeps others' memory and environment.
            if folder == Path::new("/proc") {
                read.push(folder);
                continue;
            }
            let is_apart = view
                .hidden
                .iter()
                .chain(&view.masked)
                .chain(&view.shown)
                .any(|below| below != &folder && below.starts_with(&folder));
            match (view.place(&folder), is_apart) {
                (Place::Hidden, false) | (Place::Writable, _) => {}
                (_, false) => read.push(folder),
                (_, true) => pending.extend(entries(&folder)),
            }
        }
        // Devices of the machine's own folder are everybody's, disks among them.
        read.retain(|path| !path.starts_with("/dev"));
        let write = own.iter().chain(&view.writable).cloned().collect();
        Self { read, write, devices: devices() }
    }
}

fn devices() -> Vec<PathBuf> {
    places::DEVICES.iter().map(|name| Path::new("/dev").join(name)).collect()
}

fn entries(folder: &Path) -> Vec<PathBuf> {
    let Ok(entries) = std::fs::read_dir(folder) else { return Vec::new() };
    entries
        .take(MOST_ENTRIES)
        .flatten()
        // A link is only as good as what it leads to.
        .filter(|entry| entry.file_type().is_ok_and(|kind| !kind.is_symlink()))
        .map(|entry| entry.path())
        .collect()
}

/// Restricts this process and all it starts. Says which version of the interface did it.
pub(super) fn restrict(allowed: &Allowed, policy: &Policy) -> Result<u32, String> {
    let status = apply(allowed, policy).map_err(|why| why.to_string())?;
    match (status.ruleset, status.landlock) {
        (RulesetStatus::NotEnforced, LandlockStatus::NotEnabled) => {
            Err("this kernel was started without it".to_owned())
        }
        (RulesetStatus::NotEnforced, _) => Err("this kernel does not have it".to_owned()),
        (_, LandlockStatus::Available { effective_abi, .. }) => Ok(effective_abi as u32),
        _ => Err("this kernel does not say whether it has it".to_owned()),
    }
}

fn apply(allowed: &Allowed, policy: &Policy) -> Result<landlock::RestrictionStatus, RulesetError> {
    let handled = AccessFs::from_all(NEWEST);
    let mut ruleset = Ruleset::default().handle_access(handled)?.scope(Scope::from_all(NEWEST))?;
    if policy.network == Network::Denied {
        ruleset = ruleset.handle_access(AccessNet::from_all(ABI::V4))?;
    }
    let read = AccessFs::from_read(NEWEST);
    // No device files; and what it wrote itself it may run, as package managers do, unless that is forbidden.
    let mut write = handled & !(AccessFs::MakeChar | AccessFs::MakeBlock | AccessFs::IoctlDev);
    if policy.level == Level::Strict {
        write &= !BitFlags::from(AccessFs::Execute);
    }
    let device = AccessFs::ReadFile
        | AccessFs::ReadDir
        | AccessFs::WriteFile
        | AccessFs::IoctlDev
        | AccessFs::Truncate;
    ruleset
        .create()?
        .add_rules(path_beneath_rules(named(&allowed.read), read))?
        .add_rules(path_beneath_rules(named(&allowed.write), write))?
        .add_rules(path_beneath_rules(named(&allowed.devices), device))?
        .restrict_self()
}

/// What has a place in the file system. For anything else, such as a pipe behind a link, the kernel refuses the rule, and one
/// refused rule would cost all of them.
fn named(paths: &[PathBuf]) -> impl Iterator<Item = &PathBuf> {
    paths.iter().filter(|path| path.canonicalize().is_ok_and(|real| real.exists()))
}
