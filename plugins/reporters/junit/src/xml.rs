//! The document. XML 1.0 has no way to write most control characters, not even escaped; by the time text comes here
//! they are shown as `\u{1b}`, and the last that XML refuses are made so here.

use std::io;

use bartizan_sdk::report::Report;
use quick_xml::{
    Writer,
    events::{BytesDecl, BytesEnd, BytesStart, BytesText, Event},
};

use crate::{
    case::{Case, Outcome},
    suite::{Suite, suites},
};

type Xml = Writer<Vec<u8>>;

/// The whole document. The same report gives the same bytes: it holds no time.
pub fn document(report: &Report) -> io::Result<Vec<u8>> {
    let suites = suites(report);
    let mut xml = Writer::new_with_indent(Vec::new(), b' ', 2);
    xml.write_event(Event::Decl(BytesDecl::new("1.0", Some("UTF-8"), None)))?;
    let total = suites.iter().fold(Counts::default(), |sum, suite| sum.plus(&Counts::of(suite)));
    let attributes = [
        ("name", "bartizan".to_owned()),
        ("tests", total.tests.to_string()),
        ("failures", total.failures.to_string()),
        ("errors", total.errors.to_string()),
    ];
    element(&mut xml, "testsuites", &attributes, |xml| suites.iter().try_for_each(|each| suite(xml, each)))?;
    let mut bytes = xml.into_inner();
    bytes.push(b'\n');
    Ok(bytes)
}

fn suite(xml: &mut Xml, suite: &Suite) -> io::Result<()> {
    let counts = Counts::of(suite);
    let attributes = [
        ("name", suite.name.clone()),
        ("tests", counts.tests.to_string()),
        ("failures", counts.failures.to_string()),
        ("errors", counts.errors.to_string()),
        ("skipped", counts.skipped.to_string()),
    ];
    element(xml, "testsuite", &attributes, |xml| {
        if !suite.properties.is_empty() {
            element(xml, "properties", &[], |xml| {
                suite.properties.iter().try_for_each(|(name, value)| {
                    empty(xml, "property", &[("name", (*name).to_owned()), ("value", value.clone())])
                })
            })?;
        }
        suite.cases.iter().try_for_each(|each| case(xml, each))
    })
}

fn case(xml: &mut Xml, case: &Case) -> io::Result<()> {
    let attributes = [("name", case.name.clone()), ("classname", case.class.clone())];
    match &case.outcome {
        Outcome::Passed { note } if note.is_empty() => empty(xml, "testcase", &attributes),
        outcome => element(xml, "testcase", &attributes, |xml| self::outcome(xml, outcome)),
    }
}

fn outcome(xml: &mut Xml, outcome: &Outcome) -> io::Result<()> {
    match outcome {
        Outcome::Passed { note } => text(xml, "system-out", &[], note),
        Outcome::Failed { kind, message, text: content } => {
            text(xml, "failure", &[("type", kind.clone()), ("message", message.clone())], content)
        }
        Outcome::SetAside { message, text: content, note } => {
            text(xml, "skipped", &[("message", message.clone())], content)?;
            if note.is_empty() { Ok(()) } else { text(xml, "system-out", &[], note) }
        }
        Outcome::InPart { message } => empty(xml, "skipped", &[("message", message.clone())]),
        Outcome::NotChecked { kind, message } => {
            empty(xml, "error", &[("type", kind.clone()), ("message", message.clone())])
        }
    }
}

#[derive(Clone, Copy, Default)]
struct Counts {
    tests: usize,
    failures: usize,
    errors: usize,
    skipped: usize,
}

impl Counts {
    fn of(suite: &Suite) -> Self {
        let count = |is: fn(&Outcome) -> bool| suite.cases.iter().filter(|case| is(&case.outcome)).count();
        Self {
            tests: suite.cases.len(),
            failures: count(|outcome| matches!(outcome, Outcome::Failed { .. })),
            errors: count(|outcome| matches!(outcome, Outcome::NotChecked { .. })),
            skipped: count(|outcome| matches!(outcome, Outcome::InPart { .. } | Outcome::SetAside { .. })),
        }
    }

    fn plus(self, other: &Self) -> Self {
        Self {
            tests: self.tests.saturating_add(other.tests),
            failures: self.failures.saturating_add(other.failures),
            errors: self.errors.saturating_add(other.errors),
            skipped: self.skipped.saturating_add(other.skipped),
        }
    }
}

fn start<'a>(name: &'a str, attributes: &[(&str, String)]) -> BytesStart<'a> {
    let mut start = BytesStart::new(name);
    for (key, value) in attributes {
        start.push_attribute((*key, fit(value).as_str()));
    }
    start
}

fn empty(xml: &mut Xml, name: &str, attributes: &[(&str, String)]) -> io::Result<()> {
    xml.write_event(Event::Empty(start(name, attributes)))
}

fn element(
    xml: &mut Xml,
    name: &str,
    attributes: &[(&str, String)],
    content: impl FnOnce(&mut Xml) -> io::Result<()>,
) -> io::Result<()> {
    xml.write_event(Event::Start(start(name, attributes)))?;
    content(xml)?;
    xml.write_event(Event::End(BytesEnd::new(name)))
}

fn text(xml: &mut Xml, name: &str, attributes: &[(&str, String)], text: &str) -> io::Result<()> {
    element(xml, name, attributes, |xml| xml.write_event(Event::Text(BytesText::new(&fit(text)))))
}

/// The text without what XML 1.0 cannot hold (its production `Char`).
fn fit(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        if matches!(c, '\t' | '\n' | '\u{20}'..='\u{fffd}' | '\u{10000}'..) {
            out.push(c);
        } else {
            out.extend(c.escape_unicode());
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_xml_cannot_hold_is_shown() {
        assert_eq!(
            fit("a\u{0}\u{b}\u{fffe}\u{ffff}\t\n\u{1f980}"),
            "a\\u{0}\\u{b}\\u{fffe}\\u{ffff}\t\n\u{1f980}"
        );
    }
}
