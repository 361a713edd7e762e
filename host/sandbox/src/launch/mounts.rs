//! A file system of the server's own: the view, carried out with mounts, below a folder that then becomes the root.
//!
//! Nothing changes for this process until the very end, so that a machine that refuses one step leaves it as it was.

use std::{
    collections::{BTreeMap, BTreeSet},
    fs::{self, OpenOptions},
    os::unix::fs::{DirBuilderExt as _, OpenOptionsExt as _, symlink},
    path::{Path, PathBuf},
};

use nix::{
    errno::Errno,
    mount::{MntFlags, MsFlags, mount, umount2},
};

use super::{
    facts::Fact,
    mountinfo, places,
    view::{Place, View},
};
use crate::Policy;

/// What was done, beyond the view itself.
pub(super) struct Built {
    /// What could not be shown.
    pub(super) notes: Vec<String>,
    pub(super) proc: Fact,
    pub(super) pid_max: Result<u64, String>,
}

/// The numbers up to here are not given out again once all were used, so a bound on ids is this much above the bound on processes.
const RESERVED_IDS: u64 = 300;

/// Enough for what installed packages consist of, and a bound on what the kernel keeps for it.
const MOST_FILES: u32 = 200_000;

const NONE: Option<&str> = None;

/// What is done at a place. Of two at the same place the later one counts.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Action {
    Hide,
    /// With this folder of the throw-away ones.
    Replace(&'static str),
    Bind,
}

struct Builder<'a> {
    view: &'a View,
    policy: &'a Policy,
    /// Becomes the new root.
    root: PathBuf,
    /// Everything that is not on this machine's disks.
    scratch: PathBuf,
    /// Mounts that stay as they are: devices and the like.
    settled: BTreeSet<PathBuf>,
    hidden: u32,
    notes: Vec<String>,
}

/// Builds the view and makes it this process's root. An error leaves everything as it was.
pub(super) fn build(
    view: &View,
    policy: &Policy,
    own: &Path,
    has_pid_namespace: bool,
) -> Result<Built, String> {
    let mut builder = Builder {
        view,
        policy,
        root: own.join("root"),
        scratch: own.join("scratch"),
        settled: BTreeSet::new(),
        hidden: 0,
        notes: Vec::new(),
    };
    let built = builder.build(has_pid_namespace);
    if built.is_err() {
        // Half a view is none, and would be a second way to everything in it.
        let _ = umount2(&builder.root, MntFlags::MNT_DETACH);
        let _ = umount2(&builder.scratch, MntFlags::MNT_DETACH);
    }
    built
}

