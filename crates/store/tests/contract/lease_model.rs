//! Every history of two tasks, two attempts and a clock, up to three attempts each: nothing is lost, settled twice or
//! stuck. Rules with one flaw each must be found out, with the history that shows it.

mod canon;
mod queue;
mod real;
mod search;
mod told;
mod world;

use queue::{Flaw, Order};
use search::{Tally, search};
use world::Fault;

/// Two that are enqueued under one key.
const ONE_KEY: &[Order] = &[Order { key: Some(1), claim: None }, Order { key: Some(1), claim: None }];

/// Two about one claim, the second under a key.
const ONE_CLAIM: &[Order] = &[Order { key: None, claim: Some(1) }, Order { key: Some(1), claim: Some(1) }];

/// Fails if anything is wrong, or if too few worlds were seen to mean anything.
fn assert_holds(orders: &'static [Order]) {
    let Tally { worlds, steps } = match search(orders, None) {
        Ok(tally) => tally,
        Err(found) => panic!("{}", found.told(orders, None)),
    };
    println!("{worlds} worlds, {steps} steps");
    assert!(worlds > 30_000, "only {worlds} worlds");
}

/// Fails unless the search finds that very fault.
#[track_caller]
fn assert_found_out(orders: &'static [Order], flaw: Flaw, fault: Fault) {
    let Err(found) = search(orders, Some(flaw)) else { panic!("{flaw:?} was not found out") };
    println!("{flaw:?} leads to {}", found.told(orders, Some(flaw)));
    assert_eq!(found.fault, fault, "{flaw:?}");
}

#[test]
fn two_tasks_of_one_key_each_end_once() {
    assert_holds(ONE_KEY);
}

#[test]
fn two_tasks_of_one_claim_each_end_once() {
    assert_holds(ONE_CLAIM);
}

#[test]
fn a_settle_without_its_token_is_found_out() {
    assert_found_out(ONE_KEY, Flaw::SettleIgnoresToken, Fault::StaleSettle);
}

#[test]
fn a_settle_after_its_lease_is_found_out() {
    assert_found_out(ONE_KEY, Flaw::SettleIgnoresExpiry, Fault::SettledAfterExpiry);
}

#[test]
fn a_token_that_outlives_its_lease_is_found_out() {
    assert_found_out(ONE_KEY, Flaw::RescueKeepsToken, Fault::StaleSettle);
    assert_found_out(ONE_KEY, Flaw::RestartKeepsToken, Fault::StaleSettle);
}

#[test]
fn a_heartbeat_that_revives_a_lease_is_found_out() {
    assert_found_out(ONE_KEY, Flaw::HeartbeatRevives, Fault::SettledAfterExpiry);
}

#[test]
fn a_lease_that_nobody_takes_back_is_found_out() {
    assert_found_out(ONE_KEY, Flaw::NobodyRescues, Fault::Stuck);
}

#[test]
fn a_key_that_blocks_or_swallows_is_found_out() {
    assert_found_out(ONE_KEY, Flaw::WaitingHoldsKey, Fault::RetryBlocked);
    assert_found_out(ONE_KEY, Flaw::GivenBackTakesKey, Fault::RetryBlocked);
    assert_found_out(ONE_KEY, Flaw::RunningHoldsKey, Fault::Swallowed);
    assert_found_out(ONE_KEY, Flaw::HeldStaysLate, Fault::Late);
}

#[test]
fn two_attempts_at_one_claim_are_found_out() {
    assert_found_out(ONE_CLAIM, Flaw::ClaimIsNeverBusy, Fault::TwoOfOneClaim);
}

#[test]
fn attempts_without_end_are_found_out() {
    assert_found_out(ONE_KEY, Flaw::RescueForEver, Fault::TooOften);
    assert_found_out(ONE_KEY, Flaw::RestartForEver, Fault::TooOften);
}

#[test]
fn commands_with_ids_of_their_own_are_found_out() {
    assert_found_out(ONE_KEY, Flaw::FreshCommandIds, Fault::RecordedTwice);
}
