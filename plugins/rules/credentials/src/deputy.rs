//! MCP-AUTH-005: signs that the server uses its own rights for whoever asks.
//!
//! That a tool takes the id of a user says nothing: most are to be looked up. It takes two signs that agree.

use bartizan_listing::{Parameter, Purpose, Text, clipped, head, properties};
use bartizan_sdk::prelude::*;
use serde_json::Value;

use crate::{
    places::MAX_TREE,
    rules,
    scopes::is_of_another_service,
    seen::{self, is_kin},
    sentence,
};

/// Rights that are the server's, not the caller's.
#[rustfmt::skip]
const OWN_RIGHTS: [&str; 10] = [
    "service account", "service-account", "admin credentials", "admin rights", "administrator rights", "server's own",
    "elevated privileges", "root privileges", "superuser", "admin token",
];

pub(crate) fn tool(tool: &Tool) -> Option<Finding> {
    let schema = Some(&tool.input_schema).filter(|schema| schema.len() <= MAX_TREE)?;
    let schema = serde_json::from_str::<Value>(schema).ok()?;
    let description = head(tool.description.as_deref().unwrap_or_default());
    let purpose = Purpose::of(tool);
    let open = properties(&schema).list.into_iter().filter(|property| property.text.is_some());
    for property in open {
        let parameter = Parameter::new(property, description);
        let names_person = names_a_person(&parameter);
        let impersonates = impersonates(&parameter);
        if !(names_person || impersonates) {
            continue;
        }
        let texts = [&parameter.text, &purpose.whole];
        let unchecked = texts.iter().any(|text| is_unchecked(text));
        let own = texts.iter().any(|text| text.holds(&OWN_RIGHTS));
        let anybody = texts.iter().any(|text| is_anybody(text));
        let signs = [impersonates, unchecked, own, anybody].into_iter().filter(|sign| *sign).count();
        let severity = match signs {
            1 if impersonates || (unchecked && !purpose.whole.has(&["public", "publicly"])) => Severity::Low,
            // One word about somebody's id is how honest tools are described, too.
            0 | 1 => continue,
            _ => Severity::Medium,
        };
        let name = clipped(parameter.property.name);
        let why = match (unchecked, own, anybody) {
            (true, ..) => "and its own words say that nobody checks whether the caller may",
            (_, true, _) => "with rights that are the server's and not the caller's",
            (.., true) => "for anybody that the caller names",
            _ => "and nothing says how the server knows that the caller may",
        };
        let message = format!("The tool acts as the person or the tenant that `{name}` names, {why}.");
        return Some(
            Finding::new(rules::DEPUTY, tool, message)
                .severity(severity)
                .confidence(if signs > 1 { Confidence::Medium } else { Confidence::Low })
                .evidence("parameter", parameter.shown(), &parameter.property.pointer),
        );
    }
    None
}

fn names_a_person(parameter: &Parameter<'_>) -> bool {
    let who = [
        "user",
        "tenant",
        "account",
        "customer",
        "owner",
        "principal",
        "organization",
        "org",
        "patient",
        "employee",
    ];
    parameter.name_has(&who)
        && parameter.is_called(&["id", "name", "email", "user", "tenant", "account", "uuid", "identifier"])
}

/// The caller chooses as whom the tool acts.
fn impersonates(parameter: &Parameter<'_>) -> bool {
    let words: Vec<&str> = parameter.words.iter().map(String::as_str).collect();
    let named = parameter.name_has(&["impersonate", "impersonated", "impersonation", "sudo"])
        || matches!(
            words.as_slice(),
            ["act" | "run" | "login" | "execute", "as"]
                | ["act" | "run" | "login" | "execute", "as", "user"]
                | ["on", "behalf", "of"]
                | ["as", "user"]
        );
    named
        || parameter.text.does(
            &["impersonate", "impersonates"],
            &["user", "users", "account", "principal"],
            3,
        )
        || (parameter.text.says(&["user", "account"], &["impersonate"], 2)
            && parameter.text.has_undenied(&["impersonate"]))
}

