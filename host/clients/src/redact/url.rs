//! URLs: the user, the password, the query's values and token-like parts of the path.

use super::{Found, MAX_WORD, Redactor};
use crate::{
    credential::{is_harmless, is_mixed, is_named, is_path, is_shaped, is_uuid},
    reference,
    secret::HIDDEN,
};

impl Redactor {
    pub(super) fn url(&mut self, text: &str) -> String {
        if text.len() > MAX_WORD {
            return HIDDEN.to_owned();
        }
        let Some((before, after)) = text.split_once("://") else { return self.unnamed("", text) };
        let end = after.find(['/', '?', '#', '\\']).unwrap_or(after.len());
        let (authority, rest) = after.split_at_checked(end).unwrap_or((after, ""));
        let (main, fragment) = rest.split_once('#').map_or((rest, None), |(main, part)| (main, Some(part)));
        let (path, query) = main.split_once('?').map_or((main, None), |(path, query)| (path, Some(query)));
        let mut shown = format!("{before}://{}", self.authority(authority));
        shown.push_str(&self.path(path));
        for (mark, part) in [('?', query), ('#', fragment)] {
            if let Some(part) = part {
                shown.push(mark);
                shown.push_str(&self.query(part));
            }
        }
        shown
    }

    fn authority(&mut self, authority: &str) -> String {
        let Some((user, host)) = authority.rsplit_once('@') else { return authority.to_owned() };
        if user == "git" || reference::literal(user).trim_matches(':').is_empty() {
            return authority.to_owned();
        }
        let (value, is_password) =
            user.split_once(':').map_or((user, false), |(_, password)| (password, true));
        if !is_harmless(value) && (is_password || value.len() >= 20) {
            self.found.push(Found { name: "userinfo".to_owned(), value: value.to_owned() });
        }
        format!("{HIDDEN}@{host}")
    }

    fn path(&mut self, path: &str) -> String {
        let parts = path.split('/').map(|part| {
            let odd = part.contains('@') && part.contains(':') && !part.contains("sha256:");
            // Some services give each person a URL that nobody else may know.
            if odd || (is_uuid(part) || is_mixed(part)) && !is_shaped(part) {
                HIDDEN.to_owned()
            } else {
                self.unnamed("path", part)
            }
        });
        parts.collect::<Vec<_>>().join("/")
    }

    fn query(&mut self, query: &str) -> String {
        let pairs = query.split('&').map(|pair| {
            let Some((name, value)) = pair.split_once('=') else {
                return if pair.len() > 24 { self.unnamed("query", pair) } else { pair.to_owned() };
            };
            // A path is no credential on a command line, and may well be one that starts with a slash here.
            if is_harmless(value) && !is_path(value) {
                return pair.to_owned();
            }
            if is_named(name) || is_shaped(value) {
                self.found.push(Found { name: name.to_owned(), value: value.to_owned() });
            }
            format!("{name}={HIDDEN}")
        });
        pairs.collect::<Vec<_>>().join("&")
    }
}
