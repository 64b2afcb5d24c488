//! Whatever the bytes, they are read or refused; and the fuzz targets hold over their corpora.

use std::path::Path;

use hearsay_formats::{article, feed};
use proptest::prelude::*;

#[path = "../../../../fuzz/fuzz_targets/article_target.rs"]
mod article_target;
#[path = "../../../../fuzz/fuzz_targets/feed_target.rs"]
mod feed_target;

fn corpus(target: &str) -> Vec<Vec<u8>> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../fuzz/corpus").join(target);
    let entries = std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path());
    entries.map(|path| std::fs::read(path).unwrap()).collect()
}

/// Pieces that feeds and pages are made of.
fn piece() -> impl Strategy<Value = Vec<u8>> {
    let marks: Vec<&'static [u8]> = vec![
        b"<rss>",
        b"<channel>",
        b"<item>",
        b"</item>",
        b"<title>",
        b"</title>",
        b"<feed xmlns='http://www.w3.org/2005/Atom'>",
        b"<entry>",
        b"<link href='",
        b"'/>",
        b"<![CDATA[",
        b"]]>",
        b"<!--",
        b"-->",
        b"&amp;",
        b"&",
        b"<p>",
        b"</p>",
        b"<script type=application/ld+json>{",
        b"</script>",
        b"<?xml encoding='utf-16'?>",
        b"\xff\xfe",
        b"\xc3",
        b"\0",
        b"{\"items\":[",
        b"]}",
        b"<table>",
        b"<b a=",
        b"<pubDate>2025-",
        b"(Reuters) - ",
        b"<",
        b">",
        b"\"",
    ];
    prop_oneof![
        4 => proptest::sample::select(marks).prop_map(<[u8]>::to_vec),
        1 => proptest::collection::vec(any::<u8>(), 0..12),
        1 => "[ -~а-я]{0,20}".prop_map(String::into_bytes),
    ]
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 300, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn any_pieces_are_read_or_refused(pieces in proptest::collection::vec(piece(), 0..60), header in ".{0,30}") {
        let bytes = pieces.concat();
        feed_target::feed(&bytes);
        article_target::article(&bytes);
        drop(feed::parse(&bytes, Some(&header), &header));
        drop(article::extract(&bytes, Some(&header), &header));
    }

    #[test]
    fn any_date_is_read_or_not(date in "[0-9a-zа-я:+./ ,-]{0,40}") {
        let text = format!("<rss><channel><item><pubDate>{date}</pubDate></item></channel></rss>");
        prop_assert_eq!(feed::parse(text.as_bytes(), None, "").unwrap().entries.len(), 1);
    }
}

#[test]
fn every_target_holds_over_its_corpus() {
    for (name, target, step) in
        [("feed", feed_target::feed as fn(&[u8]), 3), ("article", article_target::article, 41)]
    {
        let seeds = corpus(name);
        assert!(seeds.len() >= 4, "{name}: {} seeds", seeds.len());
        for seed in seeds {
            target(&seed);
            for at in (0..seed.len()).step_by(step) {
                let mut changed = seed.clone();
                changed[at] ^= 1 << (at % 8);
                target(&changed);
                target(&seed[..at]);
            }
        }
    }
}

#[test]
fn every_corpus_has_something_that_is_read() {
    assert!(
        corpus("feed").iter().any(|seed| feed::parse(seed, None, "").is_ok_and(|feed| !feed.entries.is_empty()))
    );
    assert!(corpus("article").iter().any(|seed| article::extract(seed, None, "").is_ok()));
}
