//! `hearsay demo`: plays a story hour by hour against the real engine, on a story clock that the log marks as such.
//! Invariant: but for the narration and refusals, nothing is printed that a query on the database doesn't return.

mod stage;
mod story;
mod worker;

use std::path::{Path, PathBuf};
use std::time::Duration;

use clap::Args;
use hearsay_core::{Actor, Addressed, Advance, Command, CommandId, Reference, Role, Text};
use hearsay_store::{Create, Durability, OpenOptions, Receipt, Remember, Store, Submission, SubmitError};
use jiff::{SignedDuration, Timestamp};

use self::stage::Stage;
use self::story::{Declared, Scene};
use self::worker::StoryWorker;
use crate::clock::{self, StoryClock};
use crate::config::Settings;
use crate::exit::Failure;
use crate::interchange::QueuedLine;
use crate::output::{Format, Screen};

/// Examples for its help.
pub(crate) const EXAMPLES: &str =
    "Examples:\n  hearsay demo\n  hearsay demo --pace 2s\n  hearsay demo --db story.db";

/// Arguments of `demo`.
#[derive(Args, Debug)]
pub(crate) struct DemoArgs {
    /// How long to wait between hours: 2s, 500ms; default: not at all.
    #[arg(long, value_name = "TIME", value_parser = pace)]
    pace: Option<Duration>,
}

fn pace(text: &str) -> Result<Duration, String> {
    let parsed: Option<SignedDuration> = text.parse().ok();
    let duration = parsed.and_then(|duration| Duration::try_from(duration).ok());
    duration.ok_or_else(|| "a time is needed, such as 2s or 500ms".to_owned())
}

/// Plays the story in a new database.
pub(crate) async fn run(args: &DemoArgs, settings: &Settings) -> Result<(), Failure> {
    let scenes = story::scenes()?;
    let path = settings.db_flag.clone().unwrap_or_else(temporary);
    let clock = StoryClock::default();
    let store = open(&path, &clock).await?;
    let screen = Screen::new(Format::Table);
    let mut stage = Stage::new(&screen, &store);
    let ended = match play(&scenes, &mut stage, clock, args.pace).await {
        Ok(()) => stage.epilogue(&path, settings.db_flag.is_some()).await,
        Err(failure) => Err(failure),
    };
    store.close().await;
    ended
}

/// Plays all scenes, with a worker that does what comes of them.
async fn play(
    scenes: &[Scene],
    stage: &mut Stage<'_>,
    clock: StoryClock,
    pace: Option<Duration>,
) -> Result<(), Failure> {
    let store = stage.store();
    if let Some(begins) = scenes.iter().find_map(Scene::hour) {
        clock.set(begins);
    }
    let player = Player { store, worker: StoryWorker::begin(store, clock).await?, pace };
    let outcome = player.play(scenes, stage).await;
    let ended = player.worker.end().await;
    outcome.and(ended)
}

/// A new file among the system's temporary ones.
fn temporary() -> PathBuf {
    let id = clock::fresh().simple().to_string();
    std::env::temp_dir().join(format!("hearsay-demo-{}.db", &id[20..]))
}

/// Opens a database that must be new or empty.
async fn open(path: &Path, clock: &StoryClock) -> Result<Store, Failure> {
    let options = OpenOptions {
        create: Create::IfMissing,
        durability: Durability::Full,
        clock: clock.source(),
        fresh: clock::randomness(),
    };
    let store = Store::open(path, options).await?;
    if let Some(events) = store.head().await? {
        store.close().await;
        let path = path.display();
        return Err(Failure::Usage(format!(
            "`{path}` already holds {events} events, and the story needs an empty docket; give `--db` a new file"
        )));
    }
    Ok(store)
}

/// Plays scenes against the store.
struct Player<'a> {
    store: &'a Store,
    worker: StoryWorker<'a>,
    pace: Option<Duration>,
}

impl Player<'_> {
    async fn play(&self, scenes: &[Scene], stage: &mut Stage<'_>) -> Result<(), Failure> {
        stage.prologue()?;
        for (index, scene) in scenes.iter().enumerate() {
            match scene {
                Scene::Hour { hour, title, tells } => {
                    self.worker.until(*hour).await?;
                    stage.tell_events().await?;
                    if let (Some(pace), true) = (self.pace, index > 0) {
                        tokio::time::sleep(pace).await;
                    }
                    stage.hour(*hour, title, tells)?;
                }
                Scene::Step { at, actor, role, command } => {
                    self.worker.until(*at).await?;
                    self.send(actor, *role, (**command).clone()).await?;
                }
                Scene::Submit { at, actor, role, line } => {
                    self.worker.until(*at).await?;
                    self.enqueue(actor, *role, line).await?;
                }
                Scene::Explain { claim } => {
                    stage.tell_events().await?;
                    stage.explain(claim).await?;
                }
                Scene::Advance { at, actor, role, declared } => {
                    self.worker.until(*at).await?;
                    stage.tell_events().await?;
                    self.advance(*at, actor, *role, declared, stage).await?;
                }
            }
            self.worker.settled().await?;
        }
        stage.tell_events().await
    }

    /// Puts a line on the queue, as `hearsay follow-up submit` does.
    async fn enqueue(&self, actor: &str, role: Role, line: &QueuedLine) -> Result<(), Failure> {
        let about = line.what.about.as_str();
        let claim = self.store.claims_of_names(&[about]).await?.remove(about);
        let by = Actor { name: Text::from(actor), role };
        self.store.enqueue_tasks(vec![line.task(story::NAME, &by, claim)?]).await?;
        Ok(())
    }

    async fn advance(
        &self,
        at: Timestamp,
        actor: &str,
        role: Role,
        declared: &Declared,
        stage: &Stage<'_>,
    ) -> Result<(), Failure> {
        let claim = Reference::from(declared.claim.as_str());
        let command = Command::Advance(Advance { claim, to: declared.to, reason: declared.reason.clone() });
        match (self.send(actor, role, command.into()).await, declared.refused) {
            (Ok(_), false) => Ok(()),
            (Err(SubmitError::Refused(refusal)), true) => stage.refused(at, actor, &refusal),
            (Err(error), _) => Err(error.into()),
            (Ok(_), true) => Err(Failure::Found(format!(
                "the story expects that {} cannot be declared {}",
                declared.claim,
                declared.to.as_str()
            ))),
        }
    }

    async fn send(&self, actor: &str, role: Role, addressed: Addressed) -> Result<Receipt, SubmitError> {
        let actor = Actor { name: Text::from(actor), role };
        let id = CommandId(clock::fresh());
        self.store.submit(Submission { addressed, id, actor, remember: Remember::No, sequence: None }).await
    }
}
