//! Ways to break the naive calculation, one rule each, so that the laws can be shown to notice.
//! Invariant: each of these is looked for by a law in laws.rs.

/// One rule broken, so that a law can be shown to notice.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Fault {
    /// Every outlet that affirms is an origin of its own, hearsay or not.
    CountsOutlets,
    /// Who relays a source with no evidence gives that source's group as an origin.
    TrustsTheSilent,
    /// Whatever relays anything is counted once more, as an origin under its own name.
    CountsRepetitions,
    /// An acknowledgement supersedes the denials recorded before it, whenever it was said.
    SupersedesByArrival,
    /// Of each group, the piece recorded first decides.
    FirstPieceDecides,
    /// Of each group, the piece with the lowest id decides.
    LowestIdDecides,
    /// Linked pieces form one more origin.
    LinkAdds,
    /// A link lifts the floor from a party's carrier.
    LinkLiftsFloor,
    /// Who declines later takes an earlier denial back.
    DecliningTakesBack,
    /// A second piece of one source pushes its first out.
    LastWordOnly,
    /// What was withdrawn still counts.
    IgnoresWithdrawal,
    /// What was struck still counts.
    IgnoresStrike,
    /// Every original piece is an origin of its own.
    CountsPieces,
    /// A group counts once two of its pieces bear it out.
    NeedsTwoPieces,
}
