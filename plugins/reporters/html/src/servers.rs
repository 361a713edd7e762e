//! The findings, server by server: the worst server first, and before them what takes several servers.

use std::collections::BTreeMap;

use bartizan_sdk::report::{Finding, NotChecked, Report, ServerSummary, Severity, counted, shorten};

use crate::{
    escape,
    findings::{self, Budget},
    page::View,
    summary::capital,
};

/// Sections of servers at which nothing was found.
const MOST_BARE: usize = 1_000;
/// Bytes of what is told of all servers besides their findings.
const MOST_FACTS: usize = 800_000;
/// Observations named of one server.
const MOST_OBSERVATIONS: usize = 12;

/// A server and what was found at it.
pub(crate) struct Server<'a> {
    /// Absent: only findings name it.
    pub(crate) summary: Option<&'a ServerSummary>,
    pub(crate) label: String,
    pub(crate) findings: Vec<&'a Finding>,
    /// Worst first.
    pub(crate) counts: [usize; 5],
    /// Entries about what was not checked that name it.
    pub(crate) gaps: usize,
    /// An earlier server that calls itself the same: what was found at either stands there.
    pub(crate) twin: Option<usize>,
}

impl Server<'_> {
    pub(crate) fn is_silent(&self) -> bool {
        self.summary.is_some_and(ServerSummary::is_silent)
    }
}

/// The servers in the report's order. Two that call themselves the same cannot be told apart by their findings, which
/// stand at the first.
pub(crate) fn servers<'a>(report: &'a Report, gaps: &[NotChecked]) -> Vec<Server<'a>> {
    let mut servers: Vec<Server<'a>> = Vec::new();
    let mut places: BTreeMap<&str, usize> = BTreeMap::new();
    for summary in &report.servers {
        let first = *places.entry(&summary.name).or_insert(servers.len());
        let twin = (first != servers.len()).then_some(first);
        let label = summary.label();
        servers.push(Server {
            summary: Some(summary),
            label,
            findings: Vec::new(),
            counts: [0; 5],
            gaps: 0,
            twin,
        });
    }
    for place in report.named_by(gaps).into_iter().flatten() {
        if let Some(server) = servers.get_mut(place) {
            server.gaps = server.gaps.saturating_add(1);
        }
    }
    for finding in &report.findings {
        let place = *places.entry(&finding.subject.server).or_insert_with(|| {
            let label = shorten(&finding.subject.server, 120);
            servers.push(Server {
                summary: None,
                label,
                findings: Vec::new(),
                counts: [0; 5],
                gaps: 0,
                twin: None,
            });
            servers.len().saturating_sub(1)
        });
        if let Some(server) = servers.get_mut(place) {
            server.findings.push(finding);
            count(&mut server.counts, finding.severity);
        }
    }
    servers
}

/// Adds one to the count of this severity.
pub(crate) fn count(counts: &mut [usize; 5], severity: Severity) {
    for (count, each) in counts.iter_mut().zip(Severity::WORST_FIRST) {
        *count = count.saturating_add(usize::from(each == severity));
    }
}

/// The places of the servers, worst first. What is not known of a server ranks after what a person should look at and
/// before what is only worth knowing. Servers that are alike keep their order.
pub(crate) fn worst_first(view: &View<'_>) -> Vec<usize> {
    let mut order: Vec<usize> = (0..view.servers.len()).collect();
    let rank = |place: &usize| {
        let server = view.servers.get(*place);
        std::cmp::Reverse(server.map(|server| {
            let [critical, high, medium, low, info] = server.counts;
            ([critical, high, medium], server.is_silent(), server.gaps, [low, info])
        }))
    };
    order.sort_by_key(rank);
    order
}

/// The whole section of findings.
pub(crate) fn write(out: &mut String, view: &View<'_>, budget: &mut Budget) {
    out.push_str(
        "<section id=findings aria-labelledby=findings-title>\n<h2 id=findings-title>Findings</h2>\n",
    );
    out.push_str("<p id=nothing class=dim hidden>Nothing fits the filter.</p>\n");
    across(out, view, budget);
    let (mut bare, mut facts) = (0_usize, MOST_FACTS);
    for place in worst_first(view) {
        let Some(server) = view.servers.get(place) else { continue };
        bare = bare.saturating_add(usize::from(server.findings.is_empty()));
        if bare <= MOST_BARE || !server.findings.is_empty() {
            section(out, view, place, server, &mut facts, budget);
        }
    }
    if let Some(more) = bare.checked_sub(MOST_BARE).filter(|more| *more > 0) {
        out.push_str(&format!("<p>and {} more without findings</p>\n", counted(more, "server")));
    }
    out.push_str("</section>\n");
}

/// Findings in which several servers take part.
fn across(out: &mut String, view: &View<'_>, budget: &mut Budget) {
    let findings: Vec<&Finding> = view.report.findings.iter().filter(|finding| is_across(finding)).collect();
    if findings.is_empty() {
        return;
    }
    out.push_str(&format!(
        "<section class=\"server across\" aria-labelledby=across><h3 id=across>Across servers \
         <span class=count>{}</span></h3>\n<p class=dim>Each of these needs more than one server.</p>\n",
        findings.len()
    ));
    findings::write(out, view, &findings, None, budget);
    out.push_str("</section>\n");
}

fn is_across(finding: &Finding) -> bool {
    finding.related.iter().any(|subject| subject.server != finding.subject.server)
}

