//! Feeds that are broken, wrongly declared, or mean harm.

use std::time::{Duration, Instant};

use hearsay_formats::feed::{Feed, FeedError, MAX_ENTRIES, MAX_FEED_BYTES, parse};

use crate::numbered;

const SMALL: &str = "<?xml version=\"1.0\" encoding=\"utf-8\"?><rss version='2.0'><channel><title>Größe</title>\
    <item><title>Eins &amp; zwei</title><link>https://a.example/1?a=1&amp;b=2</link>\
    <description><![CDATA[<p>Drei</p>]]></description><pubDate>Tue, 22 Apr 2025 10:00:00 GMT</pubDate></item>\
    <item><title>Zwei</title></item></channel></rss>";

fn read(bytes: &[u8]) -> Feed {
    parse(bytes, None, "https://a.example/feed").unwrap()
}

fn title(bytes: &[u8], content_type: Option<&str>) -> String {
    parse(bytes, content_type, "").unwrap().title.unwrap_or_default()
}

/// What takes longer than this hangs, even unoptimized on a busy machine.
fn in_time<T>(what: &str, work: impl FnOnce() -> T) -> T {
    let began = Instant::now();
    let done = work();
    assert!(began.elapsed() < Duration::from_secs(30), "{what} took {:?}", began.elapsed());
    done
}

#[test]
fn the_charset_is_found_wherever_it_is_told() {
    let utf16: Vec<u8> =
        "<rss><channel><title>Größe</title></channel></rss>".encode_utf16().flat_map(u16::to_le_bytes).collect();
    let marked: Vec<u8> = [0xff, 0xfe].into_iter().chain(utf16.iter().copied()).collect();
    let latin = b"<rss><channel><title>Gr\xf6\xdfe</title></channel></rss>";
    let declared = |name: &str| {
        let head = format!("<?xml version='1.0' encoding='{name}'?>");
        [head.as_bytes(), latin].concat()
    };
    for (bytes, header) in [
        (marked, None),
        (utf16, None),
        (declared("iso-8859-1"), None),
        (declared("ISO-8859-15"), Some("text/xml")),
        (declared("utf-8"), Some("application/rss+xml; charset=\"windows-1252\"")),
        // A declaration that the bytes contradict.
        (declared("utf-8"), None),
        (declared("klingon"), None),
        (latin.to_vec(), None),
        (
            "\u{feff}<rss><channel><title>Größe</title></channel></rss>".as_bytes().to_vec(),
            Some("text/xml; charset=latin1"),
        ),
        ("<rss><channel><title>Größe</title></channel></rss>".as_bytes().to_vec(), None),
    ] {
        assert_eq!(title(&bytes, header), "Größe", "{bytes:?} {header:?}");
    }
}

#[test]
fn undeclared_cyrillic_is_recognized() {
    let (bytes, _, _) = encoding_rs::WINDOWS_1251.encode(
        "<rss><channel><title>Речник міністерства відмовився відповідати на запитання журналістів</title></channel></rss>",
    );
    assert_eq!(title(&bytes, None), "Речник міністерства відмовився відповідати на запитання журналістів");
}

#[test]
fn what_is_broken_is_read_and_told() {
    for (broken, expected) in [
        ("<rss><channel><title>A & B</title></channel></rss>", "A & B"),
        ("<rss><channel><title>A &unknown; B</title></channel></rss>", "A &unknown; B"),
        ("<rss><channel><title>A&nbsp;&mdash;&#146;B&apos;</title></channel></rss>", "A —’B'"),
        ("<rss><channel><title>A <b>B</title></channel></rss>", "A B"),
        ("<rss><channel><title>A</b></title></wrong></channel></rss>", "A"),
        ("<rss><channel><title>A</title><item><title>B</item></channel></rss>", "A"),
        ("Warning: line 7\n<?xml version='1.0'?><rss><channel><title>A</title></channel></rss>", "A"),
        ("\n\n <?xml version='1.0'?><rss><channel><title>A</title></channel></rss>", "A"),
        ("<rss><channel><title>A</title></channel></rss> trailing <b", "A"),
        ("<rss><channel><title>A</title><undeclared:thing>x</undeclared:thing></channel></rss>", "A"),
        ("<rss><channel><title>A</title><link href=unquoted></channel></rss>", "A"),
        ("<rss><channel><title><![CDATA[A", "A"),
        ("<RSS><CHANNEL><TITLE>A</TITLE></CHANNEL></RSS>", "A"),
    ] {
        assert_eq!(title(broken.as_bytes(), None), expected, "{broken}");
    }
    for flawed in ["<rss><channel><title>A", "oops <rss><channel/></rss>", "<rss><channel></b></channel></rss>"] {
        assert!(read(flawed.as_bytes()).flaw.is_some(), "{flawed}");
    }
}

