//! Every fuzz target: the program's name says which.
#![no_main]

libfuzzer_sys::fuzz_target!(|data: &[u8]| wabinary_fuzz::run(env!("CARGO_BIN_NAME"), data));
