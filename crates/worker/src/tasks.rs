//! The tasks, each a file with its payload, its name and what it does.

mod answer_due;
mod auto_advance;
mod fetch_item;
mod nothing;
mod poll_feed;
mod recheck;
mod record_follow_up;
mod restand;
mod review_due;
mod submitted;
mod sweep;
mod withdraw_evidence;

pub(crate) use answer_due::AnswerDue;
pub(crate) use auto_advance::AutoAdvance;
pub(crate) use fetch_item::FetchItem;
pub(crate) use nothing::Nothing;
pub(crate) use poll_feed::PollFeed;
pub(crate) use recheck::Recheck;
pub(crate) use record_follow_up::RecordFollowUp;
pub(crate) use restand::Restand;
pub(crate) use review_due::ReviewDue;
pub use submitted::SubmittedLine;
pub(crate) use sweep::Sweep;
pub(crate) use withdraw_evidence::WithdrawEvidence;
