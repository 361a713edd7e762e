//! Living with findings: what the user's configuration, an accepted baseline and expiry dates make of them.
//!
//! Nothing is lost: what is set aside stays in the report with who and why, a severity that was changed stands beside the
//! declared one, and a suppression that expired or that matches nothing is told of. Only the user's own words count here: no
//! component and no server can set anything aside.

use std::{
    collections::{BTreeMap, BTreeSet},
    fs, io,
    path::{Path, PathBuf},
};

use bartizan_model::{
    Confidence, Finding, Notice, Report, Severity, Subject, SubjectKind, Suppressed, SuppressedBy,
};
use globset::GlobMatcher;
use jiff::civil::Date;
use serde::{Deserialize, Serialize};
use thiserror::Error;

/// The largest baseline that is read, in bytes.
const MAX_BASELINE: u64 = 256 << 20;

/// What is made of findings once they are there.
#[derive(Clone, Debug, Default)]
pub struct Triage {
    /// Severities that the user holds rules for.
    pub severities: Vec<(GlobMatcher, Severity)>,
    /// What is set aside.
    pub suppressions: Vec<Suppression>,
    /// What was there before.
    pub baseline: Option<Baseline>,
    /// Nothing below this is reported.
    pub min_severity: Option<Severity>,
    /// Nothing below this is reported.
    pub min_confidence: Option<Confidence>,
    /// The day on which expiry is judged.
    pub today: Date,
}

/// Findings that are set aside.
#[derive(Clone, Debug)]
pub struct Suppression {
    /// Rule ids.
    pub rule: GlobMatcher,
    /// Subjects as [`subject_text`] writes them; all if absent.
    pub subject: Option<GlobMatcher>,
    /// One finding alone.
    pub fingerprint: Option<String>,
    /// Why.
    pub reason: String,
    /// Who answers for it.
    pub owner: Option<String>,
    /// The last day on which it counts.
    pub expires: Option<Date>,
    /// Where it stands.
    pub by: SuppressedBy,
    /// Where it stands, for messages.
    pub place: String,
}

/// A subject as suppressions name it: `tool:SERVER/TOOL`, `prompt:SERVER/PROMPT`, `server:SERVER`.
pub fn subject_text(subject: &Subject) -> String {
    let Subject { kind, server, name, .. } = subject;
    match kind {
        SubjectKind::Server => format!("server:{server}"),
        _ => format!("{}:{server}/{name}", kind.as_str()),
    }
}

/// A glob over rule ids or subjects, without regard to case.
pub fn matcher(glob: &str) -> Result<GlobMatcher, globset::Error> {
    globset::GlobBuilder::new(glob).case_insensitive(true).build().map(|glob| glob.compile_matcher())
}

impl Suppression {
    fn matches(&self, finding: &Finding, subject: &str) -> bool {
        self.rule.is_match(&finding.rule)
            && self.subject.as_ref().is_none_or(|glob| glob.is_match(subject))
            && self.fingerprint.as_ref().is_none_or(|wanted| *wanted == finding.fingerprint)
    }

    fn is_expired(&self, today: Date) -> bool {
        self.expires.is_some_and(|last| last < today)
    }

    /// Whether this run could have had something that it matches: a rule that was not asked, or a server that was not
    /// looked at, makes no suppression superfluous.
    fn concerns(&self, report: &Report) -> bool {
        let rule = report.rules.iter().any(|rule| self.rule.is_match(&rule.id));
        let named = self.subject.as_ref().map(|glob| glob.glob().glob());
        let server = named.and_then(|glob| glob.split_once(':')).map(|(_, rest)| {
            let name = rest.split('/').next().unwrap_or(rest);
            matcher(name).is_ok_and(|glob| report.servers.iter().any(|server| glob.is_match(&server.id)))
        });
        rule && server.unwrap_or(true)
    }
}

