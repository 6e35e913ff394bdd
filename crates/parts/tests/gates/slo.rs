#[test]
fn objectives_must_hold_where_it_runs() {
    super::table(
        "slo",
        "
        availability=99.9 | slo in=staging availability=99.95 | pass
        availability=99.9 | slo in=staging availability=99.8 | fail
        availability=99.9 | slo in=dev availability=100 | unknown
        availability=99.9 | slo availability=100 | unknown
        availability=99.9 in=dev | slo in=dev availability=100 | pass
        availability=99.9 error_rate=0.1 | slo in=staging availability=99.95 error_rate=0.2 | pass fail
        availability=99.9 window=24h | slo in=staging availability=99.95 window=24h | pass pass
        availability=99.9 window=24h | slo in=staging availability=99.95 window=1h | pass fail
        availability=99.9 window=24h | slo in=staging availability=99.95 | pass unknown
        availability=99.9 | slo in=staging availability=NaN | unknown
        availability=99.9 | slo in=staging availability=9995 | unknown
        availability=99.9 | slo measured=availability:99.9 in=staging availability=unknown:_inconclusive:_only_3_requests | unknown
        availability=99.9 | slo measured=availability:99.9 in=staging availability=99.95 | pass
        availability=99.9 | slo measured=availability:99 in=staging availability=99.95 | unknown
        ",
    );
}
