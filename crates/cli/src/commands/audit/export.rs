//! `audit export`: the log as a file, streamed, and told of in the log.

use std::io::{self, BufWriter, Write};
use std::path::PathBuf;

use clap::{Args, ValueEnum};
use hearsay_core::{Command, ExportFormat, RecordExport, check_permission};
use hearsay_store::{EventFilter, ExportError, SubmitError};
use sha2::{Digest, Sha256};

use super::filter::FilterArgs;
use super::names::Names;
use crate::desk::Desk;
use crate::exit::Failure;
use crate::output::{csv_record, new_file};
use crate::progress::Progress;
use crate::render::history::{COLUMNS, EventLine};

/// Examples for its help.
pub(super) const EXAMPLES: &str = "A line of `jsonl` is canonical JSON: the envelope as it was hashed, its leaf hash, and its \
    texts with the salts of\ntheir commitments, so that whoever gets the file can check each line. Confidential texts are \
    left out where your\nrole may not read them all. That an export was made is recorded in the log, with its filter, its \
    size and its SHA-256.\n\n\
    Examples:\n  hearsay audit export log.jsonl\n  hearsay audit export log.csv --as csv --topic ukraine-war\n  \
    hearsay audit export - --since 2025-04-22T00:00:00Z --until 2025-04-23T00:00:00Z";

/// How many events of a CSV are read at a time.
const PAGE: u32 = 1000;

/// The form of the file.
#[derive(Clone, Copy, PartialEq, Eq, Debug, ValueEnum)]
enum As {
    /// Canonical JSON Lines.
    Jsonl,
    /// Comma-separated values, in which no cell is a formula.
    Csv,
}

/// Arguments of `audit export`.
#[derive(Args, Debug)]
pub(crate) struct ExportArgs {
    /// The file, which must not be there yet; `-`: standard output.
    #[arg(value_name = "FILE")]
    file: PathBuf,
    /// The form.
    #[arg(long = "as", value_enum, value_name = "FORM", default_value_t = As::Jsonl)]
    form: As,
    #[command(flatten)]
    filter: FilterArgs,
}

/// Writes bytes and hashes them on the way.
struct Hashed<W> {
    out: W,
    hash: Sha256,
}

impl<W: Write> Write for Hashed<W> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        let written = self.out.write(bytes)?;
        self.hash.update(&bytes[..written]);
        Ok(written)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.out.flush()
    }
}

/// Exports the log and records that. A file is there once the log tells of it; what went to standard output is told of
/// even where it ended early.
pub(super) async fn run(args: ExportArgs, desk: &Desk) -> Result<(), Failure> {
    let format = match args.form {
        As::Jsonl => ExportFormat::Jsonl,
        As::Csv => ExportFormat::Csv,
    };
    let record = |events, sha256| {
        let filter = asked(&std::env::args().collect::<Vec<_>>());
        Command::RecordExport(RecordExport { format, claim: None, filter, events, bytes: None, sha256 })
    };
    check_permission(&record(0, String::new()), desk.actor.role).map_err(SubmitError::Refused)?;
    let filter = args.filter.filter(&desk.store).await?;
    let failed = |source| Failure::File { path: args.file.clone(), source };
    let whole = if args.file.as_os_str() == "-" { None } else { Some(new_file(&args.file).map_err(failed)?) };
    let out: Box<dyn Write + Send> = match &whole {
        Some(file) => Box::new(file.reopen().map_err(failed)?),
        None => Box::new(io::stdout()),
    };
    let mut out = Hashed { out: BufWriter::with_capacity(1 << 20, out), hash: Sha256::new() };
    let mut events = 0;
    let exported = match args.form {
        As::Jsonl => jsonl(desk, &filter, &mut out, &mut events).await,
        As::Csv => csv(desk, filter, &mut out, &mut events).await,
    };
    let ended = exported.and_then(|()| Ok(out.flush()?)).map_err(|error| match error {
        ExportError::Store(error) => error.into(),
        ExportError::Sink(error) => failed(error),
    });
    let sha256 = hex(&out.hash.finalize());
    let told = format!("{events} events, SHA-256 {sha256}");
    if ended.is_ok() || (whole.is_none() && events > 0) {
        desk.send(record(events, sha256), None).await?;
    }
    ended?;
    if let Some(file) = whole {
        file.as_file().sync_all().map_err(failed)?;
        file.persist_noclobber(&args.file).map_err(|error| failed(error.error))?;
    }
    eprintln!("{told}; the log tells of it.");
    Ok(())
}

/// Bytes as lower-case hexadecimal.
pub(super) fn hex(bytes: &[u8]) -> String {
    let digit = |value: u8| char::from_digit(u32::from(value), 16).unwrap_or('0');
    bytes.iter().flat_map(|byte| [digit(byte >> 4), digit(byte & 15)]).collect()
}

/// The flags that narrowed the export, as they were given.
fn asked(arguments: &[String]) -> Option<String> {
    let mut kept = Vec::new();
    let mut rest = arguments.iter().skip_while(|argument| *argument != "export").skip(1).peekable();
    while let Some(argument) = rest.next() {
        let flag = argument.split('=').next().unwrap_or(argument);
        let alone = argument.contains('=');
        if !flag.starts_with("--") {
            continue;
        }
        let value = if alone { None } else { rest.next() };
        if !["--db", "--as", "--actor", "--role", "--format", "--config"].contains(&flag) {
            kept.push(value.map_or_else(|| argument.clone(), |value| format!("{argument} {value}")));
        }
    }
    (!kept.is_empty()).then(|| kept.join(" "))
}

async fn jsonl(
    desk: &Desk,
    filter: &EventFilter,
    out: &mut (impl Write + Send),
    done: &mut u64,
) -> Result<(), ExportError> {
    let mut progress = Progress::begin("exporting", desk.store.head().await?);
    let ended = desk
        .store
        .export(filter, &mut |lines, number| {
            *done += number;
            progress.at(*done);
            out.write_all(lines)
        })
        .await;
    progress.end();
    ended.map(drop)
}

async fn csv(
    desk: &Desk,
    mut filter: EventFilter,
    out: &mut (impl Write + Send),
    done: &mut u64,
) -> Result<(), ExportError> {
    let head = desk.store.head().await?;
    let mut progress = Progress::begin("exporting", head);
    let mut writer = csv::Writer::from_writer(out);
    writer.write_record(COLUMNS).map_err(io::Error::from)?;
    let mut names = Names::default();
    filter.limit = Some(PAGE);
    loop {
        let events = desk.store.events(&filter).await?;
        for event in events.iter().filter(|event| Some(event.event.seq) <= head) {
            let pieces =
                names.of(&desk.store, event).await.map_err(|error| io::Error::other(error.to_string()))?;
            let line = serde_json::to_value(EventLine::of(event, pieces, &[])).map_err(io::Error::from)?;
            writer.write_record(csv_record(&line, COLUMNS)).map_err(io::Error::from)?;
            *done += 1;
        }
        progress.at(*done);
        filter.after = events.last().map(|event| event.event.seq);
        if events.len() < PAGE as usize || filter.after >= head {
            break;
        }
    }
    writer.flush()?;
    progress.end();
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_what_narrows_is_told() {
        let given = |line: &str| line.split(' ').map(str::to_owned).collect::<Vec<_>>();
        let line = "hearsay --db a.db audit export log.csv --as csv --topic war --not-by=ana --actor ben";
        assert_eq!(asked(&given(line)), Some("--topic war --not-by=ana".to_owned()));
        assert_eq!(asked(&given("hearsay audit export -")), None);
    }
}