impl Triage {
    pub(crate) fn apply(&self, report: &mut Report) {
        for finding in &mut report.findings {
            let set = self.severities.iter().rev().find(|(rule, _)| rule.is_match(&finding.rule));
            if let Some((_, severity)) = set.filter(|(_, severity)| *severity != finding.severity) {
                finding.declared_severity = Some(finding.severity);
                finding.severity = *severity;
            }
        }
        let mut used = vec![false; self.suppressions.len()];
        let mut expired = vec![false; self.suppressions.len()];
        let mut kept = Vec::with_capacity(report.findings.len());
        for finding in std::mem::take(&mut report.findings) {
            let subject = subject_text(&finding.subject);
            let mut by = None;
            let each = self.suppressions.iter().zip(used.iter_mut().zip(&mut expired));
            for (suppression, (used, expired)) in each {
                if !suppression.matches(&finding, &subject) {
                    continue;
                }
                *used = true;
                if suppression.is_expired(self.today) {
                    *expired = true;
                } else {
                    by = by.or(Some(suppression));
                }
            }
            if let Some(suppression) = by {
                report.suppressed.push(Suppressed {
                    finding,
                    by: suppression.by,
                    reason: suppression.reason.clone(),
                    owner: suppression.owner.clone(),
                    expires: suppression.expires.map(|date| date.to_string()),
                });
            } else if let Some(baseline) = self.baseline.as_ref().filter(|base| base.has(&finding)) {
                report.suppressed.push(Suppressed {
                    finding,
                    by: SuppressedBy::Baseline,
                    reason: format!("it stands in the baseline `{}`", baseline.path.display()),
                    owner: None,
                    expires: None,
                });
            } else {
                kept.push(finding);
            }
        }
        report.findings = kept;
        for (suppression, (used, expired)) in self.suppressions.iter().zip(used.into_iter().zip(expired)) {
            if let Some(notice) = self.notice(suppression, used, expired, report) {
                report.notices.push(notice);
            }
        }
        self.leave_out(report);
    }

    fn notice(&self, one: &Suppression, used: bool, expired: bool, report: &Report) -> Option<Notice> {
        let what = format!("{} ({})", one.place, bartizan_model::printable(&one.reason));
        if one.is_expired(self.today) && (expired || one.concerns(report)) {
            let owner =
                one.owner.as_ref().map(|owner| format!("; {owner} answers for it")).unwrap_or_default();
            let last = one.expires.map(|date| date.to_string()).unwrap_or_default();
            let why = if expired {
                format!("it expired on {last}: what it set aside counts again{owner}")
            } else {
                format!("it expired on {last} and matches nothing{owner}")
            };
            return Some(Notice { code: "suppression-expired".to_owned(), what, why });
        }
        (!used && one.concerns(report)).then(|| Notice {
            code: "suppression-unused".to_owned(),
            what,
            why: "it matches nothing that was found".to_owned(),
        })
    }

    fn leave_out(&self, report: &mut Report) {
        let before = report.findings.len();
        report.findings.retain(|finding| {
            self.min_severity.is_none_or(|least| finding.severity >= least)
                && self.min_confidence.is_none_or(|least| finding.confidence >= least)
        });
        let left_out = before - report.findings.len();
        if left_out > 0 {
            let least = [
                self.min_severity.map(|severity| format!("severity {severity}")),
                self.min_confidence.map(|confidence| format!("confidence {}", confidence.as_str())),
            ];
            report.notices.push(Notice {
                code: "below-minimum".to_owned(),
                what: if left_out == 1 { "1 finding".to_owned() } else { format!("{left_out} findings") },
                why: format!(
                    "not reported: below {}",
                    least.into_iter().flatten().collect::<Vec<_>>().join(" or ")
                ),
            });
        }
    }
}

/// Findings that were accepted as they were, by fingerprint.
#[derive(Clone, Debug)]
pub struct Baseline {
    path: PathBuf,
    fingerprints: BTreeSet<String>,
}

/// As a baseline is saved. What is not the fingerprint is for whoever reads the file.
#[derive(Serialize, Deserialize)]
struct Saved {
    version: u32,
    findings: BTreeMap<String, SavedFinding>,
}

#[derive(Serialize, Deserialize)]
struct SavedFinding {
    rule: String,
    subject: String,
}

/// A saved JSON report serves, too.
#[derive(Deserialize)]
struct AsReport {
    schema_version: String,
    findings: Vec<OnlyFingerprint>,
    #[serde(default)]
    suppressed: Vec<OnlySuppressed>,
}

#[derive(Deserialize)]
struct OnlyFingerprint {
    fingerprint: String,
}

#[derive(Deserialize)]
struct OnlySuppressed {
    finding: OnlyFingerprint,
}

const BASELINE_VERSION: u32 = 1;

