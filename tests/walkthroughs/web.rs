//! Outlets on the loopback: each a small web server of its own, whose pages a walkthrough writes and changes.
//! What lies under no path is answered with 404, so that no site has a robots.txt unless it is given one.

use std::collections::HashMap;
use std::io::{BufRead, BufReader, Read, Write};
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::sync::{Arc, Mutex};
use std::thread;
use std::time::Duration;

use crate::harness::Desk;

/// A page, as it is answered.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(crate) struct Page {
    status: u16,
    headers: String,
    body: Vec<u8>,
}

/// A site, which answers until the walkthrough ends.
#[derive(Clone)]
pub(crate) struct Site {
    pub(crate) address: SocketAddr,
    pages: Arc<Mutex<HashMap<String, Page>>>,
    asked: Arc<Mutex<Vec<String>>>,
}

impl Page {
    /// A page of HTML.
    pub(crate) fn html(title: &str, paragraphs: &[&str]) -> Self {
        let paragraphs = paragraphs.iter().map(|text| format!("<p>{text}</p>\n")).collect::<Vec<_>>().concat();
        Self::of(
            "text/html; charset=utf-8",
            &format!(
                "<!doctype html><html lang=\"en\"><head><title>{title}</title></head><body><nav><a href=\"/\">Home</a></nav>\
                 <article><h1>{title}</h1>\n{paragraphs}</article><footer>Contact us</footer></body></html>"
            ),
        )
    }

    /// A feed with entries of title and path.
    pub(crate) fn rss(site: &Site, title: &str, entries: &[(&str, &str)]) -> Self {
        let item = |(title, path): &(&str, &str)| {
            let link = site.url(path);
            format!("<item><title>{title}</title><link>{link}</link><guid>{link}</guid></item>")
        };
        let items = entries.iter().map(item).collect::<Vec<_>>().concat();
        Self::of(
            "application/rss+xml",
            &format!("<rss version=\"2.0\"><channel><title>{title}</title>{items}</channel></rss>"),
        )
    }

    /// Any text.
    pub(crate) fn of(content_type: &str, body: &str) -> Self {
        Self::answer(200, &format!("content-type: {content_type}\r\n"), body)
    }

    /// An answer of any kind.
    pub(crate) fn answer(status: u16, headers: &str, body: &str) -> Self {
        Self { status, headers: headers.to_owned(), body: body.as_bytes().to_vec() }
    }
}

impl Site {
    /// A site without pages.
    pub(crate) fn new() -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").expect("a port of the loopback");
        let address = listener.local_addr().expect("it has an address");
        let site = Self { address, pages: Arc::default(), asked: Arc::default() };
        let serving = site.clone();
        thread::spawn(move || {
            for stream in listener.incoming().flatten() {
                let serving = serving.clone();
                thread::spawn(move || {
                    if let Err(error) = serving.answer(stream) {
                        eprintln!("a reader went away: {error}");
                    }
                });
            }
        });
        site
    }

    /// Puts a page under a path, in the place of what was there.
    pub(crate) fn put(&self, path: &str, page: Page) {
        self.pages.lock().expect("no panic holds it").insert(path.to_owned(), page);
    }

    /// The address of a path.
    pub(crate) fn url(&self, path: &str) -> String {
        format!("http://{}{path}", self.address)
    }

    /// The paths that were asked for, in their order.
    pub(crate) fn asked(&self) -> Vec<String> {
        self.asked.lock().expect("no panic holds it").clone()
    }

    fn answer(&self, stream: TcpStream) -> std::io::Result<()> {
        stream.set_read_timeout(Some(Duration::from_secs(10)))?;
        let mut reader = BufReader::new(stream.try_clone()?);
        let mut first = String::new();
        reader.read_line(&mut first)?;
        let mut etag = None;
        loop {
            let mut line = String::new();
            if reader.by_ref().take(8_192).read_line(&mut line)? == 0 || line.trim().is_empty() {
                break;
            }
            if let Some(known) = line.to_ascii_lowercase().strip_prefix("if-none-match:") {
                etag = Some(known.trim().to_owned());
            }
        }
        let path = first.split(' ').nth(1).unwrap_or_default().to_owned();
        let page = self.pages.lock().expect("no panic holds it").get(&path).cloned();
        self.asked.lock().expect("no panic holds it").push(path);
        let page = page.unwrap_or_else(|| Page::answer(404, "", "nothing is here"));
        let known =
            etag.is_some_and(|etag| page.headers.to_ascii_lowercase().contains(&format!("etag: {etag}\r\n")));
        let (status, body) = if known { (304, &[][..]) } else { (page.status, page.body.as_slice()) };
        let mut stream = stream;
        write!(
            stream,
            "HTTP/1.1 {status} X\r\ncontent-length: {}\r\nconnection: close\r\n{}\r\n",
            body.len(),
            page.headers
        )?;
        stream.write_all(body)
    }
}

/// Lets a desk fetch from these sites, with hardly a pause between two requests.
#[track_caller]
pub(crate) fn let_in(desk: &Desk, sites: &[&Site]) {
    let allow: Vec<String> = sites.iter().map(|site| site.address.to_string()).collect();
    let fetch = format!("[fetch]\nallow = \"{}\"\nper_host_interval = \"100ms\"\n", allow.join(", "));
    std::fs::write(desk.folder().join("hearsay.toml"), fetch).expect("the configuration can be written");
}
