#[test]
fn the_target_is_like_another() {
    super::table(
        "parity",
        "
        with=staging | parity in=prod measured=with:staging score=100 | pass
        with=staging | parity in=prod measured=with:staging score=99.9 what=replicas | fail
        with=staging at_least=95 | parity in=prod measured=with:staging+at_least:95 score=95 | pass
        with=staging at_least=95 | parity in=prod measured=with:staging score=100 | unknown
        with=dev | parity in=prod measured=with:staging score=100 | unknown
        with=staging | parity in=staging measured=with:staging score=100 | unknown
        with=staging | parity in=prod score=100 | unknown
        with=staging | parity in=prod measured=with:staging score=100 expires=1s | unknown
        with=staging | parity in=prod measured=with:staging score=unknown:_no_data:_nothing_is_there | unknown
        with=staging | parity in=prod measured=with:staging score=101 | unknown
        with=staging | | unknown
        | | unknown
        ",
    );
}
