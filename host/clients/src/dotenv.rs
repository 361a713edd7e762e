//! Files of variables: `NAME=value` a line, as `envFile` names them.

use std::collections::BTreeMap;

use crate::{Secret, limits::MAX_ITEMS};

/// The variables in this text. Lines that set none are passed over, as clients do.
pub(crate) fn parse(text: &str) -> BTreeMap<String, Secret> {
    let mut variables = BTreeMap::new();
    for line in text.lines() {
        let line = line.trim_start();
        let line = line.strip_prefix("export ").unwrap_or(line);
        let Some((name, value)) = line.split_once('=') else { continue };
        let name = name.trim();
        let is_name =
            !name.is_empty() && name.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'_');
        if is_name && (variables.len() < MAX_ITEMS || variables.contains_key(name)) {
            variables.insert(name.to_owned(), Secret::new(unquoted(value.trim())));
        }
    }
    variables
}

fn unquoted(value: &str) -> String {
    for quote in ['"', '\''] {
        if let Some((inner, _)) = value.strip_prefix(quote).and_then(|rest| rest.split_once(quote)) {
            return if quote == '"' { inner.replace("\\n", "\n") } else { inner.to_owned() };
        }
    }
    value.split_once(" #").map_or(value, |(value, _)| value.trim_end()).to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn quotes_comments_and_export_are_understood() {
        let variables =
            parse("# c\nexport A=1 # one\nB=\"x y\" # two\n C='#'\nnot a line\nD=a=b\nD=last\n=x\nE E=1\n");
        let shown: Vec<_> = variables.iter().map(|(name, value)| (name.as_str(), value.expose())).collect();
        assert_eq!(shown, [("A", "1"), ("B", "x y"), ("C", "#"), ("D", "last")]);
    }
}
