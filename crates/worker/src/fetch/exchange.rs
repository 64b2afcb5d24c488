//! One request and its answer, over a connection of its own.
//! Invariant: an answer's head has a bounded size, its body is read piece by piece, and dropping the answer ends all.

use http_body_util::{BodyExt, Empty};
use hyper::body::{Body as _, Bytes, Incoming};
use hyper::client::conn::http1;
use hyper::{HeaderMap, Method, Request};
use hyper_util::rt::TokioIo;
use tokio::task::JoinSet;

use super::connect::Connection;
use super::content::{Body, Caps, Gathering};
use super::target::Target;
use super::{Counted, FetchError};

/// How many headers an answer may have.
const HEADERS: usize = 128;
/// How large an answer's head may be, and how much of its body is taken at a time.
const PIECE: usize = 64 << 10;

/// An answer whose body has not been read.
pub(super) struct Answer {
    pub(super) status: u16,
    pub(super) headers: HeaderMap,
    body: Incoming,
    /// What drives the connection; it ends with the answer.
    _driving: JoinSet<()>,
}

/// What becomes of a body that is longer than what is read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Overlong {
    /// Nothing of it is taken.
    Refuse,
    /// Its beginning is taken.
    Cut,
}

/// Sends a request, and waits for the head of its answer.
pub(super) async fn ask(
    target: &Target,
    headers: HeaderMap,
    connection: Box<dyn Connection>,
) -> Result<Answer, FetchError> {
    let broken = |why: hyper::Error| broken(target, &why);
    let mut builder = http1::Builder::new();
    builder.max_headers(HEADERS).max_header_size(PIECE).max_buf_size(PIECE);
    let (mut sender, connection) = builder.handshake(TokioIo::new(connection)).await.map_err(broken)?;
    let mut driving = JoinSet::new();
    driving.spawn(async move {
        if let Err(why) = connection.await {
            tracing::debug!(%why, "a connection ended");
        }
    });
    let mut request = Request::new(Empty::<Bytes>::new());
    *request.method_mut() = Method::GET;
    *request.uri_mut() = target.uri()?;
    *request.headers_mut() = headers;
    let (head, body) = sender.send_request(request).await.map_err(broken)?.into_parts();
    Ok(Answer { status: head.status.as_u16(), headers: head.headers, body, _driving: driving })
}

impl Answer {
    /// Reads the body, within the caps.
    pub(super) async fn body(
        mut self,
        target: &Target,
        caps: Caps,
        overlong: Overlong,
    ) -> Result<Body, FetchError> {
        let mut gathering = Gathering::new(target.as_str(), &self.headers, caps)?;
        let announced = self.body.size_hint().lower();
        if overlong == Overlong::Refuse && usize::try_from(announced).map_or(true, |bytes| bytes > caps.received) {
            let (url, most) = (target.to_string(), caps.received);
            return Err(FetchError::TooLarge { url, most, counted: Counted::Received });
        }
        while let Some(frame) = self.body.frame().await {
            let Ok(piece) = frame.map_err(|why| broken(target, &why))?.into_data() else { continue };
            let room = gathering.room();
            if overlong == Overlong::Cut && piece.len() > room {
                gathering.take(&piece[..room])?;
                break;
            }
            gathering.take(&piece)?;
        }
        gathering.end()
    }
}

/// What was wrong with the answer, down to the cause.
fn broken(target: &Target, why: &hyper::Error) -> FetchError {
    let mut told = why.to_string();
    let mut cause = std::error::Error::source(why);
    while let Some(next) = cause {
        told = format!("{told}: {next}");
        cause = next.source();
    }
    FetchError::Broken { url: target.to_string(), why: told }
}
