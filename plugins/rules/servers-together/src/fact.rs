//! What is noted of a server, and the topics under which it meets what was noted of others.
//!
//! | Topic | Facts |
//! |---|---|
//! | `flow` | tools that read strangers' texts, reach private data, or lead out |
//! | `tool-name:NAME` | a tool of that name; a text that directs the model about one |
//! | `names` | the names of a server's tools |
//! | `unread` | a server with more text than is read |
//! | `server-name:NAME` | a server of that name; a text that directs the model about one |

use bartizan_sdk::prelude::*;

/// All that takes part in flows.
pub(crate) const FLOW: &str = "flow";
/// All names of tools.
pub(crate) const NAMES: &str = "names";
/// What was not looked at.
pub(crate) const UNREAD: &str = "unread";
const TOOL: &str = "tool-name:";
const SERVER: &str = "server-name:";

/// The host's bounds: facts of one server, and bytes in them. Some room is left.
const MAX_FACTS: usize = 4_000;
const MAX_BYTES: usize = 900 * 1024;
/// Bytes of a name in a topic.
const MAX_TOPIC: usize = 200;
/// Bytes of somebody else's text in a fact.
const MAX_TEXT: usize = 400;

pub(crate) fn tool_topic(plain: &str) -> String {
    format!("{TOOL}{}", cut(plain, MAX_TOPIC))
}

pub(crate) fn server_topic(plain: &str) -> String {
    format!("{SERVER}{}", cut(plain, MAX_TOPIC))
}

/// The text on one line, not too long, and with what does not show made to show.
pub(crate) fn shown(text: &str) -> String {
    let line = text.split_whitespace().collect::<Vec<_>>().join(" ");
    bartizan_text::visible(cut(&line, MAX_TEXT))
}

pub(crate) fn cut(text: &str, at_most: usize) -> &str {
    let mut end = text.len().min(at_most);
    while !text.is_char_boundary(end) {
        end = end.saturating_sub(1);
    }
    text.get(..end).unwrap_or_default()
}

/// As many of the facts as the host takes.
pub(crate) fn bounded(facts: Vec<Fact>) -> Vec<Fact> {
    let mut used = 0_usize;
    let size = |fact: &Fact| {
        [&fact.topic, &fact.data, &fact.subject.kind, &fact.subject.name].iter().map(|text| text.len()).sum()
    };
    facts
        .into_iter()
        .take(MAX_FACTS)
        .take_while(|fact| {
            used = used.saturating_add(size(fact));
            used <= MAX_BYTES
        })
        .collect()
}
