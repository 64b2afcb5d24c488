//! What a command names: what must be known, and what must be free, before it can be decided.

use crate::{AcceptLead, Command, EvidenceLine, Reference, SuggestedLine};

/// The names in a command.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Mentions<'a> {
    /// What it refers to: sources, claims, evidence.
    pub known: Vec<&'a Reference>,
    /// Handles that it would take.
    pub new_handles: Vec<&'a str>,
    /// Names of sources that it would take.
    pub new_names: Vec<&'a str>,
}

impl Command {
    /// Everything that the command names.
    pub fn mentions(&self) -> Mentions<'_> {
        let mut mentions = Mentions::default();
        mentions.of_registry(self);
        mentions.of_evidence(self);
        mentions.known.extend(claims_named(self));
        mentions
    }
}

impl<'a> Mentions<'a> {
    #[expect(clippy::wildcard_enum_match_arm, reason = "one part of the commands; `claims_named` lists them all")]
    fn of_registry(&mut self, command: &'a Command) {
        match command {
            Command::AddSource(line) => {
                self.new_handles.extend(line.handle.as_deref());
                self.new_names.push(&line.name);
                self.new_names.extend(line.aliases.iter().map(String::as_str));
                self.known.extend(line.speaks_for.iter().chain(&line.part_of));
            }
            Command::AliasSource(line) => {
                self.known.push(&line.source);
                self.new_names.push(&line.alias);
            }
            Command::RateSource(line) => self.known.push(&line.source),
            Command::RelateSource(line) => {
                self.known.push(&line.source);
                self.known.extend(line.speaks_for.iter().flatten().chain(line.part_of.iter().flatten()));
            }
            Command::MergeSources(line) => self.known.extend([&line.source, &line.into]),
            Command::SetPolicy(line) => {
                self.known.extend(line.auto_record.iter().flatten().map(|channel| &channel.source));
            }
            _ => {}
        }
    }

    #[expect(clippy::wildcard_enum_match_arm, reason = "one part of the commands; `claims_named` lists them all")]
    fn of_evidence(&mut self, command: &'a Command) {
        match command {
            Command::ReportClaim(line) => {
                self.new_handles.extend(line.handle.as_deref());
                self.known.extend(line.parties.iter().map(|party| &party.source));
                self.of_piece(&line.evidence);
            }
            Command::RecordFollowUp(line) => self.of_piece(&line.evidence),
            Command::LayLead(line) => self.of_suggestion(&line.evidence),
            Command::AcceptLead(line) => self.of_corrections(line),
            Command::DismissLead(line) => self.known.push(&line.lead),
            Command::UndoRecord(line) => self.known.push(&line.lead),
            Command::WithdrawEvidence(line) => self.known.push(&line.evidence),
            Command::StrikeEvidence(line) => self.known.push(&line.evidence),
            Command::LinkOrigins(line) => self.known.extend(&line.evidence),
            Command::SetParty(line) => self.known.push(&line.source),
            Command::RequestAnswer(line) => self.known.push(&line.of),
            Command::RecordSilence(line) => self.known.push(&line.of),
            _ => {}
        }
    }

    fn of_piece(&mut self, line: &'a EvidenceLine) {
        self.new_handles.extend(line.handle.as_deref());
        self.known.push(&line.source);
        self.known.extend(line.via.iter().chain(&line.relays));
    }

    fn of_suggestion(&mut self, line: &'a SuggestedLine) {
        self.known.extend(line.source.iter().chain(&line.relays).chain(&line.via));
    }

    fn of_corrections(&mut self, line: &'a AcceptLead) {
        self.new_handles.extend(line.handle.as_deref());
        self.known.push(&line.lead);
        self.known.extend(line.source.iter().chain(&line.relays).chain(line.via.iter().flatten()));
    }
}

/// The claims that a command names by reference.
fn claims_named(command: &Command) -> Vec<&Reference> {
    match command {
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
        | Command::WithdrawEvidence(_)
        | Command::StrikeEvidence(_) => Vec::new(),
        Command::RecordExport(line) => line.claim.iter().collect(),
        Command::RecordFollowUp(line) => vec![&line.claim],
        Command::LayLead(line) => vec![&line.claim],
        Command::LinkOrigins(line) => vec![&line.claim],
        Command::SetParty(line) => vec![&line.claim],
        Command::RequestAnswer(line) => vec![&line.claim],
        Command::RecordSilence(line) => vec![&line.claim],
        Command::RecordStanding(line) => vec![&line.claim],
        Command::MarkOverdue(line) => vec![&line.claim],
        Command::Advance(line) => vec![&line.claim],
        Command::Override(line) => vec![&line.claim],
        Command::ProposeRuling(line) => vec![&line.claim],
        Command::Approve(line) | Command::Decline(line) => line.claim.iter().collect(),
        Command::CorrectRuling(line) => vec![&line.claim],
        Command::Assign(line) => vec![&line.claim],
        Command::SetPriority(line) => vec![&line.claim],
        Command::SetReview(line) => vec![&line.claim],
        Command::Tag(line) | Command::Untag(line) => vec![&line.claim],
        Command::Note(line) => vec![&line.claim],
        Command::LinkClaims(line) => {
            let others = line.contradicts.iter().chain(&line.follows_from);
            std::iter::once(&line.claim).chain(others).collect()
        }
        Command::Close(line) => vec![&line.claim],
        Command::Reopen(line) => vec![&line.claim],
        Command::Merge(line) => vec![&line.claim, &line.into],
        Command::Erase(line) => line.evidence.iter().chain(&line.source).collect(),
        Command::Hold(line) => vec![&line.claim],
        Command::Release(line) => vec![&line.claim],
    }
}
