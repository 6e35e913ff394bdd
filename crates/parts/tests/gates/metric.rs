#[test]
fn a_number_must_be_as_it_should_be() {
    super::table(
        "metric",
        "
        name=lag query=q pass_when=<5 | metric/lag in=staging value=4 | pass
        name=lag query=q pass_when=<5 | metric/lag in=staging value=5 | fail
        name=lag query=q pass_when=<=5 fail_when=>10 | metric/lag in=staging value=7 | unknown
        name=lag query=q pass_when=<=5 fail_when=>10 | metric/lag in=staging value=11 | fail
        name=lag query=q fail_when=>10 | metric/lag in=staging value=10 | pass
        name=lag query=q pass_when=about_5 | metric/lag in=staging value=5 | unknown
        name=lag query=q pass_when=<5 | metric/lag in=staging value=NaN | unknown
        name=lag query=q | metric/lag in=staging value=1 | unknown
        name=lag query=q pass_when=<5 | metric/other in=staging value=1 | unknown
        name=lag query=q pass_when=<5 | metric measured=name:lag+query:q+pass_when:<5 in=staging value=1 | pass
        name=lag query=q pass_when=<5 | metric measured=name:lag+query:other+pass_when:<5 in=staging value=1 | unknown
        name=lag query=q pass_when=<5 | metric/lag in=staging value=1; metric measured=name:lag+query:q+pass_when:<5 in=staging value=unknown:_no_data:_no_series | unknown
        ",
    );
}
