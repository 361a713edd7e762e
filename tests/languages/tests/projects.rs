//! A project is made, built and run, in every language, and says the same in all of them.
//!
//! The tools are those that `tests/setup.sh` installs: `target/venv` and `target/npm`, or the folders that
//! `BARTIZAN_TEST_VENV` and `BARTIZAN_TEST_NPM` name. The sandbox is the program: `BARTIZAN_BIN`, or `target/debug/bartizan`.

#![allow(
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::string_slice,
    reason = "a test that cannot go on says where"
)]
#![cfg(unix)]

#[path = "projects/bundle.rs"]
mod bundle;
#[path = "projects/coverage.rs"]
mod coverage;
#[path = "projects/sandbox.rs"]
mod sandbox;
#[path = "projects/surface.rs"]
mod surface;
#[path = "projects/watch.rs"]
mod watch;

use std::{
    collections::BTreeMap,
    env, fs,
    os::unix::fs::symlink,
    path::{Path, PathBuf},
    sync::{Arc, Mutex, OnceLock, PoisonError},
};

use bartizan_author::{BuildOptions, Language, Project, build, new_plugin, read_project};
use tempfile::TempDir;

/// The workspace's folder.
fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../..")
}

fn folder(variable: &str, usual: &str) -> PathBuf {
    env::var_os(variable).map_or_else(|| root().join("target").join(usual), PathBuf::from)
}

/// A new project with the tools that its language needs.
fn project(language: Language) -> (TempDir, Project) {
    let folder_of = tempfile::tempdir().unwrap();
    let path = folder_of.path().join("project");
    new_plugin(language, &format!("{language}-team/shouting").parse().unwrap(), &path).unwrap();
    equip(&path, language);
    let project = read_project(&path).unwrap();
    (folder_of, project)
}

/// The program, if it was built.
fn program() -> Option<PathBuf> {
    let path =
        env::var_os("BARTIZAN_BIN").map_or_else(|| root().join("target/debug/bartizan"), PathBuf::from);
    if !path.is_file() {
        eprintln!("NOT TESTED: there is no `{}`", path.display());
        return None;
    }
    Some(path.canonicalize().unwrap())
}

/// The id of a project's one rule.
fn rule(project: &Project) -> String {
    format!("{}-001", project.name.publisher().to_ascii_uppercase())
}

/// Where compiled code is kept: what is compiled depends on nothing but the component, and a Python one takes long.
fn cache() -> &'static Path {
    static CACHE: OnceLock<TempDir> = OnceLock::new();
    CACHE.get_or_init(|| tempfile::tempdir().unwrap()).path()
}

/// A project that was built.
struct Built {
    _folder: TempDir,
    project: Project,
    component: Vec<u8>,
}

/// The example of a language, built once.
fn built(language: Language) -> Arc<Built> {
    static ALL: Mutex<BTreeMap<Language, Arc<OnceLock<Arc<Built>>>>> = Mutex::new(BTreeMap::new());
    let once = Arc::clone(ALL.lock().unwrap_or_else(PoisonError::into_inner).entry(language).or_default());
    let make = || {
        let (folder, project) = project(language);
        let component = build(&project, BuildOptions::default()).unwrap_or_else(|error| {
            panic!("{error}\n{}; `bash tests/setup.sh` installs the tools of these tests", error.advice())
        });
        Arc::new(Built { _folder: folder, project, component })
    };
    Arc::clone(once.get_or_init(make))
}

/// Gives a project the tools that `tests/setup.sh` installed.
fn equip(path: &Path, language: Language) {
    let tools = [
        (folder("BARTIZAN_TEST_VENV", "venv"), ".venv"),
        (folder("BARTIZAN_TEST_NPM", "npm").join("node_modules"), "node_modules"),
    ];
    for (from, name) in tools {
        if from.exists() {
            symlink(from.canonicalize().unwrap(), path.join(name)).unwrap();
        }
    }
    if language == Language::Rust {
        // Cargo's folder is shared by the runs, or every run would build the bindings anew.
        let target = root().join("target/languages");
        fs::create_dir_all(path.join(".cargo")).unwrap();
        fs::create_dir_all(&target).unwrap();
        let config = format!("[build]\ntarget-dir = '{}'\n", target.canonicalize().unwrap().display());
        fs::write(path.join(".cargo/config.toml"), config).unwrap();
    }
}

