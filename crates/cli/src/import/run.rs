//! Runs an import: reads ahead, keeps a pipeline of lines before the writer, and reports them in order.

use std::collections::VecDeque;

use hearsay_core::Addressed;
use hearsay_store::{Pending, Remember, Sequence, Submission, SubmitError};

use super::ImportArgs;
use super::report::{Report, Sent};
use crate::desk::Desk;
use crate::exit::Failure;
use crate::interchange::{Fault, Incoming, LineIds};

/// How many lines may be on their way through the writer at once.
const PIPELINE: usize = 4096;

/// How many bytes of lines may be on their way at once, about.
const PIPELINE_BYTES: usize = 64 << 20;

/// Imports a file or standard input.
pub(crate) async fn run(args: &ImportArgs, desk: &Desk) -> Result<(), Failure> {
    let ids = args.file.ids(&desk.store)?;
    let mut maker = Maker { ids, remember: args.remember(), desk, sequence: Sequence::default() };
    let (lines, bytes) = args.file.open()?;
    let mut report = Report::begin(&desk.screen, args.file.shown(), bytes)?;
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

/// Makes submissions of lines.
struct Maker<'a> {
    ids: LineIds<'a>,
    remember: Remember,
    desk: &'a Desk,
    sequence: Sequence,
}

impl Maker<'_> {
    fn submission(&mut self, text: &str, addressed: Addressed) -> Submission {
        let (id, actor) = (self.ids.next(text), self.desk.actor.clone());
        Submission { addressed, id, actor, remember: self.remember, sequence: Some(self.sequence.clone()) }
    }
}

/// Each line for itself, in order, many on their way at once.
async fn in_order(
    mut incoming: Incoming,
    maker: &mut Maker<'_>,
    report: &mut Report,
    desk: &Desk,
) -> Result<Option<u8>, Failure> {
    let mut waiting: VecDeque<Waiting> = VecDeque::new();
    let mut bytes = 0;
    let mut ended = Ok(());
    while !report.must_stop() {
        let line = match incoming.next().await {
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
    ended.map(|()| incoming.signal())
}

/// A line whose turn to be reported has not come.
enum Waiting {
    Unreadable(u64, Fault),
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
    let mut sent = Vec::new();
    let mut submissions = Vec::new();
    while let Some(line) = incoming.next().await? {
        match line.read {
            Err(fault) => report.unreadable(line.number, &fault)?,
            Ok((text, addressed)) => {
                sent.push(Sent::of(line.number, &addressed));
                submissions.push(maker.submission(&text, addressed));
            }
        }
    }
    if incoming.signal().is_some() {
        return Ok(incoming.signal());
    }
    if report.any_refused() {
        sent.iter().try_for_each(|sent| report.left_out(sent))?;
        return Ok(None);
    }
    let ended = desk.store.submit_together(submissions).await?;
    sent.iter().zip(ended).try_for_each(|(sent, ended)| report.decided(sent, ended))?;
    Ok(None)
}
