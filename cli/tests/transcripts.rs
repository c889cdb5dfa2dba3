//! The output of the commands: `cmd/`, on the files in `captures/`.

#[test]
fn commands_print_what_is_written_down() {
    trycmd::TestCases::new().case("tests/cmd/*.trycmd");
}
