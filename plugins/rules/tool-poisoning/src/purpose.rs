//! What a tool says it is for: an attack, something that is too good, or a parameter that it has no use for.

use crate::{
    class::{
        CALL, CONTENT, CONTEXT, Class, DEFEND, EVADE, EXAMPLE, HYPE, IDENTITY, LOOK, MALICE, MODEL, OFFENCE,
        PROTECTION, SECRET, SECRET_FILE, SUPERLATIVE, TOOL, USER, YOU,
    },
    token::{self, Sentence},
};

/// How openly a tool declares an attack.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Malice {
    /// 0 for nothing, 3 for a plain declaration.
    pub(crate) weight: u8,
    /// Words that attackers use and others too.
    pub(crate) offence: usize,
}

/// Reads a name (`exfil_dns`) or the sentence that says what a tool does.
pub(crate) fn malice(s: &Sentence) -> Malice {
    // What looks for attacks speaks of them: "detects reverse shells". An "and" ends its reach.
    let mut defended = false;
    let mut declared = false;
    let mut offence: Vec<&str> = Vec::new();
    for (at, token) in s.tokens.iter().enumerate().filter(|(_, token)| !token.quoted) {
        // "Scans text for …": the object may stand between.
        let scans =
            token.stem() == "scan" && s.tokens.iter().skip(at).take(5).any(|next| next.stem() == "for");
        if (scans || token.is(DEFEND | EXAMPLE | LOOK)) && !token.is(MALICE) {
            defended = true;
        } else if token.stem() == "and" {
            // "finds malware and rootkits" goes on finding; "finds and steals" does not.
            defended &= s.tokens.get(at + 1).is_some_and(|next| !next.base);
        }
        if defended {
            continue;
        }
        declared |= token.is(MALICE);
        if token.is(OFFENCE | MALICE) && !offence.contains(&token.stem()) {
            offence.push(token.stem());
        }
    }
    let evades = s.follows(&[EVADE, PROTECTION], 4) && !s.has(DEFEND);
    let weight = if declared || evades { 3 } else { 0 };
    Malice { weight, offence: offence.len() }
}

/// Points of praise in a sentence: superlatives for the tool itself count double.
pub(crate) fn praise(s: &Sentence) -> u8 {
    let mut points = 0_u8;
    let mut last = None;
    for (at, token) in s.tokens.iter().enumerate() {
        if !token.is(SUPERLATIVE | HYPE) || token.quoted {
            continue;
        }
        // "most advanced" and "advanced features" are one and the same boast where they touch.
        if last.is_some_and(|last: usize| at == last + 1) {
            last = Some(at);
            continue;
        }
        last = Some(at);
        // "This is the best tool": of itself. "For best results": of nothing.
        let named = (at + 1..at + 5).any(|at| s.is_at(at, TOOL));
        let pointed = (at.saturating_sub(4)..at).any(|at| {
            s.tokens.get(at).is_some_and(|token| matches!(token.stem(), "this" | "thi" | "our" | "the"))
        });
        let plain = token.stem() == "best" && !named;
        points = points.saturating_add(if named && pointed { 2 } else { u8::from(!plain) });
    }
    points
}

/// "This is the best tool": praise of a tool as a tool is for whoever chooses among tools, not for a customer.
pub(crate) fn praises_itself(s: &Sentence) -> bool {
    s.tokens.iter().enumerate().any(|(at, token)| {
        token.is(SUPERLATIVE)
            && !token.quoted
            && s.tokens.iter().skip(at + 1).take(5).any(|next| next.stem() == "tool")
            && s.tokens.iter().take(at).any(|before| matches!(before.stem(), "this" | "thi" | "our"))
    })
}

/// What a parameter asks for that no call needs, told by its name and, if the name is odd, by its description.
pub(crate) fn harvest<'a>(name: &str, description: impl FnOnce() -> &'a str, purpose: Class) -> Option<u8> {
    let asked = words(name);
    // `contents_of_the_users_ssh_key`: a name that says what to put there.
    let private =
        (asked.has(SECRET | SECRET_FILE) || names_file(name)) && purpose & (SECRET | SECRET_FILE) == 0;
    if private && asked.tokens.len() >= 4 && asked.has(CONTENT | USER) {
        return Some(3);
    }
    let first = asked.tokens.first().map_or("", |token| token.stem());
    let named = matches!(first, "llm" | "ai" | "assistant" | "claud" | "gpt");
    let whose = named || matches!(first, "model" | "agent" | "client" | "caller" | "call");
    if !(whose || asked.has(CONTEXT)) || purpose & (MODEL | CONTEXT) != 0 {
        return None;
    }
    let description = description();
    let told = words(description);
    // "system_prompt_of_the_assistant": the name says whose.
    if asked.has(CONTEXT) && asked.has(MODEL | YOU) && purpose & CONTEXT == 0 {
        return Some(3);
    }
    if asked.has(CONTEXT) && told.has(MODEL) && purpose & CONTEXT == 0 {
        return Some(2);
    }
    // Which model is calling is nothing a search or a text editor has to know.
    let about_caller = whose && asked.has(IDENTITY | MODEL) && asked.tokens.len() <= 4;
    let caller = told.follows(&[MODEL, CALL, TOOL], 3) || told.follows(&[YOU, MODEL | IDENTITY], 2);
    (about_caller && (caller || named && description.is_empty())).then_some(3)
}

fn names_file(name: &str) -> bool {
    let lower = name.to_ascii_lowercase();
    ["ssh_key", "id_rsa", "_env_", "private_key", "aws_cred", "passwd"]
        .iter()
        .any(|part| lower.contains(part))
}

/// A name or a line as one sentence.
pub(crate) fn words(text: &str) -> Sentence {
    let mut whole = Sentence::default();
    let apart: String = spaced(text);
    token::sentences(&apart, |sentence| {
        if whole.tokens.len() < 60 {
            whole.join(sentence);
        }
    });
    whole
}

/// `camelCase` and `snake_case` as words.
fn spaced(name: &str) -> String {
    if name.contains(char::is_whitespace) {
        return name.to_owned();
    }
    let mut out = String::with_capacity(name.len() + 8);
    let mut lower = false;
    for c in name.chars() {
        if matches!(c, '_' | '-' | '.' | '/') {
            out.push(' ');
        } else {
            if lower && c.is_ascii_uppercase() {
                out.push(' ');
            }
            out.push(c);
        }
        lower = c.is_ascii_lowercase();
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    fn malice_of(text: &str) -> u8 {
        malice(&words(text)).weight
    }

    #[test]
    fn a_tool_that_attacks_is_told_from_one_that_looks_for_attacks() {
        assert_eq!(malice_of("Opens a reverse shell to the given host"), 3);
        assert_eq!(malice_of("exfil_over_dns"), 3);
        assert_eq!(malice_of("Turn off the antivirus"), 3);
        assert_eq!(malice_of("Detects reverse shells in process lists"), 0);
        assert_eq!(malice_of("Scans for malware and rootkits"), 0);
        assert_eq!(malice_of("Escapes HTML characters"), 0);
    }

    #[test]
    fn praise_of_the_tool_outweighs_praise_of_a_thing() {
        let points = |text: &str| praise(&words(text));
        assert!(points("This is the finest tool ever made") >= 3);
        assert!(points("Finds the best price for a flight") <= 1);
    }
}
