//! MCP-SEC-049: hints that say of a tool what it is not.
//!
//! Clients let through without asking what says that it only reads. So the hint is compared with the name, the
//! description and the schema, each read for itself, and only what several of them say is more than a remark.

use bartizan_listing::clipped;
use bartizan_sdk::prelude::*;

use crate::{
    deed::{Deed, lead},
    hints::Hints,
    rules,
    verb::Act,
};

/// One claim that does not fit.
struct Lie {
    severity: Severity,
    confidence: Confidence,
    hint: &'static str,
    why: String,
}

pub(crate) fn tool(tool: &Tool) -> Option<Finding> {
    let hints = Hints::of(tool)?;
    let deed = Deed::of(tool);
    let reads = (hints.read_only == Some(true)).then(|| not_read_only(&deed)).flatten();
    // Whoever says that a tool only reads says with that that it destroys nothing.
    let harmless =
        (hints.destructive == Some(false) && reads.is_none()).then(|| destructive(&deed)).flatten();
    let closed = (hints.open_world == Some(false)).then(|| open_world(&deed)).flatten();
    let titled =
        if reads.is_none() { hints.title.as_deref().and_then(|title| mistitled(title, &deed)) } else { None };
    let lies: Vec<Lie> = [reads, harmless, closed, titled].into_iter().flatten().collect();
    let worst = lies.iter().max_by_key(|lie| lie.severity)?;
    let message = lies.iter().map(|lie| lie.why.as_str()).collect::<Vec<_>>().join(" ");
    let mut finding =
        Finding::new(rules::ANNOTATIONS, tool, message).severity(worst.severity).confidence(worst.confidence);
    for lie in &lies {
        let said = if lie.hint == "title" {
            hints.title.clone().unwrap_or_default()
        } else {
            format!("{}: {}", lie.hint, lie.hint == "readOnlyHint")
        };
        finding = finding.evidence("annotation", &said, &format!("/annotations/{}", lie.hint));
    }
    let description: String =
        tool.description.as_deref().unwrap_or_default().trim().chars().take(300).collect();
    if !description.is_empty() {
        finding = finding.evidence("description", &description, "/description");
    }
    Some(finding)
}

fn words(act: Act) -> &'static str {
    match act {
        Act::Reads => "reads",
        Act::Changes => "changes something",
        Act::Runs => "runs what it is given",
        Act::Sends => "sends something out",
        Act::Destroys => "removes something",
    }
}

/// `readOnlyHint: true`.
fn not_read_only(deed: &Deed) -> Option<Lie> {
    let lie = |severity, confidence, why: String| {
        Some(Lie {
            severity,
            confidence,
            hint: "readOnlyHint",
            why: format!(
                "It is marked as one that only reads (`readOnlyHint`), and {why}: clients let such tools through without asking."
            ),
        })
    };
    let modifies = |act: Option<Act>| act.filter(|act| !matches!(act, Act::Reads | Act::Runs));
    let (name, said) = (modifies(deed.name), modifies(deed.lead));
    if deed.is_pure() {
        return None;
    }
    if deed.is_denied() {
        // One word must not be enough to be believed against all others.
        let grave = |act: Option<Act>| act.is_some_and(|act| act > Act::Runs);
        return if grave(name) && grave(said) && deed.name_leads {
            let why = "its name and its description say otherwise, though some words of it deny that".into();
            lie(Severity::Low, Confidence::Low, why)
        } else {
            None
        };
    }
    if let (Some(name), Some(said)) = (name, said) {
        let act = name.max(said);
        let grave = match act {
            Act::Destroys => deed.is_irrevocable() || deed.schema.forces,
            Act::Sends => deed.schema.sends,
            _ => false,
        };
        let third = if grave { ", as do its parameters or what it says of undoing it" } else { "" };
        let severity = if grave { Severity::High } else { Severity::Medium };
        return lie(
            severity,
            Confidence::High,
            format!("its name and its description say that it {}{third}", words(act)),
        );
    }
    if let Some(act) = said {
        // A name of another kind than the description is no accident; one that says nothing speaks neither way.
        let severity = match (act, deed.name) {
            (Act::Destroys, _) | (Act::Sends, Some(Act::Reads)) => Severity::Medium,
            (Act::Sends, _) if deed.schema.sends => Severity::Medium,
            (_, _) if deed.schema.writes && deed.name != Some(Act::Reads) => Severity::Medium,
            _ => Severity::Low,
        };
        return lie(severity, Confidence::Medium, format!("its description says that it {}", words(act)));
    }
    if let Some((act, choice, _)) = &deed.offers {
        let severity = if *act == Act::Destroys { Severity::Medium } else { Severity::Low };
        return lie(
            severity,
            Confidence::Medium,
            format!("its schema offers the operation `{}`", clipped(choice)),
        );
    }
    if runs(deed) {
        return lie(Severity::Medium, Confidence::Medium, "it runs code or commands that it is given".into());
    }
    if let Some((act, clause)) = &deed.also {
        let severity = if *act > Act::Changes { Severity::Medium } else { Severity::Low };
        return lie(
            severity,
            Confidence::Medium,
            format!("its description says that it {} (\u{201c}{clause}\u{201d})", words(*act)),
        );
    }
    // No description, or one that says nothing of it: the name is all there is.
    match (name, deed.lead) {
        (Some(act @ (Act::Destroys | Act::Sends)), None) if deed.name_leads => {
            lie(Severity::Low, Confidence::Low, format!("its name says that it {}", words(act)))
        }
        _ => None,
    }
}

