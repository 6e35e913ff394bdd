//! SPDX.

const CLEAN: &str = r#"{"spdxVersion": "SPDX-2.3", "SPDXID": "SPDXRef-DOCUMENT", "name": "web", "creationInfo": {"creators": ["Organization: acme", "Tool: syft-1.0"]},
 "packages": [{"SPDXID": "SPDXRef-a", "name": "a", "licenseConcluded": "NOASSERTION", "licenseDeclared": "MIT"},
  {"SPDXID": "SPDXRef-web", "name": "web", "licenseConcluded": "NONE", "checksums": [{"algorithm": "SHA256", "checksumValue": "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"}]}],
 "relationships": [{"spdxElementId": "SPDXRef-DOCUMENT", "relationshipType": "DESCRIBES", "relatedSpdxElement": "SPDXRef-web"}]}
"#;

hostile!(
    "spdx",
    Json,
    CLEAN,
    crate::table::passes()
        .fact("components", 2.0)
        .fact("licences", 1.0)
        .fact("unlicensed", 1.0)
        .tool("syft-1.0")
);

cases! { "spdx";
    what_is_not_asserted_is_no_licence: CLEAN => passes().text("licence_names", "MIT");
    no_packages: r#"{"spdxVersion": "SPDX-2.3", "packages": []}"# => inconclusive().noted("too_few").without("components");
    the_right_artifact: CLEAN => passes().digest("sha256:aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa");
    another_artifact: CLEAN => broken().digest("sha256:bbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbb");
    version_3: r#"{"@context": "https://spdx.org/rdf/3.0.1/spdx-context.jsonld", "@graph": []}"# => refused("evidence.unsupported");
    an_unknown_version: r#"{"spdxVersion": "SPDX-4.0", "packages": []}"# => refused("evidence.unsupported");
    packages_that_are_no_list: r#"{"spdxVersion": "SPDX-2.3", "packages": {"a": 1}}"# => refused("evidence.malformed").place("packages");
}