/// Builds a new project, holds what came out against the contract, and runs it.
fn builds_and_finds(language: Language, at_most: usize) {
    let built = built(language);
    let (project, component) = (&built.project, &built.component);
    assert!(component.len() <= at_most, "{language}: {} bytes, at most {at_most} wanted", component.len());
    surface::is_the_contracts(component);
    sandbox::says_what_the_vectors_say(project, component);
}

#[test]
fn a_rust_project_builds_outside_this_repository_and_finds_what_its_vectors_say() {
    builds_and_finds(Language::Rust, 200 << 10);
}

#[test]
fn a_python_project_builds_and_finds_what_its_vectors_say() {
    builds_and_finds(Language::Python, 20 << 20);
}

#[test]
fn a_javascript_project_builds_and_finds_what_its_vectors_say() {
    builds_and_finds(Language::JavaScript, 2 << 20);
}

#[test]
fn a_typescript_project_builds_and_finds_what_its_vectors_say() {
    builds_and_finds(Language::TypeScript, 2 << 20);
}

#[test]
fn a_c_project_builds_and_finds_what_its_vectors_say() {
    builds_and_finds(Language::C, 64 << 10);
}

#[test]
fn a_go_project_builds_and_finds_what_its_vectors_say() {
    let on_path =
        env::var_os("PATH").is_some_and(|path| env::split_paths(&path).any(|f| f.join("go").is_file()));
    if !on_path && !folder("BARTIZAN_TEST_VENV", "venv").join("bin/go").is_file() {
        eprintln!("NOT TESTED: there is no Go on this machine, so no Go project was built");
        return;
    }
    builds_and_finds(Language::Go, 8 << 20);
}

#[test]
fn typescript_that_does_not_fit_the_contract_is_not_built() {
    let (_folder, project) = project(Language::TypeScript);
    let entry = project.folder().join("src/rules.ts");
    let text = fs::read_to_string(&entry).unwrap();
    fs::write(&entry, text.replace("tool.description ??", "tool.descripton ??")).unwrap();
    let error = build(&project, BuildOptions::default()).unwrap_err();
    assert_eq!(error.code(), "tool-failed");
    assert!(error.to_string().contains("descripton"), "{error}");
}

#[test]
fn c_that_opens_a_file_is_not_built() {
    let (_folder, project) = project(Language::C);
    let entry = project.folder().join("src/rules.c");
    let text = fs::read_to_string(&entry).unwrap();
    let opens = text
        .replace("#include \"bartizan.h\"", "#include \"bartizan.h\"\n#include <stdio.h>")
        .replace("if (shouts(text)) {", "if (fopen(\"/etc/passwd\", \"r\") != NULL || shouts(text)) {");
    assert_ne!(text, opens);
    fs::write(&entry, opens).unwrap();
    let error = build(&project, BuildOptions::default()).unwrap_err();
    assert!(error.to_string().contains("wasi_snapshot_preview1"), "{error}");
}

#[test]
fn a_python_project_that_keeps_wasi_without_asking_for_it_cannot_be_made() {
    let (_folder, project) = project(Language::Python);
    let mut asking = project.clone();
    asking.grants = std::iter::once(bartizan_registry::Grant::Wasi).collect();
    let kept = build(&asking, BuildOptions::default()).unwrap();
    assert!(surface::imports(&kept).iter().any(|import| import.starts_with("wasi:")));
    let stubbed = build(&project, BuildOptions::default()).unwrap();
    assert!(surface::imports(&stubbed).iter().all(|import| import.starts_with("bartizan:plugin/")));
}

#[test]
fn a_missing_tool_is_named_together_with_what_installs_it() {
    let folder = tempfile::tempdir().unwrap();
    new_plugin(Language::Python, &"acme/shouting".parse().unwrap(), folder.path()).unwrap();
    let project = read_project(folder.path()).unwrap();
    match build(&project, BuildOptions::default()) {
        Err(error) => {
            assert_eq!(error.code(), "no-tool");
            assert!(error.advice().contains("pip install componentize-py=="), "{}", error.advice());
        }
        Ok(_) => eprintln!("NOT TESTED: componentize-py is on PATH here, so it cannot be missing"),
    }
}
