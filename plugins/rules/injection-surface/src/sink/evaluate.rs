//! The value is a program of some language (an expression, a formula, a template), and something evaluates it.
//!
//! Code is given to tools for many reasons: to be read, formatted, stored. So the name of a parameter is believed only
//! where the tool or the parameter says that it is run, and a language for selecting that cannot do anything else (jq,
//! JMESPath, a spreadsheet's formulas) is no program here.

use bartizan_listing::{Parameter, Text};

use super::Signals;
use crate::{
    lexicon::{CODE, EVALUATE, HAND_OVER, LANGUAGES, OTHER_CODES, SELECTORS, TEMPLATES},
    purpose::Purpose,
};

/// What is evaluated for each row, item or request, where a language is named.
const PIECES: [&str; 9] = [
    "expression",
    "expressions",
    "lambda",
    "lambdas",
    "predicate",
    "callback",
    "function",
    "formula",
    "condition",
];
/// To use such a piece.
const USE: [&str; 12] = [
    "apply",
    "applied",
    "applies",
    "filter",
    "filters",
    "filtering",
    "transform",
    "transforms",
    "map",
    "called",
    "reduce",
    "sort",
];

pub(super) fn signals(parameter: &Parameter<'_>, purpose: &Purpose) -> Signals {
    let text = &parameter.text;
    let declared = &purpose.declared;
    // A shell's scripts and commands are the other rule's.
    if text.has(&["shell", "bash", "powershell"]) && !text.has(&LANGUAGES) {
        return Signals::default();
    }
    // "code" is the name of many things that are no program.
    let other_code = parameter.name_has(&OTHER_CODES)
        || Text::new(&parameter.said).says(&OTHER_CODES, &["code", "codes"], 1);
    if parameter.is_called(&["code"]) && other_code {
        return Signals::default();
    }
    // A language that can only select or calculate.
    let selects = text.has(&SELECTORS) || declared.has(&SELECTORS) || parameter.name_has(&SELECTORS);
    if selects && !text.has(&LANGUAGES) && !is_bare(text) {
        return Signals::default();
    }
    let runs = declared.does(&EVALUATE, &CODE, 4)
        || declared.does(&EVALUATE, &LANGUAGES, 4)
        || text.does(&EVALUATE, &CODE, 4)
        || text.does(&EVALUATE, &LANGUAGES, 4)
        || ((text.says(&CODE, &EVALUATE, 4) || text.says(&LANGUAGES, &EVALUATE, 4))
            && text.has_undenied(&EVALUATE))
        || text.has_undenied(&["evaluated", "interpreted", "executed", "eval"])
        || declared.has(&["calculates", "calculate", "calculator"]);
    let is_code =
        parameter.is_called(&CODE) || parameter.is_called(&LANGUAGES) || parameter.is_called(&["eval"]);
    let is_template = parameter.is_called(&["template", "templates"])
        && (text.has_undenied(&TEMPLATES) || purpose.all.templates);
    let said = is_template
        || text.says(&["evaluated", "interpreted", "executed", "compiled"], &CODE, 5)
        || text.says(&["evaluated", "interpreted", "executed", "compiled"], &LANGUAGES, 5)
        || (text.says(&LANGUAGES, &PIECES, 2) && (text.has_undenied(&USE) || text.has_undenied(&EVALUATE)))
        || (text.says(&["rendered", "rendering", "expanded"], &TEMPLATES, 6)
            || text.says(&TEMPLATES, &["template", "templates", "syntax", "expressions"], 2))
        || text.holds(&["$where clause", "$where expression"]);
    Signals { called: is_template || (is_code && runs), said, bare: is_bare(text) }
}

/// That it goes into an evaluator as it is.
fn is_bare(text: &Text) -> bool {
    // Reads literals and runs nothing.
    if text.holds(&["literal_eval", "literal eval", "simpleeval", "asteval"]) {
        return false;
    }
    let called =
        ["eval(", "exec(", "new function(", "compile(", "vm.run", "render_template_string", "from_string("];
    (text.holds(&called) && !text.denies(&["eval", "exec", "compile"]))
        || text.says(&HAND_OVER, &["eval", "evaluator", "interpreter"], 5)
        || text.says(&["evaluated", "executed", "run"], &["eval"], 5)
}

pub(super) fn is_purpose(declared: &Text) -> bool {
    let openly = [
        "eval",
        "evaluate",
        "evaluates",
        "repl",
        "interpreter",
        "notebook",
        "calculate",
        "calculates",
        "calculator",
    ];
    let renders = ["render", "renders", "template", "templates"];
    declared.has(&openly)
        || declared.has(&renders)
        || declared.does(&EVALUATE, &CODE, 5)
        || declared.does(&EVALUATE, &LANGUAGES, 5)
}
