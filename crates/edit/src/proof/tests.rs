//! What the proof refuses when a plan or a format goes wrong.

use super::*;

fn leaf(at: usize, value: &str) -> Want {
    Want::Leaf {
        address: vec![0, at],
        value: value.to_owned(),
        quoted: false,
        path: "p".to_owned(),
    }
}

fn refused(plan: impl Fn(&Document<'_>) -> Vec<Want>) -> String {
    let error = carry_out("a: b\nc: d\n", Format::Yaml, |document| Ok(plan(document))).unwrap_err();
    assert_eq!(error.code(), "edit.proof");
    error.to_string()
}

#[test]
fn a_plan_that_wants_more_each_time_is_refused() {
    let longer = |document: &Document<'_>| vec![leaf(0, &format!("x{}", document.text.len()))];
    assert!(refused(longer).contains("a second time"));
    let other = |document: &Document<'_>| {
        let done = document.text.starts_with("a: x");
        vec![leaf(0, "x"), if done { leaf(1, "y") } else { leaf(0, "x") }]
    };
    assert!(refused(other).contains("same bytes"));
}

#[test]
fn a_place_that_is_not_there_is_refused() {
    assert!(refused(|_| vec![leaf(7, "x")]).contains("gone"));
}

#[test]
fn two_values_for_one_leaf_are_refused() {
    refused(|_| vec![leaf(0, "x"), leaf(0, "y")]);
}

#[test]
fn bytes_beside_a_splice_are_compared() {
    let splice = |span, text: &str| Splice {
        span,
        text: text.to_owned(),
    };
    let one = [splice(2..3, "xy")];
    assert!(same_outside("abcd", "abxyd", &one));
    assert!(!same_outside("abcd", "abxye", &one));
    assert!(!same_outside("abcd", "Abxyd", &one));
    assert!(!same_outside("abcd", "abxyd ", &one));
    assert_eq!(apply("abcd", &[splice(1..3, ""), splice(2..4, "")]), None);
    assert_eq!(apply("aéd", &[splice(2..3, "")]), None);
}

#[test]
fn a_wrong_result_is_seen_whatever_is_wrong_with_it() {
    let text = "a: b\nc: d\n";
    let document = Format::Yaml.read(text).unwrap();
    let wants = [leaf(0, "x")];
    let whole = [Splice {
        span: 0..text.len(),
        text: String::new(),
    }];
    let verdict = |after: &str| {
        let mut splices = whole.clone();
        splices[0].text = after.to_owned();
        examine(&document, &wants, &splices, after).map(|_| ())
    };
    assert_eq!(verdict("a: x\nc: d\n"), Ok(()));
    for wrong in [
        "a: y\nc: d\n",
        "a: x\nc: e\n",
        "a: x\n",
        "c: d\na: x\n",
        "a: x\nc: d\ne: f\n",
        "a: x\nc: !t d\n",
        "a: x\nc: d\n---\n",
    ] {
        assert_eq!(verdict(wrong), Err("something else changed with it"), "{wrong}");
    }
    assert_eq!(
        verdict("a: [x\nc: d\n"),
        Err("the result could not be read again")
    );
    let narrow = [Splice {
        span: 3..4,
        text: "x".to_owned(),
    }];
    let moved = examine(&document, &wants, &narrow, "a: x\nc:  d\n").map(|_| ());
    assert_eq!(moved, Err("a byte beside the value changed"));
    assert!(examine(&document, &wants, &narrow, "a: x\nc: d\n").is_ok());
}
