//! `author new LANG NAME FOLDER`, `author build FOLDER OUTPUT [install]`: the crate by hand.

use std::{env, error::Error, fs, path::Path};

use bartizan_author::{BuildOptions, build, new_plugin, read_project};

fn main() -> Result<(), Box<dyn Error>> {
    let arguments: Vec<String> = env::args().skip(1).collect();
    let words: Vec<&str> = arguments.iter().map(String::as_str).collect();
    match words.as_slice() {
        ["new", language, name, folder] => {
            for path in new_plugin(language.parse()?, &name.parse()?, Path::new(folder))? {
                println!("{}", path.display());
            }
        }
        ["build", folder, output, rest @ ..] => {
            let project = read_project(Path::new(folder))?;
            let component = build(&project, BuildOptions { install_tools: rest == ["install"] })
                .map_err(|error| format!("{error}\n{}: {}", error.code(), error.advice()))?;
            fs::write(output, component)?;
        }
        _ => return Err("author new LANG NAME FOLDER | author build FOLDER OUTPUT [install]".into()),
    }
    Ok(())
}
