//! Writes a new project.

use std::{
    fs, io,
    path::{Path, PathBuf},
};

use bartizan_registry::ComponentName;

use crate::{AuthorError, Language, embedded, placeholders::Placeholders};

/// Writes a project with this name into a folder that is empty or not there. Gives the paths of its files.
///
/// It holds a rule that works, vectors for it, the SDK and the contract, so that it builds without this repository.
pub fn new_plugin(
    language: Language,
    name: &ComponentName,
    folder: &Path,
) -> Result<Vec<PathBuf>, AuthorError> {
    refuse_unless_empty(folder)?;
    let placeholders = Placeholders::of(name);
    let template = format!("templates/{language}");
    let own = embedded::files_of(&template).map(|(path, text)| (path.to_owned(), text.to_owned()));
    let shared =
        embedded::files_of("templates/shared").map(|(path, text)| (path.to_owned(), text.to_owned()));
    let filled =
        own.chain(shared).map(|(path, text)| (placeholders.fill_path(&path), placeholders.fill(&text)));
    let files: Vec<(String, String)> = filled.chain(sdk(language)).collect();
    files.iter().map(|(path, text)| write(folder, path, text)).collect()
}

/// The SDK of a language and the contract, as they lie in a project.
fn sdk(language: Language) -> Vec<(String, String)> {
    let below = |group: &str, folder: &str| -> Vec<(String, String)> {
        embedded::files_of(group).map(|(path, text)| (format!("{folder}/{path}"), text.to_owned())).collect()
    };
    match language {
        Language::Rust => rust_sdk(below),
        Language::Python => [below("sdk/python", "bartizan_sdk"), below("wit", "wit")].concat(),
        Language::JavaScript | Language::TypeScript => {
            [below("sdk/javascript", "bartizan-sdk"), below("wit", "wit")].concat()
        }
        Language::C => [below("sdk/c", "bartizan-sdk"), below("wit", "wit")].concat(),
        Language::Go => [below("sdk/go", "bartizan"), below("wit", "wit")].concat(),
    }
}

/// The crate as it is, but for two things that it takes from its workspace: where the contract lies and its manifest.
fn rust_sdk(below: impl Fn(&str, &str) -> Vec<(String, String)>) -> Vec<(String, String)> {
    let source = below("sdk/rust/src", "bartizan-sdk/src")
        .into_iter()
        .map(|(path, text)| (path, text.replace("path: \"../../wit\"", "path: \"wit\"")));
    let manifest = include_str!("rust-sdk.toml").to_owned();
    source
        .chain(below("wit", "bartizan-sdk/wit"))
        .chain([("bartizan-sdk/Cargo.toml".to_owned(), manifest)])
        .collect()
}

fn refuse_unless_empty(folder: &Path) -> Result<(), AuthorError> {
    match fs::read_dir(folder).map(Iterator::count) {
        Ok(0) => Ok(()),
        Ok(_) => Err(AuthorError::NotEmpty(folder.to_owned())),
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(()),
        Err(source) => Err(AuthorError::Io { doing: "list", path: folder.to_owned(), source }),
    }
}

fn write(folder: &Path, path: &str, text: &str) -> Result<PathBuf, AuthorError> {
    let path = folder.join(path);
    let failed = |source| AuthorError::Io { doing: "write", path: path.clone(), source };
    if let Some(parent) = path.parent() {
        fs::create_dir_all(parent).map_err(failed)?;
    }
    // `create_new`: what somebody put there since the look above stays theirs.
    let mut file = fs::OpenOptions::new().write(true).create_new(true).open(&path).map_err(failed)?;
    io::Write::write_all(&mut file, text.as_bytes()).map_err(failed)?;
    Ok(path)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn name() -> ComponentName {
        "acme/shouting".parse().unwrap()
    }

    #[test]
    fn a_project_has_a_readme_a_rule_vectors_and_the_contract_in_every_language() {
        for language in Language::ALL {
            let folder = tempfile::tempdir().unwrap();
            let files = new_plugin(language, &name(), folder.path()).unwrap();
            let has = |end: &str| files.iter().any(|path| path.ends_with(end));
            for wanted in ["README.md", ".gitignore", "types.wit"] {
                assert!(has(wanted), "{language} has no {wanted}");
            }
            for kind in ["positive", "negative"] {
                let vectors = folder.path().join("vectors/ACME-001").join(kind);
                assert!(fs::read_dir(&vectors).unwrap().count() >= 2, "{language}: {}", vectors.display());
            }
            for path in files {
                let text = fs::read_to_string(&path).unwrap();
                // Other doubled braces are Rust's.
                let left = text.split("{{").skip(1).filter_map(|rest| rest.split_once("}}"));
                let mut left = left.filter(|(word, _)| {
                    !word.is_empty() && word.bytes().all(|b| b.is_ascii_lowercase() || b == b'-')
                });
                assert!(left.next().is_none(), "{language}: {} has a placeholder left", path.display());
                assert!(!path.to_string_lossy().contains("__rule__"), "{}", path.display());
            }
        }
    }

    #[test]
    fn a_folder_with_anything_in_it_is_left_alone() {
        let folder = tempfile::tempdir().unwrap();
        fs::write(folder.path().join(".hidden"), "mine").unwrap();
        let error = new_plugin(Language::Python, &name(), folder.path()).unwrap_err();
        assert_eq!(error.code(), "not-empty");
        assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 1);
    }

    #[test]
    fn the_rust_sdk_leaves_nothing_to_its_workspace() {
        let files = sdk(Language::Rust);
        assert!(files.iter().any(|(path, _)| path == "bartizan-sdk/src/lib.rs"));
        for (path, text) in files {
            assert!(!text.contains("../../wit"), "{path}");
            assert!(!text.contains("workspace = true"), "{path}");
        }
    }

    #[test]
    fn the_rust_sdk_has_the_dependencies_that_it_has_here() {
        let here: toml::Table = include_str!("../../rust/Cargo.toml").parse().unwrap();
        let root: toml::Table = include_str!("../../../Cargo.toml").parse().unwrap();
        let there: toml::Table = include_str!("rust-sdk.toml").parse().unwrap();
        let workspace = &root["workspace"]["dependencies"];
        let wanted: Vec<&String> = here["dependencies"].as_table().unwrap().keys().collect();
        let written = there["dependencies"].as_table().unwrap();
        assert_eq!(wanted, written.keys().collect::<Vec<_>>());
        for (dependency, value) in written {
            assert_eq!(value, &workspace[dependency], "{dependency}");
        }
        assert_eq!(here["features"], there["features"]);
    }
}
