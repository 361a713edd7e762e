//! A rule that nobody shows to find something, or to stay silent, does not pass.

use std::{fs, process::Command};

use bartizan_author::Language;

use super::{cache, program, project, rule};

#[test]
fn a_rule_without_a_positive_or_without_a_negative_vector_fails() {
    let Some(program) = program() else { return };
    let (home, project) = project(Language::JavaScript);
    let test = || {
        let output = Command::new(&program)
            .args(["plugins", "test"])
            .arg(project.folder())
            .env("HOME", home.path())
            .env("XDG_CACHE_HOME", cache())
            .output()
            .unwrap();
        (output.status.code(), String::from_utf8(output.stdout).unwrap())
    };
    let (code, said) = test();
    assert_eq!(code, Some(0), "{said}");
    for heading in ["FUEL", "MEMORY", "TIME"] {
        assert!(said.contains(heading), "{said}");
    }
    let vectors = project.vectors().join(rule(&project));
    for kind in ["negative", "positive"] {
        fs::rename(vectors.join(kind), home.path().join(kind)).unwrap();
        let (code, said) = test();
        assert_eq!(code, Some(1), "{said}");
        assert!(said.contains("Every rule wants") && said.contains(kind), "{said}");
        fs::rename(home.path().join(kind), vectors.join(kind)).unwrap();
    }
}
