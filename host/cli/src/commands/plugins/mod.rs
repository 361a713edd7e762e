//! `bartizan plugins`

mod ask;
mod author;
pub(crate) mod install;
pub(crate) mod obtain;
mod publish;
mod show;
pub(crate) mod standing;
mod test;

use crate::{
    args::{Global, Plugins},
    exit::{Exit, Failure},
};

pub(crate) fn run(global: &mut Global, command: Plugins) -> Result<Exit, Failure> {
    match command {
        Plugins::List => show::list(global),
        Plugins::Info { name } => show::info(global, &name),
        Plugins::Search { words } => show::search(global, &words),
        Plugins::Publish(args) => publish::run(global, &args),
        Plugins::Install(args) => install::run(global, &args),
        Plugins::Update(args) => install::update(global, &args),
        Plugins::Remove { name } => standing::remove(global, &name),
        Plugins::Enable { name } => standing::switch(global, &name, true),
        Plugins::Disable { name } => standing::switch(global, &name, false),
        Plugins::Verify => standing::verify(global),
        Plugins::New(args) => author::new(&args),
        Plugins::Build(args) => author::build(&args),
        Plugins::Test(args) => test::run(global, &args),
        Plugins::Sign(args) => author::sign(&args),
    }
}
