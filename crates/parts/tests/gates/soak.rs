#[test]
fn it_must_have_been_there_long_enough() {
    super::table(
        "soak",
        "
        at_least=24h | stay=staging:24h | pass
        at_least=24h | stay=staging:23h | fail
        at_least=24h | | unknown
        at_least=24h | stay=dev:30h | unknown
        at_least=24h in=dev | stay=dev:30h | pass
        at_least=24h | stay=staging:30h:1h | pass
        at_least=24h | stay=staging:30h:20h | fail
        at_least=24h | stay=staging:40h:20h; stay=staging:10h | fail
        ",
    );
}
