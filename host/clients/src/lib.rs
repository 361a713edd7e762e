//! Where MCP clients keep their servers, and what stands there.
//!
//! **For:** finding every file in which a client (Claude, Cursor, VS Code, Codex …) names MCP servers, reading it as the
//! client would, and handing on what would be started or reached. Files are hostile, and their values are credentials:
//! nothing here shows one, and a file that cannot be read is told, never passed over.
//!
//! **Not for:** starting a server (that is `bartizan-mcp`), judging an entry (rules do that, from
//! [`ServerEntry::facts`]), or changing a client's file.
//!
//! Read [`ServerEntry`] first: it is what [`discover`] (all places), [`read`] (one file) and [`read_list`]
//! (`servers.toml`) come down to. [`clients`] is the table of what is known; a new client is a new row there.
//!
//! ```
//! use std::path::Path;
//! use bartizan_clients::{Lookup, parse};
//!
//! let text = r#"{"mcpServers": {"git": {"command": "uvx", "args": ["mcp-server-git"], "env": {"TOKEN": "${GIT_TOKEN}"}}}}"#;
//! let config = parse(text, Path::new("/work/.cursor/mcp.json"))?;
//! let git = &config.servers[0];
//! assert_eq!((config.client, git.launch.shown().as_str()), ("cursor", "uvx mcp-server-git"));
//!
//! let variables = |name: &str| (name == "GIT_TOKEN").then(|| "from the environment".to_owned());
//! let launch = git.resolve(&Lookup { variables: Some(&variables), ..Lookup::default() })?;
//! assert_eq!(launch.hidden()["TOKEN"].expose(), "from the environment");
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```
//!
//! # What is told to rules
//! [`ServerEntry::facts`] is the detail of an observation of kind `launch`:
//!
//! | member | |
//! |---|---|
//! | `client`, `server`, `config`, `line` | whose file, which entry, where |
//! | `scope`, `project` | `user`, `project`, `managed`, `plugin`, `unknown`; the folder |
//! | `transport` | `stdio`, `auto`, `streamable-http`, `sse`, `websocket` |
//! | `command`, `args`, `cwd`, `url`, `env_file` | as written, credentials replaced by `***` |
//! | `env`, `headers` | a shape each |
//! | `secrets_in_args`, `secrets_in_url` | a shape for each credential that is written there |
//! | `disabled`, `auto_approved`, `unknown` | as in [`ServerEntry`] |
//! | `script` | null, or `path`, `exists`, `world_writable`, `group_writable`, `foreign_owner`, `folder_world_writable`, `in_tmp` |
//! | `config_file` | `world_writable`, `group_readable_secret` |
//! | `truncated` | true if a text or a list is longer than is told |
//!
//! A shape is what may be known of a value without knowing it: `name`, `literal` (nothing in it refers to elsewhere),
//! `references` (names of variables), `scheme` ("Bearer"), `length`, `charset` (`hex`, `alnum`, `base64`, `text`), `form`
//! (`path`, `url`, `url-with-password`, `number`, `boolean`, `other`), `entropy` in bits a character, `placeholder`,
//! `named_secret`, `token_shaped`, and from twenty characters on `prefix`, the first four. `length` and what follows are
//! of the longest part that is written down, scheme left out. Null is "not known", never "no".

mod client;
mod config;
mod credential;
mod discover;
mod document;
mod dotenv;
mod entry;
mod error;
mod facts;
mod file;
pub mod limits;
mod list;
mod permissions;
mod places;
mod recognise;
mod redact;
mod reference;
mod resolve;
mod script;
mod secret;
mod server;
mod shape;
mod table;

pub use client::{Client, Member, Os, Place, Reach, client_by_id, clients};
pub use config::{Config, Input, Problem, parse, read};
pub use discover::{Discovery, discover};
pub use document::Format;
pub use error::ConfigError;
pub use list::{ListError, ListOptions, Listed, ServerList, parse_list, read_list};
pub use places::{Home, Places, project_folders};
pub use recognise::{Kind, is_client_config, kind, kind_of};
pub use resolve::{Ask, Lacking, Lookup, ResolveError, Unresolved};
pub use secret::Secret;
pub use server::{Launch, RemoteTransport, Scope, ServerEntry};
