//! Turns events into rows: of the log, and of every table that is derived from it.
//! Invariant: a row depends on the folded docket alone, never on where a batch began or ended.

use std::collections::{BTreeMap, BTreeSet};

use hearsay_core::{
    Claim, ClaimId, Confidence, Docket, Event, Evidence, Fact, Footing, Relation, Relayed, SourceId, Text,
    fold_name,
};

use super::erasing::ErasureRows;
use hearsay_ledger::Hash;

use super::audit::{AuditRows, Was};
use super::leads::LeadRows;
use crate::envelope::{EnvelopeError, Sealed, seal};
use crate::jsonb::Rows;
use crate::search_words::fold_words;
use crate::time::to_micros;

/// The rows of one batch.
#[derive(Default)]
pub(crate) struct Stage {
    pub(crate) events: Rows,
    pub(crate) texts: Rows,
    pub(crate) handles: Rows,
    pub(crate) evidence: Rows,
    pub(crate) settled: Rows,
    pub(crate) heads: Rows,
    pub(crate) searches: Rows,
    pub(crate) names: Rows,
    pub(crate) policies: Rows,
    pub(crate) restands: Rows,
    pub(crate) tasks: Rows,
    pub(crate) erasures: ErasureRows,
    pub(crate) tree: Rows,
    pub(crate) audit: AuditRows,
    pub(crate) leads: LeadRows,
    touched: BTreeSet<ClaimId>,
    relisted: BTreeSet<ClaimId>,
    sources: BTreeMap<SourceId, Option<String>>,
    related: BTreeSet<SourceId>,
    added_words: BTreeMap<u32, AddedWords>,
}

/// Words that are added to a claim's search row.
#[derive(Default)]
struct AddedWords {
    parties: String,
    notes: String,
}

/// The rows that are told from the docket's state at the batch's end.
#[derive(Default)]
pub(crate) struct Told {
    pub(crate) claims: Rows,
    pub(crate) relisted: Rows,
    pub(crate) parties: Rows,
    pub(crate) tags: Rows,
    pub(crate) links: Rows,
    pub(crate) added_words: Rows,
    pub(crate) sources: Rows,
    pub(crate) related: Rows,
    pub(crate) relations: Rows,
}

impl Stage {
    /// Adds the log's rows of one event, and gives its leaf; `part`: its place among its command's events.
    pub(crate) fn log(
        &mut self,
        event: &Event,
        part: usize,
        number: Option<u32>,
        salt: &dyn Fn() -> [u8; 16],
    ) -> Result<Hash, EnvelopeError> {
        let Sealed { envelope, leaf, texts } = seal(event, salt)?;
        let seq = seq(event);
        self.events.push(|row| {
            row.int(seq)
                .hex(event.command.0.as_bytes())
                .int(i64::try_from(part).unwrap_or(i64::MAX))
                .text(event.fact.kind())
                .maybe_int(number.map(i64::from))
                .int(to_micros(event.recorded_at))
                .int(to_micros(event.occurred_at))
                .text(&envelope)
                .hex(&leaf);
        });
        for text in texts {
            self.texts.push(|row| {
                row.int(seq).text(&text.field).hex(&text.salt).text(&text.body);
            });
        }
        Ok(leaf)
    }

    /// Adds the derived rows of one event that has been applied to the docket.
    pub(crate) fn derive(&mut self, event: &Event, docket: &Docket, before: Was) -> Result<(), EnvelopeError> {
        self.audit.derive(event, docket, before);
        let Some(claim) = event.claim.and_then(|id| docket.claims.get(&id)) else {
            self.erasures.derive(event, None);
            return self.derive_registry(event);
        };
        self.erasures.derive(event, Some(claim.number));
        self.touched.extend(ErasureRows::claims_of(event));
        self.touched.insert(claim.id);
        self.leads.derive(event, claim, docket);
        self.derive_claim(event, claim, docket);
        Ok(())
    }

    #[expect(clippy::wildcard_enum_match_arm, reason = "most facts change nothing but the claim's own row")]
    fn derive_claim(&mut self, event: &Event, claim: &Claim, docket: &Docket) {
        let number = claim.number.0;
        match &event.fact {
            Fact::ClaimReported { evidence, .. } => {
                self.open(event, claim, docket);
                self.piece(event, number, evidence);
            }
            Fact::FollowUpRecorded { evidence, .. } => self.piece(event, number, evidence),
            Fact::PartySet { source, .. } => {
                self.relisted.insert(claim.id);
                let names = name_of(docket, *source);
                let parties = &mut self.added_words.entry(number).or_default().parties;
                parties.push(' ');
                parties.push_str(&fold_words(&names));
            }
            Fact::NoteAdded { text: Text::Body(note), confidence: Confidence::Open } => {
                let notes = &mut self.added_words.entry(number).or_default().notes;
                notes.push(' ');
                notes.push_str(&fold_words(note));
            }
            Fact::ClaimTagged { .. } | Fact::ClaimUntagged { .. } | Fact::ClaimsLinked { .. } => {
                self.relisted.insert(claim.id);
            }
            Fact::ClaimAbsorbed { merged } => {
                self.touched.insert(*merged);
                self.relisted.extend([claim.id, *merged]);
            }
            _ => {}
        }
    }

