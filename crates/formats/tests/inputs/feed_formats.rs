//! Each format of feeds, and what each of its elements becomes.

use hearsay_formats::feed::{Entry, Feed, FeedError, parse};

const URL: &str = "https://desk.example/news/feed.xml";

fn read(text: &str) -> Feed {
    let feed = parse(text.as_bytes(), None, URL).unwrap();
    assert_eq!(feed.flaw, None, "{text}");
    feed
}

fn only(text: &str) -> Entry {
    let feed = read(text);
    assert_eq!(feed.entries.len(), 1, "{text}");
    feed.entries[0].clone()
}

fn rss(item: &str) -> Entry {
    only(&format!("<rss version='2.0'><channel><title>Desk</title><item>{item}</item></channel></rss>"))
}

fn atom(entry: &str) -> Entry {
    only(&format!("<feed xmlns='http://www.w3.org/2005/Atom'><title>Desk</title><entry>{entry}</entry></feed>"))
}

fn some(text: &str) -> Option<String> {
    Some(text.to_owned())
}

#[test]
fn rss_2_says_what_it_says() {
    let feed = read(
        "<?xml version='1.0'?><rss version='2.0' xmlns:dc='http://purl.org/dc/elements/1.1/'
           xmlns:content='http://purl.org/rss/1.0/modules/content/'><channel>
           <title>Harbour &amp; Hinterland</title><link>https://harbour.example/</link>
           <description>What the pilots say</description><language>en-GB</language>
           <managingEditor>desk@harbour.example (Ivy Quay)</managingEditor>
           <lastBuildDate>Wed, 23 Apr 2025 07:00:00 GMT</lastBuildDate>
           <item><title>Lock gate jams</title><link>/gate?a=1&amp;b=2</link>
             <guid isPermaLink='false'>gate-1</guid><pubDate>Tue, 22 Apr 2025 10:00:00 +0200</pubDate>
             <dc:creator>Olu Brand</dc:creator><description>&lt;p&gt;It &lt;b&gt;jams&lt;/b&gt;.&lt;/p&gt;</description>
             <content:encoded><![CDATA[<p>It jams.</p><p>Twice.</p>]]></content:encoded>
             <source url='https://wire.example/feed'>The Wire</source></item></channel></rss>",
    );
    assert_eq!(feed.title, some("Harbour & Hinterland"));
    assert_eq!(feed.link, some("https://harbour.example/"));
    assert_eq!(feed.description, some("What the pilots say"));
    assert_eq!(feed.language, some("en-GB"));
    assert_eq!(feed.author, some("Ivy Quay"));
    assert_eq!(feed.updated.map(|at| at.to_string()), some("2025-04-23T07:00:00Z"));
    let entry = Entry {
        guid: some("gate-1"),
        link: some("https://desk.example/gate?a=1&b=2"),
        title: some("Lock gate jams"),
        summary: some("It jams."),
        content: some("It jams.\n\nTwice."),
        author: some("Olu Brand"),
        source: some("The Wire"),
        published: Some("2025-04-22T08:00:00Z".parse().unwrap()),
        updated: None,
        language: some("en-GB"),
    };
    assert_eq!(feed.entries, [entry]);
}

#[test]
fn older_rss_needs_neither_version_nor_channel_around_the_items() {
    for text in [
        "<rss version='0.91'><channel><title>Desk</title><item><title>One</title></item></channel></rss>",
        "<rss><channel><title>Desk</title></channel><item><title>One</title></item></rss>",
        "<channel><title>Desk</title><item><title>One</title></item></channel>",
        "<rdf:RDF xmlns:rdf='http://www.w3.org/1999/02/22-rdf-syntax-ns#'
           xmlns='http://my.netscape.com/rdf/simple/0.9/'><channel><title>Desk</title></channel>
           <item><title>One</title></item></rdf:RDF>",
    ] {
        let feed = read(text);
        assert_eq!((feed.title, feed.entries[0].title.clone()), (some("Desk"), some("One")), "{text}");
    }
}

#[test]
fn rss_1_has_its_items_beside_the_channel() {
    let entry = only(
        "<rdf:RDF xmlns:rdf='http://www.w3.org/1999/02/22-rdf-syntax-ns#' xmlns='http://purl.org/rss/1.0/'
           xmlns:d='http://purl.org/dc/elements/1.1/'><channel rdf:about='https://a.example/'><title>Desk</title>
           <items><rdf:Seq><rdf:li rdf:resource='https://a.example/1'/></rdf:Seq></items></channel>
           <item rdf:about='https://a.example/1'><title>One</title><link>https://a.example/1</link>
           <d:date>2025-04-22T10:00Z</d:date><d:creator>Ann</d:creator><d:language>de</d:language></item></rdf:RDF>",
    );
    assert_eq!(entry.guid, some("https://a.example/1"));
    assert_eq!(entry.link, some("https://a.example/1"));
    assert_eq!(entry.published.map(|at| at.to_string()), some("2025-04-22T10:00:00Z"));
    assert_eq!((entry.author, entry.language), (some("Ann"), some("de")));
}

