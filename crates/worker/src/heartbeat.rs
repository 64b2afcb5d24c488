//! Extends the leases of what is being done, and says that the worker is well.

use std::sync::Arc;

use hearsay_store::StoreError;

use crate::held::Held;
use crate::shared::{Shared, is_final};

/// How many heartbeats come within one lease: two may fail.
const IN_A_LEASE: u32 = 3;

/// Beats until the worker cannot go on.
pub(crate) async fn beat(shared: Arc<Shared>, lanes: Vec<Held>) -> StoreError {
    loop {
        tokio::time::sleep(shared.options.lease / IN_A_LEASE).await;
        let leases: Vec<_> = lanes.iter().flat_map(Held::all).collect();
        match shared.store.heartbeat(shared.boot, &leases, shared.lease()).await {
            Ok(lost) if lost.is_empty() => {}
            Ok(lost) => tracing::warn!(lost = lost.len(), "leases ended before they were extended"),
            Err(error) if is_final(&error) => return error,
            Err(error) => tracing::warn!(%error, "a heartbeat failed"),
        }
    }
}
