//! Waits for the signals that ask the program to stop.

use crate::exit::Failure;

/// Waits for SIGINT or SIGTERM, and says with which exit code it ends.
#[cfg(unix)]
pub(crate) async fn stopped() -> Result<u8, Failure> {
    use tokio::signal::unix::{SignalKind, signal};

    let mut terminate = signal(SignalKind::terminate()).map_err(Failure::Output)?;
    let mut interrupt = signal(SignalKind::interrupt()).map_err(Failure::Output)?;
    tokio::select! {
        _ = terminate.recv() => Ok(143),
        _ = interrupt.recv() => Ok(130),
    }
}

/// Waits for Ctrl-C.
#[cfg(not(unix))]
pub(crate) async fn stopped() -> Result<u8, Failure> {
    tokio::signal::ctrl_c().await.map_err(Failure::Output)?;
    Ok(130)
}
