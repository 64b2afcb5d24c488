//! A file of the interchange format, or standard input, as `import` and `follow-up submit` read it: line by line, each
//! line with the id under which a second run of the same file knows it.

mod lines;
mod queued;

use std::collections::HashMap;
use std::fs::File;
use std::io::{self, BufRead, BufReader};
use std::path::PathBuf;

use clap::Args;
use hearsay_core::CommandId;
use hearsay_store::{Store, import_namespace};
use tokio::sync::mpsc;
use uuid::Uuid;

pub(crate) use self::lines::{Fault, Line};
use self::lines::{Read, read};
pub(crate) use self::queued::{Queueable, QueuedLine};
use crate::exit::Failure;
use crate::signals::stopped;

/// Which file.
#[derive(Args, Debug)]
pub(crate) struct FileArgs {
    /// The file, one command a line (docs/interchange.md); `-` reads standard input.
    #[arg(value_name = "FILE")]
    file: PathBuf,
    /// What makes this file the same as an earlier one; default: the file's name. Needed for standard input.
    #[arg(long, value_name = "NAME")]
    namespace: Option<String>,
}

impl FileArgs {
    fn is_stdin(&self) -> bool {
        self.file.as_os_str() == "-"
    }

    /// Whether there is something to read: only then is a missing database made for it.
    pub(crate) fn is_there(&self) -> bool {
        self.is_stdin() || self.file.is_file()
    }

    /// What refusals call the file.
    pub(crate) fn shown(&self) -> String {
        if self.is_stdin() { "<stdin>".to_owned() } else { self.file.display().to_string() }
    }

    fn namespace(&self) -> Result<Uuid, Failure> {
        if let Some(name) = &self.namespace {
            return Ok(import_namespace(name));
        }
        let name = if self.is_stdin() { None } else { self.file.file_name() };
        match name {
            Some(name) => Ok(import_namespace(&name.to_string_lossy())),
            None if self.is_stdin() => Err(Failure::Usage(
                "standard input needs `--namespace NAME`, so that a second run is known as the same one"
                    .to_owned(),
            )),
            None => Err(Failure::Usage(format!("`{}` is no file; `-` reads standard input", self.file.display()))),
        }
    }

    /// The ids of its lines.
    pub(crate) fn ids<'a>(&self, store: &'a Store) -> Result<LineIds<'a>, Failure> {
        Ok(LineIds { namespace: self.namespace()?, store, repeats: HashMap::new() })
    }

    /// Begins to read it; also gives its size, where that is known.
    pub(crate) fn open(&self) -> Result<(Incoming, Option<u64>), Failure> {
        let (source, bytes): (Box<dyn BufRead + Send>, _) = if self.is_stdin() {
            (Box::new(BufReader::new(io::stdin())), None)
        } else {
            let failed = |source| Failure::File { path: self.file.clone(), source };
            let file = File::open(&self.file).map_err(failed)?;
            let bytes = file.metadata().map_err(failed)?.len();
            (Box::new(BufReader::with_capacity(1 << 18, file)), (bytes > 0).then_some(bytes))
        };
        let stop = Box::pin(stopped());
        Ok((Incoming { lines: read(source), stop, signal: None, any: false, file: self.shown() }, bytes))
    }
}

/// Ids of lines. They come from the namespace, the text, and how often the text came before.
pub(crate) struct LineIds<'a> {
    namespace: Uuid,
    store: &'a Store,
    repeats: HashMap<CommandId, u32>,
}

impl LineIds<'_> {
    /// The id of the next line, which has that text.
    pub(crate) fn next(&mut self, text: &str) -> CommandId {
        let first = self.store.command_id(self.namespace, text, 0);
        let repeat = self.repeats.entry(first).or_insert(0);
        let id = if *repeat == 0 { first } else { self.store.command_id(self.namespace, text, *repeat) };
        *repeat += 1;
        id
    }
}

type Stop = std::pin::Pin<Box<dyn Future<Output = Result<u8, Failure>> + Send>>;

/// Lines as they come, until the file ends or a signal does.
pub(crate) struct Incoming {
    lines: mpsc::Receiver<Read>,
    stop: Stop,
    signal: Option<u8>,
    any: bool,
    file: String,
}

impl Incoming {
    /// The next line; none at the end, or once a signal has come. A file without lines is an error.
    pub(crate) async fn next(&mut self) -> Result<Option<Line>, Failure> {
        if self.signal.is_some() {
            return Ok(None);
        }
        tokio::select! {
            biased;
            code = self.stop.as_mut() => {
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

    /// The exit code that a signal asks for, if one has come.
    pub(crate) fn signal(&self) -> Option<u8> {
        self.signal
    }
}
