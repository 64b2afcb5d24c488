//! What the audience sees: the narration, and what the database answers.

use std::collections::{HashMap, HashSet};
use std::path::Path;

use hearsay_core::{ClaimId, ClaimNumber, Fact, Refusal, Standing};
use hearsay_store::{ClaimFilter, EventFilter, EventView, Store, Term};
use jiff::Timestamp;

use crate::commands::audit::Names;
use crate::exit::Failure;
use crate::output::{Screen, say, width_of, wrapped};
use crate::render::docket::docket;
use crate::render::event::{actor, sentence};
use crate::render::explain::{Drawing, Extent, FOLD};
use crate::render::history::{OfOneClaim, line};
use crate::render::{diamond, plain};

/// The claim that the story is about.
const MAIN: &str = "stop-at-front";

/// The claim that the story leaves to the audience.
const LEFT: &str = "russia-accuses";

/// From how many on, sources that one person adds are told in one breath.
const MANY: usize = 4;

/// The stage: what was told so far.
pub(super) struct Stage<'a> {
    screen: &'a Screen,
    store: &'a Store,
    told: Option<u64>,
    standings: HashMap<ClaimId, Standing>,
    names: Names,
    seen: HashSet<ClaimNumber>,
}

impl<'a> Stage<'a> {
    /// An empty stage.
    pub(super) fn new(screen: &'a Screen, store: &'a Store) -> Self {
        Self {
            screen,
            store,
            told: None,
            standings: HashMap::new(),
            names: Names::default(),
            seen: HashSet::new(),
        }
    }

