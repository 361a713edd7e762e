//! Between the parent and the server: hands signals on, and the way it ended back.

use std::{fs::File, io};

use nix::{
    errno::Errno,
    sys::{
        signal::{Signal, kill, raise},
        wait::{WaitPidFlag, WaitStatus, waitpid},
    },
    unistd::Pid,
};
use signal_hook::{
    consts::{SIGCHLD, SIGCONT, SIGHUP, SIGINT, SIGQUIT, SIGTERM, SIGUSR1, SIGUSR2, SIGWINCH},
    iterator::Signals,
};

use crate::{End, Error};

/// Handed on.
const SIGNALS: [i32; 8] = [SIGCONT, SIGHUP, SIGINT, SIGQUIT, SIGTERM, SIGUSR1, SIGUSR2, SIGWINCH];

/// Listens, from before the child is there, so that nothing is missed.
pub(super) fn listen() -> Result<Signals, Error> {
    Signals::new(SIGNALS.into_iter().chain([SIGCHLD]))
        .map_err(|why| Error::Step { step: "listen to signals", why: why.to_string() })
}

/// Hands signals to the child and waits for its end, reaping whatever else ends meanwhile.
pub(super) fn wait_for(child: Pid, mut signals: Signals) -> Result<End, Error> {
    for signal in signals.forever() {
        if signal != SIGCHLD {
            if let Ok(signal) = Signal::try_from(signal) {
                let _ = kill(child, signal);
            }
            continue;
        }
        if let Some(end) = reap(child)? {
            return Ok(end);
        }
    }
    Err(Error::Step { step: "wait for the server", why: "no more signals arrive".to_owned() })
}

fn reap(child: Pid) -> Result<Option<End>, Error> {
    loop {
        match waitpid(None, Some(WaitPidFlag::WNOHANG)) {
            Ok(WaitStatus::Exited(pid, code)) if pid == child => return Ok(Some(End::Exited { code })),
            Ok(WaitStatus::Signaled(pid, signal, _)) if pid == child => {
                return Ok(Some(End::Killed { signal: signal as i32 }));
            }
            Ok(WaitStatus::StillAlive) => return Ok(None),
            Ok(_) | Err(Errno::EINTR) => {}
            Err(why) => return Err(Error::Step { step: "wait for the server", why: why.desc().to_owned() }),
        }
    }
}

/// Lets go of the pipes, which are the server's alone: else nobody would see it close them.
pub(super) fn let_go(nowhere: &File) -> Result<(), Error> {
    let failed =
        |why: Errno| Error::Step { step: "let go of the server's pipes", why: why.desc().to_owned() };
    nix::unistd::dup2_stdin(nowhere).map_err(failed)?;
    nix::unistd::dup2_stdout(nowhere).map_err(failed)?;
    nix::unistd::dup2_stderr(nowhere).map_err(failed)
}

/// What a shell makes of it.
pub(super) fn code(end: &End) -> i32 {
    match end {
        End::Exited { code } => *code,
        End::Killed { signal } => 128_i32.saturating_add(*signal),
        End::NotStarted { not_found: true, .. } => 127,
        End::NotStarted { .. } => 126,
    }
}

/// Ends this process as the server ended. Comes back only if it cannot.
pub(super) fn end_like(end: &End) -> i32 {
    if let End::Killed { signal } = end
        && let Ok(signal) = Signal::try_from(*signal)
    {
        // The one puts back what the signal does of itself; for this one there is nothing to put back.
        let _ = signal_hook::low_level::emulate_default_handler(signal as i32);
        let _ = raise(signal);
    }
    code(end)
}

/// Why a program could not be started.
pub(super) fn not_started(why: &io::Error) -> End {
    End::NotStarted { why: why.to_string(), not_found: why.kind() == io::ErrorKind::NotFound }
}
