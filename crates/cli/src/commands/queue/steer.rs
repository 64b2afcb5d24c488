//! `queue pause`, `queue resume`, `queue rate`: how fast the worker may go, kind by kind.

use clap::Args;
use hearsay_store::TaskKind;

use super::kind;
use crate::desk::Desk;
use crate::exit::Failure;
use crate::output::say;

/// The most that a limit may be.
const FASTEST: u32 = 1_000_000;

/// Arguments of `queue pause` and `queue resume`.
#[derive(Args, Debug)]
pub(crate) struct KindArgs {
    /// The kind of task, as `hearsay queue show` lists it.
    #[arg(value_name = "KIND", value_parser = kind)]
    kind: TaskKind,
}

/// Arguments of `queue rate`.
#[derive(Args, Debug)]
pub(crate) struct RateArgs {
    /// The kind of task, as `hearsay queue show` lists it.
    #[arg(value_name = "KIND", value_parser = kind)]
    kind: TaskKind,
    /// So many a minute, such as 600/min; `off`: as many as can be done.
    #[arg(value_name = "N/min|off", value_parser = rate)]
    rate: Rate,
}

/// A limit, or none.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
enum Rate {
    PerMinute(u32),
    Off,
}

fn rate(text: &str) -> Result<Rate, String> {
    if text == "off" {
        return Ok(Rate::Off);
    }
    let number = text.strip_suffix("/min").and_then(|number| number.parse().ok());
    match number {
        Some(0) => Err("none a minute is a pause: `hearsay queue pause KIND`".to_owned()),
        Some(number) if number <= FASTEST => Ok(Rate::PerMinute(number)),
        Some(_) => Err(format!("at most {FASTEST}/min; `off` takes the limit off")),
        None => Err("a number a minute is needed, such as 600/min, or `off`".to_owned()),
    }
}

pub(super) async fn pause(args: &KindArgs, desk: &Desk) -> Result<(), Failure> {
    let kind = args.kind;
    desk.store.pause(kind, desk.actor.name.body().unwrap_or_default()).await?;
    say(&format!("Paused {kind}: no more of it is begun until `hearsay queue resume {kind}`."))
}

pub(super) async fn resume(args: &KindArgs, desk: &Desk) -> Result<(), Failure> {
    desk.store.resume(args.kind).await?;
    say(&format!("Resumed {}.", args.kind))
}

pub(super) async fn rate_of(args: &RateArgs, desk: &Desk) -> Result<(), Failure> {
    let kind = args.kind;
    match args.rate {
        Rate::PerMinute(number) => {
            desk.store.set_rate(kind, Some(number)).await?;
            say(&format!("At most {number} of {kind} are begun in a minute."))
        }
        Rate::Off => {
            desk.store.set_rate(kind, None).await?;
            say(&format!("As many of {kind} are begun as can be done."))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_rate_is_so_many_a_minute_or_off() {
        assert_eq!(rate("600/min"), Ok(Rate::PerMinute(600)));
        assert_eq!(rate("off"), Ok(Rate::Off));
        for wrong in ["600", "600/s", "-1/min", "", "fast"] {
            assert!(rate(wrong).is_err_and(|why| why.contains("such as 600/min")), "{wrong}");
        }
        assert!(rate("0/min").is_err_and(|why| why.contains("queue pause")));
        assert!(rate("4000000000/min").is_err_and(|why| why.contains("at most")));
    }
}
