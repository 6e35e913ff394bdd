#[test]
fn a_person_must_have_said_so() {
    super::table(
        "manual",
        "
        check=uat | manual/uat status=passed by=olga | pass
        check=uat | manual/uat status=passed by=ci | unknown
        check=uat by=[qa] | manual/uat status=passed by=olga | unknown
        check=uat by=[qa] | manual/uat status=passed by=quin | pass
        check=uat by=[qa,ops] | manual/uat status=failed by=quin | fail
        check=uat | manual/uat by=olga | unknown
        check=uat | manual/drill status=passed by=olga | unknown
        check=uat by=[qa] | manual/uat status=passed by=stranger | unknown
        ",
    );
}
