//! Articles: text, title, byline, agency, dates and addresses, of pages and of pasted texts.

use hearsay_formats::article::{Article, ArticleError, extract};

const URL: &str = "https://harbour.example/news/gate";

/// Sentences enough for a page to be taken for an article.
const BODY: [&str; 4] = [
    "The lower lock gate at Saltmere jammed on Tuesday morning, and eleven barges had to wait in the outer basin \
     until the evening, the harbour master's office told shippers.",
    "Two people briefed on the repair said that the hinge had been reported as worn in the spring, but that no \
     part had been ordered. The port authority declined to comment on the timing of the order.",
    "Shipping resumed shortly before eight. A spokesman for the pilots' association said that it had warned of such \
     a failure for years, and that nobody had answered any of its letters.",
    "The authority will publish a first account of what happened within a week, its director told reporters at the \
     quay. Until then, one of the two gates stays open at night.",
];

fn page(head: &str, before: &str, body: &[&str]) -> String {
    let paragraphs: String = body.iter().flat_map(|text| ["<p>", text, "</p>\n"]).collect();
    format!(
        "<!doctype html><html lang='en-GB'><head><title>Lock gate jams | Harbour News</title>{head}</head><body>
         <nav><ul><li><a href='/'>Home</a></li><li><a href='/tides'>Tides</a></li></ul></nav>
         <main><article>{before}<div class='story'>{paragraphs}</div></article></main>
         <footer><p>All rights reserved. <a href='/imprint'>Imprint</a></p></footer></body></html>"
    )
}

fn read(html: &str) -> Article {
    extract(html.as_bytes(), Some("text/html; charset=utf-8"), URL).unwrap()
}

fn some(text: &str) -> Option<String> {
    Some(text.to_owned())
}

fn at(moment: Option<jiff::Timestamp>) -> Option<String> {
    moment.map(|moment| moment.to_string())
}

#[test]
fn the_text_is_the_body_and_nothing_around_it() {
    let article = read(&page("", "<h1>Lock gate jams</h1>", &BODY));
    for sentence in
        ["The lower lock gate", "Two people briefed", "Shipping resumed", "its director told reporters"]
    {
        assert!(article.text.contains(sentence), "`{sentence}` in {}", article.text);
    }
    for around in ["Imprint", "Tides", "All rights reserved"] {
        assert!(!article.text.contains(around), "`{around}` in {}", article.text);
    }
    assert_eq!(article.title, some("Lock gate jams"));
    assert_eq!(article.language, some("en-GB"));
    assert!(!article.cut);
}

#[test]
fn json_ld_is_believed_first() {
    let head = r#"<meta property="og:title" content="Other title"><meta name="author" content="Other Author">
        <meta property="article:published_time" content="2020-01-01T00:00:00Z">
        <link rel="canonical" href="/news/gate?id=1">
        <script type="application/ld+json">{"@context":"https://schema.org","@graph":[{"@type":"WebSite","name":"x"},
        {"@type":["NewsArticle"],"headline":"Gate &amp; hinge","author":[{"@type":"Person","name":"Ivy Quay"},
        {"name":"Olu Brand"}],"datePublished":"2025-04-22T10:00:00+01:00","dateModified":"2025-04-22T12:00:00+01:00"}]}
        </script>"#;
    let article = read(&page(head, "", &BODY));
    assert_eq!(article.title, some("Gate & hinge"));
    assert_eq!(article.byline, some("Ivy Quay, Olu Brand"));
    assert_eq!(at(article.published), some("2025-04-22T09:00:00Z"));
    assert_eq!(at(article.modified), some("2025-04-22T11:00:00Z"));
    assert_eq!(article.canonical, some("https://harbour.example/news/gate?id=1"));
}

