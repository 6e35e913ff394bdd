#[test]
fn suites_must_have_passed() {
    super::table(
        "tests",
        "
        passed=[unit] | tests/unit passed=12 failed=0 | pass
        passed=[unit] | tests/unit passed=12 failed=1 | fail
        passed=[unit] | tests/unit passed=12 errors=1 | fail
        passed=[unit] | tests/unit status=passed | pass
        passed=[unit] | tests/unit status=passed failed=1 | fail
        passed=[unit] | tests/unit status=skipped passed=3 | unknown
        passed=[unit] | tests/unit passed=0 failed=0 | unknown
        passed=[unit] at_least=10 | tests/unit passed=9 | unknown
        passed=[unit] at_least=10 | tests/unit status=passed | unknown
        passed=[unit] at_least=10 | tests/unit passed=10 | pass
        passed=[unit] | | unknown
        passed=[unit] | tests/unit of=another passed=3 | unknown
        passed=[unit] | tests/unit passed=3; tests/unit failed=1 | fail
        passed=[unit] | tests/unit failed=1; tests/unit passed=3 | pass
        passed=[unit] | tests/unit passed=3 expires=1s | unknown
        passed=[unit] max_age=1h | tests/unit passed=3 age=2h | unknown
        passed=[unit,e2e] | tests/unit passed=3 | pass unknown
        passed=[unit] from=[ci] | tests/unit passed=3 by=ci | pass
        passed=[unit] from=[ci] | tests/unit passed=3 by=mallory | unknown
        passed=[unit] from=[ci] | tests/unit failed=1 by=ci; tests/unit passed=3 by=mallory | fail
        passed=[unit] | tests/unit passed=3 event=pull_request | unknown
        passed=[unit] | tests/unit passed=3 event=push | pass
        passed=[unit] from=[ci/release.yml] | tests/unit passed=3 by=ci workflow=release.yml | pass
        passed=[unit] from=[ci/release.yml] | tests/unit passed=3 by=ci workflow=try.yml | unknown
        passed=[unit] from=[ci/release.yml] | tests/unit passed=3 by=ci | unknown
        passed=[unit] from=[ci] | tests/unit passed=3 by=ci workflow=try.yml | pass
        ",
    );
}
