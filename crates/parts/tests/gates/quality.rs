#[test]
fn the_quality_gate_must_have_passed() {
    super::table(
        "quality",
        "
        | quality status=passed | pass
        | quality status=OK | unknown
        | quality status=failed | fail
        | quality status=error | unknown
        | quality status=true | pass
        | quality status=1 | unknown
        | quality note=fine | unknown
        check=lint | quality/lint status=ok | pass
        check=lint | quality/style status=ok | unknown
        ",
    );
}