/// A baseline that cannot be used.
#[derive(Debug, Error)]
#[non_exhaustive]
pub enum BaselineError {
    /// It cannot be read.
    #[error("cannot read the baseline `{}`: {source}", path.display())]
    Io {
        /// Its file.
        path: PathBuf,
        /// Why.
        source: io::Error,
    },
    /// It is something else.
    #[error("`{}` is neither a baseline nor a JSON report: {why}", path.display())]
    Malformed {
        /// Its file.
        path: PathBuf,
        /// Why.
        why: String,
    },
}

impl Baseline {
    /// Reads what `--save-baseline` wrote, or a JSON report.
    pub fn read(path: &Path) -> Result<Self, BaselineError> {
        let io = |source| BaselineError::Io { path: path.to_owned(), source };
        let malformed = |why: String| BaselineError::Malformed { path: path.to_owned(), why };
        let metadata = fs::metadata(path).map_err(io)?;
        if !metadata.is_file() || metadata.len() > MAX_BASELINE {
            return Err(malformed(format!("a regular file of at most {MAX_BASELINE} bytes is expected")));
        }
        let bytes = fs::read(path).map_err(io)?;
        let fingerprints = match serde_json::from_slice::<Saved>(&bytes) {
            Ok(saved) if saved.version == BASELINE_VERSION => saved.findings.into_keys().collect(),
            Ok(saved) => {
                return Err(malformed(format!(
                    "its version is {}; this program reads version {BASELINE_VERSION}",
                    saved.version
                )));
            }
            Err(not_a_baseline) => {
                let report: AsReport =
                    serde_json::from_slice(&bytes).map_err(|_| malformed(not_a_baseline.to_string()))?;
                if report.schema_version != bartizan_model::REPORT_SCHEMA_VERSION {
                    return Err(malformed(format!("a report of schema version {}", report.schema_version)));
                }
                let suppressed = report.suppressed.into_iter().map(|one| one.finding.fingerprint);
                report.findings.into_iter().map(|one| one.fingerprint).chain(suppressed).collect()
            }
        };
        Ok(Self { path: path.to_owned(), fingerprints })
    }

    /// What `--save-baseline` writes: everything that was found, what a baseline set aside included.
    pub fn to_json(report: &Report) -> String {
        let old = report.suppressed.iter().filter(|one| one.by == SuppressedBy::Baseline);
        let all = report.findings.iter().chain(old.map(|one| &one.finding));
        let findings = all
            .map(|finding| {
                let saved =
                    SavedFinding { rule: finding.rule.clone(), subject: subject_text(&finding.subject) };
                (finding.fingerprint.clone(), saved)
            })
            .collect();
        let saved = Saved { version: BASELINE_VERSION, findings };
        let mut text = serde_json::to_string_pretty(&saved).unwrap_or_default();
        text.push('\n');
        text
    }

    fn has(&self, finding: &Finding) -> bool {
        self.fingerprints.contains(&finding.fingerprint)
    }
}

#[cfg(test)]
mod tests {
    use bartizan_model::{ComponentRef, Digest, Rule, ServerSummary};

    use super::*;

    fn finding(rule: &str, tool: &str, severity: Severity) -> Finding {
        let subject = Subject {
            kind: SubjectKind::Tool,
            server: "shop".into(),
            name: tool.into(),
            path: None,
            position: None,
        };
        Finding {
            fingerprint: Finding::fingerprint_of(rule, &subject, &[]),
            rule: rule.into(),
            severity,
            confidence: Confidence::Medium,
            message: "m".into(),
            subject,
            related: Vec::new(),
            evidence: Vec::new(),
            remediation: None,
            plugin: ComponentRef { name: "a/b".into(), version: "1.0.0".into(), digest: Digest::of(b"") },
            declared_severity: None,
        }
    }

    fn report(findings: Vec<Finding>) -> Report {
        let rule = |id: &str| Rule {
            id: id.into(),
            title: String::new(),
            help: String::new(),
            severity: Severity::High,
            confidence: Confidence::Medium,
            tags: Vec::new(),
            component: "a/b".into(),
        };
        let server: ServerSummary = serde_json::from_value(serde_json::json!({
            "id": "shop", "name": "shop", "version": "", "protocol_version": "", "target": "shop.json",
            "transport": {"kind": "file"}, "digest": null, "tools": 0, "prompts": 0, "resources": 0, "observations": []
        }))
        .unwrap();
        Report {
            servers: vec![server],
            findings,
            rules: vec![rule("R-1"), rule("R-2")],
            ..Report::empty("1")
        }
    }

