#[test]
fn another_system_must_say_yes() {
    super::table(
        "http",
        "
        name=change url=u | http/change in=staging answer=pass | pass
        name=change url=u | http/change in=staging answer=fail text=frozen | fail
        name=change url=u | http/change in=staging answer=maybe | unknown
        name=change url=u | http/change in=staging text=hm | unknown
        name=change url=u | http measured=name:change+url:u in=staging answer=unknown:_error:_it_did_not_answer | unknown
        name=change url=u | | unknown
        ",
    );
}
