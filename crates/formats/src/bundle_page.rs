//! The page in an evidence bundle: for looking at; it proves nothing, and says so.

use askama::Template;

use crate::PICTURE_STYLE;

/// What the page shows. Rendered, it needs nothing from elsewhere: no script, no picture, no font.
#[derive(Template, Debug, Clone)]
#[template(path = "bundle_page.html")]
pub struct BundlePage {
    /// The claim's reference.
    pub reference: String,
    /// The sentence.
    pub text: String,
    /// What the desk declared.
    pub state: String,
    /// What the evidence supports.
    pub standing: String,
    /// What would change it.
    pub missing: Vec<String>,
    /// How many outlets, and how many origins they come down to.
    pub sentence: String,
    /// The attribution picture, as SVG for a page; it is written as it is.
    pub picture: String,
    /// The events, in their order.
    pub events: Vec<PageEvent>,
    /// The signed checkpoint, as it is.
    pub checkpoint: String,
    /// The public key, as it is.
    pub key: String,
}

/// An event on the page.
#[derive(Debug, Clone)]
pub struct PageEvent {
    /// Its position.
    pub seq: u64,
    /// When it was recorded.
    pub recorded_at: String,
    /// When it was true.
    pub occurred_at: String,
    /// Who caused it.
    pub actor: String,
    /// Its kind.
    pub kind: String,
    /// The evidence that it brought, by its id: where the picture leads.
    pub evidence: Option<String>,
    /// Its texts.
    pub texts: Vec<PageText>,
}

/// A text on the page, or what stands in its place.
#[derive(Debug, Clone)]
pub struct PageText {
    /// Where it stood.
    pub field: String,
    /// The words.
    pub words: String,
}

impl BundlePage {
    fn picture_style() -> &'static str {
        PICTURE_STYLE
    }

    /// The page.
    pub fn to_html(&self) -> Result<String, askama::Error> {
        self.render()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn page(words: &str) -> BundlePage {
        let texts = vec![PageText { field: words.to_owned(), words: words.to_owned() }];
        let event = PageEvent {
            seq: 7,
            recorded_at: "2025-04-22T16:00:00Z".to_owned(),
            occurred_at: "2025-04-22T15:00:00Z".to_owned(),
            actor: words.to_owned(),
            kind: "note_added".to_owned(),
            evidence: Some(words.to_owned()),
            texts,
        };
        BundlePage {
            reference: "C-1".to_owned(),
            text: words.to_owned(),
            state: "reported".to_owned(),
            standing: "reported".to_owned(),
            missing: vec![words.to_owned()],
            sentence: words.to_owned(),
            picture: String::new(),
            events: vec![event],
            checkpoint: words.to_owned(),
            key: words.to_owned(),
        }
    }

    #[test]
    fn everything_is_escaped() {
        let plain = page("x").to_html().unwrap();
        for words in ["<script>alert(1)</script>", "\"><img src=x onerror=y>", "</pre><b>", "&amp;", "'"] {
            let html = page(words).to_html().unwrap();
            for mark in ["<", ">", "\"", "'"] {
                assert_eq!(html.matches(mark).count(), plain.matches(mark).count(), "{words}");
            }
        }
    }

    #[test]
    fn nothing_comes_from_elsewhere() {
        let html = page("x").to_html().unwrap();
        for elsewhere in ["http:", "https:", "src=", "href=", "<script", "@import", "url("] {
            assert!(!html.contains(elsewhere), "{elsewhere}");
        }
    }
}