fn is_unchecked(text: &Text) -> bool {
    let checks =
        ["permission", "permissions", "authorization", "authentication", "ownership", "access", "rights"];
    let denied = text.denies(&checks) || text.says(&checks, &["not", "never", "isn"], 2);
    (denied
        && text.has(&[
            "check",
            "checks",
            "checked",
            "checking",
            "required",
            "verified",
            "needed",
            "validation",
        ]))
        || text.says(&["bypass", "bypasses", "bypassing", "ignores", "regardless", "skips"], &checks, 5)
}

/// Not asked as words, because "not checked: any tenant" would pass for a denial.
fn is_anybody(text: &Text) -> bool {
    text.holds(&[
        "any user",
        "any tenant",
        "any account",
        "any customer",
        "every user",
        "every tenant",
        "arbitrary user",
        "other users'",
        "other tenants",
        "another user's",
        "any employee",
        "any patient",
    ])
}

pub(crate) fn server(server: &Server) -> Vec<Finding> {
    proxy(server).into_iter().chain(said(server)).collect()
}

/// The server's own authorization server registers anybody, and its scopes are those of a service behind it.
fn proxy(server: &Server) -> Option<Finding> {
    let own = seen::address(server)?;
    let mut foreign: Option<String> = None;
    let mut registers = false;
    let mut proves = None;
    for (_, detail) in seen::seen(server, "auth-metadata") {
        foreign = foreign.or_else(|| {
            let scopes = seen::list(&detail, "scopes_supported");
            scopes.into_iter().find(|scope| is_of_another_service(scope, &own)).map(clipped)
        });
        let issuer = seen::text(&detail, "issuer").and_then(|text| url::Url::parse(text).ok());
        if issuer.is_some_and(|issuer| is_kin(&own, &issuer)) {
            registers |= seen::flag(&detail, "registration_endpoint") == Some(true)
                || seen::text(&detail, "registration_endpoint").is_some();
            let methods = seen::list(&detail, "code_challenge_methods_supported");
            proves =
                detail.get("code_challenge_methods_supported").map(|_| methods.contains(&"S256")).or(proves);
        }
    }
    let foreign = foreign.filter(|_| registers)?;
    let also = if proves == Some(false) { " It does not ask for PKCE with S256 either." } else { "" };
    let message = format!(
        "The server issues tokens itself, to any client that registers, for rights at another service (scope `{foreign}`). Unless it \
         asks the person for each client anew, consent given to one client is used by the next.{also}"
    );
    Some(
        Finding::new(rules::DEPUTY, server, message)
            .severity(if proves == Some(false) { Severity::Medium } else { Severity::Low })
            .evidence("scope of another service", &foreign, ""),
    )
}

/// The server says that one client id, or one person's rights, serve all.
fn said(server: &Server) -> Option<Finding> {
    let text = server.instructions.as_deref()?;
    let is_sign = |text: &Text| {
        let one_for_all = text.has(&["all", "every", "everyone", "shared", "static", "single"]);
        let client = text.holds(&["client id", "client_id", "clientid", "oauth app", "oauth client"]);
        let skips =
            text.says(&["skip", "skips", "skipped", "without", "bypass", "bypasses", "no"], &["consent"], 3);
        (client && one_for_all && text.has(&["users", "clients", "callers", "tenants"]))
            || (client && skips)
            || (text.holds(&OWN_RIGHTS) && is_anybody(text))
    };
    let sentence = sentence::of(text).find(|sentence| is_sign(&sentence.text))?;
    let message = "By its own words, the server uses one identity for everybody who calls it: what that identity may, all may.";
    Some(Finding::new(rules::DEPUTY, server, message).severity(Severity::Low).evidence(
        "one identity for all",
        sentence.written,
        "/instructions",
    ))
}
