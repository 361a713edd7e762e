//! What a report amounts to. Every reporter asks here, so that none calls clean what was not checked.

use std::collections::{BTreeMap, BTreeSet};

use super::{NotChecked, Report, ServerSummary, Severity, visible};

/// Places in an entry at which the name of a server may begin.
const MOST_STARTS: usize = 256;

/// What a whole report says.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Verdict {
    /// There was nothing to judge, or nothing to judge it by.
    NothingChecked,
    /// Some of what was asked was not checked. There may be findings all the same.
    Incomplete,
    /// Everything asked was checked, and something was found.
    Found,
    /// Everything asked was checked, and nothing was found.
    Clean,
}

impl Report {
    /// What the report says as a whole.
    pub fn verdict(&self) -> Verdict {
        let nobody_answered = self.servers.iter().all(ServerSummary::is_silent);
        if self.findings.is_empty() && (nobody_answered || self.rules.is_empty()) {
            Verdict::NothingChecked
        } else if !self.gaps().is_empty() {
            Verdict::Incomplete
        } else if self.findings.is_empty() {
            Verdict::Clean
        } else {
            Verdict::Found
        }
    }

    /// Everything that was not checked: the report's own entries, and what it shows without saying so, such as a
    /// server that never answered.
    pub fn gaps(&self) -> Vec<NotChecked> {
        let mut gaps = self.not_checked.clone();
        let named: BTreeSet<usize> = self.named_by(&gaps).into_iter().flatten().collect();
        let silent = self.servers.iter().enumerate().filter(|(_, server)| server.is_silent());
        for (_, server) in silent.filter(|(place, _)| !named.contains(place)) {
            gaps.push(gap(format!("server `{}`", server.label()), "no-answer", "it never answered"));
        }
        if self.servers.is_empty() {
            gaps.push(gap("servers".to_owned(), "nothing-looked-at", "there was no server to look at"));
        }
        if self.rules.is_empty() {
            gaps.push(gap("rules".to_owned(), "nothing-looked-at", "no rule was asked to look"));
        }
        gaps
    }

    /// For each entry, the places of the servers that it is about by name: an entry ends in the name of its server. One
    /// that names no server may be about any of them.
    pub fn named_by(&self, gaps: &[NotChecked]) -> Vec<BTreeSet<usize>> {
        let bare = |text: &str| text.trim_end_matches('`').to_owned();
        let mut places: BTreeMap<String, Vec<usize>> = BTreeMap::new();
        for (place, server) in self.servers.iter().enumerate() {
            for name in [&server.name, &server.target].into_iter().filter(|name| !name.is_empty()) {
                // The entry may hold the name as it came or as it is shown.
                for name in [bare(name), bare(&visible(name))] {
                    places.entry(name).or_default().push(place);
                }
            }
        }
        let named = |gap: &NotChecked| {
            let what = gap.what.trim_end_matches('`');
            let after_a_break = what
                .char_indices()
                .filter(|(_, c)| matches!(c, ' ' | '`'))
                .map(|(at, _)| at.saturating_add(1));
            // Names of many words are cut off here; then the entry counts as one that names nobody.
            let starts = std::iter::once(0).chain(after_a_break).take(MOST_STARTS);
            let ends = starts.filter_map(|at| what.get(at..).filter(|end| !end.is_empty()));
            ends.filter_map(|end| places.get(end)).flatten().copied().collect()
        };
        gaps.iter().map(named).collect()
    }

    /// What the reader should know beside the findings: how many were set aside, and each notice. Sentences of plain text
    /// without control characters; they may hold a server's name: escape them.
    pub fn remarks(&self) -> Vec<String> {
        /// Notices that are told one by one.
        const MOST: usize = 12;
        let mut remarks = Vec::new();
        if !self.suppressed.is_empty() {
            let was = if self.suppressed.len() == 1 { "was" } else { "were" };
            remarks.push(format!(
                "{} {was} set aside; the JSON report has them, with who and why",
                counted(self.suppressed.len(), "finding")
            ));
        }
        let told = self.notices.iter().take(MOST);
        remarks.extend(told.map(|one| format!("{}: {}", shorten(&one.what, 120), shorten(&one.why, 300))));
        if self.notices.len() > MOST {
            remarks.push(format!("and {} more notices", self.notices.len().saturating_sub(MOST)));
        }
        remarks
    }

