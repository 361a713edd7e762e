//! What is reported of an item once it has been read.

use std::collections::BTreeMap;

use bartizan_sdk::{
    IntoSubject,
    types::{Confidence, Finding, Severity},
};
use bartizan_text::{Hidden, HiddenKind, visible};

use crate::{
    field::{Field, Place},
    item::{Item, Surroundings},
    rules,
    score::{HIGH, MEDIUM, Seen},
    signal::{Kind, Shown},
};

/// The longest piece of text shown as evidence, in characters.
const MAX_SHOWN: usize = 600;
/// How far apart signals may stand and still be said to agree, in bytes.
const TOGETHER: usize = 2000;
/// Pieces of evidence in one finding.
const MAX_EVIDENCE: usize = 6;

impl Item<'_> {
    /// The findings of all rules on this item; at most one a rule.
    pub(crate) fn findings(mut self, subject: &impl IntoSubject, around: &Surroundings<'_>) -> Vec<Finding> {
        let mut findings = Vec::new();
        let declared = self.declared(around);
        if declared > 0 {
            let face = self.fields.iter().position(|field| field.place == Place::Description).unwrap_or(0);
            let end = self.readings.get(face).map_or(0, |reading| reading.canonical.len());
            self.open.add(Kind::Malice, declared, Shown::Not, face, 0..end);
        }
        findings.extend(self.instructions(subject));
        findings.extend(self.hiding(subject));
        findings
    }

    /// What visible text orders: at most one finding about the choice of tools, and one about everything else.
    fn instructions(&self, subject: &impl IntoSubject) -> Vec<Finding> {
        let weighs = |wanted: &dyn Fn(Kind) -> bool| {
            self.open
                .seen()
                .filter(|(kind, seen)| kind.is_strong() && seen.weight > 0 && wanted(*kind))
                .fold(0_u8, |sum, (_, seen)| sum.saturating_add(seen.weight))
        };
        let (choice, rest) = (weighs(&Kind::is_choice), weighs(&|kind| !kind.is_choice()));
        // A claim to be chosen stands for itself: that it speaks of tools and to a model goes without saying.
        let total = if rest == 0 { choice } else { self.open.total() };
        let lowered = self.open.unlowered() >= HIGH && total < MEDIUM;
        if total < MEDIUM && !lowered {
            return Vec::new();
        }
        match () {
            () if choice >= MEDIUM && rest >= MEDIUM && self.stand_apart() => {
                let other = |kind: Kind| kind.is_choice() || !kind.is_strong();
                vec![
                    self.instruction(subject, self.rule_for(), self.severity(total), false, &|kind| {
                        !kind.is_choice()
                    }),
                    self.instruction(subject, rules::PREFERENCE, Severity::Medium, false, &other),
                ]
            }
            () if !lowered && rest < MEDIUM && (choice >= MEDIUM || choice > 0 && rest == 0) => {
                vec![self.instruction(subject, rules::PREFERENCE, Severity::Medium, false, &|_| true)]
            }
            () => {
                let severity = if lowered { Severity::Low } else { self.severity(total) };
                vec![self.instruction(subject, self.rule_for(), severity, lowered, &|_| true)]
            }
        }
    }

    /// Whether some sentence bears on the choice of tools alone: then it is a fact of its own.
    fn stand_apart(&self) -> bool {
        let rest = |field: usize, start: usize| {
            self.open.seen().any(|(kind, seen)| {
                kind.is_strong()
                    && !kind.is_choice()
                    && seen.weight > 0
                    && (seen.field, seen.range.start) == (field, start)
            })
        };
        self.open
            .seen()
            .any(|(kind, seen)| kind.is_choice() && seen.weight > 0 && !rest(seen.field, seen.range.start))
    }

    fn severity(&self, total: u8) -> Severity {
        let harm = self.open.seen().any(|(kind, seen)| GRAVE.contains(&kind) && seen.weight > 1);
        if total >= HIGH && harm && self.open.strong() >= 2 && self.agree() {
            Severity::High
        } else {
            Severity::Medium
        }
    }

    /// Whether two signals stand together: in pages of text, chance finds a second one somewhere.
    fn agree(&self) -> bool {
        let read: usize = self.readings.iter().map(|reading| reading.canonical.len()).sum();
        if read <= TOGETHER {
            return true;
        }
        let strong: Vec<_> = self
            .open
            .seen()
            .filter(|(kind, seen)| kind.is_strong() && seen.weight > 0)
            .map(|(kind, seen)| (kind, seen.field, seen.range.start))
            .collect();
        strong.iter().any(|(kind, field, start)| {
            GRAVE.contains(kind)
                && strong.iter().any(|(other, near, at)| {
                    other != kind && near == field && at.abs_diff(*start) <= TOGETHER
                })
        })
    }

    fn instruction(
        &self,
        subject: &impl IntoSubject,
        rule: &str,
        severity: Severity,
        lowered: bool,
        wanted: &dyn Fn(Kind) -> bool,
    ) -> Finding {
        let confidence = match severity {
            Severity::High => Confidence::High,
            Severity::Medium => Confidence::Medium,
            _ => Confidence::Low,
        };
        let counts = |kind: Kind, seen: &Seen| (seen.weight > 0 || lowered) && wanted(kind);
        let said =
            join(self.open.seen().filter(|(kind, seen)| counts(*kind, seen)).map(|(kind, _)| kind.says()));
        let message = if lowered {
            format!("Shown as an example or for a defender's purpose, the text {said}.")
        } else {
            format!("The text {said}.")
        };
        let mut finding = Finding::new(rule, subject, message).severity(severity).confidence(confidence);
        for (label, text, pointer) in self.shown(&counts) {
            finding = finding.evidence(&label, &text, &pointer);
        }
        finding
    }

    /// Which rule an instruction is a finding of: by where it stands, then by what it does.
    fn rule_for(&self) -> &'static str {
        if !self.is_tool {
            return rules::INJECTION;
        }
        let strong: Vec<(Kind, Place)> = self
            .open
            .seen()
            .filter(|(kind, _)| kind.is_strong() && !kind.is_choice())
            .filter_map(|(kind, seen)| Some((kind, self.fields.get(seen.field)?.place)))
            .collect();
        if strong.iter().all(|(_, place)| !place.is_face()) {
            return rules::SCHEMA;
        }
        let only_names = strong.iter().all(|(_, place)| matches!(place, Place::Name | Place::Title));
        let only_rank = strong.iter().all(|(kind, _)| matches!(kind, Kind::Override | Kind::Role));
        if only_names || only_rank { rules::INJECTION } else { rules::POISONING }
    }

    fn shown(&self, wanted: &dyn Fn(Kind, &Seen) -> bool) -> Vec<(String, String, String)> {
        // One sentence may carry several signals: it is shown once, under all their names.
        let mut places: BTreeMap<(usize, usize, usize), Vec<&'static str>> = BTreeMap::new();
        for (kind, seen) in self.open.seen().filter(|(kind, seen)| wanted(*kind, seen)) {
            places.entry((seen.field, seen.range.start, seen.range.end)).or_default().push(kind.says());
        }
        places
            .into_iter()
            .take(MAX_EVIDENCE)
            .filter_map(|((field, start, end), says)| {
                let (field, reading) = (self.fields.get(field)?, self.readings.get(field)?);
                let text = reading.original(start..end).of(&field.text);
                Some((join(says.into_iter()), shorten(&visible(text)), field.pointer.clone()))
            })
            .collect()
    }

    /// The one finding about hidden text.
    fn hiding(&self, subject: &impl IntoSubject) -> Option<Finding> {
        let orders = self.concealed.total();
        let mut worst: Option<Severity> = None;
        let mut ways: Vec<&'static str> = Vec::new();
        let mut shown: Vec<(String, String, String)> = Vec::new();
        let joined = self.open.total() >= MEDIUM;
        for (field, reading) in self.fields.iter().zip(&self.readings) {
            for piece in &reading.hidden {
                let Some(severity) = weigh(piece, field, orders, joined) else { continue };
                worst = worst.max(Some(severity));
                if !ways.contains(&piece.kind.as_str()) {
                    ways.push(piece.kind.as_str());
                }
                if shown.len() < MAX_EVIDENCE {
                    shown.push((piece.kind.as_str().to_owned(), show(piece, field), field.pointer.clone()));
                }
            }
            for piece in reading.decoded.iter().filter(|_| orders >= 2) {
                let told =
                    self.concealed.seen().any(|(_, seen)| seen.range == (piece.span.start..piece.span.end));
                if told {
                    worst = worst.max(Some(if orders >= MEDIUM { Severity::High } else { Severity::Medium }));
                    ways.push(piece.encoding.as_str());
                    shown.push((
                        format!("decoded {}", piece.encoding.as_str()),
                        shorten(&visible(&piece.text)),
                        field.pointer.clone(),
                    ));
                }
            }
        }
        let Some(worst) = worst else { return self.unread(subject) };
        let what = join(ways.into_iter());
        let message = if orders >= 2 {
            let says = self.concealed.seen().map(|(kind, _)| kind.says());
            format!("Concealed by {what}, a text {}.", join(says))
        } else {
            format!("The text holds {what}: a model reads what a person does not see.")
        };
        let confidence = if worst >= Severity::High { Confidence::High } else { Confidence::Medium };
        let mut finding =
            Finding::new(rules::HIDDEN, subject, message).severity(worst).confidence(confidence);
        for (label, text, pointer) in shown.into_iter().take(MAX_EVIDENCE) {
            finding = finding.evidence(&label, &text, &pointer);
        }
        if !self.unread.is_empty() {
            finding.message.push(' ');
            finding.message.push_str(&self.unread_sentence());
        }
        Some(finding)
    }

    /// What was not judged is said, for it must not pass for clean.
    fn unread(&self, subject: &impl IntoSubject) -> Option<Finding> {
        if self.unread.is_empty() {
            return None;
        }
        let mut finding = Finding::new(rules::HIDDEN, subject, self.unread_sentence())
            .severity(Severity::Low)
            .confidence(Confidence::High);
        for (pointer, bytes) in self.unread.iter().take(MAX_EVIDENCE) {
            finding = finding.evidence("not judged", &format!("{bytes} bytes at the end"), pointer);
        }
        Some(finding)
    }

    fn unread_sentence(&self) -> String {
        let bytes: usize = self.unread.iter().map(|(_, bytes)| bytes).sum();
        format!("The text is too long to be read whole: {bytes} bytes at its end were not judged.")
    }
}