/// Whether it runs what it is given, in a language in which everything can be said.
fn runs(deed: &Deed) -> bool {
    let what = ["code", "command", "commands", "script", "scripts", "shell", "python", "javascript", "bash"];
    let verbs = ["run", "runs", "execute", "executes", "exec"];
    deed.schema.runs && deed.declared.does(&verbs, &what, 4)
}

/// To make something be no more, and not only be elsewhere.
#[rustfmt::skip]
const FOR_GOOD: [&str; 26] = [
    "delete", "deletes", "erase", "erases", "purge", "purges", "wipe", "wipes", "destroy", "destroys", "truncate", "truncates",
    "uninstall", "uninstalls", "kill", "kills", "terminate", "terminates", "drop", "drops", "shred", "shreds", "nuke", "nukes",
    "expunge", "expunges",
];

/// `destructiveHint: false`.
fn destructive(deed: &Deed) -> Option<Lie> {
    if deed.is_pure() || deed.is_denied() {
        return None;
    }
    let lie = |severity, confidence, why: &str| {
        Some(Lie {
            severity,
            confidence,
            hint: "destructiveHint",
            why: format!("It is marked as one that destroys nothing (`destructiveHint`), and {why}."),
        })
    };
    let destroys = |act: Option<Act>| act == Some(Act::Destroys);
    let overwrites = deed.whole.does(
        &["overwrite", "overwrites", "replaces"],
        &["existing", "content", "contents", "file", "entire"],
        3,
    );
    // Who takes a label off can put it on again; who deletes cannot.
    let gone = deed.declared.has(&FOR_GOOD) || deed.is_irrevocable() || deed.schema.forces;
    match (destroys(deed.name), destroys(deed.lead)) {
        (true, true) => lie(
            if gone { Severity::Medium } else { Severity::Low },
            Confidence::High,
            "its name and its description say that it removes something",
        ),
        (false, true) if deed.name == Some(Act::Reads) => {
            lie(Severity::Medium, Confidence::Medium, "its description says that it removes something")
        }
        (false, true) => {
            lie(Severity::Low, Confidence::Medium, "its description says that it removes something")
        }
        (true, false) if deed.lead.is_none() => {
            lie(Severity::Low, Confidence::Low, "its name says that it removes something")
        }
        _ if overwrites && deed.lead != Some(Act::Reads) => {
            lie(Severity::Low, Confidence::Medium, "its description says that it overwrites what is there")
        }
        _ => None,
    }
}

/// `openWorldHint: false`.
fn open_world(deed: &Deed) -> Option<Lie> {
    let local = [
        "local",
        "locally",
        "offline",
        "cached",
        "localhost",
        "simulator",
        "emulator",
        "memory",
        "downloaded",
        "device",
    ];
    if deed.declared.has(&local) {
        return None;
    }
    let web = ["web", "website", "websites", "webpage", "internet", "online", "url", "urls", "http", "https"];
    let goes = [
        "search",
        "searches",
        "fetch",
        "fetches",
        "download",
        "downloads",
        "crawl",
        "crawls",
        "scrape",
        "scrapes",
        "request",
        "requests",
        "browse",
        "browses",
        "retrieve",
        "retrieves",
        "query",
        "queries",
        "visit",
        "visits",
        "navigate",
        "navigates",
        "post",
        "posts",
        "send",
        "sends",
        "call",
        "calls",
    ];
    let requests =
        deed.declared.does(&goes, &web, 5) || (deed.schema.requests && deed.declared.has_undenied(&goes));
    let out = [
        "email", "emails", "mail", "slack", "sms", "tweet", "telegram", "discord", "webhook", "whatsapp",
        "upload", "publish",
    ];
    let sends = deed.lead == Some(Act::Sends) && (deed.declared.has(&out) || deed.schema.requests);
    let (severity, why) = match (sends, requests) {
        (true, _) if deed.schema.sends => {
            (Severity::Medium, "it sends what it is given to an address that it is given")
        }
        (true, _) => (Severity::Low, "its description says that it sends something out"),
        (_, true) => (Severity::Low, "its description says that it reaches the net"),
        _ => return None,
    };
    Some(Lie {
        severity,
        confidence: Confidence::Medium,
        hint: "openWorldHint",
        why: format!("It is marked as one that stays in a closed world (`openWorldHint`), and {why}."),
    })
}

/// The title, which is what people see, says that it reads.
fn mistitled(title: &str, deed: &Deed) -> Option<Lie> {
    let grave = |act: Option<Act>| matches!(act, Some(Act::Destroys | Act::Sends));
    let reads = lead(title) == Some(Act::Reads);
    (reads && grave(deed.name) && grave(deed.lead) && !deed.is_pure() && !deed.is_denied()).then(|| Lie {
        severity: Severity::Medium,
        confidence: Confidence::Medium,
        hint: "title",
        why: format!(
            "The title that people see, \u{201c}{}\u{201d}, says that it reads; name and description say that it {}.",
            clipped(title),
            words(deed.lead.unwrap_or(Act::Reads))
        ),
    })
}
