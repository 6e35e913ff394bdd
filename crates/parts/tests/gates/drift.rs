#[test]
fn nobody_may_have_changed_it_by_hand() {
    super::table(
        "drift",
        "
        | drift in=staging differs=0 | pass
        | drift in=staging differs=1 files=staging/web.yaml | fail
        at_most=1 | drift in=staging differs=1 | pass
        | drift in=dev differs=0 | unknown
        in=dev | drift in=dev differs=0 | pass
        | drift in=staging differs=unknown:_no_data:_nothing_is_there | unknown
        | | unknown
        ",
    );
}
