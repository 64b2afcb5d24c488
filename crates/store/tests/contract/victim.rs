//! The test binary as a process of its own: it writes to a database until its end, or until it is killed.
//! What it prints, a line each: `ack` and a command's id, once the store has acknowledged the command.

use std::io::{BufRead, BufReader, Write};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::Arc;
use std::thread::JoinHandle;

use hearsay_core::CommandId;
use hearsay_store::{Create, Outcome, Remember, Store, import_namespace};
use uuid::Uuid;

use crate::desk::{Dice, fresh_id, options, submission, submission_with};
use crate::story::{BASICS, follow_up, note};

/// How a victim works.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Manner {
    /// Sixteen callers, until it is killed; each tells of a command once it has the receipt.
    Honest,
    /// The same, but each tells of its command before it is committed: wrong, and must be caught.
    Hasty,
    /// Four callers with 25 commands each, then it ends.
    Brief,
    /// Approves every erasure that waits, then it ends.
    Erasing,
}

/// A process that writes.
pub(crate) struct Victim {
    child: Child,
    output: JoinHandle<Vec<Uuid>>,
}

impl Victim {
    pub(crate) fn start(path: &Path, manner: Manner) -> Self {
        let mut command = Command::new(std::env::current_exe().unwrap());
        command
            .args(["--exact", "victim::works", "--ignored", "--nocapture"])
            .env("HEARSAY_VICTIM", format!("{manner:?}"))
            .env("HEARSAY_VICTIM_DB", path)
            .env_remove("RUST_BACKTRACE")
            .stdout(Stdio::piped())
            .stderr(Stdio::null());
        let mut child = command.spawn().unwrap();
        let lines = BufReader::new(child.stdout.take().unwrap()).lines();
        let acknowledged = |line: String| line.split_once("ack ").and_then(|(_, id)| Uuid::try_parse(id).ok());
        let output = std::thread::spawn(move || lines.map_while(Result::ok).filter_map(acknowledged).collect());
        Self { child, output }
    }

    /// SIGKILL; what it acknowledged until then.
    pub(crate) fn kill(mut self) -> Vec<Uuid> {
        self.child.kill().unwrap();
        self.child.wait().unwrap();
        self.output.join().unwrap()
    }

    /// Waits for its end; what it acknowledged.
    pub(crate) fn finish(mut self) -> Vec<Uuid> {
        assert!(self.child.wait().unwrap().success());
        self.output.join().unwrap()
    }
}

fn tell_of(id: CommandId) {
    let mut out = std::io::stdout().lock();
    out.write_all(format!("\nack {}\n", id.0).as_bytes()).unwrap();
    out.flush().unwrap();
}

#[test]
#[ignore = "other tests run it as a process of its own"]
fn works() {
    let manner = match std::env::var("HEARSAY_VICTIM").as_deref() {
        Ok("Honest") => Manner::Honest,
        Ok("Hasty") => Manner::Hasty,
        Ok("Brief") => Manner::Brief,
        Ok("Erasing") => Manner::Erasing,
        Ok(_) | Err(_) => return,
    };
    let path = PathBuf::from(std::env::var_os("HEARSAY_VICTIM_DB").unwrap());
    tokio::runtime::Builder::new_multi_thread()
        .worker_threads(2)
        .enable_all()
        .build()
        .unwrap()
        .block_on(work(&path, manner));
}

async fn work(path: &Path, manner: Manner) {
    let store = Arc::new(Store::open(path, options(Create::IfMissing)).await.unwrap());
    if manner == Manner::Erasing {
        return erase(&store).await;
    }
    for line in BASICS.lines().filter(|line| !line.is_empty()) {
        let id = store.command_id(import_namespace("basics"), line, 0);
        store.submit(submission_with(id, Remember::Yes, line)).await.unwrap();
    }
    let (callers, turns) = if manner == Manner::Brief { (4, 25) } else { (16, usize::MAX) };
    let mut tasks = Vec::new();
    for caller in 0..callers {
        let seed = u64::try_from(fresh_id().as_u128() & u128::from(u32::MAX)).unwrap() + caller;
        tasks.push(tokio::spawn(call(Arc::clone(&store), Dice(seed), manner, turns)));
    }
    for task in tasks {
        task.await.unwrap();
    }
    Arc::into_inner(store).unwrap().close().await;
}

async fn erase(store: &Store) {
    for row in store.erasures().await.unwrap() {
        let (claim, proposal) = (row.claim.unwrap(), row.proposal);
        let line = format!(r#"ben {{"do":"approve","claim":"{claim}","proposal":"{proposal}"}}"#);
        let submission = submission(&line);
        let id = submission.id;
        store.submit(submission).await.unwrap();
        tell_of(id);
    }
}

async fn call(store: Arc<Store>, mut dice: Dice, manner: Manner, turns: usize) {
    for _ in 0..turns {
        let line = if manner == Manner::Hasty { never_refused(&mut dice) } else { some_line(&mut dice) };
        let submission = submission(&line);
        let id = submission.id;
        if manner == Manner::Hasty {
            tell_of(id);
        }
        let ended = store.submit(submission).await;
        let recorded = ended.is_ok_and(|receipt| receipt.outcome == Outcome::Recorded);
        if recorded && manner != Manner::Hasty {
            tell_of(id);
        }
    }
}

/// Evidence or a note: only a kill keeps it out of the log.
fn never_refused(dice: &mut Dice) -> String {
    let claim = dice.pick(&["offer", "truce"]);
    let source = dice.pick(&["kremlin", "ft", "reuters", "blog"]);
    match dice.roll(2) {
        0 => follow_up(claim, source, dice.pick(&["affirms", "denies", "neutral"]), "own"),
        _ => note(claim, "something to remember"),
    }
}

/// Something for a desk under load.
fn some_line(dice: &mut Dice) -> String {
    let claim = dice.pick(&["offer", "truce"]);
    let source = dice.pick(&["kremlin", "ft", "reuters", "blog"]);
    let said_at = "2025-04-22T15:30:00Z";
    match dice.roll(20) {
        0..=13 => never_refused(dice),
        14 => format!(r#"{{"do":"rate_source","source":"blog","reliability":"{}"}}"#, dice.pick(&["A", "E", "F"])),
        15 => {
            format!(r#"{{"do":"advance","claim":"{claim}","to":"{}"}}"#, dice.pick(&["corroborated", "disputed"]))
        }
        16 => format!(r#"{{"do":"tag","claim":"{claim}","tag":"{}"}}"#, fresh_id()),
        17 => format!(
            r#"{{"do":"add_source","ref":"{0}","name":"{0} news","kind":"outlet","part_of":"ft"}}"#,
            fresh_id().simple().to_string() + "x"
        ),
        18 => format!(r#"{{"do":"merge","claim":"C-{}","into":"offer","reason":"the same"}}"#, 3 + dice.roll(200)),
        _ => format!(
            r#"{{"do":"report_claim","ref":"k{}","text":"Another","kind":"event","evidence":{{"source":"{source}","stance":"affirms","footing":"own","said_at":"{said_at}"}}}}"#,
            fresh_id()
        ),
    }
}
