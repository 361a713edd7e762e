//! MCP-PROTO-002: what the server sends is not what a JSON-RPC client can read.

use bartizan_sdk::prelude::*;
use serde_json::Value;

use crate::{
    rules,
    seen::{self, clipped, text},
};

/// Deviations that one finding shows.
const MAX_SHOWN: usize = 12;

/// One way in which the server's messages are not as they must be.
struct Deviation {
    label: &'static str,
    what: String,
}

/// All deviations are one fact about the server: the library it speaks with, or does not.
pub(crate) fn check(server: &Server) -> Vec<Finding> {
    let mut all = Vec::new();
    all.extend(noise(server));
    all.extend(answers(server));
    all.extend(once(server, "batch", "a batch", "in a revision that has no batches"));
    all.extend(once(
        server,
        "invalid-utf8",
        "text",
        "that is not UTF-8, which every client repairs in its own way",
    ));
    all.extend(seen::all(server, "malformed-hello").map(|(method, detail)| Deviation {
        label: "introduction",
        what: format!("the answer to `{}` is malformed: {}", clipped(method), why(&detail)),
    }));
    all.extend(items(server));
    let Some(first) = all.first() else { return Vec::new() };
    let others = match all.len() {
        1 => String::new(),
        count => format!(" There are {} more such deviations.", count.saturating_sub(1)),
    };
    let message = format!(
        "The server does not keep to JSON-RPC: {}. A strict client gives up there, a lenient one reads on: what is \
         seen depends on the client.{others}",
        first.what
    );
    let finding = Finding::new(rules::MESSAGES, server, message);
    vec![all.iter().take(MAX_SHOWN).fold(finding, |finding, one| finding.evidence(one.label, &one.what, ""))]
}

fn noise(server: &Server) -> Option<Deviation> {
    let seen: Vec<Value> = seen::all(server, "stdout-noise").map(|(_, detail)| detail).collect();
    let count =
        |key: &str| seen.iter().filter_map(|detail| detail.get(key)?.as_u64()).fold(0, u64::saturating_add);
    let lines = count("lines").saturating_add(count("left_out"));
    if lines == 0 {
        return None;
    }
    let lines = if lines == 1 { "one line".to_owned() } else { format!("{lines} lines") };
    let first = seen.iter().find_map(|detail| text(detail, "first")).map(clipped);
    let shown = first.map(|first| format!(", the first being {first:?}")).unwrap_or_default();
    Some(Deviation {
        label: "noise on stdout",
        what: format!("it wrote {lines} to stdout that are no messages{shown}"),
    })
}

fn answers(server: &Server) -> Vec<Deviation> {
    let deviation = |(about, detail): (&str, Value)| {
        let method = text(&detail, "method").unwrap_or(about);
        let problem = text(&detail, "problem").filter(|problem| !problem.is_empty())?;
        let found = text(&detail, "found").filter(|found| !found.is_empty());
        let found = found.map(|found| format!(" ({})", clipped(found))).unwrap_or_default();
        let what = format!("the answer to `{}` {}{found}", clipped(method), in_words(problem));
        Some(Deviation { label: "answer", what })
    };
    seen::all(server, "malformed-answer").filter_map(deviation).collect()
}

/// What the host found wrong with an answer, after "the answer".
fn in_words(problem: &str) -> String {
    let words = match problem {
        "jsonrpc-missing" => "does not say that it is JSON-RPC 2.0",
        "jsonrpc-other" => "says that it is another JSON-RPC than 2.0",
        "id-missing" => "has no id",
        "id-type" => "has an id of another type than the request's",
        "id-unknown" => "has an id that nobody asked with",
        "result-and-error" => "is a result and an error at once",
        "result-type" => "has a result that is not an object",
        "error-type" => "has an error that is not an object",
        "error-code-missing" | "error-code-type" => "has an error without a number for a code",
        "error-message-missing" | "error-message-type" => "has an error without a text for a message",
        "unknown-members" => "has members that no JSON-RPC answer has",
        other => return format!("is malformed: {}", clipped(other)),
    };
    words.to_owned()
}

fn once(server: &Server, kind: &'static str, what: &'static str, how: &str) -> Option<Deviation> {
    let (method, _) = seen::all(server, kind).next()?;
    let method = clipped(method);
    let asked = if method.is_empty() { String::new() } else { format!(" when asked for `{method}`") };
    Some(Deviation { label: what, what: format!("it sent {what}{asked} {how}") })
}

/// Items that no strict client takes. What is wrong with a schema is another rule's matter.
fn items(server: &Server) -> Vec<Deviation> {
    let deviation = |(about, detail): (&str, Value)| {
        let member = text(&detail, "member").unwrap_or_default();
        if matches!(member, "inputSchema" | "outputSchema") {
            return None;
        }
        let problem = match text(&detail, "problem")? {
            "not-an-object" => "is not an object".to_owned(),
            "undecodable" => format!("cannot be decoded ({})", why(&detail)),
            "wrong-type" => format!("has a `{}` of the wrong type ({})", clipped(member), why(&detail)),
            "missing-member" => format!("lacks `{}`", clipped(member)),
            _ => return None,
        };
        let item = text(&detail, "item").unwrap_or("item");
        let name = clipped(about);
        let name = if name.is_empty() { String::new() } else { format!(" {name:?}") };
        Some(Deviation { label: "listed item", what: format!("the {}{name} {problem}", clipped(item)) })
    };
    seen::all(server, "malformed-item").filter_map(deviation).collect()
}

fn why(detail: &Value) -> String {
    clipped(text(detail, "why").unwrap_or("no reason is known"))
}
