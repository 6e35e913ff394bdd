#[test]
fn nobody_may_have_changed_it_by_hand() {
    super::table(
        "drift",
        "
        | drift in=staging measured= differs=0 | pass
        | drift in=staging measured= differs=1 what=staging/web.yaml | fail
        at_most=1 | drift in=staging measured=at_most:1 differs=1 | pass
        | drift in=dev measured= differs=0 | unknown
        in=dev | drift in=dev measured=in:dev differs=0 | pass
        in=dev | drift in=dev measured= differs=0 | unknown
        | drift in=staging measured= differs=0 expires=1s | unknown
        | drift in=staging measured= differs=unknown:_no_data:_nothing_is_there | unknown
        | drift in=staging measured= differs=1; drift in=staging differs=0 | fail
        | drift in=staging differs=0 | unknown
        beside=0 | drift in=staging measured=beside:0 differs=0 beside=0 | pass pass
        beside=0 | drift in=staging measured=beside:0 differs=0 beside=1 | pass fail
        beside=0 | drift in=staging measured=beside:0 differs=0 | pass unknown
        | | unknown
        ",
    );
}