    fn open(&mut self, event: &Event, claim: &Claim, docket: &Docket) {
        let Fact::ClaimReported { handle, .. } = &event.fact else { return };
        let handle = handle.as_ref().and_then(Text::body);
        let id = claim.id.0;
        if let Some(handle) = handle {
            self.handles.push(|row| {
                row.text(handle).text("claim").hex(id.as_bytes());
            });
        }
        self.heads.push(|row| {
            row.int(i64::from(claim.number.0))
                .hex(id.as_bytes())
                .maybe_text(handle)
                .maybe_text(claim.text.body())
                .text(claim.kind.as_str())
                .maybe_text(claim.topic.as_deref())
                .maybe_text(claim.language.as_deref())
                .text(&claim.policy)
                .int(to_micros(claim.opened_at));
        });
        let parties: Vec<String> =
            claim.parties.iter().map(|party| fold_words(&name_of(docket, party.source))).collect();
        self.searches.push(|row| {
            row.int(i64::from(claim.number.0))
                .text(&fold_words(claim.text.body().unwrap_or_default()))
                .text(&fold_words(claim.topic.as_deref().unwrap_or_default()))
                .text(&parties.join(" "))
                .text("");
        });
        self.relisted.insert(claim.id);
    }

    fn piece(&mut self, event: &Event, number: u32, piece: &Evidence) {
        if let Some(handle) = piece.handle.as_ref().and_then(Text::body) {
            self.handles.push(|row| {
                row.text(handle).text("evidence").hex(piece.id.0.as_bytes());
            });
        }
        let relays = match piece.footing {
            Footing::Relays(Relayed::Source(source)) => Some(source),
            Footing::Relays(Relayed::Evidence(_))
            | Footing::Own
            | Footing::Document
            | Footing::NamedSources { .. }
            | Footing::UnnamedSources { .. }
            | Footing::Unknown => None,
        };
        self.evidence.push(|row| {
            row.int(seq(event))
                .hex(piece.id.0.as_bytes())
                .int(i64::from(number))
                .hex(piece.source.0.as_bytes())
                .maybe_hex(piece.via.as_ref().map(|via| via.0.as_bytes().as_slice()))
                .maybe_hex(relays.as_ref().map(|relays| relays.0.as_bytes().as_slice()));
        });
    }

    #[expect(clippy::wildcard_enum_match_arm, reason = "facts of claims are derived elsewhere")]
    fn derive_registry(&mut self, event: &Event) -> Result<(), EnvelopeError> {
        match &event.fact {
            Fact::SourceAdded { source, handle, .. } => {
                let handle = handle.as_ref().and_then(Text::body);
                if let Some(handle) = handle {
                    self.handles.push(|row| {
                        row.text(handle).text("source").hex(source.0.as_bytes());
                    });
                }
                self.sources.insert(*source, handle.map(str::to_owned));
                self.related.insert(*source);
                self.derive_names(event);
            }
            Fact::SourceAliased { .. } => self.derive_names(event),
            Fact::SourceRated { source, .. } | Fact::SourcesMerged { source, .. } => {
                self.sources.entry(*source).or_insert(None);
                self.restand(Some(*source), None);
            }
            Fact::SourceRelated { source, .. } => {
                self.related.insert(*source);
                self.restand(Some(*source), None);
            }
            Fact::PolicySet { policy, .. } => {
                let body = serde_json::to_string(policy)?;
                self.policies.push(|row| {
                    row.text(&policy.name)
                        .int(i64::from(policy.version))
                        .text(&body)
                        .int(to_micros(event.recorded_at));
                });
                if policy.version > 1 {
                    self.restand(None, Some(&policy.name));
                }
            }
            _ => {}
        }
        Ok(())
    }

    fn restand(&mut self, source: Option<SourceId>, policy: Option<&str>) {
        self.restands.push(|row| {
            row.maybe_hex(source.as_ref().map(|source| source.0.as_bytes().as_slice())).maybe_text(policy);
        });
    }

    /// Adds the names that an event gives a source.
    pub(super) fn derive_names(&mut self, event: &Event) {
        if let Fact::SourceAdded { source, name, aliases, .. } = &event.fact {
            self.new_names(event, *source, std::iter::once(name).chain(aliases));
        } else if let Fact::SourceAliased { source, alias } = &event.fact {
            self.new_names(event, *source, std::iter::once(alias));
        }
    }

