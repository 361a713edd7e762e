//! What was tried on the server, beyond listing it, and how it took it.

use serde_json::Value;

use bartizan_listing::Reach;

use crate::reached::{Reached, flag, text};

/// A probe that ran.
pub(crate) struct Probe {
    pub(crate) accepted: bool,
    pub(crate) detail: Value,
}

impl Reached<'_> {
    /// The probe of this name, if it ran and the server did something that can be judged.
    pub(crate) fn probe(&self, name: &str) -> Option<Probe> {
        let (_, detail) = self.seen("probe").find(|(about, _)| *about == name)?;
        if flag(&detail, "ran") == Some(false) {
            return None;
        }
        match text(&detail, "outcome")? {
            "accepted" => Some(Probe { accepted: true, detail }),
            "refused" => Some(Probe { accepted: false, detail }),
            // An error of the way there, or no answer, says nothing of what it would do.
            _ => None,
        }
    }

    /// Whether it answers somebody who shows no credentials; `None` if that was not seen.
    pub(crate) fn is_open(&self) -> Option<bool> {
        if let Some(probe) = self.probe("bad-token") {
            match text(&probe.detail, "without_credentials") {
                Some("accepted") => return Some(true),
                Some("refused") => return Some(false),
                _ => {}
            }
        }
        self.seen("http-auth").find_map(|(_, detail)| {
            let status = detail.get("status").and_then(Value::as_u64);
            if matches!(status, Some(401 | 403)) && flag(&detail, "credentials_sent") != Some(true) {
                return Some(false);
            }
            let answered = status.is_none_or(|status| (200..300).contains(&status));
            let open = flag(&detail, "answered_without_credentials");
            if answered { open } else { open.filter(|open| !open) }
        })
    }

    /// Whether it is one that a page in somebody's browser reaches and its author does not.
    pub(crate) fn is_inside(&self) -> bool {
        self.reach < Reach::Public
    }
}
