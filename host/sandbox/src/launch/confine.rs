//! The steps by which a process gives up what the server must not have, in the only order that works.

use std::{
    ffi::{OsStr, OsString},
    fs::File,
    path::{Path, PathBuf},
};

use nix::unistd::chdir;

use super::{
    capabilities,
    cgroup::Cgroup,
    facts::Facts,
    judge,
    landlock::{self, Allowed},
    limits, loopback, mounts, namespaces, places, seccomp,
    view::{Asked, View},
};
use crate::{Enforced, Error, Home, Network, job};

/// What is left to do: run the server with this environment.
pub(super) struct Confined {
    /// Where the end is told; still open though the place it is at cannot be reached any more.
    pub(super) report: File,
    pub(super) report_path: PathBuf,
    pub(super) environment: Vec<(OsString, OsString)>,
}

/// Confines this process. `command` is only looked at, for the files that it names.
pub(super) fn confine(
    job: &job::Job,
    own: &Path,
    mut facts: Facts,
    cgroup: Option<&Cgroup>,
    command: &[OsString],
) -> Result<Confined, Error> {
    let policy = &job.policy;
    let cwd = std::env::current_dir().unwrap_or_else(|_| "/".into());
    let report_path = own.join(job::REPORT);
    let mut report = job::create(&report_path)?;
    if let Some(cgroup) = cgroup {
        cgroup.join(&mut facts);
    }
    if policy.network == Network::Loopback && facts.net_namespace.is_ok() {
        facts.loopback = loopback::bring_up();
    }
    let asked = Asked { policy, home: &job.home, cwd: &cwd, cwd_is_named: job.cwd_is_named, command, own };
    let mut view = View::plan(asked);
    let unseen = build(&view, job, own, &mut facts);
    let has_view = facts.view.is_ok();
    let folders = Folders::new(&view, job, own, has_view);
    if !has_view {
        folders.link_toolchains(&job.home, &view);
    }
    let mut notes = std::mem::take(&mut view.notes);
    notes.extend(unseen);
    let notes = go_to(&cwd, &folders.home, notes);

    // From here on less and less is possible: what is opened must be opened before Landlock, what is counted before the limits.
    let allowed = if has_view {
        Allowed::within(&view)
    } else {
        Allowed::instead_of(&view, &[folders.home.clone(), folders.temporary.clone()])
    };
    limits::set(policy, &mut facts);
    facts.no_new_privileges = nix::sys::prctl::set_no_new_privs().map_err(|why| why.desc().to_owned());
    facts.landlock = landlock::restrict(&allowed, policy);
    facts.capabilities = capabilities::drop_all();
    facts.seccomp = seccomp::install(facts.left(policy));

    let mut enforced = facts.judge(policy, notes);
    enforced.refused = judge::refusal(&enforced);
    tell(&mut report, &report_path, &enforced)?;
    Ok(Confined { report, report_path, environment: folders.environment(job) })
}

fn tell(report: &mut File, path: &Path, enforced: &Enforced) -> Result<(), Error> {
    job::write_line(report, path, enforced)?;
    match &enforced.refused {
        Some(why) => Err(Error::Refused(why.clone())),
        None => Ok(()),
    }
}

/// Gives it a file system of its own, if that can be had. Says what could not be shown in it.
fn build(view: &View, job: &job::Job, own: &Path, facts: &mut Facts) -> Vec<String> {
    namespaces::enter_mounts(facts);
    let built = match &facts.mount_namespace {
        Ok(()) => mounts::build(view, &job.policy, own, facts.pid_namespace.is_ok()),
        Err(why) => Err(why.clone()),
    };
    match built {
        Ok(built) => {
            facts.view = Ok(());
            facts.proc = built.proc;
            facts.pid_max = built.pid_max;
            built.notes
        }
        Err(why) => {
            facts.proc = Err(why.clone());
            facts.pid_max = Err(why.clone());
            facts.view = Err(why);
            Vec::new()
        }
    }
}

/// Back to where it was to start, if that can be seen.
fn go_to(cwd: &Path, home: &Path, mut notes: Vec<String>) -> Vec<String> {
    if chdir(cwd).is_ok() {
        return notes;
    }
    notes.push(format!("it starts in its home, because it does not see `{}`", cwd.display()));
    if chdir(home).is_err() {
        let _ = chdir("/");
    }
    notes
}

/// What the server takes for its home and temporary folder.
struct Folders {
    home: PathBuf,
    temporary: PathBuf,
}

impl Folders {
    fn new(view: &View, job: &job::Job, own: &Path, has_view: bool) -> Self {
        let home = match (&job.policy.home, has_view) {
            (Home::Named(folder), _) => folder.clone(),
            (Home::Throwaway, true) => view.home_variable.clone(),
            (Home::Throwaway, false) => own.join("home"),
        };
        Self { home, temporary: if has_view { "/tmp".into() } else { own.join("tmp") } }
    }

    /// Version managers look for themselves in the home.
    fn link_toolchains(&self, real: &Path, view: &View) {
        for below in places::TOOLCHAINS {
            let (link, target) = (self.home.join(below), real.join(below));
            let is_shown = super::view::canonical(&target).is_some_and(|target| view.shown.contains(&target));
            if is_shown && link.parent().is_some_and(|folder| std::fs::create_dir_all(folder).is_ok()) {
                let _ = std::os::unix::fs::symlink(target, link);
            }
        }
    }

    fn environment(&self, job: &job::Job) -> Vec<(OsString, OsString)> {
        let own = [
            ("HOME", self.home.as_os_str()),
            ("TMPDIR", self.temporary.as_os_str()),
            ("TMP", self.temporary.as_os_str()),
            ("TEMP", self.temporary.as_os_str()),
        ];
        let own = own.into_iter().map(|(name, value)| (OsString::from(name), value.to_owned()));
        let set = job.policy.env.iter().map(|(name, value)| (name.into(), OsStr::new(value).to_owned()));
        own.chain(set).collect()
    }
}
