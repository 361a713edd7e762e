//! A folder behind a URL.

use bartizan_model::{printable, truncate_chars};

use crate::{Client, FetchError, Url};

/// A folder of files behind a URL, as a repository is.
#[derive(Clone, Debug)]
pub struct HttpFolder {
    base: Url,
    client: Client,
}

impl HttpFolder {
    /// The folder at this URL, with or without a slash at its end. It must not have a query.
    pub fn new(client: Client, mut base: Url) -> Result<Self, FetchError> {
        client.rules().check(&base)?;
        if base.query().is_some() || base.fragment().is_some() {
            return Err(bad(base.as_str(), "a folder's URL has no query and no fragment"));
        }
        if !base.path().ends_with('/') {
            let path = format!("{}/", base.path());
            base.set_path(&path);
        }
        Ok(Self { base, client })
    }

    /// Where it is; the path ends in a slash.
    pub fn base(&self) -> &Url {
        &self.base
    }

    /// The bytes of the file at `relative` ("targets/a.json"), if they are no more than `limit`.
    ///
    /// A file that does not exist is [`FetchError::NotFound`]. Some storage answers 403 for what does not exist; that is a
    /// refusal here, [`FetchError::Status`].
    pub fn read(&self, relative: &str, limit: u64) -> Result<Vec<u8>, FetchError> {
        self.client.get(&self.url(relative)?, limit, &mut |_, _| {})
    }

    fn url(&self, relative: &str) -> Result<Url, FetchError> {
        let is_plain = |part: &str| {
            !matches!(part, "" | "." | "..")
                && !part.contains(['\\', '\0'])
                && !part.chars().any(char::is_control)
        };
        if !relative.split('/').all(is_plain) {
            return Err(bad(relative, "it is not a path below the folder"));
        }
        let mut url = self.base.clone();
        match url.path_segments_mut() {
            // What would mean something in a URL is a plain character of a name here: each part is escaped.
            Ok(mut segments) => segments.pop_if_empty().extend(relative.split('/')),
            Err(()) => return Err(bad(self.base.as_str(), "it is not a folder's URL")),
        };
        if url.path().starts_with(self.base.path()) {
            Ok(url)
        } else {
            Err(bad(relative, "it is not a path below the folder"))
        }
    }
}

fn bad(text: &str, why: &str) -> FetchError {
    FetchError::BadUrl { url: printable(&truncate_chars(text, 200)), why: why.to_owned() }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::Options;

    fn folder(base: &str) -> HttpFolder {
        HttpFolder::new(Client::new(&Options::default()).unwrap(), Url::parse(base).unwrap()).unwrap()
    }

    #[test]
    fn a_file_is_looked_for_below_the_folder_whatever_its_name() {
        let folder = folder("https://a.example/repo");
        for (relative, expected) in [
            ("timestamp.json", "https://a.example/repo/timestamp.json"),
            ("targets/a b?c#d%2e.wasm", "https://a.example/repo/targets/a%20b%3Fc%23d%252e.wasm"),
            ("https:/x", "https://a.example/repo/https:/x"),
        ] {
            assert_eq!(folder.url(relative).unwrap().as_str(), expected);
        }
        for relative in
            ["", "/x", "../x", "a/../x", "a//b", "a/", ".", "a\\..\\b", "a\nb", "//evil.example/x"]
        {
            assert_eq!(folder.url(relative).unwrap_err().code(), "bad-url", "{relative:?}");
        }
    }

    #[test]
    fn a_percent_encoded_way_out_stays_inside() {
        let folder = folder("https://a.example/repo/");
        for relative in ["%2e%2e/x", ".%2e/x", "a/%2E%2E/%2E%2E/x"] {
            match folder.url(relative) {
                Ok(url) => assert!(url.as_str().starts_with("https://a.example/repo/"), "{url}"),
                Err(error) => assert_eq!(error.code(), "bad-url"),
            }
        }
    }

    proptest! {
        #[test]
        fn no_name_leads_out_of_the_folder(relative in "\\PC{0,40}|[./%2eE\\\\]{0,12}") {
            let client = Client::new(&Options::default()).unwrap();
            let folder = HttpFolder::new(client, Url::parse("https://a.example/repo/").unwrap()).unwrap();
            if let Ok(url) = folder.url(&relative) {
                prop_assert!(url.as_str().starts_with("https://a.example/repo/"), "{url}");
                prop_assert_eq!(url.query(), None);
            }
        }
    }
}
