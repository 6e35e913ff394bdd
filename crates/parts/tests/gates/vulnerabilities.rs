#[test]
fn few_enough_must_be_known() {
    super::table(
        "vulnerabilities",
        "
        critical=0 high=0 | vulnerabilities critical=0 high=0 | pass pass
        critical=0 high=0 | vulnerabilities critical=1 high=0 | fail pass
        high=0 | vulnerabilities critical=0 high=0 unknown=2 | fail
        high=2 | vulnerabilities high=1 unknown=1 | pass
        high=0 | vulnerabilities high=0 unknown=NaN | unknown
        critical=0 | vulnerabilities high=0 | unknown
        critical=0 | vulnerabilities critical=-1 | unknown
        critical=0 max_age=1d | vulnerabilities critical=0 age=2d | unknown
        critical=0 | | unknown
        ",
    );
}
