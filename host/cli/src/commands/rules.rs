//! `bartizan rules`

use std::fmt::Write as _;

use bartizan_model::Rule;

use super::table;
use crate::{
    args::{Global, Rules, RulesFormat},
    exit::{Exit, Failure},
    output::to_stdout,
    session,
};

pub(crate) fn run(global: &mut Global, args: &Rules) -> Result<Exit, Failure> {
    let (config, paths) = session::configuration(global)?;
    let plugins = session::plugins(&config, paths.as_ref(), global, false)?;
    let mut rules = plugins.rules();
    if let Some(id) = &args.id {
        rules.retain(|rule| rule.id.eq_ignore_ascii_case(id));
        if rules.is_empty() {
            return Err(Failure::usage(format!("no rule is called `{id}`"), "`bartizan rules` lists them"));
        }
    }
    match args.format {
        RulesFormat::Json => {
            to_stdout(format!("{:#}\n", serde_json::json!(rules)).as_bytes(), false);
        }
        RulesFormat::Markdown => {
            to_stdout(markdown(&rules).as_bytes(), false);
        }
        RulesFormat::Text if args.id.is_some() => {
            for rule in rules {
                to_stdout(explained(rule).as_bytes(), std::io::IsTerminal::is_terminal(&std::io::stdout()));
            }
        }
        RulesFormat::Text => {
            let mut listed = table::table(&["RULE", "SEVERITY", "TITLE", "COMPONENT"]);
            for rule in rules {
                listed.add_row([&rule.id, rule.severity.as_str(), &rule.title, &rule.component]);
            }
            table::print(&listed);
        }
    }
    let any_refused = plugins.problems().iter().any(bartizan_scan::Problem::is_refusal);
    Ok(if any_refused { Exit::Refused } else { Exit::Clean })
}

fn explained(rule: &Rule) -> String {
    format!(
        "{}  {}\n{} severity, {} confidence, from {}\n{}\n\n{}\n",
        rule.id,
        rule.title,
        rule.severity,
        rule.confidence,
        rule.component,
        rule.tags.join(" "),
        rule.help.trim()
    )
}

/// The page `docs/rules.md`.
fn markdown(rules: &[&Rule]) -> String {
    let mut page = String::from(
        "# Rules\n\nMade by `just docs` from the components themselves. A finding may weigh less or more than its rule; the \
         message says why.\n\n| Rule | Severity | Title | Component |\n|---|---|---|---|\n",
    );
    for rule in rules {
        let _ = writeln!(
            page,
            "| [{}](#{}) | {} | {} | `{}` |",
            rule.id,
            rule.id.to_lowercase(),
            rule.severity,
            rule.title.replace('|', "\\|"),
            rule.component
        );
    }
    for rule in rules {
        let _ = write!(
            page,
            "\n## {}\n\n**{}** · {} severity · {} confidence · {}\n\n{}\n",
            rule.id,
            rule.title,
            rule.severity,
            rule.confidence,
            rule.tags.iter().map(|tag| format!("`{tag}`")).collect::<Vec<_>>().join(" "),
            rule.help.trim().lines().map(demoted).collect::<Vec<_>>().join("\n")
        );
    }
    page
}

/// Headings inside a rule's help stand below the rule's own.
fn demoted(line: &str) -> String {
    if line.starts_with('#') {
        format!("#{}{line}", if line.starts_with("##") { "" } else { "#" })
    } else {
        line.to_owned()
    }
}
