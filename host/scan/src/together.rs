//! Judges servers together.
//!
//! What a component noted of each server comes in one after the other ([`Together::add`]); [`Together::judge`] then brings
//! together what is of one topic. Nothing here compares servers with each other: the work grows with what was noted.

use std::{collections::BTreeMap, time::Instant};

use bartizan_kernel::{CallFailure, Component, Fact, Group, Noted, Usage};
use bartizan_model::{Digest, Finding, NotChecked, Server};
use rayon::prelude::*;

use crate::{Judge, Judgement};

/// The most facts of one topic that are handed over: those of ten thousand servers, some each.
const MAX_GROUP: usize = 65_536;
/// The most bytes of one topic that are handed over: with what the component makes of them they have to fit into its memory.
const MAX_GROUP_BYTES: usize = 20 << 20;
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

    /// Asks every component about the topics that are worth it. What it said of the same facts before is not asked again.
    pub fn judge(&self, judge: &Judge<'_>) -> Judgement {
        let start = Instant::now();
        let mut judgement = Judgement::default();
        if self.left_out > 0 {
            judgement.not_checked.push(truncated(
                format!("{} servers, together with the others", self.left_out),
                format!("what was noted of servers is more than {} MiB", MAX_KEPT >> 20),
            ));
        }
        for asked in judge.fleet() {
            let Some(topics) = self.noted.get(&asked.component.reference().name) else { continue };
            let batches = self.batches(topics);
            let cut = batches.iter().flatten().filter(|group| group.left_out > 0);
            judgement.not_checked.extend(cut.map(|group| {
                truncated(
                    format!(
                        "{} of the facts on `{}`",
                        group.left_out,
                        bartizan_model::printable(group.topic)
                    ),
                    format!(
                        "at most {MAX_GROUP} of one topic are judged together, and {} MiB",
                        MAX_GROUP_BYTES >> 20
                    ),
                )
            }));
            let answers: Vec<_> = batches
                .par_iter()
                .map(|groups| judge.known_or(&question(groups), asked, || asked.judge(groups)))
                .collect();
            for (was_called, answer) in answers {
                judgement.calls += u64::from(was_called);
                match answer {
                    Ok(findings) => judgement.findings.extend(findings),
                    Err(failure) => judgement.not_checked.push(NotChecked {
                        what: format!("{} on the servers together", asked.enabled.join(", ")),
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
            let all = facts.len();
            let facts = fair(facts, MAX_GROUP, MAX_GROUP_BYTES);
            let left_out = u32::try_from(all - facts.len()).unwrap_or(u32::MAX);
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

/// At most this many facts and bytes, of every server in turn: one that floods a topic must not crowd out what it would meet there.
fn fair(facts: &[(u32, Fact)], most: usize, most_bytes: usize) -> Vec<&(u32, Fact)> {
    let bytes: usize = facts.iter().map(|(_, fact)| size(fact)).sum();
    if facts.len() <= most && bytes <= most_bytes {
        return facts.iter().collect();
    }
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
    ranked.sort_unstable_by_key(|(rank, place, _)| (*rank, *place));
    let mut left = most_bytes;
    let fits = ranked.iter().take(most).take_while(|(_, _, (_, fact))| {
        let rest = left.checked_sub(size(fact));
        left = rest.unwrap_or_default();
        rest.is_some()
    });
    let kept = fits.count();
    ranked.truncate(kept);
    ranked.sort_unstable_by_key(|(_, place, _)| *place);
    ranked.into_iter().map(|(_, _, fact)| fact).collect()
}

/// All that an answer on these topics depends on, apart from the component.
fn question(groups: &[Group<'_>]) -> Digest {
    let numbers: Vec<[u8; 4]> = groups
        .iter()
        .flat_map(|group| {
            let facts = u32::try_from(group.facts.len()).unwrap_or(u32::MAX);
            [group.left_out, facts].into_iter().chain(group.facts.iter().map(|noted| noted.server))
        })
        .map(u32::to_le_bytes)
        .collect();
    let texts = groups.iter().flat_map(|group| {
        std::iter::once(group.topic.as_bytes()).chain(group.facts.iter().flat_map(texts_of))
    });
    Digest::of_each(texts.chain(numbers.iter().map(<[u8; 4]>::as_slice)))
}

fn texts_of<'a>(noted: &Noted<'a>) -> [&'a [u8]; 6] {
    let Noted { server: _, server_name, subject, data } = *noted;
    let place = subject.path.as_deref().unwrap_or_default();
    [server_name, subject.kind.as_str(), &subject.server, &subject.name, place, data].map(str::as_bytes)
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
    fn a_topic_is_bounded_in_bytes_too_and_every_server_is_heard() {
        let mut together = Together::default();
        for number in 0..4 {
            let facts = vec![fact(&"x".repeat(1 << 20)); 8];
            together.add(&format!("server-{number}"), vec![("c".into(), facts)]);
        }
        let batches = together.batches(&together.noted["c"]);
        let group = &batches[0][0];
        assert_eq!((batches.len(), group.facts.len() + group.left_out as usize), (1, 32));
        let bytes: usize = group.facts.iter().map(|noted| noted.data.len()).sum();
        assert!((MAX_GROUP_BYTES / 2..=MAX_GROUP_BYTES).contains(&bytes), "{bytes}");
        for number in 0..4 {
            assert!(group.facts.iter().filter(|noted| noted.server == number).count() >= 4);
        }
    }

    #[test]
    fn a_question_is_the_same_only_if_all_of_it_is() {
        let asked = |names: [&str; 2], data: [&str; 2]| {
            let mut together = Together::default();
            for (name, data) in names.into_iter().zip(data) {
                together.add(name, vec![("c".into(), vec![fact(data)])]);
            }
            question(&together.batches(&together.noted["c"])[0])
        };
        let first = asked(["a", "b"], ["x", "y"]);
        assert_eq!(first, asked(["a", "b"], ["x", "y"]));
        for other in
            [asked(["b", "a"], ["x", "y"]), asked(["a", "b"], ["y", "x"]), asked(["a", "b"], ["x", "yy"])]
        {
            assert_ne!(first, other);
        }
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