    /// How many findings are of this severity.
    pub fn count(&self, severity: Severity) -> usize {
        self.findings.iter().filter(|finding| finding.severity == severity).count()
    }

    /// The report in a few words: "2 critical · 1 low", "No findings", "Incomplete" …
    pub fn headline(&self) -> String {
        let verdict = self.verdict();
        if verdict == Verdict::NothingChecked {
            return "Nothing was checked".to_owned();
        }
        let mut parts: Vec<String> = Severity::WORST_FIRST
            .into_iter()
            .map(|severity| (severity, self.count(severity)))
            .filter(|(_, count)| *count > 0)
            .map(|(severity, count)| format!("{count} {severity}"))
            .collect();
        match verdict {
            Verdict::Incomplete => parts.push("Incomplete".to_owned()),
            Verdict::Clean => parts.push("No findings".to_owned()),
            Verdict::Found | Verdict::NothingChecked => {}
        }
        parts.join(" · ")
    }

    /// What the headline rests on, as a sentence of plain text without control characters. It may hold a server's
    /// name: escape it.
    pub fn basis(&self) -> String {
        match self.verdict() {
            Verdict::NothingChecked if self.servers.is_empty() => {
                "There was no server to look at.".to_owned()
            }
            Verdict::NothingChecked if self.servers.iter().all(ServerSummary::is_silent) => {
                "No server answered.".to_owned()
            }
            Verdict::NothingChecked => "No rule was asked to look.".to_owned(),
            Verdict::Incomplete if self.findings.is_empty() => {
                format!("{}. Nothing was found in the rest.", self.gaps_counted())
            }
            Verdict::Incomplete => format!("{}; there may be more.", self.gaps_counted()),
            Verdict::Found | Verdict::Clean => self.looked_at(),
        }
    }

    /// "2 things were not checked"
    fn gaps_counted(&self) -> String {
        let gaps = self.gaps().len();
        format!("{} {} not checked", counted(gaps, "thing"), if gaps == 1 { "was" } else { "were" })
    }

    /// "9 rules looked at 13 tools and 2 prompts of weather."
    fn looked_at(&self) -> String {
        let sum = |count: fn(&ServerSummary) -> u64| {
            let sum = self.servers.iter().map(count).fold(0, u64::saturating_add);
            usize::try_from(sum).unwrap_or(usize::MAX)
        };
        let mut listed: Vec<String> = [
            (sum(|server| server.tools), "tool"),
            (sum(|server| server.prompts), "prompt"),
            (sum(|server| server.resources), "resource"),
        ]
        .into_iter()
        .filter(|(count, _)| *count > 0)
        .map(|(count, what)| counted(count, what))
        .collect();
        let things = match listed.pop() {
            None => "what it says of itself, for it listed nothing, at".to_owned(),
            Some(last) if listed.is_empty() => format!("{last} of"),
            Some(last) => format!("{} and {last} of", listed.join(", ")),
        };
        let whose = match self.servers.as_slice() {
            [one] => one.label(),
            servers => counted(servers.len(), "server"),
        };
        format!("{} looked at {things} {whose}.", counted(self.rules.len(), "rule"))
    }
}

impl ServerSummary {
    /// Whether it never answered, so that nothing at all is known of it. One that was not to be started is not silent: how it
    /// is configured was judged, and that was all that was asked.
    pub fn is_silent(&self) -> bool {
        self.digest.is_none() && !self.is_not_started()
    }

    /// Whether it was not to be started.
    pub fn is_not_started(&self) -> bool {
        self.status == "not-started"
    }

    /// What to call it on one line: its name, else what the user asked for. Without control characters, and short.
    pub fn label(&self) -> String {
        let name = if self.name.trim().is_empty() { &self.target } else { &self.name };
        if name.trim().is_empty() { "a server without a name".to_owned() } else { shorten(name, 120) }
    }
}

