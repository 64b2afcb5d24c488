//! A site's robots.txt as RFC 9309 has it: which group is ours, and which of its rules is the most specific.
//! Pure. Invariant: reading it takes time in proportion to the file, and asking it to the file and the path.

use std::time::Duration;

use memchr::memmem;

/// The longest line that is read, in bytes.
const LONGEST_LINE: usize = 8_192;

/// What a site asks of us.
#[derive(Clone, Debug, PartialEq, Eq, Default)]
pub(super) struct Robots {
    rules: Vec<Rule>,
    /// How much time it asks for between two requests.
    pub(super) crawl_delay: Option<Duration>,
}

#[derive(Clone, Debug, PartialEq, Eq)]
struct Rule {
    verdict: Verdict,
    /// Normalised; `*` stands for anything.
    pattern: Vec<u8>,
    end: End,
}

/// What a rule says of the paths that it matches. Of two that are as specific, allowing wins.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Verdict {
    Disallow,
    Allow,
}

/// Where a pattern ends.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum End {
    /// Anywhere in the path.
    Anywhere,
    /// With the path: it was written with a `$`.
    AtPathsEnd,
}

/// Which part of a URL octets are from: queries may have `:` and `/` encoded or not.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Part {
    Path,
    Query,
}

/// One line of the file.
enum Line<'a> {
    Agent(&'a [u8]),
    Rule(Verdict, &'a [u8]),
    CrawlDelay(&'a [u8]),
}

impl Robots {
    /// Reads a file for a robot with that product token. What is for everybody holds where no group is for it.
    pub(super) fn parse(file: &[u8], token: &str) -> Self {
        let file = file.strip_prefix(b"\xef\xbb\xbf").unwrap_or(file);
        let (mut ours, mut everybodys) = (None, Self::default());
        let (mut for_us, mut for_everybody, mut in_head) = (false, false, false);
        for line in file.split(|byte| matches!(byte, b'\n' | b'\r')).filter_map(read) {
            if let Line::Agent(name) = line {
                let before = (for_us && in_head, for_everybody && in_head);
                (for_us, for_everybody) = (before.0 || is_token(name, token), before.1 || name.starts_with(b"*"));
                in_head = true;
                if for_us {
                    ours.get_or_insert_default();
                }
                continue;
            }
            in_head &= !matches!(line, Line::Rule(..));
            let ours = ours.as_mut().filter(|_| for_us);
            let everybodys = Some(&mut everybodys).filter(|_| for_everybody);
            ours.into_iter().chain(everybodys).for_each(|robots: &mut Self| robots.take(&line));
        }
        ours.unwrap_or(everybodys)
    }

    /// Whether a path, with its query, may be read.
    pub(super) fn allows(&self, path: &str) -> bool {
        if path == "/robots.txt" {
            return true;
        }
        let path = normalised(path.as_bytes(), |byte| matches!(byte, b'*' | b'$'));
        let matching = self.rules.iter().filter(|rule| rule.matches(&path));
        let strongest = matching.map(|rule| (rule.octets(), rule.verdict)).max();
        strongest.is_none_or(|(_, verdict)| verdict == Verdict::Allow)
    }

    /// How much memory it takes, about.
    pub(super) fn bytes(&self) -> usize {
        self.rules.iter().map(|rule| rule.pattern.len() + size_of::<Rule>()).sum()
    }

    fn take(&mut self, line: &Line<'_>) {
        match line {
            Line::Rule(verdict, pattern) if !pattern.is_empty() => self.rules.push(Rule::new(*verdict, pattern)),
            Line::CrawlDelay(delay) => self.crawl_delay = self.crawl_delay.max(seconds(delay)),
            Line::Rule(..) | Line::Agent(_) => {}
        }
    }
}

impl Rule {
    fn new(verdict: Verdict, pattern: &[u8]) -> Self {
        let (pattern, end) = match pattern.strip_suffix(b"$") {
            Some(before) => (before, End::AtPathsEnd),
            None => (pattern, End::Anywhere),
        };
        Self { verdict, pattern: normalised(pattern, |byte| byte == b'$'), end }
    }

    /// How specific it is.
    fn octets(&self) -> usize {
        self.pattern.len() + usize::from(self.end == End::AtPathsEnd)
    }

    /// Each piece between stars is looked for once, from where the one before it ended.
    fn matches(&self, path: &[u8]) -> bool {
        let mut pieces = self.pattern.split(|byte| *byte == b'*');
        let Some(mut rest) = pieces.next().and_then(|first| path.strip_prefix(first)) else { return false };
        let mut last: Option<&[u8]> = None;
        for piece in pieces {
            if let Some(before) = last.replace(piece) {
                let Some(at) = memmem::find(rest, before) else { return false };
                rest = &rest[at + before.len()..];
            }
        }
        match (last, self.end) {
            (None, End::Anywhere) => true,
            (None, End::AtPathsEnd) => rest.is_empty(),
            (Some(last), End::Anywhere) => memmem::find(rest, last).is_some(),
            (Some(last), End::AtPathsEnd) => rest.ends_with(last),
        }
    }
}

/// A line that says something, without its comment.
fn read(line: &[u8]) -> Option<Line<'_>> {
    let line = line.split(|byte| *byte == b'#').next().filter(|line| line.len() <= LONGEST_LINE)?;
    let colon = line.iter().position(|byte| *byte == b':')?;
    let (key, value) = (line[..colon].trim_ascii(), line[colon + 1..].trim_ascii());
    match key.to_ascii_lowercase().as_slice() {
        b"user-agent" => Some(Line::Agent(value)),
        b"allow" => Some(Line::Rule(Verdict::Allow, value)),
        b"disallow" => Some(Line::Rule(Verdict::Disallow, value)),
        b"crawl-delay" => Some(Line::CrawlDelay(value)),
        _ => None,
    }
}

/// Whether a name is the product token, whatever follows it.
fn is_token(name: &[u8], token: &str) -> bool {
    let end = name.iter().position(|byte| !is_of_token(*byte)).unwrap_or(name.len());
    name[..end].eq_ignore_ascii_case(token.as_bytes())
}

/// Whether a product token may have that octet.
pub(super) fn is_of_token(byte: u8) -> bool {
    byte.is_ascii_alphabetic() || matches!(byte, b'-' | b'_')
}

fn seconds(text: &[u8]) -> Option<Duration> {
    let seconds: f64 = str::from_utf8(text).ok()?.parse().ok()?;
    Duration::try_from_secs_f64(seconds).ok()
}

/// Octets as they are compared: what need not be encoded isn't, and everything else is, in capitals.
fn normalised(octets: &[u8], encoded: impl Fn(u8) -> bool) -> Vec<u8> {
    let mut normal = Vec::with_capacity(octets.len());
    let (mut at, mut part) = (0, Part::Path);
    while let Some(&octet) = octets.get(at) {
        let (value, step) = match hexadecimal(octets.get(at..at + 3)) {
            Some(value) => (value, 3),
            None => (octet, 1),
        };
        at += step;
        let plain = match (step, part) {
            (1, _) => value.is_ascii_graphic() && !encoded(value),
            (_, Part::Path) => is_unreserved(value),
            (_, Part::Query) => is_unreserved(value) || matches!(value, b':' | b'/'),
        };
        if plain {
            normal.push(value);
        } else {
            normal.extend([b'%', digit(value >> 4), digit(value & 15)]);
        }
        if plain && value == b'?' {
            part = Part::Query;
        }
    }
    normal
}

/// The octet that three octets such as `%7E` stand for.
fn hexadecimal(octets: Option<&[u8]>) -> Option<u8> {
    let &[b'%', high, low] = octets? else { return None };
    let value = |octet: u8| char::from(octet).to_digit(16).and_then(|digit| u8::try_from(digit).ok());
    Some(value(high)? << 4 | value(low)?)
}

fn digit(value: u8) -> u8 {
    if value < 10 { b'0' + value } else { b'A' + value - 10 }
}

fn is_unreserved(octet: u8) -> bool {
    octet.is_ascii_alphanumeric() || matches!(octet, b'-' | b'.' | b'_' | b'~')
}

#[cfg(test)]
mod tests {
    use super::*;

    fn allows(file: &str, path: &str) -> bool {
        Robots::parse(file.as_bytes(), "Hearsay").allows(path)
    }

    #[test]
    fn the_most_specific_rule_decides() {
        let file = "User-Agent: *\nAllow: /page\nDisallow: /page.html\nDisallow: /dir/\nAllow: /dir/open\n\
                    Disallow: /same\nAllow: /same\nDisallow: /*.gif$\nDisallow: /a*b\nAllow: /$\nDisallow: /x$y\n";
        for (path, expected) in [
            ("/", true),
            ("/page", true),
            ("/page.html", false),
            ("/page.htm", true),
            ("/dir", true),
            ("/dir/", false),
            ("/dir/open/1", true),
            ("/DIR/", true),
            ("/same", true),
            ("/pic.gif", false),
            ("/pic.gif?x", true),
            ("/acb", false),
            ("/ab/c", false),
            ("/cab", true),
            ("/x$y", false),
            ("/x", true),
            ("/robots.txt", true),
        ] {
            assert_eq!(allows(file, path), expected, "{path}");
        }
        assert!(allows("User-agent: *\nDisallow: /", "/robots.txt"));
        assert!(!allows("User-agent: *\nDisallow: *", "/x"));
    }

    /// The example of section 5.1 of RFC 9309, for each of its robots.
    #[test]
    fn groups_are_told_apart_as_in_the_rfc() {
        let file = "User-Agent: *\nDisallow: *.gif$\nDisallow: /example/\nAllow: /publications/\n\n\
                    User-Agent: foobot\nDisallow:/\nAllow:/example/page.html\nAllow:/example/allowed.gif\n\n\
                    User-Agent: barbot\nUser-Agent: bazbot\nDisallow: /example/page.html\n\n\
                    User-Agent: quxbot\n\nEOF\n";
        for (robot, path, expected) in [
            ("foobot", "/example/page.html", true),
            ("foobot", "/example/allowed.gif", true),
            ("foobot", "/example/other.html", false),
            ("FooBot", "/", false),
            ("barbot", "/example/page.html", false),
            ("bazbot", "/example/page.html", false),
            ("bazbot", "/example/x.gif", true),
            ("quxbot", "/example/page.html", true),
            ("quxbot", "/example/x.gif", true),
            ("Hearsay", "/example/page.html", false),
            ("Hearsay", "/x.gif", false),
            ("Hearsay", "/publications/1", true),
            ("foo", "/publications/1", true),
        ] {
            assert_eq!(Robots::parse(file.as_bytes(), robot).allows(path), expected, "{robot} {path}");
        }
    }

    /// The example of section 5.2 of RFC 9309.
    #[test]
    fn the_longest_match_decides_as_in_the_rfc() {
        let file = "User-Agent: foobot\nAllow: /example/page/\nDisallow: /example/page/disallowed.gif\n";
        for (path, expected) in
            [("/example/page/", true), ("/example/page/1", true), ("/example/page/disallowed.gif", false)]
        {
            assert_eq!(Robots::parse(file.as_bytes(), "foobot").allows(path), expected, "{path}");
        }
    }

    /// The table of section 2.2.2 of RFC 9309, and the special characters of 2.2.3.
    #[test]
    fn octets_are_compared_as_in_the_rfc() {
        for (pattern, path, expected) in [
            ("/foo/bar?baz=quz", "/foo/bar?baz=quz", true),
            ("/foo/bar?baz=https://foo.bar", "/foo/bar?baz=https%3A%2F%2Ffoo.bar", true),
            ("/foo/bar?baz=https%3a%2f%2ffoo.bar", "/foo/bar?baz=https://foo.bar", true),
            ("/foo/bar/ツ", "/foo/bar/%E3%83%84", true),
            ("/foo/bar/%E3%83%84", "/foo/bar/%e3%83%84", true),
            ("/foo/bar/%62%61%7A", "/foo/bar/baz", true),
            ("/path/file-with-a-%2A.html", "/path/file-with-a-*.html", true),
            ("/path/file-with-a-%2A.html", "/path/file-with-a-b.html", false),
            ("/path/foo-%24", "/path/foo-$", true),
            ("/path/foo-%24", "/path/foo-", false),
            ("/a%2Fb", "/a/b", false),
            ("/a%", "/a%", true),
            ("/a%4", "/a%4", true),
        ] {
            let found = !allows(&format!("User-agent: *\nDisallow: {pattern}"), path);
            assert_eq!(found, expected, "{pattern} {path}");
        }
    }

    #[test]
    fn groups_for_one_robot_are_one() {
        let file = "\u{feff}user-agent : hearsay/1.0 # us\r\ndisallow : /a # not\r\r\nUSER-AGENT: *\nDisallow: /\n\
                    User-agent: other\nUser-agent: HEARSAY\nSitemap: https://a.example/map\nDisallow: /b\nAllow:\n\
                    no colon\n: \nDisallow:\n";
        for (path, expected) in [("/", true), ("/a", false), ("/b", false), ("/c", true)] {
            assert_eq!(allows(file, path), expected, "{path}");
        }
        assert!(!allows("User-agent: hearsay\nUser-agent: *\nDisallow: /x", "/x"));
        assert!(!allows("User-agent: *\nUser-agent: hearsay\nDisallow: /x", "/x"));
        assert!(allows("Disallow: /x", "/x"), "a rule of no group");
        assert!(allows("User-agent: hearsays\nDisallow: /x", "/x"), "a longer token is another one");
    }

    #[test]
    fn a_delay_is_read_where_it_is_ours() {
        for (file, expected) in [
            ("User-agent: *\nCrawl-delay: 10", Some(10_000)),
            ("User-agent: *\nCrawl-delay: 0.5\nDisallow: /x", Some(500)),
            ("User-agent: other\nCrawl-delay: 10", None),
            ("User-agent: hearsay\nDisallow:\n\nUser-agent: *\nCrawl-delay: 10", None),
            ("User-agent: *\nCrawl-delay: -1", None),
            ("User-agent: *\nCrawl-delay: NaN", None),
            ("User-agent: *\nCrawl-delay: inf", None),
            ("User-agent: *\nCrawl-delay: soon", None),
        ] {
            let delay = Robots::parse(file.as_bytes(), "Hearsay").crawl_delay;
            assert_eq!(delay.map(|delay| delay.as_millis()), expected, "{file}");
        }
    }

    #[test]
    fn a_file_of_anything_is_read() {
        let stars = format!("User-agent: *\nDisallow: /{}b\n", "*a".repeat(4_000));
        assert!(allows(&stars, &format!("/{}", "a".repeat(4_000))));
        assert!(!allows(&stars, &format!("/{}b", "a".repeat(4_001))));
        let mut file = b"User-agent: *\nDisallow: /x\n\xff\xfe\0:\0\nDisallow: /".to_vec();
        file.extend(vec![b'y'; 100_000]);
        let robots = Robots::parse(&file, "Hearsay");
        assert!(!robots.allows("/x") && robots.allows("/yy"), "a line that long is passed over");
        assert!(robots.bytes() < 1_000);
    }
}
