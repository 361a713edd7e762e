//! Judges one item: a tool, a prompt, a resource, the server itself.

use std::{
    borrow::Cow,
    cell::Cell,
    collections::{BTreeMap, HashSet},
};

use bartizan_sdk::{
    IntoSubject,
    types::{Confidence, Finding, Severity},
};
use bartizan_text::{Hidden, HiddenKind, Reading, Text, visible};
use smol_str::SmolStr;

use crate::{
    class::{Class, DEFEND, EXAMPLE, LOOK, SUPERLATIVE},
    field::{Field, Fields, Place},
    lexicon::stem::stem,
    purpose::{self, Malice},
    rules,
    score::{HIGH, MEDIUM, Score, Seen},
    signal::{self, Before, Kind, Setting, Shown},
    token, tongue,
};

/// The longest piece of text shown as evidence, in characters.
const MAX_SHOWN: usize = 600;
/// Pieces of evidence in one finding.
const MAX_EVIDENCE: usize = 6;

/// The longest text that is read whole, in bytes. A model's own window is not much longer.
const MAX_FIELD: usize = 512 * 1024;
/// Bytes of text read of one server: what fits the memory of a sandbox several times over.
pub(crate) const MAX_SERVER: usize = 2 * 1024 * 1024;

/// What is known of the server that an item belongs to.
pub(crate) struct Surroundings<'a> {
    /// Words of the names of all its tools, prompts and parameters.
    pub(crate) names: &'a HashSet<SmolStr>,
    /// It lists no tools.
    pub(crate) unlisted: bool,
    /// Bytes of text that may still be read.
    pub(crate) left: Cell<usize>,
    /// Most of its tools declare attacks.
    pub(crate) hostile: bool,
}

/// Everything seen in one item.
pub(crate) struct Item<'a> {
    fields: Vec<Field<'a>>,
    readings: Vec<Reading>,
    /// What the visible text says.
    open: Score,
    /// What hidden or encoded text says.
    concealed: Score,
    malice: Malice,
    is_tool: bool,
    /// Which texts were not read to their end, and the bytes left out.
    unread: Vec<(String, usize)>,
}

impl<'a> Item<'a> {
    pub(crate) fn read(fields: Fields<'a>, is_tool: bool, around: &Surroundings<'_>) -> Self {
        let mut fields = fields.0;
        let unread = bound(&mut fields, &around.left);
        let readings: Vec<Reading> = fields.iter().map(|field| Text::read(&field.text)).collect();
        let mut item = Self {
            fields,
            readings,
            open: Score::default(),
            concealed: Score::default(),
            malice: Malice::default(),
            is_tool,
            unread,
        };
        let purpose = item.purpose();
        item.read_open(purpose, around);
        item.read_concealed(purpose, around);
        if is_tool {
            item.read_parameters(purpose);
        }
        item
    }

    /// Classes of the words of its name.
    fn purpose(&self) -> Class {
        let name = self.fields.iter().find(|field| field.place == Place::Name);
        name.map_or(0, |field| purpose::words(&field.text).all())
    }

    fn read_open(&mut self, purpose: Class, around: &Surroundings<'_>) {
        let mut before = Before::default();
        let mut praise = 0_u8;
        let mut boast: Option<Seen> = None;
        let mut malice = Malice::default();
        let mut named = 0;
        let mut looks = false;
        let own = |stem: &str| around.names.contains(stem);
        for (index, (field, reading)) in self.fields.iter().zip(&self.readings).enumerate() {
            if !worth_reading(field) {
                continue;
            }
            let data = matches!(field.place, Place::Data | Place::Key);
            let parameter = !field.place.is_face();
            let setting =
                Setting { own: &own, unlisted: around.unlisted, purpose, parameter, data, concealed: false };
            let open = &mut self.open;
            let mut sentences = 0;
            let foreign = tongue::is_foreign(&reading.canonical);
            token::sentences(&reading.canonical, |sentence| {
                let shown = signal::shown(sentence);
                for (kind, weight) in signal::of(sentence, &setting, &mut before) {
                    open.add(kind, weight, shown, index, sentence.range());
                }
                if foreign {
                    let text = reading.canonical.get(sentence.range()).unwrap_or_default();
                    for (kind, weight) in tongue::signals(text) {
                        open.add(kind, weight, shown, index, sentence.range());
                    }
                }
                if field.place == Place::Description {
                    let points = purpose::praise(sentence);
                    praise = praise.saturating_add(points);
                    if points > boast.as_ref().map_or(0, |seen| seen.weight) {
                        boast = Some(Seen { weight: points, field: index, range: sentence.range() });
                    }
                }
                if field.place == Place::Description && sentences == 0 {
                    looks = sentence.tokens.iter().take(3).any(|token| token.is(DEFEND | LOOK | EXAMPLE));
                }
                if matches!(field.place, Place::Title | Place::Description) && sentences < 2 {
                    let found = purpose::malice(sentence);
                    malice.weight = malice.weight.max(found.weight);
                    malice.offence += found.offence;
                }
                sentences += 1;
            });
            if field.place == Place::Name && self.is_tool {
                let name = purpose::words(&reading.canonical);
                // "best_create_repository": a name that competes for the choice.
                praise = praise.saturating_add(u8::from(name.is_at(0, SUPERLATIVE)));
                let found = purpose::malice(&name);
                named = if name.has(DEFEND) { 0 } else { found.weight };
                malice.offence += found.offence;
            }
        }
        if let Some(seen) = boast.filter(|_| praise >= 3) {
            self.open.add(Kind::Praise, 3, Shown::Not, seen.field, seen.range);
        }
        // A name may be of what is looked up: "exploit_search".
        if !looks {
            malice.weight = malice.weight.max(named);
        }
        self.malice = malice;
    }

