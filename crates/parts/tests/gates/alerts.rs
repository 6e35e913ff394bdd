#[test]
fn few_enough_alerts_must_fire() {
    super::table(
        "alerts",
        "
        critical=0 | alerts in=staging critical=0 | pass
        critical=0 | alerts in=staging critical=1 | fail
        critical=0 warning=2 | alerts in=staging critical=0 warning=3 | pass fail
        critical=0 | alerts in=staging warning=0 | unknown
        critical=0 max_age=5m | alerts in=staging critical=0 age=6m | unknown
        critical=0 | | unknown
        ",
    );
}
