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
        at_least=80 lines_at_least=100 | coverage lines=90 lines_valid=120 | pass pass
        at_least=80 lines_at_least=100 | coverage lines=99 lines_valid=40 | pass fail
        at_least=80 lines_at_least=100 | coverage lines=99 | pass unknown
        at_least=80 drop_at_most=1 | coverage lines=90; there coverage lines=90.5 | pass pass
        at_least=80 drop_at_most=1 | coverage lines=90; there coverage lines=92 | pass fail
        at_least=80 drop_at_most=1 | coverage lines=90 | pass pass
        at_least=80 drop_at_most=1 | coverage lines=90; there tests/unit passed=1 | pass unknown
        ",
    );
}
