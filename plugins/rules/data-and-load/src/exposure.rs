//! MCP-DATA-002: more is given out than anybody needs.

use bartizan_listing::{clipped, of_identifier};
use bartizan_sdk::prelude::*;

use crate::{reading::Reading, rules};

/// What makes a list one of people.
const PEOPLE: &[&str] = &[
    "users",
    "customers",
    "employees",
    "patients",
    "clients",
    "members",
    "students",
    "contacts",
    "subscribers",
    "people",
    "citizens",
    "accounts",
];
const WHOLE: &[&str] = &["all", "every", "entire", "whole", "complete", "full"];
const READS: &[&str] = &[
    "list",
    "lists",
    "get",
    "gets",
    "return",
    "returns",
    "show",
    "shows",
    "dump",
    "dumps",
    "export",
    "exports",
    "read",
    "reads",
    "retrieve",
    "retrieves",
    "fetch",
    "fetches",
    "print",
    "prints",
    "display",
    "displays",
    "collect",
    "collects",
    "expose",
    "exposes",
    "view",
    "harvest",
    "extract",
];
/// Somebody else's environment: a project of a hosting service has variables too.
const OF_A_PROJECT: &[&str] = &[
    "project",
    "app",
    "application",
    "site",
    "service",
    "deployment",
    "container",
    "function",
    "workflow",
    "pipeline",
    "repository",
    "repo",
    "environment",
    "stack",
    "job",
    "worker",
    "team",
    "organization",
    "org",
    "workspace",
    "pod",
];

pub(crate) fn tool(reading: &Reading<'_>, _open: bool) -> Option<Finding> {
    environment(reading).or_else(|| everybody(reading))
}

pub(crate) fn rest(server: &Server, open: bool) -> Vec<Finding> {
    let files = server.resources.iter().filter_map(file_system);
    files.chain(privileged(server).filter(|_| open)).collect()
}

/// Gives out the variables of its own process: that is where its keys are.
fn environment(reading: &Reading<'_>) -> Option<Finding> {
    let Some((all, sentence)) = std::iter::once(reading.name.as_slice())
        .chain(reading.text.sentences())
        .find_map(|words| Some((environment_in(words)?, words)))
    else {
        return on_request(reading);
    };
    if reading.has_parameter(OF_A_PROJECT) {
        return None;
    }
    let narrow = reading.parameters.iter().any(|parameter| {
        let names = |word: &String| matches!(word.as_str(), "name" | "key" | "variable" | "var");
        parameter.text.is_some() && of_identifier(parameter.name).iter().any(names)
    });
    let (severity, what) = if all && !narrow {
        (
            Severity::Medium,
            "every variable of its process's environment, which is where a server keeps its keys",
        )
    } else {
        (
            Severity::Low,
            "variables of its process's environment by name, which is where a server keeps its keys",
        )
    };
    Some(
        Finding::new(rules::EXPOSURE, reading.tool, format!("By its own words the tool gives out {what}."))
            .severity(severity)
            .evidence(
                "description",
                &sentence.join(" "),
                if reading.text.sentences().next().is_some() { "/description" } else { "" },
            )
            .remediation("Return the settings that are needed, each by name, and none that is a secret."),
    )
}

/// A switch by which the environment is put into something else.
fn on_request(reading: &Reading<'_>) -> Option<Finding> {
    if !reading.declared.has(READS) {
        return None;
    }
    let found = reading.parameters.iter().filter(|parameter| parameter.text.is_none()).find(|parameter| {
        let words = of_identifier(parameter.name);
        let puts =
            words.first().is_some_and(|word| matches!(word.as_str(), "include" | "with" | "show" | "dump"));
        let env = words.get(1).is_some_and(|word| matches!(word.as_str(), "env" | "environ" | "environment"));
        let rest = words.get(2..).unwrap_or_default();
        puts && env
            && parameter.text.is_none()
            && rest.iter().all(|word| matches!(word.as_str(), "vars" | "variables"))
    })?;
    let message = "By its own words the tool gives out its process's environment when asked to, which is where a server \
                   keeps its keys.";
    let finding = Finding::new(rules::EXPOSURE, reading.tool, message).severity(Severity::Low);
    Some(finding.evidence("parameter", &clipped(found.name), ""))
}

/// Whether these words say that variables of the environment are given out, and all of them.
fn environment_in(words: &[String]) -> Option<bool> {
    let is = |at: usize, any: &[&str]| words.get(at).is_some_and(|word| any.contains(&word.as_str()));
    if let [name] = words
        && name == "printenv"
    {
        return Some(true);
    }
    let Some(at) = (0..words.len()).find(|&at| {
        let next = at.saturating_add(1);
        is(at, &["environment", "env"]) && is(next, &["variable", "variables", "var", "vars"])
            || is(at, &["env"]) && next == words.len() && words.len() <= 3
    }) else {
        return whole_environment(words).then_some(true);
    };
    let before = words.get(..at).unwrap_or_default();
    let is_plural = is(at.saturating_add(1), &["variables", "vars"]) || words.len() <= 3;
    let Some(verb) = before.iter().rposition(|word| READS.contains(&word.as_str())) else {
        return is_told_of(before).then_some(is_plural);
    };
    let between = before.get(verb..).unwrap_or_default();
    if leads_away(between) {
        return None;
    }
    let whole = between.iter().any(|word| WHOLE.contains(&word.as_str()));
    let lists =
        words.get(verb).is_some_and(|verb| !matches!(verb.as_str(), "get" | "gets" | "read" | "reads"));
    Some(is_plural && (whole || lists || words.len() <= 3))
}

