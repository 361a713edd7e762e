//! TypeScript: `tsc` checks it and makes JavaScript of it; from there on it is JavaScript.

use std::{ffi::OsString, path::Path};

use super::{
    TYPESCRIPT, javascript,
    workbench::{self, Workbench},
};
use crate::{AuthorError, embedded};

pub(super) fn build(bench: &Workbench<'_>) -> Result<Vec<u8>, AuthorError> {
    let mut arguments: Vec<OsString> =
        ["--project", "tsconfig.json", "--noEmit", "false", "--noEmitOnError", "--rootDir", ".", "--outDir"]
            .map(Into::into)
            .to_vec();
    arguments.push(bench.output.clone().into());
    javascript::tool(bench, "typescript", TYPESCRIPT)?.run(bench.folder(), arguments)?;
    // The compiler leaves JavaScript that is JavaScript already where it was.
    for (path, _) in embedded::files_of("sdk/javascript")
        .filter(|(path, _)| Path::new(path).extension().is_some_and(|extension| extension == "js"))
    {
        let bytes = workbench::read(&bench.folder().join("bartizan-sdk").join(path))?;
        bench.write(&format!("bartizan-sdk/{path}"), bytes)?;
    }
    let pack = format!("./{}.js", bench.entry_stem());
    let entry = bench.write("entry.js", javascript::entry_module(bench, "./bartizan-sdk", &pack))?;
    javascript::componentize(bench, &entry)
}
