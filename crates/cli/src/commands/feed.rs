//! `hearsay feed …`: what the worker polls, and how often.

use clap::{Args, Subcommand};
use hearsay_core::FeedNumber;
use hearsay_store::{FeedPause, NewFeed};
use jiff::SignedDuration;

use crate::desk::Desk;
use crate::exit::Failure;
use crate::output::say;
use crate::render::intake::{FEED_COLUMNS, FeedView, feeds};

/// What can be done with feeds.
#[derive(Subcommand, Debug)]
pub(crate) enum FeedVerb {
    /// Adds a feed: RSS, Atom or JSON Feed. It is polled at once, and then again and again.
    #[command(after_help = "Examples:\n  hearsay feed add https://www.ft.example/rss --source FT\n  \
        hearsay feed add https://kremlin.example/feed --source Kremlin --every 5m --title \"Kremlin, news\"")]
    Add(AddArgs),
    /// Lists the feeds, how they fare and when each is polled next.
    #[command(after_help = "Examples:\n  hearsay feed list\n  hearsay feed list --format jsonl")]
    List,
    /// Has a feed polled now; one that was gone is tried again.
    #[command(after_help = "Examples:\n  hearsay feed poll F-3")]
    Poll(OneArgs),
    /// Leaves a feed alone until it is let go on.
    #[command(after_help = "Examples:\n  hearsay feed pause F-3\n  hearsay feed pause F-3 --off")]
    Pause(PauseArgs),
    /// Removes a feed; the items that it brought stay.
    #[command(after_help = "Examples:\n  hearsay feed remove F-3")]
    Remove(OneArgs),
}

/// Arguments of `feed add`.
#[derive(Args, Debug)]
pub(crate) struct AddArgs {
    /// Where it is.
    #[arg(value_name = "URL", value_parser = address)]
    url: String,
    /// The outlet whose feed it is, by any of its names.
    #[arg(long, value_name = "SOURCE")]
    source: Option<String>,
    /// What to call it; default: as it calls itself.
    #[arg(long, value_name = "TEXT")]
    title: Option<String>,
    /// The longest time from one poll to the next, at least 1m: 15m, 2h. A feed that brings more is polled more often, and
    /// none sooner than its server asks for.
    #[arg(long, value_name = "TIME", value_parser = interval, default_value = "15m")]
    every: u32,
}

/// Which feed.
#[derive(Args, Debug)]
pub(crate) struct OneArgs {
    /// Which feed: F-3.
    #[arg(value_name = "FEED")]
    feed: FeedNumber,
}

/// Arguments of `feed pause`.
#[derive(Args, Debug)]
pub(crate) struct PauseArgs {
    /// Which feed: F-3.
    #[arg(value_name = "FEED")]
    feed: FeedNumber,
    /// Lets it go on.
    #[arg(long)]
    off: bool,
}

/// An address that can be fetched.
pub(crate) fn address(text: &str) -> Result<String, String> {
    let rest = text.strip_prefix("https://").or_else(|| text.strip_prefix("http://"));
    match rest {
        Some(rest)
            if !rest.is_empty() && !text.chars().any(|letter| letter.is_whitespace() || letter.is_control()) =>
        {
            Ok(text.to_owned())
        }
        Some(_) | None => Err("an address begins with http:// or https:// and has no spaces".to_owned()),
    }
}

/// An interval in seconds, from a minute to thirty days.
fn interval(text: &str) -> Result<u32, String> {
    let wrong = || format!("`{text}` is no time from 1m to 720h, with its unit, such as 15m or 2h");
    let span: SignedDuration = text.parse().map_err(|_| wrong())?;
    let seconds = u32::try_from(span.as_secs()).map_err(|_| wrong())?;
    if (60..=720 * 3_600).contains(&seconds) { Ok(seconds) } else { Err(wrong()) }
}

/// Runs a verb on feeds.
pub(crate) async fn run(verb: FeedVerb, desk: &Desk) -> Result<(), Failure> {
    match verb {
        FeedVerb::Add(args) => add(args, desk).await,
        FeedVerb::List => list(desk).await,
        FeedVerb::Poll(args) => {
            desk.store.poll_feed_now(args.feed).await?;
            let feed = desk.store.feed(args.feed).await?;
            let waits = if feed.paused.is_some() { "; it is paused, and polled once it goes on" } else { "" };
            show(desk, args.feed, &format!("{} is due now{waits}", args.feed)).await
        }
        FeedVerb::Pause(args) => {
            let by = desk.actor.name.body().unwrap_or_default().to_owned();
            let pause = if args.off { FeedPause::No } else { FeedPause::By(by) };
            desk.store.pause_feed(args.feed, pause).await?;
            let told = if args.off { "goes on" } else { "is paused" };
            show(desk, args.feed, &format!("{} {told}", args.feed)).await
        }
        FeedVerb::Remove(args) => {
            desk.store.remove_feed(args.feed).await?;
            if desk.screen.for_people() { say(&format!("{} is removed", args.feed)) } else { Ok(()) }
        }
    }
}

async fn add(args: AddArgs, desk: &Desk) -> Result<(), Failure> {
    let source = match &args.source {
        Some(name) => Some(desk.store.source(name).await?.id),
        None => None,
    };
    let feed = NewFeed { url: args.url, title: args.title, source, interval: args.every };
    let number = desk.store.add_feed(feed).await?;
    show(desk, number, &format!("{number} is added, and due now")).await
}

async fn show(desk: &Desk, number: FeedNumber, told: &str) -> Result<(), Failure> {
    let feed = FeedView::of(desk.store.feed(number).await?, &desk.store).await?;
    desk.screen.object(&feed, || told.to_owned())
}

async fn list(desk: &Desk) -> Result<(), Failure> {
    let mut views = Vec::new();
    for feed in desk.store.feeds().await? {
        views.push(FeedView::of(feed, &desk.store).await?);
    }
    desk.screen.list(&views, FEED_COLUMNS, || feeds(&desk.screen, &views))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses_and_intervals_are_read_or_refused_in_a_sentence() {
        assert!(address("https://a.example/feed").is_ok());
        for wrong in ["ftp://a.example", "https://", "a.example/feed", "https://a example"] {
            assert!(address(wrong).is_err(), "{wrong}");
        }
        assert_eq!(interval("15m"), Ok(900));
        for wrong in ["15", "30s", "-5m", "9000h", "soon"] {
            assert!(interval(wrong).is_err_and(|why| why.contains("such as 15m")), "{wrong}");
        }
    }
}