    /// The database that it reads.
    pub(super) fn store(&self) -> &'a Store {
        self.store
    }

    /// What is about to happen.
    pub(super) fn prologue(&self) -> Result<(), Failure> {
        let words = "A story of April 2025, retold and from its second day on invented, played against the real \
                     engine. What is indented is the narration; all the rest is read back from the database.";
        let marks =
            "◇ reported  ⬖ corroborated: left half filled, supported  ⬗ denied: right half, opposed  ◆ disputed";
        say_all(&wrapped(words, self.screen.width, ""))?;
        say(&self.screen.paint.faint(marks))
    }

    /// An hour begins.
    pub(super) fn hour(&self, hour: Timestamp, title: &str, tells: &str) -> Result<(), Failure> {
        let head = format!("━━ {} · {title} ", hour.strftime("%-d %B %Y, %H:%M UTC"));
        let rule = "━".repeat(self.screen.width.saturating_sub(width_of(&head)));
        say(&format!("\n{}\n", self.screen.paint.strong(&format!("{head}{rule}"))))?;
        say_all(&wrapped(tells, self.screen.width.min(84), "    "))?;
        say("")
    }

    /// Tells what the log took in since it was last asked.
    pub(super) async fn tell_events(&mut self) -> Result<(), Failure> {
        let filter = EventFilter { after: self.told, ..EventFilter::default() };
        let events = self.store.events(&filter).await?;
        let mut rest = events.as_slice();
        while let Some(first) = rest.first() {
            let run = rest.iter().take_while(|event| is_addition_by(event, actor(&first.event))).count();
            if run >= MANY {
                self.additions(&rest[..run])?;
                rest = &rest[run..];
            } else {
                self.event(first).await?;
                rest = &rest[1..];
            }
        }
        self.told = events.last().map(|event| event.event.seq).or(self.told);
        Ok(())
    }

    /// Sources that one person added, in one breath.
    fn additions(&self, events: &[EventView]) -> Result<(), Failure> {
        let names: Vec<String> = events.iter().filter_map(addition).collect();
        let Some(first) = events.first() else { return Ok(()) };
        let told = format!("added {} sources: {}.", names.len(), names.join("; "));
        self.line(first.event.recorded_at, actor(&first.event), &told)
    }

    async fn event(&mut self, view: &EventView) -> Result<(), Failure> {
        let event = &view.event;
        let pieces = self.names.of(self.store, view).await?;
        let claim = view.claim.map(|claim| format!("{claim} ")).unwrap_or_default();
        let told = format!("{claim}{}", sentence(view, pieces));
        self.line(event.recorded_at, actor(event), &told)?;
        let (Some(id), Some(weighed)) = (event.claim, event.weighed) else { return Ok(()) };
        match self.standings.insert(id, weighed.standing) {
            Some(before) if before != weighed.standing => self.moved(before, weighed.standing),
            Some(_) | None => Ok(()),
        }
    }

    fn moved(&self, before: Standing, after: Standing) -> Result<(), Failure> {
        let words = |standing: Standing| {
            self.screen.paint.standing(standing, &format!("{} {}", diamond(standing), standing.as_str()))
        };
        say(&format!("               → it now stands as {}, before as {}", words(after), words(before)))
    }

    /// One line with time and person, what follows it beneath.
    fn line(&self, at: Timestamp, actor: &str, told: &str) -> Result<(), Failure> {
        let head = format!("{}  {actor:<6}  ", at.strftime("%H:%M"));
        let indent = " ".repeat(width_of(&head));
        let mut lines = wrapped(told, self.screen.width, &indent);
        if let Some(first) = lines.first_mut() {
            *first = format!("{}{}", self.screen.paint.faint(&head), first.trim_start());
        }
        say_all(&lines)
    }

    /// The rules said no.
    pub(super) fn refused(&self, at: Timestamp, actor: &str, refusal: &Refusal) -> Result<(), Failure> {
        self.line(at, actor, &format!("is refused: {refusal}"))
    }

    /// Why a claim stands as it does.
    pub(super) async fn explain(&mut self, claim: &str) -> Result<(), Failure> {
        let number = self.store.find_claim(claim).await?;
        let file = self.store.claim_file(number).await?;
        let relays: usize = file.explanation.origins.affirming.iter().map(|origin| origin.chains.len()).sum();
        let extent = if self.seen.contains(&number) { Extent::Again } else { Extent::Whole };
        if relays > 1 {
            self.seen.insert(number);
        }
        let drawing = Drawing::new(self.screen, &file.evidence, FOLD).drawn(extent);
        let explained = drawing.explanation(&file.explanation);
        let title = format!("── explain {number} ");
        let rule = "─".repeat(self.screen.width.saturating_sub(width_of(&title)));
        say(&format!("\n{}", self.screen.paint.faint(&format!("{title}{rule}"))))?;
        say(&explained)?;
        say(&format!("{}\n", self.screen.paint.faint(&"─".repeat(self.screen.width))))
    }

    /// The docket, the main claim's history, and what to try next.
    pub(super) async fn epilogue(&self, path: &Path, kept: bool) -> Result<(), Failure> {
        self.title("The docket now")?;
        let rows = self.store.claims(&ClaimFilter::default()).await?;
        say(&docket(self.screen, &rows))?;
        self.title(&format!("The history of {MAIN}"))?;
        self.history().await?;
        self.title("Try next, on this database")?;
        let db = shell(path);
        let said = "--source Russia --stance affirms --said-at 2025-04-21T09:00:00Z";
        for (command, what) in [
            (
                format!("hearsay claim explain {LEFT} --db {db}"),
                "one claim waits: others only pass on what Russia said",
            ),
            (
                format!("hearsay follow-up record {LEFT} {said} \\\n      --db {db}"),
                "record what Russia itself said, and see what is due",
            ),
            (
                format!("hearsay claim advance {LEFT} corroborated --db {db}"),
                "declare it, as the evidence now allows",
            ),
            (
                format!("hearsay work --until-idle --db {db}"),
                "by your clock the story's reviews are overdue: the worker marks them",
            ),
        ] {
            say(&format!("  {}\n  {}", self.screen.paint.faint(&format!("# {what}")), command))?;
        }
        if kept {
            return Ok(());
        }
        say("\nThe database is a temporary file; `hearsay demo --db FILE` plays into one of your own.")
    }

    async fn history(&self) -> Result<(), Failure> {
        let claim = self.store.find_claim(MAIN).await?;
        let filter = EventFilter { claims: Term::only(claim), ..EventFilter::default() };
        let mut names = Names::default();
        for view in &self.store.events(&filter).await? {
            let pieces = names.of(self.store, view).await?;
            say(&line(self.screen, view, pieces, &[], OfOneClaim::Yes))?;
        }
        Ok(())
    }

    fn title(&self, title: &str) -> Result<(), Failure> {
        let head = format!("━━ {title} ");
        let rule = "━".repeat(self.screen.width.saturating_sub(width_of(&head)));
        say(&format!("\n{}\n", self.screen.paint.strong(&format!("{head}{rule}"))))
    }
}

/// Says lines.
fn say_all(lines: &[String]) -> Result<(), Failure> {
    say(&lines.join("\n"))
}

fn is_addition_by(view: &EventView, by: &str) -> bool {
    matches!(view.event.fact, Fact::SourceAdded { .. }) && actor(&view.event) == by
}

/// A source, with whom it belongs to and how it is rated.
fn addition(view: &EventView) -> Option<String> {
    let Fact::SourceAdded { name, source_kind, reliability, speaks_for, part_of, .. } = &view.event.fact else {
        return None;
    };
    let mut notes = vec![plain(source_kind.as_str())];
    notes.extend((*reliability != hearsay_core::Reliability::F).then(|| reliability.as_str().to_owned()));
    let named = |id| view.names.get(id).cloned().unwrap_or_default();
    notes.extend(speaks_for.as_ref().map(|id| format!("speaks for {}", named(id))));
    notes.extend(part_of.as_ref().map(|id| format!("part of {}", named(id))));
    Some(format!("{} ({})", name.body().unwrap_or("(erased)"), notes.join(", ")))
}

/// A path as a shell reads it.
fn shell(path: &Path) -> String {
    let text = path.display().to_string();
    let plain = |letter: char| letter.is_ascii_alphanumeric() || "/._-:".contains(letter);
    if text.chars().all(plain) { text } else { format!("'{}'", text.replace('\'', "'\\''")) }
}
