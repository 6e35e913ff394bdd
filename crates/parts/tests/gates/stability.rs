#[test]
fn it_must_have_been_quiet() {
    super::table(
        "stability",
        "
        restarts=0 | stability in=staging restarts=0 | pass
        restarts=0 | stability in=staging restarts=2 | fail
        failed_rollouts=0 | | unknown
        failed_rollouts=0 | changed=staging:2h | pass
        failed_rollouts=0 | changed=staging:2h; failed=staging:1h | fail
        failed_rollouts=1 | changed=staging:2h; failed=staging:1h | pass
        failed_rollouts=0 | changed=staging:2h; failed=dev:1h | pass
        failed_rollouts=0 | changed=staging:2h; failed=staging:8d | pass
        failed_rollouts=0 window=30d | changed=staging:2h; failed=staging:8d | fail
        since_change=1h | changed=staging:2h | pass
        since_change=1h | changed=staging:30m | fail
        since_change=1h | changed=dev:2h | unknown
        since_change=1h | | unknown
        ",
    );
}
