#[test]
fn it_must_have_served_long_enough() {
    super::table(
        "canary",
        "
        traffic=10 for=24h success_rate=99 | canary in=staging traffic=10 duration=24h success_rate=99.5 | pass pass pass
        traffic=10 | canary in=staging traffic=9 | fail
        for=24h | canary in=staging duration=23h | fail
        for=24h | canary in=staging duration=soon | unknown
        success_rate=99 | canary in=staging success_rate=98.9 | fail
        success_rate=99 | canary in=staging traffic=10 | unknown
        success_rate=99 compare_to=baseline | canary in=staging success_rate=99.2 baseline_success_rate=99.6 | pass pass
        success_rate=99 compare_to=baseline | canary in=staging success_rate=99.2 baseline_success_rate=99.8 | pass fail
        success_rate=99 compare_to=baseline worse_by=1 | canary in=staging success_rate=99.2 baseline_success_rate=99.8 | pass pass
        compare_to=baseline | canary in=staging success_rate=99.2 | unknown
        ",
    );
}
