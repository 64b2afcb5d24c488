//! The verbs, a file for each noun. A verb reads its arguments, makes a command or a filter of them, and shows what
//! comes back.

pub(crate) mod audit;
pub(crate) mod backup;
pub(crate) mod claim;
pub(crate) mod completions;
pub(crate) mod db;
pub(crate) mod doctor;
pub(crate) mod erase;
pub(crate) mod feed;
pub(crate) mod follow_up;
pub(crate) mod init;
pub(crate) mod item;
pub(crate) mod lead;
pub(crate) mod man;
pub(crate) mod policy;
pub(crate) mod queue;
pub(crate) mod source;
pub(crate) mod witness;
pub(crate) mod work;

use crate::cli::Noun;
use crate::commands::audit::AuditVerb;
use crate::config::Settings;
use crate::desk::Desk;
use crate::exit::Failure;
use crate::{demo, import};

/// Runs a verb that asks for neither configuration nor database; none where it is another.
pub(crate) fn without_settings(noun: &Noun) -> Option<Result<(), Failure>> {
    if let Noun::Completions(args) = noun {
        Some(completions::run(args))
    } else if let Noun::Man(args) = noun {
        Some(man::run(args))
    } else {
        None
    }
}

/// Runs one verb.
pub(crate) async fn run(noun: Noun, settings: Settings) -> Result<(), Failure> {
    match noun {
        Noun::Init => init::run(&settings).await,
        Noun::Restore(args) => backup::restore(&args, &settings).await,
        Noun::Demo(args) => demo::run(&args, &settings).await,
        Noun::Witness(verb) => witness::run(&verb, &settings).await,
        Noun::Completions(args) => completions::run(&args),
        Noun::Man(args) => man::run(&args),
        Noun::Audit(AuditVerb::Verify(args)) if args.is_of_a_file() => {
            audit::verify::run_on_file(&args, settings.format)
        }
        Noun::Claim(_)
        | Noun::FollowUp(_)
        | Noun::Lead(_)
        | Noun::Item(_)
        | Noun::Feed(_)
        | Noun::Source(_)
        | Noun::Policy(_)
        | Noun::Audit(_)
        | Noun::Erase(_)
        | Noun::Hold(_)
        | Noun::Release(_)
        | Noun::Import(_)
        | Noun::Work(_)
        | Noun::Doctor
        | Noun::Queue(_)
        | Noun::Db(_)
        | Noun::Backup(_) => {
            let makes = if let Noun::Import(args) = &noun { args.is_there() } else { false };
            let desk = if makes { Desk::open_or_make(settings).await? } else { Desk::open(settings).await? };
            let stops_in_time = matches!(noun, Noun::Work(_));
            let ended = at_desk(noun, &desk).await;
            if stops_in_time {
                work::close(desk.store).await;
            } else {
                desk.store.close().await;
            }
            ended
        }
    }
}

async fn at_desk(noun: Noun, desk: &Desk) -> Result<(), Failure> {
    match noun {
        Noun::Claim(verb) => claim::run(verb, desk).await,
        Noun::FollowUp(verb) => follow_up::run(verb, desk).await,
        Noun::Lead(verb) => lead::run(verb, desk).await,
        Noun::Item(verb) => item::run(verb, desk).await,
        Noun::Feed(verb) => feed::run(verb, desk).await,
        Noun::Source(verb) => source::run(verb, desk).await,
        Noun::Policy(verb) => policy::run(verb, desk).await,
        Noun::Audit(verb) => audit::run(verb, desk).await,
        Noun::Erase(verb) => erase::run(verb, desk).await,
        Noun::Hold(args) => erase::hold(args, desk).await,
        Noun::Release(args) => erase::release(args, desk).await,
        Noun::Import(args) => import::run(&args, desk).await,
        Noun::Work(args) => work::run(&args, desk).await,
        Noun::Doctor => doctor::run(desk).await,
        Noun::Queue(verb) => queue::run(verb, desk).await,
        Noun::Db(verb) => db::run(verb, desk).await,
        Noun::Backup(args) => backup::run(&args, desk).await,
        Noun::Witness(_) | Noun::Init | Noun::Restore(_) | Noun::Demo(_) | Noun::Completions(_) | Noun::Man(_) => {
            Ok(())
        }
    }
}
