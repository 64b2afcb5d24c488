//! The file `hearsay.toml`: its keys, its commented form, and reading it.
//! Invariant: whatever is wrong with it is told with line and column.

use std::path::Path;

use toml::Spanned;
use toml::de::{DeTable, DeValue};

use crate::exit::Failure;
use crate::words::nearest;

/// The configuration file, in the working directory.
pub(crate) const FILE: &str = "hearsay.toml";

/// The keys of the configuration file; a dot leads into a table.
const KEYS: [&str; 20] = [
    "db",
    "actor",
    "role",
    "format",
    "worker.lease",
    "worker.drain",
    "worker.poll",
    "worker.sweep",
    "worker.zone",
    "ledger.key",
    "ledger.origin",
    "ledger.every",
    "ledger.witnesses",
    "fetch.user_agent",
    "fetch.contact",
    "fetch.allow",
    "fetch.authorities",
    "fetch.max_bytes",
    "fetch.timeout",
    "fetch.per_host_interval",
];

/// The tables of the configuration file.
const TABLES: [&str; 3] = ["worker", "ledger", "fetch"];

/// A value, with where it was given.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(crate) struct Given {
    /// Its key.
    pub(crate) key: String,
    /// What was given.
    pub(crate) text: String,
    /// Where: a place in the file, or a variable.
    pub(crate) place: String,
}

impl Given {
    /// That it cannot be understood.
    pub(crate) fn wrong(&self, why: &str) -> Failure {
        Failure::Usage(format!("{}: {}: {why}", self.place, self.key))
    }
}

/// What the file gives; nothing if there is none.
pub(super) fn read(path: &Path) -> Result<Vec<Given>, Failure> {
    match std::fs::read_to_string(path) {
        Ok(text) => parse(&text, &path.display().to_string()).map_err(Failure::Usage),
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => Ok(Vec::new()),
        Err(source) => Err(Failure::File { path: path.to_owned(), source }),
    }
}

fn parse(text: &str, name: &str) -> Result<Vec<Given>, String> {
    let place = |at: usize| {
        let (line, column) = position(text, at);
        format!("{name}:{line}:{column}")
    };
    let table = DeTable::parse(text)
        .map_err(|error| format!("{}: {}", place(error.span().map_or(0, |span| span.start)), error.message()))?;
    let mut given = Vec::new();
    entries(table.get_ref(), "", &place, &mut given)?;
    Ok(given)
}

/// Line and column of a byte, from 1.
fn position(text: &str, at: usize) -> (usize, usize) {
    let before = text.get(..at).unwrap_or(text);
    let line = before.matches('\n').count() + 1;
    let column = before.rsplit('\n').next().unwrap_or(before).chars().count() + 1;
    (line, column)
}

fn entries(
    table: &DeTable<'_>,
    within: &str,
    place: &impl Fn(usize) -> String,
    given: &mut Vec<Given>,
) -> Result<(), String> {
    for (name, value) in table {
        let key =
            if within.is_empty() { name.get_ref().to_string() } else { format!("{within}.{}", name.get_ref()) };
        let at = place(name.span().start);
        if TABLES.contains(&key.as_str()) {
            let Some(inner) = value.get_ref().as_table() else {
                return Err(format!("{at}: `{key}` is a table: [{key}], and its keys on the lines below"));
            };
            entries(inner, &key, place, given)?;
        } else if KEYS.contains(&key.as_str()) {
            given.push(text_of(key, value, place)?);
        } else {
            return Err(format!("{at}: {}", unknown(&key)));
        }
    }
    Ok(())
}

fn text_of(key: String, value: &Spanned<DeValue<'_>>, place: &impl Fn(usize) -> String) -> Result<Given, String> {
    let place = place(value.span().start);
    let last = key.rsplit('.').next().unwrap_or(&key);
    match value.get_ref().as_str() {
        Some(text) => Ok(Given { text: text.to_owned(), key, place }),
        None => Err(format!("{place}: `{key}` is a text, in quotes: {last} = \"{}\"", example(&key))),
    }
}

