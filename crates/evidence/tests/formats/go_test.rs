//! go test -json.

const CLEAN: &str = r#"{"Time":"2026-01-01T00:00:00Z","Action":"start","Package":"example.com/a"}
{"Action":"run","Package":"example.com/a","Test":"TestA"}
{"Action":"output","Package":"example.com/a","Test":"TestA","Output":"=== RUN   TestA\n"}
{"Action":"pass","Package":"example.com/a","Test":"TestA","Elapsed":0}
{"Action":"run","Package":"example.com/a","Test":"TestB"}
{"Action":"skip","Package":"example.com/a","Test":"TestB","Elapsed":0}
{"Action":"pass","Package":"example.com/a","Elapsed":0.01}
"#;

fn events(list: &[(&str, &str)]) -> String {
    let line = |(action, test): &(&str, &str)| match *test {
        "" => format!("{{\"Action\":\"{action}\",\"Package\":\"p\"}}\n"),
        test => format!("{{\"Action\":\"{action}\",\"Package\":\"p\",\"Test\":\"{test}\"}}\n"),
    };
    list.iter().map(line).collect()
}

hostile!(
    "go-test",
    Lines,
    CLEAN,
    crate::table::passes().fact("passed", 1.0).fact("skipped", 1.0)
);

cases! { "go-test";
    a_failure: events(&[("run", "A"), ("fail", "A"), ("fail", "")]) => fails().exit(1).fact("failed", 1.0).fact("errors", 0.0);
    a_failed_subtest_fails_its_parent: events(&[("run", "A"), ("run", "A/b"), ("fail", "A/b"), ("fail", "A"), ("fail", "")]) => fails().fact("failed", 2.0);
    a_package_that_fails_without_a_failed_test: events(&[("start", ""), ("run", "A"), ("pass", "A"), ("fail", "")]) => fails().fact("errors", 1.0).noted("package_error");
    a_package_that_does_not_build: "{\"ImportPath\":\"p\",\"Action\":\"build-output\",\"Output\":\"x\"}\n{\"ImportPath\":\"p\",\"Action\":\"build-fail\"}\n{\"Action\":\"fail\",\"Package\":\"p\",\"FailedBuild\":\"p\"}\n"
        => fails().fact("errors", 1.0).noted("package_error");
    os_exit_in_a_test: events(&[("start", ""), ("run", "A"), ("fail", "")]) => fails().fact("errors", 1.0).noted("unfinished");
    a_test_that_never_ended: events(&[("run", "A"), ("pass", "A"), ("run", "B")]) => fails().fact("errors", 1.0).noted("unfinished");
    a_package_that_never_ended: events(&[("start", ""), ("run", "A"), ("pass", "A")]) => inconclusive().noted("unfinished");
    no_test_files: events(&[("start", ""), ("output", ""), ("skip", "")]) => inconclusive().noted("too_few");
    run_twice_counts_once: events(&[("run", "A"), ("pass", "A"), ("run", "A"), ("pass", "A"), ("pass", "")]) => passes().fact("passed", 1.0).fact("repeated", 1.0);
    lines_of_the_compiler_between_the_events: format!("{}# p\n./a.go:1: undefined: x\nFAIL\tp [build failed]\n", events(&[("run", "A"), ("pass", "A"), ("pass", "")])) => fails().noted("package_error").noted("noise");
    harmless_lines_between_the_events: format!("{}warning: x\n", events(&[("run", "A"), ("pass", "A"), ("pass", "")])) => passes().noted("noise");
    a_broken_event: format!("{}{{\"Action\":\n", events(&[("run", "A")])) => refused("evidence.truncated").place(" at 2:");
    events_of_something_else: "{\"level\":\"info\"}\n{\"level\":\"info\"}\n" => refused("evidence.malformed").named("go-test");
    an_exit_code_that_no_event_explains: CLEAN => fails().exit(2).noted("exit_code");
    benchmarks_are_no_tests: events(&[("bench", "BenchmarkA"), ("pass", "")]) => inconclusive();
    too_many_packages: (0..100).map(|n| format!("{{\"Action\":\"start\",\"Package\":\"p{n}\"}}\n")).collect::<String>() => refused("evidence.too_many").limits(|limits| limits.remembered = 10);
    too_many_tests_at_once: (0..100).map(|n| format!("{{\"Action\":\"run\",\"Package\":\"p\",\"Test\":\"T{n}\"}}\n")).collect::<String>() => refused("evidence.too_many").limits(|limits| limits.remembered = 10);
}