/// Signals that do harm by themselves once another agrees.
const GRAVE: &[Kind] = &[
    Kind::Override,
    Kind::Secrecy,
    Kind::TakeSecret,
    Kind::HandOver,
    Kind::RunCommand,
    Kind::Tamper,
    Kind::CopyOut,
    Kind::Phish,
    Kind::Destroy,
    Kind::Unasked,
    Kind::Obey,
    Kind::Plant,
];

/// How bad a hidden piece is, given what hidden text in the same item orders.
fn weigh(piece: &Hidden, field: &Field<'_>, orders: u8, joined: bool) -> Option<Severity> {
    let loud = orders >= MEDIUM;
    let spelled = piece.text.chars().filter(|c| c.is_alphabetic()).count() >= 3;
    let long = |bytes: usize| piece.span.end - piece.span.start > bytes;
    let scaled = |loud: bool| if loud { Severity::High } else { Severity::Medium };
    Some(match piece.kind {
        HiddenKind::VariationSelector if !long(12) => Severity::Low,
        HiddenKind::Tag | HiddenKind::VariationSelector => scaled(spelled),
        HiddenKind::PrivateUse | HiddenKind::Control if !long(24) => Severity::Low,
        HiddenKind::LookAlike if !joined && !matches!(field.place, Place::Name | Place::Key) => Severity::Low,
        // A comment that orders nothing is a comment.
        HiddenKind::Comment if orders < 2 => return None,
        HiddenKind::Padding | HiddenKind::Markup | HiddenKind::Comment => scaled(loud),
        HiddenKind::ZeroWidth
        | HiddenKind::Bidi
        | HiddenKind::Escape
        | HiddenKind::PrivateUse
        | HiddenKind::Control
        | HiddenKind::LookAlike => Severity::Medium,
    })
}

fn show(piece: &Hidden, field: &Field<'_>) -> String {
    if piece.text.trim().is_empty() {
        // The character alone says little: show the words around it.
        let text = field.text.as_ref();
        let before: String =
            text.get(..piece.span.start).unwrap_or_default().chars().rev().take(30).collect();
        let before: String = before.chars().rev().collect();
        let after: String = text.get(piece.span.end..).unwrap_or_default().chars().take(30).collect();
        return visible(&format!("{before}{}{after}", piece.span.of(text)));
    }
    shorten(&visible(piece.text.trim()))
}

fn shorten(text: &str) -> String {
    let text = text.trim();
    if text.chars().nth(MAX_SHOWN).is_none() {
        return text.to_owned();
    }
    text.chars().take(MAX_SHOWN).chain(['…']).collect()
}

/// "a, b and c".
fn join(parts: impl Iterator<Item = &'static str>) -> String {
    let parts: Vec<&str> = parts.collect();
    match parts.split_last() {
        Some((last, rest)) if !rest.is_empty() => format!("{} and {last}", rest.join(", ")),
        Some((last, _)) => (*last).to_owned(),
        None => String::new(),
    }
}
