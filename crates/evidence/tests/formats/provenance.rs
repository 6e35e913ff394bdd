//! Provenance: signed, unsigned, and signed by the wrong one.

use base64::Engine as _;
use base64::engine::general_purpose::{STANDARD, URL_SAFE};
use ed25519_dalek::Signer as _;
use gradus_evidence::Key;

const A: &str = "sha256:aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa";
const B: &str = "sha256:bbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbb";
const BUILDER: &str =
    "https://github.com/slsa-framework/slsa-github-generator/.github/workflows/x.yml@refs/tags/v2";
const IN_TOTO: &str = "application/vnd.in-toto+json";

fn v1(digest: &str) -> String {
    let hex = digest.trim_start_matches("sha256:");
    let commit = "c".repeat(40);
    format!(
        r#"{{"_type": "https://in-toto.io/Statement/v1", "subject": [{{"name": "web", "digest": {{"sha256": "{hex}"}}}}], "predicateType": "https://slsa.dev/provenance/v1",
 "predicate": {{"buildDefinition": {{"buildType": "x", "resolvedDependencies": [{{"uri": "git+https://x", "digest": {{"gitCommit": "{commit}"}}}}]}}, "runDetails": {{"builder": {{"id": "{BUILDER}"}}}}}}}}"#
    )
}

fn v02() -> String {
    format!(
        r#"{{"_type": "https://in-toto.io/Statement/v0.1", "subject": [{{"digest": {{"sha256": "{}"}}}}], "predicateType": "https://slsa.dev/provenance/v0.2",
 "predicate": {{"builder": {{"id": "{BUILDER}"}}, "invocation": {{"configSource": {{"digest": {{"sha1": "{}"}}}}}}}}}}"#,
        "a".repeat(64),
        "c".repeat(40)
    )
}

fn pae(kind: &str, body: &str) -> Vec<u8> {
    format!("DSSEv1 {} {kind} {} {body}", kind.len(), body.len()).into_bytes()
}

fn ed25519(seed: u8) -> (ed25519_dalek::SigningKey, Key) {
    let secret = ed25519_dalek::SigningKey::from_bytes(&[seed; 32]);
    let public = Key::ed25519(secret.verifying_key().as_bytes()).unwrap();
    (secret, public)
}

fn p256(seed: u8) -> (p256::ecdsa::SigningKey, Key) {
    let secret = p256::ecdsa::SigningKey::from_slice(&[seed; 32]).unwrap();
    let public = Key::p256(secret.verifying_key().to_sec1_point(false).as_bytes()).unwrap();
    (secret, public)
}

