//! One piece of evidence in a line.

use hearsay_store::EvidenceView;

use crate::render::plain;
use crate::words::when;

/// A relay: who, when, and how to name it.
pub(super) fn short(piece: &EvidenceView) -> String {
    format!("{}, {}{}{}", speaker(piece), when(piece.said_at), handle(piece), document(piece))
}

/// A piece with how its source knows, and what was made of it.
pub(crate) fn described(piece: &EvidenceView) -> String {
    let verb = match piece.manner {
        Some(manner) => manner.as_str(),
        None => piece.stance.as_str(),
    };
    let framed = piece.framed_as.map(|framed_as| {
        let carrier = piece.via.as_deref().unwrap_or("its carrier");
        format!(", framed as \"{}\" by {carrier}", framed_as.as_str())
    });
    let withdrawn = piece.withdrawn_at.map(|at| format!(", withdrawn {}", when(at)));
    format!(
        "{} {verb}, {}{}, {}{}{}{}",
        speaker(piece),
        footing(piece),
        framed.unwrap_or_default(),
        when(piece.said_at),
        handle(piece),
        withdrawn.unwrap_or_default(),
        document(piece)
    )
}

/// What became of the document that it rests on.
fn document(piece: &EvidenceView) -> String {
    let edited = piece.edited_at.map(|at| format!(", its document edited {}", when(at)));
    let gone = piece.gone_at.map(|at| format!(", its document taken down {}", when(at)));
    edited.into_iter().chain(gone).collect()
}

fn speaker(piece: &EvidenceView) -> String {
    match &piece.via {
        Some(via) => format!("{} via {via}", piece.source),
        None => piece.source.clone(),
    }
}

fn handle(piece: &EvidenceView) -> String {
    piece.handle.as_ref().map(|handle| format!(" [{handle}]")).unwrap_or_default()
}

fn footing(piece: &EvidenceView) -> String {
    let described = piece.described_as.as_ref().map(|people| format!(" ({people})")).unwrap_or_default();
    let sources = |sort: &str| match piece.count {
        Some(1) => format!("on 1 {sort} source{described}"),
        Some(count) => format!("on {count} {sort} sources{described}"),
        None => format!("on {sort} sources{described}"),
    };
    match piece.footing {
        "own" => format!("speaking for itself{described}"),
        "document" => format!("on a document{described}"),
        "named_sources" => sources("named"),
        "unnamed_sources" => sources("unnamed"),
        "relays" => format!("relaying {}", piece.relays.as_deref().unwrap_or("another")),
        "unknown" => "without saying how it knows".to_owned(),
        other => plain(other),
    }
}
