//! CycloneDX as JSON.

const CLEAN: &str = r#"{"$schema": "http://cyclonedx.org/schema/bom-1.6.schema.json", "bomFormat": "CycloneDX", "specVersion": "1.6", "version": 1,
 "metadata": {"component": {"type": "container", "name": "web", "version": "sha256:aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"}},
 "components": [{"type": "library", "name": "a", "licenses": [{"license": {"id": "MIT"}}], "components": [{"name": "inner", "licenses": [{"expression": "Apache-2.0 OR MIT"}]}]}, {"name": "b"}]}
"#;

fn bom(version: &str, rest: &str) -> String {
    format!(r#"{{"bomFormat": "CycloneDX", "specVersion": "{version}", {rest}}}"#)
}

hostile!(
    "cyclonedx",
    Json,
    CLEAN,
    crate::table::passes()
        .fact("components", 3.0)
        .fact("licences", 2.0)
        .fact("unlicensed", 1.0)
        .text("licence_names", "Apache-2.0 OR MIT, MIT")
);

cases! { "cyclonedx";
    no_components: bom("1.5", r#""components": []"#) => inconclusive().noted("too_few").without("components");
    without_a_list: bom("1.5", r#""version": 1"#) => inconclusive().noted("no_list");
    listed_vulnerabilities_are_not_counted: bom("1.4", r#""components": [{"name": "log4j", "licenses": [{"license": {"name": "Apache"}}]}],
        "vulnerabilities": [{"id": "CVE-2021-44228", "ratings": [{"score": 10.0, "severity": "critical"}, {"score": 9.0}], "analysis": {"state": "not_affected"}}]"#)
        => passes().fact("vulnerabilities_listed", 1.0).noted("vulnerabilities").without("critical");
    the_right_image: CLEAN => passes().digest("sha256:aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa");
    another_image: CLEAN => broken().digest("sha256:bbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbb").noted("subject").without("components");
    hashes_of_the_subject: bom("1.5", &format!(r#""metadata": {{"component": {{"name": "x", "hashes": [{{"alg": "MD5", "content": "00"}}, {{"alg": "SHA-256", "content": "{}"}}]}}}}, "components": [{{"name": "a"}}]"#, "a".repeat(64)))
        => passes().digest(&format!("sha256:{}", "a".repeat(64)));
    version_2: bom("2.0", r#""components": []"#) => refused("evidence.unsupported");
    without_a_version: r#"{"bomFormat": "CycloneDX", "components": []}"# => refused("evidence.malformed");
    fewer_than_asked: CLEAN => inconclusive().at_least(100);
    a_tool_that_failed: CLEAN => fails().exit(1).without("components");
    components_nested_without_end: format!("{}{}", r#"{"bomFormat": "CycloneDX", "specVersion": "1.5", "components": "#, r#"[{"components":"#.repeat(500)) => refused("evidence.too_deep");
    too_many_components: bom("1.5", &format!(r#""components": [{}]"#, vec![r#"{"name": "a"}"#; 200].join(","))) => refused("evidence.too_many").limits(|limits| limits.items = 100);
}