/// What a key may be set to.
fn example(key: &str) -> &'static str {
    match key {
        "db" => "desk.db",
        "actor" => "ana",
        "role" => "checker",
        "format" => "table",
        "worker.lease" | "fetch.timeout" => "30s",
        "worker.drain" => "10s",
        "worker.poll" => "250ms",
        "worker.sweep" => "*/15 * * * *",
        "worker.zone" => "UTC",
        "ledger.key" => "desk.db.key",
        "ledger.origin" => "desk.example/log",
        "ledger.every" => "10m",
        "ledger.witnesses" => "KEY, KEY",
        "fetch.user_agent" => "Hearsay/0.1",
        "fetch.contact" => "https://desk.example/robot",
        "fetch.allow" => "wire.intranet.example, 10.1.0.0/16, 127.0.0.1:9000",
        "fetch.authorities" => "authorities.pem",
        "fetch.max_bytes" => "10MB",
        "fetch.per_host_interval" => "1s",
        _ => "…",
    }
}

/// That there is no such key, and which may have been meant.
fn unknown(key: &str) -> String {
    let last = key.rsplit('.').next().unwrap_or(key);
    let elsewhere = KEYS.into_iter().find(|known| known.rsplit('.').next() == Some(last));
    let near = elsewhere.or_else(|| nearest(key, &KEYS)).or_else(|| {
        let lasts = KEYS.map(|known| known.rsplit('.').next().unwrap_or(known));
        let near = nearest(last, &lasts)?;
        KEYS.into_iter().find(|known| known.rsplit('.').next() == Some(near))
    });
    match near.or_else(|| nearest(key, &TABLES)) {
        Some(near) => format!("no key is named `{key}`; did you mean `{near}`?"),
        None => format!("no key is named `{key}`; there are {}", KEYS.join(", ")),
    }
}

/// What the commented file says of fetching.
const FETCH: &str = "
# How feeds and articles are fetched, and as whom. What is commented out is the default, or an example of it.
[fetch]

# The user agent, by whose first word sites' robots.txt speak to it, and where sites can reach you about it: the
# address of a page or of a mailbox. Default: Hearsay and its version; no contact.
# user_agent = \"Hearsay/0.1\"
# contact = \"https://desk.example/robot\"

# What may be fetched from though it is not on the public internet, or by another port than 80, 443, 8080 and 8443:
# hosts, addresses and networks, with commas between them. Default: nothing.
# allow = \"wire.intranet.example, 10.1.0.0/16, 127.0.0.1:9000\"

# A file of certificates in PEM, of authorities that are trusted beyond those that browsers trust. Default: none.
# authorities = \"authorities.pem\"

# How many bytes of a page are read at most, and how long it may take, redirects included.
# max_bytes = \"10MB\"
# timeout = \"30s\"

# What lies at least between two requests to one server.
# per_host_interval = \"1s\"
";

