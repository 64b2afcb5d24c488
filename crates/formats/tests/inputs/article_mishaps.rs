//! Pages that are broken or mean harm.

use std::time::{Duration, Instant};

use hearsay_formats::article::{Article, ArticleError, MAX_PAGE_BYTES, extract};

use crate::numbered;

const SENTENCE: &str = "The lower lock gate jammed on Tuesday, and eleven barges had to wait until the evening. ";

fn read(what: &str, html: &str) -> Result<Article, ArticleError> {
    let began = Instant::now();
    let read = extract(html.as_bytes(), None, "https://a.example/1");
    assert!(began.elapsed() < Duration::from_secs(90), "{what} took {:?}", began.elapsed());
    read
}

fn body(inner: &str) -> String {
    format!("<html><body><article><p>{}</p>{inner}</article></body></html>", SENTENCE.repeat(6))
}

#[test]
fn no_page_is_too_deep() {
    for element in ["div", "b", "table", "ul", "blockquote", "font", "p", "li"] {
        let html = body(&format!("{}deep", format!("<{element}>").repeat(100_000)));
        let article = read(element, &html).unwrap();
        assert!(article.text.contains("lower lock gate"), "{element}");
    }
    let distinct: String = numbered("<div><b id=a", 50_000, "></div>");
    assert!(read("formatting", &body(&distinct)).is_ok());
}

#[test]
fn no_page_is_too_long() {
    let long = body(&format!("<p>{SENTENCE}</p>").repeat(10_000_000 / SENTENCE.len()));
    let article = read("ten megabytes", &long).unwrap();
    assert!(article.cut);
    let attributes: String = numbered(" a", 500_000, "=1");
    assert!(read("attributes", &body(&format!("<a{attributes}>x</a>"))).is_ok());
    let unclosed = body("<!-- ") + &"<a ".repeat(1_000_000);
    assert!(read("an open comment", &unclosed).is_ok());
    let entities = body(&"&amp;&notit;&#x110000;".repeat(100_000));
    assert!(read("entities", &entities).is_ok());
    let bytes = vec![b'a'; MAX_PAGE_BYTES + 1];
    assert_eq!(extract(&bytes, None, ""), Err(ArticleError::TooLarge { bytes: MAX_PAGE_BYTES + 1 }));
}

#[test]
fn data_about_the_page_may_be_broken_or_deep() {
    for script in ["{", "null", "[[[[", "{\"@type\":7}", "{\"@type\":\"NewsArticle\",\"author\":{\"name\":[[]]}}"]
    {
        let html = body(&format!("<script type='application/ld+json'>{script}</script>"));
        assert!(read(script, &html).is_ok(), "{script}");
    }
    let deep = "[".repeat(200_000);
    assert!(read("deep data", &body(&format!("<script type='application/ld+json'>{deep}</script>"))).is_ok());
}

#[test]
fn a_page_cut_anywhere_is_read_or_refused() {
    let html = body("<h2 class=x>Äußerst</h2><!-- c --><script>1<2</script><time datetime='2025-04-22'>x</time>");
    for end in (0..=html.len()).step_by(7) {
        let cut = extract(&html.as_bytes()[..end], Some("text/html"), "");
        assert!(cut.is_ok() || end < 120, "cut at {end}: {cut:?}");
    }
}
