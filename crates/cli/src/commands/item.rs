//! `hearsay item …`: what somebody puts before the worker by hand, and how far an item has come.

use std::io::Read;
use std::path::{Path, PathBuf};

use clap::{Args, Subcommand};
use hearsay_core::ItemNumber;
use hearsay_store::{Arrived, NewItem, NewSnapshot, SnapshotId};

use super::feed::address;
use crate::clock;
use crate::desk::Desk;
use crate::exit::Failure;
use crate::render::intake::{ItemView, item};

/// The largest document that is taken, in bytes.
const MOST: u64 = 10 << 20;

/// What can be done with items.
#[derive(Subcommand, Debug)]
pub(crate) enum ItemVerb {
    /// Takes in a link, a file of text or HTML, or what comes on standard input (`-`), for the worker to read. What is
    /// there already adds nothing.
    #[command(after_help = "Examples:\n  hearsay item submit https://outlet.example/2025/04/22/offer\n  \
        hearsay item submit article.html --url https://outlet.example/2025/04/22/offer\n  \
        pbpaste | hearsay item submit - --title \"Kremlin, briefing of 22 April\"")]
    Submit(SubmitArgs),
    /// Shows an item: where it came from, how far it has come, which snapshot it has.
    #[command(after_help = "Examples:\n  hearsay item show I-7\n  hearsay item show I-7 --format json")]
    Show(ShowArgs),
}

/// Arguments of `item submit`.
#[derive(Args, Debug)]
pub(crate) struct SubmitArgs {
    /// A link, a file, or `-` for standard input.
    #[arg(value_name = "URL|FILE|-")]
    what: String,
    /// Where the document of a file is.
    #[arg(long, value_name = "URL", value_parser = address)]
    url: Option<String>,
    /// Its title.
    #[arg(long, value_name = "TEXT")]
    title: Option<String>,
    /// Language of its text, BCP 47: en.
    #[arg(long, value_name = "LANGUAGE")]
    language: Option<String>,
}

/// Arguments of `item show`.
#[derive(Args, Debug)]
pub(crate) struct ShowArgs {
    /// Which item: I-7.
    #[arg(value_name = "ITEM")]
    item: ItemNumber,
}

/// Runs a verb on items.
pub(crate) async fn run(verb: ItemVerb, desk: &Desk) -> Result<(), Failure> {
    match verb {
        ItemVerb::Submit(args) => submit(args, desk).await,
        ItemVerb::Show(args) => {
            let view = ItemView::of(desk.store.item(args.item).await?);
            desk.screen.object(&view, || item(&desk.screen, &view))
        }
    }
}

async fn submit(args: SubmitArgs, desk: &Desk) -> Result<(), Failure> {
    let is_link = address(&args.what).is_ok();
    if is_link && args.url.is_some() {
        return Err(Failure::Usage("`--url` says where a file's document is; a link says so itself".to_owned()));
    }
    let (url, document) = if is_link { (Some(args.what), None) } else { (args.url, Some(read(&args.what)?)) };
    let words = document.as_ref().map(|(bytes, _)| SnapshotId::of(bytes).0);
    let snapshot = document.map(|(bytes, content_type)| NewSnapshot {
        bytes,
        content_type: Some(content_type.to_owned()),
        urls: url.clone().into_iter().collect(),
        headers: Vec::new(),
        fetched_at: (clock::system().now)(),
    });
    let new = NewItem {
        guid: None,
        url,
        words,
        title: args.title,
        language: args.language,
        published: None,
        document: snapshot,
    };
    let (number, arrived) = desk.store.submit_item(new).await?;
    let view = ItemView::of(desk.store.item(number).await?);
    desk.screen.object(&view, || match arrived {
        Arrived::New => format!("{number} waits for the worker; `hearsay item show {number}` says how far it is"),
        Arrived::Again => format!("{number} is there already, and had failed: the worker tries it again"),
        Arrived::Known => format!("{number} is there already, and {}: nothing is added", view.state),
    })
}

/// A document's bytes, and what they are.
fn read(what: &str) -> Result<(Vec<u8>, &'static str), Failure> {
    let path = PathBuf::from(what);
    let wrong = |why: &str| Failure::Usage(format!("`{what}` {why}"));
    let unreadable = |source| Failure::File { path: path.clone(), source };
    let mut bytes = Vec::new();
    if what == "-" {
        std::io::stdin().take(MOST + 1).read_to_end(&mut bytes).map_err(unreadable)?;
    } else {
        let file = std::fs::File::open(&path).map_err(unreadable)?;
        file.take(MOST + 1).read_to_end(&mut bytes).map_err(unreadable)?;
    }
    if bytes.len() as u64 > MOST {
        return Err(wrong("has more than 10 MB; submit the article alone"));
    }
    if bytes.iter().all(u8::is_ascii_whitespace) {
        return Err(wrong("is empty"));
    }
    if is_html(&path, &bytes) {
        return Ok((bytes, "text/html"));
    }
    match std::str::from_utf8(&bytes) {
        Ok(_) => Ok((bytes, "text/plain; charset=utf-8")),
        Err(error) => {
            let line = bytes[..error.valid_up_to()].split(|byte| *byte == b'\n').count();
            Err(wrong(&format!("is neither HTML nor UTF-8 text: line {line} has other bytes")))
        }
    }
}

fn is_html(path: &Path, bytes: &[u8]) -> bool {
    let by_name =
        path.extension().is_some_and(|it| it.eq_ignore_ascii_case("html") || it.eq_ignore_ascii_case("htm"));
    by_name || bytes.trim_ascii_start().starts_with(b"<")
}
