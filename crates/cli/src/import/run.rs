//! Runs an import: reads ahead, keeps a pipeline of lines before the writer, and reports them in order.

use std::collections::{HashMap, VecDeque};
use std::fs::File;
use std::io::{self, BufRead, BufReader};

use hearsay_core::{Addressed, CommandId};
use hearsay_store::{Pending, Remember, Sequence, Submission, SubmitError};
use tokio::sync::mpsc;
use uuid::Uuid;

use super::ImportArgs;
use super::lines::{Line, Read, read};
use super::report::{Report, Sent};
use super::signals::stopped;
use crate::desk::Desk;
use crate::exit::Failure;

/// How many lines may be on their way through the writer at once.
const PIPELINE: usize = 4096;

/// How many bytes of lines may be on their way at once, about.
const PIPELINE_BYTES: usize = 64 << 20;

/// Imports a file or standard input.
pub(crate) async fn run(args: &ImportArgs, desk: &Desk) -> Result<(), Failure> {
    let mut maker = Maker::new(args.namespace()?, args.remember(), desk);
    let (source, bytes) = open(args)?;
    let mut report = Report::begin(&desk.screen, args.shown(), bytes)?;
    let lines = Incoming { lines: read(source), signal: None, any: false, file: args.shown() };
    let signal = if args.atomic {
        together(lines, &mut maker, &mut report, desk).await?
    } else {
        in_order(lines, &mut maker, &mut report, desk).await?
    };
    if !report.must_stop() {
        desk.restand().await?;
    }
    report.end(signal, args.atomic)
}

fn open(args: &ImportArgs) -> Result<(Box<dyn BufRead + Send>, Option<u64>), Failure> {
    if args.is_stdin() {
        return Ok((Box::new(BufReader::new(io::stdin())), None));
    }
    let failed = |source| Failure::File { path: args.file.clone(), source };
    let file = File::open(&args.file).map_err(failed)?;
    let bytes = file.metadata().map_err(failed)?.len();
    Ok((Box::new(BufReader::with_capacity(1 << 18, file)), (bytes > 0).then_some(bytes)))
}

/// Makes submissions of lines. Their ids come from the namespace, the text, and how often the text came before.
struct Maker<'a> {
    namespace: Uuid,
    remember: Remember,
    desk: &'a Desk,
    repeats: HashMap<CommandId, u32>,
    sequence: Sequence,
}

impl<'a> Maker<'a> {
    fn new(namespace: Uuid, remember: Remember, desk: &'a Desk) -> Self {
        Self { namespace, remember, desk, repeats: HashMap::new(), sequence: Sequence::default() }
    }

    fn submission(&mut self, text: &str, addressed: Addressed) -> Submission {
        let store = &self.desk.store;
        let first = store.command_id(self.namespace, text, 0);
        let repeat = self.repeats.entry(first).or_insert(0);
        let id = if *repeat == 0 { first } else { store.command_id(self.namespace, text, *repeat) };
        *repeat += 1;
        let (actor, remember) = (self.desk.actor.clone(), self.remember);
        Submission { addressed, id, actor, remember, sequence: Some(self.sequence.clone()) }
    }
}

/// Lines as they come, until the file ends or a signal does.
struct Incoming {
    lines: mpsc::Receiver<Read>,
    signal: Option<u8>,
    any: bool,
    file: String,
}

impl Incoming {
    /// The next line; none at the end, or once a signal has come.
    async fn next(&mut self, stop: &mut Stop) -> Result<Option<Line>, Failure> {
        tokio::select! {
            biased;
            code = stop.as_mut() => {
                self.signal = Some(code?);
                Ok(None)
            }
            line = self.lines.recv() => match line {
                Some(Ok(line)) => {
                    self.any = true;
                    Ok(Some(line))
                }
                Some(Err(source)) => Err(Failure::File { path: self.file.clone().into(), source }),
                None if self.any => Ok(None),
                None => Err(Failure::Usage(format!("`{}` has no lines", self.file))),
            },
        }
    }
}

type Stop = std::pin::Pin<Box<dyn Future<Output = Result<u8, Failure>> + Send>>;

/// Each line for itself, in order, many on their way at once.
async fn in_order(
    mut incoming: Incoming,
    maker: &mut Maker<'_>,
    report: &mut Report,
    desk: &Desk,
) -> Result<Option<u8>, Failure> {
    let mut stop: Stop = Box::pin(stopped());
    let mut waiting: VecDeque<Waiting> = VecDeque::new();
    let mut bytes = 0;
    let mut ended = Ok(());
    while !report.must_stop() {
        let line = match incoming.next(&mut stop).await {
            Ok(Some(line)) => line,
            Ok(None) => break,
            Err(failure) => {
                ended = Err(failure);
                break;
            }
        };
        report.at(line.end);
        let number = line.number;
        match line.read {
            Err(fault) => waiting.push_back(Waiting::Unreadable(number, fault)),
            Ok((text, addressed)) => {
                bytes += text.len();
                let sent = Sent::of(number, &addressed);
                let submission = maker.submission(&text, addressed);
                match desk.store.enqueue(submission).await {
                    Ok(pending) => waiting.push_back(Waiting::Pending(sent, pending)),
                    Err(error) => waiting.push_back(Waiting::NotSent(sent, error)),
                }
            }
        }
        if bytes >= PIPELINE_BYTES {
            settle(&mut waiting, report, 0).await?;
            bytes = 0;
        } else if waiting.len() >= PIPELINE {
            settle(&mut waiting, report, PIPELINE / 2).await?;
        }
    }
    settle(&mut waiting, report, 0).await?;
    ended.map(|()| incoming.signal)
}

/// A line whose turn to be reported has not come.
enum Waiting {
    Unreadable(u64, super::lines::Fault),
    Pending(Sent, Pending),
    NotSent(Sent, SubmitError),
}

/// Reports in order until only so many are left.
async fn settle(waiting: &mut VecDeque<Waiting>, report: &mut Report, left: usize) -> Result<(), Failure> {
    while waiting.len() > left {
        match waiting.pop_front() {
            Some(Waiting::Unreadable(number, fault)) => report.unreadable(number, &fault)?,
            Some(Waiting::Pending(sent, pending)) => report.decided(&sent, pending.receipt().await)?,
            Some(Waiting::NotSent(sent, error)) => report.decided(&sent, Err(error))?,
            None => break,
        }
    }
    Ok(())
}

/// All lines or none.
async fn together(
    mut incoming: Incoming,
    maker: &mut Maker<'_>,
    report: &mut Report,
    desk: &Desk,
) -> Result<Option<u8>, Failure> {
    let mut stop: Stop = Box::pin(stopped());
    let mut sent = Vec::new();
    let mut submissions = Vec::new();
    while let Some(line) = incoming.next(&mut stop).await? {
        match line.read {
            Err(fault) => report.unreadable(line.number, &fault)?,
            Ok((text, addressed)) => {
                sent.push(Sent::of(line.number, &addressed));
                submissions.push(maker.submission(&text, addressed));
            }
        }
    }
    if incoming.signal.is_some() {
        return Ok(incoming.signal);
    }
    if report.any_refused() {
        sent.iter().try_for_each(|sent| report.left_out(sent))?;
        return Ok(None);
    }
    let ended = desk.store.submit_together(submissions).await?;
    sent.iter().zip(ended).try_for_each(|(sent, ended)| report.decided(sent, ended))?;
    Ok(None)
}
