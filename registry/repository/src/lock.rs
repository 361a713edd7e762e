//! A lock on a folder, between processes.

use std::{
    fs::{File, OpenOptions, TryLockError, create_dir_all},
    io,
    path::Path,
};

/// Held until it is dropped.
#[derive(Debug)]
pub(crate) struct Lock(File);

impl Lock {
    /// Waits for the lock.
    pub(crate) fn wait(path: &Path) -> io::Result<Self> {
        let file = open(path)?;
        file.lock()?;
        Ok(Self(file))
    }

    /// The lock, if nobody else holds it.
    pub(crate) fn try_now(path: &Path) -> io::Result<Option<Self>> {
        let file = open(path)?;
        match file.try_lock() {
            Ok(()) => Ok(Some(Self(file))),
            Err(TryLockError::WouldBlock) => Ok(None),
            Err(TryLockError::Error(error)) => Err(error),
        }
    }
}

impl Drop for Lock {
    fn drop(&mut self) {
        // Closing is not enough: a process that is being started at this moment has a copy of the file, and the lock with it.
        // If unlocking fails, closing still does it a little later.
        let _ = self.0.unlock();
    }
}

fn open(path: &Path) -> io::Result<File> {
    if let Some(folder) = path.parent() {
        create_dir_all(folder)?;
    }
    OpenOptions::new().create(true).truncate(false).write(true).open(path)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_holds_it_at_a_time_and_lets_it_go() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("new/lock");
        let held = Lock::wait(&path).unwrap();
        // What a child process gets a copy of.
        let copy = held.0.try_clone().unwrap();
        assert!(Lock::try_now(&path).unwrap().is_none());
        drop(held);
        assert!(Lock::try_now(&path).unwrap().is_some());
        drop(copy);
    }
}
