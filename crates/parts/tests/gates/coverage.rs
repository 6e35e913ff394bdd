#[test]
fn enough_must_be_covered() {
    super::table(
        "coverage",
        "
        at_least=80 | coverage lines=80 | pass
        at_least=80 | coverage lines=79.99 | fail
        at_least=80 | coverage percent=81 | pass
        at_least=80 | coverage lines=70 percent=99 | fail
        at_least=80 | coverage lines=NaN | unknown
        at_least=80 | coverage branches=90 | unknown
        at_least=80 metric=branches | coverage branches=90 lines=10 | pass
        at_least=80 | coverage lines=101 | unknown
        at_least=80 | | unknown
        ",
    );
}
