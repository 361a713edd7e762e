//! Credentials are hidden wherever they stand, and nothing else is.

use proptest::prelude::*;

use super::*;

fn shown(words: &[&str]) -> String {
    command_line(words.iter().copied()).join(" ")
}

#[test]
fn credentials_are_hidden_wherever_a_command_line_has_them() {
    let token = "canary7";
    for words in [
        vec!["npx", "s", "--api-key", token],
        vec!["npx", "s", "--api-key=canary7"],
        vec!["npx", "s", "-H", "Authorization: Bearer canary7"],
        vec!["npx", "s", "--header", "X-Custom:canary7"],
        vec!["npx", "s", "--header=Authorization: canary7"],
        vec!["docker", "run", "-e", "GITHUB_TOKEN=canary7", "image"],
        vec!["env", "API_KEY=canary7", "node", "s.js"],
        vec!["sh", "-c", "curl -H 'Authorization: Bearer canary7' https://a/"],
        vec!["sh", "-c", "TOKEN=canary7 exec node s.js"],
        vec!["npx", "mcp-remote", "https://a/mcp?key=canary7"],
        vec!["npx", "s", "postgres://user:canary7@db/x"],
        vec!["npx", "s", "--url=https://canary7@a/x#token=canary7"],
        vec!["npx", "s", "--config", r#"{"apiKey":"canary7","deep":[{"password":"canary7"}]}"#],
        vec!["npx", "s", "--config", r#""{\"apiKey\":\"canary7\"}""#],
        vec!["npx", "s", "--config", r#"{"apiKey":"canary7""#],
        vec!["npx", "s", "Server=db;User Id=sa;Password=canary7"],
        vec!["npx", "s", "admin:canary7@db"],
        vec!["npx -y s --token canary7"],
        vec!["curl", "-u", "me:canary7", "https://a/"],
        vec!["powershell", "-Command", "$env:API_KEY='canary7'; node x.js"],
        vec!["cmd", "/c", "set API_KEY=canary7&& node x.js"],
        vec!["java", "-Ddb.url=jdbc:postgresql://h/d?user=a&password=canary7"],
        vec!["npx", "s", "-Dtoken=canary7"],
        vec!["npx", "s", "-e=API_KEY=canary7"],
        vec!["npx", "s", "canary7AAAAbbbbCCCC0123456789ddddEEEE+/=="],
        vec!["npx", "s", "--token", "\"canary7\""],
        vec!["npx", "s", "--token", "${A:-canary77}"],
    ] {
        assert!(!shown(&words).contains("canary7"), "{words:?} is shown as {}", shown(&words));
        assert!(words.iter().any(|word| word.contains("canary7")));
    }
}

#[test]
fn what_is_no_credential_stays_readable() {
    for line in [
        "npx -y @modelcontextprotocol/server-filesystem /home/a/work",
        "uvx --from git+https://github.com/a/b@0123456789abcdef0123456789abcdef01234567 b",
        "docker run -i --rm -e GITHUB_TOKEN ghcr.io/a/b@sha256:0123456789abcdef0123456789abcdef",
        "node server.js --max-tokens 4096 --api-key ${API_KEY} --key-file /etc/keys/a.pem",
        "python -m server --port 8080 --auth none",
        "docker run -u 1000:1000 --mount type=bind,src=/a,dst=/b img",
        "npx mcp-remote https://a.example/sse --header Authorization:${AUTH}",
        "cmd /c npx -y foo@npm:bar@1.0.0",
    ] {
        let words: Vec<_> = line.split(' ').collect();
        let kept = shown(&words);
        // A commit in a URL may be hidden; everything else is as it was.
        assert_eq!(kept.replace(HIDDEN, "b@0123456789abcdef0123456789abcdef01234567"), line);
    }
}

#[test]
fn a_url_keeps_its_host_and_loses_its_credentials() {
    for (text, expected) in [
        ("https://a.example/mcp", "https://a.example/mcp"),
        ("https://u:p@a.example:8/x?debug=true&key=abcdef", "https://***@a.example:8/x?debug=true&key=***"),
        ("https://${USER}:${PASS}@a/x", "https://${USER}:${PASS}@a/x"),
        ("https://a/s/0123456789abcdef0123456789abcdef/mcp", "https://a/s/***/mcp"),
        ("ssh://git@a/b", "ssh://git@a/b"),
        ("https://a/3c1a9c06-2f64-4f0e-8c55-0b5f7d0d2a11/x", "https://a/***/x"),
        ("https://a/s/ZmJjYWQ3OTctNjU0Yy00OTZj/mcp", "https://a/s/***/mcp"),
        (
            "https://api.githubcopilot.com/mcp/x/repos,issues/readonly",
            "https://api.githubcopilot.com/mcp/x/repos,issues/readonly",
        ),
        ("https://a?x=/AbCdEf", "https://a?x=***"),
        ("https://a@b@c/", "https://***@c/"),
        ("https://a\\@b/", "https://a\\@b/"),
    ] {
        assert_eq!(url(text), expected);
    }
}

#[test]
fn what_is_found_is_named_and_a_harmless_value_is_not_found() {
    let found =
        in_command_line(["npx", "--api-key", "hunter2hunter2", "--max-tokens", "4096", "--token", "${T}"]);
    let names: Vec<_> = found.iter().map(|found| (found.name.as_str(), found.value.as_str())).collect();
    assert_eq!(names, [("api-key", "hunter2hunter2")]);
    let names: Vec<_> =
        in_url("https://u:secretpw@h/?project=abc&token=qwerty9").into_iter().map(|f| f.name).collect();
    assert_eq!(names, ["userinfo", "token"]);
}

proptest! {
    #[test]
    fn a_credential_under_a_telling_name_never_shows(
        before in prop::collection::vec("[a-zA-Z0-9:/@=?&{}\"' -]{0,12}", 0..4),
        value in "[a-zA-Z0-9]{6}QZ[a-zA-Z0-9]{4}",
        how in 0..6,
    ) {
        let mut words = before.clone();
        match how {
            0 => words.extend(["--api-key".to_owned(), value.clone()]),
            1 => words.push(format!("--token={value}")),
            2 => words.extend(["-H".to_owned(), format!("Authorization: Bearer {value}")]),
            3 => words.push(format!("SECRET={value}")),
            4 => words.push(format!("https://u:{value}@h/")),
            _ => words.push(format!("https://h/?access_token={value}")),
        }
        // An open option before would take the next word for its value; the value is hidden all the same.
        let line = command_line(words.iter().map(String::as_str)).join("\n");
        prop_assert!(!line.contains(&value), "{line}");
    }
}