    /// Adds what the tool's declared purpose says, once the whole server is known.
    fn declared(&self, around: &Surroundings<'_>) -> u8 {
        match self.malice {
            Malice { weight: 3.., .. } => 3,
            Malice { offence: 1.., .. } if around.hostile => 3,
            _ => 0,
        }
    }

    /// How openly it declares an attack.
    pub(crate) fn malice(&self) -> Malice {
        self.malice
    }

    fn read_concealed(&mut self, purpose: Class, around: &Surroundings<'_>) {
        let own = |stem: &str| around.names.contains(stem);
        let setting = Setting {
            own: &own,
            unlisted: around.unlisted,
            purpose,
            parameter: false,
            data: true,
            concealed: true,
        };
        for (index, reading) in self.readings.iter().enumerate() {
            let hidden = reading
                .hidden
                .iter()
                .filter(|piece| piece.kind != HiddenKind::LookAlike)
                .map(|piece| (piece.text.as_str(), piece.span));
            let decoded = reading.decoded.iter().map(|piece| (piece.text.as_str(), piece.span));
            for (text, span) in hidden.chain(decoded) {
                let inner = Text::read(text);
                let mut before = Before::default();
                let concealed = &mut self.concealed;
                let foreign = tongue::is_foreign(&inner.canonical);
                token::sentences(&inner.canonical, |sentence| {
                    for (kind, weight) in signal::of(sentence, &setting, &mut before) {
                        concealed.add(kind, weight, Shown::Not, index, span.start..span.end);
                    }
                    if foreign {
                        let text = inner.canonical.get(sentence.range()).unwrap_or_default();
                        for (kind, weight) in tongue::signals(text) {
                            concealed.add(kind, weight, Shown::Not, index, span.start..span.end);
                        }
                    }
                });
            }
        }
    }

    fn read_parameters(&mut self, purpose: Class) {
        let mut found = Vec::new();
        for (index, field) in self.fields.iter().enumerate().filter(|(_, field)| field.parameter) {
            let told = || self.told_of(index, field);
            if let Some(weight) = purpose::harvest(&field.text, told, purpose) {
                found.push((index, weight));
            }
        }
        for (index, weight) in found {
            let end = self.readings.get(index).map_or(0, |reading| reading.canonical.len());
            self.open.add(Kind::Harvest, weight, Shown::Not, index, 0..end);
        }
    }

    /// What is said of a parameter: in its schema, or in the description's list of arguments ("name: text").
    fn told_of(&self, index: usize, parameter: &Field<'_>) -> &str {
        let wanted = format!("{}/description", parameter.pointer);
        // Its own members follow it; a bound keeps a hostile schema linear.
        let own = self.fields.iter().skip(index + 1).take(8).find(|other| other.pointer == wanted);
        if let Some(own) = own {
            return &own.text;
        }
        let description = self.fields.iter().find(|field| field.place == Place::Description);
        let lines =
            description.map_or("", |field| field.text.as_ref()).lines().take(200).map(str::trim_start);
        let mut told = lines.filter_map(|line| line.strip_prefix(parameter.text.as_ref())?.strip_prefix(':'));
        told.next().unwrap_or_default()
    }

