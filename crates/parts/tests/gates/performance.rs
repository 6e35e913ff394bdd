#[test]
fn the_load_test_must_have_passed() {
    super::table(
        "performance",
        "
        | performance status=passed | pass
        | performance status=failed | fail
        | performance p95_ms=20 | unknown
        p95_ms=200 | performance p95_ms=200 | pass
        p95_ms=200 | performance p95_ms=201 | fail
        p95_ms=200 | performance status=failed p95_ms=20 | fail pass
        p95_ms=200 error_rate=1 throughput=50 | performance p95_ms=100 error_rate=0.5 throughput=49 | pass pass fail
        p95_ms=200 | performance p95_ms=NaN | unknown
        | | unknown
        ",
    );
}
