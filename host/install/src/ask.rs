//! What a user writes to grant something: "wasi", "memory=64MiB", "fuel=4000000000", "all".

use bartizan_registry::{Granted, Grants};
use thiserror::Error;

/// A text that grants nothing that there is.
#[derive(Clone, Debug, Error, PartialEq, Eq)]
#[error("`{0}` is nothing that can be granted; there is: wasi, memory=SIZE, fuel=NUMBER, all")]
pub struct ParseAskError(String);

/// What these words grant to something that asks for `asked`: with "all", just that.
pub fn parse_grants(words: &[String], asked: &Granted) -> Result<Granted, ParseAskError> {
    let mut granted = Granted::default();
    let mut grants: Vec<_> = Vec::new();
    for word in words {
        let wrong = || ParseAskError(word.clone());
        match word.split_once('=') {
            None if word == "all" => {
                grants.extend(asked.grants.iter());
                granted.limits.memory = granted.limits.memory.max(asked.limits.memory);
                granted.limits.fuel = granted.limits.fuel.max(asked.limits.fuel);
            }
            None => grants.push(word.parse().map_err(|_| wrong())?),
            Some(("memory", size)) => {
                let size: bytesize::ByteSize = size.parse().map_err(|_| wrong())?;
                granted.limits.memory = granted.limits.memory.max(Some(size.as_u64()));
            }
            Some(("fuel", fuel)) => {
                let fuel = fuel.replace('_', "").parse().map_err(|_| wrong())?;
                granted.limits.fuel = granted.limits.fuel.max(Some(fuel));
            }
            Some(_) => return Err(wrong()),
        }
    }
    granted.grants = grants.into_iter().collect::<Grants>();
    Ok(granted)
}

#[cfg(test)]
mod tests {
    use bartizan_registry::{AskedLimits, Grant};

    use super::*;

    fn parsed(words: &[&str]) -> Result<Granted, ParseAskError> {
        let asked = Granted {
            grants: [Grant::Wasi].into_iter().collect(),
            limits: AskedLimits { memory: Some(7), fuel: None },
        };
        parse_grants(&words.iter().map(|word| (*word).to_owned()).collect::<Vec<_>>(), &asked)
    }

    #[test]
    fn each_word_grants_what_it_says_and_no_more() {
        assert_eq!(parsed(&[]).unwrap(), Granted::default());
        assert!(parsed(&["wasi"]).unwrap().grants.has(Grant::Wasi));
        let limits = parsed(&["memory=64MiB", "fuel=4_000"]).unwrap();
        assert_eq!(limits.limits, AskedLimits { memory: Some(64 << 20), fuel: Some(4000) });
        assert_eq!(limits.grants, Grants::none());
        let all = parsed(&["all"]).unwrap();
        assert!(all.grants.has(Grant::Wasi) && all.limits == AskedLimits { memory: Some(7), fuel: None });
    }

    #[test]
    fn what_is_no_grant_is_an_error() {
        for word in ["network", "memory", "memory=much", "fuel=-1", "=", "cpu=1", ""] {
            assert!(parsed(&[word]).is_err(), "{word}");
        }
    }
}
