//! Judges servers together.
//!
//! What a component noted of each server comes in one after the other ([`Together::add`]); [`Together::judge`] then brings
//! together what is of one topic. Nothing here compares servers with each other: the work grows with what was noted.

use std::{collections::BTreeMap, time::Instant};

use bartizan_kernel::{CallFailure, Component, Fact, Group, Noted, Question, Usage};
use bartizan_model::{Finding, NotChecked, Server};
use rayon::prelude::*;

use crate::{Judgement, Plugins, Selection};

/// The most facts of one topic that are handed over.
const MAX_GROUP: usize = 4_096;
/// Bytes of text in the topics of one call, roughly: a call costs an instance, so small topics share one.
const BATCH_BYTES: usize = 512 << 10;
/// The most that is kept of all servers together, in bytes.
const MAX_KEPT: usize = 512 << 20;

/// What components noted, server by server.
#[derive(Debug, Default)]
pub struct Together {
    servers: Vec<String>,
    /// By component, and by topic.
    noted: BTreeMap<String, BTreeMap<String, Topic>>,
    kept: usize,
    /// Servers whose facts were too many.
    left_out: usize,
}

#[derive(Debug, Default)]
struct Topic {
    /// Whose, and what.
    facts: Vec<(u32, Fact)>,
    judged: bool,
}

impl Together {
    /// Another server, and what each component noted of it. Servers are numbered as they come.
    pub fn add(&mut self, server: &str, facts: Vec<(String, Vec<Fact>)>) {
        let number = u32::try_from(self.servers.len()).unwrap_or(u32::MAX);
        self.servers.push(server.to_owned());
        for (component, facts) in facts {
            let bytes: usize = facts.iter().map(size).sum();
            if self.kept.saturating_add(bytes) > MAX_KEPT {
                self.left_out = self.left_out.saturating_add(1);
                continue;
            }
            self.kept += bytes;
            let topics = self.noted.entry(component).or_default();
            for fact in facts {
                let topic = topics.entry(fact.topic.clone()).or_default();
                topic.judged |= fact.alone || topic.facts.first().is_some_and(|(other, _)| *other != number);
                topic.facts.push((number, fact));
            }
        }
    }

    /// Asks every component about the topics that are worth it.
    pub fn judge(&self, plugins: &Plugins, selection: &Selection) -> Judgement {
        let start = Instant::now();
        let mut judgement = Judgement::default();
        if self.left_out > 0 {
            judgement.not_checked.push(truncated(
                format!("{} servers, together with the others", self.left_out),
                format!("what was noted of servers is more than {} MiB", MAX_KEPT >> 20),
            ));
        }
        for standing in plugins.loaded() {
            let enabled = selection.enabled(standing, Question::Fleet);
            let Some(topics) = self.noted.get(&standing.component.reference().name) else { continue };
            let batches = self.batches(topics);
            let cut = batches.iter().flatten().filter(|group| group.left_out > 0);
            judgement.not_checked.extend(cut.map(|group| {
                truncated(
                    format!(
                        "{} of the facts on `{}`",
                        group.left_out,
                        bartizan_model::printable(group.topic)
                    ),
                    format!("at most {MAX_GROUP} of one topic are judged together"),
                )
            }));
            let answers: Vec<_> = batches
                .par_iter()
                .map(|groups| standing.component.judge(groups, &enabled, &mut Usage::default()))
                .collect();
            judgement.calls = judgement.calls.saturating_add(answers.len() as u64);
            for answer in answers {
                match answer {
                    Ok(findings) => judgement.findings.extend(findings),
                    Err(failure) => judgement.not_checked.push(NotChecked {
                        what: format!("{} on the servers together", enabled.join(", ")),
                        component: Some(failure.component.name.clone()),
                        code: failure.kind.code().to_owned(),
                        why: failure.to_string(),
                    }),
                }
            }
        }
        judgement.took = start.elapsed();
        judgement
    }

    fn batches<'a>(&'a self, topics: &'a BTreeMap<String, Topic>) -> Vec<Vec<Group<'a>>> {
        let mut batches: Vec<Vec<Group<'a>>> = Vec::new();
        let mut room = 0_usize;
        for (topic, Topic { facts, judged: _ }) in topics.iter().filter(|(_, topic)| topic.judged) {
            let left_out = u32::try_from(facts.len().saturating_sub(MAX_GROUP)).unwrap_or(u32::MAX);
            let facts = fair(facts, MAX_GROUP);
            let bytes: usize = facts.iter().map(|(_, fact)| size(fact)).sum();
            let facts = facts.into_iter().map(|(server, fact)| self.noted(*server, fact));
            let group = Group { topic, facts: facts.collect(), left_out };
            if let Some(batch) = batches.last_mut().filter(|_| bytes <= room) {
                room -= bytes;
                batch.push(group);
            } else {
                room = BATCH_BYTES.saturating_sub(bytes);
                batches.push(vec![group]);
            }
        }
        batches
    }

