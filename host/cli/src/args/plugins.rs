//! `bartizan plugins`

use std::path::PathBuf;

use clap::{Args as ClapArgs, Subcommand};

#[derive(Debug, Subcommand)]
pub(crate) enum Plugins {
    /// List the components
    #[command(after_help = "Example:\n  bartizan plugins list")]
    List,
    /// Show one component: what it exports, its rules and formats, who signed it
    #[command(after_help = "Example:\n  bartizan plugins info bartizan/tool-poisoning")]
    Info {
        /// "publisher/name"
        name: String,
    },
    /// Install a component: it is verified, shown, granted what it asks for, compiled, and pinned in bartizan.lock
    #[command(after_help = "Examples:\n  bartizan plugins install acme-rules-1.2.0.oci.tar\n  \
        bartizan plugins install https://example.com/acme-rules-1.2.0.oci.tar\n  \
        bartizan plugins install oci://registry.example.com/acme/rules:1.2.0 --grant memory=64MiB\n  \
        bartizan plugins install acme acme/rules@^1.2\n  \
        bartizan plugins install --locked\n\n\
        A source is a package, a bundle or a .wasm with its statement beside it, as a file or an https URL; an OCI reference; \
        or the name of a trusted repository and publisher/name@VERSION. With --locked and no source, everything that \
        bartizan.lock pins is installed.")]
    Install(Install),
    /// Look for components in the repositories that are trusted
    #[command(after_help = "Example:\n  bartizan plugins search poisoning")]
    Search {
        /// What name or summary must hold; everything if none is given
        words: Vec<String>,
    },
    /// Publish packages into a repository's folder, or one to an OCI registry
    #[command(
        after_help = "Examples:\n  bartizan plugins publish acme-rules-1.2.0.oci.tar --to ./repository --key acme.pem --key online.pem\n  \
        bartizan plugins publish acme-rules-1.2.0.oci.tar --to oci://registry.example.com/acme/rules:1.2.0\n\n\
        A repository wants the publisher's key and those of snapshot and timestamp, and the publisher must be trusted on \
        this machine (`bartizan trust add`). A registry wants a login: what `docker login` left."
    )]
    Publish(Publish),
    /// Install what is newer where installed components came from
    #[command(
        after_help = "Example:\n  bartizan plugins update acme/rules\n\nA component that asks for more than before must be granted it anew."
    )]
    Update(Update),
    /// Take a component out
    #[command(after_help = "Example:\n  bartizan plugins remove acme/rules")]
    Remove {
        /// "publisher/name"
        name: String,
    },
    /// Load a component again that was disabled
    #[command(after_help = "Example:\n  bartizan plugins enable acme/rules")]
    Enable {
        /// "publisher/name"
        name: String,
    },
    /// Keep a component and do not load it
    #[command(after_help = "Example:\n  bartizan plugins disable acme/rules")]
    Disable {
        /// "publisher/name"
        name: String,
    },
    /// Check every component anew: signature, digest, revocation, time, grants. Needs no network
    #[command(after_help = "Example:\n  bartizan plugins verify")]
    Verify,
    /// Make a folder that builds and passes its tests at once
    #[command(
        after_help = "Examples:\n  bartizan plugins new acme/my-rules --lang rust\n  bartizan plugins new acme/my-rules --lang python my-rules\n\n\
        The folder needs nothing of this program's source: contract, SDK and a first rule with its vectors are in it."
    )]
    New(New),
    /// Build a plugin project, and sign what comes out if there is a key
    #[command(
        after_help = "Example:\n  bartizan plugins build my-rules --key ~/keys/acme.pem -o plugins/\n\n\
        A project says its name in bartizan-plugin.toml, or a crate in its manifest: [package.metadata.bartizan] name = \"acme/my-rules\".\n\
        A key file that does not exist yet is made; its public half goes to FILE.pub for `bartizan trust add`."
    )]
    Build(Build),
    /// Run a project's vectors, in the sandbox that its users will run it in
    #[command(after_help = "Example:\n  bartizan plugins test my-rules --watch\n\n\
        A vector lies at vectors/RULE-ID/positive/NAME.json or vectors/RULE-ID/negative/NAME.json. A rule that lacks either fails.")]
    Test(Test),
    /// Sign a component that is built already
    #[command(
        after_help = "Example:\n  bartizan plugins sign rules.wasm --name acme/rules --version 1.2.0 --key ~/keys/acme.pem -o plugins/"
    )]
    Sign(Sign),
}

