//! A terminal for programs under test.

use std::fs::File;
use std::io::Read;
use std::process::Command;
use std::sync::mpsc::{self, Receiver};
use std::thread;

use rustix::pty::{OpenptFlags, grantpt, ioctl_tiocgptpeer, openpt, unlockpt};
use rustix::termios::{Winsize, tcsetwinsize};

pub(crate) struct Terminal {
    /// The program's end of the terminal.
    pub(crate) program: File,
    pub(crate) keyboard: File,
    pub(crate) shown: Receiver<Vec<u8>>,
}

impl Terminal {
    pub(crate) fn new() -> Self {
        let flags = OpenptFlags::RDWR | OpenptFlags::NOCTTY;
        let pty = openpt(flags).unwrap();
        grantpt(&pty).unwrap();
        unlockpt(&pty).unwrap();
        tcsetwinsize(&pty, Winsize { ws_row: 24, ws_col: 80, ws_xpixel: 0, ws_ypixel: 0 }).unwrap();
        let program = File::from(ioctl_tiocgptpeer(&pty, flags).unwrap());
        let keyboard = File::from(pty);
        let mut screen = keyboard.try_clone().unwrap();
        let (send, shown) = mpsc::channel();
        thread::spawn(move || {
            let mut piece = [0; 4096];
            // Fails once no program has the terminal open.
            while let Ok(length @ 1..) = screen.read(&mut piece)
                && send.send(piece[..length].to_vec()).is_ok()
            {}
        });
        Self { program, keyboard, shown }
    }

    pub(crate) fn program(&self) -> File {
        self.program.try_clone().unwrap()
    }

    /// The text on the terminal until the tool ends.
    pub(crate) fn shows(self, mut command: Command) -> String {
        command.stderr(self.program());
        let mut child = command.spawn().unwrap();
        // Only the tool keeps it open.
        drop((command, self.program));
        let shown = self.shown.iter().flatten().collect();
        child.wait().unwrap();
        String::from_utf8(shown).unwrap()
    }
}
