//! CycloneDX as XML.

const CLEAN: &str = r#"<?xml version="1.0" encoding="UTF-8"?>
<bom xmlns="http://cyclonedx.org/schema/bom/1.4" version="1">
  <metadata><component type="application"><name>web</name><hashes><hash alg="SHA-256">aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa</hash></hashes></component></metadata>
  <components>
    <component type="library"><name>a &amp; b</name><licenses><license><id>MIT</id></license></licenses>
      <components><component><name>inner</name><licenses><expression>Apache-2.0</expression></licenses></component></components></component>
    <component type="library"><name>c</name></component>
  </components>
</bom>
"#;

fn bom(body: &str) -> String {
    format!(r#"<bom xmlns="http://cyclonedx.org/schema/bom/1.5">{body}</bom>"#)
}

hostile!(
    "cyclonedx-xml",
    Xml,
    CLEAN,
    crate::table::passes()
        .fact("components", 3.0)
        .fact("licences", 2.0)
        .fact("unlicensed", 1.0)
);

cases! { "cyclonedx-xml";
    no_components: bom("<components/>") => inconclusive().noted("too_few").without("components");
    prefixed_names: r#"<b:bom xmlns:b="http://cyclonedx.org/schema/bom/1.5"><b:components><b:component><b:name>a</b:name></b:component></b:components></b:bom>"# => passes().fact("components", 1.0);
    another_namespace: r#"<bom xmlns="http://example.com/bom/1.5"><components/></bom>"# => refused("evidence.malformed");
    listed_vulnerabilities_are_not_counted: bom("<components><component><name>a</name></component></components><vulnerabilities><vulnerability><id>CVE-1</id></vulnerability></vulnerabilities>")
        => passes().fact("vulnerabilities_listed", 1.0);
    the_right_artifact: CLEAN => passes().digest("sha256:aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa");
    another_artifact: CLEAN => broken().digest("sha256:bbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbb");
    a_document_type: format!("<!DOCTYPE bom SYSTEM 'x'>{}", bom("")) => refused("evidence.doctype");
}
