//! Words by what they do in a sentence. A word may be of several classes; most are of none.

use std::{
    collections::HashMap,
    hash::{BuildHasherDefault, Hasher},
    sync::LazyLock,
};

/// A set of classes.
pub(crate) type Class = u64;

/// Ends a sentence.
pub(crate) const STOP: Class = 1;
/// Ends a clause: a colon.
pub(crate) const PAUSE: Class = 1 << 1;
/// Any number, date or version.
pub(crate) const NUMBER: Class = 1 << 2;
/// The host of a URL, or an address.
pub(crate) const PLACE: Class = 1 << 3;
/// A path to what is somebody's own: keys, credentials, files of a system.
pub(crate) const PRIVATE: Class = 1 << 4;
/// A name as programs have them: `read_file`.
pub(crate) const NAME: Class = 1 << 5;

/// Denies.
pub(crate) const NOT: Class = 1 << 6;
/// Makes something known.
pub(crate) const TELL: Class = 1 << 7;
/// Whom, or what, is told.
pub(crate) const PERSON: Class = 1 << 8;
/// The user.
pub(crate) const USER: Class = 1 << 9;
/// Whoever reads.
pub(crate) const READER: Class = 1 << 10;
/// An obligation.
pub(crate) const MUST: Class = 1 << 11;
/// As [`MUST`], or said to be important.
pub(crate) const WEIGHTY: Class = 1 << 12;
/// Looks something up (bare verb).
pub(crate) const READ: Class = 1 << 13;
/// Hands something over (bare verb).
pub(crate) const GIVE: Class = 1 << 14;
/// Handed over, read.
pub(crate) const DONE: Class = 1 << 15;
/// Sends, in any form.
pub(crate) const SEND: Class = 1 << 16;
/// Calls a tool (bare verb).
pub(crate) const CALL: Class = 1 << 17;
/// Calls a tool, in any form.
pub(crate) const CALLS: Class = 1 << 18;
/// Makes something else of it.
pub(crate) const CHANGE: Class = 1 << 19;
/// What a call is made of.
pub(crate) const THING: Class = 1 << 20;
/// When.
pub(crate) const MOMENT: Class = 1 << 21;
/// Starts a clause that an order may follow.
pub(crate) const THEN: Class = 1 << 22;
/// A secret that a tool may honestly ask for.
pub(crate) const SECRET: Class = 1 << 23;
/// Lets somebody know.
pub(crate) const INFORM: Class = 1 << 24;
/// Words before [`TALK`] that make it somebody's.
pub(crate) const WHOSE: Class = 1 << 25;
/// What was said.
pub(crate) const TALK: Class = 1 << 26;
/// Praise.
pub(crate) const PRAISE: Class = 1 << 27;
/// Puts something aside.
pub(crate) const ASIDE: Class = 1 << 28;
/// What was there before.
pub(crate) const EARLIER: Class = 1 << 29;
/// Has a command run (bare verb).
pub(crate) const RUN: Class = 1 << 30;
/// A command.
pub(crate) const COMMAND: Class = 1 << 31;
/// Of all kinds.
pub(crate) const PREPOSITION: Class = 1 << 32;
/// Stands between a preposition and a parameter's name.
pub(crate) const FILLER: Class = 1 << 33;
/// Whoever is neither the user nor this server.
pub(crate) const OUTSIDE: Class = 1 << 34;
/// An illustration follows.
pub(crate) const EXAMPLE: Class = 1 << 35;
/// Whatever the user wants.
pub(crate) const WHATEVER: Class = 1 << 36;
/// Leave to do something.
pub(crate) const LEAVE: Class = 1 << 37;
/// Unseen.
pub(crate) const QUIET: Class = 1 << 38;
/// Runs, deletes, writes, sends: what a tool does by its own words.
pub(crate) const RUNS: Class = 1 << 39;
/// As [`RUNS`].
pub(crate) const DELETES: Class = 1 << 40;
/// As [`RUNS`].
pub(crate) const WRITES: Class = 1 << 41;
/// As [`RUNS`].
pub(crate) const SENDS: Class = 1 << 42;
/// A tool.
pub(crate) const TOOL: Class = 1 << 43;
/// More than one of them.
pub(crate) const ANY: Class = 1 << 44;
/// What opens doors, in the plural or as a whole: nobody's parameter.
pub(crate) const KEYS: Class = 1 << 45;
/// Words before [`KEYS`] that make them somebody's.
pub(crate) const KEPT: Class = 1 << 46;
/// As [`KEPT`], and never the tool's own.
pub(crate) const HELD: Class = 1 << 50;
/// Somewhere else.
pub(crate) const REMOTE: Class = 1 << 51;
/// A word that starts with a capital.
pub(crate) const CAPITAL: Class = 1 << 52;
/// A word between backticks.
pub(crate) const TICKED: Class = 1 << 53;
/// A word behind a comma.
pub(crate) const BEHIND_COMMA: Class = 1 << 54;
/// Makes an end of something (bare verb).
pub(crate) const DESTROY: Class = 1 << 55;
/// Keeps something from somebody (bare verb).
pub(crate) const HIDE: Class = 1 << 56;
/// Let know.
pub(crate) const TOLD: Class = 1 << 57;
/// Speaks for somebody.
pub(crate) const REPLY: Class = 1 << 47;
/// Of a date.
pub(crate) const MONTH: Class = 1 << 48;
/// Goes to a place and sends nothing there (bare verb).
pub(crate) const VISIT: Class = 1 << 49;