    /// The findings of all four rules on this item; at most one a rule.
    pub(crate) fn findings(mut self, subject: &impl IntoSubject, around: &Surroundings<'_>) -> Vec<Finding> {
        let mut findings = Vec::new();
        let declared = self.declared(around);
        if declared > 0 {
            let face = self.fields.iter().position(|field| field.place == Place::Description).unwrap_or(0);
            let end = self.readings.get(face).map_or(0, |reading| reading.canonical.len());
            self.open.add(Kind::Malice, declared, Shown::Not, face, 0..end);
        }
        findings.extend(self.instruction(subject));
        findings.extend(self.hiding(subject));
        findings
    }

    /// The one finding about visible text.
    fn instruction(&self, subject: &impl IntoSubject) -> Option<Finding> {
        let total = self.open.total();
        let lowered = self.open.unlowered() >= HIGH && total < MEDIUM;
        if total < MEDIUM && !lowered {
            return None;
        }
        let grave = self.open.strong() >= 2 && GRAVE.iter().any(|&kind| self.open.has(kind));
        let severity = match total {
            _ if lowered => Severity::Low,
            HIGH.. if grave => Severity::High,
            _ => Severity::Medium,
        };
        let confidence = match severity {
            Severity::High => Confidence::High,
            Severity::Medium => Confidence::Medium,
            _ => Confidence::Low,
        };
        let kinds: Vec<Kind> =
            self.open.seen().filter(|(_, seen)| seen.weight > 0 || lowered).map(|(kind, _)| kind).collect();
        let said = join(kinds.iter().map(|kind| kind.says()));
        let message = if lowered {
            format!("Shown as an example or for a defender's purpose, the text {said}.")
        } else {
            format!("The text {said}.")
        };
        let mut finding =
            Finding::new(self.rule_for(), subject, message).severity(severity).confidence(confidence);
        for (label, text, pointer) in self.shown(&self.open, lowered) {
            finding = finding.evidence(&label, &text, &pointer);
        }
        Some(finding)
    }

    /// Which rule an instruction is a finding of: by where it stands, then by what it does.
    fn rule_for(&self) -> &'static str {
        if !self.is_tool {
            return rules::INJECTION;
        }
        let strong: Vec<(Kind, Place)> = self
            .open
            .seen()
            .filter(|(kind, _)| kind.is_strong())
            .filter_map(|(kind, seen)| Some((kind, self.fields.get(seen.field)?.place)))
            .collect();
        if strong.iter().all(|(_, place)| !place.is_face()) {
            return rules::SCHEMA;
        }
        let only_names = strong.iter().all(|(_, place)| matches!(place, Place::Name | Place::Title));
        let only_rank = strong.iter().all(|(kind, _)| matches!(kind, Kind::Override | Kind::Role));
        if only_names || only_rank { rules::INJECTION } else { rules::POISONING }
    }

    fn shown(&self, score: &Score, all: bool) -> Vec<(String, String, String)> {
        // One sentence may carry several signals: it is shown once, under all their names.
        let mut places: BTreeMap<(usize, usize, usize), Vec<&'static str>> = BTreeMap::new();
        for (kind, seen) in score.seen().filter(|(_, seen)| seen.weight > 0 || all) {
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

/// Cuts texts that are too long to be read whole. Says which, and how many bytes go unread.
fn bound(fields: &mut [Field<'_>], left: &Cell<usize>) -> Vec<(String, usize)> {
    let mut unread = Vec::new();
    for field in fields {
        let mut end = field.text.len().min(MAX_FIELD).min(left.get());
        while !field.text.is_char_boundary(end) {
            end -= 1;
        }
        left.set(left.get() - end);
        if end < field.text.len() {
            unread.push((field.pointer.clone(), field.text.len() - end));
            field.text = match &field.text {
                Cow::Borrowed(text) => Cow::Borrowed(text.get(..end).unwrap_or_default()),
                Cow::Owned(text) => Cow::Owned(text.get(..end).unwrap_or_default().to_owned()),
            };
        }
    }
    unread
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
];

/// Identifiers and numbers hold no sentence; a long name may.
fn worth_reading(field: &Field<'_>) -> bool {
    match field.place {
        Place::Key => field.text.len() > 24,
        Place::Name | Place::Title | Place::Description => true,
        Place::Prose | Place::Data => field.text.len() > 8,
    }
}

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

/// The stems of the words of a name, for [`Surroundings::names`].
pub(crate) fn name_words(name: &str) -> impl Iterator<Item = SmolStr> + '_ {
    name.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty()).map(stem)
}