#[test]
fn atom_says_what_kind_each_text_is_of() {
    for (title, expected) in [
        ("<title>1 &lt; 2 &amp;amp; so on</title>", "1 < 2 & so on"),
        ("<title type='text'>1 &lt; 2 &amp;amp; so on</title>", "1 < 2 &amp; so on"),
        ("<title type='html'>&lt;i&gt;Never&lt;/i&gt; &amp;ndash; again</title>", "Never – again"),
        (
            "<title type='xhtml'><div xmlns='http://www.w3.org/1999/xhtml'>A <em>b</em> &lt;c&gt;</div></title>",
            "A b <c>",
        ),
        ("<title><![CDATA[Caf&eacute; <b>bold</b>]]></title>", "Café bold"),
    ] {
        assert_eq!(atom(title).title, some(expected), "{title}");
    }
}

#[test]
fn atom_prefers_the_alternate_link_that_is_a_page() {
    let entry = atom(
        "<link rel='self' href='/s'/><link rel='alternate' type='application/pdf' href='/p'/>
         <link rel='alternate' type='text/html' href='page'/><link rel='enclosure' href='/e'/>
         <id>tag:a,2025:1</id><updated>2025-04-22T10:00:00Z</updated><published>2025-04-21T10:00:00Z</published>
         <author><name>Ann</name><email>ann@a.example</email></author><source><title>Elsewhere</title></source>",
    );
    assert_eq!(entry.link, some("https://desk.example/news/page"));
    assert_eq!(entry.guid, some("tag:a,2025:1"));
    assert_eq!(entry.updated.map(|at| at.to_string()), some("2025-04-22T10:00:00Z"));
    assert_eq!(entry.published.map(|at| at.to_string()), some("2025-04-21T10:00:00Z"));
    assert_eq!((entry.author, entry.source), (some("Ann"), some("Elsewhere")));
}

#[test]
fn atom_0_3_is_read_too() {
    let entry = only(
        "<feed version='0.3' xmlns='http://purl.org/atom/ns#' xml:lang='uk'><title>Desk</title><entry>
           <title>Один</title><issued>2004-01-01T10:00:00+02:00</issued><modified>2004-01-02</modified>
           <content type='text/html' mode='escaped'>&lt;p&gt;A&lt;/p&gt;</content></entry></feed>",
    );
    assert_eq!(entry.published.map(|at| at.to_string()), some("2004-01-01T08:00:00Z"));
    assert_eq!(entry.updated.map(|at| at.to_string()), some("2004-01-02T00:00:00Z"));
    assert_eq!((entry.content, entry.language), (some("A"), some("uk")));
}

#[test]
fn links_are_resolved_against_the_nearest_base() {
    for (entry, expected) in [
        ("<link href='a'/>", "https://desk.example/news/a"),
        ("<link href='//other.example/a'/>", "https://other.example/a"),
        ("<link xml:base='https://b.example/x/' href='a'/>", "https://b.example/x/a"),
        ("<link xml:base='sub/' href='a'/>", "https://desk.example/news/sub/a"),
        ("<link href='https://a.example/ö?q=ä b'/>", "https://a.example/%C3%B6?q=%C3%A4%20b"),
        ("<link href='http://[broken'/>", "http://[broken"),
    ] {
        assert_eq!(atom(entry).link, some(expected), "{entry}");
    }
}

#[test]
fn a_guid_is_a_link_unless_it_says_otherwise() {
    assert_eq!(rss("<guid>https://a.example/1</guid>").link, some("https://a.example/1"));
    assert_eq!(rss("<guid isPermaLink='false'>https://a.example/1</guid>").link, None);
    assert_eq!(rss("<guid>just-a-word</guid>").link, None);
    assert_eq!(rss("<link>/x</link><guid>https://a.example/1</guid>").link, some("https://desk.example/x"));
}

#[test]
fn json_feeds_are_read() {
    let text = r#"{"version":"https://jsonfeed.org/version/1.1","title":"Desk","home_page_url":"https://a.example/",
        "language":"fr","items":[{"id":7,"url":"/un","title":"Un","content_html":"<p>A&nbsp;b</p><p>c</p>",
        "summary":"s","date_published":"2025-04-22T10:00:00+02:00","authors":[{"name":"Zoé"}]}]}"#;
    let feed = read(text);
    assert_eq!((feed.title.clone(), feed.link.clone()), (some("Desk"), some("https://a.example/")));
    let entry = &feed.entries[0];
    assert_eq!((entry.guid.clone(), entry.link.clone()), (some("7"), some("https://desk.example/un")));
    assert_eq!((entry.content.clone(), entry.summary.clone()), (some("A b\n\nc"), some("s")));
    assert_eq!((entry.author.clone(), entry.language.clone()), (some("Zoé"), some("fr")));
    assert_eq!(entry.published.map(|at| at.to_string()), some("2025-04-22T08:00:00Z"));
}

