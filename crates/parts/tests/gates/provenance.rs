#[test]
fn a_known_key_must_have_signed() {
    super::table(
        "provenance",
        "
        | provenance verified=true builder=https://ci | pass
        | provenance verified=false | fail
        | provenance verified=true | unknown
        | provenance status=passed | unknown
        builders=[https://ci] | provenance verified=true builder=https://ci | pass
        builders=[https://ci] | provenance verified=true builder=https://evil | fail
        | | unknown
        ",
    );
}
