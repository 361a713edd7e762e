//! References to variables, inputs and folders in a value, as clients write them.
//!
//! A value that only refers to a credential holds none, so this decides both what is resolved before a server is
//! started and what counts as written down.

/// Bytes of the longest reference.
const MAX_REFERENCE: usize = 512;

/// Marks in one text that begin no reference. What stands behind more of them is text.
const MAX_FAILED: usize = 1_000;

/// What a reference asks for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Wanted<'a> {
    /// An environment variable.
    Variable { name: &'a str, default: Option<&'a str> },
    /// As [`Self::Variable`] in Windows's `%NAME%`, which stays as it is when there is no such variable.
    Percent(&'a str),
    /// A question to the person (`${input:id}`).
    Input(&'a str),
    /// The project's folder, or its name only.
    Workspace { name_only: bool },
    /// The home folder.
    Home,
    /// The folder of the file that the reference stands in.
    Here,
    /// The separator of paths.
    Separator,
    /// The text of a file.
    File(&'a str),
    /// A client's own store of secrets, its settings or commands.
    Store(&'a str),
}

/// A stretch of a value.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Piece<'a> {
    Text(&'a str),
    Reference { text: &'a str, wanted: Wanted<'a> },
}

/// Which of the forms that could as well be plain text count as references.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Syntax {
    /// `$NAME` within a longer text. Alone it counts everywhere: nobody has a credential that looks like it.
    pub(crate) dollar: bool,
    /// `{env:NAME}` and `{file:path}`.
    pub(crate) braces: bool,
}

/// Takes a value apart. The pieces in their order are the value again.
pub(crate) fn pieces(text: &str, syntax: Syntax) -> Vec<Piece<'_>> {
    if let Some(name) = text.strip_prefix('$').map(|rest| rest.strip_prefix("env:").unwrap_or(rest))
        && is_upper_name(name)
    {
        return vec![Piece::Reference { text, wanted: Wanted::Variable { name, default: None } }];
    }
    let mut pieces = Vec::new();
    let (mut from, mut at, mut failed) = (0, 0, 0_usize);
    while let Some(step) = text.get(at..).and_then(|rest| rest.find(['$', '{', '%'])) {
        if failed > MAX_FAILED {
            break;
        }
        at = at.saturating_add(step);
        let rest = text.get(at..).unwrap_or_default();
        if let Some((length, wanted)) = reference(rest, syntax) {
            if from < at {
                pieces.push(Piece::Text(text.get(from..at).unwrap_or_default()));
            }
            pieces.push(Piece::Reference { text: rest.get(..length).unwrap_or_default(), wanted });
            at = at.saturating_add(length);
            from = at;
        } else {
            failed = failed.saturating_add(1);
            at = at.saturating_add(1);
        }
    }
    match text.get(from..) {
        Some(rest) if !rest.is_empty() => pieces.push(Piece::Text(rest)),
        _ => {}
    }
    pieces
}

/// The longest stretch that is written down: outside of every reference, or a reference's default.
pub(crate) fn literal(text: &str) -> &str {
    let longest = pieces(text, Syntax { dollar: false, braces: true }).into_iter().map(|piece| match piece {
        Piece::Text(text) => text,
        Piece::Reference { wanted: Wanted::Variable { default: Some(default), .. }, .. } => default,
        Piece::Reference { .. } => "",
    });
    longest.max_by_key(|piece| piece.len()).unwrap_or_default()
}

/// The names that a value refers to.
pub(crate) fn names(text: &str) -> Vec<String> {
    pieces(text, Syntax { dollar: false, braces: true })
        .into_iter()
        .filter_map(|piece| match piece {
            Piece::Reference { wanted: Wanted::Variable { name, .. } | Wanted::Percent(name), .. } => {
                Some(name.to_owned())
            }
            Piece::Reference { text, .. } => Some(text.to_owned()),
            Piece::Text(_) => None,
        })
        .collect()
}

/// The reference that this text starts with, and its length.
fn reference(text: &str, syntax: Syntax) -> Option<(usize, Wanted<'_>)> {
    // Without a bound, a text of nothing but openings would be searched to its end from each of them.
    let text = text.get(..text.floor_char_boundary(MAX_REFERENCE)).unwrap_or_default();
    if let Some(rest) = text.strip_prefix("${{") {
        let end = rest.find("}}")?;
        return Some((end.saturating_add(5), Wanted::Store(rest.get(..end)?.trim())));
    }
    if let Some(rest) = text.strip_prefix("${") {
        let end = closing(rest)?;
        return Some((end.saturating_add(3), braced(rest.get(..end)?)?));
    }
    if let Some(rest) = text.strip_prefix('{') {
        if !syntax.braces {
            return None;
        }
        let end = rest.find('}')?;
        let (kind, name) = rest.get(..end)?.split_once(':')?;
        let wanted = match kind {
            "env" if is_name(name) => Wanted::Variable { name, default: None },
            "file" if !name.is_empty() => Wanted::File(name),
            _ => return None,
        };
        return Some((end.saturating_add(2), wanted));
    }
    if let Some(rest) = text.strip_prefix('%') {
        let end = rest.find('%')?;
        let name = rest.get(..end)?;
        // `%41%42` is an escaped URL, and so could `%AB%` be.
        let plausible = is_name(name) && name.len() > 2;
        return plausible.then(|| (end.saturating_add(2), Wanted::Percent(name)));
    }
    let rest = text.strip_prefix('$').filter(|_| syntax.dollar)?;
    let end = rest.find(|c: char| !c.is_ascii_alphanumeric() && c != '_').unwrap_or(rest.len());
    let name = rest.get(..end)?;
    is_name(name).then(|| (end.saturating_add(1), Wanted::Variable { name, default: None }))
}

/// Where the brace closes that was open before this text; defaults may hold references of their own.
fn closing(text: &str) -> Option<usize> {
    if !text.contains('}') {
        return None;
    }
    let mut open = 1_usize;
    for (at, byte) in text.bytes().enumerate() {
        match byte {
            b'{' => open = open.saturating_add(1),
            b'}' => {
                open = open.saturating_sub(1);
                if open == 0 {
                    return Some(at);
                }
            }
            b'\n' => return None,
            _ => {}
        }
    }
    None
}

/// What stands between `${` and `}`.
fn braced(inner: &str) -> Option<Wanted<'_>> {
    match inner {
        "workspaceFolder" | "workspaceRoot" | "projectRoot" | "workspacePath" => {
            return Some(Wanted::Workspace { name_only: false });
        }
        "workspaceFolderBasename" => return Some(Wanted::Workspace { name_only: true }),
        "userHome" => return Some(Wanted::Home),
        // A desktop extension's own folder.
        "__dirname" => return Some(Wanted::Here),
        "pathSeparator" | "/" => return Some(Wanted::Separator),
        _ => {}
    }
    if let Some((kind, name)) =
        inner.split_once(':').filter(|(_, name)| !name.starts_with(['-', '?', '=', '+']))
    {
        return match kind {
            "env" => {
                let (name, default) = with_default(name);
                is_name(name).then_some(Wanted::Variable { name, default })
            }
            "input" | "promptString" => Some(Wanted::Input(name)),
            "workspaceFolder" => Some(Wanted::Workspace { name_only: false }),
            "command" | "config" | "secret" | "secrets" | "keychain" => Some(Wanted::Store(inner)),
            _ => None,
        };
    }
    // What the person was asked for when a desktop extension was installed.
    if let Some(name) = inner.strip_prefix("user_config.") {
        return Some(Wanted::Input(name));
    }
    let (name, default) = with_default(inner);
    is_name(name).then_some(Wanted::Variable { name, default })
}