#[test]
fn what_is_no_feed_is_refused_in_a_sentence() {
    let refused = |text: &str| parse(text.as_bytes(), None, URL).unwrap_err();
    assert_eq!(refused(""), FeedError::Empty);
    assert_eq!(refused(" \n "), FeedError::Empty);
    assert!(matches!(refused("gone fishing"), FeedError::Unknown { .. }));
    assert!(
        matches!(refused("<opml version='2.0'><body/></opml>"), FeedError::OtherXml { root } if root == "opml")
    );
    assert!(matches!(refused("{\"a\":1}"), FeedError::Json { .. }));
    assert!(matches!(refused("{\"items\":"), FeedError::Json { .. }));
    let page = "<!doctype html><html><head><link rel=alternate type='application/rss+xml' href='/f.rss'>
                <title>Desk</title></head><body><p>Hi<br>there</body></html>";
    let refusal = refused(page);
    assert_eq!(refusal, FeedError::WebPage { feed: some("https://desk.example/f.rss") });
    assert!(refusal.to_string().ends_with("the page names one: `https://desk.example/f.rss`"), "{refusal}");
}

#[test]
fn dates_are_read_in_every_usual_form() {
    for (written, expected) in [
        ("Tue, 22 Apr 2025 10:00:00 GMT", "2025-04-22T10:00:00Z"),
        ("Tue, 22 Apr 2025 10:00 EST", "2025-04-22T15:00:00Z"),
        ("22 Apr 25 10:00:00 -0730", "2025-04-22T17:30:00Z"),
        ("Tue,22 Apr 2025 10:00:00 +0200 (CEST)", "2025-04-22T08:00:00Z"),
        ("Tuesday, April 22, 2025 10:00 PM", "2025-04-22T22:00:00Z"),
        ("April 22nd, 2025 at 12:05am", "2025-04-22T00:05:00Z"),
        ("Tue Apr 22 10:00:00 PDT 2025", "2025-04-22T17:00:00Z"),
        ("2025-04-22T10:00:00.250+02:00", "2025-04-22T08:00:00.25Z"),
        ("2025-04-22T10:00:00+0200", "2025-04-22T08:00:00Z"),
        ("2025-04-22 10:00:00 UTC", "2025-04-22T10:00:00Z"),
        ("2025-04-22T24:00:00Z", "2025-04-23T00:00:00Z"),
        ("2025-04-22T23:59:60Z", "2025-04-22T23:59:59Z"),
        ("2025-04-22", "2025-04-22T00:00:00Z"),
        ("20250422", "2025-04-22T00:00:00Z"),
        ("2025-112", "2025-04-22T00:00:00Z"),
        ("2025-04", "2025-04-01T00:00:00Z"),
        ("2025", "2025-01-01T00:00:00Z"),
        ("22.04.2025, 10:30 Uhr", "2025-04-22T10:30:00Z"),
        ("22. April 2025 um 10.30 Uhr MESZ", "2025-04-22T08:30:00Z"),
        ("Dienstag, 1. März 2025", "2025-03-01T00:00:00Z"),
        ("22 avril 2025 à 10h30", "2025-04-22T10:30:00Z"),
        ("mardi 4 mars 2025", "2025-03-04T00:00:00Z"),
        ("22 апреля 2025 г. 10:30 МСК", "2025-04-22T07:30:00Z"),
        ("22 квітня 2025 року, 10:30", "2025-04-22T10:30:00Z"),
        ("4/22/2025 10:30 AM", "2025-04-22T10:30:00Z"),
        ("22/04/2025", "2025-04-22T00:00:00Z"),
        ("22-Apr-2025 10:00 GMT", "2025-04-22T10:00:00Z"),
        ("Thu, 01 Jan 1970 00:00:00 GMT", "1970-01-01T00:00:00Z"),
        ("Tue, 22 Apr 2999 00:00:00 GMT", "2999-04-22T00:00:00Z"),
    ] {
        let found = rss(&format!("<pubDate> {written} </pubDate>")).published;
        assert_eq!(found.map(|at| at.to_string()), some(expected), "{written}");
    }
}

#[test]
fn what_is_no_date_is_none() {
    for written in [
        "",
        "soon",
        "32 Apr 2025",
        "30 Feb 2025",
        "2025-13-01",
        "2025-04-22T25:00:00Z",
        "22",
        "Apr",
        "99999999999",
        "Tue, 22 Apr 2025 10:99:00",
        "4 8 15 16 23 42",
        "+02:00",
        "12:00",
        "0000-00-00 00:00:00",
    ] {
        assert_eq!(rss(&format!("<pubDate>{written}</pubDate>")).published, None, "{written}");
    }
}