#[derive(Debug, ClapArgs)]
pub(crate) struct New {
    /// The component's name, "publisher/name"
    pub(crate) name: String,
    /// In which language: rust, python, javascript, typescript, c, go
    #[arg(long, value_name = "LANGUAGE")]
    pub(crate) lang: String,
    /// The folder to make [default: the second half of the name]
    pub(crate) folder: Option<PathBuf>,
}

#[derive(Debug, ClapArgs)]
pub(crate) struct Build {
    /// Folder of the project
    #[arg(default_value = ".")]
    pub(crate) folder: PathBuf,
    /// The publisher's private key, Ed25519 in PKCS#8 PEM; without it nothing is signed
    #[arg(long, value_name = "FILE")]
    pub(crate) key: Option<PathBuf>,
    /// Where to put the component, its statement and the package
    #[arg(short = 'o', long = "output", value_name = "FOLDER", default_value = "plugins")]
    pub(crate) output: PathBuf,
    /// Fetch the language's tools that are missing into the project (PyPI, npm)
    #[arg(long)]
    pub(crate) install_tools: bool,
}

#[derive(Debug, ClapArgs)]
pub(crate) struct Test {
    /// Folder of the project
    #[arg(default_value = ".")]
    pub(crate) folder: PathBuf,
    /// Run again whenever a file of the project changes
    #[arg(long)]
    pub(crate) watch: bool,
    /// Fetch the language's tools that are missing into the project (PyPI, npm)
    #[arg(long)]
    pub(crate) install_tools: bool,
}

#[derive(Debug, ClapArgs)]
pub(crate) struct Sign {
    /// The component
    pub(crate) component: PathBuf,
    /// Its name, "publisher/name", as it says itself
    #[arg(long)]
    pub(crate) name: String,
    /// Its version, as it says itself
    #[arg(long = "version", value_name = "VERSION")]
    pub(crate) component_version: String,
    /// The publisher's private key, Ed25519 in PKCS#8 PEM; made if it does not exist
    #[arg(long, value_name = "FILE")]
    pub(crate) key: PathBuf,
    /// Grows with every release [default: made from the version]
    #[arg(long)]
    pub(crate) sequence: Option<u64>,
    /// Not valid after this time (RFC 3339), e.g. 2027-12-31T00:00:00Z
    #[arg(long, value_name = "TIME")]
    pub(crate) expires: Option<String>,
    /// Ask for this: wasi, memory=SIZE, fuel=NUMBER; repeatable
    #[arg(long = "grant", value_name = "GRANT")]
    pub(crate) grants: Vec<String>,
    /// Where to put the component, its statement and the package
    #[arg(short = 'o', long = "output", value_name = "FOLDER", default_value = "plugins")]
    pub(crate) output: PathBuf,
}

#[derive(Clone, Debug, Default, ClapArgs)]
pub(crate) struct Install {
    /// A file, URL, OCI reference, or repository and name; below, what this command takes
    #[arg(value_name = "SOURCE")]
    pub(crate) source: Vec<String>,
    /// Give it this: wasi, memory=SIZE, fuel=NUMBER, or all that it asks for; repeatable
    #[arg(long = "grant", value_name = "GRANT")]
    pub(crate) grants: Vec<String>,
    /// Let this component, "publisher/name", be older than what was installed before; repeatable
    #[arg(long, value_name = "NAME")]
    pub(crate) allow_older: Vec<String>,
    /// Install from a bundle that has expired, for this reason, which is kept
    #[arg(long, value_name = "REASON")]
    pub(crate) allow_expired_bundle: Option<String>,
}

#[derive(Debug, ClapArgs)]
pub(crate) struct Update {
    /// Which components [default: all]
    #[arg(value_name = "NAME")]
    pub(crate) names: Vec<String>,
    /// Give them this, if they ask for it: wasi, memory=SIZE, fuel=NUMBER, all; repeatable
    #[arg(long = "grant", value_name = "GRANT")]
    pub(crate) grants: Vec<String>,
}

#[derive(Debug, ClapArgs)]
pub(crate) struct Publish {
    /// Packages, or components with their statements beside them
    #[arg(required = true, value_name = "PACKAGE")]
    pub(crate) packages: Vec<PathBuf>,
    /// A repository's folder, or an OCI reference
    #[arg(long, value_name = "PLACE")]
    pub(crate) to: String,
    /// A private key that signs for the repository; repeatable
    #[arg(long = "key", value_name = "FILE")]
    pub(crate) keys: Vec<PathBuf>,
    /// The root from which the repository is trusted [default: the one it was made with here]
    #[arg(long, value_name = "FILE")]
    pub(crate) root: Option<PathBuf>,
    /// What it is for, in one line, for who searches
    #[arg(long)]
    pub(crate) summary: Option<String>,
}
