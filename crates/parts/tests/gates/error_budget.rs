#[test]
fn some_budget_must_be_left() {
    super::table(
        "error_budget",
        "
        consumed_below=20 | error_budget in=staging consumed=19.9 | pass
        consumed_below=20 | error_budget in=staging consumed=20 | fail
        consumed_below=20 | error_budget in=staging consumed=340 | fail
        consumed_below=20 | error_budget in=staging consumed=inf | unknown
        consumed_below=20 window=30d | error_budget in=staging consumed=1 window=30d | pass pass
        consumed_below=20 window=30d | error_budget in=staging consumed=1 window=7d | pass fail
        consumed_below=20 | error_budget in=staging window=30d | unknown
        consumed_below=20 burn=page | error_budget in=staging consumed=1 burn=none | pass pass
        consumed_below=20 burn=page | error_budget in=staging consumed=1 burn=ticket | pass pass
        consumed_below=20 burn=ticket | error_budget in=staging consumed=1 burn=ticket | pass fail
        consumed_below=20 burn=page | error_budget in=staging consumed=1 burn=page | pass fail
        consumed_below=20 burn=page | error_budget in=staging consumed=1 | pass unknown
        ",
    );
}
