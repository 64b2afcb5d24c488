//! The command line: `hearsay NOUN VERB`. Every verb explains itself and gives an example.

use clap::{Parser, Subcommand};

use crate::commands::audit::AuditVerb;
use crate::commands::backup::{BackupArgs, RestoreArgs};
use crate::commands::claim::ClaimVerb;
use crate::commands::completions::CompletionsArgs;
use crate::commands::db::DbVerb;
use crate::commands::erase::{EraseVerb, HoldArgs, ReleaseArgs};
use crate::commands::feed::FeedVerb;
use crate::commands::follow_up::FollowUpVerb;
use crate::commands::item::ItemVerb;
use crate::commands::lead::LeadVerb;
use crate::commands::man::ManArgs;
use crate::commands::policy::PolicyVerb;
use crate::commands::queue::QueueVerb;
use crate::commands::source::SourceVerb;
use crate::commands::witness::WitnessVerb;
use crate::commands::work::WorkArgs;
use crate::config::Global;
use crate::demo::DemoArgs;
use crate::import::ImportArgs;

/// Keeps a docket of claims that somebody reported and nobody has settled, and says what the evidence for each
/// amounts to: twelve outlets that all cite one paper are one origin.
#[derive(Parser, Debug)]
#[command(name = "hearsay", version, arg_required_else_help = true, disable_help_subcommand = true)]
#[command(after_help = "Examples:\n  hearsay demo                        watch a story unfold, hour by hour\n  \
    hearsay init                        make a database here\n  \
    hearsay import story.jsonl          take in a file of commands, one a line\n  \
    hearsay claim list                  what needs somebody first\n  \
    hearsay claim explain C-1           why a claim stands as it does\n  \
    hearsay follow-up submit new.jsonl  put follow-ups on the queue\n  \
    hearsay work                        do what is on the queue, and what deadlines ask for\n  \
    hearsay doctor                      why something doesn't move\n\n\
    Exit codes: 0 done, 1 refused by the rules (doctor: needs a person), 2 wrong usage or bad input, 3 conflict,\n\
    4 not found, 5 the database is unavailable or another worker holds it, 70 a defect.")]
pub(crate) struct Cli {
    #[command(flatten)]
    pub(crate) global: Global,
    #[command(subcommand)]
    pub(crate) noun: Noun,
}

/// What is worked on.
#[derive(Subcommand, Debug)]
pub(crate) enum Noun {
    /// Claims: report, list, explain, advance, rule on, close.
    #[command(subcommand, arg_required_else_help = true)]
    Claim(ClaimVerb),
    /// Follow-ups: one more source's word, a withdrawal, a strike, a shared origin.
    #[command(subcommand, arg_required_else_help = true)]
    FollowUp(FollowUpVerb),
    /// Leads: what the worker read out of items, to be accepted, corrected or dismissed.
    #[command(subcommand, arg_required_else_help = true)]
    Lead(LeadVerb),
    /// Items: links, texts and pages for the worker to read.
    #[command(subcommand, arg_required_else_help = true)]
    Item(ItemVerb),
    /// Feeds: what the worker polls.
    #[command(subcommand, arg_required_else_help = true)]
    Feed(FeedVerb),
    /// Sources: who says things, how reliable they are, and who speaks for or belongs to whom.
    #[command(subcommand, arg_required_else_help = true)]
    Source(SourceVerb),
    /// Policies: what counts as enough.
    #[command(subcommand, arg_required_else_help = true)]
    Policy(PolicyVerb),
    /// The log: every event, each claim's history, and proofs that nobody rewrote it.
    #[command(subcommand, arg_required_else_help = true)]
    Audit(AuditVerb),
    /// Erasures: texts that are taken out of the log for good, by two people, while it stays provable.
    #[command(subcommand, arg_required_else_help = true)]
    Erase(EraseVerb),
    /// Keeps a claim's texts from being erased: a legal hold.
    #[command(after_help = crate::commands::erase::HOLD_EXAMPLES)]
    Hold(HoldArgs),
    /// Lifts a hold.
    #[command(after_help = crate::commands::erase::RELEASE_EXAMPLES)]
    Release(ReleaseArgs),
    /// A witness: keeps another desk's checkpoints, and vouches for those that go on from one another.
    #[command(subcommand, arg_required_else_help = true)]
    Witness(WitnessVerb),
    /// Takes in a file of commands, one JSON object a line; a second run of the same file adds nothing. Makes the
    /// database if there is none yet.
    #[command(after_help = crate::import::EXAMPLES)]
    Import(ImportArgs),
    /// Does what is on the queue: submitted follow-ups, deadlines, and what follows from changes.
    #[command(after_help = crate::commands::work::EXAMPLES)]
    Work(WorkArgs),
    /// The queue: what waits for the worker and why, what failed for good, and what to do about it.
    #[command(subcommand, arg_required_else_help = true)]
    Queue(QueueVerb),
    /// Says why each task that doesn't move doesn't, and what to do; looks at the database, the disk, the clock and the
    /// worker.
    #[command(after_help = crate::commands::doctor::EXAMPLES)]
    Doctor,
    /// The database itself: rebuild what is derived, check that it is sound.
    #[command(subcommand, arg_required_else_help = true)]
    Db(DbVerb),
    /// Makes a new database, and a commented hearsay.toml in this directory unless there is one.
    #[command(after_help = "Examples:\n  hearsay init\n  hearsay init --db desk.db")]
    Init,
    /// Copies the database to a file, while others go on writing to it.
    #[command(
        after_help = "Examples:\n  hearsay backup desk-2025-04-22.db\n  hearsay backup --db desk.db /mnt/copies/desk.db"
    )]
    Backup(BackupArgs),
    /// Puts a backup in the place of a database, once it has proved sound.
    #[command(after_help = "Examples:\n  hearsay restore desk-2025-04-22.db --to desk.db\n  \
        hearsay restore desk-2025-04-22.db --to desk.db --force")]
    Restore(RestoreArgs),
    /// Plays a story hour by hour against the real engine, in a database that you can go on with.
    #[command(after_help = crate::demo::EXAMPLES)]
    Demo(DemoArgs),
    /// Writes a script by which a shell completes verbs and flags.
    #[command(after_help = crate::commands::completions::EXAMPLES)]
    Completions(CompletionsArgs),
    /// Writes the manual: the main page, or a page for every verb.
    #[command(after_help = crate::commands::man::EXAMPLES)]
    Man(ManArgs),
}

