//! What holds for every verb: `hearsay.toml`, then `HEARSAY_…` variables, then flags.
//! Invariant: a key or value that is not understood is an error, never passed over.

use std::env;
use std::path::{Path, PathBuf};

use clap::{Args, ValueEnum};
use hearsay_core::{Actor, Role, Text};

use crate::exit::Failure;
use crate::output::Format;
use crate::words::{nearest, word};

/// The configuration file, in the working directory.
pub(crate) const FILE: &str = "hearsay.toml";

/// The keys of the configuration file.
const KEYS: [&str; 4] = ["db", "actor", "role", "format"];

/// Options that every verb takes.
#[derive(Args, Debug, Default)]
pub(crate) struct Global {
    /// The database file [`HEARSAY_DB`; default: hearsay.db].
    #[arg(long, global = true, value_name = "FILE", help_heading = "Everywhere")]
    pub(crate) db: Option<PathBuf>,
    /// Who acts: the name that the log keeps [`HEARSAY_ACTOR`; default: your user name].
    #[arg(long, global = true, value_name = "NAME", help_heading = "Everywhere")]
    pub(crate) actor: Option<String>,
    /// In which role: auditor, checker, editor, admin or worker [`HEARSAY_ROLE`; default: admin, as the file is yours].
    #[arg(long, global = true, value_name = "ROLE", value_parser = word::<Role>, help_heading = "Everywhere")]
    pub(crate) role: Option<Role>,
    /// How to answer [`HEARSAY_FORMAT`; default: table].
    #[arg(long, global = true, value_enum, value_name = "FORMAT", help_heading = "Everywhere")]
    pub(crate) format: Option<Format>,
}

/// What holds, after file, variables and flags.
#[derive(Debug)]
pub(crate) struct Settings {
    /// The database.
    pub(crate) db: PathBuf,
    /// The database, where the command line itself named one.
    pub(crate) db_flag: Option<PathBuf>,
    /// Who acts.
    pub(crate) actor: Actor,
    /// How to answer.
    pub(crate) format: Format,
}

/// Settles what holds for this run.
pub(crate) fn settings(flags: &Global) -> Result<Settings, Failure> {
    let file = read(Path::new(FILE))?;
    let value =
        |key: &str| variable(key).or_else(|| file.iter().find(|(name, _)| name == key).map(|(_, v)| v.clone()));
    let role = match (flags.role, value("role")) {
        (Some(role), _) => role,
        (None, Some(text)) => word(&text).map_err(|why| Failure::Usage(format!("role: {why}")))?,
        (None, None) => Role::Admin,
    };
    let format = match (flags.format, value("format")) {
        (Some(format), _) => format,
        (None, Some(text)) => Format::from_str(&text, true)
            .map_err(|_| Failure::Usage(format!("format: `{text}` is none of table, json, jsonl, csv")))?,
        (None, None) => Format::Table,
    };
    let name = flags.actor.clone().or_else(|| value("actor")).unwrap_or_else(user);
    if name.trim().is_empty() {
        return Err(Failure::Usage("the actor's name is empty; `--actor NAME` says who acts".to_owned()));
    }
    let db = flags.db.clone().or_else(|| value("db").map(PathBuf::from)).unwrap_or_else(|| "hearsay.db".into());
    Ok(Settings { db, db_flag: flags.db.clone(), actor: Actor { name: Text::from(name), role }, format })
}

/// A `HEARSAY_…` variable that is set to something.
fn variable(key: &str) -> Option<String> {
    env::var(format!("HEARSAY_{}", key.to_uppercase())).ok().filter(|value| !value.is_empty())
}

/// The operating system's name for who runs this.
fn user() -> String {
    let named = ["USER", "LOGNAME", "USERNAME"].into_iter().find_map(|key| env::var(key).ok());
    named.filter(|name| !name.trim().is_empty()).unwrap_or_else(|| "desk".to_owned())
}

fn read(path: &Path) -> Result<Vec<(String, String)>, Failure> {
    match std::fs::read_to_string(path) {
        Ok(text) => parse(&text).map_err(|why| Failure::Usage(format!("`{}`: {why}", path.display()))),
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => Ok(Vec::new()),
        Err(source) => Err(Failure::File { path: path.to_owned(), source }),
    }
}

fn parse(text: &str) -> Result<Vec<(String, String)>, String> {
    let table: toml::Table = text.parse().map_err(|error: toml::de::Error| error.to_string().trim().to_owned())?;
    let entry = |(key, value): (String, toml::Value)| {
        if !KEYS.contains(&key.as_str()) {
            return Err(match nearest(&key, &KEYS) {
                Some(near) => format!("no key is named `{key}`; did you mean `{near}`?"),
                None => format!("no key is named `{key}`; there are {}", KEYS.join(", ")),
            });
        }
        match value.as_str() {
            Some(text) => Ok((key, text.to_owned())),
            None => Err(format!("`{key}` is a text: {key} = \"…\"")),
        }
    };
    table.into_iter().map(entry).collect()
}

/// A commented configuration file for that database.
pub(crate) fn commented(db: &Path) -> String {
    let db = toml::Value::String(db.display().to_string());
    format!(
        "# Hearsay's configuration, read from the directory in which `hearsay` is started.\n\
         # Variables (HEARSAY_DB, HEARSAY_ACTOR, …) win over this file, and flags win over both.\n\n\
         # The database: one file.\n\
         db = {db}\n\n\
         # Who acts, as the log keeps it. Default: your user name.\n\
         # actor = \"ana\"\n\n\
         # In which role: auditor, checker, editor or admin. Default: admin, as the file is yours.\n\
         # role = \"checker\"\n\n\
         # How listings answer: table, json, jsonl or csv. Default: table.\n\
         # format = \"table\"\n"
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn unknown_keys_come_with_a_suggestion() {
        assert_eq!(parse("actr = \"ana\""), Err("no key is named `actr`; did you mean `actor`?".to_owned()));
        assert_eq!(
            parse("listen = \":80\""),
            Err("no key is named `listen`; there are db, actor, role, format".to_owned())
        );
    }

    #[test]
    fn values_are_texts() {
        assert_eq!(parse("db = 3"), Err("`db` is a text: db = \"…\"".to_owned()));
        assert_eq!(parse("role = \"checker\""), Ok(vec![("role".to_owned(), "checker".to_owned())]));
    }

    #[test]
    fn the_commented_file_is_read_back() {
        let path = Path::new("a \"b\"/docket.db");
        assert_eq!(parse(&commented(path)), Ok(vec![("db".to_owned(), path.display().to_string())]));
    }
}
