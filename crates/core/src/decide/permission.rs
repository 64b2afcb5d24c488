//! Who may do what. Deny by default: every command is listed.

use crate::{Command, Refusal, Reliability, Role};

/// Refuses a role that may not give the command.
pub fn check_permission(command: &Command, role: Role) -> Result<(), Refusal> {
    let needed = needed(command);
    let allowed = match role {
        Role::Auditor => needed == Role::Auditor,
        Role::Checker => matches!(needed, Role::Auditor | Role::Checker),
        Role::Editor | Role::Admin => needed != Role::Worker,
        Role::Worker => may_worker(command),
    };
    if allowed {
        return Ok(());
    }
    let needs = match role {
        Role::Auditor | Role::Checker | Role::Editor | Role::Admin if needed == Role::Worker => Some(needed),
        Role::Auditor | Role::Checker => Some(needed),
        Role::Editor | Role::Admin | Role::Worker => None,
    };
    Err(Refusal::NotPermitted { role, command: command.name(), needs })
}

/// The least role that may give the command by hand.
fn needed(command: &Command) -> Role {
    match command {
        Command::AddSource(line) if line.reliability != Reliability::F => Role::Editor,
        Command::RateSource(_)
        | Command::RelateSource(_)
        | Command::MergeSources(_)
        | Command::SetPolicy(_)
        | Command::Override(_)
        | Command::ProposeRuling(_)
        | Command::Approve(_)
        | Command::Decline(_)
        | Command::CorrectRuling(_)
        | Command::Erase(_)
        | Command::Hold(_)
        | Command::Release(_)
        | Command::RecordSilence(_)
        | Command::RecordStanding(_)
        | Command::MarkOverdue(_) => Role::Editor,
        Command::LayLead(_) => Role::Worker,
        Command::RecordExport(_) => Role::Auditor,
        Command::AddSource(_)
        | Command::AliasSource(_)
        | Command::ReportClaim(_)
        | Command::RecordFollowUp(_)
        | Command::AcceptLead(_)
        | Command::DismissLead(_)
        | Command::UndoRecord(_)
        | Command::WithdrawEvidence(_)
        | Command::StrikeEvidence(_)
        | Command::LinkOrigins(_)
        | Command::SetParty(_)
        | Command::RequestAnswer(_)
        | Command::Advance(_)
        | Command::Assign(_)
        | Command::SetPriority(_)
        | Command::SetReview(_)
        | Command::Tag(_)
        | Command::Untag(_)
        | Command::Note(_)
        | Command::LinkClaims(_)
        | Command::Close(_)
        | Command::Reopen(_)
        | Command::Merge(_) => Role::Checker,
    }
}

/// What a component of the worker may do by itself.
fn may_worker(command: &Command) -> bool {
    match command {
        Command::RecordFollowUp(_)
        | Command::LayLead(_)
        | Command::WithdrawEvidence(_)
        | Command::RecordSilence(_)
        | Command::RecordStanding(_)
        | Command::MarkOverdue(_)
        | Command::Advance(_) => true,
        Command::AddSource(_)
        | Command::AliasSource(_)
        | Command::RateSource(_)
        | Command::RelateSource(_)
        | Command::MergeSources(_)
        | Command::SetPolicy(_)
        | Command::ReportClaim(_)
        | Command::AcceptLead(_)
        | Command::DismissLead(_)
        | Command::UndoRecord(_)
        | Command::StrikeEvidence(_)
        | Command::LinkOrigins(_)
        | Command::SetParty(_)
        | Command::RequestAnswer(_)
        | Command::Override(_)
        | Command::ProposeRuling(_)
        | Command::Approve(_)
        | Command::Decline(_)
        | Command::CorrectRuling(_)
        | Command::Assign(_)
        | Command::SetPriority(_)
        | Command::SetReview(_)
        | Command::Tag(_)
        | Command::Untag(_)
        | Command::Note(_)
        | Command::LinkClaims(_)
        | Command::Close(_)
        | Command::Reopen(_)
        | Command::Merge(_)
        | Command::Erase(_)
        | Command::Hold(_)
        | Command::Release(_)
        | Command::RecordExport(_) => false,
    }
}
