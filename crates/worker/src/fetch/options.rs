//! How pages are fetched, and as whom.
//! Invariant: the user agent names a product token, by which robots.txt can speak to it.

use std::time::Duration;

use super::content::Caps;
use super::robots::is_of_token;
use super::{AllowList, Authorities, HostNames};

/// Options that nothing can be fetched with.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum FetchOptionsError {
    /// The user agent names no product.
    #[error(
        "`{given}` is no user agent: it begins with a product's name of letters, `-` and `_`, such as Hearsay/1.0, and \
         has no control characters"
    )]
    UserAgent {
        /// As it was given.
        given: String,
    },
    /// The contact is none.
    #[error(
        "`{given}` is no contact: an address of a page or of a mailbox, without spaces, brackets or letters beyond ASCII"
    )]
    Contact {
        /// As it was given.
        given: String,
    },
    /// The certificates cannot be used.
    #[error("the authorities' certificates cannot be used: {why}")]
    Authorities {
        /// What is wrong with them.
        why: String,
    },
}

/// As whom pages are fetched.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct UserAgent {
    text: String,
    token: String,
}

impl UserAgent {
    /// A product, such as `Hearsay/1.0`, and where its operator can be reached.
    pub fn new(product: &str, contact: Option<&str>) -> Result<Self, FetchOptionsError> {
        let printable = |text: &str| text.bytes().all(|byte| byte == b' ' || byte.is_ascii_graphic());
        let token: String = product.bytes().take_while(|byte| is_of_token(*byte)).map(char::from).collect();
        let follows = product.as_bytes().get(token.len());
        if token.is_empty() || !matches!(follows, None | Some(b'/' | b' ')) || !printable(product) {
            return Err(FetchOptionsError::UserAgent { given: product.to_owned() });
        }
        let text = match contact {
            None => product.trim_end().to_owned(),
            Some(contact) if is_contact(contact) => format!("{} (+{contact})", product.trim_end()),
            Some(contact) => return Err(FetchOptionsError::Contact { given: contact.to_owned() }),
        };
        Ok(Self { text, token })
    }

    /// As it is sent.
    pub fn as_str(&self) -> &str {
        &self.text
    }

    /// The name that robots.txt knows it by.
    pub fn token(&self) -> &str {
        &self.token
    }
}

impl Default for UserAgent {
    fn default() -> Self {
        Self { text: concat!("Hearsay/", env!("CARGO_PKG_VERSION")).to_owned(), token: "Hearsay".to_owned() }
    }
}

fn is_contact(text: &str) -> bool {
    !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_graphic() && !matches!(byte, b'(' | b')' | b'\\'))
}

/// How pages are fetched.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FetchOptions {
    /// As whom.
    pub user_agent: UserAgent,
    /// What may be fetched from though it is not public.
    pub allow: AllowList,
    /// Names that lead somewhere else than the system's resolver has them.
    pub names: HostNames,
    /// Authorities beyond those that browsers trust.
    pub authorities: Authorities,
    /// How many bytes are read at most, as they come.
    pub max_bytes: usize,
    /// How many bytes they may unpack to.
    pub max_unpacked: usize,
    /// How many times its size a page may unpack to, beyond the first megabyte.
    pub max_ratio: usize,
    /// How many redirects are followed.
    pub max_redirects: usize,
    /// How long everything may take, redirects included.
    pub within: Duration,
    /// How long the beginning of one answer may take, from looking up the name on.
    pub head_within: Duration,
    /// How long connecting to one address may take.
    pub connect_within: Duration,
    /// What lies at least between two requests to one server.
    pub per_host_interval: Duration,
    /// The longest interval that a robots.txt may ask for.
    pub max_crawl_delay: Duration,
}

impl Default for FetchOptions {
    fn default() -> Self {
        Self {
            user_agent: UserAgent::default(),
            allow: AllowList::default(),
            names: HostNames::default(),
            authorities: Authorities::default(),
            max_bytes: 10 << 20,
            max_unpacked: 40 << 20,
            max_ratio: 200,
            max_redirects: 10,
            within: Duration::from_secs(30),
            head_within: Duration::from_secs(15),
            connect_within: Duration::from_secs(4),
            per_host_interval: Duration::from_secs(1),
            max_crawl_delay: Duration::from_mins(1),
        }
    }
}

impl FetchOptions {
    pub(super) fn caps(&self) -> Caps {
        Caps { received: self.max_bytes, unpacked: self.max_unpacked, ratio: self.max_ratio.max(1) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_user_agent_says_who_it_is() {
        let contact = Some("https://desk.example/robot");
        for (product, contact, text, token) in [
            ("Hearsay/1.0", None, "Hearsay/1.0", "Hearsay"),
            ("Hearsay/1.0", contact, "Hearsay/1.0 (+https://desk.example/robot)", "Hearsay"),
            ("Our-Desk", Some("desk@desk.example"), "Our-Desk (+desk@desk.example)", "Our-Desk"),
            ("our_desk reads/2", None, "our_desk reads/2", "our_desk"),
        ] {
            let agent = UserAgent::new(product, contact).unwrap();
            assert_eq!((agent.as_str(), agent.token()), (text, token));
        }
        assert_eq!(UserAgent::default().token(), "Hearsay");
    }

    #[test]
    fn what_names_no_product_is_refused() {
        for product in ["", " ", "/1.0", "2desk", "Desk1/1.0", "Desk\r\nX: y", "Désk", "Desk (x"] {
            let expected = product == "Desk (x";
            assert_eq!(UserAgent::new(product, None).is_ok(), expected, "{product:?}");
        }
        for contact in ["", "a b", "a)b", "a\nb", "désk"] {
            assert!(UserAgent::new("Desk", Some(contact)).is_err(), "{contact:?}");
        }
    }
}