fn section(
    out: &mut String,
    view: &View<'_>,
    place: usize,
    server: &Server<'_>,
    facts_left: &mut usize,
    budget: &mut Budget,
) {
    out.push_str(&format!(
        "<section id=s{place} class=server data-bare={} aria-labelledby=s{place}-title>\n<h3 id=s{place}-title>{}{}</h3>\n",
        server.findings.is_empty(),
        escape::name(&server.label, 140),
        chips(&server.counts),
    ));
    if let Some(summary) = server.summary {
        let facts = facts(summary);
        if let Some(left) = facts_left.checked_sub(facts.len()) {
            *facts_left = left;
            out.push_str(&facts);
        }
    }
    status(out, view, server);
    let alone: Vec<&Finding> =
        server.findings.iter().copied().filter(|finding| !is_across(finding)).collect();
    let across = server.findings.len().saturating_sub(alone.len());
    if across > 0 {
        out.push_str(&format!(
            "<p class=dim>{} with other servers: <a href=#across>across servers</a>.</p>\n",
            counted(across, "finding")
        ));
    }
    findings::write(out, view, &alone, Some(place), budget);
    out.push_str("</section>\n");
}

/// What can be said of a server besides its findings. "No findings" only where nothing at all is missing.
fn status(out: &mut String, view: &View<'_>, server: &Server<'_>) {
    if server.is_silent() {
        out.push_str("<p class=\"status gap\">Never answered. Nothing is known of it.</p>\n");
    } else if let Some(twin) = server.twin {
        out.push_str(&format!(
            "<p class=status>Another server calls itself the same. What was found at either stands \
             <a href=#s{twin}>there</a>.</p>\n"
        ));
    } else if server.gaps > 0 {
        out.push_str(&format!(
            "<p class=\"status gap\">Checked in part: <a href=#unchecked>{} not checked</a>.{}</p>\n",
            counted(server.gaps, "thing"),
            if server.findings.is_empty() { " Nothing was found in the rest." } else { "" }
        ));
    } else if server.findings.is_empty() && !view.gaps.is_empty() {
        out.push_str("<p class=status>Nothing was found in what was checked; see what was <a href=#unchecked>not checked</a>.</p>\n");
    } else if server.findings.is_empty() {
        out.push_str("<p class=\"status clean\">No findings.</p>\n");
    }
}

/// "2 critical" as a mark, for each severity there is.
pub(crate) fn chips(counts: &[usize; 5]) -> String {
    let mut out = String::new();
    for (count, severity) in counts.iter().zip(Severity::WORST_FIRST).filter(|(count, _)| **count > 0) {
        out.push_str(&format!(" <span class=\"chip {severity}\">{count} {}</span>", capital(severity)));
    }
    out
}

/// How it was reached, what it is and what it listed.
fn facts(server: &ServerSummary) -> String {
    let transport = &server.transport;
    let reached = match transport.kind.as_str() {
        "stdio" => "stdio".to_owned(),
        "streamable-http" => "streamable HTTP".to_owned(),
        "sse" => "HTTP with SSE".to_owned(),
        "file" => "a saved listing".to_owned(),
        other => escape::line(other, 40),
    };
    let target = if !transport.command.is_empty() {
        transport.command.join(" ")
    } else if transport.address.is_empty() {
        server.target.clone()
    } else {
        transport.address.clone()
    };
    let mut listed = Vec::new();
    for (count, what) in [(server.tools, "tool"), (server.prompts, "prompt"), (server.resources, "resource")]
    {
        if count > 0 {
            listed.push(counted(usize::try_from(count).unwrap_or(usize::MAX), what));
        }
    }
    let listed = if listed.is_empty() { "nothing".to_owned() } else { listed.join(", ") };
    let mut out = format!(
        "<dl class=facts><div><dt>Reached by</dt><dd>{reached}</dd></div><div><dt>Target</dt><dd><code>{}</code></dd></div>\
         <div><dt>Listed</dt><dd>{listed}</dd></div>",
        escape::line(&target, 600)
    );
    fact(&mut out, "Version", &server.version, 100);
    fact(&mut out, "Protocol", &server.protocol_version, 60);
    if let Some(digest) = &server.digest {
        out.push_str(&format!(
            "<div><dt>SHA-256 of what it presented</dt><dd><code class=digest>{}</code></dd></div>",
            escape::line(digest, 80)
        ));
    }
    if !server.observations.is_empty() {
        let mut kinds: BTreeMap<&str, usize> = BTreeMap::new();
        for observation in &server.observations {
            let count = kinds.entry(&observation.kind).or_default();
            *count = count.saturating_add(1);
        }
        let mut noted: Vec<String> = kinds
            .iter()
            .take(MOST_OBSERVATIONS)
            .map(|(kind, count)| {
                let times = if *count > 1 { format!(" ×{count}") } else { String::new() };
                format!("{}{times}", escape::line(kind, 60))
            })
            .collect();
        if kinds.len() > MOST_OBSERVATIONS {
            noted.push(format!("{} more kinds", kinds.len().saturating_sub(MOST_OBSERVATIONS)));
        }
        out.push_str(&format!("<div><dt>Noted</dt><dd>{}</dd></div>", noted.join(", ")));
    }
    out.push_str("</dl>\n");
    out
}

fn fact(out: &mut String, label: &str, value: &str, most: usize) {
    if !value.is_empty() {
        out.push_str(&format!("<div><dt>{label}</dt><dd>{}</dd></div>", escape::name(value, most)));
    }
}
