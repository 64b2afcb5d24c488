//! How feeds and articles are fetched, as far as that can be set.

use std::path::PathBuf;
use std::time::Duration;

use hearsay_worker::{AllowList, Authorities, FetchOptions, UserAgent};
use jiff::SignedDuration;

use super::file::Given;
use crate::exit::Failure;
use crate::words::{page_size, span};

/// The longest that a page may take.
const LONGEST: Duration = Duration::from_secs(100);

/// How feeds and articles are fetched.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub(crate) struct FetchSettings {
    /// All but the authorities, whose file is read when it is needed.
    options: FetchOptions,
    /// The file of authorities.
    authorities: Option<Given>,
}

impl FetchSettings {
    /// As file and variables have it.
    pub(super) fn of(value: impl Fn(&str) -> Option<Given>) -> Result<Self, Failure> {
        let usual = FetchOptions::default();
        let size = |given: Given| page_size(&given.text).map_err(|why| given.wrong(&why));
        let allow = |given: Given| given.text.parse().map_err(|why| given.wrong(&format!("{why}")));
        let allow: Option<AllowList> = value("fetch.allow").map(allow).transpose()?;
        let within = timeout(value("fetch.timeout"), usual.within)?;
        let options = FetchOptions {
            user_agent: user_agent(value("fetch.user_agent").as_ref(), value("fetch.contact").as_ref())?,
            allow: allow.unwrap_or_default(),
            max_bytes: value("fetch.max_bytes").map(size).transpose()?.unwrap_or(usual.max_bytes),
            within,
            head_within: usual.head_within.min(within),
            per_host_interval: time(value("fetch.per_host_interval"), usual.per_host_interval)?,
            ..usual
        };
        Ok(Self { options, authorities: value("fetch.authorities") })
    }

    /// These, with the authorities from their file.
    pub(crate) fn options(&self) -> Result<FetchOptions, Failure> {
        let Some(given) = &self.authorities else { return Ok(self.options.clone()) };
        let path = PathBuf::from(&given.text);
        let pem = std::fs::read(&path).map_err(|source| Failure::File { path, source })?;
        let authorities = Authorities::from_pem(&pem).map_err(|why| given.wrong(&why.to_string()))?;
        Ok(FetchOptions { authorities, ..self.options.clone() })
    }
}

fn time(given: Option<Given>, usual: Duration) -> Result<Duration, Failure> {
    let read = |given: Given| span(&given.text).map_err(|why| given.wrong(&why));
    given.map_or(Ok(usual), |given| read(given).map(SignedDuration::unsigned_abs))
}

/// How long a page may take: less than the task that fetches it.
fn timeout(given: Option<Given>, usual: Duration) -> Result<Duration, Failure> {
    let within = time(given.clone(), usual)?;
    match given.filter(|_| within > LONGEST) {
        Some(given) => {
            Err(given.wrong(&format!("`{}` is too long; at most 100s, as a task ends after 2m", given.text)))
        }
        None => Ok(within),
    }
}

/// As whom pages are fetched.
fn user_agent(product: Option<&Given>, contact: Option<&Given>) -> Result<UserAgent, Failure> {
    let usual = UserAgent::default();
    let named = product.map_or(usual.as_str(), |given| &given.text);
    let alone = UserAgent::new(named, None);
    let agent = alone.map_err(|why| wrong(product, &why.to_string()))?;
    match contact {
        None => Ok(agent),
        Some(contact) => {
            UserAgent::new(named, Some(&contact.text)).map_err(|why| wrong(Some(contact), &why.to_string()))
        }
    }
}

/// That a value cannot be understood; one that was not given can.
fn wrong(given: Option<&Given>, why: &str) -> Failure {
    given.map_or_else(|| Failure::Usage(why.to_owned()), |given| given.wrong(why))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The settings with one key set to that.
    fn read(key: &str, text: &str) -> Result<FetchSettings, String> {
        let given =
            |wanted: &str| Given { key: wanted.to_owned(), text: text.to_owned(), place: "h.toml:3:9".to_owned() };
        FetchSettings::of(|wanted| (wanted == key).then(|| given(wanted))).map_err(|why| why.to_string())
    }

    #[test]
    fn what_is_set_holds() {
        assert_eq!(read("", "").unwrap().options, FetchOptions::default());
        assert_eq!(read("fetch.max_bytes", "500 KB").unwrap().options.max_bytes, 500_000);
        assert_eq!(read("fetch.allow", "a.example, ::1").unwrap().options.allow.to_string(), "a.example, ::1");
        let short = read("fetch.timeout", "2s").unwrap().options;
        assert_eq!((short.within, short.head_within), (Duration::from_secs(2), Duration::from_secs(2)));
        let agent = read("fetch.contact", "desk@desk.example").unwrap().options.user_agent;
        assert!(agent.as_str().starts_with("Hearsay/") && agent.as_str().ends_with(" (+desk@desk.example)"));
        assert_eq!(read("fetch.user_agent", "Desk/3").unwrap().options.user_agent.token(), "Desk");
    }

    #[test]
    fn what_cannot_be_understood_is_told_with_its_place() {
        for (key, text, expected) in [
            ("fetch.user_agent", "1.0", "`1.0` is no user agent"),
            ("fetch.contact", "a b", "`a b` is no contact"),
            ("fetch.allow", "10.0.0.0/99", "`10.0.0.0/99` is no host"),
            ("fetch.max_bytes", "10", "`10` is no size from 1KB to 1GB"),
            ("fetch.max_bytes", "99999999999999999999GB", "is no size from 1KB to 1GB"),
            ("fetch.max_bytes", "18446744073709551615MB", "is no size from 1KB to 1GB"),
            ("fetch.max_bytes", "-1MB", "is no size from 1KB to 1GB"),
            ("fetch.timeout", "soon", "`soon` is no time"),
            ("fetch.timeout", "2m", "`2m` is too long; at most 100s"),
            ("fetch.per_host_interval", "0s", "`0s` is no time"),
        ] {
            let told = read(key, text).unwrap_err();
            assert!(told.starts_with(&format!("h.toml:3:9: {key}: ")) && told.contains(expected), "{told}");
        }
    }

    #[test]
    fn authorities_are_read_when_they_are_needed() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("a.pem");
        let settings = read("fetch.authorities", &path.display().to_string()).unwrap();
        assert!(matches!(settings.options(), Err(Failure::File { .. })));
        std::fs::write(&path, "nothing").unwrap();
        let told = settings.options().unwrap_err().to_string();
        assert!(told.contains("fetch.authorities") && told.contains("it holds no certificate in PEM"), "{told}");
    }
}