#[rustfmt::skip]
const LISTS: &[(Class, &[&str])] = &[
    (NOT, &["not", "never", "don't", "dont", "without", "avoid", "refrain", "mustn't", "shouldn't", "doesn't", "cannot", "can't"]),
    (TELL, &[
        "tell", "mention", "telling", "mentioning", "inform", "informing", "reveal", "revealing", "disclose", "disclosing", "notify",
        "notifying", "explain", "explaining", "say", "alert", "alerting", "show",
    ]),
    (PERSON, &["user", "users", "anyone", "anybody", "human", "person", "them", "why", "that", "this", "it"]),
    (USER, &["user", "users", "user's", "human", "customer"]),
    (READER, &["you", "assistant", "model", "agent", "llm", "ai"]),
    (MUST, &["must", "always", "automatically", "should", "shall"]),
    (WEIGHTY, &["must", "always", "never", "mandatory", "required", "important", "critical"]),
    (READ, &[
        "read", "open", "load", "cat", "get", "fetch", "retrieve", "access", "inspect", "print", "dump", "view", "find", "locate",
        "search", "scan", "list", "grab", "collect", "gather", "harvest", "extract", "enumerate", "copy", "obtain", "capture", "echo", "look",
    ]),
    (GIVE, &[
        "include", "pass", "send", "provide", "attach", "share", "copy", "append", "forward", "insert", "paste", "upload", "supply",
        "give", "put", "embed", "encode", "submit", "transmit", "post", "report", "prepend", "hand",
    ]),
    (DONE, &[
        "included", "passed", "sent", "provided", "attached", "shared", "copied", "appended", "forwarded", "inserted", "pasted",
        "uploaded", "supplied", "read", "embedded", "encoded", "submitted", "transmitted", "posted", "collected", "gathered",
        "retrieved", "extracted",
    ]),
    (SEND, &[
        "send", "sends", "sent", "forward", "forwards", "forwarded", "upload", "uploads", "uploaded", "post", "posts", "copy", "copies",
        "transmit", "report", "bcc", "cc", "submit", "exfiltrate", "mail", "mirror", "mirrored", "copied", "posted",
    ]),
    (CALL, &["use", "call", "invoke", "run", "execute", "trigger"]),
    (CALLS, &[
        "using", "calling", "invoking", "use", "call", "calls", "executing", "running", "execute", "invoke", "answering", "responding",
        "replying", "returning", "proceeding", "starting",
    ]),
    (CHANGE, &["change", "modify", "replace", "alter", "rewrite", "substitute", "redirect", "overwrite", "set", "swap"]),
    (THING, &[
        "query", "parameter", "parameters", "argument", "arguments", "destination", "recipient", "input", "result", "results", "output",
        "request", "response", "answer", "reply", "amount", "account",
    ]),
    (MOMENT, &["before", "when", "whenever", "after", "first", "every"]),
    (THEN, &["then", "and", "also", "first", "next", "please", "always", "afterwards", "finally", "additionally", "silently", "quietly",
        "secretly", "simply", "immediately", "automatically", "instead"]),
    (SECRET, &["password", "passwords", "credentials", "credential", "secret", "secrets", "token", "tokens", "apikey", "passphrase"]),
    (INFORM, &["inform", "tell", "report", "warn", "notify", "advise"]),
    (WHOSE, &["conversation", "chat", "previous", "user's", "system", "entire", "full", "environment", "private"]),
    (TALK, &["history", "messages", "prompt", "conversation", "variables", "transcript", "context"]),
    (PRAISE, &["best", "superior", "premium", "ultimate", "unmatched", "professional", "enhanced", "trusted"]),
    (ASIDE, &["ignore", "disregard", "forget", "override", "overrides", "supersede", "supersedes", "bypass"]),
    (EARLIER, &["instructions", "instruction", "rules", "prompt", "guidelines", "previous", "prior", "earlier", "policies", "directives",
        "directions", "above"]),
    (RUN, &["run", "execute", "perform", "issue", "type", "invoke"]),
    (COMMAND, &["following", "command", "commands", "cat", "echo", "rm", "curl", "wget"]),
    (PREPOSITION, &["as", "in", "into", "to", "via", "through", "within", "under", "using", "by", "with"]),
    (FILLER, &["the", "a", "an", "its", "this", "optional", "hidden", "extra", "required", "parameter", "field", "argument", "tool's"]),
    (OUTSIDE, &["third", "partner", "partner's", "analytics", "audit", "auditing", "compliance", "telemetry", "vendor", "collector"]),
    (EXAMPLE, &["example", "examples", "e", "eg", "such", "like", "default", "defaults"]),
    (WHATEVER, &["regardless", "irrespective", "instead", "whatever", "despite"]),
    (LEAVE, &["asking", "confirming", "prompting", "confirmation", "approval", "permission", "consent", "waiting"]),
    (QUIET, &["silently", "secretly", "covertly", "surreptitiously", "discreetly", "invisibly"]),
    (RUNS, &["exec", "execute", "executes", "shell", "bash", "eval", "run_command", "terminal", "subprocess", "command"]),
    (DELETES, &["delete", "deletes", "remove", "removes", "drop", "drops", "destroy", "purge", "truncate", "wipe"]),
    (WRITES, &[
        "write", "writes", "overwrite", "overwrites", "edit", "edits", "modify", "modifies", "update", "updates", "create", "creates",
        "insert", "rename", "move", "patch",
    ]),
    (SENDS, &["send", "sends", "upload", "uploads", "publish", "publishes", "email", "forward"]),
    (TOOL, &["tool", "tools", "function", "functions"]),
    (ANY, &["any", "other", "all", "every", "another", "each"]),
    (KEYS, &["keys", "key", "passwords", "credentials", "secrets", "tokens", "cookies", "variables", "variable", "keychain", "wallets"]),
    (KEPT, &[
        "stored", "saved", "private", "ssh", "api", "environment", "browser", "cloud", "aws", "session", "access", "local", "wallet",
        "user's", "users",
    ]),
    (HELD, &["stored", "saved", "private", "ssh", "environment", "browser", "local", "wallet", "user's", "users"]),
    (DESTROY, &["delete", "remove", "drop", "destroy", "purge", "wipe", "erase"]),
    (HIDE, &["hide", "conceal", "withhold", "keep"]),
    (TOLD, &["told", "informed", "notified", "aware", "asked", "shown", "alerted"]),
    (REMOTE, &["server", "endpoint", "host", "webhook", "remote", "external", "website", "site"]),
    (REPLY, &["reply", "respond", "answer", "say", "tell"]),
    (MONTH, &[
        "january", "february", "march", "april", "june", "july", "august", "september", "october", "november", "december", "jan", "feb",
        "mar", "apr", "jun", "jul", "aug", "sep", "oct", "nov", "dec",
    ]),
    (VISIT, &["visit", "open", "navigate", "browse", "contact", "download", "fetch", "connect", "install", "load"]),
];

/// FNV-1a. What is in the table nobody else chooses, so it needs no hash that withstands anybody.
#[derive(Clone, Copy, Default)]
struct Fnv(u64);

impl Hasher for Fnv {
    fn finish(&self) -> u64 {
        self.0
    }

    fn write(&mut self, bytes: &[u8]) {
        for byte in bytes {
            self.0 = (self.0 ^ u64::from(*byte)).wrapping_mul(0x0100_0000_01b3);
        }
    }
}

static CLASSES: LazyLock<HashMap<&'static str, Class, BuildHasherDefault<Fnv>>> = LazyLock::new(|| {
    let mut classes: HashMap<&'static str, Class, BuildHasherDefault<Fnv>> = HashMap::default();
    for (class, words) in LISTS {
        for word in *words {
            *classes.entry(*word).or_default() |= class;
        }
    }
    classes
});

/// All that a word, in lower case, is.
pub(crate) fn class_of(word: &str) -> Class {
    // The longest word above has fourteen letters.
    if word.len() > 16 || word.len() < 2 { 0 } else { CLASSES.get(word).copied().unwrap_or(0) }
}
