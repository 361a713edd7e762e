//! Verbs, and what doing them does to the world.

/// What doing something does.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Act {
    /// Nothing changes by it.
    Reads,
    /// Something is made or becomes other than it was.
    Changes,
    /// Whatever is given is run.
    Runs,
    /// Something leaves for somebody else: a message, money.
    Sends,
    /// Something is no longer there.
    Destroys,
}

#[rustfmt::skip]
const READS: [&str; 92] = [
    "get", "list", "read", "search", "find", "fetch", "show", "describe", "query", "count", "check", "view", "retrieve", "lookup",
    "look", "inspect", "analyze", "analyse", "explain", "summarize", "summarise", "compare", "preview", "validate", "verify",
    "calculate", "compute", "convert", "format", "parse", "extract", "detect", "estimate", "resolve", "diff", "browse", "render",
    "translate", "test", "ping", "monitor", "watch", "scan", "discover", "identify", "suggest", "recommend", "plan", "draft",
    "simulate", "return", "provide", "display", "report", "evaluate", "load", "open", "peek", "measure", "predict", "classify",
    "decode", "encode", "hash", "help", "capture", "take", "demonstrate", "echo", "generate", "download", "export", "enumerate",
    "locate", "obtain", "select", "filter", "sort", "review", "audit", "assess", "trace", "profile", "lint", "answer", "ask",
    "navigate", "scrape", "crawl", "access", "print", "tell",
];
#[rustfmt::skip]
const DESTROYS: [&str; 24] = [
    "delete", "remove", "drop", "purge", "erase", "wipe", "destroy", "truncate", "uninstall", "terminate", "kill", "revoke",
    "unlink", "nuke", "obliterate", "unpublish", "expunge", "shred", "deprovision", "trash", "rm", "del", "rmdir", "overwrite",
];
#[rustfmt::skip]
const SENDS: [&str; 23] = [
    "send", "post", "publish", "email", "tweet", "submit", "transfer", "pay", "push", "notify", "forward", "reply", "invite",
    "broadcast", "wire", "buy", "purchase", "charge", "refund", "withdraw", "upload", "exfiltrate", "transmit",
];
#[rustfmt::skip]
const CHANGES: [&str; 62] = [
    "write", "create", "update", "edit", "insert", "save", "modify", "rename", "move", "append", "replace", "add", "install",
    "enable", "disable", "change", "alter", "commit", "merge", "rebase", "deploy", "assign", "archive", "import", "copy",
    "register", "grant", "approve", "cancel", "reboot", "shutdown", "patch", "provision", "unassign", "upsert", "store",
    "persist", "suspend", "deactivate", "ban", "subscribe", "unsubscribe", "follow", "unfollow", "configure", "rotate",
    "shut", "stage", "unstage", "clone", "initialize", "initialise", "init", "click", "fill", "launch", "boot", "restart",
    "rebuild", "reindex", "restore", "pull",
];
const RUNS: [&str; 5] = ["execute", "run", "exec", "invoke", "spawn"];

/// What is made to be given back, and is kept nowhere.
#[rustfmt::skip]
const VALUES: [&str; 65] = [
    "query", "queries", "plan", "plans", "draft", "drafts", "summary", "summaries", "report", "view", "views", "chart", "charts",
    "diagram", "diagrams", "url", "link", "description", "explanation", "preview", "example", "examples", "suggestion",
    "suggestions", "recommendation", "answer", "response", "prompt", "embedding", "embeddings", "hash", "uuid", "outline",
    "regex", "expression", "visualization", "plot", "graph", "diff", "changelog", "snippet", "sql", "breakdown", "comparison",
    "overview", "citation", "citations", "bibliography", "signature", "estimate", "quote", "map", "palette", "random", "qr",
    "fake", "mock", "sample", "wireframe", "mockup", "instructions", "guide", "test", "tests", "code",
];

/// What doing this does; `None` for words that are no such verb, or say too little.
pub(crate) fn act(word: &str) -> Option<Act> {
    let base = base(word);
    let is = |verbs: &[&str]| verbs.contains(&base.as_str()) || verbs.contains(&word);
    match () {
        () if is(&DESTROYS) => Some(Act::Destroys),
        () if is(&SENDS) => Some(Act::Sends),
        () if is(&CHANGES) => Some(Act::Changes),
        () if is(&RUNS) => Some(Act::Runs),
        () if is(&READS) => Some(Act::Reads),
        () => None,
    }
}

/// What doing this to these does. Making a text to give back changes nothing.
pub(crate) fn act_on(word: &str, objects: &[String]) -> Option<Act> {
    // "Make edits", "makes changes".
    if matches!(word, "make" | "makes") {
        let made = ["edits", "edit", "changes", "change", "updates", "modifications"];
        return objects.iter().take(3).any(|object| made.contains(&object.as_str())).then_some(Act::Changes);
    }
    let act = act(word)?;
    let ends = ["in", "from", "to", "for", "on", "with", "by", "into", "at", "of", "and", "or"];
    let given_back = objects
        .iter()
        .take(4)
        .take_while(|object| !ends.contains(&object.as_str()))
        .any(|object| VALUES.contains(&object.as_str()));
    Some(if act == Act::Changes && given_back { Act::Reads } else { act })
}

/// "deletes" as "delete", "modifies" as "modify", "pushes" as "push".
fn base(word: &str) -> String {
    if let Some(stem) = word.strip_suffix("ies") {
        return format!("{stem}y");
    }
    for ending in ["shes", "ches", "sses", "xes"] {
        if word.ends_with(ending) {
            return word.strip_suffix("es").unwrap_or(word).to_owned();
        }
    }
    word.strip_suffix('s').filter(|stem| !stem.ends_with('s')).unwrap_or(word).to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_verb_is_known_in_both_of_its_forms() {
        for (word, expected) in [
            ("delete", Act::Destroys),
            ("Deletes", Act::Destroys),
            ("pushes", Act::Sends),
            ("modifies", Act::Changes),
            ("wipes", Act::Destroys),
            ("gets", Act::Reads),
            ("runs", Act::Runs),
        ] {
            assert_eq!(act(&word.to_lowercase()), Some(expected), "{word}");
        }
        for word in ["deleted", "deletion", "weather", "address", ""] {
            assert_eq!(act(word), None, "{word}");
        }
    }

    #[test]
    fn what_is_only_given_back_changes_nothing() {
        let words = |text: &str| text.split(' ').map(str::to_owned).collect::<Vec<_>>();
        assert_eq!(act_on("creates", &words("a sql query for the table")), Some(Act::Reads));
        assert_eq!(act_on("creates", &words("a row from the query")), Some(Act::Changes));
        assert_eq!(act_on("deletes", &words("the query")), Some(Act::Destroys));
    }
}
