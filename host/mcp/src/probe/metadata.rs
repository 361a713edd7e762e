//! The documents that say how to get credentials: RFC 9728 of the server, then RFC 8414 or OpenID Connect of whom it names.

mod document;

use reqwest::{Url, header::LOCATION};
use serde_json::{Value, json};

use super::{
    outcome::{Outcome, Tried},
    stage::Stage,
};
use crate::{
    Missing,
    transport::{body::header, egress, exchange::Fetched, facts::without_secrets},
};
use document::Document;

/// Requests, redirects among them.
const MAX_GETS: usize = 6;
/// Bytes of one document.
const MAX_BYTES: usize = 256 << 10;
/// Authorization servers that are asked.
const MAX_ISSUERS: usize = 2;

const RESOURCE: &str = "protected-resource";
const AUTHORIZATION: &str = "authorization-server";
const OPENID: &str = "openid-configuration";

pub(crate) async fn fetch(stage: &mut Stage<'_>) -> Tried {
    let Some(given) = stage.http().map(|http| http.given.clone()) else {
        return Tried::not_applicable("it is not reached over HTTP");
    };
    let mut search = Search { given: given.clone(), gets: 0, found: 0, first_problem: None };
    let mut issuers: Vec<String> = Vec::new();
    let mut has_resource = false;
    for url in resource_urls(&given, stage.resource_metadata.as_deref()) {
        if let Some(document) = search.look(stage, RESOURCE, &url, None).await {
            issuers = document.strings("authorization_servers");
            stage.issuer = issuers.first().cloned();
            has_resource = true;
            break;
        }
    }
    if !has_resource {
        // 2025-03-26: the server's own origin is the authorization server.
        issuers.push(given.origin().ascii_serialization());
    }
    for issuer in issuers.iter().take(MAX_ISSUERS) {
        let Ok(issuer_url) = Url::parse(issuer) else {
            stage.observe(
                "auth-metadata",
                "",
                problem(AUTHORIZATION, "the authorization server's name is not a URL"),
            );
            continue;
        };
        for (sort, url) in issuer_urls(&issuer_url) {
            if search.look(stage, sort, &url, Some(issuer)).await.is_some() {
                break;
            }
        }
    }
    let outcome = if search.found > 0 { "accepted" } else { "refused" };
    let message = search.first_problem.filter(|_| search.found == 0);
    Tried::ran(Outcome { message, ..Outcome::plain(outcome) })
        .and("documents", search.found)
        .and("requests", search.gets)
        .and("authorization_servers", issuers.len())
}

/// Where the server's own document may be: where its challenge says, else below its path and then at the root.
fn resource_urls(given: &Url, challenge: Option<&str>) -> Vec<Url> {
    if let Some(url) = challenge.and_then(|text| Url::parse(text).ok()) {
        return vec![url];
    }
    well_known(given, "oauth-protected-resource")
}

/// RFC 8414, section 3.1: between host and path; and for a path also without it.
fn well_known(url: &Url, name: &str) -> Vec<Url> {
    let mut root = url.clone();
    root.set_query(None);
    root.set_fragment(None);
    let path = root.path().trim_end_matches('/').to_owned();
    root.set_path(&format!("/.well-known/{name}"));
    let mut urls = vec![root.clone()];
    if !path.is_empty() {
        root.set_path(&format!("/.well-known/{name}{path}"));
        urls.insert(0, root);
    }
    urls
}

