//! TAP.

const CLEAN: &str = "TAP version 14\n1..3\nok 1 - starts\n  ---\n  duration_ms: 3\n  message: 'not ok 9'\n  ...\nok 2 - stops # SKIP no network\nok 3 - runs\n# a comment\n";

hostile!(
    "tap",
    Text,
    CLEAN,
    crate::table::passes().fact("passed", 2.0).fact("skipped", 1.0)
);

cases! { "tap";
    a_failure: "1..2\nok 1\nnot ok 2 - x\n" => fails().fact("failed", 1.0);
    a_plan_at_the_end: "ok 1\nok 2\n1..2\n" => passes().fact("passed", 2.0);
    fewer_than_planned: "1..3\nok 1\nok 2\n" => fails().noted("counters");
    more_than_planned: "1..1\nok 1\nok 2\n" => fails().noted("counters");
    without_a_plan: "ok 1\nok 2\n" => inconclusive().noted("no_plan");
    two_plans: "1..1\nok 1\n1..1\n" => refused("evidence.malformed");
    two_results_of_one_number: "1..2\nok 1\nok 1\n" => fails().noted("numbers");
    a_number_outside_of_the_plan: "1..2\nok 1\nok 7\n" => fails().noted("numbers");
    bail_out: "1..3\nok 1\nBail out! database gone\n" => fails().fact("errors", 1.0).noted("bail_out");
    an_expected_failure_is_skipped: "1..2\nok 1\nnot ok 2 - x # TODO later\n" => passes().fact("skipped", 1.0).fact("failed", 0.0);
    an_escaped_directive_is_none: "1..1\nnot ok 1 - x \\# TODO\n" => fails().fact("failed", 1.0);
    everything_skipped: "1..0 # SKIP no docker\n" => inconclusive().noted("too_few");
    subtests_are_summed_up_by_their_parent: "1..1\n# Subtest: x\n    ok 1 - a\n    not ok 2 - b\n    1..2\nnot ok 1 - x\n" => fails().fact("failed", 1.0).fact("passed", 0.0);
    okay_is_not_ok: "1..1\nokay then\n" => fails().noted("counters");
    results_without_numbers: "1..2\nok\nok - b\n" => passes().fact("passed", 2.0);
    a_line_that_was_cut: "1..1\nok 1 - x" => inconclusive().noted("cut_off");
    an_exit_code_that_nothing_explains: CLEAN => fails().exit(1).noted("exit_code");
}
