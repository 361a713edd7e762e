//! A small pack to test with.

use std::{
    fs,
    path::{Path, PathBuf},
    sync::atomic::{AtomicUsize, Ordering},
};

use crate::{Config, Enabled, RulePack, prelude::*};

/// Finds the word "bad" in tool descriptions: medium, or low when the name says "maybe". At the word "broken" it gives up.
pub(super) struct Bad;

impl RulePack for Bad {
    fn info() -> Info {
        Info::new("test/bad", "1.0.0", "")
    }

    fn rules() -> Vec<Rule> {
        vec![Rule::new("BAD-1", "bad", Severity::Medium)]
    }

    fn check(server: &Server, _: &Enabled, _: &Config) -> Result<Vec<Finding>, Failure> {
        let says =
            |tool: &&Tool, word: &str| tool.description.as_deref().is_some_and(|text| text.contains(word));
        if server.tools.iter().any(|tool| says(&tool, "broken")) {
            return Err(Failure::Other("broken".to_owned()));
        }
        let finding = |tool: &Tool| {
            let finding = Finding::new("BAD-1", tool, "said it");
            if tool.name == "maybe" { finding.severity(Severity::Low) } else { finding }
        };
        Ok(server.tools.iter().filter(|tool| says(tool, "bad")).map(finding).collect())
    }
}

/// A folder of its own for each test, gone with it.
pub(super) struct Folder(PathBuf);

impl Folder {
    /// With these files in it.
    pub(super) fn with(files: &[(&str, &str)]) -> Self {
        static NEXT: AtomicUsize = AtomicUsize::new(0);
        let number = NEXT.fetch_add(1, Ordering::Relaxed);
        let root = std::env::temp_dir().join(format!("bartizan-sdk-{}-{number}", std::process::id()));
        for (name, text) in files {
            let path = root.join(name);
            fs::create_dir_all(path.parent().unwrap()).unwrap();
            fs::write(path, text).unwrap();
        }
        Self(root)
    }

    pub(super) fn path(&self) -> &Path {
        &self.0
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        // Left behind at worst, in a folder for such things.
        let _ = fs::remove_dir_all(&self.0);
    }
}
