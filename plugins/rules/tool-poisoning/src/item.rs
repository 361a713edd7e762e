//! Judges one item: a tool, a prompt, a resource, the server itself.

use std::{borrow::Cow, cell::Cell, collections::HashSet};

use bartizan_text::{HiddenKind, Reading, Text};
use smol_str::SmolStr;

use crate::{
    class::{Class, DEFEND, EXAMPLE, LOOK, SECRET, SUPERLATIVE},
    face::{Face, Inside},
    field::{Field, Fields, Place},
    lexicon::stem::stem,
    purpose::{self, Malice},
    score::{Score, Seen},
    signal::{self, Before, Kind, Setting, Shown},
    token, tongue,
};

/// Points of praise from which on it is no longer one sentence of advertising.
const MUCH: u8 = 4;

/// The longest text that is read whole, in bytes. A model's own window is not much longer.
const MAX_FIELD: usize = 512 * 1024;
/// Bytes of text read of one server: what fits the memory of a sandbox several times over.
pub(crate) const MAX_SERVER: usize = 2 * 1024 * 1024;

/// What is known of the server that an item belongs to.
pub(crate) struct Surroundings<'a> {
    /// Words of the names of all its tools, prompts and parameters.
    pub(crate) names: &'a HashSet<SmolStr>,
    /// Bytes of text that may still be read.
    pub(crate) left: Cell<usize>,
    /// Most of its tools declare attacks.
    pub(crate) hostile: bool,
}

/// Everything seen in one item.
pub(crate) struct Item<'a> {
    pub(crate) fields: Vec<Field<'a>>,
    pub(crate) readings: Vec<Reading>,
    /// What the visible text says.
    pub(crate) open: Score,
    /// What hidden or encoded text says.
    pub(crate) concealed: Score,
    malice: Malice,
    pub(crate) is_tool: bool,
    /// Which texts were not read to their end, and the bytes left out.
    pub(crate) unread: Vec<(String, usize)>,
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
        let Some(name) = name else { return 0 };
        // Whoever shows a wallet's balance has no business with its keys.
        let words = purpose::words(&name.text);
        words.tokens.iter().fold(0, |all, token| {
            all | if token.stem() == "wallet" { token.class & !SECRET } else { token.class }
        })
    }

    fn read_open(&mut self, purpose: Class, around: &Surroundings<'_>) {
        let mut before = Before::default();
        let mut praise = 0_u8;
        let mut itself = false;
        let mut boast: Option<Seen> = None;
        let mut malice = Malice::default();
        let mut named = 0;
        let mut looks = false;
        let own = |stem: &str| around.names.contains(stem);
        let face = Face::of(&self.fields, &self.readings);
        let slot = |stem: &str| face.slots.contains(stem);
        let kind = |stem: &str| face.is_kind(stem);
        let mut inside = Inside::default();
        for (index, (field, reading)) in self.fields.iter().zip(&self.readings).enumerate() {
            inside.enter(field);
            if !worth_reading(field) {
                continue;
            }
            let about = || inside.about();
            let called = |stem: &str| inside.called.iter().any(|word| word == stem);
            let data = matches!(field.place, Place::Data | Place::Key);
            let parameter = !field.place.is_face();
            let setting = Setting {
                own: &own,
                slot: &slot,
                slots: face.slots.len(),
                called: &called,
                about: &about,
                inside: inside.is_in(field),
                kind: &kind,
                topic: face.topic,
                guide: !self.is_tool,
                purpose,
                parameter,
                data,
                concealed: false,
            };
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
                    for (kind, weight) in tongue::signals(text, &slot) {
                        open.add(kind, weight, shown, index, sentence.range());
                    }
                }
                if field.place == Place::Description {
                    let points = purpose::praise(sentence);
                    praise = praise.saturating_add(points);
                    itself |= points > 0 && purpose::praises_itself(sentence);
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
        // A sentence of advertising is common and harmless; it counts beside a claim to be chosen, and in quantity.
        if let Some(seen) = boast.filter(|_| praise >= 3) {
            self.open.add(
                Kind::Praise,
                if itself || praise >= MUCH { 3 } else { 2 },
                Shown::Not,
                seen.field,
                seen.range,
            );
        }
        // A name may be of what is looked up: "exploit_search".
        if !looks {
            malice.weight = malice.weight.max(named);
        }
        self.malice = malice;
    }

    /// Adds what the tool's declared purpose says, once the whole server is known.
    pub(crate) fn declared(&self, around: &Surroundings<'_>) -> u8 {
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
        // Most items conceal nothing, and what they openly are need not be made out again.
        if self.readings.iter().all(|reading| reading.hidden.is_empty() && reading.decoded.is_empty()) {
            return;
        }
        let own = |stem: &str| around.names.contains(stem);
        let face = Face::of(&self.fields, &self.readings);
        let slot = |stem: &str| face.slots.contains(stem);
        let kind = |stem: &str| face.is_kind(stem);
        let setting = Setting {
            own: &own,
            slot: &slot,
            slots: face.slots.len(),
            called: &|_| false,
            about: &|| 0,
            inside: false,
            kind: &kind,
            topic: face.topic,
            guide: !self.is_tool,
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
                        for (kind, weight) in tongue::signals(text, &slot) {
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

/// Identifiers and numbers hold no sentence; a long name may.
fn worth_reading(field: &Field<'_>) -> bool {
    match field.place {
        Place::Key => field.text.len() > 24,
        Place::Name | Place::Title | Place::Description => true,
        Place::Prose | Place::Data => field.text.len() > 8,
    }
}

/// The stems of the words of a name, for [`Surroundings::names`].
pub(crate) fn name_words(name: &str) -> impl Iterator<Item = SmolStr> + '_ {
    name.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty()).map(stem)
}
