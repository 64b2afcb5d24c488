//! A connection to an address that was checked, with TLS where the URL asks for it.
//! Invariant: nothing here looks up a name, and nothing reads a proxy from the environment.

use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use rustls::pki_types::pem::PemObject;
use rustls::pki_types::{CertificateDer, ServerName};
use rustls::{ClientConfig, RootCertStore};
use tokio::io::{AsyncRead, AsyncWrite};
use tokio::net::TcpStream;
use tokio::time::timeout;
use tokio_rustls::TlsConnector;
use url::Host;

use super::target::{Scheme, Target};
use super::{FetchError, FetchOptionsError};

/// Certificates of authorities beyond those that browsers trust: an intranet's own.
#[derive(Clone, Debug, PartialEq, Eq, Default)]
pub struct Authorities(Vec<CertificateDer<'static>>);

impl Authorities {
    /// Reads a file of certificates in PEM; at least one.
    pub fn from_pem(pem: &[u8]) -> Result<Self, FetchOptionsError> {
        let wrong = |why: &dyn std::fmt::Display| FetchOptionsError::Authorities { why: why.to_string() };
        let certificates: Vec<_> =
            CertificateDer::pem_slice_iter(pem).collect::<Result<_, _>>().map_err(|why| wrong(&why))?;
        if certificates.is_empty() {
            return Err(wrong(&"it holds no certificate in PEM"));
        }
        let authorities = Self(certificates);
        authorities.store().map_err(|why| wrong(&why))?;
        Ok(authorities)
    }

    /// These, and those that browsers trust.
    fn store(&self) -> Result<RootCertStore, rustls::Error> {
        let mut store = RootCertStore { roots: webpki_roots::TLS_SERVER_ROOTS.to_vec() };
        self.0.iter().try_for_each(|certificate| store.add(certificate.clone()))?;
        Ok(store)
    }
}

/// What a request is written to and its answer is read from.
pub(super) trait Connection: AsyncRead + AsyncWrite + Send + Unpin {}

impl<T: AsyncRead + AsyncWrite + Send + Unpin> Connection for T {}

/// Opens connections.
pub(super) struct Connector {
    tls: TlsConnector,
    /// How long one address may take.
    within: Duration,
}

impl Connector {
    pub(super) fn new(authorities: &Authorities, within: Duration) -> Result<Self, FetchOptionsError> {
        let wrong = |why: rustls::Error| FetchOptionsError::Authorities { why: why.to_string() };
        let provider = Arc::new(rustls::crypto::ring::default_provider());
        let versions = ClientConfig::builder_with_provider(provider).with_safe_default_protocol_versions();
        let store = authorities.store().map_err(wrong)?;
        let mut config = versions.map_err(wrong)?.with_root_certificates(store).with_no_client_auth();
        config.alpn_protocols = vec![b"http/1.1".to_vec()];
        Ok(Self { tls: TlsConnector::from(Arc::new(config)), within })
    }

    /// Connects to the first of the addresses that answers.
    pub(super) async fn open(
        &self,
        target: &Target,
        addresses: &[SocketAddr],
    ) -> Result<Box<dyn Connection>, FetchError> {
        let failed = |why: String| FetchError::Connect { server: target.server(), why };
        let mut last = "it has no address".to_owned();
        for address in addresses {
            match timeout(self.within, TcpStream::connect(address)).await {
                Ok(Ok(stream)) => return self.secured(target, stream).await.map_err(failed),
                Ok(Err(why)) => last = format!("{address}: {why}"),
                Err(_) => last = format!("{address}: no answer within {} s", self.within.as_secs_f32()),
            }
        }
        Err(failed(last))
    }

    async fn secured(&self, target: &Target, stream: TcpStream) -> Result<Box<dyn Connection>, String> {
        match target.scheme {
            Scheme::Http => Ok(Box::new(stream)),
            Scheme::Https => {
                let name = server_name(&target.host)?;
                let secured = self.tls.connect(name, stream).await.map_err(|why| why.to_string())?;
                Ok(Box::new(secured))
            }
        }
    }
}

fn server_name(host: &Host<String>) -> Result<ServerName<'static>, String> {
    match host {
        Host::Domain(name) => ServerName::try_from(name.clone()).map_err(|why| why.to_string()),
        Host::Ipv4(address) => Ok(ServerName::IpAddress((*address).into())),
        Host::Ipv6(address) => Ok(ServerName::IpAddress((*address).into())),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_without_a_certificate_is_refused() {
        for (pem, expected) in [
            ("", "it holds no certificate in PEM"),
            ("# nothing", "it holds no certificate in PEM"),
            ("-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n", "invalid peer certificate"),
            ("-----BEGIN CERTIFICATE-----\nAAAA\n", "section end"),
        ] {
            let told = Authorities::from_pem(pem.as_bytes()).unwrap_err().to_string();
            assert!(told.contains(expected), "{pem}: {told}");
        }
    }
}
