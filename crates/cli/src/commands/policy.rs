//! `hearsay policy …`: what counts as enough, by name and version.

use std::path::{Path, PathBuf};

use clap::{Args, Subcommand};
use hearsay_core::{Command, Policy, parse_line};
use serde_json::{Map, Value};

use crate::desk::Desk;
use crate::exit::Failure;
use crate::render::source::{POLICY_COLUMNS, policies};

/// Keys whose value is a list; on the command line commas may separate its words.
const LISTS: [&str; 2] = ["auto_advance", "four_eyes"];

/// What can be done with policies.
#[derive(Subcommand, Debug)]
pub(crate) enum PolicyVerb {
    /// Shows the policies in force, or one of them with its earlier versions.
    #[command(
        after_help = "Examples:\n  hearsay policy show\n  hearsay policy show default --versions --format json"
    )]
    Show(ShowArgs),
    /// Puts a new version of a policy in force; keys that are left out keep their value.
    #[command(
        after_help = "Examples:\n  hearsay policy set default --set origins=3 --reason \"two were not enough\"\n  \
        hearsay policy set elections --file elections.toml\n  \
        hearsay policy set default --set four_eyes=ruling,override --set answer_within=48h\n  \
        hearsay policy set default --set 'auto_record=[{source=\"Kremlin\",feed=\"F-3\",over=950}]'\n\n\
        Keys: origins, acknowledgement_settles, party_denial_suffices, count_unrated, reliability_floor,\n\
        credibility_floor, auto_advance, four_eyes, auto_record, answer_within, review_within, ratings."
    )]
    Set(SetArgs),
}

/// Arguments of `policy show`.
#[derive(Args, Debug)]
pub(crate) struct ShowArgs {
    /// Which policy; default: all.
    #[arg(value_name = "NAME")]
    name: Option<String>,
    /// Its earlier versions, too.
    #[arg(long, requires = "name")]
    versions: bool,
}

/// Arguments of `policy set`.
#[derive(Args, Debug)]
pub(crate) struct SetArgs {
    /// Which policy; a new name makes a new one. Default: the file's `name`, else `default`.
    #[arg(value_name = "NAME")]
    name: Option<String>,
    /// A TOML file with the keys to set.
    #[arg(long, value_name = "FILE", required_unless_present = "set")]
    file: Option<PathBuf>,
    /// One key to set; may be given several times, and wins over the file.
    #[arg(long, value_name = "KEY=VALUE")]
    set: Vec<String>,
    /// Why.
    #[arg(long, value_name = "TEXT")]
    reason: Option<String>,
}

/// Runs a verb on policies.
pub(crate) async fn run(verb: PolicyVerb, desk: &Desk) -> Result<(), Failure> {
    match verb {
        PolicyVerb::Show(args) => show(&args, desk).await,
        PolicyVerb::Set(args) => desk.do_and_restand(command(args)?, None).await,
    }
}

async fn show(args: &ShowArgs, desk: &Desk) -> Result<(), Failure> {
    let mut views = match &args.name {
        None => desk.store.policies().await?,
        Some(name) => desk.store.policy_versions(name).await?,
    };
    if args.name.is_some() && !args.versions {
        views.sort_by_key(|view| view.policy.version);
        views = views.split_off(views.len().saturating_sub(1));
    }
    desk.screen.list(&views, POLICY_COLUMNS, || policies(&desk.screen, &views))
}

/// The command, by way of a line of the interchange file, whose errors name the key.
fn command(args: SetArgs) -> Result<Command, Failure> {
    let mut keys = match &args.file {
        Some(path) => read(path)?,
        None => Map::new(),
    };
    for pair in &args.set {
        let (key, value) = pair_of(pair)?;
        keys.insert(key, value);
    }
    if let Some(reason) = args.reason {
        keys.insert("reason".to_owned(), reason.into());
    }
    let named = keys.get("name").and_then(Value::as_str).map(str::to_owned);
    let name = match (args.name, named) {
        (Some(name), Some(named)) if name != named => {
            return Err(Failure::Usage(format!("the file is about policy `{named}`, and `{name}` was given")));
        }
        (Some(name), _) | (None, Some(name)) => name,
        (None, None) => Policy::DEFAULT_NAME.to_owned(),
    };
    keys.insert("name".to_owned(), name.into());
    keys.insert("do".to_owned(), "set_policy".into());
    let line = Value::Object(keys).to_string();
    let addressed =
        parse_line(&line).map_err(|error| Failure::Usage(format!("{}: {}", error.field, error.reason)))?;
    Ok(addressed.command)
}

fn read(path: &Path) -> Result<Map<String, Value>, Failure> {
    let text = std::fs::read_to_string(path).map_err(|source| Failure::File { path: path.to_owned(), source })?;
    let wrong = |why: String| Failure::Usage(format!("`{}`: {}", path.display(), why.trim()));
    let table: toml::Table = text.parse().map_err(|error: toml::de::Error| wrong(error.to_string()))?;
    match serde_json::to_value(table) {
        Ok(Value::Object(keys)) => Ok(keys),
        Ok(_) => Ok(Map::new()),
        Err(error) => Err(wrong(error.to_string())),
    }
}

fn pair_of(pair: &str) -> Result<(String, Value), Failure> {
    let Some((key, text)) = pair.split_once('=') else {
        return Err(Failure::Usage(format!("`{pair}` is no KEY=VALUE, such as origins=3")));
    };
    let (key, text) = (key.trim().to_owned(), text.trim());
    let read: Option<toml::Table> = format!("value = {text}").parse().ok();
    let value =
        read.and_then(|mut table| table.remove("value")).and_then(|value| serde_json::to_value(value).ok());
    let value = value.unwrap_or_else(|| text.into());
    if LISTS.contains(&key.as_str()) && !value.is_array() {
        let words: Vec<&str> = text.split(',').map(str::trim).filter(|word| !word.is_empty()).collect();
        return Ok((key, words.into()));
    }
    Ok((key, value))
}

#[cfg(test)]
mod tests {
    use hearsay_core::FourEyes;

    use super::*;

    fn set(pairs: &[&str]) -> Result<Command, Failure> {
        let set = pairs.iter().map(|pair| (*pair).to_owned()).collect();
        command(SetArgs { name: None, file: None, set, reason: None })
    }

    #[test]
    fn values_read_as_toml_or_as_bare_words() {
        let Ok(Command::SetPolicy(line)) =
            set(&["origins=3", "reliability_floor=C", "answer_within=48h", "four_eyes=ruling,override"])
        else {
            panic!("not read")
        };
        assert_eq!(line.name, "default");
        assert_eq!(line.origins, Some(3));
        assert_eq!(line.answer_within, Some(jiff::SignedDuration::from_hours(48)));
        assert_eq!(line.four_eyes, Some(vec![FourEyes::Ruling, FourEyes::Override]));
    }

    #[test]
    fn unknown_keys_are_named() {
        let wrong = set(&["orgins=3"]).unwrap_err().to_string();
        assert!(wrong.starts_with("orgins: unknown field `orgins`"), "{wrong}");
    }
}
