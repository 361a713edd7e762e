//! What differs from one new project to the next.

use bartizan_registry::ComponentName;

use crate::build::{COMPONENTIZE_PY, COMPONENTIZE_QJS, TYPESCRIPT, ZIGLANG};

/// The longest rule id the host takes, less "-001".
const MAX_PREFIX: usize = 60;
/// The version a project starts at.
const FIRST_VERSION: &str = "0.1.0";

/// The words that stand in templates, in texts as `{{word}}` and in paths as `__word__`.
pub(crate) struct Placeholders(Vec<(&'static str, String)>);

impl Placeholders {
    pub(crate) fn of(name: &ComponentName) -> Self {
        let package = package_of(name);
        Self(vec![
            ("name", name.to_string()),
            ("publisher", name.publisher().to_owned()),
            ("short", name.name().to_owned()),
            ("rule", rule_of(name)),
            ("module", package.replace('-', "_")),
            ("package", package),
            ("version", FIRST_VERSION.to_owned()),
            ("componentize-py", COMPONENTIZE_PY.to_owned()),
            ("componentize-qjs", COMPONENTIZE_QJS.to_owned()),
            ("typescript", TYPESCRIPT.to_owned()),
            ("ziglang", ZIGLANG.to_owned()),
        ])
    }

    pub(crate) fn fill(&self, text: &str) -> String {
        self.replace(text, "{{", "}}")
    }

    pub(crate) fn fill_path(&self, path: &str) -> String {
        self.replace(path, "__", "__")
    }

    fn replace(&self, text: &str, before: &str, after: &str) -> String {
        self.0.iter().fold(text.to_owned(), |text, (word, value)| {
            text.replace(&format!("{before}{word}{after}"), value)
        })
    }
}

/// The first rule's id: the publisher in capitals and a number.
fn rule_of(name: &ComponentName) -> String {
    let prefix: String = name.publisher().to_ascii_uppercase().chars().take(MAX_PREFIX).collect();
    format!("{}-001", prefix.trim_end_matches('-'))
}

/// A name that cargo, npm and Go take too: theirs must begin with a letter.
fn package_of(name: &ComponentName) -> String {
    let package = format!("{}-{}", name.publisher(), name.name());
    if package.starts_with(|first: char| first.is_ascii_digit()) {
        format!("plugin-{package}")
    } else {
        package
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn any_name_gives_ids_that_the_host_and_package_managers_take() {
        for (name, rule, package) in [
            ("acme/shouting", "ACME-001".to_owned(), "acme-shouting".to_owned()),
            ("3m/x", "3M-001".to_owned(), "plugin-3m-x".to_owned()),
            (
                &format!("{}-{}/x", "a".repeat(59), "b".repeat(4)),
                format!("{}-001", "A".repeat(59)),
                format!("{}-{}-x", "a".repeat(59), "b".repeat(4)),
            ),
        ] {
            let name: ComponentName = name.parse().unwrap();
            assert_eq!((rule_of(&name), package_of(&name)), (rule, package));
            assert!(rule_of(&name).len() <= 64);
        }
    }
}
