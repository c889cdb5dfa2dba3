//! Stanzas over time: matching, tracking, replying.

mod capture;
mod findings;
mod ledger;
mod matching;
mod named_call;
mod plain_tracker;
mod replies;
mod secrets;
mod shapes;
mod survey;
mod tracker;
mod verdicts;
