#![no_main]

libfuzzer_sys::fuzz_target!(|data: &[u8]| wabinary_fuzz::run("sockets", data));
