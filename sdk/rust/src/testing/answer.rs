//! Whether the host would take an answer.

use crate::{
    build::MAX_EVIDENCE,
    types::{Finding, Server, Subject},
};

/// Bytes of a message, a remediation, a pointer.
const MAX_TEXT: usize = 8 << 10;
/// Bytes of the label of a piece of evidence.
const MAX_LABEL: usize = 256;
/// Pieces of evidence in one finding.
const MAX_PIECES: usize = 64;
/// Related subjects of one finding.
const MAX_RELATED: usize = 1024;

/// Holds findings against what the host takes: about things that the server has, with a message, and texts that end. One
/// that breaks this spoils the whole answer of a component, so a test on hostile input asks here. The error shows the
/// finding.
///
/// How many there are and how long they are together is not held against anything: the component sees to that.
pub fn check_answer(server: &Server, findings: &[Finding]) -> Result<(), String> {
    for finding in findings {
        check(server, finding).map_err(|why| format!("{why}: {finding:#?}"))?;
    }
    Ok(())
}

fn check(server: &Server, finding: &Finding) -> Result<(), String> {
    if let Some(other) = [&finding.subject].into_iter().chain(&finding.related).find(|one| !has(server, one))
    {
        return Err(format!("it is about {} {:?}, which the server does not have", other.kind, other.name));
    }
    if finding.message.trim().is_empty() {
        return Err("it has no message".to_owned());
    }
    at_most("bytes of message", finding.message.len(), MAX_TEXT)?;
    at_most("bytes of remediation", finding.remediation.as_ref().map_or(0, String::len), MAX_TEXT)?;
    at_most("related subjects", finding.related.len(), MAX_RELATED)?;
    at_most("pieces of evidence", finding.evidence.len(), MAX_PIECES)?;
    for piece in &finding.evidence {
        at_most("bytes of an evidence's label", piece.label.len(), MAX_LABEL)?;
        at_most("bytes of an evidence's text", piece.text.len(), MAX_EVIDENCE)?;
        at_most("bytes of an evidence's pointer", piece.pointer.len(), MAX_TEXT)?;
        if !(piece.pointer.is_empty() || piece.pointer.starts_with('/')) {
            return Err(format!("{:?} is no JSON Pointer", piece.pointer));
        }
    }
    Ok(())
}

fn at_most(what: &str, count: usize, limit: usize) -> Result<(), String> {
    if count > limit { Err(format!("{count} {what}; at most {limit} are taken")) } else { Ok(()) }
}

fn has(server: &Server, subject: &Subject) -> bool {
    let name = &subject.name;
    let resource = |is_template: bool| {
        server.resources.iter().any(|resource| resource.uri == *name && resource.is_template == is_template)
    };
    match subject.kind.as_str() {
        "server" => name.is_empty(),
        "tool" => server.tools.iter().any(|tool| tool.name == *name),
        "prompt" => server.prompts.iter().any(|prompt| prompt.name == *name),
        "resource" => resource(false),
        "resource-template" => resource(true),
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::types::{Resource, Tool};

    #[test]
    fn what_the_host_would_refuse_is_refused_here() {
        let tool = Tool::named("t");
        let template = Resource { is_template: true, ..Resource::at("db://{table}") };
        let server = Server { tools: vec![tool.clone()], resources: vec![template], ..Server::named("s") };
        let of_tool = |message: &str| Finding::new("R-1", &tool, message);
        let good = of_tool("m").related(&server).related(&server.resources[0]).evidence("l", "t", "/x");
        assert_eq!(check_answer(&server, std::slice::from_ref(&good)), Ok(()));
        let many = std::iter::repeat_n((), 2_000);
        for bad in [
            of_tool(" "),
            of_tool(&"x".repeat(9_000)),
            of_tool("m").remediation("x".repeat(9_000)),
            Finding::new("R-1", &Tool::named("gone"), "m"),
            of_tool("m").related(&Tool::named("gone")),
            Finding::new("R-1", &Resource::at("db://{table}"), "m"),
            of_tool("m").evidence("l", "t", "x"),
            of_tool("m").evidence(&"l".repeat(300), "t", ""),
            many.clone().take(65).fold(of_tool("m"), |finding, ()| finding.evidence("l", "t", "")),
            many.fold(of_tool("m"), |finding, ()| finding.related(&tool)),
        ] {
            assert!(check_answer(&server, &[good.clone(), bad.clone()]).is_err(), "{bad:?}");
        }
    }
}