impl Builder<'_> {
    fn build(&mut self, has_pid_namespace: bool) -> Result<Built, String> {
        self.base()?;
        self.places()?;
        self.devices()?;
        let (proc, pid_max) = self.proc(has_pid_namespace)?;
        self.links();
        self.settle()?;
        self.enter()?;
        Ok(Built { notes: std::mem::take(&mut self.notes), proc, pid_max })
    }

    fn base(&mut self) -> Result<(), String> {
        // Otherwise what is mounted later on this machine would appear in the view, and the other way round.
        step("make mounts private", mount(NONE, "/", NONE, MsFlags::MS_REC | MsFlags::MS_PRIVATE, NONE))?;
        if self.view.whole {
            bind(Path::new("/"), &self.root)?;
        } else {
            let flags = MsFlags::MS_NOSUID | MsFlags::MS_NODEV;
            let options = Some("mode=755,size=1m,nr_inodes=16k");
            step("mount an empty root", mount(Some("tmpfs"), &self.root, Some("tmpfs"), flags, options))?;
        }
        let options = format!("mode=755,size={},nr_inodes={MOST_FILES}", self.policy.limits.scratch_bytes);
        let flags = MsFlags::MS_NOSUID | MsFlags::MS_NODEV;
        step(
            "mount the throw-away folder",
            mount(Some("tmpfs"), &self.scratch, Some("tmpfs"), flags, Some(options.as_str())),
        )?;
        for (name, mode) in [("home", 0o700), ("tmp", 0o1777), ("shm", 0o1777), ("dev", 0o755)] {
            make_folder(&self.scratch.join(name), mode)?;
        }
        let empty = self.scratch.join("empty");
        OpenOptions::new()
            .write(true)
            .create_new(true)
            .mode(0o000)
            .open(&empty)
            .map_err(|why| why.to_string())?;
        Ok(())
    }

    /// Hides, shows and makes writable, from the root downwards: what is deeper is done later and counts.
    fn places(&mut self) -> Result<(), String> {
        let bound =
            self.view.shown.iter().chain(&self.view.writable).map(|path| (path.clone(), Action::Bind));
        let hidden =
            self.view.hidden.iter().chain(&self.view.masked).map(|path| (path.clone(), Action::Hide));
        let own = [
            (PathBuf::from("/tmp"), "tmp"),
            (PathBuf::from("/var/tmp"), "tmp"),
            (self.view.home.clone(), "home"),
        ]
        .map(|(path, scratch)| (path, Action::Replace(scratch)));
        let mut all: Vec<(PathBuf, Action)> = hidden.chain(own).chain(bound).collect();
        all.sort_by_key(|(path, action)| (path.components().count(), *action));
        for (path, action) in all {
            match action {
                Action::Hide => self.hide(&path)?,
                Action::Replace(scratch) => bind(&self.scratch.join(scratch), &self.target(&path, true)?)?,
                // To see less than it should is no danger.
                Action::Bind => {
                    let shown = self.target(&path, path.is_dir()).and_then(|target| bind(&path, &target));
                    if let Err(why) = shown {
                        self.notes.push(format!("`{}` cannot be shown to it: {why}", path.display()));
                    }
                }
            }
        }
        Ok(())
    }

    fn hide(&mut self, path: &Path) -> Result<(), String> {
        let target = join(&self.root, path);
        let Ok(found) = fs::symlink_metadata(&target) else { return Ok(()) };
        if found.is_dir() {
            self.hidden += 1;
            let empty = self.scratch.join(format!("hidden{}", self.hidden));
            make_folder(&empty, 0o755)?;
            bind(&empty, &target)
        } else {
            bind(&self.scratch.join("empty"), &target)
        }
    }

    fn devices(&mut self) -> Result<(), String> {
        let folder = self.target(Path::new("/dev"), true)?;
        bind(&self.scratch.join("dev"), &folder)?;
        for name in places::DEVICES {
            let device = Path::new("/dev").join(name);
            if !device.exists() {
                continue;
            }
            let target = self.target(&device, false)?;
            bind(&device, &target)?;
            self.settled.insert(target);
        }
        for (name, to) in [("fd", "/proc/self/fd"), ("stdin", "fd/0"), ("stdout", "fd/1"), ("stderr", "fd/2")]
        {
            symlink(to, folder.join(name)).map_err(|why| format!("make /dev/{name}: {why}"))?;
        }
        let shm = self.target(Path::new("/dev/shm"), true)?;
        bind(&self.scratch.join("shm"), &shm)?;
        // Terminals of its own; without them only programs that open one fail.
        let terminals = self.target(Path::new("/dev/pts"), true)?;
        let flags = MsFlags::MS_NOSUID | MsFlags::MS_NOEXEC;
        let options = Some("newinstance,ptmxmode=0666,mode=620");
        if mount(Some("devpts"), &terminals, Some("devpts"), flags, options).is_ok() {
            self.settled.insert(terminals);
            symlink("pts/ptmx", folder.join("ptmx")).map_err(|why| format!("make /dev/ptmx: {why}"))?;
        }
        Ok(())
    }

    fn proc(&mut self, has_pid_namespace: bool) -> Result<(Fact, Result<u64, String>), String> {
        let target = self.target(Path::new("/proc"), true)?;
        let refusal = if has_pid_namespace {
            let flags = MsFlags::MS_NOSUID | MsFlags::MS_NODEV | MsFlags::MS_NOEXEC;
            match mount(Some("proc"), &target, Some("proc"), flags, NONE) {
                Ok(()) => {
                    // Its files of the whole machine are for root; here is no root but of this namespace.
                    for file in places::HIDDEN_FILES.iter().filter_map(|file| file.strip_prefix("/proc/")) {
                        let file = target.join(file);
                        if file.exists() {
                            bind(&self.scratch.join("empty"), &file)?;
                        }
                    }
                    let pid_max = bound_ids(&target, self.policy.limits.processes);
                    return Ok((Ok(()), pid_max));
                }
                Err(why) => format!("mount /proc: {}", why.desc()),
            }
        } else {
            "no pid namespace".to_owned()
        };
        if !self.view.whole {
            bind(Path::new("/proc"), &target)?;
        }
        Ok((Err(refusal.clone()), Err(refusal)))
    }

    fn links(&self) {
        for (link, to) in &self.view.links {
            let target = join(&self.root, link);
            if fs::symlink_metadata(&target).is_ok() {
                continue;
            }
            // Where its folder cannot be made it would not be seen either.
            if target.parent().is_some_and(|folder| fs::create_dir_all(folder).is_ok()) {
                let _ = symlink(to, &target);
            }
        }
    }

    /// Makes every mount of the view read-only but for the writable places, and keeps devices and set-user-id programs
    /// from working in all of them.
    fn settle(&self) -> Result<(), String> {
        let writable: BTreeSet<PathBuf> = ["/tmp", "/var/tmp", "/dev/shm"]
            .into_iter()
            .map(|path| join(&self.root, Path::new(path)))
            .collect();
        let home = join(&self.root, &self.view.home);
        // Of several at one place only the last is in sight, and it is the one that a remount changes.
        let mounts: BTreeMap<PathBuf, MsFlags> =
            mountinfo::below(&self.root)?.into_iter().map(|mount| (mount.at, mount.flags)).collect();
        for (at, flags) in mounts {
            let found = mountinfo::Mount { at, flags };
            if self.settled.contains(&found.at) {
                continue;
            }
            let seen = Path::new("/").join(found.at.strip_prefix(&self.root).unwrap_or(&found.at));
            let may_write =
                writable.contains(&found.at) || found.at == home || self.view.place(&seen) == Place::Writable;
            let mut flags = found.flags | MsFlags::MS_NOSUID | MsFlags::MS_NODEV;
            if !may_write {
                flags |= MsFlags::MS_RDONLY;
            } else if !self.view.whole {
                flags |= MsFlags::MS_NOEXEC;
            }
            if flags == found.flags {
                continue;
            }
            let all = flags | MsFlags::MS_BIND | MsFlags::MS_REMOUNT;
            match mount(NONE, &found.at, NONE, all, NONE) {
                // Or out of sight: below another mount (then no mount is found here), or in a folder that this user may not
                // enter, nor the server.
                Ok(()) | Err(Errno::ENOENT | Errno::EACCES | Errno::ENOTDIR | Errno::EINVAL) => {}
                Err(why) => return Err(format!("make `{}` read-only: {}", seen.display(), why.desc())),
            }
        }
        Ok(())
    }

    fn enter(&self) -> Result<(), String> {
        step("enter the new root", nix::unistd::chdir(&self.root))?;
        // Onto itself: the old root is then on top, and taken away at once.
        step("change the root", nix::unistd::pivot_root(".", "."))?;
        step("leave the old root", umount2(".", MntFlags::MNT_DETACH))?;
        step("enter the new root", nix::unistd::chdir("/"))
    }

    /// Whether it is in a folder of ours: until it is settled the rest is this machine's own disk.
    fn is_made_here(&self, path: &Path) -> bool {
        let below = |folder: &Path| path.starts_with(folder) && path != folder;
        !self.view.whole
            || below(Path::new("/dev"))
            || below(&self.view.home)
            || self.view.hidden.iter().any(|hidden| below(hidden))
    }

    /// The place in the new root, made if it is not there, which is only possible where something was hidden.
    fn target(&self, path: &Path, is_folder: bool) -> Result<PathBuf, String> {
        let target = join(&self.root, path);
        if fs::symlink_metadata(&target).is_ok() {
            return Ok(target);
        }
        if !self.is_made_here(path) {
            return Err(format!("there is no `{}`", path.display()));
        }
        let made = if is_folder {
            fs::create_dir_all(&target)
        } else {
            target.parent().map_or(Ok(()), fs::create_dir_all).and_then(|()| {
                OpenOptions::new().write(true).create(true).truncate(false).open(&target).map(drop)
            })
        };
        made.map_err(|why| format!("make `{}`: {why}", path.display()))?;
        Ok(target)
    }
}