    fn suppression(rule: &str, subject: Option<&str>, expires: Option<&str>) -> Suppression {
        Suppression {
            rule: matcher(rule).unwrap(),
            subject: subject.map(|glob| matcher(glob).unwrap()),
            fingerprint: None,
            reason: "the gateway filters it".into(),
            owner: Some("platform".into()),
            expires: expires.map(|date| date.parse().unwrap()),
            by: SuppressedBy::Config,
            place: "bartizan.toml".into(),
        }
    }

    fn applied(suppressions: Vec<Suppression>, findings: Vec<Finding>) -> Report {
        let today = "2026-11-21".parse().unwrap();
        let mut report = report(findings);
        Triage { suppressions, today, ..Triage::default() }.apply(&mut report);
        report
    }

    fn codes(report: &Report) -> Vec<&str> {
        report.notices.iter().map(|notice| notice.code.as_str()).collect()
    }

    #[test]
    fn what_is_set_aside_stays_with_its_reason() {
        let both = vec![finding("R-1", "fetch", Severity::High), finding("R-1", "add", Severity::High)];
        let report = applied(vec![suppression("r-*", Some("tool:shop/fe*"), Some("2026-11-21"))], both);
        assert_eq!(report.findings.len(), 1);
        assert_eq!(report.suppressed[0].finding.subject.name, "fetch");
        assert_eq!(report.suppressed[0].owner.as_deref(), Some("platform"));
        assert_eq!(codes(&report), [""; 0]);
    }

    #[test]
    fn one_that_expired_counts_no_more_and_is_told_of() {
        let one = vec![finding("R-1", "fetch", Severity::High)];
        let report = applied(vec![suppression("R-1", None, Some("2026-11-20"))], one);
        assert_eq!((report.findings.len(), report.suppressed.len()), (1, 0));
        assert_eq!(codes(&report), ["suppression-expired"]);
        assert!(report.notices[0].why.contains("platform answers for it"), "{}", report.notices[0].why);
    }

    #[test]
    fn one_that_matches_nothing_is_told_of_where_it_could_have() {
        let unused =
            |rule, subject| codes(&applied(vec![suppression(rule, subject, None)], Vec::new())).len();
        assert_eq!(unused("R-2", None), 1);
        assert_eq!(unused("R-2", Some("tool:shop/gone")), 1);
        assert_eq!(unused("R-2", Some("tool:elsewhere/x")), 0);
        assert_eq!(unused("R-9", None), 0);
    }

    #[test]
    fn a_severity_of_the_users_stands_beside_the_declared_one() {
        let severities = vec![(matcher("R-1").unwrap(), Severity::Low)];
        let mut report =
            report(vec![finding("R-1", "t", Severity::High), finding("R-2", "t", Severity::High)]);
        Triage { severities, min_severity: Some(Severity::Medium), ..Triage::default() }.apply(&mut report);
        assert_eq!(report.findings.len(), 1);
        assert_eq!(codes(&report), ["below-minimum"]);
    }

    #[test]
    fn a_baseline_sets_aside_what_was_there_and_nothing_else() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("baseline.json");
        let old = report(vec![finding("R-1", "old", Severity::High)]);
        for text in [Baseline::to_json(&old), serde_json::to_string(&old).unwrap()] {
            fs::write(&path, text).unwrap();
            let baseline = Some(Baseline::read(&path).unwrap());
            let mut now =
                report(vec![finding("R-1", "old", Severity::High), finding("R-1", "new", Severity::High)]);
            Triage { baseline, ..Triage::default() }.apply(&mut now);
            assert_eq!(now.findings.len(), 1);
            assert_eq!(now.findings[0].subject.name, "new");
            assert!(Baseline::to_json(&now).contains("tool:shop/old"));
        }
        for text in
            ["", "[]", "{\"version\":2,\"findings\":{}}", "{\"schema_version\":\"9\",\"findings\":[]}"]
        {
            fs::write(&path, text).unwrap();
            assert!(Baseline::read(&path).is_err(), "{text}");
        }
    }
}
