#[test]
fn it_must_have_been_good_there() {
    super::table(
        "verified_in",
        "
        environments=[dev] | stay=dev:1h | pass
        environments=[dev] | stay=dev:3h:1h | pass
        environments=[dev] | | fail
        environments=[dev,staging] | stay=dev:1h | pass fail
        environments=[dev,staging] | stay=dev:1h; stay=staging:1m | pass pass
        environments=[prod] | stay=staging:9d | fail
        ",
    );
}
