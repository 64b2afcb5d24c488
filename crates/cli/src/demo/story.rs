//! The story as it is told: hours, steps, and what to look at.

use hearsay_core::{Addressed, CommandId, Role, State, parse_line};
use jiff::Timestamp;
use serde::Deserialize;

use crate::clock::fresh;
use crate::exit::Failure;
use crate::interchange::{Queueable, QueuedLine};

/// The story, one scene a line.
const STORY: &str = include_str!("story.jsonl");

/// What the story is called where its lines come from.
pub(super) const NAME: &str = "story.jsonl";

/// One scene.
pub(super) enum Scene {
    /// An hour begins.
    Hour {
        /// When.
        hour: Timestamp,
        /// In a few words.
        title: String,
        /// What happens, for the reader.
        tells: String,
    },
    /// Somebody gives a command.
    Step {
        /// When.
        at: Timestamp,
        /// Who.
        actor: String,
        /// In which role.
        role: Role,
        /// What.
        command: Box<Addressed>,
    },
    /// Somebody submits a follow-up, for the worker to record.
    Submit {
        /// When.
        at: Timestamp,
        /// Who.
        actor: String,
        /// In which role.
        role: Role,
        /// The line of the story, as it goes on the queue.
        line: Box<QueuedLine>,
    },
    /// A claim's explanation is looked at.
    Explain {
        /// Which.
        claim: String,
    },
    /// A fact-checker advances a claim.
    Advance {
        /// When.
        at: Timestamp,
        /// Who.
        actor: String,
        /// In which role.
        role: Role,
        /// What.
        declared: Declared,
    },
}

impl Scene {
    /// The hour that begins with it, if one does.
    pub(super) fn hour(&self) -> Option<Timestamp> {
        if let Self::Hour { hour, .. } = self { Some(*hour) } else { None }
    }
}

/// What a fact-checker declares.
#[derive(Deserialize)]
pub(super) struct Declared {
    /// Of which claim.
    pub(super) claim: String,
    /// Which state.
    pub(super) to: State,
    /// Why.
    pub(super) reason: Option<String>,
    /// Whether the rules will say no.
    #[serde(default)]
    pub(super) refused: bool,
}

/// A line of the story, as it is written.
#[derive(Deserialize)]
#[serde(untagged)]
enum Line {
    Hour { hour: Timestamp, title: String, tells: String },
    Step { at: Timestamp, actor: String, role: Role, command: serde_json::Value },
    Show(Show),
}

#[derive(Deserialize)]
#[serde(tag = "show", rename_all = "snake_case")]
enum Show {
    Explain {
        claim: String,
    },
    Advance {
        at: Timestamp,
        actor: String,
        role: Role,
        #[serde(flatten)]
        declared: Declared,
    },
}

/// All scenes, in order.
pub(super) fn scenes() -> Result<Vec<Scene>, Failure> {
    let numbered = STORY.lines().zip(1..);
    numbered.map(|(line, number)| scene(line, number).map_err(|why| wrong(number, &why))).collect()
}

fn wrong(number: u64, why: &str) -> Failure {
    Failure::Found(format!("line {number} of the story cannot be read: {why}"))
}

fn scene(line: &str, number: u64) -> Result<Scene, String> {
    let line: Line = serde_json::from_str(line).map_err(|error| error.to_string())?;
    Ok(match line {
        Line::Hour { hour, title, tells } => Scene::Hour { hour, title, tells },
        Line::Step { at, actor, role, command } => {
            let text = command.to_string();
            let command = parse_line(&text).map_err(|error| error.to_string())?;
            match Queueable::of(&command.command) {
                Some(what) => {
                    let line = Box::new(QueuedLine { what, id: CommandId(fresh()), number, text });
                    Scene::Submit { at, actor, role, line }
                }
                None => Scene::Step { at, actor, role, command: Box::new(command) },
            }
        }
        Line::Show(Show::Explain { claim }) => Scene::Explain { claim },
        Line::Show(Show::Advance { at, actor, role, declared }) => Scene::Advance { at, actor, role, declared },
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_story_can_be_read() {
        let scenes = scenes().unwrap();
        assert_eq!(scenes.len(), STORY.lines().count());
        assert!(matches!(scenes.first(), Some(Scene::Hour { .. })));
    }
}
