#[test]
fn it_must_come_from_such_a_branch() {
    super::table(
        "branch",
        "
        matches=[main] | | fail
        matches=[release/*] | | pass
        matches=[main,release/v{semver}] | | pass
        matches=[release/{date}] | | fail
        matches=[feature/*] | | fail
        matches=[release] | | fail
        ",
    );
}
