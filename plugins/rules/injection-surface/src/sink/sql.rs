//! The value becomes part of a SQL statement, or is one.

use bartizan_listing::{Parameter, Text};

use super::Signals;
use crate::{
    lexicon::{DATABASES, SPLICE},
    purpose::Purpose,
};

pub(super) fn signals(parameter: &Parameter<'_>, purpose: &Purpose) -> Signals {
    let text = &parameter.text;
    // A statement that is only written otherwise is not run.
    let rewrites = [
        "format",
        "formats",
        "lint",
        "lints",
        "parse",
        "parses",
        "convert",
        "converts",
        "translate",
        "translates",
        "transpile",
        "transpiles",
        "beautify",
        "highlight",
        "highlights",
    ];
    let runs = ["run", "runs", "execute", "executes", "query", "queries", "database"];
    if purpose.declared.does(&rewrites, &["sql", "statement", "statements"], 4)
        && !purpose.declared.has_undenied(&runs)
    {
        return Signals::default();
    }
    let speaks_of_sql = text.has(&DATABASES) || purpose.declared.has(&DATABASES) || purpose.all.sql;
    let ends_with_clause =
        parameter.is_called(&["clause"]) && parameter.name_has(&["where", "having", "order"]);
    let called = parameter.name_has(&["sql"])
        || ends_with_clause
        || (speaks_of_sql
            && parameter.is_called(&["query", "queries", "statement", "statements", "where", "condition"]));
    let parts =
        ["query", "queries", "statement", "statements", "clause", "expression", "fragment", "condition"];
    let said = text.says(&["sql"], &parts, 2) || text.says(&["where", "having"], &["clause"], 1);
    let bare = (speaks_of_sql || said)
        && (text.says(&SPLICE, &["sql", "query", "statement", "clause", "where"], 6)
            || text.says(&["string"], &["concatenation", "interpolation"], 1));
    Signals { called, said, bare }
}

pub(super) fn is_purpose(declared: &Text) -> bool {
    let asks = ["query", "queries", "statement", "statements", "execute", "run"];
    let base = ["database", "databases", "db", "table", "tables", "warehouse"];
    declared.has(&DATABASES) || (declared.has(&asks) && declared.has(&base))
}
