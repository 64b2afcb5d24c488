//! The vocabularies that feeds are written in, by the address that a prefix is bound to, or else by the prefix itself.

/// A vocabulary.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Space {
    /// RSS in all versions, and whatever has no vocabulary.
    Rss,
    /// Atom 0.3 and 1.0.
    Atom,
    /// Dublin Core, elements and terms.
    Dublin,
    /// `content:encoded`.
    Content,
    /// Podcasts.
    Itunes,
    /// Media RSS.
    Media,
    /// XHTML in a feed.
    Xhtml,
    /// RDF's own elements.
    Rdf,
    /// Something else.
    Other,
}

/// More bindings than this are not kept.
const MAX_BOUND: usize = 128;

/// The prefixes that are bound where the reading stands; a prefix bound again hides the earlier binding.
#[derive(Default)]
pub(crate) struct Spaces {
    bound: Vec<(String, Space)>,
}

impl Spaces {
    /// How many prefixes are bound.
    pub(crate) fn len(&self) -> usize {
        self.bound.len()
    }

    /// Forgets what was bound since.
    pub(crate) fn truncate(&mut self, length: usize) {
        self.bound.truncate(length);
    }

    /// Binds a prefix, if the attribute does that.
    pub(crate) fn bind(&mut self, attribute: &str, address: &str) {
        let prefix = match attribute.strip_prefix("xmlns:") {
            Some(prefix) => prefix,
            None if attribute == "xmlns" => "",
            None => return,
        };
        if self.bound.len() < MAX_BOUND {
            self.bound.push((prefix.to_owned(), of_address(address)));
        }
    }

    /// The vocabulary of a name, and the name without its prefix.
    pub(crate) fn name<'a>(&self, written: &'a str) -> (Space, &'a str) {
        let (prefix, name) = written.split_once(':').unwrap_or(("", written));
        let bound = self.bound.iter().rev().find(|(known, _)| known == prefix).map(|(_, space)| *space);
        match bound {
            // Whatever a feed calls its own vocabulary, names without a prefix are meant as RSS.
            Some(Space::Other) if prefix.is_empty() => (Space::Rss, name),
            Some(space) => (space, name),
            None => (of_prefix(prefix), name),
        }
    }
}

fn of_address(address: &str) -> Space {
    let lower = address.trim().to_ascii_lowercase();
    let address = lower.trim_start_matches("https://").trim_start_matches("http://").trim_end_matches(['/', '#']);
    match address {
        "www.w3.org/2005/atom" | "purl.org/atom/ns" => Space::Atom,
        "purl.org/dc/elements/1.1" | "purl.org/dc/elements/1.0" | "purl.org/dc/terms" => Space::Dublin,
        "purl.org/rss/1.0/modules/content" => Space::Content,
        "www.itunes.com/dtds/podcast-1.0.dtd" => Space::Itunes,
        "search.yahoo.com/mrss" => Space::Media,
        "www.w3.org/1999/xhtml" | "www.w3.org/tr/rec-html40" => Space::Xhtml,
        "www.w3.org/1999/02/22-rdf-syntax-ns" => Space::Rdf,
        "" | "purl.org/rss/1.0" | "backend.userland.com/rss2" => Space::Rss,
        _ if address.starts_with("purl.org/atom/") => Space::Atom,
        _ => Space::Other,
    }
}

/// What feeds that bind nothing mean by a prefix.
fn of_prefix(prefix: &str) -> Space {
    match prefix {
        "" => Space::Rss,
        "atom" | "a10" => Space::Atom,
        "dc" | "dcterms" => Space::Dublin,
        "content" => Space::Content,
        "itunes" => Space::Itunes,
        "media" => Space::Media,
        "xhtml" => Space::Xhtml,
        "rdf" => Space::Rdf,
        _ => Space::Other,
    }
}