/// In the order that the protocol's specification has a client try them.
fn issuer_urls(issuer: &Url) -> Vec<(&'static str, Url)> {
    let path = issuer.path().trim_end_matches('/').to_owned();
    let first = |name| well_known(issuer, name).into_iter().next();
    let mut urls: Vec<(&'static str, Url)> = Vec::new();
    urls.extend(first("oauth-authorization-server").map(|url| (AUTHORIZATION, url)));
    urls.extend(first("openid-configuration").map(|url| (OPENID, url)));
    if !path.is_empty() {
        let mut appended = issuer.clone();
        appended.set_query(None);
        appended.set_path(&format!("{path}/.well-known/openid-configuration"));
        urls.push((OPENID, appended));
    }
    urls
}

fn problem(sort: &str, why: &str) -> Value {
    json!({ "document": sort, "status": null, "found": false, "error": why })
}

struct Search {
    given: Url,
    gets: usize,
    found: usize,
    first_problem: Option<String>,
}

impl Search {
    /// The document at this address, told of either way.
    async fn look(
        &mut self,
        stage: &mut Stage<'_>,
        sort: &'static str,
        url: &Url,
        issuer: Option<&str>,
    ) -> Option<Document> {
        let about = without_secrets(url);
        let (status, outcome) = self.get(stage, url).await;
        match outcome {
            Ok(document) => {
                self.found = self.found.saturating_add(1);
                stage.observe("auth-metadata", &about, document.facts(sort, status, &self.given, issuer));
                Some(document)
            }
            Err(why) => {
                let mut detail = problem(sort, &why);
                if let Some(object) = detail.as_object_mut() {
                    object.insert("status".into(), json!(status));
                }
                self.first_problem.get_or_insert(why);
                stage.observe("auth-metadata", &about, detail);
                None
            }
        }
    }

    async fn get(&mut self, stage: &mut Stage<'_>, url: &Url) -> (Option<u16>, Result<Document, String>) {
        let mut url = url.clone();
        // One redirect: from http to https, or to where the documents are kept.
        for is_last in [false, true] {
            if self.gets >= MAX_GETS {
                return (None, Err(format!("it was not asked for: {MAX_GETS} requests were made already")));
            }
            if let Err(why) = self.may_ask(&url).await {
                return (None, Err(why));
            }
            self.gets = self.gets.saturating_add(1);
            let until = stage.until();
            let Some(http) = stage.http() else { return (None, Err("the conversation is over".into())) };
            let fetched = match http.fetch(&url, MAX_BYTES, until).await {
                Ok(fetched) => fetched,
                Err(stop) => {
                    let Missing { why, .. } = stop.missing("");
                    return (None, Err(why));
                }
            };
            let status = Some(fetched.status.as_u16());
            if !fetched.status.is_redirection() {
                return (status, read(fetched));
            }
            let location = header(&fetched.headers, &LOCATION).unwrap_or_default();
            match url.join(&location) {
                Ok(to) if !is_last => url = to,
                _ => return (status, Err("it redirects more than once, or nowhere".into())),
            }
        }
        (None, Err("it redirects more than once".into()))
    }

    /// A document names addresses, and whoever writes it could name any.
    async fn may_ask(&self, url: &Url) -> Result<(), String> {
        if url.origin() == self.given.origin() {
            return Ok(());
        }
        if url.scheme() != "https" {
            return Err("it was not asked for: it is neither https nor of the server's own origin".into());
        }
        if egress::leads_inside(&self.given, url).await {
            return Err("it was not asked for: it leads from the public network into a private one".into());
        }
        Ok(())
    }
}

fn read(fetched: Fetched) -> Result<Document, String> {
    if !fetched.status.is_success() {
        return Err(format!("HTTP {}", fetched.status.as_u16()));
    }
    let body = fetched.body.ok_or_else(|| format!("it is larger than {} KiB", MAX_BYTES >> 10))?;
    Document::parse(&body)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn texts(urls: &[Url]) -> Vec<&str> {
        urls.iter().map(Url::as_str).collect()
    }

    #[test]
    fn documents_are_looked_for_where_the_specifications_put_them() {
        let url = |text: &str| Url::parse(text).unwrap();
        assert_eq!(
            texts(&resource_urls(&url("https://a.example/v1/mcp?x=1"), None)),
            [
                "https://a.example/.well-known/oauth-protected-resource/v1/mcp",
                "https://a.example/.well-known/oauth-protected-resource"
            ]
        );
        assert_eq!(texts(&resource_urls(&url("https://a.example/"), None)).len(), 1);
        assert_eq!(
            texts(&resource_urls(&url("https://a.example/mcp"), Some("https://b.example/prm"))),
            ["https://b.example/prm"]
        );
        let of = |issuer: &str| {
            issuer_urls(&url(issuer)).into_iter().map(|(_, url)| url.to_string()).collect::<Vec<_>>()
        };
        assert_eq!(
            of("https://b.example/tenant"),
            [
                "https://b.example/.well-known/oauth-authorization-server/tenant",
                "https://b.example/.well-known/openid-configuration/tenant",
                "https://b.example/tenant/.well-known/openid-configuration"
            ]
        );
        assert_eq!(of("https://b.example").len(), 2);
    }

    #[tokio::test]
    async fn a_document_cannot_send_us_inside_or_over_plain_http() {
        let search = |given: &str| Search {
            given: Url::parse(given).unwrap(),
            gets: 0,
            found: 0,
            first_problem: None,
        };
        let may = async |given: &str, to: &str| search(given).may_ask(&Url::parse(to).unwrap()).await.is_ok();
        assert!(!may("https://8.8.8.8/mcp", "https://169.254.169.254/latest").await);
        assert!(!may("https://8.8.8.8/mcp", "https://127.0.0.1:8443/").await);
        assert!(!may("https://8.8.8.8/mcp", "http://1.1.1.1/").await);
        assert!(!may("http://127.0.0.1:1/mcp", "http://127.0.0.1:2/").await);
        assert!(may("https://8.8.8.8/mcp", "https://1.1.1.1/").await);
        assert!(may("http://127.0.0.1:1/mcp", "http://127.0.0.1:1/x").await);
    }
}