fn envelope(kind: &str, body: &str, signatures: &[Vec<u8>]) -> String {
    let signatures: Vec<_> = signatures
        .iter()
        .map(|raw| format!(r#"{{"keyid": "k", "sig": "{}"}}"#, STANDARD.encode(raw)))
        .collect();
    format!(
        r#"{{"payloadType": "{kind}", "payload": "{}", "signatures": [{}]}}"#,
        STANDARD.encode(body),
        signatures.join(",")
    )
}

fn signed(seed: u8, body: &str) -> String {
    let signature = ed25519(seed).0.sign(&pae(IN_TOTO, body)).to_bytes().to_vec();
    envelope(IN_TOTO, body, &[signature])
}

fn key() -> Key {
    ed25519(7).1
}

fn good() -> String {
    signed(7, &v1(A)) + "\n"
}

hostile!(
    "provenance",
    Json,
    good(),
    crate::table::passes()
        .key(&key())
        .flag("verified", true)
        .text("builder", BUILDER)
);

cases! { "provenance";
    version_0_2: signed(7, &v02()) => passes().key(&key()).flag("verified", true).text("builder", BUILDER).text("predicate", "https://slsa.dev/provenance/v0.2").digest(A).commit(&"c".repeat(40));
    version_1: signed(7, &v1(A)) => passes().key(&key()).digest(A).commit(&"c".repeat(40));
    without_a_key_it_is_only_a_claim: signed(7, &v1(A)) => inconclusive().flag("verified", false).without("builder").text("claimed_builder", BUILDER).noted("no_keys");
    the_wrong_signer: signed(8, &v1(A)) => fails().key(&key()).flag("verified", false).without("builder").noted("not_verified");
    no_signature_at_all: envelope(IN_TOTO, &v1(A), &[]) => fails().key(&key()).flag("verified", false).noted("no_signature");
    one_of_several_signatures: {
        let body = v1(A);
        let good = ed25519(7).0.sign(&pae(IN_TOTO, &body)).to_bytes().to_vec();
        envelope(IN_TOTO, &body, &[vec![0; 64], vec![1; 3], good])
    } => passes().key(&key());
    one_of_several_keys: signed(7, &v1(A)) => passes().key(&ed25519(9).1).key(&key());
    a_payload_that_was_changed: good().replace(&STANDARD.encode(v1(A)), &STANDARD.encode(v1(B))) => fails().key(&key()).flag("verified", false);
    a_signature_over_the_bare_payload: {
        let body = v1(A);
        let bare = ed25519(7).0.sign(body.as_bytes()).to_bytes().to_vec();
        envelope(IN_TOTO, &body, &[bare])
    } => fails().key(&key()).flag("verified", false);
    a_type_that_was_not_signed: {
        let body = v1(A);
        let other = ed25519(7).0.sign(&pae("text/plain", &body)).to_bytes().to_vec();
        envelope(IN_TOTO, &body, &[other])
    } => fails().key(&key());
    another_artifact: signed(7, &v1(B)) => broken().key(&key()).digest(A).noted("subject").without("builder");
    another_commit: signed(7, &v1(A)) => broken().key(&key()).commit(&"d".repeat(40));
    ecdsa_p256_as_der: {
        use p256::ecdsa::signature::Signer as _;
        let body = v1(A);
        let signature: p256::ecdsa::Signature = p256(3).0.sign(&pae(IN_TOTO, &body));
        envelope(IN_TOTO, &body, &[signature.to_der().as_bytes().to_vec()])
    } => passes().key(&p256(3).1).flag("verified", true);
    ecdsa_p256_raw: {
        use p256::ecdsa::signature::Signer as _;
        let body = v1(A);
        let signature: p256::ecdsa::Signature = p256(3).0.sign(&pae(IN_TOTO, &body));
        envelope(IN_TOTO, &body, &[signature.to_bytes().to_vec()])
    } => passes().key(&p256(3).1);
    ecdsa_by_another: {
        use p256::ecdsa::signature::Signer as _;
        let body = v1(A);
        let signature: p256::ecdsa::Signature = p256(4).0.sign(&pae(IN_TOTO, &body));
        envelope(IN_TOTO, &body, &[signature.to_der().as_bytes().to_vec()])
    } => fails().key(&p256(3).1);
    a_sigstore_bundle: format!(r#"{{"mediaType": "application/vnd.dev.sigstore.bundle.v0.3+json", "verificationMaterial": {{"certificate": {{"rawBytes": "AA=="}}, "tlogEntries": []}}, "dsseEnvelope": {}}}"#, signed(7, &v1(A)))
        => passes().key(&key()).text("builder", BUILDER);
    a_bundle_and_an_envelope_in_one: format!(r#"{{"payload": "e30=", "payloadType": "{IN_TOTO}", "signatures": [], "dsseEnvelope": {}}}"#, signed(7, &v1(A))) => refused("evidence.malformed");
    several_on_several_lines: format!("{}\n{}\n", signed(7, &v1(B)), signed(7, &v1(A))) => passes().key(&key()).digest(A).fact("envelopes", 2.0);
    only_what_is_signed_is_believed: format!("{}\n{}\n", signed(8, &v1(A)), signed(7, &v1(B))) => broken().key(&key()).digest(A).noted("unverified");
    an_url_safe_payload: {
        let body = v1(A) + "  ";
        let signature = ed25519(7).0.sign(&pae(IN_TOTO, &body)).to_bytes().to_vec();
        envelope(IN_TOTO, &body, &[signature]).replace(&STANDARD.encode(&body), &URL_SAFE.encode(&body))
    } => passes().key(&key());
    a_payload_that_is_no_base64: good().replace(&STANDARD.encode(v1(A)), "!!!") => refused("evidence.malformed").key(&key());
    a_payload_that_is_no_statement: signed(7, "hello") => refused("evidence.malformed").key(&key());
    a_payload_of_another_type: envelope("text/plain", "{}", &[]) => refused("evidence.unsupported");
    another_predicate: signed(7, &v1(A).replace("slsa.dev/provenance/v1", "spdx.dev/Document")) => inconclusive().key(&key()).noted("no_provenance").noted("other_statements").without("builder");
    another_statement: signed(7, &v1(A).replace("Statement/v1", "Statement/v9")) => inconclusive().key(&key()).noted("no_provenance");
    no_builder: signed(7, &v1(A).replace(BUILDER, "")) => inconclusive().key(&key()).noted("no_builder");
    no_subject: signed(7, &v1(A).replace(r#""sha256""#, r#""sha512""#)) => inconclusive().key(&key()).noted("no_subject").without("builder");
    a_payload_nested_without_end: signed(7, &"[".repeat(5_000)) => refused("evidence.too_deep").key(&key());
}

#[test]
fn keys_come_as_pem() {
    let pem = "-----BEGIN PUBLIC KEY-----\nMCowBQYDK2VwAyEA{}\n-----END PUBLIC KEY-----\n";
    let der = |prefix: &str, raw: &[u8]| {
        let mut bytes = STANDARD.decode(prefix).unwrap();
        bytes.extend_from_slice(raw);
        format!(
            "-----BEGIN PUBLIC KEY-----\n{}\n-----END PUBLIC KEY-----\n",
            STANDARD.encode(bytes)
        )
    };
    let ed = der("MCowBQYDK2VwAyEA", ed25519(7).0.verifying_key().as_bytes());
    let ec = der(
        "MFkwEwYHKoZIzj0CAQYIKoZIzj0DAQcDQgAE",
        &p256(3).0.verifying_key().to_sec1_point(false).as_bytes()[1..],
    );
    let key = Key::from_pem(&ed).unwrap();
    crate::table::run("provenance", signed(7, &v1(A)), crate::table::passes().key(&key));
    assert!(Key::from_pem(&ec).is_ok());
    for bad in [
        pem,
        "",
        "-----BEGIN RSA PUBLIC KEY-----",
        &ed.replace("MCow", "MCox"),
        &ed[..40],
    ] {
        assert!(Key::from_pem(bad).is_err(), "{bad}");
    }
    assert!(Key::ed25519(&[0; 32]).is_err(), "a weak key");
    assert!(Key::p256(&[4; 65]).is_err(), "no point of the curve");
}
