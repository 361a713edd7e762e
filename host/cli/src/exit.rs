//! Exit codes, and errors as the terminal tells them.

use std::{fmt::Display, io::Write as _, process::ExitCode};

use bartizan_model::{Report, Severity};

/// How a run ends.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Exit {
    /// Everything asked was checked; nothing at or over the threshold.
    Clean = 0,
    /// Findings at or over the threshold.
    Findings = 1,
    /// Usage or configuration error; nothing ran.
    Usage = 2,
    /// Something could not be checked.
    Incomplete = 3,
    /// Signature, digest, trust or grant.
    Refused = 4,
    /// Interrupted by the user; what was found until then was reported.
    Interrupted = 130,
}

impl From<Exit> for ExitCode {
    fn from(exit: Exit) -> Self {
        Self::from(exit as u8)
    }
}

impl Exit {
    /// What a report means. An interrupt and a refusal outweigh what was found: the first because nobody waits for the
    /// rest, the second because what was found cannot stand for what was asked; findings outweigh an incomplete check.
    pub(crate) fn of(report: &Report, fail_on: Severity, refused: bool, interrupted: bool) -> Self {
        if interrupted {
            Self::Interrupted
        } else if refused {
            Self::Refused
        } else if report.worst().is_some_and(|worst| worst >= fail_on) {
            Self::Findings
        } else if report.is_complete() {
            Self::Clean
        } else {
            Self::Incomplete
        }
    }
}

/// An error that ends the run: what was being done and why it failed, and what to do next.
#[derive(Debug)]
pub(crate) struct Failure {
    exit: Exit,
    report: miette::Report,
}

impl From<&Failure> for Exit {
    fn from(failure: &Failure) -> Self {
        failure.exit
    }
}

impl Failure {
    pub(crate) fn new(exit: Exit, what: impl Display, advice: impl Display) -> Self {
        // A source's own text may quote a server or a file: nothing in it may steer the terminal.
        let (what, advice) = (bartizan_model::printable(&what.to_string()), advice.to_string());
        Self { exit, report: miette::miette!(help = advice, "{what}") }
    }

    pub(crate) fn usage(what: impl Display, advice: impl Display) -> Self {
        Self::new(Exit::Usage, what, advice)
    }

    /// Tells it on stderr.
    pub(crate) fn tell(&self) {
        tell(&self.report);
    }
}

/// Tells of something that went wrong without ending the run.
pub(crate) fn warn(what: impl Display, advice: impl Display) {
    let (what, advice) = (bartizan_model::printable(&what.to_string()), advice.to_string());
    tell(&if advice.is_empty() {
        miette::miette!(severity = miette::Severity::Warning, "{what}")
    } else {
        miette::miette!(severity = miette::Severity::Warning, help = advice, "{what}")
    });
}

fn tell(report: &miette::Report) {
    // If stderr is gone there is nobody to tell.
    let _ = writeln!(std::io::stderr(), "{report:?}");
}

/// What clap has to say: help and version on stdout, errors on stderr with our exit code.
pub(crate) fn usage(error: &clap::Error) -> Exit {
    let _ = error.print();
    if error.use_stderr() { Exit::Usage } else { Exit::Clean }
}

#[cfg(test)]
mod tests {
    use bartizan_model::{ComponentRef, Confidence, Digest, Finding, NotChecked, Subject, SubjectKind};

    use super::*;

    fn report(severity: Option<Severity>, complete: bool) -> Report {
        let subject = Subject {
            kind: SubjectKind::Server,
            server: "s".into(),
            name: String::new(),
            path: None,
            position: None,
        };
        let plugin = ComponentRef { name: "a/b".into(), version: "1.0.0".into(), digest: Digest::of(b"") };
        let finding = |severity| Finding {
            rule: "R".into(),
            severity,
            confidence: Confidence::High,
            message: "m".into(),
            subject: subject.clone(),
            related: vec![],
            evidence: vec![],
            remediation: None,
            fingerprint: String::new(),
            plugin: plugin.clone(),
            declared_severity: None,
        };
        let unchecked = NotChecked { what: "w".into(), component: None, code: "c".into(), why: "y".into() };
        Report {
            findings: severity.map(finding).into_iter().collect(),
            not_checked: if complete { vec![] } else { vec![unchecked] },
            ..Report::empty("0")
        }
    }

    #[test]
    fn incomplete_wins_over_clean_and_not_over_findings() {
        let exit = |severity, complete| Exit::of(&report(severity, complete), Severity::High, false, false);
        assert_eq!(exit(None, true), Exit::Clean);
        assert_eq!(exit(Some(Severity::Medium), true), Exit::Clean);
        assert_eq!(exit(Some(Severity::Medium), false), Exit::Incomplete);
        assert_eq!(exit(Some(Severity::High), false), Exit::Findings);
    }

    #[test]
    fn a_refusal_wins_over_findings_and_an_interrupt_over_all() {
        let findings = report(Some(Severity::Critical), false);
        assert_eq!(Exit::of(&findings, Severity::Low, true, false), Exit::Refused);
        assert_eq!(Exit::of(&findings, Severity::Low, true, true), Exit::Interrupted);
    }
}