/// A commented configuration file for that database.
pub(crate) fn commented(db: &Path) -> String {
    let db = toml::Value::String(db.display().to_string());
    format!(
        "# Hearsay's configuration, read from the directory in which `hearsay` is started.\n\
         # Variables (HEARSAY_DB, HEARSAY_ACTOR, HEARSAY_WORKER_LEASE, …) win over this file, and flags win over both.\n\
         \n\
         # The database: one file.\n\
         db = {db}\n\
         \n\
         # Who acts, as the log keeps it. Default: your user name.\n\
         # actor = \"ana\"\n\
         \n\
         # In which role: auditor, checker, editor or admin. Default: admin, as the file is yours.\n\
         # role = \"checker\"\n\
         \n\
         # How listings answer: table, json, jsonl or csv. Default: table.\n\
         # format = \"table\"\n\
         \n\
         # The worker, `hearsay work`. What is commented out is the default.\n\
         [worker]\n\
         \n\
         # How long a task is the worker's before another may take it over; heartbeats extend it.\n\
         # lease = \"30s\"\n\
         \n\
         # How long the worker finishes what it has begun once it is told to stop.\n\
         # drain = \"10s\"\n\
         \n\
         # How often it looks for what other processes put on the queue.\n\
         # poll = \"250ms\"\n\
         \n\
         # When it looks after the queue itself, in cron's notation, and in which time zone.\n\
         # sweep = \"*/15 * * * *\"\n\
         # zone = \"UTC\"\n\
         \n\
         # The transparency log: the key that signs it (`hearsay audit key --make`), what the log is called, and how often\n\
         # the worker signs it while there is something new. Default: beside the database; a drawn name; never.\n\
         [ledger]\n\
         # key = \"desk.db.key\"\n\
         # origin = \"desk.example/log\"\n\
         # every = \"10m\"\n\
         \n\
         # The keys of the witnesses whose cosignatures are taken back, with commas between them, each as\n\
         # `hearsay witness key` shows it. `hearsay audit verify` then names cosignatures of all others. Default: none.\n\
         # witnesses = \"KEY, KEY\"\n\
         {FETCH}"
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    fn told(text: &str) -> String {
        parse(text, "h.toml").map_or_else(|why| why, |given| format!("{given:?}"))
    }

    #[test]
    fn unknown_keys_come_with_a_suggestion_and_their_place() {
        for (text, expected) in [
            ("actr = \"ana\"", "h.toml:1:1: no key is named `actr`; did you mean `actor`?"),
            (
                "db = \"a\"\n\n[worker]\n  leas = \"1s\"",
                "h.toml:4:3: no key is named `worker.leas`; did you mean `worker.lease`?",
            ),
            ("lease = \"1s\"", "h.toml:1:1: no key is named `lease`; did you mean `worker.lease`?"),
            ("leese = \"1s\"", "h.toml:1:1: no key is named `leese`; did you mean `worker.lease`?"),
            ("[fetch]\nallows = \"\"", "h.toml:2:1: no key is named `fetch.allows`; did you mean `fetch.allow`?"),
            ("[workers]\nzone = \"UTC\"", "h.toml:1:2: no key is named `workers`; did you mean `worker`?"),
            (
                "listen = \":80\"",
                "h.toml:1:1: no key is named `listen`; there are db, actor, role, format, worker.lease, \
                 worker.drain, worker.poll, worker.sweep, worker.zone, ledger.key, ledger.origin, ledger.every, \
                 ledger.witnesses, fetch.user_agent, fetch.contact, fetch.allow, fetch.authorities, fetch.max_bytes, fetch.timeout, \
                 fetch.per_host_interval",
            ),
        ] {
            assert_eq!(told(text), expected);
        }
    }

    #[test]
    fn values_are_texts() {
        for (text, expected) in [
            ("db = 3", "h.toml:1:6: `db` is a text, in quotes: db = \"desk.db\""),
            ("[worker]\nlease = 30", "h.toml:2:9: `worker.lease` is a text, in quotes: lease = \"30s\""),
            ("worker = \"on\"", "h.toml:1:1: `worker` is a table: [worker], and its keys on the lines below"),
        ] {
            assert_eq!(told(text), expected);
        }
        assert!(told("role = \"a\"\ndb = ").starts_with("h.toml:2:"), "{}", told("role = \"a\"\ndb = "));
    }

    #[test]
    fn the_commented_file_is_read_back() {
        let path = Path::new("a \"b\"/docket.db");
        let given = parse(&commented(path), "h.toml").unwrap();
        let pairs: Vec<(&str, &str)> =
            given.iter().map(|given| (given.key.as_str(), given.text.as_str())).collect();
        assert_eq!(pairs, [("db", path.to_str().unwrap())]);
    }

    #[test]
    fn what_is_commented_out_may_be_put_in_force() {
        let settings =
            |line: &str| line.strip_prefix("# ").filter(|rest| rest.contains(" = \"")).map(str::to_owned);
        let whole = commented(Path::new("desk.db"));
        let lines: Vec<String> = whole.lines().map(|line| settings(line).unwrap_or(line.to_owned())).collect();
        let given = parse(&lines.join("\n"), "h.toml").unwrap();
        assert_eq!(given.len(), KEYS.len());
        for one in given {
            assert_eq!(one.text, example(&one.key), "{}", one.key);
        }
    }
}
