//! The one sentence that says what a standing is and why.

use hearsay_core::{ClaimKind, EvidenceRef, Explanation, OriginView, Standing};

use crate::words::{count, listed};

/// `12 outlets, 1 independent origin (Financial Times): still reported.`
pub(super) fn verdict(why: &Explanation) -> String {
    let mut clauses = vec![format!("{}, {}", count(why.outlets, "outlet", "outlets"), sides(why))];
    let by = |verb: &str, pieces: &[EvidenceRef]| {
        let sources = sources(pieces);
        (!sources.is_empty()).then(|| format!("{verb} by {}", listed(&sources)))
    };
    clauses.extend(by("acknowledged", &why.acknowledgements));
    clauses.extend(by("denied on the record", &why.denials));
    format!("{}: {}.", clauses.join("; "), conclusion(why))
}

fn sides(why: &Explanation) -> String {
    let (affirming, denying) = (&why.origins.affirming, &why.origins.denying);
    if denying.is_empty() {
        return origins(affirming);
    }
    format!("{} for it, {} against", origins(affirming), bare(denying))
}

fn origins(origins: &[OriginView]) -> String {
    let number = u64::try_from(origins.len()).unwrap_or(u64::MAX);
    let words = count(number, "independent origin", "independent origins");
    if origins.is_empty() { words } else { format!("{words} ({})", names(origins)) }
}

fn bare(origins: &[OriginView]) -> String {
    format!("{} ({})", origins.len(), names(origins))
}

/// At most six names.
fn names(origins: &[OriginView]) -> String {
    let names: Vec<&str> = origins.iter().take(6).map(|origin| origin.group.as_str()).collect();
    let more = origins.len() - names.len();
    if more == 0 { names.join(", ") } else { format!("{} and {more} more", names.join(", ")) }
}

/// Distinct sources, in order.
fn sources(pieces: &[EvidenceRef]) -> Vec<String> {
    let mut sources: Vec<String> = Vec::new();
    for piece in pieces {
        if !sources.contains(&piece.source) {
            sources.push(piece.source.clone());
        }
    }
    sources
}

fn conclusion(why: &Explanation) -> String {
    if why.kind == ClaimKind::NotCheckable {
        return "not checkable, kept for the record".to_owned();
    }
    let standing = why.standing.as_str();
    if why.state.declared() == Some(why.standing) {
        return if why.standing == Standing::Reported { format!("still {standing}") } else { standing.to_owned() };
    }
    if why.due_to_advance {
        return format!("it stands as {standing}, and is declared {}", why.state.as_str());
    }
    format!("it stands as {standing}")
}

#[cfg(test)]
mod tests {
    use hearsay_core::{ClaimNumber, EvidenceId, Origins, PolicyRef, State};
    use uuid::Uuid;

    use super::*;

    fn explanation() -> Explanation {
        Explanation {
            reference: ClaimNumber(1),
            text: None,
            kind: ClaimKind::Intention,
            state: State::Reported,
            standing: Standing::Reported,
            due_to_advance: false,
            due_to_reopen: false,
            version: 1,
            policy: PolicyRef { name: "default".to_owned(), version: 1 },
            origins: Origins { affirming: vec![origin("Financial Times")], denying: Vec::new() },
            acknowledgements: Vec::new(),
            denials: Vec::new(),
            not_counted: Vec::new(),
            missing: Vec::new(),
            documents: 12,
            outlets: 12,
            links: Vec::new(),
            linked_origins: Vec::new(),
            circular: Vec::new(),
            untraced: Vec::new(),
            answers: Vec::new(),
        }
    }

    fn origin(group: &str) -> OriginView {
        OriginView { group: group.to_owned(), evidence: Vec::new(), chains: Vec::new() }
    }

    #[test]
    fn one_origin_stays_reported() {
        let sentence = verdict(&explanation());
        assert_eq!(sentence, "12 outlets, 1 independent origin (Financial Times): still reported.");
    }

    #[test]
    fn a_denial_names_who_denied() {
        let mut why = explanation();
        let denial = EvidenceRef { id: EvidenceId(Uuid::nil()), handle: None, source: "Kremlin".to_owned() };
        why.origins.denying = vec![origin("Russia")];
        why.denials = vec![denial];
        why.standing = Standing::Denied;
        why.due_to_advance = true;
        assert_eq!(
            verdict(&why),
            "12 outlets, 1 independent origin (Financial Times) for it, 1 (Russia) against; denied on the record by \
             Kremlin: it stands as denied, and is declared reported."
        );
    }
}