    fn new_names<'a>(&mut self, event: &Event, source: SourceId, names: impl Iterator<Item = &'a Text>) {
        let mut seen = BTreeSet::new();
        for (position, name) in (0..).zip(names.filter_map(Text::body)) {
            let folded = fold_name(name);
            if seen.insert(folded.clone()) {
                self.names.push(|row| {
                    row.text(&folded).hex(source.0.as_bytes()).text(name).int(seq(event)).int(position);
                });
            }
        }
    }

    /// The claims that its events belong to.
    pub(crate) fn touched(&self) -> impl Iterator<Item = &ClaimId> {
        self.touched.iter()
    }

    /// Whether nothing was staged that only some batches write.
    pub(crate) fn is_claims_only(&self) -> bool {
        self.settled.is_empty()
            && self.handles.is_empty()
            && self.heads.is_empty()
            && self.searches.is_empty()
            && self.names.is_empty()
            && self.policies.is_empty()
            && self.restands.is_empty()
            && self.tasks.is_empty()
            && self.erasures.is_empty()
            && self.leads.is_empty()
    }

    /// Whether there is nothing to write at all.
    pub(crate) fn is_empty(&self) -> bool {
        self.events.is_empty() && self.settled.is_empty()
    }

    /// Tells the rows that show the docket's state now.
    pub(crate) fn tell(&self, docket: &Docket) -> Told {
        let mut told = Told::default();
        for claim in self.touched.iter().filter_map(|id| docket.claims.get(id)) {
            tell_claim(&mut told.claims, claim, docket);
        }
        for claim in self.relisted.iter().filter_map(|id| docket.claims.get(id)) {
            tell_lists(&mut told, claim);
        }
        for (number, words) in &self.added_words {
            told.added_words.push(|row| {
                row.int(i64::from(*number)).text(&words.parties).text(&words.notes);
            });
        }
        for (id, handle) in &self.sources {
            tell_source(&mut told.sources, docket, *id, handle.as_deref());
        }
        for id in &self.related {
            tell_relations(&mut told, docket, *id);
        }
        told
    }
}

impl Told {
    /// Whether nothing is told that only some batches write.
    pub(crate) fn is_claims_only(&self) -> bool {
        self.relisted.is_empty()
            && self.added_words.is_empty()
            && self.sources.is_empty()
            && self.related.is_empty()
    }
}

pub(super) fn seq(event: &Event) -> i64 {
    i64::try_from(event.seq).unwrap_or(i64::MAX)
}

/// The source's name.
fn name_of(docket: &Docket, id: SourceId) -> String {
    match docket.registry.get(id) {
        Some(source) => source.name.clone(),
        None => String::new(),
    }
}

fn tell_claim(rows: &mut Rows, claim: &Claim, docket: &Docket) {
    let weighed = claim.weighed;
    let due = if claim.is_due_to_advance(weighed.standing) {
        Some("advance")
    } else if claim.is_due_to_reopen(weighed.standing) {
        Some("reopen")
    } else {
        None
    };
    let into = claim.merged_into.and_then(|into| docket.claims.get(&into));
    rows.push(|row| {
        row.int(i64::from(claim.number.0))
            .int(i64::try_from(claim.version).unwrap_or(i64::MAX))
            .text(claim.state.as_str())
            .text(weighed.standing.as_str())
            .maybe_text(due)
            .int(i64::from(claim.overdue))
            .text(claim.priority.as_str())
            .int(i64::from(weighed.affirming))
            .int(i64::from(weighed.denying))
            .int(i64::from(weighed.documents))
            .int(i64::from(weighed.outlets))
            .int(to_micros(claim.updated_at))
            .maybe_int(claim.review_by.map(to_micros))
            .maybe_int(weighed.answer_by.map(to_micros))
            .maybe_text(claim.assignee.as_ref().and_then(Text::body))
            .maybe_int(into.map(|into| i64::from(into.number.0)));
    });
}

fn tell_lists(told: &mut Told, claim: &Claim) {
    let number = i64::from(claim.number.0);
    told.relisted.push(|row| {
        row.int(number);
    });
    for (position, party) in (0..).zip(&claim.parties) {
        told.parties.push(|row| {
            row.int(number).int(position).hex(party.source.0.as_bytes()).text(party.interest.as_str());
        });
    }
    for tag in &claim.tags {
        told.tags.push(|row| {
            row.int(number).text(tag);
        });
    }
    for link in &claim.claim_links {
        told.links.push(|row| {
            row.int(number).text(link.relation.as_str()).hex(link.to.0.as_bytes());
        });
    }
}

fn tell_source(rows: &mut Rows, docket: &Docket, id: SourceId, handle: Option<&str>) {
    let Some(source) = docket.registry.get(id) else { return };
    rows.push(|row| {
        row.hex(id.0.as_bytes())
            .maybe_text(handle)
            .text(&source.name)
            .text(source.kind.as_str())
            .text(source.reliability.as_str())
            .maybe_hex(source.merged_into.as_ref().map(|into| into.0.as_bytes().as_slice()));
    });
}

fn tell_relations(told: &mut Told, docket: &Docket, id: SourceId) {
    let Some(source) = docket.registry.get(id) else { return };
    told.related.push(|row| {
        row.hex(id.0.as_bytes());
    });
    for relation in [Relation::SpeaksFor, Relation::PartOf] {
        for (position, tenure) in (0..).zip(source.timeline(relation).tenures()) {
            told.relations.push(|row| {
                row.hex(id.0.as_bytes())
                    .text(relation.as_str())
                    .int(position)
                    .hex(tenure.to.0.as_bytes())
                    .maybe_int(tenure.since.map(to_micros))
                    .maybe_int(tenure.until.map(to_micros));
            });
        }
    }
}