#[cfg(test)]
mod tests {
    use clap::{Command, CommandFactory};

    use super::*;

    fn leaves(command: &Command, path: &str, found: &mut Vec<String>) {
        let path = format!("{path} {}", command.get_name());
        if command.has_subcommands() {
            command.get_subcommands().for_each(|sub| leaves(sub, &path, found));
            return;
        }
        let about = command.get_about().map(ToString::to_string).unwrap_or_default();
        assert!(!about.is_empty(), "{path} says nothing of itself");
        let example = command.get_after_help().map(ToString::to_string).unwrap_or_default();
        assert!(example.contains("hearsay "), "{path} has no example");
        for argument in command.get_arguments().filter(|argument| argument.get_id() != "help") {
            assert!(argument.get_help().is_some(), "{path} does not explain {}", argument.get_id());
        }
        found.push(path);
    }

    #[test]
    fn every_verb_explains_itself_and_gives_an_example() {
        let mut command = Cli::command();
        command.build();
        let mut found = Vec::new();
        leaves(&command, "", &mut found);
        assert!(found.len() > 40, "{found:?}");
    }

    #[test]
    fn the_tree_is_sound() {
        Cli::command().debug_assert();
    }

    #[test]
    fn the_examples_parse() {
        let mut command = Cli::command();
        command.build();
        let mut examples = Vec::new();
        gather(&command, &mut examples);
        for line in examples {
            let parsed = Cli::try_parse_from(split(&line));
            assert!(
                parsed.is_ok(),
                "{line}: {}",
                parsed.map_or_else(|error| error.to_string(), |_| String::new())
            );
        }
    }

    fn gather(command: &Command, examples: &mut Vec<String>) {
        let help = command.get_after_help().map(ToString::to_string).unwrap_or_default();
        if !command.has_subcommands() {
            let quoted = |line: &str, at: usize| line[..at].ends_with('`');
            let lines = help
                .lines()
                .map(str::trim)
                .filter_map(|line| line.find("hearsay ").filter(|at| !quoted(line, *at)).map(|at| &line[at..]));
            examples.extend(lines.map(|line| line.split(['|', '>']).next().unwrap_or(line).trim().to_owned()));
        }
        command.get_subcommands().for_each(|sub| gather(sub, examples));
    }

    /// As a shell would, for quotes alone.
    fn split(line: &str) -> Vec<String> {
        let mut words = vec![String::new()];
        let mut quoted = None;
        for letter in line.chars() {
            match (letter, quoted) {
                ('"' | '\'', None) => quoted = Some(letter),
                (_, Some(mark)) if mark == letter => quoted = None,
                (' ', None) => words.push(String::new()),
                (_, _) => words.last_mut().unwrap().push(letter),
            }
        }
        words
    }
}
