//! A pseudo-terminal, to see what would reach a real one.

use std::{
    fs::File,
    io::Read as _,
    process::{Command, Stdio},
    thread,
};

use rustix::pty::{OpenptFlags, grantpt, openpt, ptsname, unlockpt};
use rustix::termios::{Winsize, tcsetwinsize};

/// Runs the command with stdout and stderr on a terminal of 100 columns; gives its exit code and every byte that came through.
pub fn on_a_terminal(mut command: Command) -> (i32, Vec<u8>) {
    let master = openpt(OpenptFlags::RDWR | OpenptFlags::NOCTTY).unwrap();
    grantpt(&master).unwrap();
    unlockpt(&master).unwrap();
    let name = ptsname(&master, Vec::new()).unwrap();
    let open = || File::options().read(true).write(true).open(name.to_str().unwrap()).unwrap();
    let size = Winsize { ws_row: 50, ws_col: 100, ws_xpixel: 0, ws_ypixel: 0 };
    let terminal = open();
    tcsetwinsize(&terminal, size).unwrap();
    let mut child = command
        .stdout(Stdio::from(open()))
        .stderr(Stdio::from(open()))
        .env("TERM", "xterm-256color")
        .spawn()
        .unwrap();
    drop((command, terminal));
    let mut master = File::from(master);
    let reader = thread::spawn(move || {
        let mut bytes = Vec::new();
        // At the end, when nobody holds the other side any more, Linux gives an error and not an end of file.
        let _ = master.read_to_end(&mut bytes);
        bytes
    });
    let code = child.wait().unwrap().code().unwrap();
    (code, reader.join().unwrap())
}