#[test]
fn metas_and_marked_elements_stand_in() {
    let head = "<meta property='og:title' content='Gate jams'><meta property='og:url' content='https://m.example/g'>
        <meta property='article:modified_time' content='2025-04-23'><script type='application/ld+json'>{broken</script>";
    let before = "<h1>Gate</h1><p class='byline'>By <a rel='author' href='/ivy'>Ivy Quay</a></p>
        <time itemprop='datePublished' datetime='2025-04-22T10:00Z'>Tuesday</time>";
    let article = read(&page(head, before, &BODY));
    assert_eq!(article.title, some("Gate jams"));
    assert!(article.byline.as_deref().is_some_and(|byline| byline.contains("Ivy Quay")), "{:?}", article.byline);
    assert_eq!(at(article.published), some("2025-04-22T10:00:00Z"));
    assert_eq!(at(article.modified), some("2025-04-23T00:00:00Z"));
    assert_eq!(article.canonical, some("https://m.example/g"));
}

#[test]
fn the_agency_is_read_where_credits_stand() {
    for (line, expected) in [
        ("SALTMERE, April 22 (Reuters) - The gate of the lower lock jammed.", Some("Reuters")),
        ("SALTMERE (AP) — The gate of the lower lock jammed.", Some("Associated Press")),
        ("Saltmere (dpa) - Das untere Schleusentor klemmte.", Some("dpa")),
        ("Saltmere (dpa/lni) – Das untere Schleusentor klemmte.", Some("dpa")),
        ("Saltmere (AFP) – La porte de l'écluse s'est bloquée.", Some("AFP")),
        ("МОСКВА, 22 апреля. /ТАСС/. Ворота шлюза заклинило.", Some("TASS")),
        ("МОСКВА, 22 апр — РИА Новости. Ворота шлюза заклинило.", Some("RIA Novosti")),
        ("КИЇВ. 22 квітня. (Укрінформ). Ворота шлюзу заклинило.", Some("Ukrinform")),
        ("Quelle: dpa", Some("dpa")),
        ("Quelle: Mit Material von AFP und dpa", Some("AFP")),
        ("mit Material von AFP", Some("AFP")),
        ("Source: AFP", Some("AFP")),
        ("Джерело: Укрінформ", Some("Ukrinform")),
        ("Источник: Интерфакс", Some("Interfax")),
        ("dpa/AFP", Some("dpa")),
        ("По материалам: Рейтер", Some("Reuters")),
        // Who merely mentions an agency credits nobody.
        ("Officials told Reuters that the gate had jammed, and that more would follow.", None),
        ("The gate (built by AP Marine) jammed, and the AP of the port was rapid.", None),
        ("The pilots' association (PA) wrote three letters about the gate.", None),
        ("A gate jams.", None),
    ] {
        let text = format!("Title\n\n{line}\n\n{}\n{}", BODY[1], BODY[2]);
        let article = extract(text.as_bytes(), Some("text/plain"), "").unwrap();
        assert_eq!(article.agency.as_deref(), expected, "{line}");
    }
}

#[test]
fn the_agency_is_read_in_bylines_and_last_words() {
    for (byline, expected) in [
        ("Reuters", Some("Reuters")),
        ("By Ann Author, Associated Press", Some("Associated Press")),
        ("Ann Author | AFP", Some("AFP")),
        ("Reuters Staff", Some("Reuters")),
        ("Paula Tass", None),
        ("Ann Author", None),
    ] {
        let head = format!("<meta name='author' content='{byline}'>");
        assert_eq!(read(&page(&head, "", &BODY)).agency.as_deref(), expected, "{byline}");
    }
    let text = format!("{}\n{} (dpa)", BODY[1], BODY[2]);
    assert_eq!(extract(text.as_bytes(), None, "").unwrap().agency, some("dpa"));
}

#[test]
fn the_charset_is_read_from_header_and_meta() {
    let body =
        ["Die Schleuse klemmte am Dienstag früh. Größere Schäden gebe es nicht, erklärte die Behörde vor Ort."; 4];
    for (head, header, label) in [
        ("<meta charset=windows-1252>", None, "windows-1252"),
        ("<meta http-equiv='Content-Type' content='text/html; charset=iso-8859-1'>", None, "windows-1252"),
        ("", Some("text/html; charset=ISO-8859-1"), "windows-1252"),
        ("<meta charset=utf-8>", Some("text/html"), "windows-1252"),
        ("<meta charset=utf-8>", None, "utf-8"),
        ("", None, "utf-8"),
    ] {
        let html = page(head, "", &body);
        let encoding = encoding_rs::Encoding::for_label(label.as_bytes()).unwrap();
        let (bytes, _, _) = encoding.encode(&html);
        let article = extract(&bytes, header, URL).unwrap();
        assert!(article.text.contains("Größere Schäden"), "{head} {header:?}: {}", article.text);
    }
}

#[test]
fn a_pasted_text_is_an_article_too() {
    let article = extract(b"Gate jams\r\n\r\nIt jams.\r\nAgain  and again.", None, "").unwrap();
    assert_eq!((article.title, article.text), (some("Gate jams"), "It jams.\nAgain and again.".to_owned()));
    let article = extract("1 < 2, says R&D".as_bytes(), None, "").unwrap();
    assert_eq!((article.title, article.text), (None, "1 < 2, says R&D".to_owned()));
    let article = extract(b"<p> is a tag", Some("text/plain"), "").unwrap();
    assert_eq!(article.text, "<p> is a tag");
}

#[test]
fn what_is_no_article_is_refused_in_a_sentence() {
    let refused = |bytes: &[u8]| extract(bytes, None, URL).unwrap_err();
    assert_eq!(refused(b""), ArticleError::Empty);
    assert_eq!(refused(b" \n\t"), ArticleError::Empty);
    assert!(matches!(refused(b"%PDF-1.7 ..."), ArticleError::NoPage { .. }));
    assert!(matches!(refused(b"\x89PNG\r\n"), ArticleError::NoPage { .. }));
    let empty = "<!doctype html><html><head><title>Please wait</title></head><body><div id=root></div>\
        <script>render()</script></body></html>";
    let refusal = refused(empty.as_bytes());
    assert_eq!(refusal, ArticleError::NoText { title: some("Please wait") });
    assert!(refusal.to_string().starts_with("the page has no text under its title `Please wait`: "), "{refusal}");
}
