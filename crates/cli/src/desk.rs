//! One open database with who acts on it: what every verb works through.

use std::path::Path;

use hearsay_core::{Actor, Addressed, Command, CommandId, Reference};
use hearsay_store::{Create, Durability, OpenOptions, Receipt, Remember, Store, Submission};

use crate::clock;
use crate::config::{FetchSettings, LedgerSettings, Settings, WorkerSettings};
use crate::exit::Failure;
use crate::output::Screen;
use crate::progress::Progress;
use crate::render::receipt;

/// An open database, who acts on it, and where answers go.
pub(crate) struct Desk {
    /// The store.
    pub(crate) store: Store,
    /// Who acts.
    pub(crate) actor: Actor,
    /// Where answers go.
    pub(crate) screen: Screen,
    /// How its worker works.
    pub(crate) worker: WorkerSettings,
    /// How its log is signed.
    pub(crate) ledger: LedgerSettings,
    /// How its worker fetches feeds and articles.
    pub(crate) fetch: FetchSettings,
}

/// Options for opening a database by the machine's clock.
pub(crate) fn options(create: Create) -> OpenOptions {
    OpenOptions { create, durability: Durability::Full, clock: clock::system(), fresh: clock::randomness() }
}

/// Opens the database, which must be there.
pub(crate) async fn open_store(path: &Path) -> Result<Store, Failure> {
    Ok(Store::open(path, options(Create::Never)).await?)
}

impl Desk {
    fn at(store: Store, settings: Settings) -> Self {
        let Settings { actor, format, worker, ledger, fetch, .. } = settings;
        let store = store.seen_by(actor.clone());
        Self { store, actor, screen: Screen::new(format), worker, ledger, fetch }
    }

    /// Opens the database of the settings; makes it, and says so, where it isn't there yet.
    pub(crate) async fn open_or_make(settings: Settings) -> Result<Self, Failure> {
        let missing = !settings.db.exists();
        let store = Store::open(&settings.db, options(Create::IfMissing)).await?;
        if missing {
            eprintln!("made the database `{}`", settings.db.display());
        }
        Ok(Self::at(store, settings))
    }

    /// Opens the database of the settings, which must be there.
    pub(crate) async fn open(settings: Settings) -> Result<Self, Failure> {
        let store = open_store(&settings.db).await?;
        Ok(Self::at(store, settings))
    }

    /// The claim of that name, as commands name it: also by a unique start of its UUID.
    pub(crate) async fn claim(&self, name: &str) -> Result<Reference, Failure> {
        Ok(Reference(self.store.find_claim(name).await?.to_string()))
    }

    /// Sends one command and waits until it is on disk.
    pub(crate) async fn send(&self, command: Command, seen: Option<u64>) -> Result<Receipt, Failure> {
        let submission = Submission {
            addressed: Addressed { command, version: seen },
            id: CommandId(clock::fresh()),
            actor: self.actor.clone(),
            remember: Remember::No,
            sequence: None,
        };
        Ok(self.store.submit(submission).await?)
    }

    /// Sends one command and says how it ended.
    pub(crate) async fn do_one(&self, command: Command, seen: Option<u64>) -> Result<(), Failure> {
        let receipt = self.send(command, seen).await?;
        receipt::show(&self.screen, &[receipt])
    }

    /// As [`Self::do_one`], for commands that may move the standing of other claims.
    pub(crate) async fn do_and_restand(&self, command: Command, seen: Option<u64>) -> Result<(), Failure> {
        let receipt = self.send(command, seen).await?;
        let changed = self.restand().await?;
        receipt::show(&self.screen, &[receipt])?;
        receipt::show_restood(&self.screen, changed)
    }

    /// Works off the standings that a change of sources or policies left to recompute.
    pub(crate) async fn restand(&self) -> Result<u64, Failure> {
        let mut progress = Progress::begin("recomputing standings", None);
        let changed = self.store.restand(&mut |done| progress.at(done)).await;
        progress.end();
        Ok(changed?)
    }
}
