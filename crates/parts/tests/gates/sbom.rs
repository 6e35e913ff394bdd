#[test]
fn it_must_be_known_what_is_in_it() {
    super::table(
        "sbom",
        "
        | sbom components=12 | pass
        | sbom components=0 | fail
        at_least=50 | sbom components=12 | fail
        | sbom components=unknown:_no_data:_none | unknown
        | | unknown
        forbidden_licences=[GPL-*] | sbom components=2 licences=2 licence_names=MIT,_ISC | pass pass
        forbidden_licences=[GPL-*] | sbom components=2 licences=2 licence_names=MIT,_GPL-3.0-only | pass fail
        forbidden_licences=[GPL-*] | sbom components=2 licences=2 licence_names=MIT,_(Apache-2.0_OR_GPL-2.0) | pass fail
        forbidden_licences=[GPL-*] | sbom components=2 licences=5 licence_names=MIT,_ISC | pass unknown
        forbidden_licences=[GPL-*] | sbom components=2 | pass unknown
        unlicensed=0 | sbom components=2 unlicensed=1 | pass fail
        ",
    );
}