#[test]
fn a_feed_cut_anywhere_gives_what_came_or_says_why_not() {
    let bytes = SMALL.as_bytes();
    let mut most = 0;
    for end in 0..=bytes.len() {
        let cut = parse(&bytes[..end], None, "https://a.example/feed");
        let found = cut.as_ref().map_or(0, |feed| feed.entries.len());
        assert!(found >= most, "cut at {end}: an entry is lost");
        most = found;
        if let Ok(feed) = cut {
            assert_eq!(feed.flaw.is_some(), !bytes[..end].ends_with(b"</rss>"), "cut at {end}: {feed:?}");
        }
    }
    assert_eq!(most, 2);
}

#[test]
fn bytes_that_are_no_text_are_replaced() {
    let mut bytes = SMALL.as_bytes().to_vec();
    bytes.extend(b"\xff\xfe\x00\xc3");
    assert_eq!(read(&bytes).entries.len(), 2);
    let nul = SMALL.replace("Zwei", "Z\0wei");
    assert_eq!(read(nul.as_bytes()).entries[1].title.as_deref(), Some("Zwei"));
}

#[test]
fn entities_are_never_expanded() {
    let mut bomb = "<?xml version='1.0'?><!DOCTYPE rss [<!ENTITY a 'ha'>".to_owned();
    for (name, before) in ('b'..='z').zip('a'..) {
        let tenfold = format!("&{before};").repeat(10);
        bomb.extend(["<!ENTITY ", name.to_string().as_str(), " '", &tenfold, "'>"]);
    }
    bomb += "<!ENTITY x SYSTEM 'file:///etc/passwd'>]><rss><channel><title>&z;&x;</title></channel></rss>";
    let found = in_time("a bomb", || title(bomb.as_bytes(), None));
    assert_eq!(found, "&z;&x;");
}

#[test]
fn depth_and_width_cost_no_more_than_their_length() {
    let deep = format!(
        "<rss><channel><title>{}A{}</title></channel></rss>",
        "<a>".repeat(200_000),
        "</a>".repeat(200_000)
    );
    assert_eq!(in_time("depth", || title(deep.as_bytes(), None)), "A");
    let divs = "&lt;div&gt;".repeat(100_000);
    let nested = format!("<rss><channel><title>{divs}A</title></channel></rss>");
    assert_eq!(in_time("nested markup", || title(nested.as_bytes(), None)), "A");
    let attributes: String = numbered(" a", 200_000, "='1'");
    let wide = format!("<rss{attributes}><channel><title>A</title></channel></rss>");
    assert_eq!(in_time("attributes", || title(wide.as_bytes(), None)), "A");
    let markup = format!("&lt;a{}&gt;A", attributes.replace('\'', "&quot;"));
    let wide = format!("<rss><channel><title>{markup}</title></channel></rss>");
    assert_eq!(in_time("attributes of markup", || title(wide.as_bytes(), None)), "A");
    let spaces: String = numbered("<a xmlns:p", 50_000, "='u'>");
    let bound = format!("<rss><channel><title>A</title>{spaces}</channel></rss>");
    assert_eq!(in_time("prefixes", || title(bound.as_bytes(), None)), "A");
}

#[test]
fn size_and_number_have_their_caps() {
    let items = "<item><title>A</title></item>".repeat(MAX_ENTRIES + 5);
    let feed = read(format!("<rss><channel>{items}</channel></rss>").as_bytes());
    assert_eq!((feed.entries.len(), feed.left_out), (MAX_ENTRIES, 5));
    let elements = "<b/>".repeat(600_000);
    let feed = read(format!("<rss><channel><title>A</title>{elements}</channel></rss>").as_bytes());
    assert!(feed.flaw.is_some_and(|flaw| flaw.contains("elements")));
    let bytes = vec![b' '; MAX_FEED_BYTES + 1];
    assert_eq!(parse(&bytes, None, ""), Err(FeedError::TooLarge { bytes: MAX_FEED_BYTES + 1 }));
}
