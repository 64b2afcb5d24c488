//! The walkthroughs, end to end: the program itself on a database of its own, as a person would run it.
//! Beside them what holds for the whole tree: borders between crates, tidiness, and documents that tell the truth.

#[path = "walkthroughs/auditing.rs"]
mod auditing;
#[path = "walkthroughs/borders.rs"]
mod borders;
#[path = "walkthroughs/bundling.rs"]
mod bundling;
#[path = "walkthroughs/cosigning.rs"]
mod cosigning;
#[path = "walkthroughs/doctoring.rs"]
mod doctoring;
#[path = "walkthroughs/drawing.rs"]
mod drawing;
#[path = "walkthroughs/erasing.rs"]
mod erasing;
#[path = "walkthroughs/harness.rs"]
mod harness;
#[path = "walkthroughs/imports.rs"]
mod imports;
#[path = "walkthroughs/intake.rs"]
mod intake;
#[path = "walkthroughs/interchange.rs"]
mod interchange;
#[path = "walkthroughs/leading.rs"]
mod leading;
#[path = "walkthroughs/mending.rs"]
mod mending;
#[path = "walkthroughs/opening.rs"]
mod opening;
#[path = "walkthroughs/proving.rs"]
mod proving;
#[path = "walkthroughs/readme.rs"]
mod readme;
#[path = "walkthroughs/running.rs"]
mod running;
#[path = "walkthroughs/shells.rs"]
mod shells;
#[path = "walkthroughs/story.rs"]
mod story;
#[path = "walkthroughs/submitting.rs"]
mod submitting;
#[path = "walkthroughs/telling.rs"]
mod telling;
#[path = "walkthroughs/tidy.rs"]
mod tidy;
#[path = "walkthroughs/tree.rs"]
mod tree;
#[path = "walkthroughs/web.rs"]
mod web;
#[path = "walkthroughs/working.rs"]
mod working;