impl NotChecked {
    /// Why, in one line: the reason, and the code where it says more than the reason.
    pub fn reason(&self) -> String {
        let (why, code) = (visible(&self.why), visible(&self.code));
        match (why.is_empty(), code.is_empty()) {
            (false, false) => format!("{why} ({code})"),
            (false, true) => why,
            (true, false) => code,
            (true, true) => "no reason was given".to_owned(),
        }
    }
}

fn gap(what: String, code: &str, why: &str) -> NotChecked {
    NotChecked { what, component: None, code: code.to_owned(), why: why.to_owned() }
}

/// "1 tool", "2 tools".
pub fn counted(count: usize, what: &str) -> String {
    format!("{count} {what}{}", if count == 1 { "" } else { "s" })
}

/// [`visible`], and at most this many characters; what is cut ends in "…".
pub fn shorten(text: &str, most: usize) -> String {
    // Nearly every text of a report; a large one has tens of thousands, and fuel is counted.
    if text.len() <= most && text.bytes().all(|byte| (b' '..=b'~').contains(&byte)) {
        return text.to_owned();
    }
    // An escape is longer than what it stands for, so this much of the text is always enough.
    let head: String = text.chars().take(most.saturating_add(1)).collect();
    let shown = visible(&head);
    if shown.chars().nth(most).is_none() && head.len() == text.len() {
        return shown;
    }
    let mut cut: String = shown.chars().take(most.saturating_sub(1)).collect();
    cut.push('…');
    cut
}

#[cfg(test)]
mod tests {
    use super::*;

    fn report(servers: &str, rules: &str, not_checked: &str) -> Report {
        let json = format!(
            r#"{{"schema_version":"1","tool":{{"name":"bartizan","version":"0.1.0"}},"servers":{servers},
            "findings":[],"rules":{rules},"plugins":[],"not_checked":{not_checked}}}"#
        );
        Report::from_json(&json).expect("a report")
    }

    const ANSWERED: &str = r#"[{"name":"weather","target":"node w.js","digest":"d","tools":2}]"#;
    const SILENT: &str = r#"[{"name":"weather","target":"node w.js"},{"name":"b","digest":"d"}]"#;
    const RULE: &str = r#"[{"id":"R-1","title":"t","severity":"low","confidence":"low"}]"#;

    #[test]
    fn only_a_report_without_gaps_is_clean() {
        let clean = report(ANSWERED, RULE, "[]");
        assert_eq!((clean.verdict(), clean.headline().as_str()), (Verdict::Clean, "No findings"));
        assert_eq!(clean.basis(), "1 rule looked at 2 tools of weather.");
        for (servers, rules, gaps, verdict) in [
            (ANSWERED, "[]", "[]", Verdict::NothingChecked),
            ("[]", RULE, "[]", Verdict::NothingChecked),
            (SILENT, RULE, "[]", Verdict::Incomplete),
            (ANSWERED, RULE, r#"[{"what":"x"}]"#, Verdict::Incomplete),
        ] {
            let report = report(servers, rules, gaps);
            assert_eq!(report.verdict(), verdict, "{servers} {rules} {gaps}");
            assert!(!report.gaps().is_empty());
            assert!(!report.headline().contains("No findings"));
        }
    }

    #[test]
    fn a_silent_server_is_a_gap_once() {
        assert_eq!(report(SILENT, RULE, "[]").gaps().len(), 1);
        for what in ["server `weather`", "server `node w.js`", "prompts of weather", "weather"] {
            let report = report(SILENT, RULE, &format!(r#"[{{"what":"{what}","code":"spawn"}}]"#));
            assert_eq!(report.gaps().len(), 1, "{what}");
        }
        let of_another = report(SILENT, RULE, r#"[{"what":"prompts of fairweather"}]"#);
        assert_eq!(of_another.gaps().len(), 2);
    }

    #[test]
    fn a_long_text_is_cut_and_says_so() {
        assert_eq!(shorten("abc", 3), "abc");
        assert_eq!(shorten("abcd", 3), "ab…");
        assert_eq!(shorten("\u{202e}\u{202e}", 5), "\\u{2…");
        assert_eq!(shorten("", 0), "");
    }
}