fn with_default(text: &str) -> (&str, Option<&str>) {
    match text.split_once(":-").or_else(|| text.split_once('-')) {
        Some((name, default)) => (name, Some(default)),
        None => (text.split_once(":?").map_or(text, |(name, _)| name), None),
    }
}

fn is_name(name: &str) -> bool {
    name.starts_with(|c: char| c.is_ascii_alphabetic() || c == '_')
        && name.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'_')
}

fn is_upper_name(name: &str) -> bool {
    is_name(name) && !name.bytes().any(|byte| byte.is_ascii_lowercase())
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    const ANY: Syntax = Syntax { dollar: true, braces: true };

    fn wanted(text: &str) -> Vec<Wanted<'_>> {
        pieces(text, ANY)
            .into_iter()
            .filter_map(|piece| match piece {
                Piece::Reference { wanted, .. } => Some(wanted),
                Piece::Text(_) => None,
            })
            .collect()
    }

    #[test]
    fn every_form_that_clients_write_is_known() {
        let variable = |name, default| Wanted::Variable { name, default };
        for (text, expected) in [
            ("${TOKEN}", variable("TOKEN", None)),
            ("Bearer ${env:TOKEN}", variable("TOKEN", None)),
            ("${PORT:-80}", variable("PORT", Some("80"))),
            ("${A:-${B}}", variable("A", Some("${B}"))),
            ("$TOKEN", variable("TOKEN", None)),
            ("$env:TOKEN", variable("TOKEN", None)),
            ("{env:TOKEN}", variable("TOKEN", None)),
            ("{file:~/.key}", Wanted::File("~/.key")),
            ("%APPDATA%\\x", Wanted::Percent("APPDATA")),
            ("${input:github-token}", Wanted::Input("github-token")),
            ("${workspaceFolder}/a", Wanted::Workspace { name_only: false }),
            ("${userHome}/a", Wanted::Home),
            ("${{ secrets.TOKEN }}", Wanted::Store("secrets.TOKEN")),
            ("${command:pick}", Wanted::Store("command:pick")),
        ] {
            assert_eq!(wanted(text), [expected], "{text}");
        }
    }

    #[test]
    fn what_only_looks_like_a_reference_is_text() {
        for text in
            ["pa$word", "100%", "%20%30", "${arr[@]}", "{a}", "$", "${", "${unclosed", "a%b", "{json: 1}"]
        {
            let syntax = Syntax { dollar: false, braces: true };
            assert_eq!(pieces(text, syntax), [Piece::Text(text)], "{text}");
        }
        assert!(pieces("", ANY).is_empty());
    }

    #[test]
    fn a_default_counts_as_written_down_and_a_reference_does_not() {
        assert_eq!(literal("${TOKEN}"), "");
        assert_eq!(literal("${TOKEN:-s3cr3t}"), "s3cr3t");
        assert_eq!(literal("Bearer ${TOKEN}"), "Bearer ");
        assert_eq!(names("${A}/${env:B}"), ["A", "B"]);
    }

    proptest! {
        #[test]
        fn the_pieces_are_the_text_again(text in "[a-c${}%:/ -]{0,40}|\\PC{0,20}") {
            let again: String = pieces(&text, ANY)
                .into_iter()
                .map(|piece| match piece { Piece::Text(text) | Piece::Reference { text, .. } => text })
                .collect();
            prop_assert_eq!(again, text);
        }
    }
}