/// In a namespace of its own the highest process id bounds how many there can be.
fn bound_ids(proc: &Path, processes: u64) -> Result<u64, String> {
    // Before, there was one bound for the whole machine, which is not ours to change.
    if !super::kernel_is_at_least(6, 14) {
        return Err("needs Linux 6.14".to_owned());
    }
    let most = RESERVED_IDS.saturating_add(processes);
    fs::write(proc.join("sys/kernel/pid_max"), most.to_string()).map_err(|why| format!("pid_max: {why}"))?;
    Ok(most)
}

fn bind(from: &Path, to: &Path) -> Result<(), String> {
    // With everything below: part of a tree that was inherited cannot be taken out of it.
    mount(Some(from), to, NONE, MsFlags::MS_BIND | MsFlags::MS_REC, NONE)
        .map_err(|why| format!("bind `{}`: {}", from.display(), why.desc()))
}

fn make_folder(path: &Path, mode: u32) -> Result<(), String> {
    let failed = |why: std::io::Error| format!("make `{}`: {why}", path.display());
    fs::DirBuilder::new().mode(mode).create(path).map_err(failed)?;
    // The mask of new files must not have its say.
    let permissions = std::os::unix::fs::PermissionsExt::from_mode(mode);
    fs::set_permissions(path, permissions).map_err(failed)
}

/// Below another root.
fn join(root: &Path, path: &Path) -> PathBuf {
    root.join(path.strip_prefix("/").unwrap_or(path))
}

fn step(what: &str, result: nix::Result<()>) -> Result<(), String> {
    result.map_err(|why| format!("{what}: {}", why.desc()))
}