/// "Returns the path from an environment variable", "configured via environment variables".
fn leads_away(words: &[String]) -> bool {
    const AWAY: [&str; 13] =
        ["from", "via", "using", "by", "through", "in", "with", "without", "if", "or", "for", "not", "never"];
    words.iter().any(|word| AWAY.contains(&word.as_str()))
}

/// "Information about the process: its arguments and all of its environment variables".
fn is_told_of(before: &[String]) -> bool {
    const TELLS: [&str; 7] =
        ["information", "info", "details", "diagnostics", "snapshot", "report", "overview"];
    let near = before.get(before.len().saturating_sub(4)..).unwrap_or_default();
    let whole = near.iter().any(|word| WHOLE.contains(&word.as_str()));
    whole && !leads_away(near) && before.iter().any(|word| TELLS.contains(&word.as_str()))
}

/// "Dumps the full environment of the host process": the word by itself means other things too, so all around it counts.
fn whole_environment(words: &[String]) -> bool {
    const BETWEEN: [&str; 8] = ["the", "its", "current", "process", "server", "host", "system", "s"];
    let Some(at) = words.iter().position(|word| word == "environment") else { return false };
    let before = words.get(..at).unwrap_or_default();
    let verb = before.iter().rposition(|word| READS.contains(&word.as_str()));
    let Some(between) = verb.and_then(|verb| before.get(verb..)) else { return false };
    let plain = |word: &String| BETWEEN.contains(&word.as_str()) || WHOLE.contains(&word.as_str());
    let strong = between.iter().any(|word| {
        WHOLE.contains(&word.as_str()) || matches!(word.as_str(), "print" | "prints" | "dump" | "dumps")
    });
    let after = words.get(at.saturating_add(1)..).unwrap_or_default();
    let of_itself = match after {
        [] => true,
        [of, rest @ ..] => {
            of == "of" && rest.iter().take(4).any(|word| matches!(word.as_str(), "process" | "server"))
        }
    };
    strong && of_itself && between.iter().skip(1).all(plain)
}

/// Everything about everybody in one answer.
fn everybody(reading: &Reading<'_>) -> Option<Finding> {
    // Whatever narrows the answer down, or pages it, makes it an ordinary list.
    if !reading.whole || !reading.parameters.is_empty() {
        return None;
    }
    let reads = reading.declared.sentences().any(|words| {
        let verb = words.iter().position(|word| READS.contains(&word.as_str()));
        let after = verb.and_then(|at| words.get(at..)).unwrap_or_default();
        let whole = after.iter().position(|word| WHOLE.contains(&word.as_str()));
        let people = whole.and_then(|at| after.get(at..)).unwrap_or_default();
        people.iter().take(4).any(|word| PEOPLE.contains(&word.as_str()))
    });
    if !reads {
        return None;
    }
    let personal = reading.text.has(&[
        "email",
        "emails",
        "phone",
        "phones",
        "address",
        "addresses",
        "birthday",
        "birth",
        "personal",
        "salary",
        "salaries",
        "private",
        "contact",
        "pii",
    ]);
    let severity = if personal { Severity::Low } else { Severity::Info };
    let message = "By its own words the tool gives out all records about people at once: it takes no parameter that would \
                   narrow the answer down or page it.";
    Some(Finding::new(rules::EXPOSURE, reading.tool, message).severity(severity).evidence(
        "description",
        reading.tool.description.as_deref().unwrap_or_default(),
        "/description",
    ))
}

/// Every file of the machine as a resource.
fn file_system(resource: &Resource) -> Option<Finding> {
    let rest = resource.uri.strip_prefix("file:")?;
    let path = rest.trim_start_matches('/');
    let (severity, what) = if resource.is_template {
        // Nothing before the expression: whatever is asked for is read.
        if !path.starts_with('{') {
            return None;
        }
        (Severity::Low, "any file of the machine by its path; nothing it says confines that to a folder")
    } else {
        let folder = path.trim_end_matches('/');
        let broad = ["", "etc", "home", "root", "users", "var", "c:", "c:/users", "c%3a", "proc"];
        if !broad.contains(&folder.to_ascii_lowercase().as_str()) {
            return None;
        }
        (Severity::Medium, "a folder of the system as a whole")
    };
    Some(
        Finding::new(rules::EXPOSURE, resource, format!("The resource gives out {what}."))
            .severity(severity)
            .evidence("URI", &clipped(&resource.uri), ""),
    )
}

/// Tools for those who run the server, where anybody is answered.
fn privileged(server: &Server) -> Option<Finding> {
    let is_for_few = |tool: &&Tool| {
        let words = of_identifier(&tool.name);
        words
            .iter()
            .any(|word| matches!(word.as_str(), "admin" | "administrator" | "superuser" | "debug" | "sudo"))
    };
    let tools: Vec<&Tool> = server.tools.iter().filter(is_for_few).collect();
    let first = tools.first()?;
    // A debugger is for debugging.
    if tools.len() > 2 && tools.len().saturating_mul(2) > server.tools.len() {
        return None;
    }
    let others = match tools.len() {
        1 => String::new(),
        count => format!(" and {} more", count.saturating_sub(1)),
    };
    let message = format!(
        "The server answers anybody in the world without credentials, and offers {}{others}, which by name is for those \
         who run it.",
        clipped(&first.name)
    );
    let mut finding = Finding::new(rules::EXPOSURE, server, message).severity(Severity::Medium);
    for tool in tools.iter().take(20) {
        finding = finding.related(*tool);
    }
    Some(finding.evidence("tool", &clipped(&first.name), ""))
}
