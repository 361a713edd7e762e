//! Asks every rule component about one server.

use std::time::{Duration, Instant};

use bartizan_kernel::{CallFailure, Component, Fact, Group, Question, Usage};
use bartizan_model::{Digest, Finding, NotChecked, Server};
use rayon::prelude::*;

use serde::{Deserialize, Serialize};

use crate::{
    Part, Plugins, ResultCache, Selection,
    cache::{Answer, Answers},
};

/// What the components said of one server.
#[derive(Debug, Default, Serialize, Deserialize)]
pub struct Judgement {
    /// In no particular order.
    pub findings: Vec<Finding>,
    /// What each component noted, for judging it together with others.
    pub facts: Vec<(String, Vec<Fact>)>,
    /// Components that failed, and what was not checked for it.
    pub not_checked: Vec<NotChecked>,
    /// Calls into components.
    #[serde(skip)]
    pub calls: u64,
    /// Wall time.
    #[serde(skip)]
    pub took: Duration,
    /// Whether a component failed, so that the next run must ask it again.
    #[serde(skip)]
    pub failed: bool,
}

impl Judgement {
    /// Together with another one on the same server.
    #[must_use]
    pub fn and(mut self, other: Self) -> Self {
        self.findings.extend(other.findings);
        self.facts.extend(other.facts);
        self.not_checked.extend(other.not_checked);
        self.failed |= other.failed;
        self.calls += other.calls;
        self.took += other.took;
        self
    }
}

/// The components and rules of a run, ready to judge one server after the other.
#[derive(Debug)]
pub struct Judge<'a> {
    asked: Vec<Asked<'a>>,
    cache: Option<&'a ResultCache>,
}

/// A component and what it is asked.
#[derive(Debug)]
pub(crate) struct Asked<'a> {
    pub(crate) component: &'a Component,
    question: Question,
    pub(crate) enabled: Vec<String>,
    /// What its answers are kept under.
    key: Digest,
}

impl<'a> Judge<'a> {
    /// With a cache, what was answered before is not asked again.
    pub fn new(plugins: &'a Plugins, selection: &Selection, cache: Option<&'a ResultCache>) -> Self {
        let asked = plugins.loaded().iter().flat_map(|standing| {
            [Question::Server, Question::Fleet].into_iter().filter_map(|question| {
                let enabled = selection.enabled(standing, question);
                let component = &standing.component;
                let key = || key(component, question, &enabled);
                (!enabled.is_empty()).then(|| Asked {
                    component,
                    question,
                    key: key(),
                    enabled: enabled.clone(),
                })
            })
        });
        Self { asked: asked.collect(), cache }
    }

    /// What a saved listing of these bytes came to in an earlier run, if no component has changed since: then it is not even read.
    /// `target` is what the user called it, which findings repeat.
    pub fn recall(&self, listing: &[u8], target: &str) -> Option<Part> {
        self.cache?.part(&self.whole(listing, target))
    }

    /// Keeps what a saved listing came to, unless a component failed.
    pub fn remember(&self, listing: &[u8], target: &str, part: &Part) {
        if let Some(cache) = self.cache.filter(|_| !part.failed()) {
            cache.keep_part(&self.whole(listing, target), part);
        }
    }

    /// Everything that the part of a saved listing depends on.
    fn whole(&self, listing: &[u8], target: &str) -> Digest {
        let listing = Digest::of(listing);
        let own = [b"part".as_slice(), env!("CARGO_PKG_VERSION").as_bytes(), target.as_bytes()];
        let asked = self.asked.iter().map(|asked| asked.key.as_bytes().as_slice());
        Digest::of_each(own.into_iter().chain([listing.as_bytes().as_slice()]).chain(asked))
    }