    fn noted<'a>(&'a self, server: u32, fact: &'a Fact) -> Noted<'a> {
        let name = usize::try_from(server).ok().and_then(|number| self.servers.get(number));
        Noted {
            server,
            server_name: name.map(String::as_str).unwrap_or_default(),
            subject: &fact.subject,
            data: &fact.data,
        }
    }
}

/// At most this many facts, of every server in turn: one that floods a topic must not crowd out what it would meet there.
fn fair(facts: &[(u32, Fact)], most: usize) -> Vec<&(u32, Fact)> {
    let mut told: BTreeMap<u32, usize> = BTreeMap::new();
    let mut ranked: Vec<(usize, usize, &(u32, Fact))> = facts
        .iter()
        .enumerate()
        .map(|(place, fact)| {
            let rank = told.entry(fact.0).or_default();
            *rank += 1;
            (*rank, place, fact)
        })
        .collect();
    if ranked.len() > most {
        ranked.sort_unstable_by_key(|(rank, place, _)| (*rank, *place));
        ranked.truncate(most);
        ranked.sort_unstable_by_key(|(_, place, _)| *place);
    }
    ranked.into_iter().map(|(_, _, fact)| fact).collect()
}

fn size(fact: &Fact) -> usize {
    // What a fact costs beyond its text.
    const OVERHEAD: usize = 200;
    OVERHEAD + fact.topic.len() + fact.data.len() + fact.subject.name.len() + fact.subject.server.len()
}

fn truncated(what: String, why: String) -> NotChecked {
    NotChecked { what, component: None, code: "truncated".to_owned(), why }
}

/// Both steps of one component over these servers: for its author's test vectors.
pub fn judge_together(
    component: &Component,
    servers: &[Server],
    enabled: &[String],
    usage: &mut Usage,
) -> Result<Vec<Finding>, CallFailure> {
    let mut together = Together::default();
    let name = component.reference().name.clone();
    for server in servers {
        together.add(&server.name, vec![(name.clone(), component.note(server, enabled, usage)?)]);
    }
    let mut findings = Vec::new();
    if let Some(topics) = together.noted.get(&name) {
        for groups in together.batches(topics) {
            findings.extend(component.judge(&groups, enabled, usage)?);
        }
    }
    Ok(findings)
}

#[cfg(test)]
mod tests {
    use bartizan_model::{Subject, SubjectKind};

    use super::*;

    fn fact(data: &str) -> Fact {
        let subject = Subject {
            kind: SubjectKind::Server,
            server: "s".into(),
            name: String::new(),
            path: None,
            position: None,
        };
        Fact { topic: "t".into(), alone: false, subject, data: data.into() }
    }

    #[test]
    fn a_server_that_floods_a_topic_does_not_crowd_out_the_others() {
        let mut together = Together::default();
        together.add("flood", vec![("c".into(), vec![fact("noise"); MAX_GROUP])]);
        together.add("victim", vec![("c".into(), vec![fact("what counts")])]);
        let batches = together.batches(&together.noted["c"]);
        let group = &batches[0][0];
        assert_eq!((group.facts.len(), group.left_out), (MAX_GROUP, 1));
        assert!(group.facts.iter().any(|noted| noted.server_name == "victim"));
        assert!(group.facts.is_sorted_by_key(|noted| noted.server));
    }

    #[test]
    fn a_topic_that_one_server_speaks_of_is_judged_only_if_it_is_worth_it_alone() {
        let mut together = Together::default();
        together.add("a", vec![("c".into(), vec![fact("x")])]);
        assert!(together.batches(&together.noted["c"]).is_empty());
        together.add("b", vec![("c".into(), vec![fact("y")])]);
        assert_eq!(together.batches(&together.noted["c"]).len(), 1);
        let mut alone = Together::default();
        alone.add("a", vec![("c".into(), vec![Fact { alone: true, ..fact("x") }])]);
        assert_eq!(alone.batches(&alone.noted["c"]).len(), 1);
    }
}