    /// Who is asked about servers together.
    pub(crate) fn fleet(&self) -> impl Iterator<Item = &Asked<'a>> {
        self.asked.iter().filter(|asked| asked.question == Question::Fleet)
    }

    /// What this component answered to the same question in an earlier run, or else what it answers now; and whether it was called.
    pub(crate) fn known_or(
        &self,
        question: &Digest,
        asked: &Asked<'_>,
        ask: impl FnOnce() -> Result<Vec<Finding>, CallFailure>,
    ) -> (bool, Result<Vec<Finding>, CallFailure>) {
        let Some(cache) = self.cache else { return (true, ask()) };
        let key = Digest::of_parts(&[b"together", asked.key.as_bytes(), question.as_bytes()]);
        if let Some(Answer::Findings(findings)) = cache.answers(&key).get(&asked.key) {
            return (false, Ok(findings.clone()));
        }
        let answer = ask();
        if let Ok(findings) = &answer {
            let mut answers = Answers::default();
            answers.set(asked.key, Answer::Findings(findings.clone()));
            cache.keep(&key, &answers);
        }
        (true, answer)
    }

    /// Asks every component, in parallel, each in an instance of its own. One that fails takes nothing with it
    /// but its own answer, and is named.
    pub fn judge(&self, server: &Server) -> Judgement {
        let start = Instant::now();
        let content = self.cache.map(|_| server.content_digest());
        let mut known = match (self.cache, &content) {
            (Some(cache), Some(content)) => cache.answers(content),
            _ => Answers::default(),
        };
        let answers: Vec<_> = self
            .asked
            .par_iter()
            .map(|asked| match known.get(&asked.key) {
                Some(answer) => (asked, false, Ok(answer.clone())),
                None => (asked, true, asked.ask(server)),
            })
            .collect();

        let mut judgement = Judgement::default();
        let mut is_new = false;
        for (asked, was_called, answer) in answers {
            judgement.calls += u64::from(was_called);
            if let (Ok(answer), true) = (&answer, was_called) {
                is_new = true;
                known.set(asked.key, answer.clone());
            }
            match answer {
                Ok(Answer::Findings(findings)) => judgement.findings.extend(findings),
                Ok(Answer::Facts(facts)) => {
                    judgement.facts.push((asked.component.reference().name.clone(), facts));
                }
                Err(failure) => {
                    judgement.failed = true;
                    judgement.not_checked.push(not_checked(&asked.enabled, server, &failure));
                }
            }
        }
        if let (Some(cache), Some(content), true) = (self.cache, &content, is_new) {
            cache.keep(content, &known);
        }
        judgement.took = start.elapsed();
        judgement
    }
}

impl Asked<'_> {
    pub(crate) fn judge(&self, groups: &[Group<'_>]) -> Result<Vec<Finding>, CallFailure> {
        self.component.judge(groups, &self.enabled, &mut Usage::default())
    }

    fn ask(&self, server: &Server) -> Result<Answer, CallFailure> {
        match self.question {
            Question::Fleet => {
                self.component.note(server, &self.enabled, &mut Usage::default()).map(Answer::Facts)
            }
            _ => self.component.check(server, &self.enabled).map(Answer::Findings),
        }
    }
}

/// Everything but the server that an answer depends on.
fn key(component: &Component, question: Question, enabled: &[String]) -> Digest {
    let question = format!("{question:?}");
    let config = component.config().unwrap_or_default();
    let own = [component.reference().digest.as_bytes().as_slice(), question.as_bytes(), config.as_bytes()];
    Digest::of_each(own.into_iter().chain(enabled.iter().map(String::as_bytes)))
}

/// That rules could not judge this server, and why.
pub(crate) fn not_checked(enabled: &[String], server: &Server, failure: &CallFailure) -> NotChecked {
    NotChecked {
        what: format!("{} on server `{}`", enabled.join(", "), bartizan_model::printable(&server.name)),
        component: Some(failure.component.name.clone()),
        code: failure.kind.code().to_owned(),
        why: failure.to_string(),
    }
}
